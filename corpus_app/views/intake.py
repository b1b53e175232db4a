"""One article comes in: raw input, its review, the stored article."""

import base64
from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods

from corpus_app import ingest
from corpus_app.access import Archived, projects_for
from corpus_app.forms.intake import IntakeForm
from corpus_app.forms.review import ReviewForm, initial_of
from corpus_app.models import Article, Project
from corpus_app.views import reviewing


@require_http_methods(["GET", "HEAD", "POST"])
@gzip_page
def import_article(request: HttpRequest, slug: str) -> HttpResponse:
    """Raw input, then its review, then the stored article: three steps at one address."""
    project = get_object_or_404(projects_for(request.user), slug=slug)
    if project.archived:
        raise Archived
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
        found = ingest.propose(data=data, name=name, project=project)
    except ingest.IngestError as error:
        form.add_error(None, f"{name}: {error}" if name else str(error))
        return _intake(request, project, form, status=400, earlier=error.article)
    initial = {**initial_of(found.fields), "raw": base64.b64encode(data).decode(), "name": name}
    initial["language"] = initial["language"] or project.language
    stories = reviewing.stories(request.user, project)
    return _show(request, project, ReviewForm(initial=initial, stories=stories), found, found)


def _review(request: HttpRequest, project: Project) -> HttpResponse:
    """Store the article as reviewed, or show the review again with what stands in its way."""
    form = ReviewForm(request.POST, stories=reviewing.stories(request.user, project))
    if "raw" in form.errors:
        return _intake(request, project, IntakeForm(), status=400, lost=True)
    data, name = form.cleaned_data["raw"], form.data.get("name", "")
    outlet = reviewing.outlet_called(request.user, project, form.data.get("outlet"))
    try:
        proposal = found = ingest.propose(data=data, name=name, outlet=outlet)
    except ingest.IngestError:
        return _intake(request, project, IntakeForm(), status=400, lost=True)
    try:
        proposal = ingest.corrected(found, form.own_roles(found.lines))
    except ingest.IngestError as error:
        form.add_error(None, str(error))
    if form.rules and not form.cleaned_data.get("outlet"):
        form.add_error("outlet", "Name the outlet that is to keep these rules.")
    if form.errors:
        return _show(request, project, form, found, proposal, status=400)
    if "preview" in request.POST:
        return _show(request, project, _with_found(form, proposal), found, proposal)
    if unseen := form.unseen(proposal.lines):
        return _show(request, project, _with_found(form, proposal), found, proposal, unseen=unseen)
    proposal = replace(proposal, fields=form.metadata)
    try:
        article = ingest.store(
            by=request.user, project=project, data=data, proposal=proposal, name=name
        )
    except ingest.IngestError as error:
        form.add_error(None, str(error))
        return _show(request, project, form, found, proposal, status=400, earlier=error.article)
    return _next(request, article, form)


def _next(request: HttpRequest, article: Article, form: ReviewForm) -> HttpResponse:
    """The article's desk; where rules were ticked, first the outlet's other articles."""
    if form.rules and article.outlet:
        address = reverse("workbench", args=[article.pk])
        link = format_html('Stored: <a href="{}">“{}”</a>.', address, article.shown_title)
        messages.success(request, link)
        return reviewing.keep_rules(request, article, form.rules)
    messages.success(request, f"Stored: “{article.shown_title}”.")
    return redirect("workbench", article.pk)


def _with_found(form: ReviewForm, proposal: ingest.Proposal) -> ReviewForm:
    """The form with what the lines' new roles say, in the fields the person left empty."""
    values = {
        name: form.cleaned_data[name] or value
        for name, value in initial_of(proposal.fields).items()
    }
    kept = {name: form.data.get(name, "") for name in ("raw", "name")}
    shown = ReviewForm(initial={**values, **kept}, stories=form.fields["story"].queryset)
    shown.ticked = form.data.getlist("rule")
    return shown


def _intake(request, project: Project, form: IntakeForm, status: int = 200, **shown):
    context = {"project": project, "form": form, **shown}
    return render(request, "corpus_app/intake.html", context, status=status)


def _show(request, project: Project, form: ReviewForm, found, proposal, status: int = 200, **more):
    context = reviewing.page(request.user, project, form, found, proposal)
    return render(request, "corpus_app/review.html", {**context, **more}, status=status)
