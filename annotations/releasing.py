"""The door for releases: a project frozen in an archive that can be cited."""

import hashlib
import uuid
from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import IO

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from annotations import contents
from annotations.assigning import lock
from annotations.exchange.formats import one_moment
from annotations.exchange.packed import zipped
from annotations.exchange.source import source_for
from annotations.models import Assignment, Release, ReleasePiece
from corpus_app.history import DoorError, advance, once, record
from corpus_app.models import Project, User
from corpus_app.names import UnfitName, clean_name

PIECE = 1 << 20
LONGEST_NAME, LONGEST_NOTE = 200, 20_000


class ReleasingError(DoorError):
    """A release that cannot be made, or not be shown to these people."""


def release(
    *,
    by: User,
    project: Project,
    name: str,
    note: str = "",
    with_texts: bool = False,
    id: uuid.UUID | None = None,
) -> Release:
    """The stored release of the project as `by` sees it now, for curators to begin with.

    It is one moment of the database, which nobody waits for: the archive is written beside it and
    stored afterwards. `id` is the one that the client made for it. Raises ReleasingError for a
    name that does not fit.
    """
    made = Release(
        id=id or uuid.uuid4(), project=project, by=by, name=_name(name), note=_note(note),
        with_texts=with_texts, created=timezone.now(), number=0,
    )  # fmt: skip
    with TemporaryFile(prefix="crossread-") as file:
        made.number = _next(project)
        parts = _write(file, made, by)
        made.manifest = contents.manifest(parts)
        return _store(by, made, file)


@transaction.atomic
def show_to(*, by: User, release: Release, seen: int, audience: str) -> Release:
    """The release for these people. Raises Stale; ReleasingError while it would tell too much.

    A release tells of everybody's work: while an analyst still works blind on an article, to
    learn or in a blind project, it stays with curators and managers.
    """
    if audience not in Release.Audience.values:
        raise ReleasingError(audience=f"“{audience}” is nobody that a release can be shown to.")
    if audience != Release.Audience.CURATORS:
        _require_nobody_blind(release.project)
    before = {"audience": release.audience}
    advance(release, seen=seen, audience=audience)
    record(by=by, verb="shown", thing=release, before=before, after={"audience": audience})
    return release


def _require_nobody_blind(project: Project) -> None:
    # Whoever gives out work meanwhile waits until it is shown.
    lock(project.pk)
    work = Assignment.objects.blind().filter(project=project)
    if articles := work.order_by().values("article").distinct().count():
        raise ReleasingError(
            audience=f"Analysts still work on {articles} article{'s' * (articles > 1)} without "
            "seeing each other's work, which this would show them. Nothing was changed: wait "
            "until all is handed in, or withdraw what is open."
        )


def _write(file: IO[bytes], made: Release, by: User) -> list[contents.Part]:
    """Write the archive; its files, measured."""
    digest = hashlib.sha256()
    with one_moment():
        parts = contents.parts(source=source_for(by, made.project), by=by, release=made)
        for piece in zipped(contents.archived(parts, made), made.created):
            digest.update(piece)
            made.size += len(piece)
            file.write(piece)
    made.sha256 = digest.hexdigest()
    return parts


@transaction.atomic
def _store(by: User, made: Release, file: IO[bytes]) -> Release:
    # Two who release at the same moment: the second waits here, and is told by the constraint.
    Project.objects.select_for_update(no_key=True).get(pk=made.project_id)
    if made.number != _next(made.project):
        raise ReleasingError("Somebody else has just made a release. Look at it first.")
    with once(ReleasingError(id="This id is taken. Make a new one.")):
        made.save(force_insert=True)
    file.seek(0)
    for number, data in enumerate(_pieces(file)):
        ReleasePiece.objects.create(release=made, number=number, data=data)
    told = {"number": made.number, "name": made.name, "sha256": made.sha256}
    record(by=by, verb="released", thing=made, after=told)
    return made


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece


def _next(project: Project) -> int:
    known = Release.objects.filter(project=project).aggregate(last=Max("number"))
    return (known["last"] or 0) + 1


def _name(name: str) -> str:
    try:
        cleaned = clean_name(name)
    except UnfitName as error:
        raise ReleasingError(name=str(error)) from error
    if len(cleaned) > LONGEST_NAME:
        raise ReleasingError(name=f"A name has {LONGEST_NAME} characters at the most.")
    return cleaned


def _note(note: str) -> str:
    if len(note) > LONGEST_NOTE:
        raise ReleasingError(note=f"A note has {LONGEST_NOTE} characters at the most.")
    return note.replace("\r\n", "\n").strip()
