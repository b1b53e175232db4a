"""Queues of what is to be coded again: opened and closed by curators, answered by coders."""

import uuid

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from annotations import recoding, recodings
from annotations.access import recodings_for, tags_for
from annotations.forms import RecodeForm, RecodingForm, SeenForm
from annotations.models import Coding, Recode, Recoding
from annotations.views.project import load_curated, page
from corpus_app.access import require_curator
from corpus_app.forms.fields import show_refusal
from corpus_app.history import Stale

ANSWERED = "You have answered this one already, in another window. Look at it again below."


@require_http_methods(["GET", "HEAD", "POST"])
def recodings_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Tags with codings under older definitions, and the queues that are open or were closed."""
    project = load_curated(request, slug)
    if request.method != "POST":
        return _show(request, project)
    form = RecodingForm(request.POST, tags=tags_for(request.user).filter(project=project))
    if not form.is_valid():
        return _show(request, project, form, status=400)
    given = form.cleaned_data
    try:
        opened = recoding.open_recoding(
            by=request.user, tag=given["tag"], seen=given["definition"], reason=given["reason"]
        )
    except recoding.RecodingError as error:
        show_refusal(form, error)
        return _show(request, project, form, status=400)
    except Stale:
        form.add_error(
            None,
            f"No queue was opened: “{given['tag'].label}” was defined anew after you opened this "
            "page. Its newest wording is shown now; what you typed is still here.",
        )
        return _show(request, project, form, status=412)
    number = opened.recodes.count()
    messages.success(
        request, f"Opened: {number} annotation{'s' * (number != 1)} to code again, and their "
        "coders are told.",
    )  # fmt: skip
    return redirect("recodings", slug)


@require_POST
def close_recoding(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The queue closed; what is unanswered stays as it was coded."""
    queue = _recoding(request, pk)
    require_curator(request.user, queue.project)
    form = SeenForm(request.POST)
    if not form.is_valid():
        raise BadRequest("The version of the queue is missing.")
    try:
        recoding.close(by=request.user, recoding=queue, seen=form.cleaned_data["version"])
    except Stale:
        messages.warning(request, "The queue was changed after you opened this page. Look again.")
    else:
        messages.success(request, f"The queue of “{queue.tag.label}” is closed.")
    return redirect("recodings", queue.project.slug)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def recode(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The coder's next item of a queue; what she said of it before is not shown."""
    queue = _recoding(request, pk)
    own = recodings.standing(request.user, queue)
    if not own.exists():
        raise Http404("Nothing here is yours to code again.")
    if request.method != "POST":
        return _item(request, queue, recodings.waiting(request.user, queue).first())
    form = RecodeForm(request.POST)
    if not form.is_valid():
        raise BadRequest("The item or its version is missing.")
    item = get_object_or_404(own, pk=form.cleaned_data["item"])
    try:
        _write(request, item, form)
    except recoding.RecodingError as error:
        show_refusal(form, error)
        return _item(request, queue, get_object_or_404(own, pk=item.pk), form, status=400)
    except Stale as stale:
        form.data = form.data.copy()
        form.data["version"] = stale.current.version
        form.add_error(None, ANSWERED)
        return _item(request, queue, get_object_or_404(own, pk=item.pk), form, status=412)
    return redirect("recode", pk)


def _write(request: HttpRequest, item: Recode, form: RecodeForm) -> None:
    given = form.cleaned_data
    if "undo" in request.POST:
        recoding.take_back(by=request.user, recode=item, seen=given["version"])
        return
    said = {name: given[name] for name in ("answer", "stance", "note")}
    recoding.answer(by=request.user, recode=item, seen=given["version"], **said)
    if item.annotation.state == item.annotation.State.DRAFT:
        messages.warning(
            request,
            f"Saved. That claim has no “{item.recoding.tag.facet.name}” any more, which the "
            "codebook requires. Curators see that; they return the article to you if it needs "
            "another tag.",
        )


def _recoding(request: HttpRequest, pk: uuid.UUID) -> Recoding:
    rows = recodings_for(request.user).select_related("project", "tag__facet")
    return get_object_or_404(rows, pk=pk)


def _show(request: HttpRequest, project, form: RecodingForm | None = None, status: int = 200):
    user = request.user
    context = {
        "outdated": recodings.outdated(user, project),
        "open": recodings.queues(user, project, closed=False),
        "closed": recodings.queues(user, project, closed=True),
        "form": form, "typed": form and form.data,
    }  # fmt: skip
    return page(request, project, "annotations/recodings.html", context, status=status)


def _item(
    request: HttpRequest,
    queue: Recoding,
    item: Recode | None,
    form: RecodeForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The item with its text and the definition; or that all is done, or the queue closed."""
    own = recodings.standing(request.user, queue)
    context = {
        "queue": queue, "item": item, "form": form, "stances": Coding.Stance.choices[1:],
        "total": own.count(), "done": own.exclude(done=None).count(),
        "last": own.exclude(done=None).order_by("-done", "pk").first(),
    }  # fmt: skip
    if item:
        context |= {"blocks": recodings.blocks(item), "wording": recodings.wording(item)}
    return page(request, queue.project, "annotations/recode.html", context, status=status)
