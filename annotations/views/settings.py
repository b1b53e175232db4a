"""A project's settings, and its archive."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from annotations.access import annotations_for, assignments_for
from annotations.views.project import load_managed, page
from corpus_app import people
from corpus_app.access import members_of, open_events_for
from corpus_app.forms.projects import ArchiveForm, SettingsForm
from corpus_app.history import DoorError, Stale
from corpus_app.models import Event, Project, Role, User


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, slug: str) -> HttpResponse:
    """The settings. What changes who sees whose work is asked about once more before it is done."""
    project = load_managed(request, slug)
    if request.method != "POST":
        return _show(request, project, SettingsForm(instance=project))
    form = SettingsForm(request.POST, instance=project)
    if not form.is_valid():
        return _show(request, project, form, status=400)
    try:
        if form.cleaned_data["seen"] != project.version:
            raise Stale(project)
        if form.switches and not form.cleaned_data["confirmed"]:
            return _show(request, project, form, status=400, asks=True)
        _save(request.user, project, form)
    except Stale as stale:
        meanwhile = _latest(request.user, project)
        form = _refused(request, stale.current, stale, meanwhile)
        return _show(request, stale.current, form, status=412)
    except people.PeopleError as refusal:
        again = _refused(request, project, refusal)
        return _show(request, project, again, status=400, asks=form.switches)
    messages.success(request, f"Saved: the settings of “{project.name}”.")
    return redirect("project-settings", project.slug)


@require_POST
def archive(request: HttpRequest, slug: str) -> HttpResponse:
    """The settings of the project, in which nothing can be changed any more."""
    said = "Archived: it can be read and exported, and nothing in it changes."
    return _move(request, slug, people.archive, said)


@require_POST
def unarchive(request: HttpRequest, slug: str) -> HttpResponse:
    """The settings of the project, in which work can go on."""
    return _move(request, slug, people.unarchive, "Out of the archive: work can go on.")


def _move(request: HttpRequest, slug: str, door: Callable, said: str) -> HttpResponse:
    project, form = load_managed(request, slug), ArchiveForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Nothing was changed. Tick the box to say that you mean it.")
        return redirect("project-settings", slug)
    told = form.cleaned_data
    try:
        door(by=request.user, project=project, seen=told["version"], reason=told["reason"])
        messages.success(request, said)
    except (DoorError, Stale) as refusal:
        typed = f" You had typed: “{told['reason']}”." if told["reason"] else ""
        messages.error(request, f"Nothing was changed. {refusal} Look at it again first.{typed}")
    return redirect("project-settings", slug)


def _save(user: User, project: Project, form: SettingsForm) -> None:
    values = people.ProjectValues(slug=project.slug, **form.given(*SettingsForm.Meta.fields))
    people.change_project(
        by=user, project=project, seen=form.cleaned_data["seen"], values=values,
        reason=form.cleaned_data["reason"],
    )  # fmt: skip


def _refused(request: HttpRequest, project: Project, refusal, meanwhile: Event | None = None):
    """The form as it was sent, with what the door said."""
    form = SettingsForm(request.POST, instance=project)
    form.refusal, form.meanwhile = refusal, meanwhile
    form.full_clean()
    return form


def _latest(user: User, project: Project) -> Event | None:
    own = open_events_for(user).filter(noun="project", object_id=str(project.pk))
    return own.order_by("-version").first()


def _show(
    request: HttpRequest, project: Project, form: SettingsForm, status: int = 200, asks=False
) -> HttpResponse:
    """The page; `asks` for a word on what a change of blindness shows, and to whom."""
    work = assignments_for(request.user).under_way().filter(project=project)
    articles = work.order_by().values("article").distinct().count()
    context = {"form": form, "asks": asks, "articles": articles}
    if asks:
        members = members_of(request.user, project)
        marks = annotations_for(request.user).standing().filter(project=project, layer="analyst")
        context |= {
            "opens": not form.cleaned_data["blind"],
            "analysts": members.filter(role=Role.ANALYST).count(),
            "marks": marks.count(),
        }
    return page(request, project, "annotations/project_settings.html", context, status)
