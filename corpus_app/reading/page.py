"""Saved web pages: every visible block of the page, and which of them trafilatura keeps.

Nothing is fetched. Each block of the page's tree is signed with two signs that no page has;
the signs that are left in the extracted text say which blocks are the article's.
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from difflib import SequenceMatcher
from functools import cached_property
from itertools import groupby, islice
from operator import itemgetter
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
from corpus_app.text.lines import ends_sentence, flat

MOST_BLOCKS = 60_000
MOST_SHOWN = 3000  # of a page with more parts only the article is shown

UNSEEN = frozenset(
    {"script", "style", "noscript", "template", "head", "svg", "math", "iframe", "object"}
    | {"select", "textarea", "datalist", "canvas", "audio", "video", "map", "button"}
)
INLINE = frozenset(
    {"a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em"}
    | {"font", "i", "img", "ins", "kbd", "label", "mark", "q", "rp", "rt", "ruby", "s", "samp"}
    | {"small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"}
)
LISTED = frozenset({"li", "td", "th", "dd", "dt", "pre", "blockquote"})
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
        self.links = 0

    def take(self, piece: str, holder: _Element) -> None:
        """Adds a stretch of text that stands in this element."""
        self.pieces.append(piece)
        if holder.tag == "a" or any(True for _ in holder.iterancestors("a")):
            self.links += len(piece.strip())

    @cached_property
    def text(self) -> str:
        return flat("".join(self.pieces))

    def within(self, *tags: str) -> bool:
        """Whether it stands in an element of one of these."""
        return self.element.tag in tags or any(True for _ in self.element.iterancestors(*tags))

    @property
    def heading(self) -> str:
        """The heading that it stands in, such as h1; empty if in none."""
        up = (self.element, *self.element.iterancestors())
        return next((one.tag for one in up if one.tag in HEADINGS), "")

    @property
    def linked(self) -> bool:
        """Whether nearly all of it is a link, or several."""
        return self.links > 0.8 * len(self.text)

    @property
    def prose(self) -> bool:
        return (
            len(self.text) >= 60 and self.links < 0.3 * len(self.text) and ends_sentence(self.text)
        )

    @cached_property
    def place(self) -> tuple[str, ...]:
        """What kind of place it stands in: its element, and what that stands in, by class."""
        up = (self.element, *islice(self.element.iterancestors(), 2))
        return tuple(f"{one.tag} {one.get('class', '')}" for one in up)


def read(data: bytes) -> Reading:
    """The blocks of the page; those outside the article are boilerplate. Raises Unreadable."""
    return read_text(decoded(data))


def read_text(source: str) -> Reading:
    """The same of a page's source."""
    tree = load_html(SIGNATURE.sub(" ", source))
    if tree is None:
        raise Unreadable("This page is empty, or it is no page. Save it anew, or as plain text.")
    blocks = signed(tree)
    if not blocks:
        raise Unreadable("There is no text on this page. Save it when it shows its article.")
    found = bare_extraction(
        tree, with_metadata=True, include_comments=False,
        date_extraction_params={"original_date": True, "extensive_search": False},
    )  # fmt: skip
    told = fields(found, tree) if found else {}
    kept = kept_blocks(found.body, blocks) if found else set(range(len(blocks)))
    kept |= gaps(blocks, kept)
    roles = {number: role_of(blocks[number]) for number in kept}
    head_nothing(roles)
    reading = Reading(fields=told)
    title = title_of(blocks, told)
    if title is None and "title" in told:
        reading.add(told["title"], Role.TITLE)
    crowded = len(blocks) > MOST_SHOWN
    for number, block in enumerate(blocks):
        role = Role.TITLE if number == title else roles.get(number, Role.BOILERPLATE)
        if role != Role.BOILERPLATE or not crowded:
            reading.add(block.text, role)
    return reading


def signed(tree: HtmlElement) -> list[Block]:
    """The blocks of the tree, in order; their numbers are written into it."""
    blocks: list[Block] = []
    new = True
    for element, name, piece in _pieces(tree):
        holder = element if name == "text" else element.getparent()
        if piece is None:
            new = True
        elif piece.strip():
            if new:
                if len(blocks) == MOST_BLOCKS:
                    raise Unreadable("This page has too many parts to be an article's.")
                high, low = divmod(len(blocks), FIGURES)
                setattr(element, name, f"{chr(BRAILLE + high)}{chr(BRAILLE + low)}{piece}")
                blocks.append(Block(holder))
                new = False
            blocks[-1].take(piece, holder)
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


def gaps(blocks: list[Block], kept: set[int]) -> set[int]:
    """Numbers of paragraphs among the kept ones that stand just as those do in the tree."""
    if not kept:
        return set()
    places = Counter(blocks[number].place for number in kept if blocks[number].prose)
    usual = {place for place, count in places.items() if count > 2}
    return {
        number
        for number in range(min(kept), len(blocks))
        if number not in kept and blocks[number].prose and blocks[number].place in usual
    }


def title_of(blocks: list[Block], told: dict[str, Any]) -> int | None:
    """The number of the block that is the title, by which the told one becomes as printed."""
    wanted = told.get("title", "").casefold()
    for number, block in enumerate(blocks):
        text = block.text.casefold()
        if wanted and (text == wanted or (block.heading == "h1" and alike(text, wanted))):
            told["title"] = block.text
            return number
    return None


def alike(text: str, wanted: str) -> bool:
    """Whether a heading is the page's title, with or without what the site adds to it."""
    within = len(text) >= 15 and text in wanted
    return within or SequenceMatcher(None, text[:300], wanted[:300]).ratio() > 0.8


def role_of(block: Block) -> str:
    """The role that the page's markup gives to a block of the article; empty for plain text."""
    if block.within("figcaption"):
        return Role.CAPTION
    if block.linked and not ends_sentence(block.text):
        return Role.BOILERPLATE
    if block.heading:
        return Role.HEADING
    return Role.BODY if block.within(*LISTED) else ""


def head_nothing(roles: dict[int, str]) -> None:
    """Headings with no text below, or one after the other, are those of other articles."""
    runs = [
        (role, [number for number, _ in run])
        for role, run in groupby(sorted(roles.items()), key=itemgetter(1))
    ]
    for place, (role, run) in enumerate(runs):
        if role == Role.HEADING and (len(run) > 3 or place == len(runs) - 1):
            roles.update(dict.fromkeys(run, Role.BOILERPLATE))


def fields(found: Document, tree: HtmlElement) -> dict[str, Any]:
    """The metadata that the page tells to programs."""
    # The library takes the address for a name where the site gives none.
    host = (urlsplit(found.url or "").hostname or "").removeprefix("www.")
    language = next(iter(tree.xpath("/html/@lang")), "")
    values = {
        "title": _plain(found.title),
        "authors": [_plain(name) for name in (found.author or "").split(";") if _plain(name)],
        "outlet": "" if found.sitename in (found.hostname, host) else _plain(found.sitename),
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
