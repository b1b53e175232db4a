"""Every article in a file: one, or those in an archive, or one for each row of a table."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpus_app.reading.columns import RowValues, row_values
from corpus_app.reading.documents import ARCHIVE, MEDIA_TYPES, ROW, TABLE, Unreadable, kind_of
from corpus_app.reading.readers import Readers
from corpus_app.reading.rows import row_bytes

NESTED = "An archive in an archive is not opened. Send it by itself."
LayoutOf = Callable[[Sequence[str]], Mapping[str, str]]


@dataclass(frozen=True)
class Piece:
    """One article to be: its raw input, and for the row of a table what its columns say."""

    name: str
    data: bytes
    kind: str = ""
    values: RowValues | None = None


@dataclass(frozen=True)
class Refused:
    """What cannot be had of a file, and why."""

    name: str
    reason: str


def pieces_of(
    name: str, data: bytes, readers: Readers, layout_of: LayoutOf
) -> Iterator[Piece | Refused]:
    """Every article in the file, one after the other; nothing is raised for what cannot be read.

    `layout_of` gives, for the columns of a table, field → column.
    """
    try:
        kind = kind_of(name, data)
        if kind == ARCHIVE:
            for inner, content in readers.unpack(name, data):
                yield from _inside(f"{name}/{inner}", content, readers, layout_of)
        elif kind == TABLE:
            yield from rows_of(name, data, readers, layout_of)
        else:
            yield Piece(name, data)
    except Unreadable as error:
        yield Refused(name, str(error))


def rows_of(
    name: str, data: bytes, readers: Readers, layout_of: LayoutOf
) -> Iterator[Piece | Refused]:
    """One piece for each row of the table; a row without a text is refused.

    Rows are numbered as a spreadsheet shows them: the first below the head is row 2. Raises
    Unreadable for a table that cannot be read or whose layout does not fit it.
    """
    table = readers.table(name, data)
    layout = layout_of(table.columns)
    if problem := misfit(layout, table.columns):
        raise Unreadable(problem)
    headless = data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{")
    for number, row in enumerate(table.rows, start=1 if headless else 2):
        named = f"{name}, row {number}"
        if (row.get(layout["text"]) or "").strip():
            yield Piece(named, row_bytes(row, layout), MEDIA_TYPES[ROW], row_values(row, layout))
        else:
            yield Refused(named, f"Row {number} has no text in the column “{layout['text']}”.")


def misfit(layout: Mapping[str, str], columns: Sequence[str]) -> str:
    """Why a table with these columns cannot be read by this layout; empty if it can."""
    shown = ", ".join(f"“{column}”" for column in columns[:12])
    absent = [column for column in layout.values() if column not in columns]
    if absent:
        return f"It has no column “{absent[0]}”. Its columns: {shown}."
    if not layout.get("text"):
        return f"Nothing says which column holds the text. Its columns: {shown}."
    return ""


def _inside(name: str, content, readers: Readers, layout_of: LayoutOf):
    """What a file of an archive holds; an archive in an archive is not opened."""
    if isinstance(content, Unreadable):
        yield Refused(name, str(content))
        return
    try:
        if kind_of(name, content) == ARCHIVE:
            yield Refused(name, NESTED)
            return
    except Unreadable as error:
        yield Refused(name, str(error))
        return
    yield from pieces_of(name, content, readers, layout_of)
