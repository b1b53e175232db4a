"""The API's annotations, codebook and history."""

import uuid
from collections.abc import Iterable, Iterator

from django.db.models import QuerySet
from django.http import Http404, StreamingHttpResponse
from django.utils.http import parse_etags
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import SAFE_METHODS, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations import access, annotating, correcting, suggesting
from annotations.content import Content
from annotations.exchange import record
from annotations.exchange.formats import FORMATS
from annotations.exchange.source import source_for
from annotations.filters import AnnotationFilter, ClaimTagFilter, FacetFilter
from annotations.models import Annotation, ClaimTag, Facet, Rejection
from annotations.serializers import (
    AnnotationSerializer,
    ClaimTagSerializer,
    ContentSerializer,
    FacetSerializer,
    NewAnnotationSerializer,
    NewestSerializer,
    NewRejectionSerializer,
    NothingSerializer,
    PlaceSerializer,
    RejectionSerializer,
    RestoreSerializer,
    StaleSerializer,
    annotation_as_json,
    change_of,
    etag_of,
    rejection_as_json,
    revision_seen,
    seen_by,
)
from corpus_app.access import open_events_for, revisions_for
from corpus_app.api import Endpoint, Reading, project_called, refuse_unknown
from corpus_app.filters import EventFilter
from corpus_app.history import Stale
from corpus_app.models import Event, Revision
from corpus_app.serializers import EventSerializer

CHUNK = 32 * 1024


def _header(name: str, what: str, required: bool = False) -> OpenApiParameter:
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, required, what)


CHANGE = [
    _header("Idempotency-Key", "A UUID; the same change sent twice is made once."),
    _header("Crossread-Undoes", "The id of the event that this change takes back."),
    _header("Crossread-User", "Who did this; if somebody else is signed in, nothing is written."),
]
COUNTED = (
    "The revision that one saw and counted in. What is counted in an older one is brought forward, "
    "and that the annotation was moved to a newer one meanwhile does not make the change stale."
)
GUARDED = [
    _header("If-Match", 'The version seen, such as "3".', required=True),
    _header("Crossread-Revision", COUNTED),
    *CHANGE,
]
REFUSED_NEW = {
    400: OpenApiTypes.OBJECT,
    403: OpenApiTypes.OBJECT,
    409: OpenApiTypes.OBJECT,
}
REFUSED = {
    400: OpenApiTypes.OBJECT,
    403: OpenApiTypes.OBJECT,
    404: OpenApiTypes.OBJECT,
    409: OpenApiTypes.OBJECT,
    412: StaleSerializer,
    428: OpenApiTypes.OBJECT,
}


class Annotations(Endpoint):
    """Mentions and claims. A write states the version it saw, and can be sent twice."""

    queryset = Annotation.objects.none()
    serializer_class = AnnotationSerializer
    filterset_class = AnnotationFilter

    def get_queryset(self) -> QuerySet[Annotation]:
        rows = access.annotations_for(self.request.user)
        if self.request.method in SAFE_METHODS:
            return rows
        return rows.select_related("author", "project", "revision")

    def list(self, request: Request) -> Response:
        """The annotations that one may see, deleted ones only if asked for."""
        rows = self.filter_queryset(self.get_queryset()).only(*self.ordering)
        found = record.of([row.pk for row in self.paginate_queryset(rows)])
        return self.get_paginated_response([annotation_as_json(one) for one in found])

    def retrieve(self, request: Request, pk: str) -> Response:
        """One annotation; its ETag is the version that a change has to state."""
        return _answer(self.load(pk))

    @extend_schema(
        request=NewAnnotationSerializer,
        parameters=CHANGE,
        responses={
            200: AnnotationSerializer,
            201: AnnotationSerializer,
            **REFUSED_NEW,
        },
    )
    def create(self, request: Request) -> Response:
        """Make an annotation; sent again with the same id, it is made once.

        Made on an older revision it is brought forward to the newest if its words are there
        still; the answer says where it is.
        """
        sent = _checked(NewAnnotationSerializer, request.data)
        revision = _revision(request, sent["revision"])
        values = {
            "by": request.user, "revision": revision, "content": Content.from_dict(sent),
            "id": sent.get("id"), "change": change_of(request).change,
        }  # fmt: skip
        if suggestion := sent.get("suggestion"):
            annotation, made = suggesting.accept(**values, **suggestion)
        else:
            annotation, made = annotating.create(**values)
        return _answer(annotation, 201 if made else 200)

    @extend_schema(
        request=ContentSerializer,
        parameters=GUARDED,
        responses={200: AnnotationSerializer, **REFUSED},
    )
    def update(self, request: Request, pk: str) -> Response:
        """Give the whole content anew; a deleted annotation stands again."""
        return self._rewrite(request, self.load(pk), request.data)

    @extend_schema(
        request=ContentSerializer,
        parameters=GUARDED,
        responses={200: AnnotationSerializer, **REFUSED},
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        """Replace what is sent and leave the rest of the content."""
        annotation = self.load(pk)
        if not isinstance(request.data, dict):
            raise ValidationError({"non_field_errors": ["Send an object."]})
        stored = annotating.content_of(annotation).as_dict()
        return self._rewrite(request, annotation, {**stored, **request.data})

    @extend_schema(parameters=GUARDED, responses={200: AnnotationSerializer, **REFUSED})
    def destroy(self, request: Request, pk: str) -> Response:
        """Delete the annotation; it can be restored."""
        annotation = self.load(pk)
        access.require_writer(request.user, annotation)
        seen, change = seen_by(request), _change(request, annotation)
        return _answer(
            annotating.remove(by=request.user, annotation=annotation, seen=seen, **change)
        )

    @extend_schema(
        request=RestoreSerializer,
        parameters=GUARDED,
        responses={200: AnnotationSerializer, **REFUSED},
    )
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, pk: str) -> Response:
        """Bring back the annotation as it was at an earlier version, as a new version."""
        annotation = self.load(pk)
        access.require_writer(request.user, annotation)
        seen, change = seen_by(request), _change(request, annotation)
        version = _checked(RestoreSerializer, request.data)["version"]
        return _answer(
            annotating.restore(
                by=request.user, annotation=annotation, seen=seen, version=version, **change
            )
        )

    @extend_schema(
        request=PlaceSerializer,
        parameters=GUARDED[:1],
        responses={200: AnnotationSerializer, **REFUSED},
    )
    @action(detail=True, methods=["post"])
    def place(self, request: Request, pk: str) -> Response:
        """Give an annotation that lost its place when the text was corrected a place in it."""
        annotation = self.load(pk)
        access.require_placer(request.user, annotation)
        seen = seen_by(request)
        sent = _checked(PlaceSerializer, request.data)["spans"]
        spans = [(span["start"], span["end"]) for span in sent]
        return _answer(
            correcting.place(by=request.user, annotation=annotation, seen=seen, spans=spans)
        )

    def _rewrite(self, request: Request, annotation: Annotation, data) -> Response:
        access.require_writer(request.user, annotation)
        seen, change = seen_by(request), _change(request, annotation)
        content = Content.from_dict(_checked(ContentSerializer, data))
        return _answer(
            annotating.rewrite(
                by=request.user, annotation=annotation, seen=seen, content=content, **change
            )
        )


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
        responses={200: RejectionSerializer, 201: RejectionSerializer, **REFUSED_NEW},
    )
    def create(self, request: Request) -> Response:
        """Say no to suggestions of one actor; sent again with the same id, it is said once."""
        sent = _checked(NewRejectionSerializer, request.data)
        rejection, made = suggesting.reject(
            by=request.user,
            revision=_revision(request, sent["revision"]),
            actor=sent["actor"],
            places=[suggesting.Place(**place) for place in sent["places"]],
            id=sent.get("id"),
            change=change_of(request).change,
        )
        return _rejected(rejection, 201 if made else 200)

    @extend_schema(
        request=NothingSerializer,
        parameters=GUARDED,
        responses={200: RejectionSerializer, **REFUSED},
    )
    def update(self, request: Request, pk: str) -> Response:
        """Say it again after it was taken back."""
        _checked(NothingSerializer, request.data)
        return self._write(request, pk, suggesting.reject_again)

    @extend_schema(parameters=GUARDED, responses={200: RejectionSerializer, **REFUSED})
    def destroy(self, request: Request, pk: str) -> Response:
        """Take it back: the places are suggested again."""
        return self._write(request, pk, suggesting.take_back)

    def _write(self, request: Request, pk: str, door) -> Response:
        rejection = self.load(pk)
        seen, headers = seen_by(request), change_of(request)
        try:
            door(by=request.user, rejection=rejection, seen=seen, **vars(headers))
        except Stale as error:
            body = {"detail": str(error), "current": rejection_as_json(error.current)}
            return Response(body, status=412, headers={"ETag": etag_of(error.current)})
        return _rejected(rejection)


class Newest(APIView):
    """Which text of an article is the newest: asked again and again by whoever has it open.

    One query if the text is the one known by its ETag, one more if it is not.
    """

    permission_classes = [IsAuthenticated]

    @extend_schema(responses={200: NewestSerializer, 304: None})
    def get(self, request: Request, pk: str) -> Response:
        refuse_unknown(request)
        own = revisions_for(request.user).filter(article=_article(pk)).order_by("-number")
        found = own.values_list("pk", "number").first()
        if found is None:
            raise Http404
        revision, number = found
        headers = {"ETag": f'"{revision}"', "Cache-Control": "private, no-cache"}
        if headers["ETag"] in parse_etags(request.headers.get("If-None-Match", "")):
            return Response(status=304, headers=headers)
        told = open_events_for(request.user).filter(article=pk, verb="corrected").order_by("-at")
        event = told.first() if number > 1 else None
        body = {
            "revision": revision, "number": number, "by": event.by_name if event else "",
            "at": event and event.at, "reason": event.after["reason"] if event else "",
        }  # fmt: skip
        return Response(body, headers=headers)


class Facets(Reading):
    """The questions of a codebook."""

    queryset = Facet.objects.none()
    serializer_class = FacetSerializer
    filterset_class = FacetFilter

    def get_queryset(self) -> QuerySet[Facet]:
        return access.facets_for(self.request.user).select_related("project")


class Tags(Reading):
    """The answers that a facet offers, as a tree."""

    queryset = ClaimTag.objects.none()
    serializer_class = ClaimTagSerializer
    filterset_class = ClaimTagFilter

    def get_queryset(self) -> QuerySet[ClaimTag]:
        return access.tags_for(self.request.user).select_related("project")


class Events(Reading):
    """Who wrote what when, oldest first; work that is hidden from one is hidden here too."""

    queryset = Event.objects.none()
    serializer_class = EventSerializer
    filterset_class = EventFilter
    ordering = ("at", "id")

    def get_queryset(self) -> QuerySet[Event]:
        return access.events_for(self.request.user).select_related("project", "by")


class Export(APIView):
    """A whole project as far as one sees it, written while it is read."""

    permission_classes = [IsAuthenticated]

    @extend_schema(
        parameters=[
            OpenApiParameter("format", str, OpenApiParameter.PATH, enum=list(FORMATS)),
        ],
        responses={
            (200, known.content_type.partition(";")[0]): OpenApiTypes.STR
            for known in FORMATS.values()
        },
    )
    def get(self, request: Request, slug: str, format: str) -> StreamingHttpResponse:
        refuse_unknown(request)
        project = project_called(slug, request)
        if format not in FORMATS:
            raise Http404
        pieces = FORMATS[format].write(source_for(request.user, project))
        return StreamingHttpResponse(
            (chunk.encode() for chunk in _chunks(pieces)),
            content_type=FORMATS[format].content_type,
            headers={
                "Content-Disposition": f'attachment; filename="{project.slug}.{format}"',
                "Cache-Control": "private, no-store",
            },
        )

    def perform_content_negotiation(self, request: Request, force: bool = False):
        """The address says the format, so no Accept header is refused; errors are in JSON."""
        return super().perform_content_negotiation(request, force=True)


def _chunks(pieces: Iterable[str]) -> Iterator[str]:
    """The same text in fewer pieces, since every one of them is sent by itself."""
    kept, size = [], 0
    for piece in pieces:
        kept.append(piece)
        size += len(piece)
        if size >= CHUNK:
            yield "".join(kept)
            kept, size = [], 0
    yield "".join(kept)


def _change(request: Request, annotation: Annotation) -> dict:
    """What the headers say of a change to an annotation, as the door takes it."""
    seen, counted_in = revision_seen(request), annotation.revision
    if seen != annotation.revision_id:
        own = revisions_for(request.user).filter(article=annotation.article_id)
        counted_in = own.filter(pk=seen).first() if seen else None
        if seen and counted_in is None:
            raise ValidationError({"revision": ["There is no such revision of this article."]})
    return {**vars(change_of(request)), "counted_in": counted_in}


def _article(pk: str) -> uuid.UUID:
    """The id of an article; Http404 if it is none."""
    try:
        return uuid.UUID(pk)
    except ValueError:
        raise Http404 from None


def _checked(serializer_class, data) -> dict:
    serializer = serializer_class(data=data)
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data


def _revision(request: Request, pk: uuid.UUID) -> Revision:
    revisions = revisions_for(request.user).select_related("project")
    revision = revisions.filter(pk=pk).order_by().first()
    if revision is None:
        raise ValidationError({"revision": ["There is no such revision."]})
    return revision


def _rejected(rejection: Rejection, status: int = 200) -> Response:
    body = rejection_as_json(rejection)
    return Response(body, status=status, headers={"ETag": etag_of(rejection)})


def _answer(annotation: Annotation, status: int = 200) -> Response:
    body = annotation_as_json(record.of_one(annotation))
    return Response(body, status=status, headers={"ETag": etag_of(annotation)})
