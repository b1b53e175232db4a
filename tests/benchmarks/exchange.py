"""Measures what goes out and in: `python -m tests.benchmarks.exchange [--annotations 1000000]`.

On PostgreSQL: exports and an import beside `COPY` of the same rows, and filtered lists of the API,
their first page and their thousandth, in a small project and in the large one.
"""

import argparse

from rich.console import Console
from rich.table import Table

from tests import postgres
from tests.benchmarks.__main__ import measure

MEASURE = (
    "import django; django.setup(); "
    "from tests.benchmarks import large_exchange as cases; cases.main()"
)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.exchange", description=__doc__
    )
    parser.add_argument("--sqlite", action="store_true", help="on SQLite instead")
    parser.add_argument("--annotations", type=int, default=1_000_000)
    parser.add_argument("--imported", type=int, default=100_000)
    options = parser.parse_args()
    sizes = {"ANNOTATIONS": str(options.annotations), "IMPORTED": str(options.imported)}
    address = "" if options.sqlite else postgres.start()
    table = Table("Measured", "SQLite" if options.sqlite else "PostgreSQL")
    for row in measure(address, MEASURE, sizes):
        table.add_row(*row)
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
