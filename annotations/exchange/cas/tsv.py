"""WebAnno TSV 3.3, as INCEpTION exports and imports it: the writer; `tsv_reader` reads.

A zip file in INCEpTION's layout with the same documents as in XMI; `TypeSystem.xml` has the
layers, which a project there needs before it can import them. A line is a token or a part of one;
every annotation has a number, which ties its tokens together. Offsets count UTF-16 units. Of
stretches that begin or end with blanks the blanks stand in `margins`, since no token has them.
"""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from typing import Any, NamedTuple

from annotations.exchange.cas.layers import beside, cases
from annotations.exchange.cas.tsv_reader import read
from annotations.exchange.cas.types import (
    ARTICLE,
    KINDS,
    OURS,
    SENTENCE,
    SPAN,
    TOKEN,
    Cas,
    Structure,
    counted,
)
from annotations.exchange.cas.xmi import typesystem
from annotations.exchange.neutral import Parcel
from annotations.exchange.packed import zipped

__all__ = ["read", "tsv", "write"]

ESCAPED = re.compile(r"->|[\\\[\]|_;*\t\n\r]")
IN_TEXT = re.compile(r"[\\\t\n\r\f\b]")
# Here what is about the whole text stands on its first word, since a table has no other place.
LAYERS = KINDS | {ARTICLE: KINDS[ARTICLE]._replace(base=SPAN)}
LETTERS = {"\t": "t", "\n": "n", "\r": "r", "\f": "f", "\b": "b"}


class Unit(NamedTuple):
    """A token, or the part of one that an annotation begins or ends in."""

    name: str
    begin: int
    end: int


def write(parcel: Parcel) -> Iterator[bytes]:
    """The pieces of the zip file."""
    files = ((f"{path}.tsv", [tsv(cas)]) for path, cas in cases(parcel))
    return zipped(chain([("TypeSystem.xml", [typesystem(LAYERS)])], beside(parcel), files))


def tsv(cas: Cas) -> bytes:
    """The CAS as one TSV document."""
    return "".join(_Table(cas).lines()).encode("utf-8", "surrogatepass")


class _Table:
    """The lines of a document: what is marked, by token."""

    def __init__(self, cas: Cas):
        self.cas = cas
        self.tokens = list(cas.of(TOKEN))
        self.sentences = list(cas.of(SENTENCE))
        self.marks = [one for one in cas.structures if one.kind.startswith(OURS)]
        self.kinds = sorted({one.kind for one in self.marks})
        ranges = {kind: sorted(KINDS[kind].features.items()) for kind in self.kinds}
        self.features = {k: [n for n, r in own if r[-2:] != "[]"] for k, own in ranges.items()}
        self.slots = {k: [n for n, r in own if r[-2:] == "[]"] for k, own in ranges.items()}
        self.empty = {k: ["_"] * (len(self.features[k]) + 2 * len(self.slots[k])) for k in ranges}
        self.said: dict[int, list[str]] = {}
        self.numbers = {id(one): number for number, one in enumerate(self.marks, 1)}
        self.starts = [token.begin for token in self.tokens]
        self.ends = [token.end for token in self.tokens]
        # By token: the parts of it (begin, end), and what is marked on each of them.
        self.parts: dict[int, dict[tuple[int, int], list[Structure]]] = defaultdict(dict)
        self.first: dict[int, tuple[int, tuple[int, int]]] = {}
        self.margins: dict[int, str] = {}
        for one in self.marks:
            self._place(one)

    def _place(self, one: Structure) -> None:
        """Put it on the tokens that it reaches over; what is about the whole, on the first."""
        begin, end = self.starts[0], self.ends[0]
        if one.begin is not None:
            begin, end = one.begin, one.end
        low, high = bisect_right(self.ends, begin), bisect_left(self.starts, end)
        for at in range(low, high):
            part = (max(begin, self.starts[at]), min(end, self.ends[at]))
            self.parts[at].setdefault(part, []).append(one)
            self.first.setdefault(id(one), (at, part))
        before = self.first[id(one)][1][0] - begin
        after = end - min(end, self.ends[high - 1])
        if before or after:
            self.margins[id(one)] = f"{before} {after}"

    def lines(self) -> Iterator[str]:
        yield "#FORMAT=WebAnno TSV 3.3\n"
        for kind in self.kinds:
            yield f"#T_SP={kind}|{'|'.join(self._columns(kind))}\n"
        yield "\n"
        self.names = self._names()
        places = [token.begin for token in self.tokens] + [token.end for token in self.tokens]
        places += [at for parts in self.parts.values() for part in parts for at in part]
        units = counted(Cas(self.cas.text, [Structure("", {}, at, at) for at in places]))
        at = 0
        for number, sentence in enumerate(self.sentences):
            after = self.sentences[number + 1 :][:1]
            # With the blanks after it, so that the text is the same when it is put together.
            end = after[0].begin if after else len(self.cas.text)
            yield "\n"
            for line in self.cas.text[sentence.begin : end].split("\n"):
                yield f"#Text={_in_text(line)}\n"
            while at < len(self.tokens) and self.starts[at] < end:
                yield from self._token(at, units)
                at += 1

    def _names(self) -> dict[tuple[int, tuple[int, int]], str]:
        """What each token and each part of one is called: sentence, token and part from 1."""
        names = {}
        begins = [sentence.begin for sentence in self.sentences]
        sentence = token = 0
        for at, start in enumerate(self.starts):
            found = bisect_right(begins, start)
            token = token + 1 if found == sentence else 1
            sentence = found
            whole = (start, self.ends[at])
            names[at, whole] = f"{sentence}-{token}"
            for number, part in enumerate(self._cut(at), 1):
                names[at, part] = f"{sentence}-{token}.{number}"
        return names

    def _cut(self, at: int) -> list[tuple[int, int]]:
        """The parts of a token that are less than the whole, in their order."""
        whole = (self.starts[at], self.ends[at])
        return sorted(part for part in self.parts.get(at, ()) if part != whole)

    def _token(self, at: int, units: dict[int, int]) -> Iterator[str]:
        whole = (self.starts[at], self.ends[at])
        parts = self.parts.get(at, {})
        for part in [whole, *self._cut(at)]:
            words = self.cas.text[part[0] : part[1]]
            cells = [self.names[at, part], f"{units[part[0]]}-{units[part[1]]}", words]
            marks = parts.get(part, ())
            for kind in self.kinds:
                own = [self._cells(one) for one in marks if one.kind == kind]
                if len(own) > 1:
                    cells += map("|".join, zip(*own, strict=True))
                else:
                    cells += own[0] if own else self.empty[kind]
            yield "\t".join(cells) + "\t\n"

    def _columns(self, kind: str) -> list[str]:
        """The columns of a layer as the header declares them, slots last."""
        columns = list(self.features[kind])
        for name in self.slots[kind]:
            link = KINDS[kind].features[name].removesuffix("[]")
            columns += [f"ROLE_{kind}:{name}_{link}", KINDS[link].features["target"]]
        return columns

    def _cells(self, one: Structure) -> list[str]:
        """What each column of its layer says of it, on every token alike."""
        if id(one) not in self.said:
            slots = [name for name in self.slots[one.kind] for _ in range(2)]
            self.said[id(one)] = [self._value(one, name) for name in self.features[one.kind]] + [
                (self._targets if at % 2 else self._roles)(one, name)
                for at, name in enumerate(slots)
            ]
        return self.said[id(one)]

    def _value(self, one: Structure, name: str) -> str:
        value: Any = one.values.get(name)
        if name == "margins":
            value = self.margins.get(id(one))
        said = str(value).lower() if isinstance(value, bool) else value
        shown = "*" if said is None else _escaped(str(said))
        return f"{shown}[{self.numbers[id(one)]}]"

    def _roles(self, one: Structure, name: str) -> str:
        links = one.values.get(name, [])
        roles = ";".join(_escaped(link.values["role"]) for link in links)
        return f"{roles or '_'}[{self.numbers[id(one)]}]"

    def _targets(self, one: Structure, name: str) -> str:
        targets = [link.values["target"] for link in one.values.get(name, [])]
        named = [f"{self.names[self.first[id(to)]]}[{self.numbers[id(to)]}]" for to in targets]
        return ";".join(named) or "*"


def _escaped(value: str) -> str:
    return ESCAPED.sub(lambda found: "\\" + LETTERS.get(found[0], found[0]), value)


def _in_text(line: str) -> str:
    return IN_TEXT.sub(lambda found: "\\" + LETTERS.get(found[0], found[0]), line)
