"""The door for whole registries of actors: in and out as CSV and JSON, and from another project.

However they come, actors are JSON values as `actors.as_values` gives them, each with the line
that a person finds it by.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from django.utils import timezone

from corpus_app import actors, merging
from corpus_app.actors import ActorError, ActorValues, AffiliationValues, AliasValues
from corpus_app.history import DoorError
from corpus_app.models import Actor, ActorQuerySet, Project, User
from corpus_app.names import UnfitName, name_key
from corpus_app.notation import UnfitCell, read_ids, read_names, write_ids, write_names
from corpus_app.report import Report
from corpus_app.spreadsheet import guarded, reader, unguarded

COLUMNS = (
    "name", "kind", "part_of", "aliases", "metonyms", "external_ids", "notes", "retired",
    "merged_into",
)  # fmt: skip
FORMAT = "crossread actors"
VERSION = 1
AT_ONCE = 500
# What a row raises that is not shaped as `as_values` shapes it.
MISSHAPEN = (KeyError, TypeError, ValueError, AttributeError, OverflowError)
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)  # nothing was retired before
Entry = tuple[int, Mapping[str, Any]]


def import_text(*, by: User, project: Project, text: str) -> Report:
    """The report on a file of actors, CSV or JSON. Raises ActorError if it is neither."""
    read = import_json if text.lstrip("\ufeff \t\r\n").startswith("{") else import_csv
    return read(by=by, project=project, text=text)


def import_csv(*, by: User, project: Project, text: str) -> Report:
    """The report on a CSV of actors with some of COLUMNS; only `name` must be there.

    Cells are in the notation of `notation`. An actor that is there already gets the aliases, ids
    and wholes it lacks. A row that cannot be stored is reported with the line it begins on and
    stops nothing else. Raises ActorError if it is not such a file.
    """
    report = Report()
    return bring(by=by, project=project, entries=list(_entries(text, report)), report=report)


def import_json(*, by: User, project: Project, text: str) -> Report:
    """The report on a JSON of actors as `json_lines` writes it; reported by their number in it.

    Raises ActorError if it is not such a file.
    """
    try:
        read = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise ActorError(file=f"This is not JSON: {error}.") from error
    if not isinstance(read, dict) or read.get("format") != FORMAT:
        raise ActorError(file=f"This is not a list of actors: its format is not “{FORMAT}”.")
    if read.get("version") != VERSION or not isinstance(read.get("actors"), list):
        raise ActorError(file=f"This is not version {VERSION} of a list of actors.")
    entries = list(enumerate(read["actors"], start=1))
    return bring(by=by, project=project, entries=entries, report=Report())


def copy(*, by: User, project: Project, source: Project) -> Report:
    """The report on the actors of another project, brought into this one; merged ones as well.

    An actor of the same name gets what it lacks. The caller says whether the person may see both.
    """
    rows = Actor.objects.filter(project=source).order_by("created", "id").with_parts()
    entries = list(enumerate(map(actors.as_values, rows), start=1))
    return bring(by=by, project=project, entries=entries, report=Report())


def rows_for_csv(rows: ActorQuerySet) -> Iterator[dict[str, str]]:
    """One row an actor with the columns that `import_csv` reads, safe to open in a spreadsheet."""
    for actor in rows.with_parts().iterator(chunk_size=AT_ONCE):
        values = actors.as_values(actor)
        names = {
            flag: [a for a in values["aliases"] if ("metonym" in a) == flag] for flag in (0, 1)
        }
        row = {
            "name": values["name"],
            "kind": values["kind"],
            "part_of": write_names(values["part_of"]),
            "aliases": write_names(names[False]),
            "metonyms": write_names(names[True]),
            "external_ids": write_ids(values["external_ids"]),
            "notes": values["notes"],
            "retired": values["retired"] or "",
            "merged_into": values["merged_into"] or "",
        }
        yield {column: guarded(cell) for column, cell in row.items()}


def csv_lines(rows: ActorQuerySet) -> Iterator[str]:
    """The lines of the CSV file, the names of the columns first."""
    writer = csv.DictWriter(_Echo(), COLUMNS)
    yield writer.writeheader()
    for row in rows_for_csv(rows):
        yield writer.writerow(row)


def json_lines(rows: ActorQuerySet) -> Iterator[str]:
    """The lines of the JSON file, one actor a line."""
    yield f'{{"format": "{FORMAT}", "version": {VERSION}, "actors": ['
    parted = "\n"
    for actor in rows.with_parts().iterator(chunk_size=AT_ONCE):
        yield parted + json.dumps(actors.as_values(actor), ensure_ascii=False)
        parted = ",\n"
    yield "\n]}\n"


def bring(
    *,
    by: User,
    project: Project,
    entries: Iterable[Entry],
    report: Report,
    only_new: bool = False,
) -> Report:
    """The report on these actors, as `as_values` shapes them or as older files do.

    Those that are there get what they lack, or are left alone if `only_new`; a new one that
    then cannot get all of it is counted as refused only, once. Several may be of one line. Wholes
    and mergers may stand later in the list than what refers to them.
    """
    return _Bringing(by, project, report, only_new).all(entries)


class _Bringing:
    """One list of actors on its way into a project."""

    def __init__(self, by: User, project: Project, report: Report, only_new: bool):
        self.by, self.project, self.report, self.only_new = by, project, report, only_new
        self.changed: set[int] = set()
        self.made: set[int] = set()
        self.firsts: dict[str, tuple[int, int]] = {}
        self.refused: set[int] = set()

    def all(self, entries: Iterable[Entry]) -> Report:
        # Known by their number in the list, since a line may hold several.
        stored = [(n, *entry) for n, entry in enumerate(entries) if self._named(n, *entry)]
        steps = {"part_of": self._affiliate, "merged_into": self._merge, "retired": self._retire}
        for name, step in steps.items():
            for number, line, values in stored:
                if values.get(name) and (not self.only_new or number in self.made):
                    self._try(number, line, step, values)
        there = {number for number, *_ in stored} - self.changed - self.refused
        self.report.stored += len(self.changed - self.refused if self.only_new else self.changed)
        self.report.unchanged += len(there)
        self.report.problems.sort(key=lambda problem: problem.line)
        return self.report

    def _named(self, number: int, line: int, values: Any) -> bool:
        """Store an actor with its names and ids; whether it is there now."""
        try:
            told = _values(values)
            first = self.firsts.setdefault(name_key(told.name), (number, line))
            if first[0] != number:
                raise ActorError(f"“{told.name}” stands in line {first[1]} already.")
            if actor := actors.find(self.project, told.name):
                self._complete(number, actor, told)
            else:
                actors.create(by=self.by, project=self.project, values=told)
                self.changed.add(number)
                self.made.add(number)
        except (ActorError, UnfitName) as error:
            self._refuse(number, line, str(error))
            return False
        except MISSHAPEN as error:
            self._refuse(number, line, f"It is not whole: {error!r}.")
            return False
        return True

    def _complete(self, number: int, actor: Actor, told: ActorValues) -> None:
        """Give the actor the aliases and ids it lacks."""
        present = actors.values_of(actor)
        own = {(alias.name, alias.metonym) for alias in present.aliases}
        names = tuple(a for a in told.aliases if (a.name, a.metonym) not in own)
        ids = tuple(pair for pair in told.external_ids if pair not in present.external_ids)
        if self.only_new or not (names or ids):
            return
        values = replace(
            present, aliases=present.aliases + names, external_ids=present.external_ids + ids
        )
        actors.change(by=self.by, actor=actor, seen=actor.version, values=values)
        if actors.values_of(actor) != present:
            self.changed.add(number)

    def _try(self, number: int, line: int, step, values: Mapping[str, Any]) -> None:
        actor = actors.find(self.project, values["name"])
        try:
            if step(actor, values):
                self.changed.add(number)
        except DoorError as error:
            self._lacks(number, line, f"{error} “{actor.name}” is stored without it.")
        except MISSHAPEN as error:
            self._lacks(number, line, f"“{actor.name}” is stored, but not all of it: {error!r}.")

    def _lacks(self, number: int, line: int, reason: str) -> None:
        if self.only_new and number in self.refused:
            self.report.remark(line, reason)
        else:
            self._refuse(number, line, reason)

    def _refuse(self, number: int, line: int, reason: str) -> None:
        self.refused.add(number)
        self.report.refuse(line, reason)

    def _affiliate(self, actor: Actor, values: Mapping[str, Any]) -> bool:
        """Put the actor into what it is part of, unless it is part of something; whether done."""
        wholes = values["part_of"]
        wholes = [{"name": wholes}] if isinstance(wholes, str) else wholes
        present = actors.values_of(actor)
        if present.affiliations:
            return False
        told = tuple(
            AffiliationValues(self._called(each["name"], "that it is part of"), **_days(each))
            for each in wholes
        )
        values = replace(present, affiliations=told)
        actors.change(by=self.by, actor=actor, seen=actor.version, values=values)
        return True

    def _merge(self, actor: Actor, values: Mapping[str, Any]) -> bool:
        if actor.merged_into_id:
            return False
        into = self._called(values["merged_into"], "into which it was merged")
        merging.merge(by=self.by, actor=actor, into=into, seen=actor.version, chained=True)
        return True

    def _retire(self, actor: Actor, values: Mapping[str, Any]) -> bool:
        if actor.retired:
            return False
        at = _moment(values["retired"])
        if not LONG_AGO < at <= timezone.now():
            raise ActorError(retired="It was retired in a time to come, or before 1970.")
        actors.retire(by=self.by, actor=actor, seen=actor.version, at=at)
        return True

    def _called(self, name: str, what: str) -> Actor:
        if actor := actors.find(self.project, name):
            return actor
        raise ActorError(part_of=f"There is no actor “{name}” {what}.")


def _values(values: Any) -> ActorValues:
    """The actor without its wholes."""
    if not isinstance(values, Mapping):
        raise ActorError("An actor is an object: {…}.")
    aliases = [_alias(alias, metonym=False) for alias in values.get("aliases") or ()]
    aliases += [_alias(alias, metonym=True) for alias in values.get("metonyms") or ()]
    return ActorValues(
        name=_text(values["name"]),
        kind=_text(values.get("kind") or Actor.Kind.OTHER),
        notes=_text(values.get("notes") or ""),
        aliases=tuple(aliases),
        external_ids=tuple(
            (_text(x["scheme"]), _text(x["value"])) for x in values.get("external_ids") or ()
        ),
    )


def _alias(alias: str | Mapping[str, Any], metonym: bool) -> AliasValues:
    if isinstance(alias, str):
        return AliasValues(_text(alias), metonym)
    return AliasValues(
        _text(alias["name"]), bool(alias.get("metonym", metonym)),
        _text(alias.get("language", "")), _text(alias.get("case", AliasValues.case)),
        **_days(alias),
    )  # fmt: skip


def _days(values: Mapping[str, Any]) -> dict[str, date | None]:
    return {
        name: date.fromisoformat(values[name]) if values.get(name) else None
        for name in ("since", "until")
    }


def _moment(told: str) -> datetime:
    """The moment in UTC, also where no zone is named; OverflowError if UTC has none such."""
    moment = datetime.fromisoformat(told)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not text")
    return value


def _entries(text: str, report: Report) -> Iterator[Entry]:
    """The rows of the CSV that can be read, each with its line; the others are reported."""
    for line, row in _rows(text):
        if "" in row:
            report.refuse(line, row[""])
            continue
        values: dict[str, Any] = dict(row)
        try:
            for column in ("part_of", "aliases", "metonyms"):
                values[column] = read_names(row.get(column, ""))
            values["external_ids"] = read_ids(row.get("external_ids", ""))
        except UnfitCell as error:
            report.refuse(line, str(error))
            continue
        yield line, values


def _rows(text: str) -> list[tuple[int, dict[str, str]]]:
    """Every row with the line it begins on; a row that does not fit has its fault as `""`."""
    found = reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    rows, columns, end = [], None, 0
    try:
        for cells in found:
            begin, end = end + 1, found.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if columns is None:
                columns = _columns(cells)
            else:
                rows.append((begin, _row(columns, cells)))
    except csv.Error as error:
        raise ActorError(file=f"Line {found.line_num} is not CSV: {error}.") from error
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


class _Echo:
    """A file whose `write` gives back what was written."""

    def write(self, line: str) -> str:
        return line
