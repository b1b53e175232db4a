"""A workbook sheet by sheet: what they are called, and the cells of one as text."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from python_calamine import CalamineError, CalamineWorkbook

from corpus_app.reading.confined import Answer, serve_many
from corpus_app.reading.documents import Unreadable
from corpus_app.reading.packed import DAMAGED, office_document
from corpus_app.reading.table import ROWS_TOGETHER, shown


def answers(name: str, data: bytes, sheet: int | None = None) -> Iterator[Answer]:
    """The names of the sheets; or of one, by its place, how many rows stand above its first, and
    the rows. Raises Unreadable."""
    try:
        book = opened(data)
        if sheet is None:
            yield {"sheets": book.sheet_names}, b""
            return
        found = book.get_sheet_by_index(sheet)
        yield {"before": found.start[0] if found.start else 0}, b""
        rows = ([shown(cell) for cell in row] for row in found.iter_rows())
        while some := list(islice(rows, ROWS_TOGETHER)):
            yield {"rows": some}, b""
    except CalamineError as error:
        raise Unreadable(f"{DAMAGED} ({error})") from error


@lru_cache(maxsize=1)
def opened(data: bytes) -> CalamineWorkbook:
    """The workbook, once all that is packed in it was looked at; kept for the next question."""
    return CalamineWorkbook.from_filelike(office_document(data))


if __name__ == "__main__":
    serve_many(answers)
