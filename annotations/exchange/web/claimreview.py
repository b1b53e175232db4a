"""Claim and ClaimReview of schema.org in JSON-LD: a writer.

A claim of the project is a Claim: its words, who makes it (`author`), about whom (`about`), its
tags (`keywords`), and the article in which it appears. Nobody here checks facts, so nothing here
is a verdict of ours and there are no numbers. A ClaimReview is written where somebody in an
article takes a stand, and is by that somebody:

- a tag with a stance is a proposition that the claimant supports, opposes, is neutral to, or is
  unclear about: the claimant reviews it, with her own words as the body of the review;
- a claim that supports, contradicts or qualifies another one reviews that one.

Mentions are left out.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from annotations.exchange.neutral import (
    ActorRecord,
    AnnotationRecord,
    ArticleRecord,
    Parcel,
    PartRecord,
    TagRecord,
)

STANDS = {"support": "supports", "oppose": "opposes", "neutral": "neutral", "unclear": "unclear"}
REVIEWING = ("supports", "contradicts", "qualifies")
TYPES = {"person": "Person", "author": "Person", "state": "Country", "place": "Place"}
BETWEEN = " … "  # the pieces of a claim


def write(parcel: Parcel) -> Iterator[bytes]:
    """The pieces of one JSON document: claims, and what reviews them, by article."""
    yield b'{"@context": "https://schema.org", "@graph": ['
    tags = {tag.slug: tag for tag in parcel.tags}
    facets = {facet.slug: facet.name for facet in parcel.facets}
    actors = {actor.name: actor for actor in parcel.actors()}
    first = True
    for article, annotations in parcel.annotated():
        claims = [annotation for annotation in annotations if annotation.kind == "claim"]
        for number, annotation in enumerate(claims):
            writer = _Writer(article, annotation, actors)
            claim = writer.claim(tags, facets)
            if number:  # the article is described where it comes first
                claim["appearance"] = {"@id": claim["appearance"]["@id"]}
            for thing in (claim, *writer.reviews(tags)):
                yield f"{'' if first else ','}\n{json.dumps(thing, ensure_ascii=False)}".encode()
                first = False
    yield b"\n]}\n"


class _Writer:
    """What is written of one claim."""

    def __init__(
        self, article: ArticleRecord, annotation: AnnotationRecord,
        actors: Mapping[str, ActorRecord],
    ):  # fmt: skip
        self.article, self.annotation, self.actors = article, annotation, actors
        self.id = f"urn:uuid:{annotation.id}"
        self.words = BETWEEN.join(span.quote for span in annotation.spans)

    def claim(self, tags: Mapping[str, TagRecord], facets: Mapping[str, str]) -> dict[str, Any]:
        """The Claim, with the article in which it appears."""
        return _said(
            {
                "@id": self.id,
                "@type": "Claim",
                "text": self.words,
                "inLanguage": self.article.language,
                "datePublished": _day(self.article),
                "author": self._people("claimant"),
                "about": self._people("target"),
                "keywords": [
                    _term(tags[code.slug], facets)
                    for code in self.annotation.codings
                    if code.slug in tags
                ],
                "appearance": self._appearance(),
            }
        )

    def reviews(self, tags: Mapping[str, TagRecord]) -> Iterator[dict[str, Any]]:
        """What the claimants say of propositions and of other claims."""
        for code in self.annotation.codings:
            if code.stance and code.slug in tags:
                tag = tags[code.slug]
                about = {"@id": _tag_id(tag.slug), "@type": "Claim", "text": tag.label}
                yield self._review(code.slug, about, tag.label, STANDS[code.stance])
        for link in self.annotation.links:
            if link.relation in REVIEWING:
                about = {"@id": f"urn:uuid:{link.claim}", "@type": "Claim"}
                yield self._review(link.claim, about, "", link.relation)

    def _review(self, name: str, about: dict[str, Any], said: str, stand: str) -> dict[str, Any]:
        return _said(
            {
                "@id": f"{self.id}#{name}",
                "@type": "ClaimReview",
                "itemReviewed": about,
                "claimReviewed": said,
                "reviewRating": {"@type": "Rating", "alternateName": stand},
                "author": self._people("claimant"),
                "reviewBody": self.words,
                "url": self.article.url,
                "datePublished": _day(self.article),
                "isBasedOn": {"@id": self.id},
            }
        )

    def _appearance(self) -> dict[str, Any]:
        article = self.article
        return _said(
            {
                "@id": f"urn:uuid:{article.id}",
                "@type": "NewsArticle",
                "headline": article.title,
                "url": article.url,
                "datePublished": _day(article),
                "inLanguage": article.language,
                "author": [{"@type": "Person", "name": name} for name in article.authors],
                "translator": [{"@type": "Person", "name": name} for name in article.translators],
                "publisher": _outlet(article),
            }
        )

    def _people(self, role: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for part in self.annotation.participants:
            if part.role == role:
                found += [one for one in self._called(part) if one and one not in found]
        return found

    def _called(self, part: PartRecord) -> list[dict[str, Any]]:
        """Who it is; the article's authors and its outlet by their names."""
        if part.stands_for == "author":
            return [{"@type": "Person", "name": name} for name in self.article.authors]
        if part.stands_for == "outlet":
            return [_outlet(self.article)]
        return [_actor(part.name, self.actors.get(part.name))]


def _actor(name: str, actor: ActorRecord | None) -> dict[str, Any]:
    kind = TYPES.get(actor.kind, "Organization") if actor else "Thing"
    ids = [f"urn:{one['scheme']}:{one['value']}" for one in actor.external_ids] if actor else []
    return _said({"@type": kind, "name": name, "identifier": ids})


def _outlet(article: ArticleRecord) -> dict[str, Any]:
    return {"@type": "Organization", "name": article.outlet} if article.outlet else {}


def _term(tag: TagRecord, facets: Mapping[str, str]) -> dict[str, Any]:
    return _said(
        {
            "@id": _tag_id(tag.slug),
            "@type": "DefinedTerm",
            "name": tag.label,
            "termCode": tag.slug,
            "description": tag.definition,
            "inDefinedTermSet": facets.get(tag.facet, tag.facet),
        }
    )


def _tag_id(slug: str) -> str:
    return f"urn:crossread:tag:{slug}"


def _day(article: ArticleRecord) -> str:
    return article.published_on.isoformat() if article.published_on else ""


def _said(values: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is empty."""
    return {name: value for name, value in values.items() if value not in ("", None, [], {})}
