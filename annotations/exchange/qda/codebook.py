"""A REFI-QDA codebook (`.qdc`), out and in: facets and tags as codes, and nothing else.

The name and the description of the codebook are those of a set of its facets.
"""

from collections.abc import Iterator
from typing import BinaryIO
from xml.sax.saxutils import quoteattr

from lxml import etree

from annotations.exchange.aside import Misshapen, record_of, values_of
from annotations.exchange.markup import legal, parsed
from annotations.exchange.neutral import (
    CodebookRecord,
    Parcel,
    ReadError,
    Record,
    Refusal,
    Remark,
    Row,
)
from annotations.exchange.noted import unnoted
from annotations.exchange.qda.codes import (
    child,
    code,
    description,
    guid,
    not_kept,
    note,
    read_codes,
    write_codes,
)

NAMESPACE = "urn:QDA-XML:codebook:1.0"
INSIDE = f"{{{NAMESPACE}}}"
EXPECTED = "A REFI-QDA codebook is a .qdc file."


def write(parcel: Parcel) -> Iterator[bytes]:
    """The codebook in XML. Where there is no facet yet, one code says so: there has to be one."""
    codes = etree.Element("Codes")
    write_codes(codes, parcel.facets, parcel.tags, {})
    facets = [one.get("guid") for one in codes]
    if not facets:
        code(codes, "No facets yet", guid("nothing"), note("", {"is": "nothing"}), codable=False)
    origin = quoteattr("Crossread")
    yield (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f"<CodeBook xmlns={quoteattr(NAMESPACE)} origin={origin}>\n"
    ).encode()
    yield etree.tostring(codes, encoding="utf-8")
    if parcel.codebook:
        book = parcel.codebook
        sets = etree.Element("Sets")
        own = child(sets, "Set", guid=guid("codebook"), name=book.name or "–")
        told = note(book.description, {"is": "codebook", **values_of(book)})
        child(own, "Description", told)
        for facet in facets:
            child(own, "MemberCode", guid=facet)
        yield etree.tostring(sets, encoding="utf-8")
    yield b"</CodeBook>\n"


def read(file: BinaryIO) -> Iterator[Row]:
    """The codebook, its facets and tags. Raises ReadError for what is none."""
    root = parsed(file.read(), EXPECTED)
    if root.tag != f"{INSIDE}CodeBook":
        raise ReadError(f"It begins with <{etree.QName(root).localname}>. {EXPECTED}")
    for line, what in enumerate(_records(root), start=1):
        yield Row(line, what)


def _records(root: etree._Element) -> Iterator[Record]:
    strangers = 0
    for one in root.iterfind(f"{INSIDE}Sets/{INSIDE}Set"):
        words, told = unnoted(description(one))
        if told.get("is") != "codebook":
            strangers += 1
            continue
        try:
            book = record_of(CodebookRecord, told)
        except Misshapen as error:
            yield Refusal(f"Set “{one.get('name')}”: {error}.")
            continue
        if one.get("name") != legal(book.name):
            book = book._replace(name=one.get("name", ""))
        yield book if words == legal(book.description) else book._replace(description=words)
    yield from read_codes(root.find(f"{INSIDE}Codes")).records()
    if strangers:
        yield Remark(not_kept(strangers, "set"))
