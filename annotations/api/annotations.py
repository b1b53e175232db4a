"""The API's annotations: mentions and claims."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response

from annotations import access, annotating, correcting, finding, suggesting
from annotations.api.asked import (
    CHANGE,
    GUARDED,
    checked,
    revision_called,
)
from annotations.api.codebook import TAG
from annotations.content import Content
from annotations.exchange import record
from annotations.filters import AnnotationFilter
from annotations.models import Annotation
from annotations.serializers import (
    AnnotationSerializer,
    AskedSerializer,
    ContentSerializer,
    FoundSerializer,
    NewAnnotationSerializer,
    PersonSerializer,
    PlaceSerializer,
    RestoreSerializer,
    annotation_as_json,
    change_of,
    etag_of,
    revision_seen,
    seen_by,
)
from corpus_app.access import revisions_for
from corpus_app.api import Reading, project_called
from corpus_app.api.answering import Expansion, Shown
from corpus_app.api.corpus import ARTICLE, MOMENTS, REVISION
from corpus_app.api.people import ACTOR
from corpus_app.models import User


def load_people(user: User, names: set[str]) -> dict[str, Shown]:
    """Those who wrote what the user sees, by their user names."""
    people = User.objects.filter(username__in=names)
    return {one.username: {"username": one.username, "name": one.shown_name} for one in people}


class Annotations(Reading):
    """Mentions and claims. A write states the version it saw, and can be sent twice."""

    queryset = Annotation.objects.none()
    serializer_class = AnnotationSerializer
    filterset_class = AnnotationFilter
    asked = {"search": {"project", "q", "article"}}
    sorts = MOMENTS
    expansions = {
        "article": ARTICLE,
        "revision": REVISION,
        "author": Expansion(load_people, PersonSerializer),
        "participants.actor": ACTOR,
        "codings.tag": TAG,
    }

    def get_queryset(self) -> QuerySet[Annotation]:
        rows = access.annotations_for(self.request.user)
        if self.request.method in SAFE_METHODS:
            return rows
        return rows.select_related("author", "project", "revision")

    def paginate_queryset(self, queryset: QuerySet[Annotation]) -> list[Annotation]:
        # Of a whole page the parts are read at once, by ids.
        return super().paginate_queryset(queryset.only(*self.order[:2]))

    def present_all(self, rows: list[Annotation]) -> list[dict[str, Any]]:
        ids, seen = [row.pk for row in rows], access.links_for(self.request.user)
        return [annotation_as_json(one) for one in record.of(ids, seen)]

    def list(self, request: Request) -> Response:
        """The annotations that one may see, deleted ones only if asked for."""
        return super().list(request)

    def retrieve(self, request: Request, pk: str) -> Response:
        """One annotation; its ETag, or its version, is what a change has to state."""
        return super().retrieve(request, pk)

    @extend_schema(
        parameters=[AskedSerializer], responses=FoundSerializer(many=True), filters=False
    )
    @action(detail=False, pagination_class=None, filterset_class=None)
    def search(self, request: Request) -> Response:
        """Claims to link to, of a whole project: those that fit all words, the latest first."""
        asked = checked(AskedSerializer, request.query_params)
        found = finding.find(
            user=request.user, project=project_called(asked["project"], request),
            words=asked["q"], article=asked.get("article"),
        )  # fmt: skip
        return Response(FoundSerializer(found, many=True).data)

    @extend_schema(
        request=NewAnnotationSerializer,
        parameters=CHANGE,
        responses={200: AnnotationSerializer, 201: AnnotationSerializer},
    )
    def create(self, request: Request) -> Response:
        """Make an annotation; sent again with the same id, it is made once.

        Made on an older revision it is brought forward to the newest if its words are there
        still; the answer says where it is.
        """
        sent = checked(NewAnnotationSerializer, request.data)
        revision = revision_called(request, sent["revision"])
        values = {
            "by": request.user, "revision": revision, "content": Content.from_dict(sent),
            "id": sent.get("id"), "change": change_of(request).change,
        }  # fmt: skip
        if suggestion := sent.get("suggestion"):
            annotation, made = suggesting.accept(**values, **suggestion)
        else:
            annotation, made = annotating.create(**values)
        return self._answer(annotation, 201 if made else 200)

    @extend_schema(
        request=ContentSerializer,
        parameters=GUARDED,
        responses={200: AnnotationSerializer},
    )
    def update(self, request: Request, pk: str) -> Response:
        """Give the whole content anew; a deleted annotation stands again."""
        return self._rewrite(request, self.load(pk), request.data)

    @extend_schema(
        request=ContentSerializer,
        parameters=GUARDED,
        responses={200: AnnotationSerializer},
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        """Replace what is sent and leave the rest of the content."""
        annotation = self.load(pk)
        if not isinstance(request.data, dict):
            raise ValidationError({"non_field_errors": ["Send an object."]})
        stored = annotating.content_of(annotation).as_dict()
        return self._rewrite(request, annotation, {**stored, **request.data})

    @extend_schema(parameters=GUARDED, responses={200: AnnotationSerializer})
    def destroy(self, request: Request, pk: str) -> Response:
        """Delete the annotation; it can be restored."""
        annotation = self.load(pk)
        access.require_writer(request.user, annotation)
        seen, change = seen_by(request), _change(request, annotation)
        return self._answer(
            annotating.remove(by=request.user, annotation=annotation, seen=seen, **change)
        )

    @extend_schema(
        request=RestoreSerializer,
        parameters=GUARDED,
        responses={200: AnnotationSerializer},
    )
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, pk: str) -> Response:
        """Bring back the annotation as it was at an earlier version, as a new version."""
        annotation = self.load(pk)
        access.require_writer(request.user, annotation)
        seen, change = seen_by(request), _change(request, annotation)
        version = checked(RestoreSerializer, request.data)["version"]
        return self._answer(
            annotating.restore(
                by=request.user, annotation=annotation, seen=seen, version=version, **change
            )
        )

    @extend_schema(
        request=PlaceSerializer,
        parameters=GUARDED[:1],
        responses={200: AnnotationSerializer},
    )
    @action(detail=True, methods=["post"])
    def place(self, request: Request, pk: str) -> Response:
        """Give an annotation that lost its place when the text was corrected a place in it."""
        annotation = self.load(pk)
        access.require_placer(request.user, annotation)
        seen = seen_by(request)
        sent = checked(PlaceSerializer, request.data)["spans"]
        spans = [(span["start"], span["end"]) for span in sent]
        return self._answer(
            correcting.place(by=request.user, annotation=annotation, seen=seen, spans=spans)
        )

    def _rewrite(self, request: Request, annotation: Annotation, data) -> Response:
        access.require_writer(request.user, annotation)
        seen, change = seen_by(request), _change(request, annotation)
        content = Content.from_dict(checked(ContentSerializer, data))
        return self._answer(
            annotating.rewrite(
                by=request.user, annotation=annotation, seen=seen, content=content, **change
            )
        )

    def _answer(self, annotation: Annotation, status: int = 200) -> Response:
        headers = {"ETag": etag_of(annotation)}
        return Response(self.present(annotation), status=status, headers=headers)

    def present(self, annotation: Annotation) -> dict[str, Any]:
        """The annotation as it is shown, with those links only that one may see."""
        return annotation_as_json(record.of_one(annotation, access.links_for(self.request.user)))


def _change(request: Request, annotation: Annotation) -> dict:
    """What the headers say of a change to an annotation, as the door takes it."""
    seen, counted_in = revision_seen(request), annotation.revision
    if seen != annotation.revision_id:
        own = revisions_for(request.user).filter(article=annotation.article_id)
        counted_in = own.filter(pk=seen).first() if seen else None
        if seen and counted_in is None:
            raise ValidationError({"revision": ["There is no such revision of this article."]})
    return {**vars(change_of(request)), "counted_in": counted_in}
