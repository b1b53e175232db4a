"""Networks in GEXF 1.2, Gephi's own format: a writer."""

from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

from annotations.exchange.network.graphml import counted, numbers, shown
from annotations.exchange.network.statements import whole_network
from annotations.exchange.neutral import Parcel
from annotations.networks import COMBINED, Network, told_apart

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">
 <graph defaultedgetype="undirected" mode="static">
"""
NODE_KEYS = {"name": "string", "mode": "string", "kind": "string", "statements": "integer"}


def write(parcel: Parcel) -> Iterator[bytes]:
    """The pieces of the file with who claims what in the whole project."""
    yield from written(whole_network(parcel))


def written(network: Network) -> Iterator[bytes]:
    """The pieces of the file of a network; nodes and edges say the same as in GraphML."""
    yield HEAD.encode()
    pieces = (*_keys("node", NODE_KEYS), *_keys("edge", _edge_keys(network)))
    yield "".join(pieces).encode()
    yield b"  <nodes>\n"
    yield from (line.encode() for line in _nodes(network))
    yield b"  </nodes>\n  <edges>\n"
    yield from (line.encode() for line in _edges(network))
    yield b"  </edges>\n </graph>\n</gexf>\n"


def _edge_keys(network: Network) -> dict[str, str]:
    pairs = iter(network.stances)
    some = next(pairs, None)
    keys = dict.fromkeys(counted(network, *some), "integer") if some else {}
    return keys | ({"meaning": "string"} if network.ask.qualifier == "combine" else {})


def _keys(where: str, keys: dict[str, str]) -> Iterator[str]:
    yield f'  <attributes class="{where}">\n'
    for name, kind in keys.items():
        yield f'   <attribute id="{where[0]}_{name}" title="{name}" type="{kind}"/>\n'
    yield "  </attributes>\n"


def _nodes(network: Network) -> Iterator[str]:
    labels = told_apart([thing for _, thing in network.nodes])
    for number, (mode, thing) in enumerate(network.nodes):
        values = (thing.name, mode, thing.kind, network.activity.get(thing, 0))
        told = _values("n", dict(zip(NODE_KEYS, values, strict=True)))
        yield f'   <node id="n{number}" label={_quoted(labels[number])}>{told}</node>\n'


def _edges(network: Network) -> Iterator[str]:
    first, second = numbers(network)
    for number, (one, other, weight) in enumerate(network.edges()):
        values: dict[str, object] = {**counted(network, one, other)} if network.two_mode else {}
        if network.ask.qualifier == "combine":
            values["meaning"] = COMBINED[int(weight)]
        ends = f'source="n{first[one]}" target="n{second[other]}"'
        told = _values("e", values)
        yield f'   <edge id="{number}" {ends} weight="{weight}">{told}</edge>\n'


def _values(prefix: str, values: dict[str, object]) -> str:
    inner = "".join(
        f'<attvalue for="{prefix}_{name}" value={_quoted(value)}/>'
        for name, value in values.items()
    )
    return f"<attvalues>{inner}</attvalues>" if inner else ""


def _quoted(value: object) -> str:
    return quoteattr(shown(value))
