"""The registry of actors: what they are called, when, and what they are part of."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from corpus_app.models.people import Project, User, Versioned, plain_name


class ActorQuerySet(models.QuerySet):
    def current(self):
        """Those that may be chosen: neither retired nor merged into another."""
        return self.filter(retired=None, merged_into=None)

    def counted_as(self, actor_id):
        """The actor and all that were merged into it, directly or through others."""
        return self.filter(Q(pk=actor_id) | Q(standing_id=actor_id))

    def within(self, actor_id, *, through=False):
        """What is part of the actor or of one merged into it; through others as well if asked."""
        found = wholes = set(Actor.objects.counted_as(actor_id).values_list("pk", flat=True))
        while wholes:
            parts = Affiliation.objects.filter(whole__in=wholes).values_list("actor_id", flat=True)
            below = set(parts) | set(
                Actor.objects.filter(standing__in=parts).values_list("pk", flat=True)
            )
            wholes = below - found
            found = found | wholes
            if not through:
                break
        return self.filter(pk__in=found).exclude(pk=actor_id).exclude(standing=actor_id)

    def with_parts(self):
        """With all that `actors.as_values` tells, in a number of queries that does not grow."""
        rows = self.select_related("merged_into")
        return rows.prefetch_related("aliases", "affiliations__whole", "external_ids")


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
    # Where the mergers end: who stands for it now. The door keeps it, so that nobody follows them.
    standing = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="absorbed",
        editable=False,
    )

    objects = ActorQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["project", "name_key"], name="actor_name_once"),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")),
                name="actor_not_merged_into_itself",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None, standing=None)
                | Q(merged_into__isnull=False, standing__isnull=False) & ~Q(standing=F("id")),
                name="actor_standing_if_merged",
            ),
        ]
        indexes = [models.Index(fields=["project", "created", "id"], name="actor_project_created")]

    def __str__(self):
        return self.name


class Affiliation(models.Model):
    """An actor is part of another, from `since` to `until`, both days included; open if empty."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    actor = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="affiliations")
    whole = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="members")
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["actor", F("since").asc(nulls_first=True), "id"]
        constraints = [
            models.UniqueConstraint(fields=["actor", "whole", "since"], name="affiliation_once"),
            models.UniqueConstraint(
                fields=["actor", "whole"],
                condition=Q(since=None),
                name="affiliation_open_start_once",
            ),
            models.CheckConstraint(
                condition=~Q(actor=F("whole")), name="affiliation_not_with_itself"
            ),
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")),
                name="affiliation_days_in_order",
            ),
        ]

    def __str__(self):
        return f"{self.actor} in {self.whole}"


class Alias(models.Model):
    """Another name of an actor; a metonym is a place's or building's name that stands for it.

    It is the actor's from `since` to `until`, both days included; open if empty.
    """

    class Case(models.TextChoices):
        USUAL = "usual", "as written, or in capitals throughout"
        EXACT = "exact", "only as written"
        ANY = "any", "in any case"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    actor = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="aliases")
    name = models.CharField(max_length=200, validators=[plain_name])
    name_key = models.CharField(max_length=400, editable=False)
    metonym = models.BooleanField(default=False)
    language = models.CharField(max_length=35, blank=True, help_text="BCP 47; empty: any.")
    case = models.CharField(max_length=5, choices=Case, default=Case.USUAL)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["metonym", "name"]
        verbose_name_plural = "aliases"
        constraints = [
            models.UniqueConstraint(fields=["actor", "name"], name="alias_once"),
            models.CheckConstraint(
                condition=Q(case__in=["usual", "exact", "any"]), name="alias_case"
            ),
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")),
                name="alias_days_in_order",
            ),
        ]
        indexes = [models.Index(fields=["project", "name_key"], name="alias_project_key")]

    def __str__(self):
        return self.name


class NameStart(models.Model):
    """A word of a name, with all that follows it: what one begins to type to find the actor.

    `key` is in UTF-8 and folded as `names.search_key` does: bytes are in the same order on every
    engine, so that an index answers. Made anew from names and aliases at every change.
    """

    class Place(models.IntegerChoices):
        NAME = 0
        ALIAS = 1
        WITHIN_NAME = 2
        WITHIN_ALIAS = 3

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+", db_index=False)
    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="name_starts")
    name = models.CharField(max_length=200)
    place = models.SmallIntegerField(choices=Place)
    key = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["project", "place", "key"], name="name_start_key")]

    def __str__(self):
        return self.name


class ExternalId(models.Model):
    """What an actor is called in an authority file, such as Q159 in Wikidata."""

    class Scheme(models.TextChoices):
        WIKIDATA = "wikidata", "Wikidata"
        VIAF = "viaf", "VIAF"
        ISNI = "isni", "ISNI"
        COUNTRY = "iso3166", "ISO 3166"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    actor = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="external_ids")
    scheme = models.CharField(max_length=10, choices=Scheme)
    value = models.CharField(max_length=40)

    class Meta:
        ordering = ["scheme", "value"]
        verbose_name = "external id"
        constraints = [
            models.UniqueConstraint(fields=["actor", "scheme", "value"], name="external_id_once"),
            models.CheckConstraint(
                condition=Q(scheme__in=["wikidata", "viaf", "isni", "iso3166"]),
                name="external_id_scheme",
            ),
        ]
        indexes = [models.Index(fields=["project", "scheme", "value"], name="external_id_project")]

    def __str__(self):
        return f"{self.scheme}:{self.value}"


class Unlike(models.Model):
    """Two actors that a person looked at and found not to be the same; `one` has the lesser id."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    one = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name_plural = "unlike pairs"
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="unlike_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="unlike_in_order"),
        ]

    def __str__(self):
        return f"{self.one} is not {self.other}"
