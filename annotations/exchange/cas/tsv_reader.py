"""WebAnno TSV 3, read: alone or in a zip file as INCEpTION exports it.

Each document becomes a CAS, and the CAS rows. What it means that an annotation has a number, that
several stand in one cell, or that a slot names a token, is as INCEpTION reads it.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, BinaryIO, NamedTuple

from annotations.exchange import aside
from annotations.exchange.cas.rows import Found, rows_of
from annotations.exchange.cas.types import DKPRO, KINDS, SENTENCE, TOKEN, Cas, Structure, placed
from annotations.exchange.cas.xmi_reader import files_of, named
from annotations.exchange.neutral import ReadError, Refusal, Row

EXPECTED = "Expected WebAnno TSV 3 (.tsv), or a zip file with such."
FORMAT = re.compile(r"#FORMAT=WebAnno TSV 3\.[0-9]+$")
LINE = re.compile(r"([0-9]+-[0-9]+)((?:\.[0-9]+)*)\t([0-9]{1,9})-([0-9]{1,9})\t")
# At the end of a value; what looks like it within one is escaped.
NUMBER = re.compile(r"\[([0-9]+(?:_[0-9]+)?)\]$")
LINK = re.compile(r"->([0-9]{1,9})-([0-9]{1,9})$")
APART = {sign: re.compile(rf"(?:[^\\{sign}]+|\\.)+", re.DOTALL) for sign in "|;"}
DEPENDENCY = f"{DKPRO}syntax.type.dependency.Dependency"
ESCAPE = re.compile(r"\\(->|.)", re.DOTALL)
WIDEST_GAP = 1 << 16
LETTERS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "b": "\b"}
LITERAL = set("\\[]|_;*") | {"->"}
PREFIXES = {"#T_SP=": "span", "#T_RL=": "relation", "#T_CH=": "chain"}


class Column(NamedTuple):
    """A column of the table: `how` is value, none, role, target, relation, link or element."""

    kind: str
    layer: str
    feature: str
    how: str
    target: str = ""


def read(file: BinaryIO) -> Iterator[Row]:
    """The rows of what the documents hold. Raises ReadError if none can be read."""
    start = file.read(4)
    file.seek(0)
    if not start.startswith(b"PK"):
        yield from rows_of([Found(1, "", "", cas_of(file.read()), KINDS)])
        return
    known, cases = b"", 0
    for path, data in files_of(file):
        known = data if path == aside.FILE else known
        cases += path.endswith(".tsv")
    if not cases:
        raise ReadError(f"There is no TSV in it. {EXPECTED}")
    file.seek(0)
    yield from rows_of(_found(file), known)


def _found(file: BinaryIO) -> Iterator[Found | Row]:
    for number, (path, data) in enumerate(files_of(file), 1):
        if path.endswith(".tsv"):
            try:
                yield Found(number, *named(path), cas_of(data), KINDS)
            except ReadError as error:
                yield Row(number, Refusal(f"“{path}”: {error}"))


def cas_of(data: bytes) -> Cas:
    """The CAS of one document. Raises ReadError, with the line."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ReadError(f"It is not in UTF-8: {error}.") from error
    return _Document(text.replace("\r\n", "\n").split("\n")).cas()


class _Document:
    """One document while it is read, line after line."""

    def __init__(self, lines: list[str]):
        if not FORMAT.match(lines[0].rstrip()):
            raise ReadError(f"Its first line names another format or version. {EXPECTED}")
        self.lines = lines
        self.columns: list[Column] = []
        self.chained = False
        self.marks: list[Structure] = []
        # In UTF-16 units until the text is whole: what stands where.
        self.places: dict[int, list[int]] = {}
        self.by_number: dict[str, Structure] = {}
        self.by_unit: dict[str, dict[str, list[Structure]]] = defaultdict(lambda: defaultdict(list))
        self.chains: dict[tuple[str, str], dict[int, Structure]] = defaultdict(dict)
        self.later: list[tuple[Any, ...]] = []
        self.text, self.units = "", 0
        self.sentence: Structure | None = None

    def cas(self) -> Cas:
        """The CAS, when all lines are read."""
        header: list[str] = []
        sentence_id = ""
        for number, line in enumerate(self.lines[1:], 2):
            if line.startswith(tuple(PREFIXES)) and not self.marks:
                self._declare(line)
            elif line.startswith("#Text="):
                header.append(_unescaped_text(line[6:]))
            elif line.startswith("#Sentence.id="):
                sentence_id = _unescaped_text(line[13:])
            elif found := LINE.match(line):
                if header:
                    self._begin("\n".join(header), int(found[3]), sentence_id, number)
                    header, sentence_id = [], ""
                self._line(found, line.split("\t")[3:], number)
            elif line.strip() and not line.startswith("#"):
                raise ReadError(f"Line {number} is neither a header nor a token. {EXPECTED}")
        if not self.marks:
            raise ReadError("It has no tokens.")
        self._tie()
        cas = Cas(self.text, [])
        stretches = [tuple(self.places[id(one)]) for one in self.marks]
        for one, stretch, place in zip(
            self.marks, stretches, placed(self.text, stretches), strict=True
        ):
            if place:
                one.begin, one.end = place
                cas.structures.append(one)
            else:
                cas.faults.append(f"{one.kind} {stretch[0]}–{stretch[1]} is not on the text.")
        return cas

    def _declare(self, line: str) -> None:
        """The columns of a layer."""
        kind, *names = line[6:].rstrip().split("|")
        layer = PREFIXES[line[:6]]
        names = [name for name in names if name]
        feature = ""
        for name in names:
            if name.startswith("ROLE_"):
                feature = name.partition(":")[2].partition("_")[0]
                self.columns.append(Column(kind, layer, feature, "role"))
            elif layer == "relation" and name.startswith("BT_"):
                self.columns.append(Column(kind, layer, "", "relation", name[3:]))
            elif layer == "span" and feature and "." in name:
                self.columns.append(Column(kind, layer, feature, "target", name))
            elif layer == "chain":
                how = "link" if name == "referenceRelation" else "element"
                self.columns.append(Column(kind, layer, name, how))
                self.chained = True
            else:
                self.columns.append(Column(kind, layer, name, "value"))
        if not names:
            self.columns.append(Column(kind, layer, "", "none"))

    def _begin(self, words: str, begin: int, name: str, number: int) -> None:
        """A sentence begins: its text is joined to the text so far, blanks where there are gaps."""
        gap = begin - self.units
        if gap < 0:
            raise ReadError(f"Line {number}: the sentence begins within the one before it.")
        if gap > WIDEST_GAP:
            raise ReadError(f"Line {number}: the sentence begins too far after the one before it.")
        # Between sentences stands a line break, unless they touch.
        self.text += "\n" + " " * (gap - 1) if gap and self.text else " " * gap
        self.units = begin
        self.sentence = self._mark(SENTENCE, begin, begin + _units(words))
        if name:
            self.sentence.values["id"] = name
        self.text += words
        self.units += _units(words)

    def _mark(self, kind: str, begin: int, end: int) -> Structure:
        one = Structure(kind)
        self.marks.append(one)
        self.places[id(one)] = [begin, end]
        return one

    def _line(self, found: re.Match[str], cells: list[str], number: int) -> None:
        unit, begin, end = found[1] + found[2], int(found[3]), int(found[4])
        if len(cells) < len(self.columns):
            raise ReadError(f"Line {number} has {len(cells)} cells for {len(self.columns)}.")
        if not self.sentence:
            raise ReadError(f"Line {number}: no text was given before this token.")
        if not found[2]:
            self.by_unit[unit][TOKEN].append(self._mark(TOKEN, begin, end))
        chained = self._links(unit, begin, end, cells)
        for column, cell in zip(self.columns, cells, strict=False):
            if cell == "_":
                continue
            for index, value in enumerate(_split(cell, "|")):
                said, numbered = (value, "") if column.how == "target" else _numbered(value)
                own = self.by_unit[unit][column.kind]
                if column.layer == "chain":
                    one = chained[column.kind][index : index + 1]
                    one = one[0] if one else None
                elif index < len(own):
                    one = own[index]
                elif column.layer == "span" and numbered in self.by_number:
                    one = self.by_number[numbered]
                    own.append(one)
                    self.places[id(one)][1] = end
                else:
                    one = self._mark(column.kind, begin, end)
                    own.append(one)
                if one is not None:
                    if column.layer == "span" and numbered:
                        self.by_number.setdefault(numbered, one)
                    self._set(one, column, said, numbered, unit)

    def _links(
        self, unit: str, begin: int, end: int, cells: list[str]
    ) -> dict[str, list[Structure]]:
        """The links of chains at this unit, which the columns of the chain's layer share."""
        found: dict[str, list[Structure]] = defaultdict(list)
        for column, cell in zip(self.columns, cells, strict=False) if self.chained else ():
            for value in _split(cell, "|") if column.how == "link" and cell != "_" else ():
                if not (place := LINK.search(value)):
                    continue
                own, nth = self.chains[column.kind, place[1]], int(place[2])
                if nth in own:
                    self.places[id(own[nth])][1] = end
                else:
                    own[nth] = self._mark(column.kind, begin, end)
                found[column.kind].append(own[nth])
        return found

    def _set(self, one: Structure, column: Column, said: str, numbered: str, unit: str) -> None:
        """Give the annotation the value of a cell, or remember what it refers to."""
        if column.how == "relation":
            self.later.append((one, column, said, numbered, unit))
        elif column.how == "role":
            roles = [] if said == "_" else _split(said, ";")
            links = [Structure("", {} if r == "*" else {"role": _unescaped(r)}) for r in roles]
            if links:
                one.values[column.feature] = links
        elif column.how == "target":
            if said != "*":
                self.later.append((one, column, said, "", unit))
        elif column.how == "link":
            if (said := LINK.sub("", said)) != "*":
                one.values[column.feature] = _unescaped(said)
        elif column.how != "none" and said != "*":
            value = _unescaped(said)
            if value in ("true", "false") and column.feature == "flagged":
                one.values[column.feature] = value == "true"
            else:
                one.values[column.feature] = value

    def _tie(self) -> None:
        """Let relations, slots and chains refer to annotations, now that all are known."""
        for one, column, said, numbered, unit in self.later:
            if column.how == "relation":
                first, _, second = numbered.partition("_")
                # Whatever the header says, it is tokens that depend on each other.
                kind = TOKEN if one.kind == DEPENDENCY else column.target
                source = self._resolved(kind, said, first)
                target = self._resolved(kind, unit, second)
                one.values |= {"Governor": source, "Dependent": target}
                if target is not None:
                    self.places[id(one)] = list(self.places[id(target)])
                continue
            links = one.values.get(column.feature, [])
            for link, place in zip(links, _split(said, ";"), strict=False):
                if (target := self._resolved(column.target, *_numbered(place))) is not None:
                    link.values["target"] = target
        for own in self.chains.values():
            links = [own[nth] for nth in sorted(own)]
            for link, after in pairwise(links):
                link.values["next"] = after

    def _resolved(self, kind: str, unit: str, number: str) -> Structure | None:
        """The annotation of a number, or else the first of a layer, or of any, at a unit."""
        if number not in ("", "0"):
            return self.by_number.get(number)
        own = self.by_unit.get(unit, {})
        if kind in own:
            return own[kind][0]
        found = [one for other, marks in own.items() if other != TOKEN for one in marks]
        return (found or own.get(TOKEN) or [None])[0]


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _numbered(value: str) -> tuple[str, str]:
    """A value without the number of its annotation, and that."""
    found = NUMBER.search(value)
    return (value[: found.start()], found[1]) if found else (value, "")


def _split(cell: str, sign: str) -> list[str]:
    """The values of a cell, parted where the sign is not escaped."""
    return APART[sign].findall(cell) if sign in cell else [cell]


def _unescaped(value: str) -> str:
    def plain(found: re.Match[str]) -> str:
        if found[1] in LITERAL:
            return found[1]
        return LETTERS[found[1]] if found[1] in "tnr" else found[0]

    return ESCAPE.sub(plain, value)


def _unescaped_text(line: str) -> str:
    return ESCAPE.sub(lambda found: LETTERS.get(found[1], found[1]), line)
