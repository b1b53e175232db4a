"""An Excel workbook: annotations and codings, codebook, actors, articles, comments. The writer.

Every text is written as text, so that nothing in it is ever a formula. What is longer than a cell
may be goes on in the sheet `continued`, and what has more rows than a sheet may have, in another.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from annotations.exchange.holdings import Feature
from annotations.exchange.neutral import (
    LONG_AGO,
    ActorRecord,
    AnnotationRecord,
    ArticleRecord,
    Parcel,
    TagRecord,
)
from annotations.exchange.packed import written_to
from annotations.exchange.tables import cells
from annotations.exchange.tables.table import Layout
from annotations.exchange.tables.workbook_reader import COLUMNS, key_of, read
from corpus_app.notation import write_ids, write_names

__all__ = ["read", "write"]

MOST_ROWS = 1 << 20
LONGEST_CELL = 32_767  # in UTF-16 units
# XML has no such characters, nor any way to write them.
NO_CHARACTERS = re.compile("[\ufffe\uffff\ud800-\udfff]")
# What Excel takes for a character by its number; where two share a line, libraries disagree.
TWO_NUMBERS = re.compile(r"(?<=_x[0-9A-Fa-f]{4})(?=_x[0-9A-Fa-f]{4}_)")
LEFT_OUT = (
    Feature.TEXTS, Feature.RAW, Feature.EARLIER, Feature.PASSAGES, Feature.OUTLETS,
    Feature.STORIES, Feature.EMPTY,
)  # fmt: skip
CODINGS = (
    "annotation", "article", "outlet", "title", "kind", "layer", "author", "facet", "tag",
    "label", "stance", "definition", "claimants", "targets", "quote",
)  # fmt: skip
ARTICLES = (
    "article", "title", "outlet", "published_on", "authors", "translators", "language", "url",
    "story", "rights", "raw_sha256", "text_sha256", "texts", "annotations",
)  # fmt: skip


def write(parcel: Parcel) -> Iterator[bytes]:
    """The pieces of the workbook. Its sheet `about` says what is in the others."""
    yield from written_to(partial(_write, parcel), "workbook.xlsx")


def _write(parcel: Parcel, path: Path) -> None:
    with Workbook(str(path), {"constant_memory": True}) as workbook:
        workbook.set_properties({"created": LONG_AGO, "title": parcel.project.name})
        book = _Book(workbook)
        _annotations(parcel, book)
        _codebook(parcel, book)
        book.fill("actors", COLUMNS["actors"], map(_actor, parcel.actors()))
        comments = (
            (*c[:4], cells.joined(c.mentions), c.created.isoformat()) for c in parcel.comments()
        )
        book.fill("comments", COLUMNS["comments"], comments)
        book.fill("continued", COLUMNS["continued"], book.continued)
        book.fill("about", COLUMNS["about"], _about(parcel, book))


def _annotations(parcel: Parcel, book: "_Book") -> None:
    """The sheets of annotations, codings and articles, in one go."""
    layout = Layout(parcel)
    merged = {actor.id: actor.name for actor in parcel.actors() if actor.merged_into}
    tags = {tag.slug: tag for tag in parcel.tags}
    rows = book.sheet("annotations", [*layout.columns, "before_merger"])
    codings, articles = book.sheet("codings", CODINGS), book.sheet("articles", ARTICLES)
    for article, annotations in parcel.annotated():
        told = layout.rows(article, annotations)
        for annotation, row in zip(annotations, told, strict=True):
            rows.add([*row, _before_merger(annotation, merged)])
            for values in _codings(article, annotation, tags):
                codings.add(values)
        articles.add(_article(article, len(annotations)))


def _before_merger(annotation: AnnotationRecord, merged: Mapping[str, str]) -> str:
    """Who was marked before he was merged into another: role, place in it, his name, the other."""
    found, places = [], dict.fromkeys((part.role for part in annotation.participants), 0)
    for part in annotation.participants:
        places[part.role] += 1
        if own := merged.get(part.actor or ""):
            found.append((part.role, str(places[part.role]), part.name, own))
    return cells.joined_parts(found)


def _codings(
    article: ArticleRecord, annotation: AnnotationRecord, tags: Mapping[str, TagRecord]
) -> Iterator[Sequence[Any]]:
    before = (
        annotation.id, article.id, article.outlet, article.title, annotation.kind,
        annotation.layer, annotation.author,
    )  # fmt: skip
    people = (cells.joined(annotation.names(role)) for role in ("claimant", "target"))
    after = (*people, " … ".join(span.quote for span in annotation.spans))
    for code in annotation.codings:
        tag = tags[code.slug]
        yield *before, tag.facet, tag.slug, tag.label, code.stance, code.definition, *after
    if not annotation.codings:
        yield *before, "", "", "", "", "", *after


def _article(article: ArticleRecord, annotations: int) -> Sequence[Any]:
    return (
        article.id, article.title, article.outlet,
        article.published_on.isoformat() if article.published_on else "",
        cells.joined(article.authors), cells.joined(article.translators), article.language,
        article.url, article.story, article.rights, article.raw_sha256, article.newest.sha256,
        len(article.revisions), annotations,
    )  # fmt: skip


def _codebook(parcel: Parcel, book: "_Book") -> None:
    facets = (
        (f.slug, f.name, f.position, f.choose, _yes(f.required), _yes(f.takes_stance),
         _time(f.retired))
        for f in parcel.facets
    )  # fmt: skip
    book.fill("facets", COLUMNS["facets"], facets)
    tags = (
        (t.slug, t.facet, t.label, t.definition, cells.joined(t.definitions[-1].examples),
         t.definitions[-1].number, t.parent, t.key, t.colour, t.position, _time(t.retired),
         t.merged_into)
        for t in parcel.tags
    )  # fmt: skip
    book.fill("tags", COLUMNS["tags"], tags)
    earlier = (
        (tag.slug, d.number, d.label, d.text, cells.joined(d.examples))
        for tag in parcel.tags
        for d in tag.definitions[:-1]
    )
    book.fill("wordings", COLUMNS["wordings"], earlier)


def _actor(actor: ActorRecord) -> Sequence[Any]:
    names = {flag: [a for a in actor.aliases if ("metonym" in a) == flag] for flag in (0, 1)}
    return (
        actor.name, actor.kind, write_names(actor.part_of), write_names(names[0]),
        write_names(names[1]), write_ids(actor.external_ids), actor.notes, actor.retired or "",
        actor.merged_into or "",
    )  # fmt: skip


def _about(parcel: Parcel, book: "_Book") -> Iterator[Sequence[Any]]:
    project, codebook = parcel.project, parcel.codebook
    yield "project", project.slug
    yield "name", project.name
    yield "description", project.description
    yield "language", project.language
    if codebook:
        yield "codebook", codebook.name
        yield "codebook description", codebook.description
    for name, rows in book.rows.items():
        yield f"rows of {name}", rows
    yield "not in here", "; ".join(LEFT_OUT)
    told = "all sheets but codings and articles: articles must be there, with their texts"
    yield "read again", told
    if book.replaced:
        yield "characters that a workbook cannot hold, written as \ufffd", book.replaced


def _yes(value: bool) -> str:
    return "yes" if value else ""


def _time(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


class _Book:
    """The sheets as they are written, and what of their cells goes on elsewhere."""

    def __init__(self, workbook: Workbook):
        self.workbook = workbook
        self.bold: Format = workbook.add_format({"bold": True})
        self.continued: list[Sequence[Any]] = []
        self.rows: dict[str, int] = {}
        self.replaced = 0

    def sheet(self, name: str, columns: Sequence[str]) -> "_Sheet":
        return _Sheet(self, name, columns)

    def fill(self, name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """A whole sheet."""
        sheet = self.sheet(name, columns)
        for row in rows:
            sheet.add(row)


class _Sheet:
    """One table, and as many sheets as its rows need: `codings`, `codings 2` …"""

    def __init__(self, book: _Book, name: str, columns: Sequence[str]):
        self.book, self.name, self.columns = book, name, columns
        self.sheets = 0
        self._begin()
        book.rows[name] = 0

    def add(self, values: Sequence[Any]) -> None:
        """Write a row; a text that does not fit in its cell goes on in `continued`."""
        if self.row == MOST_ROWS:
            self._begin()
        for column, value in enumerate(values):
            if isinstance(value, int):
                self.sheet.write_number(self.row, column, value)
            elif value:
                self._write(column, value, values)
        self.row += 1
        self.book.rows[self.name] += 1

    def _begin(self) -> None:
        self.sheets += 1
        called = self.name if self.sheets == 1 else f"{self.name} {self.sheets}"
        self.sheet = self.book.workbook.add_worksheet(called)
        self.sheet.freeze_panes(1, 0)
        for column, name in enumerate(self.columns):
            self.sheet.write_string(0, column, name, self.book.bold)
        self.row = 1

    def _write(self, column: int, value: str, values: Sequence[Any]) -> None:
        fit, replaced = NO_CHARACTERS.subn("\ufffd", value)
        self.book.replaced += replaced
        first, *others = pieces(fit)
        self.sheet.write_string(self.row, column, first)
        if others:
            place = (self.name, key_of(self.name, values), self.columns[column])
            self.book.continued += [(*place, piece) for piece in others]


def pieces(text: str) -> list[str]:
    """The text in parts that each fit in a cell; nearly always one."""
    if len(text) <= LONGEST_CELL // 2 and "_x" not in text:
        return [text]
    found = []
    for part in TWO_NUMBERS.split(text):
        while (end := _fitting(part)) < len(part):
            found.append(part[:end])
            part = part[end:]
        found.append(part)
    return found


def _fitting(text: str) -> int:
    """How many characters of the text have at most as many UTF-16 units as a cell."""
    units = 0
    for at, character in enumerate(text[:LONGEST_CELL]):
        units += 1 + (character > "\uffff")
        if units > LONGEST_CELL:
            return at
    return min(len(text), LONGEST_CELL)
