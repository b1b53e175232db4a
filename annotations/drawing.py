"""Where to draw what a network joins: places in units of its drawing, the same in each call."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from math import cos, hypot, pi, sin
from typing import NamedTuple

from annotations.networks import Network, Thing

WIDTH, ROW, MARGIN = 960, 30, 24
BETWEEN = 300  # the column of actors and that of tags
LETTER = 8.2  # the width of one, about
THIN, THICK = 1.0, 7.0
FEW = 4
SMALL, LARGE = 4.0, 12.0
LABEL_AWAY = 18
ROUNDS = 4  # of putting each beside what it is joined with
STEPS = 90  # of moving apart what is not joined
LONGEST_LABEL = 36


class Dot(NamedTuple):
    """A node, and where its label begins, ends or has its middle, as `anchor` says."""

    thing: Thing
    mode: str
    x: float
    y: float
    radius: float
    label: str
    label_x: float
    label_y: float
    anchor: str


class Line(NamedTuple):
    """An edge as a path of SVG; `sign` is support, oppose, both or plain."""

    path: str
    width: float
    opacity: float
    sign: str
    words: str


class Drawing(NamedTuple):
    width: int
    height: int
    dots: list[Dot]
    lines: list[Line]


Places = dict[Thing, tuple[float, float]]


def drawn(network: Network) -> Drawing:
    """The drawing of a network: actors opposite their tags, or those of one mode spread out."""
    width = WIDTH
    if network.two_mode:
        left, right = _facing(network)
        height = 2 * MARGIN + ROW * max(len(left), len(right), 1)
        first = round(MARGIN + LABEL_AWAY + LETTER * _longest(left))
        width = round(first + BETWEEN + LABEL_AWAY + LETTER * _longest(right)) + MARGIN
        rows, columns = _column(left, first, height), _column(right, first + BETWEEN, height)
    else:
        height = max(360, min(760, 120 + 26 * len(network.rows)))
        rows = columns = _spread(network, width, height)
    most = max(network.activity.values(), default=1)
    dots = [
        _dot(thing, mode, (columns if mode == "tag" else rows)[thing], network, most)
        for mode, thing in network.nodes
    ]
    return Drawing(width, height, dots, list(_lines(network, rows, columns)))


def narrowed(whole: Network, most: int) -> Network:
    """The network with only so many nodes of each mode: those with most statements."""

    def first(things: tuple[Thing, ...]) -> tuple[Thing, ...]:
        ranked = sorted(things, key=lambda thing: -whole.activity.get(thing, 0))[:most]
        return tuple(thing for thing in things if thing in set(ranked))

    rows, columns = first(whole.rows), first(whole.columns)
    within = set(rows), set(columns)
    weights = {
        (one, two): weight for (one, two), weight in whole.weights.items()
        if one in within[0] and two in within[1]
    }  # fmt: skip
    return replace(whole, rows=rows, columns=columns, weights=weights)


def _dot(thing: Thing, mode: str, place: tuple[float, float], network: Network, most: int) -> Dot:
    radius = SMALL + (LARGE - SMALL) * (network.activity.get(thing, 0) / most) ** 0.5
    x, y = place
    if network.two_mode:
        away = -LABEL_AWAY if mode == "actor" else LABEL_AWAY
        label_x, label_y, anchor = x + away, y + 5, "end" if mode == "actor" else "start"
    else:
        label_x, label_y, anchor = x, y + radius + 15, "middle"
    label = _short(thing)
    places = (round(value, 1) for value in (label_x, label_y))
    return Dot(thing, mode, round(x, 1), round(y, 1), round(radius, 1), label, *places, anchor)


def _lines(network: Network, rows: Places, columns: Places) -> Iterable[Line]:
    """The edges, the strongest last so that they lie above."""
    strongest = max((abs(weight) for weight in network.weights.values()), default=1)
    if isinstance(strongest, int):  # where nothing weighs much no line is thick
        strongest = max(strongest, FEW)
    combined = network.ask.qualifier == "combine"
    for one, other, weight in sorted(network.edges(), key=lambda edge: abs(edge[2])):
        (x, y), (to_x, to_y) = rows[one], columns[other]
        bend = (to_x - x) / 2
        curve = f"M{x:.1f} {y:.1f}C{x + bend:.1f} {y:.1f} {to_x - bend:.1f} {to_y:.1f} "
        path = curve if network.two_mode else f"M{x:.1f} {y:.1f}L"
        share = 0.3 if combined else abs(weight) / strongest
        words = f"{one.label} – {other.label}: {shown(weight)}"
        yield Line(
            f"{path}{to_x:.1f} {to_y:.1f}", round(THIN + (THICK - THIN) * share, 1),
            round((0.4 if network.two_mode else 0.25) + 0.5 * share, 2),
            sign_of(network, weight), words,
        )  # fmt: skip


def _short(thing: Thing) -> str:
    label = thing.label
    return f"{label[: LONGEST_LABEL - 1]}…" if len(label) > LONGEST_LABEL else label


def _longest(things: Iterable[Thing]) -> int:
    return max((len(_short(thing)) for thing in things), default=0)


def sign_of(network: Network, weight: float) -> str:
    """What an edge says of its two: support, oppose, both, or plain if it says neither."""
    qualifier = network.ask.qualifier
    if qualifier == "combine":
        return ("support", "oppose", "both")[int(weight) - 1]
    if qualifier == "conflict" or weight < 0:
        return "oppose"
    return "support" if qualifier in ("subtract", "congruence") else "plain"


def shown(weight: float) -> str:
    """A weight as people read it: whole, or with two digits, and with a real minus sign."""
    text = str(weight) if isinstance(weight, int) else f"{weight:.2f}"
    if not isinstance(weight, int) and 0 < abs(weight) < 0.005:
        text = f"{weight:.1e}"
    return text.replace("-", "−")


def _facing(network: Network) -> tuple[list[Thing], list[Thing]]:
    """Both columns, so that what is joined stands near to each other."""
    joined: dict[tuple[int, Thing], dict[Thing, float]] = defaultdict(dict)
    for one, other, weight in network.edges():
        joined[0, one][other] = joined[1, other][one] = abs(weight)
    sides = [list(network.rows), list(network.columns)]
    for round_ in range(2 * ROUNDS):
        side = (round_ + 1) % 2
        places = {
            thing: place / max(len(sides[1 - side]), 1)
            for place, thing in enumerate(sides[1 - side])
        }
        own = {thing: joined[side, thing] for thing in sides[side]}
        middles = {thing: _middle(own[thing], places) for thing in sides[side]}
        sides[side].sort(key=lambda thing, at=middles: (at[thing], thing.label.casefold()))
    return sides[0], sides[1]


def _middle(joined: Mapping[Thing, float], places: Mapping[Thing, float]) -> float:
    total = sum(joined.values())
    return sum(places[other] * weight for other, weight in joined.items()) / total if total else 1.0


def _column(things: Sequence[Thing], x: float, height: int) -> Places:
    step = (height - 2 * MARGIN) / max(len(things), 1)
    return {thing: (x, MARGIN + step * (number + 0.5)) for number, thing in enumerate(things)}


def _spread(network: Network, width: int, height: int) -> Places:
    """Places at which what is joined draws together and everything else pushes apart."""
    things = network.rows
    if not things:
        return {}
    turn = 2 * pi / len(things)
    at = [[cos(turn * n), sin(turn * n)] for n in range(len(things))]
    numbers = {thing: number for number, thing in enumerate(things)}
    strongest = max((abs(weight) for weight in network.weights.values()), default=1)
    pulls = [
        (numbers[one], numbers[other], 0.4 + 0.6 * abs(weight) / strongest)
        for (one, other), weight in network.weights.items()
    ]
    reach = 1.6 / len(things) ** 0.5
    for step in range(STEPS):
        _move(at, pulls, reach, 0.25 * (1 - step / STEPS))
    return _fitted(things, at, width, height)


def _move(
    at: list[list[float]], pulls: list[tuple[int, int, float]], reach: float, most: float
) -> None:
    """One step of Fruchterman and Reingold's way of placing; nothing moves farther than `most`."""
    moves = [[-0.6 * x, -0.6 * y] for x, y in at]
    for one in range(len(at)):
        for other in range(one):
            x, y = at[one][0] - at[other][0], at[one][1] - at[other][1]
            push = reach * reach / max(x * x + y * y, 1e-4)
            _add(moves, one, other, x * push, y * push)
    for one, other, strength in pulls:
        x, y = at[one][0] - at[other][0], at[one][1] - at[other][1]
        pull = -strength * hypot(x, y) / reach / 6
        _add(moves, one, other, x * pull, y * pull)
    for place, (x, y) in zip(at, moves, strict=True):
        length = max(hypot(x, y), 1e-9)
        place[0] += x / length * min(length, most)
        place[1] += y / length * min(length, most)


def _add(moves: list[list[float]], one: int, other: int, x: float, y: float) -> None:
    moves[one][0] += x
    moves[one][1] += y
    moves[other][0] -= x
    moves[other][1] -= y


def _fitted(things: Sequence[Thing], at: list[list[float]], width: int, height: int) -> Places:
    """The same places within the drawing, with room for labels at its sides."""
    beside = LETTER * min(_longest(things), LONGEST_LABEL) / 2 + MARGIN
    sides = (0, width, beside), (1, height, 2 * MARGIN)
    fitted = []
    for side, size, margin in sides:
        values = [place[side] for place in at]
        low, extent = min(values), max(values) - min(values)
        room = size - 2 * margin
        fitted.append([
            margin + (room * (value - low) / extent if extent > 1e-9 else room / 2)
            for value in values
        ])  # fmt: skip
    return {thing: (fitted[0][n], fitted[1][n]) for n, thing in enumerate(things)}
