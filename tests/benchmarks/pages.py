"""Measures how well saved pages are read, beside the bare library, and prints a table.

Needs the pages in ../shared/pages; how is counted stands in tests/pages.py.
"""

import argparse
from collections.abc import Sequence
from statistics import fmean

from rich.console import Console
from rich.table import Table

from corpus_app.reading import Readers
from tests.pages import (
    ABSENT,
    NOTHING,
    PAGES,
    Score,
    bare,
    bare_without_comments,
    ours,
    saved_pages,
    score,
)


def main() -> None:
    """Print the shares kept and dropped for each page, and of all pages together."""
    argparse.ArgumentParser(
        prog="python -m tests.benchmarks.pages", description=__doc__
    ).parse_args()
    console = Console(width=110)
    if not PAGES.is_dir():
        console.print(f"Nothing measured: {ABSENT}.")
        return
    table = Table("Page", "ours: kept", "dropped", "library", "", "without comments", "")
    with Readers() as readers:
        ways = (ours(readers), bare, bare_without_comments)
        scores = {
            page.name: [score(page, way(page.source)) for way in ways] for page in saved_pages()
        }
    for name, row in scores.items():
        table.add_row(name, *shown(row))
    columns = list(zip(*scores.values(), strict=True))
    table.add_section()
    table.add_row("all words", *shown([sum(column, NOTHING) for column in columns]))
    table.add_row(
        "mean of pages", *(f"{share:.3f}" for column in columns for share in mean(column))
    )
    console.print(table)


def mean(scores: Sequence[Score]) -> tuple[float, float]:
    """The means of the shares kept and of the shares dropped."""
    kept, dropped = zip(*(one.shares for one in scores), strict=True)
    return fmean(kept), fmean(dropped)


def shown(row: list[Score]) -> list[str]:
    """The shares as a reader of the table wants them."""
    return [f"{share:.3f}" for one in row for share in one.shares]


if __name__ == "__main__":
    main()
