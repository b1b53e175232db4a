"""What the coefficients share: whole numbers per article that may be added up."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from itertools import starmap
from operator import mul


class Incomputable(ValueError):
    """A coefficient that has no value here; the message says why, in a plain sentence."""


class Tally(ABC):
    """A coefficient's whole numbers for each article, and its value of their sum.

    Every coefficient is computed this way, so that one of a thousand resampled corpora costs
    a sum, and a value never depends on how it was asked for. `units` is how many units or marks
    count, `coders` how many people's they are, `filled` how many articles have any; `words` is
    what a reader of the value ought to know besides.
    """

    units: int
    coders: int
    filled: int
    words: str = ""

    @abstractmethod
    def rows(self) -> list[list[int]]:
        """One row per article, all of one length, of numbers that are not negative.

        Raises Incomputable if the data does not fit the measure at all.
        """

    @abstractmethod
    def value(self, sums: Sequence[int]) -> float:
        """The coefficient of the articles whose rows have this sum. Raises Incomputable."""

    def whole(self) -> float:
        """The coefficient of all articles. Raises Incomputable."""
        return self.value(summed(self.rows()))


def summed(rows: Sequence[Sequence[int]]) -> list[int]:
    """The sum of each column."""
    return [sum(column) for column in zip(*rows, strict=True)]


def dot(ones: Iterable[int], others: Iterable[int]) -> int:
    """The sum of the products of two rows."""
    return sum(starmap(mul, zip(ones, others, strict=True)))
