"""Type-ahead over all names of a project's actors: as quick with fifty thousand as with fifty."""

import uuid
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from corpus_app.models import Actor, NameStart
from corpus_app.names import search_key

MOST = 20
PER_PLACE = 4 * MOST  # rows looked at, since one actor may be found by several of its names
AFTER = b"\xff"  # no text in UTF-8 has this byte, so it sorts behind whatever follows a prefix
Place = NameStart.Place
# Where the words stand in a name, the best first; a name that is equal to them comes before all.
ORDER = (Place.NAME, Place.WITHIN_NAME, Place.ALIAS, Place.WITHIN_ALIAS)


@dataclass(frozen=True)
class Offer:
    """An actor, and the name of it that fits the words: its own or an alias, or that of an actor
    merged into it."""

    actor: Actor
    found_by: str


def offer(actors: QuerySet[Actor], project_id: uuid.UUID, words: str) -> list[Offer]:
    """The actors of the project whose names fit the words, each once, the best first; MOST at most.

    `actors` are those that the person may see. A name fits that begins with the words, or one of
    whose words does; case and accents do not matter. Retired actors are not offered, and for a
    merged one the actor that stands for it is. The number of queries is always the same.
    """
    wanted = search_key(words).encode()
    if not wanted:
        return []
    found: dict[uuid.UUID, tuple[tuple, str]] = {}
    for rank, place in enumerate(ORDER):
        for actor, name, key in _rows(project_id, place, wanted):
            exact = bytes(key) == wanted and place in (Place.NAME, Place.ALIAS)
            best = (not exact, rank, len(name), name), name
            found[actor] = min(best, found.get(actor, best))
    present = set(actors.filter(pk__in=found, retired=None).values_list("pk", flat=True))
    order = sorted((best, pk) for pk, best in found.items() if pk in present)[:MOST]
    # Aliases are read of those only that are offered: of all found they took most of the time.
    rows = actors.filter(pk__in=[pk for _, pk in order]).prefetch_related("aliases")
    by_id = {actor.pk: actor for actor in rows}
    return [Offer(by_id[pk], name) for (_, name), pk in order if pk in by_id]


def _rows(project_id: uuid.UUID, place: int, wanted: bytes) -> QuerySet:
    """(standing actor, name, key) of the first names that have the words at this place."""
    rows = NameStart.objects.filter(
        Q(actor__standing=None) | Q(actor__standing__retired=None),
        project_id=project_id, place=place, key__gte=wanted, key__lt=wanted + AFTER,
        actor__retired=None,
    )  # fmt: skip
    standing = Coalesce(F("actor__standing"), F("actor"))
    return rows.order_by("key").values_list(standing, "name", "key")[:PER_PLACE]
