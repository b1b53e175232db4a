"""Which actors may be one and the same: by their names, without looking at every pair.

Pairs are looked at only if they share something rare: an id, a whole name, a word, the initials
of several words, or how a name sounds.
"""

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from rapidfuzz.distance import JaroWinkler
from rapidfuzz.fuzz import token_sort_ratio

from corpus_app.names import search_key

LIKELY = 88  # of 100; below it pairs are mostly different actors
MOST_IN_BLOCK = 60  # a word that more actors have than this tells nothing of any two of them
SHORTEST_STEM = 4
# How the same sound is written in different transliterations, the longest first.
SOUNDS = (
    ("shch", "s"), ("tsch", "c"), ("sch", "s"), ("tch", "c"), ("sh", "s"), ("ch", "c"),
    ("zh", "z"), ("kh", "h"), ("gh", "g"), ("ph", "f"), ("ck", "k"), ("ts", "c"), ("tz", "c"),
    ("dj", "j"), ("ou", "u"), ("oo", "u"), ("ee", "i"), ("ya", "a"), ("yu", "u"), ("yo", "o"),
    ("ia", "a"), ("iu", "u"), ("ye", "e"), ("ie", "e"), ("ei", "e"), ("ai", "a"), ("ay", "a"),
    ("iy", "i"), ("ij", "i"), ("y", "i"), ("j", "i"), ("w", "v"), ("q", "k"), ("x", "ks"),
)  # fmt: skip
SMALL = frozenset({"of", "the", "and", "for", "in", "on", "de", "la", "le", "al", "el", "du"})


@dataclass(frozen=True)
class Known:
    """An actor: its own name first among its names; ids as `scheme:value`."""

    id: Hashable
    names: tuple[str, ...]
    is_person: bool = False
    ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Double:
    """Two actors that may be one; `score` from 0 to 100, `reason` in words."""

    one: Hashable
    other: Hashable
    score: int
    reason: str


def likely(actors: Sequence[Known]) -> list[Double]:
    """The pairs that may be one actor, the likeliest first; 100 means certain."""
    found: dict[tuple[int, int], Double] = {}
    folded = [_Folded(actor) for actor in actors]
    for one, other in _candidates(folded):
        if pair := _compare(folded[one], folded[other]):
            found[one, other] = pair
    order = {actor.id: place for place, actor in enumerate(actors)}
    return sorted(found.values(), key=lambda d: (-d.score, order[d.one], order[d.other]))


class _Folded:
    """An actor's names as they are compared."""

    def __init__(self, actor: Known):
        self.id, self.is_person, self.ids = actor.id, actor.is_person, frozenset(actor.ids)
        self.shown = dict(zip(map(search_key, reversed(actor.names)), reversed(actor.names),
                              strict=True))  # fmt: skip
        self.keys = list(dict.fromkeys(search_key(name) for name in actor.names))
        self.own = self.keys[0]
        self.sounds = {key: sound(key) for key in self.keys}

    def blocks(self) -> Iterator[str]:
        """What another actor must share one of to be compared with this one."""
        yield from (f"id {each}" for each in self.ids)
        for key in self.keys:
            words = [word for word in key.split() if word not in SMALL]
            yield f"= {key}"
            yield f"~ {self.sounds[key]}"
            yield from (f"w {word}" for word in words if len(word) > 2)
            yield from (f"s {sound(word)[:SHORTEST_STEM]} {len(words)}" for word in words[-1:])
            if len(words) > 1:
                yield f"i {''.join(word[0] for word in words)}"
            elif 1 < len(key) < 7:
                yield f"i {key}"


def sound(key: str) -> str:
    """The search key as it might be heard, whatever the transliteration: for comparing only."""
    for written, heard in SOUNDS:
        key = key.replace(written, heard)
    return re.sub(r"(\w)\1+", r"\1", key)


def _candidates(folded: Sequence[_Folded]) -> set[tuple[int, int]]:
    """The places of the pairs that are worth a look."""
    blocks: dict[str, list[int]] = defaultdict(list)
    for place, actor in enumerate(folded):
        for block in dict.fromkeys(actor.blocks()):
            blocks[block].append(place)
    return {
        pair
        for places in blocks.values()
        if len(places) <= MOST_IN_BLOCK
        for pair in combinations(places, 2)
    }


def _compare(one: _Folded, other: _Folded) -> Double | None:
    """The pair if it is likely, with the strongest reason."""
    if shared := one.ids & other.ids:
        return Double(one.id, other.id, 100, f"both are {min(shared)}")
    judged = (
        *_same_name(one, other), *_initials(one, other), *_abbreviation(one, other),
        *_alike(one, other),
    )  # fmt: skip
    if not judged:
        return None
    score, reason = max(judged)
    return Double(one.id, other.id, score, reason)


def _same_name(one: _Folded, other: _Folded) -> Iterable[tuple[int, str]]:
    """A name of one is a name of the other."""
    shared = [key for key in one.keys if key in other.keys]
    if shared and shared[0] in (one.own, other.own):
        yield 97, f"both are called “{one.shown[shared[0]]}”"
    elif shared:
        yield 90, f"both have the alias “{one.shown[shared[0]]}”"


def _initials(one: _Folded, other: _Folded) -> Iterable[tuple[int, str]]:
    """“D. Trump” beside “Donald Trump”: the last word is the same, another only begins so."""
    short, long = sorted((one.own.split(), other.own.split()), key=lambda w: len("".join(w)))
    if len(short) < 2 or len(long) < 2 or short[-1] != long[-1]:
        return
    first, full = short[0], long[0]
    if len(first) == 1 and len(full) > 1 and full.startswith(first):
        yield 92, f"“{one.shown[one.own]}” and “{other.shown[other.own]}”: initial and full name"


def _abbreviation(one: _Folded, other: _Folded) -> Iterable[tuple[int, str]]:
    """“UN” beside “United Nations”: the own name of one is the other's initials."""
    for short, long in ((one, other), (other, one)):
        words = [word for word in long.own.split() if word not in SMALL]
        initials = "".join(word[0] for word in words)
        if len(words) > 1 and short.own == initials:
            yield 89, f"“{short.shown[short.own]}” may be short for “{long.shown[long.own]}”"


def _alike(one: _Folded, other: _Folded) -> Iterable[tuple[int, str]]:
    """Their names are written nearly the same, or sound the same; figures must be the same."""
    best = max(
        ((_score(mine, yours, one, other), mine, yours) for mine in one.keys for yours in other.keys
         if one.own == mine or other.own == yours),
        default=(0, "", ""),
    )  # fmt: skip
    score, mine, yours = best
    if score >= LIKELY and mine != yours:
        yield min(96, score), f"“{one.shown[mine]}” and “{other.shown[yours]}” are written alike"


def _score(mine: str, yours: str, one: _Folded, other: _Folded) -> int:
    if re.findall(r"\d+", mine) != re.findall(r"\d+", yours) or min(len(mine), len(yours)) < 4:
        return 0
    heard, said = one.sounds[mine], other.sounds[yours]
    if heard == said:
        return 93
    if len(mine.split()) != len(yours.split()):
        return 0
    words = zip(sorted(heard.split()), sorted(said.split()), strict=True)
    # One word that is another word makes another name, however long the rest is.
    if any(JaroWinkler.similarity(a, b) < 0.8 for a, b in words):
        return 0
    return int(max(token_sort_ratio(mine, yours), token_sort_ratio(heard, said)))
