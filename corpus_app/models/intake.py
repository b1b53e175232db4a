"""What comes in together: batches of files, and how tables are read."""

from django.db import models
from django.db.models import Q

from corpus_app.models.people import Project, User, Versioned
from corpus_app.models.texts import Article


class TableLayout(Versioned):
    """Which column of a table is which field of an article, remembered by the columns' names."""

    columns_key = models.CharField(max_length=64, help_text="SHA-256 of the columns' names.")
    columns = models.JSONField(default=list)
    fields = models.JSONField(default=dict, help_text="Field of an article → column of the table.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "columns_key"], name="table_layout_once")
        ]

    def __str__(self):
        return ", ".join(self.columns)


class Batch(Versioned):
    """Files that come in together; what became of each is in its items."""

    class State(models.TextChoices):
        OPEN = "open", "files are still coming"
        RUNNING = "running"
        DONE = "done"

    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="batches")
    name = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=7, choices=State, default=State.OPEN)

    class Meta:
        ordering = ["-created", "-id"]
        verbose_name_plural = "batches"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "running", "done"]), name="batch_state"
            )
        ]

    def __str__(self):
        return self.name or f"Batch of {self.created:%Y-%m-%d %H:%M}"


class BatchItem(models.Model):
    """One file or table row of a batch, and what became of it; its bytes only while it waits.

    What came out of an archive or a table knows it as `part_of`. `table` is what a table looks
    like: its `columns`, a `sample` of its rows, and the `fields` it is read by once that is fixed.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        UNPACKED = "unpacked"
        STORED = "stored"
        PRESENT = "present", "there already"
        REFUSED = "refused"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="items")
    number = models.PositiveIntegerField()
    part_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="parts")
    name = models.CharField(max_length=500)
    kind = models.CharField(max_length=80, blank=True)
    data = models.BinaryField(null=True)
    size = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, default="")
    table = models.JSONField(null=True)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    reason = models.TextField(blank=True)
    article = models.ForeignKey(
        Article, null=True, blank=True, on_delete=models.PROTECT, related_name="batch_items"
    )

    class Meta:
        ordering = ["batch", "number"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="batch_item_once"),
            models.UniqueConstraint(
                fields=["batch", "name", "sha256"],
                condition=Q(part_of=None),
                name="batch_file_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "unpacked", "stored", "present", "refused"]),
                name="batch_item_state",
            ),
        ]
        indexes = [
            models.Index(fields=["batch", "state", "number"], name="batch_item_by_state"),
            models.Index(
                fields=["project", "size"], condition=Q(state="waiting"), name="batch_item_waiting"
            ),
        ]

    def __str__(self):
        return self.name
