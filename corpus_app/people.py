"""The door for projects, memberships and tokens."""

import re
import uuid
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction

from corpus_app.history import DoorError, advance, once, record
from corpus_app.models import Event, Membership, Project, Role, Token, User
from corpus_app.names import UnfitName, clean_name, clean_prose


class PeopleError(DoorError):
    """A project, membership or token that cannot be made or changed; the message says why."""


@dataclass(frozen=True)
class ProjectValues:
    """What a manager says of a project. `language` is BCP 47."""

    slug: str
    name: str
    description: str = ""
    language: str = "en"
    blind: bool = True


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
def change_project(*, by: User, project: Project, seen: int, values: ProjectValues) -> Project:
    """The project with these values. Raises PeopleError; Stale if it has moved on."""
    fields = _checked(project, values)
    before = _project(Project.objects.get(pk=project.pk))
    with once(PeopleError(slug=_taken(values.slug))):
        advance(project, seen=seen, **fields)
    after = _project(project)
    record(by=by, verb="changed", thing=project, project=project, before=before, after=after)
    return project


@transaction.atomic
def join(*, by: User, project: Project, user: User, role: str) -> Membership:
    """The user's membership, made or changed to this role. Raises PeopleError for an odd role."""
    _require_role(role)
    membership = Membership.objects.filter(project=project, user=user).first()
    if membership is None:
        return _join(by, project, user, role)
    if membership.role != role:
        change_role(by=by, membership=membership, seen=membership.version, role=role)
    return membership


def _require_role(role: str) -> None:
    if role not in Role.values:
        raise PeopleError(role=f"“{role}” is not one of {', '.join(Role.values)}.")


def _join(by: User, project: Project, user: User, role: str) -> Membership:
    """The membership of somebody who is none yet, even if another makes her one just now."""
    with once(PeopleError(user_name=f"{user.shown_name} is a member already.")):
        membership = Membership.objects.create(project=project, user=user, role=role)
    record(by=by, verb="joined", thing=membership, after=_membership(membership))
    return membership


@transaction.atomic
def admit(*, by: User, project: Project, username: str, role: str) -> Membership:
    """The new membership of the person with this user name.

    Raises PeopleError if there is no such person or she is a member already.
    """
    user = User.objects.filter(username__iexact=username, is_active=True).first()
    if user is None:
        raise PeopleError(user_name="Nobody has this user name. Ask her how she signs in.")
    _require_role(role)
    if Membership.objects.filter(project=project, user=user).exists():
        raise PeopleError(user_name=f"{user.shown_name} is a member already; change her role.")
    return _join(by, project, user, role)


@transaction.atomic
def change_role(*, by: User, membership: Membership, seen: int, role: str) -> Membership:
    """The membership with this role. Raises PeopleError for the last manager's; Stale."""
    _require_role(role)
    # So that of two managers who part at once one stays.
    Project.objects.select_for_update(no_key=True).get(pk=membership.project_id)
    before = _membership(Membership.objects.get(pk=membership.pk))
    others = Membership.objects.filter(project=membership.project, role=Role.MANAGER)
    if role != Role.MANAGER and not others.exclude(pk=membership.pk).exists():
        raise PeopleError(role="A project keeps at least one manager. Make another one first.")
    advance(membership, seen=seen, role=role)
    record(by=by, verb="changed", thing=membership, before=before, after=_membership(membership))
    return membership


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
    if len(fields["name"]) > 200:
        faults["name"] = f"It has {len(fields['name'])} characters; 200 is the most."
    if faults:
        raise PeopleError(**faults)
    return fields


def _project(project: Project) -> dict:
    return {
        "slug": project.slug, "name": project.name, "description": project.description,
        "language": project.language, "blind": project.blind,
    }  # fmt: skip


def _membership(membership: Membership) -> dict:
    return {"user": membership.user.username, "role": membership.role}
