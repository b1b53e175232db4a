"""What changed in a project, in the order of turns, as one person may be told of it.

Nothing is passed over however many write at once: a page ends where every earlier turn is settled
(`corpus_app.turns`). Numbers of turns are told to nobody, since their gaps would say how much
others did that she may not see: a cursor is the id of an event.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KT
from rest_framework.serializers import Serializer

from annotations.access import (
    annotations_for,
    assignments_for,
    cases_for,
    changes_for,
    codebooks_for,
    comments_for,
    facets_for,
    links_for,
    rejections_for,
    releases_for,
    tags_for,
)
from annotations.exchange import record
from annotations.serializers import (
    ClaimTagSerializer,
    CodebookSerializer,
    FacetSerializer,
    annotation_as_json,
    rejection_as_json,
)
from annotations.team_shapes import AssignmentSerializer, CaseSerializer, ReleaseSerializer
from annotations.threads import comment_as_json, whole
from corpus_app.access import (
    actors_for,
    articles_for,
    members_for,
    memberships_of,
    outlets_for,
    projects_for,
    stories_for,
)
from corpus_app.models import Event, Project, Revision, Turn, User
from corpus_app.serializers import (
    ActorSerializer,
    ArticleSerializer,
    MembershipSerializer,
    OutletSerializer,
    ProjectSerializer,
    StorySerializer,
)
from corpus_app.turns import settled

# After these on her own assignment she sees more of an article than before, or less.
MOVING_THE_VEIL = ("assigned", "handed in", "returned", "withdrawn")

# Who is not shown such a thing is not told of it, either.
PERSONAL = ("comment", "rejection")

# What is in its list when it is deleted, too, without its words.
KEPT_IN_LISTS = ("comment",)

Shown = dict[str, dict[str, Any]]  # by id


class UnknownCursor(ValueError):
    """A cursor that no answer about this project gave."""


@dataclass(frozen=True)
class Page:
    """Entries in the order of turns; `next` is the cursor to go on from (None: from the start)."""

    entries: list[dict[str, Any]]
    next: UUID | None
    more: bool


def page(user: User, project: Project, since: UUID | None, size: int) -> Page:
    """What changed after this cursor (None: since the beginning), at most so many entries.

    In a number of queries that does not grow with the page. Raises UnknownCursor.
    """
    upto = settled()  # before the page is read: what is settled by then is in it
    rows = after(changes_for(user), project, _number(project, since), upto)
    events = list(_lean(rows)[: size + 1])
    more, events = len(events) > size, events[:size]
    return Page(_entries(user, events), events[-1].pk if events else since, more)


def after(rows: QuerySet[Event], project: Project, number: int, upto: int) -> QuerySet[Event]:
    """Those of a project after one turn and up to another, in the order of turns."""
    turns = {"turn__project": project, "turn__number__gt": number, "turn__number__lte": upto}
    return rows.filter(**turns).order_by("turn__number")


def entry(user: User, event: UUID) -> dict[str, Any] | None:
    """The entry of one event; None if the user is not told of it."""
    return next(iter(_entries(user, list(_lean(changes_for(user).filter(pk=event))))), None)


def _number(project: Project, since: UUID | None) -> int:
    if since is None:
        return 0
    own = Turn.objects.filter(project=project, event=since)
    number = own.values_list("number", flat=True).first()
    if number is None:
        raise UnknownCursor("Take cursors from `next` and from entries of this project.")
    return number


def _lean(rows: QuerySet[Event]) -> QuerySet[Event]:
    """Without what they say, which may be long, but for whether a project was `blind`, and is."""
    rows = rows.annotate(was_blind=KT("before__blind"), is_blind=KT("after__blind"))
    return rows.select_related("by", "project").defer("before", "after", "reason")


def _entries(user: User, events: Collection[Event]) -> list[dict[str, Any]]:
    ids: dict[str, set[str]] = defaultdict(set)
    for event in events:
        ids[event.noun].add(event.object_id)
    shown = {noun: SHAPES[noun](user, wanted) for noun, wanted in ids.items() if noun in SHAPES}
    own = {str(pk) for pk in memberships_of(user).values_list("pk", flat=True)}
    told = []
    for event in events:
        data = shown.get(event.noun, {}).get(event.object_id)
        # Of a rejection of somebody else's, or where somebody else brought a colleague's words.
        if event.noun in PERSONAL and data is None:
            continue
        deleted = bool(data and data.get("deleted"))
        gone = deleted and event.noun not in KEPT_IN_LISTS
        told.append({
            "cursor": event.pk, "project": event.project and event.project.slug, "at": event.at,
            "verb": event.verb, "noun": event.noun, "id": event.object_id,
            "version": event.version, "by": event.by.username, "deleted": deleted,
            "data": None if gone else data, "reread": _reread(user, event, own),
        })  # fmt: skip
    return told


def _reread(user: User, event: Event, own: Collection[str]) -> dict[str, Any] | None:
    """What has to be read anew, as the event changed how much of others' work she sees."""
    if event.noun == "assignment" and event.author_id == user.pk:
        return {"article": event.article_id} if event.verb in MOVING_THE_VEIL else None
    switched = event.noun == "project" and event.was_blind not in (None, event.is_blind)
    if switched or (event.noun == "membership" and event.object_id in own):
        return {"project": event.project.slug}
    return None


def _annotations(user: User, ids: Collection[str]) -> Shown:
    seen = annotations_for(user).filter(pk__in=ids).order_by().values_list("pk", flat=True)
    found = record.of(list(seen), links_for(user))
    return {one.id: annotation_as_json(one) for one in found}


def _comments(user: User, ids: Collection[str]) -> Shown:
    rows = whole(comments_for(user).filter(pk__in=ids))
    return {str(row.pk): comment_as_json(row, user) for row in rows}


def _rejections(user: User, ids: Collection[str]) -> Shown:
    rows = rejections_for(user).filter(pk__in=ids).select_related("author")
    return {str(row.pk): rejection_as_json(row) for row in rows.prefetch_related("verdicts")}


def _articles(user: User) -> QuerySet:
    newest = Revision.objects.filter(article=OuterRef("pk")).order_by("-number")
    told = {
        f"revision_{name}": Subquery(newest.values(name)[:1]) for name in ("id", "number", "sha256")
    }
    return articles_for(user).select_related("project", "outlet", "story").annotate(**told)


def _of(
    rows_for: Callable[[User], QuerySet], serializer: type[Serializer], *related: str
) -> Callable[[User, Collection[str]], Shown]:
    """How things are shown that a serializer shows, read with what it needs."""

    def shown(user: User, ids: Collection[str]) -> Shown:
        rows = rows_for(user).filter(pk__in=ids)
        rows = rows.select_related(*related) if related else rows
        return {str(row.pk): serializer(row).data for row in rows}

    return shown


# By the noun of an event: how the API gives the things with these ids that the user may see.
SHAPES: Mapping[str, Callable[[User, Collection[str]], Shown]] = {
    "project": _of(projects_for, ProjectSerializer),
    "membership": _of(members_for, MembershipSerializer, "project", "user"),
    "outlet": _of(outlets_for, OutletSerializer, "project"),
    "story": _of(stories_for, StorySerializer, "project"),
    "article": _of(_articles, ArticleSerializer),
    "actor": _of(
        lambda user: actors_for(user).with_parts(), ActorSerializer, "project", "standing"
    ),
    "codebook": _of(codebooks_for, CodebookSerializer, "project"),
    "facet": _of(facets_for, FacetSerializer, "project"),
    "claimtag": _of(tags_for, ClaimTagSerializer, "project"),
    "assignment": _of(assignments_for, AssignmentSerializer, "project", "analyst"),
    "case": _of(
        lambda user: cases_for(user).prefetch_related("members"), CaseSerializer,
        "project", "held_by",
    ),
    "release": _of(releases_for, ReleaseSerializer),
    "annotation": _annotations,
    "comment": _comments,
    "rejection": _rejections,
}  # fmt: skip
