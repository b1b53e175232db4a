"""One article comes in: raw input, its review, the stored article."""

import base64
from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from corpus_app import ingest
from corpus_app.access import projects_for, stories_for
from corpus_app.forms.intake import ROLES, IntakeForm, ReviewForm
from corpus_app.models import Project


@require_http_methods(["GET", "HEAD", "POST"])
def import_article(request: HttpRequest, slug: str) -> HttpResponse:
    """Raw input, then its review, then the stored article: three steps at one address."""
    project = get_object_or_404(projects_for(request.user), slug=slug)
    if request.method != "POST":
        return _intake(request, project, IntakeForm())
    if "raw" in request.POST:
        return _review(request, project)
    form = IntakeForm(request.POST, request.FILES)
    if not form.is_valid():
        return _intake(request, project, form, status=400)
    data, name = form.raw
    try:
        ingest.refuse_twice(project=project, data=data)
        proposal = ingest.propose(data=data)
    except ingest.IngestError as error:
        form.add_error(None, str(error))
        return _intake(request, project, form, status=400, earlier=error.article)
    found = {field: getattr(proposal.fields, field) for field in ReviewForm.METADATA}
    found["language"] = found["language"] or project.language
    raw = base64.b64encode(data).decode()
    review = ReviewForm(
        initial={"raw": raw, "name": name, **found}, stories=_stories(request, project)
    )
    return _show_review(request, project, review, proposal)


def _review(request: HttpRequest, project: Project) -> HttpResponse:
    """Store the article as reviewed, or show the review again with what stands in its way."""
    form = ReviewForm(request.POST, stories=_stories(request, project))
    if "raw" in form.errors:
        return _intake(request, project, IntakeForm(), status=400, lost=True)
    data = form.cleaned_data["raw"]
    try:
        proposal = ingest.propose(data=data)
    except ingest.IngestError:
        return _intake(request, project, IntakeForm(), status=400, lost=True)
    try:
        proposal = ingest.propose(data=data, roles=form.roles)
    except ingest.IngestError as error:
        form.add_error(None, str(error))
    if form.errors:
        return _show_review(request, project, form, proposal, status=400)
    if "preview" in request.POST:
        return _show_review(request, project, _with_found(form, proposal), proposal)
    proposal = replace(proposal, fields=form.metadata)
    try:
        article = ingest.store(
            by=request.user, project=project, data=data, proposal=proposal,
            name=form.cleaned_data["name"],
        )  # fmt: skip
    except ingest.IngestError as error:
        form.add_error(None, str(error))
        return _show_review(request, project, form, proposal, status=400, earlier=error.article)
    messages.success(request, f"Stored: “{article.shown_title}”.")
    return redirect("workbench", article.pk)


def _with_found(form: ReviewForm, proposal: ingest.Proposal) -> ReviewForm:
    """The form with what the lines' new roles say, in the fields the person left empty."""
    values = {
        name: form.cleaned_data[name] or getattr(proposal.fields, name)
        for name in ReviewForm.METADATA
    }
    kept = {name: form.data.get(name, "") for name in ("raw", "name")}
    return ReviewForm(initial={**values, **kept}, stories=form.fields["story"].queryset)


def _stories(request: HttpRequest, project: Project):
    return stories_for(request.user).filter(project=project)


def _intake(request, project: Project, form: IntakeForm, status: int = 200, **shown):
    context = {"project": project, "form": form, **shown}
    return render(request, "corpus_app/intake.html", context, status=status)


def _show_review(
    request, project: Project, form: ReviewForm, proposal, status: int = 200, earlier=None
):
    context = {
        "project": project,
        "form": form,
        "proposal": proposal,
        "roles": ROLES,
        "earlier": earlier,
    }
    return render(request, "corpus_app/review.html", context, status=status)
