"""A case as it is shown to be decided: its versions side by side, field by field."""

import string
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.datastructures import MultiValueDict

from annotations import adjudication, annotating, cases, compared
from annotations.combining import FACET, PLAIN, combined, fields_of
from annotations.content import ROLES, Content
from annotations.difference import words
from annotations.models import (
    Annotation,
    Case,
    ClaimTag,
    Coding,
    Decision,
    Facet,
    Participant,
)
from annotations.typed import Typed, TypingError, name_of
from corpus_app.models import Actor, Revision

TYPED = "typed"  # instead of a version
UNCOUNTED = ("certainty", "note")  # they may differ among coders who agree
BLANKS = 1  # empty lines for further people
LABELS = {
    "spans": "Stretch", "claimant": "Claimant", "target": "Target", "voice": "Voice chain",
    "named": "Named", "meant": "Meant", "attribution": "Attribution", "certainty": "Certainty",
    "note": "Note",
}  # fmt: skip
CHOICES = {"attribution": Annotation.Attribution, "certainty": Annotation.Certainty}


@dataclass(frozen=True)
class Version:
    """One coder's annotation in the case. Its key is the annotation's id, as text."""

    key: str
    number: int
    name: str
    annotation: Annotation
    content: Content


@dataclass(frozen=True)
class Lineup:
    """A case with its versions and whatever is needed to tell what they say."""

    case: Case
    versions: tuple[Version, ...]
    overlooked: int  # coders who handed in and marked nothing here
    facets: Mapping[str, Facet]
    tags: Mapping[str, ClaimTag]
    actors: Mapping[str, str]
    terms: compared.Terms

    @property
    def fields(self) -> tuple[str, ...]:
        return fields_of(self.case.kind, tuple(self.facets))

    @property
    def contents(self) -> list[Content]:
        return [version.content for version in self.versions]

    @property
    def differing(self) -> set[str]:
        """The fields in which the versions differ; a facet's tags and stances are one field."""
        counted = compared.differing(self.contents, self.terms)
        told = {name.replace("stance:", FACET) for name in counted}
        told |= {f for f in UNCOUNTED if len({getattr(c, f) for c in self.contents}) > 1}
        return told & set(self.fields)

    @property
    def agreed(self) -> bool:
        alike = not compared.differing(self.contents, self.terms)
        return alike and len(self.versions) > 1 and not self.overlooked

    def version(self, key: str) -> Version | None:
        return next((one for one in self.versions if one.key == key), None)

    def said(self, content: Content, field: str) -> tuple[str, ...]:
        """What the content says in the field, in words; nothing where it says nothing."""
        if field == "spans":
            return tuple(quote or "" for _, _, quote in content.spans)
        if field.startswith(FACET):
            slug = field.removeprefix(FACET)
            own = [code for code in content.codes if self.terms.facets[code.tag] == slug]
            return tuple(
                f"{self.tags[code.tag].label}{f': {code.stance}' if code.stance else ''}"
                for code in own
            )
        if field in PLAIN:
            value = getattr(content, field)
            return (str(CHOICES[field](value).label if field in CHOICES else value),) * bool(value)
        return tuple(
            f"{name_of(part, self.actors)}{f' ({part.endorsement})' if part.endorsement else ''}"
            for part in content.parts
            if part.role == field
        )

    def label(self, field: str) -> str:
        return LABELS.get(field) or self.facets[field.removeprefix(FACET)].name


@dataclass(frozen=True)
class Choice:
    """From which version each field is to be taken (or that it is typed), and what is typed."""

    sources: Mapping[str, str] = field(default_factory=dict)
    typed: Typed = field(default_factory=Typed)

    @classmethod
    def first(cls, lineup: Lineup) -> "Choice":
        """What is offered: where all agree or most of them, that; else nothing is chosen yet.

        Of remarks that are nothing to agree on, the first is offered.
        """
        sources, differing = {}, lineup.differing
        for name in lineup.fields:
            said = [lineup.said(version.content, name) for version in lineup.versions]
            [(most, number)] = Counter(said).most_common(1)
            if name not in differing or name in UNCOUNTED or 2 * number > len(said):
                sources[name] = lineup.versions[said.index(most)].key
        return cls(sources, Typed.of(lineup.versions[0].content, lineup.actors))

    @classmethod
    def sent(cls, lineup: Lineup, data: MultiValueDict) -> "Choice":
        sources = {name: data[f"take-{name}"] for name in lineup.fields if f"take-{name}" in data}
        return cls(sources, Typed.sent(data, lineup.case.kind))

    def in_new_text(self, lineup: Lineup) -> "Choice":
        """The choice without typed places, which were counted in a text corrected since."""
        sources = dict(self.sources)
        if sources.get("spans") == TYPED:
            del sources["spans"]
        here = Typed.of(lineup.versions[0].content, lineup.actors) if lineup.versions else Typed()
        return Choice(sources, replace(self.typed, spans=here.spans))


@dataclass(frozen=True)
class Verdict:
    """What is to be decided, as the door takes it."""

    outcome: str
    content: Content | None = None
    counted_in: Revision | None = None
    sources: Mapping[str, str] = field(default_factory=dict)


def lineup(case: Case) -> Lineup:
    """The case's versions, lined up in a constant number of queries.

    If the project hides names they are called by letters, in an order that tells nothing.
    """
    annotations = [member.annotation for member in adjudication.members_of(case)]
    hidden = case.project.names_hidden
    annotations.sort(key=lambda one: _shuffled(case, one) if hidden else one.author.username)
    authors = {one.author_id for one in annotations}
    versions = tuple(
        Version(
            str(one.pk), n, f"Version {_letter(n)}" if hidden else one.author.shown_name, one,
            annotating.content_of(one),
        )
        for n, one in enumerate(annotations, start=1)
    )  # fmt: skip
    used = {part.actor for version in versions for part in version.content.parts if part.actor}
    tags = list(ClaimTag.objects.filter(project=case.project_id).select_related("facet"))
    coded = {code.tag for version in versions for code in version.content.codes}
    kept = {tag.facet_id for tag in tags if str(tag.pk) in coded}
    facets = Facet.objects.filter(Q(retired=None) | Q(pk__in=kept), project=case.project_id)
    named = Actor.objects.filter(pk__in=used).values_list("pk", Coalesce("standing__name", "name"))
    return Lineup(
        case=case, versions=versions,
        overlooked=cases.coders(case.article).exclude(pk__in=authors).count(),
        facets={facet.slug: facet for facet in facets}, tags={str(tag.pk): tag for tag in tags},
        actors={str(pk): name for pk, name in named}, terms=cases.terms_of(case.project_id),
    )  # fmt: skip


def verdict(lineup: Lineup, choice: Choice, wish: str, revision: Revision) -> Verdict:
    """What the wish (`reject`, `accept:<key>` or `decide`) comes to.

    What was typed is counted in the revision. Raises TypingError for fields without a choice.
    """
    outcome = Decision.Outcome
    if wish == "reject":
        return Verdict(outcome.REJECTED)
    if wish.startswith("accept:"):
        version = lineup.version(wish.removeprefix("accept:"))
        if version is None:
            raise TypingError("This version is not in the case any more. Look at it again.")
        sources = dict.fromkeys(lineup.fields, version.key)
        said = outcome.UNANIMOUS if lineup.agreed else outcome.ACCEPTED
        return Verdict(said, version.content, version.annotation.revision, sources)
    return _put_together(lineup, choice, revision)


def _put_together(lineup: Lineup, choice: Choice, revision: Revision) -> Verdict:
    known = {version.key: version for version in lineup.versions}
    lost = [
        name for name in lineup.fields
        if choice.sources.get(name) not in known and choice.sources.get(name) != TYPED
    ]  # fmt: skip
    if lost:
        raise TypingError(**dict.fromkeys(lost, "Choose a version, or edit."))
    written = {name for name, source in choice.sources.items() if source == TYPED}
    contents = {version.key: version.content for version in lineup.versions}
    contents[TYPED] = choice.typed.content(
        lineup.case.kind, lineup.case.project_id, lineup.actors, written
    )
    facet_of = {pk: tag.facet.slug for pk, tag in lineup.tags.items()}
    if unknown := [code for code in contents[TYPED].codes if code.tag not in facet_of]:
        raise TypingError(f"The codebook has {len(unknown)} of the chosen tags no more.")
    content = combined(contents, choice.sources, facet_of)
    taken = {name: source for name, source in choice.sources.items() if source != TYPED}
    spans = choice.sources["spans"]
    counted_in = revision if spans == TYPED else known[spans].annotation.revision
    return Verdict(_outcome(lineup, taken, written), content, counted_in, taken)


def _outcome(lineup: Lineup, taken: Mapping[str, str], written: set[str]) -> str:
    if written:
        return Decision.Outcome.EDITED
    if lineup.agreed:
        return Decision.Outcome.UNANIMOUS
    several = {taken[name] for name in lineup.differing}
    return Decision.Outcome.COMBINED if len(several) > 1 else Decision.Outcome.ACCEPTED


def rows(
    lineup: Lineup, choice: Choice, faults: Mapping[str, list[str]], gold: Content | None = None
) -> list[dict[str, Any]]:
    """What stands on the page of each field: its cells, one for all who say the same, what is
    chosen, what is wrong with it, and the field to type into."""
    differing = lineup.differing
    return [
        {
            "field": name, "label": lineup.label(name), "differs": name in differing,
            "cells": _cells(lineup, name, name in differing, choice.sources.get(name)),
            "is_typed": choice.sources.get(name) == TYPED, "faults": faults.get(name, []),
            "typed": _typed(lineup, name, choice.typed),
            "gold": lineup.said(gold, name) if gold and _is_news(lineup, name, gold) else None,
        }
        for name in lineup.fields
    ]  # fmt: skip


def _is_news(lineup: Lineup, name: str, gold: Content) -> bool:
    """Whether what was decided of the field is not what every version says."""
    said = {lineup.said(content, name) for content in lineup.contents}
    return said != {lineup.said(gold, name)}


def _cells(lineup: Lineup, name: str, differs: bool, chosen: str | None) -> list[dict[str, Any]]:
    first, *others = lineup.versions
    told = lineup.said(first.content, name)
    cells = [{"version": first, "said": told, "chosen": chosen == first.key}]
    if not differs:
        cells[0]["chosen"] = chosen not in (None, TYPED)
        return cells
    for version in others:
        said = lineup.said(version.content, name)
        cells.append({"version": version, "said": said, "chosen": chosen == version.key})
        if name == "spans" and said != told:
            cells[-1]["pieces"] = words(" … ".join(told), " … ".join(said))
    return cells


def _typed(lineup: Lineup, name: str, typed: Typed) -> dict[str, Any]:
    """The form field in which this field is typed, with what is typed there."""
    if name == "spans":
        return {"kind": "spans", "spans": typed.spans}
    if name in ROLES[lineup.case.kind]:
        told = typed.parts.get(name, ())
        return {
            "kind": "people", "people": (*told, *[("", "")] * BLANKS), "voice": name == "voice",
            "endorsements": Participant.Endorsement.choices,
        }  # fmt: skip
    if name.startswith(FACET):
        facet = lineup.facets[name.removeprefix(FACET)]
        used = {code.tag for content in lineup.contents for code in content.codes}
        offered = [
            {"id": pk, "label": tag.label, "chosen": pk in typed.tags, "stance": typed.tags.get(pk)}
            for pk, tag in lineup.tags.items()
            if tag.facet_id == facet.pk and (pk in used or not (tag.retired or tag.merged_into_id))
        ]
        return {
            "kind": "tags", "tags": offered, "one": facet.choose == Facet.Choose.ONE,
            "stances": Coding.Stance.choices if facet.takes_stance else (),
        }  # fmt: skip
    options = CHOICES[name].choices if name in CHOICES else ()
    return {"kind": "plain", "value": typed.plain.get(name, ""), "options": options}


def _letter(number: int) -> str:
    """A to Z, then A2 and so on."""
    again, place = divmod(number - 1, len(string.ascii_uppercase))
    return f"{string.ascii_uppercase[place]}{again + 1 if again else ''}"


def _shuffled(case: Case, annotation: Annotation) -> str:
    return sha256(f"{case.pk} {annotation.pk}".encode()).hexdigest()
