"""What the API answers when something is refused."""

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from rest_framework.exceptions import ParseError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from annotations.access import links_for
from annotations.exchange import record
from annotations.serializers import annotation_as_json, etag_of
from config.parsers import TooLarge
from corpus_app.access import Forbidden
from corpus_app.history import DoorError, Stale


def answer(error: Exception, context: dict) -> Response | None:
    """The answer to an error of a door, of access or of the framework; None if it is a fault."""
    if isinstance(error, DoorError):
        return Response(error.messages, status=400)
    if isinstance(error, Forbidden):
        return Response({"detail": str(error)}, status=403)
    if isinstance(error, Stale):
        current = record.of_one(error.current, links_for(context["request"].user))
        body = {"detail": str(error), "current": annotation_as_json(current)}
        return Response(body, status=412, headers={"ETag": etag_of(error.current)})
    if isinstance(error, RequestDataTooBig):
        error = TooLarge()
    elif isinstance(error, SuspiciousOperation):
        error = ParseError("This request cannot be read.")
    return exception_handler(error, context)
