"""Cells that a spreadsheet must not take for formulas."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus_app.spreadsheet import BEGINS, guarded, unguarded


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
        ("＝1", "'＝1"),
        ("'＋1", "''＋1"),
        ("－", "'－"),
        ("\n＠", "'\n＠"),
        ("'", "'"),
        ("''", "''"),
        (" =1", " =1"),
    ],
)
def test_a_guarded_cell_is_read_back_as_it_was(cell, written):
    assert guarded(cell) == written
    assert unguarded(written) == cell


@given(st.text(st.sampled_from("'=+-@\t\r\n＝＋－＠ a"), max_size=6))
def test_every_guarded_cell_is_read_back_and_begins_no_formula(cell):
    written = guarded(cell)
    assert unguarded(written) == cell
    assert written[:1] not in BEGINS - {"'"}
    assert written == cell or cell[:1] in BEGINS
