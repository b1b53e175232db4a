"""A table with a row for each annotation, read again: CSV, and the sheet of a workbook.

It has no texts, so that its articles have to be there. Rows may have been sorted, changed, left
out and added, and columns moved; a row that cannot be read is refused with its number.
"""

from collections.abc import Collection, Iterable, Iterator
from functools import partial
from typing import BinaryIO

from annotations.exchange.neutral import (
    CodeRecord,
    FacetRecord,
    Refusal,
    Remark,
    Row,
    tag_of,
)
from annotations.exchange.sheets import Line, lines
from annotations.exchange.tables import cells
from annotations.exchange.tables.columns import (
    HEAD,
    NEEDED,
    TAIL,
    Articles,
    Cells,
    Rest,
    annotation_of,
    code_in,
    remarks_on,
)
from corpus_app.notation import UnfitCell

FACET = "facet."
KNOWN = frozenset({*HEAD, *TAIL, "definitions", "before_merger"})


def read(file: BinaryIO) -> Iterator[Row]:
    """The facets and tags that its rows name, then articles and annotations as they come.

    Raises ReadError if a column is missing that it takes to know where an annotation is.
    """
    again = partial(lines, file, NEEDED)
    articles, tags = Articles(), Tags()
    for _, row in again():
        if not isinstance(row, str):
            articles.note(row)
            tags.note(row)
    yield from tags.rows()
    yield from annotations(again(), articles)


def annotations(rows: Iterable[Line], articles: Articles) -> Iterator[Row]:
    """Each article before the first of its annotations, and what cannot be read of the rows."""
    for nth, (number, row) in enumerate(rows):
        if nth == 0 and not isinstance(row, str) and (strange := _strange(row)):
            yield Row(1, Remark(f"left out, since we do not know such columns: {strange}"))
        if isinstance(row, str):
            yield Row(number, Refusal(row))
            continue
        try:
            annotation = annotation_of(row, number, Rest(codings_in(row), own_names_in(row)))
        except UnfitCell as error:
            yield Row(number, Refusal(str(error)))
            continue
        if article := articles.first(row):
            yield Row(number, article)
        yield Row(number, annotation)
        yield from (Row(number, Remark(told)) for told in remarks_on(row))


class Tags:
    """The facets and tags that the rows of a table name, in the order in which they do."""

    def __init__(self):
        self._tags: dict[str, dict[str, None]] = {}
        self._taking: set[str] = set()

    def note(self, row: Cells) -> None:
        """Remember the tags of a row, as far as they can be read."""
        for facet, cell in _facets(row):
            try:
                for slug, stance in cells.parted_parts(cell, 2):
                    self._tags.setdefault(facet, {})[slug] = None
                    if stance:
                        self._taking.add(facet)
            except UnfitCell:
                continue

    def rows(self, known: Collection[str] = ()) -> Iterator[Row]:
        """A facet for each column in which there is a tag, and its tags, but for those known."""
        for facet in self._tags:
            if facet not in known:
                yield Row(1, FacetRecord(facet, facet, takes_stance=facet in self._taking))
        for facet, slugs in self._tags.items():
            for slug in slugs:
                if slug not in known:
                    yield Row(1, tag_of(slug, facet, slug))


def codings_in(row: Cells) -> list[CodeRecord]:
    """The tags in the columns of the facets, with their definitions. Raises UnfitCell."""
    numbers = dict(cells.parted_parts(row.get("definitions", ""), 2))
    return [
        code_in(slug, stance, numbers.get(slug, ""))
        for _, cell in _facets(row)
        for slug, stance in cells.parted_parts(cell, 2)
    ]


def own_names_in(row: Cells) -> dict[tuple[str, int, str], str]:
    """Who was marked before he was merged, as `columns.Rest` has it. Raises UnfitCell."""
    found = {}
    for role, place, shown, own in cells.parted_parts(row.get("before_merger", ""), 4):
        found[role, cells.read_number(place, "before_merger"), shown] = own
    return found


def _facets(row: Cells) -> Iterator[tuple[str, str]]:
    for column, cell in row.items():
        if cell and column.startswith(FACET):
            yield column.removeprefix(FACET), cell


def _strange(row: Cells) -> str:
    names = [name for name in row if name and name not in KNOWN and not name.startswith(FACET)]
    return ", ".join(names)
