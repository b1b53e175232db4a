"""Lists in pages that stay stable while rows are added: each page begins after a known row."""

import base64
import json
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError as InvalidValue
from django.db.models import Field, Q
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

USUAL, LARGEST = 50, 500


class KeysetPagination(BasePagination):
    """Pages in the order of the view's `ordering`, two fields that are never null.

    A cursor tells the direction and the two values of the row the page begins after, so a page
    costs the same however far down the list it is.
    """

    def paginate_queryset(self, queryset, request, view=None) -> list:
        self.request, self.model, self.ordering = request, queryset.model, view.ordering
        size = _page_size(request.query_params.get("page_size"))
        backwards, beyond = self._cursor(request.query_params.get("cursor"))
        first, second = self.ordering
        if beyond:
            side = "lt" if backwards else "gt"
            queryset = queryset.filter(
                Q(**{f"{first}__{side}e": beyond[0]}),
                Q(**{f"{first}__{side}": beyond[0]}) | Q(**{f"{second}__{side}": beyond[1]}),
            )
        order = [f"-{name}" if backwards else name for name in self.ordering]
        rows = list(queryset.order_by(*order)[: size + 1])
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
        link = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view) -> list[dict]:
        size = {"type": "integer", "minimum": 1, "maximum": LARGEST, "default": USUAL}
        return [
            {
                "name": "cursor",
                "in": "query",
                "description": "Where the page begins; taken from `next` or `previous`.",
                "schema": {"type": "string"},
            },
            {"name": "page_size", "in": "query", "schema": size},
        ]

    def _cursor(self, text: str | None) -> tuple[bool, list[Any]]:
        """The direction, and the values that the page's rows lie beyond (none: the first page)."""
        if text is None:
            return False, []
        try:
            side, *values = json.loads(base64.urlsafe_b64decode(text.encode("ascii")))
            if side not in ("after", "before") or not all(isinstance(v, str) for v in values):
                raise ValueError
            fields = [self.model._meta.get_field(name) for name in self.ordering]
            pairs = zip(fields, values, strict=True)
            return side == "before", [_value(field, text) for field, text in pairs]
        except (ValueError, TypeError, ArithmeticError, RecursionError, InvalidValue) as error:
            raise ValidationError({"cursor": ["Take cursors from next and previous."]}) from error

    def _link(self, side: str, row) -> str:
        fields = [self.model._meta.get_field(name) for name in self.ordering]
        values = [field.value_to_string(row) for field in fields]
        cursor = base64.urlsafe_b64encode(json.dumps([side, *values]).encode()).decode()
        return replace_query_param(self.request.build_absolute_uri(), "cursor", cursor)


def _value(field: Field, text: str) -> Any:
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
