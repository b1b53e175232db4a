"""What the queue shows: a person's articles by the state of her work, and what else there is."""

import uuid
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce

from annotations.access import assignments_for
from annotations.models import Assignment
from corpus_app.access import articles_for, curates
from corpus_app.models import Project, User
from corpus_app.searching import holds

PAGE = 25
STATES = {
    Assignment.State.RETURNED: "Returned to you",
    Assignment.State.STARTED: "Started",
    Assignment.State.ASSIGNED: "Not started",
    Assignment.State.HANDED_IN: "Handed in",
}
ARTICLES = "articles"  # the section that lists a project's articles instead of one's own work


@dataclass(frozen=True)
class Wish:
    """What the person asked to see; the first page of every section if nothing is set."""

    project: Project | None = None
    title: str = ""
    section: str = ""
    after: uuid.UUID | None = None

    def includes(self, section: str) -> bool:
        return self.section in ("", section)


@dataclass(frozen=True)
class Section:
    """One page of a section; `next` is the id of its last row if there are more."""

    key: str
    title: str
    rows: list
    next: uuid.UUID | None


def own_work(user: User, wish: Wish) -> list[Section]:
    """The person's assignments, a section for each state that has any; the most urgent first.

    Those of archived projects are left out unless one is asked for.

    Each assignment has `made` and `incomplete`, the numbers of its annotations, and
    `has_others`, whether there is something to read beside its article.
    """
    own = assignments_for(user).filter(analyst=user).with_progress()
    own = own.select_related("project", "article__outlet", "article__story").defer("article__raw")
    others = articles_for(user).filter(story=OuterRef("article__story"))
    own = own.annotate(
        due=Coalesce("due_on", date.max),
        has_others=Exists(others.exclude(pk=OuterRef("article"))),
    )
    own = own.filter(**({"project": wish.project} if wish.project else {"project__archived": None}))
    if wish.title:
        own = own.filter(holds("article__title", wish.title))
    pages = [
        _page(own.filter(state=state), ("due", "created", "id"), wish, state, title)
        for state, title in STATES.items()
        if wish.includes(state)
    ]
    return [page for page in pages if page.rows]


def articles(user: User, project: Project, wish: Wish) -> Section:
    """The project's articles, newest first: all for a curator, for others those still to take.

    Each has `mine` and its `assignments` that the person may see, with their progress.
    """
    seen = assignments_for(user).with_progress().select_related("analyst")
    own = assignments_for(user).filter(article=OuterRef("pk"), analyst=user)
    rows = articles_for(user).filter(project=project).annotate(mine=Exists(own))
    rows = rows.select_related("project", "outlet").prefetch_related(Prefetch("assignments", seen))
    title = "All articles"
    if not curates(user, project):
        rows, title = rows.filter(mine=False), "More articles in this project"
    if wish.title:
        rows = rows.filter(holds("title", wish.title))
    return _page(rows, ("-created", "-id"), wish, ARTICLES, title)


def _page(rows: QuerySet, order: tuple[str, ...], wish: Wish, key: str, title: str) -> Section:
    """The rows after the one last seen (keyset pagination), and one more to know if there is."""
    if wish.section == key and wish.after:
        names = [name.removeprefix("-") for name in order]
        last = rows.filter(pk=wish.after).values(*names).first()
        rows = rows.filter(_beyond(last, order))
    found = list(rows.order_by(*order)[: PAGE + 1])
    more = len(found) > PAGE
    return Section(key, title, found[:PAGE], found[PAGE - 1].pk if more else None)


def _beyond(last: dict | None, order: tuple[str, ...]) -> Q:
    """What comes after the row with these values; everything if it has left the list."""
    beyond, same = Q(), {}
    for key in order if last else ():
        name = key.removeprefix("-")
        beyond |= Q(**same, **{f"{name}__{'gt' if key == name else 'lt'}": last[name]})
        same[name] = last[name]
    return beyond
