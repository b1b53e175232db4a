"""Export a project with everything that one person sees of it."""

import sys
from pathlib import Path

from django.core.management.base import CommandError
from rich.console import Console
from rich.progress import track

from annotations.exchange.formats import FORMATS
from annotations.exchange.source import NarrowingError, narrowed, source_for
from corpus_app.access import is_member
from corpus_app.management.base import ProjectCommand

WRITTEN = [name for name, known in FORMATS.items() if known.writes]
NARROWING = {
    "layer": "analyst or gold", "author": "a user name", "article": "an id", "story": "an id",
    "outlet": "an id",
}  # fmt: skip


class Command(ProjectCommand):
    help = "Export a project in one of many formats; what a format cannot hold is told."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--format", choices=WRITTEN, default="jsonl")
        parser.add_argument("--output", type=Path, help="A file; standard output if left out.")
        for name, told in NARROWING.items():
            parser.add_argument(f"--{name}", default="", help=f"Only of this {name} ({told}).")

    def handle(self, *args, **options):
        project, person = self.project_and_person(options)
        if not is_member(person, project):
            raise CommandError(f"{person.username} is not a member of this project.")
        chosen = FORMATS[options["format"]]
        if not chosen.there:
            raise CommandError(f"This format needs {chosen.needs}, which is not installed.")
        try:
            asked = {name: options[name] for name in NARROWING}
            source = narrowed(source_for(person, project), **asked)
        except NarrowingError as error:
            raise CommandError(str(error)) from error
        for sentence in chosen.losses(source):
            self.stderr.write(sentence)
        self._write(chosen.write(source), options["output"])

    def _write(self, pieces, output: Path | None) -> None:
        shown = track(pieces, "Exporting", console=Console(stderr=True), transient=True)
        try:
            if output:
                with output.open("wb") as file:
                    file.writelines(shown)
            else:
                for piece in shown:
                    sys.stdout.buffer.write(piece)
                sys.stdout.flush()
        except OSError as error:
            raise CommandError(str(error)) from error
