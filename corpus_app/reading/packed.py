"""Zip files that are not what they seem: looked through before anybody opens them."""

import io
import zipfile
from collections.abc import Iterator

from corpus_app.reading.documents import MEGABYTE, Unreadable

MOST_MEMBERS = 20_000
MOST_PARTS = 2000  # of an office document
MOST_UNPACKED = 60 * MEGABYTE  # of an office document
CHUNK = 64 * 1024

DAMAGED = "It is damaged or cut off. Save it anew, or as plain text."
LOCKED = "It is locked with a password. Save it without one."
BOMB = "It is a small file that would unpack into a huge one."
# Other ways of packing may need far more memory than their size tells.
ORDINARY = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# No office program writes these; who does wants one entity to become a million.
DECLARATIONS = [
    sign.encode(code)
    for sign in ("<!DOCTYPE", "<!ENTITY")
    for code in ("utf-8", "utf-16-le", "utf-16-be")
]


def opened(data: bytes, most: int) -> zipfile.ZipFile:
    """The zip file, with at most so many members. Raises Unreadable."""
    end = data.rfind(b"PK\x05\x06")
    # The list of members is read as a whole, so its length is looked at before.
    if end < 0 or int.from_bytes(data[end + 10 : end + 12], "little") > most:
        raise Unreadable(DAMAGED if end < 0 else f"It holds more than {most:,} files.")
    try:
        packed = zipfile.ZipFile(io.BytesIO(data))
    # What is packed as zipfile does not know is a RuntimeError to it.
    except (zipfile.BadZipFile, ValueError, OSError, RuntimeError) as error:
        raise Unreadable(DAMAGED) from error
    if len(packed.infolist()) > most:
        raise Unreadable(f"It holds more than {most:,} files.")
    return packed


def office_document(data: bytes) -> io.BytesIO:
    """The same office document, once all that is packed in it was looked at. Raises Unreadable."""
    packed = opened(data, MOST_PARTS)
    if overlapping(packed.infolist()):
        raise Unreadable(BOMB)
    left = MOST_UNPACKED
    for member in packed.infolist():
        before = b""
        for chunk in contents(packed, member, left):
            left -= len(chunk)
            if any(sign in before[-32:] + chunk for sign in DECLARATIONS) and is_markup(member):
                raise Unreadable("It declares entities of its own, which no office program does.")
            before = chunk
    return io.BytesIO(data)


def is_markup(member: zipfile.ZipInfo) -> bool:
    """Whether the member's name says that it is XML."""
    return member.filename.lower().endswith((".xml", ".rels", ".rdf"))


def overlapping(members: list[zipfile.ZipInfo]) -> bool:
    """Whether members share bytes, by which a small file unpacks into a huge one."""
    at = 0
    for member in sorted(members, key=lambda one: one.header_offset):
        if member.header_offset < at:
            return True
        at = member.header_offset + 30 + member.compress_size
    return False


def contents(packed: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> Iterator[bytes]:
    """The member's bytes in pieces. Raises Unreadable, also when there are more than `most`."""
    if member.flag_bits & 1:
        raise Unreadable(LOCKED)
    if member.compress_type not in ORDINARY:
        raise Unreadable("It is packed in an unusual way. Pack it as an ordinary zip file.")
    if member.file_size > most:
        raise Unreadable(BOMB)
    try:
        with packed.open(member) as stream:
            while chunk := stream.read(CHUNK):
                most -= len(chunk)
                if most < 0:
                    raise Unreadable(BOMB)
                yield chunk
    except (zipfile.BadZipFile, zipfile.zlib.error, EOFError, OSError, ValueError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(DAMAGED) from error
