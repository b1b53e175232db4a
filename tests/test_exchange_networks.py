"""Networks as files: what networkx and igraph read of them is what was counted."""

import csv
import io
import tempfile
from dataclasses import replace

import igraph
import networkx
import pytest

from annotations import networks
from annotations.exchange.network import gexf, graphml, matrix, ucinet
from annotations.exchange.network.statements import statements, whole_network
from annotations.networks import Ask, Statement, Thing
from tests import parcels

# Signs of XML, CSV and DL, a formula, a character that XML forbids; a label that two tags have.
NAMES = ('=Office, "the" <b>', "海峡 & Co", "a\tb", "bell\x07", "قال")
ACTORS = [Thing(f"{number}", name, "kind & <x>") for number, name in enumerate(NAMES)]
TAGS = [Thing("calm", "Calm", "f"), Thing("calm-2", "Calm", "f"), Thing("plus", "+1", "g")]
STANCES = ("support", "oppose", "neutral", "unclear", "")


def said():
    for number in range(40):
        actor, tag = ACTORS[number * 7 % 5], TAGS[number // 5 % 3]
        yield Statement(str(number // 4), None, actor, tag, STANCES[number % 5])


ASKS = [
    Ask(duplicates="include"),
    Ask(qualifier="combine"),
    Ask(qualifier="subtract", normalisation="activity"),
    Ask("actors", "subtract", isolates=True),
    Ask("tags", "ignore", "jaccard"),
    Ask(without_tags=frozenset({"calm", "calm-2", "plus"})),
]


def plain(label):
    return label.replace("\x07", "")


def told(network):
    """Nodes as (name, mode, kind, statements), edges as ({name, name}, weight)."""
    nodes = [
        (plain(thing.label), thing.name, mode, thing.kind, network.activity.get(thing, 0))
        for mode, thing in network.nodes
    ]
    edges = {(one.name, other.name): weight for one, other, weight in network.edges()}
    return sorted(nodes), edges


def read(graph):
    """The same of what networkx has read; doubled labels without what tells them apart."""
    nodes = {
        key: (of["label"].split(" (")[0], of["name"], of["mode"], of["kind"], of["statements"])
        for key, of in graph.nodes(data=True)
    }
    edges = {
        tuple(sorted((one, other), key=lambda key: int(key[1:]))): of["weight"]
        for one, other, of in graph.edges(data=True)
    }
    return sorted(nodes.values()), {
        (nodes[one][1], nodes[other][1]): weight for (one, other), weight in edges.items()
    }


def of(writer, network):
    return b"".join(writer.written(network))


@pytest.mark.parametrize("ask", ASKS)
@pytest.mark.parametrize(
    ("writer", "reader"), [(graphml, networkx.read_graphml), (gexf, networkx.read_gexf)]
)
def test_networkx_reads_the_same_network(ask, writer, reader):
    network = networks.network(said(), ask)
    graph = reader(io.BytesIO(of(writer, network)))
    nodes, edges = told(network)
    assert (read(graph)[0], read(graph)[1]) == (nodes, pytest.approx(edges))


@pytest.mark.parametrize("ask", ASKS)
def test_igraph_reads_the_same_graphml(ask):
    network = networks.network(said(), ask)
    graph = opened(of(graphml, network), "graphml")
    if not graph.vcount():
        assert network.nodes == ()
        return
    nodes = [(v["name"], v["mode"], v["kind"], v["statements"]) for v in graph.vs]
    assert sorted(nodes) == sorted(node[1:] for node in told(network)[0])
    edges = {tuple(graph.vs[end]["name"] for end in e.tuple): e["weight"] for e in graph.es}
    assert edges == pytest.approx(told(network)[1])


@pytest.mark.parametrize(
    "ask",
    [Ask("actors"), Ask("actors", "subtract", isolates=True), Ask("tags", "congruence", "average")],
)
def test_igraph_reads_the_same_edges_in_dl(ask):
    network = networks.network(said(), ask)
    graph = opened(of(ucinet, network), "dl")
    rows = network.rows
    assert len(graph.vs) == len(rows)
    if ask.mode == "actors":
        assert graph.vs["name"] == ["=Office;_'the'_<b>", "a_b", "bell\x07", "قال", "海峡_&_Co"]
    found = {(rows[e.source].name, rows[e.target].name): e["weight"] for e in graph.es}
    there = {(one.name, other.name): weight for one, other, weight in network.edges()}
    back = {(other, one): weight for (one, other), weight in there.items()}
    assert there
    assert found == pytest.approx(there | back)


def test_dl_of_two_modes_has_both_labels_and_the_whole_matrix():
    network = networks.network(said(), Ask(duplicates="include"))
    text = of(ucinet, network).decode()
    head, _, data = text.partition("data:\n")
    assert head == (
        "dl nr=5, nc=3\nformat=fullmatrix\nrow labels:\n=Office;_'the'_<b>\na_b\nbell\x07\nقال\n"
        "海峡_&_Co\ncolumn labels:\n+1\nCalm_(calm)\nCalm_(calm-2)\n"
    )
    rows = [[int(cell) for cell in line.split()] for line in data.splitlines()]
    assert rows == [weights for _, weights in network.matrix()]


def test_the_matrix_is_safe_in_a_spreadsheet():
    network = networks.network(said(), Ask(duplicates="include"))
    rows = list(csv.reader(io.StringIO(of(matrix, network).decode(), newline="")))
    assert rows[0] == ["", "'+1", "Calm (calm)", "Calm (calm-2)"]
    assert [row[0] for row in rows[1:]] == ["'" + NAMES[0], NAMES[2], NAMES[3], NAMES[4], NAMES[1]]
    numbers = [[int(cell) for cell in row[1:]] for row in rows[1:]]
    assert numbers == [weights for _, weights in network.matrix()]


@pytest.mark.parametrize("writer", [graphml, gexf, ucinet, matrix])
def test_a_project_is_written_the_same_each_time(writer):
    assert b"".join(writer.write(parcels.hard())) == b"".join(writer.write(parcels.hard()))


def test_an_article_is_its_gold_layer_or_what_analysts_claim():
    hard = parcels.hard()
    [decided] = {
        article.id for article, annotations in hard.annotated()
        if any(one.layer == "gold" for one in annotations)
    }  # fmt: skip
    of_analysts = statements(replace(hard, annotated=lambda: without_gold(hard)))
    # Nobody claims what its one gold claim is about.
    assert statements(hard) == [one for one in of_analysts if one.document != decided]
    assert any(one.document == decided for one in of_analysts)
    ids = {one.id for _, annotations in hard.annotated() for one in annotations}
    assert statements(replace(hard, decided=lambda: dict.fromkeys(ids, False))) == of_analysts
    assert statements(replace(hard, decided=lambda: dict.fromkeys(ids, True))) == []
    analysts = replace(hard, annotated=lambda: without_gold(hard))
    network = whole_network(analysts)
    assert {row.label for row in network.rows} == {
        "=Office", "Ada Quill", "Bo “B.” Lee", "Old guard", "Union",
    }  # fmt: skip
    office = next(row for row in network.rows if row.label == "=Office")
    assert (office.kind, network.activity[office]) == ("government body", 4)
    graph = networkx.read_graphml(io.BytesIO(b"".join(graphml.write(analysts))))
    assert graph.number_of_edges() == len(network.weights) == 16
    assert sum(of["statements_opposes"] for *_, of in graph.edges(data=True)) == 3


def without_gold(parcel):
    for article, annotations in parcel.annotated():
        yield article, [one for one in annotations if one.layer != "gold"]


def opened(data, format):
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        return igraph.Graph.Read(file.name, format=format)
