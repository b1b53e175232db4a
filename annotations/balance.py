"""Spreading articles over coders: how many each gets, and who shares articles with whom."""

import random
from collections import deque
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

TRIES = 20_000  # exchanges that are tried to make pairs even

EVERYBODY_HAS_IT = "everybody chosen has it already, or had it withdrawn"
NO_ROOM = "everybody else chosen has as many articles open as she may"


@dataclass(frozen=True)
class Place:
    """An article: whose work on it counts already, and who besides must not be given it."""

    key: Hashable
    coders: frozenset = frozenset()
    barred: frozenset = frozenset()


@dataclass(frozen=True)
class Coder:
    """Somebody to give articles to: how many she has open, and how many she may have."""

    key: Hashable
    load: int = 0
    limit: int | None = None


@dataclass(frozen=True)
class Spread:
    """Who gets what, as (article, coder); and for which articles how many lack, and why."""

    given: list[tuple[Hashable, Hashable]]
    short: list[tuple[Hashable, int, str]]


def spread(
    articles: Sequence[Place],
    coders: Sequence[Coder],
    *,
    k: int,
    pairs: Mapping[frozenset, int] | None = None,
    seed: int = 1,
) -> Spread:
    """Coders for the articles, so that each article has `k`; nobody gets one twice.

    `pairs` says how many articles any two coders share so far. The same arguments give the same
    answer. Three steps:

    1. Articles for which the fewest coders come into question go first. Each is given to whoever
       has the least open and, of those, has shared least with its other coders; chance decides
       the rest. Where all who come into question are at their limit, room is made by passing on
       what was given before, along the shortest chain of coders (an augmenting path), so that as
       many places are filled as can be.
    2. While somebody who was given an article has at least two more open than somebody to whom a
       chain leads, one is passed along it. Then no other spreading is more even (Harvey, Ladner,
       Lovász and Tamir 2006, Semi-matchings for bipartite graphs and load balancing): where no
       limit and no earlier work stands in the way, loads differ by one at most.
    3. Two coders exchange an article each, which changes nobody's load, wherever the sum of
       squares of what pairs share does not grow by it: until pairs differ by one at most, or
       TRIES exchanges were tried.
    """
    table = _Table(coders, pairs or {}, seed)
    rows = [_Row(place, k, table.places) for place in articles]
    for row in sorted(rows, key=lambda row: len(row.free)):
        while row.missing and table.fill(row):
            row.missing -= 1
    table.level()
    table.even_out(rows)
    given = [(row.key, coders[coder].key) for row in rows for coder in sorted(row.given)]
    short = [
        (row.key, row.missing, NO_ROOM if row.free else EVERYBODY_HAS_IT)
        for row in rows
        if row.missing
    ]
    return Spread(given, short)


class _Row:
    """An article while it is spread: who has it, who is given it, and who may still get it.

    Coders are numbers here, their places in the table.
    """

    def __init__(self, place: Place, k: int, places: Mapping[Hashable, int]):
        self.key = place.key
        self.missing = max(0, k - len(place.coders))
        self.had = {places[key] for key in place.coders if key in places}
        self.given: set[int] = set()
        closed = place.coders | place.barred
        self.free = {number for key, number in places.items() if key not in closed}

    @property
    def coders(self) -> set[int]:
        return self.had | self.given


class _Table:
    """What coders have while articles are spread, and how many any two of them share."""

    def __init__(self, coders: Sequence[Coder], pairs: Mapping[frozenset, int], seed: int):
        self.chance = random.Random(seed)  # noqa: S311 - no secret hangs on it
        self.places = {coder.key: number for number, coder in enumerate(coders)}
        self.load = [coder.load for coder in coders]
        self.limit = [coder.limit for coder in coders]
        # A dict keeps the order in which articles came, so that every run goes the same way.
        self.rows: list[dict[_Row, None]] = [{} for _ in coders]
        self.shared = [[0] * len(coders) for _ in coders]
        for pair, number in pairs.items():
            known = [self.places[key] for key in pair if key in self.places]
            if len(known) == 2:
                self._share(*known, number)

    def fill(self, row: _Row) -> bool:
        """Whether the article has another coder now."""
        ready = [coder for coder in row.free if self._has_room(coder)]
        if ready:
            self._give(row, self._best(ready, row.coders))
            return True
        chain = self._chain(sorted(row.free), self._has_room)
        if chain:
            self._pass_on(chain)
            self._give(row, chain[0][0])
        return bool(chain)

    def level(self) -> None:
        """Pass articles on from those who have most until nothing gets more even by it."""
        while any(self._relieve(coder) for coder in range(len(self.load))):
            pass

    def even_out(self, rows: Sequence[_Row]) -> None:
        """Exchange articles between coders until pairs share as evenly as was found."""
        slots = [(row, coder) for row in rows for coder in sorted(row.given)]
        excess = self._excess()
        if len(slots) < 2:
            return
        for _ in range(TRIES):
            if excess <= 0:
                return
            one, other = self.chance.randrange(len(slots)), self.chance.randrange(len(slots))
            (a, x), (b, y) = slots[one], slots[other]
            if x in b.free and y in a.free and (change := self._change(a, x, b, y)) <= 0:
                self._take(a, x)
                self._take(b, y)
                self._give(a, y)
                self._give(b, x)
                slots[one], slots[other] = (a, y), (b, x)
                excess += change

    def _best(self, ready: Sequence[int], mates: set[int]) -> int:
        """Of these coders who has least and, of those, has shared least with the mates."""
        least = min(self.load[coder] for coder in ready)
        return min(
            (coder for coder in ready if self.load[coder] == least),
            key=lambda one: (sum(self.shared[one][mate] for mate in mates), self.chance.random()),
        )

    def _relieve(self, coder: int) -> bool:
        """Pass on what makes the coder's load more even with another's; whether anything was."""
        relieved, wanted = False, self._reliefs(coder)
        while wanted and (chain := self._chain([coder], wanted.__contains__)):
            self._pass_on(chain)
            relieved, wanted = True, self._reliefs(coder)
        return relieved

    def _reliefs(self, coder: int) -> set[int]:
        """Who has so much less open that the two would be more even with one passed on."""
        most = self.load[coder] - 2
        return {
            other for other, load in enumerate(self.load) if load <= most and self._has_room(other)
        }

    def _has_room(self, coder: int) -> bool:
        limit = self.limit[coder]
        return limit is None or self.load[coder] < limit

    def _chain(self, starts: Sequence[int], wanted: Callable) -> list[tuple[int, _Row | None]]:
        """The shortest way from a start to a coder who is wanted: [(coder, what she passes on)].

        The last one passes nothing on. Empty if nobody is reached.
        """
        before: dict[int, tuple[int, _Row] | None] = dict.fromkeys(starts)
        waiting = deque(starts)
        while waiting:
            coder = waiting.popleft()
            for row in self.rows[coder]:
                for other in sorted(row.free - before.keys()):
                    before[other] = coder, row
                    if wanted(other):
                        return _way(before, other)
                    waiting.append(other)
        return []

    def _pass_on(self, chain: list[tuple[int, _Row | None]]) -> None:
        for (coder, row), (other, _) in pairwise(chain):
            self._take(row, coder)
            self._give(row, other)

    def _give(self, row: _Row, coder: int) -> None:
        for mate in row.coders:
            self._share(coder, mate, 1)
        row.free.remove(coder)
        row.given.add(coder)
        self.rows[coder][row] = None
        self.load[coder] += 1

    def _take(self, row: _Row, coder: int) -> None:
        row.given.remove(coder)
        row.free.add(coder)
        del self.rows[coder][row]
        self.load[coder] -= 1
        for mate in row.coders:
            self._share(coder, mate, -1)

    def _share(self, one: int, other: int, number: int) -> None:
        self.shared[one][other] += number
        self.shared[other][one] += number

    def _change(self, a: _Row, x: int, b: _Row, y: int) -> int:
        """What the sum of squares would grow by if x and y exchanged these articles."""
        with_x, with_y = a.coders - b.coders - {x}, b.coders - a.coders - {y}
        xs, ys = self.shared[x], self.shared[y]
        lost = sum(ys[mate] - xs[mate] + 1 for mate in with_x)
        won = sum(xs[mate] - ys[mate] + 1 for mate in with_y)
        return 2 * (lost + won)

    def _excess(self) -> int:
        """How much the sum of squares is above that of pairs that differ by one at most."""
        found = [self.shared[one][other] for one, other in combinations(range(len(self.load)), 2)]
        if not found:
            return 0
        each, over = divmod(sum(found), len(found))
        least = len(found) * each**2 + over * (2 * each + 1)
        return sum(number**2 for number in found) - least


def _way(before: Mapping[int, tuple[int, _Row] | None], end: int) -> list:
    way: list[tuple[int, _Row | None]] = [(end, None)]
    while step := before[way[0][0]]:
        way.insert(0, step)
    return way
