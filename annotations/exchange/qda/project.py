"""A REFI-QDA project (`.qdpx`), which NVivo, MAXQDA, ATLAS.ti and others open; its reader is
`reader`.

A text is a source, a piece of an annotation a selection in it, coded with its tags, with a code
for each part that somebody takes (`Actors`, below it the roles), and with `claim` or `mention`
and `gold`. A stance is a code below its tag. The note is the selection's description; pieces and
claims are joined by links, comments are notes, annotators users, actors cases, and what is known
of an article its variables. What REFI-QDA has no field for stands on the last line of the
descriptions. Positions count code points; an end is exclusive.
"""

from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from typing import Any
from xml.sax.saxutils import quoteattr

from lxml import etree

from annotations.exchange.aside import marked_names, names_of, particulars, said, values_of
from annotations.exchange.markup import legal
from annotations.exchange.neutral import (
    ActorRecord,
    AnnotationRecord,
    CommentRecord,
    Document,
    Parcel,
)
from annotations.exchange.packed import zipped
from annotations.exchange.qda.claims import KINDS, NAMESPACE
from annotations.exchange.qda.codes import child, code, guid, note, tag_guid, write_codes
from annotations.exchange.qda.reader import VARIABLES, read

__all__ = ["read", "write"]
LONGEST_NAME = 100


def write(parcel: Parcel) -> Iterator[bytes]:
    """The pieces of the archive: the texts, then the project."""
    project = _Project(parcel)
    return zipped(chain(project.texts(), [("project.qde", project.lines())]))


class _Project:
    """A project on its way into an archive; `texts` notes what is to be known before the rest."""

    def __init__(self, parcel: Parcel):
        self.parcel = parcel
        self.actors = list(parcel.actors())
        self.marked = marked_names(parcel)
        self.tags = {tag.slug: tag_guid(tag) for tag in parcel.tags}
        self.users: dict[str, None] = {}
        self.parts: dict[tuple[str, str], None] = {}
        self.stances: dict[str, set[str]] = defaultdict(set)
        self.links: list[tuple[str, str, str]] = []
        self.there: set[str] = set()
        self.comments: dict[str, list[str]] = defaultdict(list)
        for comment in parcel.comments():
            self.users[comment.author] = None
            self.comments[comment.annotation].append(guid(comment.id))

    def texts(self) -> Iterator[tuple[str, list[bytes]]]:
        """The files of the sources."""
        for document in self.parcel.documents():
            for annotation in document.annotations:
                self._note(annotation)
            yield f"sources/{_source(document)}.txt", [document.revision.text.encode()]

    def _note(self, annotation: AnnotationRecord) -> None:
        self.users[annotation.author] = None
        self.there.add(annotation.id)
        self.parts |= dict.fromkeys(names_of(annotation, self.marked))
        for coding in annotation.codings:
            if coding.stance:
                self.stances[coding.slug].add(coding.stance)

    def lines(self) -> Iterator[bytes]:
        """The project in XML, source by source."""
        known = self.parcel.project
        name, origin = quoteattr(legal(known.name) or "Crossread"), quoteattr("Crossread")
        yield (
            '<?xml version="1.0" encoding="utf-8"?>\n'
            f"<Project xmlns={quoteattr(NAMESPACE)} name={name} origin={origin}>\n"
        ).encode()
        yield from _written(self._users(), self._codebook(), self._variables(), self._cases())
        yield from self._sources()
        yield from _written(self._notes(), self._links())
        told: dict[str, Any] = {"project": known._asdict()}
        if self.parcel.codebook:
            told["codebook"] = values_of(self.parcel.codebook)
        yield from _written(child(etree.Element("Project"), "Description",
                                  note(known.description, told)))  # fmt: skip
        yield b"</Project>\n"

    def _users(self) -> etree._Element:
        users = etree.Element("Users")
        for name in self.users:
            child(users, "User", guid=guid("user", name), name=name)
        return users

    def _codebook(self) -> etree._Element:
        book = etree.Element("CodeBook")
        codes = child(book, "Codes")
        write_codes(codes, self.parcel.facets, self.parcel.tags, self.stances)
        if self.parts:
            told = note("", {"is": "actors"})
            actors = code(codes, "Actors", guid("actors"), told, codable=False)
        for role in dict.fromkeys(role for role, _ in self.parts):
            told = note("", {"is": "role", "role": role})
            above = code(actors, role, guid("role", role), told, codable=False)
            for other, name in self.parts:
                if other == role:
                    told = note("", {"is": "part", "role": role, "name": name})
                    code(above, name, guid("part", role, name), told)
        kinds = code(codes, "Annotations", guid("kinds"), note("", {"is": "kinds"}), codable=False)
        for kind in KINDS:
            code(kinds, kind, guid("kind", kind), note("", {"is": kind}))
        return book

    def _variables(self) -> etree._Element:
        variables = etree.Element("Variables")
        for name in ("kind", *VARIABLES):
            type = "Date" if name == "published_on" else "Text"
            child(variables, "Variable", guid=guid("variable", name), name=name,
                  typeOfVariable=type)  # fmt: skip
        return variables

    def _cases(self) -> etree._Element:
        cases = etree.Element("Cases")
        for actor in self.actors:
            self._case(cases, actor)
        return cases

    def _case(self, cases: etree._Element, actor: ActorRecord) -> None:
        own = guid(actor.id) if actor.id else guid("actor", actor.name)
        case = child(cases, "Case", guid=own, name=actor.name)
        kept = {n: value for n, value in values_of(actor).items() if n not in ("id", "notes")}
        if actor.notes != legal(actor.notes):
            kept["notes"] = actor.notes
        child(case, "Description", note(actor.notes, {"is": "actor", **kept}))
        for role, name in self.parts:
            if name == actor.name:
                child(case, "CodeRef", targetGUID=guid("part", role, name))
        if actor.kind:
            _variable(case, "kind", actor.kind)

    def _sources(self) -> Iterator[bytes]:
        began = False
        for document in self.parcel.documents(passages=True):
            yield b"" if began else b"<Sources>\n"
            began = True
            yield from _written(self._source(document))
        if began:
            yield b"</Sources>\n"

    def _source(self, document: Document) -> etree._Element:
        known, own = document.article, _source(document)
        path = f"internal://{own}.txt"
        source = etree.Element("TextSource", guid=own, plainTextPath=path)
        source.set("name", legal(known.title) or document.name)
        kept = {**particulars(document), "sha256": document.revision.sha256}
        child(source, "Description", note("", kept))
        for annotation in document.annotations:
            self._annotation(source, annotation)
        for name, value in VARIABLES.items():
            if told := value(known):
                _variable(source, name, told, "Date" if name == "published_on" else "Text")
        return source

    def _annotation(self, source: etree._Element, annotation: AnnotationRecord) -> None:
        later = range(2, len(annotation.spans) + 1)
        pieces = [guid(annotation.id), *(guid(annotation.id, str(nth)) for nth in later)]
        kept = {"kind": annotation.kind, **said(annotation, {}, ("spans",), marked=self.marked)}
        if _is_kept_by_xml(annotation.note):
            kept.pop("note", None)
        told = note(annotation.note, kept)
        by = guid("user", annotation.author)
        for nth, (own, span) in enumerate(zip(pieces, annotation.spans, strict=True)):
            selection = child(
                source, "PlainTextSelection", guid=own, name=_short(span.quote),
                startPosition=str(span.start), endPosition=str(span.end), creatingUser=by,
                creationDateTime=annotation.created.isoformat(),
                modifiedDateTime=annotation.updated.isoformat(),
            )  # fmt: skip
            again = note("", {"of": annotation.id, "piece": nth + 1})
            child(selection, "Description", again if nth else told)
            for target in self._codes(annotation):
                coding = child(
                    selection, "Coding", guid=guid(own, target), creatingUser=by,
                    creationDateTime=annotation.created.isoformat(),
                )  # fmt: skip
                child(coding, "CodeRef", targetGUID=target)
            for comment in self.comments.get(annotation.id, ()) if nth == 0 else ():
                child(selection, "NoteRef", targetGUID=comment)
            if nth:
                self.links.append(("continued by", pieces[nth - 1], own))
        for link in annotation.links:
            if link.claim in self.there:
                self.links.append((link.relation, guid(annotation.id), guid(link.claim)))

    def _codes(self, annotation: AnnotationRecord) -> Iterator[str]:
        """The GUIDs of what an annotation is coded with."""
        for coding in annotation.codings:
            own = self.tags[coding.slug]
            yield guid(own, coding.stance) if coding.stance else own
        for part in dict.fromkeys(names_of(annotation, self.marked)):
            yield guid("part", *part)
        yield guid("kind", annotation.kind)
        if annotation.layer == "gold":
            yield guid("kind", "gold")

    def _notes(self) -> etree._Element:
        notes = etree.Element("Notes")
        for comment in self.parcel.comments():
            _comment(notes, comment)
        return notes

    def _links(self) -> etree._Element:
        links = etree.Element("Links")
        for name, origin, target in self.links:
            child(links, "Link", guid=guid("link", name, origin, target), name=name,
                  direction="OneWay", originGUID=origin, targetGUID=target)  # fmt: skip
        return links


def _comment(notes: etree._Element, comment: CommentRecord) -> None:
    own = child(
        notes, "Note", guid=guid(comment.id), name=_short(comment.text),
        creatingUser=guid("user", comment.author), creationDateTime=comment.created.isoformat(),
    )  # fmt: skip
    kept = values_of(comment)
    if comment.text == legal(comment.text):
        del kept["text"]
    child(own, "Description", note("", {"is": "comment", **kept}))
    child(own, "PlainTextContent", comment.text)


def _variable(parent: etree._Element, name: str, told: str, type: str = "Text") -> None:
    value = child(parent, "VariableValue")
    child(value, "VariableRef", targetGUID=guid("variable", name))
    child(value, f"{type}Value", told)


def _written(*elements: etree._Element) -> Iterator[bytes]:
    """The elements in XML, but for those that would hold nothing."""
    for element in elements:
        if len(element) or element.text or element.tag == "TextSource":
            yield etree.tostring(element, encoding="utf-8") + b"\n"


def _source(document: Document) -> str:
    return guid(document.revision.id)


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= LONGEST_NAME else f"{words[: LONGEST_NAME - 1]}…"


def _is_kept_by_xml(text: str) -> bool:
    return text == legal(text)
