"""The API's codebook: facets and tags."""

from django.db.models import QuerySet

from annotations import access
from annotations.filters import ClaimTagFilter, CodebookFilter, FacetFilter
from annotations.models import ClaimTag, Codebook, Facet
from annotations.serializers import ClaimTagSerializer, CodebookSerializer, FacetSerializer
from corpus_app.api import Reading
from corpus_app.api.answering import Expansion, Shown, by_id
from corpus_app.api.corpus import MOMENTS


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


class Facets(Reading):
    """The questions of a codebook."""

    queryset = Facet.objects.none()
    serializer_class = FacetSerializer
    filterset_class = FacetFilter
    sorts = {**MOMENTS, "position": ("position", "id"), "name": ("name", "id")}

    def get_queryset(self) -> QuerySet[Facet]:
        return access.facets_for(self.request.user).select_related("project")


class Tags(Reading):
    """The answers that a facet offers, as a tree; with every wording that one had."""

    queryset = ClaimTag.objects.none()
    serializer_class = ClaimTagSerializer
    filterset_class = ClaimTagFilter
    sorts = {**MOMENTS, "position": ("position", "id"), "label": ("label", "id")}
    expansions = {"facet": FACET, "parent": TAG, "merged_into": TAG}

    def get_queryset(self) -> QuerySet[ClaimTag]:
        return tags_shown(self.request.user)
