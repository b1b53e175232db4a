"""Coefficients of many articles with their intervals, and what they say when there is none."""

import random
from dataclasses import replace
from itertools import chain
from time import process_time

import numpy
import pytest

from annotations.coefficients import estimates as asked
from annotations.coefficients.alpha import alpha
from annotations.coefficients.codes import cohen, fleiss, gwet_ac1, percent, presence
from annotations.coefficients.estimates import MEASURES, Estimate, estimate, estimates
from annotations.coefficients.gamma import GammaTally
from annotations.coefficients.resampling import interval, resampled

CODES = {
    "percent": percent,
    "fleiss": fleiss,
    "ac1": gwet_ac1,
    "alpha_nominal": alpha,
    "alpha_ordinal": lambda units: alpha(units, "ordinal"),
    "alpha_interval": lambda units: alpha(units, "interval"),
}
SPANS = [measure for measure, about in MEASURES.items() if about.data == "spans"]
ONE_ARTICLE = "No interval: everything compared is from one article."
TOO_RARE = "No interval: too few articles have something to compare, or it hardly varies."


def articles(seed, many=12, coders=3, values=(1, 2, 3, 5), missing=0.0):
    draw = random.Random(seed)
    return [
        [
            tuple(
                None if draw.random() < missing
                else truth if draw.random() < 0.6 else draw.choice(values)
                for _ in range(coders)
            )
            for truth in draw.choices(values, k=draw.randint(3, 8))
        ]
        for _ in range(many)
    ]  # fmt: skip


def texts(seed, many=6, coders=3):
    draw = random.Random(seed)
    found = []
    for _ in range(many):
        places = [(at, at + draw.randint(5, 25), draw.choice("ab")) for at in range(20, 400, 60)]
        found.append((450, [
            [(start + draw.randint(-8, 8), end + draw.randint(8, 16), kind)
             for start, end, kind in places if draw.random() < 0.8]
            for _ in range(coders)
        ]))  # fmt: skip
    return found


def test_every_measure_has_its_name_its_paper_and_its_level():
    told = {
        key: (about.name, about.level, about.data, about.paper) for key, about in MEASURES.items()
    }
    assert told == {
        "percent": ("Percent agreement", "", "codes", "Holsti 1969"),
        "cohen": ("Cohen’s κ", "", "codes", "Cohen 1960"),
        "fleiss": ("Fleiss’ κ", "", "codes", "Fleiss 1971"),
        "alpha_nominal": ("Krippendorff’s α", "nominal", "codes", "Krippendorff 2004"),
        "alpha_ordinal": ("Krippendorff’s α", "ordinal", "codes", "Krippendorff 2004"),
        "alpha_interval": ("Krippendorff’s α", "interval", "codes", "Krippendorff 2004"),
        "alpha_masi": (
            "Krippendorff’s α", "nominal sets, MASI distance", "codes", "Passonneau 2006",
        ),
        "ac1": ("Gwet’s AC1", "", "codes", "Gwet 2008"),
        "f1_exact": ("F1, same marks", "", "spans", "Hripcsak & Rothschild 2005"),
        "f1_overlap": ("F1, overlapping marks", "", "spans", "Hripcsak & Rothschild 2005"),
        "f1_token": ("F1, marked words", "", "spans", "Hripcsak & Rothschild 2005"),
        "alpha_u": ("Krippendorff’s αU (1995, 2004)", "nominal", "spans", "Krippendorff 2004"),
        "u_alpha": ("uα (2016)", "nominal", "spans", "Krippendorff et al. 2016"),
        "gamma": ("γ", "nominal", "spans", "Mathet et al. 2015"),
    }  # fmt: skip


@pytest.mark.parametrize("measure", CODES)
def test_an_estimate_is_the_plain_coefficient_of_all_units(measure):
    groups = articles(1, missing=0 if measure == "fleiss" else 0.2)
    assert estimate(measure, groups).value == CODES[measure](list(chain.from_iterable(groups)))


def test_an_estimate_of_a_pair_or_of_sets_is_the_plain_one_too():
    pair = articles(2, coders=2)
    assert estimate("cohen", pair).value == cohen(list(chain.from_iterable(pair)))
    sets = articles(3, values=[frozenset(one) for one in ("a", "ab", "bc", "")])
    assert estimate("alpha_masi", sets).value == alpha(list(chain.from_iterable(sets)), "masi")


@pytest.mark.parametrize("measure", CODES)
def test_the_interval_is_that_of_articles_drawn_by_hand(measure):
    groups = articles(4, many=8)
    found = estimate(measure, groups, seed=5, resamples=60, level=0.9)
    draw = random.Random(5)
    values = [
        CODES[measure](list(chain.from_iterable(draw.choices(groups, k=len(groups)))))
        for _ in range(60)
    ]
    assert (found.low, found.high) == pytest.approx(numpy.quantile(values, [0.05, 0.95]))
    assert found == replace(found, units=sum(map(len, groups)), coders=3, groups=8, why="")


@pytest.mark.parametrize("measure", SPANS)
def test_marks_have_an_interval_around_their_value(measure):
    found = estimate(measure, texts(1), resamples=100)
    assert found.low < found.value < found.high
    marks = sum(len(own) for _, coders in texts(1) for own in coders)
    assert (found.units, found.coders, found.groups, found.why) == (marks, 3, 6, "")


@pytest.mark.parametrize("measure", SPANS)
def test_two_texts_alike_have_the_value_of_one_nearly(measure):
    """Chance knows that there are more units, and nothing else changes."""
    one = texts(2, many=1)
    assert estimate(measure, one * 2).value == pytest.approx(estimate(measure, one).value, abs=0.03)


def test_many_at_once_are_each_as_alone():
    groups = articles(6, missing=0.1)
    every = {measure: (measure, groups) for measure in CODES if measure != "fleiss"}
    every |= {tag: ("ac1", [presence(units, tag) for units in groups]) for tag in (1, 2, 9)}
    together = estimates(every, seed=3, resamples=50)
    alone = {k: estimate(*one, seed=3, resamples=50) for k, one in every.items()}
    assert together == alone


def test_only_the_same_articles_are_estimated_together():
    with pytest.raises(ValueError, match="of the same articles"):
        estimates({1: ("percent", articles(1)), 2: ("percent", articles(1)[1:])})


def test_the_same_seed_gives_the_same_interval():
    groups = articles(7)
    assert estimate("ac1", groups, seed=9) == estimate("ac1", groups, seed=9)
    assert estimate("ac1", groups, seed=9) != estimate("ac1", groups, seed=8)


HARD = {
    "no article": ("alpha_nominal", [], "Nothing was judged by two coders"),
    "empty articles": ("alpha_nominal", [[], []], "Nothing was judged by two coders"),
    "no text": ("u_alpha", [], "No text was read by two coders"),
    "unmarked texts": ("gamma", [(9, [[], []])] * 3, "Nobody marked anything"),
}


@pytest.mark.parametrize("case", HARD)
def test_nothing_has_no_value_and_says_so(case):
    measure, groups, why = HARD[case]
    found = estimate(measure, groups)
    assert (found.value, found.low, found.high, found.groups) == (None, None, None, 0)
    assert found.why == f"{why}, so there is nothing to compare."


def test_one_article_has_a_value_but_no_interval():
    units = articles(1, many=1)[0]
    expected = Estimate(percent(units), None, None, len(units), 3, 1, ONE_ARTICLE)
    assert estimate("percent", [units]) == expected
    assert estimate("percent", [[], units, []]) == expected


def test_what_is_too_rare_has_a_value_but_no_interval():
    always, rare = [("a", "a")] * 5, [("a", "b"), ("b", "b")]
    found = estimate("alpha_nominal", [always] * 20 + [rare])
    assert (found.low, found.high, found.why) == (None, None, TOO_RARE)
    assert found.value == alpha(always * 20 + rare)


def test_an_article_nobody_shared_is_no_group():
    found = estimate("percent", [*articles(1), [("a", None, None)]])
    assert (found.groups, found.units) == (12, sum(map(len, articles(1))))


def test_gamma_out_of_time_says_on_how_much_it_stands(monkeypatch):
    now = iter(range(10**9))
    monkeypatch.setattr("annotations.coefficients.gamma.monotonic", lambda: next(now))
    monkeypatch.setattr("annotations.coefficients.unitary.monotonic", lambda: next(now))
    short = replace(MEASURES["gamma"], tally=lambda groups: GammaTally(groups, seconds=700))
    monkeypatch.setitem(asked.MEASURES, "gamma", short)
    found = estimate("gamma", texts(3), resamples=50)
    assert found.low < found.value < found.high
    assert (found.groups, found.why) == (
        3, "γ stands on 3 of 6 texts, drawn at random: its time of 700 s was up."
    )  # fmt: skip
    short = replace(short, tally=lambda groups: GammaTally(groups, seconds=0))
    monkeypatch.setitem(asked.MEASURES, "gamma", short)
    assert estimate("gamma", texts(3)).why == (
        "There is no γ: after 0 s nothing was compared with chance yet."
    )


def test_sums_of_any_size_are_exact():
    rows = [[0, 3, 10**30], [0, 5, 7], [0, 0, 2**64]]
    draw = random.Random(2)
    by_hand = [[sum(c) for c in zip(*draw.choices(rows, k=3), strict=True)] for _ in range(20)]
    assert list(resampled(rows, seed=2, resamples=20)) == by_hand


def test_an_interval_is_where_numpy_has_it():
    values = [random.Random(1).random() for _ in range(37)]
    assert interval(values, 0.95) == pytest.approx(numpy.quantile(values, [0.025, 0.975]))
    assert interval([4.0], 0.95) == (4.0, 4.0)


def test_a_thousand_articles_drawn_a_thousand_times_are_no_matter():
    groups = [unit * 4 for unit in articles(1, many=1000, missing=0.1)]
    started = process_time()
    assert estimate("alpha_nominal", groups).groups == 1000
    assert process_time() - started < 6  # a quarter of a second where nothing else runs
