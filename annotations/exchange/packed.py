"""Files made of several, and files that cannot be written from one end to the other."""

import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, NamedTuple

from annotations.exchange.neutral import ReadError

PIECE = 1 << 16
# Of what is unpacked: of the whole, of one file, and how many files.
MOST_BYTES, MOST_OF_ONE, MOST_FILES = 1 << 30, 1 << 28, 20_000
MOST_TIMES = 200  # as large as it was packed, at the most
# Other ways of packing may need far more memory, and fail in ways of their own.
ORDINARY = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class Sink:
    """A file that cannot seek: takes what is written, and gives it away again piece by piece."""

    closed = False

    def __init__(self):
        self._pieces: list[bytes] = []
        self._at = 0

    def write(self, data: bytes) -> int:
        self._pieces.append(bytes(data))
        self._at += len(data)
        return len(data)

    def tell(self) -> int:
        return self._at

    def flush(self) -> None:
        """Nothing is kept back."""

    def taken(self) -> Iterator[bytes]:
        yield from self._pieces
        self._pieces.clear()


def zipped(
    files: Iterable[tuple[str, Iterable[bytes]]], moment: datetime | None = None
) -> Iterator[bytes]:
    """The pieces of a zip archive of these files (name, pieces), written while they are read.

    All have the same moment, so that equal files make an equal archive.
    """
    sink = Sink()
    at = (moment or datetime(1980, 1, 1, tzinfo=UTC)).timetuple()[:6]
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, pieces in files:
            info = zipfile.ZipInfo(name, at)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            with archive.open(info, "w", force_zip64=True) as file:
                for piece in pieces:
                    file.write(piece)
                    yield from sink.taken()
            yield from sink.taken()
    yield from sink.taken()


def written_to(write: Callable[[Path], None], name: str = "file") -> Iterator[bytes]:
    """The pieces of a file that `write` can only write to a path, and that is gone afterwards."""
    with TemporaryDirectory(prefix="crossread-") as folder:
        path = Path(folder) / name
        write(path)
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece


class Packed(NamedTuple):
    """A file in a zip archive: its name, its size in bytes, and what unpacks it when called."""

    name: str
    size: int
    read: Callable[[], bytes]


def unzipped(file: BinaryIO) -> Iterator[tuple[str, bytes]]:
    """The files (name, data) of a zip archive, in the order of their names, folders left out.

    Raises ReadError for what is no zip archive, is encrypted, or would be too large unpacked.
    """
    for packed in packed_in(file):
        yield packed.name, packed.read()


def packed_in(file: BinaryIO) -> list[Packed]:
    """The same files, none of them unpacked before it is read. Raises ReadError, as `read` does."""
    with _told():
        archive = zipfile.ZipFile(file)
        infos = [info for info in archive.infolist() if not info.is_dir()]
        # Twins of files that macOS puts into the archives that it makes.
        infos = [info for info in infos if not info.filename.startswith("__MACOSX/")]
        _check(infos)
    infos.sort(key=lambda info: info.filename)
    return [Packed(i.filename, i.file_size, partial(_data, archive, i)) for i in infos]


def _data(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    with _told(), archive.open(info) as opened:
        data = opened.read(info.file_size + 1)
    if len(data) > info.file_size:
        raise ReadError(f"“{info.filename}” is larger than the archive says.")
    return data


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except ReadError:
        raise
    except (zipfile.BadZipFile, zlib.error, ValueError, RuntimeError, EOFError, OSError) as error:
        raise ReadError(f"This is no zip archive that can be read: {error}.") from error


def _check(infos: list[zipfile.ZipInfo]) -> None:
    whole = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos)
    if len(infos) > MOST_FILES or whole > MOST_BYTES:
        raise ReadError(f"It holds {len(infos)} files of {whole} bytes, which is too much.")
    if any(info.file_size > MOST_OF_ONE for info in infos):
        raise ReadError("One of the files in it is too large.")
    if whole > 1 << 20 and whole > MOST_TIMES * packed:
        raise ReadError("It would grow too much when it is unpacked.")
    if any(info.compress_type not in ORDINARY for info in infos):
        raise ReadError("It is packed in an unusual way. Pack it as an ordinary zip file.")
    if any(info.flag_bits & 1 for info in infos):
        raise ReadError("It is encrypted. Save it without a password.")
