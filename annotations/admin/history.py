"""Every write at the desk: who, when, what, before and after."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator

from annotations import access
from corpus_app.access import actors_for, operations_for, revisions_for
from corpus_app.admin.scoped import People, Scoped, Theirs
from corpus_app.changes import changes
from corpus_app.models import Event

NOUNS = {
    "annotation": "annotation",
    "comment": "comment",
    "article": "article",
    "assignment": "assignment",
    "actor": "actor",
    "outlet": "outlet",
    "story": "story",
    "codebook": "codebook",
    "facet": "facet",
    "claimtag": "tag",
    "membership": "membership",
    "project": "project",
    "user": "user",
    "case": "case",
    "decision": "decision",
    "overruling": "overruling",
    "recoding": "recoding",
    "recode": "answer in a recoding",
}


class Nouns(admin.SimpleListFilter):
    """What was written; the list is fixed, so that it tells nothing."""

    title = "what"
    parameter_name = "noun"

    def lookups(self, request, model_admin):
        return list(NOUNS.items())

    def queryset(self, request, queryset):
        return queryset.filter(noun=self.value()) if self.value() in NOUNS else queryset


class OfOperation(admin.SimpleListFilter):
    """What was written at once: the latest operations, for those who may see them."""

    title, parameter_name = "operation", "operation"
    most = 20

    def lookups(self, request, model_admin):
        rows = list(operations_for(request.user)[: self.most])
        asked = self.used_parameters.get(self.parameter_name, [""])[-1]
        if _ids(asked) and asked not in {str(row.pk) for row in rows}:
            rows += operations_for(request.user).filter(pk=asked)
        return [(str(row.pk), Truncator(str(row)).chars(60)) for row in rows]

    def queryset(self, request, queryset):
        known = {key for key, _ in self.lookup_choices}
        return queryset.filter(operation=self.value()) if self.value() in known else queryset


def names_of(user, events: Iterable[Event]) -> dict[str, str]:
    """What the actors, tags and revisions in these events are called, by id as text."""
    ids = {
        found for event in events for state in (event.before, event.after) for found in _ids(state)
    }
    texts = revisions_for(user).filter(pk__in=ids).only("number")
    named = [
        *actors_for(user).filter(pk__in=ids), *access.tags_for(user).filter(pk__in=ids), *texts,
    ]  # fmt: skip
    return {str(thing.pk): str(thing) for thing in named}


def _ids(value: Any) -> set[uuid.UUID]:
    """Every UUID in a JSON value."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return set().union(*(_ids(part) for part in value))
    try:
        return {uuid.UUID(value)} if isinstance(value, str) and len(value) == 36 else set()
    except ValueError:
        return set()


@admin.register(Event)
class EventAdmin(Scoped):
    visible = staticmethod(access.events_for)
    has_history = False
    fields = (
        "at", "who", "did", "version", "reason", "at_once", "article", "told", "id", "undoes",
    )  # fmt: skip

    list_display = ("at", "who", "did", "version", "why", "at_once", "article", "project")
    list_filter = (Nouns, ("by", People), OfOperation, ("project", Theirs))
    list_select_related = ("article", "operation", "project")
    date_hierarchy = "at"
    search_fields = ("by_name", "object_id", "article__title", "reason")
    search_help_text = "Who, the thing's id, title of the article, the reason"

    def get_queryset(self, request):
        return super().get_queryset(request).defer("before", "after", "article__raw")

    def get_object(self, request, object_id, from_field=None):
        event = super().get_object(request, object_id, from_field)
        if event:
            [event] = access.with_seen_links(request.user, [event])
            event.names = names_of(request.user, [event])
        return event

    @admin.display(description="who", ordering="by_name")
    def who(self, event):
        return event.by_name

    @admin.display(description="did what", ordering="verb")
    def did(self, event):
        return f"{event.verb} {NOUNS.get(event.noun, event.noun)}"

    @admin.display(description="why", ordering="reason")
    def why(self, event):
        return Truncator(event.reason).chars(80) or None

    @admin.display(description="at once with others")
    def at_once(self, event):
        return event.operation and event.operation.words

    @admin.display(description="what changed")
    def told(self, event):
        """Each value that differs, before and after."""
        rows = format_html_join(
            "",
            '<tr><th scope="row">{}</th><td>{}</td><td>{}</td></tr>',
            changes(event.before, event.after, event.names),
        )
        return format_html(
            '<table class="table"><thead><tr><th scope="col">What</th><th scope="col">Before</th>'
            '<th scope="col">After</th></tr></thead><tbody>{}</tbody></table>',
            rows,
        )
