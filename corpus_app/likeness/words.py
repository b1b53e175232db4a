"""The words of a text, by which texts are compared: marks, case and white space say nothing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

# Thai to Khmer, kana and Han: written without spaces, so read sign by sign.
SIGNS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00020000-\U0003ffff"
)
# What stands upon or below a letter and is no letter to `\w`.
UPON = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0903\u093a-\u094f"
WORD = re.compile(rf"[^\W{SIGNS}]+(?:[{UPON}]+[^\W{SIGNS}]*)*|[{SIGNS}]")
SIGN = re.compile(f"[{SIGNS}]")
PLAIN_WORD = re.compile(r"\w+")
ENDS = re.compile(r"[.!?…。！？؟۔।\n][\"'”’»›“)\]」』）]*(?:\s+|(?<=[。！？؟۔।”」』）\n]))")
PARTS = re.compile(r"[,;:،؛，、；：—–]\s*")
LONG_SENTENCE = 40  # words, beyond which clauses are looked at


@dataclass(frozen=True)
class Words:
    """A text's words in order: folded, and where each stands as `[start, end)` in code points."""

    folded: tuple[str, ...]
    places: tuple[tuple[int, int], ...]

    def __len__(self) -> int:
        return len(self.folded)

    def within(self, start: int, end: int) -> "Words":
        """Those that lie wholly in `[start, end)`."""
        kept = [n for n, (a, b) in enumerate(self.places) if start <= a and b <= end]
        return Words(tuple(self.folded[n] for n in kept), tuple(self.places[n] for n in kept))


def words(text: str, offset: int = 0) -> Words:
    """The words of the text; their places are counted from `offset`.

    Case is folded. Quotation marks, apostrophes, dashes and all other signs belong to no word, so
    that however they are set two texts stay alike.
    """
    found = list(WORD.finditer(text))
    return Words(
        tuple(match[0].casefold() for match in found),
        tuple((match.start() + offset, match.end() + offset) for match in found),
    )


def amount(folded: Sequence[str]) -> float:
    """How many words these are; of signs that are read one by one two make a word."""
    signs = len(SIGN.findall("".join(folded)))
    return len(folded) - signs / 2


def sentences(text: str) -> list[list[str]]:
    """The folded words of each sentence; of a very long one, of each of its parts.

    Where a sentence ends is seen from its own signs, not from what stands around it, so that it
    is cut alike wherever it is taken over.
    """
    found = []
    for sentence in ENDS.split(text.casefold()):
        if not sentence:
            continue
        spoken = _spoken(sentence)
        if len(spoken) <= LONG_SENTENCE:
            found.append(spoken)
            continue
        for part in PARTS.split(sentence):
            spoken = _spoken(part)
            found += (spoken[n : n + LONG_SENTENCE] for n in range(0, len(spoken), LONG_SENTENCE))
    return [sentence for sentence in found if sentence]


def _spoken(text: str) -> list[str]:
    """The words; a plain text is read faster."""
    return (PLAIN_WORD if text.isascii() else WORD).findall(text)
