"""The door for corrections: a new text of an article, and every annotation brought over to it.

Everything happens in one transaction. Whoever writes at the same time waits, and is then brought
forward by `annotating`. What cannot be carried stays with its old text: that is the tray.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from annotations import access, anchors, annotating
from annotations.alignment import Alignment, Carried, Place, Stranded, likeness
from annotations.carrying import CARRIED, MOVES, PLACED, carrying, places_of
from annotations.models import Annotation, Assignment, Carrying, Span
from corpus_app import revising, text
from corpus_app.history import DoorError, Stale, moved
from corpus_app.models import Article, Event, Revision, User

AT_ONCE = 500  # annotations in memory
PARTS = ("spans", "participants", "codings", "links")


class CorrectingError(DoorError):
    """A correction that cannot be made; the message says why."""


@dataclass(frozen=True)
class Correction:
    """The new revision, how many annotations stand in it, and how many are in the tray."""

    revision: Revision
    carried: int
    in_tray: int


@dataclass(frozen=True)
class Fate:
    """What would become of one annotation; quotes of its stretches before and after."""

    annotation: Annotation
    before: tuple[str, ...]
    after: tuple[str, ...]
    score: float


@dataclass(frozen=True)
class Preview:
    """What a correction would do: the new wording, and the fate of all that it touches."""

    before: revising.Wording
    after: revising.Wording
    untouched: int
    mended: tuple[Fate, ...]
    stranded: tuple[Fate, ...]


@dataclass(frozen=True)
class _Move:
    """An annotation on its way into another revision."""

    annotation: Annotation
    origin: Revision
    outcome: Carried | Stranded
    before: Mapping

    def after(self, revision: Revision) -> dict:
        """The annotation's snapshot once it has arrived there."""
        spans = [
            {"start": start, "end": end, "quote": revision.text[start:end]}
            for start, end in self.outcome.places
        ]
        return {**self.before, "spans": spans, "revision": str(revision.pk)}


def wording_of(
    *,
    typed: str | None = None,
    lines: Sequence[text.Line] | None = None,
    revision: Revision | None = None,
) -> revising.Wording:
    """The wording that was typed, or made of the raw lines' roles, or stored before.

    Raises CorrectingError if there is no text in it.
    """
    try:
        if typed is not None:
            return revising.of_draft(typed)
        return revising.of_lines(lines) if lines is not None else revising.of_revision(revision)
    except revising.RevisingError as error:
        raise _refused(error) from error


def preview(*, article: Article, text: str) -> Preview:
    """What becomes of the standing annotations if the article's text is corrected to this draft.

    Raises CorrectingError if the draft is no text. Nothing is written.
    """
    after = wording_of(typed=text)
    newest = revising.newest(article)
    untouched, mended, stranded = 0, [], []
    for origin in _annotated(article, newest.number):
        alignment = Alignment(origin.text, after.text)
        rows = Annotation.objects.standing().filter(revision=origin)
        for annotation in _in_batches(rows.select_related("author").prefetch_related("spans")):
            fate, carried = _fate(annotation, alignment)
            if not carried:
                stranded.append(fate)
            elif fate.score < 1:
                mended.append(fate)
            else:
                untouched += 1
    before = revising.of_revision(newest)
    return Preview(before, after, untouched, tuple(mended), tuple(stranded))


@transaction.atomic
def correct(
    *,
    by: User,
    article: Article,
    seen: int,
    reason: str,
    text: str | None = None,
    lines: Sequence[text.Line] | None = None,
    back_to: Revision | None = None,
) -> Correction:
    """The article's next text with every annotation that could be carried into it.

    The text is one of three: a draft as `text.draft` has it, the raw input's lines with their
    roles, or an earlier revision, into which each annotation that only was moved since comes back
    to exactly where it was. Deleted annotations go along, so that they can be restored; work that
    is handed in stays so. Raises Stale if the article has moved on since version `seen`, and
    CorrectingError.
    """
    if lines is not None:
        _require_untyped(article)
    wording = wording_of(typed=text, lines=lines, revision=back_to)
    # Analysts who are writing now are waited for; who comes later finds the new text. Before the
    # article, as whoever hands in does: nobody waits for somebody who waits for her.
    list(Assignment.objects.select_for_update().filter(article=article).order_by("pk"))
    try:
        revision = revising.revise(
            by=by, article=article, seen=seen, wording=wording, reason=reason
        )
    except revising.RevisingError as error:
        raise _refused(error) from error
    carried, in_tray = _carry_over(by, article, revision, _places_in(back_to))
    return Correction(revision, carried, in_tray)


def undo(*, by: User, article: Article, seen: int) -> Correction:
    """The text of before the latest correction as a further revision, with what stood in it.

    Raises Stale; CorrectingError if the text was never corrected.
    """
    latest = revising.newest(article)
    if latest.number == 1:
        raise CorrectingError("This text was never corrected.")
    earlier = Revision.objects.get(article=article, number=latest.number - 1)
    reason = f"Revision {latest.number} taken back."
    return correct(by=by, article=article, seen=seen, back_to=earlier, reason=reason)


@transaction.atomic
def place(*, by: User, annotation: Annotation, seen: int, spans: Sequence[Place]) -> Annotation:
    """The annotation at these stretches of the article's newest text.

    For what is in the tray; its author and curators may do it, also when it is handed in. Raises
    Stale, CorrectingError for stretches that do not fit, Forbidden.
    """
    access.require_placer(by, annotation)
    newest = revising.newest(annotation.article)
    if annotation.revision_id == newest.pk:
        raise CorrectingError("This annotation is not in the tray: it has its place in the text.")
    try:
        checked = anchors.check(newest.text, [(start, end, None) for start, end in spans])
    except anchors.AnchorError as error:
        raise CorrectingError(spans=str(error)) from error
    locked = Annotation.objects.select_for_update().get(pk=annotation.pk)
    if locked.version != seen:
        raise Stale(locked)
    before = annotating.snapshot(locked)
    was = " ".join(span["quote"] for span in before["spans"])
    score = likeness(was, " ".join(quote for _, _, quote in checked))
    places = tuple((start, end) for start, end, _ in checked)
    move = _Move(locked, locked.revision, Carried(places, score), before)
    Carrying.objects.filter(annotation=locked, revision=newest).delete()
    _write(by, PLACED, newest, [move])
    return Annotation.objects.get(pk=annotation.pk)


def _carry_over(
    by: User, article: Article, revision: Revision, earlier: Mapping[uuid.UUID, list[Place]]
) -> tuple[int, int]:
    """How many standing annotations were carried into the revision, and how many were not.

    `earlier` has places in the revision that are known already.
    """
    carried = in_tray = 0
    for origin in _annotated(article, revision.number - 1):
        alignment = Alignment(origin.text, revision.text)
        for moves in _moves(origin, alignment, earlier):
            _write(by, CARRIED, revision, moves)
            standing = [move for move in moves if not move.annotation.deleted]
            arrived = sum(isinstance(move.outcome, Carried) for move in standing)
            carried, in_tray = carried + arrived, in_tray + len(standing) - arrived
    return carried, in_tray


def _refused(error: DoorError) -> CorrectingError:
    return CorrectingError(**{name: " ".join(told) for name, told in error.messages.items()})


def _require_untyped(article: Article) -> None:
    """Roles of lines say nothing of a text that was typed: using them would undo the typing."""
    if not revising.newest(article).roles:
        raise CorrectingError(
            lines="The text was corrected by hand, so roles of lines cannot change it any more."
        )


def _annotated(article: Article, up_to: int) -> Iterator[Revision]:
    """The article's revisions with annotations, one text in memory at a time."""
    own = Revision.objects.filter(article=article, number__lte=up_to, annotations__isnull=False)
    for pk in list(own.order_by("number").distinct().values_list("pk", flat=True)):
        yield Revision.objects.get(pk=pk)


def _in_batches(rows) -> Iterator[Annotation]:
    return rows.order_by("pk").iterator(chunk_size=AT_ONCE)


def _fate(annotation: Annotation, alignment: Alignment) -> tuple[Fate, bool]:
    places = [(span.start, span.end) for span in annotation.spans.all()]
    outcome = alignment.carry(places)
    before = tuple(alignment.old[start:end] for start, end in places)
    after = tuple(alignment.new[start:end] for start, end in outcome.places)
    return Fate(annotation, before, after, outcome.score), isinstance(outcome, Carried)


def _moves(
    origin: Revision, alignment: Alignment, earlier: Mapping[uuid.UUID, list[Place]]
) -> Iterator[list[_Move]]:
    """What becomes of all annotations on a revision, a batch at a time, each locked."""
    rows = Annotation.objects.filter(revision=origin).order_by("pk")
    rows = rows.select_for_update(of=("self",)).prefetch_related(*PARTS)
    batch = list(rows[:AT_ONCE])
    while batch:
        moves = []
        for annotation in batch:
            before = annotating.snapshot(annotation)
            known = earlier.get(annotation.pk)
            outcome = Carried(tuple(known), 1.0) if known else alignment.carry(places_of(before))
            moves.append(_Move(annotation, origin, outcome, before))
        yield moves
        batch = list(rows.filter(pk__gt=batch[-1].pk)[:AT_ONCE])


def _write(by: User, verb: str, revision: Revision, moves: Sequence[_Move]) -> None:
    """Write where the annotations are now, their history, and what became of each."""
    arrived = [move for move in moves if isinstance(move.outcome, Carried)]
    rows = Annotation.objects.filter(pk__in=[move.annotation.pk for move in arrived])
    rows.update(revision=revision, version=F("version") + 1, updated=timezone.now())
    for move in arrived:
        move.annotation.version += 1
        move.annotation.revision = revision
    changes = [(move.annotation, move.before, move.after(revision)) for move in arrived]
    # Where the place is the same, other words of the same length may stand there now.
    _put([(one, now["spans"]) for one, was, now in changes if now["spans"] != was["spans"]])
    moved(by=by, verb=verb, things=changes)
    Carrying.objects.bulk_create(
        carrying(move.annotation, move.origin, revision, move.outcome) for move in moves
    )


def _put(spans_of: Sequence[tuple[Annotation, list[dict]]]) -> None:
    Span.objects.filter(annotation__in=[annotation.pk for annotation, _ in spans_of]).delete()
    Span.objects.bulk_create(
        Span(project_id=annotation.project_id, annotation=annotation, **span)
        for annotation, spans in spans_of
        for span in spans
    )


def _places_in(revision: Revision | None) -> dict[uuid.UUID, list[Place]]:
    """Where each annotation was in a revision, if it was only moved since."""
    found: dict[uuid.UUID, list[Place]] = {}
    if revision is None:
        return found
    events = Event.objects.filter(article_id=revision.article_id, noun="annotation")
    rows = events.order_by("version").values_list("object_id", "verb", "after")
    for pk, verb, after in rows.iterator(chunk_size=AT_ONCE):
        key = uuid.UUID(pk)
        if verb not in MOVES:
            found.pop(key, None)
        # Events of before texts could be corrected do not say: it was the first.
        was_here = after.get("revision") == str(revision.pk) or (
            "revision" not in after and revision.number == 1
        )
        if was_here:
            found[key] = places_of(after)
    return found
