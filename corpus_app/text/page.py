"""What the lines of a page are for, from where they stand: the title, people, tail, headings."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from itertools import groupby, takewhile

from corpus_app.text.bios import goes_on, is_about, is_bio, presents_somebody
from corpus_app.text.boilerplate import fits, is_picture_file, plain
from corpus_app.text.bylines import (
    BULLET,
    BY,
    DATE_LABEL,
    ORGANISATION,
    TRADE,
    in_brackets,
    is_name,
    is_outlet,
    people,
)
from corpus_app.text.lines import (
    LIST_ITEM,
    SHORTEST_PROSE,
    Block,
    Role,
    is_dense,
    shaped_as_heading,
)
from corpus_app.text.phrases import ABOUT_AUTHOR, COMMENT_SECTION, LIST_OPENER, SECTION_LABEL

LONGEST_TITLE = 250
# Nobody prints more than this above an article; keeps texts without prose cheap.
HEAD_BLOCKS = 60
MOST_AUTHORS = 20

AND_OR_IN = re.compile(r"\s(?:in|and|und|et|y|à|en)\s|, ")
NUMBER = re.compile(r"\d{1,2}[.)]\s(?=\S)")
SPEAKER = re.compile(r"([^\s:：][^:：]{0,30})[:：]\s?\S")
QUESTION_MARKS = frozenset("qafrps问答問سجво") | {"question", "answer", "frage", "antwort"}


class Page:
    """The blocks of one article, and where its text begins and ends among them."""

    def __init__(self, blocks: list[Block]) -> None:
        self.blocks = blocks
        self.title = -1
        self.authors: dict[str, str] = {}
        for block in blocks:
            if block.role is Role.BYLINE:
                self._know(block.text)
        self._close_comments()
        self.find_text()
        self._open_diary()

    @cached_property
    def ordinary_words(self) -> set[str]:
        """Every word that the article has in lower case."""
        found = (re.findall(r"[^\W\d_]+", block.text) for block in self.blocks)
        return {word for words in found for word in words if word.islower()}

    def _know(self, byline: str) -> None:
        if len(self.authors) < MOST_AUTHORS:
            self.authors |= {name.casefold(): name for name in people(byline)[0]}

    def _close_comments(self) -> None:
        """Readers' comments are not the article, however well they are written."""
        sizes = [len(block.text) if block.prose else 0 for block in self.blocks]
        before, after = 0, sum(sizes)
        for index, block in enumerate(self.blocks):
            before, after = before + sizes[index], after - sizes[index]
            if before > 2 * after and fits(COMMENT_SECTION, block.text):
                for other in self.open(index, len(self.blocks)):
                    other.role = Role.BOILERPLATE
                return

    def _open_diary(self) -> None:
        """Days well inside the text, without "published", are headings of a chronicle."""
        dated = any(block.role is Role.DATELINE for block in self.blocks[: self.first])
        paragraphs = 0
        for block in self.blocks[self.first : self.last]:
            paragraphs += block.role is None and block.prose
            bare = block.role is Role.DATELINE and not DATE_LABEL.search(block.text)
            if bare and (dated or paragraphs > 1):
                block.role = None

    def find_text(self) -> None:
        """Finds the first and the last block that is surely text."""
        tests = (lambda block: block.prose, lambda block: block.sentence, lambda block: True)
        self.first = self.last = len(self.blocks)
        for surely in tests:
            found = [
                index
                for index, block in enumerate(self.blocks)
                if block.role is None and surely(block)
            ]
            if found:
                self.first, self.last = found[0], self._last_sentence(found[-1])
                return

    def _last_sentence(self, last: int) -> int:
        """The end of the short sentences that close the text, up to the page's furniture."""
        for index in range(last + 1, len(self.blocks)):
            block = self.blocks[index]
            if block.role is Role.BOILERPLATE:
                break
            if block.role is None and block.sentence and not block.asks:
                last = index
        return last

    def open(self, start: int, end: int) -> list[Block]:
        """Blocks of the range that have no role yet."""
        return [block for block in self.blocks[start:end] if block.role is None]

    def neighbour(self, index: int, step: int) -> Block | None:
        """The nearest block below (step 1) or above (-1) that is not boilerplate."""
        index += step
        while 0 <= index < len(self.blocks) and self.blocks[index].role is Role.BOILERPLATE:
            index += step
        return self.blocks[index] if 0 <= index < len(self.blocks) else None

    def is_person(self, text: str) -> bool:
        """A name's shape, none of its words used as an ordinary word in the article."""
        return (
            is_name(text)
            and not _is_caseless(text)
            and not ORGANISATION.search(text)
            and self.ordinary_words.isdisjoint(re.split(r"[\s-]", text.lower()))
        )

    # The title, and what stands around it

    def mark_title(self) -> None:
        """The headline; its other copies are menu entries or duplicates."""
        self._take_in_standfirst()
        head = self.open(0, min(self.first, HEAD_BLOCKS))
        if all(block.role is not Role.TITLE for block in self.blocks):
            self._set_title(head)
        titles = (i for i, block in enumerate(self.blocks) if block.role is Role.TITLE)
        self.title = max(titles, default=-1)

    def _set_title(self, head: Sequence[Block]) -> None:
        title = _printed_twice(head) or self._headline(head) or self._headline_with_stop()
        if title is None:
            return
        title.role = Role.TITLE
        for block in head:
            text = BULLET.sub("", block.text)
            if block is not title and (text == title.text or _extends(text, title.text)):
                bullet = text != block.text
                block.role = Role.BOILERPLATE if bullet else Role.DUPLICATE

    def _take_in_standfirst(self) -> None:
        """A first paragraph above the byline is a standfirst: the head goes on below it."""
        top = self.first + 1
        below = [
            index
            for index in range(top, min(top + 6, len(self.blocks)))
            if self.blocks[index].role in (Role.BYLINE, Role.DATELINE)
        ]
        between = self.open(top, below[-1]) if below else []
        above = {block.role for block in self.blocks[: self.first]}
        signed = above & {Role.BYLINE, Role.DATELINE} or None not in above
        if below and not signed and not any(block.prose for block in between):
            self.blocks[self.first].role = Role.BODY
            self.find_text()

    def _headline(self, head: Sequence[Block]) -> Block | None:
        fit = [block for block in head if self._fit_for_headline(block)]
        plain = [block for block in fit if not is_outlet(block.text)]
        telling = [block for block in plain if block.words >= 3 or is_dense(block.text)]
        if telling:
            shorter = (block for block in telling[1:] if _extends(telling[0].text, block.text))
            return next(shorter, telling[0])
        if not fit and self.authors:
            # Two words in capitals above a byline that names somebody else are no name.
            fit = plain = [block for block in head if self._could_be_name(block)]
        last = plain[-1] if plain else None
        named = [block for block in fit if block not in plain and block.words >= 4]
        if named and (last is None or head.index(last) < head.index(named[-1])):
            return named[-1] if len(fit) > 1 or named[-1].words > 5 else None
        return last

    def _could_be_name(self, block: Block) -> bool:
        return block.text.casefold() not in self.authors and self.is_person(block.text)

    def _fit_for_headline(self, block: Block) -> bool:
        return (
            len(block.text) <= LONGEST_TITLE
            and (not block.sentence or block.text[-1] not in ".。।۔")
            and not BULLET.match(block.text)
            and not _is_section(block.text)
            and not self.is_person(block.text)
            and not in_brackets(block.text)
        )

    def _headline_with_stop(self) -> Block | None:
        """A first sentence right above a byline or dateline is a headline with a full stop."""
        first = next((index for index, block in enumerate(self.blocks) if not block.role), None)
        if first is None or len(self.blocks[first].text) > SHORTEST_PROSE:
            return None
        below = self.neighbour(first, 1)
        if below is None or below.role not in (Role.BYLINE, Role.DATELINE):
            return None
        title = self.blocks[first]
        title.role = Role.TITLE
        self.find_text()
        return title

    def mark_head(self) -> None:
        """What stands above the text: outlet, byline, standfirst, or the page's furniture."""
        for index, block in enumerate(self.blocks[: self.first]):
            if block.role is None:
                block.role = self._head_role(index, block)

    def _head_role(self, index: int, block: Block) -> Role:
        if _is_section(block.text):
            return Role.BOILERPLATE
        if is_outlet(block.text) or in_brackets(block.text):
            return Role.OUTLET
        above = self.blocks[index - 1].role if index else None
        signed = above is Role.BYLINE and TRADE.match(block.text)
        if index < self.title or signed:
            return Role.BOILERPLATE
        if block.sentence and not block.text.endswith("?"):
            return Role.BODY
        if index + 1 == self.first and (block.words < 6 or index > self.title + 1):
            return Role.HEADING if shaped_as_heading(block) else Role.BODY
        return Role.BODY if block.words >= 5 or is_dense(block.text) else Role.BOILERPLATE

    # People

    def mark_people(self) -> None:
        """Bare names of authors, and the authors' biographies."""
        introduced = [
            index
            for index, block in enumerate(self.blocks[:-1])
            if block.role is None
            and self.is_person(block.text)
            and self.blocks[index + 1].role is None
            and is_about(self.blocks[index + 1].text, block.text)
        ]
        # Several names, each followed by a paragraph on that person, are headings of a portrait.
        if len(introduced) == 1 and not self.authors:
            self.blocks[introduced[0]].role = Role.BYLINE
            self.blocks[introduced[0] + 1].role = Role.BIO
            self._know(self.blocks[introduced[0]].text)
        for index, block in enumerate(self.blocks):
            if block.role is None and len(block.text) <= 60 and self._is_signature(index):
                block.role = Role.BYLINE
                self._know(block.text)
        self._mark_bios()
        self.find_text()

    def _is_signature(self, index: int) -> bool:
        text = BULLET.sub("", self.blocks[index].text)
        if text.casefold() in self.authors:
            return True
        above, below = self.neighbour(index, -1), self.neighbour(index, 1)
        dated = {block.role for block in (above, below) if block} & {Role.DATELINE}
        if _is_caseless(text):
            return bool(dated) and self.title < index < self.first and is_name(text)
        if not self.is_person(text):
            # "Anna Holm in Lindal and Ben Okri", right at the date
            names = people(text)[0] if index < self.first and AND_OR_IN.search(text) else []
            return bool(dated and names) and all(map(self.is_person, names))
        if index < self.title:
            return False
        if dated or any(_is_bare_byline(block) for block in (above, below)):
            return True
        if index < self.first:
            return above is not None and above.role is Role.TITLE
        return index > self.last and not self.authors and self.blocks[index - 1].role is None

    def _mark_bios(self) -> None:
        above = ""
        for block in self.blocks:
            announced = fits(ABOUT_AUTHOR, above)
            if block.role is None and (announced or is_bio(block.text, self.authors.values())):
                block.role = Role.BIO
            above = block.text
        self.find_text()
        told = self.open(self.first, self.last + 1)
        while len(told) > 2 and goes_on(told[-1].text):
            told.pop()
        if len(told) > 1 and not self.authors and presents_somebody(told[-1].text):
            told[-1].role = Role.BIO
        self._prolong_bio()

    def _prolong_bio(self) -> None:
        """Sentences on "her" or "him" after the last biography go on with it."""
        bios = [index for index, block in enumerate(self.blocks) if block.role is Role.BIO]
        below = self.open(bios[-1] + 1, len(self.blocks)) if bios else []
        more = list(takewhile(lambda block: goes_on(block.text), below))
        if not any(block.prose for block in below[len(more) :]):
            for block in more:
                block.role = Role.BIO

    # What follows the text

    def mark_tail(self) -> None:
        """What stands below the text: closing lines, the outlet, other articles' headlines."""
        closed = False
        for index in range(self.last + 1, len(self.blocks)):
            block = self.blocks[index]
            if block.role is Role.BOILERPLATE:
                closed = closed or fits(LIST_OPENER, block.text)
            elif block.role is None:
                if in_brackets(block.text):
                    block.role = Role.OUTLET
                elif closed or not block.sentence:
                    block.role = Role.BOILERPLATE
                else:
                    block.role = Role.BODY

    # Headings

    def mark_middle(self) -> None:
        """Headings between the paragraphs; everything else there is body."""
        labels = Counter(
            found[1].casefold() for block in self.blocks if (found := SPEAKER.match(block.text))
        )
        middle = range(self.first, min(self.last + 1, len(self.blocks)))
        inside = [index for index in middle if self.blocks[index].role is None]
        likely = {
            index
            for index in inside
            if self._may_be_heading(index) and not _is_spoken(self.blocks[index], labels)
        }
        for is_likely, run in groupby(inside, key=likely.__contains__):
            indices = list(run)
            role = self._run_role(indices) if is_likely else Role.BODY
            for index in indices:
                self.blocks[index].role = role

    def _may_be_heading(self, index: int) -> bool:
        block, around = self.blocks[index], self.blocks[max(index - 1, 0) : index + 2]
        numbered = NUMBER.match(block.text)
        if numbered and sum(bool(LIST_ITEM.match(other.text)) for other in around) == 1:
            block = Block(block.lines, block.text[numbered.end() :])
        # What a colon announces is a list or a quotation, unless a paragraph follows.
        below = around[-1]
        if block.text.endswith((":", "：")) and (not below.prose or below.quoted):
            return False
        return shaped_as_heading(block)

    def _run_role(self, run: Sequence[int]) -> Role:
        above = self.blocks[run[0] - 1] if run[0] else None
        if above and above.role is Role.BOILERPLATE:
            glued = self.blocks[run[0]].lines[0].number == above.lines[-1].number + 1
            if fits(LIST_OPENER, above.text) or (glued and len(run) > 1):
                return Role.BOILERPLATE
            if is_picture_file(above.text):
                return Role.CAPTION
        listed = above and above.role is Role.BODY and above.text.endswith((":", "："))
        # Three or more short lines in a row are a list or verse; the last line heads nothing.
        if listed or len(run) > 2 or run[-1] == self.last:
            return Role.BODY
        return Role.HEADING


def _printed_twice(head: Sequence[Block]) -> Block | None:
    """The last block of the head that also stands higher up, in a menu or as page title."""
    counts = Counter(BULLET.sub("", block.text) for block in head)
    twice = [
        block
        for block in head
        if counts[block.text] > 1 and (block.words >= 3 or is_dense(block.text))
    ]
    return twice[-1] if twice else None


def _extends(text: str, headline: str) -> bool:
    """Whether the text is the page's own title: the headline, a sign, the outlet."""
    rest = text.removeprefix(headline)
    return rest != text and bool(re.fullmatch(r"\s?[|·•»–—-]\s.{2,60}", rest))


def _is_section(text: str) -> bool:
    """Whether the text is the section's label, or several: "Opinion | Essay"."""
    labels = re.split(r"\s?[|/·•»>:]\s?", plain(text)) if len(text) <= 60 else []
    return bool(labels) and all(map(SECTION_LABEL.fullmatch, labels))


def _is_caseless(text: str) -> bool:
    """Whether the script has no capitals by which a name could be told."""
    return text.lower() == text.upper()


def _is_bare_byline(block: Block | None) -> bool:
    return block is not None and block.role is Role.BYLINE and not BY.match(block.text)


def _is_spoken(block: Block, labels: Counter[str]) -> bool:
    """Whether the line is somebody's turn in a conversation."""
    found = SPEAKER.match(block.text)
    if not found:
        return False
    label = found[1].casefold()
    return label in QUESTION_MARKS or labels[label] > 1
