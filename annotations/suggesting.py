"""The door to suggested mentions: propose them, and write what a person says of them.

Suggestions are never stored. An accepted one becomes an annotation that says for ever that it
was suggested; each yes and no leaves a Verdict, which counts while the annotation stands or the
rejection is not taken back.
"""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.db.models import CharField, Count, Max, Sum
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from annotations import anchors, annotating, assigning, mentions
from annotations.content import Content
from annotations.models import Annotation, Rejection, Span, Verdict
from corpus_app.history import (
    DoorError,
    advance,
    made_before,
    once,
    record,
    require_undoable,
)
from corpus_app.models import Actor, Affiliation, Alias, Article, Revision, User
from corpus_app.names import UnfitName, clean_name

TOOL = "crossread mentions"
LONGEST_NAME = 200
LONGEST_QUOTE = 400
MOST_PLACES = 200
TAKEN = "This id is taken. Make a new one and send again."
REGISTRIES_KEPT = 4  # of the projects used last, ready to be searched


class SuggestingError(DoorError):
    """A yes or no that cannot be stored; `messages` says why, field by field."""


@dataclass(frozen=True)
class Place:
    """A suggested stretch `[start, end)` of a revision, in code points, and the name found."""

    start: int
    end: int
    name: str


# Reading


def suggest(*, user: User, article: Article, revision: Revision) -> list[mentions.Suggestion]:
    """The suggestions that are open to the person in this text, in order.

    Left out is what overlaps a mention of hers and what she rejected or accepted before, also in
    an earlier text of the article. Reads only.
    """
    index = _index(article.project_id, _state_of_registry(article.project_id))
    found = index.find(revision.text, published_on=article.published_on, language=article.language)
    taken = bytearray(len(revision.text))
    for start, end in _own_mentions(user, revision):
        taken[start:end] = b"\1" * (end - start)
    judged = set(_judged(user, article, revision))
    return [
        one for one in found
        if not any(taken[one.start : one.end]) and (one.start, one.end) not in judged
    ]  # fmt: skip


def rejections_of(user: User, article: Article) -> list[Rejection]:
    """The person's standing rejections in the article, with what `rejection_content` reads."""
    own = Rejection.objects.filter(article=article, author=user, deleted=None)
    return list(own.select_related("author").prefetch_related("verdicts"))


def rejection_content(rejection: Rejection) -> dict[str, Any]:
    """The rejection as JSON values, in the shape of an annotation's content."""
    places = sorted((v.start, v.end, v.quote) for v in rejection.verdicts.all())
    return {
        "kind": "rejection",
        "spans": [{"start": start, "end": end, "quote": quote} for start, end, quote in places],
        "participants": [{"role": "named", "actor": str(rejection.actor_id), "stands_for": ""}],
        "codings": [],
        "attribution": "",
        "note": "",
        "deleted": rejection.deleted.isoformat() if rejection.deleted else None,
    }


def _state_of_registry(project_id: uuid.UUID) -> tuple:
    """What is another whenever the registry is: every change raises an actor's version."""
    actors = Actor.objects.filter(project_id=project_id).order_by()
    return tuple(
        actors.aggregate(number=Count("pk"), versions=Sum("version"), last=Max("updated")).values()
    )


@lru_cache(maxsize=REGISTRIES_KEPT)
def _index(project_id: uuid.UUID, state: tuple) -> mentions.Index:
    return mentions.Index(_names(project_id))


def _names(project_id: uuid.UUID) -> Iterator[mentions.Name]:
    """Every name of the project's actors; what was merged goes under who stands for it now."""
    states = _states_of_bodies(project_id)
    actors: dict[str, tuple[str, str, str | None]] = {}
    rows = Actor.objects.filter(project_id=project_id, retired=None, standing__retired=None)
    for pk, standing, kind, name in rows.order_by().values_list(
        _as_text("pk"), _as_text("standing"), Coalesce("standing__kind", "kind"), "name"
    ):
        actor = _dashed(standing or pk)
        actors[pk] = actor, kind, states.get(actor)
        yield mentions.Name(actor, kind, name, is_main=not standing, state=states.get(actor))
    aliases = Alias.objects.filter(project_id=project_id).order_by()
    for pk, *values in aliases.values_list(
        _as_text("actor"), "name", "metonym", "case", "language", "since", "until"
    ):
        if pk in actors:
            actor, kind, state = actors[pk]
            yield mentions.Name(actor, kind, *values, state=state)


def _as_text(column: str) -> Cast:
    """An id as the database writes it: making objects of fifty thousand takes too long."""
    return Cast(column, CharField(max_length=36))


def _dashed(pk: str) -> str:
    """The id as it is written everywhere else; SQLite keeps it without dashes."""
    return pk if "-" in pk else str(uuid.UUID(pk))


def _states_of_bodies(project_id: uuid.UUID) -> dict[str, str]:
    """For each government body the state that it is part of now."""
    rows = Affiliation.objects.filter(
        project_id=project_id, actor__kind=Actor.Kind.GOVERNMENT, until=None,
    )  # fmt: skip
    rows = rows.annotate(state=Coalesce("whole__standing_id", "whole_id")).filter(
        whole__kind=Actor.Kind.STATE
    )
    return {str(actor): str(state) for actor, state in rows.values_list("actor_id", "state")}


def _own_mentions(user: User, revision: Revision) -> Iterable[tuple[int, int]]:
    spans = Span.objects.filter(
        annotation__revision=revision, annotation__author=user, annotation__deleted=None,
        annotation__kind=Annotation.Kind.MENTION, annotation__layer=Annotation.Layer.ANALYST,
    )  # fmt: skip
    return spans.order_by().values_list("start", "end")


def _judged(user: User, article: Article, revision: Revision) -> Iterator[tuple[int, int]]:
    """The places in this text of which the person has said yes or no."""
    own = Verdict.objects.standing().filter(article=article, by=user).order_by()
    earlier: dict[uuid.UUID, list[tuple[int, int]]] = {}
    for pk, start, end in own.values_list("revision_id", "start", "end"):
        if pk == revision.pk:
            yield start, end
        else:
            earlier.setdefault(pk, []).append((start, end))
    if earlier:
        texts = Revision.objects.filter(pk__in=earlier).values_list("pk", "text")
        for pk, text in texts:
            yield from _brought_forward(text, revision.text, earlier[pk])


def _brought_forward(
    old: str, new: str, places: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """Where the places of an earlier text are in a newer one, by quote and the words around."""
    for start, end in places:
        before, after = anchors.context(old, start, end)
        try:
            found = anchors.find_quote(new, old[start:end], before, after, start_hint=start)
        except anchors.AnchorError:
            continue
        yield found.start, found.end


# Writing


@transaction.atomic
def accept(
    *,
    by: User,
    revision: Revision,
    content: Content,
    actor: uuid.UUID,
    name: str,
    id: uuid.UUID | None = None,
    change: uuid.UUID | None = None,
) -> tuple[Annotation, bool]:
    """The mention that a suggestion became, and whether this call made it.

    `actor` and `name` are what was suggested; the content may say more, or another meaning.

    Raises SuggestingError unless it is a mention of one stretch by a fit name; AnnotatingError
    as `annotating.create` does.
    """
    if content.kind != Annotation.Kind.MENTION or len(content.spans) != 1:
        raise SuggestingError(suggestion="Only a mention of one stretch can have been suggested.")
    suggested = _actor(revision, actor)
    start, end, _ = content.spans[0]
    [place] = _checked(revision, [Place(start, end, name)])
    annotation, made = annotating.create(
        by=by, revision=revision, content=content, id=id, change=change,
        origin=Annotation.Origin.SUGGESTION, tool=TOOL, tool_version=mentions.VERSION,
    )  # fmt: skip
    if made:
        _write(by, revision, suggested, [place], accepted=True, annotation=annotation)
    return annotation, made


@transaction.atomic
def reject(
    *,
    by: User,
    revision: Revision,
    actor: uuid.UUID,
    places: Sequence[Place],
    id: uuid.UUID | None = None,
    change: uuid.UUID | None = None,
) -> tuple[Rejection, bool]:
    """The stored no to suggestions of one actor, and whether this call made it.

    Raises SuggestingError for places outside the text and an id that is taken, AssigningError
    unless the person has the article open.
    """
    rejected = _actor(revision, actor)
    wanted = Rejection(
        id=id or uuid.uuid4(), project_id=revision.project_id, article_id=revision.article_id,
        revision=revision, author=by, actor=rejected,
    )  # fmt: skip
    if stored := _sent_before(wanted, change):
        return stored, False
    checked = _checked(revision, places)
    assigning.begin(by=by, article_id=revision.article_id, analyst=by)
    # Of two copies sent at once, the second has waited for the first until here.
    if stored := _sent_before(wanted, change):
        return stored, False
    with once(SuggestingError(id=TAKEN)):
        wanted.save(force_insert=True)
    _write(by, revision, rejected, checked, accepted=False, rejection=wanted)
    _record(by, "rejected", wanted, None, change, None)
    return wanted, True


def take_back(
    *,
    by: User,
    rejection: Rejection,
    seen: int,
    change: uuid.UUID | None = None,
    undoes: uuid.UUID | None = None,
) -> Rejection:
    """The rejection, which counts no more: its places are proposed again. Raises Stale."""
    return _set_deleted(by, "taken back", rejection, seen, timezone.now(), change, undoes)


def reject_again(
    *,
    by: User,
    rejection: Rejection,
    seen: int,
    change: uuid.UUID | None = None,
    undoes: uuid.UUID | None = None,
) -> Rejection:
    """The rejection that was taken back, which counts again. Raises Stale."""
    return _set_deleted(by, "restored", rejection, seen, None, change, undoes)


@transaction.atomic
def _set_deleted(by, verb, rejection, seen, when, change, undoes) -> Rejection:
    def is_done() -> bool:
        # Asked first: what is made between the two questions is then seen by the second.
        is_made = made_before(rejection, change, SuggestingError)
        rejection.refresh_from_db()
        return is_made or bool(rejection.deleted) == bool(when)

    if is_done():
        return rejection
    assigning.begin(by=by, article_id=rejection.article_id, analyst=rejection.author)
    # Of two copies sent at once, the second has waited for the first until here.
    if is_done():
        return rejection
    before = rejection_content(rejection)
    advance(rejection, seen=seen, deleted=when)
    _record(by, verb, rejection, before, change, undoes)
    return rejection


def _actor(revision: Revision, pk: uuid.UUID) -> Actor:
    actor = Actor.objects.filter(project_id=revision.project_id, pk=pk).first()
    if actor is None:
        raise SuggestingError(suggestion="This actor is not in this project's list.")
    return actor


def _checked(revision: Revision, places: Sequence[Place]) -> list[tuple[Place, str]]:
    """The places with the text's own quotes, each once."""
    if not 0 < len(places) <= MOST_PLACES:
        raise SuggestingError(spans=f"Name one place at least and {MOST_PLACES} at most.")
    spans = [(place.start, place.end, None) for place in places]
    try:
        quotes = {(s, e): quote for s, e, quote in anchors.check(revision.text, spans)}
        named = [
            (Place(one.start, one.end, clean_name(one.name)), quotes[one.start, one.end])
            for one in places
        ]
    except (anchors.AnchorError, UnfitName) as error:
        raise SuggestingError(spans=str(error)) from error
    if any(len(one.name) > LONGEST_NAME or len(quote) > LONGEST_QUOTE for one, quote in named):
        raise SuggestingError(spans="This is longer than any name.")
    return named


def _write(
    by: User,
    revision: Revision,
    actor: Actor,
    places: Iterable[tuple[Place, str]],
    **verdict: Any,
) -> None:
    """Write a verdict for each place; one that the person gave there before is replaced."""
    Verdict.objects.bulk_create(
        [
            Verdict(
                project_id=revision.project_id, article_id=revision.article_id, revision=revision,
                by=by, actor=actor, name=place.name, start=place.start, end=place.end,
                quote=quote, **verdict,
            )
            for place, quote in places
        ],
        update_conflicts=True,
        unique_fields=["revision", "by", "actor", "start", "end"],
        update_fields=["name", "quote", "accepted", "annotation", "rejection", "created"],
    )  # fmt: skip


def _sent_before(wanted: Rejection, change: uuid.UUID | None) -> Rejection | None:
    """The rejection that an earlier copy of this one made."""
    stored = Rejection.objects.filter(pk=wanted.pk).first()
    if stored and (stored.author_id, stored.revision_id) != (wanted.author_id, wanted.revision_id):
        raise SuggestingError(id=TAKEN)
    if stored is None:
        made_before(wanted, change, SuggestingError)
    return stored


def _record(by: User, verb: str, rejection: Rejection, before, change, undoes) -> None:
    require_undoable(rejection, undoes, SuggestingError)
    record(
        by=by, verb=verb, thing=rejection, before=before, after=rejection_content(rejection),
        article_id=rejection.article_id, author=rejection.author, change=change, undoes=undoes,
    )  # fmt: skip
