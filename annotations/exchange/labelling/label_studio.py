"""Label Studio: a zip of `tasks.json` and the labelling configuration, `label-config.xml`.

A task is a text. Each person's work on it is one of its annotations, gold is the ground truth;
what came from a suggestion is a prediction as well. A piece of a claim or mention is a region
labelled with its tags (`@claim` without any, `@mention`); later pieces are tied to the first by a
relation `piece`. Stance, attribution, certainty and flag are choices of the first region, names
and note its text areas, links are relations. What Label Studio has no place for stands under
`crossread` in the task's data and the region's meta, and in a file beside. Offsets count code
points, half-open.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson
from lxml import etree

from annotations.content import ATTRIBUTIONS, CERTAINTIES, RELATIONS, ROLES, STANCES
from annotations.exchange import aside
from annotations.exchange.labelling.label_studio_reader import (
    ALL_ROLES,
    BARE,
    FLAGGED,
    LABELS,
    NOTE,
    PIECE,
    STANCE,
    TEXT,
    read,
)
from annotations.exchange.markup import legal
from annotations.exchange.neutral import AnnotationRecord, Document, Parcel, TagRecord
from annotations.exchange.packed import zipped

__all__ = ["read", "write"]

SHOWN = ("spans", "participants", "attribution", "certainty", "note", "flagged")
BARE_COLOURS = {"@mention": "#7a8699", "@claim": "#4a90d9"}
COLOUR = "#4a90d9"


def write(parcel: Parcel) -> Iterator[bytes]:
    """The pieces of the zip archive."""
    tasks = _Tasks(parcel)
    return zipped(
        [
            ("tasks.json", tasks.pieces()),
            ("label-config.xml", _config(parcel, tasks.stances)),
            (aside.FILE, aside.lines(parcel)),
        ]
    )


class _Tasks:
    """The tasks one after the other; `stances` are those that were taken, as they are chosen."""

    def __init__(self, parcel: Parcel):
        self.parcel = parcel
        self.facets = parcel.facet_of_tags()
        self.stances: set[str] = set()
        self._annotations = 0

    def pieces(self) -> Iterator[bytes]:
        marked = aside.marked_names(self.parcel)
        yield b"["
        for number, document in enumerate(self.parcel.documents(passages=True), 1):
            yield b",\n" if number > 1 else b"\n"
            yield orjson.dumps(self._task(number, document, marked))
        yield b"\n]\n"

    def _task(self, number: int, document: Document, marked: Mapping[str, str]) -> dict[str, Any]:
        work: dict[tuple[str, str], list[AnnotationRecord]] = defaultdict(list)
        for annotation in document.annotations:
            work[annotation.layer, annotation.author].append(annotation)
        data = {"text": document.revision.text, "title": document.article.title}
        return {
            "id": number,
            "data": {**data, "crossread": aside.particulars(document)},
            "annotations": [self._work(layer, own, marked) for (layer, _), own in work.items()],
            "predictions": [
                {"model_version": f"{one.tool} {one.tool_version}".strip(), "result": result}
                for one in document.annotations
                if one.origin == "suggestion"
                for result in [self._regions(one, {one.id}, marked)]
            ],
        }

    def _work(
        self, layer: str, own: list[AnnotationRecord], marked: Mapping[str, str]
    ) -> dict[str, Any]:
        """What one person marked; relations come after all the regions that they may name.

        Who that is stands with the regions only: Label Studio knows people by its own numbers,
        and takes no file that has another in `completed_by`.
        """
        self._annotations += 1
        here = {one.id for one in own}
        regions = [region for one in own for region in self._regions(one, here, marked)]
        result = sorted(regions, key=lambda region: region["type"] == "relation")
        return {
            "id": self._annotations,
            "result": result,
            "result_count": sum(len(one.spans) for one in own),
            "ground_truth": layer == "gold",
            "was_cancelled": False,
            "lead_time": None,
            "created_at": min(one.created for one in own),
            "updated_at": max(one.updated for one in own),
        }

    def _regions(
        self, one: AnnotationRecord, here: set[str], marked: Mapping[str, str]
    ) -> list[dict[str, Any]]:
        """The regions of an annotation, and its relations to those that are `here`."""
        labels = [code.slug for code in one.codings]
        if one.kind == "mention" or not labels:
            labels.insert(0, BARE[one.kind])
        ids = [f"{one.id}.{nth}" if nth else one.id for nth in range(len(one.spans))]
        regions = [
            _region(id, LABELS, "labels", span, text=span.quote, labels=labels)
            for id, span in zip(ids, one.spans, strict=True)
        ]
        elsewhere = [link for link in one.links if link.claim not in here]
        said = aside.said(one, self.facets, SHOWN, elsewhere, marked)
        regions[0]["meta"] = {"crossread": said}
        regions += self._answers(one, marked)
        regions += [_relation(one.id, id, PIECE) for id in ids[1:]]
        ties = (link for link in one.links if link.claim in here)
        return regions + [_relation(one.id, tie.claim, tie.relation) for tie in ties]

    def _answers(
        self, one: AnnotationRecord, marked: Mapping[str, str]
    ) -> Iterator[dict[str, Any]]:
        """The choices and text areas of the first region."""
        stances = [f"{code.slug}: {code.stance}" for code in one.codings if code.stance]
        self.stances.update(stances)
        flag = [FLAGGED] if one.flagged else []
        choices = {
            STANCE: stances, "attribution": [one.attribution], "certainty": [one.certainty],
            FLAGGED: flag,
        }  # fmt: skip
        span = one.spans[0]
        for name, chosen in choices.items():
            if any(chosen):
                text = span.quote
                yield _region(one.id, name, "choices", span, text=text, choices=chosen)
        texts: dict[str, list[str]] = {role: [] for role in ROLES[one.kind]}
        for role, name in aside.names_of(one, marked):
            texts[role].append(name)
        for name, told in {**texts, NOTE: [one.note] if one.note else []}.items():
            if told:
                yield _region(one.id, name, "textarea", span, text=told)


def _region(id: str, control: str, kind: str, span: Any, **value: Any) -> dict[str, Any]:
    where = {"start": span.start, "end": span.end}
    return {
        "id": id, "from_name": control, "to_name": TEXT, "type": kind, "origin": "manual",
        "value": where | value,
    }  # fmt: skip


def _relation(first: str, other: str, label: str) -> dict[str, Any]:
    return {
        "from_id": first, "to_id": other, "type": "relation", "direction": "right",
        "labels": [label],
    }  # fmt: skip


def _config(parcel: Parcel, taken: set[str]) -> Iterator[bytes]:
    """The labelling configuration; asked for after the tasks, since it has all that was taken."""
    view = etree.Element("View")
    # Without it blanks and the ends of lines are not shown as they are counted.
    etree.SubElement(view, "Style").text = ".htx-text { white-space: pre-wrap; }"
    etree.SubElement(view, "Header", value="$title")
    labels = etree.SubElement(view, "Labels", name=LABELS, toName=TEXT, choice="multiple")
    for bare, colour in BARE_COLOURS.items():
        etree.SubElement(labels, "Label", value=bare, background=colour)
    for tag in parcel.tags:
        _label(labels, tag)
    ties = etree.SubElement(view, "Relations")
    for relation in (PIECE, *RELATIONS):
        etree.SubElement(ties, "Relation", value=relation)
    etree.SubElement(view, "Text", name=TEXT, value="$text")
    takes = {facet.slug for facet in parcel.facets if facet.takes_stance}
    asked = [tag.slug for tag in parcel.tags if tag.facet in takes]
    offered = [f"{slug}: {stance}" for slug in asked for stance in STANCES]
    _choices(view, STANCE, [*offered, *sorted(taken - set(offered))], "multiple")
    _choices(view, "attribution", ATTRIBUTIONS[1:])
    _choices(view, "certainty", CERTAINTIES[1:])
    _choices(view, FLAGGED, [FLAGGED], "multiple")
    for role in ALL_ROLES:
        _area(view, role)
    _area(view, NOTE)
    yield etree.tostring(view, encoding="utf-8", pretty_print=True)


def _label(labels: etree._Element, tag: TagRecord) -> None:
    """A tag's label as it is shown; what is stored is the alias, its slug."""
    colour = {"background": tag.colour or COLOUR}
    told = " ".join(legal(tag.definition).split())
    hint = {"hint": told} if told else {}
    etree.SubElement(labels, "Label", value=legal(tag.label), alias=tag.slug, **colour, **hint)


def _choices(
    view: etree._Element, name: str, values: Iterable[str], choice: str = "single"
) -> None:
    """A question with these answers, asked of each region; none if there is no answer."""
    if not values:
        return
    etree.SubElement(view, "Header", value=name.capitalize())
    asked = etree.SubElement(
        view, "Choices", name=name, toName=TEXT, perRegion="true", choice=choice
    )
    for value in values:
        etree.SubElement(asked, "Choice", value=value)


def _area(view: etree._Element, name: str) -> None:
    etree.SubElement(view, "Header", value=name.capitalize())
    etree.SubElement(
        view, "TextArea", name=name, toName=TEXT, perRegion="true", editable="true",
        maxSubmissions="1" if name == NOTE else "20", displayMode="region-list",
    )  # fmt: skip
