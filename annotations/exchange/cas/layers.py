"""What Crossread holds, as CASes: one for each document and person, as INCEpTION keeps them.

The gold layer is the curator's. Facets and actors are tagsets, too, for INCEpTION to import.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from annotations.exchange import aside
from annotations.exchange.cas.types import (
    ARTICLE,
    CLAIM,
    CODING,
    MENTION,
    METADATA,
    OURS,
    PARTICIPANT,
    PASSAGE,
    SAID,
    SENTENCE,
    TOKEN,
    Cas,
    Structure,
)
from annotations.exchange.neutral import AnnotationRecord, Document, Parcel, TagRecord

TOKENS = re.compile(r"\w[\w\u0300-\u036f]*|\S")
# A sentence ends where a stop, with what closes it, stands before a blank or is not Latin.
STOPS = re.compile(r"(?:[.!?…؟]+[\"'”’»)\]]*(?=\s)|[。！？]+[」』”’）]*|\n)\s*")
UNFIT = re.compile(r'[/\\:*?"<>|\x00-\x1f]')
KINDS_OF_OURS = {"claim": CLAIM, "mention": MENTION}
CURATOR, NOBODY = "CURATION_USER", "INITIAL_CAS"


def cases(parcel: Parcel) -> Iterator[tuple[str, Cas]]:
    """Each CAS with its path in INCEpTION's layout of a project, without a suffix.

    A document that nobody marked has the CAS that it began with.
    """
    facet_of = parcel.facet_of_tags()
    merged = aside.marked_names(parcel)
    for document in parcel.documents(passages=True):
        people: dict[str, list[AnnotationRecord]] = {}
        for one in document.annotations:
            gold = one.layer == "gold"
            person = f"curation/{{}}/{CURATOR}" if gold else f"annotation/{{}}/{_fit(one.author)}"
            people.setdefault(person, []).append(one)
        frame = _frame(document)
        for path, own in people.items() or [(f"annotation/{{}}/{NOBODY}", [])]:
            marks = _marks(own, facet_of, merged)
            yield path.format(document.name), Cas(document.revision.text, frame + marks)


def beside(parcel: Parcel) -> Iterator[tuple[str, Iterable[bytes]]]:
    """What stands beside CASes: tagsets of facets and actors, which INCEpTION imports, and what
    it has no place for."""
    yield aside.FILE, aside.lines(parcel)
    for facet in parcel.facets:
        own = [_tag(tag) for tag in parcel.tags if tag.facet == facet.slug and not tag.retired]
        yield f"tagsets/facets/{facet.slug}.json", [_json(_tagset(facet.name, own))]
    yield "tagsets/actors.json", _actors(parcel)


def _fit(name: str) -> str:
    return UNFIT.sub("_", name)


def _frame(document: Document) -> list[Structure]:
    """What every person's CAS of the document has."""
    article, text = document.article, document.revision.text
    about = {
        "identifier": document.name, "title": article.title,
        "authors": "\n".join(article.authors), "translators": "\n".join(article.translators),
        "outlet": article.outlet, "story": article.story,
        "published": article.published_on.isoformat() if article.published_on else "",
        "language": article.language, "address": article.url, "rights": article.rights,
    }  # fmt: skip
    metadata = {
        "documentId": document.name, "documentTitle": article.title, "isLastSegment": False,
        "language": article.language or "x-unspecified",
    }  # fmt: skip
    passages = document.revision.passages
    parts = [Structure(PASSAGE, {"kind": p.kind}, p.start, p.end) for p in passages]
    return [
        Structure(METADATA, _told(metadata), 0, len(text)),
        *_sentences(text, [(p.start, p.end) for p in passages] or [(0, len(text))]),
        *(Structure(TOKEN, {}, *found.span()) for found in TOKENS.finditer(text)),
        Structure(ARTICLE, _told(about)),
        *parts,
    ]


def _sentences(text: str, passages: Iterable[tuple[int, int]]) -> Iterator[Structure]:
    """Sentences, found by their stops; what stands between passages is parted there, too."""
    cuts = {0, len(text)}
    for start, end in passages:
        cuts |= {start, end}
        cuts |= {found.end() for found in STOPS.finditer(text, start, end)}
    for start, end in pairwise(sorted(cuts)):
        words = text[start:end].strip()
        if words:
            begin = text.index(words, start)
            yield Structure(SENTENCE, {}, begin, begin + len(words))


def _marks(
    annotations: list[AnnotationRecord], facet_of: Mapping[str, str], merged: Mapping[str, str]
) -> list[Structure]:
    """The annotations of one person: pieces, and with the first of each who and what it names."""
    first = {one.id: _first(one) for one in annotations}
    found: list[Structure] = []
    for one in annotations:
        head = first[one.id]
        slots: dict[str, list[Structure]] = {"participants": [], "codings": [], "links": []}
        for part in one.participants:
            name = f"@{part.stands_for}" if part.stands_for else merged.get(part.actor, part.name)
            said = _told({"name": name, "endorsement": part.endorsement})
            slots["participants"].append(_linked(part.role, PARTICIPANT, said, head))
        for code in one.codings:
            said = _told({"tag": code.slug, "stance": code.stance, "wording": code.definition})
            slots["codings"].append(_linked(facet_of[code.slug], CODING, said, head))
        own = [tie for tie in one.links if tie.claim in first]
        slots["links"] = [_link(tie.relation, first[tie.claim]) for tie in own]
        away = [tie for tie in one.links if tie.claim not in first]
        head.values |= _told({"elsewhere": "\n".join(f"{t.relation} {t.claim}" for t in away)})
        for name, links in slots.items():
            _fill(head, name, links)
        found += [link.values["target"] for links in list(slots.values())[:2] for link in links]
        found.append(head)
        found += [
            Structure(head.kind, {"identifier": one.id, "piece": number}, span.start, span.end)
            for number, span in enumerate(one.spans[1:], 2)
        ]
    return found


def _first(one: AnnotationRecord) -> Structure:
    """Its first piece, with all that it says in values of its own."""
    said = {feature: getattr(one, name) for feature, name in SAID.items()}
    values = {
        "identifier": one.id, "piece": 1 if len(one.spans) > 1 else 0, **said,
        "version": one.version, "created": one.created.isoformat(),
        "updated": one.updated.isoformat(), "flagged": one.flagged,
    }  # fmt: skip
    return Structure(KINDS_OF_OURS[one.kind], _told(values), one.spans[0].start, one.spans[0].end)


def _linked(role: str, kind: str, values: dict[str, Any], on: Structure) -> Structure:
    return _link(role, Structure(kind, values, on.begin, on.end))


def _link(role: str, target: Structure) -> Structure:
    return Structure("", {"role": role, "target": target})


def _fill(head: Structure, name: str, links: list[Structure]) -> None:
    """Give the links the type that INCEpTION has for a slot of this name."""
    for link in links:
        link.kind = f"{OURS}{head.kind.removeprefix(OURS)}{name.capitalize()}Link"
    if links:
        head.values[name] = links


def _told(values: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty, which a structure does not have."""
    return {name: value for name, value in values.items() if value not in ("", 0, None)}


def _tagset(name: str, tags: list[dict[str, Any]]) -> dict[str, Any]:
    return {"name": name, "description": "", "language": "", "tags": tags, "create_tag": False}


def _tag(tag: TagRecord) -> dict[str, str]:
    told = f"{tag.label}\n{tag.definition}".rstrip("\n")
    return {"tag_name": tag.slug, "tag_description": told}


def _actors(parcel: Parcel) -> Iterator[bytes]:
    # The frame ends in `], …}`: the actors, however many, go in between.
    opening, closing = _json(_tagset("Actors", []) | {"create_tag": True}).split(b"[]")
    yield opening + b"["
    for number, actor in enumerate(parcel.actors()):
        told = {"tag_name": actor.name, "tag_description": actor.kind}
        yield (b",\n" if number else b"\n") + _json(told)
    yield b"]" + closing


def _json(values: Any) -> bytes:
    return json.dumps(values, ensure_ascii=False).encode("utf-8", "surrogatepass")
