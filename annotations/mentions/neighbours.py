"""Whether a name stands inside a longer name that is in no list: “Washington” in a newspaper's.

By the general rule that names are runs of words with capitals. Where every word has one (titles,
headings) or every noun (German), only words that make institutions count.
"""

import re
from dataclasses import dataclass, field

from annotations.mentions import wording
from annotations.mentions.folding import APOSTROPHES

AFTER = re.compile(r"[ \u00a0]([^\W\d_]\w*)")
BEFORE = re.compile(r"([^\W\d_][\w.]*)[ \u00a0]$")
OF = re.compile(r"([^\W\d_]\w*)[ \u00a0]of[ \u00a0]$")
COMPOUND_BEFORE = re.compile(r"([^\W\d_]\w*)[ \u00a0][^\W\d_]\w*-$")
WORD = re.compile(r"[^\W\d_]{4,}")
OPENING = frozenset(".!?:;…|\"“”„«»‘’'([{—–-•\n】")
REACH = 60
STEP = 500  # code points; of a line without end some steps are looked at
MOST_CAPITALS = 0.8


@dataclass
class Surroundings:
    """A text and where its known names begin and end."""

    text: str
    language: str
    starts: frozenset[int]
    ends: frozenset[int]
    _titles: dict[tuple[int, int], bool] = field(default_factory=dict)

    def in_longer_name(self, start: int, end: int, is_person: bool) -> bool:
        """Whether the name at `[start, end)` is only a part of a name."""
        return (
            self._goes_on(start, end, is_person)
            or self._is_of(start)
            or self._began(start, end, is_person)
        )

    def in_capitals(self, start: int, end: int) -> bool:
        """Whether everything around the place, to the line's ends, is written in capitals."""
        first, last = self._segment(start)
        rest = self.text[first:start] + self.text[end:last]
        return any(map(str.isalpha, rest)) and rest.upper() == rest

    def _goes_on(self, start: int, end: int, is_person: bool) -> bool:
        if is_person and self._double_barrelled(start, end):
            return True
        found = AFTER.match(self.text, end)
        if not found:
            return False
        word, low = found[1], found[1].lower()
        if is_person and low in wording.GOVERNMENTS:
            return True
        if not word[0].isupper() or found.start(1) in self.starts or low in wording.ROLES:
            return False
        return low in wording.INSTITUTIONS or not self._capitals_mean_nothing(start)

    def _is_of(self, start: int) -> bool:
        found = OF.search(self.text, max(0, start - REACH), start)
        if not found or not found[1][0].isupper() or found.end(1) in self.ends:
            return False
        low = found[1].lower()
        if low in wording.ROLES:
            return False
        doubtful = self._capitals_mean_nothing(start) or self._opens(found.start(1))
        return low in wording.INSTITUTIONS or not doubtful

    def _began(self, start: int, end: int, is_person: bool) -> bool:
        found = BEFORE.search(self.text, max(0, start - REACH), start)
        several = " " in self.text[start:end]
        if not found or not found[1][0].isupper():
            return False
        if found.end(1) in self.ends or found.start(1) in self.starts:
            return False
        if (is_person and several) or self._capitals_mean_nothing(start):
            return False
        low = found[1].rstrip(".").lower()
        if low in wording.ROLES or (found[1].endswith(".") and len(low) > 1):
            return False
        if self._opens(found.start(1)):
            return is_person and low not in wording.OPENERS and not low.endswith(("ly", "ing"))
        return low not in wording.OPENERS

    def _double_barrelled(self, start: int, end: int) -> bool:
        """“Anna Smith-Trump” and “Anna Trump-Smith” are other people; “Trump-Putin” is two."""
        text = self.text
        if text[start - 1 : start] == "-" and start - 1 not in self.ends:
            found = COMPOUND_BEFORE.search(text, max(0, start - REACH), start)
            return bool(found and found[1][0].isupper() and not self._opens(found.start(1)))
        if text[end : end + 1] == "-" and text[end + 1 : end + 2].isupper():
            found = BEFORE.search(text, max(0, start - REACH), start)
            known = end + 1 in self.starts
            return bool(
                found and found[1][0].isupper() and not known
                and found[1].rstrip(".").lower() not in wording.ROLES | wording.OPENERS
            )  # fmt: skip
        return False

    def _opens(self, place: int) -> bool:
        """Whether a sentence begins at the place, so that its capital says nothing."""
        before = self.text[max(0, place - 3) : place].rstrip(" \u00a0")
        return not before or before[-1] in OPENING or before[-1] in APOSTROPHES

    def _capitals_mean_nothing(self, place: int) -> bool:
        if self.language.partition("-")[0].lower() == "de":
            return True
        segment = self._segment(place)
        if segment not in self._titles:
            words = WORD.findall(self.text, *segment)
            capital = sum(word[0].isupper() for word in words)
            needed = len(words) if len(words) < 6 else MOST_CAPITALS * len(words)
            self._titles[segment] = capital >= needed
        return self._titles[segment]

    def _segment(self, place: int) -> tuple[int, int]:
        """The line around the place, or its part before or after a colon."""
        first = max(0, (place // STEP - 1) * STEP)
        last = min(len(self.text), (place // STEP + 2) * STEP)
        starts = [self.text.rfind(mark, first, place) + 1 for mark in ("\n", ":")]
        ends = [self.text.find(mark, place, last) for mark in ("\n", ":")]
        return max(first, *starts), min((end for end in ends if end >= 0), default=last)
