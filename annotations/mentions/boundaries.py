"""Where a name may begin and end in running text."""

import re

from annotations.mentions.folding import APOSTROPHES, in_word, script

ELIDING = frozenset({"fr", "it", "ca", "oc"})
AFTER_APOSTROPHE = re.compile(r"(?:s|d|ll|re|ve)?(?!\w)", re.I)
LETTERS_BEFORE = re.compile(r"[^\W\d_]+$")
# One-letter words that Arabic writes together with the next: and, so, with, for, like.
JOINED_IN_ARABIC = frozenset("وفبلك")
SHORTEST_AFTER_JOINED = 4

# What makes an address of the letters around a name; in one, no name is a mention.
IN_ADDRESS = re.compile(r"://|^www\.|@\S*$")
DOMAIN = re.compile(
    r"(?:[\w-]{0,60}\.){0,4}[\w-]{0,60}"
    r"(?:@|\.(?:com|org|net|gov|edu|info|int|io|ru|cn|de|fr|eu|uk|us)\b)"
)
LONGEST_ADDRESS = 100  # code points to either side of the name


def begins(text: str, start: int, end: int, language: str) -> bool:
    """Whether a name may begin at `start`: not in the middle of a word."""
    if start == 0:
        return True
    before = text[start - 1]
    if before in APOSTROPHES:
        letters = LETTERS_BEFORE.search(text, max(0, start - 20), start - 1)
        return not letters or letters[0].islower() or language in ELIDING
    if not in_word(before):
        return before != "_"
    kind = script(text[start])
    if kind == "arabic" and before in JOINED_IN_ARABIC:
        alone = start == 1 or not in_word(text[start - 2])
        return alone and end - start >= SHORTEST_AFTER_JOINED
    return kind == "unspaced" or (kind == "katakana" and script(before) != "katakana")


def ends(text: str, end: int, language: str) -> int | None:
    """Where a name that is found up to `end` ends: there, after a German genitive's s, or not."""
    if end == len(text):
        return end
    after = text[end]
    if after in APOSTROPHES:
        follows = language != "en" or AFTER_APOSTROPHE.match(text, end + 1)
        return end if follows else None
    if not in_word(after):
        return None if after == "_" else end
    if not after.isalnum():
        return None
    kind = script(text[end - 1])
    if kind in ("unspaced", "hangul") or (kind == "katakana" and script(after) != "katakana"):
        return end
    genitive = language == "de" and after == "s" and text[end - 1] != "s"
    if genitive and (end + 1 == len(text) or not in_word(text[end + 1])):
        return end + 1
    return None


def in_address(text: str, start: int, end: int) -> bool:
    """Whether `[start, end)` is part of the address of a page, a mailbox or an account."""
    before = text[max(0, start - LONGEST_ADDRESS) : start]
    joined = "" if not before or before[-1].isspace() else before.split()[-1]
    if joined and IN_ADDRESS.search(joined):
        return True
    return bool(text[end : end + 1] in (".", "-", "@") and DOMAIN.match(text, end))
