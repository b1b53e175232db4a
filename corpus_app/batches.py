"""The door for batches: files that come in together, and what became of each.

A batch is open while files are added, runs once it is started, and is done when nothing waits.
There is no worker: whoever calls `advance` does the next of the work, and it may be called by any
process, again and again and by several at once. What an item became is written in the transaction
that stores its article, so a kill at any point neither loses nor doubles anything.
"""

import time
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from django.db import transaction
from django.db.models import Count, Max, Sum

from corpus_app import bulk, history, ingest
from corpus_app.access import require_open
from corpus_app.history import DoorError, record
from corpus_app.models import Batch, BatchItem, Project, TableLayout, User
from corpus_app.reading import MEDIA_TYPES, Readers, Unreadable, kind_of
from corpus_app.reading.columns import FIELDS, columns_key, propose_layout, row_values
from corpus_app.reading.documents import ARCHIVE, ROW, TABLE
from corpus_app.reading.pieces import NESTED, Piece, Refused, misfit, rows_of
from corpus_app.reading.rows import row_of

MEGABYTE = 1024 * 1024
MOST_ITEMS = 100_000  # of one batch
MOST_WAITING = 512 * MEGABYTE  # of all files of a project that wait to be read
GROUP, GROUP_BYTES = 50, 8 * MEGABYTE  # what is read and stored in one go
PARTS = 2000  # what is taken out of an archive or a table in one go
APART, LOOKING = 4.0, 1.0  # seconds of taking one apart, and of looking at parts in one go
SAMPLE, SAMPLE_CELL = 3, 160  # rows of a table that are shown, and signs of a cell
FULL = f"A batch has {MOST_ITEMS:,} articles at the most. Send the others in another batch."
NO_ROOM = (
    f"More than {MOST_WAITING // MEGABYTE} MB of files wait in this project. Let the batches that "
    "are there run to their end, or discard what waits in them, and send this again."
)

State = BatchItem.State


class BatchError(DoorError):
    """What a batch cannot take or do; the message says why and what would help."""


@dataclass(frozen=True)
class Progress:
    """How far a batch is: its items, how many do not wait any more, how many are in which state.

    Archives and tables that were taken apart count as what was in them.
    """

    total: int
    done: int
    counts: Mapping[str, int]


@dataclass(frozen=True)
class Layout:
    """How a table is read: field → column; remembered from an earlier table, or proposed."""

    fields: Mapping[str, str]
    remembered: bool


@transaction.atomic
def open_batch(*, by: User, project: Project, name: str = "") -> Batch:
    """A new batch, open for files."""
    batch = Batch.objects.create(project=project, by=by, name=_printable(name)[:200])
    record(by=by, verb="opened", thing=batch, after=_as_values(batch))
    return batch


def add(
    *, by: User, batch: Batch, files: Sequence[tuple[str, bytes]], readers: Readers
) -> list[BatchItem]:
    """The items of these files (name and bytes), in order: all of them are taken, or none.

    A file that the batch has under the same name with the same bytes is its one item. An archive
    is taken apart at once, as far as there is time; a file that nobody can read is refused, with
    the reason. Raises BatchError if the batch takes no more files, or there is no room for these.
    """
    require_open(batch.project_id)
    looked_at = [_looked_at(_file(name, data), readers) for name, data in files]
    with transaction.atomic():
        batch = Batch.objects.select_for_update().get(pk=batch.pk)
        if batch.state != Batch.State.OPEN:
            raise BatchError("This batch was started and takes no more files. Open another.")
        digests = {item.sha256 for item in looked_at}
        there = batch.items.filter(part_of=None, sha256__in=digests).defer("data")
        items = {(item.name, item.sha256): item for item in there}
        new = {(item.name, item.sha256): item for item in looked_at}
        new = [item for known_by, item in new.items() if known_by not in items]
        if reason := _lack_of_room(batch, new):
            raise BatchError(reason)
        _insert(batch, new)
        items |= {(item.name, item.sha256): item for item in new}
    items_in_order = [items[item.name, item.sha256] for item in looked_at]
    for item in items_in_order:
        if item.kind == ARCHIVE and item.state == State.WAITING:
            _take_apart(item, readers)
    return items_in_order


@transaction.atomic
def start(*, by: User, batch: Batch, layouts: Mapping[str, Mapping[str, str]]) -> Batch:
    """The batch, running. `layouts` are those of its tables: `columns_key` → field → column.

    A table for which none is given is read by the one that is remembered or proposed. Starting
    twice is starting once. Raises BatchError for a layout that does not fit, and if there is
    nothing in the batch.
    """
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    if batch.state != Batch.State.OPEN:
        return batch
    if not batch.items.exists():
        raise BatchError("There is nothing in it yet. Add files first.")
    tables = list(tables_of(batch))
    by_columns = {columns_key(item.table["columns"]): item.table["columns"] for item in tables}
    for key in by_columns.keys() & layouts.keys():
        _remember(by, batch.project, by_columns[key], layouts[key])
    _lay_out(batch.project, tables)
    _move(by, batch, "started", Batch.State.RUNNING)
    return batch


def advance(*, by: User, batch: Batch, readers: Readers, seconds: float = 2.0) -> Progress:
    """How far the batch is after about so many seconds of work; one step is made in any case.

    Raises BatchError if it was not started.
    """
    until = time.monotonic() + seconds
    while _step(by, batch, readers) and time.monotonic() < until:
        pass
    _finish(by, batch)
    return progress_of(batch)


@transaction.atomic
def discard(*, by: User, batch: Batch) -> Batch:
    """The batch, done: whatever waited in it is refused and its bytes are let go."""
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    if batch.state != Batch.State.DONE:
        reason = f"Discarded by {by.shown_name} before it was read."
        waiting = batch.items.filter(state=State.WAITING)
        waiting.update(state=State.REFUSED, data=None, reason=reason)
        _move(by, batch, "discarded", Batch.State.DONE)
    return batch


def progress_of(batch: Batch) -> Progress:
    """How far the batch is."""
    found = dict(batch.items.order_by().values_list("state").annotate(Count("pk")))
    counts = {state: found.get(state, 0) for state in State.values if state != State.UNPACKED}
    total = sum(counts.values())
    return Progress(total, total - counts[State.WAITING], counts)


def tables_of(batch: Batch) -> Iterable[BatchItem]:
    """The tables of the batch that wait, without their bytes."""
    return batch.items.filter(state=State.WAITING, kind=TABLE).defer("data")


def layouts_for(project: Project, tables: Iterable[Sequence[str]]) -> dict[str, Layout]:
    """For tables with these columns, by `columns_key`, how they are read."""
    columns = {columns_key(names): names for names in tables}
    kept = TableLayout.objects.filter(project=project, columns_key__in=columns)
    known = dict(kept.values_list("columns_key", "fields"))
    return {
        key: Layout(known.get(key) or propose_layout(names), remembered=key in known)
        for key, names in columns.items()
    }


def _step(by: User, batch: Batch, readers: Readers) -> bool:
    """Take the next archive or table apart, or import the next group; whether there was any."""
    batch.refresh_from_db(fields=["state"])
    if batch.state == Batch.State.OPEN:
        raise BatchError("It is not started yet: files may still be added.")
    waiting = batch.items.filter(state=State.WAITING).order_by("number")
    heads = list(waiting.values_list("pk", "kind", "size")[:GROUP])
    if not heads:
        return False
    if heads[0][1] in (ARCHIVE, TABLE):
        _take_apart(BatchItem.objects.get(pk=heads[0][0]), readers)
    else:
        _import(by, batch, _first_group(heads), readers)
    return True


def _first_group(heads: list[tuple[int, str, int]]) -> list[int]:
    """The ids of as many items as are imported in one go, up to the next archive or table."""
    taken, size = [], 0
    for pk, kind, bytes_of_it in heads:
        size += bytes_of_it
        if kind in (ARCHIVE, TABLE) or (taken and size > GROUP_BYTES):
            break
        taken.append(pk)
    return taken


def _import(by: User, batch: Batch, ids: list[int], readers: Readers) -> None:
    """Import these items. They are read first, so that nobody who writes has to wait for that."""
    items = list(batch.items.filter(pk__in=ids, state=State.WAITING).order_by("number"))
    read = bulk.read(project=batch.project, pieces=_pieces(items), readers=readers)
    with transaction.atomic():
        ours = BatchItem.objects.select_for_update().filter(pk__in=ids, state=State.WAITING)
        ours = set(ours.order_by("number").values_list("pk", flat=True))
        pairs = [pair for pair in zip(items, read, strict=True) if pair[0].pk in ours]
        outcomes = bulk.store(by=by, project=batch.project, read=[one for _, one in pairs])
        for (item, _), outcome in zip(pairs, outcomes, strict=True):
            item.state, item.reason = outcome.state, outcome.reason
            item.article_id, item.data = outcome.article_id, None
        changed = [item for item, _ in pairs]
        BatchItem.objects.bulk_update(changed, ["state", "reason", "article", "data"])


def _pieces(items: Sequence[BatchItem]) -> Iterator[Piece]:
    tables = {item.part_of_id for item in items if item.kind == ROW}
    layouts = dict(BatchItem.objects.filter(pk__in=tables).values_list("pk", "table__fields"))
    for item in items:
        data = bytes(item.data)
        if item.kind == ROW:
            values = row_values(row_of(data), layouts[item.part_of_id])
            yield Piece(item.name, data, MEDIA_TYPES[ROW], values)
        else:
            yield Piece(item.name, data)


def _take_apart(whole: BatchItem, readers: Readers) -> None:
    """Make an item of every file or row in it, while there is time; goes on where it was."""
    if whole.kind == TABLE and "fields" not in whole.table:
        # It came out of its archive only after the batch was started.
        _lay_out(whole.project, [whole])
    until = time.monotonic() + APART
    made = whole.parts.count()
    reason = ""
    try:
        parts = _parts(whole, readers, made)
        while chunk := list(_chunk(parts)):
            with transaction.atomic():
                batch = Batch.objects.select_for_update().get(pk=whole.batch_id)
                if whole.parts.count() != made or not _still_waits(whole):
                    return  # somebody else does it
                reason = _lack_of_room(batch, chunk)
                if reason:
                    break
                _insert(batch, chunk)
                made += len(chunk)
            if time.monotonic() > until:
                return
    except Unreadable as error:
        reason = str(error)
    state = State.UNPACKED if made else State.REFUSED
    reason = reason or ("" if made else "There is nothing in it.")
    BatchItem.objects.filter(pk=whole.pk, state=State.WAITING).update(
        state=state, reason=reason, data=None
    )


def _parts(whole: BatchItem, readers: Readers, made: int) -> Iterator[BatchItem]:
    """An item, not stored yet, for everything in an archive or a table after the first `made`."""
    data = bytes(whole.data)
    if whole.kind == TABLE:
        fields = whole.table["fields"]
        pieces = rows_of(whole.name, data, readers, lambda _: fields)
        for piece in islice(pieces, made, None):
            yield _part(whole, piece, ROW)
        return
    for name, content in islice(readers.unpack(whole.name, data), made, None):
        if isinstance(content, Unreadable):
            yield _part(whole, Refused(name, str(content)))
            continue
        item = _looked_at(_part(whole, Piece(name, content)), readers)
        if item.kind == ARCHIVE:
            item = _part(whole, Refused(name, NESTED))
        yield item


def _part(whole: BatchItem, piece: Piece | Refused, kind: str = "") -> BatchItem:
    if isinstance(piece, Refused):
        item = BatchItem(name=_shown(piece.name), state=State.REFUSED, reason=piece.reason)
    else:
        item = _file(piece.name, piece.data)
    item.part_of, item.kind = whole, kind
    return item


def _file(name: str, data: bytes) -> BatchItem:
    digest = ingest.digest(data)
    return BatchItem(name=_shown(name), data=data, size=len(data), sha256=digest)


def _looked_at(item: BatchItem, readers: Readers) -> BatchItem:
    """The item with what it is, and for a table with how that looks; refused if it is nothing."""
    try:
        item.kind = kind_of(item.name, item.data)
        if item.kind == TABLE:
            table = readers.head_of_table(item.name, item.data, SAMPLE)
            rows = [_shortened(row) for row in table.rows]
            item.table = {"columns": table.columns, "sample": rows}
    except Unreadable as error:
        item.state, item.reason, item.data = State.REFUSED, str(error), None
    return item


def _shortened(row: Mapping[str, str]) -> dict[str, str]:
    return {name: (cell or "")[:SAMPLE_CELL] for name, cell in row.items()}


def _chunk(parts: Iterator[BatchItem]) -> Iterator[BatchItem]:
    """The next parts, as many as are stored in one go."""
    size, until = 0, None
    for part in islice(parts, PARTS):
        until = until or time.monotonic() + LOOKING
        yield part
        size += part.size
        if size > GROUP_BYTES or time.monotonic() > until:
            return


def _insert(batch: Batch, items: list[BatchItem]) -> None:
    """Store new items under the next numbers. The batch's row must be locked."""
    last = batch.items.aggregate(last=Max("number"))["last"] or 0
    for number, item in enumerate(items, start=last + 1):
        item.batch, item.project_id, item.number = batch, batch.project_id, number
    BatchItem.objects.bulk_create(items)


def _lack_of_room(batch: Batch, chunk: Sequence[BatchItem]) -> str:
    """Why these items cannot wait in the batch; empty if they can."""
    if batch.items.count() + len(chunk) > MOST_ITEMS:
        return FULL
    more = sum(item.size for item in chunk)
    return NO_ROOM if _waiting_bytes(batch.project_id) + more > MOST_WAITING else ""


def _waiting_bytes(project_id: uuid.UUID) -> int:
    waiting = BatchItem.objects.filter(project_id=project_id, state=State.WAITING)
    return waiting.aggregate(all=Sum("size"))["all"] or 0


def _still_waits(item: BatchItem) -> bool:
    return BatchItem.objects.filter(pk=item.pk, state=State.WAITING).exists()


def _lay_out(project: Project, tables: Sequence[BatchItem]) -> None:
    """Keep with each table how it is read."""
    known = layouts_for(project, (item.table["columns"] for item in tables))
    for item in tables:
        item.table["fields"] = known[columns_key(item.table["columns"])].fields
    BatchItem.objects.bulk_update(tables, ["table"], batch_size=100)


def _remember(by: User, project: Project, columns: Sequence[str], fields: Mapping) -> None:
    """Keep the layout for the next table with these columns. Raises BatchError if it misfits."""
    if problem := misfit(fields, columns):
        raise BatchError(problem)
    fields = {name: fields[name] for name in FIELDS if fields.get(name)}
    after = {"columns": list(columns), "fields": fields}
    own = {"project": project, "columns_key": columns_key(columns)}
    known = TableLayout.objects.select_for_update().filter(**own).first()
    if known is None:
        layout = TableLayout.objects.create(**own, columns=list(columns), fields=fields)
        record(by=by, verb="created", thing=layout, after=after)
    elif known.fields != fields:
        before = {"columns": known.columns, "fields": known.fields}
        history.advance(known, seen=known.version, fields=fields)
        record(by=by, verb="changed", thing=known, before=before, after=after)


def _finish(by: User, batch: Batch) -> None:
    """The batch is done if nothing waits in it; nobody minds if somebody else was faster."""
    with transaction.atomic():
        batch = Batch.objects.select_for_update().get(pk=batch.pk)
        waits = batch.items.filter(state=State.WAITING).exists()
        if batch.state == Batch.State.RUNNING and not waits:
            _move(by, batch, "finished", Batch.State.DONE)


def _move(by: User, batch: Batch, verb: str, state: str) -> None:
    before = _as_values(batch)
    history.advance(batch, seen=batch.version, state=state)
    record(by=by, verb=verb, thing=batch, before=before, after=_as_values(batch))


def _as_values(batch: Batch) -> dict:
    return {"name": batch.name, "state": batch.state}


def _shown(name: str) -> str:
    """A file's name as it is kept; of a long one the end, which tells more."""
    return _printable(name)[-500:] or "unnamed"


def _printable(name: str) -> str:
    """The name without what no database keeps and nobody sees, such as a lone surrogate."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in name).split())
