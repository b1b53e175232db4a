"""CSV, a row per annotation or per coding: written, changed in a spreadsheet, and read again."""

import csv
import io

import pytest

from annotations.exchange.neutral import AnnotationRecord, ReadError, Refusal, Remark
from annotations.models import Annotation
from corpus_app.spreadsheet import guarded, unguarded
from tests import exchange, parcels

BOTH = pytest.mark.parametrize("format", ["csv", "csv-codings"])


def rows_of(format: str = "csv") -> list[dict[str, str]]:
    text = parcels.written(format).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def saved(rows: list[dict[str, str]], columns=None, encoding="utf-8", **how) -> bytes:
    """The rows as somebody's program saves them."""
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, columns or list(rows[0]), extrasaction="ignore", **how)
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode(encoding)


def annotations_in(data: bytes, format: str = "csv") -> list[AnnotationRecord]:
    """The annotations, whose tags come in the order of the columns, as their names have it."""
    told = [row.what for row in parcels.read(format, data)]
    assert [what for what in told if isinstance(what, Refusal | Remark)] == []
    found = (what for what in told if isinstance(what, AnnotationRecord))
    return [one._replace(codings=sorted(one.codings)) for one in found]


@BOTH
def test_a_parcel_comes_back_but_for_what_the_format_loses(format):
    before, after = parcels.round_trip(format)
    assert after == before


def test_a_claim_is_one_row_with_everything_about_it():
    [claim] = [row for row in rows_of() if row["id"] == parcels.annotation_id(3)]
    [sea, *_] = parcels.hard().articles()
    spans = "|".join(
        f"{parcels.SEA.index(quote)}-{parcels.SEA.index(quote) + len(quote)}"
        for quote in ("The 👩‍🚒", "x̂ is café", "second paragraph, 🇩🇪")
    )
    first, *_, last = (pair.split("-") for pair in spans.split("|"))
    assert claim == {
        "id": parcels.annotation_id(3),
        "article": sea.id,
        "outlet": "Strait & Post",
        "title": "The <sea> & “calm”",
        "published_on": "2024-03-14",
        "kind": "claim",
        "layer": "analyst",
        "state": "complete",
        "author": "ada",
        "start": first[0],
        "end": last[1],
        "spans": spans,
        "quote": "The 👩‍🚒 … x̂ is café … second paragraph, 🇩🇪",
        "named": "",
        "meant": "",
        "claimants": "'=Office|@author",
        "targets": "Union",
        "voice": "'@outlet:distances|Union|=Office:endorses",
        "facet.type": "norm",
        "facet.proposition": "calm:oppose|ebb:neutral",
        "facet.tone": "",
        "attribution": "quoted",
        "certainty": "low",
        "note": parcels.NASTY,
        "flagged": "yes",
        "links": f"contradicts:{parcels.annotation_id(4)}|restates:{parcels.annotation_id(8)}",
        "origin": "suggestion",
        "version": "4",
        "created": "2024-03-14T12:26:53.589796+00:00",
        "updated": "2024-03-23T09:26:53.589793+00:00",
        "tool": "'=tool",
        "tool_version": "1.0 <rc>",
        "revision": "1",
        "text_sha256": sea.newest.sha256,
        "raw_sha256": sea.raw_sha256,
        "authors": "Ada Quill|Bo “B.” Lee",
        "translators": "Cy",
        "language": "en-GB",
        "url": "https://example.org/1?a=b&c=d",
        "story": "The calm, “again”",
        "rights": "With\nleave | of all",
        "definitions": "norm:1|calm:1|ebb:1",
    }


def test_each_coding_is_a_row_and_what_has_none_has_one_too():
    told = [(r["id"][-2:], r["facet"], r["tag"], r["label"], r["stance"], r["definition"])
            for r in rows_of("csv-codings")]  # fmt: skip
    assert told == [
        ("01", "", "", "", "", ""),
        ("02", "", "", "", "", ""),
        ("03", "type", "norm", "A “norm”", "", "1"),
        ("03", "proposition", "calm", "The strait is calm", "oppose", "1"),
        ("03", "proposition", "ebb", "Ebb", "neutral", "1"),
        ("04", "type", "fact", "Fact", "", "1"),
        ("05", "type", "norm", "A “norm”", "", "2"),
        ("05", "tone", "grave", "Grave", "", "1"),
        ("06", "type", "fact", "Fact", "", "1"),
        ("07", "type", "fact", "Fact", "", "1"),
        ("07", "proposition", "calm", "The strait is calm", "", "1"),
        ("09", "", "", "", "", ""),
        ("08", "type", "fact", "Fact", "", "1"),
        ("08", "proposition", "calm", "The strait is calm", "unclear", "1"),
        ("10", "type", "was", "Was", "", "1"),
        ("11", "", "", "", "", ""),
    ]


@BOTH
def test_every_offset_counts_code_points_of_the_text_that_the_row_names(format):
    texts = {r.sha256: r.text for article in parcels.hard().articles() for r in article.revisions}
    found = annotations_in(parcels.written(format), format)
    assert len(found) == 11
    for one in found:
        text = texts[one.revision.rpartition("/")[2]]
        assert [text[start:end] for start, end, _ in one.spans] == [q for *_, q in one.spans]


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_no_cell_begins_a_formula(begin):
    assert guarded(f"{begin}cmd|' /C calc'!A0") == f"'{begin}cmd|' /C calc'!A0"
    for row in rows_of() + rows_of("csv-codings"):
        assert [cell for cell in row.values() if cell and cell[0] == begin] == []


def as_in_a_german_excel(rows):
    """Days and numbers in its own notation, and a stretch that it takes for a day."""
    for row in rows:
        year, month, day = row["published_on"].split("-") if row["published_on"] else [""] * 3
        row["published_on"] = f"{day}.{month}.{year}" if day else ""
        row["spans"] = row["spans"] if "|" in row["spans"] else "03. Jun"
        row |= {name: f"{row[name]},0" for name in ("start", "end", "version", "revision")}
    return rows


CHANGED = {
    "semicolons": lambda rows: saved(rows, delimiter=";"),
    "tabs in UTF-16": lambda rows: saved(rows, delimiter="\t", encoding="utf-16"),
    "a byte order mark": lambda rows: saved(rows, encoding="utf-8-sig"),
    "a separator's line": lambda rows: b"sep=;\r\n" + saved(rows, delimiter=";"),
    "every cell quoted": lambda rows: saved(rows, quoting=csv.QUOTE_ALL, lineterminator="\n"),
    "columns turned round": lambda rows: saved(rows, list(reversed(rows[0]))),
    "blank lines": lambda rows: saved(rows).replace(b"\r\n00000000", b"\r\n\r\n,,,\r\n00000000"),
    "no apostrophes": lambda rows: saved(
        [{name: unguarded(cell) for name, cell in row.items()} for row in rows]
    ),
    "a German Excel": lambda rows: saved(as_in_a_german_excel(rows), delimiter=";"),
}


@BOTH
@pytest.mark.parametrize("change", CHANGED)
def test_a_table_that_a_spreadsheet_saved_again_is_read_all_the_same(format, change):
    before = annotations_in(parcels.written(format), format)
    data = CHANGED[change](rows_of(format))
    assert annotations_in(data, format) == before


def test_rows_in_another_order_are_read_all_the_same():
    for format in ("csv", "csv-codings"):
        data = saved(sorted(rows_of(format), key=lambda row: row["text_sha256"] + row["note"]))
        rows = parcels.read(format, data)
        loses = parcels.FORMATS[format].loses
        before = parcels.forgotten(parcels.hard(), loses)
        assert parcels.forgotten(parcels.collected(rows), loses) == before


def test_a_table_in_an_encoding_that_it_does_not_name_is_read_by_a_good_guess():
    rows = [row for row in rows_of() if row["id"] == parcels.annotation_id(2)]
    rows[0] |= {"title": "The sea – a “calm” café", "note": "Près du quai d’Orsay, très tôt."}
    [found] = annotations_in(saved(rows, encoding="cp1252"))
    assert found.note == "Près du quai d’Orsay, très tôt."


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"start": "x"}, "start: “x” is no whole number"),
        ({"end": "5,000"}, "end: “5,000” is no whole number"),
        ({"quote": "The Quai"}, None),
        ({"quote": "The"}, "quote: it is not as long as its spans say"),
        ({"end": "3"}, "quote: it is not as long as its spans say"),
        ({"spans": "0-3|x"}, "spans: “x” is no whole number"),
        ({"spans": "0-3|8-9"}, "quote: it is not as long as its spans say"),
        ({"kind": "rumour"}, "kind: “rumour” is none of mention, claim"),
        ({"layer": "base"}, "layer: “base” is none of analyst, gold"),
        ({"certainty": "100 %"}, "certainty: “100 %” is none of nothing, high, medium, low"),
        ({"flagged": "perhaps"}, "flagged: “perhaps” is neither yes nor no"),
        ({"links": "likes:x"}, "links: “likes” is none of restates, supports, contradicts, "
                               "qualifies"),
        ({"facet.type": "fact:maybe"}, "stance: “maybe” is none of nothing, support, oppose, "
                                       "neutral, unclear"),
        ({"facet.type": "a:b:c"}, "“a:b:c” has too many colons; write \\: for one in a name"),
        ({"text_sha256": " "}, "text_sha256: it does not say which text it is on"),
        ({"revision": "first"}, "revision: “first” is no whole number"),
        ({"version": "first"}, "version: “first” is no whole number"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_read_is_refused_by_line_and_reason(change, reason):
    rows = rows_of()
    rows[1] |= change
    found = parcels.read("csv", saved(rows))
    refused = [row for row in found if isinstance(row.what, Refusal)]
    assert refused == ([(3, (reason,))] if reason else [])
    kept = [row.what for row in found if isinstance(row.what, AnnotationRecord)]
    assert len(kept) == len(rows) - len(refused)


def test_a_row_with_more_cells_than_columns_is_refused():
    data = parcels.written("csv").rstrip() + b",one more\r\n"
    [*_, last] = parcels.read("csv", data)
    assert last.what == Refusal(
        "it has more cells than there are columns; a quotation mark may be missing"
    )


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "There is nothing in it"),
        (b"\n\n", "There is nothing in it"),
        (b"\x00\x01\x02", "lacks end"),
        (b'{"is": "header"}', "lacks end, kind, quote, start, text_sha256"),
        (b"kind,start,end,quote\n", "lacks text_sha256"),
        (b"kind,start,end,quote,text_sha256,kind\n", "Two of its columns are called kind"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused(data, reason):
    with pytest.raises(ReadError, match=reason):
        parcels.read("csv", data)


def test_a_new_row_needs_no_id_and_columns_of_ones_own_are_named():
    rows = rows_of()[:2]
    rows[0] = {**rows[0], "id": "", "my column": "x"}
    rows[1]["my column"] = ""
    found = parcels.read("csv", saved(rows))
    [remark] = [row for row in found if isinstance(row.what, Remark)]
    assert remark == (1, ("left out, since we do not know such columns: my column",))
    ids = [row.what.id for row in found if isinstance(row.what, AnnotationRecord)]
    assert ids == ["row 2", rows[1]["id"]]


@BOTH
def test_a_moment_that_cannot_be_read_is_left_out_and_named(format):
    rows = rows_of(format)
    rows[0]["created"] = "last week"
    remarks = [row for row in parcels.read(format, saved(rows)) if isinstance(row.what, Remark)]
    assert remarks == [(2, ("created was left out: “last week” is no moment",))]


def test_of_rows_of_one_annotation_that_differ_the_first_counts():
    rows = rows_of("csv-codings")
    assert (rows[3]["tag"], rows[3]["id"]) == ("calm", rows[2]["id"])
    rows[3]["certainty"] = "high"
    found = parcels.read("csv-codings", saved(rows))
    [remark] = [row for row in found if isinstance(row.what, Remark)]
    assert remark == (5, ("it differs from an earlier row of the same annotation",))
    [kept] = [row.what for row in found if getattr(row.what, "id", "") == rows[2]["id"]]
    assert kept.certainty == "low"
    assert [code.slug for code in kept.codings] == ["norm", "calm", "ebb"]


@pytest.mark.django_db
def test_deleted_annotations_are_left_out():
    project, cora = exchange.hard_project()
    text = exchange.exported(cora, project, "csv")
    standing = Annotation.objects.standing().filter(project=project)
    found = {row["id"] for row in csv.DictReader(io.StringIO(text, newline=""))}
    assert found == {str(row.pk) for row in standing}
