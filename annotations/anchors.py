"""Where a quote stands in a text, and the same place counted in other units.

Everything counts Unicode code points, half-open, in a text as a revision stores it: LF only
and without lone surrogates. Other units (UTF-16, bytes, CRLF) exist only at the edge, here.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, takewhile
from typing import AnyStr

CONTEXT_WIDTH = 24

_BLANKS = "".join(character for character in map(chr, range(0x3001)) if character.isspace())
_SINGLE_QUOTES = "‘’‚‛‹›′`´"
_DOUBLE_QUOTES = "“”„‟«»″"
_DASHES = "‐‑‒–—―−"
_ALIKE = str.maketrans(
    _BLANKS + _SINGLE_QUOTES + _DOUBLE_QUOTES + _DASHES,
    " " * len(_BLANKS) + "'" * len(_SINGLE_QUOTES) + '"' * len(_DOUBLE_QUOTES) + "-" * len(_DASHES),
)
_UNEVEN = re.compile(r" {2,}|-{2,}|[^\x00-\x7f]+")
_INSIDE = -1
_MOST_MARKS = 32
_MOST_COMPARED = 10_000
_MOST_CONTEXT = 4 * CONTEXT_WIDTH
_OFF_CHARACTER = "An offset points into the middle of a character."


class AnchorError(ValueError):
    """A span or a quote that does not fit its text; the message is meant for a person."""


@dataclass(frozen=True, order=True)
class Stretch:
    """A piece of a text: code points, half-open."""

    start: int
    end: int


def quote_of(text: str, start: int, end: int) -> str:
    """The words between two offsets (code points, half-open).

    Raises AnchorError if the offsets are not whole numbers, or the span is empty or leaves
    the text.
    """
    if not (_whole(start) and _whole(end)):
        raise AnchorError("start and end must be whole numbers, counted in code points.")
    if start < 0 or end > len(text):
        raise AnchorError(f"it leaves the text, which ends at code point {len(text)}.")
    if start >= end:
        raise AnchorError("it is empty: its end must come after its start.")
    return text[start:end]


def check(text: str, spans: Sequence[tuple[int, int, str | None]]) -> list[tuple[int, int, str]]:
    """The spans of one annotation in reading order, each with the text's own quote.

    Takes (start, end, quote) in code points, half-open; a quote of None is filled in. Raises
    AnchorError, naming the span as it was given (from 1), if there is no span, or one is
    outside the text, empty, only white space, different from its quote or overlapping another.
    """
    if not spans:
        raise AnchorError("An annotation needs at least one span.")
    checked = []
    for number, (start, end, quote) in enumerate(spans, 1):
        try:
            checked.append((start, end, _own_quote(text, start, end, quote), number))
        except AnchorError as error:
            raise AnchorError(f"Span {number}: {error}") from None
    checked.sort()
    for (_, end, _, number), (start, _, _, other) in pairwise(checked):
        if start < end:
            first, second = sorted((number, other))
            raise AnchorError(
                f"Span {second}: it overlaps span {first} of the same annotation; "
                "join the two into one."
            )
    return [(start, end, quote) for start, end, quote, _ in checked]


def find_quote(
    text: str, quote: str, prefix: str = "", suffix: str = "", start_hint: int | None = None
) -> Stretch:
    """The place of a quote in a text (code points, half-open).

    An exact match wins; failing that, one that differs only in white space, in the style of
    quotation marks and dashes, or in Unicode composition. Of several, the one that prefix and
    suffix fit best, and of equals the one nearest to start_hint. Raises AnchorError if the
    quote is blank, not there, or equally at home in several places.
    """
    if not quote.strip():
        raise AnchorError("A quote needs more than white space to be found.")
    full = prefix + quote + suffix
    if start_hint is not None and full == quote and (near := _nearest(text, quote, start_hint)):
        return near
    places = [Stretch(at + len(prefix), at + len(prefix) + len(quote)) for at in _finds(text, full)]
    if not places:
        places = [Stretch(at, at + len(quote)) for at in _finds(text, quote)]
        places = _best_fits(text, places or _alike(text, quote), prefix, suffix)
    if not places:
        raise AnchorError(f"“{_short(quote)}” is not in this text.")
    if len(places) == 1:
        return places[0]
    if start_hint is None:
        raise AnchorError(
            f"“{_short(quote)}” stands at {len(places)} places in this text that fit equally "
            "well; quote more of the words around it."
        )
    return min(places, key=lambda place: (abs(place.start - start_hint), place.start))


def context(text: str, start: int, end: int, width: int = CONTEXT_WIDTH) -> tuple[str, str]:
    """What stands before and after a span: up to `width` code points on either side."""
    return text[max(0, start - width) : start], text[end : end + width]


def to_utf16(text: str, offsets: Sequence[int]) -> list[int]:
    """The same places counted in UTF-16 units, as browsers, DNA and INCEpTION count.

    Raises AnchorError if an offset is not a whole number or outside the text.
    """
    return _convert(text, offsets, lambda piece: len(piece.encode("utf-16-le")) // 2)


def from_utf16(text: str, offsets: Sequence[int]) -> list[int]:
    """The code points of places counted in UTF-16 units.

    Raises AnchorError if an offset is outside the text or inside a surrogate pair.
    """
    encoded = text.encode("utf-16-le")
    halves = [2 * offset if _whole(offset) else offset for offset in offsets]
    return _convert(encoded, halves, lambda piece: len(piece.decode("utf-16-le")))


def to_bytes(text: str, offsets: Sequence[int]) -> list[int]:
    """The same places counted in bytes of UTF-8, as Taguette counts.

    Raises AnchorError if an offset is not a whole number or outside the text.
    """
    return _convert(text, offsets, lambda piece: len(piece.encode()))


def from_bytes(text: str, offsets: Sequence[int]) -> list[int]:
    """The code points of places counted in bytes of UTF-8.

    Raises AnchorError if an offset is outside the text or inside a character.
    """
    return _convert(text.encode(), offsets, lambda piece: len(piece.decode()))


def to_crlf(text: str, offsets: Sequence[int]) -> list[int]:
    """The same places in the text with every LF written CRLF, as MAXQDA counts.

    Raises AnchorError if an offset is not a whole number or outside the text.
    """
    return _convert(text, offsets, lambda piece: len(piece) + piece.count("\n"))


def from_crlf(text: str, offsets: Sequence[int]) -> list[int]:
    """The code points of places in the text with every LF written CRLF.

    Raises AnchorError if an offset is outside the text or between CR and LF.
    """
    written = text.replace("\n", "\r\n")
    if any(_whole(at) and written[at - 1 : at + 1] == "\r\n" for at in offsets):
        raise AnchorError(_OFF_CHARACTER)
    return _convert(written, offsets, lambda piece: len(piece) - piece.count("\n"))


def _convert(text: AnyStr, offsets: Sequence[int], measure: Callable[[AnyStr], int]) -> list[int]:
    """Each offset measured anew, in one pass over the text whatever the order of the offsets."""
    if not all(_whole(offset) and 0 <= offset <= len(text) for offset in offsets):
        raise AnchorError("An offset is not a whole number within the text.")
    measured = {}
    at = total = 0
    for offset in sorted(set(offsets)):
        try:
            total += measure(text[at:offset])
        except UnicodeDecodeError:
            raise AnchorError(_OFF_CHARACTER) from None
        at = offset
        measured[offset] = total
    return [measured[offset] for offset in offsets]


def _whole(number: object) -> bool:
    return isinstance(number, int) and not isinstance(number, bool)


def _own_quote(text: str, start: int, end: int, quote: str | None) -> str:
    own = quote_of(text, start, end)
    if own.isspace():
        raise AnchorError("it holds only white space.")
    if quote is not None and quote != own:
        raise AnchorError(f"the text reads “{_short(own)}” there, not “{_short(str(quote))}”.")
    return own


def _short(words: str, width: int = 60) -> str:
    # A lone surrogate in a message would break the answer that carries it.
    words = " ".join(words[: 4 * width].split()).encode(errors="replace").decode()
    return words if len(words) <= width else words[: width - 1].rstrip() + "…"


def _nearest(text: str, quote: str, hint: int) -> Stretch | None:
    """The exact place of the quote that is nearest to the hint, found without all the others."""
    hint = max(hint, 0)
    both = (text.rfind(quote, 0, hint + len(quote)), text.find(quote, hint))
    starts = [start for start in both if start >= 0]
    if not starts:
        return None
    start = min(starts, key=lambda start: (abs(start - hint), start))
    return Stretch(start, start + len(quote))


def _finds(text: str, words: str) -> Iterator[int]:
    at = text.find(words)
    while at >= 0:
        yield at
        at = text.find(words, at + 1)


def _alike(text: str, quote: str) -> list[Stretch]:
    """The stretches that read like the quote once both are folded."""
    folded, origins = _folded(text)
    words = _fold(quote)[0].strip()
    ends = [(origins[at], origins[at + len(words)]) for at in _finds(folded, words)]
    return [Stretch(start, end) for start, end in ends if _INSIDE not in (start, end)]


def _fold(text: str) -> tuple[str, list[int]]:
    """The text with look-alikes made equal, and for each position in it the one in `text`.

    Runs of blanks and of dashes become one, characters are decomposed. A position inside what
    was one character has no counterpart and is _INSIDE.
    """
    alike = text.translate(_ALIKE)
    pieces: list[str] = []
    origins: list[int] = []
    done = 0
    for run in _UNEVEN.finditer(alike):
        pieces.append(alike[done : run.start()])
        origins.extend(range(done, run.start()))
        done = run.end()
        for start, piece in _even(run):
            pieces.append(piece)
            origins.append(start)
            origins.extend([_INSIDE] * (len(piece) - 1))
    pieces.append(alike[done:])
    origins.extend(range(done, len(alike) + 1))
    return "".join(pieces), origins


@lru_cache(maxsize=1)
def _folded(text: str) -> tuple[str, list[int]]:
    """As `_fold`, kept for the next quote that is looked for in the same text."""
    return _fold(text)


def _even(run: re.Match[str]) -> Iterator[tuple[int, str]]:
    """Where each piece of an uneven run begins, and its folded form."""
    if run[0].isascii():
        yield run.start(), run[0][0]
    elif unicodedata.is_normalized("NFD", run[0]):
        yield from enumerate(run[0], run.start())
    else:
        # Decomposition may change the order of marks, so a letter keeps its marks with it; not
        # without limit, as sorting thousands of marks on one letter would take minutes.
        bounds = [0]
        for at, character in enumerate(run[0]):
            if at and (not unicodedata.combining(character) or at - bounds[-1] >= _MOST_MARKS):
                bounds.append(at)
        bounds.append(len(run[0]))
        for start, end in pairwise(bounds):
            yield run.start() + start, unicodedata.normalize("NFD", run[0][start:end])


def _best_fits(text: str, places: list[Stretch], prefix: str, suffix: str) -> list[Stretch]:
    """The places whose surroundings share the most with prefix and suffix."""
    if len(places) < 2 or not (prefix or suffix):
        return places
    if len(places) > _MOST_COMPARED:
        raise AnchorError(
            f"The quote stands at {len(places)} places in this text, too many to compare; "
            "quote more of the words around it."
        )
    # Twice as far in the text, for white space that the given context lacks.
    reach = 2 * _MOST_CONTEXT
    before, after = _views(prefix[-_MOST_CONTEXT:]), _views(suffix[:_MOST_CONTEXT])
    fits = []
    for place in places:
        left, right = context(text, place.start, place.end, reach)
        fits.append(
            [
                _shared(seen[::-1], wanted[::-1]) + _shared(seen_after, wanted_after)
                for seen, wanted, seen_after, wanted_after in zip(
                    _views(left), before, _views(right), after, strict=True
                )
            ]
        )
    best = max(fits)
    return [place for place, fit in zip(places, fits, strict=True) if fit == best]


def _views(words: str) -> tuple[str, str, str]:
    """Words without blanks, with blanks folded, and as they are: rough fit first, fine fit last."""
    folded = _fold(words)[0]
    return folded.replace(" ", ""), folded, words


def _shared(one: str, other: str) -> int:
    """How many characters two strings have in common from the start."""
    equal = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return sum(1 for _ in equal)
