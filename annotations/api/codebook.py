"""The API's codebook: facets and tags; curators make and change them."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from rest_framework.exceptions import ValidationError

from annotations import access, codebook
from annotations.codebook import FacetValues, TagValues
from annotations.codebook_shapes import FacetChange, NewFacet, NewTag, TagChange
from annotations.filters import ClaimTagFilter, CodebookFilter, FacetFilter
from annotations.models import ClaimTag, Codebook, Facet
from annotations.serializers import ClaimTagSerializer, CodebookSerializer, FacetSerializer
from corpus_app.api import Reading
from corpus_app.api.answering import Expansion, Shown, by_id
from corpus_app.api.corpus import MOMENTS
from corpus_app.api.writing import Writing
from corpus_app.models import Project


def tags_shown(user) -> QuerySet[ClaimTag]:
    """The tags that the user may see, with all the wordings that they had."""
    return access.tags_for(user).select_related("project").prefetch_related("definitions")


def load_tags(user, ids: set[str]) -> dict[str, Shown]:
    return by_id(tags_shown(user).filter(pk__in=ids), ClaimTagSerializer)


def load_facets(user, ids: set[str]) -> dict[str, Shown]:
    rows = access.facets_for(user).select_related("project").filter(pk__in=ids)
    return by_id(rows, FacetSerializer)


TAG = Expansion(load_tags, ClaimTagSerializer)
FACET = Expansion(load_facets, FacetSerializer)


class Codebooks(Reading):
    """What a project codes: one codebook for each project."""

    queryset = Codebook.objects.none()
    serializer_class = CodebookSerializer
    filterset_class = CodebookFilter
    sorts = MOMENTS

    def get_queryset(self) -> QuerySet[Codebook]:
        return access.codebooks_for(self.request.user).select_related("project")


class Facets(Writing):
    """The questions of a codebook."""

    queryset = Facet.objects.none()
    serializer_class = FacetSerializer
    filterset_class = FacetFilter
    new_shape, shape = NewFacet, FacetChange
    sorts = {**MOMENTS, "position": ("position", "id"), "name": ("name", "id")}

    def get_queryset(self) -> QuerySet[Facet]:
        return access.facets_for(self.request.user).select_related("project")

    def make(self, project: Project, pk: UUID | None, sent: dict[str, Any]) -> Facet:
        by, values = self.request.user, FacetValues(**sent)
        book = codebook.codebook_of(by=by, project=project)
        return codebook.create_facet(by=by, codebook=book, values=values, id=pk)

    def alter(self, row: Facet, seen: int, sent: dict[str, Any]) -> Facet:
        known = FacetValues(
            row.name, row.slug, row.position, row.choose, row.required, row.takes_stance
        )
        values = replace(known, **sent)
        return codebook.change_facet(by=self.request.user, facet=row, seen=seen, values=values)


class Tags(Writing):
    """The answers that a facet offers, as a tree; with every wording that one had."""

    queryset = ClaimTag.objects.none()
    serializer_class = ClaimTagSerializer
    filterset_class = ClaimTagFilter
    new_shape, shape = NewTag, TagChange
    sorts = {**MOMENTS, "position": ("position", "id"), "label": ("label", "id")}
    expansions = {"facet": FACET, "parent": TAG, "merged_into": TAG}

    def get_queryset(self) -> QuerySet[ClaimTag]:
        return tags_shown(self.request.user)

    def make(self, project: Project, pk: UUID | None, sent: dict[str, Any]) -> ClaimTag:
        facets = access.facets_for(self.request.user).filter(project=project)
        facet = facets.filter(pk=sent.pop("facet")).first()
        if facet is None:
            raise ValidationError({"facet": ["There is no such facet in this project."]})
        values = TagValues(**self._values(project, sent))
        return codebook.create_tag(by=self.request.user, facet=facet, values=values, id=pk)

    def alter(self, row: ClaimTag, seen: int, sent: dict[str, Any]) -> ClaimTag:
        known = TagValues(
            row.label, row.slug, row.parent, row.key, row.colour, row.position, row.definition,
            tuple(row.examples),
        )  # fmt: skip
        values = replace(known, **self._values(row.project, sent))
        return codebook.change_tag(by=self.request.user, tag=row, seen=seen, values=values)

    def _values(self, project: Project, sent: dict[str, Any]) -> dict[str, Any]:
        """What was sent, as the door takes it. Raises ValidationError for a parent there is not."""
        said = {**sent, **({"examples": tuple(sent["examples"])} if "examples" in sent else {})}
        if pk := said.get("parent"):
            tags = access.tags_for(self.request.user).filter(project=project)
            said["parent"] = tags.filter(pk=pk).first()
            if said["parent"] is None:
                raise ValidationError({"parent": ["There is no such tag in this project."]})
        return said
