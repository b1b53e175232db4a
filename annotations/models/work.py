"""An analyst's work on an article."""

from django.db import models
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from annotations.models.annotations import Annotation
from corpus_app.models import Article, User, Versioned


class AssignmentQuerySet(models.QuerySet):
    def given(self):
        """Those that are not withdrawn."""
        return self.exclude(state=Assignment.State.WITHDRAWN)

    def under_way(self):
        """Those that are neither handed in nor withdrawn."""
        return self.exclude(state__in=(Assignment.State.HANDED_IN, Assignment.State.WITHDRAWN))

    def blind(self):
        """Those under way from which others' work is hidden: in a blind project, and to learn."""
        return self.under_way().filter(Q(project__blind=True) | Q(training=True))

    def counted(self):
        """Those whose work counts, once it is handed in: given, and not to learn."""
        return self.given().filter(training=False)

    def with_progress(self):
        """Each with `made` and `incomplete`, how many annotations its analyst has there."""
        own = Annotation.objects.standing().filter(
            article=OuterRef("article"), author=OuterRef("analyst"), layer="analyst"
        )
        return self.annotate(made=_count(own), incomplete=_count(own.filter(state="draft")))


def _count(annotations: QuerySet) -> Coalesce:
    """How many of these an outer row's article has."""
    counted = annotations.order_by().values("article").annotate(number=Count("pk"))
    return Coalesce(Subquery(counted.values("number")), 0)


class Assignment(Versioned):
    """One analyst's work on one article."""

    class State(models.TextChoices):
        ASSIGNED = "assigned"
        STARTED = "started"
        HANDED_IN = "handed_in", "handed in"
        RETURNED = "returned"
        WITHDRAWN = "withdrawn"

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="assignments")
    analyst = models.ForeignKey(User, on_delete=models.PROTECT, related_name="assignments")
    state = models.CharField(max_length=10, choices=State, default=State.ASSIGNED)
    due_on = models.DateField(null=True, blank=True)
    comment = models.TextField(blank=True, help_text="Why it was returned.")
    handed_in = models.DateTimeField(null=True, blank=True, editable=False)
    training = models.BooleanField(
        default=False, help_text="Coded to learn: scored against the gold layer, never counted."
    )

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "created", "id"]
        constraints = [
            models.UniqueConstraint(fields=["article", "analyst"], name="assignment_once"),
            models.CheckConstraint(
                condition=Q(
                    state__in=["assigned", "started", "handed_in", "returned", "withdrawn"]
                ),
                name="assignment_state",
            ),
        ]
        indexes = [models.Index(fields=["project", "analyst", "state"], name="assignment_board")]

    def __str__(self):
        return f"{self.analyst}: {self.article} ({self.get_state_display()})"

    @property
    def author_id(self) -> int:
        """Whose work history tells of, with which it stays hidden."""
        return self.analyst_id

    @property
    def open(self) -> bool:
        return self.state not in (self.State.HANDED_IN, self.State.WITHDRAWN)
