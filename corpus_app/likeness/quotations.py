"""Direct quotations in a text, and whether two of them are the same one, cut or changed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from corpus_app.likeness.stretches import Stretch, difference, equal
from corpus_app.likeness.words import Words, amount

# What closes a quotation that a mark opens. Some marks open in one country and close in another.
CLOSING = {
    "“": "”", "„": "“”", "‟": "”", "«": "»", "»": "«", "”": "”", "‹": "›", "›": "‹", "‘": "’",
    "‚": "‘’", "「": "」", "『": "』", "〝": "〞〟", "＂": "＂", '"': '"', "'": "'",
}  # fmt: skip
ALWAYS_OPEN = "“„‟«‹‚「『〝"
MARKS = "".join({*CLOSING, *"".join(CLOSING.values())})
MARK = re.compile(f"[{re.escape(MARKS)}]")
MOST_OPEN = 32
LEAST_WORDS = 5
LEAST_RUN = 4  # equal words in a row, below which two quotations are alike by chance
LEAST_SHARE = 0.7  # of the shorter one's words


@dataclass(frozen=True)
class Quotation:
    """What stands between two marks, `[start, end)` in code points, without the marks."""

    start: int
    end: int


class Fate(StrEnum):
    """What became of a quotation in another text."""

    SAME = "same"
    SHORTER = "shorter"
    LONGER = "longer"
    CHANGED = "changed"


def quotations(text: str) -> list[Quotation]:
    """The direct quotations of a text, outer and inner ones, in order of their beginning.

    A quotation ends with its line, unless the next line that is not empty opens with the same
    mark again: then it goes on there. What is not closed is none.
    """
    found: list[Quotation] = []
    waiting: list[tuple[str, int]] = []
    for start, end in _lines(text):
        begin = start
        if waiting:
            mark = waiting[0][0]
            again = text[start] == mark or (text[start] in CLOSING[mark] and mark in "«»")
            waiting, begin = (waiting[:1], start + 1) if again else ([], start)
        for match in MARK.finditer(text, begin, end):
            _meet(text, match.start(), waiting, found)
    return sorted(found, key=lambda one: (one.start, -one.end))


def same_quotation(later: Words, source: Words) -> Stretch | None:
    """The whole of both quotations if one is the other, cut or with words changed.

    They share LEAST_SHARE of the words of the shorter one, and LEAST_RUN in a row.
    """
    least = min(amount(later.folded), amount(source.folded))
    if least < LEAST_WORDS:
        return None
    blocks = equal(later, source)
    longest = max((block.size for block in blocks), default=0)
    alike = sum(block.size for block in blocks)
    if longest < LEAST_RUN or alike < LEAST_SHARE * min(len(later), len(source)):
        return None
    return Stretch(
        later.places[0][0], later.places[-1][1], source.places[0][0], source.places[-1][1],
        alike / max(len(later), len(source)),
    )  # fmt: skip


def fate(source: str, later: str) -> Fate:
    """Whether the later quotation is shorter than its source, longer, or says something else."""
    ops = {change.op for change in difference(source, later)} - {"equal"}
    if not ops:
        return Fate.SAME
    return {frozenset({"delete"}): Fate.SHORTER, frozenset({"insert"}): Fate.LONGER}.get(
        frozenset(ops), Fate.CHANGED
    )


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Where each line that is not empty begins, its indent left out, and ends."""
    for match in re.finditer(r"\S[^\n]*", text):
        yield match.start(), match.end()


def _meet(text: str, place: int, waiting: list[tuple[str, int]], found: list[Quotation]) -> None:
    """Close the quotation that this mark closes, or open one, or take it for an apostrophe."""
    mark = text[place]
    before = text[place - 1] if place else " "
    after = text[place + 1] if place + 1 < len(text) else " "
    if mark in "'’" and before.isalnum() and after.isalnum():
        return
    opened = [n for n, (opening, _) in enumerate(waiting) if mark in CLOSING[opening]]
    if opened and not (mark in "\"'" and before.isspace() and not after.isspace()):
        _, start = waiting[opened[-1]]
        del waiting[opened[-1] :]
        if start < place:
            found.append(Quotation(start, place))
    elif mark in ALWAYS_OPEN or (mark in CLOSING and not before.isalnum() and not after.isspace()):
        waiting.append((mark, place + 1))
        # So many that none closes are no quotations, and looking through all would take minutes.
        del waiting[:-MOST_OPEN]
