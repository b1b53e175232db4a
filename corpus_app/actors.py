"""The door to the registry of actors: make, change and retire them."""

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from corpus_app.history import DoorError, advance, once, record
from corpus_app.identifiers import UnfitIdentifier, clean_identifier
from corpus_app.models import Actor, Affiliation, Alias, ExternalId, NameStart, Project, User
from corpus_app.names import UnfitName, clean_name, clean_prose, name_key, starts

LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
AT_ONCE = 500


class ActorError(DoorError):
    """An actor that cannot be stored; `messages` says why, field by field."""


@dataclass(frozen=True)
class AliasValues:
    """Another name: its language (BCP 47, empty for any), its rule of case, its days, both kept."""

    name: str
    metonym: bool = False
    language: str = ""
    case: str = Alias.Case.USUAL
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class AffiliationValues:
    """What an actor is part of, from `since` to `until`, both days included; open if None."""

    whole: Actor
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class ActorValues:
    """What is known of an actor.

    An alias may also be `(name, whether it is a metonym)`; `external_ids` are `(scheme, value)`.
    """

    name: str
    kind: str = Actor.Kind.OTHER
    notes: str = ""
    aliases: tuple[AliasValues | tuple[str, bool], ...] = ()
    affiliations: tuple[AffiliationValues, ...] = ()
    external_ids: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class _Checked:
    """What may be written: the actor's own fields, and its parts each once."""

    fields: Mapping[str, Any]
    aliases: tuple[AliasValues, ...]
    affiliations: tuple[AffiliationValues, ...]
    external_ids: tuple[tuple[str, str], ...]


@transaction.atomic
def create(
    *, by: User, project: Project, values: ActorValues, id: uuid.UUID | None = None
) -> Actor:
    """The new actor, with the id that the client made for it.

    Raises ActorError for unfit or taken names and a whole elsewhere.
    """
    actor = Actor(id=id or uuid.uuid4(), project=project)
    checked = _checked(actor, values)
    for name, value in checked.fields.items():
        setattr(actor, name, value)
    with once(ActorError(name=_taken(actor.name))):
        actor.save(force_insert=True)
    _write_parts(actor, checked)
    record(by=by, verb="created", thing=actor, after=as_values(actor))
    return actor


@transaction.atomic
def change(*, by: User, actor: Actor, seen: int, values: ActorValues) -> Actor:
    """The actor with these values; an alias that stays keeps its row.

    Raises ActorError as `create`; Stale if it has moved on.
    """
    if values.affiliations:
        lock(actor.project_id)
    checked = _checked(actor, values)
    before = as_values(Actor.objects.get(pk=actor.pk))
    with once(ActorError(name=_taken(checked.fields["name"]))):
        advance(actor, seen=seen, **checked.fields)
    _write_parts(actor, checked)
    record(by=by, verb="changed", thing=actor, before=before, after=as_values(actor))
    return actor


@transaction.atomic
def retire(*, by: User, actor: Actor, seen: int, at: datetime | None = None) -> Actor:
    """The actor, not offered any more; annotations that have it keep it. Raises Stale.

    `at` is when, if it was earlier and elsewhere.
    """
    return _set_retired(by, actor, seen, "retired", at or timezone.now())


@transaction.atomic
def revive(*, by: User, actor: Actor, seen: int) -> Actor:
    """The retired actor, offered again. Raises Stale."""
    return _set_retired(by, actor, seen, "revived", None)


def lock(project_id: uuid.UUID) -> None:
    """Hold the project's registry until the transaction ends.

    So that nobody else puts or merges one actor into another while we look whether it goes round.
    """
    Project.objects.select_for_update(no_key=True).get(pk=project_id)


def find(project: Project, name: str) -> Actor | None:
    """The project's actor with this name, whatever its case."""
    if "\0" in name:  # PostgreSQL does not even look for it
        return None
    return Actor.objects.filter(project=project, name_key=name_key(name)).first()


def called(project: Project, name: str) -> list[Actor]:
    """The actor of this name, or else all that have it as an alias; merged ones as who stands."""
    if actor := find(project, name):
        return [actor.standing or actor]
    key = name_key(name)
    rows = Alias.objects.filter(project=project, name_key=key, actor__retired=None)
    found = [
        alias.actor.standing or alias.actor for alias in rows.select_related("actor__standing")
    ]
    return list({actor.pk: actor for actor in found if not actor.retired}.values())


def values_of(actor: Actor) -> ActorValues:
    """What is stored of the actor, to change some of it."""
    return ActorValues(
        name=actor.name, kind=actor.kind, notes=actor.notes,
        aliases=tuple(alias_values(alias) for alias in actor.aliases.all()),
        affiliations=tuple(
            AffiliationValues(a.whole, a.since, a.until) for a in actor.affiliations.all()
        ),
        external_ids=tuple((x.scheme, x.value) for x in actor.external_ids.all()),
    )  # fmt: skip


def alias_values(alias: Alias) -> AliasValues:
    """What is stored of the alias."""
    return AliasValues(
        alias.name, alias.metonym, alias.language, alias.case, alias.since, alias.until
    )


def as_values(actor: Actor) -> dict[str, Any]:
    """The actor as JSON values, as history and exports give it; what is usual is left out."""
    return {
        "name": actor.name,
        "kind": actor.kind,
        "part_of": [{"name": a.whole.name, **_days(a)} for a in actor.affiliations.all()],
        "notes": actor.notes,
        "aliases": [_alias_as_values(alias) for alias in actor.aliases.all()],
        "external_ids": [{"scheme": x.scheme, "value": x.value} for x in actor.external_ids.all()],
        "retired": actor.retired.isoformat() if actor.retired else None,
        "merged_into": actor.merged_into.name if actor.merged_into_id else None,
    }


def write_name_starts(actor_ids: Iterable[uuid.UUID]) -> None:
    """Make anew what type-ahead finds these actors by. Call it when their names have changed."""
    ids = list(actor_ids)
    NameStart.objects.filter(actor__in=ids).delete()
    own = Actor.objects.filter(pk__in=ids).values_list("project_id", "pk", "name")
    others = Alias.objects.filter(actor__in=ids).values_list("project_id", "actor_id", "name")
    rows = [(NameStart.Place.NAME, *row) for row in own]
    rows += [(NameStart.Place.ALIAS, *row) for row in others]
    NameStart.objects.bulk_create(
        (
            NameStart(
                project_id=project, actor_id=actor, name=name, key=key.encode(),
                place=place + NameStart.Place.WITHIN_NAME * (nth > 0),
            )
            for place, project, actor, name in rows
            for nth, key in enumerate(starts(name))
        ),
        batch_size=AT_ONCE,
    )  # fmt: skip


def _alias_as_values(alias: Alias) -> dict[str, Any]:
    told: dict[str, Any] = {"name": alias.name}
    if alias.metonym:
        told["metonym"] = True
    if alias.language:
        told["language"] = alias.language
    if alias.case != Alias.Case.USUAL:
        told["case"] = alias.case
    return told | _days(alias)


def _days(row: Alias | Affiliation) -> dict[str, str]:
    given = {"since": row.since, "until": row.until}
    return {name: day.isoformat() for name, day in given.items() if day}


def _checked(actor: Actor, values: ActorValues) -> _Checked:
    """What is to be written, or ActorError with every fault."""
    faults: dict[str, str] = {}
    name, key = _name(values.name, "name", faults), name_key(values.name)
    namesake = None if faults else find(actor.project, name)
    if namesake and namesake.pk != actor.pk:
        faults["name"] = _taken(values.name)
    if values.kind not in Actor.Kind.values:
        faults["kind"] = f"“{values.kind}” is not a kind. Kinds: {', '.join(Actor.Kind.values)}."
    checked = _Checked(
        {"name": name, "name_key": key, "kind": values.kind,
         "notes": _prose(values.notes, "notes", faults)},
        _aliases(values, faults),
        _affiliations(actor, values, faults),
        _external_ids(values, faults),
    )  # fmt: skip
    if faults:
        raise ActorError(**faults)
    return checked


def _aliases(values: ActorValues, faults: dict[str, str]) -> tuple[AliasValues, ...]:
    given = [a if isinstance(a, AliasValues) else AliasValues(*a) for a in values.aliases]
    cleaned: dict[str, AliasValues] = {}
    for alias in given:
        name = _name(alias.name, "aliases", faults)
        fit = AliasValues(
            name, bool(alias.metonym), alias.language, alias.case, alias.since, alias.until
        )
        if cleaned.setdefault(name, fit) != fit:
            both = "both as a metonym and not" if fit.metonym != cleaned[name].metonym else "twice"
            faults["aliases"] = f"The alias “{name}” stands there {both}."
        if alias.language and not (LANGUAGE.fullmatch(alias.language) and len(alias.language) < 36):
            faults["aliases"] = f"“{alias.language}” is not a language. Write it like en or pt-BR."
        if alias.case not in Alias.Case.values:
            known = ", ".join(Alias.Case.values)
            faults["aliases"] = f"“{alias.case}” is not a rule of case. Rules: {known}."
        if _backwards(alias):
            faults["aliases"] = f"“{name}” ends before it begins."
    return tuple(cleaned.values())


def _affiliations(
    actor: Actor, values: ActorValues, faults: dict[str, str]
) -> tuple[AffiliationValues, ...]:
    cleaned: dict[tuple, AffiliationValues] = {}
    for each in values.affiliations:
        if cleaned.setdefault((each.whole.pk, each.since), each) != each:
            faults["part_of"] = f"“{each.whole}” stands there twice from the same day on."
        if _backwards(each):
            faults["part_of"] = f"The time in “{each.whole}” ends before it begins."
    wholes = {each.whole.pk for each in values.affiliations}
    if any(each.whole.project_id != actor.project_id for each in values.affiliations):
        faults["part_of"] = "That actor is not in this project."
    elif _goes_round(actor, wholes):
        faults["part_of"] = "An actor cannot be part of itself, directly or through others."
    return tuple(cleaned.values())


def _external_ids(values: ActorValues, faults: dict[str, str]) -> tuple[tuple[str, str], ...]:
    cleaned = {}
    for scheme, value in values.external_ids:
        try:
            cleaned[scheme, clean_identifier(scheme, value)] = None
        except UnfitIdentifier as error:
            faults["external_ids"] = str(error)
    return tuple(cleaned)


def _backwards(days: AliasValues | AffiliationValues) -> bool:
    return bool(days.since and days.until and days.until < days.since)


def _name(name: str, field: str, faults: dict[str, str]) -> str:
    try:
        cleaned = clean_name(name)
    except UnfitName as error:
        faults[field] = str(error)
        return name
    if len(cleaned) > 200:
        faults[field] = f"The name has {len(cleaned)} characters; 200 is the most."
    return cleaned


def _prose(text: str, field: str, faults: dict[str, str]) -> str:
    try:
        return clean_prose(text)
    except UnfitName as error:
        faults[field] = str(error)
        return text


def _taken(name: str) -> str:
    return f"There is an actor “{name}” in this project already."


def _goes_round(actor: Actor, wholes: set[uuid.UUID]) -> bool:
    """Whether the actor is among these or among what these are part of, at whatever time."""
    seen: set[uuid.UUID] = set()
    while wholes and actor.pk not in wholes:
        seen |= wholes
        above = Affiliation.objects.filter(actor__in=wholes).values_list("whole_id", flat=True)
        wholes = set(above) - seen
    return bool(wholes)


def _write_parts(actor: Actor, checked: _Checked) -> None:
    own = {"actor": actor, "project_id": actor.project_id}
    _replace(
        actor.aliases.order_by(),
        lambda alias: alias.name,
        {a.name: Alias(**own, **vars(a), name_key=name_key(a.name)) for a in checked.aliases},
    )
    _replace(
        actor.affiliations.order_by(),
        lambda row: (row.whole_id, row.since),
        {(a.whole.pk, a.since): Affiliation(**own, **vars(a)) for a in checked.affiliations},
    )
    _replace(
        actor.external_ids.order_by(),
        lambda row: (row.scheme, row.value),
        {pair: ExternalId(**own, scheme=pair[0], value=pair[1]) for pair in checked.external_ids},
    )
    write_name_starts([actor.pk])
    # `as_values` reads the parts after they were written.
    vars(actor).pop("_prefetched_objects_cache", None)


def _replace(rows: models.QuerySet, key, wanted: Mapping[Any, models.Model]) -> None:
    """Make the rows what is wanted: those that stay keep their id, the rest goes or is made."""
    present = {key(row): row for row in rows}
    gone = [row.pk for name, row in present.items() if name not in wanted]
    if gone:
        rows.model.objects.filter(pk__in=gone).delete()
    for name in present.keys() & wanted.keys():
        stays, new = present[name], wanted[name]
        new.pk, new._state.adding = stays.pk, False
        if any(getattr(stays, f.attname) != getattr(new, f.attname) for f in new._meta.fields):
            new.save(force_update=True)
    rows.model.objects.bulk_create(row for name, row in wanted.items() if name not in present)


def _set_retired(by: User, actor: Actor, seen: int, verb: str, when) -> Actor:
    before = as_values(actor)
    advance(actor, seen=seen, retired=when)
    record(by=by, verb=verb, thing=actor, before=before, after=as_values(actor))
    return actor
