"""How what an operation wrote is taken back: what becomes of each row, and the doing.

The step before `operating`. A row that was changed since the operation stays as it is.
"""

import uuid
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.db.models import Model

from annotations import adjudication, annotating, assigning, bulk, codebook
from annotations.bulk import AT_ONCE, Book, Rewrite, Snapshot
from annotations.models import Assignment, Case, ClaimTag, Decision, Facet
from annotations.orders import Fate
from corpus_app.history import DoorError, Stale, part_of
from corpus_app.models import Event, Operation, User

SINCE = "changed since then"
WRITTEN = ("codings", "deleted")  # what operations write of an annotation, with what follows


class AnnotationsBack:
    """Annotations get back their codings, or stand again, or are removed again."""

    noun = "annotation"

    def fates(self, operation: Operation, *, lock: bool) -> Iterator[list[Fate]]:
        """What becomes of the operation's annotations, a batch at a time."""
        book = Book.of(operation.project)
        for events in _batches(operation, self.noun):
            told = {uuid.UUID(event.object_id): event for event in events}
            for batch in (bulk.locked if lock else bulk.read)(operation.project, told):
                yield [self._fate(book, row, now, told[row.pk]) for row, now in batch]

    def _fate(self, book: Book, row: Model, now: Snapshot, event: Event) -> Fate:
        if any(now[name] != event.after[name] for name in WRITTEN):
            return Fate(row, now, now, SINCE)
        back = {**now, "deleted": event.before["deleted"]}
        if event.before["codings"] != event.after["codings"]:
            back = book.recoded(back, event.before["codings"])
        # An annotation that only was carried into another text is as incomplete as it was.
        if {**event.after, "revision": now["revision"], "spans": now["spans"]} == now:
            back = {**back, "state": event.before["state"]}
        return Fate(row, now, back, undoes=event.pk)

    def write(self, *, by: User, fates: list[Fate], operation: Operation) -> Counter[str]:
        """Do it to these locked rows; gives why some were refused, and how many."""
        rewrites = [Rewrite(fate.row, fate.before, fate.after) for fate in fates]
        undoes = {fate.row.pk: fate.undoes for fate in fates}
        bulk.write(by=by, verb="put back", rewrites=rewrites, operation=operation, undoes=undoes)
        return Counter()


@dataclass(frozen=True)
class RowsBack(ABC):
    """Rows that a door puts back one after another. A subclass names the door."""

    noun: ClassVar[str]
    model: ClassVar[type[Model]]
    verb: ClassVar[str]

    def fates(self, operation: Operation, *, lock: bool) -> Iterator[list[Fate]]:
        for events in _batches(operation, self.noun, self.verb):
            told = {uuid.UUID(event.object_id): event for event in events}
            rows = self.model._base_manager.filter(project=operation.project, pk__in=told)
            rows = rows.select_for_update(of=("self",)) if lock else rows
            yield [self.fate(operation, row, told[row.pk]) for row in rows.order_by("pk")]

    def fate(self, operation: Operation, row: Model, event: Event) -> Fate:
        """What becomes of one row."""
        now = {name: event.after.get(name) for name in self.shown}
        if row.version != event.version:
            return Fate(row, now, now, SINCE)
        return Fate(row, now, {name: event.before.get(name) for name in self.shown}, "", event.pk)

    shown: ClassVar[Sequence[str]] = ("state",)

    def write(self, *, by: User, fates: list[Fate], operation: Operation) -> Counter[str]:
        refused: Counter[str] = Counter()
        with part_of(operation):
            for fate in fates:
                try:
                    self.do(by, fate.row, operation)
                except (DoorError, Stale) as error:
                    refused[str(error)] += 1
        return refused

    @abstractmethod
    def do(self, by: User, row: Model, operation: Operation) -> None:
        """Call the door, which may raise DoorError and Stale."""


class TagsBack(RowsBack):
    """Retired tags are offered again."""

    noun, model, verb, shown = "claimtag", ClaimTag, "retired", ("retired",)

    def do(self, by, row, operation):
        codebook.revive(by=by, thing=row, seen=row.version)


class FacetsBack(TagsBack):
    """Retired facets are asked again."""

    noun, model = "facet", Facet


class AssignmentsBack(RowsBack):
    """Withdrawn work is its analyst's again, and no more whoever's got it in her place."""

    noun, model, verb, shown = "assignment", Assignment, "withdrawn", ("analyst", "state")

    def fates(self, operation, *, lock):
        if lock:  # first, as whoever gives out work does
            assigning.lock(operation.project_id)
        yield from super().fates(operation, lock=lock)

    def fate(self, operation, row, event):
        fate = super().fate(operation, row, event)
        heir = _heir(operation, row)
        if fate.why or heir is None or heir.version == heir.given.version:
            return fate
        return Fate(row, fate.before, fate.before, "begun by whoever has it now")

    def do(self, by, row, operation):
        if heir := _heir(operation.undoes, row):
            assigning.withdraw(by=by, assignment=heir, seen=heir.version, sure=True)
        assigning.assign(
            by=by, article=row.article, analyst=row.analyst, due_on=row.due_on,
            training=row.training,
        )  # fmt: skip


class CasesBack(RowsBack):
    """Reopened cases are decided as they were."""

    noun, model, verb = "case", Case, "reopened"

    def fate(self, operation, row, event):
        fate = super().fate(operation, row, event)
        if fate.why or event.before["state"] == Case.State.DECIDED:
            return fate
        return Fate(row, fate.before, fate.before, "waited for an answer, and was not decided")

    def do(self, by, row, operation):
        said = row.decisions.exclude(outcome=Decision.Outcome.REOPENED).order_by("-number").first()
        if said is None:
            return
        adjudication.decide(
            by=by, case=row, seen=row.version, outcome=said.outcome,
            content=said.gold and annotating.content_of(said.gold),
            counted_in=said.gold and said.gold.revision, sources=said.sources,
            error_class=said.error_class, reason=said.reason or operation.reason,
        )  # fmt: skip


BACK = {
    kind.noun: kind()
    for kind in (AnnotationsBack, TagsBack, FacetsBack, AssignmentsBack, CasesBack)
}


def nouns_of(operation: Operation) -> Sequence[str]:
    """Whose events say what is to be taken back: a reopened case's gold comes back with it."""
    return ("case",) if operation.what == "reopen" else tuple(BACK)


def _batches(operation: Operation, noun: str, *verbs: str) -> Iterator[list[Event]]:
    events = operation.events.filter(noun=noun).order_by("object_id")
    events = events.filter(verb__in=verbs) if verbs else events
    batch = list(events[:AT_ONCE])
    while batch:
        yield batch
        batch = list(events.filter(object_id__gt=batch[-1].object_id)[:AT_ONCE])


def _heir(operation: Operation, withdrawn: Assignment) -> Assignment | None:
    """Who got the work in the operation, with the event (`given`) by which she did."""
    own = operation.events.filter(noun="assignment", verb="assigned")
    event = own.filter(article_id=withdrawn.article_id).order_by("at").last()
    heir = event and Assignment.objects.get(pk=uuid.UUID(event.object_id))
    if heir:
        heir.given = event
    return heir
