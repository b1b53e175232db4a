"""What the board shows: a project's work by article, by story and by person, and what waits."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Exists, F, Max, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from annotations.access import annotations_for, assignments_for, cases_for
from annotations.assigning import OPEN
from annotations.models import Annotation, Assignment, Case
from corpus_app.access import articles_for, members_of, stories_for
from corpus_app.models import Article, Membership, Project, Story, User
from corpus_app.searching import holds

PAGE = 25
State = Assignment.State

# What articles wait for, as it stands behind their number.
WAITING = {
    "coders": "lacking coders",
    "returned": "returned to an analyst",
    "overdue": "overdue",
    "adjudicate": "handed in by all, to be decided",
    "asked": "waiting for an answer of their coders",
    "flagged": "with a mark that asks a curator to look",
}


@dataclass(frozen=True)
class Wish:
    """Which articles the curator asked to see; all if nothing is set."""

    person: User | None = None
    state: str = ""
    story: Story | None = None
    title: str = ""
    waiting: str = ""
    after: uuid.UUID | None = None

    @property
    def narrowed(self) -> bool:
        return bool(self.person or self.state or self.story or self.title or self.waiting)


@dataclass(frozen=True)
class Page:
    """Some rows, and the id of the last if there are more."""

    rows: list
    next: uuid.UUID | None


@dataclass
class Progress:
    """One person's work in the project; `membership` is None for one who is no member now."""

    person: User
    membership: Membership | None
    open: int = 0
    returned: int = 0
    handed_in: int = 0
    overdue: int = 0
    active: datetime | None = None


@dataclass
class StoryProgress:
    """How far a story is: `wanted` coders for its articles, so many `assigned` and `handed_in`."""

    story: Story
    articles: int
    wanted: int
    assigned: int = 0
    handed_in: int = 0
    overdue: int = 0


@dataclass
class Cases:
    """How many cases of an article are decided and how many are not."""

    open: int = 0
    decided: int = 0


@dataclass
class Row:
    """An article with the work on it, in the order in which it was given out."""

    article: Article
    work: list[Assignment]
    cases: Cases = field(default_factory=Cases)
    lacks: int = 0


def waiting(user: User, project: Project) -> dict[str, int]:
    """How many articles wait for each thing in WAITING; one query for each."""
    return {key: _waits(user, project, key).count() for key in WAITING}


def articles(user: User, project: Project, wish: Wish) -> Page:
    """A page of the articles asked for, newest first, each a Row; four queries."""
    found = _chosen(user, project, wish)
    if wish.after:
        last = found.filter(pk=wish.after).values_list("created", flat=True).first()
        earlier = Q(created__lt=last) | Q(created=last, pk__lt=wish.after)
        found = found.filter(earlier) if last else found.none()
    work = assignments_for(user).select_related("analyst").order_by("created", "pk")
    found = found.select_related("outlet", "story").prefetch_related(
        Prefetch("assignments", work, to_attr="work")
    )
    rows = list(found.order_by("-created", "-pk")[: PAGE + 1])
    page = rows[:PAGE]
    cases = _cases(user, page)
    most = project.coders_per_article
    return Page(
        [
            Row(one, one.work, cases[one.pk], max(0, most - _counted(one.work)))
            for one in page
        ],
        page[-1].pk if len(rows) > PAGE else None,
    )  # fmt: skip


def workers(user: User, project: Project) -> QuerySet[User]:
    """The members and whoever else has work in the project."""
    members = members_of(user, project).values("user_id")
    work = assignments_for(user).filter(project=project).order_by().values("analyst")
    return User.objects.filter(Q(pk__in=members) | Q(pk__in=work))


def people(user: User, project: Project) -> list[Progress]:
    """The progress of all `workers`, by name; four queries."""
    members = {one.user_id: one for one in members_of(user, project)}
    work = assignments_for(user).filter(project=project).order_by()
    late = Q(state__in=OPEN, due_on__lt=timezone.localdate())
    counts = work.values("analyst").annotate(
        open_now=Count("pk", filter=Q(state__in=OPEN)),
        returned=Count("pk", filter=Q(state=State.RETURNED)),
        done=Count("pk", filter=Q(state=State.HANDED_IN)),
        late=Count("pk", filter=late),
        last=Max("handed_in"),
    )
    by_person = {row["analyst"]: row for row in counts}
    rows = [Progress(one, members.get(one.pk)) for one in workers(user, project)]
    marked = dict(
        annotations_for(user).filter(project=project, layer=Annotation.Layer.ANALYST).order_by()
        .values_list("author").annotate(Max("updated"))
    )  # fmt: skip
    for row in rows:
        own = by_person.get(row.person.pk, {})
        row.open, row.returned = own.get("open_now", 0), own.get("returned", 0)
        row.handed_in, row.overdue = own.get("done", 0), own.get("late", 0)
        moments = filter(None, (own.get("last"), marked.get(row.person.pk)))
        row.active = max(moments, default=None)
    return sorted(rows, key=lambda row: row.person.shown_name.casefold())


def stories(user: User, project: Project, after: uuid.UUID | None) -> Page:
    """A page of stories that have articles, by title, each a StoryProgress; three queries."""
    found = stories_for(user).filter(project=project)
    if after:
        last = found.filter(pk=after).values_list("title", flat=True).first()
        found = found.filter(title__gt=last) if last else found.none()
    inside = articles_for(user).filter(story=OuterRef("pk"))
    found = found.annotate(number=_number(inside, "story")).filter(number__gt=0)
    some = list(found.order_by("title")[: PAGE + 1])
    late = Q(state__in=OPEN, due_on__lt=timezone.localdate())
    work = assignments_for(user).counted().filter(article__story__in=some[:PAGE]).order_by()
    counts = work.values(story=F("article__story")).annotate(
        given=Count("pk"),
        done=Count("pk", filter=Q(state=State.HANDED_IN)),
        late=Count("pk", filter=late),
    )
    by_story = {row["story"]: row for row in counts}
    rows = []
    for story in some[:PAGE]:
        own = by_story.get(story.pk, {"given": 0, "done": 0, "late": 0})
        wanted = story.number * project.coders_per_article
        rows.append(
            StoryProgress(story, story.number, wanted, own["given"], own["done"], own["late"])
        )
    return Page(rows, rows[-1].story.pk if len(some) > PAGE else None)


def training(user: User, project: Project, after: uuid.UUID | None) -> Page:
    """A page of the assignments to learn from, newest first; one query."""
    found = assignments_for(user).filter(project=project, training=True)
    found = found.given().select_related("analyst", "article")
    if after:
        last = found.filter(pk=after).values_list("created", flat=True).first()
        earlier = Q(created__lt=last) | Q(created=last, pk__lt=after)
        found = found.filter(earlier) if last else found.none()
    some = list(found.defer("article__raw").order_by("-created", "-pk")[: PAGE + 1])
    return Page(some[:PAGE], some[PAGE - 1].pk if len(some) > PAGE else None)


def _chosen(user: User, project: Project, wish: Wish) -> QuerySet[Article]:
    rows = articles_for(user).filter(project=project)
    if wish.waiting:
        rows = _waits(user, project, wish.waiting, wish.person)
    own = assignments_for(user).filter(article=OuterRef("pk"))
    if wish.person:
        own = own.filter(analyst=wish.person)
    if wish.state:
        own = own.filter(state=wish.state)
    if wish.person or wish.state:
        rows = rows.filter(Exists(own))
    if wish.story:
        rows = rows.filter(story=wish.story)
    if wish.title:
        rows = rows.filter(holds("title", wish.title))
    return rows


def _waits(
    user: User, project: Project, what: str, person: User | None = None
) -> QuerySet[Article]:
    """The project's articles that wait for what WAITING says, of this person if one is given."""
    rows = articles_for(user).filter(project=project)
    work = assignments_for(user).filter(project=project)
    if person and what in ("returned", "overdue"):
        work = work.filter(analyst=person)
    if what == "returned":
        return rows.filter(pk__in=work.filter(state=State.RETURNED).values("article"))
    if what == "overdue":
        late = work.filter(state__in=OPEN, due_on__lt=timezone.localdate())
        return rows.filter(pk__in=late.values("article"))
    if what == "flagged":
        asking = annotations_for(user).standing().filter(project=project, flagged=True)
        return rows.filter(pk__in=asking.order_by().values("article"))
    cases = cases_for(user).standing().filter(project=project).order_by()
    if what == "asked":
        return rows.filter(pk__in=cases.filter(state=Case.State.ASKED).values("article"))
    own = assignments_for(user).counted().filter(article=OuterRef("pk"))
    if what == "coders":
        given = _number(own, "article")
        return rows.alias(given=given).filter(given__lt=project.coders_per_article)
    done = _number(own.filter(state=State.HANDED_IN), "article")
    undecided = cases.exclude(state=Case.State.DECIDED).values("article")
    ready = rows.filter(~Exists(own.filter(state__in=OPEN)), pk__in=undecided)
    return ready.alias(done=done).filter(done__gte=project.coders_per_article)


def _number(rows: QuerySet, of: str) -> Coalesce:
    """How many of these rows an outer row has."""
    counted = rows.order_by().values(of).annotate(number=Count("pk"))
    return Coalesce(Subquery(counted.values("number")), 0)


def _cases(user: User, page: Sequence[Article]) -> dict[uuid.UUID, Cases]:
    """The numbers of the articles' cases, by the article's id."""
    counts: dict[uuid.UUID, Cases] = defaultdict(Cases)
    rows = cases_for(user).standing().filter(article__in=[one.pk for one in page]).order_by()
    for article, state, number in rows.values_list("article", "state").annotate(Count("pk")):
        if state == Case.State.DECIDED:
            counts[article].decided += number
        else:
            counts[article].open += number
    return counts


def _counted(work: Sequence[Assignment]) -> int:
    return sum(not one.training and one.state != State.WITHDRAWN for one in work)
