"""Which actors may be one: names, ids and abbreviations, and how long it takes."""

import random
import time

import pytest

from corpus_app.doubles import Known, likely

PAIRS = [
    # (names of one, names of the other), whether they are proposed
    (("Harbour Office",), ("Harbor Office",), True),
    (("Harbour Office",), ("Office, Harbour",), True),
    (("Recep Tayyip Erdoğan",), ("Recep Tayyip Erdogan",), True),
    (("Sergey Lavrov",), ("Sergei Lavrov",), True),
    (("Vladimir Zelenskiy",), ("Vladimir Zelensky",), True),
    (("Mikhail Khodorkovsky",), ("Michail Chodorkowski",), True),
    (("D. Trump",), ("Donald Trump",), True),
    (("UN",), ("United Nations",), True),
    (("United Nations", "UN"), ("UN Organisation", "UN"), True),
    (("The Post", "Washington Post"), ("Washington Post",), True),
    (("WHO",), ("World Health Organization",), True),
    (("North Korea",), ("South Korea",), False),
    (("Donald Trump",), ("Ivanka Trump",), False),
    (("Melania Trump",), ("Trump administration",), False),
    (("Washington Post",), ("Washington",), False),
    (("East Germany",), ("West Germany",), False),
    (("Unit 12",), ("Unit 13",), False),
    (("Iran",), ("Iraq",), False),
    (("Democratic Party",), ("Democratic Party of Japan",), False),
    (("US Congress",), ("UN Congress",), False),
]


@pytest.mark.parametrize(("one", "other", "proposed"), PAIRS)
def test_names_that_are_likely_one_actor_are_proposed(one, other, proposed):
    found = likely([Known(1, one), Known(2, other)])
    assert [(pair.one, pair.other) for pair in found] == [(1, 2)] * proposed, found


def test_the_same_id_elsewhere_is_certain_whatever_the_names():
    found = likely([Known(1, ("Quay",), ids=("wikidata:Q1",)),
                    Known(2, ("Pier",), ids=("isni:1", "wikidata:Q1"))])  # fmt: skip
    assert [(pair.score, pair.reason) for pair in found] == [(100, "both are wikidata:Q1")]


def test_the_likeliest_stand_first_with_their_reasons():
    found = likely(
        [
            Known("a", ("Harbour Office",)), Known("b", ("Harbor Office",)),
            Known("c", ("D. Quill",)), Known("d", ("Dora Quill",)),
            Known("e", ("Pier", "the Jetty")), Known("f", ("The Jetty",)),
        ]
    )  # fmt: skip
    assert [(pair.one, pair.other) for pair in found] == [("e", "f"), ("a", "b"), ("c", "d")]
    assert found[2].reason == "“D. Quill” and “Dora Quill”: initial and full name"


def test_ten_thousand_actors_are_compared_in_seconds_and_planted_doubles_are_found():
    actors, planted = crowd(10_000, 200)
    began = time.process_time()
    found = {frozenset((pair.one, pair.other)) for pair in likely(actors)}
    assert time.process_time() - began < 15
    assert len(planted & found) >= 0.95 * len(planted)


def crowd(number: int, doubled: int) -> tuple[list[Known], set[frozenset]]:
    """Actors with invented names, and the pairs of which one is the other with a slip."""
    choose = random.Random(7)
    beginnings = (
        "bar", "dor", "fel", "gan", "hol", "jar", "kel", "lom", "mar", "nor", "pel", "ros", "sam",
        "tol", "var", "wen", "zor",
    )  # fmt: skip
    ends = ("an", "ek", "ia", "in", "is", "ov", "or", "sen", "ton", "um", "us", "ez", "mann")

    def word():
        return "".join((*choose.choices(beginnings, k=2), choose.choice(ends))).title()

    names = list(dict.fromkeys(f"{word()} {word()}" for _ in range(number)))
    actors = [Known(n, (name, f"{name.split()[1]} {n}")) for n, name in enumerate(names)]
    planted = set()
    for n in choose.sample(range(len(names)), doubled):
        first, last = names[n].split()
        slip = choose.randrange(1, len(last) - 1)
        double = f"{first} {last[:slip]}{last[slip]}{last[slip:]}"
        actors.append(Known(f"double {n}", (double,)))
        planted.add(frozenset((n, f"double {n}")))
    return actors, planted
