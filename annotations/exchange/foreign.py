"""What other tools' labels become in a codebook: facets and tags that nobody defined here."""

from collections.abc import Iterator, Mapping

from annotations.exchange.neutral import FacetRecord, TagRecord, slug_of, tag_of


class LabelTree:
    """The tags that labels become once all are read, each in a facet, parents first.

    `facet_of` has the facets of the tags that there are already, by slug.
    """

    def __init__(self, facet_of: Mapping[str, str], facets: Mapping[str, FacetRecord]):
        self.facet_of, self._known = dict(facet_of), set(facets)
        self._facets: dict[str, FacetRecord] = {}
        self._tags: dict[str, TagRecord] = {}

    def facet(self, name: str, takes_stance: bool = False) -> str:
        """The slug of the facet of this name, which is made if there is none."""
        slug = slug_of(name or "label")
        if slug not in self._known:
            made = self._facets.setdefault(slug, FacetRecord(slug, name or "Label"))
            if takes_stance and not made.takes_stance:
                self._facets[slug] = made._replace(takes_stance=True)
        return slug

    def tag(
        self, label: str, facet: str, text: str = "", parent: str = "", colour: str = ""
    ) -> str:
        """The slug of the label's tag; another one if a tag of another facet has that."""
        slug = slug_of(label)
        if self.facet_of.get(slug, facet) != facet:
            slug = slug_of(f"{facet} {label}")
        if slug not in self.facet_of:
            self.facet_of[slug] = facet
            parent = parent if parent != slug else ""
            self._tags[slug] = tag_of(label, facet, slug, text, parent=parent, colour=colour)
        return slug

    def define(self, slug: str, label: str, facet: str) -> None:
        """A tag that has a slug already."""
        if slug not in self.facet_of:
            self.facet_of[slug] = facet
            self._tags[slug] = tag_of(label, facet, slug)

    def facets(self) -> list[FacetRecord]:
        """The new facets."""
        return list(self._facets.values())

    def tags(self) -> Iterator[TagRecord]:
        """The new tags, each after its parent; a parent that is not there is left out."""
        done: set[str] = set()
        for tag in self._tags.values():
            line: list[TagRecord] = []
            while tag and tag.slug not in done and tag not in line:
                line.append(tag)
                tag = self._tags.get(tag.parent)
            for one in reversed(line):
                parent = one.parent if self._stands(one, done) else ""
                done.add(one.slug)
                yield one._replace(parent=parent)

    def _stands(self, tag: TagRecord, done: set[str]) -> bool:
        """Whether the parent of a tag comes before it and is of the same facet."""
        there = tag.parent in done or tag.parent not in self._tags
        return there and self.facet_of.get(tag.parent) == tag.facet
