"""Networks in the DL format of UCINET and NetDraw: a writer."""

from collections.abc import Iterator, Sequence

from annotations.exchange.network.statements import whole_network
from annotations.exchange.neutral import Parcel
from annotations.networks import Network, Thing, told_apart

# What parts labels, or encloses them; igraph does not know of enclosed ones.
PLAIN = str.maketrans({",": ";", '"': "'"})


def write(parcel: Parcel) -> Iterator[bytes]:
    """The pieces of the file with who claims what in the whole project."""
    yield from written(whole_network(parcel))


def written(network: Network) -> Iterator[bytes]:
    """The lines of the file of a network: its labels, then a full matrix or, of one mode, edges.

    In labels blanks become `_`, commas semicolons and quotation marks apostrophes. Edges stand
    there in both directions, since the format has no undirected ones.
    """
    if network.two_mode:
        yield f"dl nr={len(network.rows)}, nc={len(network.columns)}\n".encode()
        yield f"format=fullmatrix\nrow labels:\n{_labels(network.rows)}".encode()
        yield f"column labels:\n{_labels(network.columns)}data:\n".encode()
        for _, weights in network.matrix():
            yield f"{' '.join(map(str, weights))}\n".encode()
    else:
        yield f"dl n={len(network.rows)}\nformat=edgelist1\n".encode()
        yield f"labels:\n{_labels(network.rows)}data:\n".encode()
        numbers = {thing: number for number, thing in enumerate(network.rows, 1)}
        for one, other, weight in network.edges():
            first, second = numbers[one], numbers[other]
            yield f"{first} {second} {weight}\n{second} {first} {weight}\n".encode()


def _labels(things: Sequence[Thing]) -> str:
    return "".join(f"{_plain(label)}\n" for label in told_apart(things))


def _plain(label: str) -> str:
    return "_".join(label.translate(PLAIN).split()) or "_"
