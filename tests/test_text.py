"""What becomes of raw articles: bytes, lines, roles, facts about them, passages."""

import json
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus_app.text import (
    Line,
    Role,
    Slice,
    UnreadableText,
    classify,
    compose,
    decode,
    metadata,
    normalise,
    sha256,
)

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT.parent / "shared" / "corpus"
CASES = json.loads((ROOT / "tests" / "data" / "lines.json").read_text(encoding="utf-8"))
needs_corpus = pytest.mark.skipif(
    not CORPUS.is_dir(), reason="the real articles (../shared/corpus) are not on this machine"
)

# Characters that break careless text code, and words that wake the classifier.
NASTY = st.lists(
    st.one_of(
        st.text(max_size=12),
        st.sampled_from(
            (
                *("\n", "\n\n", "\r\n", "\r", "\u2028", "\x85", "\x0c", "\x00", "\ufeff", "\ud800"),
                *("\u0301", "\u0315", "👩‍👧", "\u202e", "\u200b", "\xa0", "\t", "• ", "- ", "1. "),
                *("By ", "Anna Holm", "5 March 2024", " is a fellow at ", "Share", "(L)", "?"),
                *("(ASIA)", "Subject: ", "Related", "photo.jpg", "2024-05-31", "Translated by "),
                *(
                    ".",
                    ": ",
                    "a sentence that goes on and on until it has enough words for prose. ",
                ),
            )
        ),
    ),
    max_size=40,
).map("".join)


# Bytes to text ------------------------------------------------------------------------------

FRENCH = "Le ministre a démissionné mardi soir ; « c’est déjà fini », a-t-il dit à Besançon."
POLISH = "Minister podał się do dymisji we wtorek wieczorem. Dokąd pójdzie, nikt nie wie w Łodzi."
RUSSIAN = "Министр ушёл в отставку вчера вечером, после долгого голосования в парламенте."


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("", "utf-8"),
        ("A plain sentence.", "ascii"),
        ("Größe, 橋, جسر, 🌉", "utf-8"),
        ("Größe, 橋, جسر, 🌉", "utf-8-sig"),
        ("Größe, 橋, جسر, 🌉", "utf-16"),
        ("Größe, 橋, جسر, 🌉", "utf-32"),
        ("café", "cp1252"),
        (FRENCH, "cp1252"),
        (POLISH, "cp1250"),
        (RUSSIAN, "cp1251"),
    ],
)
def test_bytes_of_any_encoding_become_text(text, encoding):
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "a PNG picture"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "a PDF document"),
        (b"PK\x03\x04\x14\x00\x06\x00", "a zip archive or an office document"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "a JPEG picture"),
        (b"{\\rtf1\\ansi Hello}", "an RTF document"),
        (bytes(range(32)) * 20, "too many control characters"),
        (b"\xff\xfe\x00\xd8\x00", "damaged"),
    ],
)
def test_what_is_no_text_is_refused_with_its_name(data, says):
    with pytest.raises(UnreadableText, match=says):
        decode(data)


# Normal form --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "normal"),
    [
        ("a\r\nb\rc\u2028d\u2029e\x85f", "a\nb\nc\nd\ne\nf"),
        ("one page\x0canother", "one page\nanother"),
        ("\ufeffa\ufeffb", "ab"),
        ("a\x00b\x07c\x1fd\x7fe", "abcde"),
        ("a\tb", "a\tb"),
        ("a\ud800b", "a\ufffdb"),
        ("e\u0301", "é"),
        ("a\r\x00\nb", "a\nb"),
        ("👩‍👩‍👧 \u200fשלום\u200e \u202bنص\u202c", "👩‍👩‍👧 \u200fשלום\u200e \u202bنص\u202c"),
    ],
)
def test_text_is_brought_to_its_normal_form(raw, normal):
    assert normalise(raw) == normal


@given(NASTY)
def test_the_normal_form_of_a_normal_form_is_itself(raw):
    assert normalise(normalise(raw)) == normalise(raw)


def test_the_hash_is_that_of_the_bytes_in_utf_8():
    assert sha256("é") == "4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c"


# Roles --------------------------------------------------------------------------------------


def _split(article: dict) -> tuple[str, list[tuple[int, str]]]:
    """The raw text of a case and the role of each of its lines."""
    raw, roles = [], []
    for number, line in enumerate(article["lines"], start=1):
        role, _, text = line.partition(": ")
        raw.append(text)
        if line:
            roles.append((number, role))
    return "\n".join(raw), roles


@pytest.mark.parametrize("article", CASES["articles"], ids=lambda article: article["name"])
def test_every_line_of_an_invented_article_gets_its_role(article):
    raw, roles = _split(article)
    assert [(line.number, line.role) for line in classify(raw)] == roles


@pytest.mark.parametrize("article", CASES["articles"], ids=lambda article: article["name"])
def test_an_invented_article_says_who_where_and_when(article):
    raw, _ = _split(article)
    found = metadata(classify(raw))
    day = article.get("published_on")
    assert found.title == article["title"]
    assert list(found.authors) == article.get("authors", [])
    assert list(found.translators) == article.get("translators", [])
    assert found.outlet == article.get("outlet")
    assert found.published_on == (date.fromisoformat(day) if day else None)


@pytest.mark.parametrize("article", CASES["articles"], ids=lambda article: article["name"])
def test_an_invented_article_has_its_passages(article):
    raw, _ = _split(article)
    text, slices = compose(classify(raw))
    body = [text[part.start : part.end] for part in slices if part.kind == "body"]
    assert len(body) == article["body"]
    assert body[0] == article.get("first_body", body[0])
    if "headings" in article:
        assert sum(part.kind == "heading" for part in slices) == article["headings"]


@pytest.mark.parametrize(("role", "line"), CASES["alone"])
def test_a_line_between_two_paragraphs_gets_its_role(role, line):
    paragraphs = [
        "The commission met in the old customs house on Monday, and its members took their seats.",
        "Nobody had expected an agreement. When the doors were opened, there was one, in full.",
        "Ships began to leave the harbour within the hour, and the crowd on the quay fell silent.",
        "It will be some time before anybody knows who won. Each of the parties says that it did.",
    ]
    raw = "\n\n".join(["The customs house agreement", *paragraphs[:2], line, *paragraphs[2:]])
    assert [(found.text, found.role) for found in classify(raw)] == [
        ("The customs house agreement", Role.TITLE),
        *((paragraph, Role.BODY) for paragraph in paragraphs[:2]),
        (line, Role(role)),
        *((paragraph, Role.BODY) for paragraph in paragraphs[2:]),
    ]


@given(NASTY)
def test_every_line_that_is_not_blank_is_there_as_it_stands(raw):
    expected = [
        (number, line)
        for number, line in enumerate(normalise(raw).split("\n"), start=1)
        if line.strip()
    ]
    assert [(line.number, line.text) for line in classify(raw)] == expected


# Facts --------------------------------------------------------------------------------------


def test_a_role_that_a_person_has_changed_changes_the_facts():
    lines = classify("Il Faro\n\nBridge closes\n\nBy Anna Holm\n\nNobody may cross. ")
    changed = [Line(lines[0].number, lines[0].text, Role.OUTLET), *lines[1:]]
    assert metadata(changed).outlet == "Il Faro"


# Passages -----------------------------------------------------------------------------------


def test_the_passages_are_the_kept_lines_parted_by_blank_lines():
    lines = [
        Line(1, "Menu", Role.BOILERPLATE),
        Line(2, "  Headline", Role.TITLE),
        Line(3, "By Anna Holm", Role.BYLINE),
        Line(5, "First.", Role.BODY),
        Line(7, "A section", Role.HEADING),
        Line(8, "Second 🐟. ", Role.BODY),
        Line(9, "Photo: X", Role.CAPTION),
        Line(10, "Second 🐟.", Role.DUPLICATE),
        Line(11, "She is a writer.", Role.BIO),
        Line(12, "First published in Y.", Role.PROVENANCE),
    ]
    text, slices = compose(lines)
    assert text == (
        "Headline\n\nFirst.\n\nA section\n\nSecond 🐟.\n\nPhoto: X\n\nShe is a writer.\n\n"
        "First published in Y."
    )
    assert slices == [
        Slice("title", 0, 8),
        Slice("body", 10, 16),
        Slice("heading", 18, 27),
        Slice("body", 29, 38),
        Slice("caption", 40, 48),
        Slice("bio", 50, 66),
        Slice("note", 68, 89),
    ]


@given(NASTY)
def test_passages_hold_all_that_is_kept_and_nothing_stands_between_them(raw):
    lines = classify(raw)
    text, slices = compose(lines)
    edge = 0
    for part in slices:
        assert edge <= part.start < part.end <= len(text)
        assert text[edge : part.start].strip() == ""
        assert text[part.start : part.end] == text[part.start : part.end].strip()
        edge = part.end
    assert edge == len(text)
    dropped = {Role.BYLINE, Role.DATELINE, Role.OUTLET, Role.DUPLICATE, Role.BOILERPLATE}
    kept = [line.text.strip() for line in lines if line.role not in dropped]
    assert " ".join(text.split()) == " ".join(" ".join(kept).split())
    assert normalise(text) == text
    metadata(lines)


@given(NASTY, st.data())
def test_any_change_of_roles_can_be_composed(raw, data):
    roles = st.sampled_from(list(Role))
    lines = [Line(line.number, line.text, data.draw(roles)) for line in classify(raw)]
    metadata(lines)
    text, slices = compose(lines)
    assert bool(text) == bool(slices)


# Speed --------------------------------------------------------------------------------------

PARAGRAPH = "The commission met again on Monday, number {}, and its members took their seats. " * 4
SLOW = {
    "article of 100 kB": "\n\n".join(PARAGRAPH.format(n, n, n, n) for n in range(310)),
    "run-on copy of 100 kB": "\n\n".join(
        [glue.join(PARAGRAPH.format(n, n, n, n) for n in range(310)) for glue in ("", "\n\n")]
    ),
    "one letter": "a" * 1_000_000,
    "white space": "a" + " " * 1_000_000 + "b",
    "brackets": "(" * 1_000_000,
    "bylines": "By Anna " * 125_000,
    "dates": "5 March " * 125_000,
    "combining marks": "a" + "\u0315\u0300" * 250_000,
    "near copies": "\n".join(["a" * 500_000, "a" * 250_000 + "b", "a" * 250_000 + "c"]),
    "short lines": "The end\n" * 12_500,
    "names": "Anna Holm\n" * 10_000,
    "bylines of many": "".join(
        f"By Anna Holm-{chr(65 + n % 26)}{'x' * (n % 99)}\n" for n in range(9_000)
    ),
    "buttons": "views 1 " * 20 + "!\n" + ("likes 1 likes 1 likes 1 likes 1 x\n" * 3_000),
}


@pytest.mark.parametrize("name", SLOW)
def test_time_grows_with_the_text_and_no_faster(name):
    started = time.process_time()
    lines = classify(SLOW[name])
    compose(lines)
    metadata(lines)
    # Ten times what a slow machine needs; a quadratic step would take minutes.
    assert time.process_time() - started < 10


# The real articles --------------------------------------------------------------------------


FACTS = (
    *("title", "authors", "translators", "outlet", "published_on"),
    *("body_passages", "headings"),
)


def _real() -> list[dict]:
    manifest = CORPUS / "manifest.json"
    return json.loads(manifest.read_text(encoding="utf-8")) if manifest.is_file() else []


@needs_corpus
@pytest.mark.parametrize("known", _real(), ids=lambda known: known["file"])
def test_a_real_article_is_read_as_a_person_reads_it(known):
    lines = classify(decode((CORPUS / known["file"]).read_bytes()))
    found = metadata(lines)
    _, slices = compose(lines)
    kinds = [part.kind for part in slices]
    assert {
        "lines": [{"line": line.number, "role": line.role.value} for line in lines],
        "title": found.title,
        "authors": list(found.authors),
        "translators": list(found.translators),
        "outlet": found.outlet,
        "published_on": found.published_on and found.published_on.isoformat(),
        "body_passages": kinds.count("body"),
        "headings": kinds.count("heading"),
    } == {
        "lines": [{"line": line["line"], "role": line["role"]} for line in known["lines"]],
        **{fact: known[fact] for fact in FACTS},
    }
