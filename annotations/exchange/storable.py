"""What no row of a file may hold, whatever it is about."""

import re
from typing import Any

from django.db import DataError, IntegrityError

from annotations.anchors import AnchorError
from annotations.content import LONGEST_NOTE
from annotations.exchange.neutral import AnnotationRecord, ArticleRecord
from annotations.models import Annotation
from corpus_app.history import DoorError, Stale
from corpus_app.models import Article
from corpus_app.text import SURROGATES

LAYERS, ORIGINS = frozenset(Annotation.Layer.values), frozenset(Annotation.Origin.values)
TEXTUAL = (str, list, tuple, dict)
OF_ARTICLE = (
    "id", "title", "authors", "translators", "outlet", "story", "language", "url", "rights",
    "raw_sha256", "raw_name", "raw_type",
)  # fmt: skip
MEDIA_TYPE = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+( *;[ -~]*)?", re.ASCII)
LONGEST_TYPE = Article._meta.get_field("raw_type").max_length
LONGEST = {
    **{name: Annotation._meta.get_field(name).max_length for name in ("tool", "tool_version")},
    "note": LONGEST_NOTE,
}  # fmt: skip


class StoringError(DoorError):
    """A row of a file that does not fit into the project; the message says why."""


# What refuses one row. Checks come first; this is for what they did not think of.
REFUSING = (
    DoorError, Stale, AnchorError, IntegrityError, DataError, ValueError, OverflowError,
)  # fmt: skip


def why(error: Exception) -> str:
    """Why a row is refused; of values that nothing can keep in words of our own."""
    if isinstance(error, (DataError, OverflowError, UnicodeError)):
        return "It holds a value that cannot be stored."
    return str(error)


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
        _require_type(value.raw_type)
        told = [(one.id, one.sha256, one.roles) for one in value.revisions]
        value = [*(getattr(value, name) for name in OF_ARTICLE), told]
    if isinstance(value, str):
        if "\0" in value or SURROGATES.search(value):
            raise StoringError("It holds a character that is no text.")
    elif isinstance(value, dict):
        require_text([*value, *value.values()])
    elif isinstance(value, (list, tuple)):
        for each in value:
            if isinstance(each, TEXTUAL):
                require_text(each)


def _require_type(told: str) -> None:
    """Raise StoringError for what is no media type; it may be empty where there is no input."""
    if told and (len(told) > LONGEST_TYPE or not MEDIA_TYPE.fullmatch(told)):
        raise StoringError(
            f"raw_type is a media type, such as text/plain, of {LONGEST_TYPE} characters at the "
            "most."
        )
