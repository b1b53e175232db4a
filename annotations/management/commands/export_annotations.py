"""Export a project with everything that one person sees of it."""

from pathlib import Path

from django.core.management.base import CommandError
from rich.console import Console
from rich.progress import track

from annotations.exchange.formats import FORMATS
from annotations.exchange.source import source_for
from corpus_app.access import is_member
from corpus_app.management.base import ProjectCommand


class Command(ProjectCommand):
    help = "Export a project as JSONL (which re-imports), CSV or W3C Web Annotation JSON-LD."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--format", choices=list(FORMATS), default="jsonl")
        parser.add_argument("--output", type=Path, help="A file; standard output if left out.")

    def handle(self, *args, **options):
        project, person = self.project_and_person(options)
        if not is_member(person, project):
            raise CommandError(f"{person.username} is not a member of this project.")
        pieces = FORMATS[options["format"]].write(source_for(person, project))
        shown = track(pieces, "Exporting", console=Console(stderr=True), transient=True)
        try:
            if options["output"]:
                with options["output"].open("wb") as file:
                    file.writelines(shown)
            else:
                for piece in shown:
                    self.stdout.write(piece.decode(), ending="")
        except OSError as error:
            raise CommandError(str(error)) from error
