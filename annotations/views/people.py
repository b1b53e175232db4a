"""Who is in a project, as what, with how much work; and who is invited."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db.models import Count, Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from annotations.access import assignments_for
from annotations.models import Assignment
from annotations.views.project import load_managed, page
from corpus_app import inviting, people
from corpus_app.access import invitations_for, members_for
from corpus_app.forms.fields import show_refusal
from corpus_app.forms.projects import AdmissionForm, EndForm, InvitationForm, MemberForm
from corpus_app.history import DoorError, Stale
from corpus_app.models import Invitation, Membership, Project, Role

LISTED_AT_MOST = 100  # articles of one person, and invitations


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def project_people(request: HttpRequest, slug: str) -> HttpResponse:
    """The members; after making an invitation, its link, which no later answer tells."""
    project = load_managed(request, slug)
    form, link = InvitationForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            told = form.cleaned_data
            _, secret = inviting.invite(by=request.user, project=project, **told)
            link = request.build_absolute_uri(reverse("invitation", args=[secret]))
            form = InvitationForm()
        except inviting.InvitingError as refusal:
            show_refusal(form, refusal)
    status = 201 if link else 400 if request.method == "POST" else 200
    return _show(request, project, status, invite=form, link=link)


@require_POST
def add_member(request: HttpRequest, slug: str) -> HttpResponse:
    """The people of the project with one more, named by user name."""
    project, form = load_managed(request, slug), AdmissionForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        try:
            membership = people.admit(
                by=request.user, project=project, username=told["user_name"], role=told["role"]
            )
        except people.PeopleError as refusal:
            show_refusal(form, refusal)
        else:
            said = f"{membership.user.shown_name} is in, as {membership.get_role_display()}."
            messages.success(request, said)
            return redirect("people", slug)
    return _show(request, project, 400, add=form)


@require_POST
def change_member(request: HttpRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    """The people of the project, one of them with another role or limit."""
    project, form = load_managed(request, slug), MemberForm(request.POST)
    membership = _member(request, project, pk)
    if not form.is_valid():
        messages.error(request, "Nothing was changed. Choose a role, and a number or no limit.")
        return redirect("people", slug)
    told, name = form.cleaned_data, membership.user.shown_name

    def change():
        people.change_membership(
            by=request.user, membership=membership, seen=told["version"], role=told["role"],
            most_open=told["most_open"],
        )  # fmt: skip
        return f"Saved: {name}."

    chosen = f"You chose {told['role']} for {name}."
    return _done(request, slug, change, chosen)


@require_http_methods(["GET", "HEAD", "POST"])
def end_member(request: HttpRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    """What would be left of a person's work; then the people of the project without her."""
    project = load_managed(request, slug)
    membership = _member(request, project, pk)
    if request.method == "POST":
        form, name = EndForm(request.POST), membership.user.shown_name
        if not form.is_valid():
            raise BadRequest("The version of the membership is missing.")

        def end():
            people.end(by=request.user, membership=membership, seen=form.cleaned_data["version"])
            return f"{name} is no member any more. Her work and her name stay."

        goes = membership.user_id == request.user.pk and not request.user.is_superuser
        return _done(request, slug, end, f"You wanted to end the membership of {name}.", goes)
    rows = assignments_for(request.user).filter(project=project, analyst=membership.user_id)
    open_rows = rows.under_way()
    works = open_rows.select_related("article").defer("article__raw")[:LISTED_AT_MOST]
    links = invitations_for(request.user).good().filter(project=project)
    context = {
        "membership": membership, "works": works, "number": open_rows.count(),
        "links": links.count(),
    }  # fmt: skip
    return page(request, project, "annotations/member_end.html", context)


@require_POST
def revoke_invitation(request: HttpRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    """The people of the project, one link less into it."""
    project = load_managed(request, slug)
    invitation = get_object_or_404(invitations_for(request.user).filter(project=project), pk=pk)
    inviting.revoke(by=request.user, invitation=invitation)
    messages.success(request, "Revoked: nobody can follow that link any more.")
    return redirect("people", slug)


def _member(request: HttpRequest, project: Project, pk: uuid.UUID) -> Membership:
    rows = members_for(request.user).filter(project=project).select_related("user", "project")
    return get_object_or_404(rows, pk=pk)


def _done(
    request: HttpRequest, slug: str, write: Callable[[], str], wanted: str, goes: bool = False
) -> HttpResponse:
    """The people of the project (the queue for her who `goes`), once the door has said its word."""
    try:
        messages.success(request, write())
        return redirect("home") if goes else redirect("people", slug)
    except Stale as stale:
        now = "no member any more" if stale.current.ended else stale.current.get_role_display()
        said = f"somebody changed it meanwhile, to {now}. {wanted} Look again, then decide."
        messages.warning(request, f"Nothing was changed: {said}")
    except DoorError as refusal:
        messages.error(request, f"Nothing was changed. {refusal}")
    return redirect("people", slug)


def _show(request: HttpRequest, project: Project, status: int = 200, **forms) -> HttpResponse:
    members = _with_work(request, project)
    context = {
        "members": [one for one in members if not one.ended],
        "former": [one for one in members if one.ended],
        "roles": Role.choices,
        "invitations": _invitations(request, project),
        "add": AdmissionForm(),
        "invite": InvitationForm(),
        **forms,
    }
    return page(request, project, "annotations/people.html", context, status)


def _with_work(request: HttpRequest, project: Project) -> list[Membership]:
    """The memberships, each with the numbers of its person's articles: `given`, `open`, `done`."""
    members = members_for(request.user).filter(project=project).select_related("user")
    counted = assignments_for(request.user).filter(project=project).order_by()
    numbers: dict[int, dict[str, int]] = {}
    for row in counted.values("analyst", "state").annotate(number=Count("pk")):
        numbers.setdefault(row["analyst"], {})[row["state"]] = row["number"]
    members = list(members.order_by("user__username"))
    for member in members:
        states = numbers.get(member.user_id, {})
        states.pop(Assignment.State.WITHDRAWN, None)
        member.given, member.done = sum(states.values()), states.get(Assignment.State.HANDED_IN, 0)
        member.open = member.given - member.done
    return members


def _invitations(request: HttpRequest, project: Project) -> list[Invitation]:
    """The newest invitations, each with whether it is `good`."""
    good = invitations_for(request.user).good().filter(pk=OuterRef("pk"))
    rows = invitations_for(request.user).filter(project=project).annotate(good=Exists(good))
    return list(rows.select_related("by")[:LISTED_AT_MOST])
