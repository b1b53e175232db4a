"""Correcting the text of an article, and the texts that it has had."""

import uuid

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import Truncator
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotations import correcting
from annotations.difference import difference, words
from annotations.forms import BackForm, ComparisonForm, CorrectionForm
from corpus_app import revising
from corpus_app.access import articles_for, curates, open_events_for, revisions_for
from corpus_app.forms.fields import show_refusal
from corpus_app.history import Stale
from corpus_app.models import Article, Event
from corpus_app.text import draft

SHOWN_AT_MOST = 50  # annotations of each fate


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The text to edit, what saving it would do, then the workbench with the corrected text."""
    article = _article(request, pk)
    if not curates(request.user, article.project):
        raise PermissionDenied("Only curators and managers of this project correct its texts.")
    if request.method != "POST":
        wording = revising.of_revision(revising.newest(article))
        typed = draft.written(wording.text, wording.slices)
        form = CorrectionForm(initial={"text": typed, "version": article.version})
        return _editor(request, article, form)
    form = CorrectionForm(request.POST)
    if not form.is_valid():
        return _editor(request, article, form, status=400)
    if "save" not in request.POST:
        return _editor(request, article, form, look=True)
    try:
        done = correcting.correct(
            by=request.user, article=article, seen=form.cleaned_data["version"],
            text=form.cleaned_data["text"], reason=form.cleaned_data["reason"],
        )  # fmt: skip
    except correcting.CorrectingError as error:
        show_refusal(form, error)
        return _editor(request, article, form, status=400, look="text" not in error.messages)
    except Stale:
        return _overtaken(request, article, form)
    messages.success(request, _told(done))
    return redirect("workbench", article.pk)


@require_safe
def revisions(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Every text the article has had, who made it and why, and what differs between two."""
    article = _article(request, pk)
    rows = list(revisions_for(request.user).filter(article=article).defer("roles"))
    rows.sort(key=lambda row: -row.number)
    form, by_number = ComparisonForm(request.GET), {row.number: row for row in rows}
    asked = form.cleaned_data if form.is_valid() else {}
    new = by_number.get(asked.get("new"), rows[0])
    old = by_number.get(asked.get("old")) or by_number.get(new.number - 1, new)
    events = _events(request, article)
    context = {
        "article": article, "rows": [(row, events.get(row.number)) for row in rows],
        "old": old, "new": new, "curated": curates(request.user, article.project),
        "paragraphs": difference(old.text, new.text) if old != new else [],
    }  # fmt: skip
    return render(request, "annotations/revisions.html", context)


@require_POST
def bring_back(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The workbench with an earlier text of the article as its newest."""
    article = _article(request, pk)
    if not curates(request.user, article.project):
        raise PermissionDenied("Only curators and managers of this project correct its texts.")
    form = BackForm(request.POST)
    if not form.is_valid():
        raise BadRequest("The revision or the version of the article is missing.")
    number = form.cleaned_data["number"]
    earlier = get_object_or_404(revisions_for(request.user), article=article, number=number)
    try:
        done = correcting.correct(
            by=request.user, article=article, seen=form.cleaned_data["version"], back_to=earlier,
            reason=f"Revision {number} brought back.",
        )  # fmt: skip
    except correcting.CorrectingError as error:
        messages.error(request, str(error))
    except Stale:
        messages.warning(
            request,
            "Nothing was brought back: the article was changed after you opened this page. Look "
            "at its revisions again.",
        )
    else:
        messages.success(request, _told(done))
        return redirect("workbench", pk)
    return redirect("revisions", pk)


def _article(request: HttpRequest, pk: uuid.UUID) -> Article:
    return get_object_or_404(articles_for(request.user).select_related("project"), pk=pk)


def _editor(
    request: HttpRequest,
    article: Article,
    form: CorrectionForm,
    *,
    status: int = 200,
    look: bool = False,
    meanwhile: Event | None = None,
) -> HttpResponse:
    """The editor; if asked to `look`, with what saving would do."""
    context = {"article": article, "form": form, "kinds": draft.NAMES, "meanwhile": meanwhile}
    if look:
        try:
            context |= _preview(article, form.cleaned_data["text"])
        except correcting.CorrectingError as error:
            show_refusal(form, error)
            status = 400
    return render(request, "annotations/correct.html", context, status=status)


def _preview(article: Article, typed: str) -> dict:
    found = correcting.preview(article=article, text=typed)
    kinds = [kind for kind, _, _ in _cut(found.before)], [kind for kind, _, _ in _cut(found.after)]
    return {
        "preview": found,
        "paragraphs": difference(found.before.text, found.after.text),
        "kinds_differ": kinds[0] != kinds[1],
        "passages": [
            (kind, Truncator(found.after.text[start:end]).chars(90))
            for kind, start, end in _cut(found.after)
        ],
        "mended": [
            (fate, words(" … ".join(fate.before), " … ".join(fate.after)))
            for fate in found.mended[:SHOWN_AT_MOST]
        ],
        "stranded": found.stranded[:SHOWN_AT_MOST],
        "nothing": found.before.text == found.after.text and kinds[0] == kinds[1],
    }


def _cut(wording: revising.Wording) -> list[tuple[str, int, int]]:
    return [(piece.kind, piece.start, piece.end) for piece in wording.slices]


def _overtaken(request: HttpRequest, article: Article, form: CorrectionForm) -> HttpResponse:
    """The editor with what was typed, against the text that somebody else has stored meanwhile."""
    article.refresh_from_db(fields=["version"])
    meanwhile = _events(request, article).get(revising.newest(article).number)
    form = CorrectionForm({**request.POST.dict(), "version": article.version})
    form.full_clean()
    return _editor(request, article, form, status=412, look=True, meanwhile=meanwhile)


def _events(request: HttpRequest, article: Article) -> dict[int, Event]:
    """The event that made each revision, by its number."""
    events = open_events_for(request.user).filter(
        article=article, noun="article", verb__in=("imported", "corrected")
    )
    return {event.after["revision"]: event for event in events.order_by("at")}


def _told(done: correcting.Correction) -> str:
    tray = f" {done.in_tray} wait in the tray for a place." if done.in_tray else ""
    return f"Revision {done.revision.number} is stored. {done.carried} marks came along.{tray}"
