"""Projects and people, articles and their texts, actors, and the history of everything.

Everything belongs to exactly one project and carries `project` itself. Rows are written by the
doors (`history`, `people`, `ingest`, `actors`) and by nobody else.
"""

import uuid

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
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


class Outlet(Versioned):
    """Who publishes: a newspaper, an agency, an institute's site."""

    name = models.CharField(max_length=200, validators=[plain_name])
    name_key = models.CharField(max_length=400, editable=False)
    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166 code, such as JP.")
    url = models.URLField(max_length=500, blank=True)
    standpoint = models.TextField(blank=True, help_text="Owner, leaning, national vantage point.")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["project", "name_key"], name="outlet_name_once")
        ]

    def __str__(self):
        return self.name


class Story(Versioned):
    """The event that several articles report."""

    title = models.CharField(max_length=300)
    happened_on = models.DateField(null=True, blank=True)
    summary = models.TextField(blank=True)

    class Meta:
        ordering = ["title"]
        verbose_name_plural = "stories"
        constraints = [
            models.UniqueConstraint(fields=["project", "title"], name="story_title_once")
        ]

    def __str__(self):
        return self.title


class Article(Versioned):
    """Identity and metadata of one text; the text itself is in its revisions."""

    outlet = models.ForeignKey(
        Outlet, null=True, blank=True, on_delete=models.PROTECT, related_name="articles"
    )
    story = models.ForeignKey(
        Story, null=True, blank=True, on_delete=models.PROTECT, related_name="articles"
    )
    title = models.CharField(max_length=500, blank=True)
    authors = models.JSONField(default=list, blank=True, help_text="Names, in printed order.")
    translators = models.JSONField(default=list, blank=True)
    published_on = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=35, help_text="BCP 47, such as en or ar.")
    url = models.URLField(max_length=2000, blank=True)
    rights = models.TextField(blank=True)
    raw = models.BinaryField()
    raw_sha256 = models.CharField(max_length=64)
    raw_name = models.CharField(max_length=255, blank=True)

    class Meta:
        ordering = ["-created", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "raw_sha256"], name="article_raw_once")
        ]
        indexes = [
            models.Index(fields=["project", "created", "id"], name="article_project_created"),
            models.Index(fields=["project", "published_on"], name="article_project_published"),
        ]

    def __str__(self):
        return self.shown_title

    @property
    def shown_title(self) -> str:
        """The title, or what an untitled article can be known by."""
        return self.title or f"Untitled ({self.raw_name or self.raw_sha256[:8]})"

    @property
    def shown_authors(self) -> str:
        return ", ".join(self.authors) or "unsigned"


class Revision(InProject):
    """The cleaned text, numbered. Never changed; correcting a text makes another revision."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    roles = models.JSONField(default=dict, help_text="Line number of the raw input → its role.")

    class Meta:
        ordering = ["article", "number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="revision_number_once")
        ]

    def __str__(self):
        return f"revision {self.number}"


class Passage(InProject):
    """A numbered slice `[start, end)` of a revision, in code points. Passages never overlap."""

    class Kind(models.TextChoices):
        TITLE = "title"
        HEADING = "heading"
        BODY = "body"
        CAPTION = "caption"
        BIO = "bio"
        NOTE = "note"

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="passages")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()

    class Meta:
        ordering = ["revision", "number"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "number"], name="passage_number_once"),
            models.UniqueConstraint(fields=["revision", "start"], name="passage_start_once"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="passage_not_empty"),
        ]

    def __str__(self):
        return f"passage {self.number}"

    def slice(self, text: str) -> str:
        """The passage's own text, cut from its revision's."""
        return text[self.start : self.end]


class ActorQuerySet(models.QuerySet):
    def current(self):
        """Those that may be chosen: neither retired nor merged into another."""
        return self.filter(retired=None, merged_into=None)


class Actor(Versioned):
    """Somebody who claims, or about whom claims are made. Retired or merged, never deleted."""

    class Kind(models.TextChoices):
        STATE = "state"
        INTERNATIONAL = "international organisation", "International organisation"
        GOVERNMENT = "government body", "Government body"
        PARTY = "party"
        PERSON = "person"
        AUTHOR = "author"
        MEDIA = "media"
        RESEARCH = "research institute", "Research institute"
        COMPANY = "company"
        CIVIL = "civil society", "Civil society"
        ARMED = "armed group", "Armed group"
        PLACE = "place"
        OTHER = "other"

    name = models.CharField(max_length=200, validators=[plain_name])
    name_key = models.CharField(max_length=400, editable=False)
    kind = models.CharField(max_length=30, choices=Kind, default=Kind.OTHER)
    part_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts"
    )
    notes = models.TextField(blank=True)
    retired = models.DateTimeField(null=True, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="merged",
        editable=False,
    )

    objects = ActorQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["project", "name_key"], name="actor_name_once"),
            models.CheckConstraint(
                condition=Q(part_of=None) | ~Q(part_of=F("id")), name="actor_not_part_of_itself"
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")),
                name="actor_not_merged_into_itself",
            ),
        ]
        indexes = [models.Index(fields=["project", "created", "id"], name="actor_project_created")]

    def __str__(self):
        return self.name


class Alias(models.Model):
    """Another name of an actor; a metonym is a place's or building's name that stands for it."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    actor = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="aliases")
    name = models.CharField(max_length=200, validators=[plain_name])
    name_key = models.CharField(max_length=400, editable=False)
    metonym = models.BooleanField(default=False)

    class Meta:
        ordering = ["metonym", "name"]
        verbose_name_plural = "aliases"
        constraints = [
            models.UniqueConstraint(fields=["actor", "name"], name="alias_once"),
        ]
        indexes = [models.Index(fields=["project", "name_key"], name="alias_project_key")]

    def __str__(self):
        return self.name
