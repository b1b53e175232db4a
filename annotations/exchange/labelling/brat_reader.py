"""brat's standoff pairs, those that `brat` writes and any others: the reader.

An entity is a claim with its type as a tag, an event one with the event's type on the words of
its trigger; attributes are further tags; relations, arguments, equivalences and normalisations
are lines of the note unless they are links of ours. Of our own a line is what it was written
from. Offsets count code points, half-open.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, BinaryIO

from annotations.anchors import AnchorError
from annotations.content import ATTRIBUTIONS, CERTAINTIES, RELATIONS, ROLES, STANCES
from annotations.exchange import aside
from annotations.exchange.aside import Misshapen
from annotations.exchange.labelling.standoff import (
    EXPECTED,
    Said,
    Standoff,
    checked,
    files_of,
    flat,
    pairs,
    parsed,
    text_in,
)
from annotations.exchange.labels import Labels
from annotations.exchange.neutral import (
    AnnotationRecord,
    ArticleRecord,
    LinkRecord,
    ReadError,
    Refusal,
    Remark,
    Row,
    text_of,
)

FOLDER, GOLD, ANALYST = "CROSSREAD", "gold", "analyst-"
NOTE, OWN_NOTE, UNSAID = "AnnotatorNotes", "Crossread", "none"
OWN_KINDS = {kind.capitalize(): kind for kind in ROLES}
OWN_ROLES = {role.capitalize(): role for roles in ROLES.values() for role in roles}
RESERVED = ("Attribution", "Certainty", "Flagged")
PREFIX = "tag-"


def attribute_of(slug: str) -> str:
    """The attribute that a tag is."""
    return PREFIX + slug if slug in RESERVED or slug.startswith(PREFIX) else slug


def read(file: BinaryIO) -> Iterator[Row]:
    """The rows of a zip archive of .txt and .ann files. Raises ReadError for anything else."""
    reading = _Reading()
    number = 0
    yield from ()
    for number, (stem, text, ann) in enumerate(pairs(reading.own(files_of(file))), 1):
        yield from reading.before()
        for record in reading.document(stem, text, ann):
            yield Row(number, record)
    if not number:
        raise ReadError(f"There is no .txt and no .ann in it. {EXPECTED}")
    yield from reading.after


class _Reading:
    """One document after the other, with what our own files say of all of them."""

    def __init__(self):
        self.labels = Labels()
        self.after: list[Row] = []
        self._before: list[Row] = []
        self._particulars: dict[str, Any] = {}
        self._texts: dict[str, str] = {}

    def own(self, files: Iterator[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
        """The files without our own, which come first."""
        for name, data in files:
            folder, _, last = name.rpartition("/")
            if last == aside.FILE:
                beside = aside.read(data)
                self._before, self.after = beside.before, beside.after
                self.labels.learn(beside.facets)
            elif folder.endswith(FOLDER) and last.endswith(".json"):
                self._particulars[last.removesuffix(".json")] = data
            else:
                yield name, data

    def before(self) -> list[Row]:
        """What comes before the first article, once."""
        before, self._before = self._before, []
        return before

    def document(self, stem: str, text: bytes | None, ann: bytes | None) -> Iterator[Any]:
        """The records of a pair: what is new of facets and tags, the article, what is marked."""
        if text is None:
            yield Refusal(f"{stem}.ann: there is no {stem}.txt.")
            return
        folder, _, name = stem.rpartition("/")
        try:
            article = self._article(stem, name, text_in(text, f"{stem}.txt"))
            found = parsed(text_in(ann or b"", f"{stem}.ann"))
        except (Misshapen, ReadError) as error:
            yield Refusal(f"{stem}: {error}")
            return
        work = Work(stem, article, found, self.labels, ours=name in self._particulars)
        records = list(work.records(_of_folder(folder)))
        yield from self.labels.taken()
        if article.id not in self._texts:
            self._texts[article.id] = article.newest.sha256
            yield article
        yield from records

    def _article(self, stem: str, name: str, text: str) -> ArticleRecord:
        """An article of ours is one in every folder, unless its text was changed there."""
        if name not in self._particulars:
            return text_of(text, name=stem)
        values = aside.json_of(self._particulars[name])
        article = aside.article_of(values, text)
        known = self._texts.get(article.id, article.newest.sha256)
        return article if known == article.newest.sha256 else text_of(text, name=stem)


def _of_folder(folder: str) -> dict[str, str]:
    """Whose work is in a folder of ours."""
    last = folder.rpartition("/")[2]
    if last == GOLD:
        return {"layer": "gold"}
    return {"author": last.removeprefix(ANALYST)} if last.startswith(ANALYST) else {}


class Work:
    """What one .ann file says of its text."""

    def __init__(
        self, place: str, article: ArticleRecord, found: Standoff, labels: Labels, ours: bool
    ):
        self.place, self.article, self.found = place, article, found
        self.labels, self.ours = labels, ours
        self.problems: list[Refusal | Remark] = [
            Refusal(f"{place}.ann: {fault}.") for fault in found.faults
        ]
        self.spans: dict[str, tuple[tuple[int, int], ...]] = {}
        self.links: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for tie in found.ties:
            if tie.type in RELATIONS:
                self.links[tie.ends[0]].append((tie.type, tie.ends[1]))
        # Of what brat was told by us every piece is one.
        kept = {note.on for note in found.notes if note.type == OWN_NOTE} if ours else set()
        for id, bound in found.bounds.items():
            try:
                self.spans[id] = checked(article.newest.text, bound, whole_lines=id not in kept)
            except AnchorError as error:
                self._refuse(id, str(error))

    def records(self, whose: dict[str, str]) -> Iterator[Any]:
        """The annotations, and what could not be read or kept."""
        events = self.found.events.items()
        self.of_trigger = {event.trigger: id for id, event in reversed(events)}
        self.targets = {id: id for id in self.spans if id not in self.of_trigger}
        for id, event in events:
            if event.trigger in self.spans:
                self.targets[id] = event.trigger
            elif event.trigger not in self.found.bounds:
                self._refuse(id, f"its trigger “{event.trigger}” is none.")
        self.notes = self._sorted(self.found.notes)
        known = {id: self._known(id) for id in self.targets}
        self.ids = {id: known[id].id or f"brat/{self.place}/{id}" for id in self.targets}
        self.told = self._told()
        attributes = self._sorted(self.found.attributes)
        for id in self.targets:
            try:
                yield self._annotation(id, known[id], attributes[id], whose)
            except (AnchorError, Misshapen) as error:
                self._refuse(id, str(error))
        yield from self.problems

    def _known(self, id: str) -> AnnotationRecord:
        """What our own note keeps of an annotation."""
        own = [note for note in self.notes[id] if note.type == OWN_NOTE and self.ours]
        try:
            return aside.record_said(aside.json_of(own[0].value.encode()) if own else {})
        except Misshapen as error:
            self._refuse(own[0].id, f"{error}.")
            return aside.NOTHING

    def _sorted(self, found: list[Said]) -> dict[str, list[Said]]:
        """What is said, by the annotation that it is said of; a note on another thing by that."""
        others = {tie.id: (tie.ends[0], tie.type) for tie in self.found.ties if tie.ends}
        others |= {said.id: (said.on, said.type) for said in self.found.attributes}
        sorted_out: dict[str, list[Said]] = defaultdict(list)
        for said in found:
            on, type = others.get(said.on, (said.on, said.type))
            on = self.of_trigger.get(on, on)
            if on in self.targets:
                sorted_out[on].append(said._replace(type=type))
            else:
                self._refuse(said.id, f"it is about “{said.on}”, which is none or was refused.")
        return sorted_out

    def _told(self) -> dict[str, list[str]]:
        """The lines that relations, arguments and normalisations are in the note of the first."""
        lines: dict[str, list[str]] = defaultdict(list)
        for tie in self.found.ties:
            if tie.type not in RELATIONS:
                self._tell(lines, tie.id, tie.ends, tie.type)
        for id, event in self.found.events.items():
            for role, on in event.arguments if id in self.targets else ():
                self._tell(lines, f"{id} {role}", (id, on), role)
        for on, found in self._sorted(self.found.normalisations).items():
            lines[on] += [f"{said.type} → {said.value}" for said in found]
            self._remark(on, "its reference to a database became a line of the note.")
        return lines

    def _tell(
        self, lines: dict[str, list[str]], place: str, ends: tuple[str, ...], type: str
    ) -> None:
        missing = [end for end in ends if end not in self.spans and end not in self.targets]
        if missing or not ends:
            self._refuse(place, f"it leads to “{''.join(missing[:1])}”, none or refused.")
            return
        first = self.of_trigger.get(ends[0], ends[0])
        lines[first] += [f"{type} → {self._quote(end)}" for end in ends[1:]]
        self._remark(place, f"“{type}” became a line of the note.")

    def _quote(self, id: str) -> str:
        spans = self.spans[self.targets.get(id, id)]
        return " … ".join(self.article.newest.text[start:end] for start, end in spans)

    def _annotation(
        self, id: str, known: AnnotationRecord, attributes: list[Said], whose: dict[str, str]
    ) -> AnnotationRecord:
        event = self.found.events.get(id)
        type = event.type if event else self.found.bounds[id].type
        shown: dict[str, Any] = {"kind": "claim"}
        tags: list[tuple[str, str]] = []
        if self.ours and type in OWN_KINDS:
            shown["kind"] = OWN_KINDS[type]
        else:
            tags.append((self.labels.tag("event" if event else "entity", type), ""))
        facets = {code.slug: code.tag for code in known.codings}
        for said in attributes:
            if not (self.ours and self._own_attribute(said, shown, tags, facets)):
                tags.append((self.labels.tag(said.type, said.value or said.type), ""))
        names, notes = self._said(id, known)
        own = {} if known.id else whose
        links = [LinkRecord(relation, self.ids[other]) for relation, other in self.links[id]
                 if other in self.ids]  # fmt: skip
        return aside.retold(
            known, self.article, id=self.ids[id], spans=self.spans[self.targets[id]],
            names=names, tags=tags, links=[*known.links, *links],
            note="\n".join([*notes, *self.told[id]]), **shown, **own,
        )  # fmt: skip

    def _own_attribute(
        self, said: Said, shown: dict[str, Any], tags: list[tuple[str, str]], facets: dict
    ) -> bool:
        """Whether an attribute is one of ours, and has been taken as what it is."""
        if said.type == "Attribution" and said.value in ATTRIBUTIONS:
            shown["attribution"] = said.value
        elif said.type == "Certainty" and said.value in CERTAINTIES:
            shown["certainty"] = said.value
        elif said.type == "Flagged":
            shown["flagged"] = True
        else:
            slug = said.type.removeprefix(PREFIX)
            if not (self.labels.has(slug) or slug in facets):
                return False
            stance = said.value if said.value in STANCES else ""
            tags.append((self.labels.own(slug, facets.get(slug, "")), stance))
        return True

    def _said(self, id: str, known: AnnotationRecord) -> tuple[list[tuple[str, str]], list[str]]:
        """Who takes part, and the lines of the note, in the wording that we know of it."""
        names: list[tuple[str, str]] = []
        notes: list[str] = []
        for note in self.notes[id]:
            if self.ours and note.type in OWN_ROLES:
                names.append((OWN_ROLES[note.type], note.value))
            elif note.type == NOTE:
                notes.append(known.note if flat(known.note) == flat(note.value) else note.value)
            elif not (self.ours and note.type == OWN_NOTE):
                notes.append(f"{note.type}: {note.value}")
        if known.note and not flat(known.note):
            notes.append(known.note)
        return names, notes

    def _refuse(self, id: str, reason: str) -> None:
        self.problems.append(Refusal(f"{self.place}.ann, {id}: {reason}"))

    def _remark(self, id: str, reason: str) -> None:
        self.problems.append(Remark(f"{self.place}.ann, {id}: {reason}"))
