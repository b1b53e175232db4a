"""The API's imports: a file is sent, and how far it is stored is answered while it is."""

from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import Any, BinaryIO

import orjson
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request

from annotations.access import imports_for
from annotations.exchange.formats import FORMATS
from annotations.exchange.importing import imported
from annotations.filters import ImportFilter
from annotations.models import Import
from corpus_app.access import require_curator, require_open
from corpus_app.api import Address, Reading, UnknownParameter, project_called, refuse_unknown
from corpus_app.asking import Choice, checked
from corpus_app.models import Membership, Project, User

READABLE = [name for name, known in FORMATS.items() if known.reads]
PIECE = 1 << 16


class AskedImportSerializer(serializers.Serializer):
    """What to make of the file."""

    format = Choice(READABLE)
    dry = serializers.BooleanField(
        required=False, default=False, help_text="Try everything, store nothing."
    )
    whole = serializers.BooleanField(
        required=False, default=False, help_text="Store nothing if a row is refused."
    )
    author = serializers.CharField(
        required=False, max_length=150,
        help_text="User name of whoever gets the work of people who are no members.",
    )  # fmt: skip
    name = serializers.CharField(required=False, max_length=255, help_text="Of the file.")


class LineSerializer(serializers.Serializer):
    """What is to be said of one row."""

    line = serializers.IntegerField(help_text="Of the file, or the number of the thing in it.")
    reason = serializers.CharField()


class ReportSerializer(serializers.Serializer):
    """What was refused, and what was stored otherwise than it stood; 1,000 rows of each."""

    refused = serializers.IntegerField()
    remarked = serializers.IntegerField()
    problems = LineSerializer(many=True)
    remarks = LineSerializer(many=True)
    error = serializers.CharField(allow_blank=True, help_text="Why the file cannot be read.")


class ImportSerializer(serializers.ModelSerializer):
    """An import, and what became of its rows."""

    project = serializers.SlugRelatedField("slug", read_only=True)
    by = serializers.SlugRelatedField("username", read_only=True)
    report = ReportSerializer()

    class Meta:
        model = Import
        fields = (
            "id", "project", "by", "format", "name", "dry", "whole", "state", "read", "stored",
            "unchanged", "report", "created", "finished",
        )  # fmt: skip
        read_only_fields = fields


class AnyFile(BaseParser):
    """The body as it is, in a file that is gone once it is closed."""

    media_type = "*/*"

    def parse(self, stream, media_type=None, parser_context=None) -> BinaryIO:
        file, size = TemporaryFile(), 0  # noqa: SIM115 (whoever reads it closes it)
        while piece := stream.read(PIECE):
            size += len(piece)
            if size > settings.UPLOAD_LIMIT:
                file.close()
                raise RequestDataTooBig
            file.write(piece)
        file.seek(0)
        return file


class TakeIn(Address):
    """Imports a file; for curators and managers."""

    parser_classes = [MultiPartParser, AnyFile]

    @extend_schema(
        operation_id="projects_imports_create",
        parameters=[AskedImportSerializer],
        request={
            "multipart/form-data": {
                "type": "object",
                "properties": {"file": {"type": "string", "format": "binary"}},
                "required": ["file"],
            },
            "application/octet-stream": OpenApiTypes.BINARY,
        },
        responses={(200, "application/x-ndjson"): OpenApiTypes.STR},
    )
    def post(self, request: Request, slug: str) -> StreamingHttpResponse:
        """Answers line by line, in JSON: how many rows are read and stored, and last the import
        with its report. A file that is sent again stores nothing twice. Whoever hangs up breaks
        the import off."""
        refuse_unknown(request, AskedImportSerializer().fields)
        project = project_called(slug, request)
        require_curator(request.user, project)
        require_open(project.pk)  # before the first line of the answer is sent
        try:
            asked = checked(AskedImportSerializer, request.query_params.dict())
        except ValidationError as error:
            raise UnknownParameter(error.detail) from error
        author = _author(project, asked.pop("author", ""))
        file = _sent(request)
        # A file without a name says a number.
        named = getattr(file, "name", "")
        asked.setdefault("name", named if isinstance(named, str) else "")
        steps = imported(by=request.user, project=project, file=file, author=author, **asked)
        return StreamingHttpResponse(
            _lines(steps, file), content_type="application/x-ndjson",
            headers={"Cache-Control": "private, no-store"},
        )  # fmt: skip

    def perform_content_negotiation(self, request: Request, force: bool = False):
        """The answer is in lines of JSON, whatever was asked for; errors are in JSON."""
        return super().perform_content_negotiation(request, force=True)


class Imports(Reading):
    """What was imported, and what became of it; for curators and managers."""

    queryset = Import.objects.none()
    serializer_class = ImportSerializer
    filterset_class = ImportFilter

    def get_queryset(self) -> QuerySet[Import]:
        return imports_for(self.request.user).select_related("project", "by")


def _author(project: Project, username: str) -> User | None:
    if not username:
        return None
    members = Membership.objects.filter(project=project, user__username=username, ended=None)
    member = members.select_related("user").first()
    if member is None:
        raise UnknownParameter({"author": [f"“{username}” is not a member of this project."]})
    return member.user


def _sent(request: Request) -> BinaryIO:
    sent: Any = request.data
    if hasattr(sent, "read"):
        return sent
    if "file" in request.FILES:
        return request.FILES["file"]
    raise ValidationError({"file": ["There is no file in it."]})


def _lines(steps: Iterator[Import], file: BinaryIO) -> Iterator[bytes]:
    """How far it is, line by line, and at last the import."""
    with file:
        for row in steps:
            if row.finished:
                yield _line("report", ImportSerializer(row).data)
            else:
                names = ("id", "read", "stored", "unchanged")
                told = {name: getattr(row, name) for name in names}
                yield _line("progress", {**told, "refused": row.report["refused"]})


def _line(kind: str, values: dict[str, Any]) -> bytes:
    option = orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z
    return orjson.dumps({"is": kind, **values}, default=str, option=option)
