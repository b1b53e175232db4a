"""Networks in the DL format of UCINET and NetDraw: a writer."""

from collections.abc import Iterator, Sequence

from annotations.exchange.neutral import Parcel
from annotations.exchange.statements import whole_network
from annotations.networks import Network, Thing, told_apart


def write(parcel: Parcel) -> Iterator[bytes]:
    """The pieces of the file with who claims what in the whole project."""
    yield from written(whole_network(parcel))


def written(network: Network) -> Iterator[bytes]:
    """The lines of the file of a network: its labels, then the full matrix.

    UCINET parts labels by blanks and commas unless they are in quotes, so quotation marks in them
    become apostrophes.
    """
    if network.two_mode:
        size = f"nr={len(network.rows)}, nc={len(network.columns)}"
        labels = (("row labels:", network.rows), ("column labels:", network.columns))
    else:
        size, labels = f"n={len(network.rows)}", (("labels:", network.rows),)
    yield f"dl {size}\nformat=fullmatrix\n".encode()
    for title, things in labels:
        yield f"{title}\n{_labels(things)}\n".encode()
    yield b"data:\n"
    for _, weights in network.matrix():
        yield f"{' '.join(map(str, weights))}\n".encode()


def _labels(things: Sequence[Thing]) -> str:
    return "\n".join(f'"{_plain(label)}"' for label in told_apart(things))


def _plain(label: str) -> str:
    return " ".join(label.replace('"', "'").split())
