"""Word documents: paragraphs, headings, tables, text boxes and footnotes in order."""

from collections.abc import Iterable, Iterator
from itertools import chain

from docx import Document as open_document
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import parse_xml
from lxml.etree import _Element

from corpus_app.reading.confined import serve
from corpus_app.reading.documents import Reading, Unreadable
from corpus_app.reading.packed import DAMAGED, office_document
from corpus_app.reading.properties import properties
from corpus_app.text import Role

ROLES = {"title": Role.TITLE, "caption": Role.CAPTION}
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# Deleted words, and what stands a second time for programs that know no text boxes.
LEFT_OUT = frozenset({f"{W}del", f"{W}moveFrom", f"{W}pPr", f"{W}rPr", FALLBACK})
BOX = f"{W}txbxContent"
SIGNS = {f"{W}br": "\n", f"{W}cr": "\n", f"{W}tab": " ", f"{W}noBreakHyphen": "-"}


def read(data: bytes) -> Reading:
    """The document's blocks: lines of paragraphs, rows of tables, footnotes. Raises Unreadable."""
    packed = office_document(data)
    try:
        document = open_document(packed)
    except (KeyError, ValueError, PackageNotFoundError) as error:
        raise Unreadable(DAMAGED) from error
    told = document.core_properties
    reading = Reading(fields=properties(told.title, told.author, told.language))
    styles = {style.style_id: (style.name or "").casefold() for style in document.styles}
    add_blocks(reading, blocks(document.element.body), styles)
    for note in footnotes(document):
        reading.add(note, Role.BODY)
    return reading


def blocks(element: _Element) -> Iterator[_Element]:
    """Paragraphs and tables within the element, in order, whatever they are wrapped in."""
    for child in element:
        if child.tag in (f"{W}p", f"{W}tbl"):
            yield child
        elif child.tag not in LEFT_OUT:
            yield from blocks(child)


def add_blocks(reading: Reading, found: Iterable[_Element], styles: dict[str, str]) -> None:
    """Puts paragraphs and tables at the end, a text box after the paragraph it hangs on."""
    for block in found:
        if block.tag == f"{W}tbl":
            add_table(reading, block, styles)
            continue
        style = styles.get(block.style, "")
        role = Role.HEADING if style.startswith("heading") else ROLES.get(style, "")
        # A line of it is a block of its own where somebody broke it by hand.
        for line in text_of(block).split("\n"):
            reading.add(line, role)
        for box in boxes(block):
            add_blocks(reading, blocks(box), styles)


def add_table(reading: Reading, table: _Element, styles: dict[str, str]) -> None:
    """A row is a block; what stands in a row of one cell is laid out by the table, no more."""
    for row in table.tr_lst:
        cells = [" ".join(map(text_of, cell.iter(f"{W}p"))).strip() for cell in row.tc_lst]
        if sum(map(bool, cells)) == 1:
            add_blocks(reading, chain.from_iterable(map(blocks, row.tc_lst)), styles)
        else:
            reading.add(" | ".join(filter(None, cells)), Role.BODY)


def text_of(element: _Element) -> str:
    """The text of a paragraph with what was inserted, and without what was deleted."""
    if element.tag == f"{W}t":
        return element.text or ""
    inner = (text_of(child) for child in element if child.tag not in LEFT_OUT | {BOX})
    return SIGNS.get(element.tag, "") + "".join(inner)


def boxes(element: _Element) -> Iterator[_Element]:
    """The text boxes that hang on a paragraph."""
    for child in element:
        if child.tag == BOX:
            yield child
        elif child.tag not in LEFT_OUT:
            yield from boxes(child)


def footnotes(document: Document) -> Iterator[str]:
    """The texts of the footnotes and endnotes, in order."""
    for relation in document.part.rels.values():
        if relation.reltype.endswith(("/footnotes", "/endnotes")):
            for note in parse_xml(relation.target_part.blob).iterchildren():
                if note.get(f"{W}type") is None:
                    yield " ".join(map(text_of, note.iter(f"{W}p")))


if __name__ == "__main__":
    serve(read)
