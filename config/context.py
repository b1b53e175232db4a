"""What the bar at the top of every page needs to know of the person."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from annotations import inbox
from corpus_app.access import projects_for

MOST_LISTED = 30


def bar(request: HttpRequest) -> dict:
    """`bar`: where the person may import to, whether the desk opens, what is unread; when shown."""
    return {"bar": SimpleLazyObject(lambda: _bar(request))}


def _bar(request: HttpRequest) -> dict:
    projects = projects_for(request.user).filter(archived=None).only("slug", "name")[:MOST_LISTED]
    return {
        "projects": list(projects), "opens_desk": admin.site.has_permission(request),
        "unread": inbox.unread(request.user),
    }  # fmt: skip
