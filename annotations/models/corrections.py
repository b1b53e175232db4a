"""What became of annotations when their text was corrected."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from annotations.models.annotations import Annotation
from corpus_app.models import Project, Revision


class Carrying(models.Model):
    """What became of an annotation when its text was corrected.

    Carried: its spans are in the newer revision, `score` from 0 to 1 says how alike the words
    are. Otherwise it stays at the older one, in the tray, and `places` is where it might belong:
    a list of `[start, end)` in code points of the newer text, empty if nowhere.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    annotation = models.ForeignKey(Annotation, on_delete=models.PROTECT, related_name="carryings")
    origin = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="carryings")
    carried = models.BooleanField()
    score = models.FloatField()
    places = models.JSONField(default=list)
    version = models.PositiveIntegerField(help_text="The annotation's, once this was done.")
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["created", "id"]
        constraints = [
            models.UniqueConstraint(fields=["annotation", "revision"], name="carrying_once"),
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=1), name="carrying_score"),
        ]

    def __str__(self):
        return f"{'carried' if self.carried else 'in the tray'}, {self.score:.2f}"
