"""One assignment: what became of it, its day, withdrawing and returning it, and its score."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from annotations import assigning, handing, scoring
from annotations.access import assignments_for, events_for
from annotations.board_forms import DueForm, GiveBackForm, PassOnForm, WithdrawForm
from annotations.models import Assignment
from annotations.views.project import page
from corpus_app.access import articles_for, require_curator
from corpus_app.history import Stale


@require_safe
def assignment_page(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """How one person's work on one article stands, what became of it, and what can be done."""
    return _show(request, _load(request, pk))


@require_POST
def set_due(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The assignment, due on another day."""
    own, form = _load(request, pk), DueForm(request.POST)
    return _write(request, own, form, assigning.set_due, "due", "The day is changed.")


@require_POST
def withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The assignment, withdrawn; if something is marked it is asked first."""
    own, form = _load(request, pk), WithdrawForm(request.POST)
    told = f"Withdrawn from {own.analyst.shown_name}. Whatever was marked is kept, not counted."
    try:
        return _write(request, own, form, handing.withdraw, "withdraw", told)
    except assigning.AlreadyMarked as error:
        return _show(request, own, asked=str(error))


@require_POST
def reassign(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Open work, withdrawn from one and given to another."""
    own = _load(request, pk)
    form = PassOnForm(request.POST, user=request.user, assignment=own)
    told = f"Withdrawn from {own.analyst.shown_name} and given to somebody else, who is told."
    return _write(request, own, form, assigning.reassign, "pass_on", told)


@require_POST
def give_back(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The assignment, returned to its analyst with a comment."""
    own, form = _load(request, pk), GiveBackForm(request.POST)
    told = f"Returned to {own.analyst.shown_name}, who is told why."
    return _write(request, own, form, handing.give_back, "give_back", told)


@require_safe
def score(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """How an article that was coded to learn compares with gold: one's own, or a newcomer's."""
    article = get_object_or_404(articles_for(request.user).select_related("project"), pk=pk)
    found = list(scoring.scored_for(request.user).filter(article=article).order_by("handed_in"))
    asked = request.GET.get("analyst")
    chosen = next((one for one in found if asked in (None, one.analyst.username)), None)
    if chosen is None:
        raise Http404("No training on this article is handed in.")
    context = {
        "score": scoring.score(request.user, chosen), "assignment": chosen, "article": article,
        "others": [one for one in found if one != chosen], "own": chosen.analyst == request.user,
    }  # fmt: skip
    return page(request, article.project, "annotations/score.html", context)


def _load(request: HttpRequest, pk: uuid.UUID) -> Assignment:
    rows = assignments_for(request.user).with_progress()
    rows = rows.select_related("analyst", "article", "project").defer("article__raw")
    own = get_object_or_404(rows, pk=pk)
    require_curator(request.user, own.project)
    return own


def _write(
    request: HttpRequest, own: Assignment, form, door: Callable, name: str, told: str
) -> HttpResponse:
    """The assignment's page after the door has done what the form says, or with its refusal.

    Raises AlreadyMarked, of `assigning`.
    """
    if "version" in form.errors:
        raise BadRequest("The version of the assignment is missing.")
    if not form.is_valid():
        return _show(request, own, status=400, **{name: form})
    given = dict(form.cleaned_data)
    try:
        door(by=request.user, assignment=own, seen=given.pop("version"), **given)
    except assigning.AlreadyMarked:
        raise
    except assigning.AssigningError as error:
        messages.error(request, str(error))
        return _show(request, _load(request, own.pk), status=400, typed=given.get("comment"))
    except Stale:
        messages.warning(
            request,
            "Nothing was changed: this work has moved on since you opened the page. Here is how "
            "it stands now.",
        )
        return _show(request, _load(request, own.pk), status=412, typed=given.get("comment"))
    messages.success(request, told)
    return redirect("assignment", own.pk)


def _show(
    request: HttpRequest, own: Assignment, *, status: int = 200, asked: str = "", **forms
) -> HttpResponse:
    events = events_for(request.user).filter(noun="assignment", object_id=str(own.pk))
    context = {
        "assignment": own, "article": own.article, "today": timezone.localdate(), "asked": asked,
        "events": events.order_by("-version"),
        "due": DueForm(initial={"due_on": own.due_on}), "give_back": GiveBackForm(),
        "pass_on": PassOnForm(user=request.user, assignment=own), **forms,
    }  # fmt: skip
    return page(request, own.project, "annotations/assignment.html", context, status=status)
