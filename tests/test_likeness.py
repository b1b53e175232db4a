"""What two texts have in common: words, buckets, stretches, differences and quotations."""

import time

import pytest

from corpus_app import likeness
from corpus_app.likeness import Change, Fate

CALM = (
    "The Harbour Office said on Monday that the strait is calm and that no ferry has been lost "
    "since the spring. It added that the pilots would go on working through the night."
)
NEARLY = CALM.replace("Monday", "Tuesday").replace("calm", "very calm").replace("the spring", "May")
OTHER = "Nobody in the town had asked, of course, and the mayor was away with her brother."
ARABIC = "قال مكتب الميناء إن المضيق هادئ وإنه لم تفقد أي عبارة منذ الربيع وإن الملاحين باقون"
CHINESE = (
    "港务局星期一说海峡很平静，自从春天以来没有一条渡船失踪，领航员整夜继续工作，没有人离开岗位。"
)
BUCKETS = (1948119614129695881, -6817485435303619870)


def shared(later: str, source: str) -> list[tuple[str, str]]:
    found = likeness.stretches(likeness.words(later), likeness.words(source))
    return [
        (later[one.start : one.end], source[one.source_start : one.source_end]) for one in found
    ]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("", ()),
        ("🙂 — “…” !", ()),
        ("Don’t STOP—it's “fine”", ("don", "t", "stop", "it", "s", "fine")),
        ("Straße, İzmir", ("strasse", "i̇zmir")),
        ("2017年4月", ("2017", "年", "4", "月")),
        ("مَكْتَب الميناء", ("مَكْتَب", "الميناء")),
        ("e\u0301tude\u00a0nord", ("e\u0301tude", "nord")),
    ],
)
def test_words_are_folded_and_signs_are_none(text, folded):
    assert likeness.words(text).folded == folded


def test_places_are_code_points_counted_from_the_offset():
    found = likeness.words("🙂 Ab, cd", offset=100)
    assert found.places == ((102, 104), (106, 108))
    assert found.within(103, 108) == likeness.Words(("cd",), ((106, 108),))


def test_a_sentence_falls_into_the_same_buckets_wherever_it_stands():
    alone, within = (
        likeness.buckets(list(likeness.chunks(text)), likeness.SENTENCES)
        for text in (CALM, f"{OTHER} {CALM} {OTHER}")
    )
    assert set(alone) <= set(within)
    assert len(alone) == 2


def test_buckets_are_signed_numbers_that_stay_the_same_for_ever():
    [chunk] = likeness.chunks("one two three four five six seven eight nine ten")
    assert likeness.buckets([chunk], likeness.SENTENCES) == [BUCKETS]
    assert likeness.buckets([], likeness.SENTENCES) == []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Too short.", 0),
        ("Yes. No. He came at once. She had gone long before. Who would?", 3),
        (" ".join(f"word{n}" for n in range(100)), 3),
        (CHINESE, 3),
        ("😀" * 50, 0),
    ],
)
def test_short_sentences_go_together_and_long_ones_are_cut(text, count):
    assert len(list(likeness.chunks(text))) == count


@pytest.mark.parametrize(
    ("later", "source", "expected"),
    [
        (CALM, CALM, [(CALM[:-1], CALM[:-1])]),
        (f"{OTHER} {NEARLY}", CALM, [(NEARLY[:-1], CALM[:-1])]),
        (f"{OTHER} {CALM} Then it rained.", f"Now. {CALM}", [(CALM[:-1], CALM[:-1])]),
        (OTHER, CALM, []),
        ("", CALM, []),
        ("no ferry has been lost since the spring", CALM, []),
        (ARABIC, f"كلمة أولى ثم {ARABIC} ثم كلمة", [(ARABIC, ARABIC)]),
        (f"今天的新闻。{CHINESE}", CHINESE, [(CHINESE[:-1], CHINESE[:-1])]),
        (CHINESE[:14], CHINESE, []),
    ],
)
def test_stretches_are_as_long_as_they_can_be_and_never_chance(later, source, expected):
    assert shared(later, source) == expected


def test_two_stretches_are_found_in_either_order():
    first, second = CALM.split(". ")
    turned = f"{second.rstrip('.')}, {OTHER} {first}."
    assert [later for later, _ in shared(turned, CALM)] == [second.rstrip("."), first]


def test_the_score_is_the_share_of_equal_words():
    [found] = likeness.stretches(likeness.words(NEARLY), likeness.words(CALM))
    assert found.score == pytest.approx(30 / 33)


@pytest.mark.parametrize(
    ("later", "source"),
    [
        ("ha " * 10_000, "ha " * 10_000),
        ("ha " * 10_000, "ha " * 9_990),
        ("ha ho " * 5_000, "ho ha hi " * 3_000),
        ("The strait is calm today, they say. " * 2_000, "The strait is calm, they say. " * 2_000),
    ],
)
def test_a_text_that_repeats_itself_is_compared_in_no_time(later, source):
    began = time.process_time()
    list(likeness.chunks(later))
    likeness.stretches(likeness.words(later), likeness.words(source))
    assert time.process_time() - began < 5


def test_the_difference_is_told_word_by_word_as_it_is_written():
    assert likeness.difference("He said: “go, now” -- twice.", "He said, ‘Go at once’.") == [
        Change("equal", "He said: “go,", "He said, ‘Go"),
        Change("replace", "now” -- twice.", "at once’."),
    ]
    assert likeness.difference("a b", "A—b!") == [Change("equal", "a b", "A—b!")]
    assert likeness.difference("", "new words") == [Change("insert", "", "new words")]
    assert likeness.difference("old words", "") == [Change("delete", "old words", "")]
    assert likeness.difference("", "") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“We will go ‘home now’ then”", ["We will go ‘home now’ then", "home now"]),
        ("»Das ist gut«, sagt er. „So ist es“, sagt sie. ‚Ja‘", ["Das ist gut", "So ist es", "Ja"]),
        ("«Bon jour», dit-il, l'été.", ["Bon jour"]),
        ("“It’s the boys’ club,” she said.", ["It’s the boys’ club,"]),
        ("'I don't know,' he said.", ["I don't know,"]),
        ('"One," he said, "and two."', ["One,", "and two."]),
        ("他说：「它很『好』了」。", ["它很『好』了", "好"]),
        ("“First line\n\n“and the second” end.", ["First line\n\n“and the second"]),
        ("“Never closed.\n\nNext “one” here.", ["one"]),
        ("It was 5' 6\" high.", []),
        ("”” “” ''", []),
        ("", []),
    ],
)  # fmt: skip
def test_direct_quotations_are_found_in_every_style(text, expected):
    assert [text[one.start : one.end] for one in likeness.quotations(text)] == expected


def test_marks_that_nothing_closes_are_passed_over_in_no_time():
    text = "“" * 100_000 + " “The strait is calm today”"
    began = time.process_time()
    [found] = likeness.quotations(text)
    assert text[found.start : found.end] == "The strait is calm today"
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("source", "later", "expected"),
    [
        ("We will go home at once.", "we will go home at once", Fate.SAME),
        ("We will go home at once and stay", "we will go home at once …", Fate.SHORTER),
        ("We will go at once and stay", "We will go … and stay", Fate.SHORTER),
        ("We will go at once", "We will go home at once", Fate.LONGER),
        ("We will go at once", "We may go at once", Fate.CHANGED),
    ],
)
def test_a_quotation_that_was_cut_is_told_from_one_that_was_changed(source, later, expected):
    assert likeness.fate(source, later) == expected


@pytest.mark.parametrize(
    ("later", "source", "is_same"),
    [
        ("we will go home at once", "In the end we will go home at once and stay there", True),
        ("we may go home at once", "we will go home at once", True),
        ("we will go home", "we will go home", False),
        ("we will go home to our mothers and fathers", "nobody wants you to go home again", False),
    ],
)
def test_two_quotations_are_one_if_most_of_the_shorter_is_in_the_longer(later, source, is_same):
    found = likeness.same_quotation(likeness.words(later), likeness.words(source))
    assert bool(found) == is_same
