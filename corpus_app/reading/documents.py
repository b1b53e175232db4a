"""What is read, and what it is: by its content first, by its name second."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from corpus_app.text import MAGIC
from corpus_app.text.lines import flat

TEXT, PAGE, WORD, ODT, PDF, MAIL = "text", "page", "word", "odt", "pdf", "mail"
TABLE, ARCHIVE = "table", "archive"
ROW = "row"  # of a table, once it is an article of its own

# What each kind of one article is called for good, beside the stored raw input.
MEDIA_TYPES = {
    TEXT: "text/plain",
    PAGE: "text/html",
    WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ODT: "application/vnd.oasis.opendocument.text",
    PDF: "application/pdf",
    MAIL: "message/rfc822",
    ROW: "application/x-crossread-row+json",
}
BY_ENDING = {
    ".txt": TEXT, ".text": TEXT, ".md": TEXT, ".html": PAGE, ".htm": PAGE, ".xhtml": PAGE,
    ".docx": WORD, ".odt": ODT, ".pdf": PDF, ".eml": MAIL, ".mht": MAIL, ".mhtml": MAIL,
    ".csv": TABLE, ".tsv": TABLE, ".xlsx": TABLE, ".xls": TABLE, ".ods": TABLE,
    ".jsonl": TABLE, ".ndjson": TABLE, ".zip": ARCHIVE,
}  # fmt: skip

ARTICLE_ENDINGS = tuple(end for end, kind in BY_ENDING.items() if kind not in (TABLE, ARCHIVE))
# What a person calls them.
NAMES = {
    TEXT: "plain text", PAGE: "a web page", WORD: "a Word document", ODT: "an OpenDocument text",
    PDF: "a PDF document", MAIL: "a mail", ROW: "a row of a table",
}  # fmt: skip

MEGABYTE = 1024 * 1024
MOST_BYTES = 10 * MEGABYTE  # of one article's raw input
MOST_PACKED = 64 * MEGABYTE  # of an archive or a table
MOST_SIGNS = 2_000_000  # of the text that one article's raw input holds

OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PAGE_OPENS = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body|meta)\b",
    re.IGNORECASE | re.DOTALL,
)
FRAGMENT_OPENS = re.compile(rb"\s*<[a-z][a-z0-9]*[\s>]", re.IGNORECASE)
BLOCK_ENDS = re.compile(rb"</(?:p|div|h[1-6]|li|td|article|section)\s*>", re.IGNORECASE)
HEADER = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]{1,40}:[^\n]*\n(?:[ \t][^\n]*\n){0,50}){2,200}")
ONLY_MAIL = re.compile(rb"^(?:mime-version|message-id|received|return-path):", re.I | re.M)


class Unreadable(ValueError):
    """What cannot be read; the message says to a person what it is and what to do."""


@dataclass
class Reading:
    """What a format's reader makes of a file: blocks with their roles, and metadata.

    A role is that of `text.Role`, or empty where the format does not tell. Days are in ISO form.
    `own_lines` is text below the blocks that keeps its own lines, such as a mail's.
    """

    blocks: list[tuple[str, str]] = field(default_factory=list)
    fields: dict[str, Any] = field(default_factory=dict)
    own_lines: str = ""

    def add(self, text: str, role: str = "") -> None:
        """Puts a block at the end; one without a sign is passed over."""
        if line := flat(text):
            self.blocks.append((line, role))

    @property
    def text(self) -> str:
        """One line for each block, parted by blank lines so that none is taken for wrapped."""
        return "\n\n".join([*(line for line, _ in self.blocks), self.own_lines])

    @property
    def roles(self) -> dict[int, str]:
        """The roles that are known, by line number of `text`."""
        return {2 * place + 1: role for place, (_, role) in enumerate(self.blocks) if role}


@dataclass(frozen=True)
class Document:
    """One article as its format has it.

    `kind` is the media type; `text` has one line for each block of the format; `roles` tells by
    line number (from 1, counting blank lines) what the format itself says a line is for;
    `fields` holds the metadata that were found (title, authors, translators, outlet,
    published_on, language, url) and nothing else.
    """

    name: str
    data: bytes
    kind: str
    text: str
    roles: Mapping[int, str] = field(default_factory=dict)
    fields: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """A table's columns in order, and its rows as they are read: column → text of the cell."""

    columns: list[str]
    rows: Iterator[dict[str, str]]


def kind_of(name: str, data: bytes) -> str:
    """Which of text, page, word, odt, pdf, mail, table and archive this is.

    Raises Unreadable for what none of the readers reads, such as a picture.
    """
    if b"%PDF-" in data[:1024]:
        return PDF
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(name, data)
    if data.startswith(OLD_OFFICE):
        return _old_office(data)
    for magic, thing in MAGIC.items():
        if data.startswith(magic):
            raise Unreadable(f"This is {thing}, and no reader can read that. Save it as text.")
    return _textual(name, data)


def kind_named(media_type: str) -> str:
    """The kind that the media type of a stored article stands for; text if it is unknown."""
    return next((kind for kind, known in MEDIA_TYPES.items() if known == media_type), TEXT)


def _zipped(name: str, data: bytes) -> str:
    """By the packed names, which stand in clear at the end of the file."""
    by_name = BY_ENDING.get(PurePath(name).suffix.lower(), ARCHIVE)
    for kind in ("text", "spreadsheet"):
        if b"mimetypeapplication/vnd.oasis.opendocument." + kind.encode() in data[30:150]:
            return ODT if kind == "text" else TABLE
    end = data.rfind(b"PK\x05\x06")
    if end < 0:
        return by_name if by_name in (WORD, ODT, TABLE) else ARCHIVE
    size = int.from_bytes(data[end + 12 : end + 16], "little")
    names = data[max(0, end - size) : end]
    if b"[Content_Types].xml" in names and b"word/" in names:
        return WORD
    if b"[Content_Types].xml" in names and b"xl/" in names:
        return TABLE
    return ARCHIVE


def _old_office(data: bytes) -> str:
    if "Workbook".encode("utf-16-le") in data:
        return TABLE
    raise Unreadable("This is an old office document. Save it as .docx and import that.")


def _textual(name: str, data: bytes) -> str:
    by_name = BY_ENDING.get(PurePath(name).suffix.lower())
    head = (
        data[:20_000].lstrip(b"\xef\xbb\xbf\xff\xfe").replace(b"\x00", b"").replace(b"\r\n", b"\n")
    )
    if by_name in (MAIL, TABLE):
        return by_name
    if PAGE_OPENS.match(head) or (by_name == PAGE and b"<" in head):
        return PAGE
    if FRAGMENT_OPENS.match(head) and len(BLOCK_ENDS.findall(head)) >= 3:
        return PAGE
    headers = HEADER.match(head)
    if headers and ONLY_MAIL.search(headers[0]):
        return MAIL
    if head.startswith(b'{"') and by_name is None:
        return TABLE
    return TEXT
