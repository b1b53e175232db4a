"""The API's rejections: what a person said no to among the suggested mentions."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from annotations import access, suggesting
from annotations.api.asked import CHANGE, GUARDED, checked, revision_called
from annotations.models import Rejection
from annotations.serializers import (
    NewRejectionSerializer,
    NothingSerializer,
    RejectionSerializer,
    change_of,
    etag_of,
    rejection_as_json,
    seen_by,
)
from corpus_app.api import Endpoint


class Rejections(Endpoint):
    """No to suggested mentions. A person reads and writes her own; they can be taken back."""

    queryset = Rejection.objects.none()
    serializer_class = RejectionSerializer

    def get_queryset(self) -> QuerySet[Rejection]:
        rows = access.rejections_for(self.request.user)
        return rows.select_related("author").prefetch_related("verdicts")

    @extend_schema(
        request=NewRejectionSerializer,
        parameters=CHANGE,
        responses={200: RejectionSerializer, 201: RejectionSerializer},
    )
    def create(self, request: Request) -> Response:
        """Say no to suggestions of one actor; sent again with the same id, it is said once."""
        sent = checked(NewRejectionSerializer, request.data)
        rejection, made = suggesting.reject(
            by=request.user,
            revision=revision_called(request, sent["revision"]),
            actor=sent["actor"],
            places=[suggesting.Place(**place) for place in sent["places"]],
            id=sent.get("id"),
            change=change_of(request).change,
        )
        return _rejected(rejection, 201 if made else 200)

    @extend_schema(
        request=NothingSerializer,
        parameters=GUARDED,
        responses={200: RejectionSerializer},
    )
    def update(self, request: Request, pk: str) -> Response:
        """Say it again after it was taken back."""
        checked(NothingSerializer, request.data)
        return self._write(request, pk, suggesting.reject_again)

    @extend_schema(parameters=GUARDED, responses={200: RejectionSerializer})
    def destroy(self, request: Request, pk: str) -> Response:
        """Take it back: the places are suggested again."""
        return self._write(request, pk, suggesting.take_back)

    def _write(self, request: Request, pk: str, door) -> Response:
        rejection = self.load(pk)
        seen, headers = seen_by(request), change_of(request)
        door(by=request.user, rejection=rejection, seen=seen, **vars(headers))
        return _rejected(rejection)

    def present(self, rejection: Rejection) -> dict[str, Any]:
        return rejection_as_json(rejection)


def _rejected(rejection: Rejection, status: int = 200) -> Response:
    body = rejection_as_json(rejection)
    return Response(body, status=status, headers={"ETag": etag_of(rejection)})
