"""Tables with an article in each row: CSV, spreadsheets, and JSON by the line."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import chain, islice, zip_longest
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from corpus_app.reading.confined import Answer, serve_many
from corpus_app.reading.documents import MOST_BYTES, OLD_OFFICE, Unreadable
from corpus_app.reading.packed import DAMAGED, office_document
from corpus_app.spreadsheet import reader
from corpus_app.text import BYTE_ORDER_MARKS, decode

MOST_COLUMNS = 500
MOST_ROWS = 200_000
# An answer is sent when it has so many rows, or signs.
ROWS_TOGETHER, SIGNS_TOGETHER = 200, 500_000
SAMPLE = 20_000
EMPTY = "This table is empty."

Row = dict[str, str]


def answers(name: str, data: bytes, most: int | None = None) -> Iterator[Answer]:
    """The names of the columns, then the rows or the first of them. Raises Unreadable."""
    if data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{"):
        columns, rows = json_lines(data)
    elif data.startswith((b"PK", OLD_OFFICE)):
        columns, rows = with_head(sheet(data))
    else:
        columns, rows = with_head(comma_separated(data))
    yield {"columns": columns}, b""
    rows = islice(rows, most)
    for some in together(islice(rows, MOST_ROWS)):
        yield {"rows": some}, b""
    if next(rows, None) is not None:
        raise Unreadable(f"It has more than {MOST_ROWS:,} rows. Send it in parts.")


def together(rows: Iterator[Row]) -> Iterator[list[Row]]:
    """The rows in lists of about the same size."""
    some: list[Row] = []
    signs = 0
    for row in rows:
        some.append(row)
        signs += sum(map(len, row.values()))
        if len(some) == ROWS_TOGETHER or signs > SIGNS_TOGETHER:
            yield some
            some, signs = [], 0
    if some:
        yield some


def json_lines(data: bytes) -> tuple[list[str], Iterator[Row]]:
    """Columns are the keys of the first rows, in order; a row is an object on a line."""
    rows = json_rows(data)
    first = list(islice(rows, 1000))
    columns = list(dict.fromkeys(key for row in first for key in row))
    if len(columns) > MOST_COLUMNS:
        raise Unreadable(f"It has more than {MOST_COLUMNS} columns.")
    return columns, chain(first, rows)


def json_rows(data: bytes) -> Iterator[Row]:
    """Each line's object, its values as text."""
    for number, line in enumerate(io.BytesIO(data.removeprefix(b"\xef\xbb\xbf")), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise Unreadable(f"Line {number} is no JSON object.") from error
        if not isinstance(row, dict):
            raise Unreadable(f"Line {number} is no JSON object.")
        yield {key: shown(value) for key, value in row.items()}


def sheet(data: bytes) -> Iterator[Sequence[Any]]:
    """The rows of the first sheet that has any."""
    source = office_document(data) if data.startswith(b"PK") else io.BytesIO(data)
    try:
        book = CalamineWorkbook.from_filelike(source)
        for name in book.sheet_names:
            found = book.get_sheet_by_name(name)
            if found.height:
                return found.iter_rows()
    except CalamineError as error:
        raise Unreadable(DAMAGED) from error
    raise Unreadable(EMPTY)


def comma_separated(data: bytes) -> Iterator[Sequence[Any]]:
    """The rows of a file of values parted by commas, semicolons, tabs or bars."""
    stream = text_stream(data)
    sample = stream.read(SAMPLE)
    stream.seek(0)
    try:
        dialect = csv.Sniffer().sniff(sample.split("\n", 1)[0], delimiters=",;\t|")
    except csv.Error:
        dialect = csv.excel
    try:
        yield from reader(stream, dialect.delimiter)
    except csv.Error as error:
        raise Unreadable("A quotation mark is missing in it. Save it as UTF-8 CSV.") from error


def text_stream(data: bytes) -> io.TextIOBase:
    """The text of the bytes, of which not all need be in memory if it is UTF-8."""
    marked = next((code for mark, code in BYTE_ORDER_MARKS.items() if data.startswith(mark)), "")
    try:
        stream = io.TextIOWrapper(io.BytesIO(data), marked or "utf-8", newline="")
        while stream.read(1 << 20):
            pass
        stream.seek(0)
        return stream
    except UnicodeError:
        if len(data) > MOST_BYTES:
            raise Unreadable("It is not UTF-8 text. Save it as UTF-8 CSV.") from None
        return io.StringIO(decode(data), newline="")


def with_head(rows: Iterator[Sequence[Any]]) -> tuple[list[str], Iterator[Row]]:
    """The first row that is not empty names the columns."""
    head = next((row for row in rows if any(shown(cell).strip() for cell in row)), None)
    if head is None:
        raise Unreadable(EMPTY)
    if len(head) > MOST_COLUMNS:
        raise Unreadable(f"It has more than {MOST_COLUMNS} columns.")
    columns = column_names([shown(cell) for cell in head])
    return columns, filled(columns, rows)


def column_names(cells: Sequence[str]) -> list[str]:
    """Names for the columns, none of them empty or twice."""
    names: dict[str, None] = {}
    for number, cell in enumerate(cells, start=1):
        name = wanted = " ".join(cell.split())[:200] or f"Column {number}"
        again = 2
        while name in names:
            name, again = f"{wanted} ({again})", again + 1
        names[name] = None
    return list(names)


def filled(columns: Sequence[str], rows: Iterator[Sequence[Any]]) -> Iterator[Row]:
    """Rows by column; empty ones at the end are no rows."""
    empty = 0
    for cells in rows:
        texts = [shown(cell) for cell in cells[: len(columns)]]
        if not any(text.strip() for text in texts):
            empty += 1
            continue
        yield from (dict.fromkeys(columns, "") for _ in range(empty))
        empty = 0
        yield dict(zip_longest(columns, texts, fillvalue=""))


def shown(value: Any) -> str:
    """The text of a cell: days in ISO form, whole numbers without a point, lists by semicolons."""
    if value is None:
        return ""
    if isinstance(value, datetime) and (value.hour, value.minute, value.second) == (0, 0, 0):
        return value.date().isoformat()
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return "; ".join(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else str(value)


if __name__ == "__main__":
    serve_many(answers)
