"""What the API answers when something is refused: RFC 9457 problem details, always."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from rest_framework.exceptions import NotAuthenticated, ParseError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.response import Response
from rest_framework.views import exception_handler

from annotations.serializers import etag_of
from config.parsers import TooLarge
from corpus_app import problems
from corpus_app.api import UnknownParameter
from corpus_app.history import Stale


def answer(error: Exception, context: dict) -> Response | None:
    """The answer to an error of a door, of access or of the framework; None if it is a fault."""
    if isinstance(error, RequestDataTooBig):
        error = TooLarge(settings.UPLOAD_LIMIT)
    elif isinstance(error, SuspiciousOperation):
        error = ParseError("This request cannot be read.")
    elif isinstance(error, NotAuthenticated) and "Authorization" in context["request"].headers:
        # Of a scheme that we do not read, such as Bearer.
        error.detail = "Nobody is known by this. Send it as: Authorization: Token …"
    asked = context["request"].method in SAFE_METHODS or isinstance(error, UnknownParameter)
    problem = problems.of(error, asked=asked)
    if problem is None:
        return None
    known = exception_handler(error, context) or {}  # says how to sign in, and when to come again
    headers = {name: known[name] for name in ("WWW-Authenticate", "Retry-After") if name in known}
    if isinstance(error, Stale):
        problem["current"] = context["view"].present(error.current)
        headers["ETag"] = etag_of(error.current)
    return Response(problem, problem["status"], headers=headers, content_type=problems.MEDIA_TYPE)
