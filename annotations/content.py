"""What an annotation says, as plain values: the one shape that the workbench, the API, the
history and the exchange formats share."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

ROLES = {
    "mention": ("named", "meant"),
    "claim": ("claimant", "target", "voice"),
}
SINGLE_ROLES = frozenset({"named", "meant"})
STANCES = ("support", "oppose", "neutral", "unclear")
ATTRIBUTIONS = ("", "author", "quoted", "reported")
CERTAINTIES = ("", "high", "medium", "low")
ENDORSEMENTS = ("", "endorses", "neutral", "distances")
LONGEST_NOTE = 20_000  # characters
RELATIONS = ("restates", "supports", "contradicts", "qualifies")


@dataclass(frozen=True)
class Part:
    """Somebody's part: an actor's id (a UUID as text), or a stand-in (`author`, `outlet`).

    `endorsement` is how a voice stands to what it passes on.
    """

    role: str
    actor: str | None = None
    stands_for: str = ""
    endorsement: str = ""


@dataclass(frozen=True)
class Code:
    """A tag's id (a UUID as text) and the stance towards it."""

    tag: str
    stance: str = ""


@dataclass(frozen=True)
class Tie:
    """What a claim says of another claim, given by that one's id (a UUID as text)."""

    relation: str
    claim: str


@dataclass(frozen=True)
class Content:
    """Everything about an annotation that a person can change.

    `spans` are `(start, end, quote)` in code points, half-open; the quote may be None on the way
    in. `parts`, `codes` and `links` are ordered. `flagged` asks a curator to look.
    """

    kind: str
    spans: tuple[tuple[int, int, str | None], ...]
    parts: tuple[Part, ...] = ()
    codes: tuple[Code, ...] = ()
    attribution: str = ""
    note: str = ""
    certainty: str = ""
    flagged: bool = False
    links: tuple[Tie, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The content as JSON values, with the same names as in the API."""
        return {
            "kind": self.kind,
            "spans": [{"start": s, "end": e, "quote": q} for s, e, q in self.spans],
            "participants": [dict(vars(part)) for part in self.parts],
            "codings": [{"tag": c.tag, "stance": c.stance} for c in self.codes],
            "attribution": self.attribution,
            "certainty": self.certainty,
            "note": self.note,
            "flagged": self.flagged,
            "links": [{"relation": tie.relation, "claim": tie.claim} for tie in self.links],
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Content":
        """The content of such JSON values; what is missing is empty, unknown names passed over."""
        return cls(
            kind=values["kind"],
            spans=tuple((s["start"], s["end"], s.get("quote")) for s in values["spans"]),
            parts=tuple(
                Part(
                    p["role"],
                    str(p["actor"]) if p.get("actor") else None,
                    p.get("stands_for") or "",
                    p.get("endorsement") or "",
                )
                for p in values.get("participants", ())
            ),
            codes=tuple(
                Code(str(c["tag"]), c.get("stance") or "") for c in values.get("codings", ())
            ),
            attribution=values.get("attribution") or "",
            note=values.get("note") or "",
            certainty=values.get("certainty") or "",
            flagged=bool(values.get("flagged")),
            links=tuple(Tie(t["relation"], str(t["claim"])) for t in values.get("links", ())),
        )


def by_role(parts: Iterable[Part]) -> dict[str, list[Part]]:
    """The parts of each role, in their order."""
    sorted_out: dict[str, list[Part]] = {}
    for part in parts:
        sorted_out.setdefault(part.role, []).append(part)
    return sorted_out
