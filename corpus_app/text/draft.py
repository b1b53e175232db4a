"""A text as one edits it: in one field, passages parted by blank lines.

A passage begins with its kind in square brackets, such as `[caption] The harbour at dusk`; body
text needs none. Everything else is kept as it is typed.
"""

import re
from collections.abc import Sequence
from itertools import groupby

from corpus_app.text import KINDS, Slice, normalise

BODY = "body"
NAMES = tuple(dict.fromkeys(KINDS.values()))
_MARK = re.compile(rf"\[({'|'.join(NAMES)})\][ \n]?", re.IGNORECASE)
_PARTING = "\n\n"


class DraftError(ValueError):
    """A draft that is no text; the message says where and why."""


def written(text: str, slices: Sequence[Slice]) -> str:
    """The draft of a text with these passages."""
    return _PARTING.join(_marked(piece.kind, text[piece.start : piece.end]) for piece in slices)


def read(draft: str) -> tuple[str, list[Slice]]:
    """The text and the passages that a draft means; `read(written(…))` gives the same again.

    Line ends become LF and characters are composed (NFC), nothing else is changed. Raises
    DraftError for a kind without words, and if there is no text at all.
    """
    pieces: list[str] = []
    slices: list[Slice] = []
    position = 0
    for number, passage in enumerate(_passages(normalise(draft)), start=1):
        mark = _MARK.match(passage)
        piece = passage[mark.end() :] if mark else passage
        if not piece.strip():
            raise DraftError(f"Passage {number} is “{passage.strip()}” and has no words.")
        pieces.append(piece)
        kind = mark[1].lower() if mark else BODY
        slices.append(Slice(kind, position, position + len(piece)))
        position += len(piece) + len(_PARTING)
    if not pieces:
        raise DraftError("There is no text in it.")
    return _PARTING.join(pieces), slices


def _marked(kind: str, passage: str) -> str:
    """Body text is marked too where it would be taken for a mark itself."""
    plain = kind == BODY and not _MARK.match(passage)
    return passage if plain else f"[{kind}] {passage}"


def _passages(draft: str) -> list[str]:
    """The runs of lines between blank ones."""
    lines = draft.split("\n")
    runs = groupby(lines, key=lambda line: not line.strip())
    return ["\n".join(run) for blank, run in runs if not blank]
