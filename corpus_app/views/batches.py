"""Batches: files that come in together, their import, and the report of what became of each."""

import csv
import uuid
from collections.abc import Iterator

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from corpus_app import batches
from corpus_app.access import batches_for, curates, drives, projects_for
from corpus_app.batches import BatchError, Progress
from corpus_app.forms.batches import AfterForm, BatchForm, ItemsForm, layout_forms
from corpus_app.models import Batch, BatchItem, Project
from corpus_app.reading import Readers
from corpus_app.spreadsheet import guarded

LISTED, ITEMS, CHUNK = 25, 50, 1000
# Seconds of work in one request: a script asks again and again, a person presses a button.
SHORT, LONG = 1.5, 8.0


@require_http_methods(["GET", "HEAD", "POST"])
def project_batches(request: HttpRequest, slug: str) -> HttpResponse:
    """The project's batches, newest first, and a new one."""
    project = get_object_or_404(projects_for(request.user), slug=slug)
    form = BatchForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        name = form.cleaned_data["name"]
        batch = batches.open_batch(by=request.user, project=project, name=name)
        return redirect("batch", batch.pk)
    rows, after = _page_of_batches(request, project)
    context = {"project": project, "form": form, "batches": rows, "next": after}
    return render(request, "corpus_app/batches.html", context, status=400 if form.errors else 200)


@require_safe
def batch(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One batch: files to send, tables to confirm, how far it is, and what became of each file."""
    return _show(request, get_object_or_404(batches_for(request.user), pk=pk))


@require_POST
def add_files(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Files for the batch. `names` are their paths, where the browser gave them."""
    own = _driven(request, pk)
    files = request.FILES.getlist("files")
    names = request.POST.getlist("names")
    if len(names) != len(files):
        names = [file.name for file in files]
    try:
        with Readers() as readers:
            sent = [(name, file.read()) for name, file in zip(names, files, strict=True)]
            batches.add(by=request.user, batch=own, files=sent, readers=readers)
    except BatchError as error:
        return _refused(request, own, error)
    if _asks_for_json(request):
        return _told(own, batches.progress_of(own))
    if not files:
        messages.error(request, "No file was chosen, so nothing was sent.")
    return redirect("batch", own.pk)


@require_POST
def start(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The batch, running; or the layouts of its tables again, if one of them does not fit."""
    own = _driven(request, pk)
    forms = layout_forms(own, request.POST)
    # A form that was not shown is not checked: its table came while the page stood open.
    forms = [form for form in forms if form.add_prefix("text") in request.POST]
    if not all(form.is_valid() for form in forms):
        return _show(request, own, forms, status=400)
    try:
        layouts = {form.key: form.cleaned_data for form in forms}
        batches.start(by=request.user, batch=own, layouts=layouts)
    except BatchError as error:
        return _refused(request, own, error)
    return redirect("batch", own.pk)


@require_POST
def advance(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A little more of the batch's work."""
    own = _driven(request, pk)
    by_script = _asks_for_json(request)
    try:
        with Readers() as readers:
            progress = batches.advance(
                by=request.user, batch=own, readers=readers, seconds=SHORT if by_script else LONG
            )
    except BatchError as error:
        return _refused(request, own, error)
    return _told(own, progress) if by_script else redirect("batch", own.pk)


@require_POST
def discard(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The batch, ended: what waited is let go."""
    own = batches.discard(by=request.user, batch=_driven(request, pk))
    return redirect("batch", own.pk)


@require_safe
def report(request: HttpRequest, pk: uuid.UUID) -> StreamingHttpResponse:
    """What became of each file, as CSV."""
    own = get_object_or_404(batches_for(request.user), pk=pk)
    answer = StreamingHttpResponse(
        _lines(own, request.build_absolute_uri("/")), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="import-{own.created:%Y-%m-%d}.csv"'
    return answer


def _driven(request: HttpRequest, pk: uuid.UUID) -> Batch:
    """The batch, if the person may see it and go on with it."""
    found = get_object_or_404(batches_for(request.user), pk=pk)
    if not drives(request.user, found):
        raise PermissionDenied(
            "Only the person who opened this batch, and curators, go on with it."
        )
    return found


def _show(request: HttpRequest, own: Batch, forms=None, status: int = 200) -> HttpResponse:
    wish = ItemsForm(request.GET)
    if not wish.is_valid():
        raise Http404("No such items.")
    opened = own.state == Batch.State.OPEN
    if forms is None:
        forms = layout_forms(own) if opened else []
    became, after = wish.cleaned_data["became"], wish.cleaned_data["after"]
    items, following = _page_of_items(own, became, after or 0)
    context = {
        "batch": own, "project": own.project, "progress": batches.progress_of(own),
        "drives": drives(request.user, own), "mine": own.by_id == request.user.pk,
        "curated": curates(request.user, own.project),
        "layouts": forms, "items": items, "next": following, "became": became, "after": after,
        "limit": settings.UPLOAD_LIMIT - 2**20, "has_items": own.items.exists(),
    }  # fmt: skip
    return render(request, "corpus_app/batch.html", context, status=status)


def _page_of_items(own: Batch, became: str, after: int) -> tuple[list[BatchItem], int | None]:
    """Items after this number, and the number after which there are more."""
    rows = own.items.filter(number__gt=after).order_by("number").select_related("article")
    rows = rows.filter(state=became) if became else rows
    rows = rows.only(
        "batch_id", "number", "name", "kind", "state", "reason", "size",
        "article__title", "article__raw_name", "article__raw_sha256",
    )  # fmt: skip
    found = list(rows[: ITEMS + 1])
    return found[:ITEMS], found[ITEMS - 1].number if len(found) > ITEMS else None


def _page_of_batches(request: HttpRequest, project: Project) -> tuple[list[Batch], str | None]:
    """Batches, each with the counts of its items, and the id after which there are more."""
    wish = AfterForm(request.GET)
    if not wish.is_valid():
        raise Http404("No such page.")
    rows = batches_for(request.user).filter(project=project).order_by("-created", "-id")
    last = rows.filter(pk=wish.cleaned_data["after"]).first()
    if last:
        earlier = Q(created__lt=last.created) | Q(created=last.created, pk__lt=last.pk)
        rows = rows.filter(earlier)
    found = list(rows[: LISTED + 1])
    shown = found[:LISTED]
    counted = BatchItem.objects.filter(batch__in=shown).order_by()
    counts: dict[uuid.UUID, dict[str, int]] = {one.pk: {} for one in shown}
    for pk, state, count in counted.values_list("batch", "state").annotate(Count("pk")):
        counts[pk][state] = count
    for one in shown:
        one.counts = counts[one.pk]
    return shown, str(shown[-1].pk) if len(found) > LISTED else None


def _lines(own: Batch, root: str) -> Iterator[str]:
    """The report's lines, read a thousand items at a time."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(["file", "outcome", "reason", "title", "article"])
    after: int | None = 0
    while after is not None:
        rows = own.items.filter(number__gt=after).order_by("number").values_list(
            "number", "name", "state", "reason", "article__title", "article_id"
        )  # fmt: skip
        found = list(rows[:CHUNK])
        for _, name, state, reason, title, article in found:
            address = f"{root.rstrip('/')}{reverse('workbench', args=[article])}" if article else ""
            outcome = BatchItem.State(state).label.lower()
            yield writer.writerow(map(guarded, (name, outcome, reason, title or "", address)))
        after = found[-1][0] if len(found) == CHUNK else None


class _Echo:
    """What the CSV writer writes into: it gives the line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def _told(own: Batch, progress: Progress) -> JsonResponse:
    own.refresh_from_db(fields=["state"])
    return JsonResponse(
        {
            "state": own.state,
            "total": progress.total,
            "done": progress.done,
            "counts": progress.counts,
        }
    )


def _refused(request: HttpRequest, own: Batch, error: BatchError) -> HttpResponse:
    if _asks_for_json(request):
        return JsonResponse({"detail": str(error)}, status=409)
    messages.error(request, str(error))
    return redirect("batch", own.pk)


def _asks_for_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "") == "application/json"
