"""Annotations' words as they stand in their text."""

import pytest

from annotations import annotating
from annotations.content import Content
from annotations.excerpts import AROUND, Piece, around, pieces
from tests import factories

PARTS = [
    ("", (), ()),
    ("calm", (), (("calm", False),)),
    ("calm", ((0, 4),), (("calm", True),)),
    ("so calm 🐟.", ((3, 7), (8, 9)), (
        ("so ", False), ("calm", True), (" ", False), ("🐟", True), (".", False),
    )),
    ("calm sea", ((0, 4), (4, 8)), (("calm", True), (" sea", True))),
]  # fmt: skip


@pytest.mark.parametrize(("text", "spans", "expected"), PARTS)
def test_a_text_is_cut_where_marks_begin_and_end(text, spans, expected):
    assert pieces(text, spans) == tuple(Piece(*piece) for piece in expected)


def test_words_are_shown_in_their_paragraph_and_cut_at_words(db):
    long = "word " * 60
    text = f"{long}here 🐟 ends{' word' * 60}.\n\nShort and calm.\n\nThe last."
    article = factories.plain_article(factories.ProjectFactory(), text)
    analyst, revision = factories.member(article.project), article.revisions.get()

    def marked(*words: str):
        factories.assigned(article, analyst)
        places = [(revision.text.index(word), word) for word in words]
        spans = tuple((start, start + len(word), None) for start, word in places)
        content = Content("claim", spans)
        return annotating.create(by=analyst, revision=revision, content=content)[0].pk

    wide, short, two = marked("here 🐟 ends"), marked("calm"), marked("Short", "last")
    found = around([wide, short, two])
    before, own, after = found[wide]
    assert (own, before.words[:7], after.words[-7:]) == (
        Piece("here 🐟 ends", marked=True), "… word ", " word …",
    )  # fmt: skip
    assert AROUND - 10 < len(before.words) <= AROUND + 2
    assert found[short] == (Piece("Short and "), Piece("calm", marked=True), Piece("."))
    assert found[two] == (
        Piece("Short", marked=True), Piece(" and calm.\n\nThe "), Piece("last", marked=True),
        Piece("."),
    )  # fmt: skip


def test_many_cost_as_much_as_one(db, django_assert_num_queries):
    project = factories.ProjectFactory()
    article, analyst = factories.article(project), factories.member(project)
    ids = [factories.claim(article, analyst, start, start + 5).pk for start in (0, 20, 40)]
    for wanted in (ids[:1], ids):
        with django_assert_num_queries(2):
            assert around(wanted).keys() == set(wanted)
