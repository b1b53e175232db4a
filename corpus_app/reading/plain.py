"""Plain text in any encoding."""

from corpus_app.reading.documents import Unreadable
from corpus_app.text import UnreadableText, decode


def read(data: bytes) -> str:
    """The text that the bytes hold. Raises Unreadable."""
    try:
        return decode(data)
    except UnreadableText as error:
        raise Unreadable(str(error)) from error
