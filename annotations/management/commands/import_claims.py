"""Import coded claims and mentions from JSONL, anchored by their quotes."""

from pathlib import Path

from django.core.management.base import CommandError
from rich.console import Console
from rich.progress import track

from annotations.exchange import claims
from corpus_app.access import Forbidden, require_curator
from corpus_app.management.base import ProjectCommand
from corpus_app.text import UnreadableText, decode


class Command(ProjectCommand):
    help = "Import coded claims from JSONL. A row that cannot be anchored or resolved is told."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("file", type=Path)

    def handle(self, *args, **options):
        project, person = self.project_and_person(options)
        try:
            require_curator(person, project)
            rows = claims.rows_of(decode(options["file"].read_bytes()))
            shown = track(rows, "Importing", console=Console(stderr=True), transient=True)
            self.tell(claims.import_rows(by=person, project=project, rows=shown))
        except (OSError, UnreadableText, Forbidden) as error:
            raise CommandError(str(error)) from error
