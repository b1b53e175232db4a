"""Annotations and articles as plain values: what every format is written from, and the API.

Read from querysets that come from `access`, a batch at a time and in a constant number of
queries for each batch, so that memory stays the same however large the project is. Ids are text
and rows are tuples: objects would take several times as long.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Func, Manager, QuerySet, TextField

from annotations.content import ROLES
from annotations.models import Annotation, Coding, Link, Participant, Span
from corpus_app.models import Article, Passage, Revision

ARTICLES_AT_ONCE = 10  # with more, SQLite would rather go through the whole project


class AsText(Func):
    """A UUID in its usual form, written by the database."""

    template = "CAST(%(expressions)s AS text)"
    output_field = TextField()

    def as_sqlite(self, compiler, connection, **context):
        """There a UUID is stored as its 32 digits."""
        cuts = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
        template = " || '-' || ".join(f"substr(%(expressions)s, {n}, {size})" for n, size in cuts)
        return self.as_sql(compiler, connection, template=template, **context)


class SpanRecord(NamedTuple):
    """A stretch in code points, half-open, with its quote."""

    start: int
    end: int
    quote: str


class PartRecord(NamedTuple):
    """Somebody's part: an actor with the name of who stands for it, or `@author` or `@outlet`.

    `standing` is the actor into which `actor`, who was marked, has been merged meanwhile.
    """

    role: str
    actor: str | None
    stands_for: str
    name: str
    standing: str | None
    endorsement: str


class CodeRecord(NamedTuple):
    """A tag with its slug and the number of the definition that it was given under."""

    tag: str
    slug: str
    stance: str
    definition: int


class LinkRecord(NamedTuple):
    """What a claim says of another claim, by that one's id."""

    relation: str
    claim: str


class AnnotationRecord(NamedTuple):
    """A stored annotation; participants in the order of the roles of its kind."""

    id: str
    project: str
    article: str
    revision: str
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
    attribution: str
    certainty: str
    note: str
    flagged: bool
    spans: Sequence[SpanRecord]
    participants: Sequence[PartRecord]
    codings: Sequence[CodeRecord]
    links: Sequence[LinkRecord]

    @property
    def start(self) -> int:
        """Where its first span begins."""
        return self.spans[0].start

    @property
    def end(self) -> int:
        """Where its last span ends."""
        return self.spans[-1].end

    def names(self, role: str) -> list[str]:
        """Who takes part in a role, by name; each once, also if two were merged."""
        return list(dict.fromkeys(part.name for part in self.participants if part.role == role))


PLAIN_COLUMNS = AnnotationRecord._fields[5:-4]
COLUMNS = (
    AsText("id"), "project__slug", AsText("article_id"), AsText("revision_id"),
    "author__username", *PLAIN_COLUMNS,
)  # fmt: skip


class PassageRecord(NamedTuple):
    """A passage `[start, end)` of a revision, in code points."""

    number: int
    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class RevisionRecord:
    """A text with its passages, and the role that each line of the raw input was given."""

    id: str
    number: int
    text: str
    sha256: str
    roles: dict[str, str]
    passages: tuple[PassageRecord, ...]


@dataclass(frozen=True, slots=True)
class ArticleRecord:
    """An article with its raw input and texts; known in any project by `raw_sha256`."""

    id: str
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
    raw_type: str
    revisions: tuple[RevisionRecord, ...]


def of(ids: Sequence[UUID], links: QuerySet[Link]) -> list[AnnotationRecord]:
    """The records of these annotations, in their order, with those of their links."""
    rows = Annotation.objects.filter(pk__in=ids).order_by()
    read = _with_parts(rows.values_list(*COLUMNS), links, annotation__in=ids)
    found = {record.id: record for record in read}
    return [found[str(pk)] for pk in ids]


def of_one(row: Annotation, links: QuerySet[Link]) -> AnnotationRecord:
    """The record of a loaded annotation; only its parts are read."""
    ids = (str(row.pk), row.project.slug, str(row.article_id), str(row.revision_id))
    values = (*ids, row.author.username, *(getattr(row, name) for name in PLAIN_COLUMNS))
    return next(_with_parts([values], links, annotation=row))


def of_articles(
    rows: QuerySet[Annotation], links: QuerySet[Link], articles: Sequence[str]
) -> Iterator[AnnotationRecord]:
    """The records of those of the rows that are on these articles, in the queryset's order."""
    rows = rows.filter(article__in=articles).values_list(*COLUMNS)
    return _with_parts(rows, links, annotation__article__in=articles)


def _with_parts(
    rows: Iterable[tuple], seen: QuerySet[Link], **within: Any
) -> Iterator[AnnotationRecord]:
    """The records of rows of COLUMNS, whose parts are found `within`, in four queries."""
    spans = _parts(Span.objects, ("start", "end", "quote"), SpanRecord._make, "start", **within)
    codings = _parts(
        Coding.objects, (AsText("tag_id"), "tag__slug", "stance", "definition_number"),
        CodeRecord._make, "tag__facet__position", "tag__position", "id", **within,
    )  # fmt: skip
    columns = (
        "role", AsText("actor_id"), "stands_for", "actor__name", AsText("actor__standing_id"),
        "actor__standing__name", "endorsement",
    )  # fmt: skip
    parts = _parts(Participant.objects, columns, _participant, "position", **within)
    links = _parts(seen, ("relation", AsText("claim_id")), LinkRecord._make, "position", **within)
    for row in rows:
        pk, kind = row[0], row[5]
        people = _in_order(kind, parts[pk])
        yield AnnotationRecord(*row, spans[pk], people, codings[pk], links[pk])


def _parts(
    stored: QuerySet | Manager, columns: tuple, shape: Callable, *order: str, **within: Any
) -> dict[str, list]:
    """The parts of each annotation."""
    found = defaultdict(list)
    rows = stored.filter(**within).order_by(*order)
    for annotation, *values in rows.values_list(AsText("annotation_id"), *columns):
        found[annotation].append(shape(values))
    return found


def _participant(values: Sequence[Any]) -> PartRecord:
    role, actor, stands_for, own, standing, name, endorsement = values
    shown = name or own or f"@{stands_for}"
    return PartRecord(role, actor, stands_for, shown, standing, endorsement)


def _in_order(kind: str, parts: list[PartRecord]) -> list[PartRecord]:
    roles = ROLES[kind]
    return sorted(parts, key=lambda part: roles.index(part.role)) if len(parts) > 1 else parts


def articles(rows: QuerySet[Article], whole: bool = True) -> Iterator[ArticleRecord]:
    """The records of the articles in the queryset's order.

    If not `whole` they lack the raw input, its lines' roles and the passages.
    """
    found = (rows.defer(None) if whole else rows.defer("raw")).select_related("outlet", "story")
    for batch in batches(found.iterator(chunk_size=ARTICLES_AT_ONCE), ARTICLES_AT_ONCE):
        revisions = _revisions([article.pk for article in batch], whole)
        for article in batch:
            yield _article(article, bytes(article.raw) if whole else b"", revisions[article.pk])


def _article(article: Article, raw: bytes, revisions: list[RevisionRecord]) -> ArticleRecord:
    return ArticleRecord(
        id=str(article.pk), title=article.title, authors=article.authors,
        translators=article.translators, outlet=article.outlet.name if article.outlet else "",
        story=article.story.title if article.story else "", published_on=article.published_on,
        language=article.language, url=article.url, rights=article.rights,
        raw=raw, raw_sha256=article.raw_sha256, raw_name=article.raw_name,
        raw_type=article.raw_type, revisions=tuple(revisions),
    )  # fmt: skip


def _revisions(articles: Sequence[UUID], whole: bool) -> dict[UUID, list[RevisionRecord]]:
    texts = Revision.objects.filter(article__in=articles).order_by("number")
    passages = _passages(articles) if whole else {}
    found = defaultdict(list)
    for text in texts if whole else texts.defer("roles"):
        found[text.article_id].append(
            RevisionRecord(
                str(text.pk), text.number, text.text, text.sha256,
                text.roles if whole else {}, tuple(passages.get(text.pk, ())),
            )
        )  # fmt: skip
    return found


def _passages(articles: Sequence[UUID]) -> dict[UUID, list[PassageRecord]]:
    found = defaultdict(list)
    rows = Passage.objects.filter(revision__article__in=articles).order_by("number")
    for revision, *values in rows.values_list("revision_id", "number", "kind", "start", "end"):
        found[revision].append(PassageRecord._make(values))
    return found


def batches(rows: Iterable, size: int) -> Iterator[list]:
    """The rows in lists of this size, the last one shorter."""
    rows = iter(rows)
    while batch := list(islice(rows, size)):
        yield batch
