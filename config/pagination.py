"""Lists in pages that stay stable while rows are added: each page begins after a known row."""

import base64
import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError as InvalidValue
from django.db.models import F, Field, Q
from django.db.models.expressions import OrderBy
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

USUAL, LARGEST = 50, 500
# What may differ from page to page.
NOT_ASKED = ("cursor", "page_size", "fields", "expand")


class KeysetPagination(BasePagination):
    """Pages in the order of the view: a field, and one that decides among equals.

    A cursor tells the direction, what was asked, and the two values of the row the page begins
    after, so a page costs the same however far down the list it is. Where the first value is
    missing the row comes last.
    """

    def paginate_queryset(self, queryset, request, view=None) -> list:
        self.request, self.model = request, queryset.model
        *self.names, self.descending = view.order
        self.asked = _asked(request)
        size = _page_size(request.query_params.get("page_size"))
        backwards, beyond = self._cursor(request.query_params.get("cursor"))
        falling = backwards != self.descending
        if beyond:
            queryset = queryset.filter(self._beyond(falling, *beyond))
        rows = list(queryset.order_by(*self._order(falling))[: size + 1])
        more, rows = len(rows) > size, rows[:size]
        if backwards:
            rows.reverse()
        self.next = rows and (backwards or more) and self._link("after", rows[-1])
        self.previous = rows and (more if backwards else beyond) and self._link("before", rows[0])
        return rows

    def get_paginated_response(self, data) -> Response:
        links = {"next": self.next or None, "previous": self.previous or None}
        return Response({**links, "results": data})

    def get_paginated_response_schema(self, schema) -> dict:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view) -> list[dict]:
        size = {"type": "integer", "minimum": 1, "maximum": LARGEST, "default": USUAL}
        sorted_by = getattr(view, "sorts", ()) if view.action == "list" else ()
        sorts = [sign + name for name in sorted_by for sign in ("", "-")]
        said = {
            "page_size": ("How many rows a page has.", size),
            "cursor": ("Where the page begins; taken from `next` or `previous`.", {
                "type": "string",
            }),
            "sort": ("The order; with `-` the other way round.", {
                "type": "string", "enum": sorts, "default": sorts[0] if sorts else None,
            }),
        }  # fmt: skip
        return [
            {"name": name, "in": "query", "description": words, "schema": schema}
            for name, (words, schema) in said.items()
            if sorts or name != "sort"
        ]

    def _fields(self) -> list[Field]:
        return [self.model._meta.get_field(name) for name in self.names]

    def _order(self, falling: bool) -> list[OrderBy]:
        first = self._fields()[0]
        last = {("nulls_first" if falling else "nulls_last"): True} if first.null else {}
        order = [OrderBy(F(self.names[0]), descending=falling, **last)]
        return [*order, OrderBy(F(self.names[1]), descending=falling)]

    def _beyond(self, falling: bool, value: Any, tie: Any) -> Q:
        """The rows after one of these values."""
        (first, second), side = self.names, "lt" if falling else "gt"
        after = Q(**{f"{second}__{side}": tie})
        missing = Q(**{f"{first}__isnull": True})
        if value is None:
            return missing & after | ~missing if falling else missing & after
        here = Q(**{f"{first}__{side}e": value}) & (Q(**{f"{first}__{side}": value}) | after)
        return here | missing if self._fields()[0].null and not falling else here

    def _cursor(self, text: str | None) -> tuple[bool, list[Any]]:
        """The direction, and the values that the page's rows lie beyond (none: the first page)."""
        if text is None:
            return False, []
        try:
            side, asked, *values = json.loads(base64.urlsafe_b64decode(text.encode("ascii")))
            if side not in ("after", "before") or not isinstance(asked, str):
                raise ValueError
            pairs = list(zip(self._fields(), values, strict=True))
            beyond = [_value(field, text) for field, text in pairs]
        except (ValueError, TypeError, ArithmeticError, RecursionError, InvalidValue) as error:
            raise ValidationError({"cursor": ["Take cursors from next and previous."]}) from error
        if asked != self.asked:
            said = "This cursor is of another list: it goes with the sort and filters it came with."
            raise ValidationError({"cursor": [said]})
        return side == "before", beyond

    def _link(self, side: str, row) -> str:
        values = [
            None if field.value_from_object(row) is None else field.value_to_string(row)
            for field in self._fields()
        ]
        packed = json.dumps([side, self.asked, *values]).encode()
        cursor = base64.urlsafe_b64encode(packed).decode()
        return replace_query_param(self.request.build_absolute_uri(), "cursor", cursor)


def _asked(request: Request) -> str:
    """A short name of what decides which rows come in which order."""
    asked = {
        name: request.query_params.getlist(name)
        for name in sorted(request.query_params)
        if name not in NOT_ASKED
    }
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:12]


def _value(field: Field, text: Any) -> Any:
    if text is None and field.null:
        return None
    if not isinstance(text, str):
        raise ValueError
    value = field.to_python(text)
    if value is None or (isinstance(value, datetime) and value.tzinfo is None):
        raise ValueError
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def _page_size(text: str | None) -> int:
    if text is None:
        return USUAL
    if not (text.isascii() and text.isdigit() and len(text) < 5 and 1 <= int(text) <= LARGEST):
        raise ValidationError({"page_size": [f"A page has 1 to {LARGEST} rows."]})
    return int(text)
