"""Any coefficient of the articles of a project, with an interval, or why there is none."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import accumulate, chain, pairwise
from typing import Any

from annotations.coefficients import alpha, codes, gamma, spans, unitizing
from annotations.coefficients.resampling import interval, resampled
from annotations.coefficients.tally import Incomputable, Tally, summed

ONE_ARTICLE = "No interval: everything compared is from one article."
TOO_RARE = "No interval: too few articles have something to compare, or it hardly varies."
_MOST_LOST = 0.05  # of the resamples; both ends of an interval rest on the outermost of them

Groups = Sequence[Any]


@dataclass(frozen=True)
class Estimate:
    """A coefficient and between what two numbers it probably lies; None means there is none.

    `units` is how many units (or marks) it rests on, `coders` on how many people's, `groups` on
    how many articles. `why` says what is missing and why, or what a reader must know besides.
    """

    value: float | None
    low: float | None
    high: float | None
    units: int
    coders: int
    groups: int
    why: str = ""


@dataclass(frozen=True)
class Measure:
    """What a coefficient is called and what it is of: `codes` or `spans`.

    `level` is the level of measurement, to be shown beside the name, or empty.
    """

    name: str
    level: str
    data: str
    paper: str
    tally: Callable[[Groups], Tally]


MEASURES: dict[str, Measure] = {
    "percent": Measure("Percent agreement", "", "codes", "Holsti 1969", codes.Percent),
    "cohen": Measure("Cohen’s κ", "", "codes", "Cohen 1960", codes.Cohen),
    "fleiss": Measure("Fleiss’ κ", "", "codes", "Fleiss 1971", codes.Fleiss),
    "alpha_nominal": Measure(
        "Krippendorff’s α", "nominal", "codes", "Krippendorff 2004", alpha.Alpha
    ),
    "alpha_ordinal": Measure(
        "Krippendorff’s α", "ordinal", "codes", "Krippendorff 2004", alpha.Ordinal
    ),
    "alpha_interval": Measure(
        "Krippendorff’s α", "interval", "codes", "Krippendorff 2004", alpha.Interval
    ),
    "alpha_masi": Measure(
        "Krippendorff’s α", "nominal sets, MASI distance", "codes", "Passonneau 2006", alpha.Masi
    ),
    "ac1": Measure("Gwet’s AC1", "", "codes", "Gwet 2008", codes.GwetAC1),
    "f1_exact": Measure("F1, same marks", "", "spans", "Hripcsak & Rothschild 2005", spans.ExactF1),
    "f1_overlap": Measure(
        "F1, overlapping marks", "", "spans", "Hripcsak & Rothschild 2005", spans.OverlapF1
    ),
    "f1_token": Measure(
        "F1, marked words", "", "spans", "Hripcsak & Rothschild 2005", spans.TokenF1
    ),
    "alpha_u": Measure(
        "Krippendorff’s αU (1995, 2004)", "nominal", "spans", "Krippendorff 2004", unitizing.AlphaU
    ),
    "u_alpha": Measure(
        "uα (2016)", "nominal", "spans", "Krippendorff et al. 2016", unitizing.UAlpha
    ),
    "gamma": Measure("γ", "nominal", "spans", "Mathet et al. 2015", gamma.GammaTally),
}


def estimate(
    measure: str, groups: Groups, *, seed: int = 1, resamples: int = 1000, level: float = 0.95
) -> Estimate:
    """One coefficient of some articles, with its interval.

    `groups` is one item per article. For codes that is a list of units, each a tuple of one value
    per coder (see `codes`); for spans a continuum (see `spans`). Articles are drawn whole, with
    replacement; the same seed gives the same interval.
    """
    asked = {measure: (measure, groups)}
    return estimates(asked, seed=seed, resamples=resamples, level=level)[measure]


def estimates(
    asked: Mapping[Hashable, tuple[str, Groups]],
    *,
    seed: int = 1,
    resamples: int = 1000,
    level: float = 0.95,
) -> dict[Hashable, Estimate]:
    """Many coefficients of the same articles, each exactly as `estimate` alone would give it.

    Takes (measure, groups) under any key, all groups with the same articles in the same order
    (an empty list where an article has nothing). The articles are drawn once for all, so that a
    hundred coefficients cost little more than one. Raises ValueError for unequal numbers of
    articles.
    """
    if len({len(groups) for _, groups in asked.values()}) > 1:
        raise ValueError("All that is estimated together must be of the same articles.")
    tallies = {key: MEASURES[measure].tally(groups) for key, (measure, groups) in asked.items()}
    found, ready = {}, {}
    for key, tally in tallies.items():
        found[key], rows = _plain(tally)
        if rows and tally.filled > 1:
            ready[key] = tally, rows
    for key, values in _resampled(ready, seed, resamples).items():
        if len(values) < (1 - _MOST_LOST) * resamples:
            found[key] = replace(found[key], why=_both(tallies[key].words, TOO_RARE))
        else:
            low, high = interval(values, level)
            found[key] = replace(found[key], low=low, high=high)
    return found


def _resampled(
    ready: Mapping[Hashable, tuple[Tally, list[list[int]]]], seed: int, resamples: int
) -> dict[Hashable, list[float]]:
    """Each coefficient's values over all draws; a draw in which it has none is left out."""
    values: dict[Hashable, list[float]] = {key: [] for key in ready}
    if not ready:
        return values
    every = [rows for _, rows in ready.values()]
    cuts = list(pairwise(accumulate((len(rows[0]) for rows in every), initial=0)))
    joined = [list(chain.from_iterable(parts)) for parts in zip(*every, strict=True)]
    for sums in resampled(joined, seed=seed, resamples=resamples):
        for (key, (tally, _)), (start, end) in zip(ready.items(), cuts, strict=True):
            with suppress(Incomputable):
                values[key].append(tally.value(sums[start:end]))
    return values


def _plain(tally: Tally) -> tuple[Estimate, list[list[int]]]:
    """The coefficient without an interval, and its rows; none if it has no value."""
    try:
        rows = tally.rows()
        value = tally.value(summed(rows))
    except Incomputable as error:
        return Estimate(None, None, None, tally.units, tally.coders, tally.filled, str(error)), []
    why = _both(tally.words, ONE_ARTICLE if tally.filled == 1 else "")
    return Estimate(value, None, None, tally.units, tally.coders, tally.filled, why), rows


def _both(*words: str) -> str:
    return " ".join(filter(None, words))
