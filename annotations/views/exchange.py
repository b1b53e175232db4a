"""What goes out of a project and comes in: exports, what they leave out, imports, reports."""

import uuid

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from annotations.access import imports_for
from annotations.exchange.formats import FORMATS
from annotations.exchange.holdings import IN_NO_FILE
from annotations.exchange.importing import imported
from annotations.exchange.source import NarrowingError, narrowed, source_for
from annotations.exchange_forms import ExportForm, ImportForm
from annotations.views.project import load_curated, load_member, page
from corpus_app.access import curates
from corpus_app.forms.fields import show_refusal
from corpus_app.models import Project

USUAL = "jsonl"
LISTED = 20  # imports on a page of the list


@require_safe
@never_cache
def exchange_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Every format, what the chosen one would leave out of the project, and what came in."""
    return _show(request, load_member(request, slug), ImportForm())


@require_POST
def import_file(request: HttpRequest, slug: str) -> HttpResponse:
    """The report on a file that was read to its end; pages with scripts ask the API instead."""
    project, form = load_curated(request, slug), ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, project, form, status=400)
    told = form.cleaned_data
    row = None
    for row in imported(  # noqa: B007 (the last one is the whole import)
        by=request.user, project=project, format=told["format"], file=told["file"],
        name=told["file"].name, dry=told["dry"], whole=told["whole"],
    ):  # fmt: skip
        pass
    return redirect("import-report", row.pk)


@require_safe
@never_cache
def import_report(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What became of a file, row by row."""
    row = imports_for(request.user).select_related("project", "by").filter(pk=pk).first()
    if row is None:
        raise Http404("No such import.")
    context = {"row": row, "label": FORMATS[row.format].label if row.format in FORMATS else ""}
    return page(request, row.project, "annotations/import_report.html", context)


def _show(
    request: HttpRequest, project: Project, form: ImportForm, status: int = 200
) -> HttpResponse:
    given = {"format": USUAL, **request.GET.dict()}
    asked = ExportForm(given, user=request.user, project=project, auto_id="out_%s")
    context = {"asked": asked, "form": form, **_chosen(request, project, asked)}
    if curates(request.user, project):
        listed = Paginator(_imports(request, project), LISTED)
        context["imports"] = listed.get_page(request.GET.get("p"))
    return page(request, project, "annotations/exchange.html", context, status)


def _chosen(request: HttpRequest, project: Project, asked: ExportForm) -> dict:
    """The format that was chosen, where its file is, and what it would leave out."""
    if not asked.is_valid():
        return {}
    name = asked.cleaned_data["format"]
    try:
        source = narrowed(source_for(request.user, project), **asked.asked)
    except NarrowingError as refusal:
        show_refusal(asked, refusal)
        return {}
    losses = [told.removeprefix("Left out: ") for told in FORMATS[name].losses(source)]
    address = reverse("export", args=[project.slug, name])
    return {
        "chosen": FORMATS[name], "extra": name, "losses": losses, "in_no_file": IN_NO_FILE,
        "address": f"{address}?{urlencode(asked.asked)}" if asked.asked else address,
        "annotations": source.annotations.filter(project=project).count(),
    }  # fmt: skip


def _imports(request: HttpRequest, project: Project):
    return imports_for(request.user).filter(project=project).select_related("by")
