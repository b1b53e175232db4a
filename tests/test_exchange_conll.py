"""CoNLL-2003: every sign of a text is in a token, and labels begin and end where words do."""

import io
import zipfile
from dataclasses import replace

import orjson
import pytest

from annotations.exchange import aside
from annotations.exchange.formats import FORMATS
from annotations.exchange.holdings import Feature
from annotations.exchange.language import conll
from annotations.exchange.language.marks import Mark
from annotations.exchange.neutral import Document, text_of
from tests import parcels


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(parcels.written("conll"))) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def document_of(text: str) -> Document:
    article = text_of(text)
    return Document(article, article.newest, [])


def words(text: str) -> list[str]:
    return [text[token.start : token.end] for token in conll.tokens_of(document_of(text))]


def sentences_in(text: str) -> list[list[list[str]]]:
    """The rows of each sentence, as anybody reads the format."""
    start, *sentences = text.strip("\n").split("\n\n")
    assert start == "-DOCSTART- -X- -X- O"
    return [[line.split(" ") for line in sentence.split("\n")] for sentence in sentences]


def entities(sentences) -> list[tuple[str, str]]:
    """The labelled words, as BIO has them. Fails where an I follows nothing of its label."""
    found: list[tuple[str, str]] = []
    for rows in sentences:
        before = "O"
        for word, _, _, label in rows:
            if label.startswith("B-"):
                found.append((label[2:], word))
            elif label != "O":
                assert before[2:] == label[2:]
                found[-1] = (label[2:], f"{found[-1][1]} {word}")
            before = label
    return found


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("It's a well-known “fact”.", ["It's", "a", "well-known", "“", "fact", "”", "."]),
        ("x̂ and café", ["x̂", "and", "café"]),
        ("👩‍🚒 said 🇩🇪", ["👩‍🚒", "said", "🇩", "🇪"]),
        ("قَالَ المتحدث", ["قَالَ", "المتحدث"]),
        ("海峡は静か。OK", ["海", "峡", "は", "静", "か", "。", "OK"]),
        ("=1+1 a|b", ["=", "1", "+", "1", "a", "|", "b"]),
        ("- 'tis -", ["-", "'", "tis", "-"]),
        ("❤️ a\u200db", ["❤️", "a\u200db"]),
        ("\t \u2028\u00a0", []),
    ],
)
def test_a_text_is_split_into_words_and_signs(text, tokens):
    assert words(text) == tokens


@pytest.mark.parametrize("text", [parcels.SEA, parcels.STRAIT, parcels.NASTY])
def test_every_sign_but_blanks_is_in_one_token(text):
    assert "".join(words(text)) == "".join(text.split())


def test_there_is_a_file_for_each_document_person_and_set_of_labels(files):
    sea, strait = (f"00000000-0000-4000-8000-00000000010{n}" for n in (1, 2))
    assert sorted(files) == sorted([
        "CROSSREAD.jsonl", "documents.jsonl", "losses.txt",
        f"by-ada/claims/{sea}.conll", f"by-ada/facet.proposition/{sea}.conll",
        f"by-ada/facet.type/{sea}.conll", f"by-ada/mentions/{sea}.conll",
        f"by-bo/claims/{sea}.conll", f"by-bo/facet.tone/{sea}.conll",
        f"by-bo/facet.type/{sea}.conll", f"gold/claims/{sea}.conll",
        f"gold/facet.proposition/{sea}.conll", f"gold/facet.type/{sea}.conll",
        f"by-bo/claims/{strait}-1.conll", f"by-bo/facet.proposition/{strait}-1.conll",
        f"by-bo/facet.type/{strait}-1.conll", f"by-ada/claims/{strait}.conll",
        f"by-ada/facet.type/{strait}.conll", f"by-bo/mentions/{strait}.conll",
    ])  # fmt: skip


def test_every_line_has_four_columns_and_every_sentence_is_a_passage(files):
    texts = {one.name: one.revision for one in parcels.hard().documents(passages=True)}
    for name, content in files.items():
        if name.endswith(".conll"):
            revision = texts[name.rpartition("/")[2].removesuffix(".conll")]
            sentences = sentences_in(content)
            assert {len(row) for rows in sentences for row in rows} == {4}
            assert ["".join(row[0] for row in rows) for rows in sentences] == [
                "".join(revision.text[p.start : p.end].split()) for p in revision.passages
            ]


def test_labels_stand_on_the_words_that_were_marked(files):
    told = {
        name.rpartition("/")[0]: entities(sentences_in(content))
        for name, content in files.items()
        if name.endswith("101.conll")
    }
    assert told == {
        "by-ada/mentions": [("government-body", "👩‍🚒 said"), ("government-body", "The Quay")],
        "by-ada/claims": [
            ("claim", "The 👩‍🚒"), ("claim", "café-like , 𝔘"), ("claim", "“ it's rough ” ."),
            ("claim", "A second"),
        ],
        "by-ada/facet.type": [
            ("norm", "The 👩‍🚒"), ("fact", "café-like , 𝔘"), ("norm", "second paragraph , 🇩 🇪"),
        ],
        "by-ada/facet.proposition": [
            ("calm", "The 👩‍🚒"), ("calm", "x̂ is café-like"),
            ("calm", "second paragraph , 🇩 🇪"),
        ],
        "by-bo/claims": [("claim", "said that x̂ is café-like , 𝔘 too ; = 1 + 1")],
        "by-bo/facet.type": [("norm", "said that x̂ is café-like , 𝔘 too ; = 1 + 1")],
        "by-bo/facet.tone": [("grave", "said that x̂ is café-like , 𝔘 too ; = 1 + 1")],
        "gold/claims": [("claim", "🇩 🇪 🇫 🇷 , ends here")],
        "gold/facet.type": [("fact", "🇩 🇪 🇫 🇷 , ends here")],
        "gold/facet.proposition": [("calm", "🇩 🇪 🇫 🇷 , ends here")],
    }  # fmt: skip


def test_everything_marked_is_labelled_or_said_to_be_lost(files):
    labels = sum(
        len(entities(sentences_in(content)))
        for name, content in files.items()
        if name.endswith(".conll") and ("/claims/" in name or "/mentions/" in name)
    )
    lost = [
        line
        for line in files["losses.txt"].splitlines()
        if "left out" in line and "/facet." not in line
    ]
    spans = sum(len(one.spans) for _, found in parcels.hard().annotated() for one in found)
    # One of them is in two passages.
    assert labels + len(lost) == spans + 1


def mark(start: int, end: int, id: str = "a", label: str = "x") -> Mark:
    return Mark(id, label, "", start, end, "", "claim", "analyst", "ada", "")


@pytest.mark.parametrize(
    ("marks", "labels", "lost"),
    [
        ([mark(0, 3)], {0: "B-x"}, []),
        ([mark(0, 7)], {0: "B-x", 4: "I-x"}, []),
        ([mark(0, 3), mark(4, 7, "b")], {0: "B-x", 4: "B-x"}, []),
        ([mark(5, 6)], {4: "B-x"}, ["a x 5-6: widened to 4-7, to whole tokens"]),
        ([mark(3, 7)], {4: "B-x"}, ["a x 3-7: widened to 4-7, to whole tokens"]),
        ([mark(0, 3, "b"), mark(0, 7)], {0: "B-x", 4: "I-x"},
         ["b x 0-3: left out, since it overlaps another"]),
        ([mark(0, 3), mark(0, 3, "b")], {0: "B-x"},
         ["b x 0-3: left out, since it overlaps another"]),
        ([mark(4, 9)], {4: "B-x", 8: "I-x"}, []),
        ([mark(3, 4)], {}, ["a x 3-4: left out, since there is no word in it"]),
    ],
)  # fmt: skip
def test_the_outermost_mark_is_kept_and_each_loss_is_told(marks, labels, lost):
    tokens = conll.tokens_of(document_of("abc def g"))
    assert conll.labelled(tokens, marks) == (labels, lost)


def test_a_mark_across_passages_begins_anew_in_each():
    [sea, *_] = parcels.hard().documents(passages=True)
    tokens = conll.tokens_of(sea)
    labels, lost = conll.labelled(tokens, [mark(0, len(sea.revision.text))])
    begun = [sea.revision.text[at : at + 3] for at, label in labels.items() if label[0] == "B"]
    assert (begun, lost) == (["The", "The", "A s"], [])


def test_what_stands_beside_the_labels_says_of_which_article_they_are(files):
    told = [orjson.loads(line) for line in files["documents.jsonl"].splitlines()]
    assert [about["id"] for about in told] == [one.name for one in parcels.hard().documents()]
    assert told[0]["outlet"] == "Strait & Post"
    found = parcels.collected(aside.read(files["CROSSREAD.jsonl"].encode()).before)
    names = {"codebook", "facets", "tags", "actors"}
    loses = FORMATS["conll"].loses
    after, before = (parcels.forgotten(one, loses) for one in (found, parcels.hard()))
    assert {name: after[name] for name in names} == {name: before[name] for name in names}
    assert {Feature.PIECES, Feature.OVERLAPS, Feature.TEXTS} <= loses


def test_the_same_parcel_makes_the_same_bytes():
    assert parcels.written("conll") == parcels.written("conll")


def test_a_project_without_annotations_has_no_labels_and_no_losses():
    empty = replace(parcels.hard(), annotated=lambda passages=False: iter(()))
    with zipfile.ZipFile(io.BytesIO(parcels.written("conll", empty))) as archive:
        assert archive.namelist() == ["CROSSREAD.jsonl", "documents.jsonl", "losses.txt"]
        assert archive.read("losses.txt") == b""
