"""Networks as a matrix in CSV, for R, pandas and spreadsheets: a writer."""

import csv
import io
from collections.abc import Iterator

from annotations.exchange.network.statements import whole_network
from annotations.exchange.neutral import Parcel
from annotations.networks import Network, told_apart
from corpus_app.spreadsheet import guarded


def write(parcel: Parcel) -> Iterator[bytes]:
    """The pieces of the file with who claims what in the whole project."""
    yield from written(whole_network(parcel))


def written(network: Network) -> Iterator[bytes]:
    """The lines of the table of a network: what the columns are, then a row with its weights.

    A label that a spreadsheet would take for a formula begins with an apostrophe.
    """
    yield _line(["", *map(guarded, told_apart(network.columns))])
    labels = told_apart(network.rows)
    for label, (_, weights) in zip(labels, network.matrix(), strict=True):
        yield _line([guarded(label), *weights])


def _line(cells: list) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue().encode()
