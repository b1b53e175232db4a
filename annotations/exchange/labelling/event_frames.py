"""Attributions in brat: events with a source, a cue and a content: a reader.

As the corpora PARC 3 and PolNeAR have them. The content is a claim, the source its claimant, the
cue a line of the note; a content in quotation marks is quoted, any other reported. An .ann may
be named after its .txt with `_` and the annotator, in another folder. Offsets count code points.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from annotations.anchors import AnchorError
from annotations.exchange.labelling.standoff import (
    EXPECTED,
    Event,
    Standoff,
    checked,
    files_of,
    flat,
    parsed,
    text_in,
)
from annotations.exchange.neutral import (
    AnnotationRecord,
    ArticleRecord,
    ReadError,
    Refusal,
    Remark,
    Row,
    annotation_on,
    part_of,
    text_of,
)

CONTENT, SOURCE, CUE = "content", "source", "cue"
LONGEST_NAME = 200
QUOTATION_MARKS = {"“": "”", "„": "“”", "«": "»", "»": "«", "‹": "›", "‘": "’", "‚": "‘’",
                   '"': '"', "'": "'", "「": "」", "『": "』"}  # fmt: skip


def read(file: BinaryIO) -> Iterator[Row]:
    """The rows of a zip archive of .txt and .ann files. Raises ReadError for anything else."""
    waiting: dict[str, bytes] = {}
    texts: list[str] = []
    for name, data in files_of(file):
        stem, _, ending = name.rpartition(".")
        if ending == "ann":
            waiting[stem] = data
        elif ending == "txt":
            texts.append(stem)
    if not texts:
        raise ReadError(f"There is no .txt in it. {EXPECTED}")
    found = _by_text(waiting, texts)
    file.seek(0)
    number = 0
    for name, data in files_of(file):
        if name.endswith(".txt"):
            number += 1
            for record in _document(name.removesuffix(".txt"), data, found):
                yield Row(number, record)
    for stem in waiting:
        if not any(stem in own for own in found.values()):
            yield Row(number + 1, Refusal(f"{stem}.ann: there is no .txt of its name."))


def _by_text(anns: Mapping[str, bytes], texts: list[str]) -> dict[str, dict[str, bytes]]:
    """The .ann files of each text, which they are named after."""
    by_name = {text.rpartition("/")[2]: text for text in texts}
    found: dict[str, dict[str, bytes]] = defaultdict(dict)
    for stem, data in anns.items():
        name = stem.rpartition("/")[2]
        own = stem if stem in texts else by_name.get(name)
        if own := own or by_name.get(name.rpartition("_")[0]):
            found[own][stem] = data
    return found


def _document(stem: str, data: bytes, anns: Mapping[str, dict[str, bytes]]) -> Iterator[Any]:
    """The article, and what each .ann says of it."""
    name = stem.rpartition("/")[2]
    try:
        article = text_of(text_in(data, f"{stem}.txt"), name=stem)
    except ReadError as error:
        yield Refusal(str(error))
        return
    yield article
    for place, ann in anns.get(stem, {}).items():
        author = place.rpartition("/")[2].removeprefix(name).removeprefix("_")
        try:
            found = parsed(text_in(ann, f"{place}.ann"))
        except ReadError as error:
            yield Refusal(str(error))
        else:
            yield from (Refusal(f"{place}.ann: {fault}.") for fault in found.faults)
            yield from _claims(f"{place}.ann", article, found, author)


def _claims(place: str, article: ArticleRecord, found: Standoff, author: str) -> Iterator[Any]:
    told: set[str] = set()
    for id, event in found.events.items():
        told |= {event.trigger, *(on for _, on in event.arguments)}
        try:
            yield _claim(f"{place}/{id}", article, found, event, author)
        except (AnchorError, KeyError) as error:
            reason = f"there is no {error}." if isinstance(error, KeyError) else str(error)
            yield Refusal(f"{place}, {id}: {reason}")
    for id, bound in found.bounds.items():
        if id not in told:
            yield Remark(f"{place}, {id}: “{bound.type}” is in no event; it was not kept.")


def _claim(
    id: str, article: ArticleRecord, found: Standoff, event: Event, author: str
) -> AnnotationRecord:
    """A claim. Raises AnchorError or KeyError if the event is not whole."""
    text = article.newest.text
    parts: dict[str, list[tuple[tuple[int, int], ...]]] = defaultdict(list)
    for role, on in event.arguments:
        # A second content is Content2.
        parts[role.rstrip("0123456789").lower()].append(checked(text, found.bounds[on]))
    if not parts[CONTENT]:
        raise AnchorError("it has no content.")
    spans = sorted({span for piece in parts[CONTENT] for span in piece})

    def words(role: str) -> list[str]:
        return [flat(" ".join(text[start:end] for start, end in piece)) for piece in parts[role]]

    names = [name for name in words(SOURCE) if name and len(name) <= LONGEST_NAME]
    notes = [f"Source: {name}" for name in words(SOURCE) if len(name) > LONGEST_NAME]
    notes += [f"Cue: {cue}" for cue in words(CUE)]
    return annotation_on(
        article, id=id, kind="claim", spans=spans, author=author, note="\n".join(notes),
        parts=[part_of("claimant", name) for name in dict.fromkeys(names)],
        attribution="quoted" if _quoted(text, spans) else "reported",
    )  # fmt: skip


def _quoted(text: str, spans: list[tuple[int, int]]) -> bool:
    """Whether every piece stands in quotation marks, within it or around it."""
    for start, end in spans:
        words = text[start:end].strip().rstrip(".,;:!?")
        around = text[start - 1 : start], text[end : end + 1]
        first, last = (words[:1], words[-1:]) if words[:1] in QUOTATION_MARKS else around
        if not first or not last or last not in QUOTATION_MARKS.get(first, ""):
            return False
    return True
