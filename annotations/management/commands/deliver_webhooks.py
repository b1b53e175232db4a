"""Bring what changed to the webhooks of all projects; any number of these may run at once."""

import signal
from threading import Event

from django.core.management.base import BaseCommand
from django.db import OperationalError, close_old_connections

from annotations import sending

PAUSE = 3.0  # seconds between two rounds


class Command(BaseCommand):
    help = (
        "Send what is due to webhooks, once: run it by cron, each minute. With --forever it goes "
        "on until it is told to stop (SIGTERM, Ctrl-C), and ends the message at hand first."
    )

    def add_arguments(self, parser):
        parser.add_argument("--forever", action="store_true", help="Look again every few seconds.")

    def handle(self, *args, **options):
        if not options["forever"]:
            sent = sending.send_due()
            self.stdout.write(f"{sent[True]} delivered, {sent[False]} to be tried again later.")
            return
        stopped = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopped.set())
        while not stopped.is_set():
            try:
                sending.send_due(stopped.is_set)
            except OperationalError as error:
                self.stderr.write(f"The database does not answer: {error}. Trying again.")
            close_old_connections()
            stopped.wait(PAUSE)
