"""Releases: the list of a project's, the permanent page of each, and how two differ."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_POST, require_safe

from annotations import contents, frozen, releasing
from annotations.access import releases_for
from annotations.models import Release
from annotations.release_forms import AudienceForm, ReleaseForm
from annotations.views.project import above, load_curated, load_member, page
from corpus_app.access import is_member, manages, require_manager
from corpus_app.forms.fields import show_refusal
from corpus_app.history import Stale
from corpus_app.models import Project

LISTED = 25
COMPARED = 50  # the newest of the others


@require_safe
def releases_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The project's releases that one may see; for curators with a form for the next."""
    return _list(request, load_member(request, slug), ReleaseForm())


@require_POST
def make_release(request: HttpRequest, slug: str) -> HttpResponse:
    """The page of the release that was made."""
    project, form = load_curated(request, slug), ReleaseForm(request.POST)
    if form.is_valid():
        try:
            made = releasing.release(by=request.user, project=project, **form.cleaned_data)
        except releasing.ReleasingError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, f"Released: “{made.name}”, with {made.size:,} bytes.")
            return redirect("release", made.pk)
    return _list(request, project, form, status=400)


@login_not_required
@require_safe
def release_page(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The permanent page of a release, for those whom it is shown to."""
    release = _load(request, pk)
    return release if isinstance(release, HttpResponse) else _show(request, release)


@login_not_required
@require_safe
def release_archive(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The archive, as it was made."""
    release = _load(request, pk)
    return release if isinstance(release, HttpResponse) else archive_of(release)


@login_not_required
@require_safe
def release_difference(request: HttpRequest, pk: uuid.UUID, other: uuid.UUID) -> HttpResponse:
    """What the release has otherwise than another of the same project."""
    release, before = _load(request, pk), _load(request, other)
    for loaded in (release, before):
        if isinstance(loaded, HttpResponse):
            return loaded
    if release.project_id != before.project_id or release.pk == before.pk:
        raise Http404("These are not two releases of one project.")
    before, after = sorted((release, before), key=lambda one: one.number)
    told = {"before": before, "after": after, "tables": frozen.difference(before, after)}
    return _render(request, release, "annotations/release_difference.html", told)


@require_POST
def show_release(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The release's page, shown to others than before."""
    release = _load(request, pk)
    if isinstance(release, HttpResponse):
        return release
    require_manager(request.user, release.project)
    form = AudienceForm(request.POST)
    if not form.is_valid():
        return _show(request, release, form, status=400)
    told = form.cleaned_data
    try:
        releasing.show_to(
            by=request.user, release=release, seen=told["version"], audience=told["audience"]
        )
    except releasing.ReleasingError as refusal:
        show_refusal(form, refusal)
        return _show(request, release, form, status=400)
    except Stale as stale:
        form.add_error(None, f"{stale} Nothing was changed: look at it again.")
        return _show(request, stale.current, form, status=412)
    messages.success(request, f"Shown to: {release.get_audience_display()}.")
    return redirect("release", release.pk)


def archive_of(release: Release) -> StreamingHttpResponse:
    """The archive as an answer; it never changes, so whoever has it need not ask again."""
    response = StreamingHttpResponse(
        frozen.pieces(release), content_type="application/zip", headers=frozen.headers(release)
    )
    patch_cache_control(response, private=True, no_cache=True)
    return response


def _load(request: HttpRequest, pk: uuid.UUID) -> Release | HttpResponse:
    """The release; for somebody who is not signed in and may see it then, the way to sign in."""
    release = releases_for(request.user).filter(pk=pk).first()
    if release is None and not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path(), reverse("sign-in"))
    if release is None:
        raise Http404("No such release.")
    return release


def _list(
    request: HttpRequest, project: Project, form: ReleaseForm, status: int = 200
) -> HttpResponse:
    rows = releases_for(request.user).filter(project=project).order_by("-number")
    listed = Paginator(rows, LISTED).get_page(request.GET.get("p"))
    context = {"releases": listed, "form": form}
    return page(request, project, "annotations/releases.html", context, status)


def _show(
    request: HttpRequest, release: Release, form: AudienceForm | None = None, status: int = 200
) -> HttpResponse:
    others = releases_for(request.user).filter(project=release.project).exclude(pk=release.pk)
    others = others.order_by("-number")[:COMPARED]
    usual = {"version": release.version, "audience": release.audience}
    files = release.manifest.get("files", ())
    context = {
        "release": release, "others": others, "files": files,
        "has_figures": any(file["name"] == contents.FIGURES for file in files),
        "address": request.build_absolute_uri(reverse("release", args=[release.pk])),
        "form": form or AudienceForm(initial=usual),
        "shows": request.user.is_authenticated and manages(request.user, release.project),
    }  # fmt: skip
    return _render(request, release, "annotations/release.html", context, status)


def _render(
    request: HttpRequest, release: Release, template: str, context: dict, status: int = 200
) -> HttpResponse:
    """The page; members of the project get its navigation, others do without."""
    member = request.user.is_authenticated and is_member(request.user, release.project)
    around = above(request.user, release.project) if member else {}
    base = "annotations/project.html" if member else "annotations/outside.html"
    return render(
        request, template, {**around, "base": base, "release": release, **context}, status=status
    )
