"""What stands in a UIMA CAS, as plain values: the ground of XMI, JSON and WebAnno TSV alike.

A CAS is a text and structures on it, each of a type with features. Offsets are code points here,
half-open; the files count UTF-16 units. The types are those that INCEpTION needs to show a
document (metadata, sentences, tokens) and those that hold what Crossread marks, as layers of
its own. An annotation of several pieces is several structures with one `identifier`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from annotations import anchors

TOP, BASE = "uima.cas.TOP", "uima.cas.AnnotationBase"
SPAN, DOCUMENT = "uima.tcas.Annotation", "uima.tcas.DocumentAnnotation"
TEXT, NUMBER, TRUTH = "uima.cas.String", "uima.cas.Integer", "uima.cas.Boolean"
DKPRO = "de.tudarmstadt.ukp.dkpro.core.api."
METADATA = f"{DKPRO}metadata.type.DocumentMetaData"
SENTENCE = f"{DKPRO}segmentation.type.Sentence"
TOKEN = f"{DKPRO}segmentation.type.Token"
OURS = "webanno.custom."
ARTICLE, PASSAGE = f"{OURS}Article", f"{OURS}Passage"
CLAIM, MENTION = f"{OURS}Claim", f"{OURS}Mention"
PARTICIPANT, CODING = f"{OURS}Participant", f"{OURS}Coding"

# What an annotation says of itself in one value each: the feature, and what we call it.
SAID = {
    "author": "author", "layer": "layer", "state": "state", "origin": "origin", "tool": "tool",
    "toolVersion": "tool_version", "attribution": "attribution", "certainty": "certainty",
    "note": "note",
}  # fmt: skip
ABOUT = (
    "identifier", "title", "authors", "translators", "outlet", "story", "published", "language",
    "address", "rights", "replaced",
)  # fmt: skip


@dataclass(eq=False, slots=True)
class Structure:
    """A feature structure: values are text, numbers, truths, a structure or a list of them.

    `begin` and `end` are None where it is no annotation of a stretch.
    """

    kind: str
    values: dict[str, Any] = field(default_factory=dict)
    begin: int | None = None
    end: int | None = None


class Kind(NamedTuple):
    """A type: its supertype, and the range of each feature, which ends in `[]` if it is a list."""

    base: str
    features: Mapping[str, str]


@dataclass(slots=True)
class Cas:
    """A text with structures; `faults` tell of those that a file had, but not on the text."""

    text: str
    structures: list[Structure]
    faults: list[str] = field(default_factory=list)

    def of(self, *kinds: str) -> Iterator[Structure]:
        """The structures of these types."""
        return (one for one in self.structures if one.kind in kinds)

    def whole(self) -> list[Structure]:
        """The structures and those that they hold in lists, each once, in a steady order."""
        found: dict[int, Structure] = {}
        for one in self.structures:
            for value in one.values.values():
                for part in value if isinstance(value, list) else ():
                    if isinstance(part, Structure):
                        found.setdefault(id(part), part)
            found.setdefault(id(one), one)
        return list(found.values())


def _texts(*names: str) -> dict[str, str]:
    return dict.fromkeys(names, TEXT)


def _annotation(name: str) -> dict[str, str]:
    slots = {"participants": f"{OURS}{name}ParticipantsLink[]"}
    slots["codings"] = f"{OURS}{name}CodingsLink[]"
    if name == "Claim":
        slots["links"] = f"{OURS}ClaimLinksLink[]"
    numbers = {"piece": NUMBER, "version": NUMBER, "flagged": TRUTH}
    said = _texts("identifier", *SAID, "created", "updated", "elsewhere", "margins")
    return numbers | said | slots


def _link(target: str) -> Kind:
    return Kind(TOP, {"role": TEXT, "target": target})


KINDS = {
    METADATA: Kind(DOCUMENT, _texts(
        "documentTitle", "documentId", "documentUri", "collectionId", "documentBaseUri",
    ) | {"isLastSegment": TRUTH}),
    SENTENCE: Kind(SPAN, _texts("id")),
    TOKEN: Kind(SPAN, _texts("id", "form") | {"parent": SPAN, "order": NUMBER}),
    ARTICLE: Kind(BASE, _texts(*ABOUT)),
    PASSAGE: Kind(SPAN, _texts("kind", "margins")),
    CLAIM: Kind(SPAN, _annotation("Claim")),
    MENTION: Kind(SPAN, _annotation("Mention")),
    PARTICIPANT: Kind(SPAN, _texts("name", "endorsement", "margins")),
    CODING: Kind(SPAN, _texts("tag", "stance", "margins") | {"wording": NUMBER}),
    f"{OURS}ClaimParticipantsLink": _link(PARTICIPANT),
    f"{OURS}ClaimCodingsLink": _link(CODING),
    f"{OURS}ClaimLinksLink": _link(CLAIM),
    f"{OURS}MentionParticipantsLink": _link(PARTICIPANT),
    f"{OURS}MentionCodingsLink": _link(CODING),
}  # fmt: skip


def on_text(kind: str) -> bool:
    """Whether structures of this type of ours belong to a text."""
    return KINDS[kind].base != TOP


def range_of(kinds: Mapping[str, Kind], kind: str, feature: str) -> str:
    """The range of a feature, inherited or its own; empty if the type or feature is unknown."""
    seen: set[str] = set()
    while kind in kinds and kind not in seen:
        seen.add(kind)
        if feature in kinds[kind].features:
            return kinds[kind].features[feature]
        kind = kinds[kind].base
    return ""


def is_a(kinds: Mapping[str, Kind], kind: str, wanted: str) -> bool:
    """Whether a type is another one or below it."""
    seen: set[str] = set()
    while kind != wanted and kind in kinds and kind not in seen:
        seen.add(kind)
        kind = kinds[kind].base
    return kind == wanted


def placed(text: str, stretches: Sequence[tuple[Any, Any]]) -> list[tuple[int, int] | None]:
    """Stretches in UTF-16 units as code points; None for what does not lie in the text."""
    encoded = text.encode("utf-16-le", "surrogatepass")

    def fits(at: Any) -> bool:
        inside = isinstance(at, int) and 0 <= 2 * at <= len(encoded)
        # The second half of a pair: in the middle of a character.
        return inside and not (2 * at < len(encoded) and 0xDC <= encoded[2 * at + 1] <= 0xDF)

    good = [(begin, end) for begin, end in stretches if fits(begin) and fits(end) and begin <= end]
    flat = anchors.from_utf16(text, [at for stretch in good for at in stretch])
    points = iter(zip(flat[::2], flat[1::2], strict=True))
    known = dict(zip(good, points, strict=True))
    return [known.get((begin, end)) for begin, end in stretches]


def counted(cas: Cas) -> dict[int, int]:
    """How many UTF-16 units stand before each place that a structure begins or ends at."""
    places = {0, len(cas.text)}
    for one in cas.structures:
        places |= {one.begin, one.end} - {None}
    wanted = sorted(places)
    return dict(zip(wanted, anchors.to_utf16(cas.text, wanted), strict=True))
