"""The door for projects, accounts, memberships and tokens."""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from corpus_app.history import DoorError, advance, once, record
from corpus_app.models import Event, Membership, Project, Role, Token, User
from corpus_app.names import UnfitName, clean_name, clean_prose

MOST_CODERS = 20  # of one article
MOST_OPEN = 1000  # articles of one person
USE_KEPT_FOR = timedelta(minutes=1)  # when a token was used is told no more exactly


class PeopleError(DoorError):
    """What cannot be made or changed of a project or its people; the message says why."""


@dataclass(frozen=True)
class ProjectValues:
    """What a manager says of a project. `language` is BCP 47, `figures_for` Project.Figures."""

    slug: str
    name: str
    description: str = ""
    language: str = "en"
    blind: bool = True
    coders_per_article: int = 2
    names_hidden: bool = False
    figures_for: str = Project.Figures.CURATORS


@transaction.atomic
def create_project(*, by: User, slug: str, name: str, **fields) -> Project:
    """The new project, with its maker as manager. Raises PeopleError.

    `fields` are those of ProjectValues.
    """
    project = Project(id=uuid.uuid4())
    for field, value in _checked(project, ProjectValues(slug, name, **fields)).items():
        setattr(project, field, value)
    with once(PeopleError(slug=_taken(slug))):
        project.save(force_insert=True)
    record(by=by, verb="created", thing=project, project=project, after=_project(project))
    join(by=by, project=project, user=by, role=Role.MANAGER)
    return project


@transaction.atomic
def change_project(
    *, by: User, project: Project, seen: int, values: ProjectValues, reason: str = ""
) -> Project:
    """The project with these values.

    Whether it is blind is changed only with a reason, which stands in the history. Raises
    PeopleError; Stale if it has moved on.
    """
    fields, reason = _checked(project, values), _reason(reason)
    stored = Project.objects.get(pk=project.pk)
    if stored.blind != values.blind and not reason:
        raise PeopleError(reason="Say why: whoever reads the results will want to know.")
    before = _project(stored)
    with once(PeopleError(slug=_taken(values.slug))):
        advance(project, seen=seen, **fields)
    _record_project(by, "changed", project, before, reason)
    return project


@transaction.atomic
def archive(*, by: User, project: Project, seen: int, reason: str = "") -> Project:
    """The project, in which nothing is written from now on. Raises Stale; PeopleError."""
    return _archive(by, "archived", project, seen, reason, timezone.now())


@transaction.atomic
def unarchive(*, by: User, project: Project, seen: int, reason: str = "") -> Project:
    """The project, in which work goes on. Raises Stale; PeopleError."""
    return _archive(by, "unarchived", project, seen, reason, None)


def _archive(by: User, verb: str, project: Project, seen: int, reason: str, when) -> Project:
    reason, before = _reason(reason), _project(Project.objects.get(pk=project.pk))
    advance(project, seen=seen, archived=when)
    _record_project(by, verb, project, before, reason)
    return project


@transaction.atomic
def join(*, by: User, project: Project, user: User, role: str) -> Membership:
    """The user's membership, made, revived or changed to this role.

    Raises PeopleError for an odd role.
    """
    _require_role(role)
    membership = Membership.objects.filter(project=project, user=user).first()
    if membership is None or membership.ended:
        return _join(by, project, user, role, membership)
    if membership.role != role:
        change_role(by=by, membership=membership, seen=membership.version, role=role)
    return membership


def _require_role(role: str) -> None:
    if role not in Role.values:
        raise PeopleError(role=f"“{role}” is not one of {', '.join(Role.values)}.")


def _join(by: User, project: Project, user: User, role: str, ended: Membership | None):
    """The membership of somebody who is none now, even if another makes her one just now."""
    before = _membership(ended) if ended else None
    with once(PeopleError(user_name=f"{user.shown_name} is a member already.")):
        membership = ended or Membership.objects.create(project=project, user=user, role=role)
    if ended:
        advance(membership, seen=ended.version, role=role, ended=None)
    record(by=by, verb="joined", thing=membership, before=before, after=_membership(membership))
    return membership


@transaction.atomic
def admit(*, by: User, project: Project, username: str, role: str) -> Membership:
    """The membership of the person with this user name, new or revived.

    Raises PeopleError if there is no such person or she is a member already.
    """
    user = User.objects.filter(username__iexact=username, is_active=True).first()
    if user is None:
        raise PeopleError(user_name="Nobody has this user name. Ask her how she signs in.")
    _require_role(role)
    membership = Membership.objects.filter(project=project, user=user).first()
    if membership and not membership.ended:
        raise PeopleError(user_name=f"{user.shown_name} is a member already; change her role.")
    return _join(by, project, user, role, membership)


def change_role(*, by: User, membership: Membership, seen: int, role: str) -> Membership:
    """The membership with this role. Raises PeopleError for the last manager's; Stale."""
    most = membership.most_open
    return change_membership(by=by, membership=membership, seen=seen, role=role, most_open=most)


@transaction.atomic
def change_membership(
    *, by: User, membership: Membership, seen: int, role: str, most_open: int | None
) -> Membership:
    """The membership with this role and limit of open articles (None: any number).

    Raises PeopleError for the last manager's, an ended one and an odd limit; Stale.
    """
    _require_role(role)
    if most_open is not None and not 1 <= most_open <= MOST_OPEN:
        raise PeopleError(most_open=f"A limit is a number from 1 to {MOST_OPEN}, or empty.")
    if membership.ended:
        raise PeopleError("She is no member any more. Add her again in the role she is to have.")
    if membership.role == Role.MANAGER != role:
        _require_other_manager(membership)
    return _move(by, "changed", membership, seen, role=role, most_open=most_open)


@transaction.atomic
def end(*, by: User, membership: Membership, seen: int) -> Membership:
    """The membership, ended: the person opens nothing of the project any more.

    Her work and her name stay where they are. Ending twice is ending once. Raises PeopleError
    for the last manager's; Stale.
    """
    if membership.ended:
        return membership
    if membership.role == Role.MANAGER:
        _require_other_manager(membership)
    return _move(by, "ended", membership, seen, ended=timezone.now())


def _require_other_manager(membership: Membership) -> None:
    """Raises PeopleError if without this membership nobody would manage the project."""
    # So that of two managers who part at once one stays.
    Project.objects.select_for_update(no_key=True).get(pk=membership.project_id)
    managers = Membership.objects.filter(
        project=membership.project_id, role=Role.MANAGER, ended=None
    )
    if not managers.exclude(pk=membership.pk).exists():
        raise PeopleError(role="A project keeps at least one manager. Make another one first.")


def _move(by: User, verb: str, membership: Membership, seen: int, **fields) -> Membership:
    before = _membership(Membership.objects.get(pk=membership.pk))
    advance(membership, seen=seen, **fields)
    record(by=by, verb=verb, thing=membership, before=before, after=_membership(membership))
    return membership


@transaction.atomic
def register(*, username: str, password: str, **names: str) -> User:
    """The new person, made by herself, who signs in with this password.

    `names` are `first_name`, `last_name` and `email`, each of which may be left out. Raises
    PeopleError for a name that is unfit or taken and a password that is too weak.
    """
    user = User(username=User.normalize_username(username), **_clean(names))
    taken = PeopleError(username="Somebody has this user name already.")
    if User.objects.filter(username__iexact=user.username).exists():
        raise taken
    try:
        user.full_clean(exclude=["password"], validate_unique=False, validate_constraints=False)
        validate_password(password, user)
    except ValidationError as error:
        told = getattr(error, "message_dict", {"password": error.messages})
        raise PeopleError(**{name: " ".join(texts) for name, texts in told.items()}) from error
    user.set_password(password)
    with once(taken):
        user.save(force_insert=True)
    note_person(by=user, user=user, verb="created")
    return user


def note_person(*, by: User, user: User, verb: str, before: dict | None = None) -> Event:
    """The event of a write to a person's account, which has no version: it counts its events."""
    earlier = Event.objects.filter(noun="user", object_id=str(user.pk)).count()
    user.version = earlier + 1
    return record(by=by, verb=verb, thing=user, before=before, after=person_values(user))


def person_values(user: User) -> dict[str, Any]:
    """The account as JSON values, without its password."""
    names = ("username", "first_name", "last_name", "email", "is_active", "is_superuser")
    return {name: getattr(user, name) for name in names}


def create_token(
    *, by: User, name: str, scope: str, project: Project | None = None, days: int | None = 365
) -> tuple[Token, str]:
    """The new token and its secret, which is told this once and stored only as a digest."""
    if scope not in Token.Scope.values:
        raise PeopleError(scope=f"“{scope}” is not one of {', '.join(Token.Scope.values)}.")
    expiry = timedelta(days=days) if days else None
    try:
        return Token.objects.create(user=by, expiry=expiry, name=name, scope=scope, project=project)
    except IntegrityError as error:
        raise PeopleError(name="No token was made. Check its name.") from error


def note_use(token: Token) -> None:
    """Nothing; when the token was used is kept, once a minute at most, if that can be at once.

    It is noted beside what somebody came to read: it waits for no other writer and fails nothing.
    """
    now = timezone.now()
    if token.last_used and now - token.last_used < USE_KEPT_FOR:
        return
    with suppress(DatabaseError), _impatient(), transaction.atomic():
        Token.objects.filter(pk=token.pk).update(last_used=now)


@contextmanager
def _impatient() -> Iterator[None]:
    """On SQLite, what is written inside fails at once if another writer is at work.

    Elsewhere only whoever writes the same row is waited for.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        [usual] = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute("PRAGMA busy_timeout = 0")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {usual}")


def revoke_token(*, by: User, token: Token) -> None:
    """Nothing; the token opens nothing from now on. Raises PeopleError if it is not one's own."""
    if token.user_id != by.pk:
        raise PeopleError("Only its owner can revoke a token.")
    token.delete()


def _taken(slug: str) -> str:
    return f"There is a project “{slug}” already."


def _checked(project: Project, values: ProjectValues) -> dict[str, Any]:
    faults: dict[str, str] = {}
    fields = asdict(values)
    if not re.fullmatch(r"[-a-zA-Z0-9_]{1,80}", values.slug):
        faults["slug"] = f"“{values.slug}” is not a slug: up to 80 letters, digits, hyphens."
    elif Project.objects.filter(slug=values.slug).exclude(pk=project.pk).exists():
        faults["slug"] = _taken(values.slug)
    if not re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", values.language):
        faults["language"] = f"“{values.language}” is not a language, such as en or zh-Hant."
    try:
        fields["name"] = clean_name(values.name)
        fields["description"] = clean_prose(values.description)
    except UnfitName as error:
        faults["name"] = str(error)
    if not 1 <= values.coders_per_article <= MOST_CODERS:
        faults["coders_per_article"] = f"An article has 1 to {MOST_CODERS} coders."
    if values.figures_for not in Project.Figures.values:
        known = ", ".join(Project.Figures.values)
        faults["figures_for"] = f"“{values.figures_for}” is not one of {known}."
    if len(fields["name"]) > 200:
        faults["name"] = f"It has {len(fields['name'])} characters; 200 is the most."
    if faults:
        raise PeopleError(**faults)
    return fields


def _clean(names: dict[str, str]) -> dict[str, str]:
    """What was given of these names, without hidden characters. Raises PeopleError."""
    faults, cleaned = {}, {}
    for field, name in names.items():
        try:
            cleaned[field] = clean_name(name) if name.strip() else ""
        except UnfitName as error:
            faults[field] = str(error)
    if faults:
        raise PeopleError(**faults)
    return cleaned


def _reason(reason: str) -> str:
    try:
        return clean_prose(reason).strip()
    except UnfitName as error:
        raise PeopleError(reason=str(error)) from error


def _record_project(by: User, verb: str, project: Project, before: dict, reason: str) -> None:
    record(
        by=by, verb=verb, thing=project, project=project, before=before, after=_project(project),
        reason=reason,
    )  # fmt: skip


def _project(project: Project) -> dict:
    names = (
        "slug", "name", "description", "language", "blind", "coders_per_article", "names_hidden",
        "figures_for",
    )  # fmt: skip
    archived = project.archived.isoformat() if project.archived else None
    return {name: getattr(project, name) for name in names} | {"archived": archived}


def _membership(membership: Membership) -> dict:
    return {
        "user": membership.user.username,
        "role": membership.role,
        "most_open": membership.most_open,
        "ended": membership.ended.isoformat() if membership.ended else None,
    }
