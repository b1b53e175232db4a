"""Which annotations belong together: the rule, by tables of cases and by brute force."""

import itertools
import random
import time

import pytest

from annotations.matching import Item, continued, covered, match


def items(coder, *spans, kind="claim", told=()):
    """A coder's items, each of one stretch."""
    return [Item((coder, n), kind, (span,), frozenset(told)) for n, span in enumerate(spans)]


CASES = {
    "nobody marked anything": ([[], []], []),
    "the same stretch": ([[(0, 9)], [(0, 9)]], [(0, 0)]),
    "one code point in common": ([[(0, 5)], [(4, 9)]], [(0, 0)]),
    "stretches that only touch": ([[(0, 5)], [(5, 9)]], [(0, None), (None, 0)]),
    "one coder alone": ([[(3, 5)], []], [(0, None)]),
    "the greater sum, not the nearest first": (
        [[(0, 10), (10, 20)], [(0, 12), (0, 10)]],
        [(0, 1), (1, 0)],
    ),
    "two of one coder are two cases": ([[(0, 9), (0, 9)], [(0, 9)]], [(0, 0), (1, None)]),
    "three coders": ([[(0, 9)], [(2, 9)], [(0, 8)]], [(0, 0, 0)]),
    "the third touches only the second": (
        [[(0, 5)], [(3, 9)], [(7, 12)]],
        [(0, 0, 0)],
    ),
    "in the order of the text": (
        [[(20, 30), (0, 5)], [(10, 12)]],
        [(1, None), (None, 0), (0, None)],
    ),
    "equals in their order": ([[(0, 9)] * 3, [(0, 9)] * 3], [(0, 0), (1, 1), (2, 2)]),
}  # fmt: skip


@pytest.mark.parametrize(("versions", "wanted"), CASES.values(), ids=CASES)
def test_the_rule(versions, wanted):
    assert match([items(n, *spans) for n, spans in enumerate(versions)]) == wanted


def test_only_the_same_kind_is_matched():
    versions = [items(0, (0, 9)), items(1, (0, 9), kind="mention")]
    assert match(versions) == [(0, None), (None, 0)]


def test_of_several_spans_all_count():
    one = [Item(1, "claim", ((0, 5), (10, 15)))]
    other = [Item(2, "claim", ((0, 5),)), Item(3, "claim", ((3, 13),))]
    assert match([one, other]) == [(0, 0), (None, 1)]


def test_on_equal_stretches_those_go_together_that_say_the_same():
    one = [Item(n, "claim", ((0, 9),), frozenset(told)) for n, told in enumerate(("ab", "c"))]
    other = [Item(n, "claim", ((0, 9),), frozenset(told)) for n, told in enumerate(("c", "ax"))]
    assert match([one, other]) == [(0, 1), (1, 0)]


def test_what_is_said_never_outweighs_the_stretch():
    one = [Item(1, "claim", ((0, 1000),), frozenset("a"))]
    other = [
        Item(2, "claim", ((0, 999),), frozenset("a")),
        Item(3, "claim", ((0, 1000),), frozenset("b")),
    ]
    assert match([one, other]) == [(None, 0), (0, 1)]


def test_cases_that_stand_keep_what_they_have_and_get_more():
    versions = [items(0, (0, 9), (0, 9)), items(1, (0, 9)), items(2, (5, 9))]
    assert match(versions, [(1, 0, None)]) == [(0, None, None), (1, 0, 0)]


def test_whoever_marked_most_is_matched_first():
    versions = [items(0, (0, 4)), items(1, (0, 10), (20, 30))]
    assert match(versions) == [(0, 0), (None, 1)]


def likeness(one, other):
    shared = len(set(range(*one)) & set(range(*other)))
    return 2 * shared / (one[1] - one[0] + other[1] - other[0])


def test_two_coders_are_matched_as_well_as_can_be():
    choose = random.Random(7)
    for _ in range(300):
        spans = [
            [(s, s + choose.randint(1, 9)) for s in (choose.randrange(20) for _ in range(n))]
            for n in (choose.randint(0, 4), choose.randint(0, 4))
        ]
        fewer, more = sorted(spans, key=len)
        best = max(
            sum(likeness(a, b) for a, b in zip(fewer, order, strict=False))
            for order in itertools.permutations(more)
        )
        found = match([items(n, *own) for n, own in enumerate(spans)])
        pairs = [(spans[0][a], spans[1][b]) for a, b in found if a is not None and b is not None]
        assert sum(likeness(*pair) for pair in pairs) == pytest.approx(best, abs=1e-5)
        for n, own in enumerate(spans):
            assert sorted(g[n] for g in found if g[n] is not None) == list(range(len(own)))


@pytest.mark.parametrize("length", [60_000, 9_000])
def test_three_times_three_hundred_take_no_time(length):
    choose = random.Random(1)
    versions = [
        items(n, *((s, s + choose.randint(5, 150)) for s in (choose.randrange(length)
              for _ in range(300))))
        for n in range(3)
    ]  # fmt: skip
    began = time.process_time()
    found = match(versions)
    assert time.process_time() - began < 0.2
    assert sum(row is not None for group in found for row in group) == 900


def test_of_cases_that_are_there_the_one_that_shares_most_goes_on():
    groups = [{"a", "b", "c"}, {"d"}, {"e"}]
    held = {"first": {"a"}, "second": {"b", "c", "d"}, "third": {"x"}}
    assert continued(groups, held) == {0: "second"}
    assert continued(groups, {"first": {"a", "d"}, "second": {"a", "e"}}) == {
        0: "first", 2: "second"
    }  # fmt: skip
    assert continued([], held) == {}


def test_covered_stretches_are_apart():
    assert covered([(5, 9), (0, 2), (2, 3), (8, 12)]) == [(0, 3), (5, 12)]
    assert covered([]) == []
