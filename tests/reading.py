"""The same small article in every format, made by the libraries themselves or by hand."""

import io
import zipfile
from collections.abc import Sequence
from email.message import EmailMessage
from html import escape

import docx
import odfdo

TITLE = "The strait is calm"
BYLINE = "By Ada Quill"
HEADING = "What the harbour says"
PARAGRAPH = "The Harbour Office says that the strait is calm. Nobody in the harbour agrees with it."
SECOND = "Ferries have gone since Monday, and every captain says so in writing, said the guild."


def docx_of(
    title: str = TITLE, paragraphs: Sequence[str] = (BYLINE, PARAGRAPH), author: str = ""
) -> bytes:
    """A Word document; the author is that of its properties."""
    document, made = docx.Document(), io.BytesIO()
    document.core_properties.author = author
    document.add_heading(title, 0)
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.save(made)
    return made.getvalue()


def odt_of(title: str = TITLE, paragraphs: Sequence[str] = (BYLINE, PARAGRAPH)) -> bytes:
    """An OpenDocument text."""
    document, made = odfdo.Document("text"), io.BytesIO()
    document.body.clear()
    document.body.append(odfdo.Paragraph(title, style="Title"))
    for paragraph in paragraphs:
        document.body.append(odfdo.Paragraph(paragraph))
    document.save(made)
    return made.getvalue()


def html_of(title: str = TITLE, paragraphs: Sequence[str] = (BYLINE, PARAGRAPH)) -> str:
    """A page with a menu above the article and a notice below it."""
    body = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    return (
        f'<!DOCTYPE html><html lang="en"><head><title>{escape(title)}</title></head><body>'
        '<nav><ul><li><a href="/">Home</a></li><li><a href="/sea">The sea</a></li></ul></nav>'
        f"<article><h1>{escape(title)}</h1>{body}</article>"
        "<footer><p>Sign up for our newsletter</p></footer></body></html>"
    )


def eml_of(title: str = TITLE, text: str = PARAGRAPH, html: str = "") -> EmailMessage:
    """A mail from Ada Quill."""
    mail = EmailMessage()
    mail["From"], mail["To"] = "Ada Quill <ada@example.org>", "desk@example.org"
    mail["Subject"], mail["Date"] = title, "Sun, 3 Mar 2024 23:30:00 +0100"
    if text:
        mail.set_content(text)
    if html:
        (mail.add_alternative if text else mail.set_content)(html, subtype="html")
    return mail


def pdf_with(*objects: bytes) -> bytes:
    """A PDF document of these objects, the first of which is its catalogue."""
    body, places = b"%PDF-1.7\n", []
    for number, thing in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, thing)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return body + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R>>\n"
        b"startxref\n%d\n%%%%EOF" % (size, table, size, len(body))
    )


def pdf_of(*pages: Sequence[tuple[str, int, int]]) -> bytes:
    """A PDF document whose pages have these lines: text, size of its signs, height on the page."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * number) for number in range(len(pages)))
    things = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(pages), kids),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    for number, lines in enumerate(pages):
        shown = b"".join(
            b"BT /F %d Tf 60 %d Td (%s) Tj ET\n" % (size, height, text.encode("cp1252"))
            for text, size, height in lines
        )
        things += [
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R"
            b"/Resources<</Font<</F 3 0 R>>>>>>" % (5 + 2 * number),
            b"<</Length %d>>\nstream\n%s\nendstream" % (len(shown), shown),
        ]
    return pdf_with(*things)


def xlsx_of(rows: Sequence[Sequence[str | float]]) -> bytes:
    """A spreadsheet of one sheet, as small as one can be."""

    def cell(value: str | float) -> str:
        if isinstance(value, str):
            return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>'
        return f"<c><v>{value}</v></c>"

    lines = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    packages = "http://schemas.openxmlformats.org/package/2006"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{packages}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{packages}/relationships"><Relationship Id="r1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{space}" xmlns:r="{office}"><sheets>'
        '<sheet name="Articles" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{packages}/relationships">'
        f'<Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
        "</Relationships>",
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{space}"><sheetData>{lines}</sheetData>'
        "</worksheet>",
    }
    return zipped(*((name, content.encode()) for name, content in parts.items()))


def zipped(*members: tuple[str, bytes]) -> bytes:
    """An archive of these files."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return made.getvalue()
