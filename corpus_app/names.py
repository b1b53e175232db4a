"""Names of people, actors and tags: what is allowed in them and when two are the same."""

import unicodedata

# Unicode keeps these for no character at all, and XML cannot write some of them.
ENDS = (*range(0xFFFE, 0x110000, 0x10000), *range(0xFFFF, 0x110000, 0x10000))
NONCHARACTERS = frozenset(map(chr, (*range(0xFDD0, 0xFDF0), *ENDS)))
# Characters that are invisible or turn the reading direction: two names that look alike
# must not be two names.
HIDDEN = NONCHARACTERS | frozenset(
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200d\u200e\u200f"
    "\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069"
    "\u206a\u206b\u206c\u206d\u206e\u206f\u3164\ufeff\uffa0"
)


# Letters that Unicode does not take apart: with a stroke, without a dot, or two in one.
PLAIN_LETTERS = str.maketrans(
    {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "æ": "ae", "œ": "oe", "þ": "th"}
)
LEFT_OUT = frozenset(".'’ʼʻ‘`´·")
LONGEST_KEY = 200
# What a column holds of `name_key`, whose names have half of that; folded, a letter has three.
LONGEST_KEYED = 400
MOST_WORDS = 8


class UnfitName(ValueError):
    """A name or note that cannot be accepted; the message says why."""


def clean_name(name: str) -> str:
    """The name as it is stored: NFC, trimmed, runs of white space as one blank.

    Raises UnfitName for an empty name and for one with control characters, unpaired
    surrogates, zero-width characters, noncharacters or marks that turn the reading direction,
    and for one of at most 200 characters whose key is too long to be kept.
    """
    for character in name:
        if character in HIDDEN or (
            unicodedata.category(character) in ("Cc", "Cs") and not character.isspace()
        ):
            raise UnfitName(f"The name contains the hidden character U+{ord(character):04X}.")
    cleaned = " ".join(unicodedata.normalize("NFC", name).split())
    if not cleaned:
        raise UnfitName("The name is empty.")
    if LONGEST_KEYED // 3 < len(cleaned) <= LONGEST_KEYED // 2 and (
        len(name_key(cleaned)) > LONGEST_KEYED
    ):
        raise UnfitName("The name is too long: some of its letters, such as ﬃ, stand for several.")
    return cleaned


def clean_prose(text: str) -> str:
    """A note or definition as it is stored: NFC, lines ending in LF alone.

    Raises UnfitName for NUL and unpaired surrogates, which no database keeps.
    """
    for character in text:
        if character == "\0" or unicodedata.category(character) == "Cs":
            raise UnfitName(f"The text contains the character U+{ord(character):04X}.")
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")


def name_key(name: str) -> str:
    """What two names have in common when they are the same: NFC, case-folded, blanks folded."""
    folded = unicodedata.normalize("NFC", name).casefold()
    return " ".join(unicodedata.normalize("NFC", folded).split())


def search_key(name: str) -> str:
    """The name as it is looked for: without case, accents, full stops and doubled blanks.

    Other punctuation parts words; a name of nothing else is left as `name_key` gives it.
    """
    folded = unicodedata.normalize("NFKD", name.casefold()).casefold().translate(PLAIN_LETTERS)
    kept = "".join(
        c if c.isalnum() else " "
        for c in folded
        if c not in LEFT_OUT and unicodedata.category(c) not in ("Mn", "Me")
    )
    return " ".join(kept.split())[:LONGEST_KEY] or name_key(name)[:LONGEST_KEY]


def starts(name: str) -> list[str]:
    """The name's search key from each of its first words on: the whole of it comes first."""
    words = search_key(name).split(" ")
    return [" ".join(words[n:]) for n in range(min(len(words), MOST_WORDS))]
