"""What people say to each other about an annotation."""

from django.db import models
from django.db.models import Q

from annotations.models.annotations import Annotation
from annotations.models.cases import Overruling
from annotations.models.recoding import Recoding
from annotations.models.work import Assignment
from corpus_app.models import Article, InProject, Project, User, Versioned


class Comment(Versioned):
    """A remark in the thread of an annotation, seen by whoever may see the annotation.

    `id` may be made by the client. Taken back it is deleted softly and can be restored.
    """

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="comments")
    annotation = models.ForeignKey(Annotation, on_delete=models.PROTECT, related_name="comments")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="comments")
    text = models.TextField()
    deleted = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created", "id"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="comment_says_something")]
        indexes = [models.Index(fields=["article", "updated"], name="comment_article_updated")]

    def __str__(self):
        return f"comment by {self.author}"


class Notice(models.Model):
    """That a comment names a colleague: she finds it among what is asked of her until read."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="notices")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="notices")
    read = models.DateTimeField(null=True, blank=True)
    mailed = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["comment", "id"]
        constraints = [
            models.UniqueConstraint(fields=["comment", "person"], name="notice_once"),
        ]
        indexes = [
            models.Index(fields=["person"], condition=Q(read=None), name="notice_unread"),
        ]

    def __str__(self):
        return f"{self.person}: {self.comment}"


class Message(InProject):
    """What a person is told of her work besides being named: it waits in her inbox until read."""

    class Kind(models.TextChoices):
        ASSIGNED = "assigned", "new work"
        RETURNED = "returned", "work returned"
        OVERRULED = "overruled", "decided otherwise"
        CONTESTED = "contested", "decision contested"
        ANSWERED = "answered", "objection answered"
        RECODING = "recoding", "to code again"

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="inbox")
    kind = models.CharField(max_length=9, choices=Kind)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    assignment = models.ForeignKey(
        Assignment, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    overruling = models.ForeignKey(
        Overruling, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recoding = models.ForeignKey(
        Recoding, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    number = models.PositiveIntegerField(default=1, help_text="How many of the kind it stands for.")
    read = models.DateTimeField(null=True, blank=True)
    mailed = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=["assigned", "returned"],
                    assignment__isnull=False,
                    overruling=None,
                    recoding=None,
                )
                | Q(
                    kind__in=["overruled", "contested", "answered"],
                    assignment=None,
                    overruling__isnull=False,
                    recoding=None,
                )
                | Q(kind="recoding", assignment=None, overruling=None, recoding__isnull=False),
                name="message_about_what_its_kind_says",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-created"], name="message_of_person"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} for {self.person}"
