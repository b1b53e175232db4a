"""Places of a text found again when it was corrected."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.alignment import CARRIES, Alignment, Carried, Stranded, carry

FIRST = "The port authority closed the strait on Monday. Nobody was told why."
SECOND = "Ada Quill calls this a grave mistake. “They never asked us,” she says."
THIRD = "The Office of Tides disagrees. It expects calm water until May."
TEXT = "\n\n".join((FIRST, SECOND, THIRD))


def place(text: str, quote: str, nth: int = 1) -> tuple[int, int]:
    """Where the nth standing of a quote is."""
    at = [match.start() for match in re.finditer(re.escape(quote), text)][nth - 1]
    return at, at + len(quote)


def words(text: str, places) -> list[str]:
    return [text[start:end] for start, end in places]


# name: old text, new text, quote, which of several, what it reads then, score (None: below 1)
CARRIED = {
    "a paragraph was moved to the end": (
        TEXT, "\n\n".join((SECOND, THIRD, FIRST)), "closed the strait", 1, "closed the strait", 1,
    ),
    "a paragraph was moved to the front": (
        TEXT, "\n\n".join((THIRD, FIRST, SECOND)), "It expects calm", 1, "It expects calm", 1,
    ),
    "a typo inside": (
        "He met the Presdent there.", "He met the President there.", "the Presdent there", 1,
        "the President there", None,
    ),
    "a typo at the first letter": (
        "So overnment officials say it.", "So government officials say it.",
        "overnment officials", 1, "government officials", None,
    ),
    "a typo at the last letter": (
        "They left Bruge today.", "They left Bruges today.", "left Bruge", 1, "left Bruges", None,
    ),
    "a typo beside it leaves it untouched": (
        "Teh ministry denies it.", "The ministry denies it.", "ministry denies", 1,
        "ministry denies", 1,
    ),
    "two words run together": (
        "He saw theship sail.", "He saw the ship sail.", "theship", 1, "the ship", None,
    ),
    "a sentence before was removed that begins alike": (
        "The cat sat. The dog ran off.", "The dog ran off.", "The dog ran", 1, "The dog ran", 1,
    ),
    "of a doubled sentence the second": (
        "He left. She stayed. He left. It rained.",
        "At noon he left. She stayed. He left. It rained.", "He left", 2, "He left", 1,
    ),
    "a doubled sentence between moved paragraphs": (
        "He left.\n\nShe stayed there.\n\nHe left.", "She stayed there.\n\nHe left.", "He left", 2,
        "He left", 1,
    ),
    "a paragraph was split": (
        FIRST, FIRST.replace("Monday. ", "Monday.\n\n"), "on Monday. Nobody", 1,
        "on Monday.\n\nNobody", None,
    ),
    "paragraphs were joined": (
        TEXT, TEXT.replace("why.\n\nAda", "why. Ada"), "told why.", 1, "told why.", 1,
    ),
    "moved and mended": (
        TEXT, "\n\n".join((SECOND, THIRD, FIRST.replace("strait", "straits"))),
        "closed the strait on", 1, "closed the straits on", None,
    ),
    "a word was put in": (
        "They closed the strait.", "They closed the whole strait.", "closed the strait", 1,
        "closed the whole strait", None,
    ),
    "half of it was cut": (
        TEXT, TEXT.replace(" Nobody was told why.", ""), FIRST, 1, FIRST[:47], None,
    ),
    "mended and moved, where like words stand elsewhere": (
        "He left the old harbour at ten. Nobody saw where the ships had gone.",
        "Nobody saw where the ships had gone. Later he left the old harbour in tears.",
        "left the old harbour at ten", 1, "left the old harbour in tears", None,
    ),
    "only quotation marks were made straight": (
        TEXT, TEXT.replace("“", '"').replace("”", '"'), "“They never asked us,”", 1,
        '"They never asked us,"', None,
    ),
    "Chinese without blanks": (
        "海峡今天关闭了。没有人知道原因。", "海峡今日关闭了。没有人知道原因。",
        "关闭了", 1, "关闭了", 1,
    ),
    "Chinese with a letter mended": (
        "海峡今天关闭了。没有人知道。", "海峡今日关闭了。没有人知道。",
        "今天关闭", 1, "今日关闭", None,
    ),
    "Arabic with a letter mended": (
        "أغلقت السلطة المضيق اليوم.", "أغلقت السلطات المضيق اليوم.", "السلطة المضيق", 1,
        "السلطات المضيق", None,
    ),
    "a family that gains a skin tone": (
        "We saw 👩‍🚀 up there.", "We saw 👩🏽‍🚀 up there.", "saw 👩‍🚀 up", 1, "saw 👩🏽‍🚀 up", None,
    ),
    "white space at its end is its own": (
        "One two three.\n\nFour five.", "Zero. One two three.\n\nFour five.", "two three.\n\n", 1,
        "two three.\n\n", 1,
    ),
}  # fmt: skip

# old text, new text, quote, what the proposed places read
LOST = {
    "the sentence was removed": (
        TEXT, TEXT.replace(" Nobody was told why.", ""), "Nobody was told", [],
    ),
    "the paragraph was removed": (TEXT, "\n\n".join((FIRST, THIRD)), "a grave mistake", []),
    "another name was put for it": (
        "The Kremlin says so today.", "The Moscow office says so today.", "Kremlin",
        ["Moscow office"],
    ),
    "like words stand nearby": (
        "He sailed from the old harbour at ten. Nobody saw where the ships had gone.",
        "Nobody saw where the ships had gone. The gulls cry over the old harbour at dusk now.",
        "the old harbour at ten", ["over the old harbour at"],
    ),
    "everything was replaced": (TEXT, "入口", "closed the strait", []),
}  # fmt: skip


@pytest.mark.parametrize("case", CARRIED)
def test_what_is_still_there_is_carried(case):
    old, new, quote, nth, expected, score = CARRIED[case]
    outcome = carry(old, new, [place(old, quote, nth)])
    assert isinstance(outcome, Carried)
    assert words(new, outcome.places) == [expected]
    assert outcome.score == 1 if score else CARRIES <= outcome.score < 1


def test_of_a_doubled_sentence_the_right_one_is_found_by_its_neighbours():
    old = "He left. She stayed. He left. It rained."
    new = "He left. She stayed on. He left. It rained hard."
    for nth in (1, 2):
        outcome = carry(old, new, [place(old, "He left", nth)])
        assert outcome == Carried((place(new, "He left", nth),), 1.0)


def test_of_a_doubled_sentence_the_removed_one_is_not_laid_on_the_other():
    old = "He left. She stayed for the night. He left. It rained."
    new = "She stayed for the night. He left. It rained."
    first, second = (carry(old, new, [place(old, "He left.", nth)]) for nth in (1, 2))
    assert second == Carried((place(new, "He left."),), 1.0)
    assert isinstance(first, Stranded)


@pytest.mark.parametrize("case", LOST)
def test_what_is_gone_is_stranded_with_a_place_if_there_is_one(case):
    old, new, quote, expected = LOST[case]
    outcome = carry(old, new, [place(old, quote)])
    assert isinstance(outcome, Stranded)
    assert words(new, outcome.places) == expected
    assert outcome.score < CARRIES or not outcome.places


def test_an_annotation_is_carried_only_with_all_its_stretches():
    new = TEXT.replace(" Nobody was told why.", "")
    spans = [place(TEXT, "Nobody was told"), place(TEXT, "grave mistake")]
    outcome = carry(TEXT, new, spans)
    assert isinstance(outcome, Stranded)
    assert words(new, outcome.places) == ["grave mistake"]


def test_stretches_that_changed_places_come_in_reading_order():
    new = "\n\n".join((SECOND, FIRST, THIRD))
    outcome = carry(TEXT, new, [place(TEXT, "closed"), place(TEXT, "grave")])
    assert words(new, outcome.places) == ["grave", "closed"]
    assert outcome.score == 1


LETTERS = st.text(alphabet="ab .\n\u0301👩\u200d海", max_size=60)
SENTENCES = st.lists(
    st.text(alphabet="abcde", min_size=3, max_size=9), unique=True, min_size=1, max_size=12
)


@given(LETTERS, LETTERS, st.data())
def test_places_lie_in_the_text_and_score_one_means_equal_words(old, new, data):
    if not old.strip():
        return
    start = data.draw(st.integers(0, len(old) - 1))
    end = data.draw(st.integers(start + 1, len(old)))
    outcome = carry(old, new, [(start, end)])
    assert all(0 <= one < other <= len(new) for one, other in outcome.places)
    assert 0 <= outcome.score <= 1
    if isinstance(outcome, Carried):
        assert (words(new, outcome.places) == [old[start:end]]) == (outcome.score == 1)


@given(LETTERS, st.data())
def test_in_an_unchanged_text_everything_stays(text, data):
    if not text:
        return
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert carry(text, text, [(start, end)]) == Carried(((start, end),), 1.0)


@given(SENTENCES, st.data())
def test_sentences_that_were_moved_or_kept_come_back_to_where_they_were(sentences, data):
    kept = data.draw(st.lists(st.sampled_from(sentences), unique=True, min_size=1))
    old = " ".join(f"{sentence}." for sentence in sentences)
    new = " ".join(f"{sentence}." for sentence in kept)
    there, back = Alignment(old, new), Alignment(new, old)
    for sentence in kept:
        span = place(f" {old}", f" {sentence}.")
        span = span[0], span[1] - 1
        outcome = there.carry([span])
        assert outcome.score == 1
        assert words(new, outcome.places) == [f"{sentence}."]
        assert back.carry(outcome.places) == Carried((span,), 1.0)


@given(
    st.lists(st.sampled_from(["He left.", "She stayed.", "It rained.", "a b c"]), max_size=12),
    st.data(),
)
def test_pieces_of_neither_text_overlap(sentences, data):
    new = " ".join(data.draw(st.permutations(sentences)))
    pieces = Alignment(" ".join(sentences), new).pieces
    for key in ("start", "new_start"):
        ordered = sorted(pieces, key=lambda piece: getattr(piece, key))
        ends = [getattr(piece, key.replace("start", "end")) for piece in ordered]
        starts = [getattr(piece, key) for piece in ordered[1:]]
        assert all(end <= start for end, start in zip(ends, starts, strict=False))


def test_a_sentence_that_stands_there_ten_thousand_times_is_carried_in_no_time():
    old = "No. " * 10_000 + "It is calm."
    began = time.process_time()
    alignment = Alignment(old, old.replace("No. No. ", "No. ", 1))
    at = old.index("It is")
    assert alignment.carry([(at, at + 5)]) == Carried(((at - 4, at + 1),), 1.0)
    assert alignment.carry([(0, 3)]) == Carried(((0, 3),), 1.0)
    assert time.process_time() - began < 5
