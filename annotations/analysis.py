"""What is claimed by whom, as statements for networks: read from the database in one query."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from annotations.access import annotations_for, judged_for, undecided_for
from annotations.models import Annotation, Assignment
from annotations.networks import Ask, Statement, Thing, author_called, outlet_called
from corpus_app.access import actors_for
from corpus_app.models import Project, User

ROLES = {
    "claimant": "who claims it",
    "target": "about whom it is claimed",
    "voice": "who passes it on",
    "outlet": "the outlet that prints it",
}
LAYERS = {
    "": "gold where it is decided, else what was handed in",
    "gold": "the gold layer",
    "handed_in": "what analysts handed in",
}
COLUMNS = (
    "layer", "article_id", "article__published_on", "article__outlet__name", "article__authors",
    "codings__stance", "codings__tag__slug", "codings__tag__label", "codings__tag__facet__slug",
    "codings__tag__merged_into__slug", "codings__tag__merged_into__label",
)  # fmt: skip
PEOPLE = (
    "participants__stands_for", "participants__actor_id", "participants__actor__name",
    "participants__actor__kind", "participants__actor__standing_id",
    "participants__actor__standing__name", "participants__actor__standing__kind",
)  # fmt: skip


@dataclass(frozen=True)
class Scope:
    """Of which claims the statements are: a key of ROLES, a facet's slug (empty: all), LAYERS.

    `counted_once` leaves out what an article has taken over from an earlier one. `lifted` puts an
    actor's whole in its place: that of which it was part on the article's day.
    """

    role: str = "claimant"
    facet: str = ""
    layer: str = ""
    counted_once: bool = False
    lifted: bool = False


def asked(said: Mapping[str, Any]) -> tuple[Scope, Ask]:
    """The scope and the network that are asked for, of values by the names of their fields."""
    ask = {f.name: said[f.name] for f in fields(Ask) if said.get(f.name)}
    ask |= {
        name: frozenset(ask[name]) for name in ("without_actors", "without_tags") if name in ask
    }
    return Scope(**{f.name: said[f.name] for f in fields(Scope) if said.get(f.name)}), Ask(**ask)


class Found(NamedTuple):
    """Statements, the earliest article first, and the layer that they are of: gold, analyst, or
    both where not everything is decided; empty if there are none."""

    statements: list[Statement]
    layer: str


class _Place(NamedTuple):
    """That somebody is part of a whole, from one day to another; both included, open if None."""

    whole: Thing
    since: date | None
    until: date | None


def statements(user: User, project: Project, scope: Scope) -> Found:
    """What the claims that the user may see state: each actor of the role with each tag.

    One query; one more to lift. Merged actors and tags are the ones that stand for them. The
    article's author stands under her name, or if it is unsigned as the outlet; where neither is
    known nobody states anything.
    """
    columns = COLUMNS if scope.role == "outlet" else COLUMNS + PEOPLE
    rows = _claims(user, project, scope).order_by("article__published_on", "created", "id")
    wholes = _wholes(user, project) if scope.lifted else {}
    found, layers = [], set()
    for row in rows.values_list(*columns):
        layer, article, day, outlet, authors, stance, *said = row
        layers.add(layer)
        tag = Thing(said[3] or said[0], said[4] or said[1], said[2])
        for actor in _actors(said[5:], outlet, authors, wholes, day):
            found.append(Statement(str(article), day, actor, tag, stance))
    return Found(found, "both" if len(layers) > 1 else "".join(layers))


def _claims(user: User, project: Project, scope: Scope) -> QuerySet[Annotation]:
    """The claims, joined with the participants of the role and the tags of the facet.

    Where gold and what was handed in are asked for, gold stands for what was decided, and on its
    article for all else that is in no undecided case.
    """
    seen = annotations_for(user).standing().filter(project=project, kind=Annotation.Kind.CLAIM)
    gold = Q(layer=Annotation.Layer.GOLD)
    own = Assignment.objects.filter(
        article=OuterRef("article"), analyst=OuterRef("author"),
        state=Assignment.State.HANDED_IN,
    )  # fmt: skip
    handed_in = Q(Exists(own), layer=Annotation.Layer.ANALYST)
    if scope.layer == "gold":
        rows = seen.filter(gold)
    elif scope.layer == "handed_in":
        rows = seen.filter(handed_in)
    else:
        has_gold = Exists(seen.filter(gold, article=OuterRef("article")).order_by())
        judged, undecided = (
            Exists(members(user).filter(annotation=OuterRef("pk")).order_by())
            for members in (judged_for, undecided_for)
        )
        rows = seen.filter(gold | handed_in & ~judged & (~has_gold | undecided))
    if scope.counted_once:
        rows = rows.counted_once()
    # All in one filter, so that each statement is a row of one join.
    wanted: dict[str, Any] = {"codings__tag__isnull": False}
    if scope.facet:
        wanted = {"codings__tag__facet__slug": scope.facet}
    if scope.role != "outlet":
        wanted["participants__role"] = scope.role
    return rows.filter(**wanted)


def _actors(
    columns: list[Any], outlet: str | None, authors: list[str],
    wholes: dict[UUID, list[_Place]], day: date | None,
) -> Iterator[Thing]:  # fmt: skip
    """Who states it; several if several wrote the article and it is theirs."""
    if not columns or columns[0] == "outlet" or (columns[0] == "author" and not authors):
        if outlet:
            yield outlet_called(outlet)
    elif columns[0] == "author":
        yield from map(author_called, authors)
    else:
        _, pk, name, kind, standing, standing_name, standing_kind = columns
        own = Thing(standing_name or name, standing_name or name, standing_kind or kind)
        yield _whole(wholes.get(standing or pk, ()), day) or own


def _whole(places: Iterable[_Place], day: date | None) -> Thing | None:
    """Of what an actor was part on that day: the earliest that fits, any if no day is known."""
    for place in places:
        if day is None or (
            (not place.since or place.since <= day) and (not place.until or day <= place.until)
        ):
            return place.whole
    return None


def _wholes(user: User, project: Project) -> dict[UUID, list[_Place]]:
    rows = actors_for(user).filter(project=project, affiliations__whole__isnull=False)
    found: dict[UUID, list[_Place]] = defaultdict(list)
    columns = (
        "pk", "affiliations__since", "affiliations__until", "affiliations__whole__name",
        "affiliations__whole__kind", "affiliations__whole__standing__name",
        "affiliations__whole__standing__kind",
    )  # fmt: skip
    for pk, since, until, *names in rows.order_by().values_list(*columns):
        name, kind = (names[2], names[3]) if names[2] else (names[0], names[1])
        found[pk].append(_Place(Thing(name, name, kind), since, until))
    for places in found.values():
        places.sort(key=lambda place: (place.since or date.min, place.whole))
    return found
