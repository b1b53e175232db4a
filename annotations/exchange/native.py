"""Crossread's own JSONL: a whole project, written so that nothing is lost: the writer.

One object a line, each saying what it `is`: header, facet, tag, actor, outlet, story, article,
annotation, comment, and a trailer with the counts and the SHA-256 of all lines before it. Actors
and outlets are referred to by name, stories by title, tags by slug, articles by the SHA-256 of
their raw input, so that a file means the same in any project; a link names the claim that it leads
to, and a comment the annotation that it is on, by its id in the file. Offsets count code points,
half-open.
"""

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import orjson

from annotations.exchange.native_reader import read
from annotations.exchange.neutral import (
    ActorRecord,
    AnnotationRecord,
    ArticleRecord,
    CommentRecord,
    FacetRecord,
    OutletRecord,
    Parcel,
    RevisionRecord,
    StoryRecord,
    TagRecord,
)

__all__ = ["VERSION", "read", "write"]

VERSION = 5


def write(parcel: Parcel) -> Iterator[bytes]:
    """The lines of the file, from the header to the trailer."""
    digest, counts = hashlib.sha256(), Counter()
    for values in _objects(parcel):
        line = orjson.dumps(values, option=orjson.OPT_APPEND_NEWLINE)
        digest.update(line)
        counts[values["is"]] += 1
        yield line
    kinds = (
        "facet", "tag", "actor", "outlet", "story", "article", "annotation", "comment",
    )  # fmt: skip
    trailer = {"is": "trailer", **{kind: counts[kind] for kind in kinds}}
    yield json.dumps({**trailer, "sha256": digest.hexdigest()}).encode() + b"\n"


def _objects(parcel: Parcel) -> Iterator[dict[str, Any]]:
    yield _header(parcel)
    yield from (_facet(facet) for facet in parcel.facets)
    yield from (_tag(tag) for tag in parcel.tags)
    # Annotations name whom they were marked with, so that a merger can be taken back there too.
    merged: dict[str, str] = {}
    for actor in parcel.actors():
        if actor.merged_into:
            merged[actor.id] = actor.name
        yield _actor(actor)
    yield from (_outlet(outlet) for outlet in parcel.outlets())
    yield from (_story(story) for story in parcel.stories())
    for article in parcel.articles():
        yield _article(article)
    for article, annotations in parcel.annotated():
        numbers = {revision.id: revision.number for revision in article.revisions}
        for annotation in annotations:
            yield _annotation(annotation, article.raw_sha256, numbers[annotation.revision], merged)
    yield from (_comment(comment) for comment in parcel.comments())


def _header(parcel: Parcel) -> dict[str, Any]:
    project = parcel.project._asdict()
    del project["id"]
    return {
        "is": "header",
        "format": "crossread",
        "version": VERSION,
        "project": project,
        "codebook": parcel.codebook and parcel.codebook._asdict(),
    }


def _facet(facet: FacetRecord) -> dict[str, Any]:
    values = facet._asdict()
    del values["id"]
    return {"is": "facet", **values, "retired": _time(facet.retired)}


def _tag(tag: TagRecord) -> dict[str, Any]:
    """A tag with all its definitions, since codings name the one they were made under."""
    return {
        "is": "tag",
        "slug": tag.slug,
        "facet": tag.facet,
        "parent": tag.parent or None,
        "key": tag.key,
        "colour": tag.colour,
        "position": tag.position,
        "definitions": [definition._asdict() for definition in tag.definitions],
        "retired": _time(tag.retired),
        "merged_into": tag.merged_into or None,
    }


def _actor(actor: ActorRecord) -> dict[str, Any]:
    names = (
        "name", "kind", "part_of", "notes", "aliases", "external_ids", "retired", "merged_into",
    )  # fmt: skip
    return {"is": "actor", **{name: getattr(actor, name) for name in names}}


def _outlet(outlet: OutletRecord) -> dict[str, Any]:
    return {"is": "outlet", **outlet._asdict()}


def _story(story: StoryRecord) -> dict[str, Any]:
    return {"is": "story", **story._asdict()}


def _article(article: ArticleRecord) -> dict[str, Any]:
    return {
        "is": "article",
        "raw_sha256": article.raw_sha256,
        "raw_name": article.raw_name,
        "raw_type": article.raw_type,
        "title": article.title,
        "authors": article.authors,
        "translators": article.translators,
        "outlet": article.outlet,
        "story": article.story,
        "published_on": article.published_on and article.published_on.isoformat(),
        "language": article.language,
        "url": article.url,
        "rights": article.rights,
        "revisions": [_revision(revision) for revision in article.revisions],
        "raw": base64.b64encode(article.raw).decode(),
    }


def _revision(revision: RevisionRecord) -> dict[str, Any]:
    return {
        "number": revision.number,
        "sha256": revision.sha256,
        "text": revision.text,
        "roles": revision.roles,
        "passages": [passage._asdict() for passage in revision.passages],
    }


def _annotation(
    annotation: AnnotationRecord, article: str, revision: int, merged: Mapping[str, str]
) -> dict[str, Any]:
    return {
        "is": "annotation",
        "id": annotation.id,
        "article": article,
        "revision": revision,
        "author": annotation.author,
        "kind": annotation.kind,
        "layer": annotation.layer,
        "state": annotation.state,
        "origin": annotation.origin,
        "tool": annotation.tool,
        "tool_version": annotation.tool_version,
        "version": annotation.version,
        "created": annotation.created,
        "updated": annotation.updated,
        "spans": [{"start": s.start, "end": s.end, "quote": s.quote} for s in annotation.spans],
        "participants": [
            {
                "role": p.role,
                "actor": None if p.stands_for else merged.get(p.actor, p.name),
                "stands_for": p.stands_for,
                "endorsement": p.endorsement,
            }
            for p in annotation.participants
        ],
        "codings": [
            {"tag": c.slug, "stance": c.stance, "definition": c.definition}
            for c in annotation.codings
        ],
        "attribution": annotation.attribution,
        "certainty": annotation.certainty,
        "note": annotation.note,
        "flagged": annotation.flagged,
        "links": [link._asdict() for link in annotation.links],
    }


def _comment(comment: CommentRecord) -> dict[str, Any]:
    return {
        "is": "comment",
        "id": comment.id,
        "annotation": comment.annotation,
        "author": comment.author,
        "text": comment.text,
        "mentions": comment.mentions,
        "created": comment.created.isoformat(),
    }


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
