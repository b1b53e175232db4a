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
from rapidfuzz.fuzz import ratio

from corpus_app.names import search_key

LIKELY = 88  # of 100; below it pairs are mostly different actors
MOST_IN_BLOCK = 40  # a word that more actors have than this tells nothing of any two of them
SHORTEST_STEM = 4
FIGURES = re.compile(r"\d+")
# How the same sound is written in different transliterations, the longest first.
SOUNDS = (
    ("shch", "s"), ("tsch", "c"), ("sch", "s"), ("tch", "c"), ("sh", "s"), ("ch", "h"),
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


class _Name:
    """A name as it is compared."""

    def __init__(self, shown: str):
        self.shown, self.key = shown, search_key(shown)
        self.words = self.key.split()
        self.heard = sound(self.key)
        self.heard_words = sorted(self.heard.split())
        self.sorted = " ".join(sorted(self.words))
        self.sorted_heard = " ".join(self.heard_words)
        self.figures = FIGURES.findall(self.key)
        weighty = [word for word in self.words if word not in SMALL]
        self.weighty = weighty or self.words
        self.initials = "".join(word[0] for word in weighty) if len(weighty) > 1 else ""


class _Folded:
    """An actor's names as they are compared, its own first."""

    def __init__(self, actor: Known):
        self.id, self.ids = actor.id, frozenset(actor.ids)
        names = [_Name(name) for name in actor.names]
        self.names = list({name.key: name for name in reversed(names)}.values())[::-1]
        self.own = names[0]
        self.by_key = {name.key: name for name in self.names}

    def blocks(self) -> Iterator[str]:
        """What another actor must share one of to be compared with this one."""
        yield from (f"id {each}" for each in self.ids)
        for name in self.names:
            last = name.weighty[-1]
            yield f"= {name.key}"
            yield f"~ {name.heard}"
            yield from _words_beside(name.weighty)
            yield f"s {sound(last)[:SHORTEST_STEM]} {name.weighty[0][0]} {len(name.weighty)}"
            if name.initials or 1 < len(name.key) < 7:
                yield f"i {name.initials or name.key}"


def _words_beside(words: Sequence[str]) -> Iterator[str]:
    """Each word with how another one begins: a word alone is shared by too many."""
    for word in words:
        for other in words:
            if word != other and len(word) > 2:
                yield f"w {word} {other[0]}"


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
    shared = one.by_key.keys() & other.by_key.keys()
    for key in (one.own.key, other.own.key):
        if key in shared:
            yield 97, f"both are called “{one.by_key[key].shown}”"
            return
    if shared:
        yield 90, f"both have the alias “{one.by_key[min(shared)].shown}”"


def _initials(one: _Folded, other: _Folded) -> Iterable[tuple[int, str]]:
    """“D. Trump” beside “Donald Trump”: the last word is the same, another only begins so."""
    mine, yours = one.own.words, other.own.words
    if len(mine) < 2 or len(yours) < 2 or mine[-1] != yours[-1] or mine[0] == yours[0]:
        return
    first, full = sorted((mine[0], yours[0]), key=len)
    if len(first) == 1 and full.startswith(first):
        yield 92, f"“{one.own.shown}” and “{other.own.shown}”: initial and full name"


def _abbreviation(one: _Folded, other: _Folded) -> Iterable[tuple[int, str]]:
    """“UN” beside “United Nations”: the own name of one is the other's initials."""
    for short, long in ((one.own, other.own), (other.own, one.own)):
        if short.key == long.initials:
            yield 89, f"“{short.shown}” may be short for “{long.shown}”"


def _alike(one: _Folded, other: _Folded) -> Iterable[tuple[int, str]]:
    """A name of one is written nearly as the other's own name, or sounds the same."""
    pairs = [(one.own, yours) for yours in other.names]
    pairs += [(mine, other.own) for mine in one.names[1:]]
    score, mine, yours = max(
        ((_score(*pair), *pair) for pair in pairs), key=lambda scored: scored[0]
    )
    if score >= LIKELY and mine.key != yours.key:
        yield min(96, score), f"“{mine.shown}” and “{yours.shown}” are written alike"


def _score(mine: _Name, yours: _Name) -> int:
    """How alike two names are, of 100; nothing if their figures or a whole word differ."""
    if len(mine.words) != len(yours.words) and mine.heard != yours.heard:
        return 0
    if mine.figures != yours.figures or min(len(mine.key), len(yours.key)) < 4:
        return 0
    if mine.heard == yours.heard:
        return 93
    score = max(
        ratio(mine.sorted, yours.sorted, score_cutoff=LIKELY),
        ratio(mine.sorted_heard, yours.sorted_heard, score_cutoff=LIKELY),
    )
    # One word that is another word makes another name, however long the rest is.
    words = zip(mine.heard_words, yours.heard_words, strict=False)
    if not score or any(JaroWinkler.similarity(a, b) < 0.8 for a, b in words):
        return 0
    return int(score)
