"""The door for giving out many articles at once: planned, looked at, then done as planned."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from annotations import balance
from annotations.assigning import OPEN, as_values, lock
from annotations.models import Assignment, Message
from annotations.telling import tell_many
from corpus_app.history import DoorError, moved
from corpus_app.models import Article, Membership, Project, User


class SpreadingError(DoorError):
    """Articles that cannot be spread as planned; the message says why."""


@dataclass(frozen=True)
class Share:
    """What one person has open, what she is given besides, and what she may have (None: any)."""

    person: User
    has: int
    gets: int
    most: int | None

    @property
    def sum(self) -> int:
        return self.has + self.gets


@dataclass(frozen=True)
class Plan:
    """Who is to get which article, by ids, and what that means for people and pairs of them.

    `short` is for how many places nobody was found, and why, with the number of articles.
    `shared` is how many articles any two of the people share then, by their ids. `digest` tells
    this plan from any other.
    """

    given: Sequence[tuple[UUID, int]]
    short: Mapping[str, tuple[int, int]]
    shares: Sequence[Share]
    shared: Mapping[frozenset[int], int]
    articles: int

    @property
    def digest(self) -> str:
        told = "".join(f"{article}{person};" for article, person in sorted(self.given))
        return hashlib.sha256(told.encode()).hexdigest()


def plan(
    *, project: Project, articles: QuerySet[Article], coders: Iterable[User], k: int, seed: int = 1
) -> Plan:
    """How the project's articles would be spread over these members, `k` for each: `balance`.

    Those who have an article already, not to learn and not withdrawn, count; nobody gets again
    what was withdrawn from her. What a person has open, in the whole project, counts against what
    she may have, and is balanced with what she gets. The same seed plans the same.
    """
    people = _members(project, coders)
    having, barred = _had(articles)
    places = [
        balance.Place(pk, frozenset(having[pk]), frozenset(barred[pk]))
        for pk in articles.order_by("created", "pk").values_list("pk", flat=True)
    ]
    found = balance.spread(
        places, [balance.Coder(pk, one.has, one.most) for pk, one in people.items()],
        k=k, pairs=_pairs(project), seed=seed,
    )  # fmt: skip
    gets = Counter(coder for _, coder in found.given)
    lacking = Counter()
    for _, missing, why in found.short:
        lacking[why] += missing
    touched = Counter(why for _, _, why in found.short)
    return Plan(
        given=found.given,
        short={why: (number, touched[why]) for why, number in lacking.items()},
        shares=[Share(one.person, one.has, gets[pk], one.most) for pk, one in people.items()],
        shared=_pairs(project, found.given),
        articles=len(places),
    )


@transaction.atomic
def spread(
    *,
    by: User,
    project: Project,
    articles: QuerySet[Article],
    coders: Iterable[User],
    k: int,
    due_on: date | None = None,
    seed: int = 1,
    seen: str | None = None,
) -> Plan:
    """The plan that was carried out: its assignments, an event for each, a message for everybody.

    `seen` is the digest of the plan that was looked at: raises SpreadingError if another one
    would be made now, since work was given out or changed meanwhile.
    """
    lock(project.pk)
    done = plan(project=project, articles=articles, coders=coders, k=k, seed=seed)
    if seen is not None and seen != done.digest:
        raise SpreadingError(
            "Nothing was assigned: articles, people or their work have changed since this plan "
            "was made. Here is the new plan."
        )
    people = {share.person.pk: share.person for share in done.shares}
    made = Assignment.objects.bulk_create(
        Assignment(project=project, article_id=article, analyst=people[pk], due_on=due_on)
        for article, pk in done.given
    )
    things = [(one, None, as_values(one)) for one in made]
    moved(by=by, verb="assigned", things=things)
    told = [(one.analyst, one) for one in made]
    tell_many(by=by, kind=Message.Kind.ASSIGNED, told=told)
    return done


def _members(project: Project, coders: Iterable[User]) -> dict[int, Share]:
    """Those of the people who are members, in order of their names, with nothing given yet."""
    known = Membership.objects.filter(project=project, ended=None, user__in=list(coders))
    open_now = Count(
        "user__assignments",
        filter=Q(user__assignments__project=project, user__assignments__state__in=OPEN),
    )
    rows = known.annotate(has=open_now).select_related("user").order_by("user__username")
    return {row.user_id: Share(row.user, row.has, 0, row.most_open) for row in rows}


def _had(articles: QuerySet[Article]) -> tuple[dict[UUID, set[int]], dict[UUID, set[int]]]:
    """By article those whose work counts, and those who must not get it besides."""
    having, barred = defaultdict(set), defaultdict(set)
    rows = Assignment.objects.filter(article__in=articles.order_by().values("pk")).order_by()
    for article, analyst, state, training in rows.values_list(
        "article_id", "analyst_id", "state", "training"
    ):
        out = training or state == Assignment.State.WITHDRAWN
        (barred if out else having)[article].add(analyst)
    return having, barred


def _pairs(project: Project, given: Iterable[tuple[UUID, int]] = ()) -> Counter:
    """How many articles any two people share in the project, with what is given besides."""
    rows = Assignment.objects.filter(project=project).counted().order_by()
    having = defaultdict(set)
    for article, person in (*rows.values_list("article_id", "analyst_id"), *given):
        having[article].add(person)
    return Counter(
        frozenset(pair) for people in having.values() for pair in combinations(sorted(people), 2)
    )
