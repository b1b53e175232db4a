"""Two texts side by side, word by word."""

import pytest

from annotations.difference import difference, words

CASES = {
    "nothing": ("One.\n\nTwo.", "One.\n\nTwo.", ["same: One.", "same: Two."]),
    "a word": (
        "One.\n\nThe old port is open.", "One.\n\nThe new port is open.",
        ["same: One.", "changed: The |-old|+new| port is open."],
    ),
    "a paragraph more": ("One.\n\nTwo.", "One.\n\nMore.\n\nTwo.",
                         ["same: One.", "new: More.", "same: Two."]),
    "a paragraph less": ("One.\n\nGone.\n\nTwo.", "One.\n\nTwo.",
                         ["same: One.", "gone: Gone.", "same: Two."]),
    "another paragraph": ("Ships sail in the night.", "Nobody knows.",
                          ["gone: Ships sail in the night.", "new: Nobody knows."]),
    "a moved paragraph": ("One one.\n\nTwo two.", "Two two.\n\nOne one.",
                          ["to: Two two.", "same: One one.", "from: Two two."]),
    "a blank more": ("a b", "a  b", ["changed: a|- |+  |b"]),
}  # fmt: skip


def told(paragraph) -> str:
    signs = {"same": "", "gone": "-", "new": "+"}
    pieces = (f"{signs[piece.what]}{piece.words}" for piece in paragraph.pieces)
    if paragraph.what == "changed":
        return f"changed: {'|'.join(pieces)}"
    return f"{paragraph.what}: {paragraph.pieces[0].words}"


@pytest.mark.parametrize("case", CASES)
def test_what_differs_is_told(case):
    old, new, expected = CASES[case]
    assert [told(paragraph) for paragraph in difference(old, new)] == expected


def test_both_texts_can_be_read_from_the_pieces():
    old, new = "“One” two, three four.", "One – two: three, four five."
    pieces = words(old, new)
    assert "".join(p.words for p in pieces if p.what != "new") == old
    assert "".join(p.words for p in pieces if p.what != "gone") == new
