"""Measures the desk on fresh databases, with the server as it is served, and prints a table.

Times differ from machine to machine: compare figures of one run only.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests import postgres

ROOT = Path(__file__).resolve().parent.parent.parent
MEASURE = "import django; django.setup(); from tests.benchmarks import cases; cases.main()"


def main() -> None:
    """Print one column of figures for each engine."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--postgres", action="store_true", help="also on PostgreSQL")
    parser.add_argument("--articles", type=int, default=1000, help="articles of the large project")
    options = parser.parse_args()
    sizes = {"ARTICLES": str(options.articles)}
    results = {"SQLite": measure("", MEASURE, sizes)}
    if options.postgres:
        results["PostgreSQL"] = measure(postgres.start(), MEASURE, sizes)
    table = Table("Measured", *results)
    for row in zip(*results.values(), strict=True):
        table.add_row(row[0][0], *(figure for _, figure in row))
    Console(width=110).print(table)


def measure(database_url: str, code: str, sizes: dict[str, str]) -> list[list[str]]:
    """What the code measured, and the figures, on this database or a SQLite file of its own."""
    with tempfile.TemporaryDirectory(prefix="crossread-benchmarks-") as folder:
        variables = {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATA_DIR": folder,
            "SECRET_KEY": "benchmarks-0123456789-abcdefghijklmnopqrstuvwxyz",
            "HTTPS": "false",
            "LOG_LEVEL": "ERROR",
            **sizes,
        }
        if database_url:
            variables["DATABASE_URL"] = database_url
        command = [sys.executable, "-W", "ignore", "-c", code]
        done = subprocess.run(
            command, cwd=ROOT, env=os.environ | variables, stdout=subprocess.PIPE, check=True
        )
        return json.loads(done.stdout)


if __name__ == "__main__":
    main()
