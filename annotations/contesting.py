"""The door through which a coder contests, once, that she was overruled, and is answered."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from annotations import adjudication, telling
from annotations.models import Case, Decision, Message, Overruling
from corpus_app.history import DoorError, advance, record
from corpus_app.models import User
from corpus_app.names import HIDDEN, UnfitName, clean_prose

LONGEST = 2_000  # code points of an objection or an answer


class ContestingError(DoorError):
    """An objection or an answer that cannot be taken; the message says why."""


@transaction.atomic
def contest(*, by: User, overruling: Overruling, seen: int, objection: str) -> Overruling:
    """The overruling, contested with these words; whoever decided is told.

    She may do so once: the same words sent again change nothing. Raises ContestingError for
    other words, for none, and if the case was decided anew; Stale.
    """
    objection = _prose("objection", objection, "Say why: whoever decided reads it.")
    stored = Overruling.objects.get(pk=overruling.pk)
    if stored.contested and stored.objection == objection:
        return stored
    if stored.contested:
        raise ContestingError("You have contested this already; a decision is contested once.")
    if not stands(overruling.decision):
        raise ContestingError("This decision does not stand any more: its case was reopened.")
    before = as_values(overruling)
    advance(overruling, seen=seen, objection=objection, contested=timezone.now())
    _record(by, "contested", overruling, before, reason=objection)
    telling.tell(
        by=by, person=overruling.decision.by, kind=Message.Kind.CONTESTED, overruling=overruling
    )
    return overruling


@transaction.atomic
def answer(*, by: User, overruling: Overruling, seen: int, answer: str, upheld: bool) -> Overruling:
    """The overruling with an answer to its objection; the analyst is told.

    Where the decision is not `upheld` its case is reopened, if it was not meanwhile. Raises
    ContestingError if nobody contested it, it is answered, or the answer says nothing; Stale.
    """
    if overruling.contested is None or overruling.answered:
        raise ContestingError("There is no objection here that waits for an answer.")
    answer = _prose("answer", answer, "Say why: she reads it.")
    before = as_values(overruling)
    advance(
        overruling, seen=seen, answer=answer, answered=timezone.now(), answered_by=by,
        upheld=upheld,
    )  # fmt: skip
    _record(by, "answered", overruling, before, reason=answer)
    if not upheld and stands(overruling.decision):
        case = Case.objects.get(pk=overruling.decision.case_id)
        adjudication.reopen(by=by, case=case, seen=case.version, reason=answer)
    telling.tell(
        by=by, person=overruling.analyst, kind=Message.Kind.ANSWERED, overruling=overruling
    )
    return overruling


def stands(decision: Decision) -> bool:
    """Whether the decision is the last of its case."""
    later = Decision.objects.filter(case=decision.case_id, number__gt=decision.number)
    return not later.exists()


def as_values(overruling: Overruling) -> dict[str, Any]:
    """The overruling as JSON values, as history keeps it."""
    return {
        "decision": str(overruling.decision_id),
        "annotation": str(overruling.annotation_id),
        "fields": overruling.fields,
        "objection": overruling.objection,
        "answer": overruling.answer,
        "upheld": overruling.upheld,
    }


def _prose(field: str, text: str, empty: str) -> str:
    try:
        text = clean_prose(text).strip()
    except UnfitName as error:
        raise ContestingError(**{field: str(error)}) from error
    if not any(not (c.isspace() or c in HIDDEN) for c in text):
        raise ContestingError(**{field: empty})
    if len(text) > LONGEST:
        long = f"It has {len(text):,} characters; {LONGEST:,} is the most."
        raise ContestingError(**{field: long})
    return text


def _record(by: User, verb: str, overruling: Overruling, before: dict, reason: str) -> None:
    record(
        by=by, verb=verb, thing=overruling, before=before, after=as_values(overruling),
        article_id=overruling.annotation.article_id, author=overruling.analyst, reason=reason,
    )  # fmt: skip
