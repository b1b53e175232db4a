"""W3C Web Annotation in JSON-LD: a writer. What it cannot hold is the texts and the history.

A claim or mention is an Annotation; each span a target with a position in code points and a
quote with the words around it; tags, actors, linked claims and the note are bodies. What the
vocabulary has no word for stands under `crossread:`.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from annotations.anchors import context
from annotations.exchange.neutral import (
    AnnotationRecord,
    CodeRecord,
    LinkRecord,
    Parcel,
    PartRecord,
    SpanRecord,
)

CONTEXT = [
    "http://www.w3.org/ns/anno.jsonld",
    {
        "crossread": "urn:crossread:",
        "crossread:actor": {"@type": "@id"},
        "crossread:markedAs": {"@type": "@id"},
    },
]
MOTIVATIONS = {"claim": "classifying", "mention": "identifying"}


def write(parcel: Parcel) -> Iterator[bytes]:
    """The pieces of one JSON document: a collection with all annotations on its first page."""
    collection = f"urn:uuid:{parcel.project.id}"
    page = {"id": f"{collection}#page", "type": "AnnotationPage", "startIndex": 0}
    frame = {
        "@context": CONTEXT,
        "id": collection,
        "type": "AnnotationCollection",
        "label": parcel.project.name,
        "first": {**page, "items": []},
    }
    # The frame ends in `[]}}`: the items and, once they are counted, the total go in between.
    yield json.dumps(frame, ensure_ascii=False)[:-3].encode()
    facet_of = parcel.facet_of_tags()
    total = 0
    for article, annotations in parcel.annotated():
        texts = {revision.id: revision.text for revision in article.revisions}
        for annotation in annotations:
            item = _item(annotation, facet_of)
            text = texts[annotation.revision]
            item["target"] = [
                _target(annotation, span, text, article.language) for span in annotation.spans
            ]
            written = json.dumps(item, ensure_ascii=False)
            yield f"{',' if total else ''}\n{written}".encode()
            total += 1
    yield f'\n]}}, "total": {total}}}\n'.encode()


def _item(annotation: AnnotationRecord, facet_of: Mapping[str, str]) -> dict[str, Any]:
    bodies = [_actor(part) for part in annotation.participants]
    bodies += [_tag(code, facet_of[code.slug]) for code in annotation.codings]
    bodies += [_link(link) for link in annotation.links]
    if annotation.note:
        bodies.append({"type": "TextualBody", "purpose": "commenting", "value": annotation.note})
    return {
        "id": f"urn:uuid:{annotation.id}",
        "type": "Annotation",
        "motivation": MOTIVATIONS[annotation.kind],
        "creator": {"type": "Person", "nickname": annotation.author},
        "created": annotation.created.isoformat(),
        "modified": annotation.updated.isoformat(),
        "generator": _generator(annotation),
        **({"body": bodies} if bodies else {}),
        "crossread:kind": annotation.kind,
        "crossread:layer": annotation.layer,
        "crossread:state": annotation.state,
        "crossread:origin": annotation.origin,
        "crossread:attribution": annotation.attribution,
        "crossread:certainty": annotation.certainty,
        "crossread:flagged": annotation.flagged,
        "crossread:version": annotation.version,
    }


def _target(
    annotation: AnnotationRecord, span: SpanRecord, text: str, language: str
) -> dict[str, Any]:
    prefix, suffix = context(text, span.start, span.end)
    return {
        "source": {
            "id": f"urn:uuid:{annotation.revision}",
            "type": "Text",
            "language": language,
            "format": "text/plain",
        },
        "selector": [
            {"type": "TextPositionSelector", "start": span.start, "end": span.end},
            {
                "type": "TextQuoteSelector",
                "exact": span.quote,
                "prefix": prefix,
                "suffix": suffix,
            },
        ],
    }


def _actor(part: PartRecord) -> dict[str, Any]:
    body = {
        "type": "TextualBody",
        "purpose": "identifying",
        "value": part.name,
        "crossread:role": part.role,
        **({"crossread:endorsement": part.endorsement} if part.endorsement else {}),
    }
    if not part.actor:
        return body
    marked = {"crossread:markedAs": f"urn:uuid:{part.actor}"} if part.standing else {}
    return {**body, "crossread:actor": f"urn:uuid:{part.standing or part.actor}", **marked}


def _tag(code: CodeRecord, facet: str) -> dict[str, Any]:
    return {
        "type": "TextualBody",
        "purpose": "tagging",
        "value": code.slug,
        "crossread:facet": facet,
        "crossread:stance": code.stance,
        "crossread:definition": code.definition,
    }


def _link(link: LinkRecord) -> dict[str, Any]:
    return {
        "type": "SpecificResource",
        "purpose": "linking",
        "source": f"urn:uuid:{link.claim}",
        "crossread:relation": link.relation,
    }


def _generator(annotation: AnnotationRecord) -> dict[str, Any]:
    version = {"crossread:version": annotation.tool_version} if annotation.tool_version else {}
    return {"type": "Software", "name": annotation.tool or "Crossread", **version}
