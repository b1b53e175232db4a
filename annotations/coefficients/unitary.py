"""Which marks of several coders belong together, so that there is the least disorder.

Mathet, Widlöcher & Métivier (2015), as in `gamma`. The dissimilarity of two marks is
3 × ((|Δ start| + |Δ end|) / (both lengths))², plus 1 if their categories differ; that to no mark is
1 (the paper's α = 3, β = 1, Δ∅ = 1). A unitary alignment has at most one mark of each coder.

Instead of disorder, what is saved is counted: by how much less disorder marks make together than
each alone. Only unitary alignments in which every mark saves something can be in the best
alignment, which leaves few of the many there are; marks that none of them joins are apart from
each other. Two coders are an assignment; more are branch and bound, in the order of the text,
each cluster by itself.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import inf, sqrt
from time import monotonic

from annotations.coefficients.spans import Mark

MOST_WAYS = 2000  # of one cluster that are followed at a time

_POSITION = 3.0
_LEAST = 1e-9  # of what is saved; less is rounding

Unit = tuple[int, Mark]  # a coder and her mark
Unitary = tuple[Unit, ...]


class TimeIsUpError(Exception):
    """The deadline came before the answer."""


@dataclass(frozen=True)
class _Way:
    """Some units, by their places in the text, and what they save together."""

    places: tuple[int, ...]
    saved: float


_Step = tuple[int, _Way, float]
_State = tuple[float, float, tuple | None]  # what is saved, what may be yet, and by which ways


def best_alignment(
    coders: Sequence[Sequence[Mark]], deadline: float = inf
) -> tuple[list[Unitary], bool]:
    """The unitary alignments of two marks or more with the least disorder, and whether it is sure.

    All other marks stay alone. It is not sure if a cluster had more than MOST_WAYS ways at a
    time, of which the most promising were followed. Raises TimeIsUpError after the deadline (of
    `time.monotonic`).
    """
    units = sorted(
        ((nth, mark) for nth, marks in enumerate(coders) for mark in marks),
        key=lambda unit: (unit[1], unit[0]),
    )
    if len(coders) == 2:
        return _assigned(units, deadline), True
    found: list[Unitary] = []
    exact = True
    for cluster in _clusters(list(_ways(units, len(coders), deadline))):
        chosen, sure = _bounded(cluster, deadline)
        found += [tuple(units[place] for place in way.places) for way in chosen]
        exact = exact and sure
    return found, exact


def position(one: Mark, other: Mark) -> float:
    """How far two marks are apart, whatever they are: 0 if equal, 3 if they just touch."""
    apart = abs(one[0] - other[0]) + abs(one[1] - other[1])
    return _POSITION * (apart / (one[1] - one[0] + other[1] - other[0])) ** 2


def dissimilarity(one: Mark, other: Mark) -> float:
    """How far two marks are apart, and 1 more if they are not of one category."""
    return position(one, other) + (one[2] != other[2])


def saving(units: Sequence[Unit], coders: int) -> float:
    """By how much less disorder marks make together than each alone, in all pairs of coders."""
    together = sum(1 - dissimilarity(a[1], b[1]) for a, b in combinations(units, 2))
    return (len(units) - 1) * coders * (coders - 1) / 2 + together


def _check(deadline: float) -> None:
    if monotonic() > deadline:
        raise TimeIsUpError


def _near(units: Sequence[Unit], most: float, deadline: float) -> Iterator[tuple[int, int, float]]:
    """The pairs of marks of two coders less far apart than that, by their places, and how far.

    The marks are in the order of their starts.
    """
    reach = sqrt(most / _POSITION)
    longest = max((end - start for _, (start, end, _) in units), default=0)
    for one, (coder, mark) in enumerate(units):
        _check(deadline)
        last = mark[0] + reach * (mark[1] - mark[0] + longest)
        for other in range(one + 1, len(units)):
            if units[other][1][0] > last:
                break
            if units[other][0] != coder:
                apart = dissimilarity(mark, units[other][1])
                if apart < most:
                    yield one, other, apart


def _assigned(units: Sequence[Unit], deadline: float) -> list[Unitary]:
    """The best alignment of two coders: shortest augmenting paths (Jonker & Volgenant 1987)."""
    # A column of one's own: to stay alone.
    costs = {nth: {-nth - 1: 0.0} for nth, unit in enumerate(units) if unit[0] == 0}
    for one, other, apart in _near(units, 2.0, deadline):
        row, at = (one, other) if one in costs else (other, one)
        costs[row][at] = apart - 2
    row_of: dict[int, int] = {}
    prices: dict[int, float] = {}
    rents = {row: min(columns.values()) for row, columns in costs.items()}
    for first in costs:
        _check(deadline)
        _augment(first, costs, row_of, prices, rents)
    return [(units[row], units[at]) for at, row in sorted(row_of.items()) if at >= 0]


def _augment(
    first: int,
    costs: Mapping[int, Mapping[int, float]],
    row_of: dict[int, int],
    prices: dict[int, float],
    rents: dict[int, float],
) -> None:
    """Gives a row its column; others change theirs on the cheapest way to a free one."""
    reached: dict[int, float] = {}
    came: dict[int, int] = {}
    settled: dict[int, float] = {}
    heap: list[tuple[float, int]] = []
    row, so_far = first, 0.0
    rents[first] = min(cost - prices.get(at, 0.0) for at, cost in costs[first].items())
    while True:
        for at, cost in costs[row].items():
            reach = so_far + cost - rents[row] - prices.get(at, 0.0)
            if at not in settled and reach < reached.get(at, inf):
                reached[at], came[at] = reach, row
                heapq.heappush(heap, (reach, at))
        so_far, at = heapq.heappop(heap)
        while at in settled:
            so_far, at = heapq.heappop(heap)
        settled[at] = so_far
        if at not in row_of:
            break
        row = row_of[at]
    rents[first] += so_far
    for column, reach in settled.items():
        prices[column] = prices.get(column, 0.0) + reach - so_far
        if column in row_of:
            rents[row_of[column]] += so_far - reach
    left = {row_of[column]: column for column in settled if column in row_of}
    while came[at] != first:
        row_of[at] = came[at]
        at = left[came[at]]
    row_of[at] = first


def _ways(units: Sequence[Unit], coders: int, deadline: float) -> Iterator[_Way]:
    """All unitary alignments of two marks or more in which every mark saves something."""
    pairs = coders * (coders - 1) // 2
    # Two marks farther apart than this save nothing, whoever else is with them.
    saved = {(a, b): 1 - far for a, b, far in _near(units, pairs + coders - 1, deadline)}
    beside: dict[int, list[int]] = defaultdict(list)
    for one, other in saved:
        beside[one].append(other)
    for first in range(len(units)):
        _check(deadline)
        waiting = [((first,), beside[first])]
        while waiting:
            before, near = waiting.pop()
            for nth, place in enumerate(near):
                places = (*before, place)
                waiting.append((places, [n for n in near[nth + 1 :] if (place, n) in saved]))
                own = [sum(saved[min(a, b), max(a, b)] for b in places if b != a) for a in places]
                if min(own) + pairs > 0:
                    yield _Way(places, (len(places) - 1) * pairs + sum(own) / 2)


def _clusters(ways: Iterable[_Way]) -> list[list[_Way]]:
    """The ways in groups that have no mark in common."""
    up: dict[int, int] = {}

    def top(place: int) -> int:
        while up.setdefault(place, place) != place:
            up[place] = up[up[place]]
            place = up[place]
        return place

    ways = list(ways)
    for way in ways:
        for place in way.places[1:]:
            up[top(place)] = top(way.places[0])
    groups: dict[int, list[_Way]] = defaultdict(list)
    for way in ways:
        groups[top(way.places[0])].append(way)
    return list(groups.values())


def _greedy(ways: Iterable[_Way]) -> list[_Way]:
    """Ways that have no mark in common, those that save most first."""
    taken: set[int] = set()
    chosen = []
    for way in sorted(ways, key=lambda way: (-way.saved, way.places)):
        if taken.isdisjoint(way.places):
            taken.update(way.places)
            chosen.append(way)
    return chosen


def _bounded(ways: Sequence[_Way], deadline: float) -> tuple[list[_Way], bool]:
    """Those of the ways that have no mark in common and save most; whether that is sure.

    Goes through the marks in the order of the text and follows which later ones are taken
    already. What cannot save more than the simplest choice is given up: no mark saves more than
    its best share of a way.
    """
    chosen = _greedy(ways)
    floor = sum(way.saved for way in chosen) + _LEAST
    share = _shares(ways)
    beginning = _beginning(ways, share)
    states: dict[int, _State] = {0: (0.0, sum(share.values()), None)}
    sure = True
    for place in sorted(share):
        _check(deadline)
        following: dict[int, _State] = {}
        for taken, state in states.items():
            for now, then in _steps(taken, state, share[place], beginning[place]):
                known = following.get(now)
                if then[0] + then[1] > floor and (known is None or then[0] > known[0]):
                    following[now] = then
        if len(following) > MOST_WAYS:
            sure = False
            following = dict(heapq.nlargest(MOST_WAYS, following.items(), key=_promise))
        states = following
    return _picked(states[0]) if states else chosen, sure


def _shares(ways: Iterable[_Way]) -> dict[int, float]:
    """The most that each mark can save, if what a way saves is split evenly."""
    share: dict[int, float] = defaultdict(float)
    for way in ways:
        for place in way.places:
            share[place] = max(share[place], way.saved / len(way.places))
    return share


def _beginning(ways: Iterable[_Way], share: Mapping[int, float]) -> dict[int, list[_Step]]:
    """The ways that begin with each mark, with the marks they take as bits from there on."""
    nth_of = {place: nth for nth, place in enumerate(sorted(share))}
    beginning: dict[int, list[_Step]] = defaultdict(list)
    for way in ways:
        bits = sum(1 << nth_of[place] - nth_of[way.places[0]] for place in way.places)
        beginning[way.places[0]].append((bits, way, sum(share[place] for place in way.places)))
    return beginning


def _steps(
    taken: int, state: _State, alone: float, ways: Iterable[_Step]
) -> Iterator[tuple[int, _State]]:
    """What may become of the first mark: it is taken already, stays alone, or begins a way."""
    saved, hope, path = state
    if taken & 1:
        yield taken >> 1, state
        return
    yield taken >> 1, (saved, hope - alone, path)
    for bits, way, shares in ways:
        if not taken & bits:
            yield (taken | bits) >> 1, (saved + way.saved, hope - shares, (way, path))


def _promise(item: tuple[int, _State]) -> float:
    saved, hope, _ = item[1]
    return saved + hope


def _picked(state: _State) -> list[_Way]:
    path, picked = state[2], []
    while path:
        way, path = path
        picked.append(way)
    return picked
