"""Word documents: paragraphs, headings, tables and footnotes in order."""

from collections.abc import Iterator

from docx import Document as open_document
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import parse_xml
from docx.table import Table
from docx.text.paragraph import Paragraph

from corpus_app.reading.confined import serve
from corpus_app.reading.documents import Reading, Unreadable
from corpus_app.reading.packed import DAMAGED, office_document
from corpus_app.reading.properties import properties
from corpus_app.text import Role

ROLES = {"title": Role.TITLE, "caption": Role.CAPTION}
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


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
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            add_table(reading, block)
        else:
            add_paragraph(reading, block, styles.get(block._p.style, ""))
    for note in footnotes(document):
        reading.add(note, Role.BODY)
    return reading


def add_paragraph(reading: Reading, paragraph: Paragraph, style: str) -> None:
    """A line of the paragraph is a block of its own where somebody broke it by hand."""
    role = Role.HEADING if style.startswith("heading") else ROLES.get(style, "")
    for line in paragraph.text.split("\n"):
        reading.add(line, role)


def add_table(reading: Reading, table: Table) -> None:
    """A row is a block; a cell that spans several columns is said once."""
    for row in table._tbl.tr_lst:
        cells = ("".join(cell.itertext(f"{W}t")) for cell in row.tc_lst)
        reading.add(" | ".join(filter(None, cells)), Role.BODY)


def footnotes(document: Document) -> Iterator[str]:
    """The texts of the footnotes and endnotes, in order."""
    for relation in document.part.rels.values():
        if relation.reltype.endswith(("/footnotes", "/endnotes")):
            for note in parse_xml(relation.target_part.blob).iterchildren():
                if note.get(f"{W}type") is None:
                    yield "".join(note.itertext(f"{W}t"))


if __name__ == "__main__":
    serve(read)
