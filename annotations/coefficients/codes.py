"""How far coders agree who answered the same questions: units × coders.

A unit is a tuple with one value per coder, always in the same order of coders; None means that
she did not judge it. Values are words or whole numbers; for MASI they are frozensets of words,
and an empty set is an answer. A unit that fewer than two coders judged says nothing on their
agreement and is left out. Nothing that nobody judged is ever a unit here: unmarked text cannot
raise any of these numbers.

Every measure raises Incomputable if there is none: no unit judged by two, everybody gave one and
the same answer throughout (so that chance explains all), or as its own docstring says.
"""

from abc import abstractmethod
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from math import lcm

from annotations.coefficients.tally import Incomputable, Tally, dot

Unit = tuple[Hashable, ...]  # None, str, int or frozenset[str]; one per coder
Units = Sequence[Unit]

NOTHING_SHARED = "Nothing was judged by two coders, so there is nothing to compare."
NO_VARIATION = (
    "Everybody gave the same answer everywhere. Without variation, agreement cannot be told from "
    "chance."
)


def percent(units: Units) -> float:
    """The share of agreeing pairs of coders, from 0 to 1: mean over the units judged by two.

    Chance is not taken into account (Holsti 1969; for more than two coders the observed
    agreement of Fleiss 1971). Missing values are allowed.
    """
    return Percent([units]).whole()


def cohen(units: Units) -> float:
    """Cohen's κ of two coders: agreement beyond what their own habits would give by chance.

    Cohen (1960), A coefficient of agreement for nominal scales, Educational and Psychological
    Measurement 20. Units that one of the two did not judge are left out. Raises Incomputable
    for more or fewer than two coders.
    """
    return Cohen([units]).whole()


def fleiss(units: Units) -> float:
    """Fleiss' κ of two or more coders, who need not be the same for every unit.

    Fleiss (1971), Measuring nominal scale agreement among many raters, Psychological Bulletin
    76. Raises Incomputable unless every unit was judged by the same number of coders; units
    nobody judged are left out.
    """
    return Fleiss([units]).whole()


def gwet_ac1(units: Units) -> float:
    """Gwet's AC1 of two or more coders, which stays usable where one answer is very frequent.

    Gwet (2008), Computing inter-rater reliability and its variance in the presence of high
    agreement, British Journal of Mathematical and Statistical Psychology 61. Missing values
    are allowed; how frequent an answer is, is taken from all units, also those one coder
    judged. The categories are those that occur.
    """
    return GwetAC1([units]).whole()


def presence(units: Units, tag: str) -> list[tuple[bool | None, ...]]:
    """The same units asked one thing only: was this tag given or not?

    For units of frozensets: whether the tag is in the set; of words: whether it is the word.
    What a coder did not judge stays None. A measure of these is the measure per tag.
    """
    return [tuple(_has(value, tag) for value in unit) for unit in units]


def _has(value: Hashable, tag: str) -> bool | None:
    if value is None:
        return None
    return tag in value if isinstance(value, frozenset) else tag == value


class Codes(Tally):
    """What all these measures count in the same way."""

    least = 2  # of a unit's coders; what fewer judged is left out

    def __init__(self, groups: Iterable[Units]):
        self.counted = [Counter(map(tuple, units)) for units in groups]
        kinds = dict.fromkeys(unit for units in self.counted for unit in units)
        answers = {unit: [value for value in unit if value is not None] for unit in kinds}
        self.judged = {unit: given for unit, given in answers.items() if len(given) >= self.least}
        self.sizes = {len(given) for given in self.judged.values()}
        self.values = list(dict.fromkeys(v for given in self.judged.values() for v in given))
        pairable = [
            sum(times for unit, times in units.items() if len(answers[unit]) >= 2)
            for units in self.counted
        ]
        self.units, self.filled = sum(pairable), sum(map(bool, pairable))
        self.coders = len(self._judges())

    def rows(self) -> list[list[int]]:
        if not self.units:
            raise Incomputable(NOTHING_SHARED)
        self.prepare()
        self.place = {value: nth for nth, value in enumerate(self.values)}
        parts = {unit: self.part(unit) for unit in self.judged}
        return [self._row(units, parts) for units in self.counted]

    def prepare(self) -> None:
        """What has to be known of all articles before any is counted. Raises Incomputable."""

    @abstractmethod
    def part(self, unit: Unit) -> dict[int, int]:
        """What one unit adds to its article's row: amounts by their place in the row."""

    @property
    @abstractmethod
    def width(self) -> int:
        """How long a row is."""

    def _judges(self) -> list[int]:
        """The coders who judged anything that counts, by their place in the units."""
        return sorted(
            {nth for unit in self.judged for nth, value in enumerate(unit) if value is not None}
        )

    def _row(self, units: Counter[Unit], parts: dict[Unit, dict[int, int]]) -> list[int]:
        row = [0] * self.width
        for unit, times in units.items():
            for place, amount in parts.get(unit, {}).items():
                row[place] += times * amount
        return row

    def given(self, unit: Unit, start: int, weight: int = 1) -> Counter[int]:
        """How often each answer was given to a unit, by its place in a row."""
        given: Counter[int] = Counter()
        for value in self.judged[unit]:
            given[start + self.place[value]] += weight
        return given


def _agreeing(given: Iterable[Hashable]) -> int:
    """In how many ordered pairs of answers both are the same."""
    return sum(times * (times - 1) for times in Counter(given).values())


class Percent(Codes):
    """Rows: units, and the share of agreeing pairs, all over one denominator."""

    width = 2

    def prepare(self) -> None:
        self.scale = lcm(*(size * (size - 1) for size in self.sizes))

    def part(self, unit: Unit) -> dict[int, int]:
        size = len(self.judged[unit])
        return {0: 1, 1: _agreeing(self.judged[unit]) * self.scale // (size * (size - 1))}

    def value(self, sums: Sequence[int]) -> float:
        units, agreeing = sums
        if not units:
            raise Incomputable(NOTHING_SHARED)
        return agreeing / (self.scale * units)


class Cohen(Codes):
    """Rows: units, agreeing units, and how often either coder gave each answer."""

    def prepare(self) -> None:
        if self.coders != 2:
            raise Incomputable(
                f"Cohen’s κ compares two coders, and here are {self.coders}. Choose a pair, or "
                "read Fleiss’ κ or Krippendorff’s α."
            )
        self.pair = self._judges()

    @property
    def width(self) -> int:
        return 2 + 2 * len(self.values)

    def part(self, unit: Unit) -> dict[int, int]:
        one, other = (self.place[unit[nth]] for nth in self.pair)
        return {0: 1, 1: int(one == other), 2 + one: 1, 2 + len(self.values) + other: 1}

    def value(self, sums: Sequence[int]) -> float:
        units, agreeing, *given = sums
        chance = dot(given[: len(self.values)], given[len(self.values) :])
        if units * units == chance:
            raise Incomputable(NO_VARIATION if units else NOTHING_SHARED)
        return (units * agreeing - chance) / (units * units - chance)


class Fleiss(Codes):
    """Rows: agreeing ordered pairs, and how often each answer was given."""

    least = 1

    def prepare(self) -> None:
        if len(self.sizes) > 1:
            raise Incomputable(
                "Fleiss’ κ needs the same number of coders for every passage, and here are "
                f"some with {min(self.sizes)} and with {max(self.sizes)}. Krippendorff’s α allows "
                "that."
            )

    @property
    def width(self) -> int:
        return 1 + len(self.values)

    def part(self, unit: Unit) -> dict[int, int]:
        return {0: _agreeing(self.judged[unit])} | self.given(unit, 1)

    def value(self, sums: Sequence[int]) -> float:
        agreeing, *given = sums
        total, squares = sum(given), dot(given, given)
        if total * total == squares:
            raise Incomputable(NO_VARIATION if total else NOTHING_SHARED)
        others = max(self.sizes) - 1
        return (agreeing * total - others * squares) / (others * (total * total - squares))


class GwetAC1(Codes):
    """Rows: units judged by two, their agreement, and each answer's share of every unit."""

    least = 1

    def prepare(self) -> None:
        if len(self.values) < 2:
            raise Incomputable(NO_VARIATION)
        self.scale = lcm(*(size * (size - 1) for size in self.sizes if size > 1))
        self.shares = lcm(*self.sizes)

    @property
    def width(self) -> int:
        return 2 + len(self.values)

    def part(self, unit: Unit) -> dict[int, int]:
        size = len(self.judged[unit])
        given = self.given(unit, 2, self.shares // size)
        if size < 2:
            return given
        agreeing = _agreeing(self.judged[unit]) * self.scale // (size * (size - 1))
        return {0: 1, 1: agreeing} | given

    def value(self, sums: Sequence[int]) -> float:
        units, agreeing, *given = sums
        if not units:
            raise Incomputable(NOTHING_SHARED)
        square = sum(given) ** 2
        chance = (square - dot(given, given)) / (square * (len(self.values) - 1))
        return (agreeing / (self.scale * units) - chance) / (1 - chance)
