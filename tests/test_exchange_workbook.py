"""The Excel workbook: what other programs find in it, and what comes back from it."""

import io
from dataclasses import replace

import openpyxl
import pandas
import pytest
import xlsxwriter
from openpyxl.utils.escape import unescape

from annotations.exchange.formats import FORMATS
from annotations.exchange.neutral import ReadError, Refusal, Remark
from annotations.exchange.packed import unzipped, zipped
from annotations.exchange.tables import workbook
from tests import parcels

SHEETS = [
    "annotations", "codings", "articles", "facets", "tags", "wordings", "actors", "comments",
    "continued", "about",
]  # fmt: skip


def with_note(note: str):
    """The hard parcel, in which every annotation has this note."""
    parcel = parcels.hard()

    def annotated(passages: bool = False):
        for article, annotations in parcel.annotated(passages=passages):
            yield article, [one._replace(note=note) for one in annotations]

    return replace(parcel, annotated=annotated)


def cells_of(data: bytes) -> dict[str, list[list]]:
    """All cells of each sheet, as openpyxl reads them."""
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    return {
        sheet.title: [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]
        for sheet in book.worksheets
    }


def table_of(data: bytes, sheet: str = "annotations") -> pandas.DataFrame:
    how = {"engine": "openpyxl", "dtype": str, "na_filter": False}
    found = pandas.read_excel(io.BytesIO(data), sheet_name=sheet, **how)
    return found.map(unescape)


def test_a_parcel_comes_back_but_for_what_the_format_loses():
    before, after = parcels.round_trip("xlsx")
    assert after == before


def test_the_workbook_says_itself_what_is_not_in_it():
    assert frozenset(workbook.LEFT_OUT) == FORMATS["xlsx"].loses
    about = dict(cells_of(parcels.written("xlsx"))["about"])
    assert about["not in here"] == "; ".join(workbook.LEFT_OUT)
    assert (about["rows of annotations"], about["rows of codings"]) == (11, 16)


def test_the_same_parcel_makes_the_same_bytes():
    assert parcels.written("xlsx") == parcels.written("xlsx")


def test_openpyxl_and_pandas_find_the_same_counts_offsets_and_quotes():
    data = parcels.written("xlsx")
    assert list(cells_of(data)) == SHEETS
    assert [len(rows) - 1 for rows in cells_of(data).values()][:9] == [11, 16, 3, 3, 8, 1, 5, 3, 0]
    texts = {r.sha256: r.text for article in parcels.hard().articles() for r in article.revisions}
    annotations = {
        one.id: one for _, found in parcels.hard().annotated() for one in found
    }  # fmt: skip
    table = table_of(data)
    assert len(table) == len(annotations)
    for row in table.itertuples():
        spans = [tuple(map(int, pair.split("-"))) for pair in row.spans.split("|")]
        assert spans == [(s.start, s.end) for s in annotations[row.id].spans]
        text = texts[row.text_sha256]
        assert row.quote == " … ".join(text[start:end] for start, end in spans)
        assert text[int(row.start) : int(row.end)].startswith(annotations[row.id].spans[0].quote)


def test_pandas_finds_in_the_csv_what_it_finds_in_the_workbook():
    how = {"dtype": str, "na_filter": False, "keep_default_na": False}
    table = pandas.read_csv(io.BytesIO(parcels.written("csv")), **how)
    table = table.map(lambda cell: cell[1:] if cell[:2] in ("'=", "'@") else cell)
    sheet = table_of(parcels.written("xlsx")).drop(columns="before_merger")
    assert table.to_dict("list") == sheet.to_dict("list")


def test_nothing_is_a_formula_or_a_link():
    book = openpyxl.load_workbook(io.BytesIO(parcels.written("xlsx")))
    for sheet in book.worksheets:
        kinds = {cell.data_type for row in sheet.iter_rows() for cell in row}
        assert kinds <= {"s", "n", "inlineStr"}
        assert [cell for row in sheet.iter_rows() for cell in row if cell.hyperlink] == []


@pytest.mark.parametrize(
    "note",
    [
        "x" * 32_767,
        "x" * 32_768,
        "👩‍🚒" * 40_000,
        "\x01\x0b\x1f\r\n\t",
        "_x0041_ _x000D_",
        "_x005F_x000D_",
        "_x0041_x0042_x0043_",
        " \n ",
        "=1+1",
        "https://example.org/" + "a" * 3000,
    ],
    ids=range(10),
)
def test_what_excel_has_no_cell_for_comes_back_all_the_same(note):
    before, after = parcels.round_trip("xlsx", with_note(note))
    assert after == before


def test_a_character_that_xml_cannot_have_is_replaced_and_counted():
    data = parcels.written("xlsx", with_note("a\uffffb"))
    assert {row.note for row in table_of(data).itertuples()} == {"a\ufffdb"}
    assert cells_of(data)["about"][-1][1] == 11


def test_rows_go_on_in_another_sheet_where_one_is_full(monkeypatch):
    monkeypatch.setattr(workbook, "MOST_ROWS", 5)
    data = parcels.written("xlsx")
    names = [name for name in cells_of(data) if name.startswith("annotations")]
    assert names == ["annotations", "annotations 2", "annotations 3"]
    before, after = parcels.round_trip("xlsx")
    assert after == before


def rewritten(change) -> bytes:
    """The workbook after `change` was made to its cells in another program."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        for name, rows in change(cells_of(parcels.written("xlsx"))).items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    plain = unescape(cell) if isinstance(cell, str) else cell
                    write = sheet.write_string if isinstance(cell, str) else sheet.write_number
                    write(number, column, plain)
    return file.getvalue()


def sorted_by_the_last_column(sheets):
    for name, (head, *rows) in sheets.items():
        columns = range(len(head) - 1, -1, -1)
        turned = [[row[at] for at in columns] for row in sorted(rows, key=lambda row: str(row[-2]))]
        sheets[name] = [[head[at] for at in columns], *turned]
    return sheets


def in_one_sheet(sheets):
    """As a CSV table is that was opened in Excel and saved as a workbook."""
    head, *rows = (row[:-1] for row in sheets["annotations"])
    return {
        "strait": [head, *([f"'{c}" if str(c)[:1] in ("=", "@") else c for c in r] for r in rows)]
    }


def test_a_workbook_in_another_order_is_read_all_the_same():
    loses = FORMATS["xlsx"].loses
    rows = parcels.read("xlsx", rewritten(sorted_by_the_last_column))
    expected = parcels.forgotten(parcels.hard(), loses)
    assert parcels.forgotten(parcels.collected(rows), loses) == expected


def test_a_workbook_that_another_program_saved_again_is_read_all_the_same():
    file, loses = io.BytesIO(), FORMATS["xlsx"].loses
    openpyxl.load_workbook(io.BytesIO(parcels.written("xlsx"))).save(file)
    rows = parcels.read("xlsx", file.getvalue())
    expected = parcels.forgotten(parcels.hard(), loses)
    assert parcels.forgotten(parcels.collected(rows), loses) == expected


def test_a_csv_table_that_was_saved_as_a_workbook_is_read_all_the_same():
    found = [row.what for row in parcels.read("xlsx", rewritten(in_one_sheet))]
    expected = [row.what for row in parcels.read("csv", parcels.written("csv"))]
    assert found == expected


def test_rows_that_cannot_be_read_are_refused_by_sheet_line_and_reason():
    def spoilt(sheets):
        sheets["annotations"][1][HEAD.index("kind")] = "rumour"
        sheets["facets"][2][3] = "several"
        sheets["wordings"][1][1] = "first"
        sheets["actors"][2][5] = "Q42"
        return sheets

    HEAD = cells_of(parcels.written("xlsx"))["annotations"][0]
    rows = parcels.read("xlsx", rewritten(spoilt))
    assert [row for row in rows if isinstance(row.what, Refusal | Remark)] == [
        (3, ("sheet facets: choose: “several” is none of any, one",)),
        (2, ("sheet wordings: number: “first” is no whole number",)),
        (3, ("sheet actors: “Q42” does not say whose id it is. Write it like wikidata:Q159.",)),
        (2, ("kind: “rumour” is none of mention, claim",)),
    ]


def far_apart() -> bytes:
    """Two cells, the first and the last that Excel knows of."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_string(0, 0, "kind")
        sheet.write_string(1_048_575, 16_383, "end")
    return file.getvalue()


def damaged(at: int, by: bytes) -> bytes:
    """The workbook with other bytes in the middle of what is packed."""
    data = parcels.written("xlsx")
    return data[:at] + by + data[at + len(by) :]


def with_sheet(old: bytes, new: bytes) -> bytes:
    """The workbook with something else in the XML of its first sheet."""
    files = dict(unzipped(io.BytesIO(parcels.written("xlsx"))))
    files["xl/worksheets/sheet1.xml"] = files["xl/worksheets/sheet1.xml"].replace(old, new)
    return b"".join(zipped((name, [data]) for name, data in files.items()))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no workbook that can be read. It is damaged"),
        (damaged(300, b"\x00" * 40), "no workbook that can be read. It is damaged"),
        (with_sheet(b"<is>", b"<iz>"), "Sheet “annotations”: "),
        (with_sheet(b"mention", b"men\xfftion"), "Sheet “annotations”: .*cannot decode"),
        (with_sheet(b"quote", b"words"), "Sheet “annotations”: .* lacks quote"),
        (far_apart(), "Sheet “Sheet1”: .* more memory"),
        (with_sheet(b'r="A2"', b'r="&#65;9999999"'), "Sheet “annotations”: "),
        (with_sheet(b'r="A2"', b'r="ZZZZZZ99999999999"'), "Sheet “annotations”: "),
        (with_sheet(b"<sheetData>", b"<!DOCTYPE a [<!ENTITY b 'c'>]><sheetData>"), "entities"),
        (b"".join(zipped([("xl/workbook.xml", [b"<workbook"])])), "no workbook that can be read"),
        (b"".join(zipped([("a.txt", [b"x"])])), "no workbook that can be read"),
        (
            b"PK\x03\x04" + b"\x00" * 60,
            "no workbook that can be read.* any length comes in as CSV, and a whole project",
        ),
        (parcels.written("xlsx")[:-900], "no workbook that can be read"),
        (rewritten(lambda sheets: {"a": [["kind", "start"]]}), "Sheet “a”: .* lacks end, quote"),
        (rewritten(lambda sheets: {"a": []}), "Sheet “a”: There is nothing in it"),
    ],
    ids=range(15),
)
def test_a_file_that_is_no_such_workbook_is_refused(data, reason):
    with pytest.raises(ReadError, match=reason):
        parcels.read("xlsx", data)
