"""The door for what a curator does to many rows at once: looked at first, done, and taken back.

`preview` writes nothing and tells what an order would do to each row, and why some stay as they
are. `run` does it as one Operation with an event for each row, and passes over rows that are at
another version than the preview saw. `undo` is an operation of its own: it puts back every row
that still is as the operation left it.
"""

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import QuerySet

from annotations.orders import Fate, OperatingError, Order
from annotations.taking_back import BACK, nouns_of
from corpus_app.access import require_curator
from corpus_app.models import Operation, Project, User

EXAMPLES = 20
MOST = 20_000  # rows of one operation

MEANWHILE = "changed since you looked"


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
    return would_be_back(operation, nouns_of(operation))


def would_be_back(operation: Operation, nouns: Sequence[str]) -> Preview:
    """What `put_back` would do."""
    found = Preview()
    for noun in nouns:
        for fates in BACK[noun].fates(operation, lock=False):
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
    back, stays = put_back(by=by, operation=operation, reason=reason, nouns=nouns_of(operation))
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
    for noun in nouns:
        for fates in BACK[noun].fates(operation, lock=True):
            stays.update(fate.why for fate in fates if fate.why)
            ready = [fate for fate in fates if not fate.why]
            stays += BACK[noun].write(by=by, fates=ready, operation=back)
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
