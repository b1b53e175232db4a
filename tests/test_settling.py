"""Places in a text that was given, in the text as it is stored."""

import pytest

from annotations.exchange.settling import Settled, slices_of
from corpus_app.text import normalise

# A given text, a stretch of it, and the words that stand there once it is stored.
HARD = {
    "plain": ("The strait is calm.", "strait", "strait"),
    "after CRLF": ("One\r\nTwo\r\nThree", "Three", "Three"),
    "across CRLF": ("One\r\nTwo\r\n", "One\r\nTwo", "One\nTwo"),
    "up to a CR": ("One\r\nTwo", "One\r", "One\n"),
    "lone CR": ("One\rTwo", "Two", "Two"),
    "after a byte order mark": ("\ufeffOne two", "two", "two"),
    "with a byte order mark": ("\ufeffOne two", "\ufeffOne", "One"),
    "composed": ("a cafe\u0301 here", "here", "here"),
    "of what is composed": ("a cafe\u0301 here", "cafe\u0301", "café"),
    "not composable": ("x\u0302 and x\u0302y", "x\u0302y", "x\u0302y"),
    "Hangul": ("\u1112\u1161\u11ab\u1100\u1173\u11af is", "\u1100\u1173\u11af is", "글 is"),
    "marks out of order": ("q\u0307\u0323 then", "then", "then"),
    "controls": ("a\x00b\x07c d", "c d", "c d"),
    "line separator": ("One\u2028Two\x0bThree", "Three", "Three"),
    "emoji": ("The 👩‍🚒 said.\r\nNo.", "👩‍🚒 said", "👩‍🚒 said"),
    "emoji after all": ("\ufeffe\u0301\r\n👩‍🚒 no", "👩‍🚒 no", "👩‍🚒 no"),
    "right to left": ("\ufeffقال المتحدث\r\nهادئ", "هادئ", "هادئ"),
    "lone surrogate": ("a \ud800 b", "b", "b"),
    "an excluded composition": ("\u0958 ka", "ka", "ka"),
}


@pytest.mark.parametrize(("given", "words", "stored"), HARD.values(), ids=HARD)
def test_a_stretch_says_the_same_where_it_is_stored(given, words, stored):
    settled = Settled(given)
    start = given.index(words)
    first, last = settled.stretch(start, start + len(words))
    assert (settled.text, settled.text[first:last]) == (normalise(given), stored)
    assert settled.same == (given == normalise(given))


def test_many_places_in_one_endless_line_are_found_while_one_waits():
    settled = Settled("cafe\u0301 is " * 50_000)
    places = [settled.at(9 * number) for number in range(0, 50_000, 10)]
    assert places == [8 * number for number in range(0, 50_000, 10)]


def test_places_outside_are_kept_outside_or_at_the_ends():
    settled = Settled("a\r\nb\r\n")
    assert [settled.at(offset) for offset in (-4, 0, 3, 6, 99)] == [0, 0, 2, 4, 4]
    assert Settled("ab").at(99) == 99


@pytest.mark.parametrize(
    ("text", "title", "found"),
    [
        ("One\n\nTwo\nmore\n\n\nThree", "", ["One", "Two\nmore", "Three"]),
        ("Calm\n\nOne", "Calm ", ["Calm"]),
        ("One\nTwo\n", "", ["One", "Two"]),
        ("\n\n  One  \n\n", "", ["One"]),
        (" \n\t", "", []),
    ],
)
def test_a_text_without_passages_gets_them_by_its_blank_lines_or_lines(text, title, found):
    slices = slices_of(text, title)
    kinds = ["title"] if title else ["body"] * len(found)
    assert [text[s.start : s.end] for s in slices][: len(found)] == found
    assert [s.kind for s in slices][: len(found)] == kinds
    assert " ".join(text[s.start : s.end] for s in slices).split() == text.split()
