"""Request bodies: JSON of bounded size and depth, with strings that every database can hold."""

import json
from typing import Any

from django.conf import settings
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser

DEEPEST = 20


class TooLarge(APIException):
    """A body above the limit, which is given in bytes."""

    status_code = 413
    default_code = "too_large"

    def __init__(self, limit: int = settings.API_BODY_LIMIT):
        super().__init__(f"The body is larger than {limit // 1024**2} MiB; nothing was stored.")


class StrictJSONParser(JSONParser):
    """Refuses NaN and infinities, doubled keys, NUL, lone surrogates and deep nesting.

    A view that takes much at once says by `body_limit` how much.
    """

    def parse(self, stream, media_type=None, parser_context=None) -> Any:
        view = (parser_context or {}).get("view")
        limit = getattr(view, "body_limit", settings.API_BODY_LIMIT)
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise TooLarge(limit)
        try:
            data = json.loads(
                body.decode(), parse_constant=_no_constant, object_pairs_hook=_no_doubled_keys
            )
            _check_depth_and_strings(data)
        except (ValueError, RecursionError) as error:
            raise ParseError(f"This is not JSON that can be read: {_reason(error)}") from error
        return data


def _no_constant(name: str):
    raise ValueError(f"{name} is not a number in JSON.")


def _no_doubled_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) < len(pairs):
        raise ValueError("the same key stands twice in one object.")
    return read


def _check_depth_and_strings(data: Any) -> None:
    level = [data]
    for _ in range(DEEPEST):
        below: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                below += value.keys()
                below += value.values()
            elif isinstance(value, list):
                below += value
            elif isinstance(value, str):
                _check_string(value)
        if not below:
            return
        level = below
    raise RecursionError


def _check_string(value: str) -> None:
    if "\0" in value:
        raise ValueError("a string holds the character U+0000.")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("a string holds half of a surrogate pair.") from None


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return f"it is nested deeper than {DEEPEST} levels."
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8."
    return str(error)
