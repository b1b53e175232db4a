"""Networks: hard cases by hand, what must hold of all, and what DNA itself finds in its sample."""

import sqlite3
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations import networks
from annotations.networks import Ask, NetworkError, Statement, Thing

SAMPLE = Path(__file__).resolve().parents[2] / "shared" / "formats" / "dna" / "sample-3.dna"
# What rDNA's own tests expect of its sample: persons, joined by concepts, qualifier ignored.
PERSONS = (
    (0, 22, 6, 8, 4, 2, 2),
    (22, 0, 12, 22, 2, 10, 1),
    (6, 12, 0, 7, 6, 4, 6),
    (8, 22, 7, 0, 6, 4, 3),
    (4, 2, 6, 6, 0, 4, 4),
    (2, 10, 4, 4, 4, 0, 3),
    (2, 1, 6, 3, 4, 3, 0),
)
STANCES = {"+": "support", "-": "oppose", "0": "neutral", "?": "unclear", ".": ""}


def said(lines, day=date(2024, 3, 4)):
    """Statements of lines such as `1 a x +`: document, actor, tag, stance; a day may follow."""
    for line in lines.split("\n"):
        if line.strip():
            document, actor, tag, stance, *own = line.split()
            on = date.fromisoformat(own[0]) if own and own[0] != "none" else (None if own else day)
            yield Statement(
                document, on, Thing(actor, actor), Thing(tag, tag), STANCES[stance]
            )  # fmt: skip


def edges(network):
    return {f"{one.name}{two.name}": weight for one, two, weight in network.edges()}


def made(lines, **ask):
    return edges(networks.network(said(lines), Ask(**{"duplicates": "include", **ask})))


# a supports x twice and opposes y; b supports x, and y both ways; c opposes x; d says x of none.
WORLD = """
1 a x +
2 a x +
1 a y -
1 b x +
2 b y -
3 b y +
1 c x -
1 d x .
"""


@pytest.mark.parametrize(
    ("ask", "found"),
    [
        ({}, {"ax": 2, "ay": 1, "bx": 1, "by": 2, "cx": 1, "dx": 1}),
        ({"qualifier": "binary"}, {"ax": 1, "ay": 1, "bx": 1, "by": 1, "cx": 1, "dx": 1}),
        ({"qualifier": "combine"}, {"ax": 1, "ay": 2, "bx": 1, "by": 3, "cx": 2}),
        ({"qualifier": "subtract"}, {"ax": 2, "ay": -1, "bx": 1, "cx": -1}),
        (
            {"normalisation": "activity"},
            {"ax": 2 / 3, "ay": 1 / 3, "bx": 1 / 3, "by": 2 / 3, "cx": 1, "dx": 1},
        ),
        (
            {"normalisation": "prominence"},
            {"ax": 2 / 5, "ay": 1 / 3, "bx": 1 / 5, "by": 2 / 3, "cx": 1 / 5, "dx": 1 / 5},
        ),
        (
            {"qualifier": "binary", "normalisation": "prominence"},
            {"ax": 1 / 4, "ay": 1 / 2, "bx": 1 / 4, "by": 1 / 2, "cx": 1 / 4, "dx": 1 / 4},
        ),
        (
            {"qualifier": "subtract", "normalisation": "activity"},
            {"ax": 2 / 3, "ay": -1 / 3, "bx": 1 / 3, "cx": -1},
        ),
        # a and b: 2·1 for x and 1·2 for y.
        ({"mode": "actors"}, {"ab": 4, "ac": 2, "ad": 2, "bc": 1, "bd": 1, "cd": 1}),
        ({"mode": "actors", "qualifier": "congruence"}, {"ab": 3}),
        ({"mode": "actors", "qualifier": "conflict"}, {"ab": 1, "ac": 2, "bc": 1}),
        ({"mode": "actors", "qualifier": "subtract"}, {"ab": 2, "ac": -2, "bc": -1}),
        ({"mode": "tags"}, {"xy": 2 * 1 + 1 * 2}),
        ({"mode": "tags", "qualifier": "congruence"}, {"xy": 1}),
        ({"mode": "tags", "qualifier": "conflict"}, {"xy": 2 + 1}),
        # Both say three things: 4 / 3.
        (
            {"mode": "actors", "qualifier": "congruence", "normalisation": "average"},
            {"ab": 3 / 3},
        ),
        # Only b says y with support (1); both have x+ (2·1) and y− (1·1).
        (
            {"mode": "actors", "qualifier": "congruence", "normalisation": "jaccard"},
            {"ab": 3 / (1 + 3)},
        ),
        (
            {"mode": "actors", "qualifier": "congruence", "normalisation": "cosine"},
            {"ab": 3 / 9},
        ),
        ({"without_actors": frozenset("ab")}, {"cx": 1, "dx": 1}),
        ({"without_tags": frozenset("x")}, {"ay": 1, "by": 2}),
    ],
)
def test_a_world_counted_by_hand(ask, found):
    assert made(WORLD, **ask) == pytest.approx(found)


REPEATED = """
1 a x + 2023-03-06
1 a x + 2023-03-06
1 a x - 2023-03-06
2 a x + 2023-03-10
3 a x + 2023-03-13
4 a x + 2023-04-01
5 a x + 2024-03-05
6 a x + none
6 a x + none
"""


@pytest.mark.parametrize(
    ("duplicates", "plain", "signed"),
    [
        ("include", 9, 7),
        ("document", 6, 5),
        ("week", 5, 4),  # the week of 6 March holds documents 1 and 2
        ("month", 4, 3),  # not the March of another year
        ("year", 3, 2),
        ("acrossrange", 1, 0),
    ],
)
def test_the_same_said_again_counts_once_within_what_is_asked(duplicates, plain, signed):
    assert made(REPEATED, duplicates=duplicates) == {"ax": plain}
    found = made(REPEATED, duplicates=duplicates, qualifier="subtract")
    assert found == ({"ax": signed} if signed else {})


@pytest.mark.parametrize(
    ("since", "until", "left"),
    [
        (None, None, 9),
        ("2023-03-06", "2023-03-06", 3),
        ("2023-03-07", "2023-04-01", 3),
        ("2024-01-01", None, 1),
        (None, "2022-12-31", 0),
    ],
)
def test_days_are_inclusive_and_what_has_none_is_in_no_range(since, until, left):
    days = [day and date.fromisoformat(day) for day in (since, until)]
    found = networks.network(
        said(REPEATED), Ask(duplicates="include", since=days[0], until=days[1])
    )
    assert found.statements == left


def test_isolates_are_all_that_is_known_but_for_what_is_left_out():
    ask = Ask(since=date(2030, 1, 1), isolates=True, without_actors=frozenset("b"))
    found = networks.network(said(WORLD), ask)
    assert [row.name for row in found.rows] == ["a", "c", "d"]
    assert [column.name for column in found.columns] == ["x", "y"]
    assert (found.weights, found.statements) == ({}, 0)
    assert networks.network(said(WORLD), Ask(since=date(2030, 1, 1))).rows == ()


def test_a_matrix_has_each_pair_twice_and_nothing_on_its_diagonal():
    found = networks.network(said(WORLD), Ask("actors", duplicates="include"))
    matrix = [weights for _, weights in found.matrix()]
    assert matrix == [[0, 4, 2, 2], [4, 0, 1, 1], [2, 1, 0, 1], [2, 1, 1, 0]]
    assert [mode for mode, _ in found.nodes] == ["actor"] * 4


def test_windows_move_over_the_days_and_leave_nothing_out():
    lines = "1 a x + 2024-01-01\n2 a x + 2024-01-03\n3 b x - 2024-01-07\n4 b x - none"
    told = [
        (str(one.since), str(one.until), edges(one.network))
        for one in networks.windows(said(lines), Ask(), days=3, step=2)
    ]
    assert told == [
        ("2024-01-01", "2024-01-03", {"ax": 2}),
        ("2024-01-03", "2024-01-05", {"ax": 1}),
        ("2024-01-05", "2024-01-07", {"bx": 1}),
    ]
    [whole] = networks.windows(said(lines), Ask(isolates=True), days=30)
    assert [row.name for row in whole.network.rows] == ["a", "b"]
    assert list(networks.windows(said("1 a x + none"), Ask(), days=3)) == []


@pytest.mark.parametrize(
    ("ask", "field"),
    [
        ({"mode": "three"}, "mode"),
        ({"qualifier": "congruence"}, "qualifier"),
        ({"mode": "actors", "qualifier": "combine"}, "qualifier"),
        ({"normalisation": "jaccard"}, "normalisation"),
        ({"mode": "tags", "normalisation": "activity"}, "normalisation"),
        ({"qualifier": "combine", "normalisation": "activity"}, "normalisation"),
        ({"duplicates": "day"}, "duplicates"),
        ({"since": date(2024, 1, 2), "until": date(2024, 1, 1)}, "until"),
    ],
)
def test_what_does_not_go_together_is_refused(ask, field):
    assert list(Ask(**ask).problems()) == [field]
    with pytest.raises(NetworkError):
        networks.network([], Ask(**ask))


def test_windows_end_with_the_calendar():
    lines = "1 a x + 9999-06-01\n2 b x + 9999-12-31"
    assert [
        (one.since, one.until, one.network.statements)
        for one in networks.windows(said(lines), Ask(), days=365, step=36_500)
    ] == [(date(9999, 6, 1), date.max, 2)]
    assert [
        (one.since, one.until, one.network.statements)
        for one in networks.windows(said(lines), Ask(), days=2, step=36_500)
    ] == [(date(9999, 6, 1), date(9999, 6, 2), 1), (date.max, date.max, 1)]


def test_too_much_is_refused_before_it_is_counted(monkeypatch):
    monkeypatch.setattr(networks, "MOST_PAIRS", 5)
    with pytest.raises(NetworkError, match="too large"):
        networks.network(said(WORLD), Ask("actors", duplicates="include"))
    monkeypatch.setattr(networks, "MOST_PAIRS", 1_000)
    monkeypatch.setattr(networks, "MOST_TOGETHER", 5)
    days = "1 a x + 2024-01-01\n1 b x + 2024-01-02\n2 a x + 2024-01-03"
    assert len(list(networks.windows(said(days), Ask("two"), days=2))) == 2  # four statements
    with pytest.raises(NetworkError, match="too large together"):
        networks.windows(said(days), Ask("actors"), days=2)  # and two pairs
    year = "1 a x + 2024-01-01\n2 a x + 2025-02-04"
    with pytest.raises(NetworkError, match="401 windows"):
        networks.windows(said(year), Ask(), days=1)
    with pytest.raises(NetworkError, match="a day long"):
        networks.windows([], Ask(), days=0)


def test_things_of_one_label_are_told_apart():
    things = [Thing("calm", "Calm"), Thing("calm-2", "Calm"), Thing("fact", "Fact")]
    assert networks.told_apart(things) == ["Calm (calm)", "Calm (calm-2)", "Fact"]


some = st.builds(
    Statement,
    st.sampled_from("123"),
    st.dates(date(2024, 1, 1), date(2024, 3, 1)) | st.none(),
    st.sampled_from("abcd").map(lambda name: Thing(name, name)),
    st.sampled_from("xyz").map(lambda name: Thing(name, name)),
    st.sampled_from(tuple(STANCES.values())),
)
signed = some.map(
    lambda s: s._replace(stance="support" if s.stance in ("", "support") else "oppose")
)
cheap = settings(max_examples=60, deadline=None)


def all_of(statements, mode, **ask):
    ask = {"duplicates": "include", **ask}
    return {
        qualifier: networks.network(statements, Ask(mode, qualifier, **ask)).weights
        for qualifier in networks.QUALIFIERS[mode]
    }


def summed(one, other, sign=1):
    keys = {*one, *other}
    sums = {key: one.get(key, 0) + sign * other.get(key, 0) for key in keys}
    return {key: total for key, total in sums.items() if total}


@cheap
@given(st.lists(signed, max_size=12), st.sampled_from(["actors", "tags"]))
def test_what_has_a_stance_is_congruent_or_in_conflict(statements, mode):
    found = all_of(statements, mode)
    assert summed(found["congruence"], found["conflict"]) == found["ignore"]
    assert summed(found["congruence"], found["conflict"], -1) == found["subtract"]


@cheap
@given(st.lists(some, max_size=12))
def test_two_mode_networks_agree_with_each_other(statements):
    found = all_of(statements, "two")
    assert set(found["binary"]) == set(found["ignore"])
    assert sum(found["ignore"].values()) == len(statements)
    assert set(found["subtract"]) <= set(found["combine"]) <= set(found["ignore"])
    assert all(abs(weight) <= found["ignore"][pair] for pair, weight in found["subtract"].items())
    for pair, weight in found["subtract"].items():
        assert found["combine"][pair] in ((1, 3) if weight > 0 else (2, 3))


@cheap
@given(st.lists(some, max_size=12), st.sampled_from(["document", "week", "acrossrange"]))
def test_duplicates_only_take_away_and_their_order_does_not_matter(statements, duplicates):
    whole = networks.chosen(statements, Ask(duplicates="include"))
    once = networks.chosen(statements, Ask(duplicates=duplicates))
    turned = networks.chosen(statements[::-1], Ask(duplicates=duplicates))
    pairs = [Counter((s.actor, s.tag) for s in each) for each in (once, turned, whole)]
    assert pairs[0] == pairs[1]
    assert pairs[0] <= pairs[2]


@cheap
@given(st.lists(signed, max_size=12))
def test_normalised_weights_have_their_bounds(statements):
    once = {"duplicates": "acrossrange", "qualifier": "congruence"}
    for network in (
        networks.network(statements, Ask("actors", normalisation="jaccard", **once)),
        networks.network(statements, Ask(normalisation="activity")),
        networks.network(statements, Ask(normalisation="prominence")),
    ):
        assert all(0 < weight <= 1 for weight in network.weights.values())
    active = networks.network(statements, Ask(normalisation="activity"))
    for row, weights in active.matrix():
        assert sum(weights) == pytest.approx(1), row


@cheap
@given(st.lists(some, max_size=12), st.integers(1, 40), st.integers(1, 40))
def test_windows_hold_every_dated_statement_if_they_touch(statements, days, step):
    ask = Ask(duplicates="include")
    found = list(networks.windows(statements, ask, days, min(step, days)))
    dated = [one for one in statements if one.on]
    held = [one for one in dated if any(window.since <= one.on <= window.until for window in found)]
    assert held == dated
    if step >= days and found:
        assert sum(window.network.statements for window in found) >= len(dated)


def sample(variable):
    """The statements of DNA's sample database, with a variable as the actor."""
    db = sqlite3.connect(f"file:{SAMPLE}?mode=ro&immutable=1", uri=True)
    rows = db.execute(
        "SELECT s.DocumentId, date(d.Date, 'unixepoch'), a.Value, c.Value, b.Value"
        " FROM STATEMENTS s JOIN DOCUMENTS d ON d.ID = s.DocumentId"
        " JOIN DATASHORTTEXT da ON da.StatementId = s.ID"
        " JOIN VARIABLES v ON v.ID = da.VariableId AND v.Variable = ?"
        " JOIN ENTITIES a ON a.ID = da.Entity"
        " JOIN DATASHORTTEXT dc ON dc.StatementId = s.ID"
        " JOIN VARIABLES w ON w.ID = dc.VariableId AND w.Variable = 'concept'"
        " JOIN ENTITIES c ON c.ID = dc.Entity"
        " JOIN DATABOOLEAN b ON b.StatementId = s.ID",
        (variable,),
    ).fetchall()
    db.close()
    return [
        Statement(
            str(document), date.fromisoformat(day), Thing(actor, actor), Thing(concept, concept),
            "support" if agrees else "oppose",
        )
        for document, day, actor, concept, agrees in rows
    ]  # fmt: skip


@pytest.mark.skipif(not SAMPLE.exists(), reason="DNA's sample is not beside this repository")
def test_what_dna_itself_finds_in_its_sample():
    ask = Ask("actors", duplicates="include")
    people = networks.network(sample("person"), ask)
    assert tuple(tuple(weights) for _, weights in people.matrix()) == PERSONS
    statements = sample("organization")
    bodies = networks.network(statements, ask)
    assert (len(bodies.rows), 2 * sum(bodies.weights.values())) == (7, 276)
    two = networks.network(statements, Ask(duplicates="include"))
    assert (len(two.rows), len(two.columns), sum(two.weights.values())) == (7, 6, 40)
    assert (len(two.weights), len(bodies.weights)) == (22, 21)
