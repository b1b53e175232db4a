"""Exact alignment of two passages: the stretches that both have, and what differs in them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from rapidfuzz.distance import LCSseq

from corpus_app.likeness.words import Words, amount, words

SEED = 4  # equal words in a row, from which a stretch grows
OFTEN = 8  # places in one passage, beyond which a run of words is passed over
LEAST_SEEDS = 3
LONGEST_GAP = 6  # words that differ within one stretch, in a row
LEAST_STRETCH = 12  # equal words, below which two sentences may be alike by chance
LEAST_SHARE = 0.6
LONGEST = 20_000  # words of a passage that are compared; its alignment fills 50 MB


@dataclass(frozen=True)
class Stretch:
    """`[start, end)` of one text and `[source_start, source_end)` of another, in code points.

    `score` is the share of equal words, from 0 to 1, in the longer of the two.
    """

    start: int
    end: int
    source_start: int
    source_end: int
    score: float


class Change(NamedTuple):
    """A run of words, as written: the same in both, or what one has in the place of the other's."""

    op: Literal["equal", "delete", "insert", "replace"]
    before: str
    after: str


class Block(NamedTuple):
    """`size` equal words, from the `a`th of one text and the `b`th of the other."""

    a: int
    b: int
    size: int


def stretches(later: Words, source: Words, least: float = LEAST_STRETCH) -> list[Stretch]:
    """The stretches of `later` that `source` has too, in order and apart from each other.

    Each grows from a run of SEED equal words, the longest first, as far as it can: up to
    LONGEST_GAP words in a row may differ while more words are equal than differ. It has `least`
    equal words, and they are LEAST_SHARE of it. Words beyond the first LONGEST are not compared.
    """
    if later.folded == source.folded:
        whole = [Block(0, 0, len(later))] if len(later) else []
        return [found for found in [_stretch(whole, later, source, least)] if found]
    one, other = later.folded[:LONGEST], source.folded[:LONGEST]
    taken: list[list[Block]] = []
    for seed in sorted(_seeds(one, other), key=lambda block: -block.size):
        if not any(_overlap(seed, run) for run in taken):
            taken.append(_grown(seed, one, other, taken))
    found = (_stretch(run, later, source, least) for run in taken)
    return sorted((one for one in found if one), key=lambda stretch: stretch.start)


def equal(later: Words, source: Words) -> list[Block]:
    """The longest common subsequence of the words, as blocks in order."""
    if later.folded == source.folded:
        return [Block(0, 0, len(later))] if len(later) else []
    aligned = LCSseq.opcodes(later.folded[:LONGEST], source.folded[:LONGEST])
    return [Block(*block) for block in aligned.as_matching_blocks() if block.size]


def difference(before: str, after: str) -> list[Change]:
    """The runs of words that stayed, went, came or were replaced, as they are written.

    Runs of white space are one space. Differences of case and of marks are none.
    """
    one, other = words(before), words(after)
    changes, a, b = [], 0, 0
    for block in [*equal(one, other), Block(len(one), len(other), 0)]:
        gone, come = _written(before, one, a, block.a), _written(after, other, b, block.b)
        if gone or come:
            op = "replace" if gone and come else "delete" if gone else "insert"
            changes.append(Change(op, gone, come))
        a, b = block.a + block.size, block.b + block.size
        if block.size:
            kept = _written(before, one, block.a, a), _written(after, other, block.b, b)
            changes.append(Change("equal", *kept))
    return changes


def _written(text: str, found: Words, first: int, last: int) -> str:
    """The words from `first` to before `last` with the marks after each, as the text has them."""
    if first >= last:
        return ""
    start = found.places[first][0] if first else 0
    end = found.places[last][0] if last < len(found) else len(text)
    return " ".join(text[start:end].split())


def _seeds(one: Sequence[str], other: Sequence[str]) -> list[Block]:
    """The longest runs of SEED equal words and more; what is often said begins none.

    Most pairs only share an idiom: they are told by having fewer than LEAST_SEEDS in common.
    """
    common = set(_grams(one)) & set(_grams(other))
    if len(common) < LEAST_SEEDS:
        return []
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for b, gram in enumerate(_grams(other)):
        if gram in common:
            places[gram].append(b)
    reached: dict[int, int] = {}
    found = []
    for a, gram in enumerate(_grams(one)):
        begins = places[gram] if gram in common else ()
        for b in begins if len(begins) <= OFTEN else ():
            if reached.get(a - b, 0) <= a:
                size = _alike(one, other, a, b)
                reached[a - b] = a + size
                found.append(Block(a, b, size))
    return found


def _grams(said: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return zip(*(said[n:] for n in range(SEED)), strict=False)


def _alike(one: Sequence[str], other: Sequence[str], a: int, b: int) -> int:
    """How many words are equal from here on."""
    most, size = min(len(one) - a, len(other) - b), 0
    while size < most and one[a + size] == other[b + size]:
        size += 1
    return size


def _overlap(block: Block, run: list[Block]) -> bool:
    first, last = run[0], run[-1]
    return (block.a < last.a + last.size and first.a < block.a + block.size) or (
        block.b < last.b + last.size and first.b < block.b + block.size
    )


def _grown(
    seed: Block, one: Sequence[str], other: Sequence[str], taken: list[list[Block]]
) -> list[Block]:
    """The seed with the blocks after it and before it, up to the stretches that are taken."""
    a_end, b_end = len(one), len(other)
    a_start = b_start = 0
    for run in taken:
        first, last = run[0], run[-1]
        a_end = min(a_end, first.a) if first.a > seed.a else a_end
        b_end = min(b_end, first.b) if first.b > seed.b else b_end
        a_start = max(a_start, last.a + last.size) if last.a < seed.a else a_start
        b_start = max(b_start, last.b + last.size) if last.b < seed.b else b_start
    a, b = seed.a + seed.size, seed.b + seed.size
    after = _onward(one[a:a_end], other[b:b_end], seed.size)
    before = _onward(one[a_start : seed.a][::-1], other[b_start : seed.b][::-1], seed.size)
    backward = [
        Block(seed.a - block.a - block.size, seed.b - block.b - block.size, block.size)
        for block in reversed(before)
    ]
    return [*backward, seed, *(Block(a + block.a, b + block.b, block.size) for block in after)]


def _onward(one: Sequence[str], other: Sequence[str], score: int) -> list[Block]:
    """The blocks that follow: a gap costs as much as an equal word gives, and the best end wins."""
    blocks: list[Block] = []
    a = b = kept = 0
    best = score
    while block := _next(one, other, a, b):
        gap = max(block.a - a, block.b - b)
        if gap >= score:
            break
        score += block.size - gap
        blocks.append(block)
        a, b = block.a + block.size, block.b + block.size
        if score > best:
            best, kept = score, len(blocks)
    return blocks[:kept]


def _next(one: Sequence[str], other: Sequence[str], a: int, b: int) -> Block | None:
    """The nearest equal words; after a gap of several words one equal word is chance."""
    ahead: dict[str, list[int]] = defaultdict(list)
    for j, word in enumerate(other[b : b + LONGEST_GAP + 1]):
        ahead[word].append(j)
    found = [
        (max(i, j), -_alike(one, other, a + i, b + j), abs(i - j), i, j)
        for i, word in enumerate(one[a : a + LONGEST_GAP + 1])
        for j in ahead.get(word, ())
    ]
    near = min((way for way in found if -way[1] >= min(way[0], 2)), default=None)
    return near and Block(a + near[3], b + near[4], -near[1])


def _stretch(run: list[Block], later: Words, source: Words, least: float) -> Stretch | None:
    if not run:
        return None
    first, last = run[0], run[-1]
    alike = sum(block.size for block in run)
    length = max(last.a + last.size - first.a, last.b + last.size - first.b)
    said = [word for block in run for word in later.folded[block.a : block.a + block.size]]
    if alike < LEAST_SHARE * length or amount(said) < least:
        return None
    return Stretch(
        later.places[first.a][0], later.places[last.a + last.size - 1][1],
        source.places[first.b][0], source.places[last.b + last.size - 1][1],
        alike / length,
    )  # fmt: skip
