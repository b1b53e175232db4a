"""OpenDocument texts: paragraphs, headings, lists, tables and notes in order."""

from collections.abc import Iterable, Iterator

from odfdo import Document, Element

from corpus_app.reading.confined import serve
from corpus_app.reading.documents import Reading, Unreadable
from corpus_app.reading.packed import DAMAGED, office_document
from corpus_app.reading.properties import properties
from corpus_app.text import Role

ROLES = {"title": Role.TITLE, "caption": Role.CAPTION, "illustration": Role.CAPTION}
LEFT_OUT = frozenset({"text:tracked-changes", "office:annotation", "text:table-of-content"})
NOTES = "text:note"


def read(data: bytes) -> Reading:
    """The document's blocks: lines of paragraphs, rows of tables, notes. Raises Unreadable."""
    packed = office_document(data)
    try:
        document = Document(packed)
        body = document.body
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise Unreadable(DAMAGED) from error
    told = document.meta
    reading = Reading(
        fields=properties(
            told.get_title(), told.get_initial_creator() or told.get_creator(), told.get_language()
        )
    )
    add_blocks(reading, blocks(body))
    for note in body.get_elements("descendant::text:note-body"):
        reading.add(note.inner_text, Role.BODY)
    return reading


def blocks(element: Element) -> Iterator[Element]:
    """Headings, paragraphs and rows of tables within the element, in order."""
    for child in element.children:
        if child.tag in ("text:h", "text:p", "table:table-row"):
            yield child
        elif child.tag not in LEFT_OUT:
            yield from blocks(child)


def add_blocks(reading: Reading, found: Iterable[Element]) -> None:
    """Puts paragraphs and rows at the end; each line of them where somebody broke it by hand."""
    for block in found:
        if block.tag == "table:table-row":
            add_row(reading, block)
            continue
        style = (block.get_attribute_string("text:style-name") or "").casefold()
        role = Role.HEADING if block.tag == "text:h" else ROLES.get(style, "")
        for line in flat_text(block).split("\n"):
            reading.add(line, role)


def add_row(reading: Reading, row: Element) -> None:
    """A row is a block; what stands in a row of one cell is laid out by the table, no more."""
    cells = [flat_text(cell).strip() for cell in row.children]
    if sum(map(bool, cells)) == 1:
        add_blocks(reading, blocks(row))
    else:
        reading.add(" | ".join(filter(None, cells)), Role.BODY)


def flat_text(element: Element) -> str:
    """The text of the element without its notes and comments."""
    pieces = [element.text or ""]
    for child in element.children:
        if child.tag == "text:line-break":
            pieces.append("\n")
        elif child.tag in ("text:s", "text:tab", "text:p"):
            pieces.append(" ")
        if child.tag not in (NOTES, *LEFT_OUT):
            pieces.append(flat_text(child))
        pieces.append(child.tail or "")
    return "".join(pieces)


if __name__ == "__main__":
    serve(read)
