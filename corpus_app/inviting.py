"""The door for invitations: links that make whoever follows them a member of a project."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from corpus_app import people
from corpus_app.access import require_open
from corpus_app.history import DoorError, advance, record
from corpus_app.models import Invitation, Membership, Project, Role, User
from corpus_app.names import UnfitName, clean_name

SECRET_BYTES = 24  # 192 bits: nobody guesses one
LONGEST = 90  # days
MOST_USES = 200


class InvitingError(DoorError):
    """An invitation that cannot be made, or leads nowhere any more; the message says why."""


@transaction.atomic
def invite(
    *, by: User, project: Project, role: str, days: int, most_uses: int = 1, note: str = ""
) -> tuple[Invitation, str]:
    """The new invitation and the secret of its link, told this once and stored as a digest alone.

    It can be followed for so many days and by so many people. Raises InvitingError; Archived.
    """
    require_open(project.pk)
    fields = _checked(role, days, most_uses, note)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    expires = timezone.now() + timedelta(days=days)
    invitation = Invitation.objects.create(
        project=project, by=by, digest=digest_of(secret), expires=expires, **fields
    )
    record(by=by, verb="created", thing=invitation, after=_as_values(invitation))
    return invitation, secret


def digest_of(secret: str) -> str:
    """What is stored of a link's secret: SHA-256, hexadecimal."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def find(digest: str) -> Invitation | None:
    """The invitation whose secret has this digest, if it can be followed now."""
    rows = Invitation.objects.good().select_related("project")
    return rows.filter(digest=digest).first()


def is_known(digest: str) -> bool:
    """Whether there is such an invitation, good or not."""
    return Invitation.objects.filter(digest=digest).exists()


@transaction.atomic
def accept(*, by: User, digest: str) -> Membership:
    """The membership of whoever follows the link; a member's own, which stays as it is.

    Of those who follow its last use at once one joins. Raises InvitingError if the invitation is
    not good any more.
    """
    invitation = Invitation.objects.select_for_update().filter(digest=digest).first()
    if invitation is None or find(digest) is None:
        raise InvitingError("This invitation leads nowhere any more. Ask for another one.")
    project = invitation.project
    own = Membership.objects.filter(project=project, user=by, ended=None).first()
    if own:
        return own
    before = _as_values(invitation)
    advance(invitation, seen=invitation.version, used=invitation.used + 1)
    record(by=by, verb="used", thing=invitation, before=before, after=_as_values(invitation))
    return people.join(by=by, project=project, user=by, role=invitation.role)


@transaction.atomic
def register(*, digest: str, username: str, password: str, **names: str) -> Membership:
    """The membership of a person who is made in the same step, or neither.

    `names` as in people.register. Raises InvitingError; PeopleError for an unfit name or password.
    """
    if find(digest) is None:
        raise InvitingError("This invitation leads nowhere any more. Ask for another one.")
    user = people.register(username=username, password=password, **names)
    return accept(by=user, digest=digest)


@transaction.atomic
def revoke(*, by: User, invitation: Invitation) -> Invitation:
    """The invitation, which nobody can follow from now on; revoking twice is revoking once."""
    locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if locked.revoked:
        return locked
    before = _as_values(locked)
    advance(locked, seen=locked.version, revoked=timezone.now())
    record(by=by, verb="revoked", thing=locked, before=before, after=_as_values(locked))
    return locked


def _checked(role: str, days: int, most_uses: int, note: str) -> dict[str, Any]:
    faults: dict[str, str] = {}
    if role not in Role.values:
        faults["role"] = f"“{role}” is not one of {', '.join(Role.values)}."
    if not 1 <= days <= LONGEST:
        faults["days"] = f"An invitation is good for 1 to {LONGEST} days."
    if not 1 <= most_uses <= MOST_USES:
        faults["most_uses"] = f"An invitation is for 1 to {MOST_USES} people."
    try:
        note = clean_name(note) if note.strip() else ""
    except UnfitName as error:
        faults["note"] = str(error)
    if len(note) > 200:
        faults["note"] = f"It has {len(note)} characters; 200 is the most."
    if faults:
        raise InvitingError(**faults)
    return {"role": role, "most_uses": most_uses, "note": note}


def _as_values(invitation: Invitation) -> dict[str, Any]:
    """The invitation as JSON values, as history keeps it: nothing that opens anything."""
    return {
        "role": invitation.role,
        "note": invitation.note,
        "expires": invitation.expires.isoformat(),
        "most_uses": invitation.most_uses,
        "used": invitation.used,
        "revoked": invitation.revoked.isoformat() if invitation.revoked else None,
    }
