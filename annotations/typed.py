"""What a curator typed instead of taking it from a version, kept as she typed it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils.datastructures import MultiValueDict

from annotations.combining import FACET, PLAIN
from annotations.content import ROLES, Code, Content, Part, by_role
from corpus_app.history import DoorError
from corpus_app.models import Actor, NameStart
from corpus_app.names import search_key

STAND_INS = {"author": "the article’s author", "outlet": "the article’s outlet"}


class TypingError(DoorError):
    """What was typed cannot be read; `messages` says why, by the name of the field."""


@dataclass(frozen=True)
class Typed:
    """Every field of an annotation as text: `spans` as (start, end), `parts` of each role as
    (name, endorsement), `tags` as the stance towards each that is chosen, `plain` as it is."""

    spans: tuple[tuple[str, str], ...] = ()
    parts: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    plain: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, content: Content, actors: Mapping[str, str]) -> "Typed":
        """What one would have typed to say this; `actors` are names by id."""
        return cls(
            spans=tuple((str(start), str(end)) for start, end, _ in content.spans),
            parts={
                role: tuple((name_of(part, actors), part.endorsement) for part in parts)
                for role, parts in by_role(content.parts).items()
            },
            tags={code.tag: code.stance for code in content.codes},
            plain={name: getattr(content, name) for name in PLAIN},
        )

    @classmethod
    def sent(cls, data: MultiValueDict, kind: str) -> "Typed":
        """What was sent with a form whose fields are named as in `typed_row.html`."""
        tags = [tag for name in data for tag in _chosen(data, name)]
        ends = zip(data.getlist("typed-start"), data.getlist("typed-end"), strict=False)
        return cls(
            spans=tuple(ends),
            parts={role: _people(data, role) for role in ROLES[kind]},
            tags={tag: data.get(f"stance-{tag}", "") for tag in tags},
            plain={name: data.get(f"typed-{name}", "") for name in PLAIN},
        )

    def content(
        self, kind: str, project_id: UUID, actors: Mapping[str, str], fields: set[str]
    ) -> Content:
        """What these of the fields say. Raises TypingError for names and places nobody knows."""
        faults: dict[str, str] = {}
        spans = _read_spans(self.spans, faults) if "spans" in fields else ()
        roles = [role for role in ROLES[kind] if role in fields]
        said = [(role, *told) for role in roles for told in self.parts.get(role, ())]
        known = _known({name for _, name, _ in said}, project_id, actors)
        for role, name, _ in said:
            if name not in known:
                faults[role] = f"No actor of this project is called “{name}”, or several are."
        if faults:
            raise TypingError(**faults)
        return Content(
            kind=kind, spans=spans,
            parts=tuple(Part(role, *known[name], endorsement) for role, name, endorsement in said),
            codes=tuple(Code(tag, stance) for tag, stance in self.tags.items()),
            **{name: self.plain.get(name, "") for name in PLAIN},
        )  # fmt: skip


def name_of(part: Part, actors: Mapping[str, str]) -> str:
    """What whoever takes part is called, also in a text field."""
    return STAND_INS[part.stands_for] if part.actor is None else actors.get(part.actor, "")


def _chosen(data: MultiValueDict, name: str) -> list[str]:
    wanted = name.startswith(f"typed-{FACET}")
    return [tag for tag in data.getlist(name) if tag] if wanted else []


def _people(data: MultiValueDict, role: str) -> tuple[tuple[str, str], ...]:
    names = data.getlist(f"typed-{role}")
    said = data.getlist(f"endorsed-{role}") or [""] * len(names)
    pairs = zip((name.strip() for name in names), said, strict=False)
    return tuple((name, endorsement) for name, endorsement in pairs if name)


def _read_spans(spans, faults: dict[str, str]) -> tuple:
    try:
        read = tuple((int(start), int(end), None) for start, end in spans if start or end)
    except ValueError:
        read = ()
    if not read:
        faults["spans"] = "Say where the words begin and where they end, as numbers."
    return read


def _known(
    names: set[str], project_id: UUID, actors: Mapping[str, str]
) -> dict[str, tuple[str | None, str]]:
    """(actor's id, stand-in) of each name that one actor only has: its own before an alias."""
    found: dict[str, tuple[str | None, str]] = {
        name: (None, stand_in) for stand_in, name in STAND_INS.items() if name in names
    }
    found |= {name: (pk, "") for pk, name in actors.items() if name in names}
    keys = {name: search_key(name).encode() for name in names - found.keys()}
    if not keys:
        return found
    standing = Coalesce(F("actor__standing"), F("actor"))
    for place in (NameStart.Place.ALIAS, NameStart.Place.NAME):
        rows = NameStart.objects.filter(
            project=project_id, place=place, key__in=list(keys.values()),
            actor__in=Actor.objects.filter(retired=None),
        )  # fmt: skip
        by_key: dict[bytes, set[str]] = {}
        for key, actor in rows.values_list("key", standing):
            by_key.setdefault(bytes(key), set()).add(str(actor))
        single = {name: by_key[key] for name, key in keys.items() if len(by_key.get(key, ())) == 1}
        found |= {name: (next(iter(actors)), "") for name, actors in single.items()}
    return found
