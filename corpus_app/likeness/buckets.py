"""Buckets of a locality-sensitive hash: alike chunks of text fall into the same ones.

A chunk is a sentence, with those after it as long as it is short. Its overlapping runs of `width`
words (shingles) are hashed by MinHash, and each of the `bands` smallest values (one row each) is
one bucket. Two chunks with the share J of shingles in common (Jaccard) meet in a given bucket
with the chance J, in any with 1 − (1 − J)^bands. A word changed in a sentence of 20 words leaves
J = 0.62 of shingles of four.

A pair of passages is looked at if it meets in TOGETHER buckets. With two bands a sentence taken
over unchanged suffices; of three sentences with a word changed in each 97 % of pairs are found,
of four 99 %. A passage of a single sentence is looked at if it meets another once (86 % with a
word changed). An idiom that two sentences share is hardly ever the smallest value of both bands.
Quotations are short and get cut, so they have more bands, and one meeting is enough: a quotation
of which half the shingles are left (J = 0.5) is found with 99.6 %, a third with 96 %.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rensa import CMinHash

from corpus_app.likeness.words import amount, sentences

LEAST_CHUNK = 8  # words
LEAST_QUOTED = 5
TURN = 0x9E3779B97F4A7C15  # keeps the bands' values apart
WHOLE = 2**64


@dataclass(frozen=True)
class Plan:
    """How chunks of one sort are hashed; `together` is in how many buckets a pair must meet."""

    width: int
    bands: int
    together: int
    seed: int


SENTENCES = Plan(width=4, bands=2, together=2, seed=20170412)
QUOTATIONS = Plan(width=3, bands=8, together=1, seed=20180611)


def chunks(text: str, least: int = LEAST_CHUNK) -> Iterator[list[str]]:
    """The folded words of each chunk: a sentence, or a run of short ones, of `least` words."""
    cut = sentences(text)
    for first, chunk in enumerate(cut):
        following = first + 1
        while not (fills := _has(chunk, least)) and following < len(cut):
            chunk = chunk + cut[following]
            following += 1
        if fills:
            yield chunk


def quoted_chunks(text: str) -> Iterator[list[str]]:
    """The chunks of a quotation, which may be shorter."""
    return chunks(text, LEAST_QUOTED)


def buckets(found: Sequence[Sequence[str]], plan: Plan) -> list[tuple[int, ...]]:
    """For each chunk its buckets: signed numbers of 64 bits, the same in every process."""
    if not found:
        return []
    tokens = [_shingles(chunk, plan.width) for chunk in found]
    digests = CMinHash.digests64_from_token_sets(tokens, plan.bands, plan.seed)
    return [
        struct.unpack(
            f"={plan.bands}q",
            struct.pack(
                f"={plan.bands}Q",
                *((value + plan.seed + band * TURN) % WHOLE for band, value in enumerate(digest)),
            ),
        )
        for digest in digests
    ]


def _has(chunk: Sequence[str], least: int) -> bool:
    return len(chunk) >= 2 * least or amount(chunk) >= least


def _shingles(chunk: Sequence[str], width: int) -> list[str]:
    """The runs of `width` words; signs that are no words of their own are taken two by two."""
    if len("".join(chunk)) <= 2 * len(chunk) and amount(chunk) < 0.75 * len(chunk):
        chunk = [one + other for one, other in pairwise(chunk)]
    return list(map(" ".join, zip(*(chunk[n:] for n in range(width)), strict=False)))
