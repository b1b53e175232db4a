"""What every page of a project begins with: who may open it, and what stands above it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from annotations.access import sees_figures
from corpus_app.access import curates, manages, projects_for, require_curator, require_manager
from corpus_app.models import Project, User


def load_member(request: HttpRequest, slug: str) -> Project:
    """The project of this slug, for its members. Raises Http404."""
    project = projects_for(request.user).filter(slug=slug).first()
    if project is None:
        raise Http404("No such project.")
    return project


def load_curated(request: HttpRequest, slug: str) -> Project:
    """The project of this slug, for its curators and managers. Raises Http404 and Forbidden."""
    project = load_member(request, slug)
    require_curator(request.user, project)
    return project


def load_managed(request: HttpRequest, slug: str) -> Project:
    """The project of this slug, for its managers. Raises Http404 and Forbidden."""
    project = load_member(request, slug)
    require_manager(request.user, project)
    return project


def page(
    request: HttpRequest, project: Project, template: str, context: dict, status: int = 200
) -> HttpResponse:
    """The template, which extends `annotations/project.html`, with the project's navigation."""
    return render(request, template, {**above(request.user, project), **context}, status=status)


def above(user: User, project: Project) -> dict:
    """What the project's navigation asks of the person: which pages she may open."""
    return {
        "project": project,
        "curated": curates(user, project),
        "managed": manages(user, project),
        "sees_figures": sees_figures(user, project),
    }
