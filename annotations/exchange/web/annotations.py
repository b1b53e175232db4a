"""W3C Web Annotation in JSON-LD: a writer (the reader is in `reader`).

A claim or mention is an Annotation; each span a target with a position in code points and a
quote with the words around it; tags, actors, linked claims and the note are bodies. A comment is
an Annotation that replies to another. The codebook is a SKOS scheme for each facet. What the
vocabularies have no word for stands under `crossread:`, among it that several targets are the
pieces of one (the recommendation has given up its word for that). Texts are not in the file: a
source says the SHA-256 of its text, and what is known of its article where it is named first.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from annotations.anchors import context
from annotations.exchange.neutral import (
    ActorRecord,
    AnnotationRecord,
    ArticleRecord,
    CodebookRecord,
    CodeRecord,
    CommentRecord,
    DefinitionRecord,
    FacetRecord,
    LinkRecord,
    Parcel,
    PartRecord,
    RevisionRecord,
    SpanRecord,
    TagRecord,
)
from annotations.exchange.web.parts import CONTEXT_OF_W3C
from annotations.exchange.web.reader import read

__all__ = ["read", "write"]

CONTEXT = [
    CONTEXT_OF_W3C,
    {
        "crossread": "urn:crossread:",
        # Named in full: the W3C's own context has these prefixes, but not as prefixes of types.
        "Concept": "http://www.w3.org/2004/02/skos/core#Concept",
        "ConceptScheme": "http://www.w3.org/2004/02/skos/core#ConceptScheme",
        **{
            f"crossread:{name}": {"@type": "@id"}
            for name in ("actor", "markedAs", "article", "mergedInto", "targetsAre")
        },
        "skos:inScheme": {"@type": "@id"},
        "skos:broader": {"@type": "@id"},
        "crossread:wordings": {"@type": "@json"},
        "crossread:partOf": {"@type": "@json"},
        "crossread:aliases": {"@type": "@json"},
        "crossread:externalIds": {"@type": "@json"},
    },
]
MOTIVATIONS = {"claim": "classifying", "mention": "identifying"}
COMPOSITE = "http://www.w3.org/ns/oa#Composite"


def write(parcel: Parcel) -> Iterator[bytes]:
    """The pieces of one JSON document: a collection with all annotations on its first page."""
    collection = f"urn:uuid:{parcel.project.id}"
    head = {
        "@context": CONTEXT,
        "id": collection,
        "type": "AnnotationCollection",
        "label": parcel.project.name,
        "crossread:codebook": _codebook(parcel.codebook),
        "crossread:facets": [_facet(facet) for facet in parcel.facets],
        "crossread:tags": [_concept(tag) for tag in parcel.tags],
    }
    page = {"id": f"{collection}#page", "type": "AnnotationPage", "startIndex": 0}
    # What may be long is written as it is read: actors and items go into the brackets.
    yield f'{_json(_said(head))[:-1]}, "crossread:actors": ['.encode()
    for number, actor in enumerate(parcel.actors()):
        yield f"{',' if number else ''}\n{_json(_actor(actor))}".encode()
    yield f'\n], "first": {_json(page)[:-1]}, "items": ['.encode()
    total = 0
    for item in _items(parcel):
        yield f"{',' if total else ''}\n{_json(item)}".encode()
        total += 1
    yield f'\n]}}, "total": {total}}}\n'.encode()


def _items(parcel: Parcel) -> Iterator[dict[str, Any]]:
    facet_of = parcel.facet_of_tags()
    for article, annotations in parcel.annotated():
        revisions = {revision.id: revision for revision in article.revisions}
        # An article and a text are described where they are named first.
        fresh = {article.id, *revisions}
        for annotation in annotations:
            revision = revisions[annotation.revision]
            item = _item(annotation, facet_of)
            item["target"] = [
                {
                    "source": _source(article, revision, fresh),
                    "selector": _selectors(span, revision.text),
                }
                for span in annotation.spans
            ]
            if len(annotation.spans) > 1:
                item["crossread:targetsAre"] = COMPOSITE
            yield item
    yield from map(_reply, parcel.comments())


def _item(annotation: AnnotationRecord, facet_of: Mapping[str, str]) -> dict[str, Any]:
    bodies = [_participant(part) for part in annotation.participants]
    bodies += [_tag(code, facet_of.get(code.slug, "")) for code in annotation.codings]
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


def _source(article: ArticleRecord, revision: RevisionRecord, fresh: set[str]) -> Any:
    own = f"urn:uuid:{revision.id}"
    if revision.id not in fresh:
        return own
    fresh.discard(revision.id)
    about: Any = f"urn:uuid:{article.id}"
    if article.id in fresh:
        fresh.discard(article.id)
        about = _article(article)
    return _said(
        {
            "id": own, "type": "Text", "format": "text/plain", "language": article.language,
            "crossread:revision": revision.number, "crossread:sha256": revision.sha256,
            "crossread:article": about,
        }
    )  # fmt: skip


def _article(article: ArticleRecord) -> dict[str, Any]:
    return _said(
        {
            "id": f"urn:uuid:{article.id}",
            "dc:title": article.title,
            "dc:creator": list(article.authors),
            "dc:publisher": article.outlet,
            "dc:date": article.published_on and article.published_on.isoformat(),
            "dc:language": article.language,
            "dc:rights": article.rights,
            "schema:url": article.url,
            "schema:translator": list(article.translators),
            "crossread:story": article.story,
            "crossread:rawSha256": article.raw_sha256,
        }
    )


def _selectors(span: SpanRecord, text: str) -> list[dict[str, Any]]:
    prefix, suffix = context(text, span.start, span.end)
    quote = {"exact": span.quote, "prefix": prefix, "suffix": suffix}
    return [
        {"type": "TextPositionSelector", "start": span.start, "end": span.end},
        {"type": "TextQuoteSelector", **quote},
    ]


def _participant(part: PartRecord) -> dict[str, Any]:
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


def _reply(comment: CommentRecord) -> dict[str, Any]:
    return _said(
        {
            "id": f"urn:uuid:{comment.id}",
            "type": "Annotation",
            "motivation": "replying",
            "creator": {"type": "Person", "nickname": comment.author},
            "created": comment.created.isoformat(),
            "body": {"type": "TextualBody", "purpose": "replying", "value": comment.text},
            "target": f"urn:uuid:{comment.annotation}",
            "crossread:mentions": list(comment.mentions),
        }
    )


def _codebook(book: CodebookRecord | None) -> dict[str, str] | None:
    return book and {"dc:title": book.name, "dc:description": book.description}


def _facet(facet: FacetRecord) -> dict[str, Any]:
    return _said(
        {
            "id": f"urn:crossread:facet:{facet.slug}",
            "type": "ConceptScheme",
            "skos:notation": facet.slug,
            "skos:prefLabel": facet.name,
            "crossread:position": facet.position,
            "crossread:choose": facet.choose,
            "crossread:required": facet.required,
            "crossread:takesStance": facet.takes_stance,
            "crossread:retired": _time(facet.retired),
        }
    )


def _concept(tag: TagRecord) -> dict[str, Any]:
    return _said(
        {
            "id": _tag_id(tag.slug),
            "type": "Concept",
            "skos:notation": tag.slug,
            "skos:prefLabel": tag.label,
            "skos:definition": tag.definition,
            "skos:inScheme": f"urn:crossread:facet:{tag.facet}",
            "skos:broader": tag.parent and _tag_id(tag.parent),
            "crossread:wordings": _wordings(tag.definitions),
            "crossread:key": tag.key,
            "crossread:colour": tag.colour,
            "crossread:position": tag.position,
            "crossread:retired": _time(tag.retired),
            "crossread:mergedInto": tag.merged_into and _tag_id(tag.merged_into),
        }
    )


def _wordings(definitions: Iterable[DefinitionRecord]) -> list[dict[str, Any]]:
    return [one._asdict() for one in definitions]


def _tag_id(slug: str) -> str:
    return f"urn:crossread:tag:{slug}"


def _actor(actor: ActorRecord) -> dict[str, Any]:
    return _said(
        {
            "id": f"urn:uuid:{actor.id}",
            "name": actor.name,
            "crossread:kind": actor.kind,
            "crossread:notes": actor.notes,
            "crossread:partOf": list(actor.part_of),
            "crossread:aliases": list(actor.aliases),
            "crossread:externalIds": list(actor.external_ids),
            "crossread:retired": actor.retired,
            "crossread:mergedWith": actor.merged_into,
        }
    )


def _time(moment: datetime | None) -> str | None:
    return moment and moment.isoformat()


def _said(values: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is empty; false and 0 say something."""
    return {name: value for name, value in values.items() if value not in ("", None, [], {})}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
