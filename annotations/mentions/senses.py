"""Whether a place's name stands for the place or for those who govern there.

Cues for English, each of which can be said in a few words; elsewhere a metonym is what a
registry says it is.
"""

import re
from dataclasses import dataclass

from annotations.mentions import wording
from annotations.mentions.folding import APOSTROPHES

WORDS_BEFORE = re.compile(r"[\w’'-]+")
WORD_AFTER = re.compile(r"[ \u00a0]([^\W\d_]+)")
JOINED = re.compile(r"(?:,|,? and|,? or|,? nor)[ \u00a0]|/|[-–—]")
REACH = 48  # code points before a name that are looked at
NEAR = 4  # words before “to” or “from” in which a movement is looked for


@dataclass(frozen=True)
class Sense:
    """`place` or not, and why in a few words for the person who decides."""

    place: bool
    reason: str


USUAL = Sense(False, "usually stands for those who govern there")


def sense_of(text: str, start: int, end: int, language: str) -> Sense:
    """What the name at `[start, end)` stands for, by the words around it."""
    if not _is_english(language):
        return USUAL
    after = text[end : end + 2]
    if after[:1] in APOSTROPHES and after[1:2] in ("s", "S", ""):
        return Sense(False, "has something, as those who govern do")
    if text[start - 1 : start] in ("-", "–") or after[:1] in ("-", "–"):
        return Sense(False, "joined to another word by a hyphen")
    return _by_words_before(text, start) or _by_word_after(text, end) or USUAL


def same_as_before(text: str, previous_end: int, start: int) -> bool:
    """Whether the name at `start` is one of a pair or list with the name that ended there."""
    return bool(JOINED.fullmatch(text, previous_end, start))


def _is_english(language: str) -> bool:
    return language.partition("-")[0].lower() in ("", "en", "und")


def _by_words_before(text: str, start: int) -> Sense | None:
    line = max(text.rfind("\n", 0, start) + 1, start - REACH)
    if start and text[start - 1] not in " \u00a0":
        return None
    words = [word.lower() for word in WORDS_BEFORE.findall(text, line, start)]
    if words and words[-1] == "the":
        words.pop()
    if not words or text[line:start].rstrip(" \u00a0the")[-1:] in (",", ";", ".", ":"):
        return None
    last = words[-1]
    if last in wording.PLACE_BEFORE:
        return Sense(True, f"after “{last}”: the place")
    if last == "of" and words[-2:-1] and words[-2] in wording.PLACES_OF:
        return Sense(True, f"after “{words[-2]} of”: the place")
    if last in ("to", "from", "for") and set(words[-NEAR:-1]) & wording.MOTION:
        return Sense(True, f"somebody goes “{last}” it: the place")
    if last in wording.MEANT_BEFORE:
        return Sense(False, f"after “{last}”: those who govern there")
    return None


def _by_word_after(text: str, end: int) -> Sense | None:
    found = WORD_AFTER.match(text, end)
    if not found:
        return None
    word = found[1]
    if word in wording.PLACE_AFTER:
        return Sense(True, f"before “{word}”: the place")
    if word in wording.ACTS:
        return Sense(False, f"says or does something (“{word}”)")
    return None
