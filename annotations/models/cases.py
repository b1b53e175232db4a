"""Cases, what was decided of them, and what coders were told of it."""

from django.db import models
from django.db.models import F, Q

from annotations.models.annotations import Annotation
from corpus_app.models import Article, InProject, Project, User, Versioned


class CaseQuerySet(models.QuerySet):
    def standing(self):
        """Those that have annotations: not taken apart since."""
        return self.filter(dissolved=None)


class Case(Versioned):
    """The annotations of several analysts that are about the same stretch of an article.

    Found by the machine (`matching` states the rule) or put together by a curator, whose cases
    the machine leaves as they are. `[start, end)` is where its annotations lie, from the first to
    the last, in code points of their newest revision. `disagreement` is 0 for versions that say
    the same and at most 1.
    """

    class State(models.TextChoices):
        OPEN = "open"
        ASKED = "asked", "coders are asked"
        DECIDED = "decided"

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="cases")
    kind = models.CharField(max_length=7, choices=Annotation.Kind)
    state = models.CharField(max_length=7, choices=State, default=State.OPEN)
    by_hand = models.BooleanField(default=False)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    disagreement = models.FloatField(default=0)
    held_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="Who is deciding it just now.",
    )  # fmt: skip
    held_until = models.DateTimeField(null=True, blank=True)
    dissolved = models.DateTimeField(null=True, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["article", "start", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["mention", "claim"]), name="case_kind"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "asked", "decided"]), name="case_state"
            ),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="case_not_empty"),
            models.CheckConstraint(
                condition=Q(disagreement__gte=0, disagreement__lte=1), name="case_disagreement"
            ),
            models.CheckConstraint(
                condition=Q(held_by=None, held_until=None)
                | Q(held_by__isnull=False, held_until__isnull=False),
                name="case_held_by_and_until",
            ),
        ]
        indexes = [
            models.Index(
                fields=["project", "state", "-disagreement"],
                condition=Q(dissolved=None),
                name="case_queue",
            ),
        ]

    def __str__(self):
        return f"case of {self.article} at {self.start}"


class Member(models.Model):
    """An analyst's annotation in a case, and the version of it that was looked at last."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="members")
    annotation = models.OneToOneField(Annotation, on_delete=models.PROTECT, related_name="member")
    version = models.PositiveIntegerField()

    class Meta:
        ordering = ["case", "id"]

    def __str__(self):
        return f"{self.annotation} in {self.case}"


class Decision(InProject):
    """What was decided of a case, by whom and why. Never changed: the one after it counts.

    `content` is what was decided, `gold` the annotation of the gold layer that says it (none if
    all versions were rejected, or the case was reopened). `sources` says of each field which
    version it was taken from (`field: annotation's id`); what was typed has none. `versions` are
    the annotations that were looked at, with their versions.
    """

    class Outcome(models.TextChoices):
        UNANIMOUS = "unanimous", "all said the same"
        ACCEPTED = "accepted", "one version taken"
        COMBINED = "combined", "fields of several versions"
        EDITED = "edited", "changed by the curator"
        REJECTED = "rejected", "none of it stands"
        REOPENED = "reopened", "to be decided again"

    class ErrorClass(models.TextChoices):
        UNSAID = "", "not said"
        CODEBOOK = "codebook", "codebook unclear"
        SLIP = "slip"
        AMBIGUOUS = "ambiguous", "ambiguous text"
        SPAN = "span", "wrong stretch"
        ACTOR = "actor", "wrong actor"
        TAG = "tag", "wrong tag"
        STANCE = "stance", "wrong stance"
        OVERLOOKED = "overlooked"
        OTHER = "other"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveIntegerField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=10, choices=Outcome)
    error_class = models.CharField(max_length=10, choices=ErrorClass, blank=True, default="")
    reason = models.TextField(blank=True)
    gold = models.ForeignKey(
        Annotation, null=True, blank=True, on_delete=models.PROTECT, related_name="decisions"
    )
    content = models.JSONField(null=True)
    sources = models.JSONField(default=dict)
    versions = models.JSONField(default=dict)

    class Meta:
        ordering = ["case", "number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="decision_number_once"),
            models.CheckConstraint(
                condition=Q(
                    outcome__in=["unanimous", "accepted", "combined", "edited"], gold__isnull=False
                )
                | Q(outcome__in=["rejected", "reopened"], gold=None),
                name="decision_gold_or_none",
            ),
            models.CheckConstraint(
                condition=Q(
                    error_class__in=[
                        "",
                        "codebook",
                        "slip",
                        "ambiguous",
                        "span",
                        "actor",
                        "tag",
                        "stance",
                        "overlooked",
                        "other",
                    ]
                ),
                name="decision_error_class",
            ),
        ]

    def __str__(self):
        return f"{self.get_outcome_display()} by {self.by}"


class Overruling(Versioned):
    """That a decision said something else than an analyst's version, in which fields.

    She may contest it once; a curator answers.
    """

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="overrulings")
    annotation = models.ForeignKey(Annotation, on_delete=models.PROTECT, related_name="overrulings")
    analyst = models.ForeignKey(User, on_delete=models.PROTECT, related_name="overrulings")
    fields = models.JSONField(default=list, help_text="Names of fields, as difference names them.")
    objection = models.TextField(blank=True)
    contested = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)
    answered = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    upheld = models.BooleanField(
        null=True, blank=True, help_text="Whether the decision stayed as it was."
    )

    class Meta:
        ordering = ["-created", "id"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "annotation"], name="overruling_once"),
            models.CheckConstraint(
                condition=Q(contested=None, objection="")
                | Q(contested__isnull=False) & ~Q(objection=""),
                name="overruling_contested_with_words",
            ),
            models.CheckConstraint(
                condition=Q(answered=None, answered_by=None, upheld=None)
                | Q(
                    contested__isnull=False,
                    answered__isnull=False,
                    answered_by__isnull=False,
                    upheld__isnull=False,
                ),
                name="overruling_answered_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["analyst", "created"], name="overruling_of_analyst")]

    def __str__(self):
        return f"{self.analyst} overruled in {self.decision.case}"


class Figures(InProject):
    """Agreement figures kept until what they were computed from changes."""

    key = models.CharField(max_length=64, help_text="SHA-256 of what was asked.")
    stamp = models.CharField(max_length=64, help_text="SHA-256 of what it was computed from.")
    value = models.JSONField()
    seconds = models.FloatField()

    class Meta:
        verbose_name_plural = "figures"
        constraints = [models.UniqueConstraint(fields=["project", "key"], name="figures_once")]

    def __str__(self):
        return self.key[:8]
