"""Codes of REFI-QDA, in a project as in a codebook: facets with their tags below them.

A facet is a code that nothing is coded with. What a code has no field for stands on the last line
of its description (see `noted`); where that is missing, the code was made by another tool. There,
too, a code that nothing is coded with is a facet of the codes below it; others are in a facet
`code`.
"""

import re
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from lxml import etree

from annotations.content import STANCES
from annotations.exchange.aside import Misshapen, record_of, values_of
from annotations.exchange.foreign import LabelTree
from annotations.exchange.markup import ILLEGAL, legal
from annotations.exchange.neutral import (
    DefinitionRecord,
    FacetRecord,
    Record,
    Refusal,
    TagRecord,
)
from annotations.exchange.noted import edited, noted, unnoted

COLOUR = re.compile(r"#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{3})")
# What the tree itself says of a tag, or a code's own name, description and colour.
SHOWN = {"facet", "parent", "definitions", "colour", "id"}
PLAIN_FACET = "code"


class Meaning(NamedTuple):
    """What it means that something is coded with a code: a tag, a stance towards one, a part."""

    kind: str
    slug: str = ""
    stance: str = ""
    role: str = ""
    name: str = ""


@lru_cache(maxsize=1 << 14)
def guid(*known: str) -> str:
    """The id itself if it is a UUID; else one that is made from what is known, always the same."""
    if len(known) == 1:
        try:
            return str(uuid.UUID(known[0]))
        except ValueError:
            pass
    return str(uuid.uuid5(uuid.NAMESPACE_OID, "\n".join(["crossread", *known])))


def key(told: str | None) -> str:
    """A GUID as we compare it: other tools write it in capitals, or in braces."""
    return (told or "").strip().strip("{}").lower()


def note(text: str, values: Mapping[str, Any]) -> str:
    """A description of a text and values, fit for XML: JSON escapes what XML cannot hold."""
    written = noted("", values)
    escaped = ILLEGAL.sub(lambda found: f"\\u{ord(found[0]):04x}", written)
    return f"{legal(text)}\n\n{escaped}" if text else escaped


def child(parent: etree._Element, tag: str, text: str = "", /, **values: str) -> etree._Element:
    """A new element of this name, with a text and attributes that are not empty."""
    given = {attribute: legal(value) for attribute, value in values.items() if value}
    element = etree.SubElement(parent, tag, given)
    element.text = legal(text) or None
    return element


def code(
    parent: etree._Element, name: str, own: str, told: str = "", codable: bool = True,
    colour: str = "",
) -> etree._Element:  # fmt: skip
    """A new code; `own` is its GUID and `told` its description."""
    shade = colour if COLOUR.fullmatch(colour) else ""
    element = child(
        parent, "Code", guid=own, name=name or "–", isCodable=str(codable).lower(), color=shade
    )
    if told:
        child(element, "Description", told)
    return element


def tag_guid(tag: TagRecord) -> str:
    return guid(tag.id) if _is_uuid(tag.id) else guid("tag", tag.slug)


def write_codes(
    parent: etree._Element,
    facets: Iterable[FacetRecord],
    tags: Sequence[TagRecord],
    stances: Mapping[str, Iterable[str]],
) -> None:
    """The facets with their tags below them, and below these the stances that were taken."""
    below: dict[str, list[TagRecord]] = {}
    for tag in tags:
        below.setdefault(tag.parent, []).append(tag)
    for facet in facets:
        values = {"is": "facet", **values_of(facet._replace(id=""))}
        own = guid(facet.id) if _is_uuid(facet.id) else guid("facet", facet.slug)
        element = code(parent, facet.name, own, note("", values), codable=False)
        line = [(element, tag) for tag in reversed(below.get("", ())) if tag.facet == facet.slug]
        while line:
            above, tag = line.pop()
            made = _write_tag(above, tag, stances.get(tag.slug, ()))
            line += [(made, narrower) for narrower in reversed(below.get(tag.slug, ()))]


def _write_tag(
    parent: etree._Element, tag: TagRecord, stances: Iterable[str]
) -> etree._Element:  # fmt: skip
    kept = {name: value for name, value in values_of(tag).items() if name not in SHOWN}
    latest = DefinitionRecord(1, legal(tag.label), _as_read(tag.definition))
    if tag.definitions != (latest,):
        kept["definitions"] = [values_of(definition) for definition in tag.definitions]
    if tag.colour and not COLOUR.fullmatch(tag.colour):
        kept["colour"] = tag.colour
    own = tag_guid(tag)
    told = note(tag.definition, {"is": "tag", **kept})
    element = code(parent, tag.label, own, told, colour=tag.colour)
    for stance in sorted(stances):
        code(element, stance, guid(own, stance), note("", {"is": "stance"}))
    return element


@dataclass
class Codes:
    """What codes mean, by their GUIDs, and the codebook that they make."""

    facets: list[FacetRecord] = field(default_factory=list)
    tags: list[TagRecord] = field(default_factory=list)
    meanings: dict[str, Meaning] = field(default_factory=dict)
    faults: list[Refusal] = field(default_factory=list)
    labels: LabelTree = field(default_factory=lambda: LabelTree({}, {}))

    def records(self) -> Iterator[Record]:
        """Facets, then tags, those of ours first; what could not be read."""
        yield from self.facets
        yield from self.labels.facets()
        yield from self.tags
        yield from self.labels.tags()
        yield from self.faults


class _Place(NamedTuple):
    """Where in the tree a code is: in which facet, below which tag, below which role."""

    facet: str = ""
    tag: str = ""
    role: str = ""
    is_actors: bool = False


def read_codes(codes: etree._Element | None) -> Codes:
    """What the codes of a project or codebook are; `codes` is the element above them."""
    found = Codes()
    if codes is None:
        return found
    elements = [one for one in codes if _name(one) == "Code"]
    line = [(element, _Place()) for element in reversed(elements)]
    foreign = []
    while line:
        element, place = line.pop()
        text, values = unnoted(description(element))
        below = place
        try:
            if values.get("is"):
                below = _read_ours(found, element, text, values, place)
            else:
                foreign.append((element, text, place))
        except Misshapen as error:
            found.faults.append(Refusal(f"Code “{element.get('name')}”: {error}."))
        line += [(e, below) for e in reversed(element) if _name(e) == "Code"]
    # Tags of ours have their slugs already: other labels must not take these.
    found.labels = LabelTree(
        {tag.slug: tag.facet for tag in found.tags}, {facet.slug: facet for facet in found.facets}
    )
    places: dict[etree._Element, _Place] = {}
    for element, text, place in foreign:
        above = places.get(element.getparent(), place)
        places[element] = _read_foreign(found, element, text, above)
    return found


def description(element: etree._Element) -> str:
    """The text of the element's description."""
    return next((one.text or "" for one in element if _name(one) == "Description"), "")


def _read_ours(
    found: Codes, element: etree._Element, text: str, values: dict[str, Any], place: _Place
) -> _Place:
    """What a code of ours is, kept in `found`, and the place below it. Raises Misshapen."""
    own, name = key(element.get("guid")), element.get("name", "")
    match values["is"]:
        case "facet":
            facet = record_of(FacetRecord, values)
            found.facets.append(facet._replace(name=edited(name, legal(facet.name), facet.name)))
            return _Place(facet.slug)
        case "tag":
            tag = _tag(element, text, values, place)
            found.tags.append(tag)
            found.meanings[own] = Meaning("tag", slug=tag.slug)
            return _Place(tag.facet, tag.slug)
        case "stance" if name in STANCES and place.tag:
            found.meanings[own] = Meaning("tag", slug=place.tag, stance=name)
        case "actors":
            return _Place(is_actors=True)
        case "role":
            return _Place(role=str(values.get("role", "")))
        case "part":
            found.meanings[own] = Meaning(
                "part", role=str(values.get("role", "")), name=str(values.get("name", name))
            )
        case other:
            found.meanings[own] = Meaning(str(other))
    return place


def _tag(
    element: etree._Element, text: str, values: dict[str, Any], place: _Place
) -> TagRecord:  # fmt: skip
    name = element.get("name", "")
    told = values.get("definitions") or [{"number": 1, "label": name, "text": text}]
    known = {**values, "facet": place.facet, "parent": place.tag, "definitions": told}
    tag = record_of(TagRecord, {"colour": colour_of(element), **known})
    *earlier, latest = tag.definitions
    latest = latest._replace(
        label=edited(name, legal(latest.label), latest.label),
        text=edited(text, _as_read(latest.text), latest.text),
    )
    return tag._replace(definitions=(*earlier, latest))


def _read_foreign(found: Codes, element: etree._Element, text: str, place: _Place) -> _Place:
    """What a code of another tool is, kept in `found`, and the place below it."""
    own, name = key(element.get("guid")), " ".join(element.get("name", "").split())[:200] or "–"
    codable = element.get("isCodable", "true").strip() in ("true", "1")
    if place.role:
        found.meanings[own] = Meaning("part", role=place.role, name=name)
        return place
    has_codes = any(_name(one) == "Code" for one in element)
    if not codable and has_codes and not place.facet:
        return _Place(found.labels.facet(name))
    facet = place.facet or found.labels.facet(PLAIN_FACET)
    slug = found.labels.tag(name, facet, text, place.tag, colour_of(element))
    found.meanings[own] = Meaning("tag", slug=slug)
    return _Place(facet, slug)


def colour_of(element: etree._Element) -> str:
    """The code's colour as `#rrggbb`, or nothing."""
    told = (element.get("color") or "").strip().lower()
    if not COLOUR.fullmatch(told):
        return ""
    return told if len(told) == 7 else "#" + "".join(2 * digit for digit in told[1:])


def not_kept(number: int, what: str) -> str:
    """A sentence about so many things."""
    return f"{number} {what}{'s are' if number > 1 else ' is'} not kept."


def _as_read(text: str) -> str:
    """A text as it is read from a description again."""
    return unnoted(note(text, {"is": "x"}))[0]


def _name(element: etree._Element) -> str:
    """The local name; nothing for comments and the like."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _is_uuid(told: str) -> bool:
    try:
        uuid.UUID(told)
    except ValueError:
        return False
    return True
