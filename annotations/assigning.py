"""The door for who works on which article: assign, begin, hand in, return, withdraw."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from annotations.models import Annotation, Assignment, Message
from annotations.telling import tell
from corpus_app.access import curates, is_member
from corpus_app.history import DoorError, advance, record
from corpus_app.models import Article, Event, Membership, Project, User

OPEN = (Assignment.State.ASSIGNED, Assignment.State.STARTED, Assignment.State.RETURNED)


class AssigningError(DoorError):
    """An assignment that cannot be made or moved on; the message says why."""


class NothingMarked(AssigningError):
    """Handed in without a mark: that there is nothing is a finding, so she is asked if it is."""


class AlreadyMarked(AssigningError):
    """Withdrawn although there are annotations: whoever withdraws it is asked if she means it."""


@transaction.atomic
def assign(
    *,
    by: User,
    article: Article,
    analyst: User,
    due_on: date | None = None,
    training: bool = False,
) -> Assignment:
    """The analyst's assignment on the article; the one there is, if she has it already.

    One that was withdrawn is given again, with whatever she marked, and if it was returned to her
    still is, with the comment. Work for `training` is scored
    against the gold layer. Raises AssigningError if she is not a member of the article's project,
    has as many articles open as she may, or takes again herself what was withdrawn from her, or
    if there is no gold to train with.
    """
    lock(article.project_id)
    if not is_member(analyst, article.project):
        raise AssigningError(analyst=f"{analyst.shown_name} is not a member of this project.")
    own = Assignment.objects.filter(article=article, analyst=analyst).first()
    if own and own.state != Assignment.State.WITHDRAWN:
        return own
    _require_room(by, article.project_id, analyst)
    if training and not _gold(article):
        raise AssigningError(training="This article has no gold layer yet to be scored against.")
    if own:
        _revive(by, own, due_on, training)
    else:
        own = Assignment.objects.create(
            project_id=article.project_id, article=article, analyst=analyst, due_on=due_on,
            training=training,
        )  # fmt: skip
        _record(by, "assigned", own, before=None)
    tell(by=by, person=analyst, kind=Message.Kind.ASSIGNED, assignment=own)
    return own


def lock(project_id: UUID) -> None:
    """Whoever gives out work of the project from now on waits for the end of the transaction.

    So that nobody gets more than she may, and nobody is planned for what is given meanwhile.
    """
    Project.objects.select_for_update(no_key=True).get(pk=project_id)


def hold(*, analyst: User, articles: Iterable[UUID]) -> None:
    """Nothing; whoever writes into the analyst's work on these articles waits from now on.

    Always in the same order, as corrections do: of two who write much nobody waits for somebody
    who waits for her.
    """
    own = Assignment.objects.select_for_update().filter(analyst=analyst, article__in=articles)
    list(own.order_by("pk").values_list("pk", flat=True))


def begin(*, by: User, article_id: UUID, analyst: User) -> Assignment:
    """The analyst's open assignment, marked as started. Call it within the write it is for.

    The row is locked, so that nothing is written into work that is being handed in. Raises
    AssigningError if there is none, or it is handed in or withdrawn.
    """
    rows = Assignment.objects.select_for_update()
    own = rows.filter(article_id=article_id, analyst=analyst).first()
    if own is None:
        raise AssigningError(f"This article is not assigned to {analyst.shown_name}.")
    if own.state == Assignment.State.WITHDRAWN:
        raise AssigningError(
            "This article was withdrawn. What was marked is kept; ask a curator to assign it again."
        )
    if not own.open:
        raise AssigningError(
            "This article is handed in. Ask a curator to return it if something must change."
        )
    if own.state == Assignment.State.ASSIGNED:
        _move(by, own, own.version, "started", Assignment.State.STARTED)
    return own


@transaction.atomic
def hand_in(*, by: User, assignment: Assignment, seen: int, sure: bool = True) -> Assignment:
    """The assignment, handed in. Raises AssigningError while annotations are incomplete; Stale.

    Raises NothingMarked for an article without a mark unless whoever hands it in is `sure`. It may
    have been started since it was seen: that the analyst did herself, by her first mark.
    """
    locked = Assignment.objects.select_for_update().get(pk=assignment.pk)
    if locked.state == Assignment.State.WITHDRAWN:
        raise AssigningError("Not handed in: this article was withdrawn. Your marks are kept.")
    if not locked.open:
        return locked
    if locked.state == Assignment.State.STARTED and locked.version == seen + 1:
        seen = locked.version
    marked = marks(locked)
    if not sure and not marked.exists():
        raise NothingMarked("Not handed in yet: nothing is marked in this article.")
    drafts = marked.filter(state=Annotation.State.DRAFT).count()
    if drafts:
        raise AssigningError(
            f"Not handed in yet: {drafts} of your annotations still "
            f"{'lacks' if drafts == 1 else 'lack'} something that the codebook requires."
        )
    _move(by, locked, seen, "handed in", Assignment.State.HANDED_IN, handed_in=timezone.now())
    return locked


@transaction.atomic
def give_back(*, by: User, assignment: Assignment, seen: int, comment: str) -> Assignment:
    """The assignment, returned to its analyst with a comment. Raises AssigningError; Stale."""
    if assignment.state != Assignment.State.HANDED_IN:
        raise AssigningError("Only work that is handed in can be returned.")
    if not comment.strip():
        raise AssigningError(comment="Say why it is returned.")
    _move(by, assignment, seen, "returned", Assignment.State.RETURNED, comment=comment)
    return assignment


@transaction.atomic
def withdraw(*, by: User, assignment: Assignment, seen: int, sure: bool = False) -> Assignment:
    """The assignment, withdrawn: what was marked is kept, and not counted.

    Raises AlreadyMarked if there are annotations, unless whoever withdraws it is `sure`; Stale.
    """
    locked = Assignment.objects.select_for_update().get(pk=assignment.pk)
    if locked.state == Assignment.State.WITHDRAWN:
        return locked
    number = marks(locked).count()
    if number and not sure:
        raise AlreadyMarked(
            f"Not withdrawn yet: {locked.analyst.shown_name} has marked something here "
            f"({number}). Withdrawn, it is kept but not counted."
        )
    _move(by, locked, seen, "withdrawn", Assignment.State.WITHDRAWN)
    return locked


@transaction.atomic
def set_due(*, by: User, assignment: Assignment, seen: int, due_on: date | None) -> Assignment:
    """The open assignment, due on this day or on none. Raises AssigningError; Stale."""
    if not assignment.open:
        raise AssigningError(due_on="Only work that is open has a day on which it is due.")
    if assignment.due_on != due_on:
        _move(by, assignment, seen, "rescheduled", assignment.state, due_on=due_on)
    return assignment


@transaction.atomic
def reassign(*, by: User, assignment: Assignment, seen: int, analyst: User) -> Assignment:
    """The assignment of another analyst on the article, in the place of this one, due when it was.

    The first one is withdrawn, whatever was marked. Raises AssigningError if it is not open, if
    the other has the article already, or as `assign` does; Stale.
    """
    lock(assignment.project_id)
    assignment.refresh_from_db(fields=["state", "version"])
    if not assignment.open:
        raise AssigningError("Only work that is open can be given to somebody else.")
    others = Assignment.objects.filter(article=assignment.article_id, analyst=analyst)
    if others.exclude(state=Assignment.State.WITHDRAWN).exists():
        raise AssigningError(analyst=f"{analyst.shown_name} has this article already.")
    withdraw(by=by, assignment=assignment, seen=seen, sure=True)
    return assign(
        by=by, article=assignment.article, analyst=analyst, due_on=assignment.due_on,
        training=assignment.training,
    )  # fmt: skip


def marks(assignment: Assignment) -> QuerySet[Annotation]:
    """What the analyst has marked in the article and not deleted."""
    return Annotation.objects.standing().filter(
        article_id=assignment.article_id, author_id=assignment.analyst_id,
        layer=Annotation.Layer.ANALYST,
    )  # fmt: skip


def as_values(assignment: Assignment) -> dict:
    """The assignment as JSON values, as history keeps it."""
    return {
        "analyst": assignment.analyst.username,
        "state": assignment.state,
        "due_on": assignment.due_on.isoformat() if assignment.due_on else None,
        "comment": assignment.comment,
        "training": assignment.training,
    }


def _require_room(by: User, project_id: UUID, analyst: User) -> None:
    own = Membership.objects.filter(project=project_id, user=analyst).first()
    most = own.most_open if own else None
    taken = Assignment.objects.filter(project=project_id, analyst=analyst, state__in=OPEN).count()
    if most is None or taken < most:
        return
    has = "You have" if by == analyst else f"{analyst.shown_name} has"
    may = "you may" if by == analyst else "she may"
    raise AssigningError(
        analyst=f"{has} {taken} articles open; {may} have {most} at once. One must be handed in "
        "first, or the limit raised."
    )


def _gold(article: Article) -> bool:
    gold = Annotation.objects.standing().filter(article=article, layer=Annotation.Layer.GOLD)
    return gold.exists()


def _revive(by: User, own: Assignment, due_on: date | None, training: bool) -> None:
    if by == own.analyst and not curates(by, own.project):
        raise AssigningError(
            "This article was withdrawn from you. A curator can assign it to you again."
        )
    state, comment = Assignment.State.ASSIGNED, ""
    if _stood(own) == Assignment.State.RETURNED:
        state, comment = Assignment.State.RETURNED, own.comment
    elif marks(own).exists():
        state = Assignment.State.STARTED
    fields = {"due_on": due_on, "training": training, "comment": comment}
    _move(by, own, own.version, "assigned", state, **fields)


def _stood(own: Assignment) -> str:
    """In which state the work was when it was withdrawn."""
    events = Event.objects.filter(noun="assignment", object_id=str(own.pk), verb="withdrawn")
    last = events.order_by("version").last()
    return last.before["state"] if last else ""


def _move(by: User, assignment: Assignment, seen: int, verb: str, state: str, **fields) -> None:
    before = as_values(assignment)
    advance(assignment, seen=seen, state=state, **fields)
    _record(by, verb, assignment, before)


def _record(by: User, verb: str, assignment: Assignment, before: dict | None) -> None:
    record(
        by=by, verb=verb, thing=assignment, before=before, after=as_values(assignment),
        article_id=assignment.article_id, author=assignment.analyst,
    )  # fmt: skip
