"""`manage.py serve`: the desk, by a production server."""

import os
import socket
import subprocess
import sys

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

LOCAL = ("127.0.0.1", "localhost", "::1")


class Command(BaseCommand):
    help = "Serve the desk. It stops on Ctrl-C or SIGTERM, after the answers under way."
    requires_migrations_checks = True

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--workers", type=int, default=1, help="Processes; one is right for SQLite."
        )
        parser.add_argument("--threads", type=int, default=4, help="Threads of each process.")

    def handle(self, *, host, port, workers, threads, **options):
        refuse_taken(host, port)
        if host not in LOCAL:
            self.stderr.write(
                f"Served on {host}: everybody on that network can reach the sign-in. Put a proxy "
                "with HTTPS before it, and name the desk's hosts in ALLOWED_HOSTS."
            )
        self.stdout.write(f"Crossread is at http://{host}:{port}/ (Ctrl-C stops it)")
        self.stdout.flush()
        become(server(host, port, workers, threads))


def refuse_taken(host: str, port: int) -> None:
    """Nothing, if the port is free. Raises CommandError if something answers there.

    The server itself would share the port, and visitors would meet now one, now the other.
    """
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return
    raise CommandError(
        f"Something is served at http://{host}:{port}/ already. Stop it, or choose another --port."
    )


def server(host: str, port: int, workers: int, threads: int) -> list[str]:
    """The command that serves the desk there."""
    return [
        *(sys.executable, "-m", "granian", "config.wsgi:application", "--interface=wsgi"),
        *(f"--host={host}", f"--port={port}", f"--working-dir={settings.BASE_DIR}"),
        *(f"--workers={workers}", f"--blocking-threads={threads}", "--http=1", "--no-ws"),
        *("--process-name=crossread", "--log-level=warning", "--workers-kill-timeout=15"),
    ]


def become(command: list[str]) -> None:
    """Go on as this command: the memory of the one that started it is given back."""
    if os.name == "posix":
        os.execv(command[0], command)  # noqa: S606 (arguments, no shell)
    sys.exit(subprocess.call(command))  # noqa: S603
