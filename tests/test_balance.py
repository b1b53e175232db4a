"""How articles are spread over coders: hard cases, and what holds of every spreading."""

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.balance import EVERYBODY_HAS_IT, NO_ROOM, Coder, Place, spread


def places(number):
    return [Place(n) for n in range(number)]


def coders(number, **fields):
    return [Coder(f"c{n}", **fields) for n in range(number)]


def loads(found, people):
    """Coder → how many she has open in the end."""
    new = Counter(coder for _, coder in found.given)
    return {one.key: one.load + new[one.key] for one in people}


def shared(found, articles, people):
    """How many articles each two of the people share, in no order."""
    having = {place.key: set(place.coders) for place in articles}
    for article, coder in found.given:
        having[article].add(coder)
    pairs = Counter(frozenset(pair) for those in having.values() for pair in combinations(those, 2))
    return [pairs[frozenset(pair)] for pair in combinations([one.key for one in people], 2)]


@pytest.mark.parametrize(
    ("articles", "people", "k", "load", "pairs"),
    [
        (15, 6, 2, {5}, {1}),  # a round robin
        (45, 10, 2, {9}, {1}),
        (7, 7, 3, {3}, {1}),  # the plane of Fano
        (30, 10, 3, {9}, {2}),
        (10, 4, 2, {5}, {1, 2}),
        (4, 4, 4, {4}, {4}),
        (5, 3, 1, {1, 2}, {0}),
        (1, 2, 2, {1}, {1}),
    ],
)
def test_loads_and_pairs_are_as_even_as_can_be(articles, people, k, load, pairs):
    those, over = places(articles), coders(people)
    found = spread(those, over, k=k)
    assert (set(loads(found, over).values()), set(shared(found, those, over)), found.short) == (
        load, pairs, [],
    )  # fmt: skip


def test_an_article_that_has_one_of_three_gets_two_more():
    over = coders(4)
    found = spread([Place("a", frozenset({"c0"}))], over, k=3)
    assert len(found.given) == 2
    assert {coder for _, coder in found.given} < {"c1", "c2", "c3"}


def test_an_article_that_has_enough_gets_nobody():
    found = spread([Place("a", frozenset({"c0", "gone"}))], coders(3), k=2)
    assert (found.given, found.short) == ([], [])


def test_whoever_is_barred_is_not_given_it_and_does_not_count():
    found = spread([Place("a", barred=frozenset({"c0"}))], coders(3), k=2)
    assert found.given == [("a", "c1"), ("a", "c2")]


def test_those_who_have_much_open_are_spared_until_others_have_as_much():
    over = [Coder("busy", load=5), Coder("free"), Coder("idle")]
    found = spread(places(6), over, k=1)
    assert loads(found, over) == {"busy": 5, "free": 3, "idle": 3}


def test_nobody_gets_more_than_she_may_have_open():
    over = [Coder("full", load=4, limit=4), Coder("nearly", load=3, limit=4), Coder("free")]
    found = spread(places(5), over, k=2)
    assert loads(found, over) == {"full": 4, "nearly": 4, "free": 5}
    assert sorted((missing, why) for _, missing, why in found.short) == [(1, NO_ROOM)] * 4


def test_more_coders_wished_for_than_there_are_is_said_with_the_reason():
    found = spread(places(1), coders(2), k=3)
    assert found.short == [(0, 1, EVERYBODY_HAS_IT)]


def test_without_coders_every_article_is_short():
    assert spread(places(2), [], k=2).short == [(0, 2, EVERYBODY_HAS_IT), (1, 2, EVERYBODY_HAS_IT)]


def test_room_is_made_for_an_article_that_only_one_may_have():
    """c0 may have one more, and must not spend it on what c1 may have as well."""
    over = [Coder("c0", limit=1), Coder("c1", load=7, limit=8)]
    either, only = Place("either"), Place("only", barred=frozenset({"c1"}))
    for articles in ([either, only], [only, either]):
        found = spread(articles, over, k=1)
        assert (sorted(found.given), found.short) == ([("either", "c1"), ("only", "c0")], [])


def test_room_is_made_along_a_chain():
    over = [Coder(name, limit=1) for name in "abc"]
    articles = [
        Place(1, barred=frozenset("c")),
        Place(2, barred=frozenset("a")),
        Place(3, barred=frozenset("bc")),
    ]
    found = spread(articles, over, k=1)
    assert sorted(found.given) == [(1, "b"), (2, "c"), (3, "a")]


def test_what_pairs_shared_before_is_made_up_for():
    over = coders(4)
    before = {frozenset(pair): 3 for pair in (("c0", "c1"), ("c2", "c3"))}
    found = spread(places(6), over, k=2, pairs=before)
    assert not {
        frozenset(pair)
        for article in range(6)
        for pair in [[coder for known, coder in found.given if known == article]]
    } & set(before)


def test_the_same_seed_gives_the_same_answer_and_another_another():
    def answer(seed):
        return spread(places(40), coders(9), k=3, seed=seed).given

    assert answer(1) == answer(1)
    assert answer(1) != answer(2)


NAMES = [f"c{n}" for n in range(7)]
SOME = st.frozensets(st.sampled_from(NAMES), max_size=4)
PLACES = st.lists(st.tuples(SOME, SOME), max_size=25).map(
    lambda those: [Place(n, had, barred - had) for n, (had, barred) in enumerate(those)]
)
PEOPLE = st.lists(
    st.tuples(st.integers(0, 6), st.none() | st.integers(0, 9)), min_size=1, max_size=7
).map(lambda those: [Coder(NAMES[n], *fields) for n, fields in enumerate(those)])


@settings(max_examples=120, deadline=None)
@given(PLACES, PEOPLE, st.integers(1, 4), st.integers(0, 3))
def test_nobody_gets_one_twice_or_more_than_she_may_and_what_lacks_is_told(
    articles, people, k, seed
):
    found = spread(articles, people, k=k, seed=seed)
    by_key, missing = {place.key: place for place in articles}, Counter()
    assert len(set(found.given)) == len(found.given)
    for article, coder in found.given:
        assert coder not in by_key[article].coders | by_key[article].barred
        missing[article] -= 1
    for place in articles:
        missing[place.key] += max(0, k - len(place.coders))
    assert {key: number for key, number in missing.items() if number} == {
        key: number for key, number, _ in found.short
    }
    end = loads(found, people)
    assert [
        one.key for one in people
        if one.limit is not None and end[one.key] > max(one.limit, one.load)
    ] == []  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(PLACES, PEOPLE, st.integers(1, 3))
def test_nothing_could_be_passed_on_to_make_loads_more_even(articles, people, k):
    """Of two between whom an article could go, the one who has it has at most one more open."""
    found = spread(articles, people, k=k)
    end, by_key = loads(found, people), {place.key: place for place in articles}
    for article, coder in found.given:
        taken = by_key[article].coders | by_key[article].barred
        for other in people:
            fits = (article, other.key) not in found.given and other.key not in taken
            if fits and (other.limit is None or end[other.key] < other.limit):
                assert end[coder] - end[other.key] <= 1


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 9), st.integers(1, 4), st.integers(0, 60), st.integers(0, 9))
def test_without_limits_loads_differ_by_one_at_most(people, k, articles, seed):
    over = coders(people)
    end = loads(spread(places(articles), over, k=k, seed=seed), over).values()
    assert max(end) - min(end) <= 1


@settings(max_examples=40, deadline=None)
@given(st.integers(3, 8), st.integers(2, 3), st.integers(1, 3), st.integers(0, 9))
def test_every_two_coders_share_articles_as_soon_as_there_are_enough(people, k, times, seed):
    over = coders(people)
    enough = -(
        -2 * times * len(list(combinations(over, 2))) // len(list(combinations(range(k), 2)))
    )
    those = places(enough)
    assert min(shared(spread(those, over, k=k, seed=seed), those, over)) >= times
