"""Mail people what is unread in their inboxes; to be run by cron, once a day or more often."""

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.management.base import BaseCommand, CommandError
from django.template.loader import render_to_string
from django.utils import timezone
from rich.console import Console
from rich.progress import track

from annotations import inbox, telling
from corpus_app.models import User

LISTED = 20


class Command(BaseCommand):
    help = "Mail everybody who is due what is unread and was not mailed before. Run it by cron."

    def handle(self, *args, **options):
        if not settings.SENDS_MAIL:
            self.stdout.write("No mail server is configured (EMAIL_URL), so nothing was sent.")
            return
        people = list(inbox.due(timezone.localdate()))
        if people:
            _require_server()
        console = Console(stderr=True)
        sent, failed = 0, []
        for person in track(people, "Sending", console=console, transient=True):
            try:
                sent += _send(person)
            except OSError as error:  # all that goes wrong between here and the mail server
                failed.append(f"{person.username} ({type(error).__name__})")
        self.stdout.write(f"Sent {sent} digest{'' if sent == 1 else 's'}.")
        if failed:
            raise CommandError(
                f"Not sent to {', '.join(failed)}. Nothing is lost: it waits for the next run."
            )


def _require_server() -> None:
    """Raises CommandError, before anything counts as mailed, if there is nobody to hand it to."""
    connection = get_connection()
    try:
        connection.open()
        connection.close()
    except OSError as error:
        raise CommandError(
            f"The mail server does not answer: {error}. Nothing was sent and nothing is lost: run "
            "this again once it does."
        ) from error


def _send(person: User) -> bool:
    """Whether a mail was sent: not if nothing is to be told, or another run tells it."""
    entries = inbox.to_mail(person)
    if not entries:
        return False
    context = {
        "person": person, "entries": entries[:LISTED], "more": len(entries[LISTED:]),
        "site": settings.SITE_URL,
    }  # fmt: skip
    number = len(entries)
    subject = "Crossread: " + ("1 thing waits" if number == 1 else f"{number} things wait")
    body = render_to_string("annotations/digest.txt", context)
    own = {
        f"{kind}s": [entry.pk for entry in entries if entry.kind == key]
        for kind, key in (("message", inbox.MESSAGE), ("notice", inbox.NAMING))
    }
    try:
        with telling.mailing(to=person, **own):
            EmailMessage(f"{subject} for you", body, to=[person.email]).send()
    except telling.TellingError:
        return False
    return True
