"""brat: a zip of standoff pairs and the configuration that they need: the writer.

Everybody's work is a folder (`analyst-…`), gold another (`gold`), texts without any are in
`open`. A claim or mention is text-bound, of several pieces if it has them; tags are attributes,
with the stance as their value, and so are attribution, certainty and flag; links are relations;
names are notes of the role's name, a note is brat's own. What standoff cannot say is a note of
type Crossread; the particulars of the articles and the codebook stand in files beside, which brat
leaves alone. Offsets count code points, half-open.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from annotations.content import ATTRIBUTIONS, CERTAINTIES, RELATIONS, STANCES
from annotations.exchange import aside
from annotations.exchange.labelling.brat_reader import (
    ANALYST,
    FOLDER,
    GOLD,
    NOTE,
    OWN_NOTE,
    UNSAID,
    attribute_of,
    read,
)
from annotations.exchange.labelling.standoff import flat
from annotations.exchange.neutral import AnnotationRecord, Document, Parcel
from annotations.exchange.packed import zipped

__all__ = ["read", "write"]

SHOWN = ("spans", "kind", "participants", "attribution", "certainty", "flagged")


def write(parcel: Parcel) -> Iterator[bytes]:
    """The pieces of the zip archive."""
    return zipped(_files(parcel))


def _files(parcel: Parcel) -> Iterator[tuple[str, Iterable[bytes]]]:
    yield "annotation.conf", [_configuration(parcel).encode()]
    yield "visual.conf", [_labels(parcel).encode()]
    yield aside.FILE, aside.lines(parcel)
    writer = _Writer(parcel)
    for document in parcel.documents(passages=True):
        yield f"{FOLDER}/{document.name}.json", [orjson.dumps(aside.particulars(document))]
        text = document.revision.text.encode()
        for folder, annotations in _works(document).items():
            lines = "".join(f"{line}\n" for line in writer.lines(annotations))
            yield f"{folder}/{document.name}.ann", [lines.encode()]
            yield f"{folder}/{document.name}.txt", [text]


def _works(document: Document) -> dict[str, list[AnnotationRecord]]:
    """What each person marked, and the gold, by folder."""
    works: dict[str, list[AnnotationRecord]] = {}
    for one in document.annotations:
        folder = GOLD if one.layer == "gold" else f"{ANALYST}{one.author}"
        works.setdefault(folder, []).append(one)
    return works or {"open": []}


class _Writer:
    """The lines of one .ann file after the other."""

    def __init__(self, parcel: Parcel):
        self.facets = parcel.facet_of_tags()
        takes = {facet.slug for facet in parcel.facets if facet.takes_stance}
        self.takes_stance = {slug for slug, facet in self.facets.items() if facet in takes}
        self.marked = aside.marked_names(parcel)

    def lines(self, annotations: list[AnnotationRecord]) -> Iterator[str]:
        ids = {one.id: f"T{nth}" for nth, one in enumerate(annotations, 1)}
        for one in annotations:
            where = ";".join(f"{span.start} {span.end}" for span in one.spans)
            words = " ".join(flat(span.quote) for span in one.spans)
            yield f"{ids[one.id]}\t{one.kind.capitalize()} {where}\t{words}"
        ties = [(ids[one.id], link) for one in annotations for link in one.links]
        ties = [(own, link) for own, link in ties if link.claim in ids]
        for nth, (own, link) in enumerate(ties, 1):
            yield f"R{nth}\t{link.relation} Arg1:{own} Arg2:{ids[link.claim]}"
        said = [f"{name} {ids[one.id]}{value}" for one in annotations
                for name, value in self._attributes(one)]  # fmt: skip
        yield from (f"A{nth}\t{told}" for nth, told in enumerate(said, 1))
        notes = [f"{kind} {ids[one.id]}\t{text}" for one in annotations
                 for kind, text in self._notes(one, ids)]  # fmt: skip
        yield from (f"#{nth}\t{told}" for nth, told in enumerate(notes, 1))

    def _attributes(self, one: AnnotationRecord) -> Iterator[tuple[str, str]]:
        for code in one.codings:
            asked = code.stance or code.slug in self.takes_stance
            yield attribute_of(code.slug), f" {code.stance or UNSAID}" if asked else ""
        if one.attribution:
            yield "Attribution", f" {one.attribution}"
        if one.certainty:
            yield "Certainty", f" {one.certainty}"
        if one.flagged:
            yield "Flagged", ""

    def _notes(self, one: AnnotationRecord, ids: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        for role, name in aside.names_of(one, self.marked):
            yield role.capitalize(), flat(name)
        if flat(one.note):
            yield NOTE, flat(one.note)
        elsewhere = [link for link in one.links if link.claim not in ids]
        shown = (*SHOWN, "note") if flat(one.note) == one.note else SHOWN
        said = aside.said(one, self.facets, shown, elsewhere, self.marked)
        # What is not ASCII is escaped, since some take more than LF for the end of a line.
        yield OWN_NOTE, aside.ascii_of(said)


def _configuration(parcel: Parcel) -> str:
    """What brat may annotate: annotation.conf."""
    takes = {facet.slug for facet in parcel.facets if facet.takes_stance}
    stances = f", Value:{'|'.join((UNSAID, *STANCES))}"
    tags = [f"{attribute_of(tag.slug)}\tArg:<ENTITY>{stances if tag.facet in takes else ''}"
            for tag in parcel.tags]  # fmt: skip
    relations = [f"{relation}\tArg1:Claim, Arg2:Claim" for relation in RELATIONS]
    return "\n".join(
        [
            "[entities]", "Claim", "Mention", "", "[relations]", *relations, "", "[events]", "",
            "[attributes]", f"Attribution\tArg:<ENTITY>, Value:{'|'.join(ATTRIBUTIONS[1:])}",
            f"Certainty\tArg:<ENTITY>, Value:{'|'.join(CERTAINTIES[1:])}",
            "Flagged\tArg:<ENTITY>", *tags, "",
        ]
    )  # fmt: skip


def _labels(parcel: Parcel) -> str:
    """How brat shows the tags: visual.conf."""
    labels = [f"{attribute_of(tag.slug)} | {flat(tag.label).replace('|', '/')}"
              for tag in parcel.tags]  # fmt: skip
    colours = [f"{tag}\tbgColor:{colour}" for tag, colour in COLOURS.items()]
    return "\n".join(["[labels]", *labels, "", "[drawing]", *colours, ""])


COLOURS = {"Claim": "#a8cdf0", "Mention": "#cfd5dd"}
