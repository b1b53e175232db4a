"""Raw input of every kind: what it is taken for, and the text, roles and facts read from it."""

import base64
import io
import subprocess
import sys
from datetime import date
from pathlib import Path

import docx
import odfdo
import pytest
from docx.oxml import parse_xml

from corpus_app import text
from corpus_app.reading import MEDIA_TYPES, Readers, Unreadable, kind_of
from tests.reading import (
    BYLINE,
    HEADING,
    PARAGRAPH,
    SECOND,
    TITLE,
    docx_of,
    eml_of,
    html_of,
    odt_of,
    pdf_of,
    pdf_with,
    xlsx_of,
    zipped,
)

PRINTED = [
    (TITLE, 22, 780),
    (BYLINE, 11, 740),
    (PARAGRAPH[:48], 11, 700),
    (PARAGRAPH[49:], 11, 686),
]
PLAIN = f"{TITLE}\n\n{BYLINE}\n\n{PARAGRAPH}\n"
ENCODINGS = [
    "utf-8", "utf-8-sig", "utf-16", "utf-16-le-bom", "utf-32", "cp1252", "latin-1", "mac-roman",
]  # fmt: skip


@pytest.fixture(scope="module")
def readers():
    with Readers() as readers:
        yield readers


def lines(document) -> list[tuple[str, str]]:
    """The role and text of every line as an import would see them."""
    found = text.classify(document.text, document.roles)
    return [(line.role.value, line.text.strip()) for line in found]


# What it is --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.txt", PLAIN.encode(), "text"),
        ("", PLAIN.encode(), "text"),
        ("a.html", PLAIN.encode(), "text"),
        ("a.txt", html_of().encode(), "page"),
        ("", html_of().encode("utf-16"), "page"),
        ("", b"\n<!-- saved from a site -->\n<HTML><body>x", "page"),
        ("", b"<div><h1>A</h1><p>One.</p><p>Two.</p></div>", "page"),
        ("", b"<Laughter.> He said no more of it.", "text"),
        ("a.bin", docx_of(), "word"),
        ("a.zip", docx_of(), "word"),
        ("a.docx", odt_of(), "odt"),
        ("a.txt", pdf_of(PRINTED), "pdf"),
        ("a.bin", b"\n\n%PDF-1.4", "pdf"),
        ("a.eml", b"Hello", "mail"),
        ("", bytes(eml_of()), "mail"),
        ("", b"Subject: A pasted mail\nFrom: Ada\n\nText", "text"),
        ("a.csv", b"a,b\n", "table"),
        ("a.bin", xlsx_of([["a"]]), "table"),
        ("", b'{"title": "A"}\n', "table"),
        ("a.txt", b'{"title": "A"}\n', "text"),
        ("a.zip", zipped(("a.txt", b"x")), "archive"),
        ("a.docx", zipped(("a.txt", b"x")), "archive"),
        ("a.zip", zipped(("a.docx", docx_of())), "archive"),
    ],
)
def test_the_content_says_what_it_is_and_then_the_name(name, data, kind):
    assert kind_of(name, data) == kind


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "an old office document"),
        (b"{\\rtf1 Hello}", "an RTF document"),
        (b"\x1f\x8b\x08", "a gzip archive"),
    ],
)
def test_what_no_reader_reads_is_refused_with_its_name(data, says):
    with pytest.raises(Unreadable, match=says):
        kind_of("a.txt", data)


# The same article in every format ----------------------------------------------------------------

FORMATS = {
    "a.txt": PLAIN.encode(),
    "a.html": html_of().encode(),
    "a.docx": docx_of(),
    "a.odt": odt_of(),
    "a.pdf": pdf_of(PRINTED),
    "a.eml": bytes(eml_of(text=f"{BYLINE}\n\n{PARAGRAPH}\n")),
    "only a page.eml": bytes(eml_of(text="", html=html_of())),
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_gives_the_same_article(readers, name):
    document = readers.read(name, FORMATS[name])
    assert [line for line in lines(document) if line[0] != "boilerplate"] == [
        ("title", TITLE),
        ("byline", BYLINE),
        ("body", PARAGRAPH),
    ]


@pytest.mark.parametrize("name", FORMATS)
def test_what_was_read_once_is_read_again_by_its_media_type(readers, name):
    first = readers.read(name, FORMATS[name])
    again = readers.read("", FORMATS[name], first.kind)
    assert first.kind in MEDIA_TYPES.values()
    assert (again.text, again.roles, again.kind) == (first.text, first.roles, first.kind)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("name", ["a.txt", "a.html"])
def test_the_encoding_does_not_matter(readers, encoding, name):
    words = "Das Café „Zur Brücke“ öffnet für Gäste; so heißt es im Büro des Hafens über die Fähre."
    if encoding in ("latin-1", "mac-roman"):
        words = words.replace("„", "«").replace("“", "»")
    source = f"{words}\n\n{words[:-1]} von gestern.\n"
    if name == "a.html":
        meta = f'<meta charset="{encoding}">' if encoding[:3] != "utf" else ""
        source = html_of(words, [source]).replace("<head>", f"<head>{meta}")
    bom = "\ufeff" if encoding == "utf-16-le-bom" else ""
    data = (bom + source).encode(encoding.removesuffix("-bom"))
    assert words in readers.read(name, data).text


# Pages -------------------------------------------------------------------------------------------

PAGE = f"""<!DOCTYPE html><html lang="de-CH"><head><title>Calm | The Lantern</title>
<meta property="og:site_name" content="The Lantern"><meta name="author" content="Ada Quill">
<meta property="og:title" content="The strait is calm">
<meta property="article:published_time" content="2024-03-05T23:10:00+01:00">
<link rel="canonical" href="https://lantern.example/calm">
<script>var text = "Never shown";</script></head><body>
<nav><a href="/">Home</a> <a href="/sea">The sea</a></nav>
<article><h1>The strait is calm</h1><p>By Ada Quill</p>
<p>{PARAGRAPH}</p><h2>{HEADING}</h2><p>{SECOND}<br>{PARAGRAPH}</p>
<figure><img src="x.jpg"><figcaption>A ferry at the pier</figcaption></figure>
<p hidden>Hidden from everybody.</p><p style="display: none">Hidden, too.</p>
<ul><li>Seven ferries</li><li>Two tugs</li></ul><p>{SECOND}</p></article>
<aside><h3>Most read</h3><ul><li><a href="/1">A storm is coming to the harbour</a></li></ul></aside>
</body></html>"""


def test_a_page_tells_what_it_is(readers):
    assert readers.read("a.html", PAGE.encode()).fields == {
        "title": TITLE,
        "authors": ("Ada Quill",),
        "outlet": "The Lantern",
        "published_on": date(2024, 3, 5),
        "url": "https://lantern.example/calm",
        "language": "de-CH",
    }


def test_every_visible_block_of_a_page_is_a_line_with_its_role(readers):
    found = lines(readers.read("a.html", PAGE.encode()))
    assert found == [
        ("boilerplate", "Home The sea"),
        ("title", TITLE),
        ("byline", BYLINE),
        ("body", PARAGRAPH),
        ("heading", HEADING),
        ("body", SECOND),
        ("body", PARAGRAPH),
        ("boilerplate", "A ferry at the pier"),
        ("body", "Seven ferries"),
        ("body", "Two tugs"),
        ("body", SECOND),
        ("boilerplate", "Most read"),
        ("boilerplate", "A storm is coming to the harbour"),
    ]


def test_a_page_without_text_is_refused(readers):
    with pytest.raises(Unreadable, match="no text on this page"):
        readers.read("a.html", b"<html><body><script>x</script></body></html>")


# Office documents, PDF, mail ---------------------------------------------------------------------


def test_a_pdf_without_a_text_layer_is_told_to_be_a_scan(readers):
    blank = pdf_with(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>",
    )
    with pytest.raises(Unreadable, match="no text layer; it is a scan"):
        readers.read("scan.pdf", blank)


def test_what_is_set_larger_in_a_pdf_is_title_or_heading(readers):
    page = [
        ("The strait is calm, and will stay so all summer", 22, 780),
        ("if the harbour has it right", 22, 752),
        (PARAGRAPH[:48], 11, 700),
        (PARAGRAPH[49:], 11, 686),
        (HEADING, 14, 650),
        (SECOND[:49], 11, 620),
        (SECOND[50:], 11, 606),
    ]
    assert lines(readers.read("a.pdf", pdf_of(page))) == [
        ("title", "The strait is calm, and will stay so all summer if the harbour has it right"),
        ("body", PARAGRAPH),
        ("heading", HEADING),
        ("body", SECOND),
    ]


def test_lines_of_a_pdf_become_paragraphs_and_running_titles_go(readers):
    body = [
        ("The Harbour Office says that the strait is calm this sum-", 11, 760),
        ("mer. Nobody in the harbour agrees with that, not even the", 11, 746),
        ("pilots.", 11, 732),
        ("Ferries have gone since Monday, and every captain says so", 11, 704),
        ("in writing, said the guild, which has no reason to", 11, 690),
    ]
    texts = [body, [("doubt it.", 11, 760)], [("More of it is said.", 11, 760)]]
    pages = [
        [("The Lantern", 9, 820), *lines, (f"Page {number}", 9, 20)]
        for number, lines in enumerate(texts, start=1)
    ]
    assert lines(readers.read("a.pdf", pdf_of(*pages)))[:2] == [
        (
            "body",
            "The Harbour Office says that the strait is calm this summer. Nobody in the harbour "
            "agrees with that, not even the pilots.",
        ),
        (
            "body",
            "Ferries have gone since Monday, and every captain says so in writing, said the "
            "guild, which has no reason to doubt it.",
        ),
    ]


W = '<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'


def test_all_that_a_word_document_shows_is_read(readers):
    document, made = docx.Document(), io.BytesIO()
    document.add_heading(TITLE, 0)
    document.add_heading(HEADING, 1)
    document.add_paragraph("One line\nand another")
    inserted = document.add_paragraph("Ferries ")
    inserted._p.append(parse_xml(f"{W.replace('w:r', 'w:ins')}<w:r><w:t>go</w:t></w:r></w:ins>"))
    deleted = "<w:r><w:delText>not</w:delText></w:r></w:del>"
    inserted._p.append(parse_xml(W.replace("w:r", "w:del") + deleted))
    wrapped = "<w:sdtContent><w:p><w:r><w:t>Wrapped</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    document.element.body.insert(3, parse_xml(W.replace("w:r", "w:sdt") + wrapped))
    table = document.add_table(2, 2)
    for cell, word in zip(table._cells, ["Ships", "Seven", PARAGRAPH, ""], strict=True):
        cell.text = word
    document.save(made)
    read = readers.read("a.docx", made.getvalue())
    assert read.text.strip().split("\n\n") == [
        TITLE, HEADING, "One line", "and another", "Wrapped", "Ferries go", "Ships | Seven",
        PARAGRAPH,
    ]  # fmt: skip
    assert read.roles == {1: "title", 3: "heading", 13: "body"}


def test_all_that_an_opendocument_text_shows_is_read(readers):
    document, made = odfdo.Document("text"), io.BytesIO()
    document.body.clear()
    noted = odfdo.Paragraph("Ferries go")
    noted.insert_note(after="Ferries", note_id="n1", citation="1", body="Since Monday.")
    table = odfdo.Table("Ships", width=2, height=1)
    table.set_values([["Ships", "Seven"]])
    for block in (
        odfdo.Paragraph(TITLE, style="Title"), odfdo.Header(1, HEADING),
        odfdo.Paragraph("One line\nand another"), noted, odfdo.List(["First", "Second"]), table,
    ):  # fmt: skip
        document.body.append(block)
    document.save(made)
    read = readers.read("a.odt", made.getvalue())
    assert read.text.strip().split("\n\n") == [
        TITLE, HEADING, "One line", "and another", "Ferries go", "First", "Second",
        "Ships | Seven", "Since Monday.",
    ]  # fmt: skip


def test_the_server_loads_no_reader_of_a_format():
    heavy = "{'trafilatura', 'docx', 'odfdo', 'pypdfium2', 'python_calamine', 'lxml'}"
    program = f"import sys, corpus_app.reading; sys.exit(len({heavy} & set(sys.modules)))"
    root = Path(__file__).resolve().parents[1]
    assert subprocess.run([sys.executable, "-c", program], cwd=root).returncode == 0


def test_a_mail_says_who_sent_it_what_and_when_and_what_was_attached(readers):
    mail = eml_of()
    mail.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="tide.pdf")
    document = readers.read("a.eml", bytes(mail))
    assert document.fields == {
        "title": TITLE,
        "authors": ("Ada Quill",),
        "published_on": date(2024, 3, 3),
    }
    assert ("boilerplate", "Attached, not read: tide.pdf") in lines(document)


def test_a_page_saved_as_a_mail_is_a_page(readers):
    mail = eml_of(text="", html=PAGE)
    mail.replace_header("From", "<Saved by Blink>")
    mail["Snapshot-Content-Location"] = "https://lantern.example/calm?saved"
    document = readers.read("a.mhtml", bytes(mail))
    assert document.fields["authors"] == ("Ada Quill",)
    assert document.fields["published_on"] == date(2024, 3, 5)
    assert document.fields["url"] == "https://lantern.example/calm?saved"
    assert ("body", SECOND) in lines(document)


def test_a_mail_in_an_encoding_that_there_is_not_is_read_all_the_same(readers):
    data = bytes(eml_of()).replace(b"utf-8", b"x-none")
    assert PARAGRAPH in readers.read("a.eml", data).text


# Several -----------------------------------------------------------------------------------------


def test_an_archive_or_a_table_is_no_article(readers):
    for name, data in [("a.zip", zipped(("a.txt", b"x"))), ("a.csv", b"a,b\n")]:
        with pytest.raises(Unreadable, match="several articles\\. Import it as a batch"):
            readers.read(name, data)


def test_many_pages_are_read_by_one_process():
    with Readers() as readers:
        readers.read("a.html", PAGE.encode())
        process = readers._children["page"].process.pid
        for _ in range(20):
            readers.read("a.html", PAGE.encode())
        assert readers._children["page"].process.pid == process
    assert readers._children == {}


def test_a_reader_that_was_killed_is_started_again():
    with Readers() as readers:
        readers.read("a.html", PAGE.encode())
        readers._children["page"].process.kill()
        readers._children["page"].process.wait()
        assert PARAGRAPH in readers.read("a.html", PAGE.encode()).text


def test_a_reader_knows_no_secret_of_the_site(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "a secret")
    with Readers() as readers:
        readers.read("a.html", PAGE.encode())
        process = readers._children["page"].process.pid
        with open(f"/proc/{process}/environ", "rb") as environment:
            assert b"secret" not in environment.read()


def test_large_honest_files_are_read(readers):
    many = [f"{number}: {PARAGRAPH}" for number in range(2000)]
    script = "<script>" + "var x = [1, 2, 3];" * 270_000 + "</script>"
    mail = eml_of()
    mail.add_attachment(base64.b85encode(bytes(3_500_000)), maintype="application", subtype="pdf")
    files = {
        "scripts.html": html_of().replace("<body>", f"<body>{script}").encode(),
        "long.html": html_of(paragraphs=many).encode(),
        "long.docx": docx_of(paragraphs=many),
        "long.odt": odt_of(paragraphs=many),
        "attached.eml": bytes(mail),
        "long.txt": "\n".join(many).encode(),
    }
    for name, data in files.items():
        assert PARAGRAPH in readers.read(name, data).text
