"""What people say to each other about an annotation."""

from django.db import models
from django.db.models import Q

from annotations.models.annotations import Annotation
from corpus_app.models import Article, Project, User, Versioned


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
