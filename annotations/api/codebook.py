"""The API's codebook: facets and tags."""

from django.db.models import QuerySet

from annotations import access
from annotations.filters import ClaimTagFilter, FacetFilter
from annotations.models import ClaimTag, Facet
from annotations.serializers import ClaimTagSerializer, FacetSerializer
from corpus_app.api import Reading


class Facets(Reading):
    """The questions of a codebook."""

    queryset = Facet.objects.none()
    serializer_class = FacetSerializer
    filterset_class = FacetFilter

    def get_queryset(self) -> QuerySet[Facet]:
        return access.facets_for(self.request.user).select_related("project")


class Tags(Reading):
    """The answers that a facet offers, as a tree."""

    queryset = ClaimTag.objects.none()
    serializer_class = ClaimTagSerializer
    filterset_class = ClaimTagFilter

    def get_queryset(self) -> QuerySet[ClaimTag]:
        return access.tags_for(self.request.user).select_related("project")
