"""What a request to the API may say: strict fields, and the headers of a write."""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.exceptions import APIException, ParseError
from rest_framework.request import Request

from corpus_app.models import Versioned

LARGEST_INTEGER = 2**31 - 1  # of a column in PostgreSQL


class PreconditionRequired(APIException):
    """A write that does not say which version it saw."""

    status_code = 428
    default_detail = 'Say which version you have seen: If-Match: "<version>".'
    default_code = "precondition_required"


class Strict(serializers.Serializer):
    """Refuses names that it does not know, instead of passing them over."""

    # Of these fields exactly one is sent; `validate` says so if it is not.
    one_of: ClassVar[tuple[str, ...]] = ()

    def to_internal_value(self, data):
        if isinstance(data, Mapping):
            known = {name for name, field in self.fields.items() if not field.read_only}
            if unknown := [name for name in data if name not in known]:
                raise serializers.ValidationError(
                    {name: ["This cannot be set here."] for name in unknown}
                )
        return super().to_internal_value(data)


class Whole(serializers.IntegerField):
    """A whole number in JSON, where 1.0 is one: not text, not true."""

    def __init__(self, **kwargs):
        super().__init__(**{"max_value": LARGEST_INTEGER, **kwargs})

    def to_internal_value(self, data):
        if isinstance(data, float) and data.is_integer():
            data = int(data)
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("invalid")
        return super().to_internal_value(data)


class Truth(serializers.BooleanField):
    """True or false in JSON: not text, not a number."""

    def to_internal_value(self, data):
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Choice(serializers.ChoiceField):
    """One of several words; who sends another one is told which there are."""

    default_error_messages = {"invalid_choice": "“{input}” is none of these: {known}."}

    def fail(self, key, **told):
        told["input"] = str(told.get("input"))[:80]
        super().fail(key, known=", ".join(str(one) for one in self.choices if one), **told)


class Words(serializers.CharField):
    """Text that is stored as it is sent, white space included.

    `pattern` tells callers what the door looks for, which says in its own words what is wrong.
    """

    def __init__(self, pattern: str = "", **kwargs):
        self.pattern = pattern
        super().__init__(trim_whitespace=False, **kwargs)

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("invalid")
        return data


class Identifier(serializers.UUIDField):
    """A UUID as text: not a number, and not true, which the framework takes for numbers."""

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("invalid", value=data)
        return super().to_internal_value(data)


@dataclass(frozen=True)
class Change:
    """What the headers of a write say: the id of the change, and the event that it takes back."""

    change: uuid.UUID | None
    undoes: uuid.UUID | None


def change_of(request: Request) -> Change:
    """The change that a write is. Raises ParseError for an id that is no UUID."""
    return Change(_uuid(request, "Idempotency-Key"), _uuid(request, "Crossread-Undoes"))


def revision_seen(request: Request) -> uuid.UUID | None:
    """The text that the writer saw and counted in. Raises ParseError for an id that is no UUID."""
    return _uuid(request, "Crossread-Revision")


def seen_by(request: Request) -> int:
    """The version that the writer has seen, of If-Match.

    Raises PreconditionRequired if there is none, ParseError if it is not one version in quotes.
    """
    header = request.headers.get("If-Match")
    if header is None:
        raise PreconditionRequired
    match = re.fullmatch(r'"([1-9][0-9]{0,8})(-[0-9a-f]{16})?"', header.strip(), re.ASCII)
    if not match:
        raise ParseError('If-Match takes the one version you have seen, such as "3".')
    return int(match[1])


def etag_of(thing: Versioned) -> str:
    return f'"{thing.version}"'


def checked(serializer_class: type[serializers.Serializer], data: Any) -> dict[str, Any]:
    """What was sent, as the serializer reads it. Raises ValidationError."""
    serializer = serializer_class(data=data)
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data


def _uuid(request: Request, header: str) -> uuid.UUID | None:
    value = request.headers.get(header)
    if value is None:
        return None
    try:
        return uuid.UUID(value)
    except ValueError:
        raise ParseError(f"{header} takes a UUID.") from None
