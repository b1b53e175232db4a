"""Raw articles made clean: bytes to text, text to lines with roles, lines to passages.

All offsets are Unicode code points, half-open.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256 as _sha256
from itertools import groupby

from charset_normalizer import from_bytes

from corpus_app.text.bylines import Metadata, metadata
from corpus_app.text.lines import Line, Role, lines_of, paragraphs
from corpus_app.text.roles import assign

__all__ = [
    "Line",
    "Metadata",
    "Role",
    "Slice",
    "UnreadableText",
    "classify",
    "compose",
    "decode",
    "metadata",
    "normalise",
    "sha256",
]

MAGIC = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"%PDF": "a PDF document",
    b"PK\x03\x04": "a zip archive or an office document",
    b"PK\x05\x06": "an empty zip archive",
    b"\x1f\x8b": "a gzip archive",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "an old office document",
    b"{\\rtf": "an RTF document",
    b"SQLite format 3\x00": "a database",
    b"\x7fELF": "a program",
    b"MZ\x90\x00": "a program",
}
# UTF-32 first: its little-endian mark begins with that of UTF-16.
BYTE_ORDER_MARKS = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe\x00\x00": "utf-32",
    b"\x00\x00\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
# Without a mark these fit almost any bytes, so a guess at them is worth nothing.
NEVER_GUESSED = ["utf_7"] + [f"utf_{n}{end}" for n in (16, 32) for end in ("", "_be", "_le")]

# Vertical tab and form feed part lines and pages: removing them would glue words together.
LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff]+")
SURROGATES = re.compile("[\ud800-\udfff]")
LONG_MARKS = re.compile(r"[^\w\s]{100,}")

KINDS = {
    Role.TITLE: "title",
    Role.HEADING: "heading",
    Role.BODY: "body",
    Role.CAPTION: "caption",
    Role.BIO: "bio",
    Role.PROVENANCE: "note",
}


class UnreadableText(ValueError):
    """The bytes are not a text; the message says what they look like and what to do."""


@dataclass(frozen=True, slots=True)
class Slice:
    """A passage: its kind (title, heading, body, caption, bio, note) and where it stands."""

    kind: str
    start: int
    end: int


def decode(data: bytes) -> str:
    """The text that the bytes hold, in whatever encoding; UnreadableText if they hold none."""
    for magic, thing in MAGIC.items():
        if data.startswith(magic):
            raise UnreadableText(f"This is {thing}, not a text. Save it as plain text (UTF-8).")
    text = _decoded(data)
    controls = len(text) - len(CONTROLS.sub("", text))
    if controls > 3 and controls * 20 > len(text):
        raise UnreadableText(
            "This does not look like a text: too many control characters. "
            "Save it as plain text (UTF-8)."
        )
    return text


def _decoded(data: bytes) -> str:
    marked = [name for mark, name in BYTE_ORDER_MARKS.items() if data.startswith(mark)]
    try:
        return data.decode(marked[0] if marked else "utf-8")
    except UnicodeDecodeError:
        if marked:
            raise UnreadableText(
                f"This file says that it is {marked[0].upper()} but is damaged. "
                "Save it as plain text (UTF-8)."
            ) from None
    guesses = list(from_bytes(data, cp_exclusion=NEVER_GUESSED))
    if not guesses:
        raise UnreadableText("No known encoding fits this file. Save it as plain text (UTF-8).")
    best = guesses[0]
    # Between guesses of equal merit the commonest Western encoding is the likelier one.
    western = (
        guess
        for guess in guesses
        if "cp1252" in guess.could_be_from_charset
        and guess.coherence >= best.coherence
        and guess.chaos <= best.chaos + 0.1
    )
    return str(next(western, best))


def normalise(text: str) -> str:
    """The text with LF only, in NFC, free of BOM, NUL, surrogates and controls but tab and LF.

    CRLF, CR, NEL, U+2028, U+2029, vertical tab and form feed become LF; a lone surrogate
    becomes U+FFFD. Joiners, bidi marks and other invisible signs of the script stay.
    """
    text = CONTROLS.sub("", text)
    text = LINE_ENDS.sub("\n", text)
    text = SURROGATES.sub("\ufffd", text)
    return unicodedata.normalize("NFC", LONG_MARKS.sub(_in_order, text))


def _in_order(match: re.Match[str]) -> str:
    """Combining marks in canonical order; NFC needs quadratic time for long runs of them."""
    runs = groupby(match[0], key=lambda sign: unicodedata.combining(sign) > 0)
    return "".join("".join(sorted(run, key=unicodedata.combining)) for _, run in runs)


def classify(text: str, known: Mapping[int, str] | None = None) -> list[Line]:
    """One Line with its role for every non-blank line of the normalised text, in order.

    `known` are roles by line number, as the format of the raw input has them; they are kept.
    """
    lines = lines_of(normalise(text))
    return assign(lines, {number: Role(role) for number, role in (known or {}).items()})


def compose(lines: Sequence[Line]) -> tuple[str, list[Slice]]:
    """The cleaned text and its passages: kept lines, stripped, parted by blank lines.

    Bylines, datelines, outlets, duplicates and boilerplate are left out. The lines of a
    hard-wrapped paragraph are joined by spaces into one passage.
    """
    pieces: list[str] = []
    slices: list[Slice] = []
    position = 0
    for paragraph in paragraphs(lines):
        for role, run in groupby(paragraph, key=lambda line: line.role):
            if role not in KINDS:
                continue
            piece = " ".join(line.text.strip() for line in run)
            pieces.append(piece)
            slices.append(Slice(KINDS[role], position, position + len(piece)))
            position += len(piece) + 2
    return "\n\n".join(pieces), slices


def sha256(text: str) -> str:
    """The SHA-256 of the text in UTF-8, as 64 hexadecimal digits."""
    return _sha256(text.encode()).hexdigest()
