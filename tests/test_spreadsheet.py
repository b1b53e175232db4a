"""Cells that a spreadsheet must not take for formulas."""

import pytest

from corpus_app.spreadsheet import guarded, unguarded


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("", ""),
        ("Harbour Office", "Harbour Office"),
        ("=1+1", "'=1+1"),
        ("+44", "'+44"),
        ("-3", "'-3"),
        ("@author", "'@author"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("a=b", "a=b"),
        ("'tis", "'tis"),
        ("'=1", "''=1"),
        ("''@x", "'''@x"),
    ],
)
def test_a_guarded_cell_is_read_back_as_it_was(cell, written):
    assert guarded(cell) == written
    assert unguarded(written) == cell
