"""Making a project."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from annotations import founding
from corpus_app.access import Forbidden, founds
from corpus_app.forms.fields import show_refusal
from corpus_app.forms.projects import LIKE, FoundingForm
from corpus_app.history import DoorError
from corpus_app.models import Project, User


@require_http_methods(["GET", "HEAD", "POST"])
def new_project(request: HttpRequest) -> HttpResponse:
    """A project from a template or like another one; then the page where people are invited."""
    if not founds(request.user):
        raise Forbidden("Projects are made by administrators and by managers of other projects.")
    offered = founding.templates()
    named = {key: template.name for key, template in offered.items()}
    form = FoundingForm(request.POST or None, user=request.user, templates=named)
    if request.method == "POST" and form.is_valid():
        try:
            project = _found(request.user, form.cleaned_data)
        except DoorError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, f"Made: “{project.name}”. You manage it. Invite your team.")
            return redirect("people", project.slug)
    context = {"form": form, "templates": offered.values(), "like": LIKE}
    status = 400 if request.method == "POST" else 200
    return render(request, "annotations/project_new.html", context, status=status)


def _found(user: User, told: dict) -> Project:
    named = {name: told[name] for name in ("slug", "name", "description", "language")}
    if told["beginning"] != LIKE:
        return founding.from_template(by=user, template=told["beginning"], **named)
    return founding.from_project(by=user, source=told["source"], actors=told["actors"], **named)
