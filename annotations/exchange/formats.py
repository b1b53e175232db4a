"""The formats that a project can be exported in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction

from annotations.exchange import native, table, webannotation
from annotations.exchange.source import Source


@dataclass(frozen=True)
class Format:
    """What files of this format are, and the pieces of text that one is made of."""

    content_type: str
    pieces: Callable[[Source], Iterator[str]]

    def write(self, source: Source) -> Iterator[str]:
        """The pieces of the file, read as they are asked for and all of one moment."""
        with one_moment():
            yield from self.pieces(source)


FORMATS = {
    "jsonl": Format("application/x-ndjson", native.write),
    "csv": Format("text/csv; charset=utf-8", table.write),
    "jsonld": Format("application/ld+json", webannotation.write),
}


@contextmanager
def one_moment() -> Iterator[None]:
    """What is read within is the database as it was at the beginning; nobody waits for it."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        # `atomic` would take the lock for writing, since our transactions begin immediate.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            # The moment is that of the first read.
            cursor.execute("SELECT 1 FROM sqlite_master")
        try:
            yield
        finally:
            connection.connection.rollback()
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                cursor.execute("SELECT 1")
            yield
