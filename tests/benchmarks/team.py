"""Measures a team's work: `python -m tests.benchmarks.team [--postgres] [--articles 1000]`.

Three coders on every article, twenty annotations of each: agreement before and after its first
computation, cases, the board, adjudication, and two tags that become one and two again.
"""

import argparse

from rich.console import Console
from rich.table import Table

from tests import postgres
from tests.benchmarks.__main__ import measure

MEASURE = (
    "import django; django.setup(); from tests.benchmarks import large_team as cases; cases.main()"
)


def main() -> None:
    """Print one column of figures for each engine."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.team", description=__doc__)
    parser.add_argument("--postgres", action="store_true", help="also on PostgreSQL")
    parser.add_argument("--articles", type=int, default=1000)
    options = parser.parse_args()
    engines = {"SQLite": ""}
    if options.postgres:
        engines["PostgreSQL"] = postgres.start()
    sizes = {"ARTICLES": str(options.articles)}
    results = {name: measure(address, MEASURE, sizes) for name, address in engines.items()}
    table = Table("Measured", *results)
    for row in zip(*results.values(), strict=True):
        table.add_row(row[0][0], *(figure for _, figure in row))
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
