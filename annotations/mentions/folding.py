"""Texts and names as they are compared: without case, with one kind of apostrophe and hyphen."""

import unicodedata
from collections.abc import Sequence

# One for one, so that no place in the text moves.
ALIKE = str.maketrans("’‘ʼ＇‐‑\u00a0\u202f\u2009", "''''--   ")
APOSTROPHES = frozenset("'’‘ʼ＇")


def plain(text: str) -> str:
    """The text with one kind of apostrophe, hyphen and blank, its case kept; as long as before."""
    return text.translate(ALIKE)


def fold(text: str) -> str:
    """The text as names are compared, whatever their case. It may be longer (`ß`, `İ`)."""
    return plain(text).casefold()


def folded_with_places(text: str) -> tuple[str, Sequence[int] | None]:
    """The folded text, and for each of its code points the place in the text it comes from.

    None stands for “the same place”: folding made nothing longer. The places end with the
    text's length.
    """
    folded = fold(text)
    if len(folded) == len(text):
        return folded, None
    places = [n for n, character in enumerate(text) for _ in fold(character)]
    return folded, [*places, len(text)]


def in_word(character: str) -> bool:
    """Whether the character is part of a word: a letter, a digit, or a mark upon one."""
    return character.isalnum() or unicodedata.category(character)[0] == "M"


def script(character: str) -> str:
    """How words are parted in the character's script: unspaced, katakana, hangul, or spaced."""
    point = ord(character)
    if point < 0x0E00:
        return "arabic" if 0x0600 <= point <= 0x06FF else "spaced"
    if 0x30A0 <= point <= 0x30FF:
        return "katakana"
    if 0xAC00 <= point <= 0xD7AF:
        return "hangul"
    unspaced = (
        0x0E00 <= point <= 0x0EFF  # Thai, Lao
        or 0x1000 <= point <= 0x109F  # Burmese
        or 0x1780 <= point <= 0x17FF  # Khmer
        or 0x3040 <= point <= 0x309F  # Hiragana
        or 0x3400 <= point <= 0x9FFF  # Han
        or 0xF900 <= point <= 0xFAFF
        or 0x20000 <= point <= 0x3FFFF
    )
    return "unspaced" if unspaced else "spaced"
