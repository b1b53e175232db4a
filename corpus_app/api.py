"""The API's projects, articles, passages and actors, all of them read only."""

import uuid
from collections.abc import Iterable
from typing import Any, ClassVar

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from corpus_app import access, typeahead
from corpus_app.filters import ActorFilter, ArticleFilter, PassageFilter, ReuseFilter
from corpus_app.models import Actor, Article, Passage, Project, Reuse, Revision
from corpus_app.serializers import (
    ActorSerializer,
    ArticleSerializer,
    ArticleWithTextSerializer,
    OfferSerializer,
    PassageSerializer,
    ProjectSerializer,
    ReuseSerializer,
)

LONGEST_NAME = 200


class UnknownParameter(ValidationError):
    """A query parameter that the address does not take."""


def refuse_unknown(request: Request, known: Iterable[str] = ()) -> None:
    """Raise UnknownParameter for a query parameter that is not known, instead of ignoring it."""
    if unknown := set(request.query_params) - set(known):
        raise UnknownParameter({name: ["There is no such parameter."] for name in sorted(unknown)})


class Nothing(APIView):
    """An address of the API that there is not; any other one would be answered in HTML."""

    permission_classes = [IsAuthenticated]
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise Http404


class Endpoint(GenericViewSet):
    """What all addresses share: signed-in people only, pages, and no unknown query parameter."""

    permission_classes = [IsAuthenticated]
    lookup_value_regex = "[^/]+"
    # The query parameters of further actions.
    asked: ClassVar[dict[str, set[str]]] = {}
    ordering = ("created", "id")

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        known = {"cursor", "page_size", *self._filters()} if self.action == "list" else set()
        refuse_unknown(request, known | self.asked.get(self.action, set()))

    def finalize_response(self, request: Request, response: Response, *args, **kwargs) -> Response:
        # What one person sees is kept for nobody else.
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return super().finalize_response(request, response, *args, **kwargs)

    def load(self, pk: str) -> Any:
        """The row of this id among those the user may see; anything else does not exist."""
        try:
            wanted = uuid.UUID(pk)
        except ValueError:
            raise Http404 from None
        row = self.get_queryset().filter(pk=wanted).first()
        if row is None:
            raise Http404
        return row

    def present(self, row: Any) -> dict[str, Any]:
        """A row as it is shown."""
        return self.get_serializer(row).data

    def _filters(self) -> set[str]:
        filterset = getattr(self, "filterset_class", None)
        return set(filterset.base_filters) if filterset else set()


class Reading(Endpoint):
    """A noun that can be listed and looked up."""

    def list(self, request: Request) -> Response:
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)

    def retrieve(self, request: Request, pk: str) -> Response:
        return Response(self.get_serializer(self.load(pk)).data)


class Projects(Reading):
    """The projects that one is a member of."""

    queryset = Project.objects.none()
    serializer_class = ProjectSerializer
    lookup_field = "slug"

    def get_queryset(self) -> QuerySet[Project]:
        return access.projects_for(self.request.user)

    def retrieve(self, request: Request, slug: str) -> Response:
        return Response(self.get_serializer(self.load(slug)).data)

    def load(self, slug: str) -> Project:
        return project_called(slug, self.request)


def project_called(slug: str, request: Request) -> Project:
    """The project of this slug among those the user may open; anything else does not exist."""
    # PostgreSQL fails on a string with U+0000, so it must not get there.
    found = access.projects_for(request.user).filter(slug=slug.replace("\0", "")).first()
    if found is None or found.slug != slug:
        raise Http404
    return found


class Articles(Reading):
    """Articles with their newest revision; the text is given with a single article."""

    queryset = Article.objects.none()
    serializer_class = ArticleSerializer
    filterset_class = ArticleFilter

    def get_queryset(self) -> QuerySet[Article]:
        rows = access.articles_for(self.request.user).select_related("project", "outlet", "story")
        newest = Revision.objects.filter(article=OuterRef("pk")).order_by("-number")
        return rows.annotate(
            revision_id=Subquery(newest.values("id")[:1]),
            revision_number=Subquery(newest.values("number")[:1]),
            revision_sha256=Subquery(newest.values("sha256")[:1]),
        )

    @extend_schema(responses=ArticleWithTextSerializer)
    def retrieve(self, request: Request, pk: str) -> Response:
        article = self.load(pk)
        revision = access.revisions_for(request.user).filter(pk=article.revision_id).first()
        article.revision_text = revision.text if revision else ""
        return Response(ArticleWithTextSerializer(article).data)


class Passages(Reading):
    """Numbered stretches of revisions, with their text."""

    queryset = Passage.objects.none()
    serializer_class = PassageSerializer
    filterset_class = PassageFilter
    ordering = ("revision_id", "number")

    def get_queryset(self) -> QuerySet[Passage]:
        # Prefetched, since a join would fetch the whole text again for every passage.
        rows = access.passages_for(self.request.user).with_said_before().select_related("project")
        return rows.prefetch_related("revision", Prefetch("reuses", reuses_shown(self.request)))


class Reuses(Reading):
    """Stretches that a later article took over from an earlier one, and quotations both have."""

    queryset = Reuse.objects.none()
    serializer_class = ReuseSerializer
    filterset_class = ReuseFilter

    def get_queryset(self) -> QuerySet[Reuse]:
        return reuses_shown(self.request)


def reuses_shown(request: Request) -> QuerySet[Reuse]:
    """The reuses that the user may see, with where they are but without the texts."""
    sides = ("passage__revision", "source__revision")
    rows = access.reuses_for(request.user).select_related("project", *sides)
    return rows.defer(*(f"{side}__{name}" for side in sides for name in ("text", "roles")))


class Actors(Reading):
    """Who can claim something and be claimed about."""

    queryset = Actor.objects.none()
    serializer_class = ActorSerializer
    filterset_class = ActorFilter
    asked = {"suggest": {"project", "q"}}

    def get_queryset(self) -> QuerySet[Actor]:
        rows = access.actors_for(self.request.user).with_parts()
        return rows.select_related("project")

    @extend_schema(
        parameters=[
            OpenApiParameter("project", required=True, description="A project's slug."),
            OpenApiParameter("q", required=True, description="What was typed of a name."),
        ],
        responses=OfferSerializer(many=True),
        filters=False,
    )
    @action(detail=False, pagination_class=None, filterset_class=None)
    def suggest(self, request: Request) -> Response:
        """Type-ahead: the actors whose names begin with what was typed, the best first."""
        asked = {name: request.query_params.get(name, "") for name in ("project", "q")}
        if not all(asked.values()):
            raise ValidationError({name: ["Say this."] for name, said in asked.items() if not said})
        project = project_called(asked["project"], request)
        found = typeahead.offer(
            access.actors_for(request.user), project.pk, asked["q"][:LONGEST_NAME]
        )
        return Response(OfferSerializer(found, many=True).data)
