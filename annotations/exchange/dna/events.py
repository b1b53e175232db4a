"""The event list of Discourse Network Analyzer, as R and spreadsheets read it.

A row for each claimant and tag of a claim, with the columns that DNA gives it, in which a neutral
or unclear stance leaves `agreement` empty. After them `coder`, `stance`, and `crossread`: JSON,
with all that is needed to put a claim together again in the first of its rows, and its id in the
others. Mentions are no events. There are no texts: an article is named by the SHA-256 of its text,
and `text` has the claim's words, its pieces parted by ` … `.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from annotations.exchange.aside import Particulars, marked_names, names_of, record_of, said
from annotations.exchange.aside import particulars as particulars_of
from annotations.exchange.dna.events_reader import read
from annotations.exchange.dna.names import Names, agreement, coder
from annotations.exchange.neutral import AnnotationRecord, Document, Parcel
from annotations.exchange.noted import compact
from corpus_app.spreadsheet import guarded

__all__ = ["read", "write"]
OF_DNA = (
    "statement ID", "time", "document ID", "document title", "author", "source", "section",
    "type", "text", "person", "organization", "concept", "agreement",
)  # fmt: skip
COLUMNS = (*OF_DNA, "coder", "stance", "crossread")


def write(parcel: Parcel) -> Iterator[bytes]:
    """The lines of the list, parted by semicolons as DNA parts them; the columns' names first."""
    names, marked = Names(parcel.tags, parcel.actors()), marked_names(parcel)
    facets = parcel.facet_of_tags()
    lines, statement = _Lines(), 0
    yield lines.of(COLUMNS)
    for number, document in enumerate(parcel.documents(), 1):
        common = _of_document(number, document)
        for claim in document.annotations:
            if claim.kind != "claim":
                continue
            kept = {**particulars_of(document), "id": document.article.id, "passages": []}
            speakers = _speakers(claim, names, marked, record_of(Particulars, kept))
            whole = _whole(claim, said(claim, facets, ("spans",), marked=marked), names)
            whole |= {"speakers": speakers, "on": kept, "sha256": document.revision.sha256}
            for *event, stance in _events(claim, speakers.values(), names):
                statement += 1
                told = [" … ".join(span.quote for span in claim.spans), *event]
                yield lines.of([statement, *common, *told, coder(claim), stance, compact(whole)])
                whole = {"id": claim.id}


def _whole(claim: AnnotationRecord, values: dict[str, Any], names: Names) -> dict[str, Any]:
    """All that is needed to put a claim together again, but for its article."""
    return {
        "kind": claim.kind, **values,
        "places": [[span.start, span.end] for span in claim.spans],
        "tags": {code.slug: [names.concept(code), names.label(code)] for code in claim.codings},
    }  # fmt: skip


def _speakers(
    claim: AnnotationRecord, names: Names, marked: Mapping[str, str], article: Particulars
) -> dict[str, tuple[str, str]]:
    """The claimants as person and organization, by their names."""
    claimants = (name for role, name in names_of(claim, marked) if role == "claimant")
    return {name: names.speaker(name, article) for name in claimants}


def _of_document(number: int, document: Document) -> list[Any]:
    """What DNA tells of a document: time, number, title, author, source, section and type."""
    article = document.article
    time = f"{article.published_on} 00:00:00" if article.published_on else ""
    authors = "; ".join(article.authors)
    return [time, number, article.title, authors, article.outlet, article.story, article.language]


def _events(
    claim: AnnotationRecord, speakers: Iterable[tuple[str, str]], names: Names
) -> Iterator[list[Any]]:
    """Person, organization, concept, agreement and stance for each claimant and tag."""
    for speaker in dict.fromkeys(speakers) or [("", "")]:
        for code in claim.codings:
            agrees = agreement(code)
            cell = "" if agrees is None else int(agrees)
            yield [*speaker, names.concept(code), cell, code.stance]
        if not claim.codings:
            yield [*speaker, "", "", ""]


class _Lines:
    """Writes one line after the other, guarded against formulas."""

    def __init__(self):
        self._buffer = io.StringIO()
        self._writer = csv.writer(self._buffer, delimiter=";", quoting=csv.QUOTE_NONNUMERIC)

    def of(self, cells: Any) -> bytes:
        self._writer.writerow([guarded(c) if isinstance(c, str) else c for c in cells])
        written = self._buffer.getvalue()
        self._buffer.seek(0)
        self._buffer.truncate()
        return written.encode()
