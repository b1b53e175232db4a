"""Saved web pages: every visible block of the page, and which of them trafilatura keeps.

Nothing is fetched. Each block of the page's tree is signed with two signs that no page has;
the signs that are left in the extracted text say which blocks are the article's.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from lxml.etree import _Element
from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Document
from trafilatura.utils import load_html

from corpus_app.reading.confined import serve
from corpus_app.reading.documents import Reading, Unreadable
from corpus_app.reading.markup import decoded
from corpus_app.text import Role
from corpus_app.text.lines import flat

MOST_BLOCKS = 60_000
MOST_DEPTH = 400

UNSEEN = frozenset(
    {"script", "style", "noscript", "template", "head", "svg", "math", "iframe", "object"}
    | {"select", "textarea", "datalist", "canvas", "audio", "video", "map", "button"}
)
INLINE = frozenset(
    {"a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em"}
    | {"font", "i", "img", "ins", "kbd", "label", "mark", "q", "rp", "rt", "ruby", "s", "samp"}
    | {"small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"}
)
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# Signs of braille say nothing to trafilatura, and are printed on no news page.
BRAILLE, FIGURES = 0x2800, 256
SIGNATURE = re.compile("[\u2800-\u28ff]{2}")
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


class Block:
    """A run of text that the page shows as a block of its own, and the element it stands in."""

    def __init__(self, element: _Element) -> None:
        self.element = element
        self.pieces: list[str] = []

    @property
    def text(self) -> str:
        return flat("".join(self.pieces))


def read(data: bytes) -> Reading:
    """The blocks of the page; those outside the article are boilerplate. Raises Unreadable."""
    return read_text(decoded(data))


def read_text(source: str) -> Reading:
    """The same of a page's source."""
    tree = load_html(SIGNATURE.sub(" ", source))
    if tree is None:
        raise Unreadable("This page is empty, or it is no page. Save it anew, or as plain text.")
    blocks = signed(tree)
    found = bare_extraction(
        tree, with_metadata=True, include_comments=False,
        date_extraction_params={"original_date": True, "extensive_search": False},
    )  # fmt: skip
    told = fields(found, tree) if found else {}
    kept = kept_blocks(found.body, blocks) if found else set(range(len(blocks)))
    reading = Reading(fields=told)
    for number, block in enumerate(blocks):
        reading.add(block.text, role_of(block, told) if number in kept else Role.BOILERPLATE)
    return reading


def signed(tree: HtmlElement) -> list[Block]:
    """The blocks of the tree, in order; their numbers are written into it."""
    blocks: list[Block] = []
    new = True
    for element, name, piece in _pieces(tree):
        if piece is None:
            new = True
        elif piece.strip():
            if new:
                if len(blocks) == MOST_BLOCKS:
                    raise Unreadable("This page has too many parts to be an article's.")
                high, low = divmod(len(blocks), FIGURES)
                setattr(element, name, f"{chr(BRAILLE + high)}{chr(BRAILLE + low)}{piece}")
                holder = element if name == "text" else element.getparent()
                blocks.append(Block(holder))
                new = False
            blocks[-1].pieces.append(piece)
        elif not new:
            blocks[-1].pieces.append(" ")
    return blocks


def _pieces(tree: HtmlElement) -> Iterator[tuple[_Element, str, str | None]]:
    """Every visible stretch of text with where it is stored; None where a block begins or ends."""
    todo: list[tuple[_Element, bool]] = [(tree, True)]
    while todo:
        element, opens = todo.pop()
        shown = _is_shown(element)
        if opens and shown:
            if element.tag not in INLINE:
                yield element, "text", None
            yield element, "text", element.text or ""
            todo.append((element, False))
            todo.extend((child, True) for child in reversed(element))
        else:
            if shown and element.tag not in INLINE:
                yield element, "tail", None
            if element is not tree:
                yield element, "tail", element.tail or ""


def _is_shown(element: _Element) -> bool:
    if not isinstance(element.tag, str) or element.tag in UNSEEN:
        return False
    return "hidden" not in element.attrib and not HIDDEN.search(element.get("style", ""))


def kept_blocks(body: _Element, blocks: list[Block]) -> set[int]:
    """The numbers of the blocks of which something is left in the body."""
    signs = SIGNATURE.findall("".join(body.itertext()))
    numbers = {(ord(high) - BRAILLE) * FIGURES + ord(low) - BRAILLE for high, low in signs}
    return {number for number in numbers if number < len(blocks)}


def role_of(block: Block, told: dict[str, Any]) -> str:
    """The role that the page's markup gives to a block of the article; empty for plain text."""
    around = {block.element.tag, *(one.tag for one in block.element.iterancestors())}
    if "figcaption" in around:
        return Role.CAPTION
    if block.text == told.get("title"):
        return Role.TITLE
    return Role.HEADING if around & HEADINGS else ""


def fields(found: Document, tree: HtmlElement) -> dict[str, Any]:
    """The metadata that the page tells to programs."""
    language = next(iter(tree.xpath("/html/@lang")), "")
    values = {
        "title": _plain(found.title),
        "authors": [_plain(name) for name in (found.author or "").split(";") if _plain(name)],
        "outlet": _plain(found.sitename),
        "published_on": _day(found.date),
        "url": found.url if urlsplit(found.url or "").scheme in ("http", "https") else "",
        "language": language if re.fullmatch(r"[A-Za-z]{2,3}([-_]\w{2,8}){0,3}", language) else "",
    }
    return {name: value for name, value in values.items() if value}


def _plain(text: str | None) -> str:
    return flat(SIGNATURE.sub("", text or ""))


def _day(text: str | None) -> str:
    try:
        return date.fromisoformat(text or "").isoformat()
    except ValueError:
        return ""


if __name__ == "__main__":
    serve(read)
