"""Rows of what CASes hold: of our own layers everything, of other tools' layers claims.

A stretch in another layer is a claim; its value is a tag in a facet named like the layer, its
further features are tags in facets named like them, or lines of the note. Relations and slots
that say what a claim says of another become links, others lines of the note.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, NamedTuple

from annotations.anchors import AnchorError
from annotations.content import RELATIONS, ROLES
from annotations.exchange import aside
from annotations.exchange.cas.types import (
    ARTICLE,
    CLAIM,
    CODING,
    DKPRO,
    DOCUMENT,
    MENTION,
    METADATA,
    PARTICIPANT,
    PASSAGE,
    SAID,
    Cas,
    Kind,
    Structure,
    is_a,
)
from annotations.exchange.labels import SHORT, Labels
from annotations.exchange.neutral import (
    LONG_AGO,
    AnnotationRecord,
    ArticleRecord,
    CodeRecord,
    LinkRecord,
    PartRecord,
    PassageRecord,
    Refusal,
    Remark,
    Row,
    annotation_on,
    code_of,
    part_of,
    text_of,
)

OUR_KINDS = {CLAIM: "claim", MENTION: "mention"}
OURS = frozenset({ARTICLE, PASSAGE, PARTICIPANT, CODING})
# What describes the text rather than says something about it.
GRAMMAR = (
    f"{DKPRO}segmentation.type.Lemma", f"{DKPRO}segmentation.type.Stem", f"{DKPRO}lexmorph.",
    f"{DKPRO}syntax.",
)  # fmt: skip
GROUND = (
    *GRAMMAR, f"{DKPRO}segmentation.", f"{DKPRO}metadata.", f"{DKPRO}transform.",
    "org.dkpro.core.api.", "uima.cas.",
)  # fmt: skip
LABELS = ("value", "label", "referenceType", "PosValue", "DependencyType")
NOTES = ("note", "comment")
# Of what XML cannot write only these two can be in a text of ours.
UNWRITTEN = {"65534": "\ufffe", "65535": "\uffff"}
ENDS = ("Governor", "Dependent")


class Found(NamedTuple):
    """A CAS of a file, which is the n-th: of which document, and whose."""

    number: int
    document: str
    person: str
    cas: Cas
    kinds: Mapping[str, Kind]

    @property
    def author(self) -> str:
        return "" if self.person == "CURATION_USER" else self.person

    @property
    def layer(self) -> str:
        return "gold" if self.person == "CURATION_USER" else "analyst"


def rows_of(cases: Iterable[Found | Row], known: bytes = b"") -> Iterator[Row]:
    """The rows of these CASes, and of what stood `aside` of them; other rows are passed on."""
    beside = aside.read(known)
    labels = Labels(beside.facets)
    seen: dict[str, str] = {}
    yield from beside.before
    for found in cases:
        yield from _Reading(found, labels, seen).rows() if isinstance(found, Found) else [found]
    yield from beside.after


def _is_layer(one: Structure, kinds: Mapping[str, Kind]) -> bool:
    """Whether it says something about a stretch, and is none of ours and no relation."""
    if one.begin is None or one.kind in OUR_KINDS or one.kind in OURS or ENDS[0] in one.values:
        return False
    return not one.kind.startswith(GROUND) and not is_a(kinds, one.kind, DOCUMENT)


def _coded(one: Structure) -> tuple[list[tuple[str, str]], list[str]]:
    """The facet and label of each tag of a stretch in another layer, and the lines of its note."""
    layer = one.kind.rpartition(".")[2]
    labels, lines = [], []
    for name, value in one.values.items():
        # A chain's relation is told with the stretch that it leads to.
        chained = name == "referenceRelation" and "next" in one.values
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, Structure) or text in ("", None) or chained or name == "order":
                continue
            said = str(text).lower() if isinstance(text, bool) else str(text)
            if name in NOTES:
                lines.append(said)
            elif len(said.strip()) > SHORT or set("\n\r\t") & set(said) or "://" in said:
                lines.append(f"{name}: {said}")
            elif said.strip():
                labels.append((layer if name in LABELS else name, said.strip()))
    return (labels or [("layer", layer)]), lines


class _Reading:
    """One CAS on its way into rows."""

    def __init__(self, found: Found, labels: Labels, seen: dict[str, str]):
        self.found, self.labels, self.seen = found, labels, seen
        self.text = _restored(found.cas)
        self.remarks: dict[str, int] = defaultdict(int)
        self.article = self._article()

    def rows(self) -> Iterator[Row]:
        number = self.found.number
        records = list(self._annotations())
        yield from (Row(number, new) for new in self.labels.taken())
        if self.article.id not in self.seen:
            self.seen[self.article.id] = self.article.newest.sha256
            yield Row(number, self.article)
        yield from (Row(number, record) for record in records)
        for fault in self.found.cas.faults:
            yield Row(number, Refusal(fault))
        for told, times in self.remarks.items():
            yield Row(number, Remark(f"{told} ({times})." if times > 1 else f"{told}."))

    def _article(self) -> ArticleRecord:
        cas = self.found.cas
        said = next(iter(cas.of(ARTICLE)), Structure(ARTICLE)).values
        metadata = next((one.values for one in cas.of(METADATA, DOCUMENT)), {})
        said = {name: str(value) for name, value in said.items()}
        language = said.get("language") or str(metadata.get("language", ""))
        name = self.found.document or str(metadata.get("documentId", ""))
        article = text_of(
            self.text, name=name, id=said.get("identifier", ""),
            title=said.get("title") or str(metadata.get("documentTitle") or name),
            authors=said.get("authors", "").splitlines(),
            translators=said.get("translators", "").splitlines(),
            outlet=said.get("outlet", ""), story=said.get("story", ""),
            published_on=_date(said.get("published", "")), url=said.get("address", ""),
            language="" if language == "x-unspecified" else language,
            rights=said.get("rights", ""),
        )  # fmt: skip
        if self.seen.get(article.id, article.newest.sha256) != article.newest.sha256:
            article = replace(article, id=f"{article.id}#{self.found.number}")
        if ARTICLE in {one.kind for one in cas.of(ARTICLE)}:
            article = replace(article, title=said.get("title", ""))
        passages = [
            PassageRecord(number, str(one.values.get("kind", "body")), *_reach(one))
            for number, one in enumerate(cas.of(PASSAGE), 1)
        ]  # fmt: skip
        revision = replace(article.newest, passages=tuple(passages))
        return replace(article, revisions=(revision,))

    def _annotations(self) -> Iterator[AnnotationRecord | Refusal]:
        pieces, ids = self._pieces()
        notes, links = self._tied(ids)
        for key, own in pieces.items():
            head = own[0]
            spans = [_reach(one) for one in own]
            if any(start == end for start, end in spans):
                yield Refusal(f"{head.kind} at {spans[0][0]} marks no characters at all.")
                continue
            try:
                yield self._record(key, own, spans, notes[key], links[key])
            except AnchorError as error:
                yield Refusal(f"{head.kind} at {spans[0][0]}: {error}")

    def _pieces(self) -> tuple[dict[str, list[Structure]], dict[int, str]]:
        """The pieces of each annotation by its id, and of each structure the id."""
        pieces: dict[str, list[Structure]] = {}
        ids: dict[int, str] = {}
        for number, one in enumerate(self.found.cas.structures, 1):
            key = ""
            if one.kind in OUR_KINDS and one.begin is not None:
                key = _said(one, "identifier")
            elif not _is_layer(one, self.found.kinds):
                if one.begin is not None and one.kind.startswith(GRAMMAR):
                    self.remarks["Parts of speech, lemmas and other grammar are not kept"] += 1
                continue
            key = key or f"{self.article.id}/{self.found.number}/{number}"
            pieces.setdefault(key, []).append(one)
            ids[id(one)] = key
        for own in pieces.values():
            own.sort(key=lambda one: _count(one.values.get("piece"), 1))
        return pieces, ids

    def _record(
        self, key: str, own: list[Structure], spans: list[tuple[int, int]], lines: list[str],
        links: list[LinkRecord],
    ) -> AnnotationRecord:  # fmt: skip
        head, found = own[0], self.found
        common = {"id": key, "spans": spans, "links": links}
        if head.kind not in OUR_KINDS:
            labels, told = _coded(head)
            codes = [code_of(self.labels.tag(*label)) for label in labels]
            return annotation_on(
                self.article, kind="claim", codes=list(dict.fromkeys(codes)), author=found.author,
                layer=found.layer, note="\n".join(told + lines), **common,
            )  # fmt: skip
        values = head.values
        said = {name: _said(head, feature) for feature, name in SAID.items()}
        usual = {"author": found.author, "layer": found.layer, "state": "draft", "origin": "import"}
        said |= {name: value for name, value in usual.items() if not said[name]}
        said["note"] = "\n".join([part for part in (said["note"], *lines) if part])
        return annotation_on(
            self.article, kind=OUR_KINDS[head.kind], parts=self._parts(head),
            codes=self._codes(head), version=_count(values.get("version"), 1),
            created=_moment(values.get("created")), updated=_moment(values.get("updated")),
            flagged=str(values.get("flagged")).lower() == "true", **said, **common,
        )  # fmt: skip

    def _parts(self, head: Structure) -> list[PartRecord]:
        parts = []
        for link in _list(head, "participants"):
            role, target = _said(link, "role"), _target(link)
            name = _said(target, "name") if target else ""
            if name and role in ROLES[OUR_KINDS[head.kind]]:
                parts.append(part_of(role, name, _said(target, "endorsement")))
            else:
                self.remarks[f"A participant “{name}” in the role “{role}” is not kept"] += 1
        return parts

    def _codes(self, head: Structure) -> list[CodeRecord]:
        codes = []
        for link in _list(head, "codings"):
            if (target := _target(link)) and (label := _said(target, "tag")):
                slug = self.labels.own(label, _said(link, "role"))
                wording = _count(target.values.get("wording"), 0)
                codes.append(code_of(slug, _said(target, "stance"), wording))
        return codes

    def _tied(self, ids: dict[int, str]) -> tuple[dict[str, list[str]], dict[str, list]]:
        """Of each annotation the lines that its note gets, and its links."""
        notes: dict[str, list[str]] = defaultdict(list)
        links: dict[str, list[LinkRecord]] = defaultdict(list)
        for first, said, second in self._ties():
            one, other = ids.get(id(first)), ids.get(id(second))
            if one and other and said in RELATIONS and one != other:
                if LinkRecord(said, other) not in links[one]:
                    links[one].append(LinkRecord(said, other))
            elif one:
                notes[one].append(f"{said} → {self.text[second.begin : second.end]}")
                self.remarks[f"A relation “{said}” became a line of the note"] += 1
            else:
                self.remarks["Relations between tokens are not kept"] += 1
        for one in self.found.cas.of(*OUR_KINDS):
            for line in _said(one, "elsewhere").splitlines():
                relation, _, claim = line.partition(" ")
                links[ids.get(id(one), "")].append(LinkRecord(relation, claim))
        return notes, links

    def _ties(self) -> Iterator[tuple[Structure, str, Structure]]:
        """Relations, slots and chains: from which structure, what it says, and to which."""
        for one in self.found.cas.structures:
            layer = one.kind.rpartition(".")[2]
            source, target = (one.values.get(end) for end in ENDS)
            if isinstance(source, Structure) and isinstance(target, Structure):
                labels = (one.values.get(name) for name in (*LABELS, *one.values))
                said = next((label for label in labels if label and isinstance(label, str)), layer)
                yield source, said, target
            elif isinstance(after := one.values.get("next"), Structure):
                yield one, _said(one, "referenceRelation") or layer, after
            ours = ("participants", "codings") if one.kind in OUR_KINDS else ()
            for name, value in one.values.items():
                for link in value if isinstance(value, list) and name not in ours else ():
                    if isinstance(link, Structure) and (to := _target(link)):
                        yield one, _said(link, "role") or name, to


def _restored(cas: Cas) -> str:
    """The text with the characters that XML cannot write, for which others stood."""
    text = list(cas.text)
    for one in cas.of(ARTICLE):
        for told in _said(one, "replaced").split():
            at, _, code = told.partition(":")
            if _count(at, len(text)) < len(text) and text[int(at)] == "\ufffd":
                text[int(at)] = UNWRITTEN.get(code, "\ufffd")
    return "".join(text)


def _said(one: Structure, feature: str) -> str:
    value = one.values.get(feature)
    return "" if value is None or isinstance(value, (Structure, list)) else str(value)


def _list(one: Structure, feature: str) -> list[Structure]:
    value = one.values.get(feature)
    value = value if isinstance(value, list) else [value]
    return [part for part in value if isinstance(part, Structure)]


def _target(link: Structure) -> Structure | None:
    """What a link of a slot leads to, if that stands somewhere."""
    target = link.values.get("target")
    return target if isinstance(target, Structure) and target.begin is not None else None


def _reach(one: Structure) -> tuple[int, int]:
    """Its stretch, with blanks at the ends that a tool which knows tokens only cannot mark."""
    before, _, after = _said(one, "margins").partition(" ")
    return one.begin - _count(before, 0), one.end + _count(after, 0)


def _count(value: Any, usual: int) -> int:
    text = str(value)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else usual


def _moment(value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return LONG_AGO
    return moment if moment.tzinfo else LONG_AGO


def _date(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
