"""Where a place in a text that was given is in the text as it is stored.

Storing a text may make it shorter: CRLF becomes LF, signs are composed (NFC), controls and a byte
order mark go.
"""

import re
from bisect import bisect_right
from itertools import accumulate

from corpus_app.text import Slice, normalise


class Settled:
    """A given text as it is stored (`text`), and what became of the places in it.

    Words are settled one by one, since nothing composes across a blank or the end of a line.
    """

    def __init__(self, given: str):
        self.text = normalise(given)
        self.same = self.text == given
        self._words = [] if self.same else re.findall(r"[^\n ]*[\n ]|[^\n ]+", given)
        self._given = [0, *accumulate(map(len, self._words))]
        self._stored = [0, *accumulate(len(normalise(word)) for word in self._words)]

    def at(self, offset: int) -> int:
        """The code point in the stored text for one in the given text; its end for one beyond."""
        if self.same:
            return offset
        number = bisect_right(self._given, max(offset, 0)) - 1
        if number == len(self._words):
            return self._stored[-1]
        before = self._words[number][: max(offset, 0) - self._given[number]]
        return self._stored[number] + len(normalise(before))

    def stretch(self, start: int, end: int) -> tuple[int, int]:
        """A stretch of the given text, half-open, in the stored text."""
        return self.at(start), self.at(end)


def slices_of(text: str, title: str = "") -> tuple[Slice, ...]:
    """The passages of a stored text of which nothing is known: what blank lines part, else lines.

    The first is a title if it says what the title says.
    """
    parting = "\n\n" if "\n\n" in text.strip("\n") else "\n"
    found, at = [], 0
    for piece in text.split(parting):
        bare = piece.strip()
        if bare:
            start = at + piece.index(bare)
            is_title = not found and bare == title.strip()
            found.append(Slice("title" if is_title else "body", start, start + len(bare)))
        at += len(piece) + len(parting)
    return tuple(found)
