"""Every likely mention of known names in a text: arithmetic, values in, values out.

Places are code points of the text, half-open. A name is found at word boundaries, in one pass
over the text, whatever its case; then what is no mention is sorted out by rules that can each
be said in a sentence.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from annotations.mentions import wording
from annotations.mentions.boundaries import begins, ends, in_address
from annotations.mentions.folding import fold, folded_with_places, plain
from annotations.mentions.neighbours import Surroundings
from annotations.mentions.senses import Sense, same_as_before, sense_of

VERSION = "1"
PEOPLE = frozenset({"person", "author"})
SHORT = 3  # a name of so few letters in capitals is itself only where everything is
NOT_SURNAMES = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"})
UNDECIDED = "several actors have this name"
NO_ACTOR = "the place, for which there is no actor"
BUILDING = "the seat of a government stands for the state"


class Name(NamedTuple):
    """One name of an actor, and when it counts.

    `case` is usual (as written, or in capitals), exact or any. `state` is the one that a
    government body is part of.
    """

    actor: str
    kind: str
    name: str
    metonym: bool = False
    case: str = "usual"
    language: str = ""
    since: date | None = None
    until: date | None = None
    is_main: bool = False
    state: str | None = None


@dataclass(frozen=True)
class Reading:
    """One way to take a stretch: who is named, who is meant if another, and why.

    `named` is None for a place without an actor of its own. `sense` is name, place or metonym.
    """

    named: str | None
    meant: str | None
    name: str
    sense: str
    reason: str


@dataclass(frozen=True)
class Suggestion:
    """A stretch `[start, end)` with its quote, how it is best taken, and how else it may be.

    `named` is None where the person must choose: a place without an actor, or several actors of
    one name. Then the actors are in `alternatives`.
    """

    start: int
    end: int
    quote: str
    named: str | None
    meant: str | None
    name: str
    sense: str
    reason: str
    alternatives: tuple[Reading, ...] = ()

    def best(self) -> Reading:
        """The first of the readings, which may name nobody."""
        return Reading(self.named, self.meant, self.name, self.sense, self.reason)

    def readings(self) -> tuple[Reading, ...]:
        """All that name somebody, the best first."""
        return tuple(one for one in (self.best(), *self.alternatives) if one.named)


@dataclass(frozen=True)
class _Found:
    start: int
    end: int
    names: tuple[Name, ...]
    derived: bool  # a surname that only the full name before it makes known


def find(
    text: str, names: Iterable[Name], *, published_on: date | None = None, language: str = "en"
) -> list[Suggestion]:
    """The suggestions for a text, in order, none overlapping another."""
    return Index(names).find(text, published_on=published_on, language=language)


class Index:
    """Names made ready to be found in many texts."""

    def __init__(self, names: Iterable[Name]):
        known: dict[str, list[Name]] = defaultdict(list)
        for name in names:
            known[fold(name.name)].append(name)
        surnames = _surnames(known)
        self._seats = _seats(known)
        self._keys = [*known, *surnames]
        self._names: list[Sequence[Name]] = [*known.values(), *surnames.values()]
        self._first_derived = len(known)
        self._automaton = AhoCorasick(self._keys) if self._keys else None

    def find(self, text: str, *, published_on: date | None, language: str) -> list[Suggestion]:
        """The suggestions for a text, in order, none overlapping another."""
        candidates = list(self._candidates(text, language))
        around = Surroundings(
            text, language,
            frozenset(one.start for one in candidates), frozenset(one.end for one in candidates),
        )  # fmt: skip
        kept = _kept(_longest(len(text), candidates), around, published_on)
        return list(_suggestions(text, kept, language, self._seats))

    def _candidates(self, text: str, language: str) -> Iterator[_Found]:
        """Whatever is one of the names, where a word begins and ends, in fitting capitals."""
        if self._automaton is None:
            return
        folded, places = folded_with_places(text)
        matches = self._automaton.find_matches_as_indexes(folded, overlapping=True)
        tongue = language.partition("-")[0].lower()
        for key, first, last in matches:
            start, end = first, last
            if places is not None:
                start, end = places[first], places[last]
                if (places[first - 1] == start and first) or places[last - 1] == end:
                    continue
            if not begins(text, start, end, tongue):
                continue
            whole = ends(text, end, tongue)
            if whole is None:
                continue
            quote = plain(text[start:end])
            names = tuple(name for name in self._names[key] if _is_written(name, quote))
            if names:
                yield _Found(start, whole, names, key >= self._first_derived)


def _surnames(known: dict[str, list[Name]]) -> dict[str, list[Name]]:
    """Surnames of people, folded, unless they are somebody's name already or two people's."""
    found: dict[str, dict[str, Name]] = defaultdict(dict)
    for names in known.values():
        for name in names:
            if name.kind in PEOPLE and " " in name.name:
                for surname in _surnames_in(name.name):
                    found[fold(surname)].setdefault(name.actor, name._replace(name=surname))
    return {
        key: list(owners.values())
        for key, owners in found.items()
        if key not in known and len(owners) == 1
    }


def _surnames_in(name: str) -> Iterator[str]:
    """The last word, and with what is written small before it: Leyen, von der Leyen."""
    words = [word for word in name.split() if word.lower() not in NOT_SURNAMES]
    if len(words) < 2 or len(words[-1]) < 2:
        return
    yield words[-1]
    small = len(words) - 1
    while small > 1 and words[small - 1].islower():
        small -= 1
    if small < len(words) - 1:
        yield " ".join(words[small:])


def _is_written(name: Name, quote: str) -> bool:
    """Whether the quote is the name in capitals that its rule allows."""
    wanted = plain(name.name)
    if name.case == "any" or quote == wanted:
        return True
    if name.case == "exact":
        return False
    if quote == wanted.upper():
        return True
    if len(quote) != len(wanted):
        return False
    before = [" ", *wanted[:-1]]
    article = wanted.lower().startswith("the ")
    return all(
        one == other
        or (one == other.upper() and not previous.isalpha())
        or (article and n == 0 and one == other.lower())
        for n, (one, other, previous) in enumerate(zip(quote, wanted, before, strict=True))
    )


def _longest(length: int, candidates: Iterable[_Found]) -> list[_Found]:
    """The candidates in order, without those that overlap a longer one."""
    taken = bytearray(length)
    kept = []
    for one in sorted(candidates, key=lambda one: (one.start - one.end, one.derived, one.start)):
        if not any(taken[one.start : one.end]):
            taken[one.start : one.end] = b"\1" * (one.end - one.start)
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)


def _kept(found: list[_Found], around: Surroundings, published_on: date | None) -> Iterator[_Found]:
    """Those that are mentions: whole names that counted then, surnames of people named before."""
    introduced: set[str] = set()
    for one in found:
        if in_address(around.text, one.start, one.end):
            continue
        names = tuple(
            name for name in one.names
            if _counts(name, published_on, around.language) and _fits(name, one, around)
        )  # fmt: skip
        names = tuple(
            name for name in names
            if not around.in_longer_name(one.start, one.end, name.kind in PEOPLE)
        )  # fmt: skip
        if one.derived and not {name.actor for name in names} & introduced:
            continue
        if names:
            introduced |= {n.actor for n in names if n.kind in PEOPLE and " " in n.name}
            yield _Found(one.start, one.end, names, one.derived)


def _counts(name: Name, published_on: date | None, language: str) -> bool:
    """Whether the name was the actor's on that day and belongs to that language."""
    if published_on and (
        (name.since and published_on < name.since) or (name.until and published_on > name.until)
    ):
        return False
    own, asked = name.language.lower(), language.lower()
    return not own or not asked or asked == own or asked.startswith(f"{own}-")


def _fits(name: Name, one: _Found, around: Surroundings) -> bool:
    """Whether capitals that may be another word's are this name's: “US” among capitals."""
    quote = around.text[one.start : one.end]
    if name.case == "any" or not quote.isupper() or len(quote) > SHORT + 2:
        return True
    alone = around.in_capitals(one.start, one.end)
    if quote.lower() in wording.ALSO_WORDS and alone:
        before, after = around.text[: one.start][-5:], around.text[one.end : one.end + 1]
        known = before.rstrip(" ").endswith((" THE", "\nTHE")) or before == "THE "
        return known or after in ("-", "’", "'") or before[-1:] in ("", "\n", "-")
    return quote == plain(name.name) or len(quote) > SHORT or alone


def _suggestions(
    text: str, found: Iterable[_Found], language: str, seats: frozenset[tuple[str, str]]
) -> Iterator[Suggestion]:
    previous: tuple[int, Sense] | None = None
    for one in found:
        names, metonyms = _by_actor(one.names, metonym=False), _by_actor(one.names, metonym=True)
        for actor in names:
            metonyms.pop(actor, None)
        if metonyms:
            sense = sense_of(text, one.start, one.end, language)
            if previous and same_as_before(text, previous[0], one.start) and previous[1].place:
                sense = previous[1]
            previous = (one.end, sense)
            readings = _of_a_place(names, metonyms, sense)
        else:
            readings = _of_a_name(names, one.derived, seats)
        best, *others = readings
        yield Suggestion(
            one.start, one.end, text[one.start : one.end], best.named, best.meant, best.name,
            best.sense, best.reason, tuple(others),
        )  # fmt: skip


def _by_actor(names: Iterable[Name], *, metonym: bool) -> dict[str, Name]:
    """One name for each actor; its own name rather than another."""
    chosen: dict[str, Name] = {}
    for name in sorted(names, key=lambda name: not name.is_main):
        if name.metonym == metonym:
            chosen.setdefault(name.actor, name)
    return chosen


def _of_a_name(
    names: dict[str, Name], derived: bool, seats: frozenset[tuple[str, str]]
) -> list[Reading]:
    """How a name is taken that is no metonym; nobody is preferred among several."""
    readings = []
    for name in names.values():
        own = "surname, after the full name" if derived else "another name of the actor"
        reading = Reading(
            name.actor, None, name.name, "name", "the actor’s name" if name.is_main else own
        )
        if (fold(name.name), name.actor) in seats:
            meaning = Reading(name.actor, name.state, name.name, "metonym", BUILDING)
            readings += [meaning, reading]
        else:
            readings.append(reading)
    if len(names) > 1:
        return [Reading(None, None, readings[0].name, "choice", UNDECIDED), *readings]
    return readings


def _seats(known: Mapping[str, Sequence[Name]]) -> frozenset[tuple[str, str]]:
    """The names, folded, by which a government body is called after its building, with it."""
    mains = {
        name.actor: key.removeprefix("the ")
        for key, names in known.items()
        for name in names
        if name.state and name.is_main and not wording.BODIES & set(key.split())
    }
    return frozenset(
        (form, actor) for actor, main in mains.items() for form in (main, f"the {main}")
    )


def _of_a_place(names: dict[str, Name], metonyms: dict[str, Name], sense: Sense) -> list[Reading]:
    """How a place's name is taken that stands for others too; what the words say comes first."""
    meanings = [
        Reading(named, meant, name.name, "metonym", sense.reason)
        for meant_actor, name in metonyms.items()
        for named, meant in (
            [(own, meant_actor) for own in names] if names else [(meant_actor, None)]
        )
    ]
    label = next(iter(metonyms.values())).name
    places = [Reading(own, None, label, "place", sense.reason) for own in names] or [
        Reading(None, None, label, "place", sense.reason if sense.place else NO_ACTOR)
    ]
    if sense.place:
        return places + meanings
    if len(meanings) > 1:
        return [Reading(None, None, label, "choice", UNDECIDED), *meanings, *places]
    return meanings + places
