"""JSONL as spaCy and Prodigy read it: a text on each line, with labelled spans."""

from collections.abc import Iterator

import orjson

from annotations.exchange import aside
from annotations.exchange.language.marks import Mark, Marks
from annotations.exchange.neutral import Document, Parcel


def write(parcel: Parcel) -> Iterator[bytes]:
    """A line for each text: `text`, `spans`, `meta` with what is known of its article.

    Spans count code points, half-open. A claim has one for each piece and tag, all with its id;
    `kind`, `layer` and `author` say which are of one set. `annotations` has all that is known of
    each, with its participants, stances and links.
    """
    marks = Marks(parcel)
    for document in parcel.documents(passages=True):
        yield orjson.dumps(_task(document, marks), option=orjson.OPT_APPEND_NEWLINE)


def _task(document: Document, marks: Marks) -> dict:
    annotations = document.annotations
    return {
        "text": document.revision.text,
        "spans": [_span(mark) for annotation in annotations for mark in marks.of(annotation)],
        "meta": aside.particulars(document),
        "annotations": [aside.said(one, marks.facet_of) for one in annotations],
    }


def _span(mark: Mark) -> dict:
    values = mark._asdict()
    shown = {name: values[name] for name in ("start", "end", "label", "id", "kind", "layer")}
    return {**shown, "author": mark.author, "facet": mark.facet, "text": mark.quote}
