"""Files made to harm: each is refused by name, in seconds and little memory, and the rest goes on.

The files are made here; the readers' processes are watched from outside while they read.
"""

import io
import resource
import struct
import subprocess
import sys
import threading
import time
import zipfile
import zlib
from collections.abc import Callable
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

import pytest

from corpus_app.reading import Readers, Unreadable
from tests.reading import (
    PARAGRAPH,
    docx_of,
    eml_of,
    html_of,
    odt_of,
    pdf_of,
    pdf_with,
    xlsx_of,
    zipped,
)

MEGABYTE = 1024 * 1024
MOST_SECONDS = 5
MOST_MEMORY = 200 * MEGABYTE

HTML = b"<html><head><title>A page</title></head><body>"
ENTITIES = "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10)
)  # a billion of l0
LAUGHS = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{ENTITIES}]>'
QUADRATIC = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l9 "{"ha" * 50_000}">]>'
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>'


def test_where_the_system_limits_the_time_of_processes_documents_are_read_all_the_same():
    page = b"<html><body><p>The strait is calm.</p></body></html>"
    read = f"with Readers() as readers: print(readers.read('a.html', {page}).text)"
    told = subprocess.run(
        [sys.executable, "-c", f"from corpus_app.reading import Readers\n{read}"],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (60, 60)),
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert told.stdout.strip() == "The strait is calm."


def changed(document: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same zip file with one of its parts changed."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as old, zipfile.ZipFile(made, "w", 8) as new:
        for member in old.infolist():
            content = old.read(member)
            new.writestr(member, change(content) if member.filename == part else content)
    return made.getvalue()


def replacing(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    """What puts the new bytes in the place of the old ones, which must be there."""

    def change(content: bytes) -> bytes:
        assert old in content
        return content.replace(old, new)

    return change


def with_entities(document: bytes, part: str, head: str) -> bytes:
    """An office document in a part of which entities are declared, and one of them used."""

    def change(content: bytes) -> bytes:
        body = content[content.index(b"?>") + 2 :] if content.startswith(b"<?xml") else content
        return head.encode() + body.replace(PARAGRAPH.encode(), b"&l9;" * 1000)

    return changed(document, part, change)


def stored(name: str, content: bytes, size: int, way: int = 8) -> bytes:
    """A zip file of one member whose packed bytes are these, whatever they hold."""
    said, crc = name.encode(), 0
    local = struct.pack(
        "<4s5H3I2H", b"PK\3\4", 20, 0, way, 0, 0, crc, len(content), size, len(said), 0
    )
    entry = struct.pack(
        "<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, way, 0, 0, crc, len(content), size, len(said),
        0, 0, 0, 0, 0, 0,
    )  # fmt: skip
    body = local + said + content
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 1, 1, len(entry) + len(said), len(body), 0)
    return body + entry + said + end


def overlapping() -> bytes:
    """A zip file of 250 members that share one kernel of 10 MB, quoted by each."""
    kernel = zlib.compressobj(9, wbits=-15)
    content = kernel.compress(b"\0" * 10 * MEGABYTE) + kernel.flush()
    one = stored("0", content, 10 * MEGABYTE)
    start = one.index(b"PK\1\2")
    entry = one[start : one.index(b"PK\5\6")]
    entries = b"".join(entry[:-1] + b"%c" % (33 + n % 90) for n in range(250))
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 250, 250, len(entries), start, 0)
    return one[:start] + entries + end


def zeros(size: int) -> bytes:
    """So many zeros, deflated, without ever having them."""
    packer = zlib.compressobj(9, wbits=-15)
    parts = [packer.compress(b"\0" * MEGABYTE) for _ in range(size // MEGABYTE)]
    return b"".join(parts) + packer.flush()


CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"


def endless_tree() -> bytes:
    """Pages whose parents are their own children."""
    kids = b"2 0 R " * 1000
    return pdf_with(CATALOGUE, b"<</Type/Pages/Count 1000000/Kids[%s]>>" % kids)


def many_pages() -> bytes:
    """A billion pages, it says."""
    return pdf_with(
        CATALOGUE, b"<</Type/Pages/Count 1000000000/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
    )  # fmt: skip


def swelling_stream(times: int = 2) -> bytes:
    """A page whose content inflates to gigabytes, packed again and again."""
    content = zlib.compress(b"BT (a) Tj ET\n" * (200 * MEGABYTE // 13), 9)
    for _ in range(times - 1):
        content = zlib.compress(content, 9)
    filters = b"/FlateDecode" * times
    return pdf_with(
        CATALOGUE, b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R>>",
        b"<</Length %d/Filter[%s]>>\nstream\n%s\nendstream" % (len(content), filters, content),
    )  # fmt: skip


def forms_in_forms() -> bytes:
    """A page that shows ten forms, each of which shows ten forms, nine levels down."""
    resources = b"/Resources<</XObject<</X %d 0 R>>>>"
    kinds = [
        b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]%s/Length 60>>\nstream\n%s\nendstream"
        % (resources % (5 + level), b"/X Do " * 10)
        for level in range(9)
    ]
    return pdf_with(
        CATALOGUE, b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R%s>>" % (resources % 4),
        *kinds, kinds[-1],
    )  # fmt: skip


def nested_mail(depth: int) -> bytes:
    heads = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(depth)
    )
    return b"From: a@example.org\nMIME-Version: 1.0\n" + heads + b"Content-Type: text/plain\n\nHi"


def sheet_with(cells: str) -> bytes:
    rows = f"<sheetData>{cells}</sheetData>".encode()

    def change(content: bytes) -> bytes:
        start, end = content.index(b"<sheetData>"), content.index(b"</sheetData>")
        return content[:start] + rows + content[end + len(b"</sheetData>") :]

    return changed(xlsx_of([["Title", "Text"], ["a", "b"]]), "xl/worksheets/sheet1.xml", change)


def truncated(data: bytes) -> bytes:
    return data[: len(data) * 2 // 3]


def bomb_in(document: bytes, part: str) -> bytes:
    """An office document, one part of which unpacks into 200 MB of white space."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as old, zipfile.ZipFile(made, "w", 8) as new:
        for member in old.infolist():
            if member.filename != part:
                new.writestr(member, old.read(member))
        with new.open(part, "w") as stream:
            for _ in range(200):
                stream.write(b" " * MEGABYTE)
    return made.getvalue()


NESTED_HTML = HTML + b"<div>" * 1_000_000 + b"Deep" + b"</div>" * 1_000_000
LAST_CELL = (
    '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
)
MANY_COLUMNS = "<row>" + "<c><v>1</v></c>" * (1 << 20) + "</row>"
WORD_BODY, ODT_BODY = "word/document.xml", "content.xml"

ARTICLES = {
    "200 MB of zeros.txt": lambda: b"\0" * (200 * MEGABYTE),
    "200 MB of tags.html": lambda: HTML + b"<div>" * (40 * MEGABYTE),
    "200 MB on one line.txt": lambda: b"word " * (40 * MEGABYTE),
    "200 MB on one line.html": lambda: HTML + b"word " * (40 * MEGABYTE),
    "9 MB of zeros.txt": lambda: b"\0" * (9 * MEGABYTE),
    "9 MB of zeros.html": lambda: HTML + b"\0" * (9 * MEGABYTE),
    "9 MB on one line.txt": lambda: b"word " * (9 * MEGABYTE // 5),
    "9 MB on one line.html": lambda: HTML + b"word " * (9 * MEGABYTE // 5),
    "9 MB of tags.html": lambda: HTML + b"<div>" * (9 * MEGABYTE // 5),
    "9 MB of links.html": lambda: HTML + b"<p><a href=x>y</a></p>" * (9 * MEGABYTE // 22),
    "9 MB of paragraphs.html": lambda: HTML + b"<p>One more.</p>" * (9 * MEGABYTE // 16),
    "deep.html": lambda: NESTED_HTML,
    "attributes.html": lambda: HTML + b"<p " + b"a=b " * (2 * MEGABYTE) + b">x</p>",
    "laughs.docx": lambda: with_entities(docx_of(), WORD_BODY, LAUGHS),
    "laughs.odt": lambda: with_entities(odt_of(), ODT_BODY, LAUGHS),
    "quadratic.docx": lambda: with_entities(docx_of(), WORD_BODY, QUADRATIC),
    "quadratic.odt": lambda: with_entities(odt_of(), ODT_BODY, QUADRATIC),
    "outside.docx": lambda: with_entities(docx_of(), WORD_BODY, OUTSIDE),
    "outside.odt": lambda: with_entities(odt_of(), ODT_BODY, OUTSIDE),
    "bomb.docx": lambda: bomb_in(docx_of(), WORD_BODY),
    "bomb.odt": lambda: bomb_in(odt_of(), ODT_BODY),
    "elements.docx": lambda: changed(
        docx_of(), WORD_BODY, replacing(b"<w:body>", b"<w:body>" + b"<w:p/>" * 5_000_000)
    ),
    "deep.odt": lambda: changed(
        odt_of(), ODT_BODY,
        replacing(b"<office:text>", b"<office:text>" + b"<text:section>" * 200_000),
    ),
    "path.docx": lambda: changed(
        docx_of(), "_rels/.rels", replacing(b"word/document.xml", b"../../../etc/passwd")
    ),
    "endless.pdf": endless_tree,
    "pages.pdf": many_pages,
    "swelling.pdf": swelling_stream,
    "forms.pdf": forms_in_forms,
    "parts.eml": lambda: nested_mail(10_000),
    "cut off.docx": lambda: truncated(docx_of()),
    "cut off.odt": lambda: truncated(odt_of()),
    "cut off.pdf": lambda: truncated(pdf_of([(PARAGRAPH, 11, 700)]))[:-300],
    "picture.txt": lambda: b"\x89PNG\r\n\x1a\n" + bytes(1000),
}  # fmt: skip
TABLES = {
    "columns.xlsx": lambda: sheet_with(MANY_COLUMNS),
    "sparse.xlsx": lambda: sheet_with(LAST_CELL),
    "laughs.xlsx": lambda: with_entities(
        xlsx_of([["Text"], [PARAGRAPH]]), "xl/worksheets/sheet1.xml", LAUGHS
    ),
    "bomb.xlsx": lambda: bomb_in(xlsx_of([["a"]]), "xl/worksheets/sheet1.xml"),
    "cut off.xlsx": lambda: truncated(xlsx_of([["Title", "Text"], ["a", "b"]])),
    "columns.csv": lambda: b"a," * (4 * MEGABYTE),
    "one cell.csv": lambda: b'Text\n"' + b"word " * (12 * MEGABYTE),
    "zeros.csv": lambda: b"\0" * (60 * MEGABYTE),
    "deep.jsonl": lambda: b'{"a":' + b"[" * 1_000_000 + b"]" * 1_000_000 + b"}",
    "figures.jsonl": lambda: b'{"a":' + b"9" * 1_000_000 + b"}",
    "200 MB.csv": lambda: b"a,b\n" * (50 * MEGABYTE),
}
ARCHIVES = {
    "overlapping.zip": overlapping,
    "empty.zip": lambda: b"PK\5\6" + bytes(18) + b"?" * 10,
    "cut off.zip": lambda: truncated(zipped(("a.txt", b"a" * 1000))),
    "200 MB.zip": lambda: b"PK\3\4" + bytes(200 * MEGABYTE),
    "crowd.zip": lambda: zipped(*((f"{n}.txt", b"") for n in range(20_001))),
}
MEMBERS = {
    "zeros.txt": lambda: stored("zeros.txt", zeros(128 * MEGABYTE), 128 * MEGABYTE),
    "lies about its size": lambda: stored("a.txt", zeros(128 * MEGABYTE), 1000),
    "a zip in a zip": lambda: zipped(("a.zip", zipped(("a.txt", PARAGRAPH.encode())))),
    "a path upwards": lambda: zipped(("../../a.txt", PARAGRAPH.encode())),
    "an absolute path": lambda: zipped(("/etc/a.txt", PARAGRAPH.encode())),
    "a drive": lambda: zipped(("C:\\a.txt", PARAGRAPH.encode())),
    "a path of another system": lambda: zipped(("..\\a.txt", PARAGRAPH.encode())),
    "another way of packing": lambda: stored("a.txt", b"x" * 100, 100, way=14),
    "a picture": lambda: zipped(("a.txt", b"\x89PNG\r\n\x1a\n")),
}


class Watch:
    """The largest memory that any child of this process had, looked at while it is on."""

    def __init__(self) -> None:
        self.peak = 0
        self.on = True

    def look(self) -> None:
        while self.on:
            self.peak = max([self.peak, *map(peak_of, readers_processes())])
            time.sleep(0.01)


def readers_processes() -> list[Path]:
    """The folders in /proc of the children of this process that are readers."""
    numbers = [text_of(path).split() for path in Path("/proc/self/task").glob("*/children")]
    folders = [Path("/proc") / number for number in chain.from_iterable(numbers)]
    return [folder for folder in folders if "corpus_app.reading" in text_of(folder / "cmdline")]


def peak_of(process: Path) -> int:
    """The most memory that the process has had, in bytes; 0 when it has ended."""
    lines = text_of(process / "status").splitlines()
    return max([int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM")] or [0])


def text_of(path: Path) -> str:
    """The file's text; empty when the process has ended."""
    try:
        return path.read_text()
    except OSError:
        return ""


@contextmanager
def bounded(name: str):
    """Fails if what is done inside takes too long or its processes too much memory."""
    watch = Watch()
    looking = threading.Thread(target=watch.look)
    for process in readers_processes():
        (process / "clear_refs").write_text("5")  # its peak is counted from here
    looking.start()
    begun = time.monotonic()
    try:
        yield
    finally:
        took = time.monotonic() - begun
        watch.on = False
        looking.join()
    told = f"{name}: {took:.1f} s, {watch.peak // MEGABYTE} MB"
    sys.stdout.write(f"{told}\n")
    assert took < MOST_SECONDS, told
    assert watch.peak < MOST_MEMORY, told


@pytest.fixture(scope="module")
def readers():
    with Readers() as readers:
        yield readers


@pytest.mark.parametrize("name", ARTICLES)
def test_a_hostile_article_is_refused_and_the_next_is_read(readers, name):
    data = ARTICLES[name]()
    with bounded(name), pytest.raises(Unreadable) as refused:
        readers.read(name, data)
    assert str(refused.value).endswith(".")
    ending = Path(name).suffix
    honest = {
        ".docx": docx_of, ".odt": odt_of, ".eml": lambda: bytes(eml_of()),
        ".pdf": lambda: pdf_of([(PARAGRAPH, 11, 700)]), ".html": lambda: html_of().encode(),
        ".txt": PARAGRAPH.encode,
    }[ending]()  # fmt: skip
    assert PARAGRAPH in readers.read(f"honest{ending}", honest).text


@pytest.mark.parametrize("name", TABLES)
def test_a_hostile_table_is_refused(readers, name):
    data = TABLES[name]()
    with bounded(name), pytest.raises(Unreadable):
        list(readers.table(name, data).rows)


@pytest.mark.parametrize("name", ARCHIVES)
def test_a_hostile_archive_is_refused(readers, name):
    data = ARCHIVES[name]()
    with bounded(name), pytest.raises(Unreadable):
        list(readers.unpack(name, data))


@pytest.mark.parametrize("name", MEMBERS)
def test_a_hostile_file_in_an_archive_is_refused_by_name(readers, name):
    data = MEMBERS[name]()
    with bounded(name):
        [(member, content)] = readers.unpack("some.zip", data)
    assert member
    assert isinstance(content, Unreadable)
