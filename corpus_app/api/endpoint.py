"""What all addresses of the API share."""

import uuid
from collections.abc import Container, Iterable, Mapping
from functools import cached_property
from typing import Any, ClassVar

from django.http import Http404
from django.urls import resolve
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from corpus_app import access
from corpus_app.api.answering import Expansion, Shown, expanded, names_asked, tag, trimmed
from corpus_app.asking import etag_of
from corpus_app.models import Project, Versioned

READS = ("list", "retrieve")
# Without OPTIONS, which the framework would name among those that are allowed.
METHODS = ["get", "head", "post", "put", "patch", "delete"]
OF_LISTS = {"cursor", "page_size", "sort"}


class UnknownParameter(ValidationError):
    """A query parameter that the address does not take, or not so."""


def refuse_unknown(
    request: Request, known: Iterable[str] = (), several: Container[str] = ()
) -> None:
    """Raise UnknownParameter for a query parameter that is not known, instead of ignoring it.

    So it is for one that is given more than once, unless it is among `several`: all but its last
    value would be ignored.
    """
    known, faults = set(known), {}
    for name in sorted(request.query_params):
        if name not in known:
            faults[name] = ["There is no such parameter."]
        elif name not in several and len(request.query_params.getlist(name)) > 1:
            faults[name] = ["This parameter is given more than once. Give it once."]
    if faults:
        raise UnknownParameter(faults)


def refuse_empty(request: Request, names: Iterable[str]) -> None:
    """Raise ValidationError for one of these query parameters that is there and says nothing.

    Blanks say nothing, too: forms take them off, and would then pass the parameter over.
    """
    if empty := [name for name in names if not request.query_params.get(name, name).strip()]:
        raise ValidationError({name: ["Say what, or leave it out."] for name in empty})


def project_called(slug: str, request: Request) -> Project:
    """The project of this slug among those the user may open; anything else does not exist."""
    # PostgreSQL fails on a string with U+0000, so it must not get there.
    found = access.projects_for(request.user).filter(slug=slug.replace("\0", "")).first()
    if found is None or found.slug != slug:
        raise Http404
    return found


class Address(APIView):
    """Signed-in people only, and those methods that it takes."""

    permission_classes = [IsAuthenticated]
    http_method_names = METHODS


class Nothing(Address):
    """An address of the API that there is not; any other one would be answered in HTML."""

    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not request.path_info.endswith("/") and _is_there(request.path_info + "/"):
            raise NotFound("Addresses end with a slash.")
        raise Http404


def _is_there(path: str) -> bool:
    return getattr(resolve(path).func, "cls", None) is not Nothing


class Endpoint(GenericViewSet):
    """Signed-in people only, pages, chosen fields, ETags, and no unknown query parameter."""

    permission_classes = [IsAuthenticated]
    http_method_names = METHODS
    lookup_value_regex = "[^/]+"
    # The query parameters of further actions.
    asked: ClassVar[dict[str, set[str]]] = {}
    # By what lists can be sorted: the field, and the one that decides among equals. The first is
    # the usual one.
    sorts: ClassVar[dict[str, tuple[str, str]]] = {"created": ("created", "id")}
    # What can be shown whole instead of by its id.
    expansions: ClassVar[Mapping[str, Expansion]] = {}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        # A method that the address does not take: 405, whatever is asked.
        if self.action in (None, "metadata"):
            return
        known = set(self.asked.get(self.action, ()))
        if self.action == "list":
            known |= OF_LISTS | self._filters()
        if self.action in READS:
            known |= {"fields", "expand"} if self.expansions else {"fields"}
        refuse_unknown(request, known)
        refuse_empty(request, self._said(request))

    def finalize_response(self, request: Request, response: Response, *args, **kwargs) -> Response:
        # What one person sees is kept for nobody else.
        response.headers.setdefault("Cache-Control", "private, no-cache")
        if response.status_code == 201 and hasattr(self, "retrieve"):
            response.headers["Location"] = f"{request.path}{response.data['id']}/"
        answer = super().finalize_response(request, response, *args, **kwargs)
        if self.action in READS and answer.status_code == 200:
            tag(answer, request, weak=self.action == "list")
        return answer

    def present(self, row: Any) -> Shown:
        """A row as it is shown."""
        return self.get_serializer(row).data

    def present_all(self, rows: list[Any]) -> list[Shown]:
        """The rows of a page as they are shown."""
        return self.get_serializer(rows, many=True).data

    def load(self, pk: str) -> Any:
        """The row of this id among those the user may see; anything else does not exist."""
        try:
            wanted = uuid.UUID(pk)
        except ValueError:
            raise Http404 from None
        row = self.get_queryset().filter(pk=wanted).first()
        if row is None:
            raise Http404
        return row

    @cached_property
    def order(self) -> tuple[str, str, bool]:
        """The two fields that the list is sorted by, and whether it is the other way round."""
        asked = self.request.query_params.get("sort", next(iter(self.sorts)))
        names = self.sorts.get(asked.removeprefix("-"))
        if names is None or asked.startswith("--"):
            known = ", ".join(sign + name for name in self.sorts for sign in ("", "-"))
            raise ValidationError({"sort": [f"This list is sorted by one of {known}."]})
        return *names, asked.startswith("-")

    @cached_property
    def chosen_fields(self) -> list[str]:
        """The fields that were asked for; none: all."""
        if getattr(self, "swagger_fake_view", False):  # nobody asks while the API is described
            return []
        return names_asked(self.request, "fields", self.fields_known())

    def fields_known(self) -> Iterable[str]:
        """The fields that can be asked for."""
        return self.get_serializer_class()().fields

    def reads_field(self, name: str) -> bool:
        """Whether a field is to be shown at all."""
        return not self.chosen_fields or name in self.chosen_fields

    def _chosen(self, rows: list[Shown]) -> list[Shown]:
        expands = names_asked(self.request, "expand", self.expansions)
        names = [name for name in expands if self.reads_field(name.partition(".")[0])]
        whole = expanded([dict(row) for row in rows], names, self.expansions, self.request.user)
        return trimmed(whole, self.chosen_fields)

    def _said(self, request: Request) -> list[str]:
        """The filters that the request has."""
        return sorted(self._filters() & set(request.query_params)) if self.action == "list" else []

    def _filters(self) -> set[str]:
        filterset = getattr(self, "filterset_class", None)
        return set(filterset.base_filters) if filterset else set()


class Reading(Endpoint):
    """A noun that can be listed and looked up."""

    def list(self, request: Request) -> Response:
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self._chosen(self.present_all(rows)))

    def retrieve(self, request: Request, pk: str) -> Response:
        row = self.load(pk)
        headers = {"ETag": etag_of(row)} if isinstance(row, (Versioned, Project)) else {}
        return Response(self._chosen([self.present(row)])[0], headers=headers)
