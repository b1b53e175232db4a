"""How far a team agrees: the figures over articles that somebody may see figures of.

Counted is what was handed in by two or more on the same article, and not to learn. One pass of
queries reads it, whatever is asked; figures are kept until something that they rest on changes.
"""

import hashlib
import json
import time
from collections import defaultdict
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Max, Q, QuerySet, Sum, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from annotations import reckoning
from annotations.cases import terms_of
from annotations.coefficients.spans import tokens
from annotations.matching import covered
from annotations.models import (
    Annotation,
    Assignment,
    Case,
    ClaimTag,
    Coding,
    Facet,
    Figures,
    Participant,
    Span,
)
from annotations.reckoning import FacetAsked, Line, Mark, Question, Sheet
from corpus_app.models import Actor, Article, Project, Reuse, Revision, User

BY = {
    "overall": "Overall", "facet": "By facet", "tag": "By tag", "pair": "By pair",
    "article": "By article", "time": "Over time", "gamma": "Gamma (γ)",
}  # fmt: skip
KEPT = 200  # answers of a project; older ones go


@dataclass(frozen=True)
class Ask:
    """What figures are wanted: in which table, and of what. Dates are of the last hand-in."""

    by: str = "overall"
    kind: str = ""
    facet: str = ""
    story: UUID | None = None
    since: date | None = None
    until: date | None = None
    counted_once: bool = False

    @property
    def kinds(self) -> tuple[str, ...]:
        return (self.kind,) if self.kind else tuple(reckoning.KINDS)


@dataclass(frozen=True)
class Answer:
    """The lines of a table, and how much work it rests on.

    Each line is {name, query, cells}, each cell {of, name, measure} with the fields of an
    `Estimate`. `unmatched` articles hold marks that were not matched into cases yet.
    """

    by: str
    lines: list[dict[str, Any]]
    headline: list[dict[str, Any]]
    articles: int
    coders: int
    annotations: int
    unmatched: int


def figures(*, articles: QuerySet[Article], project: Project, ask: Ask) -> Answer:
    """The figures that are asked for, computed if they are not kept already.

    `articles` are those of the project over which the person may see figures: what is kept for
    one set of articles is never told for another.
    """
    seen = sorted(str(pk) for pk in articles.order_by().values_list("pk", flat=True))
    if len(seen) == Article.objects.filter(project=project).count():
        seen = ["all"]
    key = _sha256(asdict(ask), seen, project.names_hidden)
    stamp = _stamp(articles, project)
    kept = Figures.objects.filter(project=project, key=key, stamp=stamp).first()
    if kept:
        return Answer(**kept.value)
    began = time.perf_counter()
    answer = compute(articles=articles, project=project, ask=ask)
    fresh = {
        "stamp": stamp, "value": asdict(answer), "seconds": time.perf_counter() - began,
        "created": timezone.now(),
    }  # fmt: skip
    Figures.objects.update_or_create(project=project, key=key, defaults=fresh)
    older = Figures.objects.filter(project=project).order_by("-created", "pk")[KEPT:]
    Figures.objects.filter(pk__in=list(older.values_list("pk", flat=True))).delete()
    return answer


def compute(*, articles: QuerySet[Article], project: Project, ask: Ask) -> Answer:
    """The figures, computed now."""
    work = _Work(articles, project, ask)
    head, lines = _lines(work, ask)
    estimates = reckoning.computed([*head, *lines])
    told = [
        {
            "name": line.name, "query": dict(line.query),
            "cells": [
                {"of": q.key, "name": q.name, "measure": measure, **asdict(one)}
                for (q, measure), one in zip(line.cells, own, strict=True)
            ],
        }
        for line, own in zip([*head, *lines], estimates, strict=True)
    ]  # fmt: skip
    table = told[len(head) :]
    if ask.by == "article":
        table.sort(key=_worst_first)
    return Answer(
        by=ask.by, lines=table, headline=[line["cells"][0] for line in told[: len(head)]],
        articles=len(work.sheets), coders=len(work.coders), annotations=work.annotations,
        unmatched=work.unmatched,
    )  # fmt: skip


def names_of(project: Project, articles: QuerySet[Article]) -> dict[int, str]:
    """What the coders are called on pages with figures: numbers, if the project hides names.

    `articles` are all those over which the person may see figures, so that a number stays.
    """
    coders = {pk for own in coders_of(articles).values() for pk in own}
    coders = sorted(coders, key=lambda pk: _sha256(str(project.pk), pk))
    if project.names_hidden:
        return {pk: f"Coder {n}" for n, pk in enumerate(coders, start=1)}
    return {user.pk: user.shown_name for user in User.objects.filter(pk__in=coders)}


def coders_of(articles: QuerySet[Article]) -> dict[UUID, list[int]]:
    """Who handed in each of the articles, save those who code it to learn."""
    found = defaultdict(list)
    for article, who in _handed_in(articles.order_by().values("pk")).values_list(
        "article_id", "analyst_id"
    ):
        found[article].append(who)
    return found


def months_of(articles: QuerySet[Article]) -> dict[UUID, str]:
    """The month in which each of the articles was handed in by the last of its coders."""
    found = defaultdict(list)
    rows = _handed_in(articles.order_by().values("pk"))
    for article, *own in rows.values_list("article_id", "analyst_id", "handed_in"):
        found[article].append(own)
    return {article: _month(own) for article, own in found.items()}


def _handed_in(articles: QuerySet) -> QuerySet[Assignment]:
    """What was handed in of the articles (ids), save to learn, each article's together."""
    rows = Assignment.objects.filter(article__in=articles, training=False)
    return rows.filter(state=Assignment.State.HANDED_IN).order_by("article_id", "analyst_id")


def facets_of(project: Project, only: str = "") -> list[FacetAsked]:
    """The codebook as it is asked about; what is retired or merged is not."""
    tags = defaultdict(list)
    for tag in ClaimTag.objects.filter(project=project, retired=None, merged_into=None):
        tags[tag.facet_id].append((str(tag.pk), tag.label))
    facets = Facet.objects.filter(project=project, retired=None)
    return [
        FacetAsked(f.slug, f.name, f.choose == "one", f.takes_stance, tuple(tags[f.pk]))
        for f in (facets.filter(slug=only) if only else facets)
    ]


def questions_of(project: Project) -> dict[str, str]:
    """What every question of figures is called, by its key."""
    facets, kinds = facets_of(project), tuple(reckoning.KINDS)
    asked = [
        *reckoning.span_questions(kinds), *reckoning.code_questions(facets, kinds),
        *reckoning.tag_questions(facets),
    ]  # fmt: skip
    return {question.key: question.name for question in asked}


def marks_of(articles: QuerySet[Article], ask: Ask) -> QuerySet[Annotation]:
    """The annotations that figures over the articles count."""
    rows = Annotation.objects.standing().filter(
        article__in=articles.order_by().values("pk"),
        layer=Annotation.Layer.ANALYST, article__assignments__analyst=F("author"),
        article__assignments__state=Assignment.State.HANDED_IN,
        article__assignments__training=False,
    )  # fmt: skip
    rows = rows.filter(kind=ask.kind) if ask.kind else rows
    return rows.counted_once() if ask.counted_once else rows


def narrowed(articles: QuerySet[Article], ask: Ask) -> QuerySet[Article]:
    """Those of the articles that are asked for, by story and by the last hand-in's day."""
    done = Q(assignments__state=Assignment.State.HANDED_IN, assignments__training=False)
    last = articles.annotate(last=Max("assignments__handed_in", filter=done))
    if ask.story:
        last = last.filter(story=ask.story)
    if ask.since:
        last = last.filter(last__date__gte=ask.since)
    if ask.until:
        last = last.filter(last__date__lte=ask.until)
    return last


class _Work:
    """What is handed in of articles, in sheets; read in a constant number of queries."""

    def __init__(self, articles: QuerySet[Article], project: Project, ask: Ask):
        self.project = project
        self.terms = terms_of(project.pk)
        self.ask = ask
        rows = narrowed(articles, ask) if ask.story or ask.since or ask.until else articles
        self.articles = rows.order_by().values("pk")
        self.sheets = self._sheets()
        self.coders = tuple(sorted({pk for sheet in self.sheets for pk in sheet.coders}))
        marks = self._marks()
        self._fill(marks)
        self._measure()
        self.annotations = len(marks)
        self.names = names_of(project, articles)
        there = {mark.kind for mark in marks.values()}
        self.kinds = [kind for kind in ask.kinds if kind in there] or ask.kinds

    def _sheets(self) -> list[Sheet]:
        """A sheet for each article that two or more handed in, in the order of their titles."""
        own = _handed_in(self.articles)
        found: dict[UUID, list[tuple[int, datetime]]] = defaultdict(list)
        titles: dict[UUID, str] = {}
        rows = own.order_by("article__title", "article_id", "analyst_id").values_list(
            "article_id", "article__title", "article__raw_name", "analyst_id", "handed_in"
        )
        for article, title, name, analyst, handed_in in rows:
            titles[article] = title or name or str(article)
            found[article].append((analyst, handed_in))
        return [
            Sheet(article, titles[article], _month(own), tuple(who for who, _ in own))
            for article, own in found.items()
            if len(own) > 1
        ]

    def _marks(self) -> dict[str, Mark]:
        """The marks by their annotations' ids, put into their sheets."""
        self.newest = {
            article: (pk, number)
            for article, pk, number in Revision.objects.filter(article__in=self.articles)
            .order_by("number")
            .values_list("article_id", "pk", "number")
        }
        sheets = {sheet.article: sheet for sheet in self.sheets}
        loose, marks = set(), {}
        articles = Article.objects.filter(pk__in=self.articles)
        rows = marks_of(articles, self.ask).order_by("created", "pk").values_list(
            _key("pk"), "article_id", "author_id", "kind", "revision_id", _key("member__case")
        )  # fmt: skip
        for pk, article, author, kind, revision, case in rows.iterator(chunk_size=5000):
            if sheet := sheets.get(article):
                mark = Mark(author, case, kind, revision == self.newest[article][0])
                marks[pk] = mark
                sheet.marks.append(mark)
                if case is None:
                    loose.add(article)
        self.unmatched = len(loose)
        return marks

    def _fill(self, marks: dict[str, Mark]) -> None:
        """What each mark covers and says."""
        theirs = {
            "annotation__article__in": self.articles, "annotation__deleted": None,
            "annotation__layer": Annotation.Layer.ANALYST,
        }  # fmt: skip
        spans = Span.objects.filter(**theirs).order_by()
        for pk, start, end in spans.values_list(_key("annotation"), "start", "end").iterator():
            if mark := marks.get(pk):
                mark.spans.append((start, end))
        for mark in marks.values():
            mark.spans = covered(mark.spans)
        parts = Participant.objects.filter(**theirs).exclude(role="voice").order_by()
        rows = parts.values_list(_key("annotation"), "role", "actor_id", "stands_for")
        part = cache(self._part)
        for pk, *own in rows.iterator(chunk_size=5000):
            if mark := marks.get(pk):
                mark.said.append(part(*own))
        codings = Coding.objects.filter(**theirs).order_by()
        code = cache(self._code)
        rows = codings.values_list(_key("annotation"), "tag_id", "stance")
        for pk, *own in rows.iterator(chunk_size=5000):
            if mark := marks.get(pk):
                mark.said.append(code(*own))

    def _part(self, role: str, actor: UUID | None, stands_for: str) -> tuple[str, str, str]:
        who = self.terms.actors.get(str(actor), str(actor)) if actor else f"@{stands_for}"
        return role, who, ""

    def _code(self, tag: UUID, stance: str) -> tuple[str, str, str]:
        standing = self.terms.tags.get(str(tag), str(tag))
        return self.terms.facets[standing], standing, stance

    def _measure(self) -> None:
        """The sheets' lengths and, of the words in them, the places of those that are marked."""
        sheets = {sheet.article: sheet for sheet in self.sheets}
        ids = [pk for article, (pk, _) in self.newest.items() if article in sheets]
        for at in range(0, len(ids), 500):
            rows = Revision.objects.filter(pk__in=ids[at : at + 500])
            for article, text in rows.values_list("article_id", "text"):
                sheet = sheets[article]
                sheet.length = len(text)
                if self.ask.by == "overall":
                    sheet.tokens = _touched(text, sheet.marks)


def _key(name: str) -> Cast:
    """An id as text: of a hundred thousand rows a UUID of each would take longer than the rows."""
    return Cast(name, TextField())


def _touched(text: str, marks: list[Mark]) -> list[tuple[int, int]]:
    """The places of the words that somebody marked: of the others no measure tells."""
    stretches = iter(covered(place for mark in marks if mark.here for place in mark.spans))
    start, end = next(stretches, (len(text), len(text)))
    found = []
    for word in tokens(text):
        while end <= word[0] and start < len(text):
            start, end = next(stretches, (len(text), len(text)))
        if word[1] > start:
            found.append(word)
    return found


def _month(own: list[tuple[int, datetime]]) -> str:
    """The month of the last hand-in; of work that was handed in before that was noted, none."""
    days = [timezone.localdate(at) for _, at in own if at]
    return f"{max(days):%Y-%m}" if days else "not known"


def _lines(work: _Work, ask: Ask) -> tuple[list[Line], list[Line]]:
    """What stands at the head, and the lines of the table."""
    facets = facets_of(work.project, ask.facet)
    marks = reckoning.span_questions(work.kinds)
    codes = reckoning.code_questions(facets, work.kinds)
    main = _main(marks, codes)
    if ask.by == "pair":
        return [], reckoning.by_pair(main, work.sheets, work.names)
    if ask.by == "article":
        return [], reckoning.by_article(main, work.sheets)
    if ask.by == "time":
        return [], reckoning.by_month(main, work.sheets, work.coders)
    asked = {
        "overall": marks, "facet": codes, "tag": reckoning.tag_questions(facets),
        "gamma": [replace(question, measures=("gamma",)) for question in marks],
    }  # fmt: skip
    head = main if ask.by == "overall" else []
    return (
        reckoning.lines_of(head, work.sheets, work.coders),
        reckoning.lines_of(asked[ask.by], work.sheets, work.coders),
    )


def _main(marks: list[Question], codes: list[Question]) -> list[Question]:
    """What one looks at first: marks of each kind, the claimant, each facet."""
    first = [q for q in codes if q.key in ("claimant", "named") or q.key.startswith("facet:")]
    return [*marks, *first]


def _worst_first(line: dict[str, Any]) -> tuple:
    """By the first figure that there is; articles without any come last."""
    values = [cell["value"] for cell in line["cells"] if cell["value"] is not None]
    return (not values, values[:1], line["name"], line["query"]["article"])


def _stamp(articles: QuerySet[Article], project: Project) -> str:
    """A digest of everything that figures over the articles rest on, from few queries."""
    own = {"article__in": articles.order_by().values("pk")}
    changing = {"number": Count("pk"), "last": Max("updated"), "versions": Sum("version")}
    rows = (
        Assignment.objects.filter(**own, state=Assignment.State.HANDED_IN),
        marks_of(articles, Ask()).order_by(),
        Case.objects.filter(**own),
        articles.order_by(),
        *(model.objects.filter(project=project) for model in (ClaimTag, Facet, Actor)),
    )
    found = [list(row.aggregate(**changing).values()) for row in rows]
    reused = Reuse.objects.filter(project=project).aggregate(Count("pk"), Max("created"))
    return _sha256(found, list(reused.values()), project.names_hidden)


def _sha256(*told: Any) -> str:
    return hashlib.sha256(json.dumps(told, default=str).encode()).hexdigest()
