"""The codebook: its facets, their tags, and what the tags meant at a time."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from corpus_app.models import Project, Versioned, plain_name


class Codebook(Versioned):
    """What a project codes: its facets and their tags. One for each project."""

    name = models.CharField(max_length=200, validators=[plain_name])
    description = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project"], name="codebook_of_project")]

    def __str__(self):
        return self.name


class Facet(Versioned):
    """One question of the codebook, answered by one tag or by any number of them."""

    class Choose(models.TextChoices):
        ONE = "one", "one tag"
        ANY = "any", "any number of tags"

    codebook = models.ForeignKey(Codebook, on_delete=models.PROTECT, related_name="facets")
    slug = models.SlugField(max_length=80)
    name = models.CharField(max_length=200, validators=[plain_name])
    position = models.PositiveIntegerField(default=0)
    choose = models.CharField(max_length=3, choices=Choose, default=Choose.ANY)
    required = models.BooleanField(default=False)
    takes_stance = models.BooleanField(default=False)
    retired = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(fields=["project", "slug"], name="facet_slug_once"),
            models.CheckConstraint(condition=Q(choose__in=["one", "any"]), name="facet_choose"),
        ]

    def __str__(self):
        return self.name


class ClaimTagQuerySet(models.QuerySet):
    def current(self):
        """Those that may be chosen: neither retired, nor merged, nor of a retired facet."""
        return self.filter(retired=None, merged_into=None, facet__retired=None)

    def counted_with(self, tag_id):
        """The tag and, if it is merged, the one that has its codings now."""
        own = ClaimTag.objects.filter(pk=tag_id).values("project")
        stands = ClaimTag.objects.filter(project__in=own).stand_ins()
        return self.filter(pk__in={tag_id, stands.get(tag_id, tag_id)})

    def subtree(self, tag_ids):
        """The ids of these tags and of everything under them, in two queries."""
        found = level = set(tag_ids)
        projects = self.filter(pk__in=found).order_by().values("project")
        rows = ClaimTag.objects.filter(project__in=projects).exclude(parent=None).order_by()
        parents = dict(rows.values_list("pk", "parent"))
        while level:
            level = {tag for tag, parent in parents.items() if parent in level} - found
            found = found | level
        return found

    def stand_ins(self):
        """For each of them that is merged, the id of the one that stands for it now."""
        into = dict(self.exclude(merged_into=None).order_by().values_list("pk", "merged_into"))

        def end(tag):
            while tag in into:
                tag = into[tag]
            return tag

        return {tag: end(tag) for tag in into}


class ClaimTag(Versioned):
    """One answer to a facet's question. Retired or merged, never deleted."""

    facet = models.ForeignKey(Facet, on_delete=models.PROTECT, related_name="tags")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    slug = models.SlugField(max_length=80)
    label = models.CharField(max_length=200, validators=[plain_name])
    key = models.CharField(
        max_length=1, blank=True, help_text="The key that makes a claim with this tag at once."
    )
    colour = models.CharField(max_length=7, blank=True, help_text="#rrggbb; empty: by its place.")
    position = models.PositiveIntegerField(default=0)
    definition = models.TextField(blank=True)
    examples = models.JSONField(default=list, blank=True)
    definition_number = models.PositiveIntegerField(default=1, editable=False)
    retired = models.DateTimeField(null=True, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="merged",
        editable=False,
    )

    objects = ClaimTagQuerySet.as_manager()

    class Meta:
        ordering = ["facet__position", "position", "label"]
        constraints = [
            models.UniqueConstraint(fields=["project", "slug"], name="tag_slug_once"),
            models.UniqueConstraint(
                fields=["project", "key"],
                condition=~Q(key="") & Q(retired=None),
                name="tag_key_once",
                violation_error_message="Another tag has this key.",
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("id")), name="tag_not_its_own_parent"
            ),
        ]

    def __str__(self):
        return self.label


class Definition(models.Model):
    """What a tag meant at a time: the wording that codings were made under. Never changed."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    tag = models.ForeignKey(ClaimTag, on_delete=models.PROTECT, related_name="definitions")
    number = models.PositiveIntegerField()
    label = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    examples = models.JSONField(default=list, blank=True)
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["tag", "number"]
        constraints = [
            models.UniqueConstraint(fields=["tag", "number"], name="definition_number_once")
        ]

    def __str__(self):
        return f"{self.label}, definition {self.number}"
