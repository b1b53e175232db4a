"""Projects, their people, and the history of everything."""

import uuid

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
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

    class Figures(models.TextChoices):
        MANAGERS = "managers"
        CURATORS = "curators", "curators and managers"
        MEMBERS = "members", "every member"

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
    coders_per_article = models.PositiveSmallIntegerField(
        default=2, help_text="How many analysts code each article when work is spread."
    )
    names_hidden = models.BooleanField(
        default=False, help_text="Whoever adjudicates does not see whose version is whose."
    )
    figures_for = models.CharField(
        max_length=8,
        choices=Figures,
        default=Figures.CURATORS,
        help_text="Analysts see figures of articles only that they have handed in.",
    )
    archived = models.DateTimeField(null=True, blank=True, editable=False)
    created = models.DateTimeField(default=timezone.now, editable=False)
    updated = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(coders_per_article__gte=1, coders_per_article__lte=20),
                name="project_coders_per_article",
            ),
            models.CheckConstraint(
                condition=Q(figures_for__in=["managers", "curators", "members"]),
                name="project_figures_for",
            ),
        ]

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
    most_open = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Articles she has open at once at most; empty: any number."
    )
    ended = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["project__name", "user__username"]
        constraints = [
            models.UniqueConstraint(fields=["project", "user"], name="membership_once"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role"),
        ]

    def __str__(self):
        return f"{self.user} in {self.project} ({self.role})"


class InvitationQuerySet(models.QuerySet):
    def good(self):
        """Those that can be followed now: a link is worth no more than who made it may do."""
        managed = Membership.objects.filter(
            project=OuterRef("project"), user=OuterRef("by"), role=Role.MANAGER, ended=None
        )
        return self.filter(
            Q(by__is_superuser=True) | Exists(managed),
            by__is_active=True,
            project__archived=None,
            revoked=None,
            expires__gt=timezone.now(),
            used__lt=F("most_uses"),
        )


class Invitation(Versioned):
    """A link that makes whoever follows it a member; only the digest of its secret is stored."""

    role = models.CharField(max_length=10, choices=Role)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256, hexadecimal.")
    note = models.CharField(max_length=200, blank=True, help_text="For whom it is.")
    expires = models.DateTimeField()
    most_uses = models.PositiveSmallIntegerField(default=1)
    used = models.PositiveSmallIntegerField(default=0, editable=False)
    revoked = models.DateTimeField(null=True, blank=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="invitation_role"),
            models.CheckConstraint(
                condition=Q(used__lte=models.F("most_uses")), name="invitation_not_used_up"
            ),
        ]

    def __str__(self):
        return self.note or f"invitation as {self.role}"

    @property
    def state(self) -> str:
        """Revoked, used up, expired or open; an open one may still not be `good()`."""
        if self.revoked:
            return "revoked"
        if self.used >= self.most_uses:
            return "used up"
        return "expired" if self.expires <= timezone.now() else "open"


class SavedFilter(models.Model):
    """A person's own name for a filtered list of the desk; private convenience, no evidence."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_filters")
    model = models.CharField(max_length=80, help_text="Of which list, such as annotations.case.")
    name = models.CharField(max_length=80, validators=[plain_name])
    query = models.CharField(max_length=2000)
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["user", "model", "name"], name="saved_filter_once")
        ]

    def __str__(self):
        return self.name


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
    last_used = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-created"]
        constraints = [
            models.CheckConstraint(condition=Q(scope__in=["read", "write"]), name="token_scope")
        ]


class Operation(InProject):
    """One write to many rows, made after a preview; its events can be taken back at once."""

    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=20)
    words = models.CharField(max_length=300, help_text="What was done, as it is shown.")
    reason = models.TextField(blank=True)
    number = models.PositiveIntegerField(default=0, help_text="How many rows were written.")
    undoes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="undone_by"
    )

    class Meta:
        ordering = ["-created", "-id"]

    def __str__(self):
        return self.words


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
    reason = models.TextField(blank=True)
    operation = models.ForeignKey(
        Operation, null=True, on_delete=models.PROTECT, related_name="events"
    )

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


class Turn(models.Model):
    """The place of an event in the order in which changes are told to other programs.

    Rows are written by a trigger of the database (migration 0010), whatever door wrote the event.
    Numbers rise but have gaps; `changes` knows below which of them nothing is on its way still.
    """

    number = models.BigAutoField(primary_key=True)
    project = models.ForeignKey(Project, null=True, on_delete=models.PROTECT, related_name="+")
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="turn")

    class Meta:
        ordering = ["number"]
        indexes = [models.Index(fields=["project", "number"], name="turn_of_project")]

    def __str__(self):
        return f"{self.number}: {self.event_id}"
