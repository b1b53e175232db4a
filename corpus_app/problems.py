"""What the API says when it refuses: RFC 9457 problem details, in one shape for every address."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions, serializers

from corpus_app.history import DoorError, Stale

MEDIA_TYPE = "application/problem+json"
WHOLE = "non_field_errors"
# What doors call what came in a header of the request.
HEADERS = {"change": "Idempotency-Key", "undoes": "Crossread-Undoes"}
# By the status: the name in the problem's type, and its title.
KINDS = {
    400: ("invalid", "What was sent does not fit"),
    401: ("not-signed-in", "Nobody is signed in"),
    403: ("forbidden", "This is not allowed"),
    404: ("not-found", "There is no such thing"),
    405: ("method-not-allowed", "This address does not take this method"),
    406: ("not-acceptable", "There is no answer in the format that was asked for"),
    409: ("somebody-else", "Somebody else is signed in"),
    412: ("stale", "It was changed meanwhile"),
    413: ("too-large", "What was sent is too large"),
    415: ("unsupported-media-type", "What was sent is in a format that is not read here"),
    428: ("precondition-required", "The version that was seen is missing"),
    429: ("throttled", "Too many requests"),
}
UNREADABLE = ("unreadable", "The request cannot be read")
BULK_REFUSED = ("bulk-refused", "Nothing was stored")
# By the name in a problem's type: the status and the title.
TYPES = {name: (status, title) for status, (name, title) in KINDS.items()} | {
    name: (400, title) for name, title in (UNREADABLE, BULK_REFUSED)
}


class FaultSerializer(serializers.Serializer):
    """One thing that is wrong, and where: in the body, a query parameter or a header."""

    pointer = serializers.CharField(
        required=False, allow_blank=True, help_text="JSON pointer into the body: /spans/0/end."
    )
    parameter = serializers.CharField(required=False, help_text="Name of a query parameter.")
    header = serializers.CharField(required=False)
    detail = serializers.CharField()


class ProblemSerializer(serializers.Serializer):
    """Why a request was refused (RFC 9457)."""

    type = serializers.CharField(help_text="What kind of problem; stays the same for good.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="What happened, for people.")
    errors = FaultSerializer(many=True, required=False)


def problem(status: int, detail: str, kind: tuple[str, str] | None = None) -> dict[str, Any]:
    """The problem of this status."""
    name, title = kind or KINDS.get(status, ("", ""))
    told = {"type": f"/api/problems/{name}", "title": title}
    if not name:
        told = {"type": "about:blank", "title": detail}
    return {**told, "status": status, "detail": detail}


def of(error: Exception, *, prefix: str = "", asked: bool = False) -> dict[str, Any] | None:
    """The problem that an error of a door, of access or of the framework is; None for a fault.

    `prefix` is the JSON pointer of what the error is about in the body; `asked` says that the
    query was refused and not the body.
    """
    if isinstance(error, DoorError):
        return invalid(error.messages, prefix, asked)
    if isinstance(error, exceptions.ValidationError):
        return invalid(error.detail, prefix, asked)
    if isinstance(error, Stale):
        return problem(412, str(error))
    if isinstance(error, Http404):
        return problem(404, "Not found.")
    if isinstance(error, PermissionDenied):
        return problem(403, str(error) or "You do not have permission to do this.")
    if isinstance(error, exceptions.ParseError):
        return problem(400, str(error.detail), UNREADABLE)
    if isinstance(error, exceptions.APIException):
        return problem(error.status_code, str(error.detail))
    return None


def invalid(messages: Any, prefix: str = "", asked: bool = False) -> dict[str, Any]:
    """The problem of messages by field, which may be nested as the body is."""
    faults = [_place(path, prefix, asked) | {"detail": text} for path, text in _texts(messages)]
    first = faults[0]["detail"]
    others = f" And {len(faults) - 1} more." if len(faults) > 1 else ""
    return {**problem(400, first + others), "errors": faults}


def _texts(messages: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Each message with where it belongs."""
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            yield from _texts(inner, path if name == WHOLE else (*path, str(name)))
    elif isinstance(messages, (list, tuple)):
        for number, inner in enumerate(messages):
            yield from _texts(inner, path if isinstance(inner, str) else (*path, str(number)))
    else:
        yield path, str(messages)


def _place(path: tuple[str, ...], prefix: str, asked: bool) -> dict[str, str]:
    if path and path[0] in HEADERS and not prefix:
        return {"header": HEADERS[path[0]]}
    if asked:
        return {"parameter": path[0]} if path else {}
    escaped = (name.replace("~", "~0").replace("/", "~1") for name in path)
    return {"pointer": prefix + "".join(f"/{name}" for name in escaped)}
