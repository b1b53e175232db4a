"""CSV: one row an annotation, an article named by the SHA-256 of its text. The writer."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from annotations.exchange.neutral import AnnotationRecord, ArticleRecord, Parcel
from annotations.exchange.tables.columns import HEAD, TAIL, head, of_article, tail
from annotations.exchange.tables.table_reader import read
from corpus_app.spreadsheet import BEGINS, guarded

__all__ = ["Layout", "Lines", "read", "write"]


def write(parcel: Parcel) -> Iterator[bytes]:
    """The lines of the table, the names of the columns first.

    `start` and `end` enclose all spans, `spans` has each as `start-end`, in code points, and
    `quote` their words, parted by ` … `. A facet has a column of its tags. Several values in one
    cell are parted by `|`; a tag with a stance is `tag:stance`, a voice that endorses what it
    passes on, or not, `name:endorsement`, a link `relation:id` (see `cells`). A cell that a
    spreadsheet would take for a formula begins with an apostrophe.
    """
    layout, lines = Layout(parcel), Lines()
    yield lines.of([layout.columns])
    for article, annotations in parcel.annotated():
        if annotations:
            yield lines.of(layout.rows(article, annotations))


class Layout:
    """The columns of a table of a project's annotations, and a row for each."""

    def __init__(self, parcel: Parcel):
        self._facets = [facet.slug for facet in parcel.facets]
        self._facet_of = parcel.facet_of_tags()
        of_facets = (f"facet.{slug}" for slug in self._facets)
        self.columns = [*HEAD, *of_facets, *TAIL, "definitions"]

    def rows(
        self, article: ArticleRecord, annotations: Iterable[AnnotationRecord]
    ) -> Iterator[list[Any]]:
        """The cells for each annotation on an article."""
        shared = of_article(article)
        for annotation in annotations:
            tags = self._tags(annotation)
            yield [*head(annotation, shared), *tags[:-1], *tail(annotation, shared), tags[-1]]

    def _tags(self, annotation: AnnotationRecord) -> list[str]:
        """The tags of each facet, and last the definitions under which they were given.

        Slugs have no sign that would have to be escaped.
        """
        tags: dict[str, list[str]] = {}
        for code in annotation.codings:
            told = f"{code.slug}:{code.stance}" if code.stance else code.slug
            tags.setdefault(self._facet_of[code.slug], []).append(told)
        given = "|".join([f"{code.slug}:{code.definition}" for code in annotation.codings])
        return [*["|".join(tags.get(slug, ())) for slug in self._facets], given]


class Lines:
    """Writes lines of CSV, guarded against formulas."""

    def __init__(self):
        self._buffer = io.StringIO()
        self._writer = csv.writer(self._buffer)

    def of(self, rows: Iterable[Sequence[Any]]) -> bytes:
        """The lines for these rows."""
        for row in rows:
            self._writer.writerow(
                [guarded(c) if c.__class__ is str and c[:1] in BEGINS else c for c in row]
            )
        written = self._buffer.getvalue()
        self._buffer.seek(0)
        self._buffer.truncate()
        return written.encode()
