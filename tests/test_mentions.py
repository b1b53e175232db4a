"""Which names a text mentions: tables of hard cases, and the real articles against marks by hand.

`tests/data/mentions.json` was marked by a person: per article `[start, end, quote, actor named,
actor meant, name | metonym | place]` in code points of the cleaned text. Marked is the longest
name that the list has, with its title or article if the list has it so. A surname before a common
noun (somebody's campaign) names the person; a government or regime called after somebody does
not. “In Moscow” and a visit to it are places; whoever says or does something is not.
"""

import csv
import json
import sys
import time
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from annotations.mentions import Index, Name, find
from annotations.mentions.shares import interval
from corpus_app.text import classify, compose, decode, normalise
from tests.corpus import CORPUS, needs_corpus, raw

MARKED = json.loads((Path(__file__).parent / "data" / "mentions.json").read_text("utf-8"))

RUSSIA = (
    Name("ru", "state", "Russia", is_main=True), Name("ru", "state", "Russian"),
    Name("ru", "state", "Russians"), Name("ru", "state", "Russian Federation"),
    Name("ru", "state", "Moscow", metonym=True),
)  # fmt: skip
US = (
    Name("us", "state", "United States", is_main=True), Name("us", "state", "US"),
    Name("us", "state", "U.S."), Name("us", "state", "American"), Name("us", "state", "America"),
    Name("us", "state", "Washington", metonym=True),
)  # fmt: skip
CHINA = (
    Name("cn", "state", "China", is_main=True), Name("cn", "state", "Chinese"),
    Name("cn", "state", "Beijing", metonym=True),
)  # fmt: skip
KREMLIN = (
    Name("kr", "government body", "Kremlin", is_main=True, state="ru"),
    Name("kr", "government body", "the Kremlin", state="ru"),
)
TRUMP = (
    Name("dt", "person", "Donald Trump", is_main=True), Name("dt", "person", "Trump"),
    Name("dt", "person", "President Trump"), Name("mt", "person", "Melania Trump", is_main=True),
    Name("ta", "government body", "Trump administration", is_main=True, state="us"),
)  # fmt: skip
OTHERS = (
    Name("rt", "person", "Rex Tillerson", is_main=True), Name("vp", "person", "Putin"),
    Name("wp", "media", "Washington Post", is_main=True), Name("wp", "media", "The Post"),
    Name("ul", "person", "Ursula von der Leyen", is_main=True),
    Name("bc", "person", "Bill Clinton", is_main=True),
    Name("hc", "person", "Hillary Clinton", is_main=True),
    Name("as", "person", "Bashar al-Assad", is_main=True), Name("as", "person", "Assad"),
    Name("as", "person", "al-Assad"), Name("un", "international organisation", "UN"),
    Name("aq", "armed group", "Al-Qaeda", is_main=True), Name("xi", "person", "Xi"),
)  # fmt: skip
ALL = (*RUSSIA, *US, *CHINA, *KREMLIN, *TRUMP, *OTHERS)


def quotes(text, names=ALL, **values):
    """The quotes of what is found; each is what stands at its place."""
    found = find(text, names, **values)
    assert [one.quote for one in found] == [text[one.start : one.end] for one in found]
    return [one.quote for one in found]


# What is a mention and what is not --------------------------------------------------------

MENTIONS = {
    # the traps of the corpus
    "She reads the Washington Post.": ["Washington Post"],
    "It was in The Post, then in the Post.": ["The Post", "the Post"],
    "She went to the post office.": [],
    "The Trump administration waits.": ["Trump administration"],
    "The Trump government waits.": [],
    "The two leaders met.": [],
    # longer names that are in no list
    "He reads Russia Today at night.": [],
    "An essay by the University of Moscow helps.": [],
    "She wrote to the New Washington Times about it.": [],
    "We met at Trump Tower again.": [],
    "The Moscow State University closed.": [],
    "We flew with American Airlines.": [],
    "At the Institute of American Studies all is well.": [],
    "She praised Donald Trump Jr. for it.": [],
    "Then Ivanka Trump said so.": [],
    "Ivanka Trump said so.": [],
    "Yet Trump said so. Both Trump and Putin did.": ["Trump", "Trump", "Putin"],
    "It borders South China and more.": [],
    "Then Anna Smith-Trump and Anna Trump-Smith came.": [],
    # neighbours with a capital that make no longer name
    "Then Russian President Putin spoke.": ["Russian", "Putin"],
    "US Secretary of State Rex Tillerson left.": ["US", "Rex Tillerson"],
    "He told Trump Thursday that it rains.": ["Trump"],
    "The president of the United States spoke.": ["United States"],
    "A law of the Russian Federation says so.": ["Russian Federation"],
    "It is the Constitution of the Russian Federation again.": ["Russian Federation"],
    "Presidents Trump and Putin met.": ["Trump", "Putin"],
    # headings
    "What Russia Today Means\n\nNothing.": [],
    "The Future of Russia Under Trump and Putin\n\nIt is open.": ["Russia", "Trump", "Putin"],
    "RUSSIA AND CHINA MEET\n\nThey talk.": ["RUSSIA", "CHINA"],
    "THEY TOLD US NOTHING\n\nWell.": [],
    "US AND RUSSIA MEET IN THE US\n\nWell.": ["US", "RUSSIA", "US"],
    "POPE PIUS XI WAS HERE\n\nPope Pius XI was.": ["XI"],
    "– China Containment: nothing new came of it.": ["China"],
    # words and their edges
    "Russians like Russian tea.": ["Russians", "Russian"],
    "A prussian Belorussia, Russiagate.": [],
    "Trump’s and Putin's plans, the Russians’ too.": ["Trump", "Putin", "Russians"],
    "US-Russian and US-Russia, Trump-era, pro-Russian.": [
        "US", "Russian", "US", "Russia", "Trump", "Russian",
    ],
    "It is U.S. policy; a U.S.-led plan, U.S.A. too.": ["U.S.", "U.S."],
    "Let us go; the trump card; fine china.": [],
    "Aides of al-Assad and Assad, Al-Qaeda too.": ["al-Assad", "Assad", "Al-Qaeda"],
    "O’Putin and D’Trump are others.": [],
    "See www.Russia.com, russia.com, me@Trump.org and @Trump.": [],
    "“Russia”, (China) and ‘Trump’.": ["Russia", "China", "Trump"],
    "The Kremlin and the Kremlin.": ["The Kremlin", "the Kremlin"],
    # surnames
    "Tillerson came. Rex Tillerson came. Tillerson left.": ["Rex Tillerson", "Tillerson"],
    "Bill Clinton and Hillary Clinton. Clinton left.": ["Bill Clinton", "Hillary Clinton"],
    "Melania Trump came. Trump left.": ["Melania Trump", "Trump"],
    "Ursula von der Leyen came. Then von der Leyen left, Leyen too.": [
        "Ursula von der Leyen", "von der Leyen", "Leyen",
    ],
}  # fmt: skip


@pytest.mark.parametrize("text", MENTIONS)
def test_what_is_a_mention_and_what_is_not(text):
    assert quotes(text) == MENTIONS[text]


def test_a_surname_that_is_another_name_is_nobodys_surname():
    names = (Name("dw", "person", "Denzel Washington"), *US)
    found = find("Denzel Washington came. Then Washington agreed.", names)
    assert [(one.quote, one.named) for one in found] == [
        ("Denzel Washington", "dw"), ("Washington", "us"),
    ]  # fmt: skip


# Places and those who govern there -------------------------------------------------------

SENSES = {
    "They met in Moscow.": "place",
    "They flew to Moscow.": "place",
    "He returned from a visit to Moscow.": "place",
    "The streets of Moscow are wide.": "place",
    "The airport near Moscow is shut.": "place",
    "They met in Beijing and Moscow.": "place",
    "Moscow believes it.": "metonym",
    "Moscow’s view is known.": "metonym",
    "The talks between Washington and Moscow failed.": "metonym",
    "A Moscow-Washington deal is near.": "metonym",
    "Nothing against Moscow was said.": "metonym",
    "In Russia, Moscow could decide.": "metonym",
    "This worried Moscow.": "metonym",
}


@pytest.mark.parametrize("text", SENSES)
def test_the_words_around_tell_place_from_metonym(text):
    [one] = [one for one in find(text, ALL) if one.quote == "Moscow"]
    assert one.sense == SENSES[text]
    assert one.reason
    assert {reading.named for reading in one.readings()} == {"ru"}


def test_a_place_without_an_actor_names_nobody_until_it_is_taken_otherwise():
    [one] = find("They met in Moscow.", RUSSIA)
    assert (one.named, one.meant) == (None, None)
    assert [(r.named, r.meant, r.sense) for r in one.alternatives] == [("ru", None, "metonym")]


def test_a_place_that_is_an_actor_is_named_and_who_governs_is_meant():
    names = (*RUSSIA, Name("mo", "place", "Moscow", is_main=True))
    said, met = find("Moscow believes it. They met in Moscow.", names)
    assert [(r.named, r.meant) for r in said.readings()] == [("mo", "ru"), ("mo", None)]
    assert [(r.named, r.meant) for r in met.readings()] == [("mo", None), ("mo", "ru")]


def test_a_seat_of_government_names_the_body_and_means_the_state():
    kremlin, administration = find("The Kremlin told the Trump administration.", ALL)
    assert (kremlin.named, kremlin.meant, kremlin.sense) == ("kr", "ru", "metonym")
    assert [(r.named, r.meant) for r in kremlin.alternatives] == [("kr", None)]
    assert (administration.named, administration.meant) == ("ta", None)


def test_elsewhere_than_in_english_a_metonym_is_what_the_registry_says():
    [one] = find("Er war in Moscow.", RUSSIA, language="de")
    assert one.sense == "metonym"


# Rules of a name --------------------------------------------------------------------------


def test_of_several_actors_with_one_name_nobody_is_preferred():
    names = (Name("ge", "state", "Georgia"), Name("ga", "place", "Georgia"))
    [one] = find("Then Georgia voted.", names)
    assert (one.named, one.sense) == (None, "choice")
    assert [reading.named for reading in one.alternatives] == ["ge", "ga"]


@pytest.mark.parametrize(
    ("day", "named"), [(date(1990, 1, 1), "su"), (date(2001, 1, 1), "ru"), (None, None)]
)
def test_the_day_decides_whose_name_it_is(day, named):
    names = (
        Name("su", "state", "the Union", until=date(1991, 12, 26)),
        Name("ru", "state", "the Union", since=date(1991, 12, 26)),
    )
    [one] = find("Only the Union agreed.", names, published_on=day)
    assert one.named == named


@pytest.mark.parametrize(
    ("language", "found"), [("de", True), ("de-AT", True), ("en", False), ("", True)]
)
def test_a_name_of_a_language_is_a_name_in_that_language(language, found):
    names = (Name("us", "state", "Amerika", language="de"),)
    assert bool(find("Das will Amerika nicht.", names, language=language)) == found


@pytest.mark.parametrize(
    ("case", "found"),
    [("usual", ["Apple", "APPLE"]), ("exact", ["Apple"]), ("any", ["Apple", "APPLE", "apple"])],
)
def test_capitals_count_as_the_names_rule_says(case, found):
    names = (Name("ap", "company", "Apple", case=case),)
    assert quotes("An Apple, an APPLE, an apple.", names) == found


def test_a_name_written_small_may_begin_a_sentence_and_stand_in_a_heading():
    names = (Name("sg", "government body", "Syrian government"),)
    text = "The Syrian government fell. The Syrian Government fell. A syrian government."
    assert quotes(text, names) == ["Syrian government", "Syrian Government"]


# Other scripts, and what makes careless code count wrong ----------------------------------

SCRIPTS = [
    ("Zwischen Russland und Trumps Leuten.", "de", ["Russland", "Trumps"]),
    ("Russlands Antwort an Berlin Gipfel.", "de", ["Russlands"]),
    ("L’Amérique et la politique d’Amérique.", "fr", ["Amérique", "Amérique"]),
    ("قالت روسيا إن البحر هادئ، وروسيا تعرف.", "ar", ["روسيا", "روسيا"]),
    ("我爱北京的海，中国人也爱。", "zh", ["北京", "中国"]),
    ("ロシアは言う。ロシアンルーレット。", "ja", ["ロシア"]),
    ("미국은 말했다. 반미국가.", "ko", ["미국"]),
    ("Путин сказал: Россия не против.", "ru", ["Россия"]),
    ("Η Ρωσία λέει. ΡΩΣΙΑ;", "el", ["Ρωσία"]),
    ("İstanbul’da: İSTANBUL, Istanbul.", "tr", ["İstanbul", "İSTANBUL"]),
    ("Weißrussland, WEISSRUSSLAND.", "de", ["Weißrussland", "WEISSRUSSLAND"]),
    ("👨‍👩‍👧 𠮷 ﬁ İ ß Russland 👍Russland👍", "en", ["Russland", "Russland"]),
    ("Caf\u00e9 \u0301Russland, Russland\u0301 nicht.", "en", []),
    ("Al‑Kaida, Al-Kaida, Al\u00a0Kaida.", "en", ["Al‑Kaida", "Al-Kaida"]),
    ("", "en", []),
]
FOREIGN = tuple(
    Name(name, "state", name)
    for name in (
        "Russland", "Amérique", "روسيا", "北京", "中国", "ロシア", "미국", "Россия", "Ρωσία",
        "İstanbul", "Weißrussland", "Al-Kaida", "Trump",
    )
)  # fmt: skip


@pytest.mark.parametrize(("text", "language", "found"), SCRIPTS)
def test_places_are_right_in_every_script(text, language, found):
    assert quotes(text, FOREIGN, language=language) == found


def test_no_names_find_nothing():
    assert find("Russia says so.", ()) == []


# Much of it -------------------------------------------------------------------------------


def many_names(number):
    return [Name(str(n), "person", f"Nora Vik{n} Sorensen{n}") for n in range(number)]


def test_fifty_thousand_names_in_a_megabyte_take_no_long_time():
    names = many_names(50_000)
    line = "Then Nora Vik17 Sorensen17 said that Sorensen17 and 18 agree about the strait. "
    text = line * (1_000_000 // len(line))
    began = time.process_time()
    found = Index(names).find(text, published_on=None, language="en")
    assert time.process_time() - began < 20
    assert {one.named for one in found} == {"17"}
    assert len(found) == 2 * text.count("Then")


@pytest.mark.parametrize("unit", ["a", "Aa ", "U.S.", "Trump ", "Trump-", "’s", "Moscow and "])
def test_monotonous_texts_take_no_long_time(unit):
    began = time.process_time()
    find(unit * (200_000 // len(unit)), ALL)
    assert time.process_time() - began < 20


@pytest.mark.parametrize(
    ("accepted", "judged", "bounds"),
    [(0, 0, (0.0, 1.0)), (9, 10, (0.596, 0.982)), (0, 5, (0.0, 0.434)), (100, 100, (0.963, 1.0))],
)
def test_the_bounds_of_a_share(accepted, judged, bounds):
    assert interval(accepted, judged) == pytest.approx(bounds, abs=0.001)


# The real articles ------------------------------------------------------------------------


def registry():
    """The names of the actors that come with the articles."""
    with (CORPUS / "actors.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    kinds = {row["name"]: row["kind"] for row in rows}
    for row in rows:
        body = row["kind"] == "government body" and kinds.get(row["part_of"]) == "state"
        own = {"actor": row["name"], "kind": row["kind"], "state": row["part_of"] if body else None}
        yield Name(name=row["name"], is_main=True, **own)
        for column, metonym in (("aliases", False), ("metonyms", True)):
            for name in filter(None, row[column].split("|")):
                yield Name(name=name, metonym=metonym, **own)


def is_right(one, actor, meant, kind, *, helped):
    """Whether the suggestion names the actor; unless helped, also as what and whom it means."""
    if helped:
        return actor in {reading.named for reading in one.readings()}
    sense = "name" if kind == "name" and one.sense == "metonym" else one.sense
    return (sense, one.meant) == (kind, meant) and (one.named == actor or kind == "place")


@needs_corpus
def test_the_marks_by_hand_are_found_in_the_real_articles():
    index, counts = Index(registry()), Counter()
    for file, marks in MARKED.items():
        text, _ = compose(classify(normalise(decode(raw(file)))))
        assert [text[start:end] for start, end, *_ in marks] == [mark[2] for mark in marks]
        known = {(start, end): rest for start, end, _, *rest in marks}
        for one in index.find(text, published_on=None, language="en"):
            mark = known.get((one.start, one.end))
            counts["found"] += 1
            counts["helped"] += bool(mark) and is_right(one, *mark, helped=True)
            counts["alone"] += bool(mark) and is_right(one, *mark, helped=False)
        counts["marked"] += len(marks)
    precision, recall = (counts["helped"] / counts[of] for of in ("found", "marked"))
    alone = (counts["alone"] / counts[of] for of in ("found", "marked"))
    figures = "Precision {:.3f}, recall {:.3f}; without telling place from metonym {:.3f}, {:.3f}\n"
    sys.stdout.write(figures.format(precision, recall, *alone))
    assert (precision > 0.95, recall > 0.90) == (True, True)
