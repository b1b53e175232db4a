"""Opens and marks articles in Chromium on the served desk, and prints a table.

`python -m tests.benchmarks.workbench [--postgres]`. Times differ from machine to machine: compare
figures of one run only.
"""

import argparse

from rich.console import Console
from rich.table import Table

from tests import postgres
from tests.benchmarks.__main__ import measure

MEASURE = "import django; django.setup(); from tests.benchmarks import browsing; browsing.run()"


def main() -> None:
    """Print one column of figures for each engine."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.workbench")
    parser.add_argument("--postgres", action="store_true", help="also on PostgreSQL")
    results = {"SQLite": measure("", MEASURE, {})}
    if parser.parse_args().postgres:
        results["PostgreSQL"] = measure(postgres.start(), MEASURE, {})
    table = Table("Measured in Chromium", *results)
    for row in zip(*results.values(), strict=True):
        table.add_row(row[0][0], *(figure for _, figure in row))
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
