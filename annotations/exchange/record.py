"""Annotations and articles of the database as neutral records: for every format, and the API.

Read from querysets that come from `access`, a batch at a time and in a constant number of
queries for each batch, so that memory stays the same however large the project is. Ids are text
and rows are tuples: objects would take several times as long.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Func, QuerySet, TextField

from annotations.content import ROLES
from annotations.exchange.neutral import (
    AnnotationRecord,
    ArticleRecord,
    CodeRecord,
    LinkRecord,
    PartRecord,
    PassageRecord,
    RevisionRecord,
    SpanRecord,
)
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


class AsMoment(Func):
    """A moment, read in its ISO form: ten times as fast as the driver's own way."""

    template = "CAST(%(expressions)s AS text)"
    output_field = TextField()

    def get_db_converters(self, connection):
        return [_moment]


def _moment(told: str | None, expression: Func, connection: Any) -> datetime | None:
    # SQLite keeps UTC without saying so.
    return None if told is None else datetime.fromisoformat(told).replace(tzinfo=UTC)


PLAIN_COLUMNS = AnnotationRecord._fields[5:-4]
MOMENTS = {name: AsMoment(name) for name in ("created", "updated", "deleted")}
COLUMNS = (
    AsText("id"), "project__slug", AsText("article_id"), AsText("revision_id"),
    "author__username", *(MOMENTS.get(name, name) for name in PLAIN_COLUMNS),
)  # fmt: skip


# What is read of the parts of annotations, each kind in its order.
SPANS = Span.objects.order_by("start").values_list(
    AsText("annotation_id"), "start", "end", "quote"
)  # fmt: skip
CODINGS = Coding.objects.order_by("tag__facet__position", "tag__position", "id").values_list(
    AsText("annotation_id"), AsText("tag_id"), "tag__slug", "stance", "definition_number"
)  # fmt: skip
PARTICIPANTS = Participant.objects.order_by("position").values_list(
    AsText("annotation_id"), "role", AsText("actor_id"), "stands_for", "actor__name",
    AsText("actor__standing_id"), "actor__standing__name", "endorsement",
)  # fmt: skip


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
    links = seen.order_by("position").values_list(
        AsText("annotation_id"), "relation", AsText("claim_id")
    )  # fmt: skip
    spans = _parts(SPANS.filter(**within), SpanRecord._make)
    codings = _parts(CODINGS.filter(**within), CodeRecord._make)
    parts = _parts(PARTICIPANTS.filter(**within), _participant)
    links = _parts(links.filter(**within), LinkRecord._make)
    for row in rows:
        pk, kind = row[0], row[5]
        people = _in_order(kind, parts[pk])
        yield AnnotationRecord(*row, spans[pk], people, codings[pk], links[pk])


def _parts(rows: QuerySet, shape: Callable[[Sequence[Any]], Any]) -> dict[str, list]:
    """The parts of each annotation, whose id is the first column of its rows."""
    found = defaultdict(list)
    for annotation, *values in rows:
        found[annotation].append(shape(values))
    return found


def _participant(values: Sequence[Any]) -> PartRecord:
    role, actor, stands_for, own, standing, name, endorsement = values
    shown = name or own or f"@{stands_for}"
    return PartRecord(role, actor, stands_for, shown, standing, endorsement)


def _in_order(kind: str, parts: list[PartRecord]) -> list[PartRecord]:
    roles = ROLES[kind]
    return sorted(parts, key=lambda part: roles.index(part.role)) if len(parts) > 1 else parts


def articles(
    rows: QuerySet[Article], raw: bool = True, passages: bool = True
) -> Iterator[ArticleRecord]:
    """The records of the articles in the queryset's order.

    If not `raw` they lack the raw input and its lines' roles, if not `passages` those.
    """
    found = (rows.defer(None) if raw else rows.defer("raw")).select_related("outlet", "story")
    for batch in batches(found.iterator(chunk_size=ARTICLES_AT_ONCE), ARTICLES_AT_ONCE):
        revisions = _revisions([article.pk for article in batch], raw, passages)
        for article in batch:
            yield _article(article, bytes(article.raw) if raw else b"", revisions[article.pk])


def _article(article: Article, raw: bytes, revisions: list[RevisionRecord]) -> ArticleRecord:
    return ArticleRecord(
        id=str(article.pk), title=article.title, authors=article.authors,
        translators=article.translators, outlet=article.outlet.name if article.outlet else "",
        story=article.story.title if article.story else "", published_on=article.published_on,
        language=article.language, url=article.url, rights=article.rights,
        raw=raw, raw_sha256=article.raw_sha256, raw_name=article.raw_name,
        raw_type=article.raw_type, revisions=tuple(revisions),
    )  # fmt: skip


def _revisions(
    articles: Sequence[UUID], raw: bool, passages: bool
) -> dict[UUID, list[RevisionRecord]]:
    texts = Revision.objects.filter(article__in=articles).order_by("number")
    slices = _passages(articles) if passages else {}
    found = defaultdict(list)
    for text in texts if raw else texts.defer("roles"):
        found[text.article_id].append(
            RevisionRecord(
                str(text.pk), text.number, text.text, text.sha256,
                text.roles if raw else {}, tuple(slices.get(text.pk, ())),
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
