"""brat's standoff files: what a line of an .ann says, and which .txt it is about.

Offsets count code points, half-open, in the .txt as it is.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, NamedTuple

from annotations.anchors import AnchorError, quote_of
from annotations.exchange.neutral import ReadError
from annotations.exchange.packed import unzipped

EXPECTED = "Expected a zip file with pairs of a .txt and an .ann of the same name."
_BOUND = re.compile(r"(\S+) (\d{1,12} \d{1,12}(?:;\d{1,12} \d{1,12})*)(?:\t(.*))?")


class Bound(NamedTuple):
    """A text-bound annotation: its type, its pieces and how the file quotes them."""

    type: str
    spans: tuple[tuple[int, int], ...]
    text: str


class Event(NamedTuple):
    """An event: its type, the id of its trigger, and who takes part, as (role, id)."""

    type: str
    trigger: str
    arguments: tuple[tuple[str, str], ...]


class Tie(NamedTuple):
    """A relation between two annotations, or between each two of an equivalence."""

    id: str
    type: str
    ends: tuple[str, ...]


class Said(NamedTuple):
    """What an attribute, a normalisation or a note says of the annotation `on`."""

    id: str
    type: str
    on: str
    value: str


@dataclass
class Standoff:
    """An .ann file; `faults` are its lines that say nothing that brat would write."""

    bounds: dict[str, Bound] = field(default_factory=dict)
    events: dict[str, Event] = field(default_factory=dict)
    ties: list[Tie] = field(default_factory=list)
    attributes: list[Said] = field(default_factory=list)
    normalisations: list[Said] = field(default_factory=list)
    notes: list[Said] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def parsed(ann: str) -> Standoff:
    """What the lines of an .ann file say."""
    found = Standoff()
    for number, line in enumerate(ann.split("\n"), 1):
        id, _, told = line.rstrip("\r").partition("\t")
        if not line.strip():
            continue
        try:
            _take(found, id, told)
        except ValueError:
            found.faults.append(f"line {number} is no annotation: “{line.strip():.60}”")
    return found


def _take(found: Standoff, id: str, told: str) -> None:
    """Add what a line says. Raises ValueError if it says nothing."""
    head, _, tail = told.partition("\t")
    words = head.split()
    if id in found.bounds or id in found.events:
        raise ValueError
    match id[:1]:
        case "T":
            if not (match := _BOUND.fullmatch(told)):
                raise ValueError
            pieces = [piece.split() for piece in match[2].split(";")]
            spans = tuple((int(start), int(end)) for start, end in pieces)
            found.bounds[id] = Bound(match[1], spans, match[3] or "")
        case "E":
            (kind, trigger), *arguments = (word.split(":", 1) for word in words)
            found.events[id] = Event(kind, trigger, tuple((role, on) for role, on in arguments))
        case "R":
            kind, first, other = words
            ends = tuple(end.split(":", 1)[-1] for end in (first, other))
            found.ties.append(Tie(id, kind, ends))
        case "*":
            kind, *ends = words
            found.ties.append(Tie(id, kind, tuple(ends)))
        case "A" | "M":
            kind, on, *value = words
            found.attributes.append(Said(id, kind, on, " ".join(value)))
        case "N":
            kind, on, *reference = words
            told = f"{' '.join(reference)} {tail}".strip()
            found.normalisations.append(Said(id, kind, on, told))
        case "#":
            kind, on = words
            found.notes.append(Said(id, kind, on, tail))
        case _:
            raise ValueError


def checked(text: str, bound: Bound, whole_lines: bool = True) -> tuple[tuple[int, int], ...]:
    """The pieces in reading order. Raises AnchorError if they do not fit the text.

    brat writes a stretch that goes over the end of a line as two: if `whole_lines`, pieces that
    nothing but the end of a line parts are one.
    """
    quotes = [quote_of(text, start, end) for start, end in bound.spans]
    if bound.text and _plain(" ".join(quotes)) != _plain(bound.text):
        raise AnchorError(f"the text reads “{' '.join(quotes):.60}” there, not “{bound.text:.60}”.")
    pieces: list[tuple[int, int]] = []
    for start, end in sorted(bound.spans):
        between = text[pieces[-1][1] : start] if pieces else ""
        if whole_lines and "\n" in between and between.isspace():
            start = pieces.pop()[0]
        pieces.append((start, end))
    return tuple(pieces)


def flat(words: str) -> str:
    """Words on one line: a standoff file has one annotation a line, in fields parted by tabs."""
    return re.sub(r"\s", " ", words).strip()


def files_of(file: BinaryIO) -> Iterator[tuple[str, bytes]]:
    """The files of a zip archive. Raises ReadError for anything else."""
    if file.read(2) != b"PK":
        raise ReadError(f"This is no zip archive. {EXPECTED}")
    file.seek(0)
    return unzipped(file)


def text_in(data: bytes, name: str) -> str:
    """The text of a file in UTF-8. Raises ReadError for another encoding."""
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise ReadError(f"“{name}” is not in UTF-8, which brat writes.") from error


def pairs(
    files: Iterable[tuple[str, bytes]],
) -> Iterator[tuple[str, bytes | None, bytes | None]]:
    """The name without its ending, the .txt and the .ann of each document; one may be missing."""
    waiting: dict[str, dict[str, bytes]] = {}
    for name, data in files:
        stem, _, ending = name.rpartition(".")
        if ending in ("txt", "ann"):
            found = waiting.setdefault(stem, {})
            found[ending] = data
            if len(found) == 2:
                yield stem, found["txt"], found["ann"]
                del waiting[stem]
    for stem, found in waiting.items():
        yield stem, found.get("txt"), found.get("ann")


def _plain(words: str) -> str:
    return "".join(words.split())
