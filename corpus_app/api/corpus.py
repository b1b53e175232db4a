"""The API's projects, outlets, stories, articles, and their texts."""

import binascii
from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from corpus_app import access, describing, ingest, outlets
from corpus_app.api.answering import Expansion, Shown, by_id
from corpus_app.api.endpoint import Reading, project_called
from corpus_app.api.writing import Writing
from corpus_app.filters import (
    ArticleFilter,
    OutletFilter,
    PassageFilter,
    ReuseFilter,
    RevisionFilter,
    StoryFilter,
)
from corpus_app.models import Article, Outlet, Passage, Project, Reuse, Revision, Story
from corpus_app.outlets import OutletValues, StoryValues
from corpus_app.reading import MEDIA_TYPES
from corpus_app.reading.documents import TEXT
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
from corpus_app.shapes import (
    ArticleChange,
    NewArticle,
    NewOutlet,
    NewStory,
    OutletChange,
    StoryChange,
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


class Outlets(Writing):
    """Who publishes."""

    queryset = Outlet.objects.none()
    serializer_class = OutletSerializer
    filterset_class = OutletFilter
    new_shape, shape = NewOutlet, OutletChange
    sorts = {**MOMENTS, "name": ("name", "id")}

    def get_queryset(self) -> QuerySet[Outlet]:
        return access.outlets_for(self.request.user).select_related("project")

    def make(self, project: Project, pk: UUID | None, sent: dict[str, Any]) -> Outlet:
        values = OutletValues(**sent)
        return outlets.create_outlet(by=self.request.user, project=project, values=values, id=pk)

    def alter(self, row: Outlet, seen: int, sent: dict[str, Any]) -> Outlet:
        values = OutletValues(**{**outlets.as_values(row), **sent})
        return outlets.change_outlet(by=self.request.user, outlet=row, seen=seen, values=values)


class Stories(Writing):
    """The events that several articles report."""

    queryset = Story.objects.none()
    serializer_class = StorySerializer
    filterset_class = StoryFilter
    new_shape, shape = NewStory, StoryChange
    sorts = {**MOMENTS, "title": ("title", "id")}

    def get_queryset(self) -> QuerySet[Story]:
        return access.stories_for(self.request.user).select_related("project")

    def make(self, project: Project, pk: UUID | None, sent: dict[str, Any]) -> Story:
        values = StoryValues(**sent)
        return outlets.create_story(by=self.request.user, project=project, values=values, id=pk)

    def alter(self, row: Story, seen: int, sent: dict[str, Any]) -> Story:
        known = StoryValues(row.title, row.happened_on, row.summary)
        return outlets.change_story(
            by=self.request.user, story=row, seen=seen, values=replace(known, **sent)
        )


class Articles(Writing):
    """Articles with their newest revision; the text is given with a single article."""

    queryset = Article.objects.none()
    serializer_class = ArticleSerializer
    filterset_class = ArticleFilter
    new_shape, shape = NewArticle, ArticleChange
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
        if self.action == "retrieve":
            revisions = access.revisions_for(self.request.user).filter(pk=article.revision_id)
            article.revision_text = next((one.text for one in revisions.only("text")), "")
        return super().present(article)

    def require(self, project: Project) -> None:
        """Every member brings in articles, as at the desk; curators say what is known of them."""
        if self.action != "create":
            super().require(project)

    def make(self, project: Project, pk: UUID | None, sent: dict[str, Any]) -> Article:
        """An article of the text that was sent, with what the text says of itself."""
        of_file = "text" if "text" in sent else "raw"
        data, kind = _raw(sent), sent.pop("media_type", "")
        name = sent.pop("raw_name", "")
        try:
            proposal = ingest.propose(data=data, name=name, kind=kind, project=project)
            fields = self._fields(proposal.fields, project, sent)
            return ingest.store(
                by=self.request.user, project=project, data=data, name=name, id=pk,
                proposal=replace(proposal, fields=fields),
            )  # fmt: skip
        except ingest.IngestError as error:
            named = {"file": of_file, "roles": of_file}
            messages = {named.get(name, name): told for name, told in error.messages.items()}
            raise ValidationError(messages) from error

    def alter(self, row: Article, seen: int, sent: dict[str, Any]) -> Article:
        known = ingest.Fields(
            title=row.title, authors=tuple(row.authors), translators=tuple(row.translators),
            outlet=row.outlet.name if row.outlet else "", published_on=row.published_on,
            language=row.language, url=row.url, rights=row.rights, story=row.story,
        )  # fmt: skip
        fields = self._fields(known, row.project, sent)
        return describing.describe(by=self.request.user, article=row, seen=seen, fields=fields)

    def _fields(self, known: ingest.Fields, project: Project, sent: dict[str, Any]):
        """The metadata with what was sent. Raises ValidationError for a story there is not."""
        said = {name: tuple(sent[name]) for name in ("authors", "translators") if name in sent}
        said = {**sent, **said}
        if "outlet" in said:
            said["outlet"] = said["outlet"] or ""
        if "story_id" in said:
            pk = said.pop("story_id")
            own = access.stories_for(self.request.user).filter(project=project)
            said["story"] = own.filter(pk=pk).first() if pk else None
            if pk and said["story"] is None:
                raise ValidationError({"story_id": ["There is no such story in this project."]})
        return replace(known, **said)


def _raw(sent: dict[str, Any]) -> bytes:
    """The raw input that was sent, as text or as bytes in Base64."""
    if "text" in sent:
        sent.setdefault("media_type", MEDIA_TYPES[TEXT])
        return sent.pop("text").encode()
    try:
        return binascii.a2b_base64(sent.pop("raw"), strict_mode=True)
    except ValueError:
        raise ValidationError({"raw": ["This is not Base64."]}) from None


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
