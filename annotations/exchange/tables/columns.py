"""Which column of a table has what of an annotation and its article: written, and read again.

The texts are not in a table: an article is named by the SHA-256 of the text that an annotation is
on, and offsets count code points in that, half-open.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from annotations.content import ATTRIBUTIONS, CERTAINTIES, ENDORSEMENTS, RELATIONS, ROLES, STANCES
from annotations.exchange.neutral import (
    LONG_AGO,
    AnnotationRecord,
    ArticleRecord,
    CodeRecord,
    LinkRecord,
    PartRecord,
    RevisionRecord,
    SpanRecord,
    code_of,
)
from annotations.exchange.tables import cells
from corpus_app.notation import UnfitCell

Cells = Mapping[str, str]
COLUMN_OF = {"named": "named", "meant": "meant", "claimant": "claimants", "target": "targets",
             "voice": "voice"}  # fmt: skip
HEAD = (
    "id", "article", "outlet", "title", "published_on", "kind", "layer", "state", "author",
    "start", "end", "spans", "quote", *COLUMN_OF.values(),
)  # fmt: skip
TAIL = (
    "attribution", "certainty", "note", "flagged", "links", "origin", "version", "created",
    "updated", "tool", "tool_version", "revision", "text_sha256", "raw_sha256", "authors",
    "translators", "language", "url", "story", "rights",
)  # fmt: skip
NOBODY = ("",) * len(COLUMN_OF)
NEEDED = frozenset({"kind", "start", "end", "quote", "text_sha256"})
BETWEEN = " … "
LAYERS, ORIGINS = ("analyst", "gold"), ("human", "suggestion", "import")


class OfArticle(NamedTuple):
    """The cells that all annotations on an article share."""

    head: Sequence[str]
    tail: Sequence[str]
    texts: Mapping[str, tuple[int, str]]


def of_article(article: ArticleRecord) -> OfArticle:
    """Those of an article, and of each of its texts the number and the SHA-256, by id."""
    day = article.published_on.isoformat() if article.published_on else ""
    return OfArticle(
        (article.id, article.outlet, article.title, day),
        (
            article.raw_sha256, cells.joined(article.authors), cells.joined(article.translators),
            article.language, article.url, article.story, article.rights,
        ),
        {text.id: (text.number, text.sha256) for text in article.revisions},
    )  # fmt: skip


def head(annotation: AnnotationRecord, article: OfArticle) -> list[Any]:
    """The cells of HEAD."""
    spans = annotation.spans
    return [
        annotation.id, *article.head, annotation.kind, annotation.layer, annotation.state,
        annotation.author, spans[0].start, spans[-1].end,
        "|".join([f"{span.start}-{span.end}" for span in spans]),
        BETWEEN.join([span.quote for span in spans]),
        *(_people(annotation.participants) if annotation.participants else NOBODY),
    ]  # fmt: skip


def tail(annotation: AnnotationRecord, article: OfArticle) -> list[Any]:
    """The cells of TAIL."""
    return [
        annotation.attribution, annotation.certainty, annotation.note,
        "yes" if annotation.flagged else "",
        "|".join([f"{link.relation}:{link.claim}" for link in annotation.links]), annotation.origin,
        annotation.version, annotation.created.isoformat(), annotation.updated.isoformat(),
        annotation.tool, annotation.tool_version, *article.texts[annotation.revision],
        *article.tail,
    ]  # fmt: skip


def _people(participants: Iterable[PartRecord]) -> list[str]:
    """Who takes part in each role, in order; a voice with its endorsement."""
    said: dict[str, list[tuple[str, ...]]] = {role: [] for role in COLUMN_OF}
    for part in participants:
        name = cells.name_cell(part.name, part.stands_for)
        said[part.role].append((name, part.endorsement) if part.role == "voice" else (name,))
    return [
        cells.joined_parts(own) if role == "voice" else cells.joined([name for (name,) in own])
        for role, own in said.items()
    ]


class Rest(NamedTuple):
    """What a reader of one kind of table finds beside the columns that all have."""

    codings: Sequence[CodeRecord]
    own_names: Mapping[tuple[str, int, str], str] = {}


def annotation_of(row: Cells, number: int, rest: Rest) -> AnnotationRecord:
    """The annotation in a row. Raises UnfitCell.

    `rest.own_names` has the name of whom was marked before he was merged, by role, place among
    those with that role (from 1) and the name that the row has.
    """
    kind = cells.read_choice(row["kind"], "kind", tuple(ROLES))
    _revision(row)
    return AnnotationRecord(
        id=row.get("id", "").strip() or f"row {number}", project="", article=article_key(row),
        revision=revision_key(row), author=row.get("author", "").strip(), kind=kind,
        layer=cells.read_choice(row.get("layer") or "analyst", "layer", LAYERS),
        state=row.get("state") or "draft",
        origin=cells.read_choice(row.get("origin") or "import", "origin", ORIGINS),
        tool=row.get("tool", ""), tool_version=row.get("tool_version", ""),
        version=cells.read_number(row.get("version") or "1", "version"),
        created=cells.read_moment(row.get("created", "")) or LONG_AGO,
        updated=cells.read_moment(row.get("updated", "")) or LONG_AGO, deleted=None,
        attribution=cells.read_choice(row.get("attribution", ""), "attribution", ATTRIBUTIONS),
        certainty=cells.read_choice(row.get("certainty", ""), "certainty", CERTAINTIES),
        note=row.get("note", ""), flagged=cells.read_yes(row.get("flagged", ""), "flagged"),
        spans=_spans(row), participants=list(_participants(row, kind, rest.own_names)),
        codings=rest.codings, links=list(_links(row)),
    )  # fmt: skip


def remarks_on(row: Cells) -> Iterator[str]:
    """What of a row that can be read is no day or moment, and so was left out."""
    for column in ("created", "updated"):
        if (told := row.get(column, "")) and cells.read_moment(told) is None:
            yield f"{column} was left out: “{told[:40]}” is no moment"


def _spans(row: Cells) -> list[SpanRecord]:
    """The stretches with their quotes, which their lengths tell apart.

    Of a single one `start` and `end` count: a spreadsheet takes `3-9` for a day.
    """
    told = row.get("spans", "")
    if "|" in told:
        pairs = [_ends(pair) for pair in cells.parted(told)]
    else:
        pairs = [(cells.read_number(row["start"], "start"), cells.read_number(row["end"], "end"))]
    quote, at, spans = row["quote"].replace("\r\n", "\n"), 0, []
    for start, end in pairs:
        piece = quote[at : at + end - start]
        at += len(piece) + len(BETWEEN)
        spans.append(SpanRecord(start, end, piece))
    whole = BETWEEN.join(span.quote for span in spans)
    if quote != whole or any(end - start != len(q) or not q for start, end, q in spans):
        raise UnfitCell("quote: it is not as long as its spans say")
    return spans


def _ends(pair: str) -> tuple[int, int]:
    start, _, end = pair.partition("-")
    return cells.read_number(start, "spans"), cells.read_number(end, "spans")


def _participants(
    row: Cells, kind: str, own_names: Mapping[tuple[str, int, str], str]
) -> Iterator[PartRecord]:
    for role in ROLES[kind]:
        cell = row.get(COLUMN_OF[role], "")
        said = cells.parted_parts(cell, 2) if role == "voice" else [
            [name, ""] for name in cells.parted(cell)
        ]  # fmt: skip
        for place, (told, endorsement) in enumerate(said, 1):
            name, stands_for = cells.read_name(told)
            yield PartRecord(
                role, None, stands_for, own_names.get((role, place, name), name), None,
                cells.read_choice(endorsement, "voice", ENDORSEMENTS),
            )  # fmt: skip


def _links(row: Cells) -> Iterator[LinkRecord]:
    for relation, claim in cells.parted_parts(row.get("links", ""), 2):
        yield LinkRecord(cells.read_choice(relation, "links", RELATIONS), claim)


def code_in(slug: str, stance: str, number: str) -> CodeRecord:
    """A coding as it stands in cells. Raises UnfitCell."""
    definition = cells.read_number(number, "definition") if number else 0
    return code_of(slug, cells.read_choice(stance, "stance", ("", *STANCES)), definition)


def article_key(row: Cells) -> str:
    """What names the article in this file. Raises UnfitCell if it has no SHA-256."""
    if not row["text_sha256"].strip():
        raise UnfitCell("text_sha256: it does not say which text it is on")
    return row.get("article", "").strip() or row["text_sha256"].strip()


def revision_key(row: Cells) -> str:
    """What names the text in this file."""
    return f"{article_key(row)}/{row['text_sha256'].strip()}"


def _revision(row: Cells) -> int:
    return cells.read_number(row.get("revision") or "1", "revision")


@dataclass
class Articles:
    """The articles that the rows of a file are on, each with the texts that they name."""

    texts: dict[str, dict[str, int]] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)

    def note(self, row: Cells) -> None:
        """Remember on which text this row is, if that can be read."""
        try:
            own = self.texts.setdefault(article_key(row), {})
            own.setdefault(row["text_sha256"].strip(), _revision(row))
        except UnfitCell:
            return

    def first(self, row: Cells) -> ArticleRecord | None:
        """The article of this row, the first time that it is asked for."""
        key = article_key(row)
        if key in self.told:
            return None
        self.told.add(key)
        texts = sorted((number, sha256) for sha256, number in self.texts[key].items())
        return ArticleRecord(
            id=key, title=row.get("title", ""), authors=cells.parted(row.get("authors", "")),
            translators=cells.parted(row.get("translators", "")), outlet=row.get("outlet", ""),
            story=row.get("story", ""), published_on=cells.read_date(row.get("published_on", "")),
            language=row.get("language", ""), url=row.get("url", ""),
            rights=row.get("rights", ""), raw=b"", raw_sha256=row.get("raw_sha256", "").strip(),
            raw_name="", raw_type="text/plain",
            revisions=tuple(
                RevisionRecord(f"{key}/{sha256}", number, "", sha256, {}, ())
                for number, sha256 in texts
            ),
        )  # fmt: skip
