"""What chance may have done to a number: whole articles drawn again and again (cluster bootstrap).

Articles are the units that are drawn, because what one article's units have in common (its
author, its topic, its coders' day) would make an interval over single units too narrow.
Efron & Tibshirani (1993), An Introduction to the Bootstrap; Field & Welsh (2007) for clusters.
"""

import random
from collections.abc import Iterator, Sequence
from math import floor
from struct import Struct

_FIELDS = {1: "B", 2: "H", 4: "I", 8: "Q"}  # whole numbers of so many bytes, as `struct` has them


def resampled(rows: Sequence[Sequence[int]], *, seed: int, resamples: int) -> Iterator[list[int]]:
    """The column sums of as many rows drawn with replacement, once per resample.

    Rows are of one length, numbers are not negative. The same seed draws the same rows of as
    many, whatever stands in them. A row is packed into one long number with room for each
    column's largest sum, so that adding rows is adding numbers.
    """
    draw = random.Random(seed)  # noqa: S311 (nothing to guess here)
    most = [max(column) * len(rows) for column in zip(*rows, strict=True)]
    widths = [_room(number) for number in most]
    fields = Struct("<" + "".join(_FIELDS.get(width, f"{width}s") for width in widths))
    longer = [nth for nth, width in enumerate(widths) if width not in _FIELDS]
    packed = [_packed(row, widths) for row in rows]
    for _ in range(resamples):
        raw = sum(draw.choices(packed, k=len(packed))).to_bytes(fields.size, "little")
        sums = list(fields.unpack(raw))
        for nth in longer:
            sums[nth] = int.from_bytes(sums[nth], "little")
        yield sums


def interval(values: Sequence[float], level: float) -> tuple[float, float]:
    """Between which two numbers the middle `level` of the values lies (percentile interval)."""
    ordered, outside = sorted(values), (1 - level) / 2
    return _quantile(ordered, outside), _quantile(ordered, 1 - outside)


def _room(number: int) -> int:
    """How many bytes hold the number: as many as `struct` reads at once, if they are enough."""
    width = (number.bit_length() + 7) // 8
    return next((known for known in _FIELDS if known >= width), width)


def _packed(row: Sequence[int], widths: Sequence[int]) -> int:
    pieces = (number.to_bytes(width, "little") for number, width in zip(row, widths, strict=True))
    return int.from_bytes(b"".join(pieces), "little")


def _quantile(ordered: Sequence[float], share: float) -> float:
    """The value with this share of all below it, between two neighbours in proportion."""
    at = share * (len(ordered) - 1)
    below = floor(at)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (at - below) * (ordered[above] - ordered[below])
