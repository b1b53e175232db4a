"""doccano's JSONL, in the shape of relation extraction: the writer.

A line is a text with what one person marked on it, or with its gold. Each piece of a claim or
mention is an entity for each of its tags (`@claim` without any, `@mention`); a stretch and label
that two annotations share are one entity. Relations tie later pieces to the first (`piece`), and
are links. Everything else stands under `crossread`, which doccano keeps as metadata; the first
line also has the codebook, the actors and the comments. Offsets count code points, half-open.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from annotations.exchange import aside
from annotations.exchange.labelling.doccano_reader import read, shown
from annotations.exchange.neutral import AnnotationRecord, Document, Parcel

__all__ = ["read", "write"]


def write(parcel: Parcel) -> Iterator[bytes]:
    """The lines of the file."""
    facets, marked = parcel.facet_of_tags(), aside.marked_names(parcel)
    number = 0
    for document in parcel.documents(passages=True):
        for annotations in _works(document):
            number += 1
            line = _line(number, document, annotations, facets, marked)
            if number == 1:
                line["crossread"]["project"] = list(aside.told(parcel))
            yield orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)


def _works(document: Document) -> Iterable[list[AnnotationRecord]]:
    """What each person marked, and the gold; nothing, once, where nobody did."""
    works: dict[str, list[AnnotationRecord]] = defaultdict(list)
    for one in document.annotations:
        works["" if one.layer == "gold" else one.author].append(one)
    return works.values() or [[]]


def _line(
    number: int, document: Document, annotations: list[AnnotationRecord],
    facets: Mapping[str, str], marked: Mapping[str, str],
) -> dict[str, Any]:  # fmt: skip
    found = shown(annotations)
    ids = {entity: id for id, entity in enumerate(found.entities)}
    return {
        "id": number,
        "text": document.revision.text,
        "entities": [
            {"id": id, "start_offset": start, "end_offset": end, "label": label}
            for (start, end, label), id in ids.items()
        ],
        "relations": [
            {"id": id, "from_id": ids[first], "to_id": ids[other], "type": kind}
            for id, (first, kind, other) in enumerate(found.ties)
        ],
        "Comments": [],
        "crossread": {
            "article": aside.particulars(document),
            "annotations": [aside.said(one, facets, marked=marked) for one in annotations],
        },
    }  # fmt: skip
