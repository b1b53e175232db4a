"""Krippendorff's α: how far coders agree whose answers are more or less far apart.

Units are those of `codes`, and so is what makes it incomputable.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import accumulate, combinations
from math import lcm

from annotations.coefficients.codes import (
    NO_VARIATION,
    NOTHING_SHARED,
    Codes,
    Unit,
    Units,
)
from annotations.coefficients.tally import Incomputable, dot


def alpha(units: Units, level: str = "nominal") -> float:
    """Krippendorff's α: 1 is perfect, 0 is chance; missing values are allowed.

    `level` says what the values are: nominal (names), ordinal, interval or ratio (whole numbers
    in their order), or masi (frozensets of words, compared by MASI). Krippendorff (2004),
    Content Analysis, 2nd ed., chapter 11; Krippendorff (2011), Computing Krippendorff's
    Alpha-Reliability; for sets Passonneau (2006), Measuring Agreement on Set-valued Items.
    """
    return ALPHAS[level]([units]).whole()


def masi(one: frozenset[str], other: frozenset[str]) -> Fraction:
    """How far two sets are apart, from 0 (equal) to 1 (nothing in common): 1 − Jaccard × M.

    M is 1 for equal sets, 2/3 if one contains the other, 1/3 if they overlap otherwise, else
    0 (Passonneau 2006). An empty set equals an empty set, and has nothing in common with any
    other.
    """
    if one == other:
        return Fraction(0)
    alike = Fraction(2, 3) if one <= other or other <= one else Fraction(1, 3)
    return 1 - Fraction(len(one & other), len(one | other)) * alike


class Alpha(Codes):
    """Rows: observed distance, and how often each answer was given.

    Of distances that depend on nothing but the two answers. Almost all answers are simply
    different (1 apart); only for those that are nearer is anything stored.
    """

    def nearer(self) -> Iterable[tuple[int, int, Fraction]]:
        """The pairs of answers whose distance is not 1, by their places, and the distance."""
        return ()

    def prepare(self) -> None:
        self.scale = lcm(*(size - 1 for size in self.sizes))
        nearer = list(self.nearer())
        self.one = lcm(*(distance.denominator for *_, distance in nearer))
        self.saved = {
            (first, second): int(self.one * (1 - distance)) for first, second, distance in nearer
        }
        self.beside: dict[int, tuple[list[int], list[int]]] = {}
        for (first, second), saved in self.saved.items():
            places, amounts = self.beside.setdefault(first, ([], []))
            places.append(second)
            amounts.append(saved)

    @property
    def width(self) -> int:
        return 1 + len(self.values)

    def part(self, unit: Unit) -> dict[int, int]:
        places = sorted(self.place[value] for value in self.judged[unit])
        apart = sum(
            self.one - self.saved.get(pair, 0)
            for pair in combinations(places, 2)
            if len({*pair}) > 1
        )
        return {0: 2 * apart * self.scale // (len(places) - 1)} | self.given(unit, 1)

    def value(self, sums: Sequence[int]) -> float:
        observed, *given = sums
        total = sum(given)
        expected = self.one * (total * total - dot(given, given)) - 2 * sum(
            given[first] * dot(amounts, [given[place] for place in places])
            for first, (places, amounts) in self.beside.items()
            if given[first]
        )
        return _alpha(observed, self.scale * expected, total)


class Masi(Alpha):
    """The same for sets: nearer than 1 are those that share a member."""

    def nearer(self) -> Iterable[tuple[int, int, Fraction]]:
        holding: dict[str, list[int]] = {}
        for nth, value in enumerate(self.values):
            for member in value:
                holding.setdefault(member, []).append(nth)
        pairs = {pair for places in holding.values() for pair in combinations(places, 2)}
        for first, second in sorted(pairs):
            yield first, second, masi(self.values[first], self.values[second])


class Ratio(Alpha):
    """The same for numbers with a true zero: the squared share of their sum that they differ by."""

    def nearer(self) -> Iterable[tuple[int, int, Fraction]]:
        for (first, one), (second, other) in combinations(enumerate(self.values), 2):
            yield first, second, Fraction(one - other, one + other) ** 2


class Interval(Codes):
    """Rows: how often each answer was given, and each pair of different answers met.

    Of numbers that lie on a line: the distance is the square of what lies between them.
    """

    def prepare(self) -> None:
        self.scale = lcm(*(size - 1 for size in self.sizes))
        self.values.sort()
        pairs = {
            pair for given in self.judged.values() for pair in combinations(sorted({*given}), 2)
        }
        self.pairs = {pair: len(self.values) + nth for nth, pair in enumerate(sorted(pairs))}
        places = {value: nth for nth, value in enumerate(self.values)}
        self.ends = [(places[one], places[other]) for one, other in self.pairs]

    @property
    def width(self) -> int:
        return len(self.values) + len(self.pairs)

    def part(self, unit: Unit) -> dict[int, int]:
        row = self.given(unit, 0)
        for one, other in combinations(sorted(self.judged[unit]), 2):
            if one != other:
                row[self.pairs[one, other]] += 2 * self.scale // (len(self.judged[unit]) - 1)
        return row

    def value(self, sums: Sequence[int]) -> float:
        given, met = sums[: len(self.values)], sums[len(self.values) :]
        points, total = self.points(given), sum(given)
        observed = dot(met, [(points[one] - points[other]) ** 2 for one, other in self.ends])
        squares = dot(given, [point * point for point in points])
        expected = 2 * (total * squares - dot(given, points) ** 2)
        return _alpha(observed, self.scale * expected, total)

    def points(self, given: Sequence[int]) -> Sequence[int]:
        """Where each answer lies on the line."""
        return self.values


class Ordinal(Interval):
    """The same for ranks: an answer lies in the middle of all answers that equal it."""

    def points(self, given: Sequence[int]) -> Sequence[int]:
        return [2 * below - own for below, own in zip(accumulate(given), given, strict=True)]


def _alpha(observed: int, expected: int, total: int) -> float:
    """α of the sums of distances over ordered pairs, observed and expected, of so many answers."""
    if not expected:
        raise Incomputable(NO_VARIATION if total else NOTHING_SHARED)
    return (expected - (total - 1) * observed) / expected


ALPHAS: dict[str, type[Codes]] = {
    "nominal": Alpha,
    "ordinal": Ordinal,
    "interval": Interval,
    "ratio": Ratio,
    "masi": Masi,
}
