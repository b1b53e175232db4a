"""The API of a team's work: who codes what, what belongs together, and what was decided."""

from django.db.models import QuerySet

from annotations import access
from annotations.filters import AssignmentFilter, CaseFilter, DecisionFilter
from annotations.models import Assignment, Case, Decision
from annotations.team_shapes import (
    AssignmentSerializer,
    CaseSerializer,
    DecisionSerializer,
)
from corpus_app.api import Reading
from corpus_app.api.answering import Expansion, Shown, by_id
from corpus_app.api.corpus import ARTICLE, MOMENTS


def cases_shown(user) -> QuerySet[Case]:
    """The cases that the user may see, with what is in them."""
    rows = access.cases_for(user).select_related("project", "held_by")
    return rows.prefetch_related("members")


def load_cases(user, ids: set[str]) -> dict[str, Shown]:
    return by_id(cases_shown(user).filter(pk__in=ids), CaseSerializer)


class Assignments(Reading):
    """Who codes which article: an analyst's own, and everybody's for curators and managers."""

    queryset = Assignment.objects.none()
    serializer_class = AssignmentSerializer
    filterset_class = AssignmentFilter
    sorts = {**MOMENTS, "due_on": ("due_on", "id")}
    expansions = {"article": ARTICLE}

    def get_queryset(self) -> QuerySet[Assignment]:
        return access.assignments_for(self.request.user).select_related("project", "analyst")


class Cases(Reading):
    """The annotations of several analysts about the same stretch; for curators and managers."""

    queryset = Case.objects.none()
    serializer_class = CaseSerializer
    filterset_class = CaseFilter
    sorts = {**MOMENTS, "disagreement": ("disagreement", "id")}
    expansions = {"article": ARTICLE}

    def get_queryset(self) -> QuerySet[Case]:
        return cases_shown(self.request.user)


class Decisions(Reading):
    """What was decided of cases, by whom and why; for curators and managers."""

    queryset = Decision.objects.none()
    serializer_class = DecisionSerializer
    filterset_class = DecisionFilter
    expansions = {"case": Expansion(load_cases, CaseSerializer)}

    def get_queryset(self) -> QuerySet[Decision]:
        return access.decisions_for(self.request.user).select_related("project", "by")
