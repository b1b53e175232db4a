"""How a person keeps her desk: what is hers alone, is no evidence and leaves no history."""

from django.db import models
from django.utils import timezone

from corpus_app.models import Article, Project, Revision, User


class Preference(models.Model):
    """A person's own keys and choices, the same on every device."""

    class Digest(models.TextChoices):
        NEVER = "never"
        DAILY = "daily"
        WEEKLY = "weekly"

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="preference")
    keys = models.JSONField(default=dict, help_text="From the name of a command to its key.")
    density = models.CharField(max_length=7, default="all")
    toured = models.DateTimeField(null=True, blank=True)
    digest = models.CharField(
        max_length=6, choices=Digest, default=Digest.DAILY,
        help_text="How often the inbox comes by e-mail, if anything is unread.",
    )  # fmt: skip
    digested = models.DateTimeField(null=True, blank=True)

    def __str__(self):
        return f"Preferences of {self.user}"


class ReadingPosition(models.Model):
    """Where a person stopped reading: a place in code points of the revision she read."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+")
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    place = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "user"], name="reading_position_once")
        ]

    def __str__(self):
        return f"{self.user} at {self.place} of {self.article}"


class Presence(models.Model):
    """That a person has an article open; it counts for a short time only."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    seen = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "user"], name="presence_once")]

    def __str__(self):
        return f"{self.user} at {self.article}"
