"""What people said of suggested mentions."""

from django.db import models
from django.db.models import Avg, Case, Count, F, Q, When
from django.utils import timezone

from annotations.models.annotations import Annotation
from corpus_app.models import Actor, Article, Project, Revision, User, Versioned


class Rejection(Versioned):
    """A person's no to suggested mentions of one actor in an article, as one change of hers.

    `id` may be made by the client. `deleted` is when she took it back; it may stand again.
    """

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="rejections")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="rejections")
    actor = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+")
    deleted = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created", "id"]
        indexes = [models.Index(fields=["article", "author"], name="rejection_article_author")]

    def __str__(self):
        return f"no mention of {self.actor}"


class VerdictQuerySet(models.QuerySet):
    def standing(self):
        """Those that still count: not taken back, and the accepted mention not removed."""
        return self.filter(
            Q(accepted=True, annotation__deleted=None) | Q(accepted=False, rejection__deleted=None)
        )

    def by_name(self, order):
        """For each actor and name how often it was accepted (`yes`), rejected (`no`) and
        `judged`, and the `share` accepted. `order` is one of these, with a minus from the most.
        """
        rows = self.order_by().values("project", "project__name", "actor", "actor__name", "name")
        counted = rows.annotate(
            yes=Count("pk", filter=Q(accepted=True)),
            no=Count("pk", filter=Q(accepted=False)),
            judged=Count("pk"),
            share=Avg(Case(When(accepted=True, then=1.0), default=0.0)),
        )
        return counted.order_by(order, "-judged", "actor__name", "name")


class Verdict(models.Model):
    """What a person said of a suggested mention: the record from which precision is shown.

    `name` is the actor's name or alias as the registry has it; the place is `[start, end)` of
    the revision, in code points, with its quote.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="verdicts")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="verdicts")
    actor = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="verdicts")
    name = models.CharField(max_length=200)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    quote = models.CharField(max_length=400)
    accepted = models.BooleanField()
    annotation = models.ForeignKey(
        Annotation, null=True, blank=True, on_delete=models.PROTECT, related_name="verdicts"
    )
    rejection = models.ForeignKey(
        Rejection, null=True, blank=True, on_delete=models.PROTECT, related_name="verdicts"
    )
    created = models.DateTimeField(default=timezone.now, editable=False)

    objects = VerdictQuerySet.as_manager()

    class Meta:
        ordering = ["created", "id"]
        verbose_name_plural = "suggestions: how good"
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "by", "actor", "start", "end"], name="verdict_once"
            ),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="verdict_not_empty"),
            models.CheckConstraint(
                condition=Q(accepted=True) | Q(annotation=None), name="verdict_of_rejection"
            ),
        ]
        indexes = [models.Index(fields=["article", "by"], name="verdict_article_by")]

    def __str__(self):
        return f"{'accepted' if self.accepted else 'rejected'}: {self.quote}"
