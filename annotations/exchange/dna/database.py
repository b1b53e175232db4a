"""A database that Discourse Network Analyzer 3 opens, and its reader (`reader`).

What DNA's networks are made of are its own statements: one for each claimant and tag of a claim,
on the claim's first piece, with person, organization, concept and agreement. A claimant who is a
person is DNA's person, with what she was part of at the time as her organization; any other is an
organization. Agreement knows yes and no only: a neutral or unclear stance, or a claim without
tag, is a statement of the type “Crossread coding”, so that no network says what nobody said.

What DNA has no place for is in statements of the type “Crossread annotation”, one for each piece
of a claim or mention; the first carries all that is needed to put the annotation together again.
Statements of one annotation have its id in their variable `crossread`. Comments are DNA's
“Annotation”s. Tags and actors are entities with the attributes that DNA gives them; what these
cannot hold is in the settings, and what a document's fields cannot in its notes.
"""

import sqlite3
from calendar import timegm
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from annotations import anchors
from annotations.exchange.aside import (
    Particulars,
    marked_names,
    names_of,
    particulars,
    record_of,
    said,
    values_of,
)
from annotations.exchange.dna import schema
from annotations.exchange.dna.names import Names, agreement, coder
from annotations.exchange.dna.reader import read
from annotations.exchange.neutral import (
    ActorRecord,
    AnnotationRecord,
    CommentRecord,
    Document,
    Parcel,
    TagRecord,
)
from annotations.exchange.noted import compact, noted
from annotations.exchange.packed import written_to

__all__ = ["read", "write"]
COLOURS = (
    (51, 153, 255), (255, 102, 102), (102, 255, 0), (255, 153, 0), (153, 102, 255), (0, 204, 204),
)  # fmt: skip
ROLES = ("named", "meant", "claimant", "target", "voice")


def write(parcel: Parcel) -> Iterator[bytes]:
    """The pieces of the database, which is written to a temporary file first."""
    return written_to(partial(_written, parcel), "project.dna")


def _written(parcel: Parcel, path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for order in ("PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF", "BEGIN"):
            connection.execute(order)
        _Writing(parcel, _Database(connection)).all()
        connection.execute("COMMIT")


class _Database:
    """Rows on their way into DNA's tables, each with the next free number."""

    def __init__(self, connection: sqlite3.Connection):
        self.run = connection.execute
        self._last: Counter[str] = Counter()
        self._orders: dict[tuple[str, ...], str] = {}
        for order in schema.tables():
            self.run(order)

    def add(self, table: str, **values: Any) -> int:
        """The number of a new row."""
        self._last[table] += 1
        known = (table, *values)
        if known not in self._orders:
            names, marks = ", ".join(values), ", ?" * len(values)
            # Nothing but names of DNA's own tables and columns.
            self._orders[known] = f"INSERT INTO {table} (ID, {names}) VALUES (?{marks})"  # noqa: S608
        self.run(self._orders[known], (self._last[table], *values.values()))
        return self._last[table]


class _Writing:
    """A parcel on its way into a database."""

    def __init__(self, parcel: Parcel, rows: _Database):
        self.parcel, self.rows = parcel, rows
        self.marked = marked_names(parcel)
        self.names = Names(parcel.tags, parcel.actors())
        self.coders: dict[str, int] = {}
        self.variables: dict[int, dict[str, int]] = {}
        self.attributes: dict[int, dict[str, int]] = {}
        self.entities: dict[tuple[int, str], int] = {}
        self.password = schema.password()
        # Where annotations are, for their comments.
        rows.run("CREATE TEMP TABLE places (annotation PRIMARY KEY, document, start, stop)")

    def all(self) -> None:
        self._settings()
        self.coder("Admin")
        for number, kind in schema.TYPES.items():
            self._type(number, kind)
        for tag in self.parcel.tags:
            self._concept(tag)
        for actor in self.names.actors.values():
            self._speaker(actor)
        for document in self.parcel.documents(passages=True):
            self._document(document)
        for comment in self.parcel.comments():
            self._comment(comment)
        for one in self.coders.values():
            for other in self.coders.values():
                if one != other:
                    self.rows.add("CODERRELATIONS", Coder=one, OtherCoder=other)

    def _settings(self) -> None:
        codebook = self.parcel.codebook
        told = [
            *schema.SETTINGS,
            ("crossread project", compact(self.parcel.project._asdict())),
            *([("crossread codebook", compact(values_of(codebook)))] if codebook else []),
        ]
        lists = {"facet": self.parcel.facets, "tag": self.parcel.tags,
                 "actor": self.names.actors.values()}  # fmt: skip
        for what, records in lists.items():
            told += [
                (f"crossread {what} {nth:06}", compact(_without_id(record)))
                for nth, record in enumerate(records)
            ]
        for row in told:
            self.rows.run("INSERT INTO SETTINGS (Property, Value) VALUES (?, ?)", row)

    def coder(self, name: str) -> int:
        """The number of a coder of this name, who is made if there is none."""
        if name not in self.coders:
            red, green, blue = COLOURS[len(self.coders) % len(COLOURS)]
            self.coders[name] = self.rows.add(
                "CODERS", Name=name, Red=red, Green=green, Blue=blue, Password=self.password
            )
        return self.coders[name]

    def _type(self, number: int, kind: schema.Type) -> None:
        red, green, blue = kind.colour
        self.rows.add("STATEMENTTYPES", Label=kind.label, Red=red, Green=green, Blue=blue)
        own = self.variables[number] = {}
        for name, holds in kind.variables.items():
            own[name] = self.rows.add(
                "VARIABLES", Variable=name, DataType=holds, StatementTypeId=number
            )
            if name in schema.WHO_AND_WHAT:
                more = (schema.SLUG,) if name == "concept" else ()
                self.attributes[own[name]] = {
                    called: self.rows.add(
                        "ATTRIBUTEVARIABLES", VariableId=own[name], AttributeVariable=called
                    )
                    for called in schema.ATTRIBUTES + more
                }
            if holds == schema.SHORT:
                self.entity(own[name], "")

    def entity(self, variable: int, value: str, colour: str = "", **told: str) -> int:
        """The number of a value of a variable; a new one is told of by these attributes."""
        found = self.entities.get((variable, value))
        if found is None:
            red, green, blue = bytes.fromhex(colour[1:].rjust(6, "0")[:6])
            found = self.entities[variable, value] = self.rows.add(
                "ENTITIES", VariableId=variable, Value=value, Red=red, Green=green, Blue=blue
            )
            for name, attribute in self.attributes.get(variable, {}).items():
                self.rows.add(
                    "ATTRIBUTEVALUES", EntityId=found, AttributeVariableId=attribute,
                    AttributeValue=told.get(name, "")[: schema.MOST],
                )  # fmt: skip
        return found

    def _concept(self, tag: TagRecord) -> None:
        """Under both statement types; its parent comes before it."""
        for number in (schema.STATEMENT, schema.CODING):
            variable = self.variables[number]["concept"]
            own = self.entity(
                variable, self.names.concepts[tag.slug], tag.colour,
                Type=tag.facet, Notes=tag.definition, Slug=tag.slug,
            )  # fmt: skip
            parent = self.entities.get((variable, self.names.concepts.get(tag.parent, "")))
            if tag.parent and parent:
                self.rows.run("UPDATE ENTITIES SET ChildOf = ? WHERE ID = ?", (parent, own))

    def _speaker(self, actor: ActorRecord) -> None:
        told = {
            "Type": actor.kind,
            "Alias": "; ".join(alias["name"] for alias in actor.aliases),
            "Notes": actor.notes,
        }
        variable = "person" if self.names.is_person(actor.name) else "organization"
        for number in (schema.STATEMENT, schema.CODING):
            self.entity(self.variables[number][variable], actor.name[: schema.MOST], **told)

    def _document(self, document: Document) -> None:
        values = particulars(document)
        article, text = record_of(Particulars, values), document.revision.text
        day, kept = article.published_on, {**values, "sha256": document.revision.sha256}
        own = self.rows.add(
            "DOCUMENTS", Title=article.title[: schema.MOST], Text=text, Coder=self.coder("Admin"),
            Author="; ".join(article.authors)[: schema.MOST], Source=article.outlet[: schema.MOST],
            Section=article.story[: schema.MOST], Notes=noted(article.url, kept),
            Type=article.language, Date=timegm(day.timetuple()) if day else 0,
        )  # fmt: skip
        spans = [span for one in document.annotations for span in one.spans]
        places = [place for span in spans for place in (span.start, span.end)]
        units = iter(anchors.to_utf16(text, places))
        for annotation in document.annotations:
            pieces = [(own, next(units), next(units)) for _ in annotation.spans]
            self._annotation(annotation, article, pieces)

    def _annotation(
        self, annotation: AnnotationRecord, article: Particulars, pieces: list[tuple[int, int, int]]
    ) -> None:
        id, by = annotation.id, self.coder(coder(annotation))
        names = names_of(annotation, self.marked)
        claimants = [name for role, name in names if role == "claimant"]
        for number, values in _statements(annotation, claimants, self.names, article):
            self._statement(number, pieces[0], by, {**values, "crossread": id})
        first = {"kind": annotation.kind, "layer": annotation.layer, "note": annotation.note}
        first |= {role: self.names.standing(name) for role, name in reversed(names)}
        whole = {"kind": annotation.kind, **said(annotation, {}, ("spans",), marked=self.marked)}
        for nth, place in enumerate(pieces):
            ours = compact(whole if nth == 0 else {"id": id, "piece": nth + 1})
            self._statement(schema.ANNOTATION, place, by, {**first, "crossread": ours})
        self.rows.run("INSERT INTO places VALUES (?, ?, ?, ?)", (id, *pieces[0]))

    def _comment(self, comment: CommentRecord) -> None:
        found = self.rows.run(
            "SELECT document, start, stop FROM places WHERE annotation = ?", (comment.annotation,)
        ).fetchone()
        if found:
            values = values_of(comment)
            note = values.pop("text")
            self._statement(
                schema.COMMENT, found, self.coder(comment.author),
                {"note": note, "crossread": compact(values)},
            )  # fmt: skip

    def _statement(
        self, number: int, place: tuple[int, int, int], by: int, values: dict[str, Any]
    ) -> None:
        """One statement with a value for each variable of its type, as DNA expects it."""
        document, start, stop = place
        own = self.rows.add(
            "STATEMENTS", StatementTypeId=number, DocumentId=document, Start=start, Stop=stop,
            Coder=by,
        )  # fmt: skip
        for name, holds in schema.TYPES[number].variables.items():
            variable = self.variables[number][name]
            about = {"StatementId": own, "VariableId": variable}
            value = values.get(name, "")
            if holds == schema.SHORT:
                entity = self.entity(variable, value[: schema.MOST])
                self.rows.add("DATASHORTTEXT", **about, Entity=entity)
            elif holds == schema.LONG:
                self.rows.add("DATALONGTEXT", **about, Value=value)
            else:
                self.rows.add("DATABOOLEAN", **about, Value=int(value))


def _statements(
    annotation: AnnotationRecord, claimants: list[str], names: Names, article: Particulars
) -> Iterator[tuple[int, dict[str, Any]]]:
    """The statements of DNA's own shape that a claim makes, and the type of each."""
    codings = annotation.codings
    if annotation.kind != "claim" or not (claimants or codings):
        return
    speakers = dict.fromkeys(names.speaker(name, article) for name in claimants)
    for person, organization in speakers or [("", "")]:
        who = {"person": person, "organization": organization}
        if not codings:
            yield schema.CODING, who
        for code in codings:
            said, agrees = {**who, "concept": names.concept(code)}, agreement(code)
            if agrees is None:
                yield schema.CODING, {**said, "stance": code.stance}
            else:
                yield schema.STATEMENT, {**said, "agreement": agrees}


def _without_id(record: Any) -> dict[str, Any]:
    return {name: value for name, value in values_of(record).items() if name != "id"}
