"""Which coefficients are told of a team's work: what is asked, of what, in what tables.

Codes are compared on matched marks only: a mark that nobody else has in its case says nothing of
codes, and neither does a question that nobody in a case answered. What was overlooked is told by
the measures of spans.
"""

from collections import defaultdict
from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import chain, combinations
from typing import Any

from annotations.coefficients.estimates import Estimate, estimate, estimates
from annotations.coefficients.spans import Continuum

SPANS = ("f1_overlap", "f1_exact", "f1_token", "alpha_u", "u_alpha")
SETS = ("alpha_masi", "percent")
NAMES = ("alpha_nominal", "percent", "fleiss", "ac1")
STANCES = ("alpha_nominal", "alpha_ordinal", "percent", "ac1")
ORDER = {"oppose": 0, "neutral": 1, "support": 2}  # `unclear` has no place between them
ROLES = {"claim": ("claimant", "target"), "mention": ("named", "meant")}
SAME = {
    "claimant": "Same claimant", "target": "Same target",
    "named": "Same actor named", "meant": "Same actor meant",
}  # fmt: skip
KINDS = {"claim": "Claims", "mention": "Mentions"}


@dataclass(slots=True)
class Mark:
    """An annotation: whose, in which case, where, and what it says.

    `said` is one (role, actor, "") for each who takes part and one (facet, tag, stance) for each
    tag, roles and facets by their names. `here` is whether its spans are counted in the newest
    text.
    """

    coder: int
    case: Hashable
    kind: str
    here: bool
    spans: list[tuple[int, int]] = field(default_factory=list)
    said: list[tuple[str, str, str]] = field(default_factory=list)

    def chosen(self, name: str) -> frozenset[str]:
        """The actors of a role, or the tags of a facet."""
        return frozenset(value for what, value, _ in self.said if what == name)

    def stance(self, facet: str, tag: str) -> str | None:
        """The stance towards a tag; None if it was not given."""
        return next((s for what, t, s in self.said if what == facet and t == tag), None)


@dataclass(slots=True)
class Sheet:
    """An article that two or more handed in, the last of them in `month`, with their marks."""

    article: Any
    title: str
    month: str
    coders: tuple[int, ...]
    length: int = 0
    tokens: list[tuple[int, int]] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)

    def cases(self, coders: Container[int]) -> Iterator[list[Mark]]:
        """What belongs together of these coders' marks, where it is of two or more."""
        found: dict[Hashable, list[Mark]] = defaultdict(list)
        for mark in self.marks:
            if mark.case is not None and mark.coder in coders:
                found[mark.case].append(mark)
        return (marks for marks in found.values() if len(marks) > 1)


@dataclass(frozen=True)
class Question:
    """Something that coders answered; the first of its `measures` is the one to look at.

    `key` is `spans:<kind>`, a role, `facet:<slug>`, `stance:<slug>` or `tag:<id>`.
    """

    key: str
    name: str
    measures: tuple[str, ...]
    of: str = ""  # the facet's slug
    kind: str = "claim"


@dataclass(frozen=True)
class FacetAsked:
    """A facet of the codebook with its tags as (id, label)."""

    slug: str
    name: str
    single: bool
    stance: bool
    tags: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Line:
    """A line of a table before it is computed: its cells as (question, measure).

    `sheets` and `coders` are what it is of, `query` what leads to the passages behind it.
    """

    name: str
    query: Mapping[str, str]
    cells: tuple[tuple[Question, str], ...]
    sheets: Sequence[Sheet]
    coders: tuple[int, ...]


def span_questions(kinds: Iterable[str]) -> list[Question]:
    return [Question(f"spans:{kind}", KINDS[kind], SPANS, kind=kind) for kind in kinds]


def code_questions(facets: Iterable[FacetAsked], kinds: Iterable[str]) -> list[Question]:
    """Who takes part, each facet, and the stances of those that take one."""
    asked = [
        Question(role, SAME[role], SETS, kind=kind) for kind in kinds for role in ROLES[kind]
    ]  # fmt: skip
    for facet in facets if "claim" in kinds else ():
        measures = NAMES if facet.single else SETS
        asked.append(Question(f"facet:{facet.slug}", facet.name, measures, facet.slug))
        if facet.stance:
            name = f"{facet.name}: stance"
            asked.append(Question(f"stance:{facet.slug}", name, STANCES, facet.slug))
    return asked


def tag_questions(facets: Iterable[FacetAsked]) -> list[Question]:
    """Of each tag whether it was given."""
    measures = ("alpha_nominal", "percent", "ac1")
    return [
        Question(f"tag:{pk}", label, measures, facet.slug)
        for facet in facets
        for pk, label in facet.tags
    ]


def lines_of(
    questions: Iterable[Question], sheets: Sequence[Sheet], coders: tuple[int, ...]
) -> list[Line]:
    """A line for each question, with all its measures."""
    return [
        Line(q.name, {"of": q.key}, tuple((q, m) for m in q.measures), sheets, coders)
        for q in questions
    ]


def by_pair(
    questions: Sequence[Question], sheets: Sequence[Sheet], names: Mapping[int, str]
) -> list[Line]:
    """A line for every two who share an article, most shared articles first."""
    shared: dict[tuple[int, int], list[Sheet]] = defaultdict(list)
    for sheet in sheets:
        for pair in combinations(sorted(sheet.coders), 2):
            shared[pair].append(sheet)
    return [
        Line(
            f"{names[one]} – {names[other]}", {"pair": f"{one}-{other}"},
            tuple((q, _of_two(q)) for q in questions), own, (one, other),
        )
        for (one, other), own in sorted(shared.items(), key=lambda pair: -len(pair[1]))
    ]  # fmt: skip


def by_article(questions: Sequence[Question], sheets: Sequence[Sheet]) -> list[Line]:
    return [
        Line(s.title, {"article": str(s.article)}, _mains(questions), [s], s.coders) for s in sheets
    ]


def by_month(
    questions: Sequence[Question], sheets: Sequence[Sheet], coders: tuple[int, ...]
) -> list[Line]:
    """A line for each month in which articles were handed in by the last of their coders."""
    months: dict[str, list[Sheet]] = defaultdict(list)
    for sheet in sheets:
        months[sheet.month].append(sheet)
    return [
        Line(month, {"month": month}, _mains(questions), own, coders)
        for month, own in sorted(months.items())
    ]


def computed(lines: Sequence[Line], *, resamples: int = 1000) -> list[list[Estimate]]:
    """The estimates of each line's cells. Lines of the same articles are computed at once."""
    together: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        together[id(line.sheets)].append(line)
    found: dict[int, dict[tuple[Question, str], Estimate]] = {}
    for key, own in together.items():
        data = _Data(own[0].sheets, own[0].coders)
        asked = {
            cell: (cell[1], data.groups(*cell))
            for cell in dict.fromkeys(cell for line in own for cell in line.cells)
        }
        if len(own[0].sheets) == 1:
            found[key] = {cell: estimate(*one) for cell, one in asked.items()}
        else:
            found[key] = estimates(asked, resamples=resamples)
    return [[found[id(line.sheets)][cell] for cell in line.cells] for line in lines]


class _Data:
    """What measures are computed from, for some articles; worked out once for all that share it."""

    def __init__(self, sheets: Sequence[Sheet], coders: tuple[int, ...]):
        self.sheets, self.coders = sheets, coders
        self.place = {coder: n for n, coder in enumerate(coders)}
        self.cases = [list(sheet.cases(self.place)) for sheet in sheets]
        self.chosen = cache(self._chosen)
        self.stances = cache(self._stances)
        self.given = cache(self._given)

    def groups(self, question: Question, measure: str) -> list:
        """What the measure computes the question from, one item for each article."""
        what, _, name = question.key.partition(":")
        if what == "spans":
            return [_continuum(sheet, name, self.coders) for sheet in self.sheets]
        if what == "stance":
            said = self.stances(name)
            return _each(said, ORDER.get) if measure == "alpha_ordinal" else said
        if what == "tag":
            return self.given(question.of, name)
        if what == "facet":
            sets = self.chosen("claim", name)
            return _each(sets, _single) if question.measures == NAMES else sets
        return self.chosen(question.kind, what)

    def _chosen(self, kind: str, name: str) -> list[list[tuple]]:
        """Units of the sets that coders chose; without those of which nobody chose anything."""
        told = [
            [[(mark.coder, mark.chosen(name)) for mark in marks] for marks in cases]
            for cases in self._of(kind)
        ]
        return [[self._unit(own) for own in units if any(v for _, v in own)] for units in told]

    def _given(self, facet: str, tag: str) -> list[list[tuple]]:
        """Of each unit of the facet whether the tag was given."""
        return _each(self.chosen("claim", facet), lambda tags: tag in tags)

    def _stances(self, facet: str) -> list[list[tuple]]:
        """A unit for each tag that somebody gave; who did not give it took no stance."""
        return [
            [
                self._unit((mark.coder, mark.stance(facet, tag) or None) for mark in marks)
                for marks in cases
                for tag in sorted({tag for mark in marks for tag in mark.chosen(facet)})
            ]
            for cases in self._of("claim")
        ]

    def _of(self, kind: str) -> Iterator[Iterator[list[Mark]]]:
        for cases in self.cases:
            yield (marks for marks in cases if marks[0].kind == kind)

    def _unit(self, values: Iterable[tuple[int, Hashable]]) -> tuple:
        unit: list[Hashable] = [None] * len(self.place)
        for coder, value in values:
            unit[self.place[coder]] = value
        return tuple(unit)


def _each(groups: list[list[tuple]], told: Callable[[Any], Hashable]) -> list[list[tuple]]:
    """The units with another value for each; units that are alike are worked out once."""
    known = {
        unit: tuple(None if value is None else told(value) for value in unit)
        for unit in set(chain.from_iterable(groups))
    }
    return [[known[unit] for unit in units] for units in groups]


def _single(chosen: frozenset[str]) -> str:
    """Of one choice the choice, or an empty word for none."""
    return min(chosen, default="")


def _mains(questions: Sequence[Question]) -> tuple[tuple[Question, str], ...]:
    return tuple((question, question.measures[0]) for question in questions)


def _of_two(question: Question) -> str:
    """The measure to look at for two coders: of names Cohen's, which is made for two."""
    return "cohen" if question.measures == NAMES else question.measures[0]


def _continuum(sheet: Sheet, kind: str, coders: tuple[int, ...]) -> Continuum:
    marks: dict[int, list] = {coder: [] for coder in sheet.coders}
    for mark in sheet.marks:
        if mark.here and mark.kind == kind:
            marks[mark.coder] += [(start, end, kind) for start, end in mark.spans]
    return Continuum(sheet.length, [marks.get(coder) for coder in coders], sheet.tokens)
