"""What may be stored as an annotation: content checked against text, codebook and actors.

The step before `annotating`; it reads rows and writes none.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from annotations import anchors
from annotations.access import annotations_for
from annotations.content import (
    ATTRIBUTIONS,
    CERTAINTIES,
    ENDORSEMENTS,
    RELATIONS,
    ROLES,
    SINGLE_ROLES,
    STANCES,
    Code,
    Content,
    Part,
    by_role,
)
from annotations.models import Annotation, ClaimTag, Facet
from corpus_app.history import DoorError
from corpus_app.models import Actor, Revision, User


class AnnotatingError(DoorError):
    """An annotation that cannot be stored; `messages` says why, field by field."""


@dataclass(frozen=True)
class Checked:
    """A content that may be stored, with the tags it names and what is still missing."""

    content: Content
    tags: Mapping[str, ClaimTag]
    missing: tuple[str, ...]

    @property
    def state(self) -> str:
        return Annotation.State.DRAFT if self.missing else Annotation.State.COMPLETE


@dataclass(frozen=True)
class Lists:
    """What contents may name, looked up once for many: tags by id, ids of actors, as text.

    `required` are the facets that need an answer.
    """

    tags: Mapping[str, ClaimTag]
    actors: frozenset[str]
    required: Sequence[Facet]


def check(
    revision: Revision,
    content: Content,
    kept_tags: Mapping[str, Any] = {},
    kept_actors: frozenset[str] = frozenset(),
) -> Checked:
    """The content with quotes cut from the text, or AnnotatingError with every fault found.

    Tags and actors that are retired are refused unless the annotation has them already; for a
    merged tag the one that stands for it is taken.
    """
    actors = _usable_actors(revision.project_id, content, kept_actors)
    content, tags = _followed(revision, content, kept_tags)
    content = _without_fault(revision.text, content, actors, tags, kept_tags)
    return Checked(content, tags, missing(revision.project_id, content, tags))


def check_done(text: str, content: Content, lists: Lists) -> Checked:
    """As `check`, for work that was done earlier and elsewhere: what is retired may be named."""
    tags = {code.tag: lists.tags[code.tag] for code in content.codes if code.tag in lists.tags}
    content = _without_fault(text, content, lists.actors, tags, tags)
    return Checked(content, tags, lacking(content, tags, lists.required))


def _without_fault(
    text: str,
    content: Content,
    actors: frozenset[str],
    tags: Mapping[str, ClaimTag],
    kept_tags: Mapping[str, Any],
) -> Content:
    """The content as it is stored, or AnnotatingError with every fault found."""
    faults: dict[str, str] = {}
    if content.kind not in ROLES:
        raise AnnotatingError(kind=f"“{content.kind}” is neither mention nor claim.")
    try:
        content = replace(content, spans=tuple(anchors.check(text, content.spans)))
    except anchors.AnchorError as error:
        faults["spans"] = str(error)
    if content.attribution not in ATTRIBUTIONS:
        faults["attribution"] = f"“{content.attribution}” is not one of author, quoted, reported."
    if content.certainty not in CERTAINTIES:
        faults["certainty"] = f"“{content.certainty}” is not one of high, medium, low."
    if fault := _fault_in_parts(content, actors):
        faults["participants"] = fault
    if fault := _fault_in_codes(content, tags, kept_tags):
        faults["codings"] = fault
    if faults:
        raise AnnotatingError(**faults)
    return _in_order(content, tags)


def _in_order(content: Content, tags: Mapping[str, ClaimTag]) -> Content:
    """The content in the order in which it is read back."""

    def place(code: Code) -> tuple[int, int]:
        return tags[code.tag].facet.position, tags[code.tag].position

    return replace(
        content,
        parts=tuple(sorted(content.parts, key=lambda part: part.role)),
        codes=tuple(sorted(content.codes, key=place)),
    )


def missing(project_id: uuid.UUID, content: Content, tags: Mapping[str, ClaimTag]) -> tuple:
    """What the codebook asks for and the content does not say yet, in words."""
    required = Facet.objects.filter(project_id=project_id, required=True, retired=None)
    return lacking(content, tags, required)


def lacking(
    content: Content, tags: Mapping[str, ClaimTag], required: Iterable[Facet]
) -> tuple[str, ...]:
    """What the content does not say yet, in words, where these facets need an answer."""
    roles = by_role(content.parts)
    if content.kind == "mention":
        return () if "named" in roles else ("the actor that is named",)
    lacks = [] if "claimant" in roles else ["a claimant"]
    answered = {tags[code.tag].facet_id for code in content.codes}
    lacks += [f"“{facet.name}”" for facet in required if facet.pk not in answered]
    lacks += [
        f"the stance towards “{tags[code.tag].label}”"
        for code in content.codes
        if tags[code.tag].facet.takes_stance and not code.stance
    ]
    return tuple(lacks)


def _fault_in_parts(content: Content, usable: frozenset[str]) -> str:
    """What is wrong with the participants, or nothing."""
    for role, parts in by_role(content.parts).items():
        if role not in ROLES[content.kind]:
            return f"A {content.kind} has no {role}."
        if role in SINGLE_ROLES and len(parts) > 1:
            return f"A {content.kind} has one {role} only."
        if len({(part.actor, part.stands_for) for part in parts}) < len(parts):
            return f"The same {role} stands there twice."
        if any((part.actor is None) == (part.stands_for == "") for part in parts):
            return f"Each {role} is either an actor or the article's author or outlet."
        if any(part.stands_for not in ("", "author", "outlet") for part in parts):
            return f"A {role} stands for the author or the outlet, for nobody else."
        if fault := _fault_in_endorsements(role, parts):
            return fault
    if content.kind == "mention" and any(part.stands_for for part in content.parts):
        return "A mention names an actor."
    if {part.actor for part in content.parts if part.actor} <= usable:
        return ""
    return "An actor is not in this project's list, or is retired."


def _usable_actors(project_id: uuid.UUID, content: Content, kept: frozenset[str]) -> frozenset[str]:
    """Those of the actors that it names which are there, and not retired unless they are kept."""
    wanted = {part.actor for part in content.parts if part.actor}
    if not wanted:
        return frozenset()
    known = Actor.objects.filter(project_id=project_id, pk__in=_uuids(wanted))
    rows = known.values_list("pk", "retired", "merged_into_id")
    return frozenset(str(pk) for pk, *gone in rows if str(pk) in kept or not any(gone))


def _fault_in_endorsements(role: str, parts: list[Part]) -> str:
    said = [part.endorsement for part in parts if part.endorsement]
    if said and role != "voice":
        return f"A {role} endorses nothing: only a step of the voice chain does."
    if unknown := [word for word in said if word not in ENDORSEMENTS]:
        return f"A voice endorses, is neutral or distances itself, not “{unknown[0]}”."
    return ""


def check_links(
    by: User, annotation: Annotation, content: Content, kept: frozenset[str] = frozenset()
) -> None:
    """Raise AnnotatingError unless `by` may link the annotation to the claims it names.

    Those are standing claims of its project that she sees. Those `kept`, which it was linked to
    before, may be deleted or hidden from her meanwhile.
    """
    if fault := _fault_in_links(by, annotation, content, kept):
        raise AnnotatingError(links=fault)


def _fault_in_links(
    by: User, annotation: Annotation, content: Content, kept: frozenset[str]
) -> str:
    wanted = [tie.claim for tie in content.links]
    if not wanted:
        return ""
    if content.kind != Annotation.Kind.CLAIM:
        return f"A {content.kind} has no links: only claims are linked to claims."
    if unknown := [tie.relation for tie in content.links if tie.relation not in RELATIONS]:
        return f"“{unknown[0]}” is not one of {', '.join(RELATIONS)}."
    if str(annotation.pk) in wanted:
        return "A claim is not linked to itself."
    if len(set(wanted)) < len(wanted):
        return "The same claim is linked twice. Keep one of the two."
    seen = annotations_for(by).filter(
        project_id=annotation.project_id, pk__in=_uuids(set(wanted) - kept)
    )
    found = {str(pk): told for pk, *told in seen.order_by().values_list("pk", "kind", "deleted")}
    if set(wanted) - kept - set(found):
        return "A linked claim is not in this project, or you cannot see it."
    if any(kind != Annotation.Kind.CLAIM for kind, _ in found.values()):
        return "A link leads to a claim, not to a mention."
    if any(deleted for _, deleted in found.values()):
        return "A linked claim has been removed. Restore it first, or leave the link out."
    return ""


def _followed(
    revision: Revision, content: Content, kept: Mapping[str, Any]
) -> tuple[Content, dict[str, ClaimTag]]:
    """The content with tags that stand for merged ones, and all its tags.

    Whoever still has the old codebook before her means them. Of two that become one the first
    stays, with the other's stance if it has none.
    """
    tags = _tags(revision, content)
    if not any(tag.merged_into_id and key not in kept for key, tag in tags.items()):
        return content, tags
    rows = ClaimTag.objects.filter(project_id=revision.project_id).stand_ins()
    stands = {str(tag): str(other) for tag, other in rows.items() if str(tag) not in kept}
    stances: dict[str, str] = {}
    for code in sorted(content.codes, key=lambda code: code.tag in stands):
        tag = stands.get(code.tag, code.tag)
        stances[tag] = stances.get(tag) or code.stance
    codes = tuple(Code(tag, stance) for tag, stance in stances.items())
    content = replace(content, codes=codes)
    return content, _tags(revision, content)


def _tags(revision: Revision, content: Content) -> dict[str, ClaimTag]:
    wanted = _uuids({code.tag for code in content.codes})
    if not wanted:
        return {}
    rows = ClaimTag.objects.filter(project_id=revision.project_id, pk__in=wanted)
    return {str(tag.pk): tag for tag in rows.select_related("facet").order_by()}


def _fault_in_codes(content: Content, tags: Mapping[str, ClaimTag], kept: Mapping) -> str:
    """What is wrong with the codings, or nothing."""
    if content.kind == "mention" and content.codes:
        return "A mention takes no tags."
    if len({code.tag for code in content.codes}) < len(content.codes):
        return "The same tag stands there twice."
    single: set = set()
    for code in content.codes:
        tag = tags.get(code.tag)
        if tag is None or (not _current(tag) and code.tag not in kept):
            return "A tag is not in this project's codebook, or is retired."
        if code.stance and (code.stance not in STANCES or not tag.facet.takes_stance):
            return f"“{tag.label}” does not take the stance “{code.stance}”."
        if tag.facet.choose == Facet.Choose.ONE and tag.facet_id in single:
            return f"“{tag.facet.name}” takes one tag only."
        single.add(tag.facet_id)
    return ""


def _current(tag: ClaimTag) -> bool:
    return not (tag.retired or tag.merged_into_id or tag.facet.retired)


def _uuids(texts) -> list[uuid.UUID]:
    """Those of the texts that are UUIDs."""
    found = []
    for text in texts:
        try:
            found.append(uuid.UUID(text))
        except ValueError:
            continue
    return found
