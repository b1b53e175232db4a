"""CSV: its rows read, and its cells so that no spreadsheet program takes them for formulas."""

import csv
import re
from collections.abc import Iterable

LONGEST_CELL = 1 << 24  # characters

# What spreadsheet programs take for a formula's beginning, after any apostrophes of ours.
FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
# The signs that a cell begins with which may have to be guarded.
BEGINS = frozenset("'=+-@\t\r\n＝＋－＠")
GUARDED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")


def reader(lines: Iterable[str], delimiter: str = ",") -> "csv._reader":
    """The rows as `csv.reader` gives them, which raises csv.Error at a cell over LONGEST_CELL."""
    # The bound is one for the whole process, so whoever reads must not find another's.
    csv.field_size_limit(LONGEST_CELL)
    return csv.reader(lines, delimiter=delimiter)


def guarded(cell: str) -> str:
    """The cell, with an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{cell}" if FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """The cell that `guarded` was given."""
    return cell[1:] if GUARDED.match(cell) else cell
