"""Sixteen clients at once: `python -m tests.benchmarks.clients [--postgres] [--seconds 600]`.

Analysts of a blind project, curators, a manager and a program that may only read do all that the
API and the desk let them do, on the desk as it is served. No answer may be one that nobody
expected; two programs keep a copy by `changes`, which has to equal what the lists say; and then
the whole database is checked. It prints a table, and ends with 1 if something was wrong.
"""

import argparse
import sys

from rich.console import Console
from rich.table import Table

from tests import postgres
from tests.benchmarks.__main__ import measure

MEASURE = "import django; django.setup(); from tests.benchmarks import crowd; crowd.main()"


def main() -> None:
    """Print one column of figures for the engine, and what was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.clients", description=__doc__)
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL instead of SQLite")
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--threads", type=int, default=4, help="of the server")
    parser.add_argument("--seed", type=int, default=6)
    options = parser.parse_args()
    sizes = {name.upper(): str(getattr(options, name)) for name in ("seconds", "clients", "seed")}
    sizes["SERVER_THREADS"] = str(options.threads)
    engine = "PostgreSQL" if options.postgres else "SQLite"
    figures, wrong = measure(postgres.start() if options.postgres else "", MEASURE, sizes)
    title = f"{engine}, {options.clients} clients, {options.seconds} s"
    table = Table("Asked", "times", "a second", "p50", "p95", "answers", title=title)
    for row in figures:
        table.add_row(*row)
    console = Console(width=120)
    console.print(table)
    for line in wrong:
        console.print(line, markup=False, highlight=False)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
