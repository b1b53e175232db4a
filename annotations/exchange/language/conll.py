"""CoNLL-2003: a token on each line with its label as BIO, a sentence for each passage.

A token has one label, so there is a file for each document, person (or `gold`), and set of labels:
`mentions`, `claims`, and one for each facet. Where annotations of one set overlap, the outermost
is kept; a piece that ends within a token is widened to it. Either is said in `losses.txt`.
"""

import re
import tempfile
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise, takewhile
from typing import IO, Any, NamedTuple

import orjson

from annotations.exchange import aside
from annotations.exchange.language.marks import Mark, Marks
from annotations.exchange.neutral import Document, Parcel
from annotations.exchange.packed import zipped

# What belongs to the sign before it: accents, joiners, variants of emoji.
_JOINED = "".join(
    re.escape(sign) for sign in map(chr, range(0x10000)) if unicodedata.category(sign)[0] == "M"
)
# Writing that does not part words: each of its signs is a token.
_UNPARTED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = rf"[^\W{_UNPARTED}](?:[^\W{_UNPARTED}]|[{_JOINED}\u200c\u200d])*"
TOKEN = re.compile(
    rf"{_WORD}(?:['’\-]{_WORD})*|[{_UNPARTED}][{_JOINED}]*"
    rf"|[^\w\s](?:[{_JOINED}]|\u200d[^\w\s]?)*"
)
START = "-DOCSTART- -X- -X- O\n\n"
ABOUT, LOSSES = "documents.jsonl", "losses.txt"


class Token(NamedTuple):
    """Code points, half-open, and the number of its passage."""

    start: int
    end: int
    passage: int


def write(parcel: Parcel) -> Iterator[bytes]:
    """The pieces of the archive: `gold/claims/….conll`, `by-ada/facet.tone/….conll` and so on.

    The four columns are token, `-X-`, `-X-` and label, parted by a blank. An annotation begins
    anew with each of its pieces and in each passage. The codebook and actors are beside them as
    lines of JSON, and in `documents.jsonl` is of which article each document is.
    """
    with tempfile.SpooledTemporaryFile(1 << 20, "w+", encoding="utf-8", newline="\n") as losses:
        yield from zipped(_files(parcel, losses))


def _files(parcel: Parcel, losses: IO[str]) -> Iterator[tuple[str, Iterable[bytes]]]:
    yield aside.FILE, aside.lines(parcel)
    yield ABOUT, (orjson.dumps(about, option=orjson.OPT_APPEND_NEWLINE) for about in _about(parcel))
    marks = Marks(parcel)
    for document in parcel.documents(passages=True):
        tokens = tokens_of(document)
        found = [mark for annotation in document.annotations for mark in marks.of(annotation)]
        for folder, own in sorted(_sets(found).items()):
            name = f"{folder}/{document.name}.conll"
            labels, lost = labelled(tokens, own)
            losses.writelines(f"{name}: {line}\n" for line in lost)
            yield name, [_lines(document.revision.text, tokens, labels).encode()]
    losses.seek(0)
    yield LOSSES, (line.encode() for line in losses)


def _about(parcel: Parcel) -> Iterator[dict[str, Any]]:
    for document in parcel.documents():
        yield aside.particulars(document)


def tokens_of(document: Document) -> list[Token]:
    """The tokens of the text; only blanks are in none."""
    text, passages = document.revision.text, document.revision.passages
    slices = [(passage.start, passage.end) for passage in passages] or [(0, len(text))]
    return [
        Token(*found.span(), number)
        for number, ends in enumerate(slices)
        for found in TOKEN.finditer(text, *ends)
    ]


def labelled(tokens: Sequence[Token], marks: Iterable[Mark]) -> tuple[dict[int, str], list[str]]:
    """The labels of tokens by where they start, and what is lost of the marks.

    Of marks that overlap the longest is kept, of equals the first.
    """
    ends = [token.end for token in tokens]
    labels: dict[int, str] = {}
    lost = []
    for mark in sorted(marks, key=lambda mark: (mark.start - mark.end, mark.start)):
        rest = islice(tokens, bisect_right(ends, mark.start), None)
        own = list(takewhile(lambda token, mark=mark: token.start < mark.end, rest))
        told = f"{mark.id} {mark.label} {mark.start}-{mark.end}"
        if any(token.start in labels for token in own):
            lost.append(f"{told}: left out, since it overlaps another")
            continue
        if not own:
            lost.append(f"{told}: left out, since there is no word in it")
            continue
        if (own[0].start, own[-1].end) != (mark.start, mark.end):
            lost.append(f"{told}: widened to {own[0].start}-{own[-1].end}, to whole tokens")
        for before, token in pairwise([None, *own]):
            begins = before is None or before.passage != token.passage
            labels[token.start] = f"{'B' if begins else 'I'}-{mark.label}"
    return labels, lost


def _sets(marks: Iterable[Mark]) -> dict[str, list[Mark]]:
    """The marks by the folder that they go in; a piece is in one only once."""
    found: dict[str, dict[tuple, Mark]] = {}
    for mark in marks:
        who = "gold" if mark.layer == "gold" else f"by-{mark.author}"
        found.setdefault(f"{who}/{mark.kind}s", {})[mark.id, mark.start] = mark._replace(
            label=mark.label if mark.kind == "mention" else mark.kind
        )
        if mark.facet:
            found.setdefault(f"{who}/facet.{mark.facet}", {})[mark.id, mark.start, mark.label] = (
                mark
            )
    return {folder: list(own.values()) for folder, own in found.items()}


def _lines(text: str, tokens: Sequence[Token], labels: dict[int, str]) -> str:
    written = [START]
    for before, token in pairwise([None, *tokens]):
        if before and before.passage != token.passage:
            written.append("\n")
        label = labels.get(token.start, "O")
        written.append(f"{text[token.start : token.end]} -X- -X- {label}\n")
    return "".join(written)
