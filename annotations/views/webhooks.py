"""The webhooks of a project: which other systems are told what, and whether it arrives."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from annotations import hooking
from annotations.access import deliveries_for, webhooks_for, with_owners
from annotations.forms import SeenForm
from annotations.hook_forms import ChangedHookForm, HookForm
from annotations.models import Webhook
from annotations.views.project import load_managed, page
from corpus_app.forms.fields import show_refusal
from corpus_app.history import DoorError, Stale
from corpus_app.models import Project

LISTED = 50  # messages on a page of the log


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def hooks(request: HttpRequest, slug: str) -> HttpResponse:
    """The webhooks; after making one, its own page with its secret."""
    project = load_managed(request, slug)
    form = HookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            webhook = hooking.create(by=request.user, project=project, **form.cleaned_data)
        except hooking.HookingError as refusal:
            show_refusal(form, refusal)
        else:
            return _show(request, project, webhook, status=201, secret=hooking.secret_of(webhook))
    rows = with_owners(webhooks_for(request.user).filter(project=project))
    rows = list(rows.select_related("owner", "project"))
    context = {
        "form": form,
        "standing": [(one, one.owner_manages) for one in rows if not one.ended],
        "ended": [one for one in rows if one.ended],
    }
    status = 400 if request.method == "POST" else 200
    return page(request, project, "annotations/webhooks.html", context, status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def hook(request: HttpRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    """One webhook: what it is told, and what became of each message."""
    project = load_managed(request, slug)
    webhook = _webhook(request, project, pk)
    if request.method != "POST":
        return _show(request, project, webhook)
    form = ChangedHookForm(request.POST)
    if not form.is_valid():
        return _show(request, project, webhook, status=400, form=form)
    sent = dict(form.cleaned_data)
    try:
        hooking.change(by=request.user, webhook=webhook, seen=sent.pop("version"), **sent)
    except hooking.HookingError as refusal:
        show_refusal(form, refusal)
        return _show(request, project, webhook, status=400, form=form)
    except Stale as stale:
        messages.warning(request, "Nothing was saved: somebody changed it meanwhile. Look again.")
        return _show(request, project, stale.current, status=412)
    messages.success(request, f"Saved: “{webhook.name}”.")
    return redirect("hook", slug, pk)


@never_cache
@require_POST
def secret(request: HttpRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    """The webhook's page with its secret, or with a new one if that was asked for."""
    project = load_managed(request, slug)
    webhook, form = _webhook(request, project, pk), SeenForm(request.POST)
    if "new" not in request.POST:
        return _show(request, project, webhook, secret=hooking.secret_of(webhook))
    if not form.is_valid():
        return _show(request, project, webhook, status=400)
    try:
        seen = form.cleaned_data["version"]
        made = hooking.rotate(by=request.user, webhook=webhook, seen=seen)
    except (DoorError, Stale) as refusal:
        messages.error(request, f"The secret is as before. {refusal}")
        return redirect("hook", slug, pk)
    return _show(request, project, webhook, secret=made)


@require_POST
def ping(request: HttpRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    """The webhook's page, with a test message on its way."""
    webhook = _webhook(request, load_managed(request, slug), pk)
    return _done(
        request, webhook, lambda: hooking.ping(by=request.user, webhook=webhook),
        "A test message is on its way. It stands in the log below.",
    )  # fmt: skip


@require_POST
def send_again(request: HttpRequest, slug: str, pk: uuid.UUID, delivery: uuid.UUID) -> HttpResponse:
    """The webhook's page, with this message on its way once more."""
    webhook = _webhook(request, load_managed(request, slug), pk)
    rows = deliveries_for(request.user).filter(webhook=webhook).select_related("webhook")
    message = get_object_or_404(rows, pk=delivery)
    return _done(
        request, webhook, lambda: hooking.redeliver(by=request.user, delivery=message),
        "The message is on its way once more.",
    )  # fmt: skip


@require_POST
def end(request: HttpRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    """The webhook's page; nothing is sent to it any more."""
    webhook, form = _webhook(request, load_managed(request, slug), pk), SeenForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Nothing was changed: the version is missing. Try again here.")
        return redirect("hook", slug, pk)
    seen = form.cleaned_data["version"]
    return _done(
        request, webhook, lambda: hooking.end(by=request.user, webhook=webhook, seen=seen),
        "Ended: nothing is sent there any more. What was sent stays in the log.",
    )  # fmt: skip


def _webhook(request: HttpRequest, project: Project, pk: uuid.UUID) -> Webhook:
    rows = webhooks_for(request.user).filter(project=project).select_related("owner", "project")
    return get_object_or_404(rows, pk=pk)


def _done(
    request: HttpRequest, webhook: Webhook, write: Callable[[], object], said: str
) -> HttpResponse:
    """The webhook's page, once the door has said its word."""
    try:
        write()
        messages.success(request, said)
    except (DoorError, Stale) as refusal:
        messages.error(request, f"Nothing was done. {refusal}")
    return redirect("hook", webhook.project.slug, webhook.pk)


def _show(
    request: HttpRequest, project: Project, webhook: Webhook, status: int = 200, **more
) -> HttpResponse:
    log = deliveries_for(request.user).filter(webhook=webhook).select_related("event")
    context = {
        "webhook": webhook, "told": hooking.may_be_told(webhook),
        "form": ChangedHookForm.of(webhook), "log": Paginator(log, LISTED).get_page(
            request.GET.get("p")
        ),
        "events": ", ".join(webhook.events), **more,
    }  # fmt: skip
    return page(request, project, "annotations/webhook.html", context, status)
