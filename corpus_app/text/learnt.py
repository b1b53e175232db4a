"""What a person's corrections say of an outlet's other pages: rules, learnt and applied.

A rule knows a line by its words, by how it begins, by the line above it, or by its place among
the lines that are not blank. Words are compared by their `key`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from corpus_app.text.bylines import MONTHS, WEEKDAY, WEEKDAYS
from corpus_app.text.lines import SHORTEST_PROSE, Line, Role, flat

LONGEST_WORDS = 500
# How far from a page's ends the place of a line means anything.
ENDS = 10
# More corrections of one article than this are no habit of its outlet.
MOST_CORRECTIONS = 20
# An opening shorter than this begins many a sentence, too.
SHORTEST_OPENING = 20
LONGEST_QUOTE = 80

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
SIGNS = {ord(sign): plain for plain, signs in (("'", "‘’‚`´"), ('"', "“”„«»"), ("-", "‐‑–—−"))
         for sign in signs}  # fmt: skip
DAY_NAME = re.compile(rf"(?:{WEEKDAYS}|{WEEKDAY.pattern})", re.IGNORECASE)
LABEL = re.compile(r"[^:：]{2,40}[:：](?=\s)")


class How(StrEnum):
    """By what a rule knows a line; the most specific comes first."""

    WORDS = "words"
    BEGINS = "begins"
    AFTER = "after"
    PLACE = "place"


# What is on every page of an outlet is known by its words; what changes from page to page is not.
BY_ROLE = dict.fromkeys(Role, tuple(How)) | {
    Role.TITLE: (How.AFTER, How.PLACE),
    Role.BYLINE: (How.BEGINS, How.AFTER, How.PLACE, How.WORDS),
    Role.DATELINE: (How.BEGINS, How.AFTER, How.PLACE),
    Role.CAPTION: (How.BEGINS, How.WORDS, How.AFTER, How.PLACE),
    Role.PROVENANCE: (How.BEGINS, How.WORDS, How.AFTER, How.PLACE),
    Role.DUPLICATE: (How.AFTER, How.PLACE),
}
HEAD = frozenset({Role.TITLE, Role.BYLINE, Role.DATELINE, Role.OUTLET})
# One such line, and several of them.
IN_WORDS = {
    Role.TITLE: ("the title", "titles"),
    Role.BYLINE: ("a byline", "bylines"),
    Role.DATELINE: ("a dateline", "datelines"),
    Role.OUTLET: ("the outlet’s name", "the outlet’s name"),
    Role.HEADING: ("a heading", "headings"),
    Role.BODY: ("body text", "body text"),
    Role.CAPTION: ("a caption", "captions"),
    Role.BIO: ("about the author", "about the author"),
    Role.PROVENANCE: ("a note of the source", "notes of the source"),
    Role.DUPLICATE: ("a doubled text", "doubled text"),
    Role.BOILERPLATE: ("boilerplate", "boilerplate"),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """What certain lines are there for. `place` counts from 1 at the top, from -1 at the bottom."""

    how: str
    words: str
    place: int | None
    role: str

    @property
    def lines_meant(self) -> tuple[str, str, int | None]:
        """What two rules for the same lines have in common, whatever they say of them."""
        return self.how, key(self.words), self.place

    def __str__(self):
        one, many = IN_WORDS[Role(self.role)]
        words = self.words
        quote = words if len(words) <= LONGEST_QUOTE else f"{words[: LONGEST_QUOTE - 1]}…"
        quote = f"“{quote}”{' (with any number)' if NUMBER.search(words) else ''}"
        if self.how == How.WORDS:
            return f"Lines that read {quote} are {many}"
        if self.how == How.BEGINS:
            return f"Lines that begin with {quote} are {many}"
        if self.how == How.AFTER:
            return f"The line after {quote} is {one}"
        return f"The {_counted(self.place)} is {one}"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A rule, the numbers of the lines that it changes here, and whether it is the likeliest."""

    rule: Rule
    lines: tuple[int, ...]
    likeliest: bool


@dataclass(frozen=True, slots=True)
class Ruled:
    """Lines with rules applied: which rule decided a line, by its number, and what was refused.

    `refused` are the rules that together would have left no body.
    """

    lines: tuple[Line, ...]
    by: dict[int, Rule]
    refused: tuple[Rule, ...]


def key(text: str) -> str:
    """The words as they are compared: case, blanks, quotes and dashes folded, every number 0."""
    return NUMBER.sub("0", flat(text).casefold().translate(SIGNS))


def apply(lines: Sequence[Line], rules: Sequence[Rule]) -> list[Line]:
    """The lines with the roles that the rules give them, unless no body would be left."""
    return list(ruled(lines, rules).lines)


def ruled(lines: Sequence[Line], rules: Sequence[Rule]) -> Ruled:
    """The lines with the roles that the rules give them, and what each rule did.

    Of several rules that fit a line the most specific decides: words, then the longest opening,
    then the line above, then the place; of equals the later one.
    """
    left, refused = list(rules), []
    decided = _decided(lines, left)
    while left and _emptied(lines, decided):
        taken = dict.fromkeys(left, 0)
        for line, rule in zip(lines, decided, strict=True):
            if rule and line.role == Role.BODY:
                taken[rule] += len(line.text)
        refused.append(max(left, key=taken.__getitem__))
        left.remove(refused[-1])
        decided = _decided(lines, left)
    return Ruled(
        tuple(
            replace(line, role=Role(rule.role)) if rule else line
            for line, rule in zip(lines, decided, strict=True)
        ),
        {line.number: rule for line, rule in zip(lines, decided, strict=True) if rule},
        tuple(refused),
    )


def _emptied(lines: Sequence[Line], decided: Sequence[Rule | None]) -> bool:
    roles = (rule.role if rule else line.role for line, rule in zip(lines, decided, strict=True))
    return Role.BODY not in roles and any(line.role == Role.BODY for line in lines)


def _decided(lines: Sequence[Line], rules: Sequence[Rule]) -> list[Rule | None]:
    """For every line the rule that fits it best."""
    by_words = {key(rule.words): rule for rule in rules if rule.how == How.WORDS}
    below = {key(rule.words): rule for rule in rules if rule.how == How.AFTER}
    places = {rule.place: rule for rule in rules if rule.how == How.PLACE}
    openings = [(key(rule.words), rule) for rule in rules if rule.how == How.BEGINS]
    openings.sort(key=lambda opening: len(opening[0]))
    openings.reverse()
    decided, above = [], None
    for index, line in enumerate(lines):
        own = key(line.text)
        begun = (rule for opening, rule in openings if _begins(own, opening, rule.role))
        decided.append(
            by_words.get(own)
            or next(begun, None)
            or below.get(above)
            or places.get(index + 1)
            or places.get(index - len(lines))
        )
        above = own
    return decided


def _begins(words: str, opening: str, role: str) -> bool:
    """Whether the words go on after the opening, at a word's end; long prose needs a long one."""
    if not words.startswith(opening) or not opening:
        return False
    if opening[-1].isalnum() and words[len(opening) : len(opening) + 1].isalnum():
        return False
    return role == Role.BODY or len(opening) >= SHORTEST_OPENING or len(words) < SHORTEST_PROSE


def learn(lines: Sequence[Line], corrected: Sequence[Line]) -> list[Proposal]:
    """Rules that would have made the person's corrections, for each correction the best first.

    `lines` are as they were proposed, `corrected` the same lines as the person left them. No rule
    contradicts what she left anywhere on this page.
    """
    wrong = [
        index
        for index, (line, right) in enumerate(zip(lines, corrected, strict=True))
        if line.role != right.role
    ][:MOST_CORRECTIONS]
    found: dict[Rule, Proposal] = {}
    explained: set[int] = set()
    for index in wrong:
        open_still = corrected[index].number not in explained
        for rule in _candidates(corrected, index, wrong):
            changed = () if rule in found else _changed(lines, corrected, rule)
            if changed:
                found[rule] = Proposal(rule, changed, likeliest=open_still)
                if open_still:
                    explained.update(changed)
                open_still = False
    return list(found.values())


def _changed(lines: Sequence[Line], corrected: Sequence[Line], rule: Rule) -> tuple[int, ...]:
    """The numbers of the lines that the rule alone corrects; none if it makes one wrong."""
    fits = [right for right, by in zip(corrected, _decided(lines, [rule]), strict=True) if by]
    if any(right.role != rule.role for right in fits):
        return ()
    before = {line.number: line.role for line in lines}
    return tuple(right.number for right in fits if before[right.number] != right.role)


def _candidates(page: Sequence[Line], index: int, wrong: Sequence[int]) -> Iterator[Rule]:
    """The rules that might be behind the role of this line, the likeliest first."""
    line = page[index]
    own = flat(line.text)
    hows = BY_ROLE[line.role]
    if _varies(own):
        hows = sorted(hows, key=lambda how: how != How.BEGINS)
    for how in hows:
        if how == How.WORDS and len(own) <= LONGEST_WORDS:
            yield Rule(how, own, None, line.role.value)
        elif how == How.BEGINS:
            same = [flat(page[n].text) for n in wrong if n != index and page[n].role == line.role]
            for opening in _openings(own, same):
                yield Rule(how, opening, None, line.role.value)
        elif how == How.AFTER and index and _is_label(page[index - 1]):
            yield Rule(how, flat(page[index - 1].text), None, line.role.value)
        elif how == How.PLACE and min(index, len(page) - 1 - index) < ENDS:
            from_top = index < (ENDS if line.role in HEAD else len(page) / 2)
            yield Rule(how, "", index + 1 if from_top else index - len(page), line.role.value)


def _varies(text: str) -> bool:
    """Whether the line is a label with what it announces, or says a day: it will not come back."""
    return bool(LABEL.match(text)) or any(_is_day(word) for word in text.split())


def _is_day(word: str) -> bool:
    word = word.strip(".,;:()|·").casefold()
    return word in MONTHS or bool(DAY_NAME.fullmatch(word))


def _openings(text: str, others: Sequence[str]) -> Iterator[str]:
    """What the line may begin with wherever it stands, before a date, a number or a name."""
    if label := LABEL.match(text):
        yield label[0]
        return
    words = text.split()
    shared = [_shared(words, other.split()) for other in others]
    ends = [max(shared, default=0), _fixed(words)]
    if len(text) > LONGEST_WORDS:
        ends.append(12)
    for end in ends:
        opening = " ".join(words[:end]).rstrip(" ,;|·•-–—(")
        letters = sum(map(str.isalpha, opening))
        if 0 < end < len(words) and (letters >= 5 or (" " in opening and letters >= 3)):
            yield opening


def _shared(words: Sequence[str], others: Sequence[str]) -> int:
    """How many words both begin with."""
    pairs = zip(words, others, strict=False)
    return next((n for n, (one, other) in enumerate(pairs) if key(one) != key(other)), 0)


def _fixed(words: Sequence[str]) -> int:
    """How many words stand before the first number, day, or name after a word in lower case."""
    for index, word in enumerate(words):
        name = index > 1 and word[0].isupper() and words[index - 1].islower()
        if name or _is_day(word) or any(map(str.isdigit, word)):
            return index
    return 0


def _is_label(line: Line) -> bool:
    """Whether the line can announce the one below it on every page."""
    own = flat(line.text)
    return (
        line.role not in (Role.BODY, Role.TITLE)
        and len(own) <= 60
        and len(own.split()) <= 8
        and any(map(str.isalpha, own))
        and not _varies(own)
    )


def _counted(place: int) -> str:
    if place in (1, -1):
        return "first line" if place == 1 else "last line"
    number = abs(place)
    end = {1: "st", 2: "nd", 3: "rd"}.get(number % 10 if number % 100 not in (11, 12, 13) else 0)
    return f"{number}{end or 'th'} line from the {'top' if place > 0 else 'bottom'}"
