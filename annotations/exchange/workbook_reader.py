"""A workbook as `workbook` writes it, read again, also after somebody worked on it in Excel."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, BinaryIO

from python_calamine import CalamineError, CalamineWorkbook

from annotations.exchange import cells
from annotations.exchange.columns import NEEDED, Articles, Cells
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
from annotations.exchange.packed import unzipped
from annotations.exchange.sheets import Line, named
from annotations.exchange.table_reader import Tags, annotations
from corpus_app.notation import UnfitCell, read_ids, read_names
from corpus_app.reading.table import shown
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
MOST_CELLS = 20_000_000
CELL = re.compile(rb"""\br\s*=\s*["']\s*([A-Za-z]{1,3})(\d{1,7})["']""")
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
    book = _Book(_opened(file))
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


def _opened(file: BinaryIO) -> CalamineWorkbook:
    """The workbook, once all that is packed in it was looked at."""
    names = set()
    for name, data in unzipped(file):
        names.add(name)
        if _extent(data) > MOST_CELLS:
            raise ReadError("Its cells are too far apart, or too many. Save it as CSV.")
    if "xl/workbook.xml" not in names:
        raise ReadError("This is no workbook that can be read. Save it as .xlsx.")
    file.seek(0)
    try:
        return CalamineWorkbook.from_filelike(file)
    except CalamineError as error:
        raise ReadError(f"This is no workbook that can be read: {error}.") from error


def _extent(data: bytes) -> int:
    """How many cells a sheet has between its first and the farthest, filled or not.

    All of them would be in memory at once.
    """
    columns, rows = 0, 0
    for letters, number in CELL.findall(data):
        column = 0
        for letter in letters.upper():
            column = column * 26 + letter - 64
        columns, rows = max(columns, column), max(rows, int(number))
    return columns * rows


class _Book:
    """The sheets of a workbook as rows, the cells that went on elsewhere made whole."""

    def __init__(self, book: CalamineWorkbook):
        self.book, self.names = book, book.sheet_names
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
                sheet = self.book.get_sheet_by_name(own)
                rows = ([shown(cell) for cell in row] for row in sheet.iter_rows())
                before = sheet.start[0] if sheet.start else 0
                for number, row in named(rows, needed, before, str if self.ours else unguarded):
                    yield number, row if isinstance(row, str) else self._whole(name, row)
            except (ReadError, CalamineError) as error:
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
