"""How far coders agree on cutting texts into units: two measures, not to be confused.

αU of 1995 and 2004 goes by the squares of what lies between the ends of units, uα of 2016 by the
lengths on which coders agree; their values differ. Both compare gaps as well as units, as
their papers define, and both expect that gaps agree by chance as often as they are long: text
that nobody marks raises what is observed and what is expected.

Continua are those of `spans`. Several texts are taken as one long one: chance moves the units of
all texts through all of them, but a gap ends where its text ends. Texts may have different
numbers of coders; as with missing values in α, a coder then counts by 1 / (their number − 1).
"""

from abc import abstractmethod
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate, chain, combinations, pairwise
from math import lcm

from annotations.coefficients.spans import (
    NOTHING_SHARED,
    Continuum,
    Mark,
    Place,
    Spans,
    meeting,
)
from annotations.coefficients.tally import Incomputable, dot

NO_VARIATION = (
    "Everybody marked all of the text as one and the same. Without variation, agreement cannot be "
    "told from chance."
)

Kinds = frozenset[str]  # of the categories marked on one piece of text; empty in a gap
Piece = tuple[int, int, Kinds]


def alpha_u(continuum: Continuum) -> float:
    """Krippendorff's αU of 1995 and 2004, by the squares of what lies between the marks' ends.

    Krippendorff (1995), On the reliability of unitizing contiguous data, Sociological
    Methodology 25; Krippendorff (2004), Content Analysis, 2nd ed., chapter 11. Each category
    is a continuum of its own, the whole is 1 − Σ observed / Σ expected over the categories.
    Overlapping marks of one coder and category are one, from the first start to the last end;
    marks that only touch are two. Of several texts, gaps end where a text ends, and chance
    moves marks of all lengths through all texts. It is not uα of 2016, see `u_alpha`.
    """
    return AlphaU([continuum]).whole()


def u_alpha(continuum: Continuum) -> float:
    """uα of 2016, by the lengths on which two coders agree.

    Krippendorff, Mathet, Bouvry & Widlöcher (2016), On the reliability of unitizing textual
    continua: Further developments, Quality & Quantity 50. The paper lets every coder cut the
    text into units that do not overlap. Overlapping marks of one coder and category are
    therefore one; where marks of several categories overlap, the text is cut at their ends and
    what they share is of a category of its own. It is not αU of 1995 and 2004, see `alpha_u`.
    """
    return UAlpha([continuum]).whole()


class Unitized(Spans):
    """What both measures need: texts that two or more read."""

    def rows(self) -> list[list[int]]:
        self.check()
        self.read = [[m for m in c.coders if m is not None] for c in self.continua]
        self.scale = lcm(*(len(coders) - 1 for coders in self.read if len(coders) > 1))
        self.prepare()
        return [
            self.row(continuum.length, coders if len(coders) > 1 else [])
            for continuum, coders in zip(self.continua, self.read, strict=True)
        ]

    @abstractmethod
    def prepare(self) -> None:
        """What has to be known of all texts before any is counted."""

    @abstractmethod
    def row(self, length: int, coders: Sequence[Sequence[Mark]]) -> list[int]:
        """What one text adds; nobody's marks add nothing."""

    def weight(self, coders: Sequence) -> int:
        """What a pair of coders counts in both directions, over the scale."""
        return 2 * self.scale // (len(coders) - 1) if coders else 0


class AlphaU(Unitized):
    """Rows: all text there is; then for each category what is observed, how many units, two powers
    of their lengths, and for each length its units and the places in gaps for one of it.
    """

    def prepare(self) -> None:
        self.lengths: dict[str, list[int]] = {}
        for category in self.categories:
            units = (_sections(m, category) for coders in self.read for m in coders)
            self.lengths[category] = sorted({_long(unit) for unit in chain.from_iterable(units)})

    def row(self, length: int, coders: Sequence[Sequence[Mark]]) -> list[int]:
        row = [len(coders) * length]
        for category, lengths in self.lengths.items():
            row += self._of_category([_sections(m, category) for m in coders], length, lengths)
        return row

    def _of_category(
        self, coders: Sequence[Sequence[Place]], length: int, lengths: Sequence[int]
    ) -> Iterator[int]:
        apart = sum(_apart(one, other) for one, other in combinations(coders, 2))
        units = Counter(_long(unit) for unit in chain.from_iterable(coders))
        gaps = [_long(gap) for one in coders for gap in _gaps(one, length)]
        yield self.weight(coders) * apart
        yield units.total()
        yield sum(n * (long * (long - 1) * (2 * long - 1) // 3) for long, n in units.items())
        yield sum(n * long * (long - 1) for long, n in units.items())
        for long, places in zip(lengths, _places(gaps, lengths), strict=True):
            yield units[long]
            yield places

    def value(self, sums: Sequence[int]) -> float:
        text, *rest = sums
        if not text:
            raise Incomputable(NOTHING_SHARED)
        wide = (4 + 2 * len(lengths) for lengths in self.lengths.values())
        observed, expected = 0, 0.0
        for lengths, cut in zip(
            self.lengths.values(), pairwise(accumulate(wide, initial=0)), strict=True
        ):
            apart, units, cubes, squares, *by_length = rest[slice(*cut)]
            if units:
                free = zip(by_length[::2], by_length[1::2], lengths, strict=True)
                moved = sum(many * places * long * long for many, places, long in free)
                expected += ((units - 1) * cubes + moved) / (text * (text - 1) - squares)
                observed += apart
        if not expected:
            raise Incomputable(NO_VARIATION)
        return 1 - observed / (2 * self.scale * text * expected)


class UAlpha(Unitized):
    """Rows: the length that pairs agree on, that of what each unit is with itself, and the length
    of each category, gaps first.
    """

    def prepare(self) -> None:
        cut = (_pieces(m, c.length) for c, coders in self._texts() for m in coders)
        kinds = dict.fromkeys([frozenset(), *(kinds for *_, kinds in chain.from_iterable(cut))])
        self.place = {kinds: 2 + nth for nth, kinds in enumerate(kinds)}

    def _texts(self) -> Iterator[tuple[Continuum, list[Sequence[Mark]]]]:
        return zip(self.continua, self.read, strict=True)

    def row(self, length: int, coders: Sequence[Sequence[Mark]]) -> list[int]:
        row = [0] * (2 + len(self.place))
        cut = [_pieces(marks, length) for marks in coders]
        row[0] = self.weight(coders) * sum(_agreed(a, b) for a, b in combinations(cut, 2))
        for start, end, kinds in chain.from_iterable(cut):
            row[1] += (end - start) ** 2 if kinds else end - start
            row[self.place[kinds]] += end - start
        return row

    def value(self, sums: Sequence[int]) -> float:
        agreed, own, *lengths = sums
        text = sum(lengths)
        expected = self.scale * text * (text * text - dot(lengths, lengths))
        if not expected:
            raise Incomputable(NO_VARIATION if text else NOTHING_SHARED)
        observed = (self.scale * text - agreed) * (text * text - own)
        return (expected - observed) / expected


def _sections(marks: Sequence[Mark], category: str) -> list[Place]:
    """One coder's units of a category, in order: overlapping ones are one, touching ones two."""
    sections: list[Place] = []
    for start, end, _ in sorted(mark for mark in marks if mark[2] == category):
        if sections and start < sections[-1][1]:
            sections[-1] = sections[-1][0], max(end, sections[-1][1])
        else:
            sections.append((start, end))
    return sections


def _gaps(units: Sequence[Place], length: int) -> list[Place]:
    """What lies before, between and after a coder's units."""
    ends = [(0, 0), *units, (length, length)]
    return [(one[1], other[0]) for one, other in pairwise(ends) if one[1] < other[0]]


def _places(gaps: Sequence[int], lengths: Sequence[int]) -> Iterator[int]:
    """For each length, in how many places a unit of it would fit into gaps of these lengths."""
    gaps = sorted(gaps)
    below = list(accumulate(gaps, initial=0))
    for long in lengths:
        nth = bisect_left(gaps, long)
        yield below[-1] - below[nth] - (len(gaps) - nth) * (long - 1)


def _apart(ones: Sequence[Place], others: Sequence[Place]) -> int:
    """How far two coders' units are apart: by the squares of what lies between the ends of those
    that overlap, and by the square of its length for each that lies in the other's gap.
    """
    met: set[Place] = set()
    there: set[Place] = set()
    apart = 0
    for one, other in meeting(ones, others):
        met.add(one)
        there.add(other)
        apart += (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2
    alone = [*(unit for unit in ones if unit not in met), *(u for u in others if u not in there)]
    return apart + sum(_long(unit) ** 2 for unit in alone)


def _pieces(marks: Sequence[Mark], length: int) -> list[Piece]:
    """One coder's text without a rest: units and gaps, each with the categories marked on it."""
    edges: dict[int, tuple[list[str], list[str]]] = {0: ([], []), length: ([], [])}
    for category in {mark[2] for mark in marks}:
        for start, end in _sections(marks, category):
            edges.setdefault(start, ([], []))[0].append(category)
            edges.setdefault(end, ([], []))[1].append(category)
    pieces, kinds = [], set()
    for start, end in pairwise(sorted(edges)):
        opened, closed = edges[start]
        kinds = (kinds - {*closed}) | {*opened}
        pieces.append((start, end, frozenset(kinds)))
    return pieces


def _agreed(ones: Sequence[Piece], others: Sequence[Piece]) -> int:
    """How much of the text two coders took for the same, gaps too."""
    kinds = {piece[:2]: piece[2] for piece in ones}, {piece[:2]: piece[2] for piece in others}
    return sum(
        min(one[1], other[1]) - max(one[0], other[0])
        for one, other in meeting([*kinds[0]], [*kinds[1]])
        if kinds[0][one] == kinds[1][other]
    )


def _long(place: Place) -> int:
    return place[1] - place[0]
