"""Tables: their columns, and their rows as text, whichever program made them."""

import io

import odfdo
import pytest

from corpus_app.reading import Readers, Unreadable
from tests.reading import xlsx_of

HEAD = ["Title", "Text", "Date"]
ROWS = [["Calm", "A text;\nin two lines", "2024-03-05"], ["Storm", "“Größe”", ""]]


@pytest.fixture(scope="module")
def readers():
    with Readers() as readers:
        yield readers


def ods_of(rows) -> bytes:
    """An OpenDocument spreadsheet."""
    document, made = odfdo.Document("spreadsheet"), io.BytesIO()
    document.body.clear()
    table = odfdo.Table("Articles")
    for cells in rows:
        table.append(odfdo.Row())
        for place, cell in enumerate(cells):
            table.set_value((place, table.height - 1), cell)
    document.body.append(table)
    document.save(made)
    return made.getvalue()


def csv_of(delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    lines = [delimiter.join(f'"{cell}"' for cell in cells) for cells in [HEAD, *ROWS]]
    return "\r\n".join(lines).encode(encoding)


JSON = (
    b'{"Title": "Calm", "Text": "A text;\\nin two lines", "Date": "2024-03-05"}\n\n'
    b'{"Title": "Storm", "Text": "\\u201cGr\\u00f6\\u00dfe\\u201d", "Date": null}\n'
)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", csv_of()),
        ("a.csv", csv_of(";")),
        ("a.tsv", csv_of("\t")),
        ("a.csv", csv_of("|", "utf-16")),
        ("a.csv", csv_of(";", "cp1252")),
        ("a.csv", csv_of(",", "utf-8-sig")),
        ("a.xlsx", xlsx_of([HEAD, *ROWS])),
        ("a.xlsx", xlsx_of([["", ""], HEAD, *ROWS])),
        ("a.ods", ods_of([HEAD, *ROWS])),
        ("a.jsonl", JSON),
    ],
)
def test_every_format_gives_the_same_rows(readers, name, data):
    table = readers.table(name, data)
    assert (table.columns, list(table.rows)) == (
        HEAD,
        [dict(zip(HEAD, row, strict=True)) for row in ROWS],
    )


def test_numbers_days_and_lists_are_shown_as_a_person_would_write_them(readers):
    table = readers.table("a.xlsx", xlsx_of([["a", "b"], [2024.0, 0.5]]))
    assert list(table.rows) == [{"a": "2024", "b": "0.5"}]
    data = b'{"a": ["Ada Quill", "Ben Okri"], "b": {"c": 1}, "d": true, "e": 5}\n'
    assert list(readers.table("a.jsonl", data).rows) == [
        {"a": "Ada Quill; Ben Okri", "b": '{"c": 1}', "d": "True", "e": "5"}
    ]


def test_columns_without_a_name_or_with_the_same_are_told_apart(readers):
    table = readers.table("a.csv", b"Text,,Text\n1,2,3\n")
    assert table.columns == ["Text", "Column 2", "Text (2)"]


def test_short_rows_are_filled_long_ones_cut_and_empty_ones_at_the_end_are_none(readers):
    table = readers.table("a.csv", b"a,b\n1\n1,2,3\n,\n4,5\n,\n\n")
    assert list(table.rows) == [
        {"a": "1", "b": ""},
        {"a": "1", "b": "2"},
        {"a": "", "b": ""},
        {"a": "4", "b": "5"},
    ]


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.csv", b"", "empty"),
        ("a.csv", b" \n,,\n", "empty"),
        ("a.xlsx", xlsx_of([]), "empty"),
        ("a.jsonl", b'{"a": 1}\nnot json\n', "Line 2"),
        ("a.jsonl", b'{"a": 1}\n[1]\n', "Line 2"),
        ("a.xlsx", xlsx_of([["a"]])[:300], "damaged"),
    ],
)
def test_what_is_no_table_is_refused_with_the_reason(readers, name, data, says):
    with pytest.raises(Unreadable, match=says):
        list(readers.table(name, data).rows)


def test_rows_come_while_they_are_asked_for(readers):
    data = b"Number,Text\n" + b"".join(b"%d,%s\n" % (n, b"word " * 200) for n in range(10_000))
    table = readers.table("a.csv", data)
    assert next(table.rows)["Number"] == "0"
    assert sum(1 for _ in table.rows) == 9_999
    assert readers._busy == []
