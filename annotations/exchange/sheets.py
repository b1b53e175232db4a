"""The rows of a CSV file, also of one that a spreadsheet program has saved again."""

import codecs
import csv
import io
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import BinaryIO

from annotations.exchange.neutral import ReadError
from corpus_app.spreadsheet import reader, unguarded
from corpus_app.text import BYTE_ORDER_MARKS, UnreadableText, decode

DELIMITERS = ",;\t|"
MOST_COLUMNS = 2_000
MOST_GUESSED = 1 << 26  # bytes of a file that does not say how it is encoded
Line = tuple[int, Mapping[str, str] | str]


def lines(file: BinaryIO, needed: Collection[str]) -> Iterator[Line]:
    """Each row as cells by column, or what is wrong with it, and its number in the sheet.

    Any of the usual delimiters and encodings, in any order of columns; the first row names them
    and is 1. Raises ReadError if it lacks a column that is needed, or is no CSV at all.
    """
    text = _text(file)
    try:
        first = text.readline()
        skipped = first.lower().startswith("sep=")
        delimiter = first[4:5] if skipped else _delimiter(first, needed)
        if not skipped:
            text.seek(0)
        yield from named(reader(text, delimiter or ","), needed, int(skipped))
    except csv.Error as error:
        raise ReadError(f"This is not CSV: {error}. Save it as UTF-8 CSV.") from error
    except UnicodeError as error:
        # Only the mark was looked at; what follows it is decoded row by row.
        said = text.encoding.removesuffix("-sig").upper()
        raise ReadError(
            f"Its mark says that it is {said}, but not all of it is. Save it as UTF-8 CSV."
        ) from error
    finally:
        text.detach()


def named(
    rows: Iterable[Sequence[str]],
    needed: Collection[str],
    before: int = 0,
    plain: Callable[[str], str] = unguarded,
) -> Iterator[Line]:
    """The rows as cells by column, of which the first that is not empty names those.

    `before` rows stand above them, and `plain` takes off what guards a cell. Raises ReadError.
    """
    columns: list[str] = []
    for number, row in enumerate(rows, before + 1):
        if not any(cell and not cell.isspace() for cell in row):
            continue
        if columns:
            yield number, _row(columns, row, plain)
        else:
            columns = _columns(row, needed)
    if not columns:
        raise ReadError("There is nothing in it.")


def _columns(row: Sequence[str], needed: Collection[str]) -> list[str]:
    columns = [cell.strip().lower() for cell in row[:MOST_COLUMNS]]
    if missing := sorted(set(needed) - set(columns)):
        raise ReadError(
            f"Its first row names the columns, and lacks {', '.join(missing)}. "
            "A table that Crossread wrote has them."
        )
    named = [column for column in columns if column]
    if len(set(named)) < len(named):
        twice = next(column for column in named if named.count(column) > 1)
        raise ReadError(f"Two of its columns are called {twice}.")
    return columns


def _row(
    columns: list[str], row: Sequence[str], plain: Callable[[str], str]
) -> Mapping[str, str] | str:
    if any(cell.strip() for cell in row[len(columns) :]):
        return "it has more cells than there are columns; a quotation mark may be missing"
    cells = {name: plain(cell) for name, cell in zip(columns, row, strict=False) if name}
    return dict.fromkeys(columns, "") | cells


def _delimiter(first: str, needed: Collection[str]) -> str:
    """What parts the names of the columns, so that most of those needed are among them."""

    def found(delimiter: str) -> int:
        return len({cell.strip('" ').lower() for cell in first.split(delimiter)} & set(needed))

    return max(DELIMITERS, key=found)


def _text(file: BinaryIO) -> io.TextIOWrapper:
    """The text of the file, of which not all is in memory if it says its encoding or is UTF-8."""
    file.seek(0)
    start = file.read(4)
    marked = next((code for mark, code in BYTE_ORDER_MARKS.items() if start.startswith(mark)), "")
    if marked or _is_utf8(file):
        file.seek(0)
        return io.TextIOWrapper(file, marked or "utf-8", newline="")
    file.seek(0)
    data = file.read(MOST_GUESSED + 1)
    if len(data) > MOST_GUESSED:
        raise ReadError("It is not UTF-8 text. Save it as UTF-8 CSV.")
    try:
        guessed = decode(data)
    except UnreadableText as error:
        raise ReadError(str(error)) from error
    return io.TextIOWrapper(io.BytesIO(guessed.encode()), "utf-8", newline="")


def _is_utf8(file: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    file.seek(0)
    try:
        while piece := file.read(1 << 20):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
