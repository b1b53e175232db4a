"""Cells of a CSV file that a spreadsheet program must not take for formulas."""

import re

# What spreadsheet programs take for a formula's beginning, after any apostrophes of ours.
FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
# The signs that a cell begins with which may have to be guarded.
BEGINS = frozenset("'=+-@\t\r\n＝＋－＠")
GUARDED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")


def guarded(cell: str) -> str:
    """The cell, with an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{cell}" if FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """The cell that `guarded` was given."""
    return cell[1:] if GUARDED.match(cell) else cell
