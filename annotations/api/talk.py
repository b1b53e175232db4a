"""The API's comments: what is said of annotations."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response

from annotations import access, adjudication, discussing, threads
from annotations.api.asked import CHANGE, GUARDED, checked
from annotations.api.comment_shapes import (
    CommentSerializer,
    NewCommentSerializer,
    SaidSerializer,
    ThreadSerializer,
)
from annotations.filters import CommentFilter
from annotations.models import Comment
from annotations.serializers import change_of, etag_of, seen_by
from corpus_app.api import Reading
from corpus_app.api.corpus import MOMENTS

PARAMETERS = [one for one in GUARDED if one.name != "Crossread-Revision"]


class Comments(Reading):
    """The threads of the annotations that one may see. One's own are changed and taken back."""

    queryset = Comment.objects.none()
    serializer_class = CommentSerializer
    filterset_class = CommentFilter
    sorts = MOMENTS

    def get_queryset(self) -> QuerySet[Comment]:
        return threads.whole(access.comments_for(self.request.user))

    def present_all(self, rows: list[Comment]) -> list[dict[str, Any]]:
        return [threads.comment_as_json(row, self.request.user) for row in rows]

    def list(self, request: Request) -> Response:
        """The comments that one may see, oldest first; those taken back without their words."""
        return super().list(request)

    def retrieve(self, request: Request, pk: str) -> Response:
        """One comment; its ETag, or its version, is what a change has to state."""
        return super().retrieve(request, pk)

    @extend_schema(
        request=NewCommentSerializer,
        parameters=CHANGE,
        responses={200: CommentSerializer, 201: CommentSerializer},
    )
    def create(self, request: Request) -> Response:
        """Comment on an annotation that one may see; sent again with the same id, once.

        Whom it names finds a notice, as soon as she may see the annotation.
        """
        sent = checked(NewCommentSerializer, request.data)
        seen = access.annotations_for(request.user).select_related("project", "author")
        annotation = seen.filter(pk=sent.pop("annotation")).first()
        if annotation is None:
            raise ValidationError({"annotation": ["There is no such annotation."]})
        values = {"by": request.user, "change": change_of(request).change, **sent}
        comment, made = discussing.comment(annotation=annotation, **values)
        adjudication.hear(by=request.user, annotation=annotation)
        return self._answer(comment, 201 if made else 200)

    @extend_schema(
        request=SaidSerializer, parameters=PARAMETERS, responses={200: CommentSerializer}
    )
    def update(self, request: Request, pk: str) -> Response:
        """Say it otherwise; a comment that was taken back stands again."""
        return self._write(request, pk, discussing.rewrite, SaidSerializer)

    @extend_schema(parameters=PARAMETERS, responses={200: CommentSerializer})
    def destroy(self, request: Request, pk: str) -> Response:
        """Take it back: its place in the thread stays, without its words."""
        return self._write(request, pk, discussing.remove)

    @extend_schema(request=ThreadSerializer, responses={204: None})
    @action(detail=False, methods=["put"], pagination_class=None, filterset_class=None)
    def read(self, request: Request) -> Response:
        """Say that one has read a thread: the notices of being named there are done with."""
        discussing.mark_read(
            by=request.user, annotation_id=checked(ThreadSerializer, request.data)["annotation"]
        )
        return Response(status=204)

    def _write(self, request: Request, pk: str, door, shape=None) -> Response:
        comment = self.load(pk)
        access.require_speaker(request.user, comment)
        headers = {"seen": seen_by(request), **vars(change_of(request))}
        sent = checked(shape, request.data) if shape else {}
        return self._answer(door(by=request.user, comment=comment, **headers, **sent))

    def _answer(self, comment: Comment, status: int = 200) -> Response:
        body = self.present(comment)
        return Response(body, status=status, headers={"ETag": etag_of(comment)})

    def present(self, comment: Comment) -> dict[str, Any]:
        """The comment as it is shown, read anew after a write."""
        if self.request.method not in SAFE_METHODS:
            comment = threads.whole(Comment.objects.filter(pk=comment.pk)).get()
        return threads.comment_as_json(comment, self.request.user)
