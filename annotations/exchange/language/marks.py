"""Annotations as labelled stretches of a text: what tools that learn from texts know of them."""

from collections.abc import Iterator
from typing import NamedTuple

from annotations.exchange.neutral import AnnotationRecord, Parcel, slug_of


class Mark(NamedTuple):
    """One piece of an annotation under one label; code points, half-open.

    Several have the same `id` if an annotation has several pieces or tags. `facet` is empty for a
    mention, and for a claim without tags. `meant` is who is mentioned, behind a name.
    """

    id: str
    label: str
    facet: str
    start: int
    end: int
    quote: str
    kind: str
    layer: str
    author: str
    meant: str

    @property
    def group(self) -> str:
        """`claims` or `mentions`, and `gold_claims` or `gold_mentions` of the gold layer."""
        return f"{'gold_' if self.layer == 'gold' else ''}{self.kind}s"


class Marks:
    """The marks of a project's annotations.

    A claim is labelled with its tags, or `claim`; a mention with what kind of actor is named, or
    `mention`.
    """

    def __init__(self, parcel: Parcel):
        self.facet_of = parcel.facet_of_tags()
        self.tags = {tag.slug: (tag.facet, tag.label) for tag in parcel.tags}
        self._kinds = {actor.name: slug_of(actor.kind) for actor in parcel.actors() if actor.kind}

    def of(self, annotation: AnnotationRecord) -> Iterator[Mark]:
        """Its pieces, each under each of its labels."""
        meant = (annotation.names("meant") or annotation.names("named") or [""])[0]
        for span in annotation.spans:
            for label, facet in self._labels(annotation):
                yield Mark(
                    annotation.id, label, facet, *span, annotation.kind, annotation.layer,
                    annotation.author, meant,
                )  # fmt: skip

    def _labels(self, annotation: AnnotationRecord) -> list[tuple[str, str]]:
        if annotation.kind == "mention":
            named = (annotation.names("named") or [""])[0]
            return [(self._kinds.get(named, "mention"), "")]
        tags = [(code.slug, self.facet_of[code.slug]) for code in annotation.codings]
        return tags or [("claim", "")]
