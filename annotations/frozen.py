"""What a release holds, read from its archive, and how two releases differ."""

import io
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from annotations.contents import TABLES
from annotations.models import Release, ReleasePiece
from annotations.releasing import PIECE
from corpus_app.spreadsheet import reader

SHOWN = 100  # rows of each kind of change that are told one by one

Line = dict[str, str]


def pieces(release: Release) -> Iterator[bytes]:
    """The archive, piece by piece."""
    rows = ReleasePiece.objects.filter(release=release).order_by("number")
    for data in rows.values_list("data", flat=True).iterator(chunk_size=4):
        yield bytes(data)


def headers(release: Release) -> dict[str, str]:
    """What an answer with the archive says of it."""
    name = f"{release.project.slug}-release-{release.number}.zip"
    return {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Length": str(release.size),
        "ETag": f'"{release.sha256}"',
    }


class _Stored(io.RawIOBase):
    """The archive as a file that can seek, of which one piece is in memory at a time."""

    def __init__(self, release: Release):
        self._release, self._at, self._held = release, 0, (-1, b"")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._release.size}[whence]
        self._at = start + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer) -> int:
        number, within = divmod(self._at, PIECE)
        data = self._piece(number)[within : within + len(buffer)]
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)

    def _piece(self, number: int) -> bytes:
        if self._held[0] != number:
            rows = ReleasePiece.objects.filter(release=self._release, number=number)
            data = rows.values_list("data", flat=True).first()
            self._held = (number, bytes(data) if data else b"")
        return self._held[1]


@contextmanager
def opened(release: Release) -> Iterator[zipfile.ZipFile]:
    """The archive of the release."""
    with zipfile.ZipFile(io.BufferedReader(_Stored(release), PIECE)) as archive:
        yield archive


@dataclass
class Change:
    """A row that is in both releases and differs: its key, and what was and is of each column."""

    key: str
    line: Line
    columns: dict[str, tuple[str, str]]


@dataclass
class Compared:
    """How one table differs: how many rows, and the first of them."""

    table: str
    same: int = 0
    added: int = 0
    removed: int = 0
    changed: int = 0
    added_lines: list[Line] = field(default_factory=list)
    removed_lines: list[Line] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    columns: dict[str, int] = field(default_factory=dict)

    @property
    def differs(self) -> bool:
        return bool(self.added or self.removed or self.changed)


# Neither changes any more, and whoever may read them, which may be anybody, may ask at any rate.
@lru_cache(maxsize=16)
def difference(before: Release, after: Release, shown: int = SHOWN) -> list[Compared]:
    """How the tables of the later release differ from the earlier one's, in one pass of both."""
    with opened(before) as old, opened(after) as new:
        return [
            compared(name, _lines(old, file), _lines(new, file), shown)
            for name, file in TABLES.items()
        ]


def compared(
    table: str, before: Iterator[Line], after: Iterator[Line], shown: int = SHOWN
) -> Compared:
    """How two tables differ whose lines are sorted by their first column, which is unique."""
    found = Compared(table)
    old, new = next(before, None), next(after, None)
    while old is not None or new is not None:
        if old is None or (new is not None and _key(new) < _key(old)):
            found.added += 1
            found.added_lines += [new] if len(found.added_lines) < shown else []
            new = next(after, None)
        elif new is None or _key(old) < _key(new):
            found.removed += 1
            found.removed_lines += [old] if len(found.removed_lines) < shown else []
            old = next(before, None)
        else:
            _compare(found, old, new, shown)
            old, new = next(before, None), next(after, None)
    return found


def _compare(found: Compared, old: Line, new: Line, shown: int) -> None:
    names = dict.fromkeys([*old, *new])
    columns = {
        name: (old.get(name, ""), new.get(name, ""))
        for name in names
        if old.get(name, "") != new.get(name, "")
    }
    if not columns:
        found.same += 1
        return
    found.changed += 1
    for name in columns:
        found.columns[name] = found.columns.get(name, 0) + 1
    if len(found.changes) < shown:
        found.changes.append(Change(_key(new), new, columns))


def _key(line: Mapping[str, Any]) -> str:
    return next(iter(line.values()))


def _lines(archive: zipfile.ZipFile, name: str) -> Iterator[Line]:
    with archive.open(name) as file:
        rows = reader(io.TextIOWrapper(file, "utf-8", newline=""))
        columns = next(rows, [])
        yield from (dict(zip(columns, row, strict=True)) for row in rows)
