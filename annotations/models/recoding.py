"""Coding again what was coded under an older definition of a tag, and tags that became one."""

from django.db import models
from django.db.models import F, Q

from annotations.models.annotations import Annotation, Coding
from annotations.models.codebook import ClaimTag
from corpus_app.models import InProject, Operation, User, Versioned


class Recoding(Versioned):
    """A queue of the annotations that were coded with a tag under an older definition of it."""

    tag = models.ForeignKey(ClaimTag, on_delete=models.PROTECT, related_name="recodings")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    definition_number = models.PositiveIntegerField(help_text="The definition to code under.")
    reason = models.TextField(blank=True)
    before = models.JSONField(default=dict, help_text="Agreement on the tag when it was opened.")
    after = models.JSONField(default=dict, help_text="The same when it was closed.")
    closed = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["tag"], condition=Q(closed=None), name="recoding_one_open_for_a_tag"
            )
        ]

    def __str__(self):
        return f"{self.tag}, definition {self.definition_number}"


class Recode(Versioned):
    """One annotation to be coded again by its author, who is not shown what she said before."""

    class Answer(models.TextChoices):
        UNSAID = "", "not yet"
        APPLIES = "applies"
        DOES_NOT = "does not", "does not apply"

    recoding = models.ForeignKey(Recoding, on_delete=models.PROTECT, related_name="recodes")
    annotation = models.ForeignKey(Annotation, on_delete=models.PROTECT, related_name="recodes")
    analyst = models.ForeignKey(User, on_delete=models.PROTECT, related_name="recodes")
    stance_before = models.CharField(max_length=7, choices=Coding.Stance, blank=True, default="")
    number_before = models.PositiveIntegerField(help_text="Of the definition it was coded under.")
    answer = models.CharField(max_length=8, choices=Answer, blank=True, default="")
    stance = models.CharField(max_length=7, choices=Coding.Stance, blank=True, default="")
    note = models.TextField(blank=True)
    done = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["recoding", "annotation"]
        constraints = [
            models.UniqueConstraint(fields=["recoding", "annotation"], name="recode_once"),
            models.CheckConstraint(
                condition=Q(done=None, answer="")
                | Q(done__isnull=False, answer__in=["applies", "does not"]),
                name="recode_done_with_an_answer",
            ),
        ]
        indexes = [models.Index(fields=["analyst", "done"], name="recode_of_analyst")]

    def __str__(self):
        return f"{self.recoding}: {self.annotation}"


class TagMerger(InProject):
    """That a tag became another, or part of it did: the operation that moved its codings."""

    source = models.ForeignKey(ClaimTag, on_delete=models.PROTECT, related_name="mergers")
    target = models.ForeignKey(ClaimTag, on_delete=models.PROTECT, related_name="merged_from")
    operation = models.OneToOneField(Operation, on_delete=models.PROTECT, related_name="tag_merger")
    whole = models.BooleanField(default=True, help_text="False where only a part was split off.")
    undone = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(source=F("target")), name="tag_merger_of_two"),
            models.UniqueConstraint(
                fields=["source"],
                condition=Q(undone=None, whole=True),
                name="tag_merger_one_standing",
            ),
        ]

    def __str__(self):
        return f"{self.source} into {self.target}"
