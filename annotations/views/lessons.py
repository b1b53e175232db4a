"""What coders learn from decisions, what they contest, and what the codebook could learn."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from annotations import contesting, lessons, proposals, recodings
from annotations.access import overrulings_for
from annotations.forms import AnswerForm, LessonsForm, ObjectionForm, SeenForm
from annotations.models import Overruling
from annotations.views.project import load_curated, load_member, page
from corpus_app.access import require_curator
from corpus_app.forms.fields import show_refusal
from corpus_app.history import Stale

OVERTAKEN = (
    "Nothing was saved: this was changed after you opened the page. It is shown as it is now; "
    "what you typed is still here."
)


@require_safe
def lessons_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Where a coder was overruled, newest first, and how often."""
    project = load_member(request, slug)
    form = LessonsForm(request.GET, user=request.user, project=project)
    if not form.is_valid():
        raise Http404("No such coder, tag, kind or field.")
    wish = form.wish
    found, more = lessons.page(request.user, project, wish)
    context = {
        "form": form, "wish": wish, "lessons": found, "more": more,
        "summary": lessons.summary(request.user, project, wish.coder),
        "narrowed": bool(wish.tag or wish.error_class or wish.field or wish.after),
        "own": wish.coder == request.user, "asked": recodings.asked_of(request.user, project),
    }  # fmt: skip
    return page(request, project, "annotations/lessons.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def contest(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One lesson of one's own, and the words with which it is contested."""
    own = overrulings_for(request.user).filter(analyst=request.user)
    overruling = _overruling(own, pk)
    form = ObjectionForm(request.POST or None, initial={"version": overruling.version})
    if request.method != "POST":
        return _one(request, overruling, form)
    if not form.is_valid():
        return _one(request, overruling, form, status=400)
    seen, words = form.cleaned_data["version"], form.cleaned_data["objection"]
    try:
        contesting.contest(by=request.user, overruling=overruling, seen=seen, objection=words)
    except contesting.ContestingError as error:
        show_refusal(form, error)
        return _one(request, overruling, form, status=400)
    except Stale:
        return _overtaken(request, _overruling(own, pk), form)
    messages.success(request, "Contested. You find the answer here and in your inbox.")
    return redirect(f"{reverse('lessons', args=[overruling.project.slug])}#lesson-{pk}")


@require_safe
def proposals_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Objections that wait for an answer, and tags whose definition could be sharper."""
    project = load_curated(request, slug)
    contested, number = lessons.contested(request.user, project)
    context = {
        "contested": contested, "number": number,
        "proposals": proposals.proposals(request.user, project), "hidden": project.names_hidden,
    }  # fmt: skip
    return page(request, project, "annotations/proposals.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def answer_objection(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One contested decision: it stands, or its case is reopened, and why."""
    seen_by = overrulings_for(request.user)
    overruling = _overruling(seen_by, pk)
    require_curator(request.user, overruling.project)
    form = AnswerForm(request.POST or None, initial={"version": overruling.version})
    if request.method != "POST":
        return _one(request, overruling, form, answering=True)
    if not form.is_valid():
        return _one(request, overruling, form, status=400, answering=True)
    given = {name: form.cleaned_data[name] for name in ("answer", "upheld")}
    seen = form.cleaned_data["version"]
    try:
        contesting.answer(by=request.user, overruling=overruling, seen=seen, **given)
    except contesting.ContestingError as error:
        show_refusal(form, error)
        return _one(request, overruling, form, status=400, answering=True)
    except Stale:
        return _overtaken(request, _overruling(seen_by, pk), form, answering=True)
    told = "The decision stands" if given["upheld"] else "The case is open again"
    messages.success(request, f"{told}, and the coder is told why.")
    return redirect("proposals", overruling.project.slug)


def _overruling(rows, pk: uuid.UUID) -> Overruling:
    rows = lessons.standing(rows.select_related("project"))
    return get_object_or_404(rows, pk=pk)


def _one(
    request: HttpRequest,
    overruling: Overruling,
    form: SeenForm,
    *,
    status: int = 200,
    answering: bool = False,
) -> HttpResponse:
    project = overruling.project
    [lesson] = lessons.lessons(request.user, project, [overruling])
    context = {
        "lesson": lesson, "form": form, "answering": answering,
        "hidden": answering and project.names_hidden,
    }  # fmt: skip
    return page(request, project, "annotations/overruling.html", context, status=status)


def _overtaken(request, overruling: Overruling, form: SeenForm, **how) -> HttpResponse:
    """The page with what was typed, beside what it is now."""
    form.data = form.data.copy()
    form.data["version"] = overruling.version
    form.add_error(None, OVERTAKEN)
    return _one(request, overruling, form, status=412, **how)
