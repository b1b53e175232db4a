"""Archives: every file in them, one after the other, or why it cannot be had."""

import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import PurePosixPath
from stat import S_ISLNK

from corpus_app.reading.confined import Answer, serve_many
from corpus_app.reading.documents import ARCHIVE, MEGABYTE, MOST_BYTES, Unreadable, kind_of
from corpus_app.reading.packed import BOMB, MOST_MEMBERS, contents, opened, overlapping

MOST_UNPACKED = 512 * MEGABYTE  # of all the files together
MOST_RATIO = 200  # text is packed to a tenth, hardly ever to a fiftieth
LONGEST_NAME = 200
SAYS_UTF8 = 0x800
NESTED = "It is an archive in an archive. Unpack it and import it by itself."
LEADS_OUT = "Its name leads out of the archive, or it is only a link."
TOO_LARGE = f"It is larger than {MOST_BYTES // MEGABYTE} MB. Send it in parts."


def unpack(name: str, data: bytes) -> Iterator[Answer]:
    """Every file's name with its bytes, or with the reason why it is refused."""
    packed = opened(data, MOST_MEMBERS)
    members = [member for member in packed.infolist() if not is_left_out(member)]
    if overlapping(packed.infolist()):
        raise Unreadable(BOMB)
    if not members:
        raise Unreadable("There is no file in it.")
    left = MOST_UNPACKED
    for member in members:
        shown = shown_name(member)
        try:
            found = taken(packed, member, left)
            left -= len(found)
            yield {"name": shown}, found
        except Unreadable as error:
            yield {"name": shown, "reason": str(error)}, b""


def is_left_out(member: zipfile.ZipInfo) -> bool:
    """Whether it is a folder, or one of the files that systems hide in archives."""
    parts = path_of(member).parts
    hidden = any(part.startswith(".") and part != ".." for part in parts)
    return member.is_dir() or hidden or "__MACOSX" in parts or parts[-1:] == ("Thumbs.db",)


def path_of(member: zipfile.ZipInfo) -> PurePosixPath:
    """Where the archive says that it belongs, whichever system said it."""
    return PurePosixPath(member.filename.replace("\\", "/"))


def shown_name(member: zipfile.ZipInfo) -> str:
    """Its name as one may store and print it: in NFC, without signs that show nothing."""
    name = member.filename
    if not member.flag_bits & SAYS_UTF8:
        # Many programs write UTF-8 and do not say so; nothing else looks like it by chance.
        with suppress(UnicodeError):
            name = name.encode("cp437").decode()
    plain = "".join(sign for sign in unicodedata.normalize("NFC", name) if sign.isprintable())
    return plain[-LONGEST_NAME:] or "a file without a name"


def taken(packed: zipfile.ZipFile, member: zipfile.ZipInfo, left: int) -> bytes:
    """The file's bytes. Raises Unreadable."""
    path = path_of(member)
    drive = path.parts[0].endswith(":") if path.parts else False
    if path.is_absolute() or drive or ".." in path.parts or S_ISLNK(member.external_attr >> 16):
        raise Unreadable(LEADS_OUT)
    if member.file_size > MEGABYTE and member.file_size > MOST_RATIO * member.compress_size:
        raise Unreadable(BOMB)
    if member.file_size > MOST_BYTES:
        raise Unreadable(TOO_LARGE)
    if left < member.file_size:
        raise Unreadable("What came before it in the archive is too much already. Send it again.")
    data = b"".join(contents(packed, member, MOST_BYTES))
    if kind_of(member.filename, data) == ARCHIVE:
        raise Unreadable(NESTED)
    return data


if __name__ == "__main__":
    serve_many(unpack)
