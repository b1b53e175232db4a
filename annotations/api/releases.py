"""The API's releases: what a project was at a moment, for ever."""

from django.db.models import QuerySet
from django.http import HttpResponseBase, HttpResponseNotModified, StreamingHttpResponse
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import AllowAny, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from annotations import access, frozen, releasing
from annotations.api.asked import GUARDED, header
from annotations.api.release_shapes import (
    AudienceSerializer,
    ComparedSerializer,
    NewReleaseSerializer,
    ReleaseFilter,
)
from annotations.models import Release
from annotations.team_shapes import ReleaseSerializer
from corpus_app.access import projects_for, require_curator, require_manager
from corpus_app.api import Reading
from corpus_app.api.answering import is_known
from corpus_app.api.writing import made_once, project_sent
from corpus_app.asking import checked, etag_of, seen_by

OPEN = ("retrieve", "archive", "since")  # also for those who are not signed in


class Releases(Reading):
    """Projects as they were at a moment. What is shown to anybody is read without signing in."""

    queryset = Release.objects.none()
    serializer_class = ReleaseSerializer
    filterset_class = ReleaseFilter
    sorts = {"created": ("created", "id"), "number": ("number", "id")}

    def get_permissions(self) -> list[BasePermission]:
        return [AllowAny()] if self.action in OPEN else [IsAuthenticated()]

    def get_queryset(self) -> QuerySet[Release]:
        rows = access.releases_for(self.request.user)
        if self.action in OPEN:
            return rows
        return rows.filter(project__in=projects_for(self.request.user))

    @extend_schema(
        request=NewReleaseSerializer, responses={200: ReleaseSerializer, 201: ReleaseSerializer}
    )
    def create(self, request: Request) -> Response:
        """Freeze a project as one sees it now, once for each id; for curators and managers."""
        sent = checked(NewReleaseSerializer, request.data)
        project = project_sent(sent.pop("project"), request)
        require_curator(request.user, project)
        own = {"by": request.user, "project": project}
        rows, pk = self.get_queryset(), sent.get("id")
        release, new = made_once(rows, pk, lambda: releasing.release(**own, **sent), **own)
        return self._answer(release, 201 if new else 200)

    @extend_schema(
        request=AudienceSerializer, parameters=GUARDED[:1], responses={200: ReleaseSerializer}
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        """Show it to others; for managers. Nothing else of a release ever changes."""
        release = self.load(pk)
        require_manager(request.user, release.project)
        told = {"seen": seen_by(request), "audience": release.audience}
        told |= checked(AudienceSerializer, request.data)
        return self._answer(releasing.show_to(by=request.user, release=release, **told))

    @extend_schema(
        parameters=[header("If-None-Match", "The ETag of the archive that one has: then 304.")],
        responses={(200, "application/zip"): OpenApiTypes.BINARY, 304: None},
        filters=False,
    )
    @action(detail=True, filterset_class=None)
    def archive(self, request: Request, pk: str) -> HttpResponseBase:
        """The archive, byte for byte as it was made."""
        release = self.load(pk)
        headers = frozen.headers(release)
        if is_known(request, headers["ETag"]):
            return HttpResponseNotModified(headers={"ETag": headers["ETag"]})
        return StreamingHttpResponse(
            frozen.pieces(release), content_type="application/zip", headers=headers
        )

    @extend_schema(responses={200: ComparedSerializer(many=True)}, filters=False)
    @action(
        detail=True, url_path="since/(?P<other>[^/]+)", pagination_class=None, filterset_class=None
    )
    def since(self, request: Request, pk: str, other: str) -> Response:
        """How the later of two releases of a project differs from the earlier, table by table."""
        before, after = sorted((self.load(pk), self.load(other)), key=lambda one: one.number)
        if before.project_id != after.project_id or before.pk == after.pk:
            raise ValidationError({"non_field_errors": ["Name two releases of one project."]})
        return Response(ComparedSerializer(frozen.difference(before, after), many=True).data)

    def _answer(self, release: Release, status: int = 200) -> Response:
        body = ReleaseSerializer(release).data
        return Response(body, status=status, headers={"ETag": etag_of(release)})
