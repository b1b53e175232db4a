"""Networks in GraphML, for Gephi, visone, igraph and networkx: a writer."""

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from annotations.exchange.network.statements import whole_network
from annotations.exchange.neutral import Parcel
from annotations.networks import COMBINED, Network, Thing, told_apart

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns \
http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
"""
NODE_KEYS = {"label": "string", "name": "string", "mode": "string", "kind": "string",
             "statements": "int"}  # fmt: skip
STANCES = {"support": "supports", "oppose": "opposes", "neutral": "neutral",
           "unclear": "unclear", "": "unsaid"}  # fmt: skip


def write(parcel: Parcel) -> Iterator[bytes]:
    """The pieces of the file with who claims what in the whole project."""
    yield from written(whole_network(parcel))


def written(network: Network) -> Iterator[bytes]:
    """The pieces of the file of a network.

    Nodes have label, name (of an actor, or a tag's slug), mode (actor or tag), kind (of an actor,
    or a tag's facet) and the number of their statements. Edges have a weight; those between
    actors and tags also say how many statements of each stance they rest on.
    """
    yield HEAD.encode()
    edge_keys = {"weight": "double"}
    edge_keys |= {f"statements_{name}": "int" for name in STANCES.values() if network.two_mode}
    edge_keys |= {"meaning": "string"} if network.ask.qualifier == "combine" else {}
    for where, keys in (("node", NODE_KEYS), ("edge", edge_keys)):
        for name, kind in keys.items():
            yield (
                f' <key id="{where[0]}_{name}" for="{where}" attr.name="{name}"'
                f' attr.type="{kind}"/>\n'
            ).encode()
    yield b' <graph id="network" edgedefault="undirected">\n'
    yield from (line.encode() for line in (*_nodes(network), *_edges(network)))
    yield b" </graph>\n</graphml>\n"


def _nodes(network: Network) -> Iterator[str]:
    labels = told_apart([thing for _, thing in network.nodes])
    for number, (mode, thing) in enumerate(network.nodes):
        values = (labels[number], thing.name, mode, thing.kind, network.activity.get(thing, 0))
        data = zip(NODE_KEYS, values, strict=True)
        yield f'  <node id="n{number}">{_data("n", dict(data))}</node>\n'


def _edges(network: Network) -> Iterator[str]:
    first, second = numbers(network)
    for one, other, weight in network.edges():
        values = {"weight": weight}
        if network.two_mode:
            values |= counted(network, one, other)
        if network.ask.qualifier == "combine":
            values["meaning"] = COMBINED[int(weight)]
        ends = f'source="n{first[one]}" target="n{second[other]}"'
        yield f"  <edge {ends}>{_data('e', values)}</edge>\n"


def counted(network: Network, one: Thing, other: Thing) -> dict[str, int]:
    """How many statements of each stance an edge between an actor and a tag rests on."""
    counts = network.stances[one, other]
    return {f"statements_{name}": counts.get(stance, 0) for stance, name in STANCES.items()}


def numbers(network: Network) -> tuple[dict[Thing, int], dict[Thing, int]]:
    """The number of each row among the nodes, and that of each column."""
    rows = {thing: number for number, thing in enumerate(network.rows)}
    shift = len(network.rows) if network.two_mode else 0
    return rows, {thing: shift + number for number, thing in enumerate(network.columns)}


def _data(prefix: str, values: dict[str, object]) -> str:
    return "".join(
        f"<data key={quoteattr(f'{prefix}_{name}')}>{escape(shown(value))}</data>"
        for name, value in values.items()
    )


def shown(value: object) -> str:
    """A value as XML may hold it: characters that it forbids are left out."""
    return "".join(c for c in str(value) if c in "\t\n\r" or " " <= c not in "\ufffe\uffff")
