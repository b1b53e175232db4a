"""A Hugging Face dataset: a row for each text, and a card that says of what type each column is."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from annotations.exchange import aside
from annotations.exchange.flat import flat
from annotations.exchange.language.marks import Mark, Marks
from annotations.exchange.neutral import AnnotationRecord, Document, Parcel
from annotations.exchange.packed import zipped

ROWS = "data/train.jsonl"
SPAN = {"start": "int32", "end": "int32", "quote": "string"}
MARK = dict.fromkeys(Mark._fields, "string") | {"start": "int32", "end": "int32"}
ANNOTATION = {
    "id": "string", "kind": "string", "layer": "string", "state": "string", "author": "string",
    "origin": "string", "tool": "string", "tool_version": "string", "version": "int32",
    "created": "string", "updated": "string", "attribution": "string", "certainty": "string",
    "note": "string", "flagged": "bool",
    "spans": [SPAN],
    "participants": [dict.fromkeys(("role", "name", "endorsement"), "string")],
    "codings": [
        dict.fromkeys(("facet", "tag", "label", "stance"), "string") | {"definition": "int32"}
    ],
    "links": [dict.fromkeys(("relation", "claim"), "string")],
}  # fmt: skip
PASSAGE = {"number": "int32", "kind": "string", "start": "int32", "end": "int32"}
# A name is the type of a value, a dict a struct, a list of one a list of such.
FEATURES = {
    "id": "string", "title": "string", "outlet": "string", "story": "string",
    "published_on": "string", "language": "string", "url": "string", "rights": "string",
    "authors": ["string"], "translators": ["string"], "text": "string", "passages": [PASSAGE],
    "spans": [MARK], "annotations": [ANNOTATION],
}  # fmt: skip


def write(parcel: Parcel) -> Iterator[bytes]:
    """The pieces of the archive, to be unpacked and read by `datasets.load_dataset(folder)`.

    A row has the text, `spans` (one for each piece and label, in code points, half-open) and
    `annotations` with all that is known of each. The codebook, actors and comments are beside
    them as lines of JSON.
    """
    yield from zipped([
        ("README.md", [_card(parcel).encode()]),
        (ROWS, _rows(parcel)),
        (aside.FILE, aside.lines(parcel)),
    ])  # fmt: skip


def _rows(parcel: Parcel) -> Iterator[bytes]:
    marks, names = Marks(parcel), aside.marked_names(parcel)
    for document in parcel.documents(passages=True):
        row = _row(document, marks, names)
        yield orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)


def _row(document: Document, marks: Marks, names: dict[str, str]) -> dict[str, Any]:
    article = document.article
    plain = ("title", "outlet", "story", "language", "url", "rights", "authors", "translators")
    return {
        "id": document.name,
        **{name: getattr(article, name) for name in plain},
        "published_on": article.published_on.isoformat() if article.published_on else "",
        "text": document.revision.text,
        "passages": [passage._asdict() for passage in document.revision.passages],
        "spans": [mark._asdict() for one in document.annotations for mark in marks.of(one)],
        "annotations": [_annotation(one, marks, names) for one in document.annotations],
    }


def _annotation(one: AnnotationRecord, marks: Marks, names: dict[str, str]) -> dict[str, Any]:
    told = flat(one, marks.tags, names)
    return told | {name: told[name].isoformat() for name in ("created", "updated")}


def _card(parcel: Parcel) -> str:
    """The card of the dataset, whose first part says what its columns are."""
    features = "\n".join(_features(FEATURES, "  "))
    head = f"dataset_info:\n  features:\n{features}\nconfigs:\n- config_name: default\n"
    files = f"  data_files:\n  - split: train\n    path: {ROWS}\n"
    name = " ".join(parcel.project.name.split())
    return f"---\n{head}{files}---\n\n# {name}\n\n{parcel.project.description}\n"


def _features(features: dict[str, Any], indent: str) -> Iterable[str]:
    for name, kind in features.items():
        yield f"{indent}- name: {json.dumps(name)}"
        inner = kind[0] if isinstance(kind, list) else kind
        if not isinstance(kind, list):
            yield f"{indent}  dtype: {inner}"
        elif isinstance(inner, str):
            yield f"{indent}  list: {inner}"
        else:
            yield f"{indent}  list:"
            yield from _features(inner, f"{indent}  ")
