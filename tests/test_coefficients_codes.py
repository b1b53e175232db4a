"""Coefficients of codes: what was published, what other packages say, and hard cases."""

import json
import random
from collections import Counter
from pathlib import Path

import krippendorff
import pytest
from nltk.metrics.agreement import AnnotationTask
from nltk.metrics.distance import masi_distance

from annotations.coefficients.alpha import ALPHAS, alpha, masi
from annotations.coefficients.codes import (
    NO_VARIATION,
    NOTHING_SHARED,
    cohen,
    fleiss,
    gwet_ac1,
    percent,
    presence,
)
from annotations.coefficients.tally import Incomputable

DATA = Path(__file__).parent / "data"
PUBLISHED = json.loads((DATA / "agreement.json").read_text())
JUDGED = json.loads((DATA / "agreement_judges.json").read_text())["table"]
MEASURES = {
    "percent": percent,
    "cohen": cohen,
    "fleiss": fleiss,
    "ac1": gwet_ac1,
    **{f"alpha_{level}": lambda units, level=level: alpha(units, level) for level in ALPHAS},
}
TABLES = {
    "four coders, twelve units": lambda one: list(zip(*one["coders"], strict=True)),
    "digits": lambda one: list(zip(*one["coders"], strict=True)),
    "fourteen raters, ten subjects": lambda one: [
        tuple(Counter(dict(enumerate(row))).elements()) for row in one["counts"]
    ],
    "yes and no": lambda one: [tuple(pair.split()) for pair in Counter(one["counts"]).elements()],
}


@pytest.mark.parametrize(
    ("table", "measure"),
    [(table, measure) for table in TABLES for measure in PUBLISHED[table]["values"]],
)
def test_what_was_published_is_found_again(table, measure):
    one = PUBLISHED[table]
    value = MEASURES[measure](TABLES[table](one))
    assert value == pytest.approx(one["values"][measure], abs=one["within"])


@pytest.mark.parametrize("nth", [n for n, one in enumerate(JUDGED) if "units" in one])
def test_other_packages_say_the_same(nth):
    one = JUDGED[nth]
    assert MEASURES[one["measure"]](one["units"]) == pytest.approx(one["value"], abs=one["within"])


def random_units(seed, values, coders=3, missing=0.2):
    """Forty units, of which one has a single answer and one none."""
    draw = random.Random(seed)
    units = [
        tuple(
            None
            if draw.random() < missing
            else draw.choice(values[:2] if draw.random() < 0.5 else values)
            for _ in range(coders)
        )
        for _ in range(40)
    ]
    return [*units, (values[0], *[None] * (coders - 1)), (None,) * coders]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
def test_alpha_is_that_of_krippendorff(level, seed):
    units = random_units(seed, [1, 2, 4, 7, 11], coders=2 + seed, missing=0.3)
    table = [[float("nan") if v is None else v for v in row] for row in zip(*units, strict=True)]
    expected = krippendorff.alpha(reliability_data=table, level_of_measurement=level)
    assert alpha(units, level) == pytest.approx(expected, abs=1e-9)


def task(units, **distance):
    """The units as nltk wants them."""
    triples = [
        (nth, unit, value)
        for unit, values in enumerate(units)
        for nth, value in enumerate(values)
        if value is not None
    ]
    return AnnotationTask(data=triples, **distance)


@pytest.mark.parametrize("seed", range(3))
def test_kappa_and_alpha_are_those_of_nltk(seed):
    pair = random_units(seed, list("abcd"), coders=2, missing=0)[:-2]
    assert cohen(pair) == pytest.approx(task(pair).kappa(), abs=1e-9)
    assert percent(pair) == pytest.approx(task(pair).avg_Ao(), abs=1e-9)
    units = random_units(seed, list("abcd"))[:-2]
    assert alpha(units) == pytest.approx(task(units).alpha(), abs=1e-9)


SETS = [frozenset(one) for one in ("a", "ab", "b", "abc", "bd", "cd")]


@pytest.mark.parametrize("seed", range(3))
def test_alpha_of_sets_is_that_of_nltk(seed):
    units = random_units(seed, SETS)[:-2]
    judge = task(units, distance=lambda one, other: float(masi(one, other)))
    assert alpha(units, "masi") == pytest.approx(judge.alpha(), abs=1e-9)


@pytest.mark.parametrize("one", SETS)
@pytest.mark.parametrize("other", SETS)
def test_masi_is_that_of_nltk_which_takes_two_thirds_for_67_hundredths(one, other):
    assert float(masi(one, other)) == pytest.approx(masi_distance(one, other), abs=0.0034)


def test_the_empty_set_is_an_answer():
    nothing, one = frozenset(), frozenset("a")
    assert (masi(nothing, nothing), masi(nothing, one)) == (0, 1)
    assert alpha([(nothing, nothing), (one, one)], "masi") == 1
    assert alpha([(nothing, one), (one, nothing)], "masi") == -0.5


HARD = {
    "nothing": ([], dict.fromkeys(MEASURES, NOTHING_SHARED)),
    "one coder": ([("a",), ("b",)], dict.fromkeys(["percent", "alpha_nominal"], NOTHING_SHARED)),
    "all missing": ([(None, None)] * 3, dict.fromkeys(MEASURES, NOTHING_SHARED)),
    "never the same unit": (
        [("a", None), (None, "b")], dict.fromkeys(MEASURES, NOTHING_SHARED),
    ),
    "one category": (
        [(1, 1), (1, 1)],
        {
            "percent": 1, "cohen": NO_VARIATION, "fleiss": NO_VARIATION, "ac1": NO_VARIATION,
            "alpha_nominal": NO_VARIATION, "alpha_ordinal": NO_VARIATION,
            "alpha_interval": NO_VARIATION, "alpha_ratio": NO_VARIATION,
        },
    ),
    "identical": (
        [(1, 1), (2, 2), (2, 2)],
        {measure: 1 for measure in MEASURES if measure != "alpha_masi"},
    ),
    "never the same answer": (
        [(1, 2), (2, 1)],
        {"percent": 0, "cohen": -1, "fleiss": -1, "ac1": -1, "alpha_nominal": -0.5},
    ),
    "each always her own": (
        [(1, 2)] * 4, {"percent": 0, "cohen": 0, "fleiss": -1, "alpha_nominal": -0.75},
    ),
    "below zero": ([(-5, -5), (-2, -3), (0, 0)], {"alpha_interval": 1 - 10 / 306}),
    "three judged, one pair": (
        [("a", "a", None), (None, "b", "b")],
        {
            "percent": 1, "fleiss": 1, "ac1": 1, "alpha_nominal": 1,
            "cohen": "Cohen’s κ compares two coders, and here are 3. Choose a pair, or read "
            "Fleiss’ κ or Krippendorff’s α.",
        },
    ),
    "unequal numbers": (
        [("a", "a", None), ("b", "b", "b")],
        {
            "percent": 1, "alpha_nominal": 1,
            "fleiss": "Fleiss’ κ needs the same number of coders for every passage, and here are "
            "some with 2 and with 3. Krippendorff’s α allows that.",
        },
    ),
}  # fmt: skip


def said(measure, units):
    try:
        return MEASURES[measure](units)
    except Incomputable as error:
        return str(error)


@pytest.mark.parametrize("case", HARD)
def test_what_cannot_be_computed_says_why(case):
    units, expected = HARD[case]
    assert {measure: said(measure, units) for measure in expected} == expected


def test_units_one_coder_judged_change_nothing_but_how_frequent_ac1_takes_answers_to_be():
    units = random_units(5, list("abc"), missing=0)[:-2]
    more = [*units, ("a", None, None), (None, None, "c")]
    for measure in ("percent", "alpha_nominal"):
        assert MEASURES[measure](more) == MEASURES[measure](units)
    assert gwet_ac1(more) != gwet_ac1(units)


def test_the_order_of_units_coders_and_values_is_nothing():
    units = random_units(8, list("abc"))
    turned = [unit[::-1] for unit in reversed(units)]
    for measure in ("percent", "ac1", "alpha_nominal"):
        assert MEASURES[measure](turned) == MEASURES[measure](units)


def test_per_tag_is_whether_it_was_given():
    units = [(frozenset("ab"), frozenset("a"), None), (frozenset(), frozenset("b"), frozenset("b"))]
    assert presence(units, "a") == [(True, True, None), (False, False, False)]
    assert presence([("a", "b", None)], "a") == [(True, False, None)]


def test_percent_is_the_mean_over_units_not_over_pairs():
    assert percent([("a", "a", "b"), ("b", "b", None)]) == pytest.approx((1 / 3 + 1) / 2)
