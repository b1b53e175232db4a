"""The database of Discourse Network Analyzer 3: its tables, and what we put into a new one.

DNA keeps its users apart by passwords, though nothing in the file is hidden by them. All coders of
a file of ours, with `Admin`, have the password `crossread`.
"""

import base64
import hashlib
from collections.abc import Callable, Iterator
from typing import NamedTuple

# The version of DNA whose tables these are; DNA reads it when it opens a file.
SETTINGS = (("version", "3.0.7"), ("date", "2022-06-10"))
PASSWORD = "crossread"  # noqa: S105 (it guards nothing, and is told to everybody)
MOST = 190  # characters that DNA takes for anything but texts and notes

SHORT, LONG, BOOLEAN = "short text", "long text", "boolean"
_SALT = b"crossread's salt"
_ROUNDS = 100_000


class Type(NamedTuple):
    """A statement type with its variables by name, in their order, and what each holds."""

    label: str
    colour: tuple[int, int, int]
    variables: dict[str, str]


WHO_AND_WHAT = {"person": SHORT, "organization": SHORT, "concept": SHORT}
STATEMENT, CODING, ANNOTATION, COMMENT = 1, 2, 3, 4
TYPES = {
    STATEMENT: Type(
        "DNA Statement", (239, 208, 51), {**WHO_AND_WHAT, "agreement": BOOLEAN, "crossread": LONG}
    ),
    CODING: Type(
        "Crossread coding", (196, 180, 120), {**WHO_AND_WHAT, "stance": SHORT, "crossread": LONG}
    ),
    ANNOTATION: Type(
        "Crossread annotation", (130, 170, 200),
        {"kind": SHORT, "layer": SHORT, "named": SHORT, "meant": SHORT, "claimant": SHORT,
         "target": SHORT, "voice": SHORT, "note": LONG, "crossread": LONG},
    ),
    COMMENT: Type("Annotation", (211, 211, 211), {"note": LONG, "crossread": LONG}),
}  # fmt: skip
# What DNA 3 tells of persons, organizations and concepts; and of concepts, which tag they are.
ATTRIBUTES = ("Type", "Alias", "Notes")
SLUG = "Slug"


def tables() -> Iterator[str]:
    """The orders that make the tables, in an order in which each refers to those before it."""
    for name, columns in _TABLES.items():
        yield f"CREATE TABLE {name}({', '.join(columns)})"


def password() -> str:
    """The password as DNA stores it: SHA-256 of salt and password, many times over."""
    digest = hashlib.sha256(_SALT + PASSWORD.encode()).digest()
    for _ in range(_ROUNDS - 1):
        digest = hashlib.sha256(digest).digest()
    return base64.b64encode(_SALT + digest).decode()


def _whole(name: str, least: int, most: int, usual: int) -> str:
    return f"{name} INTEGER NOT NULL DEFAULT {usual} CHECK ({name} BETWEEN {least} AND {most})"


def _many(names: str, column: Callable[..., str], *limits: int) -> list[str]:
    return [column(name, *limits) for name in names.split()]


def _colours() -> list[str]:
    return _many("Red Green Blue", _whole, 0, 255, 0)


def _words(name: str, usual: str = "") -> str:
    return f"{name} TEXT NOT NULL {usual} CHECK (LENGTH({name}) < {MOST + 1})"


def _refers(column: str, table: str) -> str:
    return f"FOREIGN KEY({column}) REFERENCES {table}(ID) ON DELETE CASCADE"


def _data(*columns: str) -> list[str]:
    """A table of values: one for each statement and variable."""
    return [
        _ID, "StatementId INTEGER NOT NULL", "VariableId INTEGER NOT NULL", *columns[:1],
        _refers("StatementId", "STATEMENTS"), _refers("VariableId", "VARIABLES"), *columns[1:],
        "UNIQUE (StatementId, VariableId)",
    ]  # fmt: skip


_ID = "ID INTEGER NOT NULL PRIMARY KEY"
_EMPTY = "DEFAULT ''"
_MAY = (
    "AddDocuments EditDocuments DeleteDocuments ImportDocuments AddStatements EditStatements "
    "DeleteStatements EditAttributes EditRegex EditStatementTypes EditCoders EditCoderRelations "
    "ViewOthersDocuments EditOthersDocuments ViewOthersStatements EditOthersStatements"
)
_TABLES = {
    "SETTINGS": ["Property TEXT PRIMARY KEY", "Value TEXT NOT NULL"],
    "CODERS": [
        _ID, _words("Name"), *_colours(), _whole("Refresh", 0, 9999, 0),
        _whole("FontSize", 1, 99, 14), _words("Password"),
        "PopupWidth INTEGER DEFAULT 300 CHECK (PopupWidth BETWEEN 100 AND 9999)",
        *_many("ColorByCoder PopupDecoration", _whole, 0, 1, 0),
        _whole("PopupAutoComplete", 0, 1, 1),
        *_many(" ".join(f"Permission{what}" for what in _MAY.split()), _whole, 0, 1, 1),
    ],
    "DOCUMENTS": [
        _ID, _words("Title"), "Text TEXT NOT NULL", "Coder INTEGER",
        *(_words(name, _EMPTY) for name in ("Author", "Source", "Section")),
        "Notes TEXT NOT NULL DEFAULT ''", _words("Type", _EMPTY), "Date INTEGER NOT NULL",
        _refers("Coder", "CODERS"),
    ],
    "STATEMENTTYPES": [_ID, _words("Label"), *_colours()],
    "VARIABLES": [
        _ID, _words("Variable"),
        "DataType TEXT NOT NULL DEFAULT 'short text' CHECK (DataType = 'boolean' OR "
        "DataType = 'integer' OR DataType = 'long text' OR DataType = 'short text')",
        "StatementTypeId INTEGER", _refers("StatementTypeId", "STATEMENTTYPES"),
        "UNIQUE (Variable, StatementTypeId)",
    ],
    "VARIABLELINKS": [
        _ID, "SourceVariableId INTEGER", "TargetVariableId INTEGER",
        "CHECK (TargetVariableId != SourceVariableId)",
        _refers("SourceVariableId", "VARIABLES"), _refers("TargetVariableId", "VARIABLES"),
    ],
    "REGEXES": [f"Label TEXT PRIMARY KEY CHECK (LENGTH(Label) < {MOST + 1})", *_colours()],
    "CODERRELATIONS": [
        _ID, *_many("Coder OtherCoder", lambda name: f"{name} INTEGER CHECK({name} > 0)"),
        *_many("viewStatements editStatements viewDocuments editDocuments", _whole, 0, 1, 1),
        "CHECK (Coder != OtherCoder)", _refers("Coder", "CODERS"), _refers("OtherCoder", "CODERS"),
    ],
    "STATEMENTS": [
        _ID, "StatementTypeId INTEGER", "DocumentId INTEGER",
        *_many("Start Stop", lambda name: f"{name} INTEGER NOT NULL CHECK({name} >= 0)"),
        "Coder INTEGER", "CHECK (Start < Stop)", _refers("StatementTypeId", "STATEMENTTYPES"),
        _refers("Coder", "CODERS"), _refers("DocumentId", "DOCUMENTS"),
    ],
    "DATABOOLEAN": _data("Value INTEGER NOT NULL DEFAULT 1"),
    "DATAINTEGER": _data("Value INTEGER NOT NULL DEFAULT 0"),
    "ENTITIES": [
        _ID, "VariableId INTEGER NOT NULL", _words("Value", _EMPTY),
        *_many("Red Green Blue", lambda name: f"{name} INTEGER CHECK ({name} BETWEEN 0 AND 255)"),
        "ChildOf INTEGER CHECK(ChildOf > 0)", "UNIQUE (VariableId, Value)",
        _refers("ChildOf", "ENTITIES"), _refers("VariableId", "VARIABLES"),
    ],
    "DATASHORTTEXT": _data("Entity INTEGER NOT NULL", _refers("Entity", "ENTITIES")),
    "DATALONGTEXT": _data("Value TEXT DEFAULT ''"),
    "ATTRIBUTEVARIABLES": [
        _ID, "VariableId INTEGER NOT NULL", _words("AttributeVariable"),
        "UNIQUE(VariableId, AttributeVariable)", _refers("VariableId", "VARIABLES"),
    ],
    "ATTRIBUTEVALUES": [
        _ID, "EntityId INTEGER NOT NULL", "AttributeVariableId INTEGER NOT NULL",
        _words("AttributeValue", _EMPTY), "UNIQUE (EntityId, AttributeVariableId)",
        _refers("EntityId", "ENTITIES"),
        _refers("AttributeVariableId", "ATTRIBUTEVARIABLES"),
    ],
}  # fmt: skip
