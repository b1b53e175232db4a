"""Raw input of every kind made text: what people have comes in, documents come out.

Whatever is not plain text is read by a process of its own, with little memory and time.
"""

from corpus_app.reading.documents import (
    ARTICLE_ENDINGS,
    MEDIA_TYPES,
    MEGABYTE,
    MOST_BYTES,
    MOST_PACKED,
    Document,
    Table,
    Unreadable,
    kind_of,
)
from corpus_app.reading.readers import Readers

__all__ = [
    "ARTICLE_ENDINGS",
    "MEDIA_TYPES",
    "MEGABYTE",
    "MOST_BYTES",
    "MOST_PACKED",
    "Document",
    "Readers",
    "Table",
    "Unreadable",
    "kind_of",
]
