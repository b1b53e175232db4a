"""MARDY: documents in the published shape, made up here."""

import io
import json
import zipfile
from collections import Counter

import pytest

from annotations.exchange.labelling import mardy
from annotations.exchange.neutral import AnnotationRecord, ReadError, Refusal, Remark

TEXT = "👩‍🚒 Rat tagt.\n\nBerta Beispiel (ÄBC) will mehr Brücken bauen. Der Rat lehnt das ab."
QUOTE = "will mehr Brücken bauen"


def claim(**values) -> dict:
    start = TEXT.index(QUOTE)
    usual = {
        "quote": QUOTE, "begin": start, "end": start + len(QUOTE), "cdate": "20190401",
        "actorvalues": ["30", "per_Berta Beispiel", "org_ÄBC"], "claims": ["100", "101"],
        "cpos": "1",
    }  # fmt: skip
    return usual | values


def document(*claims, text: str = TEXT) -> dict:
    return {"text": text, "claims": list(claims), "entities": [], "sentences": [], "tokens": []}


def rows_of(told) -> list:
    return [row.what for row in mardy.read(io.BytesIO(json.dumps(told).encode()))]


def reasons(rows, kind) -> list[str]:
    return [row.reason for row in rows if isinstance(row, kind)]


def the_claim(rows) -> AnnotationRecord:
    (found,) = [row for row in rows if isinstance(row, AnnotationRecord)]
    return found


def test_a_claim_has_its_actors_its_categories_and_its_polarity():
    rows = rows_of(document(claim()))
    found = the_claim(rows)
    assert [type(row).__name__ for row in rows] == [
        "FacetRecord", "TagRecord", "TagRecord", "ActorRecord", "ActorRecord", "ArticleRecord",
        "AnnotationRecord",
    ]  # fmt: skip
    assert [(row.name, row.kind) for row in rows[3:5]] == [
        ("Berta Beispiel", "person"), ("ÄBC", "other"),
    ]  # fmt: skip
    assert [(span.quote, TEXT[span.start : span.end]) for span in found.spans] == [(QUOTE, QUOTE)]
    assert found.names("claimant") == ["Berta Beispiel", "ÄBC"]
    assert [(c.slug, c.stance) for c in found.codings] == [
        ("mardy-100", "support"), ("mardy-101", "support"),
    ]  # fmt: skip
    assert found.note == "Kind of actor: 30\nDate: 20190401"


@pytest.mark.parametrize(
    ("polarity", "stance"),
    [("1", "support"), ("-1", "oppose"), ("0", "neutral"), ("", ""), (1, "support")],
)
def test_polarity_is_the_stance(polarity, stance):
    found = the_claim(rows_of(document(claim(cpos=polarity))))
    assert {code.stance for code in found.codings} == {stance}


def test_in_a_scrambled_text_the_shape_of_the_quote_is_enough():
    scrambled = TEXT.replace(QUOTE, "xyzw abcd Qwörzui lmnop")
    rows = rows_of(document(claim(), text=scrambled))
    found = the_claim(rows)
    assert found.spans[0].quote == "xyzw abcd Qwörzui lmnop"
    assert f"Quote: {QUOTE}" in found.note
    assert reasons(rows, Remark) == [
        "The document, claim 1: the text is scrambled there; the note has the quote."
    ]


def test_a_claim_that_says_the_wrong_place_is_found_by_its_quote():
    rows = rows_of(document(claim(begin=0, end=20)))
    assert the_claim(rows).spans[0].quote == QUOTE
    assert len(reasons(rows, Remark)) == 1


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (5, "it is no object"), ({}, "it has no quote"), (claim(quote=None), "it has no quote"),
        (claim(end=999), "it leaves the text"), (claim(begin="1"), "whole numbers"),
        (claim(begin=5, end=5), "it is empty"), (claim(quote="not there", begin=0), "is not in"),
        (claim(claims="100"), "“claims” is no list"), (claim(actorvalues=[1]), "“actorvalues”"),
    ],
)  # fmt: skip
def test_a_claim_that_is_none_is_refused_and_the_others_stay(wrong, reason):
    rows = rows_of(document(claim(), wrong))
    (refused,) = reasons(rows, Refusal)
    assert refused.startswith("The document, claim 2: ")
    assert reason in refused
    assert the_claim(rows).spans[0].quote == QUOTE


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"{}", b'{"text": 1, "claims": []}', b'{"text": "a"}', b"PK\x03\x04 broken"],
)
def test_what_is_no_such_document_is_refused(data):
    with pytest.raises(ReadError):
        list(mardy.read(io.BytesIO(data)))


def test_an_archive_has_many_and_tells_tags_and_actors_once():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as opened:
        opened.writestr("train/1.json", json.dumps(document(claim(), claim(claims=["200"]))))
        opened.writestr("test/2.JSON", json.dumps(document(claim(), text=f"{TEXT} Ende.")))
        opened.writestr("test/3.json", "[")
        opened.writestr("codebook.pdf", b"%PDF")
    rows = list(mardy.read(io.BytesIO(packed.getvalue())))
    assert Counter(type(row.what).__name__ for row in rows) == {
        "FacetRecord": 1, "TagRecord": 3, "ActorRecord": 2, "ArticleRecord": 2,
        "AnnotationRecord": 3, "Refusal": 1,
    }  # fmt: skip
    with zipfile.ZipFile(packed := io.BytesIO(), "w") as opened:
        opened.writestr("codebook.pdf", b"%PDF")
    with pytest.raises(ReadError, match=r"no \.json"):
        list(mardy.read(io.BytesIO(packed.getvalue())))
