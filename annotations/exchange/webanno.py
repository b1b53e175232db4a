"""WebAnno TSV 3.3, as INCEpTION exports and imports it: the writer; `webanno_reader` reads.

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

from annotations.exchange.cas import typesystem
from annotations.exchange.cas_layers import beside, cases
from annotations.exchange.cas_types import KINDS, OURS, SENTENCE, TOKEN, Cas, Structure, counted
from annotations.exchange.neutral import Parcel
from annotations.exchange.packed import zipped
from annotations.exchange.webanno_reader import read

__all__ = ["read", "tsv", "write"]

ESCAPED = re.compile(r"->|[\\\[\]|_;*\t\n\r]")
IN_TEXT = re.compile(r"[\\\t\n\r\f\b]")
LETTERS = {"\t": "t", "\n": "n", "\r": "r", "\f": "f", "\b": "b"}


class Unit(NamedTuple):
    """A token, or the part of one that an annotation begins or ends in."""

    name: str
    begin: int
    end: int


def write(parcel: Parcel) -> Iterator[bytes]:
    """The pieces of the zip file."""
    files = ((f"{path}.tsv", [tsv(cas)]) for path, cas in cases(parcel))
    return zipped(chain([("TypeSystem.xml", [typesystem()])], beside(parcel), files))


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
            parts = sorted(part for part in self.parts[at] if part != whole)
            for number, part in enumerate(parts, 1):
                names[at, part] = f"{sentence}-{token}.{number}"
        return names

    def _token(self, at: int, units: dict[int, int]) -> Iterator[str]:
        whole = (self.starts[at], self.ends[at])
        for part in [whole, *sorted(part for part in self.parts[at] if part != whole)]:
            words = self.cas.text[part[0] : part[1]]
            cells = [self.names[at, part], f"{units[part[0]]}-{units[part[1]]}", words]
            marks = self.parts[at].get(part, [])
            for kind in self.kinds:
                own = [one for one in marks if one.kind == kind]
                cells += self._cells(kind, own)
            yield "\t".join(cells) + "\t\n"

    def _columns(self, kind: str) -> list[str]:
        """The columns of a layer as the header declares them, slots last."""
        columns, slots = [], []
        for name, range_ in sorted(KINDS[kind].features.items()):
            if range_.endswith("[]"):
                link = range_.removesuffix("[]")
                target = KINDS[link].features["target"]
                slots += [f"ROLE_{kind}:{name}_{link}", target]
            else:
                columns.append(name)
        return columns + slots

    def _cells(self, kind: str, own: list[Structure]) -> Iterator[str]:
        for name, range_ in sorted(KINDS[kind].features.items()):
            if not range_.endswith("[]"):
                yield "|".join(self._value(one, name) for one in own) or "_"
        for name, range_ in sorted(KINDS[kind].features.items()):
            if range_.endswith("[]"):
                yield "|".join(self._roles(one, name) for one in own) or "_"
                yield "|".join(self._targets(one, name) for one in own) or "_"

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
