"""The API's projects, outlets, stories, articles, and their texts."""

from collections.abc import Iterable

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from corpus_app import access
from corpus_app.api.answering import Expansion, Shown, by_id
from corpus_app.api.endpoint import Reading, project_called
from corpus_app.filters import (
    ArticleFilter,
    OutletFilter,
    PassageFilter,
    ReuseFilter,
    RevisionFilter,
    StoryFilter,
)
from corpus_app.models import Article, Outlet, Passage, Project, Reuse, Revision, Story
from corpus_app.serializers import (
    ArticleSerializer,
    ArticleWithTextSerializer,
    OutletSerializer,
    PassageSerializer,
    PlainRevisionSerializer,
    ProjectSerializer,
    ReuseSerializer,
    RevisionSerializer,
    StorySerializer,
)

MOMENTS = {"created": ("created", "id"), "updated": ("updated", "id")}


def articles_shown(user) -> QuerySet[Article]:
    """The articles that the user may see, each with its newest revision."""
    rows = access.articles_for(user).select_related("project", "outlet", "story")
    newest = Revision.objects.filter(article=OuterRef("pk")).order_by("-number")
    return rows.annotate(
        revision_id=Subquery(newest.values("id")[:1]),
        revision_number=Subquery(newest.values("number")[:1]),
        revision_sha256=Subquery(newest.values("sha256")[:1]),
    )


def reuses_shown(user) -> QuerySet[Reuse]:
    """The reuses that the user may see, with where they are but without the texts."""
    sides = ("passage__revision", "source__revision")
    rows = access.reuses_for(user).select_related("project", *sides)
    return rows.defer(*(f"{side}__{name}" for side in sides for name in ("text", "roles")))


def load_articles(user, ids: set[str]) -> dict[str, Shown]:
    return by_id(articles_shown(user).filter(pk__in=ids), ArticleSerializer)


def load_outlets(user, ids: set[str]) -> dict[str, Shown]:
    rows = access.outlets_for(user).select_related("project").filter(pk__in=ids)
    return by_id(rows, OutletSerializer)


def load_stories(user, ids: set[str]) -> dict[str, Shown]:
    rows = access.stories_for(user).select_related("project").filter(pk__in=ids)
    return by_id(rows, StorySerializer)


def load_revisions(user, ids: set[str]) -> dict[str, Shown]:
    rows = access.revisions_for(user).select_related("project").defer("text", "roles")
    return by_id(rows.filter(pk__in=ids), PlainRevisionSerializer)


ARTICLE = Expansion(load_articles, ArticleSerializer)
REVISION = Expansion(load_revisions, PlainRevisionSerializer)


class Projects(Reading):
    """The projects that one is a member of."""

    queryset = Project.objects.none()
    serializer_class = ProjectSerializer
    lookup_field = "slug"
    sorts = {**MOMENTS, "name": ("name", "id"), "slug": ("slug", "id")}

    def get_queryset(self) -> QuerySet[Project]:
        return access.projects_for(self.request.user)

    def retrieve(self, request: Request, slug: str) -> Response:
        return super().retrieve(request, slug)

    def load(self, slug: str) -> Project:
        return project_called(slug, self.request)


class Outlets(Reading):
    """Who publishes."""

    queryset = Outlet.objects.none()
    serializer_class = OutletSerializer
    filterset_class = OutletFilter
    sorts = {**MOMENTS, "name": ("name", "id")}

    def get_queryset(self) -> QuerySet[Outlet]:
        return access.outlets_for(self.request.user).select_related("project")


class Stories(Reading):
    """The events that several articles report."""

    queryset = Story.objects.none()
    serializer_class = StorySerializer
    filterset_class = StoryFilter
    sorts = {**MOMENTS, "title": ("title", "id")}

    def get_queryset(self) -> QuerySet[Story]:
        return access.stories_for(self.request.user).select_related("project")


class Articles(Reading):
    """Articles with their newest revision; the text is given with a single article."""

    queryset = Article.objects.none()
    serializer_class = ArticleSerializer
    filterset_class = ArticleFilter
    sorts = {**MOMENTS, "published_on": ("published_on", "id"), "title": ("title", "id")}
    expansions = {
        "outlet": Expansion(load_outlets, OutletSerializer, "outlet_id"),
        "story": Expansion(load_stories, StorySerializer, "story_id"),
    }

    def get_queryset(self) -> QuerySet[Article]:
        return articles_shown(self.request.user)

    def get_serializer_class(self):
        return ArticleWithTextSerializer if self.action == "retrieve" else ArticleSerializer

    @extend_schema(responses=ArticleWithTextSerializer)
    def retrieve(self, request: Request, pk: str) -> Response:
        return super().retrieve(request, pk)

    def present(self, article: Article) -> Shown:
        revisions = access.revisions_for(self.request.user).filter(pk=article.revision_id)
        if self.action == "retrieve" and self.reads_field("text"):
            article.revision_text = next((one.text for one in revisions.only("text")), "")
        return super().present(article)


class Revisions(Reading):
    """The texts of articles, numbered; without `text` among the `fields` they are quick to read."""

    queryset = Revision.objects.none()
    serializer_class = RevisionSerializer
    filterset_class = RevisionFilter
    expansions = {"article": ARTICLE}

    def get_queryset(self) -> QuerySet[Revision]:
        rows = access.revisions_for(self.request.user).select_related("project").defer("roles")
        return rows if self.reads_field("text") else rows.defer("roles", "text")

    def get_serializer_class(self):
        return RevisionSerializer if self.reads_field("text") else PlainRevisionSerializer

    def fields_known(self) -> Iterable[str]:
        return RevisionSerializer().fields


class Passages(Reading):
    """Numbered stretches of revisions, with their text."""

    queryset = Passage.objects.none()
    serializer_class = PassageSerializer
    filterset_class = PassageFilter
    sorts = {"number": ("revision_id", "number"), "created": ("created", "id")}
    expansions = {"article": ARTICLE, "revision": REVISION}

    def get_queryset(self) -> QuerySet[Passage]:
        # Prefetched, since a join would fetch the whole text again for every passage.
        rows = access.passages_for(self.request.user).with_said_before().select_related("project")
        reuses = Prefetch("reuses", reuses_shown(self.request.user))
        return rows.prefetch_related("revision", reuses)


class Reuses(Reading):
    """Stretches that a later article took over from an earlier one, and quotations both have."""

    queryset = Reuse.objects.none()
    serializer_class = ReuseSerializer
    filterset_class = ReuseFilter

    def get_queryset(self) -> QuerySet[Reuse]:
        return reuses_shown(self.request.user)
