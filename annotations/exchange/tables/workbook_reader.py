"""A workbook as `workbook` writes it, read again, also after somebody worked on it in Excel."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, BinaryIO

from annotations.exchange.neutral import (
    LONG_AGO,
    ActorRecord,
    CodebookRecord,
    CommentRecord,
    DefinitionRecord,
    FacetRecord,
    ReadError,
    Record,
    Refusal,
    Row,
    TagRecord,
)
from annotations.exchange.sheets import Line, named
from annotations.exchange.tables import cells
from annotations.exchange.tables.columns import NEEDED, Articles, Cells
from annotations.exchange.tables.table_reader import Tags, annotations
from corpus_app.notation import UnfitCell, read_ids, read_names
from corpus_app.reading.documents import Unreadable
from corpus_app.reading.readers import Readers
from corpus_app.spreadsheet import unguarded

COLUMNS = {
    "about": ("what", "said"),
    "facets": ("slug", "name", "position", "choose", "required", "takes_stance", "retired"),
    "tags": (
        "slug", "facet", "label", "definition", "examples", "number", "parent", "key", "colour",
        "position", "retired", "merged_into",
    ),
    "wordings": ("tag", "number", "label", "definition", "examples"),
    "actors": (
        "name", "kind", "part_of", "aliases", "metonyms", "external_ids", "notes", "retired",
        "merged_into",
    ),
    "comments": ("id", "annotation", "author", "text", "mentions", "created"),
    "continued": ("sheet", "key", "column", "text"),
}  # fmt: skip
ANNOTATIONS = "annotations"
OTHERWISE = "A table of any length comes in as CSV, and a whole project as JSONL."
KEYS = {"wordings": 2}  # how many cells, if not the first one alone, tell a sheet's rows apart
KEY_COLUMNS = {name: columns[: KEYS.get(name, 1)] for name, columns in COLUMNS.items()}
KEY_COLUMNS[ANNOTATIONS] = ("id",)


def key_of(sheet: str, row: Sequence[Any]) -> str:
    """What `continued` knows a row by, wherever it may have been moved."""
    return ":".join(str(cell) for cell in row[: KEYS.get(sheet, 1)])


def read(file: BinaryIO) -> Iterator[Row]:
    """The codebook and the actors of their sheets, then what the sheet of annotations has.

    A workbook without `about` is a CSV table that was saved as one, in its first sheet. Raises
    ReadError if it is no workbook, or lacks a column that is needed.
    """
    try:
        with Readers() as readers:
            yield from _rows(_Book(readers, file.read()))
    except Unreadable as error:
        raise ReadError(f"This is no workbook that can be read. {error} {OTHERWISE}") from error


def _rows(book: "_Book") -> Iterator[Row]:
    articles, tags = Articles(), Tags()
    for _, row in book.annotations():
        if not isinstance(row, str):
            articles.note(row)
            tags.note(row)
    known: set[str] = set()
    for row in book.codebook():
        yield row
        if isinstance(row.what, FacetRecord | TagRecord):
            known.add(row.what.slug)
    yield from tags.rows(known)
    yield from book.records("actors", {"name"}, _actor)
    yield from annotations(book.annotations(), articles)
    yield from book.records("comments", COLUMNS["comments"], _comment)


class _Book:
    """The sheets of a workbook as rows, the cells that went on elsewhere made whole.

    They are read in a process of its own: two cells that are far enough apart would end ours.
    """

    def __init__(self, readers: Readers, data: bytes):
        self.readers, self.data = readers, data
        self.names = readers.sheets("", data)
        if not self.names:
            raise ReadError("It has no sheets.")
        self.ours = "about" in self.names
        self.longer: dict[tuple[str, str], dict[str, str]] = {}
        for _, row in self._lines("continued", COLUMNS["continued"]):
            if not isinstance(row, str):
                own = self.longer.setdefault((row["sheet"], row["key"]), {})
                own[row["column"]] = own.get(row["column"], "") + row["text"]

    def annotations(self) -> Iterator[Line]:
        """The rows of all sheets of annotations."""
        return self._lines(ANNOTATIONS if self.ours else self.names[0], NEEDED)

    def codebook(self) -> Iterator[Row]:
        """The codebook with its facets and tags."""
        said = {}
        for _, row in self._lines("about", COLUMNS["about"]):
            if not isinstance(row, str):
                said[row["what"]] = row["said"]
        if said.get("codebook"):
            description = said.get("codebook description", "")
            yield Row(1, CodebookRecord(said["codebook"], description))
        yield from self.records("facets", {"slug", "name"}, _facet)
        earlier: dict[str, list[DefinitionRecord]] = {}
        for number, told, row in self._read("wordings", COLUMNS["wordings"], _wording):
            if isinstance(told, Refusal):
                yield Row(number, told)
            else:
                earlier.setdefault(row["tag"], []).append(told)
        tag = partial(_tag, earlier)
        yield from self.records("tags", {"slug", "facet", "label"}, tag)

    def records(
        self, name: str, needed: Collection[str], record: Callable[[Cells], Record]
    ) -> Iterator[Row]:
        """What `record` makes of each row of a sheet, or why it cannot."""
        for number, told, _ in self._read(name, needed, record):
            yield Row(number, told)

    def _read(
        self, name: str, needed: Collection[str], record: Callable[[Cells], Any]
    ) -> Iterator[tuple[int, Any, Cells | str]]:
        for number, row in self._lines(name, needed):
            try:
                if isinstance(row, str):
                    raise UnfitCell(row)
                yield number, record(row), row
            except UnfitCell as error:
                yield number, Refusal(f"sheet {name}: {error}"), row

    def _lines(self, name: str, needed: Collection[str]) -> Iterator[Line]:
        """The rows of a sheet and of those in which it goes on: `tags`, `tags 2` …"""
        further = re.compile(rf"{re.escape(name)}( \d+)?")
        for own in filter(further.fullmatch, self.names):
            try:
                before, rows = self.readers.sheet("", self.data, self.names.index(own))
                for number, row in named(rows, needed, before, str if self.ours else unguarded):
                    yield number, row if isinstance(row, str) else self._whole(name, row)
            except (ReadError, Unreadable) as error:
                raise ReadError(f"Sheet “{own}”: {error}") from error

    def _whole(self, name: str, row: Cells) -> Cells:
        """The row with what goes on elsewhere of its cells."""
        keys = [row.get(column, "") for column in KEY_COLUMNS.get(name, ())]
        more = self.longer.get((name, key_of(name, keys)), {})
        return {**row, **{column: row.get(column, "") + text for column, text in more.items()}}


def _facet(row: Cells) -> Record:
    return FacetRecord(
        row["slug"], row["name"], _number(row, "position"),
        cells.read_choice(row.get("choose") or "any", "choose", ("any", "one")),
        cells.read_yes(row.get("required", ""), "required"),
        cells.read_yes(row.get("takes_stance", ""), "takes_stance"), _retired(row),
    )  # fmt: skip


def _tag(earlier: Mapping[str, Sequence[DefinitionRecord]], row: Cells) -> Record:
    return TagRecord(
        row["slug"], row["facet"], (*earlier.get(row["slug"], ()), _wording(row)),
        parent=row.get("parent", ""), key=row.get("key", ""), colour=row.get("colour", ""),
        position=_number(row, "position"), retired=_retired(row),
        merged_into=row.get("merged_into", ""),
    )  # fmt: skip


def _wording(row: Cells) -> DefinitionRecord:
    """A wording. Raises UnfitCell."""
    examples = tuple(cells.parted(row.get("examples", "")))
    return DefinitionRecord(
        _number(row, "number", 1), row["label"], row.get("definition", ""), examples
    )


def _actor(row: Cells) -> Record:
    metonyms = [{**alias, "metonym": True} for alias in read_names(row.get("metonyms", ""))]
    return ActorRecord(
        row["name"], row.get("kind", ""), row.get("notes", ""),
        part_of=tuple(read_names(row.get("part_of", ""))),
        aliases=(*read_names(row.get("aliases", "")), *metonyms),
        external_ids=tuple(read_ids(row.get("external_ids", ""))),
        retired=row.get("retired") or None, merged_into=row.get("merged_into") or None,
    )  # fmt: skip


def _comment(row: Cells) -> Record:
    mentions = tuple(cells.parted(row["mentions"]))
    created = cells.read_moment(row["created"]) or LONG_AGO
    return CommentRecord(
        row["id"], row["annotation"], row["author"], row["text"], mentions, created
    )


def _number(row: Cells, column: str, usual: int = 0) -> int:
    return cells.read_number(row[column], column) if row.get(column) else usual


def _retired(row: Cells) -> datetime | None:
    if not row.get("retired"):
        return None
    return cells.read_moment(row["retired"]) or LONG_AGO
