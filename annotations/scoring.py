"""How the marks of somebody who codes an article to learn compare with its gold layer.

Her annotations and those of the gold layer are matched as `matching` says, as if the gold layer
were a second coder. Only what is in the article's newest text is compared. Of a tag, `right` is
how often both say it of the same stretch; it is `missed` where gold alone says it and `extra`
where she alone does, whether the other marked the stretch or not.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Max, Q, QuerySet

from annotations import compared
from annotations.access import annotations_for, assignments_for
from annotations.annotating import content_of
from annotations.cases import terms_of
from annotations.compared import Terms
from annotations.content import Content
from annotations.excerpts import Piece, around
from annotations.lessons import Vocabulary, fields
from annotations.matching import Item, match
from annotations.models import Annotation, Assignment, ClaimTag
from corpus_app.models import User


@dataclass(frozen=True)
class Tally:
    """How many of something she found as gold has them, missed, and has besides."""

    name: str
    right: int
    missed: int
    extra: int

    @property
    def precision(self) -> float | None:
        """The share of hers that gold has; None if she has none."""
        return _share(self.right, self.extra)

    @property
    def recall(self) -> float | None:
        """The share of gold's that she has; None if gold has none."""
        return _share(self.right, self.missed)

    @property
    def f1(self) -> float | None:
        """The harmonic mean of both; None if there is nothing to find and nothing found."""
        return _share(2 * self.right, self.missed + self.extra)


@dataclass(frozen=True)
class Agreement:
    """Of how many stretches that both marked either says something in this field; `same`: alike."""

    name: str
    same: int
    of: int

    @property
    def share(self) -> float:
        return self.same / self.of


@dataclass(frozen=True)
class Said:
    """What she and gold say in one field, in words; nothing said is empty."""

    name: str
    hers: list[str]
    gold: list[str]


@dataclass(frozen=True)
class Row:
    """One stretch: both annotations or one of them, its words, and the fields that differ."""

    gold: Annotation | None
    hers: Annotation | None
    pieces: tuple[Piece, ...]
    fields: list[Said]

    @property
    def kind(self) -> str:
        return (self.gold or self.hers).kind

    @property
    def what(self) -> str:
        """`missed`, `extra`, `same` or `differs`."""
        if self.hers is None:
            return "missed"
        if self.gold is None:
            return "extra"
        return "differs" if self.fields else "same"


@dataclass(frozen=True)
class Score:
    """The whole comparison; `tags` by the names of their facets, `rows` in reading order."""

    assignment: Assignment
    marks: list[Tally]
    tags: dict[str, list[Tally]]
    fields: list[Agreement]
    rows: list[Row]


@dataclass(frozen=True)
class Version:
    """An annotation and what it says."""

    annotation: Annotation
    content: Content


Pair = tuple[Version | None, Version | None]  # gold's and hers


def scored_for(user: User) -> QuerySet[Assignment]:
    """The assignments to learn from that are handed in, as far as the user sees them."""
    rows = assignments_for(user).filter(training=True, state=Assignment.State.HANDED_IN)
    return rows.select_related("analyst", "article", "project").defer("article__raw")


def score(user: User, assignment: Assignment) -> Score:
    """How the analyst did. The assignment is one of `scored_for` the user."""
    terms = terms_of(assignment.project_id)
    [pairs] = _pairs(user, [assignment], terms)
    told = [one for pair in pairs for one in pair if one]
    words = Vocabulary(assignment.project, [one.content for one in told])
    called = fields(assignment.project)
    agreed = _agreements(pairs, terms)
    shown = around([(gold or hers).annotation.pk for gold, hers in pairs])
    return Score(
        assignment=assignment,
        marks=_marks(pairs),
        tags=_by_facet(_tags(pairs, terms), words.tags),
        fields=[
            Agreement(name, *agreed[key]) for key, name in called.items() if key in agreed
        ],
        rows=[_row(pair, terms, words, called, shown) for pair in pairs],
    )  # fmt: skip


def overview(user: User, assignments: Sequence[Assignment]) -> dict[UUID, tuple[Tally, Tally]]:
    """Of each assignment of one project the tally of marks and of tags, by its id.

    A constant number of queries.
    """
    if not assignments:
        return {}
    terms = terms_of(assignments[0].project_id)
    found = {}
    for assignment, pairs in zip(assignments, _pairs(user, assignments, terms), strict=True):
        tags = Counter()
        for right, missed, extra in _tags(pairs, terms).values():
            tags.update(right=right, missed=missed, extra=extra)
        overall = Tally("tags", tags["right"], tags["missed"], tags["extra"])
        found[assignment.pk] = _marks(pairs)[-1], overall
    return found


def _pairs(user: User, assignments: Sequence[Assignment], terms: Terms) -> Iterator[list[Pair]]:
    """Of each assignment gold's and the analyst's annotations, matched, in reading order."""
    people = {one.analyst_id for one in assignments}
    rows = annotations_for(user).standing().with_parts()
    rows = rows.filter(article__in=[one.article_id for one in assignments])
    rows = rows.filter(Q(layer=Annotation.Layer.GOLD) | Q(author__in=people))
    rows = rows.annotate(newest=Max("article__revisions__number"))
    rows = rows.filter(revision__number=F("newest")).order_by("created", "pk")
    whose = defaultdict(list)
    for row in rows:
        author = None if row.layer == Annotation.Layer.GOLD else row.author_id
        whose[row.article_id, author].append(Version(row, content_of(row)))
    for one in assignments:
        versions = whose[one.article_id, None], whose[one.article_id, one.analyst_id]
        items = [[_item(version, terms) for version in own] for own in versions]
        yield [
            tuple(
                own[place] if place is not None else None
                for own, place in zip(versions, group, strict=True)
            )
            for group in match(items)
        ]


def _item(version: Version, terms: Terms) -> Item:
    told = {(part.role, terms.actor(part)) for part in version.content.parts}
    told |= {terms.tag(code) for code in version.content.codes}
    spans = tuple((start, end) for start, end, _ in version.content.spans)
    return Item(version.annotation.pk, version.content.kind, spans, frozenset(told))


def _marks(pairs: Iterable[Pair]) -> list[Tally]:
    """Mentions and claims, as far as there are any; last, all of them."""
    counts: dict[str, Counter] = defaultdict(Counter)
    for gold, hers in pairs:
        what = "right" if gold and hers else "missed" if gold else "extra"
        counts[(gold or hers).content.kind][what] += 1
    names = [kind for kind in ("mention", "claim") if counts[kind]]
    tallies = [_tally(f"{kind}s", counts[kind]) for kind in names]
    if len(tallies) == 1:
        return tallies
    return [*tallies, _tally("all", sum(counts.values(), Counter()))]


def _tally(name: str, counts: Counter) -> Tally:
    return Tally(name, counts["right"], counts["missed"], counts["extra"])


def _tags(pairs: Iterable[Pair], terms: Terms) -> dict[str, tuple[int, int, int]]:
    """Of each tag how often it is right, missed and extra."""
    right, missed, extra = Counter(), Counter(), Counter()
    for pair in pairs:
        gold, hers = ({terms.tag(c) for c in one.content.codes} if one else set() for one in pair)
        right.update(gold & hers)
        missed.update(gold - hers)
        extra.update(hers - gold)
    return {tag: (right[tag], missed[tag], extra[tag]) for tag in right | missed | extra}


def _by_facet(
    counted: dict[str, tuple[int, int, int]], tags: dict[str, ClaimTag]
) -> dict[str, list[Tally]]:
    """The tallies of tags under the names of their facets, both in the order of the codebook."""
    found: dict[str, list[Tally]] = {}
    for pk, tag in tags.items():
        if pk in counted:
            found.setdefault(tag.facet.name, []).append(Tally(tag.label, *counted[pk]))
    return found


def _agreements(pairs: Iterable[Pair], terms: Terms) -> dict[str, tuple[int, int]]:
    """Of each field in how many stretches that both marked it is said alike, and said at all."""
    same, of = Counter(), Counter()
    for gold, hers in pairs:
        if gold and hers:
            for name, said in compared.differences([gold.content, hers.content], terms).items():
                of[name] += 1
                same[name] += said[0] == said[1]
    return {name: (same[name], of[name]) for name in of}


def _row(pair: Pair, terms: Terms, words: Vocabulary, called: dict, shown: dict) -> Row:
    gold, hers = pair
    contents = [one.content if one else None for one in pair]
    if gold and hers:
        names = compared.differing(contents, terms)
    else:
        told = compared.differences([(gold or hers).content], terms)
        names = [name for name in told if name != "spans"]
    said = [
        Said(called[name], words.said(name, contents[1]), words.said(name, contents[0]))
        for name in names
    ]
    return Row(
        gold=gold and gold.annotation, hers=hers and hers.annotation,
        pieces=shown.get((gold or hers).annotation.pk, ()), fields=said,
    )  # fmt: skip


def _share(part: int, rest: int) -> float | None:
    return part / (part + rest) if part + rest else None
