"""The readers of a batch, behind one door: plain text at once, all else by confined processes."""

from collections.abc import Iterator
from datetime import date
from types import TracebackType
from typing import Any

from corpus_app.reading import plain, rows
from corpus_app.reading.confined import Answer, Child
from corpus_app.reading.documents import (
    ARCHIVE,
    MEDIA_TYPES,
    MEGABYTE,
    MOST_BYTES,
    MOST_PACKED,
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
from corpus_app.text import normalise

BOOK = "book"  # the process that knows every sheet of a workbook


class Readers:
    """Reads any number of documents; use it as a context manager, so that no process is left.

    A process is started when the first document of its kind comes, and again when one has died.
    """

    def __init__(self) -> None:
        self._children: dict[str, Child] = {}
        self._busy: list[Child] = []

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
        for child in (*self._children.values(), *self._busy):
            child.close()
        self._children, self._busy = {}, []

    def read(self, name: str, data: bytes, kind: str = "") -> Document:
        """One article. `kind` is its media type if that is known. Raises Unreadable."""
        _require_size(data, MOST_BYTES)
        known = kind_named(kind) if kind else kind_of(name, data)
        if known in (TABLE, ARCHIVE):
            raise Unreadable("This holds several articles. Import it as a batch.")
        if known == ROW:
            return rows.read(name, data)
        if known == TEXT:
            found = Document(name, data, MEDIA_TYPES[TEXT], plain.read(data))
        else:
            found = self._read_apart(known, name, data)
        if len(found.text) > MOST_SIGNS:
            raise Unreadable(f"It has more than {MOST_SIGNS:,} characters. Send it in parts.")
        return found

    def unpack(self, name: str, data: bytes) -> Iterator[tuple[str, bytes | Unreadable]]:
        """Every file in the archive, with its bytes or with the reason why it cannot be had.

        Raises Unreadable for an archive that is none.
        """
        for told, content in self._answers("archive", name, data):
            yield told["name"], Unreadable(told["reason"]) if "reason" in told else content

    def table(self, name: str, data: bytes) -> Table:
        """The table's columns, and its rows while they are asked for. Raises Unreadable."""
        return _table(self._answers("table", name, data))

    def head_of_table(self, name: str, data: bytes, most: int) -> Table:
        """The table's columns and its first rows. Raises Unreadable."""
        _require_size(data, MOST_PACKED)
        return _table(iter(list(self._child(TABLE).ask(name, data, most=most))))

    def sheets(self, name: str, data: bytes) -> list[str]:
        """The names of a workbook's sheets. Raises Unreadable."""
        _require_size(data, MOST_PACKED)
        [(told, _)] = self._child(BOOK).ask(name, data)
        return told["sheets"]

    def sheet(self, name: str, data: bytes, number: int) -> tuple[int, Iterator[list[str]]]:
        """How many rows stand above the first of a workbook's sheet, and the rows as text.

        `number` counts from 0. Read them to the end before anything else is asked. Raises
        Unreadable, now or later.
        """
        answers = self._child(BOOK).ask(name, data, sheet=number)
        before = next(answers)[0]["before"]
        return before, (row for told, _ in answers for row in told["rows"])

    def _child(self, kind: str) -> Child:
        child = self._children.get(kind)
        if child and not child.alive:
            child.close()
        if child is None or not child.alive:
            child = self._children[kind] = Child(kind)
        return child

    def _read_apart(self, kind: str, name: str, data: bytes) -> Document:
        [(told, text)] = self._child(kind).ask(name, data)
        roles = {int(number): role for number, role in told["roles"].items()}
        return Document(name, data, MEDIA_TYPES[kind], text.decode(), roles, typed(told["fields"]))

    def _answers(self, module: str, name: str, data: bytes) -> Iterator[Answer]:
        """The answers of a process that is for this one file."""
        _require_size(data, MOST_PACKED)
        child = Child(module)
        self._busy.append(child)
        try:
            yield from child.ask(name, data)
        finally:
            child.close()
            self._busy.remove(child)


def _require_size(data: bytes, most: int) -> None:
    if len(data) > most:
        raise Unreadable(f"This is larger than {most // MEGABYTE} MB. Send it in parts.")


def _table(answers: Iterator[Answer]) -> Table:
    columns = next(answers)[0]["columns"]
    return Table(columns, (row for told, _ in answers for row in told["rows"]))


def typed(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields as they came through the pipe, in the types that an article has them in."""
    day = fields.pop("published_on", "")
    found: dict[str, Any] = {"published_on": date.fromisoformat(day)} if day else {}
    for name, value in fields.items():
        listed = isinstance(value, list)
        found[name] = tuple(map(normalise, value)) if listed else normalise(value)
    return found
