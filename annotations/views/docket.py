"""The queue of cases, and taking over those that are agreed."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from annotations import adjudication, docket
from annotations.case_forms import DocketForm, TakeForm
from annotations.views.project import load_curated, page


@require_safe
@never_cache
def adjudication_queue(request: HttpRequest, slug: str) -> HttpResponse:
    """The project's cases, the most disputed first, and what else waits for a curator."""
    project = load_curated(request, slug)
    form = DocketForm(request.GET, user=request.user, project=project)
    if not form.is_valid():
        raise Http404("No such state, tag, story, person or page.")
    wish = form.wish
    context = {
        "form": form, "wish": wish, "docket": docket.docket(request.user, project, wish),
        "counts": docket.counts(request.user, project), "now": timezone.now(),
    }  # fmt: skip
    return page(request, project, "annotations/adjudication.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def take_over(request: HttpRequest, slug: str) -> HttpResponse:
    """What taking over the agreed cases would decide; then the queue without them."""
    project = load_curated(request, slug)
    data = request.POST if request.method == "POST" else request.GET
    form = TakeForm(data, user=request.user, project=project)
    if not form.is_valid():
        raise Http404("No such article.")
    article = form.cleaned_data["article"]
    rows = docket.agreed(request.user, project, article)
    if request.method == "POST":
        made = adjudication.take_over(by=request.user, rows=rows)
        messages.success(request, f"Taken over: {len(made)} agreed case{'s' * (len(made) != 1)}.")
        return redirect("adjudication", slug)
    context = {
        "rows": docket.preview(request.user, project, article), "number": rows.count(),
        "article": article, "now": timezone.now(),
    }  # fmt: skip
    return page(request, project, "annotations/take_over.html", context)
