"""Labels of other tools as facets and tags of ours."""

from collections.abc import Mapping
from types import MappingProxyType

from annotations.exchange.neutral import FacetRecord, Record, slug_of, tag_of

LONGEST_LABEL = 200
SHORT = 80  # a value that is no longer is a label, and else a text


class Labels:
    """The facets and tags that labels become, each of them told once.

    `known` is the facet of each tag that the file brings itself, by slug.
    """

    def __init__(self, known: Mapping[str, str] = MappingProxyType({})):
        self._facets: dict[str, str] = {}
        self._told: set[str] = set()
        self._new: list[Record] = []
        self.learn(known)

    def learn(self, known: Mapping[str, str]) -> None:
        """Take in tags that the file has rows of."""
        self._facets |= known
        self._told.update(known.values())

    def tag(self, facet: str, label: str, colour: str = "") -> str:
        """The slug of the tag that this label is, in the facet of this name.

        Where another facet has a tag of that slug, the facet's name is part of its own.
        """
        within, slug = slug_of(facet), slug_of(label)
        if self._facets.get(slug, within) != within:
            slug = slug_of(f"{facet} {label}")
        self._know(within, facet, slug, label, colour)
        return slug

    def own(self, slug: str, facet: str = "") -> str:
        """The slug of a tag of ours, in the facet of this slug if the file does not bring it."""
        if slug in self._facets or not facet:
            return slug
        self._know(facet, facet, slug, slug)
        return slug

    def has(self, slug: str) -> bool:
        """Whether there is such a tag already."""
        return slug in self._facets

    def taken(self) -> list[Record]:
        """The facets and tags that came up since this was asked the last time."""
        new, self._new = self._new, []
        return new

    def _know(self, facet: str, name: str, slug: str, label: str, colour: str = "") -> None:
        if facet not in self._told:
            self._told.add(facet)
            shown = name[:1].upper() + name[1:LONGEST_LABEL]
            self._new.append(FacetRecord(facet, shown, choose="any"))
        if slug not in self._facets:
            self._facets[slug] = facet
            self._new.append(tag_of(label.strip()[:LONGEST_LABEL], facet, slug, colour=colour))
