"""Pages of the workbench: the queue, and taking and handing in an article."""

import uuid

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST, require_safe

from annotations import assigning, presenting, queue
from annotations.access import annotations_for, assignments_for
from annotations.forms import SeenForm, WishForm
from annotations.models import Annotation, Assignment
from corpus_app.access import articles_for, curates, memberships_of
from corpus_app.history import Stale

LISTED_AT_MOST = 8


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The queue: my articles by the state of my work, then the articles of the chosen project."""
    form = WishForm(request.GET, user=request.user)
    if not form.is_valid():
        raise Http404("No such project, section or page.")
    wish, user = form.wish, request.user
    projects = list(form.fields["project"].queryset)
    project = wish.project or (projects[0] if len(projects) == 1 else None)
    roles = {own.project_id: own for own in memberships_of(user)}
    sections = queue.own_work(user, wish)
    offered = queue.articles(user, project, wish) if project and wish.includes("articles") else None
    context = {
        "form": form, "wish": wish, "project": project, "sections": sections, "offered": offered,
        "curated": project and curates(user, project), "today": timezone.localdate(),
        "projects": [(one, roles.get(one.pk)) for one in projects],
    }  # fmt: skip
    return render(request, "annotations/queue.html", context)


@require_safe
@never_cache
@ensure_csrf_cookie
@gzip_page
def workbench(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The article's newest text with every annotation that the person may see, to mark it in."""
    articles = articles_for(request.user).select_related("outlet", "story", "project")
    article = get_object_or_404(articles, pk=pk)
    revision = article.revisions.order_by("-number").first()
    own = assignments_for(request.user).filter(article=article, analyst=request.user).first()
    may_mark = bool(own and own.open)
    context = {
        "article": article, "blocks": presenting.blocks(revision), "assignment": own,
        "may_mark": may_mark,
        "page": presenting.page_data(
            user=request.user, article=article, revision=revision, may_mark=may_mark
        ),
    }  # fmt: skip
    return render(request, "annotations/workbench.html", context)


@require_POST
def take(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The workbench with an article that is the person's own from now on."""
    article = get_object_or_404(articles_for(request.user), pk=pk)
    try:
        assigning.assign(by=request.user, article=article, analyst=request.user)
    except assigning.AssigningError as error:
        messages.error(request, str(error))
        return redirect("home")
    return redirect("workbench", article.pk)


@require_POST
def hand_in(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The queue with the article handed in, or the workbench with what still stands in the way."""
    own = assignments_for(request.user).filter(analyst=request.user)
    assignment = get_object_or_404(own.select_related("article"), article=pk)
    form = SeenForm(request.POST)
    if not form.is_valid():
        raise BadRequest("The version of the assignment is missing.")
    title = assignment.article.shown_title
    try:
        assigning.hand_in(by=request.user, assignment=assignment, seen=form.cleaned_data["version"])
    except assigning.AssigningError as error:
        messages.error(request, format_html("{} {}", error, _links_to_incomplete(assignment)))
        return redirect("workbench", pk)
    except Stale:
        messages.warning(
            request,
            f"“{title}” was not handed in: its assignment changed after you opened the page. "
            "All your annotations are kept. Look at it again, then hand it in.",
        )
        return redirect("workbench", pk)
    messages.success(request, f"Handed in: “{title}”.")
    return redirect("home")


def _links_to_incomplete(assignment: Assignment) -> str:
    """Links to the first of the annotations that stand in the way, by their quotes."""
    drafts = annotations_for(assignment.analyst).standing().filter(
        article=assignment.article_id, author=assignment.analyst_id,
        layer=Annotation.Layer.ANALYST, state=Annotation.State.DRAFT,
    )  # fmt: skip
    page = reverse("workbench", args=[assignment.article_id])
    return format_html_join(
        " · ",
        '<a href="{}#annotation-{}">{}</a>',
        (
            (page, draft.pk, f"“{Truncator(draft.spans.all()[0].quote).words(6)}”")
            for draft in drafts.prefetch_related("spans")[:LISTED_AT_MOST]
        ),
    )
