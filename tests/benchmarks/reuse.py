"""Plants reuses in a generated corpus and prints how many are found, and what that costs.

`python -m tests.benchmarks.reuse [--articles N] [--planted N] [--postgres]`. The articles come in
by the hundred, as an import brings them. Times differ from machine to machine: compare figures
of one run only.
"""

import argparse

from rich.console import Console
from rich.table import Table

from tests import postgres
from tests.benchmarks.__main__ import measure

MEASURE = "import django; django.setup(); from tests.benchmarks import planting; planting.main()"


def main() -> None:
    """Print one column of figures for each engine."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.reuse", description=__doc__)
    parser.add_argument("--postgres", action="store_true", help="also on PostgreSQL")
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--planted", type=int, default=500)
    options = parser.parse_args()
    sizes = {"ARTICLES": str(options.articles), "PLANTED": str(options.planted)}
    results = {"SQLite": measure("", MEASURE, sizes)}
    if options.postgres:
        results["PostgreSQL"] = measure(postgres.start(), MEASURE, sizes)
    table = Table("Measured", *results)
    for row in zip(*results.values(), strict=True):
        table.add_row(row[0][0], *(figure for _, figure in row))
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
