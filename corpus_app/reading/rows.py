"""One row of a table as an article's raw input: canonical JSON that tells how it is read."""

import json
import re
from collections.abc import Mapping

from corpus_app.reading.documents import MEDIA_TYPES, ROW, Document, Unreadable


def row_bytes(row: Mapping[str, str], layout: Mapping[str, str]) -> bytes:
    """The row as JSON, with the columns that hold its text and title.

    The columns of the other fields are no part of it, so that a row that comes a second time with
    a better layout is known to be the same.
    """
    kept = {"row": dict(row), "text": layout["text"], "title": layout.get("title")}
    said = json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return re.sub("[\ud800-\udfff]", "\ufffd", said).encode()


def row_of(data: bytes) -> dict[str, str]:
    """The row that `row_bytes` was given."""
    return json.loads(data)["row"]


def read(name: str, data: bytes) -> Document:
    """The article of the row: its title, if it has one, above its text. Raises Unreadable."""
    try:
        kept = json.loads(data)
        row = kept["row"]
        title = " ".join((row.get(kept["title"]) or "").split())
        text = (row.get(kept["text"]) or "").strip()
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Unreadable("This row of a table is damaged.") from error
    if not title:
        return Document(name, data, MEDIA_TYPES[ROW], text)
    found = {"title": title}
    return Document(name, data, MEDIA_TYPES[ROW], f"{title}\n\n{text}", {1: "title"}, found)
