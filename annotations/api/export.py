"""The API's export: a project as a file, written while it is read, and what files cannot hold."""

from collections.abc import Iterable, Iterator
from functools import cache

from django.http import StreamingHttpResponse
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from annotations.exchange import native_schema
from annotations.exchange.formats import FORMATS, Format, file_name
from annotations.exchange.holdings import IN_NO_FILE
from annotations.exchange.source import narrowed, source_for
from annotations.models import Annotation
from corpus_app.api import Address, project_called, refuse_unknown
from corpus_app.asking import Choice, checked

CHUNK = 32 * 1024
WRITTEN = [name for name, known in FORMATS.items() if known.writes]
OF_ADDRESS = OpenApiParameter("format", str, OpenApiParameter.PATH, enum=WRITTEN)
LOSSES = OpenApiParameter(
    "Crossread-Losses", str, OpenApiParameter.HEADER, response=True,
    description="What of the project the file lacks and another format may hold: a list of "
    "strings (RFC 8941), a sentence each. Missing if there is nothing.",
)  # fmt: skip


class AskedExportSerializer(serializers.Serializer):
    """What of the project: each narrows it, and what is left out does not."""

    layer = Choice(Annotation.Layer.choices, required=False)
    author = serializers.CharField(required=False, max_length=150, help_text="A user name.")
    article = serializers.UUIDField(required=False)
    story = serializers.UUIDField(required=False)
    outlet = serializers.UUIDField(required=False)


class FormatSerializer(serializers.Serializer):
    """A format, and what it cannot hold."""

    name = serializers.CharField(help_text="Of it in addresses and commands.")
    label = serializers.CharField()
    content_type = serializers.CharField()
    suffix = serializers.CharField()
    units = serializers.CharField(help_text="In which it counts offsets.")
    writes = serializers.BooleanField()
    reads = serializers.BooleanField()
    there = serializers.BooleanField(help_text="Whether the library that it needs is installed.")
    loses = serializers.ListField(child=serializers.CharField())


class FormatsSerializer(serializers.Serializer):
    results = FormatSerializer(many=True)


class LossesSerializer(serializers.Serializer):
    losses = serializers.ListField(
        child=serializers.CharField(),
        help_text="What of this project the file would lack and another format may hold.",
    )
    in_no_file = serializers.ListField(
        child=serializers.CharField(),
        help_text="What no format holds, whatever is chosen; the same for every project.",
    )


class Export(Address):
    """A whole project as far as one sees it, written while it is read."""

    @extend_schema(
        parameters=[OF_ADDRESS, AskedExportSerializer, LOSSES],
        responses={
            (200, kind): OpenApiTypes.ANY if kind.endswith("+json") else OpenApiTypes.BINARY
            for known in FORMATS.values()
            for kind in [known.content_type.partition(";")[0]]
            if known.writes
        },
    )
    def get(self, request: Request, slug: str, format: str) -> StreamingHttpResponse:
        refuse_unknown(request, AskedExportSerializer().fields)
        project = project_called(slug, request)
        known = _written(format)
        asked = checked(AskedExportSerializer, request.query_params.dict())
        told = {name: str(value) for name, value in asked.items()}
        source = narrowed(source_for(request.user, project), **told)
        headers = {
            "Content-Disposition": f'attachment; filename="{file_name(project.slug, format)}"',
            "Cache-Control": "private, no-store",
        }
        if losses := known.losses(source):
            headers["Crossread-Losses"] = ", ".join(f'"{sentence}"' for sentence in losses)
        return StreamingHttpResponse(
            _chunks(known.write(source)), content_type=known.content_type, headers=headers
        )

    def perform_content_negotiation(self, request: Request, force: bool = False):
        """The address says the format, so no Accept header is refused; errors are in JSON."""
        return super().perform_content_negotiation(request, force=True)


class Losses(Address):
    """What of a project an export in this format would leave out, a sentence each, and what no
    export has."""

    @extend_schema(
        parameters=[OpenApiParameter("name", str, OpenApiParameter.PATH, enum=WRITTEN)],
        responses=LossesSerializer,
    )
    def get(self, request: Request, slug: str, name: str) -> Response:
        refuse_unknown(request)
        project = project_called(slug, request)
        source = source_for(request.user, project)
        return Response({"losses": _written(name).losses(source), "in_no_file": IN_NO_FILE})


class Formats(Address):
    """Every format, and what it cannot hold of what files hold."""

    @extend_schema(responses=FormatsSerializer)
    def get(self, request: Request) -> Response:
        refuse_unknown(request)
        return Response({"results": [_shown(*item) for item in FORMATS.items()]})


class Schema(Address):
    """The JSON Schema of a line of Crossread's own JSONL."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        refuse_unknown(request)
        return Response(native_schema.SCHEMA)


def _written(name: str) -> Format:
    known = FORMATS.get(name)
    if known is None or not (known.writes and known.there):
        raise NotFound(f"There is no such format to write. There are: {_there()}.")
    return known


@cache
def _there() -> str:
    """The names of the formats that are written here."""
    return ", ".join(name for name in WRITTEN if FORMATS[name].there)


def _shown(name: str, known: Format) -> dict:
    names = ("label", "content_type", "suffix", "units", "writes", "reads", "there")
    loses = sorted(str(feature) for feature in known.loses)
    return {"name": name, **{n: getattr(known, n) for n in names}, "loses": loses}


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
