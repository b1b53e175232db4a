"""New rows of one table by the thousand: the lowest step of the doors that write so many.

`bulk_create` is for rows that exist as objects. These never do: to make one of each, and to
quote each value for a statement, would take several times as long as to store it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, models


def pour(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Store these rows, the values in the order of the columns; call it within a transaction.

    Each column of the table is named, but for a number that the database gives; a foreign key by
    its column (`actor_id`). JSON comes as text. Raises IntegrityError, and stores none.
    """
    name = connection.ops.quote_name
    table = f"{name(model._meta.db_table)} ({', '.join(map(name, columns))})"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with (
                connection.wrap_database_errors,
                cursor.copy(f"COPY {table} FROM STDIN") as copy,
            ):
                for row in rows:
                    copy.write_row(row)
        else:
            places = ", ".join(["%s"] * len(columns))
            # Both names are those of our own tables.
            insert = f"INSERT INTO {table} VALUES ({places})"  # noqa: S608
            cursor.executemany(insert, [[_bare(value) for value in row] for row in rows])


def _bare(value: Any) -> Any:
    """The value as SQLite keeps it."""
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value
