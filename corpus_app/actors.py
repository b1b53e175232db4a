"""The door to the registry of actors: make, change, retire, and read from CSV."""

import csv
import io
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from corpus_app.history import DoorError, advance, once, record
from corpus_app.models import Actor, Alias, Project, User
from corpus_app.names import UnfitName, clean_name, clean_prose, name_key
from corpus_app.report import Report
from corpus_app.spreadsheet import guarded, unguarded

COLUMNS = ("name", "kind", "part_of", "aliases", "metonyms", "notes")


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
    with once(ActorError(name=_taken(actor.name))):
        actor.save(force_insert=True)
    _write_aliases(actor, aliases)
    record(by=by, verb="created", thing=actor, after=as_values(actor))
    return actor


@transaction.atomic
def change(*, by: User, actor: Actor, seen: int, values: ActorValues) -> Actor:
    """The actor with these values. Raises ActorError as `create`; Stale if it has moved on."""
    if values.part_of:
        # So that nobody else puts one actor into another while we look whether it goes round.
        Project.objects.select_for_update(no_key=True).get(pk=actor.project_id)
    fields, aliases = _checked(actor, values)
    before = as_values(Actor.objects.get(pk=actor.pk))
    with once(ActorError(name=_taken(fields["name"]))):
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
    """The report on a CSV of actors with the columns name, kind, part_of, aliases, metonyms, notes.

    Only `name` must be there. Aliases and metonyms are parted by `|`. An actor that is there
    already gets the aliases and the body it lacks. A row that cannot be stored is reported with
    the line it begins on and stops nothing else. Raises ActorError if it is not such a file.
    """
    rows, report = _rows(text), Report()
    first_lines: dict[str, int] = {}
    changed = {
        line for line, row in rows if _import_row(by, project, line, row, first_lines, report)
    }
    refused = {problem.line for problem in report.problems}
    for line, row in rows:
        if row.get("part_of") and line not in refused:
            _import_part_of(by, project, line, row, report, changed)
    report.stored = len(changed)
    report.unchanged = len(rows) - len(changed | {problem.line for problem in report.problems})
    report.problems.sort(key=lambda problem: problem.line)
    return report


def rows_for_csv(actors: Iterable[Actor]) -> Iterable[dict[str, str]]:
    """One row an actor with the columns that `import_csv` reads, safe to open in a spreadsheet."""
    for actor in actors:
        values = as_values(actor)
        row = {
            "name": values["name"],
            "kind": values["kind"],
            "part_of": values["part_of"] or "",
            "aliases": "|".join(values["aliases"]),
            "metonyms": "|".join(values["metonyms"]),
            "notes": values["notes"],
        }
        yield {column: guarded(cell) for column, cell in row.items()}


def find(project: Project, name: str) -> Actor | None:
    """The project's actor with this name, whatever its case."""
    return Actor.objects.filter(project=project, name_key=name_key(name)).first()


def _rows(text: str) -> list[tuple[int, dict[str, str]]]:
    """Every row with the line it begins on; a row that does not fit has its fault as `""`."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    rows, columns, end = [], None, 0
    try:
        for cells in reader:
            begin, end = end + 1, reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if columns is None:
                columns = _columns(cells)
            else:
                rows.append((begin, _row(columns, cells)))
    except csv.Error as error:
        raise ActorError(file=f"Line {reader.line_num} is not CSV: {error}.") from error
    if columns is None:
        raise ActorError(file="There is nothing in it.")
    return rows


def _columns(cells: list[str]) -> list[str]:
    columns = [cell.strip().lower() for cell in cells]
    if "name" not in columns or len(set(columns)) < len(columns) or set(columns) - set(COLUMNS):
        raise ActorError(
            file=f"The first line must name the columns, each once: {', '.join(COLUMNS)}."
        )
    return columns


def _row(columns: list[str], cells: list[str]) -> dict[str, str]:
    given = zip(columns, cells, strict=False)
    row = dict.fromkeys(columns, "") | {
        column: unguarded(cell if column == "notes" else cell.strip()) for column, cell in given
    }
    if any("\0" in cell for cell in cells):
        row[""] = "The row holds the character U+0000."
    elif len(cells) > len(columns):
        row[""] = f"The row has {len(cells)} cells, the first line {len(columns)} columns."
    return row


def _import_row(
    by, project, line: int, row: Mapping[str, str], first_lines: dict[str, int], report: Report
) -> bool:
    """Store one row without its part_of; whether anything was written."""
    if "" in row:
        report.refuse(line, row[""])
        return False
    first = first_lines.setdefault(name_key(row["name"]), line)
    if first != line:
        report.refuse(line, f"“{row['name']}” stands in line {first} already.")
        return False
    names = [(n, False) for n in row.get("aliases", "").split("|") if n.strip()]
    names += [(n, True) for n in row.get("metonyms", "").split("|") if n.strip()]
    try:
        if actor := find(project, row["name"]):
            return _add_aliases(by, actor, names)
        values = ActorValues(
            row["name"], row.get("kind") or Actor.Kind.OTHER, notes=row.get("notes", ""),
            aliases=tuple(names),
        )  # fmt: skip
        create(by=by, project=project, values=values)
        return True
    except (ActorError, UnfitName) as error:
        report.refuse(line, str(error))
        return False


def _add_aliases(by: User, actor: Actor, names: list[tuple[str, bool]]) -> bool:
    """Give the actor the aliases it lacks; whether it lacked any."""
    present = tuple((alias.name, alias.metonym) for alias in actor.aliases.all())
    lacking = tuple(
        (name, metonym) for name, metonym in names if (clean_name(name), metonym) not in present
    )
    if lacking:
        _change_one(by, actor, aliases=present + lacking)
    return bool(lacking)


def _import_part_of(by, project, line, row, report: Report, changed: set[int]) -> None:
    """Put the row's actor into the body it belongs to, once all actors are there."""
    actor, whole = find(project, row["name"]), find(project, row["part_of"])
    if actor is None or actor.part_of_id:
        return
    try:
        if whole is None:
            raise ActorError(part_of=f"There is no actor “{row['part_of']}” that it is part of.")
        _change_one(by, actor, part_of=whole)
        changed.add(line)
    except ActorError as error:
        report.refuse(line, f"{error} “{actor.name}” is stored without it.")


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
        faults["name"] = _taken(values.name)
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
    if any("|" in alias for alias, _ in aliases):
        faults["aliases"] = "An alias has no “|”, which parts aliases in files."
    notes = _prose(values.notes, "notes", faults)
    if faults:
        raise ActorError(**faults)
    fields = {
        "name": name, "name_key": key, "kind": values.kind, "part_of": values.part_of,
        "notes": notes,
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


def _prose(text: str, field: str, faults: dict[str, str]) -> str:
    try:
        return clean_prose(text)
    except UnfitName as error:
        faults[field] = str(error)
        return text


def _taken(name: str) -> str:
    return f"There is an actor “{name}” in this project already."


def _goes_round(actor: Actor, whole: Actor) -> bool:
    seen, place = set(), whole.pk
    while place and place not in seen:
        if place == actor.pk:
            return True
        seen.add(place)
        place = Actor.objects.values_list("part_of", flat=True).get(pk=place)
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
