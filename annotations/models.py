"""The codebook, and the annotations made with it: who claims what about whom, and where.

Rows are written by the doors (`codebook`, `assigning`, `annotating`) and by nobody else.
"""

from django.db import models
from django.db.models import Avg, Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce, Length
from django.utils import timezone

from corpus_app.models import Actor, Article, Project, Reuse, Revision, User, Versioned, plain_name


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


class AssignmentQuerySet(models.QuerySet):
    def with_progress(self):
        """Each with `made` and `incomplete`, how many annotations its analyst has there."""
        own = Annotation.objects.standing().filter(
            article=OuterRef("article"), author=OuterRef("analyst"), layer="analyst"
        )
        return self.annotate(made=_count(own), incomplete=_count(own.filter(state="draft")))


def _count(annotations: QuerySet) -> Coalesce:
    """How many of these an outer row's article has."""
    counted = annotations.order_by().values("article").annotate(number=Count("pk"))
    return Coalesce(Subquery(counted.values("number")), 0)


class Assignment(Versioned):
    """One analyst's work on one article."""

    class State(models.TextChoices):
        ASSIGNED = "assigned"
        STARTED = "started"
        HANDED_IN = "handed_in", "handed in"
        RETURNED = "returned"

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="assignments")
    analyst = models.ForeignKey(User, on_delete=models.PROTECT, related_name="assignments")
    state = models.CharField(max_length=10, choices=State, default=State.ASSIGNED)
    due_on = models.DateField(null=True, blank=True)
    comment = models.TextField(blank=True, help_text="Why it was returned.")

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "created", "id"]
        constraints = [
            models.UniqueConstraint(fields=["article", "analyst"], name="assignment_once"),
            models.CheckConstraint(
                condition=Q(state__in=["assigned", "started", "handed_in", "returned"]),
                name="assignment_state",
            ),
        ]

    def __str__(self):
        return f"{self.analyst}: {self.article} ({self.get_state_display()})"

    @property
    def open(self) -> bool:
        return self.state != self.State.HANDED_IN


class AnnotationQuerySet(models.QuerySet):
    def standing(self):
        """Those that are not deleted."""
        return self.filter(deleted=None)

    def handed_in(self):
        """Analysts' annotations on articles that their author has handed in."""
        done = Assignment.objects.filter(
            article=OuterRef("article"), analyst=OuterRef("author"), state="handed_in"
        )
        return self.filter(Exists(done), layer=Annotation.Layer.ANALYST)

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
            "spans", "participants__actor", "codings__tag"
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

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="annotations")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="annotations")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="annotations")
    kind = models.CharField(max_length=7, choices=Kind)
    layer = models.CharField(max_length=7, choices=Layer, default=Layer.ANALYST)
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    attribution = models.CharField(max_length=8, choices=Attribution, blank=True, default="")
    note = models.TextField(blank=True)
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
        ]
        indexes = [
            models.Index(fields=["project", "created", "id"], name="annotation_project_created"),
            models.Index(fields=["revision", "layer", "author"], name="annotation_of_revision"),
        ]

    def __str__(self):
        return f"{self.kind} by {self.author}"


class Span(models.Model):
    """A stretch `[start, end)` of the revision's text, in code points, with its quote."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    annotation = models.ForeignKey(Annotation, on_delete=models.PROTECT, related_name="spans")
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

    class StandsFor(models.TextChoices):
        ACTOR = "", "the actor"
        AUTHOR = "author", "the article's author"
        OUTLET = "outlet", "the article's outlet"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    annotation = models.ForeignKey(
        Annotation, on_delete=models.PROTECT, related_name="participants"
    )
    role = models.CharField(max_length=8, choices=Role)
    position = models.PositiveIntegerField(default=0)
    actor = models.ForeignKey(
        Actor, null=True, blank=True, on_delete=models.PROTECT, related_name="participations"
    )
    stands_for = models.CharField(max_length=6, choices=StandsFor, blank=True, default="")

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
    annotation = models.ForeignKey(Annotation, on_delete=models.PROTECT, related_name="codings")
    tag = models.ForeignKey(ClaimTag, on_delete=models.PROTECT, related_name="codings")
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

    def __str__(self):
        return f"{self.tag} {self.stance}".strip()


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


class Rejection(Versioned):
    """A person's no to suggested mentions of one actor in an article, as one change of hers.

    `id` may be made by the client. `deleted` is when she took it back; it may stand again.
    """

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="rejections")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="rejections")
    actor = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+")
    deleted = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created", "id"]
        indexes = [models.Index(fields=["article", "author"], name="rejection_article_author")]

    def __str__(self):
        return f"no mention of {self.actor}"


class VerdictQuerySet(models.QuerySet):
    def standing(self):
        """Those that still count: not taken back, and the accepted mention not removed."""
        return self.filter(
            Q(accepted=True, annotation__deleted=None) | Q(accepted=False, rejection__deleted=None)
        )

    def by_name(self, order):
        """For each actor and name how often it was accepted (`yes`), rejected (`no`) and
        `judged`, and the `share` accepted. `order` is one of these, with a minus from the most.
        """
        rows = self.order_by().values("project", "project__name", "actor", "actor__name", "name")
        counted = rows.annotate(
            yes=Count("pk", filter=Q(accepted=True)),
            no=Count("pk", filter=Q(accepted=False)),
            judged=Count("pk"),
            share=Avg(Case(When(accepted=True, then=1.0), default=0.0)),
        )
        return counted.order_by(order, "-judged", "actor__name", "name")


class Verdict(models.Model):
    """What a person said of a suggested mention: the record from which precision is shown.

    `name` is the actor's name or alias as the registry has it; the place is `[start, end)` of
    the revision, in code points, with its quote.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="verdicts")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="verdicts")
    actor = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="verdicts")
    name = models.CharField(max_length=200)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    quote = models.CharField(max_length=400)
    accepted = models.BooleanField()
    annotation = models.ForeignKey(
        Annotation, null=True, blank=True, on_delete=models.PROTECT, related_name="verdicts"
    )
    rejection = models.ForeignKey(
        Rejection, null=True, blank=True, on_delete=models.PROTECT, related_name="verdicts"
    )
    created = models.DateTimeField(default=timezone.now, editable=False)

    objects = VerdictQuerySet.as_manager()

    class Meta:
        ordering = ["created", "id"]
        verbose_name_plural = "suggestions: how good"
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "by", "actor", "start", "end"], name="verdict_once"
            ),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="verdict_not_empty"),
            models.CheckConstraint(
                condition=Q(accepted=True) | Q(annotation=None), name="verdict_of_rejection"
            ),
        ]
        indexes = [models.Index(fields=["article", "by"], name="verdict_article_by")]

    def __str__(self):
        return f"{'accepted' if self.accepted else 'rejected'}: {self.quote}"
