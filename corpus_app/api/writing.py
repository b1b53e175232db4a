"""Nouns that are made and changed as well, each through its door."""

import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from corpus_app import access
from corpus_app.api.answering import Shown
from corpus_app.api.endpoint import Reading
from corpus_app.asking import checked, seen_by
from corpus_app.history import DoorError
from corpus_app.models import Event, Project, User

TAKEN = "This id is taken. Make a new one."


def made_already(rows: QuerySet, pk: uuid.UUID | None, *, by: User, project: Project) -> Any | None:
    """What `by` made with this id of hers when she sent the same before; None if it is not there.

    Raises ValidationError if the id is that of something else.
    """
    known = rows.filter(pk=pk).first() if pk else None
    if known is None:
        return None
    # With the noun, since the index begins with it.
    noun = rows.model._meta.model_name
    own = Event.objects.filter(noun=noun, object_id=str(pk), version=1, by_id=by.pk)
    if known.project_id != project.pk or not own.exists():
        raise ValidationError({"id": [TAKEN]})
    return known


def made_once(
    rows: QuerySet, pk: uuid.UUID | None, make: Callable[[], Any], *, by: User, project: Project
) -> tuple[Any, bool]:
    """What `by` makes with this id of hers, and whether it is new: sent again, it is made once.

    Raises ValidationError if the id is that of something else, and what `make` raises.
    """
    own = {"by": by, "project": project}
    if known := made_already(rows, pk, **own):
        return known, False
    try:
        return make(), True
    except (DoorError, ValidationError):
        # Sent twice at the same moment, both looked before either was made.
        if known := made_already(rows, pk, **own):
            return known, False
        raise


def project_sent(slug: str, request: Request) -> Project:
    """The project of this slug in a body, among those the user may open.

    Raises ValidationError if there is none: the address is right, what was sent is not.
    """
    project = access.projects_for(request.user).filter(slug=slug).first()
    if project is None:
        raise ValidationError({"project": ["There is no such project."]})
    return project


class Writing(Reading, ABC):
    """A noun that is made by a client's id, once, and changed by who has seen its version.

    `new_shape` is what is sent to make one, `shape` what can be sent to change one; `make` and
    `alter` call the door.
    """

    new_shape: ClassVar[type[Serializer]]
    shape: ClassVar[type[Serializer]]

    def create(self, request: Request) -> Response:
        """Make one; sent again with the same id, it is made once."""
        sent = checked(self.new_shape, request.data)
        project = project_sent(sent.pop("project"), request)
        self.require(project)
        pk = sent.pop("id", None)
        own = {"by": request.user, "project": project}
        row, new = made_once(self.get_queryset(), pk, lambda: self.make(project, pk, sent), **own)
        return self._answer(row, 201 if new else 200)

    def partial_update(self, request: Request, pk: str) -> Response:
        """Change what is sent and leave the rest."""
        row = self.load(pk)
        self.require(row.project)
        seen = seen_by(request)
        return self._answer(self.alter(row, seen, checked(self.shape, request.data)))

    def require(self, project: Project) -> None:
        """Raises Forbidden if the user may not write this noun in the project."""
        access.require_curator(self.request.user, project)

    @abstractmethod
    def make(self, project: Project, pk: uuid.UUID | None, sent: dict[str, Any]) -> Any:
        """The new row."""

    @abstractmethod
    def alter(self, row: Any, seen: int, sent: dict[str, Any]) -> Any:
        """The row with what was sent."""

    def present(self, row: Any) -> Shown:
        """The row as it is shown, read anew after a write."""
        if self.request.method not in SAFE_METHODS:
            row = self.get_queryset().get(pk=row.pk)
        return super().present(row)

    def _answer(self, row: Any, status: int = 200) -> Response:
        shown = self.present(row)
        return Response(shown, status=status, headers={"ETag": f'"{shown["version"]}"'})
