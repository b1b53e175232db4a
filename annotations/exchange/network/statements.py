"""What a parcel's claims state, for the formats that hold a network and nothing else."""

from collections.abc import Iterator

from annotations.exchange.neutral import AnnotationRecord, ArticleRecord, Parcel, PartRecord
from annotations.networks import (
    Ask,
    Network,
    Statement,
    Thing,
    author_called,
    network,
    outlet_called,
)

ROLE = "claimant"


def whole_network(parcel: Parcel) -> Network:
    """Who claims what in the whole project: claimants and tags, each once for every article.

    Weights count articles whatever the stance is; the stance that is said first in each stands
    beside them. Other networks are made on the page of networks and at the address of the API.
    """
    return network(statements(parcel), Ask())


def statements(parcel: Parcel) -> list[Statement]:
    """Each claimant with each tag of each claim.

    Gold stands for what was decided: what analysts said would count the same words again. Of what
    is in no case we take it that gold stands for all of its article.
    """
    kinds = {actor.name: actor.kind for actor in parcel.actors()}
    tags = {tag.slug: tag for tag in parcel.tags}
    things = {slug: Thing(slug, tag.label, tag.facet) for slug, tag in tags.items()}
    decided = parcel.decided()
    found: list[Statement] = []
    for article, annotations in parcel.annotated():
        claims = [annotation for annotation in annotations if annotation.kind == "claim"]
        has_gold = any(claim.layer == "gold" for claim in claims)
        for claim in claims:
            if claim.layer == "gold" or not decided.get(claim.id, has_gold):
                found += _of_claim(article, claim, kinds, things)
    return found


def _of_claim(
    article: ArticleRecord, annotation: AnnotationRecord, kinds: dict[str, str],
    things: dict[str, Thing],
) -> Iterator[Statement]:  # fmt: skip
    parts = [part for part in annotation.participants if part.role == ROLE]
    for actor in dict.fromkeys(who for part in parts for who in _actors(article, part, kinds)):
        for code in annotation.codings:
            tag = things.get(code.slug) or Thing(code.slug, code.slug)
            yield Statement(article.id, article.published_on, actor, tag, code.stance)


def _actors(article: ArticleRecord, part: PartRecord, kinds: dict[str, str]) -> Iterator[Thing]:
    if not part.stands_for:
        yield Thing(part.name, part.name, kinds.get(part.name, ""))
    elif part.stands_for == "author" and article.authors:
        yield from (author_called(name) for name in article.authors)
    elif article.outlet:
        yield outlet_called(article.outlet)
