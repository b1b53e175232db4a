"""Claims found by a few words, wherever in a project they were made: what a link may lead to."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet
from django.utils.text import Truncator

from annotations.access import annotations_for, tags_for
from annotations.models import Annotation, Coding, Participant, Span
from corpus_app.access import actors_for
from corpus_app.models import Actor, Article, NameStart, Project, User
from corpus_app.names import search_key
from corpus_app.searching import holds
from corpus_app.typeahead import AFTER

MOST = 20
MOST_WORDS = 6  # that are looked for; more would only narrow what is found
LONGEST_QUOTE = 300
ROLES = (Participant.Role.CLAIMANT, Participant.Role.TARGET)
STAND_INS = {"author": "the author", "outlet": "the outlet"}


@dataclass(frozen=True)
class Found:
    """A claim with its article, the words it is on, and who claims it by name."""

    id: uuid.UUID
    article: uuid.UUID
    title: str
    quote: str
    claimants: list[str]
    tags: list[str]
    author: str
    published_on: date | None


def find(
    *, user: User, project: Project, words: str, article: uuid.UUID | None = None
) -> list[Found]:
    """The standing claims that fit all of the words, the latest first; MOST at most.

    Those that the user may see, of the project or of one of its articles. A word fits that is in
    a quote or a note, begins a word of a claimant's or target's names, or is in a tag's label.
    The number of queries is always the same.
    """
    rows = annotations_for(user).standing().filter(project=project, kind=Annotation.Kind.CLAIM)
    if article:
        rows = rows.filter(article=article)
    for word in words.split()[:MOST_WORDS]:
        rows = rows.filter(_fitting(user, project, word))
    latest = ("-created", "-id")
    # Only then what is shown of them: wide rows would be sorted, all that fit.
    ids = list(rows.order_by(*latest).values_list("pk", flat=True)[:MOST])
    told = Annotation.objects.filter(pk__in=ids).select_related("author", "article__outlet")
    parts = ("spans", "participants__actor__standing", "codings__tag")
    told = told.defer("article__raw").prefetch_related(*parts)
    return [_found(row) for row in told.order_by(*latest)]


def _fitting(user: User, project: Project, word: str) -> Q:
    """The claims that a word fits, each kind of place looked through once."""
    spans = Span.objects.filter(holds("quote", word), project=project)
    people = Participant.objects.filter(
        project=project, role__in=ROLES, actor__in=_called(user, project, word)
    )
    tags = tags_for(user).filter(holds("label", word), project=project)
    codings = Coding.objects.filter(tag__in=tags.order_by())
    within = [Q(pk__in=rows.order_by().values("annotation")) for rows in (spans, people, codings)]
    return reduce(or_, within, holds("note", word))


def _called(user: User, project: Project, word: str) -> QuerySet[Actor]:
    """The actors with a name of which a word begins so, and those merged into them."""
    key = search_key(word).encode()
    if not key:
        return Actor.objects.none()
    named = NameStart.objects.filter(project=project, key__gte=key, key__lt=key + AFTER)
    own = actors_for(user).filter(project=project)
    return own.filter(
        Q(pk__in=named.values("actor")) | Q(standing__in=named.values("actor"))
    ).order_by()


def _found(row: Annotation) -> Found:
    quote = " … ".join(span.quote for span in row.spans.all())
    return Found(
        id=row.pk, article=row.article_id, title=row.article.shown_title,
        quote=Truncator(quote).chars(LONGEST_QUOTE),
        claimants=list(_names(row.article, row.participants.all())),
        tags=[coding.tag.label for coding in row.codings.all()],
        author=row.author.username, published_on=row.article.published_on,
    )  # fmt: skip


def _names(article: Article, parts: Iterable[Participant]) -> Iterable[str]:
    """What the claimants are called, each once; author and outlet by name if they have one."""
    stand_ins = {
        "author": ", ".join(article.authors),
        "outlet": article.outlet.name if article.outlet else "",
    }
    called = (
        stand_ins[part.stands_for] or STAND_INS[part.stands_for] if part.stands_for
        else (part.actor.standing or part.actor).name
        for part in parts if part.role == Participant.Role.CLAIMANT
    )  # fmt: skip
    return dict.fromkeys(called)
