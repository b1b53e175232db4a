"""The door to what people are told of their work: tell somebody, mark as read, and as mailed.

Messages are no evidence: they leave no event, and have no version. They are found in the inbox
as far as `access.messages_for` lets the person see what they are about.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from annotations.access import messages_for, notices_for
from annotations.models import Assignment, Message, Notice, Overruling, Preference, Recoding
from corpus_app.history import DoorError
from corpus_app.models import User

Subject = Assignment | Overruling | Recoding


class TellingError(DoorError):
    """Something that is not told now; the message says why."""


def tell(
    *,
    by: User,
    person: User,
    kind: str,
    assignment: Assignment | None = None,
    overruling: Overruling | None = None,
    recoding: Recoding | None = None,
) -> Message | None:
    """The message that waits for the person now; None if she did herself what it tells of.

    `kind` is a `Message.Kind`; give the one subject that it is about. Folded as in `tell_many`.
    """
    subject = assignment or overruling or recoding
    told = tell_many(by=by, kind=kind, told=[(person, subject)])
    return told[0] if told else None


@transaction.atomic
def tell_many(*, by: User, kind: str, told: Iterable[tuple[User, Subject]]) -> list[Message]:
    """The messages that wait now, for pairs of a person and what she is told of.

    Nobody is told what she did herself. What is alike stands in one message that counts: new work
    of a project, decisions on an article, a return or a recoding told again. One that was read or
    mailed is left as it is, and a new one made. A constant number of queries.
    """
    waiting = {}
    for person, subject in told:
        if person.pk != by.pk:
            wanted = _message(by, person, kind, subject)
            alike = waiting.setdefault(_alike(wanted), wanted)
            if alike is not wanted:
                _fold(alike, wanted)
    unread = _unread(by, kind, {message.person_id for message in waiting.values()})
    folded = [_fold(unread[key], new) for key, new in waiting.items() if key in unread]
    made = [new for key, new in waiting.items() if key not in unread]
    Message.objects.bulk_update(folded, [*SUBJECTS.values(), "number", "created"])
    return folded + Message.objects.bulk_create(made)


def read(*, by: User, messages: Collection[UUID] = (), notices: Collection[int] = ()) -> None:
    """Mark as read these of the person's own messages and notices, by their ids."""
    now = timezone.now()
    if messages:
        messages_for(by).filter(pk__in=messages, read=None).update(read=now)
    if notices:
        notices_for(by).filter(pk__in=notices, read=None).update(read=now)


def read_all(*, by: User) -> None:
    """Mark as read all that the person finds in her inbox; what is hidden from her stays unread."""
    now = timezone.now()
    messages_for(by).filter(read=None).update(read=now)
    notices_for(by).filter(read=None).update(read=now)


@contextmanager
def mailing(
    *, to: User, messages: Collection[UUID] = (), notices: Collection[int] = ()
) -> Iterator[None]:
    """Within it a mail with these is sent. They count as mailed before it is: never twice.

    Whatever is raised within, they wait for the next mail. Raises TellingError if another mail
    has one of them meanwhile.
    """
    now = timezone.now()
    own = Preference.objects.filter(user=to).values_list("digested", flat=True).first()
    rows = (
        (Message.objects.filter(person=to, pk__in=messages), len(messages)),
        (Notice.objects.filter(person=to, pk__in=notices), len(notices)),
    )
    _keep_mailed(to, rows, now)
    try:
        yield
    except BaseException:
        for waiting, _ in rows:
            waiting.filter(mailed=now).update(mailed=None)
        Preference.objects.filter(user=to, digested=now).update(digested=own)
        raise


@transaction.atomic
def _keep_mailed(to: User, rows: Iterable[tuple[QuerySet, int]], now: datetime) -> None:
    for waiting, number in rows:
        if waiting.filter(mailed=None).update(mailed=now) != number:
            raise TellingError("Part of this is in another mail already.")
    Preference.objects.update_or_create(user=to, defaults={"digested": now})


SUBJECTS = {Assignment: "assignment", Overruling: "overruling", Recoding: "recoding"}


def _message(by: User, person: User, kind: str, subject: Subject) -> Message:
    about = {SUBJECTS[type(subject)]: subject}
    return Message(project_id=subject.project_id, person=person, kind=kind, by=by, **about)


def _unread(by: User, kind: str, people: set[int]) -> dict[tuple, Message]:
    """What of this kind waits for the people, by what makes messages alike.

    Locked, so that what is added to it is neither lost to another nor read before it is there.
    """
    rows = Message.objects.filter(
        by=by, kind=kind, person__in=people, read=None, mailed=None
    ).select_related("overruling__annotation")
    rows = rows.select_for_update(of=("self",), no_key=True)
    return {_alike(message): message for message in rows.order_by("created", "pk")}


def _alike(message: Message) -> tuple:
    """What messages have in common that can stand for each other."""
    if message.kind == Message.Kind.ASSIGNED:
        about = message.project_id
    elif message.overruling_id:
        about = message.overruling.annotation.article_id
    else:
        about = message.assignment_id or message.recoding_id
    return message.person_id, about


def _fold(earlier: Message, later: Message) -> Message:
    """The earlier message, standing for the later one too and as new as it is."""
    for name in SUBJECTS.values():
        setattr(earlier, name, getattr(later, name))
    earlier.number += later.number
    earlier.created = later.created
    return earlier
