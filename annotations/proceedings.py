"""What stands around a case on its page: the article's cases in its text, what its coders said,
what was decided of it, and what was decided of others like it."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db.models import Case as Choose
from django.db.models import Exists, IntegerField, OuterRef, Q, QuerySet, Value, When

from annotations.access import cases_for, comments_for, decisions_for
from annotations.lineup import Lineup
from annotations.models import Case, Comment, Decision, Member, Span
from annotations.presenting import Block, blocks
from corpus_app.models import Article, Revision, User

MOST_ALIKE = 5
LOOKED_AT = 500  # of the latest decisions of a project, for those like a case
MOST_NEAR = 8
MOST_SAID = 20  # comments beside a case, the newest


@dataclass(frozen=True)
class Docketed:
    """A case with its number in the article, from 1 in reading order."""

    number: int
    case: Case


@dataclass(frozen=True)
class Piece:
    """Words of a passage: by how many versions they are marked, whether by the case at hand, and
    the numbers of the cases that begin here."""

    words: str
    depth: int
    at_hand: bool
    numbers: str


@dataclass(frozen=True)
class Passage:
    """A passage cut where a mark begins or ends, and the cases that begin in it."""

    block: Block
    pieces: tuple[Piece, ...]
    cases: tuple[Docketed, ...]


def of_article(user: User, article: Article) -> list[Docketed]:
    """The article's standing cases in reading order, in one query."""
    rows = cases_for(user).standing().filter(article=article).order_by("start", "end", "id")
    found = [Docketed(n, case) for n, case in enumerate(rows.select_related("held_by"), start=1)]
    for one in found:
        one.case.article, one.case.project = article, article.project
    return found


def in_text(revision: Revision, docketed: Sequence[Docketed], hand: Case | None) -> list[Passage]:
    """The passages with the marks of all versions that are on this revision, in two queries."""
    spans = Span.objects.filter(
        annotation__revision=revision, annotation__deleted=None,
        annotation__member__case__in=[one.case.pk for one in docketed],
    ).order_by("start")  # fmt: skip
    marks = list(spans.values_list("start", "end", "annotation__member__case"))
    starts = {one.case.pk: one for one in docketed}
    begins: dict[uuid.UUID, int] = {}
    for start, _, case in marks:
        begins.setdefault(case, start)
    first = defaultdict(list)
    for case, start in begins.items():
        first[start].append(starts[case])
    return [_passage(block, revision, marks, first, hand) for block in blocks(revision)]


def _passage(block: Block, revision: Revision, marks, first, hand: Case | None) -> Passage:
    own = [(max(s, block.start), min(e, block.end), case) for s, e, case in marks]
    own = [mark for mark in own if mark[0] < mark[1]]
    edges = {block.start, block.end, *(place for mark in own for place in mark[:2])}
    edges |= {place for place in first if block.start <= place < block.end}
    places = sorted(edges)
    pieces = []
    for start, end in pairwise(places):
        over = [case for s, e, case in own if s <= start and end <= e]
        numbers = sorted(one.number for one in first.get(start, ()))
        pieces.append(
            Piece(
                revision.text[start:end], min(len(over), 4),
                hand is not None and hand.pk in over, " ".join(map(str, numbers)),
            )
        )  # fmt: skip
    here = [one for place in places[:-1] for one in first.get(place, ())]
    return Passage(block, tuple(pieces), tuple(sorted(here, key=lambda one: one.number)))


def said_of(user: User, lineup: Lineup) -> list[tuple[str, Comment]]:
    """The newest comments on the case's versions, oldest first, each with who said it.

    If names are hidden, a coder is called by her version.
    """
    versions = {version.annotation.author_id: version.name for version in lineup.versions}
    rows = comments_for(user).filter(
        annotation__in=[version.key for version in lineup.versions], deleted=None
    )
    newest = list(rows.select_related("author").order_by("-created")[:MOST_SAID])
    return [(_speaker(one, versions, lineup.case), one) for one in reversed(newest)]


def _speaker(comment: Comment, versions: dict, case: Case) -> str:
    known = versions.get(comment.author_id)
    return known if known and case.project.names_hidden else comment.author.shown_name


def decided_of(user: User, case: Case) -> list[Decision]:
    """What was decided of the case, the newest first."""
    rows = decisions_for(user).filter(case=case).select_related("by", "gold")
    return list(rows.order_by("-number"))


def alike(user: User, lineup: Lineup) -> list[dict[str, Any]]:
    """Decisions of other cases with the same words, claimant or tag, the most alike first.

    Looked for among the latest of the project; of each case the one that counts.
    """
    latest = decisions_for(user).filter(project=lineup.case.project_id)
    latest = latest.exclude(case=lineup.case).order_by("-created")
    later = Decision.objects.filter(case=OuterRef("case"), number__gt=OuterRef("number"))
    standing = Decision.objects.filter(~Exists(later), pk__in=latest.values("pk")[:LOOKED_AT])
    standing = standing.exclude(outcome=Decision.Outcome.REOPENED)
    found = _with_likeness(standing, lineup).filter(likeness__gt=0)
    rows = found.select_related("case", "by").order_by("-likeness", "-created")[:MOST_ALIKE]
    quotes = _quotes([row.case_id for row in rows])
    return [
        {
            "decision": row, "quote": quotes.get(row.case_id, ""),
            "shared": [what for what in ("words", "claimant", "tag") if getattr(row, what)],
        }
        for row in rows
    ]  # fmt: skip


def _with_likeness(rows: QuerySet[Decision], lineup: Lineup) -> QuerySet[Decision]:
    """Each with `words`, `claimant` and `tag`, whether it shares them, and how many of them."""
    contents, members = lineup.contents, Member.objects.filter(case=OuterRef("case"))
    quotes = {quote for content in contents for _, _, quote in content.spans}
    people = {p.actor for c in contents for p in c.parts if p.actor and p.role != "voice"}
    tags = {code.tag for content in contents for code in content.codes}
    rows = rows.annotate(
        words=Exists(members.filter(annotation__spans__quote__in=quotes)),
        claimant=Exists(members.filter(annotation__participants__actor__in=people)),
        tag=Exists(members.filter(annotation__codings__tag__in=tags)),
    )
    parts = [
        Choose(When(Q(**{name: True}), then=Value(weight)), default=0, output_field=IntegerField())
        for name, weight in (("words", 3), ("claimant", 1), ("tag", 1))
    ]
    return rows.annotate(likeness=parts[0] + parts[1] + parts[2])


def _quotes(cases: list[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The first words that each case is about."""
    rows = Span.objects.filter(annotation__member__case__in=cases).order_by("start")
    found: dict[uuid.UUID, str] = {}
    for case, quote in rows.values_list("annotation__member__case", "quote"):
        found.setdefault(case, quote)
    return found


def near(hand: Docketed, docketed: Sequence[Docketed]) -> list[Docketed]:
    """The nearest cases of the same kind that are not decided: those it may be joined with."""
    offered = [
        one for one in docketed
        if one.case.pk != hand.case.pk and one.case.kind == hand.case.kind
        and one.case.state != Case.State.DECIDED
    ]  # fmt: skip
    return sorted(offered, key=lambda one: abs(one.number - hand.number))[:MOST_NEAR]


def progress(docketed: Sequence[Docketed]) -> dict[str, int]:
    """How many cases the article has in each state."""
    states = [one.case.state for one in docketed]
    return {state: states.count(state) for state in Case.State.values} | {"all": len(states)}
