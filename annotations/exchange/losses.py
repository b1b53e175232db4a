"""What an export in a format that cannot hold everything leaves out, of what there really is."""

from collections.abc import Callable, Iterable

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from annotations.exchange.holdings import Feature
from annotations.exchange.source import Source
from annotations.models import Coding, Participant, Span
from corpus_app.models import Actor, Article, Project, Revision

ONE = {
    "stories": "story", "outlets or stories": "outlet or story", "tags or actors": "tag or actor",
    "facets, tags or actors": "facet, tag or actor",
}  # fmt: skip
MOST = 1_000  # counted; of more it is said that there are more
Rows = Callable[[Source], QuerySet]


def of(source: Source, lost: Iterable[Feature]) -> list[str]:
    """A sentence for each of these features that the source has, in the order of the features.

    One query each, which stops counting at MOST. Plain ASCII, fit for a header.
    """
    lost = frozenset(lost)
    told = []
    for feature in Feature:
        if feature not in lost:
            continue
        number = sum(rows(source).order_by()[: MOST + 1].count() for rows in FOUND[feature])
        if number:
            told.append(f"Left out: {feature} ({_in_words(number, NOUNS[feature])}).")
    return told


def _in_words(number: int, noun: str) -> str:
    if number > MOST:
        return f"more than {MOST:,} {noun}"
    return f"{number} {ONE.get(noun, noun.removesuffix('s')) if number == 1 else noun}"


def _annotations(source: Source) -> QuerySet:
    return source.annotations.filter(project=source.project)


def _parts(source: Source) -> QuerySet[Participant]:
    return Participant.objects.filter(annotation__in=_annotations(source))


def _codings(source: Source) -> QuerySet[Coding]:
    return Coding.objects.filter(annotation__in=_annotations(source))


def _corrected(source: Source) -> QuerySet:
    later = Revision.objects.filter(article=OuterRef("pk"), number__gt=1)
    return source.articles.filter(Exists(later))


def _in_pieces(source: Source) -> QuerySet:
    """Which have a stretch before another one."""
    earlier = Span.objects.filter(annotation=OuterRef("annotation"), start__lt=OuterRef("start"))
    later = Span.objects.filter(Exists(earlier), annotation=OuterRef("pk"))
    return _annotations(source).filter(Exists(later))


def _overlapping(source: Source) -> QuerySet:
    """Stretches that share words with one of another annotation on the same text."""
    own = Span.objects.filter(annotation__in=_annotations(source))
    others = own.filter(
        annotation__revision=OuterRef("annotation__revision"), start__lt=OuterRef("end"),
        end__gt=OuterRef("start"),
    )  # fmt: skip
    return own.filter(Exists(others.exclude(annotation=OuterRef("annotation"))))


def _unused_tags(source: Source) -> QuerySet:
    return source.tags.exclude(pk__in=_codings(source).order_by().values("tag"))


def _unused_actors(source: Source) -> QuerySet[Actor]:
    named = _parts(source).exclude(actor=None).order_by().values("actor")
    return source.actors.exclude(pk__in=named)


def _articles_with(**usual: object) -> tuple[Rows]:
    """Articles that have something else in one of these columns than what is usual."""
    without = Q(**usual)
    return (lambda source: source.articles.exclude(without),)


def _unmarked(source: Source) -> QuerySet:
    own = _annotations(source).filter(article=OuterRef("pk"))
    return source.articles.exclude(Exists(own))


def _without_articles(rows: QuerySet, name: str) -> QuerySet:
    own = Article.objects.filter(**{name: OuterRef("pk")})
    return rows.exclude(Exists(own))


def _annotations_with(condition: Q) -> tuple[Rows]:
    return (lambda source: _annotations(source).filter(condition),)


def _all_articles(source: Source) -> QuerySet:
    return source.articles


def _tags_with(condition: Q) -> tuple[Rows]:
    return (lambda source: source.tags.filter(condition),)


def _of_facets(source: Source) -> QuerySet:
    return source.facets


RETIRED = ~Q(retired=None)
FOUND: dict[Feature, tuple[Rows, ...]] = {
    Feature.TEXTS: (_all_articles,),
    Feature.RAW: (_all_articles,),
    Feature.EARLIER: (_corrected,),
    Feature.PASSAGES: (_all_articles,),
    Feature.TITLE: _articles_with(title=""),
    Feature.OUTLET: _articles_with(outlet=None),
    Feature.PEOPLE: _articles_with(authors=[], translators=[]),
    Feature.PUBLISHED: _articles_with(published_on=None),
    Feature.LANGUAGE: _articles_with(language=""),
    Feature.URL: _articles_with(url=""),
    Feature.STORY: _articles_with(story=None),
    Feature.RIGHTS: _articles_with(rights=""),
    Feature.UNMARKED: (_unmarked,),
    Feature.OUTLETS: (lambda source: source.outlets.exclude(country="", url="", standpoint=""),),
    Feature.STORIES: (lambda source: source.stories.exclude(happened_on=None, summary=""),),
    Feature.EMPTY: (
        lambda source: _without_articles(source.outlets, "outlet"),
        lambda source: _without_articles(source.stories, "story"),
    ),
    Feature.PROJECT: (lambda source: Project.objects.filter(pk=source.project.pk),),
    Feature.FACETS: (_of_facets,),
    Feature.LABELS: _tags_with(~Q(label=F("slug"))),
    Feature.DEFINITIONS: _tags_with(~Q(definition="")),
    Feature.WORDINGS: _tags_with(Q(definition_number__gt=1) | ~Q(examples=[])),
    Feature.TREE: _tags_with(~Q(parent=None)),
    Feature.LOOK: _tags_with(~Q(colour="", key="", position=0)),
    Feature.RETIRED: (
        lambda source: source.facets.filter(RETIRED), lambda source: source.tags.filter(RETIRED),
        lambda source: source.actors.filter(RETIRED),
    ),
    Feature.MERGERS: _tags_with(~Q(merged_into=None)),
    Feature.UNUSED: (_unused_tags, _unused_actors),
    Feature.ACTORS: (lambda source: source.actors,),
    Feature.IDS: (_annotations,),
    Feature.TIMES: (_annotations,),
    Feature.AUTHORS: (_annotations,),
    Feature.GOLD: _annotations_with(Q(layer="gold")),
    Feature.ORIGIN: _annotations_with(~Q(origin="human", tool="")),
    Feature.MENTIONS: _annotations_with(Q(kind="mention")),
    Feature.PIECES: (_in_pieces,),
    Feature.OVERLAPS: (_overlapping,),
    Feature.PARTICIPANTS: (_parts,),
    Feature.CHAIN: (lambda source: _parts(source).filter(role="voice", position__gt=0),),
    Feature.STAND_INS: (lambda source: _parts(source).exclude(stands_for=""),),
    Feature.ENDORSEMENT: (lambda source: _parts(source).exclude(endorsement=""),),
    Feature.CODINGS: (_codings,),
    Feature.STANCE: (lambda source: _codings(source).exclude(stance=""),),
    Feature.WORDED: (lambda source: _codings(source).filter(tag__definition_number__gt=1),),
    Feature.ATTRIBUTION: _annotations_with(~Q(attribution="")),
    Feature.CERTAINTY: _annotations_with(~Q(certainty="")),
    Feature.NOTE: _annotations_with(~Q(note="")),
    Feature.FLAGGED: _annotations_with(Q(flagged=True)),
    Feature.LINKS: (lambda source: source.links.filter(annotation__in=_annotations(source)),),
    Feature.COMMENTS: (
        lambda source: source.comments.filter(annotation__in=_annotations(source)),
    ),
}  # fmt: skip
_PLACES = {
    "articles": (
        "TEXTS", "RAW", "EARLIER", "PASSAGES", "TITLE", "OUTLET", "PEOPLE", "PUBLISHED",
        "LANGUAGE", "URL", "STORY", "RIGHTS", "UNMARKED",
    ),
    "outlets": ("OUTLETS",),
    "stories": ("STORIES",),
    "outlets or stories": ("EMPTY",),
    "projects": ("PROJECT",),
    "facets": ("FACETS",),
    "tags": ("LABELS", "DEFINITIONS", "WORDINGS", "TREE", "LOOK", "MERGERS"),
    "tags or actors": ("UNUSED",),
    "facets, tags or actors": ("RETIRED",),
    "actors": ("ACTORS",),
    "stretches": ("OVERLAPS",),
    "participants": ("PARTICIPANTS", "STAND_INS"),
    "voices": ("CHAIN", "ENDORSEMENT"),
    "codings": ("CODINGS", "STANCE", "WORDED"),
    "links": ("LINKS",),
    "comments": ("COMMENTS",),
}  # fmt: skip
NOUNS = dict.fromkeys(Feature, "annotations") | {
    Feature[name]: noun for noun, names in _PLACES.items() for name in names
}
