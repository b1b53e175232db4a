"""The API of a person's own desk: her keys and choices, and where she reads."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from annotations import desk_keeping
from annotations.access import preferences_for
from annotations.api.asked import article_called, checked
from annotations.api.desk_shapes import PreferenceSerializer, ReadingPositionSerializer
from annotations.models import Preference
from corpus_app.access import articles_for, revisions_for
from corpus_app.api import Address, refuse_unknown

OWN = {"Cache-Control": "private, no-cache"}


class Preferences(Address):
    """How one keeps one's desk, on every device: nobody else sees it."""

    @extend_schema(responses=PreferenceSerializer)
    def get(self, request: Request) -> Response:
        """One's keys, the density of marks, and whether one took the tour."""
        refuse_unknown(request)
        own = preferences_for(request.user).first() or Preference()
        return Response(_as_json(own), headers=OWN)

    @extend_schema(request=PreferenceSerializer, responses={200: PreferenceSerializer})
    def patch(self, request: Request) -> Response:
        """Change what is sent and leave the rest."""
        refuse_unknown(request)
        sent = checked(PreferenceSerializer, request.data)
        return Response(_as_json(desk_keeping.prefer(by=request.user, **sent)), headers=OWN)


class ReadingPosition(Address):
    """Where one stopped reading an article; the page goes there on one's next visit."""

    @extend_schema(request=ReadingPositionSerializer, responses={204: None})
    def put(self, request: Request, pk: str) -> Response:
        """Keep a place in a text of the article, in the place of the one kept before."""
        refuse_unknown(request)
        article = article_called(pk)
        if not articles_for(request.user).filter(pk=article).exists():
            raise Http404
        sent = checked(ReadingPositionSerializer, request.data)
        own = revisions_for(request.user).filter(article=article)
        revision = own.filter(pk=sent["revision"]).order_by().first()
        if revision is None:
            raise ValidationError({"revision": ["There is no such revision of this article."]})
        desk_keeping.keep_place(by=request.user, revision=revision, place=sent["place"])
        return Response(status=204)


def _as_json(own: Preference) -> dict[str, Any]:
    return {"keys": own.keys, "density": own.density, "toured": bool(own.toured)}
