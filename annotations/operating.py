"""The door for what a curator does to many rows at once: looked at first, done, and taken back.

`preview` writes nothing and tells what an order would do to each row, and why some stay as they
are. `run` does it as one Operation with an event for each row, and passes over rows that are at
another version than the preview saw. `undo` is an operation of its own: it puts back every row
that still is as the operation left it.
"""

import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import QuerySet

from annotations import bulk, codebook
from annotations.bulk import AT_ONCE, Book, Rewrite, Snapshot
from annotations.models import ClaimTag, Facet
from annotations.orders import Fate, OperatingError, Order
from corpus_app.access import require_curator
from corpus_app.history import DoorError, Stale, part_of
from corpus_app.models import Event, Operation, Project, User

EXAMPLES = 20
MOST = 20_000  # rows of one operation

MEANWHILE = "changed since you looked"
SINCE = "changed since then"
WRITTEN = ("codings", "deleted")  # what operations write of an annotation, with what follows


@dataclass
class Preview:
    """How many rows would change, some of them, and why others stay as they are (how many).

    `seen` are the versions of those that would change, by id: hand it to `run`.
    """

    examples: list[Fate] = field(default_factory=list)
    stays: Counter[str] = field(default_factory=Counter)
    seen: dict[uuid.UUID, int] = field(default_factory=dict)

    @property
    def number(self) -> int:
        return len(self.seen)

    def add(self, fate: Fate) -> None:
        """Count one row in."""
        if fate.why:
            self.stays[fate.why] += 1
            return
        self.seen[fate.row.pk] = fate.row.version
        if len(self.examples) < EXAMPLES:
            self.examples.append(fate)


@dataclass(frozen=True)
class Outcome:
    """The operation, and why rows were passed over (how many)."""

    operation: Operation
    stays: Mapping[str, int]


def preview(*, project: Project, order: Order, rows: QuerySet) -> Preview:
    """What the order would do to these rows of the project. Nothing is written.

    Raises OperatingError if the order makes no sense there, or for more than MOST rows.
    """
    order.check(project)
    own = rows.filter(project=project).order_by().values_list("pk", flat=True)
    ids = list(own.distinct()[: MOST + 1])
    if len(ids) > MOST:
        raise OperatingError(f"These are more than {MOST:,} rows. Narrow the list, then try again.")
    found = Preview()
    for fates in order.fates(project, ids, lock=False):
        for fate in fates:
            found.add(fate)
    return found


@transaction.atomic
def run(
    *, by: User, project: Project, order: Order, seen: Mapping[uuid.UUID, int], reason: str
) -> Outcome:
    """The operation that did it to the rows that still are at the version seen.

    Raises OperatingError if nothing is left to do, without a reason, and in an archived project;
    Forbidden to whoever does not curate it.
    """
    require(by, project, reason)
    order.check(project)
    operation = begin(by=by, project=project, what=order.what, words=order.words, reason=reason)
    stays: Counter[str] = Counter()
    for fates in order.fates(project, seen, lock=True):
        ready = []
        for fate in fates:
            if fate.row.version != seen[fate.row.pk]:
                stays[MEANWHILE] += 1
            elif fate.why:
                stays[fate.why] += 1
            else:
                ready.append(fate)
        stays += order.write(by=by, fates=ready, operation=operation)
    return finish(operation, stays)


def looked_back(*, operation: Operation) -> Preview:
    """What taking the operation back would do. Nothing is written. Raises OperatingError."""
    _require_undoable(operation)
    return would_be_back(operation, tuple(BACK))


def would_be_back(operation: Operation, nouns: Sequence[str]) -> Preview:
    """What `put_back` would do."""
    found = Preview()
    for _, fates in _back(operation, nouns, lock=False):
        for fate in fates:
            found.add(fate)
    return found


@transaction.atomic
def undo(*, by: User, operation: Operation, reason: str) -> Outcome:
    """The operation that put back every row that was as the other had left it.

    Raises OperatingError if it cannot be taken back or no row is left as it was; Forbidden.
    """
    require(by, operation.project, reason)
    operation = Operation.objects.select_for_update().get(pk=operation.pk)
    _require_undoable(operation)
    back, stays = put_back(by=by, operation=operation, reason=reason, nouns=tuple(BACK))
    return finish(back, stays)


def put_back(
    *, by: User, operation: Operation, reason: str, nouns: Sequence[str]
) -> tuple[Operation, Counter[str]]:
    """A new operation, and why rows were passed over, that puts rows of these nouns back.

    Whether it may be done is for the caller to ask, in whose transaction it happens.
    """
    words = f"Taken back: {operation.words}"[:300]
    back = begin(
        by=by, project=operation.project, what="undo", words=words, reason=reason, undoes=operation
    )
    stays: Counter[str] = Counter()
    for write, fates in _back(operation, nouns, lock=True):
        stays.update(fate.why for fate in fates if fate.why)
        stays += write(by, [fate for fate in fates if not fate.why], back)
    return back, stays


def begin(
    *,
    by: User,
    project: Project,
    what: str,
    words: str,
    reason: str,
    undoes: Operation | None = None,
) -> Operation:
    """The stored operation, to which events are recorded next."""
    return Operation.objects.create(
        project=project, by=by, what=what, words=words, reason=reason.strip(), undoes=undoes
    )


def finish(operation: Operation, stays: Mapping[str, int]) -> Outcome:
    """The outcome of an operation all of whose events are stored; OperatingError without any."""
    operation.number = operation.events.count()
    if not operation.number:
        told = "; ".join(f"{number} {why}" for why, number in stays.items())
        raise OperatingError(f"Nothing was changed{f': {told}' if told else ''}.")
    operation.save(update_fields=["number"])
    return Outcome(operation, stays)


def require(by: User, project: Project, reason: str) -> None:
    """Raise unless `by` curates the project, which is not archived, and says why."""
    require_curator(by, project)
    if project.archived:
        raise OperatingError("This project is archived: it is read, and nothing in it is changed.")
    if not reason.strip():
        raise OperatingError(reason="Say why. It stands in the history of every row.")


def _require_undoable(operation: Operation) -> None:
    if operation.undoes_id:
        raise OperatingError("This has taken another operation back. Do that one anew instead.")
    if Operation.objects.filter(undoes=operation).exists():
        raise OperatingError("This is taken back already.")
    if hasattr(operation, "tag_merger"):
        raise OperatingError("Tags were merged or split by this: take it back at the tag.")


# Taking back, by what was written

Writer = Callable[[User, list[Fate], Operation], Counter[str]]


def _back(
    operation: Operation, nouns: Sequence[str], *, lock: bool
) -> Iterator[tuple[Writer, list[Fate]]]:
    """What becomes of the operation's rows if it is taken back, batch by batch."""
    book = Book.of(operation.project)
    for noun in nouns:
        fates_of, write = BACK[noun]
        events = operation.events.filter(noun=noun).order_by("object_id")
        batch = list(events[:AT_ONCE])
        while batch:
            yield write, list(fates_of(operation.project, book, batch, lock))
            batch = list(events.filter(object_id__gt=batch[-1].object_id)[:AT_ONCE])


def _annotations_back(
    project: Project, book: Book, events: list[Event], lock: bool
) -> Iterator[Fate]:
    told = {uuid.UUID(event.object_id): event for event in events}
    for batch in (bulk.locked if lock else bulk.read)(project, told):
        for annotation, now in batch:
            event = told[annotation.pk]
            if any(now[name] != event.after[name] for name in WRITTEN):
                yield Fate(annotation, now, now, SINCE)
            else:
                yield Fate(annotation, now, _as_before(book, now, event), undoes=event.pk)


def _as_before(book: Book, now: Snapshot, event: Event) -> Snapshot:
    """What the annotation says now, with its codings and deletion as before the event."""
    before = {**now, "deleted": event.before["deleted"]}
    if event.before["codings"] != event.after["codings"]:
        before = book.recoded(before, event.before["codings"])
    untouched = {**event.after, "revision": now["revision"], "spans": now["spans"]} == now
    return {**before, "state": event.before["state"]} if untouched else before


def _write_annotations_back(by: User, fates: list[Fate], operation: Operation) -> Counter[str]:
    rewrites = [Rewrite(fate.row, fate.before, fate.after) for fate in fates]
    undoes = {fate.row.pk: fate.undoes for fate in fates}
    bulk.write(by=by, verb="put back", rewrites=rewrites, operation=operation, undoes=undoes)
    return Counter()


def _retired_back(model: type[ClaimTag] | type[Facet]):
    """Of tags or facets that were retired: they are offered again."""

    def fates(project: Project, book: Book, events: list[Event], lock: bool) -> Iterator[Fate]:
        told = {uuid.UUID(event.object_id): event for event in events}
        rows = model.objects.filter(project=project, pk__in=told).order_by("pk")
        for row in rows.select_for_update(of=("self",)) if lock else rows:
            event = told[row.pk]
            why = "" if row.version == event.version and row.retired else SINCE
            now = {"retired": row.retired and row.retired.isoformat()}
            yield Fate(row, now, now if why else {"retired": None}, why, event.pk)

    return fates


def _revive(by: User, fates: list[Fate], operation: Operation) -> Counter[str]:
    refused: Counter[str] = Counter()
    with part_of(operation):
        for fate in fates:
            try:
                codebook.revive(by=by, thing=fate.row, seen=fate.row.version)
            except (DoorError, Stale) as error:
                refused[str(error)] += 1
    return refused


BACK: dict[str, tuple[Callable[..., Iterable[Fate]], Writer]] = {
    "annotation": (_annotations_back, _write_annotations_back),
    "claimtag": (_retired_back(ClaimTag), _revive),
    "facet": (_retired_back(Facet), _revive),
}
