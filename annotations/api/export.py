"""The API's export: a project as a file, written while it is read."""

from collections.abc import Iterable, Iterator

from django.http import Http404, StreamingHttpResponse
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.views import APIView

from annotations.exchange.formats import FORMATS
from annotations.exchange.source import source_for
from corpus_app.api import project_called, refuse_unknown

CHUNK = 32 * 1024


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
        filename = f"{project.slug}.{FORMATS[format].suffix}"
        pieces = FORMATS[format].write(source_for(request.user, project))
        return StreamingHttpResponse(
            _chunks(pieces),
            content_type=FORMATS[format].content_type,
            headers={
                "Content-Disposition": f'attachment; filename="{filename}"',
                "Cache-Control": "private, no-store",
            },
        )

    def perform_content_negotiation(self, request: Request, force: bool = False):
        """The address says the format, so no Accept header is refused; errors are in JSON."""
        return super().perform_content_negotiation(request, force=True)


def _chunks(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same in fewer pieces, since every one of them is sent by itself."""
    kept, size = [], 0
    for piece in pieces:
        kept.append(piece)
        size += len(piece)
        if size >= CHUNK:
            yield b"".join(kept)
            kept, size = [], 0
    yield b"".join(kept)
