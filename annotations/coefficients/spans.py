"""How far coders agree on what they marked in the same texts.

A continuum is one text: its length, and for every coder, always in the same order of coders,
the marks she made as (start, end, category), in code points, half-open; None for a coder who did
not read this text, an empty list for one who read it and marked nothing. A text that fewer than
two coders read says nothing on their agreement and is left out, an empty mark marks nothing.
Marks of one coder may nest and cross; each measure says what it makes of that.

What nobody marked never raises an F1: only marks are counted. (`unitizing` compares gaps too, as
its papers define, and corrects for the agreement that gaps give by chance.)

Every measure raises Incomputable if there is none, and ValueError for a mark outside its text.
"""

import re
from abc import abstractmethod
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, combinations
from typing import NamedTuple

from annotations.coefficients.tally import Incomputable, Tally

Mark = tuple[int, int, str]
Place = tuple[int, int]

NOTHING_SHARED = "No text was read by two coders, so there is nothing to compare."
NOTHING_MARKED = "Nobody marked anything, so there is nothing to compare."
NOTHING_IN_COMMON = "No two coders marked anything to compare in the same texts."

# Scripts without blanks are taken letter by letter.
_TOKEN = re.compile(
    r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
    r"|[^\W\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
)


class Continuum(NamedTuple):
    """One text and its coders' marks; `tokens` are its words' places, for the token F1."""

    length: int
    coders: Sequence[Sequence[Mark] | None]
    tokens: Sequence[Place] | None = None


def tokens(text: str) -> list[Place]:
    """The places of a text's words: runs of letters and digits; punctuation is none.

    Of scripts that put no blanks between words every letter is one.
    """
    return [match.span() for match in _TOKEN.finditer(text)]


def of_category(continuum: Continuum, category: str) -> Continuum:
    """The same text with the marks of one category only; any measure of it is per category."""
    continuum = Continuum(*continuum)
    return continuum._replace(
        coders=[
            marks if marks is None else [mark for mark in marks if mark[2] == category]
            for marks in continuum.coders
        ]
    )


def f1_exact(continuum: Continuum) -> float:
    """The F1 of marks with the same start, end and category: mean over the pairs of coders.

    Of a pair, F1 is twice the marks found in both over the marks of both, which is the same
    whoever is taken as the reference; over several texts both are summed first. Pairs that
    marked nothing in common texts are left out of the mean. Hripcsak & Rothschild (2005),
    Agreement, the F-measure, and reliability in information retrieval, JAMIA 12.
    """
    return ExactF1([continuum]).whole()


def f1_overlap(continuum: Continuum) -> float:
    """The F1 of marks of the same category that share a code point or more.

    A mark is found once at most, so that a long mark does not stand for many short ones: of all
    ways to pair them the one with most pairs counts. Pairs of coders as in `f1_exact`.
    """
    return OverlapF1([continuum]).whole()


def f1_token(continuum: Continuum) -> float:
    """The F1 of marked tokens: a token counts once per category that is marked on it.

    A token is a word as the continuum's `tokens` place it (see `tokens`), marked if a mark
    shares a code point with it; of a continuum without them every code point is a token.
    Pairs of coders as in `f1_exact`.
    """
    return TokenF1([continuum]).whole()


class Spans(Tally):
    """What all these measures see in the same way: texts two coders read, marks that mark."""

    def __init__(self, continua: Iterable[Continuum]):
        self.continua = [_checked(Continuum(*continuum)) for continuum in continua]
        read = [[m for m in c.coders if m is not None] for c in self.continua]
        marked = [sum(map(len, coders)) if len(coders) > 1 else 0 for coders in read]
        self.shared = any(len(coders) > 1 for coders in read)
        self.units, self.filled = sum(marked), sum(map(bool, marked))
        self.coders = len(
            {
                nth
                for continuum, coders in zip(self.continua, read, strict=True)
                for nth, marks in enumerate(continuum.coders)
                if marks is not None and len(coders) > 1
            }
        )
        self.categories = sorted(
            {mark[2] for coders in read if len(coders) > 1 for marks in coders for mark in marks}
        )

    def check(self) -> None:
        """Raises Incomputable where no measure of spans has a value."""
        if not self.shared:
            raise Incomputable(NOTHING_SHARED)
        if not self.units:
            raise Incomputable(NOTHING_MARKED)


class F1(Spans):
    """Rows: for each pair of coders, what was found in both, and what there is of either."""

    def rows(self) -> list[list[int]]:
        self.check()
        most = max(len(continuum.coders) for continuum in self.continua)
        self.pairs = list(combinations(range(most), 2))
        return [
            list(chain.from_iterable(self._pair(continuum, *pair) for pair in self.pairs))
            for continuum in self.continua
        ]

    def _pair(self, continuum: Continuum, one: int, other: int) -> tuple[int, int]:
        if max(one, other) >= len(continuum.coders):
            return 0, 0
        marks, others = continuum.coders[one], continuum.coders[other]
        if marks is None or others is None:
            return 0, 0
        return self.compared(continuum, marks, others)

    @abstractmethod
    def compared(
        self, continuum: Continuum, marks: Sequence[Mark], others: Sequence[Mark]
    ) -> tuple[int, int]:
        """What two coders have in common in one text, and what they have together."""

    def value(self, sums: Sequence[int]) -> float:
        pairs = [(both, all_) for both, all_ in zip(sums[::2], sums[1::2], strict=True) if all_]
        if not pairs:
            raise Incomputable(NOTHING_IN_COMMON)
        return sum(2 * both / all_ for both, all_ in pairs) / len(pairs)


class ExactF1(F1):
    """Found are marks that are equal."""

    def compared(
        self, continuum: Continuum, marks: Sequence[Mark], others: Sequence[Mark]
    ) -> tuple[int, int]:
        return (Counter(marks) & Counter(others)).total(), len(marks) + len(others)


class OverlapF1(F1):
    """Found are marks that share text with another of their category, one with one."""

    def compared(
        self, continuum: Continuum, marks: Sequence[Mark], others: Sequence[Mark]
    ) -> tuple[int, int]:
        return _most_pairs(marks, others), len(marks) + len(others)


class TokenF1(F1):
    """Found are tokens that both marked as the same."""

    def compared(
        self, continuum: Continuum, marks: Sequence[Mark], others: Sequence[Mark]
    ) -> tuple[int, int]:
        both = all_ = 0
        for category in {mark[2] for mark in chain(marks, others)}:
            one, other = (
                _joined(self._covered(continuum, mark) for mark in side if mark[2] == category)
                for side in (marks, others)
            )
            both += sum(min(a[1], b[1]) - max(a[0], b[0]) for a, b in meeting(one, other))
            all_ += sum(end - start for start, end in chain(one, other))
        return both, all_

    def _covered(self, continuum: Continuum, mark: Mark) -> Place:
        """A mark in tokens, half-open."""
        if continuum.tokens is None:
            return mark[:2]
        start = bisect_right(continuum.tokens, mark[0], key=lambda token: token[1])
        return start, max(start, bisect_left(continuum.tokens, mark[1], key=lambda token: token[0]))


def meeting(ones: Sequence[Place], others: Sequence[Place]) -> Iterator[tuple[Place, Place]]:
    """Every place of the one row with every place of the other that it shares text with.

    Both rows are in order, and no place of a row overlaps another of it.
    """
    first = second = 0
    while first < len(ones) and second < len(others):
        one, other = ones[first], others[second]
        if one[0] < other[1] and other[0] < one[1]:
            yield one, other
        if one[1] <= other[1]:
            first += 1
        else:
            second += 1


def _checked(continuum: Continuum) -> Continuum:
    """The same without empty marks."""
    for start, end, _ in chain.from_iterable(marks or () for marks in continuum.coders):
        if not 0 <= start <= end <= continuum.length:
            raise ValueError(f"[{start}, {end}) leaves a text of {continuum.length} code points.")
    return continuum._replace(
        coders=[
            marks if marks is None else [(s, e, category) for s, e, category in marks if s < e]
            for marks in continuum.coders
        ]
    )


def _most_pairs(marks: Sequence[Mark], others: Sequence[Mark]) -> int:
    """How many pairs of overlapping marks of one category can be made at most, each used once.

    The mark that ends first takes the partner that ends first. Any other mark that ends later
    overlaps, of the same partners, just those that reach far enough: the ones that are left.
    """
    left = sorted(others, key=lambda mark: mark[1])
    pairs = 0
    for start, end, category in sorted(marks, key=lambda mark: mark[1]):
        for nth, other in enumerate(left):
            if other[0] < end and start < other[1] and category == other[2]:
                del left[nth]
                pairs += 1
                break
    return pairs


def _joined(places: Iterable[Place]) -> list[Place]:
    """What the places cover together, in order."""
    joined: list[Place] = []
    for start, end in sorted(places):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined
