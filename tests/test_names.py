"""Names and notes: what is kept, what is refused, and when two names are the same."""

import pytest

from corpus_app.names import UnfitName, clean_name, clean_prose, name_key


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Harbour Office", "Harbour Office"),
        ("  Harbour \t\n Office ", "Harbour Office"),
        ("Harbour\u00a0Office", "Harbour Office"),
        ("Cafe\u0301 Meridian", "Café Meridian"),
        ("مكتب الميناء", "مكتب الميناء"),
        ("港口办公室", "港口办公室"),
        ("🛟 Lifeguard", "🛟 Lifeguard"),
    ],
)
def test_a_name_is_kept_trimmed_and_composed(given, kept):
    assert clean_name(given) == kept


@pytest.mark.parametrize(
    "given",
    [
        "", "   ", "\u2003", "Harbour\u200bOffice", "Harbour\u202eOffice", "\ufeffHarbour",
        "Har\u00adbour", "Harbour\x00", "Harbour\x1b[31m", "Harbour\ud800", "Harbour\u2066Office",
        "Harbour\ufffe", "Harbour\uffff", "\ufdd0Harbour", "Harbour\U0010ffff", "\U0001fffe",
    ],
)  # fmt: skip
def test_a_name_that_is_empty_or_hides_something_is_refused(given):
    with pytest.raises(UnfitName):
        clean_name(given)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Harbour Office", "harbour  OFFICE"),
        ("Straße", "STRASSE"),
        ("Café", "CAFE\u0301"),
        ("ΟΔΟΣ", "οδος"),
        ("ﬁeld", "FIELD"),
    ],
)
def test_two_spellings_are_one_name(one, other):
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Harbour", "Harbor"), ("Café", "Cafe"), ("A B", "AB"), ("İ", "i")]
)
def test_two_names_are_two(one, other):
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("", ""),
        (" as it is \n", " as it is \n"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("e\u0301", "é"),
        ("zero\u200bwidth", "zero\u200bwidth"),
    ],
)
def test_a_note_is_kept_with_plain_line_ends(given, kept):
    assert clean_prose(given) == kept


@pytest.mark.parametrize("given", ["\x00", "a\ud800", "\udfff"])
def test_a_note_that_no_database_keeps_is_refused(given):
    with pytest.raises(UnfitName):
        clean_prose(given)
