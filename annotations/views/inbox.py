"""The inbox: what a person is told, going where it can be dealt with, and how often by mail."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from annotations import desk_keeping, inbox, telling
from annotations.access import preferences_for
from annotations.forms import DigestForm, PlaceForm
from annotations.models import Preference


@require_safe
@never_cache
def inbox_page(request: HttpRequest) -> HttpResponse:
    """What waits for the person and what has been read, newest first, a page of it."""
    form = PlaceForm(request.GET)
    if not form.is_valid():
        raise Http404("No such page.")
    user = request.user
    entries, beyond = inbox.page(user, form.place)
    own = preferences_for(user).first() or Preference()
    context = {
        "entries": entries, "next": beyond, "first": form.place is None,
        "today": timezone.localdate(), "several": len({one.project for one in entries}) > 1,
        "digest": DigestForm(initial={"digest": own.digest}), "sends_mail": settings.SENDS_MAIL,
    }  # fmt: skip
    return render(request, "annotations/inbox.html", context)


@require_POST
def open_entry(request: HttpRequest, key: str) -> HttpResponse:
    """Where the entry can be dealt with; it is read from now on."""
    named = inbox.called(key)
    entry = inbox.entry(request.user, *named) if named else None
    if entry is None:
        raise Http404("This is not in your inbox any more.")
    own = {"messages": [entry.pk]} if entry.kind == inbox.MESSAGE else {"notices": [entry.pk]}
    telling.read(by=request.user, **own)
    return redirect(entry.href)


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """The inbox with nothing unread."""
    telling.read_all(by=request.user)
    messages.success(request, "Everything is marked as read. It stays here.")
    return redirect("inbox")


@require_POST
def choose_digest(request: HttpRequest) -> HttpResponse:
    """The inbox; mail comes as often as chosen."""
    form = DigestForm(request.POST)
    if not form.is_valid():
        raise BadRequest("Choose never, daily or weekly.")
    own = desk_keeping.prefer(by=request.user, **form.cleaned_data)
    said = {
        "never": "No mail comes any more.",
        "daily": "Mail comes once a day, if anything is unread.",
        "weekly": "Mail comes once a week, if anything is unread.",
    }
    messages.success(request, said[own.digest])
    return redirect("inbox")
