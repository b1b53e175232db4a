"""CSV: one row a coding, so that tags can be counted without taking cells apart.

An annotation without tags has one row, in which facet and tag are empty.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any, BinaryIO

from annotations.exchange.neutral import (
    AnnotationRecord,
    ArticleRecord,
    CodeRecord,
    FacetRecord,
    Parcel,
    Refusal,
    Remark,
    Row,
    tag_of,
)
from annotations.exchange.sheets import lines
from annotations.exchange.tables.columns import (
    HEAD,
    NEEDED,
    TAIL,
    Articles,
    Cells,
    Rest,
    annotation_of,
    code_in,
    head,
    of_article,
    remarks_on,
    tail,
)
from annotations.exchange.tables.table import Lines
from corpus_app.notation import UnfitCell

CODING = ("facet", "tag", "label", "stance", "definition")


def write(parcel: Parcel) -> Iterator[bytes]:
    """The lines of the table, the names of the columns first.

    The columns are those of a row an annotation (see `table`), but of one tag: its `facet`, its
    `label`, its `stance`, and the number of the `definition` it was given under.
    """
    found = Lines()
    yield found.of([[*HEAD, *CODING, *TAIL]])
    tags = {tag.slug: (tag.facet, tag.slug, tag.label) for tag in parcel.tags}
    for article, annotations in parcel.annotated():
        if annotations:
            yield found.of(_rows(article, annotations, tags))


def _rows(
    article: ArticleRecord,
    annotations: Iterable[AnnotationRecord],
    tags: Mapping[str, tuple[str, str, str]],
) -> Iterator[list[Any]]:
    shared = of_article(article)
    for annotation in annotations:
        before, after = head(annotation, shared), tail(annotation, shared)
        codings = [(*tags[c.slug], c.stance, c.definition) for c in annotation.codings]
        for code in codings or [("",) * len(CODING)]:
            yield [*before, *code, *after]


def read(file: BinaryIO) -> Iterator[Row]:
    """The facets and tags, then articles and annotations, each with the tags of all its rows.

    Of rows that differ in anything else the first counts. Raises ReadError if a column is
    missing that it takes to know where an annotation is.
    """
    again = partial(lines, file, NEEDED | {"id", "facet", "tag"})
    reading = _Reading()
    for number, row in again():
        if not isinstance(row, str):
            reading.note(number, row)
    yield from reading.tags()
    for number, row in again():
        if isinstance(row, str):
            yield Row(number, Refusal(row))
            continue
        try:
            yield from reading.annotation(number, row)
        except UnfitCell as error:
            yield Row(number, Refusal(str(error)))


class _Reading:
    """Gathers the tags of each annotation from rows that need not stand together."""

    def __init__(self):
        self.articles = Articles()
        self.facets: dict[str, dict[str, str]] = {}
        self.taking: set[str] = set()
        self.codings: dict[str, list[CodeRecord]] = {}
        self.seen: dict[str, int] = {}

    def note(self, number: int, row: Cells) -> None:
        """Remember the tag of a row, if it can be read."""
        self.articles.note(row)
        try:
            code = _code(row)
        except UnfitCell:
            return
        own = self.codings.setdefault(_id(row, number), [])
        if code:
            own.append(code)
            self.facets.setdefault(row["facet"], {})[code.slug] = row.get("label") or code.slug
            if code.stance:
                self.taking.add(row["facet"])

    def tags(self) -> Iterator[Row]:
        """The facets of the rows, and the tags of each."""
        for facet in self.facets:
            yield Row(1, FacetRecord(facet, facet, takes_stance=facet in self.taking))
        for facet, labels in self.facets.items():
            for slug, label in labels.items():
                yield Row(1, tag_of(label, facet, slug))

    def annotation(self, number: int, row: Cells) -> Iterator[Row]:
        """The article and annotation of a row that is the first of theirs. Raises UnfitCell."""
        _code(row)
        own = _id(row, number)
        annotation = annotation_of(row, number, Rest(self.codings.get(own, [])))
        told = hash(repr(annotation))
        if own in self.seen:
            if self.seen[own] != told:
                yield Row(number, Remark("it differs from an earlier row of the same annotation"))
            return
        self.seen[own] = told
        if article := self.articles.first(row):
            yield Row(number, article)
        yield Row(number, annotation)
        yield from (Row(number, Remark(told)) for told in remarks_on(row))


def _id(row: Cells, number: int) -> str:
    return row["id"].strip() or f"row {number}"


def _code(row: Cells) -> CodeRecord | None:
    if not row["tag"].strip():
        return None
    if not row["facet"].strip():
        raise UnfitCell("facet: it does not say of which facet the tag is")
    return code_in(row["tag"].strip(), row.get("stance", ""), row.get("definition", ""))
