"""How far a team agrees, as a page and as a table to take away, and the passages behind it."""

import csv
from contextlib import suppress
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import pluralize
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from annotations import agreement, behind, cases, figure_rows
from annotations.access import figures_articles_for, sees_figures
from annotations.coefficients.estimates import MEASURES
from annotations.figure_forms import AgreementForm, BehindForm
from annotations.views.project import load_curated, load_member, page
from corpus_app.access import Forbidden
from corpus_app.models import Article, Project
from corpus_app.spreadsheet import guarded

PAGE = 50  # articles of a table
MATCHED_AT_ONCE = 200
# Krippendorff's convention: from here on reliable, and from here on for tentative conclusions.
RELIABLE, TENTATIVE = 0.8, 0.667
ALPHAS = ("alpha_nominal", "alpha_ordinal", "alpha_masi", "alpha_u", "u_alpha")


@require_safe
@never_cache
def figures(request: HttpRequest, slug: str) -> HttpResponse:
    """The figures over the articles of which the person may see figures."""
    project, articles = _load(request, slug)
    form = AgreementForm(request.GET, user=request.user, project=project)
    ask = form.ask
    answer = agreement.figures(articles=articles, project=project, ask=ask)
    asked = form.asked
    lines = Paginator(answer.lines, PAGE).get_page(request.GET.get("p"))
    context = {
        "form": form, "answer": answer, "ask": ask, "asked": urlencode(asked), "lines": lines,
        "headline": [_cell(project, cell, {}, asked) for cell in answer.headline],
        "table": [
            (_named(ask, line), [_cell(project, c, line["query"], asked) for c in line["cells"]])
            for line in lines
        ],
        "tabs": [(by, words, urlencode({**asked, "by": by})) for by, words in agreement.BY.items()],
        "title": agreement.BY[ask.by], "number": f"{answer.annotations:,}",
        "narrowed": set(asked) - {"by"},
    }  # fmt: skip
    return page(request, project, "annotations/agreement.html", context)


@require_safe
@never_cache
def table(request: HttpRequest, slug: str) -> HttpResponse:
    """The figures as CSV: one row for each of them, also for those that there are not."""
    project, articles = _load(request, slug)
    ask = AgreementForm(request.GET, user=request.user, project=project).ask
    answer = agreement.figures(articles=articles, project=project, ask=ask)
    name = f"{project.slug}-agreement-{ask.by}-{timezone.localdate():%Y-%m-%d}.csv"
    response = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
    writer = csv.writer(response)
    writer.writerow(figure_rows.COLUMNS)
    for row in figure_rows.rows(answer):
        writer.writerow([guarded(one) if isinstance(one, str) else one for one in row])
    return response


@require_safe
@never_cache
def passages(request: HttpRequest, slug: str) -> HttpResponse:
    """The passages that a figure was computed from, a page of them."""
    project, articles = _load(request, slug)
    form = BehindForm(request.GET)
    if not form.is_valid():
        raise BadRequest("This address names no figure. Come from a number of the agreement page.")
    filters = AgreementForm(request.GET, user=request.user, project=project)
    found = behind.passages(
        articles=articles, project=project, ask=filters.ask, cell=form.cell,
        after=form.cleaned_data["after"],
    )  # fmt: skip
    context = {
        "found": found, "cell": form.cell, "back": urlencode(filters.asked),
        "of": _called(project, form.cell.of), "first": not form.cleaned_data["after"],
        "coders": _pair(project, articles, form.cell), "month": _in_words(form.cell.month),
        "article": articles.filter(pk=form.cell.article).first() if form.cell.article else None,
    }  # fmt: skip
    return page(request, project, "annotations/agreement_cases.html", context)


@require_POST
def match(request: HttpRequest, slug: str) -> HttpResponse:
    """The page again, with what was handed in before matched into cases."""
    project = load_curated(request, slug)
    articles = figures_articles_for(request.user, project)
    loose = agreement.marks_of(articles, agreement.Ask()).filter(member=None)
    chosen = articles.filter(pk__in=loose.order_by().values("article"))[:MATCHED_AT_ONCE]
    for article in chosen:
        cases.match_article(by=request.user, article=article)
    messages.success(request, f"Matched into cases: {len(chosen)} article{pluralize(chosen)}.")
    return redirect("agreement", slug)


def _load(request: HttpRequest, slug: str) -> tuple[Project, QuerySet[Article]]:
    project = load_member(request, slug)
    if not sees_figures(request.user, project):
        raise Forbidden("Figures of this project are for others. A manager can change that.")
    return project, figures_articles_for(request.user, project)


def _cell(project: Project, cell: dict[str, Any], query: dict[str, str], asked: dict) -> dict:
    """The cell as it is shown: numbers as words, where its bar lies, and what is behind it."""
    measure = MEASURES[cell["measure"]]
    href = f"{reverse('agreement-cases', args=[project.slug])}?" + urlencode(
        {**asked, **query, "of": cell["of"]}
    )
    return {
        **cell, "called": measure.name, "level": measure.level, "paper": measure.paper,
        "shown": _number(cell["value"], cell["measure"]), "href": href if cell["units"] else "",
        "between": _between(cell), "bar": _bar(cell), "reading": _reading(cell),
        "rests": _rests_on(cell, "mark" if measure.data == "spans" else "passage"),
    }  # fmt: skip


def _number(value: float | None, measure: str) -> str:
    """Two digits; three where two would say that it reaches what it does not reach."""
    if value is None:
        return ""
    bounds = (TENTATIVE, RELIABLE, 1) if measure in ALPHAS else (1,)
    near = any(value < bound <= round(value, 2) for bound in bounds)
    return f"{value:.{3 if near else 2}f}".replace("-", "−")


def _rests_on(cell: dict[str, Any], of: str) -> str:
    numbers = ((cell["units"], of), (cell["coders"], "coder"), (cell["groups"], "article"))
    return ", ".join(f"{n:,} {what}{pluralize(n)}" for n, what in numbers)


def _between(cell: dict[str, Any]) -> str:
    if cell["low"] is None:
        return ""
    low, high = (_number(cell[end], cell["measure"]) for end in ("low", "high"))
    return f"{low} to {high}"


def _bar(cell: dict[str, Any]) -> dict[str, float] | None:
    """Where value and interval lie on a bar from 0 to 100; what is below zero lies at its start."""
    if cell["value"] is None:
        return None
    value, low, high = (
        100 * min(max(cell[name] if cell[name] is not None else cell["value"], 0), 1)
        for name in ("value", "low", "high")
    )
    return {"at": round(value, 1), "low": round(low, 1), "width": round(high - low, 1)}


def _reading(cell: dict[str, Any]) -> tuple[str, str]:
    """What an α says by convention, and how good that is; nothing of other measures."""
    if cell["value"] is None or cell["measure"] not in ALPHAS:
        return "", ""
    if cell["value"] >= RELIABLE:
        sure = cell["low"] is not None and cell["low"] >= RELIABLE
        return "reliable" if sure else "reliable, but not for sure", "good"
    if cell["value"] >= TENTATIVE:
        return "tentative conclusions only", "warn"
    return "not reliable enough to conclude from", "bad"


def _called(project: Project, of: str) -> str:
    """What a question is called."""
    asked = agreement.questions_of(project)
    return asked.get(of, of)


def _named(ask: agreement.Ask, line: dict[str, Any]) -> str:
    return _in_words(line["name"]) if ask.by == "time" else line["name"]


def _in_words(month: str) -> str:
    """A month as people write it; what is none stays as it is."""
    with suppress(ValueError):
        return f"{date.fromisoformat(month + '-01'):%B %Y}"
    return month


def _pair(project: Project, articles: QuerySet[Article], cell: behind.Cell) -> list[str]:
    if not cell.pair:
        return []
    names = agreement.names_of(project, articles)
    return [names[pk] for pk in cell.pair if pk in names]
