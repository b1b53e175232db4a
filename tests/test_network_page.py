"""The page of networks and its address in the API: who sees what, drawn, in numbers, as files."""

import csv
import io
import re
import zipfile

import networkx
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations import drawing, networks
from annotations.networks import Ask, Statement, Thing
from tests import factories
from tests.claimed import World

API = "/api/v1/projects/strait/network/"


@pytest.fixture
def world(db):
    return World().filled()


@pytest.fixture
def ask(client, world):
    def ask(query="", person=None, path="/projects/strait/network/"):
        client.force_login(person or world.cora)
        return client.get(f"{path}?{query}")

    return ask


@pytest.fixture
def api(ask):
    def api(query="", person=None):
        return ask(query, person, API)

    return api


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text))


def table(response):
    """The table of weights, as it is read aloud."""
    html = response.text.partition('<table class="weights">')[2].partition("</table>")[0]
    return [
        [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)]
        for row in html.split("<tr>")[1:]
    ]  # fmt: skip


def test_who_claims_what_in_numbers_and_drawn(ask):
    page = ask()
    told = words(page)
    assert page.status_code == 200
    assert "4 actors and 2 tags, from 6 statements that analysts handed in." in told
    assert table(page) == [
        ["", "Fact", "The strait is calm"],
        ["Ada Quill", "1", ""], ["Bo Lee", "1", ""], ["Guild", "1", "1"], ["Office", "1", "1"],
    ]  # fmt: skip
    assert page.text.count('<path class="edge plain"') == 6
    assert page.text.count("<circle") == 6
    assert not re.search(r"\sstyle=|\son\w+=|<script(?![^>]+src=)", page.text)
    [link] = re.findall(r'<a href="([^"]+)" download>GraphML</a>', page.text)
    assert link == f"{API}?duplicates=document&amp;format=graphml"
    assert re.search(r'href="/projects/strait/network/" aria-current="page">Networks', page.text)


def test_stances_are_said_in_words_too(ask):
    page = ask("qualifier=subtract&duplicates=include")
    assert "rather supports" in words(page)
    assert table(page) == [["", "The strait is calm"], ["Guild", "1"], ["Office", ""]]
    page = ask("mode=actors&qualifier=subtract&facet=proposition")
    assert table(page) == [["", "Guild", "Office"], ["Guild", "", ""], ["Office", "", ""]]
    page = ask("mode=actors&qualifier=conflict&facet=proposition")
    assert table(page) == [["", "Guild", "Office"], ["Guild", "", "1"], ["Office", "1", ""]]
    assert "rather against each other" in words(page)
    assert "3 supports and opposes" in words(ask("qualifier=combine&facet=proposition"))


def test_windows_are_listed_each_with_its_own_network(ask):
    page = ask("window=7&since=2024-01-01")
    assert "1 Mar 2024 to 7 Mar 2024" in words(page)
    assert "since=2024-03-01&amp;until=2024-03-07" in page.text


def test_an_address_that_says_something_wrongly_is_answered_all_the_same(ask):
    for query in (
        "mode=x",
        "qualifier=congruence",
        "since=soon",
        "facet=no",
        "window=-1",
    ):
        assert "6 statements" in words(ask(query)), query
    assert "cannot be divided" in words(ask("qualifier=combine&normalisation=activity"))
    assert "before the first one" in words(ask("since=2024-02-02&until=2024-01-01"))


def test_what_is_left_out_by_name(ask):
    page = ask("without_actors=Guild&without_tags=calm")
    assert [row[0] for row in table(page)[1:]] == ["Ada Quill", "Bo Lee", "Office"]
    assert re.search(r'<option value="Guild" selected>', page.text)


def test_everybody_sees_her_own_and_strangers_nothing(ask, api, world):
    eve = factories.member(world.project, user__username="eve")
    assert "Nothing is claimed yet" in words(ask(person=eve))
    assert api(person=eve).json() == {
        "layer": "", "networks": [
            {"since": None, "until": None, "statements": 0, "nodes": [], "edges": []}
        ],
    }  # fmt: skip
    for asked in (ask, api):
        assert asked(person=factories.UserFactory()).status_code == 404
    assert "4 statements" in words(ask(person=world.ben))


def test_nothing_fits_what_was_chosen(ask):
    assert "No such statements" in words(ask("since=2030-01-01"))
    assert "No such claims" in words(ask("layer=gold"))


def test_the_page_asks_as_often_however_much_is_claimed(ask, world):
    ask()  # and is signed in from now on
    with CaptureQueriesContext(connection) as first:
        ask()
    for start in (20, 30, 40):
        world.claim(world.third, world.ada, start, factories.claimant(world.office), fact="")
    world.hand_in(world.third, world.ada)
    with CaptureQueriesContext(connection) as second:
        ask()
    assert len(first) == len(second)


def test_the_api_tells_nodes_and_edges(api):
    told = api("facet=proposition&qualifier=combine").json()
    [network] = told["networks"]
    assert told["layer"] == "analyst"
    assert network["nodes"] == [
        {"id": 0, "name": "Guild", "label": "Guild", "mode": "actor", "kind": "company",
         "statements": 1},
        {"id": 1, "name": "Office", "label": "Office", "mode": "actor", "kind": "other",
         "statements": 2},
        {"id": 2, "name": "calm", "label": "The strait is calm", "mode": "tag",
         "kind": "proposition", "statements": 3},
    ]  # fmt: skip
    assert network["edges"] == [
        {"source": 0, "target": 2, "weight": 1, "stances": {"support": 1}},
        {"source": 1, "target": 2, "weight": 3, "stances": {"support": 1, "oppose": 1}},
    ]
    windows = api("window=1&since=2024-03-01&until=2024-03-09").json()["networks"]
    assert [(one["since"], one["statements"]) for one in windows] == [("2024-03-01", 4)]


def test_the_api_gives_files(api):
    for format, reader in (("graphml", networkx.read_graphml), ("gexf", networkx.read_gexf)):
        answer = api(f"format={format}&mode=actors")
        assert answer["Content-Disposition"] == f'attachment; filename="strait-network.{format}"'
        graph = reader(io.BytesIO(answer.content))
        assert (graph.number_of_nodes(), graph.number_of_edges()) == (4, 6)
    rows = list(csv.reader(io.StringIO(api("format=csv").text)))
    assert rows[3] == ["Guild", "1", "1"]
    assert api("format=dl").text.startswith("dl nr=4, nc=2\n")
    with zipfile.ZipFile(io.BytesIO(api("format=csv&window=7&step=7").content)) as archive:
        assert archive.namelist() == ["2024-03-01_2024-03-07.csv"]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("mode=three", "mode"),
        ("qualifier=congruence", "qualifier"),
        ("normalisation=jaccard", "normalisation"),
        ("since=soon", "since"),
        ("facet=no", "facet"),
        ("window=0", "window"),
        ("format=png", "format"),
        ("from=2024-01-01", "from"),
        ("duplicates=", "duplicates"),
        ("since=", "since"),
    ],
)
def test_the_api_refuses_and_says_which_parameter(api, query, parameter):
    answer = api(query)
    assert answer.status_code == 400
    assert [one.get("parameter") for one in answer.json()["errors"]] == [parameter]


def statements(actors, tags):
    for number in range(actors * tags):
        actor, tag = number % actors, number % tags
        stance = ("support", "oppose")[number // 2 % 2]
        yield Statement(
            str(number), None, Thing(f"a{actor}", f"Actor {actor}"),
            Thing(f"t{tag}", "A tag with quite a long name, " * 2 + str(tag)), stance,
        )  # fmt: skip


@pytest.mark.parametrize("size", [(0, 0), (1, 1), (2, 1), (7, 5), (40, 3)])
@pytest.mark.parametrize("mode", networks.MODES)
def test_a_drawing_has_a_place_for_everything_and_the_same_each_time(size, mode):
    network = networks.network(statements(*size), Ask(mode, "subtract"))
    drawn = drawing.drawn(network)
    assert drawn == drawing.drawn(network)
    assert len(drawn.dots) == len(network.nodes)
    assert len(drawn.lines) == len(network.weights)
    places = {(dot.x, dot.y) for dot in drawn.dots}
    assert len(places) == len(drawn.dots)
    assert all(0 <= dot.x <= drawn.width and 0 <= dot.y <= drawn.height for dot in drawn.dots)
    assert all(len(dot.label) <= drawing.LONGEST_LABEL for dot in drawn.dots)


def test_a_narrowed_network_keeps_who_says_most():
    told = [
        Statement(str(n), None, Thing(actor, actor), Thing(tag, tag))
        for n, (actor, tag) in enumerate(("ax", "ay", "by", "bz", "cx", "ay"))
    ]
    small = drawing.narrowed(networks.network(told, Ask(duplicates="include")), 2)
    assert {(one.name, other.name): n for (one, other), n in small.weights.items()} == {
        ("a", "x"): 1, ("a", "y"): 2, ("b", "y"): 1
    }  # fmt: skip


@pytest.mark.parametrize(
    ("weight", "shown"), [(3, "3"), (-2, "−2"), (0.5, "0.50"), (-0.001, "−1.0e−03"), (1.0, "1.00")]
)
def test_weights_are_shown_short(weight, shown):
    assert drawing.shown(weight) == shown
