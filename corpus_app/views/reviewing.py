"""The page on which lines get their roles, whatever article they are of."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from corpus_app import rules, text
from corpus_app.access import (
    CURATING,
    articles_for,
    curates,
    outlets_for,
    projects_for,
    stories_for,
)
from corpus_app.forms.review import (
    KEYS,
    ROLES,
    LineForm,
    LinesForm,
    ProposedLinesForm,
    code_of,
    letters,
)
from corpus_app.history import DoorError, Stale
from corpus_app.ingest import Proposal
from corpus_app.models import Article, Outlet, Project, User
from corpus_app.names import name_key
from corpus_app.text import learnt
from corpus_app.text.doubts import doubtful
from corpus_app.text.learnt import Rule
from corpus_app.text.lines import paragraphs
from corpus_app.text.origins import origins

# Beyond so many lines the page leaves it to the browser to offer the roles of each.
FULLY_OFFERED = 400
MOST_OUTLETS = 200
# The preview shows this many passages; its twin is in review/main.js.
PREVIEWED = 300
# Which key takes the line one is on for which field, and what the line then is.
TAKEN_BY = {
    "title": ("T", "title"),
    "authors": ("Y", "byline"),
    "translators": ("R", "byline"),
    "outlet": ("O", "outlet"),
    "published_on": ("L", "dateline"),
}


@dataclass(frozen=True)
class Row:
    """A line as the page shows it: what said its role, whether to look, and its paragraph."""

    line: text.Line
    said: str
    doubt: bool
    paragraph: int


@dataclass(frozen=True)
class Offer:
    """A rule to tick: how many lines it changes here, and how many other articles (None: new)."""

    rule: Rule
    code: str
    lines: tuple[int, ...]
    articles: int | None
    likeliest: bool
    chosen: bool


def page(
    user: User,
    project: Project,
    form: LinesForm,
    found: Proposal,
    proposal: Proposal,
    besides: uuid.UUID | None = None,
) -> dict[str, Any]:
    """What the template shows: `found` is without the person's roles, `proposal` with them.

    `besides` is the article that is no other article of the outlet.
    """
    said = origins(proposal.lines, vars(proposal.fields))
    outlet = outlet_called(user, project, form["outlet"].value())
    may_rule = curates(user, project)
    passages = proposal.passages
    offered = may_rule and offers(user, outlet, found.lines, proposal.lines, form.rules, besides)
    return {
        "passages": passages[:PREVIEWED], "more": max(0, len(passages) - PREVIEWED),
        "project": project, "form": form, "proposal": proposal, "roles": ROLES, "keys": KEYS,
        "rows": _rows(found, proposal), "was": letters(found.lines),
        "fully": len(proposal.lines) <= FULLY_OFFERED, "may_rule": may_rule, "outlet": outlet,
        "fields": [
            (field, said.get(field.name), *TAKEN_BY.get(field.name, ("", "")))
            for field in form.metadata_fields()
        ],
        "outlets": outlets_for(user).filter(project=project)[:MOST_OUTLETS],
        **(offered or {}),
    }  # fmt: skip


def _rows(found: Proposal, proposal: Proposal) -> list[Row]:
    groups = enumerate(paragraphs(proposal.lines))
    paragraph = {line.number: index for index, group in groups for line in group}
    own = {
        new.number
        for old, new in zip(found.lines, proposal.lines, strict=True)
        if old.role != new.role
    }
    settled = own | set(found.by_rule)
    doubts = doubtful(proposal.lines) - settled
    return [
        Row(line, _said(line.number, found, own), line.number in doubts, paragraph[line.number])
        for line in proposal.lines
    ]


def _said(number: int, found: Proposal, own: set[int]) -> str:
    """Who says what the line is for, where it was not guessed."""
    if number in own:
        return "your choice"
    if number in found.by_rule:
        return f"rule of {found.outlet}"
    return "as the file has it" if number in found.by_format else ""


def offers(
    user: User,
    outlet: Outlet | None,
    before: Sequence[text.Line],
    after: Sequence[text.Line],
    chosen: Sequence[Rule] = (),
    besides: uuid.UUID | None = None,
) -> dict[str, Any]:
    """Rules that would make the person's corrections, and what each would do to other articles."""
    proposed = learnt.learn(before, after)
    if not proposed or outlet is None:
        counted = rules.Effect({}, 0, 0)
    else:
        others = articles_for(user).filter(outlet=outlet).exclude(pk=besides)
        counted = rules.effect([one.rule for one in proposed], others)
    made = [
        Offer(
            one.rule, code_of(one.rule), one.lines, counted.changed.get(one.rule), one.likeliest,
            one.rule in chosen,
        )
        for one in proposed
    ]  # fmt: skip
    return {"offers": made, "counted": counted}


def outlet_called(user: User, project: Project, name: str | None) -> Outlet | None:
    """The project's outlet of this name."""
    if "\0" in (name or ""):  # PostgreSQL does not even look for it
        return None
    known = outlets_for(user).filter(project=project)
    return known.filter(name_key=name_key(name or "")).first()


def stories(user: User, project: Project):
    """The stories that an article of the project can be part of."""
    return stories_for(user).filter(project=project)


def keep_rules(request: HttpRequest, article: Article, chosen: Sequence[Rule]) -> HttpResponse:
    """The outlet keeps the rules; then its other articles, or the article if there are none."""
    outlet = article.outlet
    if not curates(request.user, article.project):
        messages.warning(request, "Rules of an outlet are kept by curators only; none was kept.")
        return redirect("workbench", article.pk)
    try:
        kept = rules.adopt(by=request.user, outlet=outlet, rules=chosen)
    except (DoorError, Stale) as refusal:
        messages.error(request, f"No rule was kept: {refusal}")
        return redirect("workbench", article.pk)
    for row in kept:
        messages.success(request, f"{outlet} keeps this rule: {rules.as_rule(row)}.")
    if not articles_for(request.user).filter(outlet=outlet).exclude(pk=article.pk).exists():
        return redirect("workbench", article.pk)
    asked = QueryDict(mutable=True)
    asked.setlist("rule", [str(row.pk) for row in kept])
    return redirect(f"{reverse('apply-rules', args=[outlet.pk])}?{asked.urlencode()}")


@require_POST
def offer_rules(request: HttpRequest, slug: str) -> HttpResponse:
    """Boxes to tick, for the changes that the person has made on a page so far."""
    project = get_object_or_404(projects_for(request.user, CURATING), slug=slug)
    form = ProposedLinesForm(request.POST)
    if not form.is_valid():
        raise BadRequest("These are no lines of a page.")
    outlet = outlet_called(request.user, project, form.cleaned_data["outlet"])
    found = offers(
        request.user, outlet, *form.cleaned_data["lines"], besides=form.cleaned_data["article"]
    )
    named = outlet or form.cleaned_data["outlet"]
    return render(request, "corpus_app/offers.html", {**found, "named": named})


@require_POST
def read_line(request: HttpRequest, slug: str) -> HttpResponse:
    """What a line says if it is there for this: title, authors, translators, outlet, date."""
    get_object_or_404(projects_for(request.user), slug=slug)
    form = LineForm(request.POST)
    if not form.is_valid():
        raise BadRequest("This is no line of a page.")
    role = text.Role(form.cleaned_data["role"])
    said = text.metadata([text.Line(1, form.cleaned_data["text"], role)])
    return JsonResponse(
        {
            "title": said.title or "",
            "authors": "\n".join(said.authors),
            "translators": "\n".join(said.translators),
            "outlet": said.outlet or "",
            "published_on": said.published_on.isoformat() if said.published_on else "",
        }
    )
