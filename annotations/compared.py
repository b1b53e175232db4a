"""What several versions of one annotation say, field by field, and how far they disagree."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from annotations.content import Code, Content, Part, by_role
from annotations.matching import covered

MARKED = "marked"  # whether there is anything: not a field of an annotation, but of a case
FIELDS = (
    "spans", "claimant", "target", "voice", "named", "meant", "attribution", "certainty",
)  # fmt: skip
# How sure somebody is, is told but is nothing to agree on.
UNCOUNTED = frozenset({"certainty"})
IN_ORDER = frozenset({"voice"})

Differences = dict[str, list[str | None]]


@dataclass(frozen=True)
class Terms:
    """What the ids in contents stand for now, all as text.

    `facets` gives each tag's facet by its slug, in the order of the codebook; `actors` and `tags`
    whoever stands for one that was merged.
    """

    facets: Mapping[str, str]
    actors: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)

    def actor(self, part: Part) -> str:
        """Who takes part: an id, or `@author` or `@outlet`."""
        if part.actor is None:
            return f"@{part.stands_for}"
        return self.actors.get(part.actor, part.actor)

    def tag(self, code: Code) -> str:
        return self.tags.get(code.tag, code.tag)


def differences(versions: Sequence[Content | None], terms: Terms) -> Differences:
    """Of each field what each version says of it, as text, or None where it says nothing.

    Equal texts say the same. Only the fields that at least one version fills in, in the order of
    FIELDS, then `facet:<slug>` and `stance:<slug>` for each facet; a stance is compared of the
    tags that all have. A version that is None overlooked the stretch: it says nothing, and the
    first field is `marked`, with yes and no.
    """
    there = [version for version in versions if version is not None]
    facets = dict.fromkeys(terms.facets[terms.tag(c)] for v in there for c in v.codes)
    shared = {
        slug: frozenset.intersection(*(frozenset(_tags(v, slug, terms)) for v in there))
        for slug in facets
    }
    found: Differences = {}
    if len(there) < len(versions):
        found[MARKED] = ["no" if version is None else "yes" for version in versions]
    told = [None if v is None else dict(_said(v, shared, terms)) for v in versions]
    in_order = dict.fromkeys(terms.facets.values())
    names = [*FIELDS, *(f"{what}:{slug}" for slug in in_order for what in ("facet", "stance"))]
    for name in names:
        values = [own.get(name) if own is not None else None for own in told]
        if any(value is not None for value in values):
            found[name] = values
    return found


def differing(versions: Sequence[Content | None], terms: Terms) -> list[str]:
    """The names of the fields in which not all versions say the same, and that count."""
    return [name for name, alike in _judged(versions, terms) if not alike]


def disagreement(versions: Sequence[Content | None], terms: Terms) -> float:
    """The share of the fields that can be compared in which not all versions say the same.

    0 where all agree, 1 where all differ. A stretch that only one of several marked has nothing
    to compare but whether there is anything: 1.
    """
    judged = [alike for _, alike in _judged(versions, terms)]
    return judged.count(False) / len(judged) if judged else 0.0


def _judged(versions: Sequence[Content | None], terms: Terms) -> Iterator[tuple[str, bool]]:
    """Each field that counts, and whether all who marked anything say the same of it."""
    marked = [n for n, version in enumerate(versions) if version is not None]
    for name, values in differences(versions, terms).items():
        if name == MARKED:
            yield name, False
        elif name not in UNCOUNTED and len(marked) > 1:
            yield name, len({values[n] for n in marked}) == 1


def _said(
    content: Content, shared: Mapping[str, frozenset[str]], terms: Terms
) -> Iterator[tuple[str, str]]:
    """The fields that the content fills in, each as one text."""
    spans = ((start, end) for start, end, _ in content.spans)
    yield "spans", " ".join(f"{start}-{end}" for start, end in covered(spans))
    for role, parts in by_role(content.parts).items():
        people = [" ".join(filter(None, (terms.actor(p), p.endorsement))) for p in parts]
        yield role, "|".join(people if role in IN_ORDER else sorted(set(people)))
    if content.attribution:
        yield "attribution", content.attribution
    if content.certainty:
        yield "certainty", content.certainty
    for slug, common in shared.items():
        tags = _tags(content, slug, terms)
        if tags:
            yield f"facet:{slug}", "|".join(sorted(tags))
        if stances := [f"{tag} {tags[tag]}" for tag in sorted(common) if tags[tag]]:
            yield f"stance:{slug}", "|".join(stances)


def _tags(content: Content, slug: str, terms: Terms) -> dict[str, str]:
    """The content's tags of the facet, each with its stance."""
    told = ((terms.tag(code), code.stance) for code in content.codes)
    return {tag: stance for tag, stance in told if terms.facets[tag] == slug}
