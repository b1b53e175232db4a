"""Coefficients of marks: what was published, what other packages say, and hard cases."""

import json
import random
from itertools import pairwise, product
from math import inf
from pathlib import Path

import pytest

from annotations.coefficients import gamma as measured
from annotations.coefficients.gamma import Gamma, gamma, shuffled
from annotations.coefficients.spans import (
    NOTHING_IN_COMMON,
    NOTHING_MARKED,
    NOTHING_SHARED,
    Continuum,
    f1_exact,
    f1_overlap,
    f1_token,
    of_category,
    tokens,
)
from annotations.coefficients.tally import Incomputable
from annotations.coefficients.unitary import TimeIsUpError, best_alignment, saving
from annotations.coefficients.unitizing import NO_VARIATION, alpha_u, u_alpha

DATA = Path(__file__).parent / "data"
PUBLISHED = json.loads((DATA / "agreement.json").read_text())
JUDGED = json.loads((DATA / "agreement_judges.json").read_text())["table"]


def continuum(one) -> Continuum:
    coders = [[tuple(mark) for mark in marks] for marks in one["coders"]]
    return Continuum(one["length"], coders)


def disorder(one: Continuum) -> float:
    """That of the best alignment, in the paper's units."""
    found, _ = best_alignment(one.coders)
    pairs = len(one.coders) * (len(one.coders) - 1) / 2
    marks = sum(map(len, one.coders))
    saved = sum(saving(units, len(one.coders)) for units in found)
    return (marks - saved / pairs) * len(one.coders) / marks


MEASURES = {
    "f1_exact": f1_exact,
    "f1_overlap": f1_overlap,
    "f1_token": f1_token,
    "alpha_u": alpha_u,
    "u_alpha": u_alpha,
    "gamma": lambda one: gamma(one).value,
}


@pytest.mark.parametrize("what", PUBLISHED["units of 2004"]["values"])
def test_the_units_of_2004_have_their_two_alphas(what):
    table = PUBLISHED["units of 2004"]
    measure, *category = what.split()
    one = continuum(table)
    value = MEASURES[measure](of_category(one, *category) if category else one)
    assert value == pytest.approx(table["values"][what], abs=table["within"])


@pytest.mark.parametrize("category", "ABCD")
def test_the_units_of_1995_have_their_alpha(category):
    table = PUBLISHED["units of 1995"]
    times = table["times"]
    marks = [
        [(times * start, times * (start + length), category) for start, length in marks]
        for marks in table["starts and lengths"][category]
    ]
    value = alpha_u(Continuum(times * table["length"], marks))
    assert value == pytest.approx(table["values"][category], abs=table["within"])


def test_the_units_of_1995_have_the_alpha_of_2016_whole_and_in_digits():
    table = PUBLISHED["units of 1995 in 2016"]
    whole = continuum(table)
    digits = [
        [(at, at + 1, "A") for start, end, _ in marks for at in range(start, end)]
        for marks in whole.coders
    ]
    assert u_alpha(whole) == pytest.approx(table["values"]["whole"], abs=table["within"])
    cut = u_alpha(whole._replace(coders=digits))
    assert cut == pytest.approx(table["values"]["digits"], abs=table["within"])


def test_gamma_of_the_example_is_where_its_makers_put_it():
    table = PUBLISHED["Alex, Paul and Suzan"]
    for seed in range(1, 5):
        found = gamma(continuum(table), seed=seed)
        assert table["values"]["lowest"] < found.value < table["values"]["highest"]
        assert (found.finished, found.words) == (True, "")


@pytest.mark.parametrize("nth", [n for n, one in enumerate(JUDGED) if "length" in one])
def test_other_packages_say_the_same(nth):
    one = JUDGED[nth]
    value = (MEASURES | {"disorder": disorder})[one["measure"]](continuum(one))
    assert value == pytest.approx(one["value"], abs=one["within"])


HUGE = 10**12
A, B = (10, 20, "a"), (30, 40, "a")
HARD = {
    "one coder": (100, [[A]], dict.fromkeys(MEASURES, NOTHING_SHARED)),
    "the other did not read it": (100, [[A], None], dict.fromkeys(MEASURES, NOTHING_SHARED)),
    "nobody marked anything": (100, [[], []], dict.fromkeys(MEASURES, NOTHING_MARKED)),
    "an empty text": (0, [[], []], dict.fromkeys(MEASURES, NOTHING_MARKED)),
    "empty marks": (100, [[(5, 5, "a")], [(7, 7, "a")]], dict.fromkeys(MEASURES, NOTHING_MARKED)),
    "identical": (100, [[A, B], [A, B]], dict.fromkeys(MEASURES, 1)),
    "identical and huge": (
        HUGE, [[(HUGE - 9, HUGE, "a")]] * 3, dict.fromkeys(MEASURES, 1),
    ),
    "disjoint": (
        100, [[A], [B]], {"f1_exact": 0, "f1_overlap": 0, "f1_token": 0},
    ),
    "only one marked": (
        100, [[A], []], {"f1_exact": 0, "f1_overlap": 0, "f1_token": 0},
    ),
    "touching": (
        100, [[(10, 20, "a")], [(20, 30, "a")]],
        {"f1_exact": 0, "f1_overlap": 0, "f1_token": 0},
    ),
    "of another category": (
        100, [[A], [(10, 20, "b")]], {"f1_exact": 0, "f1_overlap": 0, "f1_token": 0},
    ),
    "one long for many short": (
        100, [[(0, 60, "a")], [(0, 5, "a"), (20, 25, "a"), (40, 45, "a")]],
        {"f1_exact": 0, "f1_overlap": 0.5, "f1_token": 2 * 15 / 75},
    ),
    "nested": (
        100, [[(0, 40, "a"), (10, 20, "a")], [(0, 40, "a"), (10, 20, "a")]],
        {"f1_exact": 1, "f1_overlap": 1, "f1_token": 1, "alpha_u": 1, "u_alpha": 1, "gamma": 1},
    ),
    "nested in one coder's only": (
        100, [[(0, 40, "a"), (10, 20, "a")], [(0, 40, "a")]],
        {"f1_exact": 2 / 3, "f1_overlap": 2 / 3, "f1_token": 1, "alpha_u": 1, "u_alpha": 1},
    ),
    "crossing": (
        100, [[(0, 20, "a"), (10, 30, "b")], [(0, 20, "a"), (10, 30, "b")]],
        {"f1_exact": 1, "f1_overlap": 1, "f1_token": 1, "alpha_u": 1, "u_alpha": 1, "gamma": 1},
    ),
    "the same mark twice": (
        100, [[A, A], [A]], {"f1_exact": 2 / 3, "f1_overlap": 2 / 3, "f1_token": 1},
    ),
    "all of the text, all the same": (
        50, [[(0, 50, "a")]] * 2,
        {"f1_exact": 1, "alpha_u": 1, "u_alpha": NO_VARIATION},
    ),
    "a text of one letter": (
        1, [[(0, 1, "a")]] * 2,
        {
            "f1_exact": 1, "alpha_u": NO_VARIATION, "u_alpha": NO_VARIATION,
            "gamma": "Chance alone leaves no disorder here, so there is no γ.",
        },
    ),
    "the third did not read it": (
        100, [[A, B], None, [A]], {"f1_exact": 2 / 3, "f1_overlap": 2 / 3, "f1_token": 2 / 3},
    ),
}  # fmt: skip


def said(measure, one):
    try:
        return MEASURES[measure](one)
    except Incomputable as error:
        return str(error)


@pytest.mark.parametrize("case", HARD)
def test_hard_cases_have_their_value_or_say_why_not(case):
    length, coders, expected = HARD[case]
    one = Continuum(length, coders)
    assert {measure: said(measure, one) for measure in expected} == expected


def test_a_mark_outside_its_text_is_refused():
    for mark in ((-1, 5, "a"), (5, 101, "a"), (9, 3, "a")):
        with pytest.raises(ValueError, match="leaves a text of 100 code points"):
            f1_exact(Continuum(100, [[mark], []]))


def test_a_token_is_a_word_if_the_words_are_known():
    text = "The old port, 港口 is open."
    words = tokens(text)
    assert [text[start:end] for start, end in words] == [
        "The", "old", "port", "港", "口", "is", "open",
    ]  # fmt: skip
    one = Continuum(len(text), [[(0, 8, "a")], [(4, 13, "a")]], words)
    assert f1_token(one) == 2 * 1 / (3 - 1 + 2)
    assert f1_token(one._replace(tokens=None)) == 2 * 4 / (8 + 9)
    assert f1_token(one._replace(coders=[[(0, 6, "a")], [(4, 10, "a")]])) == 2 * 1 / (2 + 2)
    with pytest.raises(Incomputable, match=NOTHING_IN_COMMON):
        f1_token(one._replace(coders=[[(3, 4, "a")], [(12, 13, "a")]]))


def test_unmarked_text_raises_no_f1():
    marks = [[A, (50, 60, "a")], [(12, 22, "a")], [A]]
    for measure in (f1_exact, f1_overlap, f1_token):
        assert measure(Continuum(100, marks)) == measure(Continuum(HUGE, marks))


def test_who_comes_first_is_nothing():
    one = continuum(next(o for o in JUDGED if o["measure"] == "f1_token" and len(o["coders"]) > 2))
    turned = one._replace(coders=[marks[::-1] for marks in one.coders[::-1]])
    for measure in (f1_exact, f1_overlap, f1_token, alpha_u, u_alpha, disorder):
        assert measure(turned) == pytest.approx(measure(one), abs=1e-12)


def written_out(one: Continuum) -> float:
    """αU of one category by the formulas of 1995 and 2004, unit by unit and gap by gap."""
    length, m = one.length, len(one.coders)
    rows = []
    for marks in one.coders:
        ends = [0, *(end for mark in sorted(marks) for end in mark[:2]), length]
        cut = [(a, b, nth % 2) for nth, (a, b) in enumerate(pairwise(ends))]
        rows.append([piece for piece in cut if piece[0] < piece[1]])
    observed = 0
    for nth, other in product(range(m), repeat=2):
        for (a, b, mine), (c, d, theirs) in product(rows[nth], rows[other]):
            if nth == other:
                continue
            if mine and theirs and a < d and c < b:
                observed += (a - c) ** 2 + (b - d) ** 2
            elif mine and not theirs and c <= a and b <= d:
                observed += (b - a) ** 2
            elif theirs and not mine and a <= c and d <= b:
                observed += (d - c) ** 2
    pieces = [piece for row in rows for piece in row]
    units = [b - a for a, b, unit in pieces if unit]
    gaps = [b - a for a, b, unit in pieces if not unit]
    expected = sum(
        (len(units) - 1) / 3 * (2 * unit**3 - 3 * unit**2 + unit)
        + unit**2 * sum(gap - unit + 1 for gap in gaps if gap >= unit)
        for unit in units
    )
    ways = m * length * (m * length - 1) - sum(unit * (unit - 1) for unit in units)
    return 1 - observed / (m * (m - 1) * length**2) / (2 / length * expected / ways)


@pytest.mark.parametrize("nth", range(3))
def test_alpha_u_is_what_its_formulas_say_when_written_out(nth):
    one = [one for one in JUDGED if one["measure"] == "u_alpha"][nth]
    single = of_category(continuum(one), "a")
    assert alpha_u(single) == pytest.approx(written_out(single), abs=1e-9)


def every_alignment(units, coders):
    """The most that can be saved, by going through all alignments there are."""
    if not units:
        return 0.0
    (first, *rest), best = units, 0.0
    choices = [
        [None, *(u for u in rest if u[0] == nth)] for nth in range(coders) if nth != first[0]
    ]
    for chosen in product(*choices):
        together = [first, *(unit for unit in chosen if unit)]
        left = [unit for unit in rest if unit not in together]
        best = max(best, saving(together, coders) + every_alignment(left, coders))
    return best


@pytest.mark.parametrize("coders", [2, 3, 4])
def test_no_alignment_is_better_than_the_best(coders):
    draw = random.Random(coders)
    for _ in range(40):
        marks = [
            [(n, start := draw.randrange(50), start + draw.randint(1, 15), draw.choice("ab"))[1:]
             for n in range(draw.randint(0, 4 if coders < 4 else 2))]
            for _ in range(coders)
        ]  # fmt: skip
        marks = [sorted(set(own)) for own in marks]
        units = [(nth, mark) for nth, own in enumerate(marks) for mark in own]
        found, exact = best_alignment(marks)
        used = [unit for together in found for unit in together]
        assert (exact, len(used)) == (True, len(set(used)))
        saved = sum(saving(together, coders) for together in found)
        assert saved == pytest.approx(every_alignment(units, coders), abs=1e-9)


def crowd(coders, marks, length=2000, seed=1):
    draw = random.Random(seed)
    return Continuum(length, [
        [(start := draw.randrange(length - 90), start + draw.randint(20, 90), draw.choice("abc"))
         for _ in range(marks)]
        for _ in range(coders)
    ])  # fmt: skip


def test_what_cannot_be_searched_through_is_said(monkeypatch):
    monkeypatch.setattr("annotations.coefficients.unitary.MOST_WAYS", 2)
    found = gamma(crowd(3, 30))
    assert -1 < found.value < 1
    assert not found.finished
    assert found.words.endswith(
        "comparisons there were too many ways to align the marks; the best one found was taken."
    )


def test_gamma_without_time_has_no_value_and_says_so():
    assert gamma(crowd(3, 60), seconds=0) == Gamma(
        None, None, False, "There is no γ: after 0 s nothing was compared with chance yet."
    )
    with pytest.raises(TimeIsUpError):
        best_alignment(crowd(3, 60).coders, -inf)


def test_gamma_whose_time_is_up_stands_on_what_was_compared(monkeypatch):
    now = iter(range(10**9))
    monkeypatch.setattr(measured, "monotonic", lambda: next(now))
    monkeypatch.setattr("annotations.coefficients.unitary.monotonic", lambda: next(now))
    found = gamma(crowd(2, 20), seconds=1000)
    assert -1 < found.value < 1
    assert (found.finished, found.words) == (
        False,
        "γ is known less exactly than to 2 %: its time of 1000 s was up before enough shuffled "
        "texts were compared.",
    )


def test_the_same_seed_gives_the_same_gamma():
    one = crowd(3, 20)
    assert gamma(one, seed=7) == gamma(one, seed=7)
    assert gamma(one, seed=7) != gamma(one, seed=8)


def test_a_shuffled_text_has_moved_marks_of_its_coders_and_nothing_else():
    one = crowd(2, 10)
    kinds = [sorted((end - start, kind) for start, end, kind in marks) for marks in one.coders]
    for seed in range(20):
        for marks in shuffled(one.coders, one.length, random.Random(seed)):
            assert sorted((end - start, kind) for start, end, kind in marks) in kinds
            assert all(0 <= start < one.length for start, *_ in marks)


def test_gamma_cat_looks_at_the_categories_of_aligned_marks_only():
    places = [(5, 20), (60, 95), (110, 118), (200, 260)]
    same = [(*place, kind) for place, kind in zip(places, "abab", strict=True)]
    other = [(*place, kind) for place, kind in zip(places, "baba", strict=True)]
    assert gamma(Continuum(400, [same, same[:2]])).category_value == 1
    assert gamma(Continuum(400, [same, other])).category_value < 0
    assert gamma(Continuum(400, [same[:1], same[-1:]])).category_value is None
