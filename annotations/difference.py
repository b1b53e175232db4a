"""What differs between two texts, to be shown: paragraph by paragraph, word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

_WORD = re.compile(r"\s+|\w+|[^\w\s]")
_MOST_WORDS = 4_000_000  # pairs; of longer paragraphs the whole differs


@dataclass(frozen=True)
class Piece:
    """Words that are `same`, `gone` or `new`."""

    what: str
    words: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of either text: `same`, `gone`, `new`, or `changed` in some of its pieces.

    One that stands elsewhere now is `from` where it was, and `to` where it is.
    """

    what: str
    pieces: tuple[Piece, ...]


def difference(old: str, new: str) -> list[Paragraph]:
    """The paragraphs of both texts in reading order, what is gone before what is new."""
    olds, news = old.split("\n\n"), new.split("\n\n")
    found: list[Paragraph] = []
    matcher = SequenceMatcher(None, olds, news, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            found += [_whole("same", words) for words in olds[i1:i2]]
        else:
            found += _changed(olds[i1:i2], news[j1:j2])
    return _moved(found)


def words(old: str, new: str) -> tuple[Piece, ...]:
    """One stretch word by word; equal words in a row are one piece."""
    one, other = _WORD.findall(old), _WORD.findall(new)
    if len(one) * len(other) > _MOST_WORDS:
        return Piece("gone", old), Piece("new", new)
    pieces = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(one[i1:i2])))
        else:
            pieces.append(Piece("gone", "".join(one[i1:i2])))
            pieces.append(Piece("new", "".join(other[j1:j2])))
    return tuple(piece for piece in pieces if piece.words)


def _moved(found: list[Paragraph]) -> list[Paragraph]:
    """The same, where what is gone from one place and new at another is told as moved."""
    gone = {one.pieces[0].words for one in found if one.what == "gone"}
    both = gone & {one.pieces[0].words for one in found if one.what == "new"}
    ways = {"gone": "from", "new": "to"}
    return [
        Paragraph(ways[one.what], _whole("same", one.pieces[0].words).pieces)
        if one.what in ways and one.pieces[0].words in both
        else one
        for one in found
    ]


def _changed(olds: list[str], news: list[str]) -> Iterator[Paragraph]:
    for old, new in zip_longest(olds, news):
        if old is None or new is None:
            yield _whole("gone" if new is None else "new", old or new)
            continue
        pieces = words(old, new)
        kept = sum(len(piece.words) for piece in pieces if piece.what == "same")
        if 2 * kept >= min(len(old), len(new)):
            yield Paragraph("changed", pieces)
        else:
            yield _whole("gone", old)
            yield _whole("new", new)


def _whole(what: str, words: str) -> Paragraph:
    return Paragraph(what, (Piece(what, words),))
