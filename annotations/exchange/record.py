"""Annotations and articles as plain values: what every format is written from, and the API.

Read from querysets that come from `access`, a batch at a time and in a constant number of
queries for each batch, so that memory stays the same however large the project is.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any, NamedTuple

from django.db.models import Model, QuerySet, prefetch_related_objects

from annotations.content import ROLES
from annotations.models import Annotation, Coding, Participant, Span
from corpus_app.models import Article, Passage, Revision

BATCH = 500
ARTICLES_AT_ONCE = 10


class SpanRecord(NamedTuple):
    """A stretch in code points, half-open, with its quote."""

    start: int
    end: int
    quote: str


class PartRecord(NamedTuple):
    """Somebody's part: an actor with her name, or `@author` or `@outlet`."""

    role: str
    actor: uuid.UUID | None
    stands_for: str
    name: str


class CodeRecord(NamedTuple):
    """A tag with its slug and the number of the definition that it was given under."""

    tag: uuid.UUID
    slug: str
    stance: str
    definition: int


@dataclass(frozen=True, slots=True)
class AnnotationRecord:
    """A stored annotation; participants in the order of the roles of its kind."""

    id: uuid.UUID
    project: str
    article: uuid.UUID
    revision: uuid.UUID
    author: str
    kind: str
    layer: str
    state: str
    origin: str
    tool: str
    tool_version: str
    version: int
    created: datetime
    updated: datetime
    deleted: datetime | None
    spans: Sequence[SpanRecord]
    participants: Sequence[PartRecord]
    codings: Sequence[CodeRecord]
    attribution: str
    note: str

    @property
    def start(self) -> int:
        """Where its first span begins."""
        return self.spans[0].start

    @property
    def end(self) -> int:
        """Where its last span ends."""
        return self.spans[-1].end

    def names(self, role: str) -> list[str]:
        """Who takes part in a role, by name."""
        return [part.name for part in self.participants if part.role == role]


class PassageRecord(NamedTuple):
    """A passage `[start, end)` of a revision, in code points."""

    number: int
    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class RevisionRecord:
    """A text with its passages, and the role that each line of the raw input was given."""

    id: uuid.UUID
    number: int
    text: str
    sha256: str
    roles: dict[str, str]
    passages: tuple[PassageRecord, ...]


@dataclass(frozen=True, slots=True)
class ArticleRecord:
    """An article with its raw input and texts; known in any project by `raw_sha256`."""

    id: uuid.UUID
    title: str
    authors: list[str]
    translators: list[str]
    outlet: str
    story: str
    published_on: date | None
    language: str
    url: str
    rights: str
    raw: bytes
    raw_sha256: str
    raw_name: str
    revisions: tuple[RevisionRecord, ...]


def annotations(rows: QuerySet[Annotation]) -> Iterator[AnnotationRecord]:
    """The records of the rows in the queryset's order, read a batch at a time."""
    for batch in batches(rows.iterator(chunk_size=BATCH), BATCH):
        yield from of(batch)


def of(rows: Sequence[Annotation]) -> list[AnnotationRecord]:
    """The records of these rows, in five queries at most."""
    prefetch_related_objects(rows, "author", "project")
    ids = [row.pk for row in rows]
    spans = _of_annotations(Span, ids, ("start", "end", "quote"), SpanRecord, "start")
    codings = _of_annotations(
        Coding, ids, ("tag_id", "tag__slug", "stance", "definition_number"), CodeRecord,
        "tag__facet__position", "tag__position", "id",
    )  # fmt: skip
    parts = _participants(ids)
    return [
        AnnotationRecord(
            row.pk, row.project.slug, row.article_id, row.revision_id, row.author.username,
            row.kind, row.layer, row.state, row.origin, row.tool, row.tool_version,
            row.version, row.created, row.updated, row.deleted,
            spans[row.pk], _in_order(row.kind, parts[row.pk]), codings[row.pk],
            row.attribution, row.note,
        )
        for row in rows
    ]  # fmt: skip


def articles(rows: QuerySet[Article], raw: bool = True) -> Iterator[ArticleRecord]:
    """The records of the articles in the queryset's order, with the raw input if asked for."""
    found = (rows.defer(None) if raw else rows.defer("raw")).select_related("outlet", "story")
    for batch in batches(found.iterator(chunk_size=ARTICLES_AT_ONCE), ARTICLES_AT_ONCE):
        revisions = _revisions([article.pk for article in batch])
        for article in batch:
            yield _article(article, bytes(article.raw) if raw else b"", revisions[article.pk])


def _article(article: Article, raw: bytes, revisions: list[RevisionRecord]) -> ArticleRecord:
    return ArticleRecord(
        id=article.pk, title=article.title, authors=article.authors,
        translators=article.translators, outlet=article.outlet.name if article.outlet else "",
        story=article.story.title if article.story else "", published_on=article.published_on,
        language=article.language, url=article.url, rights=article.rights,
        raw=raw, raw_sha256=article.raw_sha256, raw_name=article.raw_name,
        revisions=tuple(revisions),
    )  # fmt: skip


def _revisions(articles: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[RevisionRecord]]:
    texts = Revision.objects.filter(article__in=articles).order_by("number")
    passages = defaultdict(list)
    columns = ("revision_id", "number", "kind", "start", "end")
    rows = Passage.objects.filter(revision__article__in=articles).order_by("number")
    for revision, *values in rows.values_list(*columns):
        passages[revision].append(PassageRecord(*values))
    found = defaultdict(list)
    for text in texts:
        found[text.article_id].append(
            RevisionRecord(
                text.pk, text.number, text.text, text.sha256, text.roles, tuple(passages[text.pk])
            )
        )
    return found


def _of_annotations(
    model: type[Model], ids: Sequence[uuid.UUID], columns: tuple, shape: Any, *order: str
) -> dict[uuid.UUID, list]:
    """The parts of each annotation; tuples, since model instances take several times as long."""
    found = defaultdict(list)
    rows = model.objects.filter(annotation__in=ids).order_by(*order)
    for annotation, *values in rows.values_list("annotation_id", *columns):
        found[annotation].append(shape(*values))
    return found


def _participants(ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[PartRecord]]:
    def shape(role, actor, stands_for, name):
        return PartRecord(role, actor, stands_for, name or f"@{stands_for}")

    columns = ("role", "actor_id", "stands_for", "actor__name")
    return _of_annotations(Participant, ids, columns, shape, "position")


def _in_order(kind: str, parts: list[PartRecord]) -> list[PartRecord]:
    roles = ROLES[kind]
    return sorted(parts, key=lambda part: roles.index(part.role)) if len(parts) > 1 else parts


def batches(rows: Iterable, size: int) -> Iterator[list]:
    """The rows in lists of this size, the last one shorter."""
    rows = iter(rows)
    while batch := list(islice(rows, size)):
        yield batch
