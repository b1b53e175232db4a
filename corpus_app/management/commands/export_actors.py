"""Export a project's actors as CSV or JSON."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from corpus_app import registry
from corpus_app.models import Actor, Project

FORMATS = {"csv": registry.csv_lines, "json": registry.json_lines}


class Command(BaseCommand):
    help = "Write a project's actors to a file, or to the screen if none is named."

    def add_arguments(self, parser):
        parser.add_argument("--project", required=True, metavar="SLUG")
        parser.add_argument("--format", choices=FORMATS, default="csv")
        parser.add_argument("file", type=Path, nargs="?")

    def handle(self, *args, **options):
        project = Project.objects.filter(slug=options["project"]).first()
        if project is None:
            raise CommandError(f"There is no project “{options['project']}”.")
        rows = Actor.objects.filter(project=project).order_by("created", "id")
        lines = FORMATS[options["format"]](rows)
        if options["file"] is None:
            self.stdout.write("".join(lines), ending="")
            return
        try:
            with options["file"].open("w", encoding="utf-8", newline="") as file:
                file.writelines(lines)
        except OSError as error:
            raise CommandError(str(error)) from error
