"""The real server in a process of its own, on the database that the test has filled."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryFile
from urllib.parse import urlsplit, urlunsplit

from django.db import connection

ROOT = Path(__file__).resolve().parent.parent


def database_url() -> str:
    """The address of the database that this process uses."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Desk:
    """A running server, at `port` of this machine, in this environment and no other."""

    def __init__(self, command: tuple[str, ...], environment: dict[str, str], port: int):
        self.port = port
        # No pipe: one that nobody reads is full at some time, and the server waits for it.
        self.printed, self.told = TemporaryFile(prefix="crossread-"), ""  # noqa: SIM115 (`end`)
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", *command, f"--port={port}"],
            cwd=ROOT,
            env=environment,
            stdout=self.printed,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def wait(self, seconds: float = 30) -> None:
        """Return when it answers. Raises AssertionError with its output if it does not."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and self.process.poll() is None:
            client = HTTPConnection("127.0.0.1", self.port, timeout=5)
            try:
                client.request("GET", "/sign-in/")
                client.getresponse().read()
                return
            except OSError:
                time.sleep(0.05)
            finally:
                client.close()
        raise AssertionError(f"The server does not answer:\n{self.end()}")

    def end(self, how: signal.Signals = signal.SIGTERM) -> str:
        """Everything it printed; the server and its workers are told to end, or killed."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, how)
        self.process.wait(timeout=20)
        while self._is_there():  # its workers take a moment longer
            time.sleep(0.01)
        if not self.printed.closed:
            with self.printed:
                self.printed.seek(0)
                self.told = self.printed.read().decode()
        return self.told

    def _is_there(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True


@contextmanager
def served(
    data_dir: Path, port: int | None = None, options: tuple[str, ...] = (), **variables: str
) -> Iterator[Desk]:
    """The desk on this process's database, with the product's own settings."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": database_url(),
        "DATA_DIR": str(data_dir),
        **variables,
    }
    (data_dir / "static").mkdir(exist_ok=True)
    desk = Desk(("serve", *options), environment, port or free_port())
    try:
        desk.wait()
        yield desk
    finally:
        desk.end(signal.SIGKILL)
