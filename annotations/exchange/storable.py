"""What no row of a file may hold, whatever it is about."""

from typing import Any

from annotations.content import LONGEST_NOTE
from annotations.exchange.neutral import AnnotationRecord, ArticleRecord
from annotations.models import Annotation
from corpus_app.history import DoorError
from corpus_app.text import SURROGATES

LAYERS, ORIGINS = frozenset(Annotation.Layer.values), frozenset(Annotation.Origin.values)
TEXTUAL = (str, list, tuple, dict)
LONGEST = {
    **{name: Annotation._meta.get_field(name).max_length for name in ("tool", "tool_version")},
    "note": LONGEST_NOTE,
}  # fmt: skip


class StoringError(DoorError):
    """A row of a file that does not fit into the project; the message says why."""


def require_choices(record: AnnotationRecord) -> None:
    """Raise StoringError for values that no column takes."""
    if record.layer not in LAYERS:
        raise StoringError(f"“{record.layer}” is neither of the layers analyst and gold.")
    if record.origin not in ORIGINS:
        raise StoringError(f"“{record.origin}” is no origin: human, suggestion or import.")
    for name, most in LONGEST.items():
        if len(getattr(record, name)) > most:
            raise StoringError(f"{name} has {most:,} characters at the most.")


def require_text(value: Any) -> None:
    """Raise StoringError for NUL and lone surrogates, which no database keeps.

    The texts of articles are made normal instead.
    """
    if isinstance(value, ArticleRecord):
        names = ("title", "authors", "translators", "outlet", "story", "rights", "raw_name", "url")
        value = [getattr(value, name) for name in names]
    if isinstance(value, str):
        if "\0" in value or SURROGATES.search(value):
            raise StoringError("It holds a character that is no text.")
    elif isinstance(value, dict):
        require_text(list(value.values()))
    elif isinstance(value, (list, tuple)):
        for each in value:
            if isinstance(each, TEXTUAL):
                require_text(each)
