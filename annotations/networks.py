"""Networks of actors and tags, counted as the Discourse Network Analyzer (DNA) counts them.

A statement is that somebody claims something: an actor, a tag, and the stance towards it. A
two-mode network joins actors with the tags of their statements. A network of one mode joins two
actors as far as they use the same tags, or two tags as far as the same actors use them. The names
of the choices are DNA's own. Where we differ from DNA:

- "the same week" and "the same month" are of the same year, which DNA does not look at;
- a statement that supports nothing and opposes nothing (neutral, unclear, or without a stance)
  counts where stance is ignored, and nowhere else: DNA's qualifier knows two values only;
- what is left out by name is no isolate either;
- the last of several time windows may reach beyond the last statement, so that none is dropped.
"""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate, combinations
from typing import NamedTuple

MODES = {
    "two": "actors and tags",
    "actors": "actors, joined by tags",
    "tags": "tags, joined by actors",
}
QUALIFIERS = {
    "two": ("ignore", "binary", "combine", "subtract"),
    "actors": ("ignore", "congruence", "conflict", "subtract"),
    "tags": ("ignore", "congruence", "conflict", "subtract"),
}
NORMALISATIONS = {
    "two": ("no", "activity", "prominence"),
    "actors": ("no", "average", "jaccard", "cosine"),
    "tags": ("no", "average", "jaccard", "cosine"),
}
DUPLICATES = ("include", "document", "week", "month", "year", "acrossrange")
SUPPORT, OPPOSE = "support", "oppose"
# The qualifiers to which it matters whether a statement supports or opposes.
STANCED = frozenset({"combine", "subtract", "congruence", "conflict"})
# Of the edges that `combine` makes: what their weight stands for.
COMBINED = {1: "supports", 2: "opposes", 3: "supports and opposes"}
MOST_PAIRS = 2_000_000
MOST_WINDOWS = 400
LONGEST_WINDOW = 36_500  # days
MOST_TOGETHER = 4_000_000  # statements and pairs of all windows: some ten seconds


class NetworkError(ValueError):
    """A network that there is not, or that would be too large; the message is for a person."""


class Thing(NamedTuple):
    """An actor (its kind) or a tag (its facet); `name` is unique among actors, or among tags."""

    name: str
    label: str
    kind: str = ""


class Statement(NamedTuple):
    """That in a document somebody claims something; `on` is the document's day, if known."""

    document: str
    on: date | None
    actor: Thing
    tag: Thing
    stance: str = ""


def outlet_called(name: str) -> Thing:
    """An outlet that takes part as itself; no actor of the registry has such a name."""
    return Thing(f"@outlet {name}", name, "outlet")


def author_called(name: str) -> Thing:
    """An article's author who takes part as herself; no actor of the registry has such a name."""
    return Thing(f"@author {name}", name, "author of articles")


@dataclass(frozen=True)
class Ask:
    """Which network is wanted; days are inclusive, what is left out is named as in Thing.name."""

    mode: str = "two"
    qualifier: str = "ignore"
    normalisation: str = "no"
    duplicates: str = "document"
    isolates: bool = False
    since: date | None = None
    until: date | None = None
    without_actors: frozenset[str] = frozenset()
    without_tags: frozenset[str] = frozenset()

    def problems(self) -> dict[str, str]:
        """What does not go together, by the name of the field; empty if everything does."""
        if self.mode not in MODES:
            return {"mode": f"There is no such network. Choose one of {_listed(MODES)}."}
        told = {}
        for name, known in (("qualifier", QUALIFIERS), ("normalisation", NORMALISATIONS)):
            if getattr(self, name) not in known[self.mode]:
                of = f"A network of {MODES[self.mode]} knows {_listed(known[self.mode])}."
                told[name] = f"“{getattr(self, name)}” is not among them. {of}"
        if self.duplicates not in DUPLICATES:
            told["duplicates"] = f"Choose one of {_listed(DUPLICATES)}."
        if self.qualifier == "combine" and self.normalisation != "no" and not told:
            told["normalisation"] = "“combine” names kinds of edges. They cannot be divided."
        if self.since and self.until and self.until < self.since:
            told["until"] = "This day is before the first one."
        return told


@dataclass(frozen=True)
class Network:
    """Who or what is joined, and how strongly.

    `rows` and `columns` are sorted by label; in a network of one mode they are the same, and
    `weights` holds each pair once, in that order. No weight is 0. `stances` counts the statements
    of each pair of a two-mode network, and `activity` those of each thing.
    """

    ask: Ask
    rows: tuple[Thing, ...]
    columns: tuple[Thing, ...]
    weights: Mapping[tuple[Thing, Thing], float]
    activity: Mapping[Thing, int]
    statements: int
    stances: Mapping[tuple[Thing, Thing], Mapping[str, int]] = field(default_factory=dict)

    @property
    def two_mode(self) -> bool:
        return self.ask.mode == "two"

    @property
    def nodes(self) -> tuple[tuple[str, Thing], ...]:
        """Each node with its mode (actor or tag), the rows first."""
        if self.two_mode:
            return (*(("actor", row) for row in self.rows), *(("tag", c) for c in self.columns))
        return tuple((self.ask.mode[:-1], row) for row in self.rows)

    def weight(self, row: Thing, column: Thing) -> float:
        """How strongly the two are joined; 0 if they are not."""
        found = self.weights.get((row, column), 0)
        return found or (0 if self.two_mode else self.weights.get((column, row), 0))

    def matrix(self) -> Iterator[tuple[Thing, list[float]]]:
        """Each row with the weights of all columns; the diagonal of one mode is 0."""
        for row in self.rows:
            yield row, [self.weight(row, column) for column in self.columns]

    def edges(self) -> Iterator[tuple[Thing, Thing, float]]:
        """What is joined, by rows and then by columns."""
        rows, columns = _places(self.rows), _places(self.columns)
        for one, other in sorted(self.weights, key=lambda e: (rows[e[0]], columns[e[1]])):
            yield one, other, self.weights[one, other]


class Window(NamedTuple):
    """A network of some days, both included."""

    since: date
    until: date
    network: Network


def network(statements: Iterable[Statement], ask: Ask) -> Network:
    """The network of these statements. Raises NetworkError."""
    known = list(statements)
    return _built(known, chosen(known, ask), ask)


def windows(
    statements: Iterable[Statement], ask: Ask, days: int, step: int = 1
) -> Iterator[Window]:
    """The networks of windows of so many days, each beginning `step` days after the one before.

    They begin with the first statement that counts and end with the one that holds the last.
    Statements without a date are in none. Duplicates are told over the whole range, as in DNA.
    Raises NetworkError, before the first window, for more than can be made in one go.
    """
    if days < 1 or step < 1:
        raise NetworkError("A window is a day long at least, and moves on by a day at least.")
    known = list(statements)
    kept = sorted((s for s in chosen(known, ask) if s.on), key=lambda s: s.on)
    dates = [one.on for one in kept]
    if not kept:
        return iter(())
    needed = 1 + max(0, -(-((dates[-1] - dates[0]).days + 1 - days) // step))
    if needed > MOST_WINDOWS:
        raise NetworkError(
            f"These are {needed:,} windows, and at most {MOST_WINDOWS} are made. "
            "Take longer steps, or fewer days."
        )
    starts = [_later(dates[0], step * number) for number in range(needed)]
    spans = [(start, _later(start, days - 1)) for start in starts]

    def within(start: date, end: date) -> list[Statement]:
        return kept[bisect_left(dates, start) : bisect_right(dates, end)]

    _require_few(accumulate(_work(within(*span), ask) for span in spans))
    return (Window(*span, _built(known, within(*span), ask)) for span in spans)


def _later(day: date, days: int) -> date:
    """So many days later, or the last day of the calendar."""
    return date.fromordinal(min(day.toordinal() + days, date.max.toordinal()))


def _work(kept: Sequence[Statement], ask: Ask) -> int:
    """How much is to be counted: statements, and in one mode the pairs that they join."""
    return len(kept) + (0 if ask.mode == "two" else _pairs(kept, ask))


def _pairs(kept: Sequence[Statement], ask: Ask) -> int:
    having: dict[Thing, set[Thing]] = defaultdict(set)
    for s in kept:
        node, other = (s.actor, s.tag) if ask.mode == "actors" else (s.tag, s.actor)
        having[other].add(node)
    return sum(len(own) * (len(own) - 1) // 2 for own in having.values())


def _require_few(growing: Iterable[int]) -> None:
    if any(work > MOST_TOGETHER for work in growing):
        raise NetworkError(
            "So much is said in so many windows that they would be too large together. "
            "Choose a facet, longer steps, or shorter windows."
        )


def chosen(statements: Iterable[Statement], ask: Ask) -> list[Statement]:
    """The statements that count, the earliest first; of duplicates the first. Raises NetworkError.

    The same are statements of the same actor and tag, and of the same stance where it matters.
    """
    for message in ask.problems().values():
        raise NetworkError(message)
    found = sorted(statements, key=lambda s: s.on or date.max)
    return list(_once((s for s in found if _counts(s, ask)), ask))


def _counts(statement: Statement, ask: Ask) -> bool:
    if ask.since or ask.until:
        first, last = ask.since or date.min, ask.until or date.max
        if statement.on is None or not first <= statement.on <= last:
            return False
    if statement.actor.name in ask.without_actors or statement.tag.name in ask.without_tags:
        return False
    return ask.qualifier not in STANCED or statement.stance in (SUPPORT, OPPOSE)


def _once(statements: Iterable[Statement], ask: Ask) -> Iterator[Statement]:
    if ask.duplicates == "include":
        yield from statements
        return
    period = PERIODS[ask.duplicates]
    seen = set()
    for one in statements:
        stance = one.stance if ask.qualifier in STANCED else ""
        key = (period(one), one.actor, one.tag, stance)
        if key not in seen:
            seen.add(key)
            yield one


# Within which the same said again is a duplicate; without a date that is the document.
PERIODS: dict[str, Callable[[Statement], object]] = {
    "document": lambda s: s.document,
    "week": lambda s: tuple(s.on.isocalendar()[:2]) if s.on else s.document,
    "month": lambda s: (s.on.year, s.on.month) if s.on else s.document,
    "year": lambda s: s.on.year if s.on else s.document,
    "acrossrange": lambda s: None,
}

Counts = dict[Thing, dict[Thing, Counter[str]]]


def _built(known: Sequence[Statement], kept: Sequence[Statement], ask: Ask) -> Network:
    """The network of the statements that count; `known` are all, for the isolates."""
    shown = [s for s in known if _named(s, ask)] if ask.isolates else kept
    actors, tags = _sorted({s.actor for s in shown}), _sorted({s.tag for s in shown})
    activity = Counter(s.actor for s in kept) + Counter(s.tag for s in kept)
    if ask.mode == "two":
        counts = _counted((s.actor, s.tag, s.stance) for s in kept)
        stances = {(a, t): dict(c) for a, row in counts.items() for t, c in row.items()}
        weights = _normed(_affiliations(stances, ask.qualifier), stances, ask)
        return Network(ask, actors, tags, weights, activity, len(kept), stances)
    if _pairs(kept, ask) > MOST_PAIRS:
        raise NetworkError(
            "So many are joined that the network would be too large. "
            "Choose a facet, some days, or the network of actors and tags."
        )
    if ask.mode == "actors":
        nodes, counts = actors, _counted((s.actor, s.tag, s.stance) for s in kept)
    else:
        nodes, counts = tags, _counted((s.tag, s.actor, s.stance) for s in kept)
    weights = _projected(counts, nodes, ask)
    return Network(ask, nodes, nodes, weights, activity, len(kept))


def _named(statement: Statement, ask: Ask) -> bool:
    return not (
        statement.actor.name in ask.without_actors or statement.tag.name in ask.without_tags
    )


def _counted(triples: Iterable[tuple[Thing, Thing, str]]) -> Counts:
    counts: Counts = defaultdict(lambda: defaultdict(Counter))
    for one, other, stance in triples:
        counts[one][other][stance] += 1
    return counts


def _affiliations(
    stances: Mapping[tuple[Thing, Thing], Mapping[str, int]], qualifier: str
) -> dict[tuple[Thing, Thing], float]:
    weigh = {
        "ignore": lambda c: sum(c.values()),
        "binary": lambda c: 1,
        "combine": lambda c: bool(c.get(SUPPORT)) + 2 * bool(c.get(OPPOSE)),
        "subtract": lambda c: c.get(SUPPORT, 0) - c.get(OPPOSE, 0),
    }[qualifier]
    return {pair: weight for pair, counts in stances.items() if (weight := weigh(counts))}


def _normed(
    weights: dict[tuple[Thing, Thing], float],
    stances: Mapping[tuple[Thing, Thing], Mapping[str, int]],
    ask: Ask,
) -> dict[tuple[Thing, Thing], float]:
    """Divided by how much the actor says (activity), or how much is said of the tag (prominence).

    That is the number of statements, whatever their stance; of a binary network that of edges.
    """
    if ask.normalisation == "no":
        return weights
    side = 0 if ask.normalisation == "activity" else 1
    totals: Counter[Thing] = Counter()
    for pair, counts in stances.items():
        totals[pair[side]] += 1 if ask.qualifier == "binary" else sum(counts.values())
    return {pair: weight / totals[pair[side]] for pair, weight in weights.items()}


def _projected(
    counts: Counts, nodes: Sequence[Thing], ask: Ask
) -> dict[tuple[Thing, Thing], float]:
    """The weights between nodes that have something in common, each pair once, none 0."""
    having: dict[Thing, list[Thing]] = defaultdict(list)
    for node in nodes:
        for other in counts.get(node, ()):
            having[other].append(node)
    shared = SHARED[ask.qualifier]
    sums: dict[tuple[Thing, Thing], float] = defaultdict(int)
    for other, own in having.items():
        for one, two in combinations(own, 2):
            sums[one, two] += shared(counts[one][other], counts[two][other])
    divide = DIVISORS[ask.normalisation]
    flat = {node: _flat(row) for node, row in counts.items()} if divide else {}
    return {
        (one, two): total / divide(flat[one], flat[two]) if divide else total
        for (one, two), total in sums.items()
        if total
    }


def _congruence(one: Counter[str], two: Counter[str]) -> int:
    return one[SUPPORT] * two[SUPPORT] + one[OPPOSE] * two[OPPOSE]


def _conflict(one: Counter[str], two: Counter[str]) -> int:
    return one[SUPPORT] * two[OPPOSE] + one[OPPOSE] * two[SUPPORT]


# What two nodes have in common in a third.
SHARED: dict[str, Callable[[Counter[str], Counter[str]], int]] = {
    "ignore": lambda one, two: one.total() * two.total(),
    "congruence": _congruence,
    "conflict": _conflict,
    "subtract": lambda one, two: _congruence(one, two) - _conflict(one, two),
}

Flat = Mapping[tuple[Thing, str], int]


def _flat(row: Mapping[Thing, Counter[str]]) -> dict[tuple[Thing, str], int]:
    return {(other, stance): n for other, counts in row.items() for stance, n in counts.items()}


def _jaccard(one: Flat, two: Flat) -> float:
    alone = sum(n for key, n in one.items() if key not in two)
    alone += sum(n for key, n in two.items() if key not in one)
    return alone + sum(n * two[key] for key, n in one.items() if key in two)


# By what the weight of two nodes is divided. DNA's cosine divides by the product of their
# statements, which is not the cosine of two vectors; whoever compares figures needs the same.
DIVISORS: dict[str, Callable[[Flat, Flat], float] | None] = {
    "no": None,
    "average": lambda one, two: (sum(one.values()) + sum(two.values())) / 2,
    "jaccard": _jaccard,
    "cosine": lambda one, two: sum(one.values()) * sum(two.values()),
}


def _sorted(things: Iterable[Thing]) -> tuple[Thing, ...]:
    return tuple(sorted(things, key=lambda thing: (thing.label.casefold(), thing)))


def _places(things: Sequence[Thing]) -> dict[Thing, int]:
    return {thing: place for place, thing in enumerate(things)}


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


def told_apart(things: Sequence[Thing]) -> list[str]:
    """What to call each of them: its label, with its name where several have the same."""
    often = Counter(thing.label for thing in things)
    return [
        f"{thing.label} ({thing.name})" if often[thing.label] > 1 else thing.label
        for thing in things
    ]
