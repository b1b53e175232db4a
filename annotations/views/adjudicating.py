"""One article's cases, in its text: deciding one, asking its coders, opening it again."""

import uuid
from collections.abc import Callable, Mapping
from functools import wraps

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST, require_safe

from annotations import adjudication, annotating, cases, lineup, proceedings
from annotations.access import cases_for
from annotations.case_forms import DecisionForm, JoinForm, ReasonForm, SplitForm
from annotations.lineup import Choice
from annotations.models import Case
from annotations.proceedings import Docketed
from annotations.views.project import page
from corpus_app import revising
from corpus_app.access import articles_for, require_curator, revisions_for
from corpus_app.history import DoorError, Stale
from corpus_app.models import Article

Faults = Mapping[str, list[str]]
NONE: Faults = {}
CORRECTED = "The text was corrected after you opened the page. Say anew where the words are."


@require_safe
@never_cache
@gzip_page
def adjudicate(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The article with the marks of all versions, and one of its cases to be decided."""
    article = get_object_or_404(articles_for(request.user).select_related("project"), pk=pk)
    require_curator(request.user, article.project)
    if not cases.is_current(article):
        cases.match_article(by=request.user, article=article)
    docketed = proceedings.of_article(request.user, article)
    at_hand = _asked_for(request, docketed)
    if at_hand and at_hand.case.state != Case.State.DECIDED:
        adjudication.hold(by=request.user, case=at_hand.case)
    return _page(request, article, docketed, at_hand)


def _asked_for(request: HttpRequest, docketed: list[Docketed]) -> Docketed | None:
    """The case of the address; else the first that is open, or the first of all."""
    if asked := request.GET.get("case"):
        found = next((one for one in docketed if str(one.case.pk) == asked), None)
        if found is None:
            raise Http404("This case is not in the article (any more).")
        return found
    waiting = [one for one in docketed if one.case.state == Case.State.OPEN]
    return next(iter(waiting or docketed), None)


def action(view: Callable) -> Callable:
    """A view of a case that is posted to, by curators of its project."""

    @require_POST
    @wraps(view)
    def wrapped(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        rows = cases_for(request.user).select_related("project", "article__project")
        return view(request, get_object_or_404(rows.defer("article__raw"), pk=pk))

    return wrapped


@action
def decide(request: HttpRequest, case: Case) -> HttpResponse:
    """The next open case; the same one with what was typed, if it cannot be decided so."""
    form, own = _form(request), lineup.lineup(case)
    told, choice = form.cleaned_data, Choice.sent(own, request.POST)
    revisions = revisions_for(request.user).filter(article=case.article_id)
    revision = get_object_or_404(revisions, pk=told["revision"])
    if form.errors:
        return _again(request, case, choice, form.errors, 400)
    # What its coders say may have been changed at the desk since the curator looked at it.
    if not cases.is_current(case.article):
        cases.match_article(by=request.user, article=case.article)
    try:
        wanted = lineup.verdict(own, choice, told["do"] or "decide", revision)
        decision = adjudication.decide(
            by=request.user, case=case, seen=told["version"], **vars(wanted),
            error_class=told["error_class"], reason=told["reason"], over=told["over"],
        )  # fmt: skip
    except DoorError as error:
        return _again(request, case, choice, error.messages, 400)
    except Stale:
        return _again(request, case, choice, {}, 412)
    return _next(request, case, f"decided, {decision.get_outcome_display()}.")


@action
def ask(request: HttpRequest, case: Case) -> HttpResponse:
    """The next open case; its coders find the question."""
    form, own = _form(request), lineup.lineup(case)
    told, choice = form.cleaned_data, Choice.sent(own, request.POST)
    if form.errors:
        return _again(request, case, choice, form.errors, 400)
    try:
        adjudication.ask(by=request.user, case=case, seen=told["version"], text=told["question"])
    except DoorError as error:
        return _again(request, case, choice, error.messages, 400)
    except Stale:
        return _again(request, case, choice, {}, 412)
    return _next(request, case, "asked. The coders find your question under their annotations.")


@action
def reopen(request: HttpRequest, case: Case) -> HttpResponse:
    """The case, to be decided again."""
    return _done(
        request, case, ReasonForm(request.POST), "Open again.",
        lambda told: adjudication.reopen(
            by=request.user, case=case, seen=told["version"], reason=told["reason"]
        ),
    )  # fmt: skip


@action
def split(request: HttpRequest, case: Case) -> HttpResponse:
    """The case without the versions that make one of their own now."""
    return _done(
        request, case, SplitForm(request.POST, case=case), "Split: there are two cases now.",
        lambda told: cases.split(
            by=request.user, case=case, seen=told["version"], annotations=told["annotations"],
            reason=told["reason"],
        ),
    )  # fmt: skip


@action
def join(request: HttpRequest, case: Case) -> HttpResponse:
    """The case with the versions of another of its article."""

    def joined(told: dict) -> Case:
        pk, version = told["other"].split(":")
        other = get_object_or_404(cases_for(request.user), pk=pk, article=case.article_id)
        both = {case: told["version"], other: int(version)}
        return cases.join(by=request.user, cases=both, reason=told["reason"])

    return _done(request, case, JoinForm(request.POST), "Joined: it is one case now.", joined)


@action
def hold(request: HttpRequest, case: Case) -> HttpResponse:
    """The case, at which the person is now; with `take`, even if somebody else was."""
    adjudication.hold(by=request.user, case=case, take="take" in request.POST)
    return redirect(_address(case))


@action
def release(request: HttpRequest, case: Case) -> HttpResponse:
    """The queue; nobody is told any more that the person is at the case."""
    adjudication.release(by=request.user, case=case)
    return redirect("adjudication", case.project.slug)


def _form(request: HttpRequest) -> DecisionForm:
    form = DecisionForm(request.POST)
    form.full_clean()
    if not {"version", "revision"} <= form.cleaned_data.keys():
        raise BadRequest("The version of the case or of the text is missing.")
    return form


def _done(request, case: Case, form: ReasonForm, success: str, door: Callable) -> HttpResponse:
    """The case after what the door did to it, or with why it did not."""
    if not form.is_valid():
        if "version" in form.errors:
            raise BadRequest("The version of the case is missing.")
        faults = {"non_field_errors": [said for own in form.errors.values() for said in own]}
        return _again(request, case, None, faults, 400)
    try:
        door(form.cleaned_data)
    except DoorError as error:
        return _again(request, case, None, error.messages, 400)
    except Stale:
        return _again(request, case, None, {}, 412)
    messages.success(request, success)
    return redirect(_address(case))


def _again(request, case: Case, choice: Choice | None, faults: Faults, status: int) -> HttpResponse:
    """The page with what was typed; if the case moved on, beside what was done to it meanwhile."""
    docketed = proceedings.of_article(request.user, case.article)
    at_hand = next((one for one in docketed if one.case.pk == case.pk), None)
    return _page(request, case.article, docketed, at_hand, choice, faults, status)


def _next(request: HttpRequest, case: Case, done: str) -> HttpResponse:
    """The next open case of the article, in reading order and round again; else this one.

    It tells what was done, with the way back to the case, and when none is left.
    """
    docketed = proceedings.of_article(request.user, case.article)
    place = next((n for n, one in enumerate(docketed) if one.case.pk == case.pk), 0)
    round_again = docketed[place + 1 :] + docketed[:place]
    waiting = [one.case for one in round_again if one.case.state == Case.State.OPEN]
    told = format_html('<a href="{}">Case {}</a>: {}', _address(case), place + 1, done)
    if not waiting:
        queue = reverse("adjudication", args=[case.project.slug])
        told += format_html(' None is open here now. <a href="{}">To the other articles</a>', queue)
    messages.success(request, told)
    return redirect(_address(waiting[0] if waiting else case))


def _address(case: Case) -> str:
    return f"{reverse('adjudicate', args=[case.article_id])}?case={case.pk}"


def _page(
    request: HttpRequest,
    article: Article,
    docketed: list[Docketed],
    at_hand: Docketed | None,
    choice: Choice | None = None,
    faults: Faults = NONE,
    status: int = 200,
) -> HttpResponse:
    revision = revising.newest(article)
    context = {
        "article": article, "revision": revision, "docketed": docketed,
        "passages": proceedings.in_text(revision, docketed, at_hand and at_hand.case),
        "progress": proceedings.progress(docketed), "status": status,
    }  # fmt: skip
    if not (at_hand and choice):  # then no field of the page has it
        context["typed"] = request.POST.get("reason") or request.POST.get("question")
    if at_hand:
        place = docketed.index(at_hand)
        context |= {
            "before": docketed[place - 1] if place else None,
            "after": docketed[place + 1] if place + 1 < len(docketed) else None,
            **_at_hand(request, at_hand, docketed, choice, faults),
        }
    else:
        context["faults"] = [text for texts in faults.values() for text in texts]
    return page(request, article.project, "annotations/adjudicate.html", context, status=status)


def _at_hand(request, at_hand: Docketed, docketed: list[Docketed], choice, faults: Faults) -> dict:
    """What the page shows of the case at hand."""
    case, user = at_hand.case, request.user
    own = lineup.lineup(case)
    decisions = proceedings.decided_of(user, case)
    decision = decisions[0] if decisions and case.state == Case.State.DECIDED else None
    gold = annotating.content_of(decision.gold) if decision and decision.gold else None
    sent, names = choice is not None, set(own.fields)
    if not sent and own.versions:
        choice = Choice.first(own)
    if sent and request.POST["revision"] != str(revising.newest(case.article).pk):
        if choice.sources.get("spans") == lineup.TYPED:
            faults = {**faults, "spans": [CORRECTED]}
        choice = choice.in_new_text(own)
    return {
        "hand": at_hand, "case": case, "lineup": own,
        "form": DecisionForm(request.POST if sent else None),
        "rows": lineup.rows(own, choice, faults, gold) if choice else [],
        "deciding": bool(choice) and (decision is None or sent),
        "faults": [text for name, texts in faults.items() for text in texts if name not in names],
        "decisions": decisions, "decision": decision, "said": proceedings.said_of(user, own),
        "alike": proceedings.alike(user, own), "columns": min(len(own.versions), 6),
        "near": proceedings.near(at_hand, docketed),
        "since": decision and [
            one.name for one in own.versions
            if decision.versions.get(one.key) != one.annotation.version
        ],
    }  # fmt: skip
