"""Parquet: a row for each annotation, in columns with types; its texts are not in it."""

import json
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from annotations.exchange import aside
from annotations.exchange.flat import flat
from annotations.exchange.neutral import AnnotationRecord, ArticleRecord, Parcel
from annotations.exchange.packed import Sink

ROWS_TOGETHER = 20_000
TEXT, NUMBER, MOMENT = pa.string(), pa.int32(), pa.timestamp("us", tz="UTC")
FEW = pa.dictionary(pa.int32(), pa.string())
ARTICLE = {
    "article": TEXT, "title": TEXT, "outlet": FEW, "story": FEW, "published_on": pa.date32(),
    "language": FEW, "url": TEXT, "rights": TEXT, "authors": pa.list_(TEXT),
    "translators": pa.list_(TEXT), "raw_sha256": TEXT, "text_sha256": TEXT, "revision": NUMBER,
}  # fmt: skip
ANNOTATION = {
    "id": TEXT, "kind": FEW, "layer": FEW, "state": FEW, "author": FEW, "origin": FEW, "tool": FEW,
    "tool_version": FEW, "version": NUMBER, "created": MOMENT, "updated": MOMENT,
    "attribution": FEW, "certainty": FEW, "note": TEXT, "flagged": pa.bool_(), "start": NUMBER,
    "end": NUMBER, "spans": pa.list_(pa.struct({"start": NUMBER, "end": NUMBER, "quote": TEXT})),
    "participants": pa.list_(pa.struct({"role": TEXT, "name": TEXT, "endorsement": TEXT})),
    "codings": pa.list_(pa.struct({
        "facet": TEXT, "tag": TEXT, "label": TEXT, "stance": TEXT, "definition": NUMBER,
    })),
    "links": pa.list_(pa.struct({"relation": TEXT, "claim": TEXT})),
}  # fmt: skip
CODEBOOK = ("codebook", "facet", "tag")


def write(parcel: Parcel) -> Iterator[bytes]:
    """The pieces of the file, a group of rows after the other.

    `start` and `end` enclose all spans, in code points of the text with `text_sha256`. The
    codebook is JSON in the file's metadata, under `crossread`.
    """
    told = [values for values in aside.told(parcel) if values["is"] in CODEBOOK]
    about = {"crossread": json.dumps(told, ensure_ascii=False)}
    schema = pa.schema({**ARTICLE, **ANNOTATION}, metadata=about)
    sink, rows = Sink(), []
    with pq.ParquetWriter(sink, schema, compression="zstd") as writer:
        for row in _rows(parcel):
            rows.append(row)
            if len(rows) == ROWS_TOGETHER:
                writer.write_table(pa.Table.from_pylist(rows, schema))
                rows = []
                yield from sink.taken()
        if rows:
            writer.write_table(pa.Table.from_pylist(rows, schema))
            yield from sink.taken()
    yield from sink.taken()


def _rows(parcel: Parcel) -> Iterator[dict[str, Any]]:
    tags = {tag.slug: (tag.facet, tag.label) for tag in parcel.tags}
    for article, annotations in parcel.annotated():
        for annotation in annotations:
            yield _of_article(article, annotation) | flat(annotation, tags) | {
                "start": annotation.start, "end": annotation.end,
            }  # fmt: skip


def _of_article(article: ArticleRecord, annotation: AnnotationRecord) -> dict[str, Any]:
    on = next(text for text in article.revisions if text.id == annotation.revision)
    return {
        "article": article.id,
        **{name: getattr(article, name) for name in list(ARTICLE)[1:-2]},
        "text_sha256": on.sha256,
        "revision": on.number,
    }
