"""CSV: one row an annotation. A writer; what it cannot hold is the texts and the history."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from annotations.exchange.neutral import AnnotationRecord, ArticleRecord, Parcel
from corpus_app.spreadsheet import guarded

ROLES = {"named": "named", "meant": "meant", "claimant": "claimants", "target": "targets",
         "voice": "voice"}  # fmt: skip
FIRST = (
    "id", "article", "outlet", "title", "published_on", "kind", "layer", "state", "author",
    "start", "end", "spans", "quote",
)  # fmt: skip
LAST = (
    "attribution", "certainty", "note", "flagged", "links", "origin", "version", "created",
    "updated",
)  # fmt: skip


def write(parcel: Parcel) -> Iterator[bytes]:
    """The lines of the table, the names of the columns first.

    `start` and `end` enclose all spans, `spans` has each as `start-end`, in code points. Several
    values in one cell are parted by `|`; a tag with a stance is `tag:stance`, a voice that endorses
    what it passes on, or not, `name:endorsement`, a link `relation:id`. A cell that a spreadsheet
    would take for a formula begins with an apostrophe.
    """
    facets = [facet.slug for facet in parcel.facets]
    facet_of = parcel.facet_of_tags()
    columns = [*FIRST, *ROLES.values(), *(f"facet.{slug}" for slug in facets), *LAST]
    line = _Line()
    yield line.of(columns)
    for article, annotations in parcel.annotated():
        for annotation in annotations:
            tags: dict[str, list[str]] = {slug: [] for slug in facets}
            for code in annotation.codings:
                stance = f":{code.stance}" if code.stance else ""
                tags[facet_of[code.slug]].append(code.slug + stance)
            yield line.of(_cells(article, annotation, ["|".join(found) for found in tags.values()]))


def _cells(article: ArticleRecord, annotation: AnnotationRecord, tags: list[str]) -> list[Any]:
    return [
        annotation.id, article.id, article.outlet, article.title, article.published_on or "",
        annotation.kind, annotation.layer, annotation.state, annotation.author,
        annotation.start, annotation.end,
        "|".join(f"{span.start}-{span.end}" for span in annotation.spans),
        " … ".join(span.quote for span in annotation.spans),
        *("|".join(_people(annotation, role)) for role in ROLES),
        *tags,
        annotation.attribution, annotation.certainty, annotation.note,
        "yes" if annotation.flagged else "",
        "|".join(f"{link.relation}:{link.claim}" for link in annotation.links),
        annotation.origin, annotation.version,
        annotation.created.isoformat(), annotation.updated.isoformat(),
    ]  # fmt: skip


def _people(annotation: AnnotationRecord, role: str) -> list[str]:
    """Who takes part in the role, each once; a voice with its endorsement."""
    if role != "voice":
        return annotation.names(role)
    voices = [part for part in annotation.participants if part.role == role]
    said = (f"{v.name}:{v.endorsement}" if v.endorsement else v.name for v in voices)
    return list(dict.fromkeys(said))


class _Line:
    """Writes one line of CSV after the other, guarded against formulas."""

    def __init__(self):
        self._buffer = io.StringIO()
        self._writer = csv.writer(self._buffer)

    def of(self, cells: Sequence[Any]) -> bytes:
        self._writer.writerow([guarded(c) if isinstance(c, str) else c for c in cells])
        written = self._buffer.getvalue()
        self._buffer.seek(0)
        self._buffer.truncate()
        return written.encode()
