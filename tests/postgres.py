"""A real PostgreSQL for the tests, started from a package and gone when the tests are."""

import atexit
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def start() -> str:
    """The address (a DATABASE_URL) of a fresh server, which ends with this process.

    Another process keeps it until the pipe from here closes, which it does even if the tests are
    killed.
    """
    keeper = subprocess.Popen(
        [sys.executable, "-m", "tests.postgres_keeper"], cwd=ROOT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    atexit.register(keeper.communicate)
    return keeper.stdout.readline().strip()
