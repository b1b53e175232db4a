"""Stored articles reviewed again: one by its lines, or all of an outlet by its rules."""

import time
import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods

from annotations import amending
from annotations.amending import Amended, AmendingError
from corpus_app import ingest, revising, rules
from corpus_app.access import articles_for, curates, outlets_for, rules_for
from corpus_app.forms.review import (
    AppliedRulesForm,
    StoredReviewForm,
    chosen_in,
    initial_of,
)
from corpus_app.history import Stale
from corpus_app.ingest import IngestError, Proposal
from corpus_app.models import Article, Outlet
from corpus_app.reading import Readers
from corpus_app.text import learnt
from corpus_app.views import reviewing

# Seconds of work in one request, and articles on one page.
PATIENCE = 2.5
LISTED = 25
SHOWN_LINES = 4
UNSAID = "Roles of lines corrected."


@require_http_methods(["GET", "HEAD", "POST"])
@gzip_page
def review_article(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The lines of a stored article with their roles; what is changed becomes its next text."""
    article = _article(request, pk)
    found = _stored(article)
    stories = reviewing.stories(request.user, article.project)
    if request.method != "POST":
        initial = {**initial_of(found.fields), "seen": article.version}
        return _show(request, article, StoredReviewForm(initial=initial, stories=stories), found)
    form = StoredReviewForm(request.POST, stories=stories)
    proposal = found
    try:
        proposal = ingest.corrected(found, form.own_roles(found.lines))
    except IngestError as error:
        form.add_error(None, str(error))
    if form.is_valid() and form.rules and not form.cleaned_data["outlet"]:
        form.add_error("outlet", "Name the outlet that is to keep these rules.")
    if form.errors or "preview" in request.POST:
        status = 400 if form.errors else 200
        return _show(request, article, form, found, proposal, status=status)
    return _save(request, article, form, found, proposal)


def _article(request: HttpRequest, pk: uuid.UUID) -> Article:
    articles = articles_for(request.user).select_related("project", "outlet", "story")
    article = get_object_or_404(articles, pk=pk)
    if not curates(request.user, article.project):
        raise PermissionDenied("Only curators and managers of this project correct its articles.")
    return article


def _stored(article: Article) -> Proposal:
    """The article as it is stored; without lines if its text was typed by hand."""
    with Readers() as readers:
        lines = rules.stored_lines(article, revising.newest(article), readers) or ()
    ruled = learnt.ruled(lines, rules.rules_of(article.outlet)).by
    return Proposal(
        tuple(lines), amending.fields_of(article), article.raw_type, outlet=article.outlet,
        by_rule={
            line.number: ruled[line.number]
            for line in lines
            if line.number in ruled and ruled[line.number].role == line.role
        },
    )  # fmt: skip


def _save(request, article: Article, form: StoredReviewForm, found: Proposal, proposal: Proposal):
    changed = proposal.lines != found.lines
    try:
        done = amending.amend(
            by=request.user, article=article, seen=form.cleaned_data["seen"],
            fields=form.metadata, lines=proposal.lines if changed else None,
            reason=form.cleaned_data["reason"].strip() or UNSAID,
        )  # fmt: skip
    except AmendingError as error:
        for name, texts in error.messages.items():
            form.add_error(name if name in form.fields else None, texts)
        return _show(request, article, form, found, proposal, status=400)
    except Stale as error:
        form.add_error(
            None,
            "Nothing was saved: somebody else changed this article after you opened the page. "
            "What you chose is still here; save again to put it in the other's place.",
        )
        form.data = form.data.copy()
        form.data["seen"] = error.current.version
        return _show(request, article, form, found, proposal, status=412)
    messages.success(request, f"Saved: “{done.article.shown_title}”. {_told(done)}")
    if form.rules and done.article.outlet:
        return reviewing.keep_rules(request, done.article, form.rules)
    return redirect("workbench", article.pk)


def _told(done: Amended) -> str:
    if done.correction is None:
        return "Its text is as it was."
    carried, in_tray = done.correction.carried, done.correction.in_tray
    came = "1 annotation" if carried == 1 else f"{carried} annotations"
    told = [f"{came} came along"] if carried else []
    told += [f"{in_tray} in the tray, waiting for a place"] if in_tray else []
    return f"Revision {done.correction.revision.number}{': ' if told else ''}{'; '.join(told)}."


def _show(request, article: Article, form, found: Proposal, proposal=None, status: int = 200):
    context = reviewing.page(
        request.user, article.project, form, found, proposal or found, besides=article.pk
    )
    return render(
        request, "annotations/review.html", {**context, "article": article}, status=status
    )


@require_http_methods(["GET", "HEAD", "POST"])
@gzip_page
def apply_rules(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The outlet's stored articles that its rules would change, to choose from and to change.

    Asked for JSON it says what became of those articles that it came to in time.
    """
    outlet = get_object_or_404(outlets_for(request.user).select_related("project"), pk=pk)
    if not curates(request.user, outlet.project):
        raise PermissionDenied("Only curators and managers of this project correct its articles.")
    form = AppliedRulesForm(request.GET, rules=rules_for(request.user).filter(outlet=outlet))
    if not form.is_valid():
        raise Http404("There is no such rule of this outlet.")
    if request.method == "POST":
        return _apply(request, outlet, form)
    context = {"outlet": outlet, "project": outlet.project, "shown_lines": SHOWN_LINES}
    return render(
        request, "annotations/apply_rules.html", {**context, **_waiting(request, outlet, form)}
    )


def _waiting(request: HttpRequest, outlet: Outlet, form: AppliedRulesForm) -> dict:
    """One page of the articles that would change, as far as it is found in time."""
    articles = articles_for(request.user).filter(outlet=outlet).order_by("pk")
    if after := form.cleaned_data["after"]:
        articles = articles.filter(pk__gt=after)
    listed, looked_at, by_hand, last = [], 0, 0, None
    until = time.monotonic() + PATIENCE
    with Readers() as readers:
        for article, _, lines in rules.stored(articles, readers):
            looked_at, by_hand, last = looked_at + 1, by_hand + (lines is None), article
            if found := amending.forecast(article=article, lines=lines, said=form.said):
                listed.append(found)
            if len(listed) == LISTED or time.monotonic() > until:
                break
    left = articles.count() - looked_at
    return {
        "kept": [(row.pk, rules.as_rule(row)) for row in form.cleaned_data["rule"]],
        "listed": listed, "by_hand": by_hand, "left": left,
        "looked_at": looked_at, "onwards": form.address(after=last.pk) if left > 0 else None,
    }  # fmt: skip


def _apply(request: HttpRequest, outlet: Outlet, form: AppliedRulesForm) -> HttpResponse:
    """What became of the ticked articles, as many as there was time for."""
    results = []
    until = time.monotonic() + PATIENCE
    with Readers() as readers:
        for pk, seen in chosen_in(request.POST):
            results.append(_result(request, outlet, form, pk, seen, readers))
            if time.monotonic() > until:
                break
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"results": results})
    for result in results:
        tell = messages.success if result["done"] else messages.error
        tell(request, f"“{result['title']}”: {result['told']}")
    return redirect(f"{request.path}?{form.address()}")


def _result(request, outlet: Outlet, form: AppliedRulesForm, pk, seen: int, readers: Readers):
    """What became of one article: { article, title, done, told }."""
    articles = articles_for(request.user).filter(outlet=outlet)
    article = articles.select_related("project", "outlet", "story").filter(pk=pk).first()
    if article is None:
        return {"article": pk, "title": "?", "done": False, "told": "It is not of this outlet."}
    done, told = False, ""
    try:
        amended = amending.follow(
            by=request.user, article=article, seen=seen, said=form.said, readers=readers
        )
        done, told = True, _told(amended) if amended else "There was nothing to change."
    except AmendingError as error:
        told = f"As it was: {error}"
    except Stale:
        told = "As it was: somebody changed it meanwhile. Load the page anew to see how it is."
    return {"article": pk, "title": article.shown_title, "done": done, "told": told}
