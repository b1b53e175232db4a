"""The API's members and actors."""

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from corpus_app import access, typeahead
from corpus_app.api.answering import Expansion, Shown, by_id
from corpus_app.api.corpus import MOMENTS
from corpus_app.api.endpoint import Reading, project_called
from corpus_app.filters import ActorFilter, MembershipFilter
from corpus_app.models import Actor, Membership
from corpus_app.serializers import ActorSerializer, MembershipSerializer, OfferSerializer

LONGEST_NAME = 200


def actors_shown(user) -> QuerySet[Actor]:
    """The actors that the user may see, with all that is told of them."""
    return access.actors_for(user).with_parts().select_related("project")


def load_actors(user, ids: set[str]) -> dict[str, Shown]:
    return by_id(actors_shown(user).filter(pk__in=ids), ActorSerializer)


ACTOR = Expansion(load_actors, ActorSerializer)


class Members(Reading):
    """Who may do what in which project: one's own part, and everybody's for managers."""

    queryset = Membership.objects.none()
    serializer_class = MembershipSerializer
    filterset_class = MembershipFilter
    sorts = MOMENTS

    def get_queryset(self) -> QuerySet[Membership]:
        return access.members_for(self.request.user).select_related("project", "user")


class Actors(Reading):
    """Who can claim something and be claimed about."""

    queryset = Actor.objects.none()
    serializer_class = ActorSerializer
    filterset_class = ActorFilter
    asked = {"suggest": {"project", "q"}}
    sorts = {**MOMENTS, "name": ("name", "id")}
    expansions = {"standing": ACTOR}

    def get_queryset(self) -> QuerySet[Actor]:
        return actors_shown(self.request.user)

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
