"""The door for handing work in, giving it back and withdrawing it, with what follows from it.

What is handed in is matched with what others handed in, into cases; whoever gets work back is
told. It refuses as `assigning` does.
"""

from django.db import transaction

from annotations import assigning, cases, telling
from annotations.models import Assignment, Message
from corpus_app.models import User


@transaction.atomic
def hand_in(*, by: User, assignment: Assignment, seen: int, sure: bool = True) -> Assignment:
    """The assignment, handed in. Raises AssigningError while annotations are incomplete; Stale.

    Raises NothingMarked, of `assigning`, for one without a mark unless she is `sure`.
    """
    done = assigning.hand_in(by=by, assignment=assignment, seen=seen, sure=sure)
    _match(by, done)
    return done


@transaction.atomic
def give_back(*, by: User, assignment: Assignment, seen: int, comment: str) -> Assignment:
    """The assignment, returned to its analyst with a comment. Raises AssigningError; Stale."""
    done = assigning.give_back(by=by, assignment=assignment, seen=seen, comment=comment)
    _match(by, done)
    telling.tell(by=by, person=done.analyst, kind=Message.Kind.RETURNED, assignment=done)
    return done


@transaction.atomic
def withdraw(*, by: User, assignment: Assignment, seen: int, sure: bool = False) -> Assignment:
    """The assignment, withdrawn. Raises AlreadyMarked, of `assigning`, unless `sure`; Stale."""
    handed_in = assignment.state == Assignment.State.HANDED_IN
    done = assigning.withdraw(by=by, assignment=assignment, seen=seen, sure=sure)
    if handed_in:
        _match(by, done)
    return done


def _match(by: User, assignment: Assignment) -> None:
    if not assignment.training:
        cases.match_article(by=by, article=assignment.article)
