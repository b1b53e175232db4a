"""What the queue of cases shows: those to be decided, the most disputed first."""

import uuid
from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet

from annotations import adjudication
from annotations.access import cases_for, overrulings_for
from annotations.models import Annotation, Case, ClaimTag, Member
from corpus_app.models import Article, Project, Story, User

PAGE = 25
SEVERAL, ONE = "several", "one"


@dataclass(frozen=True)
class Wish:
    """Which cases the curator asked to see; the open ones if nothing is set."""

    state: str = Case.State.OPEN
    kind: str = ""
    coders: str = ""  # how many marked it: SEVERAL or ONE
    tag: ClaimTag | None = None
    story: Story | None = None
    article: Article | None = None
    analyst: User | None = None
    flagged: bool = False
    after: uuid.UUID | None = None


@dataclass(frozen=True)
class Docket:
    """One page of cases; `next` is the id of its last if there are more."""

    rows: list[dict]
    next: uuid.UUID | None


def of_project(user: User, project: Project) -> QuerySet[Case]:
    """The project's standing cases."""
    return cases_for(user).standing().filter(project=project)


def docket(user: User, project: Project, wish: Wish) -> Docket:
    """The wished cases, the most disputed first, in a constant number of queries."""
    rows = _wished(of_project(user, project), wish)
    if last := rows.filter(pk=wish.after).first() if wish.after else None:
        rows = rows.filter(_after(last))
    annotations = Annotation.objects.prefetch_related("spans", "codings__tag")
    members = Member.objects.prefetch_related(Prefetch("annotation", annotations))
    whole = rows.select_related("article__outlet", "held_by").defer("article__raw")
    found = list(
        whole.prefetch_related(Prefetch("members", members)).order_by(
            "-disagreement", "created", "id"
        )[: PAGE + 1]
    )
    more = len(found) > PAGE
    return Docket([_row(case) for case in found[:PAGE]], found[PAGE - 1].pk if more else None)


def counts(user: User, project: Project) -> dict[str, int]:
    """How many cases there are in each state, how many agreed, how many decisions contested."""
    own = of_project(user, project)
    states = dict(own.order_by().values_list("state").annotate(Count("pk")))
    contested = overrulings_for(user).filter(project=project, answered=None)
    return {
        **{state: states.get(state, 0) for state in Case.State.values},
        "agreed": adjudication.agreed(own, user).count(),
        "contested": contested.exclude(contested=None).count(),
    }


def agreed(user: User, project: Project, article: Article | None = None) -> QuerySet[Case]:
    """The cases that can be taken over, of one article or of all."""
    own = of_project(user, project)
    return adjudication.agreed(own.filter(article=article) if article else own, user)


def preview(user: User, project: Project, article: Article | None = None) -> list[dict]:
    """The first of those in reading order, as they are listed."""
    annotations = Annotation.objects.prefetch_related("spans", "codings__tag")
    members = Member.objects.prefetch_related(Prefetch("annotation", annotations))
    rows = agreed(user, project, article).select_related("article__outlet", "held_by")
    rows = rows.defer("article__raw").prefetch_related(Prefetch("members", members))
    return [_row(case) for case in rows.order_by("article__title", "start", "id")[:PAGE]]


def _wished(rows: QuerySet[Case], wish: Wish) -> QuerySet[Case]:
    plain = {"state": wish.state, "kind": wish.kind, "article": wish.article}
    rows = rows.filter(**{name: value for name, value in plain.items() if value})
    if wish.coders:
        members = Member.objects.order_by().values("case").annotate(number=Count("pk"))
        several = members.filter(number__gt=1).values("case")
        same = Q(pk__in=several)
        rows = rows.filter(same if wish.coders == SEVERAL else ~same)
    if wish.story:
        rows = rows.filter(article__story=wish.story)
    marked = {
        "annotation__codings__tag": wish.tag, "annotation__author": wish.analyst,
        "annotation__flagged": wish.flagged or None,
    }  # fmt: skip
    for name, value in marked.items():
        if value is not None:
            rows = rows.filter(pk__in=Member.objects.filter(**{name: value}).values("case"))
    return rows


def _after(last: Case) -> Q:
    same = Q(disagreement=last.disagreement)
    return (
        Q(disagreement__lt=last.disagreement)
        | same & Q(created__gt=last.created)
        | same & Q(created=last.created, pk__gt=last.pk)
    )


def _row(case: Case) -> dict:
    annotations = [member.annotation for member in case.members.all()]
    quotes = [span.quote for one in annotations[:1] for span in one.spans.all()]
    tags = {coding.tag.label for one in annotations for coding in one.codings.all()}
    return {
        "case": case, "quote": " … ".join(quotes), "tags": sorted(tags),
        "versions": len(annotations), "flagged": any(one.flagged for one in annotations),
        "percent": round(100 * case.disagreement),
    }  # fmt: skip
