"""What the columns of a table are called, and what its rows say."""

from datetime import date

import pytest

from corpus_app.reading import Unreadable
from corpus_app.reading.columns import columns_key, propose_layout, read_day, row_values
from corpus_app.reading.rows import read, row_bytes, row_of


@pytest.mark.parametrize(
    ("columns", "layout"),
    [
        ("Headline Body Date Source Link", "title text published_on outlet url"),
        ("Titel Volltext Datum Autor Zeitung URL", "title text published_on authors outlet url"),
        ("Titre Texte Auteur(s) Lien Langue", "title text authors url language"),
        ("Título Texto Fecha Autora Fuente", "title text published_on authors outlet"),
        ("заголовок текст дата источник", "title text published_on outlet"),
        ("标题 正文 日期 来源 作者", "title text published_on outlet authors"),
        ("العنوان النص التاريخ المصدر", "title text published_on outlet"),
        ("article_title article_text pubDate media", "title text published_on outlet"),
        ("Headlien Contents Publised Newpaper", "title text published_on outlet"),
        ("TITLE FullText Byline LICENCE", "title text authors rights"),
    ],
)
def test_columns_are_known_by_name_in_many_languages_and_with_slips(columns, layout):
    assert propose_layout(columns.split()) == dict(
        zip(layout.split(), columns.split(), strict=True)
    )


@pytest.mark.parametrize(
    ("columns", "layout"),
    [
        (["subtitle", "title"], {"title": "title"}),
        (["context", "text"], {"text": "text"}),
        (["authority", "authors"], {"authors": "authors"}),
        (
            ["publication", "publication date"],
            {"published_on": "publication date", "outlet": "publication"},
        ),
        (["text", "body"], {"text": "text"}),
        (["a", "b", "c"], {}),
        (["", "  ", "—"], {}),
        ([], {}),
    ],
)
def test_a_column_that_only_looks_like_a_field_is_not_taken(columns, layout):
    assert propose_layout(columns) == layout


def test_tables_are_alike_whose_columns_have_the_same_names():
    assert columns_key(["a", "b"]) == columns_key(["b", "a"])
    assert columns_key(["a", "b"]) != columns_key(["a,b"])


@pytest.mark.parametrize(
    "cell",
    [
        "2024-03-05", "2024-03-05T10:00:00Z", "20240305", "2024/03/05", "5.3.2024", "5 March 2024",
        "March 5, 2024", "Tue, 05 Mar 2024 10:00:00 GMT", "Le 5 mars 2024", "2024年3月5日",
    ],
)  # fmt: skip
def test_a_day_is_read_in_any_notation(cell):
    assert read_day(cell) == date(2024, 3, 5)


@pytest.mark.parametrize(
    "cell", ["", "x", "05/03/2024", "2024", "March 2024", "31.2.2024", "9" * 500]
)
def test_what_names_no_day_or_two_is_none(cell):
    assert read_day(cell) is None


def test_a_row_gives_what_fits_and_tells_what_does_not():
    layout = {
        "text": "t", "title": "h", "authors": "a", "published_on": "d", "language": "l", "url": "u",
    }  # fmt: skip
    row = {
        "t": "Text", "h": "A\n title\x00", "a": "Quill, Ada; Ben Okri", "d": "05/03/2024",
        "l": "pt_BR", "u": "javascript:alert(1)", "other": "x",
    }  # fmt: skip
    values = row_values(row, layout)
    assert values.fields == {
        "title": "A title", "authors": ("Quill, Ada", "Ben Okri"), "language": "pt-BR"
    }  # fmt: skip
    assert ["05/03/2024" in values.remarks[0], "javascript" in values.remarks[1]] == [True, True]
    assert len(values.remarks) == 2


def test_a_row_reads_itself_and_is_the_same_in_any_order_of_its_columns():
    layout = {"text": "Body", "title": "Head"}
    data = row_bytes({"Head": "Calm  again", "Body": " All is calm. ", "X": "\ud800"}, layout)
    assert data == row_bytes(
        {"X": "\ufffd", "Body": " All is calm. ", "Head": "Calm  again"}, layout
    )
    assert row_of(data)["Head"] == "Calm  again"
    document = read("news.csv, row 2", data)
    assert (document.text, document.roles) == ("Calm again\n\nAll is calm.", {1: "title"})
    untitled = row_bytes({"Body": "All is calm."}, {"text": "Body"})
    assert (read("x", untitled).text, read("x", untitled).roles) == ("All is calm.", {})


@pytest.mark.parametrize(
    "data", [b"", b"[]", b'{"row": 1}', b'{"row": {"a": 5}, "text": "a"}', b"\xff"]
)
def test_a_damaged_row_is_unreadable(data):
    with pytest.raises(Unreadable):
        read("x", data)
