"""`manage.py quickstart`: from nothing to a desk with a demo project, served on this machine."""

import hashlib
import time
from contextlib import contextmanager

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.table import Column, Table

from annotations import demonstration
from corpus_app.management.commands.serve import refuse_taken


class Command(BaseCommand):
    help = "Prepare the desk with a demo project and serve it. Run again it changes nothing."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-serve", action="store_true", help="Stop before serving.")

    def handle(self, *, host, port, no_serve, **options):
        if not no_serve:
            refuse_taken(host, port)
        console = Console(highlight=False)
        with step(console, "Database"):
            call_command("migrate", verbosity=0, interactive=False)
        if not demonstration.is_there():
            with step(console, "Demo project") as tell:
                try:
                    logins = demonstration.load(tell=tell)
                except demonstration.DemoError as error:
                    raise CommandError(f"The demo project was not stored: {error}") from error
            show(console, logins)
        with step(console, "Static files"):
            collect_if_changed()
        if not no_serve:
            call_command("serve", host=host, port=port)


@contextmanager
def step(console: Console, title: str):
    """Shows that something is under way and how long it took; gives a way to say more."""
    began = time.monotonic()
    with console.status(f"{title} …") as status:
        yield lambda words: status.update(f"{title}: {words} …")
    console.print(f"{title}: ready ({time.monotonic() - began:.1f} s)")


def show(console: Console, logins: list[demonstration.Login]) -> None:
    """Print who can sign in with which password: the only time that anybody sees them."""
    title = "Shown only this once: write them down"
    table = Table("User name", Column("Password", no_wrap=True), "Part", title=title)
    for login in logins:
        table.add_row(login.username, login.password, login.part)
    console.print(table)


def collect_if_changed() -> None:
    """Collect the static files under hashed names, unless the same ones are there already."""
    note = settings.DATA_DIR / "static-fingerprint"
    present = fingerprint()
    if not note.exists() or note.read_text() != present:
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        note.write_text(present)


def fingerprint() -> str:
    """A digest that changes when any static file of the product changes."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            changed = storage.get_modified_time(path).timestamp()
            digest.update(f"{path} {storage.size(path)} {changed}\n".encode())
    return digest.hexdigest()
