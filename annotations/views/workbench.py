"""The workbench, and handing in an article."""

import uuid

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST, require_safe

from annotations import assigning, handing, presenting
from annotations.access import annotations_for, assignments_for
from annotations.forms import HandInForm
from annotations.models import Annotation, Assignment
from corpus_app import revising
from corpus_app.access import articles_for, curates
from corpus_app.history import Stale
from corpus_app.models import Article, User

LISTED_AT_MOST = 8


@require_safe
@never_cache
@ensure_csrf_cookie
@gzip_page
def workbench(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The article's newest text with every annotation that the person may see, to mark it in."""
    article = get_object_or_404(with_desk(request.user), pk=pk)
    context = desk(request.user, article)
    return render(request, "annotations/workbench.html", context)


def with_desk(user: User) -> QuerySet[Article]:
    """The articles of which `desk` can be asked without a further query for each."""
    return articles_for(user).select_related("outlet", "story", "project")


def desk(user: User, article: Article, *, prefix: str = "") -> dict:
    """What desk.html shows; `prefix` stands before the ids of one of several desks of a page."""
    revision = article.revisions.order_by("-number").first()
    own = assignments_for(user).filter(article=article, analyst=user).first()
    may_mark = bool(own and own.open and not article.project.archived)
    curated = curates(user, article.project)
    page = presenting.page_data(
        user=user, article=article, revision=revision, may_mark=may_mark, curated=curated
    )
    return {
        "article": article, "blocks": presenting.blocks(revision), "assignment": own,
        "may_mark": may_mark, "curated": curated, "revision": revision, "page": page,
        "prefix": prefix, "page_id": f"{prefix}page-data",
    }  # fmt: skip


@require_POST
def hand_in(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The queue with the article handed in, or the workbench with what still stands in the way.

    Of an article without a mark it is asked first whether that is the finding.
    """
    own = assignments_for(request.user).filter(analyst=request.user)
    assignment = get_object_or_404(own.select_related("article"), article=pk)
    form = HandInForm(request.POST)
    if not form.is_valid():
        raise BadRequest("The version of the assignment is missing.")
    title, asked = assignment.article.shown_title, form.cleaned_data
    try:
        handing.hand_in(
            by=request.user, assignment=assignment, seen=asked["version"], sure=asked["sure"]
        )
    except assigning.NothingMarked:
        context = {"assignment": assignment, "version": asked["version"]}
        return render(request, "annotations/nothing_marked.html", context)
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
    messages.success(request, _handed_in(assignment))
    if lost := _in_tray(assignment):
        tray = format_html('<a href="{}">its tray</a>', reverse("workbench", args=[pk]))
        messages.warning(
            request,
            format_html(
                "Marks of yours that lost their place when the text was corrected: {}. They are "
                "handed in with the text on which you made them, and stay in {}.", lost, tray,
            ),
        )  # fmt: skip
    return redirect("home")


def _handed_in(assignment: Assignment) -> str:
    title = assignment.article.shown_title
    if not assignment.training:
        return f"Handed in: “{title}”."
    score = reverse("score", args=[assignment.article_id])
    told = 'Handed in: “{}”. <a href="{}">See your marks beside the gold layer</a>.'
    return format_html(told, title, score)


def _in_tray(assignment: Assignment) -> int:
    """How many of the analyst's annotations are not in the article's newest text."""
    own = annotations_for(assignment.analyst).standing().filter(
        article=assignment.article_id, author=assignment.analyst_id,
        layer=Annotation.Layer.ANALYST,
    )  # fmt: skip
    return own.exclude(revision=revising.newest(assignment.article)).count()


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
