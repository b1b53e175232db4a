"""Lines of a raw text, their roles, and the paragraphs they make up."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise


class Role(StrEnum):
    """What a line of a scraped text is there for."""

    TITLE = "title"
    BYLINE = "byline"
    DATELINE = "dateline"
    OUTLET = "outlet"
    HEADING = "heading"
    BODY = "body"
    CAPTION = "caption"
    BIO = "bio"
    PROVENANCE = "provenance"
    DUPLICATE = "duplicate"
    BOILERPLATE = "boilerplate"


@dataclass(frozen=True, slots=True)
class Line:
    """A non-blank line: its number (from 1), its text as it stands, its role."""

    number: int
    text: str
    role: Role


# A line this long is text even without a full stop.
SHORTEST_PROSE = 160

LONGEST_HEADING = 100

# Mail programs and terminals break lines in this range; paragraphs of a web page run wider,
# menus and verse stay narrower.
WRAP_COLUMNS = range(45, 96)

# Closing quotes and brackets, a footnote's number or some emoji may follow the stop.
SENTENCE_END = re.compile(
    r"""[.!?…。！？؟।۔]["'”’»«“)\]】」』\s]{0,3}(?:\[?\d{1,2}\]?|[☀-➿🀀-🫿\u200d\ufe0f]+)?$"""
)
CONJUNCTION = re.compile(r"(?:and|but|so|or|yet|und|aber|et|mais|y|pero|и|но)\b", re.IGNORECASE)
OPENING_QUOTE = ("“", '"', "„", "«", "‘", "'", "「", "『")
LIST_ITEM = re.compile(r"\s*(?:[-–—•·*▪◦‣►]\s|\(?\d{1,3}[.)]\s|\(?[a-zA-Z][)]\s)")


def ends_sentence(text: str) -> bool:
    """Whether the text ends as a sentence does, closing quotes and brackets allowed."""
    return bool(SENTENCE_END.search(text[-8:]))


def flat(text: str) -> str:
    """The text with every run of white space made one space."""
    return " ".join(text.split())


def lines_of(text: str) -> list[Line]:
    """Every non-blank line of a normalised text, as body until somebody knows better."""
    return [
        Line(number, line, Role.BODY)
        for number, line in enumerate(text.split("\n"), start=1)
        if line.strip()
    ]


def paragraphs(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines grouped into paragraphs: several each where the text is hard-wrapped, else one."""
    width = _wrap_width(lines)
    groups: list[list[Line]] = []
    for line in lines:
        if width and groups and _runs_on(groups[-1][-1], line, width):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _wrap_width(lines: Sequence[Line]) -> int:
    """The column at which the text was broken, 0 where it was not."""
    pairs = [(a, b) for a, b in pairwise(lines) if b.number == a.number + 1]
    if not pairs:
        return 0
    lengths = sorted(len(line.text.rstrip()) for pair in pairs for line in pair)
    width = lengths[(len(lengths) - 1) * 9 // 10]
    if width not in WRAP_COLUMNS:
        return 0
    pairs = [
        (a, b)
        for a, b in pairs
        if 0.6 * width <= len(a.text.rstrip()) and not LIST_ITEM.match(b.text)
    ]
    full = [a for a, b in pairs if _runs_on(a, b, width)]
    # A paragraph a line may fill the column by chance, but then it ends in a full stop.
    ended = sum(ends_sentence(a.text.rstrip()) for a in full)
    return width if len(full) >= 0.7 * len(pairs) and 2 * ended < len(full) else 0


def _runs_on(above: Line, below: Line, width: int) -> bool:
    """Whether `below` continues `above`: its first word would not have fitted there."""
    if below.number != above.number + 1 or LIST_ITEM.match(below.text):
        return False
    if _indent(below.text) > _indent(above.text) and not LIST_ITEM.match(above.text):
        return False
    return len(above.text.rstrip()) + 1 + len(below.text.split(maxsplit=1)[0]) > width


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


@dataclass(slots=True)
class Block:
    """A paragraph on its way to a role."""

    lines: list[Line]
    text: str
    role: Role | None = None

    @property
    def words(self) -> int:
        return len(self.text.split())

    @property
    def sentence(self) -> bool:
        return ends_sentence(self.text)

    @property
    def asks(self) -> bool:
        return self.text.endswith(("?", "؟", "？"))

    @property
    def quoted(self) -> bool:
        return self.text.startswith(OPENING_QUOTE)

    @property
    def prose(self) -> bool:
        """Long enough, and ended as a sentence is, to be nothing but text."""
        if len(self.text) >= SHORTEST_PROSE:
            return True
        if not self.sentence or self.asks:
            return False
        return len(self.text) >= 80 or self.words >= 12 or len(self.text.encode()) >= 120


def is_dense(text: str) -> bool:
    """Whether the text is in a script that says in six signs what takes others three words."""
    return len(text) >= 6 and len(text.encode()) > 2 * len(text)


def shaped_as_heading(block: Block) -> bool:
    """Whether the paragraph looks like a section heading: short, open-ended, no list item."""
    text = block.text
    if len(text) > LONGEST_HEADING or block.words > 12 or text[0].islower():
        return False
    if block.quoted or text.endswith((",", ";", "–", "—", "-", "،", "、", "，")):
        return False
    if LIST_ITEM.match(text) or (block.asks and CONJUNCTION.match(text)):
        return False
    if text.endswith((":", "：")):
        return block.words <= 4
    return block.asks or not block.sentence
