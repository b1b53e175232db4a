"""The formats that a project can be exported in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from annotations.exchange import native, table, webannotation
from annotations.exchange.source import Source


@dataclass(frozen=True)
class Format:
    """How a project is written: pieces of UTF-8, what they are, and what is lost on the way."""

    name: str
    write: Callable[[Source], Iterator[str]]
    content_type: str
    loses: str


FORMATS = {
    "jsonl": Format("native JSONL", native.write, "application/x-ndjson", "history"),
    "csv": Format("table", table.write, "text/csv; charset=utf-8", "history, texts"),
    "jsonld": Format(
        "W3C Web Annotation", webannotation.write, "application/ld+json", "history, texts"
    ),
}
