"""Import a codebook from JSON."""

from pathlib import Path

from django.core.management.base import CommandError

from annotations import codebook
from corpus_app.management.base import ProjectCommand
from corpus_app.text import UnreadableText, decode


class Command(ProjectCommand):
    help = "Import a codebook from JSON. Facets and tags that are there already are left alone."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("file", type=Path)

    def handle(self, *args, **options):
        project, person = self.project_and_person(options)
        try:
            text = decode(options["file"].read_bytes())
            self.tell(codebook.import_json(by=person, project=project, text=text))
        except (OSError, UnreadableText, codebook.CodebookError) as error:
            raise CommandError(str(error)) from error
