"""The passages behind a figure: the cases it was computed from, with all versions side by side."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from annotations import annotating, compared, lessons
from annotations.agreement import Ask, coders_of, marks_of, months_of, names_of, narrowed
from annotations.cases import terms_of
from annotations.compared import MARKED, Terms
from annotations.content import Content
from annotations.excerpts import Piece, around
from annotations.models import Case
from corpus_app.models import Article, Project

PAGE = 25
AT_ONCE = 100  # cases that are looked through with one set of queries
AT_MOST = 2000  # cases that one page looks through


@dataclass(frozen=True)
class Cell:
    """A figure: of what (as `Question.key`), and of which coders, article or month if not of all.

    `differing` leaves out the passages on which the versions say the same.
    """

    of: str
    pair: tuple[int, int] | None = None
    article: UUID | None = None
    month: str = ""
    differing: bool = True


@dataclass(frozen=True)
class Row:
    """A field: what each version says of it, and whether all say the same."""

    name: str
    said: list[list[str]]
    differs: bool


@dataclass(frozen=True)
class Passage:
    """A case with the words it is about. `overlooked` are the coders who marked nothing."""

    case: Case
    words: tuple[Piece, ...]
    coders: list[str]
    overlooked: list[str]
    rows: list[Row]


@dataclass(frozen=True)
class Page:
    """Passages in a steady order; `next` is the last case looked at, if there may be more."""

    passages: list[Passage]
    next: UUID | None


@dataclass(frozen=True)
class _Looked:
    """A case with what each coder of its article says there."""

    case: Case
    versions: dict[int, tuple[UUID, Content] | None]

    @property
    def contents(self) -> list[Content | None]:
        return [version and version[1] for version in self.versions.values()]


def passages(
    *, articles: QuerySet[Article], project: Project, ask: Ask, cell: Cell, after: UUID | None
) -> Page:
    """A page of the passages behind a cell, after the case that was seen last.

    `articles` are those over which the person may see figures.
    """
    rows = _cases(articles, ask, cell)
    terms = terms_of(project.pk)
    found: list[_Looked] = []
    last, looked = Case.objects.filter(pk=after, project=project).first() if after else None, 0
    while looked < AT_MOST:
        batch = list(_beyond(rows, last)[:AT_ONCE])
        for one in _looked_at(batch, articles, ask, cell):
            last = one.case
            if _is_behind(one, cell, terms):
                found.append(one)
                if len(found) == PAGE:
                    return Page(_told(found, project, articles, terms), last.pk)
        looked += len(batch)
        if len(batch) < AT_ONCE:
            return Page(_told(found, project, articles, terms), None)
        last = batch[-1]
    return Page(_told(found, project, articles, terms), last.pk)


def kind_of(of: str) -> str:
    """Of which kind of annotation a question is."""
    what, _, kind = of.partition(":")
    return kind if what == "spans" else "mention" if what in ("named", "meant") else "claim"


def _cases(articles: QuerySet[Article], ask: Ask, cell: Cell) -> QuerySet[Case]:
    own = narrowed(articles, ask)
    if cell.article:
        own = own.filter(pk=cell.article)
    if cell.month:
        own = own.filter(pk__in=[pk for pk, month in months_of(own).items() if month == cell.month])
    rows = Case.objects.standing().filter(
        article__in=own.order_by().values("pk"), kind=kind_of(cell.of)
    )
    rows = rows.select_related("article").defer("article__raw")
    return rows.order_by("article_id", "start", "pk")


def _beyond(rows: QuerySet[Case], last: Case | None) -> QuerySet[Case]:
    if last is None:
        return rows
    same = {"article": last.article_id}
    return rows.filter(
        Q(article__gt=last.article_id)
        | Q(**same, start__gt=last.start)
        | Q(**same, start=last.start, pk__gt=last.pk)
    )


def _looked_at(
    batch: Sequence[Case], articles: QuerySet[Article], ask: Ask, cell: Cell
) -> Iterator[_Looked]:
    """The cases with their counted versions, one place for each coder of the article."""
    ids = {case.article_id for case in batch}
    coders = coders_of(articles.filter(pk__in=ids))
    marks = marks_of(articles, ask).filter(member__case__in=[case.pk for case in batch])
    marks = marks.prefetch_related("spans", "participants", "codings", "links")
    said: dict[UUID, dict[int, tuple[UUID, Content]]] = {}
    for case, one in ((mark.member.case_id, mark) for mark in marks.select_related("member")):
        said.setdefault(case, {})[one.author_id] = one.pk, annotating.content_of(one)
    for case in batch:
        own = said.get(case.pk, {})
        who = [pk for pk in coders.get(case.article_id, ()) if not cell.pair or pk in cell.pair]
        yield _Looked(case, {pk: own.get(pk) for pk in who})


def _is_behind(one: _Looked, cell: Cell, terms: Terms) -> bool:
    """Whether the figure rests on this case and, if asked, not all versions say the same."""
    there = [content for content in one.contents if content is not None]
    what, _, name = cell.of.partition(":")
    if len(one.versions) < 2 or not there:
        return False
    told = compared.differences(one.contents, terms)
    if what == "spans":
        return not cell.differing or bool({MARKED, "spans"} & set(_differing(one, terms)))
    if len(there) < 2:
        return False
    if what == "tag":
        given = [any(terms.tag(code) == name for code in content.codes) for content in there]
        return any(given) and (not cell.differing or not all(given))
    return cell.of in told and (not cell.differing or cell.of in _differing(one, terms))


def _differing(one: _Looked, terms: Terms) -> list[str]:
    return compared.differing(one.contents, terms)


def _told(
    found: Sequence[_Looked], project: Project, articles: QuerySet[Article], terms: Terms
) -> list[Passage]:
    vocabulary = lessons.Vocabulary(project, (c for one in found for c in one.contents))
    called = lessons.fields(project)
    first = [next(v[0] for v in one.versions.values() if v) for one in found]
    words = around(first)
    names = names_of(project, articles)
    return [
        _passage(one, words[pk], names, called, vocabulary, terms)
        for one, pk in zip(found, first, strict=True)
    ]


def _passage(
    one: _Looked, words: tuple[Piece, ...], names: Mapping[int, str],
    called: Mapping[str, str], vocabulary: lessons.Vocabulary, terms: Terms,
) -> Passage:  # fmt: skip
    there = {pk: version[1] for pk, version in one.versions.items() if version}
    told = compared.differences(list(there.values()), terms)
    differing = set(_differing(one, terms))
    return Passage(
        case=one.case, words=words, coders=[names[pk] for pk in there],
        overlooked=[names[pk] for pk, version in one.versions.items() if version is None],
        rows=[
            Row(called[name], [vocabulary.said(name, c) for c in there.values()], name in differing)
            for name in told
        ],
    )  # fmt: skip
