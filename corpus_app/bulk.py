"""The door for many articles: what is there is left, what can be read is stored, all in groups."""

import logging
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db import DatabaseError, DataError

from corpus_app import ingest
from corpus_app.models import Article, BatchItem, Project, User
from corpus_app.reading import Readers
from corpus_app.reading.pieces import Piece, Refused

State = BatchItem.State
log = logging.getLogger(__name__)
FAULT = "It could not be read, and that is a fault of this desk; the others went on without it."


@dataclass(frozen=True)
class Outcome:
    """What became of a piece: stored, there already or refused, and the reason or a remark."""

    state: str
    reason: str = ""
    article_id: uuid.UUID | None = None


@dataclass(frozen=True)
class Ready:
    """An article that was read and can be stored, with what is to be said of it then."""

    entry: ingest.Entry
    remark: str


def import_pieces(
    *, by: User, project: Project, pieces: Sequence[Piece | Refused], readers: Readers
) -> list[Outcome]:
    """What became of each piece, in order; all are stored in one transaction."""
    return store(by=by, project=project, read=read(project=project, pieces=pieces, readers=readers))


def read(
    *, project: Project, pieces: Iterable[Piece | Refused], readers: Readers
) -> list[Ready | Outcome]:
    """Each piece read and ready to be stored, or what became of it; what is there is not read."""
    pieces = list(pieces)
    digests = [ingest.digest(piece.data) for piece in pieces if isinstance(piece, Piece)]
    there = Article.objects.filter(project=project, raw_sha256__in=digests)
    present = dict(there.values_list("raw_sha256", "pk"))
    outlets = ingest.Outlets(project)
    return [_read_one(piece, present, outlets, readers) for piece in pieces]


def _read_one(
    piece: Piece | Refused,
    present: Mapping[str, uuid.UUID],
    outlets: ingest.Outlets,
    readers: Readers,
) -> Ready | Outcome:
    if isinstance(piece, Refused):
        return Outcome(State.REFUSED, piece.reason)
    if earlier := present.get(ingest.digest(piece.data)):
        return Outcome(State.PRESENT, article_id=earlier)
    try:
        return _ready(piece, outlets, readers)
    except ingest.IngestError as error:
        return Outcome(State.REFUSED, str(error))
    except DatabaseError:
        raise
    except Exception:
        log.exception("A piece of an import could not be read.")
        return Outcome(State.REFUSED, FAULT)


def _ready(piece: Piece, outlets: ingest.Outlets, readers: Readers) -> Ready:
    told = piece.values.fields if piece.values else {}
    proposal = ingest.propose(
        data=piece.data, name=piece.name, kind=piece.kind, outlets=outlets, readers=readers,
        outlet=outlets.of(ingest.Fields(**told)) if told else None,
    )  # fmt: skip
    proposal = replace(proposal, fields=replace(proposal.fields, **told))
    remark = " ".join(piece.values.remarks) if piece.values else ""
    return Ready(ingest.Entry(piece.data, proposal, piece.name), remark)


def store(*, by: User, project: Project, read: Sequence[Ready | Outcome]) -> list[Outcome]:
    """What became of each, in order. Of several that are the same the first is stored."""
    ready = {}
    for one in read:
        if isinstance(one, Ready):
            ready.setdefault(one.entry.data, one)
    became = dict(zip(ready, _stored(by, project, list(ready.values())), strict=True))
    outcomes = []
    for one in read:
        if isinstance(one, Outcome):
            outcomes.append(one)
            continue
        first = became[one.entry.data]
        again = ready[one.entry.data] is not one and first.article_id
        outcomes.append(Outcome(State.PRESENT, article_id=first.article_id) if again else first)
    return outcomes


def _stored(by: User, project: Project, ready: Sequence[Ready]) -> list[Outcome]:
    """What became of each; one that no database takes is refused and stops none of the others."""
    entries = [one.entry for one in ready]
    try:
        stored = ingest.store_many(by=by, project=project, entries=entries)
    except (DataError, ValueError) as error:
        if len(ready) > 1:
            return [_stored(by, project, [one])[0] for one in ready]
        return [Outcome(State.REFUSED, f"The database does not take it: {error}")] if ready else []
    return [_outcome(one, article) for one, article in zip(ready, stored, strict=True)]


def _outcome(ready: Ready, stored: Article | ingest.IngestError) -> Outcome:
    if isinstance(stored, Article):
        return Outcome(State.STORED, ready.remark, stored.pk)
    if stored.article:
        return Outcome(State.PRESENT, article_id=stored.article.pk)
    return Outcome(State.REFUSED, str(stored))
