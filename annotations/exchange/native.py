"""Crossread's own JSONL: a whole project, written so that nothing is lost: the writer.

One object a line, each saying what it `is`: header, facet, tag, actor, article, annotation,
comment, and a trailer with the counts and the SHA-256 of all lines before it. Actors are referred
to by name, tags by slug, articles by the SHA-256 of their raw input, so that a file means the
same in any project; a link names the claim that it leads to, and a comment the annotation that it
is on, by its id in the file. Offsets count code points, half-open.
"""

import base64
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import orjson

from annotations.exchange import record
from annotations.exchange.record import AnnotationRecord, ArticleRecord, RevisionRecord
from annotations.exchange.source import Source
from annotations.models import ClaimTag, Comment, Facet
from corpus_app import actors

VERSION = 3


def write(source: Source) -> Iterator[str]:
    """The lines of the file, from the header to the trailer."""
    digest, counts = hashlib.sha256(), Counter()
    for values in _objects(source):
        line = orjson.dumps(values, option=orjson.OPT_APPEND_NEWLINE)
        digest.update(line)
        counts[values["is"]] += 1
        yield line.decode()
    kinds = ("facet", "tag", "actor", "article", "annotation", "comment")
    trailer = {"is": "trailer", **{kind: counts[kind] for kind in kinds}}
    yield json.dumps({**trailer, "sha256": digest.hexdigest()}) + "\n"


def _objects(source: Source) -> Iterator[dict[str, Any]]:
    yield _header(source)
    yield from (_facet(facet) for facet in source.facets)
    tags = source.tags.select_related("facet", "parent").prefetch_related("definitions")
    yield from (_tag(tag) for tag in _wholes_first(tags))
    for actor in source.actors.with_parts():
        yield {"is": "actor", **actors.as_values(actor)}
    for article in record.articles(source.articles):
        yield _article(article)
    # Annotations name whom they were marked with, so that a merger can be taken back there too.
    names = source.actors.exclude(merged_into=None).values_list("pk", "name")
    merged = {str(pk): name for pk, name in names}
    for article, annotations in source.annotated():
        numbers = {revision.id: revision.number for revision in article.revisions}
        for annotation in annotations:
            yield _annotation(annotation, article.raw_sha256, numbers[annotation.revision], merged)
    yield from (_comment(comment) for comment in source.discussed())


def _wholes_first(tags: Iterable[ClaimTag]) -> Iterator[ClaimTag]:
    """The tags with the broader before the narrower, and retired ones before others.

    So a reader finds the broader, and a retired tag's key is free again for its successor.
    """
    parts = defaultdict(list)
    for row in sorted(tags, key=lambda row: row.retired is None):
        parts[row.parent_id].append(row)
    level = parts.pop(None, [])
    while level:
        yield from level
        level = [part for row in level for part in parts.pop(row.pk, [])]


def _header(source: Source) -> dict[str, Any]:
    project, codebook = source.project, source.codebook
    return {
        "is": "header",
        "format": "crossread",
        "version": VERSION,
        "project": {
            "slug": project.slug,
            "name": project.name,
            "description": project.description,
            "language": project.language,
            "blind": project.blind,
        },
        "codebook": codebook and {"name": codebook.name, "description": codebook.description},
    }


def _facet(facet: Facet) -> dict[str, Any]:
    names = ("slug", "name", "position", "choose", "required", "takes_stance")
    return {
        "is": "facet",
        **{name: getattr(facet, name) for name in names},
        "retired": _time(facet.retired),
    }


def _tag(tag: ClaimTag) -> dict[str, Any]:
    """A tag with all its definitions, since codings name the one they were made under."""
    return {
        "is": "tag",
        "slug": tag.slug,
        "facet": tag.facet.slug,
        "parent": tag.parent.slug if tag.parent else None,
        "key": tag.key,
        "colour": tag.colour,
        "position": tag.position,
        "definitions": [
            {"number": d.number, "label": d.label, "text": d.text, "examples": d.examples}
            for d in tag.definitions.all()
        ],
        "retired": _time(tag.retired),
    }


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


def _comment(comment: Comment) -> dict[str, Any]:
    return {
        "is": "comment",
        "id": str(comment.pk),
        "annotation": str(comment.annotation_id),
        "author": comment.author.username,
        "text": comment.text,
        "mentions": sorted(notice.person.username for notice in comment.notices.all()),
        "created": comment.created.isoformat(),
    }


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
