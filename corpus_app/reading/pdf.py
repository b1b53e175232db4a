"""PDF documents: the text layer, its lines joined to paragraphs."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from ctypes import c_double
from dataclasses import dataclass
from itertools import chain, pairwise
from statistics import median

from pypdfium2 import PdfDocument, PdfiumError, PdfPage, PdfTextPage
from pypdfium2 import raw as pdfium

from corpus_app.reading.confined import serve
from corpus_app.reading.documents import MOST_SIGNS, Reading, Unreadable
from corpus_app.reading.packed import DAMAGED, LOCKED
from corpus_app.reading.properties import properties
from corpus_app.text import Role
from corpus_app.text.lines import LIST_ITEM, ends_sentence

MOST_PAGES = 600
# How many lines at the top and at the bottom of a page may be the same on every page.
MARGIN = 2
SCAN = (
    "This PDF has no text layer; it is a scan. Let a text recognition program (OCR) read it, "
    "and import what that makes of it."
)
# How much larger than the text headlines are set.
LARGER, LONGEST_HEADLINE = 1.2, 250
# What pdfium makes of a hyphen at the end of a line, which it then joins to the next.
PARTED = re.compile("[\x02\ufffe]")
HYPHENS = ("-", "\xad", "\u2010")


# The text of a paragraph, and the size that it is set in.
Paragraph = tuple[str, float]


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line as it stands on its page, in points: left, right, baseline, and size of its signs."""

    text: str
    left: float
    right: float
    base: float
    size: float


def read(data: bytes) -> Reading:
    """The document's paragraphs. Raises Unreadable, also for one without a text layer."""
    try:
        document = PdfDocument(data)
    except PdfiumError as error:
        locked = "password" in str(error).lower()
        raise Unreadable(LOCKED if locked else DAMAGED) from error
    if len(document) > MOST_PAGES:
        raise Unreadable(f"It has more than {MOST_PAGES} pages. Send it in parts.")
    pages = list(pages_of(document))
    if not any(pages):
        raise Unreadable(SCAN)
    told = document.get_metadata_dict()
    reading = Reading(fields=properties(told.get("Title"), told.get("Author"), None))
    running = running_lines(pages)
    inner = [[line for line in page if key(line) not in running] for page in pages]
    found = joined_pages(list(paragraphs(page)) for page in inner)
    for (text, _), role in zip(found, roles_of(found), strict=True):
        reading.add(text, role)
    for line in dict.fromkeys(line.text for line in pages[0] if key(line) in running):
        reading.add(line, Role.BOILERPLATE)
    return reading


def pages_of(document: PdfDocument) -> Iterator[list[PrintedLine]]:
    """The lines of every page."""
    signs = 0
    for number in range(len(document)):
        try:
            page = document[number]
        except PdfiumError:
            continue
        lines = list(lines_of(page))
        page.close()
        signs += sum(len(line.text) for line in lines)
        if signs > MOST_SIGNS:
            raise Unreadable(f"It has more than {MOST_SIGNS:,} characters. Send it in parts.")
        yield lines


def lines_of(page: PdfPage) -> Iterator[PrintedLine]:
    """The lines of a page as pdfium finds them."""
    signs = page.get_textpage()
    first = 0
    for text in signs.get_text_range().split("\r\n"):
        if text.strip():
            last = first + len(text.rstrip()) - 1
            left, base = origin(signs, first)
            yield PrintedLine(
                PARTED.sub("", text).strip(), left, origin(signs, last)[0], base, size(signs, first)
            )
        first += len(text) + 2
    signs.close()


def origin(signs: PdfTextPage, index: int) -> tuple[float, float]:
    """Where a sign stands on its page."""
    x, y = c_double(), c_double()
    pdfium.FPDFText_GetCharOrigin(signs, index, x, y)
    return x.value, y.value


def size(signs: PdfTextPage, index: int) -> float:
    """The size that a sign is set in."""
    return round(pdfium.FPDFText_GetFontSize(signs, index), 1)


def running_lines(pages: Sequence[Sequence[PrintedLine]]) -> set[str]:
    """The keys of what stands at the edge of most pages: titles, page numbers, imprints."""
    edges = (
        {key(line) for line in (*page[:MARGIN], *page[-MARGIN:])}
        for page in pages
        if len(page) > MARGIN
    )
    counts = Counter(chain.from_iterable(edges))
    least = max(3, len(pages) // 2 + 1)
    return {line for line, count in counts.items() if count >= least}


def key(line: PrintedLine) -> str:
    """The line without its figures, for the number of the page changes."""
    return re.sub(r"\d+", "#", line.text)


def paragraphs(lines: Sequence[PrintedLine]) -> Iterator[Paragraph]:
    """The lines of a page joined, wherever one goes on in the next."""
    if not lines:
        return
    pitch = median([a.base - b.base for a, b in pairwise(lines) if a.base > b.base] or [0])
    # A headline may be wider than the column below it.
    rights: dict[float, float] = {}
    for line in lines:
        rights[line.size] = max(line.right, rights.get(line.size, 0))
    text = lines[0].text
    for above, line in pairwise(lines):
        if goes_on(above, line, pitch, rights[above.size]):
            text = joined(text, line.text)
        else:
            yield text, above.size
            text = line.text
    yield text, lines[-1].size


def goes_on(above: PrintedLine, line: PrintedLine, pitch: float, right: float) -> bool:
    """Whether a line is of the same paragraph as the one above it."""
    if line.size != above.size or LIST_ITEM.match(line.text):
        return False
    # Below the last line of a column comes the first of the next, which is further up.
    if 0 < pitch * 1.35 < above.base - line.base:
        return False
    if line.left > above.left + line.size * 0.8 and above.base > line.base:
        return False
    short = above.right < right - (right - above.left) * 0.25
    return not (short and (ends_sentence(above.text) or line.text[0].isupper()))


def joined(above: str, below: str) -> str:
    """Two parts of a paragraph, the hyphen between them gone where it only parts a word."""
    if above.endswith(HYPHENS) and above[-2:-1].isalpha() and below[:1].islower():
        return above[:-1] + below
    return f"{above} {below}"


def joined_pages(pages: Iterable[list[Paragraph]]) -> list[Paragraph]:
    """The paragraphs of all pages, those joined that go on over the page's end."""
    found: list[Paragraph] = []
    for page in pages:
        if found and page and not ends_sentence(found[-1][0]) and page[0][0][:1].islower():
            found[-1] = joined(found[-1][0], page.pop(0)[0]), found[-1][1]
        found += page
    return found


def roles_of(found: Sequence[Paragraph]) -> Iterator[str]:
    """What is set larger than the text is the title, if it is the largest and comes first."""
    signs: Counter[float] = Counter()
    for text, size in found:
        signs[size] += len(text)
    usual = max(signs, key=signs.__getitem__, default=0)
    largest, opened = max(signs, default=0), False
    for text, size in found:
        large = size >= LARGER * usual and len(text) <= LONGEST_HEADLINE
        opened = opened or size < largest
        yield "" if not large else Role.HEADING if opened else Role.TITLE


if __name__ == "__main__":
    serve(read)
