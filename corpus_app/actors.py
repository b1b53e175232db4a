"""The door to the registry of actors: make, change, retire, and read from CSV."""

import csv
import io
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from corpus_app.history import DoorError, advance, record
from corpus_app.models import Actor, Alias, Project, User
from corpus_app.names import UnfitName, clean_name, name_key
from corpus_app.report import Report

COLUMNS = ("name", "kind", "part_of", "aliases", "metonyms")


class ActorError(DoorError):
    """An actor that cannot be stored; `messages` says why, field by field."""


@dataclass(frozen=True)
class ActorValues:
    """What is known of an actor. `aliases` are `(name, whether it is a metonym)`."""

    name: str
    kind: str = Actor.Kind.OTHER
    part_of: Actor | None = None
    notes: str = ""
    aliases: tuple[tuple[str, bool], ...] = ()


@transaction.atomic
def create(*, by: User, project: Project, values: ActorValues) -> Actor:
    """The new actor. Raises ActorError for unfit or taken names and a part_of elsewhere."""
    actor = Actor(id=uuid.uuid4(), project=project)
    fields, aliases = _checked(actor, values)
    for name, value in fields.items():
        setattr(actor, name, value)
    actor.save(force_insert=True)
    _write_aliases(actor, aliases)
    record(by=by, verb="created", thing=actor, after=as_values(actor))
    return actor


@transaction.atomic
def change(*, by: User, actor: Actor, seen: int, values: ActorValues) -> Actor:
    """The actor with these values. Raises ActorError as `create`; Stale if it has moved on."""
    fields, aliases = _checked(actor, values)
    before = as_values(Actor.objects.get(pk=actor.pk))
    advance(actor, seen=seen, **fields)
    actor.aliases.all().delete()
    _write_aliases(actor, aliases)
    record(by=by, verb="changed", thing=actor, before=before, after=as_values(actor))
    return actor


@transaction.atomic
def retire(*, by: User, actor: Actor, seen: int) -> Actor:
    """The actor, not offered any more; annotations that have it keep it. Raises Stale."""
    return _set_retired(by, actor, seen, "retired", timezone.now())


@transaction.atomic
def revive(*, by: User, actor: Actor, seen: int) -> Actor:
    """The retired actor, offered again. Raises Stale."""
    return _set_retired(by, actor, seen, "revived", None)


def as_values(actor: Actor) -> dict:
    """The actor as JSON values, as history and exports give it."""
    aliases = list(actor.aliases.all())
    return {
        "name": actor.name,
        "kind": actor.kind,
        "part_of": actor.part_of.name if actor.part_of else None,
        "notes": actor.notes,
        "aliases": [a.name for a in aliases if not a.metonym],
        "metonyms": [a.name for a in aliases if a.metonym],
        "retired": actor.retired.isoformat() if actor.retired else None,
    }


def import_csv(*, by: User, project: Project, text: str) -> Report:
    """The report on a CSV of actors with the columns name, kind, part_of, aliases, metonyms.

    Aliases and metonyms are parted by `|`. An actor that is there already gets the aliases it
    lacks. A row that cannot be stored is reported with its line and stops nothing else. Raises
    ActorError if the columns are not these.
    """
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    if "name" not in (reader.fieldnames or ()):
        raise ActorError(file=f"The first line must name the columns: {', '.join(COLUMNS)}.")
    report, rows = Report(), []
    for row in reader:
        rows.append(
            (
                reader.line_num,
                {k: (v or "").strip() for k, v in row.items() if k and not isinstance(v, list)},
            )
        )
    changed = {line for line, row in rows if _import_row(by, project, line, row, report)}
    for line, row in rows:
        if row.get("part_of"):
            _import_part_of(by, project, line, row, report, changed)
    report.stored = len(changed)
    report.unchanged = len(rows) - len(changed) - len({p.line for p in report.problems} - changed)
    return report


def rows_for_csv(actors: Iterable[Actor]) -> Iterable[dict[str, str]]:
    """One row an actor with the columns that `import_csv` reads."""
    for actor in actors:
        values = as_values(actor)
        yield {
            "name": values["name"],
            "kind": values["kind"],
            "part_of": values["part_of"] or "",
            "aliases": "|".join(values["aliases"]),
            "metonyms": "|".join(values["metonyms"]),
        }


def find(project: Project, name: str) -> Actor | None:
    """The project's actor with this name, whatever its case."""
    return Actor.objects.filter(project=project, name_key=name_key(name)).first()


def _import_row(by, project, line: int, row: Mapping[str, str], report: Report) -> bool:
    """Store one row without its part_of; whether anything was written."""
    names = [(n, False) for n in row.get("aliases", "").split("|") if n.strip()]
    names += [(n, True) for n in row.get("metonyms", "").split("|") if n.strip()]
    try:
        actor = find(project, row["name"])
        if actor is None:
            kind = row.get("kind") or Actor.Kind.OTHER
            create(
                by=by, project=project, values=ActorValues(row["name"], kind, aliases=tuple(names))
            )
            return True
        present = tuple((a.name, a.metonym) for a in actor.aliases.all())
        lacking = tuple(pair for pair in names if pair not in present)
        if lacking:
            _change_one(by, actor, aliases=present + lacking)
        return bool(lacking)
    except ActorError as error:
        report.refuse(line, str(error))
        return False


def _import_part_of(by, project, line, row, report: Report, changed: set[int]) -> None:
    """Put the row's actor into the body it belongs to, once all actors are there."""
    actor, whole = find(project, row["name"]), find(project, row["part_of"])
    if actor is None:
        return
    if whole is None:
        report.refuse(line, f"“{row['name']}” is part of “{row['part_of']}”, which is not known.")
    elif actor.part_of_id != whole.pk:
        try:
            _change_one(by, actor, part_of=whole)
            changed.add(line)
        except ActorError as error:
            report.refuse(line, str(error))


def _change_one(by: User, actor: Actor, **given) -> None:
    present = {
        "name": actor.name, "kind": actor.kind, "part_of": actor.part_of, "notes": actor.notes,
        "aliases": tuple((a.name, a.metonym) for a in actor.aliases.all()),
    }  # fmt: skip
    change(by=by, actor=actor, seen=actor.version, values=ActorValues(**{**present, **given}))


def _checked(actor: Actor, values: ActorValues) -> tuple[dict, list[tuple[str, bool]]]:
    """The fields and aliases to write, or ActorError with every fault."""
    faults: dict[str, str] = {}
    name, key = _name(values.name, "name", faults), name_key(values.name)
    if Actor.objects.filter(project=actor.project, name_key=key).exclude(pk=actor.pk).exists():
        faults["name"] = f"There is an actor “{values.name}” in this project already."
    if values.kind not in Actor.Kind.values:
        faults["kind"] = f"“{values.kind}” is not a kind. Kinds: {', '.join(Actor.Kind.values)}."
    if values.part_of and _goes_round(actor, values.part_of):
        faults["part_of"] = "An actor cannot be part of itself, directly or through others."
    if values.part_of and values.part_of.project_id != actor.project_id:
        faults["part_of"] = "That actor is not in this project."
    aliases = {
        (_name(alias, "aliases", faults), bool(metonym)): None for alias, metonym in values.aliases
    }
    if len({alias for alias, _ in aliases}) < len(aliases):
        faults["aliases"] = "The same alias stands there both as a metonym and not."
    if faults:
        raise ActorError(**faults)
    fields = {
        "name": name, "name_key": key, "kind": values.kind, "part_of": values.part_of,
        "notes": values.notes,
    }  # fmt: skip
    return fields, list(aliases)


def _name(name: str, field: str, faults: dict[str, str]) -> str:
    try:
        cleaned = clean_name(name)
    except UnfitName as error:
        faults[field] = str(error)
        return name
    if len(cleaned) > 200:
        faults[field] = f"The name has {len(cleaned)} characters; 200 is the most."
    return cleaned


def _goes_round(actor: Actor, whole: Actor | None) -> bool:
    seen = set()
    while whole is not None and whole.pk not in seen:
        if whole.pk == actor.pk:
            return True
        seen.add(whole.pk)
        whole = whole.part_of
    return False


def _write_aliases(actor: Actor, aliases: list[tuple[str, bool]]) -> None:
    Alias.objects.bulk_create(
        Alias(
            project_id=actor.project_id, actor=actor, name=name, name_key=name_key(name),
            metonym=metonym,
        )
        for name, metonym in aliases
    )  # fmt: skip
    # `as_values` reads the aliases after they were written.
    getattr(actor, "_prefetched_objects_cache", {}).pop("aliases", None)


def _set_retired(by: User, actor: Actor, seen: int, verb: str, when) -> Actor:
    before = as_values(actor)
    advance(actor, seen=seen, retired=when)
    record(by=by, verb=verb, thing=actor, before=before, after=as_values(actor))
    return actor
