"""The door for who works on which article: assign, take, begin, hand in, return."""

from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from annotations.models import Annotation, Assignment
from corpus_app.access import is_member
from corpus_app.history import DoorError, advance, record
from corpus_app.models import Article, User


class AssigningError(DoorError):
    """An assignment that cannot be made or moved on; the message says why."""


def assign(*, by: User, article: Article, analyst: User, due_on: date | None = None) -> Assignment:
    """The analyst's assignment on the article; the one there is, if she has it already.

    Raises AssigningError if she is not a member of the article's project.
    """
    if not is_member(analyst, article.project):
        raise AssigningError(analyst=f"{analyst.shown_name} is not a member of this project.")
    own = {"article": article, "analyst": analyst}
    if existing := Assignment.objects.filter(**own).first():
        return existing
    try:
        with transaction.atomic():
            made = Assignment.objects.create(project_id=article.project_id, due_on=due_on, **own)
            _record(by, "assigned", made, before=None)
            return made
    except IntegrityError:
        return Assignment.objects.get(**own)


def begin(*, by: User, article_id: UUID, analyst: User) -> Assignment:
    """The analyst's open assignment, marked as started. Call it within the write it is for.

    The row is locked, so that nothing is written into work that is being handed in. Raises
    AssigningError if there is none or it is handed in.
    """
    rows = Assignment.objects.select_for_update()
    own = rows.filter(article_id=article_id, analyst=analyst).first()
    if own is None:
        raise AssigningError(f"This article is not assigned to {analyst.shown_name}.")
    if not own.open:
        raise AssigningError(
            "This article is handed in. Ask a curator to return it if something must change."
        )
    if own.state == Assignment.State.ASSIGNED:
        _move(by, own, own.version, "started", Assignment.State.STARTED)
    return own


@transaction.atomic
def hand_in(*, by: User, assignment: Assignment, seen: int) -> Assignment:
    """The assignment, handed in. Raises AssigningError while annotations are incomplete; Stale.

    It may have been started since it was seen: that the analyst did herself, by her first mark.
    """
    locked = Assignment.objects.select_for_update().get(pk=assignment.pk)
    if not locked.open:
        return locked
    if locked.state == Assignment.State.STARTED and locked.version == seen + 1:
        seen = locked.version
    drafts = Annotation.objects.standing().filter(
        article_id=locked.article_id, author_id=locked.analyst_id,
        layer=Annotation.Layer.ANALYST, state=Annotation.State.DRAFT,
    ).count()  # fmt: skip
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
    if assignment.open:
        raise AssigningError("Only work that is handed in can be returned.")
    if not comment.strip():
        raise AssigningError(comment="Say why it is returned.")
    _move(by, assignment, seen, "returned", Assignment.State.RETURNED, comment=comment)
    return assignment


def as_values(assignment: Assignment) -> dict:
    """The assignment as JSON values, as history keeps it."""
    return {
        "analyst": assignment.analyst.username,
        "state": assignment.state,
        "due_on": assignment.due_on.isoformat() if assignment.due_on else None,
        "comment": assignment.comment,
    }


def _move(by: User, assignment: Assignment, seen: int, verb: str, state: str, **fields) -> None:
    before = as_values(assignment)
    advance(assignment, seen=seen, state=state, **fields)
    _record(by, verb, assignment, before)


def _record(by: User, verb: str, assignment: Assignment, before: dict | None) -> None:
    record(
        by=by, verb=verb, thing=assignment, before=before, after=as_values(assignment),
        article_id=assignment.article_id, author=assignment.analyst,
    )  # fmt: skip
