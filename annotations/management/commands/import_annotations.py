"""Import a file of another tool, or a project that `export_annotations` wrote."""

from pathlib import Path

from django.core.management.base import CommandError
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from annotations.exchange import storing
from annotations.exchange.formats import FORMATS
from annotations.exchange.neutral import ReadError
from corpus_app.access import Forbidden, require_curator
from corpus_app.management.base import ProjectCommand
from corpus_app.models import Membership, Project, User
from corpus_app.report import Report

READABLE = [name for name, known in FORMATS.items() if known.reads]


class Command(ProjectCommand):
    help = "Import codebook, actors, articles and annotations from a file. Rows are told that are "
    help += "refused, or stored otherwise than they stand."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("file", type=Path)
        parser.add_argument("--format", choices=READABLE, default="jsonl")
        parser.add_argument(
            "--author", metavar="USERNAME", help="Who gets the work of people who are no members."
        )
        parser.add_argument("--dry-run", action="store_true", help="Try everything, store nothing.")
        parser.add_argument(
            "--all-or-nothing", action="store_true", help="Store nothing if a row is refused."
        )

    def handle(self, *args, **options):
        project, person = self.project_and_person(options)
        try:
            require_curator(person, project)
            with options["file"].open("rb") as file:
                report = self._store(project, person, file, options)
        except (OSError, ReadError, Forbidden) as error:
            raise CommandError(str(error)) from error
        self.tell(report)
        if options["dry_run"]:
            self.stdout.write("Nothing was stored: this was a trial.")
        elif options["all_or_nothing"] and report.refused:
            raise CommandError("Nothing was stored, since a row was refused.")

    def _store(self, project: Project, person: User, file, options) -> Report:
        columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
            task = shown.add_task("Importing")

            def told(progress: storing.Progress) -> None:
                shown.update(task, description=f"{progress.read} rows read, {progress.report}")

            return storing.store(
                by=person, project=project, rows=FORMATS[options["format"]].read(file),
                author=self._author(project, options["author"]), whole=options["all_or_nothing"],
                dry=options["dry_run"], told=told,
            )  # fmt: skip

    def _author(self, project: Project, username: str | None) -> User | None:
        if not username:
            return None
        members = Membership.objects.filter(project=project, user__username=username, ended=None)
        member = members.select_related("user").first()
        if member is None:
            raise CommandError(f"“{username}” is not a member of this project.")
        return member.user
