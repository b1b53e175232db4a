"""What is left of a parcel that goes through a format which loses some features."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from annotations.exchange.holdings import Feature as F
from annotations.exchange.neutral import (
    ActorRecord,
    AnnotationRecord,
    ArticleRecord,
    FacetRecord,
    Parcel,
    PartRecord,
    RevisionRecord,
    TagRecord,
)

FIELDS_OF_ARTICLE = {
    F.TITLE: ("title",), F.OUTLET: ("outlet",), F.PEOPLE: ("authors", "translators"),
    F.PUBLISHED: ("published_on",), F.LANGUAGE: ("language",), F.URL: ("url",),
    F.STORY: ("story",), F.RIGHTS: ("rights",), F.RAW: ("raw_name", "raw_type", "raw_sha256"),
}  # fmt: skip
FIELDS_OF_ANNOTATION = {
    F.AUTHORS: ("author",), F.GOLD: ("layer",), F.ORIGIN: ("origin", "tool", "tool_version"),
    F.TIMES: ("version", "created", "updated", "deleted"), F.ATTRIBUTION: ("attribution",),
    F.CERTAINTY: ("certainty",), F.NOTE: ("note",), F.FLAGGED: ("flagged",),
}  # fmt: skip
# Without these a format has nothing to say that there was an annotation.
NOTHING_LEFT = frozenset({F.TEXTS, F.IDS, F.PARTICIPANTS, F.CODINGS})
Unit = tuple[ArticleRecord, tuple[RevisionRecord, ...], list[AnnotationRecord]]


class Left:
    """A parcel without the lost features, as plain values in an order that they give themselves.

    An annotation of several pieces whose format has one only reaches from the first to the end of
    the last; of two that overlap in a format that has no such, the one stays that comes first.
    """

    def __init__(self, parcel: Parcel, lost: frozenset[F]):
        self.parcel, self.lost = parcel, lost
        self.facets = parcel.facet_of_tags()
        self.latest = {tag.slug: tag.definitions[-1].number for tag in parcel.tags}
        self.actors = list(parcel.actors())
        self.names = {actor.id: actor.name for actor in self.actors}
        self.standing = {a.name: a.merged_into for a in self.actors if a.merged_into}
        self.raw = {article.id: article.raw for article in parcel.articles()}
        self.labels: dict[str, str] = {}

    def plain(self) -> dict[str, Any]:
        units = [(*unit, self._annotations(unit)) for unit in self._units()]
        if F.TEXTS in self.lost:  # what no text is in the file for cannot be made of it
            units = [unit for unit in units if unit[2]]
        articles = [self._article(*unit) for unit in units]
        kept = [annotation for *_, own, _ in units for annotation in own]
        book = self.parcel.codebook
        return {
            "codebook": None if F.PROJECT in self.lost or not book else book._asdict(),
            "facets": _sorted(self._facet(facet) for facet in self._used_facets(kept)),
            "tags": _sorted(self._tag(tag) for tag in self._used_tags(kept)),
            "actors": _sorted(self._actor(actor) for actor in self._used_actors(kept)),
            "articles": _sorted(articles),
            "comments": _sorted(self._comments()),
            "outlets": []
            if F.OUTLETS in self.lost
            else _sorted(o._asdict() for o in self.parcel.outlets()),
            "stories": []
            if F.STORIES in self.lost
            else _sorted(s._asdict() for s in self.parcel.stories()),
        }

    def _units(self) -> Iterator[Unit]:
        """Articles with all texts, or each text that a format has as an article of its own."""
        if F.EARLIER in self.lost and F.TEXTS not in self.lost:
            for document in self.parcel.documents(passages=True):
                kept = self._kept(document.annotations)
                yield document.article, (document.revision,), kept
        else:
            for article, annotations in self.parcel.annotated(passages=True):
                yield article, article.revisions, self._kept(annotations)

    def _kept(self, annotations: list[AnnotationRecord]) -> list[AnnotationRecord]:
        if self.lost >= NOTHING_LEFT:
            return []
        if F.MENTIONS in self.lost:
            annotations = [one for one in annotations if one.kind != "mention"]
        if F.OVERLAPS in self.lost:
            annotations = _apart(annotations)
        return list(annotations)

    def _annotations(self, unit: Unit) -> dict[str, dict[str, Any]]:
        """The annotations by id, without links, each of them named by its id or by what it is."""
        _, revisions, annotations = unit
        numbers = {revision.id: revision.number for revision in revisions}
        found = {}
        for one in annotations:
            values = found[one.id] = self._annotation(one, numbers.get(one.revision))
            digest = hashlib.sha256(_written(values).encode()).hexdigest()[:8]
            kept = F.IDS not in self.lost
            self.labels[one.id] = one.id if kept else f"“{values['spans'][0][2]}” {digest}"
        return found

    def _annotation(self, one: AnnotationRecord, revision: int | None) -> dict[str, Any]:
        values: dict[str, Any] = {"kind": one.kind, "spans": self._spans(one)}
        if F.IDS not in self.lost:
            values["id"] = one.id
        if F.EARLIER not in self.lost:
            values["revision"] = revision
        for feature, names in FIELDS_OF_ANNOTATION.items():
            if feature not in self.lost:
                values |= {name: getattr(one, name) for name in names}
        if F.PARTICIPANTS not in self.lost:
            values["participants"] = self._parts(one)
        if F.CODINGS not in self.lost:
            values["codings"] = _sorted(self._code(*code[1:]) for code in one.codings)
        return values

    def _spans(self, one: AnnotationRecord) -> list[tuple[int, int, str]]:
        if F.PIECES not in self.lost or len(one.spans) == 1:
            return [tuple(span) for span in one.spans]
        return [(one.start, one.end, f"{one.spans[0].quote} … {one.spans[-1].quote}")]

    def _parts(self, one: AnnotationRecord) -> list[dict[str, str]]:
        parts = [
            self._part(part)
            for part in one.participants
            if not (part.stands_for and F.STAND_INS in self.lost)
        ]
        order = ("named", "meant", "claimant", "target", "voice")
        by_role = sorted(parts, key=lambda part: order.index(part["role"]))
        return _sorted(parts) if F.CHAIN in self.lost else by_role

    def _part(self, part: PartRecord) -> dict[str, str]:
        name = f"@{part.stands_for}" if part.stands_for else self.names.get(part.actor, part.name)
        if F.ACTORS in self.lost:
            name = self.standing.get(name, name)
        values = {"role": part.role, "name": name}
        return values if F.ENDORSEMENT in self.lost else values | {"endorsement": part.endorsement}

    def _code(self, slug: str, stance: str, definition: int) -> dict[str, Any]:
        values: dict[str, Any] = {"tag": slug, "facet": self.facets.get(slug)}
        if F.STANCE not in self.lost:
            values["stance"] = stance
        if F.WORDED not in self.lost:
            values["definition"] = definition or self.latest.get(slug)
        return values

    def _article(self, article, revisions, annotations, found) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for feature, names in FIELDS_OF_ARTICLE.items():
            if feature not in self.lost:
                values |= {name: getattr(article, name) for name in names}
        if F.RAW not in self.lost:
            values["raw"] = self.raw.get(article.id, b"").hex()
        if F.TEXTS not in self.lost:
            values["revisions"] = [self._revision(revision) for revision in revisions]
        for one in annotations:
            if F.LINKS not in self.lost:
                own = found[one.id]
                ties = ((tie.relation, self.labels.get(tie.claim)) for tie in one.links)
                own["links"] = sorted(tie for tie in ties if tie[1])
        return values | {"annotations": _sorted(found.values())}

    def _revision(self, revision: RevisionRecord) -> dict[str, Any]:
        values: dict[str, Any] = {"text": revision.text}
        if F.EARLIER not in self.lost:
            values["number"] = revision.number
        if F.RAW not in self.lost:
            values["roles"] = revision.roles
        if F.PASSAGES not in self.lost:
            values["passages"] = [tuple(passage) for passage in revision.passages]
        return values

    def _used_facets(self, kept: list[AnnotationRecord]) -> list[FacetRecord]:
        if F.UNUSED not in self.lost:
            return list(self.parcel.facets)
        used = {tag.facet for tag in self._used_tags(kept)}
        return [facet for facet in self.parcel.facets if facet.slug in used]

    def _used_tags(self, kept: list[AnnotationRecord]) -> list[TagRecord]:
        """With the broader and those merged into, where the format knows of such."""
        if F.UNUSED not in self.lost:
            return list(self.parcel.tags)
        used = set()
        if F.CODINGS not in self.lost:
            used = {code.slug for one in kept for code in one.codings}
        tags = {tag.slug: tag for tag in self.parcel.tags}
        for slug in list(used):
            while F.TREE not in self.lost and slug in tags:
                used.add(slug)
                slug = tags[slug].parent
        return [tag for tag in self.parcel.tags if tag.slug in used]

    def _used_actors(self, kept: list[AnnotationRecord]) -> list[ActorRecord]:
        if F.ACTORS in self.lost:
            return []
        if F.UNUSED not in self.lost:
            return self.actors
        parts = [part for one in kept for part in one.participants]
        used = {self.names.get(part.actor, part.name) for part in parts}
        used |= {self.standing[name] for name in used & self.standing.keys()}
        return [actor for actor in self.actors if actor.name in used]

    def _facet(self, facet: FacetRecord) -> dict[str, Any]:
        values: dict[str, Any] = {"slug": facet.slug}
        if F.FACETS not in self.lost:
            names = ("name", "choose", "required", "takes_stance")
            values |= {name: getattr(facet, name) for name in names}
        if F.LOOK not in self.lost:
            values["position"] = facet.position
        return self._retired(values, facet)

    def _tag(self, tag: TagRecord) -> dict[str, Any]:
        values: dict[str, Any] = {"slug": tag.slug, "facet": tag.facet}
        if F.TREE not in self.lost:
            values["parent"] = tag.parent
        if F.LOOK not in self.lost:
            values |= {name: getattr(tag, name) for name in ("key", "colour", "position")}
        if F.MERGERS not in self.lost:
            values["merged_into"] = tag.merged_into
        values["definitions"] = self._definitions(tag)
        return self._retired(values, tag)

    def _definitions(self, tag: TagRecord) -> list[dict[str, Any]]:
        lost = {"label": F.LABELS, "text": F.DEFINITIONS, "examples": F.WORDINGS}
        names = [name for name, feature in lost.items() if feature not in self.lost]
        told = tag.definitions[-1:] if F.WORDINGS in self.lost else tag.definitions
        return [{name: getattr(wording, name) for name in names} for wording in told]

    def _actor(self, actor: ActorRecord) -> dict[str, Any]:
        values = {
            "name": actor.name, "kind": actor.kind or "other", "notes": actor.notes,
            "part_of": _sorted(actor.part_of), "aliases": _sorted(actor.aliases),
            "external_ids": _sorted(actor.external_ids), "merged_into": actor.merged_into or "",
        }  # fmt: skip
        return self._retired(values, actor)

    def _retired(self, values: dict[str, Any], thing: Any) -> dict[str, Any]:
        return values if F.RETIRED in self.lost else values | {"retired": bool(thing.retired)}

    def _comments(self) -> Iterator[dict[str, Any]]:
        for comment in [] if F.COMMENTS in self.lost else self.parcel.comments():
            values = {"on": self.labels.get(comment.annotation), "text": comment.text}
            values["mentions"] = sorted(comment.mentions)
            if F.AUTHORS not in self.lost:
                values["author"] = comment.author
            if F.TIMES not in self.lost:
                values["created"] = comment.created
            if F.IDS not in self.lost:
                values["id"] = comment.id
            if values["on"]:
                yield values


def _apart(annotations: list[AnnotationRecord]) -> list[AnnotationRecord]:
    kept: list[AnnotationRecord] = []
    for one in sorted(annotations, key=lambda one: (one.revision, one.start, -one.end, one.id)):
        if not kept or kept[-1].revision != one.revision or kept[-1].end <= one.start:
            kept.append(one)
    return kept


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def _sorted(values) -> list:
    """In the order of how they are written, and as JSON has them."""
    return [json.loads(text) for text in sorted(map(_written, values))]
