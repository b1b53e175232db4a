"""The readers of a batch, behind one door: plain text at once, all else by confined processes."""

from collections.abc import Iterator
from types import TracebackType

from corpus_app.reading import plain, rows
from corpus_app.reading.documents import (
    ARCHIVE,
    MEDIA_TYPES,
    MEGABYTE,
    MOST_BYTES,
    MOST_SIGNS,
    ROW,
    TABLE,
    TEXT,
    Document,
    Table,
    Unreadable,
    kind_named,
    kind_of,
)


class Readers:
    """Reads any number of documents; use it as a context manager, so that no process is left."""

    def __enter__(self) -> "Readers":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the processes."""

    def read(self, name: str, data: bytes, kind: str = "") -> Document:
        """One article. `kind` is its media type if that is known. Raises Unreadable."""
        if len(data) > MOST_BYTES:
            raise Unreadable(f"This is larger than {MOST_BYTES // MEGABYTE} MB. Send it in parts.")
        known = kind_named(kind) if kind else kind_of(name, data)
        if known in (TABLE, ARCHIVE):
            raise Unreadable("This holds several articles. Import it as a batch.")
        if known == ROW:
            return rows.read(name, data)
        if known != TEXT:
            raise Unreadable("This cannot be read yet. Save it as plain text (UTF-8).")
        found = Document(name, data, MEDIA_TYPES[known], plain.read(data))
        if len(found.text) > MOST_SIGNS:
            raise Unreadable(
                f"This has more than {MOST_SIGNS:,} characters of text. Send it in parts."
            )
        return found

    def unpack(self, name: str, data: bytes) -> Iterator[tuple[str, bytes | Unreadable]]:
        """Every file in the archive, with its bytes or with the reason why it cannot be had.

        Raises Unreadable for an archive that is none.
        """
        raise Unreadable("An archive cannot be read yet.")

    def table(self, name: str, data: bytes) -> Table:
        """The table's columns, and its rows while they are asked for. Raises Unreadable."""
        raise Unreadable("A table cannot be read yet.")
