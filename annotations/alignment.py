"""Where the places of a text are once the text was corrected.

Everything counts code points, half-open. Two texts are aligned from the coarse to the fine:
sentences that stand in both, in order or moved; sentences that were mended, by their likeness;
inside those words, and inside words characters. A place is then carried, or it is stranded:

    every stretch whose words are untouched is carried with the score 1;
    one whose words were mended is carried with their likeness as its score, if that is at least
    CARRIES (1 is equal, 0 has nothing in common);
    otherwise its words are gone: it is stranded, with the place where it may belong, if any.

An annotation is carried if all its stretches are; its score is that of the worst.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import chain, pairwise
from operator import attrgetter

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from annotations import anchors

CARRIES = 0.6

_ALIKE = 0.7  # sentences of less likeness are not taken for one that was mended
_KEPT = 0.3  # what is left of a stretch with less likeness is not worth proposing
_SAME = 12  # code points on either side by which a place is known
_NEAR = 1500  # code points on either side in which lost words are looked for
_MOST_COMPARED = 40_000  # pairs of sentences
_MOST_EQUAL = 250_000  # pairs of equal sentences
_MOST_WORDS = 4_000_000  # pairs of words of two stretches without an equal sentence
_SENTENCE = re.compile(r"\S(?:[^\n]*?[.!?…。！？؟۔]+[\"'”’»)\]」』]*(?=\s|$)|[^\n]*)")
# Scripts without blanks are taken letter by letter.
_WORD = re.compile(
    r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
    r"|[^\W\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+|[^\w\s]"
)
_JOINERS = frozenset("\u200d\ufe0e\ufe0f") | {chr(n) for n in range(0x1F3FB, 0x1F400)}

Place = tuple[int, int]


@dataclass(frozen=True)
class Carried:
    """Where the stretches are now, and how alike the words are: 1 means equal."""

    places: tuple[Place, ...]
    score: float


@dataclass(frozen=True)
class Stranded:
    """Stretches whose words are gone; `places` is where they may belong, empty if nowhere."""

    places: tuple[Place, ...]
    score: float


@dataclass(frozen=True, order=True)
class _Piece:
    """`[start, end)` of the old text and what it is in the new one, equal or mended."""

    start: int
    end: int
    new_start: int
    new_end: int
    equal: bool = True


class Alignment:
    """Two texts, old and new, once compared: any number of places can then be carried."""

    def __init__(self, old: str, new: str):
        self.old, self.new = old, new
        self.pieces = [_Piece(0, len(old), 0, len(new))] if old == new else _pieces(old, new)
        self._starts = [piece.start for piece in self.pieces]

    def carry(self, spans: Sequence[Place]) -> Carried | Stranded:
        """What becomes of an annotation with these stretches of the old text."""
        found = [self._carry(start, end) for start, end in spans]
        score = min(score for _, score in found)
        places = tuple(sorted(place for place, _ in found if place))
        apart = all(one[1] <= other[0] for one, other in pairwise(places))
        if score >= CARRIES and apart and len(places) == len(spans):
            return Carried(places, score)
        near = (
            place if place and score >= CARRIES else self._proposed(*span, place, score)
            for span, (place, score) in zip(spans, found, strict=True)
        )
        return Stranded(_apart(place for place in near if place), min(score, 0.999))

    def _carry(self, start: int, end: int) -> tuple[Place | None, float]:
        """Where one stretch is and how alike its words are; no place if nothing of it is left."""
        quote = self.old[start:end]
        touched = self._touched(start, end)
        held = _together(touched, end - start)
        if not held:
            return None, 0.0
        place = self._start(held[0], start), self._end(held[-1], end)
        if self.new[slice(*place)] != quote:
            place = self._slid(place, quote, (start, end)) or self._whole(place, quote)
        words = self.new[slice(*place)]
        if words == quote:
            return place, 1.0
        if not words.strip():
            return None, 0.0
        return place, likeness(quote, words)

    def _touched(self, start: int, end: int) -> list[_Piece]:
        first = max(0, bisect_right(self._starts, start) - 1)
        last = bisect_left(self._starts, end)
        return [piece for piece in self.pieces[first:last] if piece.end > start]

    def _start(self, piece: _Piece, start: int) -> int:
        inside = max(0, start - piece.start) if piece.equal else 0
        return piece.new_start + inside

    def _end(self, piece: _Piece, end: int) -> int:
        inside = max(0, piece.end - end) if piece.equal else 0
        return piece.new_end - inside

    def _slid(self, place: Place, quote: str, was: Place) -> Place | None:
        """The whole quote at either end of the place, where equal words beside it hid it."""
        start, end = place
        for at in (start, end - len(quote)):
            shared = min(end, at + len(quote)) - max(start, at)
            there = at, at + len(quote)
            if at >= 0 and self.new.startswith(quote, at) and 2 * shared >= len(quote):
                cut = [_cuts(self.new, edge) for edge in there]
                if cut == [_cuts(self.old, edge) for edge in was]:
                    return there
        return None

    def _whole(self, place: Place, quote: str) -> Place:
        """The place without blanks that the quote has not, cutting no character in two."""
        start, end = place
        while end < len(self.new) and end > start and _clings(self.new, end):
            end += 1
        while start > 0 and start < end and _clings(self.new, start):
            start -= 1
        while start < end and self.new[end - 1].isspace() and not quote[-1].isspace():
            end -= 1
        while start < end and self.new[start].isspace() and not quote[0].isspace():
            start += 1
        return start, end

    def _proposed(self, start: int, end: int, left: Place | None, score: float) -> Place | None:
        """Where a lost stretch may belong: like words nearby, or what stands there instead."""
        if left and self._in_its_place(start, end, left):
            return left
        quote = self.old[start:end]
        near = left[0] if left else self._beside(start)
        low, high = max(0, near - _NEAR), min(len(self.new), near + _NEAR + len(quote))
        try:
            found = anchors.find_quote(
                self.new[low:high], quote, *anchors.context(self.old, start, end), near - low
            )
            return low + found.start, low + found.end
        except anchors.AnchorError:
            pass
        best = fuzz.partial_ratio_alignment(quote, self.new[low:high], score_cutoff=100 * CARRIES)
        if best and len(quote) > 3 and best.dest_end - best.dest_start >= len(quote) // 2:
            return self._by_words(low + best.dest_start, low + best.dest_end)
        return left if score >= _KEPT else None

    def _in_its_place(self, start: int, end: int, place: Place) -> bool:
        """Whether the words on both sides are the same, so that only these were put for others."""
        return anchors.context(self.old, start, end, _SAME) == anchors.context(
            self.new, *place, _SAME
        )

    def _beside(self, start: int) -> int:
        """The place in the new text of what stands before a place of the old one."""
        nth = bisect_right(self._starts, start) - 1
        return self.pieces[nth].new_end if nth >= 0 else 0

    def _by_words(self, start: int, end: int) -> Place | None:
        """The place, widened to the words that it cuts."""
        while _cuts(self.new, start):
            start -= 1
        while _cuts(self.new, end):
            end += 1
        start, end = self._whole((start, end), "x")
        return (start, end) if start < end else None


def carry(old: str, new: str, spans: Sequence[Place]) -> Carried | Stranded:
    """What becomes of one annotation's stretches `[start, end)` of the old text."""
    return Alignment(old, new).carry(spans)


def likeness(one: str, other: str) -> float:
    """How alike two stretches read, from 0 to 1; 1 only if they are equal."""
    return 1.0 if one == other else min(0.999, Indel.normalized_similarity(one, other))


def _clings(text: str, at: int) -> bool:
    """Whether the character at a place belongs to the one before it."""
    return text[at] in _JOINERS or text[at - 1] == "\u200d" or bool(unicodedata.combining(text[at]))


def _cuts(text: str, at: int) -> bool:
    """Whether a place is inside a word."""
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


def _apart(places: Iterator[Place]) -> tuple[Place, ...]:
    """The places in order, those left out that run into one before."""
    kept: list[Place] = []
    for place in sorted(places):
        if not kept or kept[-1][1] <= place[0]:
            kept.append(place)
    return tuple(kept)


def _together(pieces: Sequence[_Piece], length: int) -> list[_Piece]:
    """The longest run of pieces that follow one another in the new text too.

    What was put between them must not outweigh the stretch itself, which has this length.
    """
    runs: list[list[_Piece]] = []
    for piece in pieces:
        last = runs[-1][-1] if runs else None
        if last and 0 <= piece.new_start - last.new_end <= piece.start - last.end + 2 * length:
            runs[-1].append(piece)
        else:
            runs.append([piece])
    return max(runs, key=lambda run: sum(p.end - p.start for p in run), default=[])


def _pieces(old: str, new: str) -> list[_Piece]:
    """What the two texts share, in the order of the old one; pieces of either never overlap."""
    olds, news = _sentences(old), _sentences(new)
    pairs = _equal_sentences([old[slice(*s)] for s in olds], [new[slice(*s)] for s in news])
    found = [_Piece(*olds[one], *news[other]) for one, other in pairs.items()]
    mended = _alike_sentences(old, new, _left(olds, pairs), _left(news, pairs.values()))
    found += chain.from_iterable(_mended(old, new, *pair) for pair in mended)
    found = _grown(old, new, sorted(found))
    found += list(_between(old, new, found))
    return _grown(old, new, sorted(found))


def _sentences(text: str) -> list[Place]:
    return [match.span() for match in _SENTENCE.finditer(text)]


def _left(places: Sequence[Place], taken) -> list[Place]:
    taken = set(taken)
    return [place for nth, place in enumerate(places) if nth not in taken]


def _equal_sentences(olds: Sequence[str], news: Sequence[str]) -> dict[int, int]:
    """The number of each old sentence that stands in the new text, and its number there.

    Those in order come first, the longest runs before others; then those that were moved.
    """
    counts = Counter(olds), Counter(news)
    if sum(count * counts[1][one] for one, count in counts[0].items()) > _MOST_EQUAL:
        # Each by itself: nobody tells a thousand equal ones apart, and comparing all takes minutes.
        olds, news = _numbered(olds), _numbered(news)
    pairs: dict[int, int] = {}
    left, there = list(range(len(olds))), list(range(len(news)))
    while True:
        matcher = SequenceMatcher(
            None, [olds[n] for n in left], [news[n] for n in there], autojunk=False
        )
        blocks = [block for block in matcher.get_matching_blocks() if block.size]
        if not blocks:
            return pairs
        for block in blocks:
            for n in range(block.size):
                pairs[left[block.a + n]] = there[block.b + n]
        left = [n for n in left if n not in pairs]
        taken = set(pairs.values())
        there = [n for n in there if n not in taken]


def _numbered(sentences: Sequence[str]) -> list[tuple[str, int]]:
    """Every sentence with how many equal ones stand before it."""
    before: Counter[str] = Counter()
    numbered = []
    for sentence in sentences:
        numbered.append((sentence, before[sentence]))
        before[sentence] += 1
    return numbered


def _alike_sentences(
    old: str, new: str, olds: Sequence[Place], news: Sequence[Place]
) -> list[tuple[Place, Place]]:
    """Each old sentence with the new one that it became, the likest first."""
    if len(olds) * len(news) > _MOST_COMPARED:
        return []
    alike = []
    for one in olds:
        for other in news:
            words = old[slice(*one)], new[slice(*other)]
            score = fuzz.ratio(*words, score_cutoff=100 * _ALIKE)
            if score:
                alike.append((-score, abs(one[0] - other[0]), one, other))
    taken: set[Place] = set()
    there: set[Place] = set()
    pairs = []
    for _, _, one, other in sorted(alike):
        if one not in taken and other not in there:
            taken.add(one)
            there.add(other)
            pairs.append((one, other))
    return pairs


def _mended(old: str, new: str, one: Place, other: Place) -> Iterator[_Piece]:
    """What two stretches share, word by word; a word put for another is a piece too."""
    olds = [(m.start() + one[0], m.end() + one[0]) for m in _WORD.finditer(old[slice(*one)])]
    news = [(m.start() + other[0], m.end() + other[0]) for m in _WORD.finditer(new[slice(*other)])]
    if len(olds) * len(news) > _MOST_WORDS:
        return
    words = [old[slice(*place)] for place in olds], [new[slice(*place)] for place in news]
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, *words, autojunk=False).get_opcodes():
        if tag == "equal":
            for n in range(i2 - i1):
                yield _Piece(*olds[i1 + n], *news[j1 + n])
        elif tag == "replace":
            there = news[j1][0], news[j2 - 1][1]
            yield _Piece(olds[i1][0], olds[i2 - 1][1], *there, equal=False)


def _between(old: str, new: str, pieces: Sequence[_Piece]) -> Iterator[_Piece]:
    """What is shared where between the same neighbours neither text has an equal sentence."""
    ends = _Piece(0, 0, 0, 0), _Piece(len(old), len(old), len(new), len(new))
    within = sorted(piece.new_start for piece in pieces)
    for one, other in pairwise([ends[0], *pieces, ends[1]]):
        gaps = (one.end, other.start), (one.new_end, other.new_start)
        if any(start >= end for start, end in gaps):
            continue
        if bisect_left(within, gaps[1][0]) == bisect_left(within, gaps[1][1]):
            yield from _mended(old, new, *gaps)


def _grown(old: str, new: str, pieces: Sequence[_Piece]) -> list[_Piece]:
    """The pieces, equal ones widened over the equal characters after and before them."""
    roofs = [*(piece.start for piece in pieces[1:]), len(old)]
    by_new = sorted(pieces, key=attrgetter("new_start"))
    there = {one: other.new_start for one, other in pairwise(by_new)}
    onward = []
    for piece, roof in zip(pieces, roofs, strict=False):
        end, to = piece.end, piece.new_end
        while (
            piece.equal and end < roof and to < there.get(piece, len(new)) and old[end] == new[to]
        ):
            end, to = end + 1, to + 1
        onward.append(replace(piece, end=end, new_end=to))
    floors = [0, *(piece.end for piece in onward)]
    by_new = sorted(onward, key=attrgetter("new_start"))
    there = {other: one.new_end for one, other in pairwise(by_new)}
    backward = []
    for piece, floor in zip(onward, floors, strict=False):
        start, at = piece.start, piece.new_start
        wall = there.get(piece, 0)
        while piece.equal and start > floor and at > wall and old[start - 1] == new[at - 1]:
            start, at = start - 1, at - 1
        backward.append(replace(piece, start=start, new_start=at))
    return backward
