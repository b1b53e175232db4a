"""What is new in an article since somebody looked, and who else is there: read again and again.

A change is told by the moment at which it was made. It may be stored a little later, when its
writer waited for another one; so everything is told again for OVERLAP, and whoever reads passes
over the versions known already. Everything comes from `access`: what is hidden changes nothing
here, neither a row nor the order nor the sign by which two answers are told apart.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import CharField, Count, Q, QuerySet, Sum, Value
from django.utils import timezone

from annotations.access import (
    annotations_for,
    comments_for,
    positions_for,
    preferences_for,
    presences_for,
    sees_others,
)
from annotations.models import Annotation, Comment, Preference
from corpus_app.access import open_events_for, revisions_for
from corpus_app.models import Article, Event, Revision, User

OVERLAP = timedelta(seconds=30)  # a writer waits for another one for 20 at most
MOST = 500
PRESENT_FOR = timedelta(seconds=45)  # after a sign of life; pages give one every 20
EARLIEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Newest:
    """The newest text of an article; in a `blind` project nobody is told who is there."""

    revision: uuid.UUID
    number: int
    blind: bool


@dataclass(frozen=True)
class Changed:
    """What was changed, oldest change first, at most MOST; `at` is the moment of the last.

    There is more if `after` is given: the last one's id, to go on from. `sign` is another one
    whenever anything of it has changed.
    """

    at: datetime | None
    after: uuid.UUID | None
    annotations: Sequence[uuid.UUID]
    comments: Sequence[uuid.UUID]
    sign: str


def newest(user: User, article: uuid.UUID) -> Newest | None:
    """The newest text, if the user may see the article; one query."""
    own = revisions_for(user).filter(article=article).order_by("-number")
    found = own.values_list("pk", "number", "project__blind").first()
    return Newest(*found) if found else None


def correction(user: User, article: uuid.UUID) -> Event | None:
    """The event that made the newest text, unless it is the first."""
    told = open_events_for(user).filter(article=article, verb="corrected")
    return told.order_by("-at").first()


def changed(
    user: User,
    article: uuid.UUID,
    since: datetime | None,
    after: uuid.UUID | None = None,
    *,
    blind: bool = True,
) -> Changed:
    """The annotations and comments that were changed since that moment (None: all there are).

    `after` goes on behind the row with this id that was changed at that very moment. One query;
    two more if there is more than MOST. In a project that is not `blind` it is asked first, at
    half the price, whether anybody changed anything; elsewhere even the time that an answer takes
    must be the same whatever others do.
    """
    if since and not blind and not _is_touched(article, since):
        return Changed(since, None, [], [], repr(([], [])))
    found = [
        _since(rows.filter(article=article), since, after)
        for rows in (annotations_for(user), comments_for(user))
    ]
    first, second = (
        rows.annotate(noun=Value(noun, CharField()))
        .order_by()
        .values_list("updated", "id", "version", "noun")
        for noun, rows in zip(("annotation", "comment"), found, strict=True)
    )
    rows = list(first.union(second, all=True).order_by("updated", "id")[: MOST + 1])
    is_more, rows = len(rows) > MOST, rows[:MOST]
    sizes = [own.aggregate(Count("pk"), Sum("version")) for own in found] if is_more else []
    told = [(str(pk), version) for _, pk, version, _ in rows]
    return Changed(
        at=max((moment for moment in (since, rows and rows[-1][0]) if moment), default=None),
        after=rows[-1][1] if is_more else None,
        annotations=[pk for _, pk, _, noun in rows if noun == "annotation"],
        comments=[pk for _, pk, _, noun in rows if noun == "comment"],
        sign=repr((told, sizes)),
    )


def _is_touched(article: uuid.UUID, since: datetime) -> bool:
    first, second = (
        _since(model.objects.filter(article=article), since, None).order_by().values("id")
        for model in (Annotation, Comment)
    )
    return first.union(second, all=True).exists()


def _since(rows: QuerySet, since: datetime | None, after: uuid.UUID | None) -> QuerySet:
    if since is None:
        return rows
    if after:
        return rows.filter(Q(updated__gt=since) | Q(pk__gt=after), updated__gte=since)
    return rows.filter(updated__gte=max(since, EARLIEST + OVERLAP) - OVERLAP)


def here(user: User, article: uuid.UUID) -> list[tuple[str, str]]:
    """User name and shown name of everybody else who has the article open, by user name."""
    rows = presences_for(user).filter(article=article, seen__gt=timezone.now() - PRESENT_FOR)
    names = (f"user__{name}" for name in ("username", "first_name", "last_name"))
    others = rows.exclude(user=user).select_related("user").only("id", *names)
    return sorted((row.user.username, row.user.shown_name) for row in others)


def desk_of(*, user: User, article: Article, revision: Revision) -> dict:
    """What the workbench's page carries of the reader's own desk.

    `moment` is when the page was made: whatever is newer is asked of the live updates. `sighted`
    says whether others' work on the article is shown to her, `open` whether people are told who
    else is there. `position` is where she stopped
    reading, in code points of this revision, or None; a text that has become shorter ends it.
    """
    own = preferences_for(user).first() or Preference()
    kept = positions_for(user).filter(article=article).values_list("place", flat=True).first()
    return {
        "preference": {"keys": own.keys, "density": own.density, "toured": bool(own.toured)},
        "position": None if kept is None else min(kept, len(revision.text)),
        "sighted": sees_others(user, article),
        "open": not article.project.blind,
        "moment": timezone.now(),
    }
