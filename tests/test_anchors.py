import json
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.anchors import (
    AnchorError,
    Stretch,
    check,
    context,
    find_quote,
    from_bytes,
    from_crlf,
    from_utf16,
    quote_of,
    to_bytes,
    to_crlf,
    to_utf16,
)
from tests.corpus import CORPUS, needs_corpus, raw

HERE = Path(__file__).resolve().parent
TABLE = json.loads((HERE / "data" / "offsets.json").read_text(encoding="utf-8"))
UNITS = {
    "utf16": (to_utf16, from_utf16),
    "bytes": (to_bytes, from_bytes),
    "crlf": (to_crlf, from_crlf),
}
SPELLINGS = ["é", "x’s", "“\u1ead”", "가", "😀", "a–b"]
NASTY = st.text(
    st.one_of(
        st.sampled_from("ab \n\t\u00a0é\u0301\u0323ệ가\u11a8“\"’'—-–😀👨\u200d👩🇺🇸\u200fق𠮷\r"),
        st.characters(codec="utf-8"),
    ),
    max_size=60,
)

# A busy machine is no reason to fail.
without_hurry = settings(deadline=None)
each_text = pytest.mark.parametrize("row", TABLE["texts"], ids=lambda row: row["name"])
each_unit = pytest.mark.parametrize("unit", UNITS)


@each_text
@each_unit
def test_places_are_counted_in_other_units_and_back(row, unit):
    there, back = UNITS[unit]
    points = list(range(len(row["text"]) + 1))
    assert there(row["text"], points) == row[unit]
    assert back(row["text"], row[unit]) == points


@each_text
@each_unit
def test_a_place_inside_a_character_is_refused(row, unit):
    _, back = UNITS[unit]
    for inside in sorted(set(range(row[unit][-1])) - set(row[unit])):
        with pytest.raises(AnchorError, match="middle of a character"):
            back(row["text"], [0, inside])


@each_unit
@pytest.mark.parametrize("bad", [-1, 4, True, 1.0, None, "1", 10**4000])
def test_a_place_outside_the_text_is_refused(unit, bad):
    for convert in UNITS[unit]:
        with pytest.raises(AnchorError, match="not a whole number within the text"):
            convert("abc", [0, bad])


def test_places_may_come_in_any_order_and_twice():
    assert to_utf16("a😀b", [3, 0, 2, 3]) == [4, 0, 3, 4]
    assert from_utf16("a😀b", [4, 0, 3, 4]) == [3, 0, 2, 3]
    assert to_bytes("", []) == []


@without_hurry
@given(text=NASTY)
def test_counting_there_and_back_changes_nothing(text):
    points = list(range(len(text) + 1))
    for there, back in UNITS.values():
        assert back(text, there(text, points)) == points


@without_hurry
@given(text=NASTY)
def test_units_are_what_encoding_the_text_gives(text):
    points = range(len(text) + 1)
    assert to_bytes(text, points) == [len(text[:at].encode()) for at in points]
    assert to_utf16(text, points) == [len(text[:at].encode("utf-16-le")) // 2 for at in points]
    assert to_crlf(text, points) == [len(text[:at].replace("\n", "\r\n")) for at in points]


def test_white_space_means_the_characters_of_the_shared_table():
    for blank in TABLE["white_space"]:
        with pytest.raises(AnchorError, match="only white space"):
            check(blank, [(0, 1, None)])
    for letter in TABLE["not_white_space"]:
        assert check(letter, [(0, 1, None)]) == [(0, 1, letter)]


def test_a_quote_is_a_slice_of_code_points():
    assert quote_of("a 👍🏿!", 2, 4) == "👍🏿"


@pytest.mark.parametrize(
    ("start", "end", "message"),
    [
        (-1, 2, "it leaves the text, which ends at code point 3."),
        (0, 4, "it leaves the text, which ends at code point 3."),
        (10**4000, 10**4001, "it leaves the text, which ends at code point 3."),
        (2, 2, "it is empty: its end must come after its start."),
        (3, 1, "it is empty: its end must come after its start."),
        (True, 2, "start and end must be whole numbers, counted in code points."),
        (0, 2.0, "start and end must be whole numbers, counted in code points."),
        (None, "2", "start and end must be whole numbers, counted in code points."),
    ],
)
def test_a_span_that_is_not_in_the_text_has_no_quote(start, end, message):
    with pytest.raises(AnchorError) as caught:
        quote_of("abc", start, end)
    assert str(caught.value) == message


def test_checked_spans_come_in_reading_order_with_the_quotes_of_the_text():
    spans = [(8, 11, None), (0, 3, "one"), (4, 7, "two")]
    assert check("one two six", spans) == [(0, 3, "one"), (4, 7, "two"), (8, 11, "six")]


def test_spans_of_one_annotation_may_touch():
    assert check("abcd", [(0, 2, "ab"), (2, 4, "cd")]) == [(0, 2, "ab"), (2, 4, "cd")]


@pytest.mark.parametrize(
    ("spans", "message"),
    [
        ([], "An annotation needs at least one span."),
        (
            [(0, 3, None), (4, 99, None)],
            "Span 2: it leaves the text, which ends at code point 13.",
        ),
        ([(0, 3, None), (3, 4, None)], "Span 2: it holds only white space."),
        (
            [(0, 3, "One")],
            "Span 1: the text reads “one” there, not “One”.",
        ),
        (
            [(0, 3, "\ud800")],
            "Span 1: the text reads “one” there, not “?”.",
        ),
        (
            [(0, 3, "x y\n" * 100)],
            "Span 1: the text reads “one” there, not “" + ("x y " * 15)[:59] + "…”.",
        ),
        (
            [(4, 9, None), (0, 3, None), (8, 13, None)],
            "Span 3: it overlaps span 1 of the same annotation; join the two into one.",
        ),
        (
            [(4, 7, None), (4, 7, None)],
            "Span 2: it overlaps span 1 of the same annotation; join the two into one.",
        ),
    ],
)
def test_spans_that_do_not_fit_are_refused_by_number(spans, message):
    with pytest.raises(AnchorError) as caught:
        check("one two three", spans)
    assert str(caught.value) == message


def test_context_ends_where_the_text_ends():
    assert context("abcdef", 2, 4) == ("ab", "ef")
    assert context("abcdef", 2, 4, width=1) == ("b", "e")
    assert context("x" * 100, 50, 51) == ("x" * 24, "x" * 24)
    assert context("abc", 0, 3) == ("", "")


@pytest.mark.parametrize(
    ("text", "quote", "found"),
    [
        ("He said no.", "said", "said"),
        ("one\u00a0\n  two", "one two", "one\u00a0\n  two"),
        ("one two", "one\n\n two", "one two"),
        ("a one two", "\u00a0one  two\n", "one two"),
        ("a “no” b", 'a "no" b', "a “no” b"),
        ('a "no" b', "a „no“ b", 'a "no" b'),
        ("it’s so", "it's so", "it’s so"),
        ("2014–2015", "2014-2015", "2014–2015"),
        ("yes — no", "yes -- no", "yes — no"),
        ("yes --- no.", "yes – no", "yes --- no"),
        ("a cafe\u0301 b", "café", "cafe\u0301"),
        ("a café b", "cafe\u0301", "café"),
        ("Vi\u1ec7t", "Vie\u0302\u0323t", "Vi\u1ec7t"),
        ("Vie\u0302\u0323t", "Vi\u1eb9\u0302t", "Vie\u0302\u0323t"),
        ("\u1112\u1161\u11ab국", "한국", "\u1112\u1161\u11ab국"),
        ("\u212bngström", "Ångström", "\u212bngström"),
        ("😀 “👨‍👩‍👧”\u3000ok", '"👨‍👩‍👧" ok', "“👨‍👩‍👧”\u3000ok"),
        ("قال\u00a0«لا»", 'قال "لا"', "قال\u00a0«لا»"),
    ],
)
def test_a_quote_is_found_in_the_spelling_of_the_text(text, quote, found):
    place = find_quote(text, quote)
    assert text[place.start : place.end] == found
    assert text.count(found) == 1


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("He said no.", "He said yes"),
        ("a café b", "a cafe"),
        ("각 ", "가\u00a0"),
        ("onetwo", "one two"),
        ("", "a"),
        ("A B", "a b"),
    ],
)
def test_a_quote_that_is_not_there_is_said_to_be_missing(text, quote):
    with pytest.raises(AnchorError, match="is not in this text"):
        find_quote(text, quote)


@pytest.mark.parametrize("quote", ["", " \n\u00a0"])
def test_a_blank_quote_cannot_be_found(quote):
    with pytest.raises(AnchorError, match="more than white space"):
        find_quote("a b \n", quote)


@pytest.mark.parametrize(
    ("text", "prefix", "suffix", "start"),
    [
        ("a no b no c no", "b ", "", 7),
        ("a no b no c no", "", " c", 7),
        ("a no b no c no", "", "", None),
        ("a no b no c no", "x", "y", None),
        ("a no b no c no", "b\n\u00a0", "\tc", 7),
        ("a no b no c no", "b", "c", 7),
        ("he said: “no”. She said: “no”!", 'he said: "', '".', 10),
        ("end. no way; end.\n\nno way", "end.\n\n", "", 19),
        ("end. no, end.no", "end. ", "", 5),
        ("end. no, end.no", "end.", "", 13),
    ],
)
def test_of_several_places_the_one_that_fits_its_surroundings_is_taken(text, prefix, suffix, start):
    if start is None:
        with pytest.raises(AnchorError, match="fit equally well"):
            find_quote(text, "no", prefix, suffix)
    else:
        assert find_quote(text, "no", prefix, suffix) == Stretch(start, start + 2)


def test_a_hint_decides_only_between_places_that_fit_equally_well():
    text = "a no b no c no"
    assert find_quote(text, "no", start_hint=8) == Stretch(7, 9)
    assert find_quote(text, "no", start_hint=0) == Stretch(2, 4)
    assert find_quote(text, "no", start_hint=999) == Stretch(12, 14)
    assert find_quote(text, "no", prefix="a ", start_hint=999) == Stretch(2, 4)


def test_many_quotes_are_looked_for_in_a_long_text_while_one_waits():
    text = "The strait — they say — is calm. " * 10_000
    for number in range(300):
        place = 33 * 10 * number
        assert find_quote(text, "The", start_hint=place + 1) == Stretch(place, place + 3)
        with pytest.raises(AnchorError, match="not in this text"):
            find_quote(text, f"strait {number}", start_hint=place)


def test_the_number_of_equal_places_is_named():
    with pytest.raises(AnchorError) as caught:
        find_quote("no, no, no", "no")
    assert str(caught.value) == (
        "“no” stands at 3 places in this text that fit equally well; "
        "quote more of the words around it."
    )


def test_hostile_texts_cost_little():
    began = time.process_time()
    for text, quote in [
        ("a" * 1_000_000, "a"),
        ("a" * 1_000_000, "a" * 5_000 + "b"),
        (" " * 1_000_000 + "x", "a  b"),
        ("e" + "\u0301\u0323" * 500_000, "\u1ebd"),
    ]:
        with pytest.raises(AnchorError):
            find_quote(text, quote, "before", "after", start_hint=0)
    assert time.process_time() - began < 20


@without_hurry
@given(text=NASTY, data=st.data())
def test_every_visible_stretch_is_found_again_by_its_quote_and_context(text, data):
    start, end = drawn_stretch(text, data)
    if text[start:end].strip():
        prefix, suffix = context(text, start, end)
        quote = quote_of(text, start, end)
        assert find_quote(text, quote, prefix, suffix, start_hint=start) == Stretch(start, end)


@without_hurry
@given(words=st.lists(st.sampled_from(SPELLINGS), min_size=1), data=st.data())
def test_a_respelled_quote_is_found_as_a_slice_of_the_text(words, data):
    text = "\n\n".join(words)
    first, last = sorted(data.draw(st.integers(0, len(words))) for _ in range(2))
    quote = "\n\n".join(words[first:last])
    start = len("".join(f"{word}\n\n" for word in words[:first]))
    if quote:
        respelled = unicodedata.normalize("NFD", quote.replace("\n\n", " ").replace("’", "'"))
        place = find_quote(text, respelled, start_hint=start)
        assert text[place.start : place.end] == quote


def test_a_megabyte_is_searched_quickly():
    text = "“Nobody’s café” said no.\n\n" * 40_000 + "“Somebody’s” café said: yes — now"
    began = time.process_time()
    for quote in ["“Somebody’s” café", "„Somebody's“ cafe\u0301  said", "yes - now"]:
        assert find_quote(text, quote).start > 1_000_000
    assert find_quote(text, "café” said no.", suffix="\n\n“Somebody").end == 40_000 * 26 - 2
    assert to_bytes(text, [len(text)]) == [len(text.encode())]
    assert time.process_time() - began < 10


@needs_corpus
def test_every_coded_claim_is_found_in_the_raw_texts():
    claims = coded_claims()
    texts = {claim["file"]: raw_text(claim["file"]) for claim in claims}
    twice = [claim for claim in claims if texts[claim["file"]].count(claim["quote"]) > 1]
    for claim in claims:
        text = texts[claim["file"]]
        place = find_quote(text, claim["quote"], claim["prefix"], claim["suffix"], len(text))
        assert text[place.start : place.end] == claim["quote"]
        assert context(text, place.start, place.end) == (claim["prefix"], claim["suffix"])
        assert place.start >= end_of_run_on_line(text) or claim not in twice
    assert len(claims) == 28
    assert len(twice) == 5


@needs_corpus
def test_surroundings_decide_between_the_doubled_bodies_wherever_they_differ():
    claims = coded_claims()
    decided = []
    for claim in claims:
        text = raw_text(claim["file"])
        if text.count(claim["quote"]) > 1:
            words = claim["prefix"] + claim["quote"] + claim["suffix"]
            try:
                place = find_quote(text, claim["quote"], claim["prefix"], claim["suffix"])
            except AnchorError:
                assert text.count(words) == 2
                decided.append("the same in both")
            else:
                assert place.start >= end_of_run_on_line(text)
                decided.append("outside the run-on line")
    assert sorted(decided) == ["outside the run-on line"] * 3 + ["the same in both"] * 2


def coded_claims():
    lines = (CORPUS / "claims.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in lines.strip().split("\n")]


def raw_text(name):
    text = raw(name).decode("utf-8-sig").replace("\r\n", "\n")
    return unicodedata.normalize("NFC", text)


def end_of_run_on_line(text):
    longest = max(text.split("\n"), key=len)
    return text.index(longest) + len(longest)


def drawn_stretch(text, data):
    return sorted(data.draw(st.integers(0, len(text))) for _ in range(2))
