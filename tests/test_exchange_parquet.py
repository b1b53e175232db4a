"""Parquet: pyarrow and pandas find typed columns with the same counts, offsets and quotes."""

import io
import json
from dataclasses import replace

import pandas
import pyarrow as pa
import pyarrow.parquet as pq

from annotations.exchange import aside
from annotations.exchange.formats import FORMATS
from annotations.exchange.neutral import (
    AnnotationRecord,
    ArticleRecord,
    LinkRecord,
    RevisionRecord,
    Row,
    SpanRecord,
    code_of,
    part_of,
)
from annotations.exchange.tables import parquet
from tests import parcels


def table_of() -> pa.Table:
    return pq.read_table(io.BytesIO(parcels.written("parquet")))


def rows_in(table: pa.Table):
    """What a reader would find in the table."""
    for values in json.loads(table.schema.metadata[b"crossread"]):
        kind = aside.KINDS[values.pop("is")]
        yield Row(1, aside.record_of(kind, values))
    for row in table.to_pylist():
        yield Row(1, article_of(row))
    for row in table.to_pylist():
        yield Row(1, annotation_of(row))


def article_of(row: dict) -> ArticleRecord:
    names = [name for name in ArticleRecord.__slots__ if name in row]
    revision = RevisionRecord(row["text_sha256"], row["revision"], "", row["text_sha256"], {}, ())
    return ArticleRecord(
        **{name: row[name] for name in names if name != "id"}, id=row["article"], raw=b"",
        raw_name="", raw_type="", revisions=(revision,),
    )  # fmt: skip


def annotation_of(row: dict) -> AnnotationRecord:
    names = [name for name in AnnotationRecord._fields if name in row]
    told = {name: row[name] for name in names} | {
        "project": "", "deleted": None, "revision": row["text_sha256"],
        "spans": [SpanRecord(**span) for span in row["spans"]],
        "participants": [part_of(**part) for part in row["participants"]],
        "codings": [code_of(c["tag"], c["stance"], c["definition"]) for c in row["codings"]],
        "links": [LinkRecord(**link) for link in row["links"]],
    }  # fmt: skip
    return AnnotationRecord(**told)


def test_all_is_in_the_columns_but_what_the_format_loses():
    loses = FORMATS["parquet"].loses
    found = parcels.collected(rows_in(table_of()))
    assert parcels.forgotten(found, loses) == parcels.forgotten(parcels.hard(), loses)


def test_every_column_has_a_type_of_its_own():
    kinds = {field.name: str(field.type) for field in table_of().schema}
    few = "dictionary<values=string, indices=int32, ordered=0>"
    assert {name: kind for name, kind in kinds.items() if kind not in ("string", few)} == {
        "published_on": "date32[day]",
        "authors": "list<element: string>",
        "translators": "list<element: string>",
        "revision": "int32",
        "version": "int32",
        "created": "timestamp[us, tz=UTC]",
        "updated": "timestamp[us, tz=UTC]",
        "flagged": "bool",
        "start": "int32",
        "end": "int32",
        "spans": "list<element: struct<start: int32, end: int32, quote: string>>",
        "participants": "list<element: struct<role: string, name: string, endorsement: string>>",
        "codings": "list<element: struct<facet: string, tag: string, label: string, "
        "stance: string, definition: int32>>",
        "links": "list<element: struct<relation: string, claim: string>>",
    }
    assert sorted(name for name, kind in kinds.items() if kind == few) == [
        "attribution", "author", "certainty", "kind", "language", "layer", "origin", "outlet",
        "state", "story", "tool", "tool_version",
    ]  # fmt: skip


def test_pandas_finds_the_same_counts_offsets_and_quotes():
    frame = pandas.read_parquet(io.BytesIO(parcels.written("parquet")))
    texts = {r.sha256: r.text for article in parcels.hard().articles() for r in article.revisions}
    annotations = {one.id: one for _, found in parcels.hard().annotated() for one in found}
    assert list(frame["id"]) == list(annotations)
    for row in frame.itertuples():
        spans = [(s["start"], s["end"], s["quote"]) for s in row.spans]
        assert spans == [tuple(span) for span in annotations[row.id].spans]
        text = texts[row.text_sha256]
        assert [text[start:end] for start, end, _ in spans] == [quote for *_, quote in spans]
        assert (row.start, row.end) == (spans[0][0], spans[-1][1])
    assert str(frame["author"].dtype) == "category"
    assert frame["created"].dt.year.unique().tolist() == [2024]


def test_rows_are_written_in_groups_as_they_come(monkeypatch):
    monkeypatch.setattr(parquet, "ROWS_TOGETHER", 4)
    read = []

    def annotated(passages: bool = False):
        for unit in parcels.hard().annotated(passages=passages):
            read.append(unit[0].id)
            yield unit

    pieces = parquet.write(replace(parcels.hard(), annotated=annotated))
    first = next(pieces)
    assert len(read) == 1
    file = pq.ParquetFile(io.BytesIO(first + b"".join(pieces)))
    assert [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)] == [4, 4, 3]


def test_a_project_without_annotations_is_a_table_without_rows():
    empty = replace(parcels.hard(), annotated=lambda passages=False: iter(()))
    table = pq.read_table(io.BytesIO(parcels.written("parquet", empty)))
    assert (table.num_rows, table.schema.names) == (0, table_of().schema.names)


def test_the_same_parcel_makes_the_same_bytes():
    assert parcels.written("parquet") == parcels.written("parquet")
