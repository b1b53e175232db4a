"""Projects, their people, and the history of everything."""

import uuid

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from knox.models import AbstractAuthToken

from corpus_app.names import UnfitName, clean_name


def plain_name(value: str) -> None:
    """Refuse a name with hidden characters (a validator)."""
    try:
        if clean_name(value) != value:
            raise UnfitName("The name has blanks at its ends, doubled blanks or loose accents.")
    except UnfitName as error:
        raise ValidationError(str(error)) from error


class User(AbstractUser):
    """A person. What she may do is said by her memberships; the superuser runs the site."""

    username_validators = [*AbstractUser._meta.get_field("username").validators, plain_name]
    username = models.CharField(
        "user name",
        max_length=150,
        unique=True,
        validators=username_validators,
        help_text="Letters, digits and @/./+/-/_ only.",
        error_messages={"unique": "Somebody has this user name already."},
    )

    # Set while a token that opens one project only acts for this person.
    only_project_id: uuid.UUID | None = None

    class Meta(AbstractUser.Meta):
        constraints = [
            models.UniqueConstraint(Lower("username"), name="user_username_unique_any_case")
        ]

    @property
    def shown_name(self) -> str:
        """The full name, or the user name of somebody who gave none."""
        return self.get_full_name() or self.username


class Project(models.Model):
    """A team's corpus, codebook and annotations; nothing is shared between projects."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200, validators=[plain_name])
    description = models.TextField(blank=True)
    language = models.CharField(
        max_length=35, default="en", help_text="Of articles that do not say theirs (BCP 47)."
    )
    blind = models.BooleanField(
        default=True,
        help_text="Analysts see nobody else's annotations on an article until they handed it in.",
    )
    created = models.DateTimeField(default=timezone.now, editable=False)
    updated = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class InProject(models.Model):
    """A row of a project, addressed by a UUID that says nothing about how many there are."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT)
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        abstract = True


class Versioned(InProject):
    """A row that is changed only by somebody who has seen its present version."""

    version = models.PositiveIntegerField(default=1, editable=False)
    updated = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        abstract = True


class Role(models.TextChoices):
    ANALYST = "analyst"
    CURATOR = "curator"
    MANAGER = "manager"


class Membership(Versioned):
    """What one person may do in one project."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role)

    class Meta:
        ordering = ["project__name", "user__username"]
        constraints = [
            models.UniqueConstraint(fields=["project", "user"], name="membership_once"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role"),
        ]

    def __str__(self):
        return f"{self.user} in {self.project} ({self.role})"


class Token(AbstractAuthToken):
    """A key for another program; only its digest is stored."""

    class Scope(models.TextChoices):
        READ = "read", "read only"
        WRITE = "write", "read and write"

    name = models.CharField(max_length=80, validators=[plain_name])
    scope = models.CharField(max_length=5, choices=Scope, default=Scope.READ)
    project = models.ForeignKey(
        Project,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The only project the token opens; empty: all of its owner's.",
    )

    class Meta:
        ordering = ["-created"]
        constraints = [
            models.CheckConstraint(condition=Q(scope__in=["read", "write"]), name="token_scope")
        ]


class Event(models.Model):
    """One write: who did what when, and the thing before and after. Never changed or deleted.

    `id` is the client's name for the change, so that a change sent twice is made once.
    `author` is set where the event tells of one analyst's work and must stay hidden with it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, null=True, on_delete=models.PROTECT)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=310)
    verb = models.CharField(max_length=20)
    noun = models.CharField(max_length=20)
    object_id = models.CharField(max_length=36)
    version = models.PositiveIntegerField()
    article = models.ForeignKey(
        "Article", null=True, on_delete=models.PROTECT, related_name="events"
    )
    author = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    undoes = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["noun", "object_id", "version"], name="event_once_per_version"
            )
        ]
        indexes = [
            models.Index(fields=["project", "at", "id"], name="event_project_at"),
            models.Index(fields=["article", "by", "at"], name="event_article_by"),
        ]

    def __str__(self):
        return f"{self.by_name} {self.verb} {self.noun} (version {self.version})"
