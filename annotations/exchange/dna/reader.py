"""The reader of databases of Discourse Network Analyzer, versions 2 and 3.

A statement of DNA's own is a claim. Its organization is the claimant and its person the voice that
speaks for it; a person without organization is the claimant. Its concept is a tag of the facet
`concept`, and agreement the stance towards it: yes is support, no is oppose, of a scale the sign.
Other variables are facets, their values tags; long texts are the note. Coders are the authors.

Of a file that Crossread wrote everything comes back, with what was changed in DNA meanwhile: what
an annotation says natively (place, person, organization, concept, agreement, coder, note) counts.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, BinaryIO

from annotations.exchange.aside import Misshapen, Particulars, article_of, record_of, values_of
from annotations.exchange.dna import schema
from annotations.exchange.dna.claims import Claims, label_of
from annotations.exchange.dna.names import Names
from annotations.exchange.dna.tables import Entity, Stored, Tables, Variable, opened
from annotations.exchange.foreign import LabelTree
from annotations.exchange.neutral import (
    ActorRecord,
    ArticleRecord,
    CodebookRecord,
    FacetRecord,
    Record,
    Refusal,
    Remark,
    Row,
    TagRecord,
    slug_of,
)
from annotations.exchange.noted import edited, parsed, unnoted

KEPT = {"codebook": CodebookRecord, "facet": FacetRecord, "tag": TagRecord, "actor": ActorRecord}
WHO = ("person", "organization")
OUR_OWN = {kind.label: number for number, kind in schema.TYPES.items()}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def read(file: BinaryIO) -> Iterator[Row]:
    """The rows of such a database. Raises ReadError for what is none."""
    with opened(file) as tables:
        for line, what in enumerate(_Reading(tables).all(), start=1):
            yield Row(line, what)


class _Reading:
    """A database on its way into records."""

    def __init__(self, tables: Tables):
        self.tables = tables
        self.settings = tables.settings()
        self.ours = "crossread project" in self.settings
        self.kinds = {
            id: OUR_OWN.get(label, 0) if self.ours else 0 for id, label in tables.kinds.items()
        }
        self.kept: dict[type, list[Any]] = {shape: [] for shape in KEPT.values()}
        self.tags: dict[tuple[int, Any], str] = {}

    def all(self) -> Iterator[Record]:
        entities = self.tables.entities()
        yield from self._codebook(entities)
        claims = Claims(self.tables, self.kinds, self.tags, self.names)
        for document, statements in self.tables.documents():
            if document is None:
                for statement in statements:
                    yield Refusal(f"Statement {statement.id} is in no document of this file.")
                continue
            try:
                article, told, remarks = _article(document)
            except Misshapen as error:
                yield Refusal(f"Document {document.id} cannot be read: {error}")
                continue
            yield article
            yield from remarks
            yield from claims.of(statements, article, told)

    def _codebook(self, entities: list[Entity]) -> Iterator[Record]:
        """What Crossread left; then facets, tags and actors as far as DNA has more of them."""
        yield from self._left()
        self._rename(entities)
        own = self.kept
        labels = LabelTree(
            {tag.slug: tag.facet for tag in own[TagRecord]},
            {facet.slug: facet for facet in own[FacetRecord]},
        )
        for variable in self.tables.variables.values():
            if self._is_topic(variable):
                self._topic(variable, entities, labels)
        yield from own[CodebookRecord] + own[FacetRecord] + labels.facets() + own[TagRecord]
        yield from labels.tags()
        yield from own[ActorRecord] if self.ours else self._actors(entities)

    def _left(self) -> Iterator[Record]:
        for name, value in self.settings.items():
            shape = KEPT.get(name.split(" ")[1])
            if not shape:
                continue
            try:
                self.kept[shape].append(record_of(shape, parsed(value)))
            except Misshapen as error:
                yield Refusal(f"The setting “{name}” cannot be read: {error}")
        self.names = Names(self.kept[TagRecord], self.kept[ActorRecord])

    def _rename(self, entities: list[Entity]) -> None:
        """Tags whose concept was renamed in DNA are called so."""
        concepts = self.names.concepts
        called = {
            slug: entity.value
            for entity in reversed(entities)
            if (slug := entity.told.get(schema.SLUG, "")) in concepts
            and entity.value not in ("", concepts[slug])
        }
        self.kept[TagRecord] = [
            _relabelled(tag, called[tag.slug]) if tag.slug in called else tag
            for tag in self.kept[TagRecord]
        ]

    def _is_topic(self, variable: Variable) -> bool:
        """Whether the values of a variable are tags."""
        if self.kinds.get(variable.kind):
            return variable.name == "concept"
        return variable.holds != schema.LONG and variable.name not in (*WHO, "agreement")

    def _topic(self, variable: Variable, entities: list[Entity], labels: LabelTree) -> None:
        """Which tags the values of a variable are; new ones where they are no tags of ours."""
        if variable.holds == schema.SHORT:
            own = [one for one in entities if one.variable == variable.id and one.value.strip()]
        else:
            numbers = self.tables.numbers(variable)
            own = [Entity(variable.id, number, "", "", {}) for number in numbers]
        others = {one.name for one in self.tables.variables.values() if one.kind == variable.kind}
        stance = variable.name == "concept" and "agreement" in others
        for entity in own:
            slug, label = entity.told.get(schema.SLUG, ""), label_of(variable, entity.value)
            if slug in self.names.concepts:
                self.tags[variable.id, entity.value] = slug
            elif label:
                self.tags[variable.id, entity.value] = labels.tag(
                    label, labels.facet(variable.name, stance), entity.told.get("Notes", ""),
                    slug_of(entity.parent) if entity.parent else "", entity.colour,
                )  # fmt: skip

    def _actors(self, entities: list[Entity]) -> Iterator[Record]:
        """Organizations first: a person is part of those that she speaks for."""
        found = self.tables.variables.values()
        people, groups = ([one.id for one in found if one.name == name] for name in WHO)
        wholes: dict[str, dict[str, None]] = {}
        for person in people:
            for group in groups:
                for name, whole in self.tables.together(person, group):
                    if name and whole and name != whole:
                        wholes.setdefault(name, {})[whole] = None
        seen: set[str] = set()
        for ids in (groups, people):
            for entity in entities:
                name = entity.value.strip()
                if entity.variable in ids and name and name not in seen:
                    seen.add(name)
                    is_person = ids is people
                    yield _actor(entity, is_person, wholes.get(name, ()) if is_person else ())


def _article(document: Stored) -> tuple[ArticleRecord, Particulars, list[Remark]]:
    """The article of a document; what was kept of it, if it is one of ours; what is lost."""
    url, values = unnoted(document.notes)
    if values:
        told = _as_edited(record_of(Particulars, values), document, url)
        article = article_of(values_of(told), document.text)
        changed = article.newest.sha256 != values.get("sha256")
        remark = f"The text of document {document.id} was changed in DNA: it is a new article."
        return article, told, [Remark(remark)] if changed else []
    left = {"section": document.section, "type": document.type, "notes": document.notes}
    lost = ", ".join(f"{name} “{value}”" for name, value in left.items() if value.strip())
    told = Particulars(
        f"document-{document.id}", document.title, (document.author,) * bool(document.author),
        outlet=document.source, published_on=_day(document.day),
    )  # fmt: skip
    article = article_of(values_of(told), document.text, name=document.title)
    remarks = [Remark(f"Of document {document.id} is not kept: {lost}.")] * bool(lost)
    return article, told, remarks


def _as_edited(told: Particulars, document: Stored, url: str) -> Particulars:
    """What was kept of an article, with what was changed in DNA's own fields meanwhile."""
    authors = "; ".join(told.authors)
    written = edited(document.author, authors[: schema.MOST], authors)
    day = _day(document.day)
    return told._replace(
        title=edited(document.title, told.title[: schema.MOST], told.title),
        authors=told.authors if written == authors else tuple(written.split("; ")),
        outlet=edited(document.source, told.outlet[: schema.MOST], told.outlet),
        story=edited(document.section, told.story[: schema.MOST], told.story),
        language=document.type,
        published_on=None if day == EPOCH.date() and not told.published_on else day,
        url=url,
    )


def _day(seconds: float) -> date | None:
    try:
        return (EPOCH + timedelta(seconds=seconds)).date()
    except (OverflowError, ValueError):
        return None


def _relabelled(tag: TagRecord, label: str) -> TagRecord:
    *earlier, latest = tag.definitions
    return tag._replace(definitions=(*earlier, latest._replace(label=label)))


def _actor(entity: Entity, is_person: bool, wholes: Iterable[str]) -> ActorRecord:
    told = {name: value.strip() for name, value in entity.told.items() if value.strip()}
    alias = told.pop("Alias", "")
    notes = told.pop("Notes", "")
    return ActorRecord(
        entity.value.strip(), "person" if is_person else "",
        "\n".join([f"{name}: {value}" for name, value in told.items()] + [notes] * bool(notes)),
        part_of=tuple({"name": whole} for whole in wholes),
        aliases=({"name": alias},) if alias else (),
    )  # fmt: skip
