"""What goes out and comes in: imports, releases, and messages to other systems."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from corpus_app.models import Event, InProject, User, Versioned, plain_name


class Import(InProject):
    """A file of another tool, or of another desk, and what became of its rows.

    `report` has what was refused and remarked, by line and reason; `dry` ones stored nothing,
    `whole` ones would have stored all or nothing.
    """

    class State(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        REFUSED = "refused", "nothing stored"
        BROKEN = "broken", "broken off"

    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="imports")
    format = models.CharField(max_length=20)
    name = models.CharField(max_length=255, blank=True, help_text="Of the file.")
    dry = models.BooleanField(default=False)
    whole = models.BooleanField(default=False)
    state = models.CharField(max_length=7, choices=State, default=State.RUNNING)
    read = models.PositiveIntegerField(default=0, help_text="Rows read so far.")
    stored = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    report = models.JSONField(default=dict)
    finished = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["running", "done", "refused", "broken"]),
                name="import_state",
            ),
        ]

    def __str__(self):
        return f"{self.name or self.format} by {self.by}"


class Release(Versioned):
    """A project as it was at a moment, frozen in one archive that can be cited.

    `manifest` says of each file in it how large it is, its SHA-256 and how many rows it has.
    """

    class Audience(models.TextChoices):
        CURATORS = "curators", "curators and managers"
        MEMBERS = "members", "every member"
        ANYBODY = "anybody", "anybody who has its address"

    number = models.PositiveIntegerField()
    name = models.CharField(max_length=200, validators=[plain_name])
    note = models.TextField(blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="releases")
    audience = models.CharField(max_length=8, choices=Audience, default=Audience.CURATORS)
    with_texts = models.BooleanField(
        default=False, help_text="Whether the articles' texts are in it, not only quotes."
    )
    manifest = models.JSONField(default=dict)
    size = models.PositiveBigIntegerField(default=0, help_text="Of the archive, in bytes.")
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="release_number_once"),
            models.CheckConstraint(
                condition=Q(audience__in=["curators", "members", "anybody"]),
                name="release_audience",
            ),
        ]

    def __str__(self):
        return f"{self.name} (release {self.number})"


class ReleasePiece(models.Model):
    """A stretch of a release's archive, so that no archive is ever in memory as a whole."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="pieces")
    number = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        ordering = ["release", "number"]
        constraints = [
            models.UniqueConstraint(fields=["release", "number"], name="release_piece_once")
        ]

    def __str__(self):
        return f"{self.release}, piece {self.number}"


class Webhook(Versioned):
    """An address of another system that is told what changes in a project.

    It is told what its owner may see, of the chosen `events` (names such as `annotation` or
    `annotation.created`; none: all), from the turn after `told` on. Its secret is made from
    `salt` and the site's own key, so that it is stored nowhere.
    """

    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="webhooks")
    name = models.CharField(max_length=80, validators=[plain_name])
    url = models.CharField(max_length=500)
    events = models.JSONField(default=list, blank=True)
    salt = models.CharField(max_length=64, editable=False)
    active = models.BooleanField(default=True)
    told = models.PositiveBigIntegerField(default=0, editable=False)
    failing = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="Since when nothing gets through."
    )
    rests = models.DateTimeField(
        null=True, blank=True, editable=False,
        help_text="Until when nothing is begun: it is being sent to, or did not answer.",
    )  # fmt: skip
    ended = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["name", "id"]

    def __str__(self):
        return self.name


class Delivery(models.Model):
    """One event on its way to a webhook, and how the last try went."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DELIVERED = "delivered"
        GIVEN_UP = "given_up", "given up"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.PROTECT, related_name="deliveries")
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="deliveries")
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    due = models.DateTimeField(default=timezone.now)
    tried = models.DateTimeField(null=True, blank=True)
    status = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Of the answer.")
    note = models.CharField(max_length=500, blank=True, help_text="What was answered, or why not.")
    seconds = models.FloatField(null=True, blank=True)
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name_plural = "deliveries"
        ordering = ["-created", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["webhook", "event"], name="delivery_once"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "delivered", "given_up"]), name="delivery_state"
            ),
        ]
        indexes = [
            models.Index(fields=["due"], condition=Q(state="waiting"), name="delivery_due"),
            models.Index(fields=["webhook", "created", "id"], name="delivery_log"),
        ]

    def __str__(self):
        return f"{self.event} to {self.webhook}"
