"""What is looked at before the desk starts: is it safe to keep people's work here?

Errors keep the server from starting, warnings are shown. Checks of the database run where Django
runs such checks: before a migration, with `manage.py check --database default`, and at the start.
"""

import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

# SQLite keeps its promises only if these are in force on the connection that is used.
PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
OLDEST_POSTGRES = 15
NETWORK = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "glusterfs", "fuse.sshfs"}
LOCAL = {"localhost", ".localhost", "127.0.0.1", "[::1]"}


@register(Tags.security)
def hosts(app_configs, **kwargs) -> list[CheckMessage]:
    """Errors for settings with which nobody should be let in from elsewhere."""
    found = []
    if any("*" in host for host in settings.ALLOWED_HOSTS):
        found.append(
            Error(
                "ALLOWED_HOSTS has a wildcard.",
                hint="Name the hosts under which people reach this desk.",
                id="crossread.E001",
            )
        )
    if settings.DEBUG and not LOCAL.issuperset(settings.ALLOWED_HOSTS):
        found.append(
            Error(
                "DEBUG is on, and the desk answers to hosts other than this machine.",
                hint="Unset DEBUG: it shows settings and texts to anybody who meets an error.",
                id="crossread.E002",
            )
        )
    return found


@register()
def data_folder(app_configs, **kwargs) -> list[CheckMessage]:
    """An error if nothing can be written there; a warning if SQLite lives on the network."""
    folder = Path(settings.DATA_DIR).resolve()
    present = next(path for path in (folder, *folder.parents) if path.exists())
    if not os.access(present, os.W_OK):
        hint = "Give the user who runs the desk the right to write there, or set DATA_DIR."
        return [Error(f"{folder} cannot be written.", hint=hint, id="crossread.E003")]
    kind = file_system(present)
    if kind in NETWORK and connections["default"].vendor == "sqlite":
        hint = "Its locks do not hold on a network. Use a local disk, or PostgreSQL."
        return [Warning(f"SQLite is on {kind}.", hint=hint, id="crossread.W001")]
    return []


@register(Tags.database)
def databases_are_safe(app_configs, databases: Sequence[str] | None = None, **kwargs):
    """What speaks against keeping work in these databases."""
    found = []
    for alias in databases or ():
        connection = connections[alias]
        look = _look_at_sqlite if connection.vendor == "sqlite" else _look_at_postgres
        found += look(connection)
    return found


def resets_wal_safely(version: tuple[int, int, int]) -> bool:
    """Whether this SQLite has the repair of the race in which a reset WAL loses commits.

    All of 3.7.0 to 3.51.2 have the fault but for 3.44.6 and 3.50.7, to which it was carried back.
    """
    carried_back = any(base <= version < (3, base[1] + 1, 0) for base in ((3, 44, 6), (3, 50, 7)))
    return carried_back or version >= (3, 51, 3)


def file_system(path: Path, mounts: Path = Path("/proc/mounts")) -> str:
    """The kind of file system the path is on, or nothing where the machine does not say."""
    if not mounts.exists():
        return ""
    rows = [line.split() for line in mounts.read_text().splitlines()]
    known = [(Path(row[1].replace("\\040", " ")), row[2]) for row in rows]
    own = [(len(at.parts), kind) for at, kind in known if path.is_relative_to(at)]
    return max(own, default=(0, ""), key=lambda pair: pair[0])[1]


def _look_at_sqlite(connection: BaseDatabaseWrapper) -> list[CheckMessage]:
    found = []
    with connection.cursor() as cursor:
        for name, wanted in PRAGMAS.items():
            value = cursor.execute(f"PRAGMA {name}").fetchone()[0]
            if value != wanted:
                hint = "The file may lie on a disk that cannot do this. Move DATA_DIR."
                fault = f"SQLite's {name} is {value} and not {wanted}."
                found.append(Error(fault, hint=hint, id="crossread.E004"))
    if not resets_wal_safely(sqlite3.sqlite_version_info):
        found.append(
            Warning(
                f"SQLite {sqlite3.sqlite_version} can, very rarely, lose commits of people who "
                "write at the same moment.",
                hint="For a team use PostgreSQL, or a Python with SQLite 3.51.3 or newer.",
                id="crossread.W002",
            )
        )
    return found


def _look_at_postgres(connection: BaseDatabaseWrapper) -> list[CheckMessage]:
    found = []
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_encoding")
        encoding = cursor.fetchone()[0]
    if connection.pg_version < OLDEST_POSTGRES * 10_000:
        hint = f"Crossread is tested with PostgreSQL {OLDEST_POSTGRES} and newer."
        found.append(Error("This PostgreSQL is too old.", hint=hint, id="crossread.E005"))
    if encoding != "UTF8":
        hint = "Make a database with ENCODING 'UTF8'."
        found.append(Error(f"The database speaks {encoding}.", hint=hint, id="crossread.E006"))
    return found
