"""The queue, and taking an article from it."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from annotations import assigning, queue, threads
from annotations.forms import WishForm
from annotations.views.project import above
from corpus_app.access import articles_for, founds, memberships_of


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The queue: my articles by the state of my work, then the articles of the chosen project."""
    form = WishForm(request.GET, user=request.user)
    if not form.is_valid():
        raise Http404("No such project, section or page.")
    wish, user = form.wish, request.user
    roles = {own.project_id: own for own in memberships_of(user)}
    known = [(one, roles.get(one.pk)) for one in form.fields["project"].queryset]
    projects = [pair for pair in known if not pair[0].archived]
    project = wish.project or (projects[0][0] if len(projects) == 1 else None)
    sections = queue.own_work(user, wish)
    offered = queue.articles(user, project, wish) if project and wish.includes("articles") else None
    asked = [] if wish.section or wish.title else threads.asked_of(user)
    context = {
        "form": form, "wish": wish, "project": project, "sections": sections, "offered": offered,
        "asked": asked,
        "today": timezone.localdate(), "projects": projects, "known": known,
        "archived": [pair for pair in known if pair[0].archived], "founds": founds(user),
        **(above(user, project) if project else {}),
    }  # fmt: skip
    return render(request, "annotations/queue.html", context)


@require_POST
def take(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The workbench with an article that is the person's own from now on."""
    article = get_object_or_404(articles_for(request.user), pk=pk)
    try:
        assigning.assign(by=request.user, article=article, analyst=request.user)
    except assigning.AssigningError as error:
        messages.error(request, str(error))
        return redirect("home")
    return redirect("workbench", article.pk)
