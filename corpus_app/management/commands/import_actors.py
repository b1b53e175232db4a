"""Import actors from a CSV with the columns name, kind, part_of, aliases, metonyms."""

from pathlib import Path

from django.core.management.base import CommandError

from corpus_app import actors
from corpus_app.management.base import ProjectCommand
from corpus_app.text import UnreadableText, decode


class Command(ProjectCommand):
    help = "Import actors from CSV. A row that cannot be stored is told and stops nothing else."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("file", type=Path)

    def handle(self, *args, **options):
        project, person = self.project_and_person(options)
        try:
            text = decode(options["file"].read_bytes())
            self.tell(actors.import_csv(by=person, project=project, text=text))
        except (OSError, UnreadableText, actors.ActorError) as error:
            raise CommandError(str(error)) from error
