"""The door for two actors that are one, and for one that is two: merge, split, and back again.

A merged actor keeps its names and everything that was marked with it: whoever reads follows
`standing`. So nothing is rewritten, and taking a merger back is exact.
"""

import uuid
from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet

from corpus_app import actors
from corpus_app.access import require_open
from corpus_app.actors import ActorValues, lock
from corpus_app.doubles import Double, Known, likely
from corpus_app.history import DoorError, advance, once, record
from corpus_app.models import Actor, Alias, Event, ExternalId, Project, Unlike, User


class MergingError(DoorError):
    """A merger or split that cannot be; the message says why."""


@transaction.atomic
def merge(*, by: User, actor: Actor, into: Actor, seen: int, chained: bool = False) -> Actor:
    """The actor, for which the other stands from now on. Raises Stale, and MergingError if either
    is merged already, the other is retired or in another project.

    If `chained` the other may be merged itself, as where mergers come from a file.
    """
    if into.pk == actor.pk:
        raise MergingError("An actor cannot be merged into itself.")
    if into.project_id != actor.project_id:
        raise MergingError("These two actors are in different projects.")
    lock(actor.project_id)
    into = Actor.objects.get(pk=into.pk)
    if Actor.objects.get(pk=actor.pk).merged_into_id:
        raise MergingError(f"“{actor}” is merged already. Take that back first.")
    standing = into.standing or into
    if standing == actor:
        raise MergingError(f"“{into}” was merged into “{actor}”. Take that back first.")
    if not chained and (into.merged_into_id or into.retired):
        state = "merged into another" if into.merged_into_id else "retired"
        raise MergingError(f"“{into}” is {state}, so nothing can be merged into it.")
    before = actors.as_values(actor)
    advance(actor, seen=seen, merged_into_id=into.pk, standing=standing)
    record(by=by, verb="merged", thing=actor, before=before, after=actors.as_values(actor))
    _take_along(by, Actor.objects.filter(standing=actor), standing)
    return actor


@transaction.atomic
def unmerge(*, by: User, actor: Actor, seen: int) -> Actor:
    """The actor, standing for itself again and for those merged into it. Raises Stale and
    MergingError if it is not merged."""
    lock(actor.project_id)
    if not actor.merged_into_id:
        raise MergingError(f"“{actor}” is not merged into another.")
    before = actors.as_values(actor)
    advance(actor, seen=seen, merged_into_id=None, standing_id=None)
    record(
        by=by, verb="unmerged", thing=actor, before=before, after=actors.as_values(actor),
        undoes=_latest(actor, "merged"),
    )  # fmt: skip
    _take_along(by, Actor.objects.filter(pk__in=_merged_below(actor)), actor)
    return actor


@transaction.atomic
def split(
    *, by: User, actor: Actor, seen: int, values: ActorValues, aliases: Iterable[str]
) -> Actor:
    """A new actor with these values, to which these aliases of the actor have been moved.

    Raises Stale; MergingError if the actor has not all of these aliases, or none are named;
    ActorError if the values are unfit.
    """
    wanted = set(aliases)
    moved = list(actor.aliases.filter(name__in=wanted))
    if not wanted or len(moved) < len(wanted):
        raise MergingError(aliases="Choose at least one alias that this actor still has.")
    before = actors.as_values(actor)
    new = actors.create(by=by, project=actor.project, values=values)
    taken = {alias.name for alias in new.aliases.filter(name__in=wanted)}
    Alias.objects.filter(actor=new, name__in=taken).delete()
    Alias.objects.filter(pk__in=[alias.pk for alias in moved]).update(actor=new)
    advance(actor, seen=seen)
    given = actors.as_values(new)
    _names_changed(actor, new)
    advance(new, seen=new.version)
    record(by=by, verb="changed", thing=new, before=given, after=actors.as_values(new))
    after = {**actors.as_values(actor), "split_off": str(new.pk), "moved": sorted(wanted)}
    record(by=by, verb="split", thing=actor, before=before, after=after)
    return new


@transaction.atomic
def reunite(*, by: User, actor: Actor, seen: int) -> Actor:
    """The actor with the names that its latest split took away; the other is merged into it.

    Raises Stale, and MergingError if no split stands or the other was merged elsewhere.
    """
    lock(actor.project_id)
    event = standing_split(actor)
    if event is None:
        raise MergingError(f"Nothing was split off “{actor}” that could come back.")
    new = Actor.objects.get(pk=event.after["split_off"])
    if new.merged_into_id:
        raise MergingError(f"“{new}” has been merged. Take that back first.")
    before = actors.as_values(actor)
    own = set(actor.aliases.values_list("name", flat=True))
    back = new.aliases.filter(name__in=set(event.after["moved"]) - own)
    Alias.objects.filter(pk__in=[alias.pk for alias in back]).update(actor=actor)
    advance(actor, seen=seen)
    _names_changed(actor, new)
    after = actors.as_values(actor)
    record(by=by, verb="reunited", thing=actor, before=before, after=after, undoes=event.pk)
    merge(by=by, actor=new, into=actor, seen=new.version, chained=True)
    return actor


def standing_split(actor: Actor) -> Event | None:
    """The latest split of the actor that has not been taken back."""
    own = Event.objects.filter(noun="actor", object_id=str(actor.pk))
    back = own.filter(verb="reunited").values_list("undoes_id", flat=True)
    splits = own.filter(verb="split").exclude(pk__in=list(back))
    return splits.order_by("-version").first()


def may_be_undone(actor: Actor) -> set[uuid.UUID]:
    """The events on the actor that can be taken back now: its merger, its latest split."""
    found = {_latest(actor, "merged")} if actor.merged_into_id else set()
    latest = standing_split(actor)
    return found | ({latest.pk} if latest else set())


@transaction.atomic
def tell_apart(*, by: User, one: Actor, other: Actor) -> Unlike:
    """The note that a person found these two not to be the same: they are not proposed again."""
    if one.project_id != other.project_id or one.pk == other.pk:
        raise MergingError("These are not two actors of one project.")
    one, other = sorted((one, other), key=lambda actor: str(actor.pk))
    pair = {"one": one, "other": other}
    present = Unlike.objects.filter(**pair).first()
    if present:
        return present
    require_open(one.project_id)
    with once(MergingError("Somebody has just said so.")):
        return Unlike.objects.create(project_id=one.project_id, by=by, **pair)


def doubles(project: Project, *, most: int | None = None) -> list[Double]:
    """Pairs of the project's current actors that may be one, the likeliest first.

    Those that were told apart are left out; `most` is how many are given.
    """
    names: dict[uuid.UUID, list[str]] = {}
    rows = Actor.objects.current().filter(project=project)
    for pk, name in rows.values_list("pk", "name"):
        names[pk] = [name]
    current = {"project": project, "actor__retired": None, "actor__merged_into": None}
    for pk, name in Alias.objects.filter(**current, metonym=False).values_list("actor", "name"):
        names[pk].append(name)
    ids: dict[uuid.UUID, list[str]] = {}
    for pk, *pair in ExternalId.objects.filter(**current).values_list("actor", "scheme", "value"):
        ids.setdefault(pk, []).append(":".join(pair))
    known = [Known(pk, tuple(own), tuple(ids.get(pk, ()))) for pk, own in names.items()]
    unlike = Unlike.objects.filter(project=project).values_list("one", "other")
    apart = {frozenset(pair) for pair in unlike}
    found = [pair for pair in likely(known) if frozenset((pair.one, pair.other)) not in apart]
    return found[:most]


def _take_along(by: User, behind: QuerySet[Actor], standing: Actor) -> None:
    """Let another stand for those merged earlier; each is told of, since it is shown with it."""
    rows = behind.select_related("standing").order_by("pk")
    for one in rows.select_for_update(no_key=True, of=("self",)):
        before, after = {"standing": one.standing.name}, {"standing": standing.name}
        advance(one, seen=one.version, standing=standing)
        record(by=by, verb="taken along", thing=one, before=before, after=after)


def _merged_below(actor: Actor) -> list[uuid.UUID]:
    """All that were merged into the actor, directly or through others."""
    found: list[uuid.UUID] = []
    level = [actor.pk]
    while level:
        level = list(Actor.objects.filter(merged_into__in=level).values_list("pk", flat=True))
        found += level
    return found


def _latest(actor: Actor, verb: str) -> uuid.UUID | None:
    own = Event.objects.filter(noun="actor", object_id=str(actor.pk), verb=verb)
    return own.order_by("-version").values_list("pk", flat=True).first()


def _names_changed(*changed: Actor) -> None:
    actors.write_name_starts(actor.pk for actor in changed)
    for actor in changed:
        vars(actor).pop("_prefetched_objects_cache", None)
