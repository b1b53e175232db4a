"""What stands in the tables of a database of Discourse Network Analyzer, of version 2 or 3."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, NamedTuple

from annotations import anchors
from annotations.exchange.neutral import ReadError
from annotations.exchange.packed import MOST_BYTES, PIECE

# By these columns the versions are told apart.
NEEDED = {
    "DOCUMENTS": {"ID", "Title", "Text", "Author", "Source", "Section", "Notes", "Type", "Date"},
    "STATEMENTS": {"ID", "StatementTypeId", "DocumentId", "Start", "Stop", "Coder"},
    "STATEMENTTYPES": {"ID", "Label"},
    "VARIABLES": {"ID", "Variable", "DataType", "StatementTypeId"},
    "CODERS": {"ID", "Name"},
    "DATABOOLEAN": {"StatementId", "VariableId", "Value"},
    "DATAINTEGER": {"StatementId", "VariableId", "Value"},
    "DATALONGTEXT": {"StatementId", "VariableId", "Value"},
}
OF_THREE = {
    "DATASHORTTEXT": {"StatementId", "VariableId", "Entity"},
    "ENTITIES": {"ID", "VariableId", "Value", "Red", "Green", "Blue", "ChildOf"},
    "ATTRIBUTEVALUES": {"EntityId", "AttributeVariableId", "AttributeValue"},
    "ATTRIBUTEVARIABLES": {"ID", "AttributeVariable"},
}
OF_TWO = {
    "DATASHORTTEXT": {"StatementId", "VariableId", "Value"},
    "ATTRIBUTES": {
        "ID", "VariableId", "Value", "Red", "Green", "Blue", "Type", "Alias", "Notes", "ChildOf",
    },
}  # fmt: skip


class Variable(NamedTuple):
    """A variable of a statement type; its name in lower case."""

    id: int
    kind: int
    name: str
    holds: str


class Entity(NamedTuple):
    """A value of a variable with what is told of it; `parent` is another value."""

    variable: int
    value: str
    colour: str
    parent: str
    told: dict[str, str]


class Stored(NamedTuple):
    """A document; `day` counts seconds from 1970."""

    id: int
    title: str
    text: str
    author: str
    source: str
    section: str
    notes: str
    type: str
    day: float


class Statement(NamedTuple):
    """A statement in UTF-16 units, with its values by variable, and by a variable's name."""

    id: int
    kind: int
    document: int | None
    start: Any
    stop: Any
    coder: str
    values: dict[int, Any]
    named: dict[str, Any]


class Tables:
    """The tables of a database that is open; everything in it may be of any type."""

    def __init__(self, connection: sqlite3.Connection):
        self.run = connection.execute
        self.three = self._has(OF_THREE)
        if not (self._has(NEEDED) and (self.three or self._has(OF_TWO)) and self._is_keyed()):
            raise ReadError(
                "This is no database of Discourse Network Analyzer 2 or 3.0: a table that these "
                "have is missing. Other versions can give an event list, which can be read."
            )
        self.kinds = {row[0]: _text(row[1]) for row in self._all("STATEMENTTYPES", "ID, Label")}
        self.variables = {
            id: Variable(id, kind, _text(name).strip().lower(), _text(holds))
            for id, name, holds, kind in self._all(
                "VARIABLES", "ID, Variable, DataType, StatementTypeId"
            )
        }
        short = (
            "SELECT d.VariableId, Value FROM DATASHORTTEXT d JOIN ENTITIES e ON e.ID = Entity"
            if self.three
            else "SELECT VariableId, Value FROM DATASHORTTEXT"
        )
        tables = ("DATABOOLEAN", "DATAINTEGER", "DATALONGTEXT")
        orders = [*(f"SELECT VariableId, Value FROM {table}" for table in tables), short]  # noqa: S608
        orders = [f"{order} WHERE StatementId = ?" for order in orders]
        self._numbers, self._texts = orders[:2], orders[2:]
        self._links = self._has({"STATEMENTLINKS": {"SourceId", "TargetId"}})
        self._coders = {row[0]: _text(row[1]) for row in self._all("CODERS", "ID, Name")}

    def settings(self) -> dict[str, str]:
        """The settings that Crossread left, by name, in the order in which it wrote them."""
        if not self._has({"SETTINGS": {"Property", "Value"}}):
            return {}
        rows = self.run(
            "SELECT Property, Value FROM SETTINGS WHERE Property LIKE 'crossread %' ORDER BY 1"
        )
        return {_text(name): _text(value) for name, value in rows}

    def entities(self) -> list[Entity]:
        """The values of all variables of short texts, in their order."""
        return list(self._entities_of_three() if self.three else self._entities_of_two())

    def numbers(self, variable: Variable) -> list[Any]:
        """What a variable that holds numbers holds somewhere."""
        table = "DATABOOLEAN" if variable.holds == "boolean" else "DATAINTEGER"
        order = f"SELECT DISTINCT Value FROM {table} WHERE VariableId = ? ORDER BY 1"  # noqa: S608
        return [row[0] for row in self.run(order, (variable.id,))]

    def together(self, one: int, other: int) -> list[tuple[str, str]]:
        """The values that two variables have in the same statement."""
        value = "(SELECT Value FROM ENTITIES WHERE ID = {}.Entity)" if self.three else "{}.Value"
        order = (
            f"SELECT DISTINCT {value.format('a')}, {value.format('b')} "  # noqa: S608
            "FROM DATASHORTTEXT a JOIN DATASHORTTEXT b ON a.StatementId = b.StatementId "
            "WHERE a.VariableId = ? AND b.VariableId = ? ORDER BY a.StatementId"
        )
        return [(_text(a), _text(b)) for a, b in self.run(order, (one, other))]

    def documents(self) -> Iterator[tuple[Stored | None, list[Statement]]]:
        """The documents with their statements; first what lies in a document that is not there."""
        rows = self.run(
            "SELECT s.ID, StatementTypeId, d.ID, Start, Stop, s.Coder FROM STATEMENTS s "
            "LEFT JOIN DOCUMENTS d ON d.ID = s.DocumentId ORDER BY d.ID, s.ID"
        )
        statements = groupby(map(self._statement, rows), key=attrgetter("document"))
        document, own = next(statements, (None, ()))
        if own and document is None:
            yield None, list(own)
            document, own = next(statements, (None, ()))
        for row in self.run(
            "SELECT ID, Title, Text, Author, Source, Section, Notes, Type, Date FROM DOCUMENTS "
            "ORDER BY ID"
        ):
            found = self._document(row)
            if document == found.id:
                yield found, list(own)
                document, own = next(statements, (None, ()))
            else:
                yield found, []

    def linked(self, statement: int) -> list[str]:
        """The words of the statements to which version 2 links this one."""
        if not self._links:
            return []
        rows = self.run(
            "SELECT Text, Start, Stop FROM STATEMENTLINKS JOIN STATEMENTS s ON s.ID = TargetId "
            "JOIN DOCUMENTS d ON d.ID = s.DocumentId WHERE SourceId = ? ORDER BY s.ID",
            (statement,),
        )
        return [_words(_text(text), start, stop) for text, start, stop in rows]

    def _statement(self, row: tuple) -> Statement:
        id, kind, document, start, stop, coder = row
        values: dict[int, Any] = {}
        for order in self._numbers:
            values |= dict(self.run(order, (id,)))
        for order in self._texts:
            values |= {variable: _text(value) for variable, value in self.run(order, (id,))}
        known = self.variables
        named = {known[id].name: value for id, value in values.items() if id in known}
        by = self._coders.get(coder, "")
        return Statement(id, kind, document, start, stop, by, values, named)

    def _document(self, row: tuple) -> Stored:
        id, *texts, day = row
        seconds = day if isinstance(day, int | float) else 0
        return Stored(id, *map(_text, texts), day=seconds if self.three else seconds / 1000)

    def _entities_of_three(self) -> Iterator[Entity]:
        told: dict[int, dict[str, str]] = {}
        for entity, name, value in self.run(
            "SELECT EntityId, AttributeVariable, AttributeValue FROM ATTRIBUTEVALUES v "
            "JOIN ATTRIBUTEVARIABLES a ON a.ID = AttributeVariableId ORDER BY a.ID"
        ):
            told.setdefault(entity, {})[_text(name)] = _text(value)
        for id, variable, value, red, green, blue, parent in self.run(
            "SELECT e.ID, e.VariableId, e.Value, e.Red, e.Green, e.Blue, p.Value FROM ENTITIES e "
            "LEFT JOIN ENTITIES p ON p.ID = e.ChildOf ORDER BY e.ID"
        ):
            colour = _colour(red, green, blue)
            yield Entity(variable, _text(value), colour, _text(parent), told.get(id, {}))

    def _entities_of_two(self) -> Iterator[Entity]:
        seen = set()
        columns = "VariableId, Value, Red, Green, Blue, ChildOf, Type, Alias, Notes"
        for variable, value, red, green, blue, parent, *told in self._all("ATTRIBUTES", columns):
            seen.add((variable, _text(value)))
            names = dict(zip(("Type", "Alias", "Notes"), map(_text, told), strict=True))
            yield Entity(variable, _text(value), _colour(red, green, blue), _text(parent), names)
        for variable, value in self.run("SELECT DISTINCT VariableId, Value FROM DATASHORTTEXT"):
            if (variable, _text(value)) not in seen:
                yield Entity(variable, _text(value), "", "", {})

    def _all(self, table: str, columns: str) -> sqlite3.Cursor:
        return self.run(f"SELECT {columns} FROM {table} ORDER BY ID")  # noqa: S608

    def _is_keyed(self) -> bool:
        """Whether values are found by statement, and entities by number, without much ado.

        It is so in whatever DNA made; else a file could be made whose reading never ends.
        """
        for table in ("DATABOOLEAN", "DATAINTEGER", "DATALONGTEXT", "DATASHORTTEXT"):
            rows = self.run(
                "SELECT 1 FROM pragma_index_list(?) i, pragma_index_info(i.name) c "
                "WHERE c.seqno = 0 AND c.name = 'StatementId' AND NOT i.partial",
                (table,),
            )
            if not rows.fetchone():
                return False
        tables = ("DOCUMENTS", "STATEMENTS", "ENTITIES") if self.three else ("DOCUMENTS",)
        row = "SELECT 1 FROM pragma_table_info(?) WHERE name = 'ID' AND pk AND type = 'INTEGER'"
        return all(self.run(row, (table,)).fetchone() for table in tables)

    def _has(self, tables: dict[str, set[str]]) -> bool:
        """Whether there are such tables; what only looks like one, as a view does, is none."""
        for table, columns in tables.items():
            rows = self.run(
                "SELECT c.name FROM sqlite_master m, pragma_table_info(m.name) c "
                "WHERE m.type = 'table' AND m.name = ? AND m.sql NOT LIKE 'CREATE VIRTUAL%'",
                (table,),
            )
            if columns - {row[0] for row in rows}:
                return False
        return True


@contextmanager
def opened(file: BinaryIO) -> Iterator[Tables]:
    """The tables of such a file, which is only read. Raises ReadError, now or later."""
    with TemporaryDirectory(prefix="crossread-") as folder:
        path = Path(folder) / "read.dna"
        _copy(file, path)
        address = f"{path.as_uri()}?mode=ro&immutable=1"
        try:
            with closing(sqlite3.connect(address, uri=True)) as connection:
                connection.execute("PRAGMA trusted_schema = OFF")
                yield Tables(connection)
        except sqlite3.Error as error:
            raise ReadError(f"This is no SQLite database that can be read: {error}.") from error


def _copy(file: BinaryIO, path: Path) -> None:
    size = 0
    with path.open("wb") as copy:
        while piece := file.read(PIECE):
            size += len(piece)
            if size > MOST_BYTES:
                raise ReadError(f"The database is larger than {MOST_BYTES >> 20} MB.")
            copy.write(piece)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def _words(text: str, start: Any, stop: Any) -> str:
    """The words between two places in UTF-16 units. Raises AnchorError."""
    first, last = anchors.from_utf16(text, [start, stop])
    return text[first:last]


def _colour(*parts: Any) -> str:
    """As `#rrggbb`; none for black, which is what DNA gives to what nobody gave a colour."""
    if not all(isinstance(part, int) and 0 <= part <= 255 for part in parts) or not any(parts):
        return ""
    return f"#{bytes(parts).hex()}"
