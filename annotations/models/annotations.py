"""Annotations: where they are, who takes part, how they are coded, and what they are linked to."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Length

from annotations.models.codebook import ClaimTag
from corpus_app.models import Actor, Article, Project, Reuse, Revision, User, Versioned


class AnnotationQuerySet(models.QuerySet):
    def standing(self):
        """Those that are not deleted."""
        return self.filter(deleted=None)

    def handed_in(self):
        """Analysts' annotations on articles that their author has handed in."""
        return self.filter(
            layer=Annotation.Layer.ANALYST,
            article__assignments__analyst=F("author"),
            article__assignments__state="handed_in",
        )

    def counted_once(self):
        """Those not made on what was said before: whose first span is in no stretch taken over.

        Of a text that several articles print only the earliest article's annotations are left.
        """
        first = Span.objects.filter(annotation=OuterRef("pk")).order_by("start")
        repeats = Reuse.objects.filter(
            kind=Reuse.Kind.PASSAGE, passage__revision=OuterRef("revision"),
            start__lte=OuterRef("first_start"), end__gte=OuterRef("first_end"),
        )  # fmt: skip
        placed = self.alias(
            first_start=Subquery(first.values("start")[:1]),
            first_end=Subquery(first.values("end")[:1]),
        )
        return placed.filter(~Exists(repeats))

    def with_parts(self):
        """With spans, participants and codings, in a constant number of queries."""
        return self.select_related("author").prefetch_related(
            "spans", "participants__actor", "codings__tag", "links"
        )


class Annotation(Versioned):
    """A mention or a claim: stretches of a revision, who takes part, and how it is coded.

    `id` may be made by the client, so that a creation sent twice is made once.
    """

    class Kind(models.TextChoices):
        MENTION = "mention"
        CLAIM = "claim"

    class Layer(models.TextChoices):
        ANALYST = "analyst"
        GOLD = "gold"

    class State(models.TextChoices):
        DRAFT = "draft", "something required is missing"
        COMPLETE = "complete"

    class Origin(models.TextChoices):
        HUMAN = "human"
        SUGGESTION = "suggestion"
        IMPORT = "import"

    class Attribution(models.TextChoices):
        UNSAID = "", "not said"
        AUTHOR = "author", "the article's own voice"
        QUOTED = "quoted", "quoted"
        REPORTED = "reported", "reported"

    class Certainty(models.TextChoices):
        UNSAID = "", "not said"
        HIGH = "high", "sure"
        MEDIUM = "medium", "fairly sure"
        LOW = "low", "unsure"

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="annotations")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="annotations")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="annotations")
    kind = models.CharField(max_length=7, choices=Kind)
    layer = models.CharField(max_length=7, choices=Layer, default=Layer.ANALYST)
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    attribution = models.CharField(max_length=8, choices=Attribution, blank=True, default="")
    certainty = models.CharField(
        max_length=6, choices=Certainty, blank=True, default="",
        help_text="How sure the analyst is of what she marked.",
    )  # fmt: skip
    note = models.TextField(blank=True)
    flagged = models.BooleanField(default=False, help_text="Asks a curator to look here.")
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.HUMAN)
    tool = models.CharField(max_length=80, blank=True)
    tool_version = models.CharField(max_length=40, blank=True)
    deleted = models.DateTimeField(null=True, blank=True)

    objects = AnnotationQuerySet.as_manager()

    class Meta:
        ordering = ["created", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["mention", "claim"]), name="annotation_kind"
            ),
            models.CheckConstraint(
                condition=Q(layer__in=["analyst", "gold"]), name="annotation_layer"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "complete"]), name="annotation_state"
            ),
            models.CheckConstraint(
                condition=Q(origin__in=["human", "suggestion", "import"]),
                name="annotation_origin",
            ),
            models.CheckConstraint(
                condition=Q(attribution__in=["", "author", "quoted", "reported"]),
                name="annotation_attribution",
            ),
            models.CheckConstraint(
                condition=Q(certainty__in=["", "high", "medium", "low"]),
                name="annotation_certainty",
            ),
        ]
        indexes = [
            models.Index(fields=["project", "created", "id"], name="annotation_project_created"),
            models.Index(fields=["revision", "layer", "author"], name="annotation_of_revision"),
            models.Index(fields=["article", "updated"], name="annotation_article_updated"),
            models.Index(fields=["project", "updated", "id"], name="annotation_project_updated"),
            # Of what is rare a list would else go through the whole project.
            models.Index(
                fields=["project", "created", "id"],
                condition=Q(flagged=True),
                name="annotation_flagged",
            ),
            models.Index(
                fields=["project", "created", "id"],
                condition=Q(deleted__isnull=False),
                name="annotation_deleted",
            ),
            models.Index(fields=["project"], condition=~Q(note=""), name="annotation_noted"),
            models.Index(
                fields=["project", "created", "id"],
                condition=Q(layer="gold"),
                name="annotation_gold",
            ),
        ]

    def __str__(self):
        return f"{self.kind} by {self.author}"


class Span(models.Model):
    """A stretch `[start, end)` of the revision's text, in code points, with its quote."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    # Here and below: no index of its own where another begins with it.
    annotation = models.ForeignKey(
        Annotation, on_delete=models.PROTECT, related_name="spans", db_index=False
    )
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    quote = models.TextField()

    class Meta:
        ordering = ["annotation", "start"]
        constraints = [
            models.UniqueConstraint(fields=["annotation", "start"], name="span_start_once"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="span_not_empty"),
            models.CheckConstraint(
                condition=Q(end=F("start") + Length("quote")), name="span_as_long_as_its_quote"
            ),
        ]

    def __str__(self):
        return self.quote


class Participant(models.Model):
    """An actor's part in an annotation.

    The article's author and outlet take part by `stands_for`, so that an unsigned article's
    author can claim something too.
    """

    class Role(models.TextChoices):
        NAMED = "named"
        MEANT = "meant"
        CLAIMANT = "claimant"
        TARGET = "target"
        VOICE = "voice"

    class Endorsement(models.TextChoices):
        UNSAID = "", "not said"
        ENDORSES = "endorses"
        NEUTRAL = "neutral"
        DISTANCES = "distances"

    class StandsFor(models.TextChoices):
        ACTOR = "", "the actor"
        AUTHOR = "author", "the article's author"
        OUTLET = "outlet", "the article's outlet"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    annotation = models.ForeignKey(
        Annotation, on_delete=models.PROTECT, related_name="participants", db_index=False
    )
    role = models.CharField(max_length=8, choices=Role)
    position = models.PositiveIntegerField(default=0)
    actor = models.ForeignKey(
        Actor, null=True, blank=True, on_delete=models.PROTECT, related_name="participations",
        db_index=False,
    )  # fmt: skip
    stands_for = models.CharField(max_length=6, choices=StandsFor, blank=True, default="")
    endorsement = models.CharField(
        max_length=9, choices=Endorsement, blank=True, default="",
        help_text="Of a step in the voice chain: how this voice stands to what it passes on.",
    )  # fmt: skip

    class Meta:
        ordering = ["annotation", "role", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["annotation", "role", "position"], name="participant_position_once"
            ),
            models.CheckConstraint(
                condition=Q(actor__isnull=False, stands_for="")
                | Q(actor=None, stands_for__in=["author", "outlet"]),
                name="participant_actor_or_stand_in",
            ),
            models.CheckConstraint(
                condition=Q(role__in=["named", "meant", "claimant", "target", "voice"]),
                name="participant_role",
            ),
            models.CheckConstraint(
                condition=Q(endorsement="")
                | Q(role="voice", endorsement__in=["endorses", "neutral", "distances"]),
                name="participant_endorsement_of_a_voice",
            ),
        ]
        indexes = [
            models.Index(fields=["actor", "role", "annotation"], name="participant_of_actor"),
        ]

    def __str__(self):
        return f"{self.role}: {self.actor or '@' + self.stands_for}"


class Coding(models.Model):
    """A tag given to an annotation, with the stance and the definition it was given under."""

    class Stance(models.TextChoices):
        NONE = "", "no stance"
        SUPPORT = "support"
        OPPOSE = "oppose"
        NEUTRAL = "neutral"
        UNCLEAR = "unclear"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    annotation = models.ForeignKey(
        Annotation, on_delete=models.PROTECT, related_name="codings", db_index=False
    )
    tag = models.ForeignKey(
        ClaimTag, on_delete=models.PROTECT, related_name="codings", db_index=False
    )
    definition_number = models.PositiveIntegerField()
    stance = models.CharField(max_length=7, choices=Stance, blank=True, default="")

    class Meta:
        ordering = ["annotation", "tag__facet__position", "tag__position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["annotation", "tag"], name="coding_tag_once"),
            models.CheckConstraint(
                condition=Q(stance__in=["", "support", "oppose", "neutral", "unclear"]),
                name="coding_stance",
            ),
        ]
        indexes = [models.Index(fields=["tag", "stance", "annotation"], name="coding_of_tag")]

    def __str__(self):
        return f"{self.tag} {self.stance}".strip()


class Link(models.Model):
    """What a claim says of another claim of the project, in this article or in another.

    The other may be deleted later, softly: the link stays and says so.
    """

    class Relation(models.TextChoices):
        RESTATES = "restates"
        SUPPORTS = "supports"
        CONTRADICTS = "contradicts"
        QUALIFIES = "qualifies"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    annotation = models.ForeignKey(
        Annotation, on_delete=models.PROTECT, related_name="links", db_index=False
    )
    relation = models.CharField(max_length=11, choices=Relation)
    claim = models.ForeignKey(Annotation, on_delete=models.PROTECT, related_name="linked_from")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["annotation", "position"]
        constraints = [
            models.UniqueConstraint(fields=["annotation", "claim"], name="link_once"),
            models.UniqueConstraint(fields=["annotation", "position"], name="link_position_once"),
            models.CheckConstraint(condition=~Q(annotation=F("claim")), name="link_not_to_itself"),
            models.CheckConstraint(
                condition=Q(relation__in=["restates", "supports", "contradicts", "qualifies"]),
                name="link_relation",
            ),
        ]

    def __str__(self):
        return f"{self.relation} {self.claim_id}"
