"""Which annotations of several coders are about the same stretch of a text.

The rule. Only annotations of the same kind are matched, and only where they share at least one
code point. How alike two are is Dice's coefficient of the code points that their spans cover:
twice what both cover, divided by what each covers. The coders, those with most annotations first,
are matched one after another to the cases so far, by the assignment with the greatest sum of the
mean likeness to a case's annotations; a case holds at most one annotation of each coder, and what
fits nowhere begins a case of its own. Where the stretches leave it open, as with two annotations
on the very same one, those go together that say more of the same, and else in their order.
"""

import heapq
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_TOLD = 1e-6  # what the same words weigh: enough to part equals, too little for anything else
_ALONE = 1.0  # what it costs to begin a case; a match costs less by as much as it is alike

Group = tuple[int | None, ...]  # the place of each coder's item, or None


@dataclass(frozen=True)
class Item:
    """An annotation: only those of the same `kind` are matched, which may be more than its kind.

    `spans` are (start, end) in code points, half-open; `told` is whatever it says.
    """

    id: Any
    kind: Hashable
    spans: tuple[tuple[int, int], ...]
    told: frozenset = frozenset()


def match(versions: Sequence[Sequence[Item]], begun: Iterable[Group] = ()) -> list[Group]:
    """The cases: of each coder the place of her item in her list, or None, in reading order.

    `versions` is one list of items for each coder, in the order that parts equals. `begun` are
    cases that stand already: they keep what they have, and may get more. Each item is in exactly
    one case.
    """
    found = [list(group) for group in begun]
    taken = [{group[n] for group in found} for n in range(len(versions))]
    places = [[covered(item.spans) for item in items] for items in versions]
    for coder in sorted(range(len(versions)), key=lambda n: (-len(versions[n]), n)):
        rows = [n for n in range(len(versions[coder])) if n not in taken[coder]]
        likeness = _likeness(versions, places, found, coder, rows)
        for row, case in zip(rows, _assign(likeness), strict=True):
            if case is None:
                found.append([None] * len(versions))
            found[-1 if case is None else case][coder] = row
    return sorted(map(tuple, found), key=lambda group: _place(places, group))


def continued(
    groups: Sequence[Collection[Hashable]], held: Mapping[Hashable, Collection[Hashable]]
) -> dict[int, Hashable]:
    """Which of the cases that are there goes on as which group, by the group's place.

    `held` says what each case has, the firmest first. The one that shares most goes on; a group
    that shares with none, or with fewer than another, is new.
    """
    group_of = {item: n for n, group in enumerate(groups) for item in group}
    shared = Counter(
        (rank, case, group_of[item])
        for rank, (case, items) in enumerate(held.items())
        for item in items
        if item in group_of
    )
    going_on: dict[int, Hashable] = {}
    for (_, case, n), _ in sorted(shared.items(), key=lambda one: (-one[1], one[0][0], one[0][2])):
        if n not in going_on and case not in going_on.values():
            going_on[n] = case
    return going_on


def covered(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The stretches that the spans cover, in order, apart from each other; half-open."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _dice(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> float:
    shared = sum(
        max(0, min(a_end, b_end) - max(a_start, b_start))
        for a_start, a_end in one
        for b_start, b_end in other
    )
    return 2 * shared / (sum(e - s for s, e in one) + sum(e - s for s, e in other))


def _place(places: list[list[list[tuple[int, int]]]], group: Group) -> tuple:
    """Where a case begins and ends, and whose item it is that says so first."""
    own = [(places[n][row], n, row) for n, row in enumerate(group) if row is not None]
    return min((s[0][0], s[-1][1], n, row) for s, n, row in own) if own else (0, 0, 0, 0)


def _likeness(versions, places, found, coder: int, rows: list[int]) -> list[dict[int, float]]:
    """Of each row the mean likeness to each case that it touches and that lacks this coder."""
    stretches = [
        (places[n][row][0][0], places[n][row][-1][1], case, n, row)
        for case, group in enumerate(found)
        if group[coder] is None
        for n, row in enumerate(group)
        if row is not None
    ]
    sizes = [sum(row is not None for row in group) for group in found]
    likeness: list[dict[int, float]] = [{} for _ in rows]
    for at, (case, n, other) in _touching(places[coder], rows, stretches):
        mine, theirs = versions[coder][rows[at]], versions[n][other]
        if mine.kind == theirs.kind:
            shared = _dice(places[coder][rows[at]], places[n][other])
            if shared:
                shared += _TOLD * _same(mine.told, theirs.told)
                likeness[at][case] = likeness[at].get(case, 0) + shared / sizes[case]
    return likeness


def _same(one: frozenset, other: frozenset) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0


def _touching(own, rows: list[int], stretches: list[tuple]) -> Iterable[tuple[int, tuple]]:
    """Pairs of a row's place and (case, coder, item) that may overlap, by one sweep."""
    mine = sorted((own[row][0][0], own[row][-1][1], at) for at, row in enumerate(rows))
    near: list[tuple] = []
    waiting = sorted(stretches, reverse=True)
    for start, end, at in mine:
        near = [one for one in near if one[1] > start]
        while waiting and waiting[-1][0] < end:
            near.append(waiting.pop())
        yield from ((at, one[2:]) for one in near if one[0] < end and one[1] > start)


def _assign(likeness: Sequence[dict[int, float]]) -> list[int | None]:
    """Of each row its column, or None, so that the likeness of all is greatest.

    Shortest augmenting paths over the pairs that there are (Jonker and Volgenant 1987): a search
    ends at the first free column, so that it stays within what hangs together.
    """
    costs = [
        {**{col: _ALONE - value for col, value in row.items()}, -n - 1: _ALONE}
        for n, row in enumerate(likeness)
    ]  # a column below 0 is a row's own: to stay alone
    owner: dict[int, int] = {}
    column: dict[int, int] = {}
    price: dict[int, float] = {}
    for row in range(len(costs)):
        _augment(row, costs, owner, column, price)
    return [column[n] if column[n] >= 0 else None for n in range(len(costs))]


def _augment(row: int, costs, owner, column, price) -> None:
    """Give the row a column, moving others along the cheapest path to a free one."""
    best: dict[int, float] = {}
    before: dict[int, int] = {}
    done: dict[int, float] = {}
    heap: list[tuple[float, bool, int]] = []
    at, base = row, 0.0
    while True:
        own = costs[at][column[at]] - price.get(column[at], 0) if at in column else 0
        for col, cost in costs[at].items():
            length = base + cost - own - price.get(col, 0)
            if col not in done and length < best.get(col, float("inf")):
                best[col], before[col] = length, at
                heapq.heappush(heap, (length, col in owner, col))
        base, taken, col = heapq.heappop(heap)
        while col in done:
            base, taken, col = heapq.heappop(heap)
        if not taken:
            break
        done[col] = base
        at = owner[col]
    for passed, length in done.items():
        price[passed] = price.get(passed, 0) + length - base
    while True:
        at = before[col]
        owner[col], (column[at], col) = at, (col, column.get(at))
        if at == row:
            return
