"""Many annotations written at once: read in batches, each with its new version and its event.

The step after `annotating` for whole sets. What an annotation shall say is worked out on its
snapshot (`annotating.snapshot`) and then written; whether it may is for the doors above to ask.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Model, QuerySet
from django.utils import timezone

from annotations.annotating import as_values
from annotations.checking import lacking
from annotations.content import Content
from annotations.models import (
    Annotation,
    ClaimTag,
    Coding,
    Facet,
    Link,
    Participant,
    Span,
)
from corpus_app.history import moved
from corpus_app.models import Operation, Project, User

AT_ONCE = 500  # annotations in memory
PARTS = (
    (Span, "start", "end", "quote"),
    (Participant, "role", "actor_id", "stands_for", "endorsement"),
    (Coding, "tag_id", "stance", "definition_number"),
    (Link, "relation", "claim_id"),
)

Snapshot = dict[str, Any]


@dataclass(frozen=True)
class Rewrite:
    """An annotation, locked, with what it says and what it shall say."""

    annotation: Annotation
    before: Snapshot
    after: Snapshot


@dataclass(frozen=True)
class Book:
    """A project's codebook, read once: its tags by id as text, and facets that need an answer."""

    tags: Mapping[str, ClaimTag]
    required: Sequence[Facet]

    @classmethod
    def of(cls, project: Project) -> "Book":
        """The project's codebook as it is now, retired tags included; two queries."""
        tags = ClaimTag.objects.filter(project=project).select_related("facet").order_by()
        required = Facet.objects.filter(project=project, required=True, retired=None)
        return cls({str(tag.pk): tag for tag in tags}, list(required))

    def recoded(self, before: Snapshot, codings: Iterable[Mapping[str, Any]]) -> Snapshot:
        """The snapshot with these codings, in the order in which they are read back.

        It is incomplete or complete as before unless the codings make the difference.
        """
        after = {**before, "codings": sorted(codings, key=self._place)}
        was, now = self._state(before), self._state(after)
        return after if was == now else {**after, "state": now}

    def _place(self, coding: Mapping[str, Any]) -> tuple[int, int]:
        tag = self.tags[coding["tag"]]
        return tag.facet.position, tag.position

    def _state(self, told: Snapshot) -> str:
        is_draft = lacking(Content.from_dict(told), self.tags, self.required)
        return Annotation.State.DRAFT if is_draft else Annotation.State.COMPLETE


def locked(
    project: Project, ids: Iterable[uuid.UUID]
) -> Iterator[list[tuple[Annotation, Snapshot]]]:
    """The project's annotations of these ids with what they say, batch by batch, to be written."""
    return _batches(Annotation.objects.select_for_update(of=("self",)), project, ids)


def read(project: Project, ids: Iterable[uuid.UUID]) -> Iterator[list[tuple[Annotation, Snapshot]]]:
    """The project's annotations of these ids with what they say, batch by batch, to look at."""
    return _batches(Annotation.objects.all(), project, ids)


def _batches(rows: QuerySet[Annotation], project: Project, ids: Iterable[uuid.UUID]):
    rows, ids = rows.filter(project=project).order_by("pk"), sorted(ids, key=str)
    for first in range(0, len(ids), AT_ONCE):
        batch = list(rows.filter(pk__in=ids[first : first + AT_ONCE]))
        parts = [_parts([one.pk for one in batch], *part) for part in PARTS]
        yield [(one, as_values(one, *(part[one.pk] for part in parts))) for one in batch]


def _parts(ids: Sequence[uuid.UUID], model: type[Model], *names: str) -> Mapping[uuid.UUID, list]:
    """By annotation, rows that have these names only: models would take four times as long."""
    found = defaultdict(list)
    own = model._base_manager.filter(annotation__in=ids)
    for row in own.values_list("annotation_id", *names, named=True):
        found[row.annotation_id].append(row)
    return found


def write(
    *,
    by: User,
    verb: str,
    rewrites: Sequence[Rewrite],
    operation: Operation,
    undoes: Mapping[uuid.UUID, uuid.UUID] = {},
) -> None:
    """Store what the annotations shall say of codings, state and deletion, and their history.

    `undoes` is the event that is taken back, by the annotation's id.
    """
    alike = defaultdict(list)
    for rewrite in rewrites:
        alike[rewrite.after["state"], rewrite.after["deleted"]].append(rewrite.annotation)
    now = timezone.now()
    for (state, deleted), annotations in alike.items():
        Annotation.objects.filter(pk__in=[one.pk for one in annotations]).update(
            state=state, deleted=datetime.fromisoformat(deleted) if deleted else None,
            version=F("version") + 1, updated=now,
        )  # fmt: skip
    _write_codings([one for one in rewrites if one.before["codings"] != one.after["codings"]])
    for rewrite in rewrites:
        rewrite.annotation.version += 1
    things = [(one.annotation, one.before, one.after) for one in rewrites]
    moved(by=by, verb=verb, things=things, operation=operation, undoes=undoes)


def _write_codings(rewrites: Sequence[Rewrite]) -> None:
    """All anew, so that those of one place in the codebook stand in the order of the snapshot."""
    Coding.objects.filter(annotation__in=[one.annotation.pk for one in rewrites]).delete()
    Coding.objects.bulk_create(
        Coding(
            project_id=one.annotation.project_id, annotation=one.annotation,
            tag_id=uuid.UUID(coding["tag"]), stance=coding["stance"],
            definition_number=coding["definition"],
        )
        for one in rewrites
        for coding in one.after["codings"]
    )  # fmt: skip


def replaced(
    codings: Sequence[Mapping[str, Any]], away: ClaimTag | None, to: ClaimTag | None
) -> list[dict[str, Any]]:
    """The codings with one tag in another's place, under that one's present definition.

    Who has both keeps the second with its stance, or with the first one's if it has none. Either
    tag may be none: then it is only added, or taken away.
    """
    gone = next((c for c in codings if away and c["tag"] == str(away.pk)), None)
    kept = [dict(coding) for coding in codings if coding is not gone]
    if to is None or (gone is None and away is not None):
        return kept
    stance = gone["stance"] if gone and to.facet.takes_stance else ""
    present = next((c for c in kept if c["tag"] == str(to.pk)), None)
    if present is None:
        new = {"tag": str(to.pk), "stance": stance, "definition": to.definition_number}
        return [*kept, new]
    present["stance"] = present["stance"] or stance
    return kept
