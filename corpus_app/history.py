"""The history: one event for every write, in the same transaction. The lowest of the doors."""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import orjson
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from corpus_app.access import require_open
from corpus_app.models import Article, Event, Operation, Project, User
from corpus_app.pouring import pour

# The operation that is under way, so that a door need not know whether it writes one of many.
_under_way: ContextVar[Operation | None] = ContextVar("operation under way", default=None)
COLUMNS = (
    "id", "project_id", "at", "by_id", "by_name", "verb", "noun", "object_id", "version",
    "article_id", "author_id", "before", "after", "undoes_id", "reason", "operation_id",
)  # fmt: skip
# What is done to an archived project all the same: its settings, and taking rights away.
DONE_IN_ARCHIVE = ("ended", "revoked")


class DoorError(Exception):
    """A write that was refused. `messages` maps a field's name to what is wrong with it."""

    def __init__(self, message: str = "", **fields: str):
        self.messages = {name: [text] for name, text in fields.items()}
        if message:
            self.messages["non_field_errors"] = [message]
        super().__init__(" ".join(text for texts in self.messages.values() for text in texts))


class Stale(Exception):
    """The row has moved on since the writer saw it; `current` is the row as it is now."""

    def __init__(self, current: models.Model):
        self.current = current
        super().__init__(f"It was changed meanwhile: it is at version {current.version} now.")


@contextmanager
def once(refusal: DoorError) -> Iterator[None]:
    """Raises the refusal if what is written inside is there already.

    A door looks before it writes; this is for two who looked at the same moment.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise refusal from error


def made_before(thing: models.Model, change: uuid.UUID | None, refusal: type[DoorError]) -> bool:
    """Whether an earlier copy of a write has made this change of the thing.

    Raises the refusal if the change is known, but as one of another thing.
    """
    event = Event.objects.filter(pk=change).first() if change else None
    if event and event.object_id != str(thing.pk):
        raise refusal(change="This id of a change is taken. Make a new one.")
    return event is not None


def require_undoable(
    thing: models.Model, undoes: uuid.UUID | None, refusal: type[DoorError]
) -> None:
    """Raises the refusal unless what is undone, if anything, was a change of the thing."""
    if undoes and not Event.objects.filter(pk=undoes, object_id=str(thing.pk)).exists():
        raise refusal(undoes="There is no such change to undo.")


@contextmanager
def part_of(operation: Operation) -> Iterator[None]:
    """Whatever is recorded inside is part of the operation, for its reason if it has no own."""
    token = _under_way.set(operation)
    try:
        yield
    finally:
        _under_way.reset(token)


def _why(reason: str, operation: Operation | None) -> dict[str, Any]:
    """The reason and the operation of an event, if need be those of what is under way."""
    operation = operation or _under_way.get()
    return {"reason": reason or (operation.reason if operation else ""), "operation": operation}


def record(
    *,
    by: User,
    verb: str,
    thing: models.Model,
    project: Project | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    article_id: uuid.UUID | None = None,
    author: User | None = None,
    change: uuid.UUID | None = None,
    undoes: uuid.UUID | None = None,
    reason: str = "",
    operation: Operation | None = None,
) -> Event:
    """The stored event of a write to a versioned row. Call it within the write's transaction.

    `article_id` is the article it is about; `author` the analyst whose work it tells of and with
    whose work it stays hidden. `change` is the client's name for the change, `undoes` the event
    that it takes back. `reason` is why, in the words of whoever did it; `operation` the one write
    to many rows that this is part of. Raises Archived if the project is: no door writes to it.
    """
    project_id = project.pk if project else getattr(thing, "project_id", None)
    if not isinstance(thing, Project) and verb not in DONE_IN_ARCHIVE:
        require_open(project_id)
    return Event.objects.create(
        id=change or uuid.uuid4(),
        project_id=project_id,
        by=by,
        by_name=by.shown_name,
        verb=verb,
        noun=thing._meta.model_name,
        object_id=str(thing.pk),
        version=thing.version,
        article_id=article_id,
        author=author,
        before=before,
        after=after,
        undoes_id=undoes,
        **_why(reason, operation),
    )


def record_many(
    *, by: User, verb: str, things: Iterable[tuple[Article, dict[str, Any]]]
) -> list[Event]:
    """The stored events of one write to many articles, each with the values after it.

    Raises Archived.
    """
    things = list(things)
    require_open(*{article.project_id for article, _ in things})
    return Event.objects.bulk_create(
        Event(
            project_id=article.project_id, by=by, by_name=by.shown_name, verb=verb,
            noun="article", object_id=str(article.pk), version=article.version,
            article_id=article.pk, after=after,
        )
        for article, after in things
    )  # fmt: skip


def moved(
    *,
    by: User,
    verb: str,
    things: Iterable[tuple[models.Model, dict[str, Any] | None, dict[str, Any]]],
    reason: str = "",
    operation: Operation | None = None,
    undoes: Mapping[uuid.UUID, uuid.UUID] = {},
) -> None:
    """Store the events of one write to many rows of analysts' work, each before and after it.

    `undoes` is the event that is taken back, by the row's id. Raises Archived.
    """
    things = list(things)
    require_open(*{thing.project_id for thing, _, _ in things})
    why = _why(reason, operation)
    part_of = why["operation"] and why["operation"].pk
    rows = (
        (
            uuid.uuid4(), thing.project_id, timezone.now(), by.pk, by.shown_name, verb,
            thing._meta.model_name, str(thing.pk), thing.version, thing.article_id,
            getattr(thing, "author_id", None), _json(before), _json(after),
            undoes.get(thing.pk), why["reason"], part_of,
        )
        for thing, before, after in things
    )  # fmt: skip
    pour(Event, COLUMNS, rows)


def _json(values: dict[str, Any] | None) -> str | None:
    return None if values is None else orjson.dumps(values).decode()


def advance(thing: models.Model, *, seen: int, **fields: Any) -> None:
    """Write the fields and raise the version, only if the row is still at the version seen.

    Raises Stale, with the row as it is now, if somebody else was faster.
    """
    now = timezone.now()
    rows = type(thing)._base_manager.filter(pk=thing.pk, version=seen)
    if not rows.update(version=seen + 1, updated=now, **fields):
        raise Stale(type(thing)._base_manager.get(pk=thing.pk))
    for name, value in fields.items():
        setattr(thing, name, value)
    thing.version, thing.updated = seen + 1, now
