"""The door to the threads of annotations: say something, say it otherwise, take it back.

A comment is seen by whoever may see its annotation. The colleagues whom it names find a notice
of it, as soon as they may see it. Written like annotations: a change states the version it saw,
and one that is sent twice is made once.
"""

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from annotations.access import nameable_for, notices_for
from annotations.models import Annotation, Comment, Notice
from corpus_app.history import DoorError, advance, made_before, record, require_undoable
from corpus_app.models import Event, User
from corpus_app.names import HIDDEN, UnfitName, clean_prose

LONGEST = 5_000  # code points of a comment
MOST_NAMED = 20
TAKEN_CHANGE = "This id of a change is taken. Make a new one."
TAKEN = "This id is taken. Make a new one and send again."


class DiscussingError(DoorError):
    """A comment that cannot be stored; `messages` says why, field by field."""


def comment(
    *,
    by: User,
    annotation: Annotation,
    text: str,
    mentions: Collection[str] = (),
    author: User | None = None,
    id: uuid.UUID | None = None,
    change: uuid.UUID | None = None,
    asks: bool = True,
    said: datetime | None = None,
) -> tuple[Comment, bool]:
    """The stored comment, and whether this call made it (not so when it was sent before).

    `mentions` are the user names of the members that it names; each gets a notice, to be read if
    the comment `asks`: what was said earlier and elsewhere, at the moment `said`, asks nobody anew.

    Raises DiscussingError for an unfit text, somebody who cannot be named, and an id that is
    taken.
    """
    wanted = Comment(
        id=id or uuid.uuid4(), project_id=annotation.project_id, author=author or by,
        article_id=annotation.article_id, annotation=annotation, created=said or timezone.now(),
    )  # fmt: skip
    try:
        with transaction.atomic():
            return _insert(by, wanted, text, mentions, change, asks), True
    except (IntegrityError, DiscussingError):
        # A copy is not judged again: whom it names may have left since the first arrived.
        if (id and (stored := _sent_before(wanted))) or (
            change and (stored := _made_by(change, wanted))
        ):
            return stored, False
        raise


@transaction.atomic
def rewrite(
    *,
    by: User,
    comment: Comment,
    seen: int,
    text: str,
    mentions: Collection[str] = (),
    change: uuid.UUID | None = None,
    undoes: uuid.UUID | None = None,
) -> Comment:
    """The comment with this text, standing again if it was taken back.

    Who stays named keeps the notice, read or not. Raises Stale, and DiscussingError as `comment`.
    """
    _hold(comment)
    if made_before(comment, change, DiscussingError):
        _require_copy(comment, change, "changed", "restored", text=text)
        return comment
    before = as_values(comment)
    text, named = _checked(comment, text, mentions)
    verb = "restored" if comment.deleted else "changed"
    advance(comment, seen=seen, text=text, deleted=None)
    _notify(comment, named)
    _record(by, verb, comment, before, change, undoes)
    return comment


@transaction.atomic
def remove(
    *,
    by: User,
    comment: Comment,
    seen: int,
    change: uuid.UUID | None = None,
    undoes: uuid.UUID | None = None,
) -> Comment:
    """The comment, taken back: its place in the thread stays, without its words. Raises Stale."""
    _hold(comment)
    if made_before(comment, change, DiscussingError):
        _require_copy(comment, change, "removed")
        return comment
    if comment.deleted:
        return comment
    before = as_values(comment)
    advance(comment, seen=seen, deleted=timezone.now())
    _record(by, "removed", comment, before, change, undoes)
    return comment


def mark_read(*, by: User, annotation_id: uuid.UUID) -> None:
    """Mark as read where the person is named in this thread. It is her own and leaves no event."""
    unread = notices_for(by).filter(comment__annotation=annotation_id, read=None)
    unread.update(read=timezone.now())


def as_values(comment: Comment) -> dict[str, Any]:
    """The comment as JSON values, as the history keeps it."""
    return {
        "kind": "comment",
        "annotation": str(comment.annotation_id),
        "text": comment.text,
        "mentions": named_in(comment),
        "deleted": comment.deleted.isoformat() if comment.deleted else None,
    }


def named_in(comment: Comment) -> list[str]:
    """The user names of those the comment names, in order."""
    return sorted(comment.notices.values_list("person__username", flat=True))


def _insert(by, wanted: Comment, text: str, mentions, change, asks: bool) -> Comment:
    wanted.text, named = _checked(wanted, text, mentions)
    wanted.save(force_insert=True)
    _notify(wanted, named, read=None if asks else wanted.created)
    _record(by, "created", wanted, None, change, None)
    return wanted


def _checked(comment: Comment, text: str, mentions: Collection[str]) -> tuple[str, list[User]]:
    """The text as it is stored, and the people it names; DiscussingError with every fault."""
    faults: dict[str, str] = {}
    try:
        text = clean_prose(text).strip()
    except UnfitName as error:
        faults["text"] = str(error)
    if not any(not (c.isspace() or c in HIDDEN) for c in text):
        faults.setdefault("text", "The comment says nothing.")
    elif len(text) > LONGEST:
        faults["text"] = f"A comment has {LONGEST:,} characters at most; this has {len(text):,}."
    named = _named(comment, set(mentions), faults)
    if faults:
        raise DiscussingError(**faults)
    return text, named


def _named(comment: Comment, wanted: set[str], faults: dict[str, str]) -> list[User]:
    """The people of these user names: members, and whoever the comment names already."""
    if len(wanted) > MOST_NAMED:
        faults["mentions"] = f"A comment names {MOST_NAMED} people at most."
        return []
    members = nameable_for(comment.author, comment.project)
    named = set(members.filter(username__in=wanted)) if wanted else set()
    if comment.notices.exists():
        kept = (notice.person for notice in comment.notices.select_related("person"))
        named |= {person for person in kept if person.username in wanted}
    if unknown := sorted(wanted - {person.username for person in named}):
        faults["mentions"] = f"Nobody else in this project is called “{unknown[0]}”."
    return sorted(named, key=lambda person: person.username)


def _notify(comment: Comment, named: list[User], read: datetime | None = None) -> None:
    """Leave a notice for each that is named, and none for anybody else."""
    comment.notices.exclude(person__in=named).delete()
    own = {"project_id": comment.project_id, "comment": comment, "read": read}
    notices = [Notice(person=person, **own) for person in named]
    Notice.objects.bulk_create(notices, ignore_conflicts=True)


def _sent_before(wanted: Comment) -> Comment | None:
    """The comment that an earlier copy of this one made."""
    stored = Comment.objects.filter(pk=wanted.pk).first()
    same = stored and stored.author_id == wanted.author_id
    if stored and not (same and stored.annotation_id == wanted.annotation_id):
        raise DiscussingError(id=TAKEN)
    return stored


def _made_by(change: uuid.UUID, wanted: Comment) -> Comment | None:
    """The comment that an earlier copy of this one, without an id of its own, made."""
    event = Event.objects.filter(pk=change).first()
    if event is None:
        return None
    same = Comment.objects.filter(author=wanted.author_id, annotation=wanted.annotation_id)
    found = same.filter(pk=event.object_id).first() if event.noun == "comment" else None
    if found is None or event.verb != "created":
        raise DiscussingError(change=TAKEN_CHANGE)
    return found


def _require_copy(comment: Comment, change: uuid.UUID, *verbs: str, text: str = "") -> None:
    """Raise DiscussingError if what this change did was not one of the verbs, or not this text.

    Whoever takes the id of an earlier change for a new one would lose that in silence. Once the
    comment was changed again nobody can tell.
    """
    event = Event.objects.get(pk=change)
    try:
        is_same = not text or clean_prose(text).strip() == event.after["text"]
    except UnfitName:
        is_same = False
    if event.verb not in verbs or (event.version == comment.version and not is_same):
        raise DiscussingError(change=TAKEN_CHANGE)


def _hold(comment: Comment) -> None:
    """Read the comment anew, once the copy of this change that was faster has been made."""
    comment.refresh_from_db(from_queryset=Comment.objects.select_for_update())


def _record(by, verb, comment, before, change, undoes) -> None:
    require_undoable(comment, undoes, DiscussingError)
    record(
        by=by, verb=verb, thing=comment, before=before, after=as_values(comment),
        article_id=comment.article_id, author=comment.annotation.author, change=change,
        undoes=undoes,
    )  # fmt: skip
