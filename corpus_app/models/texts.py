"""Who publishes, what was published, and what of it was said before."""

from django.db import models
from django.db.models import Exists, F, Max, OuterRef, Q, Sum

from corpus_app.models.people import InProject, Project, Versioned, plain_name
from corpus_app.text import Role as TextRole
from corpus_app.text.learnt import Rule

# What a line of raw input can be there for, as `text.Role` has it.
LINE_ROLES = [role.value for role in TextRole]


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


class OutletRule(Versioned):
    """What certain lines of an outlet's pages are there for, learnt from a person's correction.

    A line is known by its words (figures in it may differ), by how it begins, by the line it
    comes after, or by its place among the lines that are not blank: from 1 at the top, from -1
    at the bottom.
    """

    class How(models.TextChoices):
        WORDS = "words", "lines of these words"
        BEGINS = "begins", "lines that begin so"
        AFTER = "after", "the line after these words"
        PLACE = "place", "the line at this place"

    outlet = models.ForeignKey(Outlet, on_delete=models.PROTECT, related_name="rules")
    how = models.CharField(max_length=6, choices=How)
    words = models.CharField(max_length=500, blank=True)
    place = models.SmallIntegerField(null=True, blank=True)
    role = models.CharField(max_length=12)
    retired = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["outlet", "created", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["outlet", "how", "words"],
                condition=Q(retired=None, place=None),
                name="outlet_rule_words_once",
            ),
            models.UniqueConstraint(
                fields=["outlet", "place"],
                condition=Q(retired=None, place__isnull=False),
                name="outlet_rule_place_once",
            ),
            models.CheckConstraint(
                condition=Q(how__in=["words", "begins", "after"], place=None) & ~Q(words="")
                | Q(how="place", words="", place__isnull=False) & ~Q(place=0),
                name="outlet_rule_words_or_place",
            ),
            models.CheckConstraint(condition=Q(role__in=LINE_ROLES), name="outlet_rule_role"),
        ]

    def __str__(self):
        return str(Rule(self.how, self.words, self.place, self.role))


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
    raw_type = models.CharField(
        max_length=80, default="text/plain", help_text="Media type: which reader reads it again."
    )

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


class PassageQuerySet(models.QuerySet):
    def said_before(self):
        """Those that are repeats: of which an earlier article has four fifths or more.

        Counted in characters of the stretches taken over from one article; what only quotes the
        same words as another article is no repeat.
        """
        return self.filter(self._taken_over())

    def first_said(self):
        """Those that are no repeats, so that what is said twice is counted once."""
        return self.filter(~self._taken_over())

    def with_said_before(self):
        """Each with `said_before`, whether it is a repeat."""
        return self.annotate(said_before=self._taken_over())

    @staticmethod
    def _taken_over() -> Exists:
        own = Reuse.objects.filter(passage=OuterRef("pk"), kind=Reuse.Kind.PASSAGE).order_by()
        by_article = own.values("source__revision").annotate(
            taken=Sum(F("end") - F("start")),
            length=Max(F("passage__end") - F("passage__start")),
        )
        return Exists(by_article.filter(taken__gte=0.8 * F("length")))


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

    objects = PassageQuerySet.as_manager()

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


class Reuse(InProject):
    """A stretch of a passage that an earlier article's passage has too, word for word or nearly.

    `[start, end)` and `[source_start, source_end)` are code points into the two revisions' texts;
    `score` is the share of words that are equal, from 0 to 1.
    """

    class Kind(models.TextChoices):
        PASSAGE = "passage", "taken over"
        QUOTATION = "quotation", "the same quotation"

    passage = models.ForeignKey(Passage, on_delete=models.PROTECT, related_name="reuses")
    source = models.ForeignKey(Passage, on_delete=models.PROTECT, related_name="reused_in")
    kind = models.CharField(max_length=9, choices=Kind, default=Kind.PASSAGE)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    source_start = models.PositiveIntegerField()
    source_end = models.PositiveIntegerField()
    score = models.FloatField()

    class Meta:
        ordering = ["passage", "start", "source"]
        constraints = [
            models.UniqueConstraint(
                fields=["passage", "source", "kind", "start"], name="reuse_once"
            ),
            models.CheckConstraint(condition=~Q(passage=F("source")), name="reuse_of_another"),
            models.CheckConstraint(
                condition=Q(end__gt=F("start"), source_end__gt=F("source_start")),
                name="reuse_not_empty",
            ),
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=1), name="reuse_score"),
            models.CheckConstraint(
                condition=Q(kind__in=["passage", "quotation"]), name="reuse_kind"
            ),
        ]
        indexes = [models.Index(fields=["project", "created", "id"], name="reuse_project_created")]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.start}–{self.end}"


class Fingerprint(models.Model):
    """One bucket of the locality-sensitive hash that a passage falls into; made anew at will.

    There are dozens to an article, so nothing is indexed but the bucket.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+", db_index=False)
    passage = models.ForeignKey(
        Passage, on_delete=models.CASCADE, related_name="fingerprints", db_index=False
    )
    bucket = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["bucket"], name="fingerprint_bucket")]

    def __str__(self):
        return f"bucket {self.bucket}"
