"""How good the suggestions are, name by name: for curators, and without saying who decided."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.urls import path

from annotations import access
from annotations.forms import PrecisionForm
from annotations.mentions.shares import interval
from annotations.models import Verdict
from corpus_app.access import curates, projects_for
from corpus_app.admin.scoped import Scoped

# The columns, with what a click on their head asks for first.
COLUMNS = (
    ("actor__name", "Actor"), ("name", "Name"), ("-yes", "Accepted"),
    ("-no", "Rejected"), ("share", "Share accepted"),
)  # fmt: skip
PAGE = 100


@admin.register(Verdict)
class Suggestions(Scoped):
    """One page: of each name how often its suggestions were accepted and rejected."""

    visible = staticmethod(access.verdicts_for)

    def get_urls(self):
        page = self.admin_site.admin_view(self.changelist_view)
        return [path("", page, name="annotations_verdict_changelist")]

    def has_view_permission(self, request, obj=None):
        return curates(request.user)

    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        projects = projects_for(request.user, access.CURATING)
        form = PrecisionForm(request.GET, projects=projects)
        wish = form.cleaned_data if form.is_valid() else {}
        rows = self.visible(request.user).by_name(wish.get("order") or "-judged")
        if project := wish.get("project"):
            rows = rows.filter(project=project)
        if actor := wish.get("actor"):
            rows = rows.filter(actor=actor)
        page = Paginator(rows, PAGE).get_page(request.GET.get("p"))
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "form": form,
            "title": "Suggestions: how good", "page": page,
            "several": projects[:2].count() > 1, "heads": _heads(request.GET),
            "rows": [{**row, **_told(row)} for row in page],
        }  # fmt: skip
        return TemplateResponse(request, "admin/suggestions.html", context)


def _told(row: dict[str, Any]) -> dict[str, int]:
    """The share in percent and the bounds within which the true one lies."""
    low, high = interval(row["yes"], row["judged"])
    return {
        "percent": round(100 * row["share"]), "low": round(100 * low), "high": round(100 * high),
    }  # fmt: skip


def _heads(asked: QueryDict) -> list[dict[str, str]]:
    """The columns' words, each with the question that sorts by it; asked again, the other way."""
    heads = []
    for order, words in COLUMNS:
        column, present = order.lstrip("-"), asked.get("order", "")
        other = column if present.startswith("-") else f"-{column}"
        question = asked.copy()
        question["order"] = other if present.lstrip("-") == column else order
        question.pop("p", None)
        sorted_by = present.lstrip("-") == column
        way = ("descending" if present.startswith("-") else "ascending") if sorted_by else ""
        heads.append({"words": words, "question": question.urlencode(), "way": way})
    return heads
