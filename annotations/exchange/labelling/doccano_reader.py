"""doccano's JSONL, of sequence labelling and of relation extraction: the reader.

A label on a stretch is a claim with that tag. On a line of our own an annotation is what it was
as long as doccano shows all of its entities; what was added there is a claim of its own. doccano
takes offsets beyond the text, doubled and unknown labels: here they are refused.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, BinaryIO, NamedTuple

from annotations.anchors import AnchorError, quote_of
from annotations.content import RELATIONS
from annotations.exchange import aside
from annotations.exchange.aside import Misshapen
from annotations.exchange.labels import Labels
from annotations.exchange.neutral import (
    AnnotationRecord,
    ArticleRecord,
    LinkRecord,
    ReadError,
    Refusal,
    Remark,
    Row,
    annotation_on,
    code_of,
    slug_of,
    text_of,
)

BARE = {"mention": "@mention", "claim": "@claim"}
PIECE = "piece"
KEYS = {"id", "text", "title", "label", "labels", "entities", "relations", "crossread"}
EXPECTED = (
    "This is not doccano's JSONL: an object a line, with “text” and “label” or “entities”. Of "
    "what doccano exports, take JSONL (not CSV, fastText or CoNLL)."
)
Entity = tuple[int, int, str]
Tie = tuple[Entity, str, Entity]


class Shown(NamedTuple):
    """What doccano shows of annotations: stretches with labels, and relations between them."""

    entities: list[Entity]
    ties: list[Tie]


def shown(annotations: Iterable[AnnotationRecord]) -> Shown:
    """What doccano shows of these annotations of one line, each thing once."""
    own = {one.id: _entities(one) for one in annotations}
    ties: dict[Tie, None] = {}
    for one in annotations:
        first = own[one.id][0]
        step = len(own[one.id]) // len(one.spans)
        ties |= {(first, PIECE, later): None for later in own[one.id][step::step]}
        here = [link for link in one.links if link.claim in own]
        ties |= {(first, link.relation, own[link.claim][0]): None for link in here}
    return Shown(list({e: None for found in own.values() for e in found}), list(ties))


def _entities(one: AnnotationRecord) -> list[Entity]:
    labels = [code.slug for code in one.codings]
    if one.kind == "mention" or not labels:
        labels.insert(0, BARE[one.kind])
    return [(span.start, span.end, label) for span in one.spans for label in labels]


def read(file: BinaryIO) -> Iterator[Row]:
    """The rows of the lines; of a JSON array of such objects, or a list of labels, too.

    Raises ReadError for anything else.
    """
    labels = Labels()
    seen: set[str] = set()
    after: list[Row] = []
    for number, item in _items(file):
        try:
            if isinstance(item, bytes):
                item = aside.json_of(item)
            line = _Line(number, item, labels)
        except Misshapen as error:
            yield Row(number, Refusal(f"Line {number}: {error}."))
            continue
        except (TypeError, KeyError, AttributeError, ValueError):
            yield Row(number, Refusal(f"Line {number}: it is not as doccano writes it."))
            continue
        yield from line.before
        after += line.after
        new = [line.article] if line.article and line.article.id not in seen else []
        seen.update(article.id for article in new)
        records = [*line.annotations, *line.problems]
        for record in [*labels.taken(), *new, *records]:
            yield Row(number, record)
    yield from after


def _items(file: BinaryIO) -> Iterator[tuple[int, Any]]:
    """The objects with their lines; those of lines not read yet."""
    first = file.readline().removeprefix(b"\xef\xbb\xbf")
    if first.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ReadError(f"This is UTF-16; save it as UTF-8. {EXPECTED}")
    opening = first.strip()
    if opening[:1] == b"{" and opening != b"{":
        for number, line in enumerate(chain([first], iter(file.readline, b"")), 1):
            if line.strip():
                yield number, line
        return
    if opening[:1] not in (b"{", b"["):
        raise ReadError(EXPECTED)
    try:
        whole = aside.json_of(first + file.read())
    except Misshapen as error:
        raise ReadError(f"{error}. {EXPECTED}") from error
    yield from enumerate(whole if isinstance(whole, list) else [whole], 1)


class _Line:
    """What a line holds: an article with its annotations, or a label of doccano's label list."""

    def __init__(self, number: int, item: Any, labels: Labels):
        self.place, self.labels = f"Line {number}", labels
        self.article: ArticleRecord | None = None
        self.before: list[Row] = []
        self.after: list[Row] = []
        self.annotations: list[AnnotationRecord] = []
        self.problems: list[Refusal | Remark] = []
        if not isinstance(item, dict):
            raise Misshapen("it is no object")
        if "suffix_key" in item or "background_color" in item:
            self._label(item)
            return
        own = item.get("crossread")
        if isinstance(own, dict) and "project" in own:
            beside = aside.heard(own["project"], number)
            self.before, self.after = beside.before, beside.after
            labels.learn(beside.facets)
        self.article = self._article(item, own)
        self._marked(item, own)

    def _label(self, item: dict[str, Any]) -> None:
        colour = item.get("background_color")
        usable = isinstance(colour, str) and re.fullmatch("#[0-9A-Fa-f]{6}", colour)
        if self.labels.has(slug_of(str(item["text"]))):
            told = f"{self.place}: there is a label “{item['text']}” already."
            self.problems.append(Refusal(told))
        self.labels.tag("label", str(item["text"]), colour if usable else "")

    def _article(self, item: dict[str, Any], own: Any) -> ArticleRecord:
        text, title = item.get("text"), item.get("title")
        if not isinstance(text, str) or not text.strip():
            raise Misshapen("it has no “text”")
        if isinstance(own, dict):
            return aside.article_of(own.get("article"), text)
        if lost := [name for name in item if name not in KEYS and item[name]]:
            told = ", ".join(f"“{name}”" for name in lost)
            self.problems.append(Remark(f"{self.place}: {told} was not kept."))
        return text_of(text, title=title if isinstance(title, str) else "")

    def _marked(self, item: dict[str, Any], own: Any) -> None:
        ids = self._entities(item)
        known = self._known(own, set(ids.values())) if isinstance(own, dict) else []
        shared = {name: getattr(known[0], name) for name in ("author", "layer")} if known else {}
        entities, expected = map(set, shown(known))
        found = list(self._ties(item, ids))
        records = {one.id: one for one in known}
        firsts = {_entities(one)[0]: one.id for one in reversed(known)}
        for start, end, label in dict.fromkeys(ids.values()):
            if (start, end, label) not in entities:
                id = f"{self.article.id}/{self.place}/{start}-{end}/{label}"
                records[id] = self._claim(id, (start, end), label, shared)
                firsts[start, end, label] = id
        for first, kind, other in found:
            if (first, kind, other) in expected or kind == PIECE:
                continue
            if first in firsts and other in firsts:
                one = records[firsts[first]]
                records[one.id] = self._tied(one, kind, other, firsts[other])
        gone = expected - set(found)
        self.annotations = [self._untied(one, gone, firsts) for one in records.values()]

    def _entities(self, item: dict[str, Any]) -> dict[Any, Entity]:
        """The stretches by the id that the line gives them; each that is none is a Refusal."""
        found: dict[Any, Entity] = {}
        seen: set[Entity] = set()
        listed = next((item[n] for n in ("entities", "label", "labels") if n in item), None) or []
        for nth, told in enumerate(listed if isinstance(listed, list) else [listed]):
            if isinstance(told, str):
                self.problems.append(
                    Remark(f"{self.place}: “{told}” is about the whole text; it was not kept.")
                )
                continue
            try:
                id, entity = _entity(nth, told)
                quote_of(self.article.newest.text, *entity[:2])
                if entity in seen:
                    raise Misshapen("it is there twice.")
                seen.add(entity)
                found[id] = entity
            except (AnchorError, Misshapen) as error:
                self.problems.append(Refusal(f"{self.place}, label {nth + 1}: {error}"))
        return found

    def _known(self, own: dict[str, Any], there: set[Entity]) -> list[AnnotationRecord]:
        """The annotations of ours that doccano shows as they were written."""
        found = []
        for values in own.get("annotations", []):
            one = aside.record_said(values)
            if not there.issuperset(_entities(one)):
                self.problems.append(
                    Remark(f"{self.place}: {one.kind} {one.id} was changed in doccano.")
                )
                continue
            facets = {code.slug: code.tag for code in one.codings}
            names = [(part.role, part.name) for part in one.participants]
            tags = [(self.labels.own(c.slug, facets[c.slug]), c.stance) for c in one.codings]
            spans = [(span.start, span.end) for span in one.spans]
            found.append(aside.retold(one, self.article, names=names, tags=tags, spans=spans))
        return found

    def _claim(
        self, id: str, span: tuple[int, int], label: str, shared: dict[str, Any]
    ) -> AnnotationRecord:
        kind = "mention" if label == BARE["mention"] else "claim"
        codes = []
        if label not in BARE.values():
            slug = label if self.labels.has(label) else self.labels.tag("label", label)
            codes = [code_of(slug)]
        return annotation_on(self.article, id=id, kind=kind, spans=[span], codes=codes, **shared)

    def _ties(self, item: dict[str, Any], ids: Mapping[Any, Entity]) -> Iterator[Tie]:
        for told in item.get("relations") or []:
            first, other = ids.get(told["from_id"]), ids.get(told["to_id"])
            if first and other:
                yield first, str(told["type"]), other
            else:
                self.problems.append(
                    Refusal(f"{self.place}: a relation leads from or to an unknown entity.")
                )

    def _tied(self, one: AnnotationRecord, kind: str, other: Entity, id: str) -> AnnotationRecord:
        if kind in RELATIONS:
            return one._replace(links=[*one.links, LinkRecord(kind, id)])
        told = f"{kind} → {self.article.newest.text[other[0] : other[1]]}"
        self.problems.append(
            Remark(f"{self.place}: the relation “{kind}” became a line of the note.")
        )
        return one._replace(note=f"{one.note}\n{told}".strip("\n"))

    def _untied(
        self, one: AnnotationRecord, gone: set[Tie], firsts: Mapping[Entity, str]
    ) -> AnnotationRecord:
        """Without the links that doccano does not show any more."""
        lost = {(kind, firsts.get(other)) for first, kind, other in gone
                if firsts.get(first) == one.id}  # fmt: skip
        return one._replace(links=[link for link in one.links if tuple(link) not in lost])


def _entity(nth: int, told: Any) -> tuple[Any, Entity]:
    """A stretch with its id; the order is doccano's for sequence labelling."""
    if isinstance(told, dict):
        names = ("start_offset", "end_offset", "label")
        if missing := [name for name in names if name not in told]:
            raise Misshapen(f"it has no “{missing[0]}”.")
        return told.get("id", nth), (told["start_offset"], told["end_offset"], str(told["label"]))
    if not isinstance(told, list) or len(told) != 3:
        raise Misshapen(f"{told!r:.60} is no stretch with a label.")
    return nth, (told[0], told[1], str(told[2]))
