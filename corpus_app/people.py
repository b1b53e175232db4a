"""The door for projects, memberships and tokens."""

import uuid
from datetime import timedelta

from django.db import IntegrityError, transaction

from corpus_app.history import DoorError, advance, record
from corpus_app.models import Membership, Project, Role, Token, User


class PeopleError(DoorError):
    """A project, membership or token that cannot be made or changed; the message says why."""


@transaction.atomic
def create_project(*, by: User, slug: str, name: str, **fields) -> Project:
    """The new project, with its maker as manager. Raises PeopleError if the slug is taken."""
    if Project.objects.filter(slug=slug).exists():
        raise PeopleError(slug=f"There is a project “{slug}” already.")
    project = Project.objects.create(id=uuid.uuid4(), slug=slug, name=name, **fields)
    record(by=by, verb="created", thing=project, project=project, after=_project(project))
    join(by=by, project=project, user=by, role=Role.MANAGER)
    return project


@transaction.atomic
def change_project(*, by: User, project: Project, seen: int, **fields) -> Project:
    """The project with these fields. Raises Stale if it has moved on since version `seen`."""
    before = _project(Project.objects.get(pk=project.pk))
    advance(project, seen=seen, **fields)
    after = _project(project)
    record(by=by, verb="changed", thing=project, project=project, before=before, after=after)
    return project


@transaction.atomic
def join(*, by: User, project: Project, user: User, role: str) -> Membership:
    """The user's membership, made or changed to this role. Raises PeopleError for an odd role."""
    if role not in Role.values:
        raise PeopleError(role=f"“{role}” is not one of {', '.join(Role.values)}.")
    membership = Membership.objects.filter(project=project, user=user).first()
    if membership is None:
        membership = Membership.objects.create(project=project, user=user, role=role)
        record(by=by, verb="joined", thing=membership, after=_membership(membership))
    elif membership.role != role:
        change_role(by=by, membership=membership, seen=membership.version, role=role)
    return membership


@transaction.atomic
def change_role(*, by: User, membership: Membership, seen: int, role: str) -> Membership:
    """The membership with this role. Raises PeopleError for the last manager's; Stale."""
    before = _membership(Membership.objects.get(pk=membership.pk))
    others = Membership.objects.filter(project=membership.project, role=Role.MANAGER)
    if role != Role.MANAGER and not others.exclude(pk=membership.pk).exists():
        raise PeopleError(role="A project keeps at least one manager. Make another one first.")
    advance(membership, seen=seen, role=role)
    record(by=by, verb="changed", thing=membership, before=before, after=_membership(membership))
    return membership


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


def _project(project: Project) -> dict:
    return {
        "slug": project.slug, "name": project.name, "description": project.description,
        "language": project.language, "blind": project.blind,
    }  # fmt: skip


def _membership(membership: Membership) -> dict:
    return {"user": membership.user.username, "role": membership.role}
