"""The API's members and actors."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from corpus_app import access, actors, typeahead
from corpus_app.actors import ActorValues, AffiliationValues, AliasValues
from corpus_app.api.answering import Expansion, Shown, by_id
from corpus_app.api.corpus import MOMENTS
from corpus_app.api.endpoint import Reading, project_called
from corpus_app.api.writing import Writing
from corpus_app.filters import ActorFilter, MembershipFilter
from corpus_app.models import Actor, Membership, Project
from corpus_app.serializers import ActorSerializer, MembershipSerializer, OfferSerializer
from corpus_app.shapes import ActorChange, NewActor

LONGEST_NAME = 200
SAID = {"type": "string", "minLength": 1}


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


class Actors(Writing):
    """Who can claim something and be claimed about."""

    queryset = Actor.objects.none()
    serializer_class = ActorSerializer
    filterset_class = ActorFilter
    new_shape, shape = NewActor, ActorChange
    asked = {"suggest": {"project", "q"}}
    sorts = {**MOMENTS, "name": ("name", "id")}
    expansions = {"standing": ACTOR}

    def get_queryset(self) -> QuerySet[Actor]:
        return actors_shown(self.request.user)

    def make(self, project: Project, pk: UUID | None, sent: dict[str, Any]) -> Actor:
        values = ActorValues(**self._values(project, sent))
        return actors.create(by=self.request.user, project=project, values=values, id=pk)

    def alter(self, row: Actor, seen: int, sent: dict[str, Any]) -> Actor:
        values = replace(actors.values_of(row), **self._values(row.project, sent))
        return actors.change(by=self.request.user, actor=row, seen=seen, values=values)

    def _values(self, project: Project, sent: dict[str, Any]) -> dict[str, Any]:
        """What was sent, as the door takes it. Raises ValidationError for a whole there is not."""
        said = dict(sent)
        if "aliases" in said:
            said["aliases"] = tuple(AliasValues(**alias) for alias in said["aliases"])
        if "external_ids" in said:
            ids = said["external_ids"]
            said["external_ids"] = tuple((one["scheme"], one["value"]) for one in ids)
        if "part_of" in said:
            parts = said.pop("part_of")
            own = access.actors_for(self.request.user).filter(project=project)
            known = own.in_bulk([part["actor"] for part in parts])
            told = {"actor": ["There is no such actor in this project."]}
            missing = {n: told for n, part in enumerate(parts) if part["actor"] not in known}
            if missing:
                raise ValidationError({"part_of": missing})
            said["affiliations"] = tuple(
                AffiliationValues(known[part["actor"]], part.get("since"), part.get("until"))
                for part in parts
            )
        return said

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "project",
                {"type": "string", "minLength": 1},
                required=True,
                description="A project's slug.",
            ),
            OpenApiParameter(
                "q",
                {"type": "string", "minLength": 1},
                required=True,
                description="What was typed of a name.",
            ),
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
