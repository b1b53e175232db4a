"""The door through which mentions follow an actor's names when it is split, and come back.

The step after `annotating` for whole sets of mentions: every one is written at its own version
and leaves an event, so that its author sees who moved it and why.
"""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from annotations.annotating import snapshot
from annotations.models import Annotation, Participant, Span
from corpus_app import merging
from corpus_app.actors import ActorValues
from corpus_app.history import advance, record
from corpus_app.models import Actor, Event, User
from corpus_app.names import search_key


@transaction.atomic
def split(
    *,
    by: User,
    actor: Actor,
    seen: int,
    values: ActorValues,
    aliases: Iterable[str],
    mentions: bool,
) -> tuple[Actor, int]:
    """The new actor that these aliases were moved to, and how many mentions have followed.

    Those follow, if `mentions`, whose words are one of the aliases. Raises as `merging.split`.
    """
    names = set(aliases)
    new = merging.split(by=by, actor=actor, seen=seen, values=values, aliases=names)
    following = mentions_by(actor, names) if mentions else []
    for annotation in _locked(following):
        _recast(by, annotation, actor, new)
    return new, len(following)


@transaction.atomic
def reunite(*, by: User, actor: Actor, seen: int) -> int:
    """How many mentions have come back with the names of the latest split; it is taken back.

    Raises as `merging.reunite`.
    """
    event = merging.standing_split(actor)
    merging.reunite(by=by, actor=actor, seen=seen)
    new = Actor.objects.get(pk=event.after["split_off"])
    moved = _moved_since(event, new)
    for annotation in _locked(moved):
        _recast(by, annotation, new, actor, undoes=moved[annotation.pk])
    return len(moved)


def mentions_by(actor: Actor, names: Iterable[str]) -> list[UUID]:
    """The standing mentions of the actor whose words are one of these names."""
    keys = {search_key(name) for name in names}
    quotes = defaultdict(list)
    spans = Span.objects.filter(
        annotation__kind=Annotation.Kind.MENTION, annotation__deleted=None,
        annotation__participants__actor=actor,
    )  # fmt: skip
    for annotation, quote in spans.order_by("start").values_list("annotation_id", "quote"):
        quotes[annotation].append(quote)
    return [pk for pk, own in quotes.items() if search_key(" ".join(own)) in keys]


def _moved_since(event: Event, new: Actor) -> dict[UUID, UUID]:
    """The mentions of the new actor that the split moved to it, each with the event of that."""
    mentions = Annotation.objects.filter(participants__actor=new, deleted=None)
    present = {str(pk): pk for pk in mentions.values_list("pk", flat=True)}
    events = Event.objects.filter(
        project=event.project_id, noun="annotation", verb="recast", at__gte=event.at, undoes=None
    )
    moved = events.order_by("version").values_list("object_id", "pk")
    return {present[annotation]: pk for annotation, pk in moved if annotation in present}


def _locked(ids: Iterable[UUID]) -> Iterable[Annotation]:
    rows = Annotation.objects.filter(pk__in=list(ids)).select_related("author").order_by("pk")
    return rows.select_for_update(of=("self",), no_key=True)


def _recast(
    by: User, annotation: Annotation, actor: Actor, into: Actor, undoes: UUID | None = None
) -> None:
    """Put one actor in another's place in a mention."""
    before = snapshot(annotation)
    advance(annotation, seen=annotation.version)
    Participant.objects.filter(annotation=annotation, actor=actor).update(actor=into)
    record(
        by=by, verb="recast", thing=annotation, before=before, after=snapshot(annotation),
        article_id=annotation.article_id, author=annotation.author, undoes=undoes,
    )  # fmt: skip
