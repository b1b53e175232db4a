"""Measures a large registry of actors: `python -m tests.benchmarks.actors [--postgres]`.

Type-ahead over fifty thousand aliases, likely doubles among ten thousand actors, and the registry
out and in as a file, on a fresh database of each engine.
"""

import argparse

from rich.console import Console
from rich.table import Table

from tests import postgres
from tests.benchmarks.__main__ import measure

MEASURE = (
    "import django; django.setup(); from tests.benchmarks import large_registry as cases; "
    "cases.main()"
)


def main() -> None:
    """Print one column of figures for each engine."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.actors", description=__doc__)
    parser.add_argument("--postgres", action="store_true", help="also on PostgreSQL")
    engines = {"SQLite": ""}
    if parser.parse_args().postgres:
        engines["PostgreSQL"] = postgres.start()
    results = {name: measure(address, MEASURE, {}) for name, address in engines.items()}
    table = Table("Measured", *results)
    for row in zip(*results.values(), strict=True):
        table.add_row(row[0][0], *(figure for _, figure in row))
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
