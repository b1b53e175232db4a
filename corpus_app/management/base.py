"""What commands that write into a project have in common."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from corpus_app.access import Forbidden, require_curator
from corpus_app.history import DoorError
from corpus_app.models import Project, User
from corpus_app.text import UnreadableText, decode


class ProjectCommand(BaseCommand):
    """A command with `--project` and `--by`."""

    def add_arguments(self, parser):
        parser.add_argument("--project", required=True, metavar="SLUG")
        parser.add_argument(
            "--by",
            metavar="USERNAME",
            help="Who does it; the site's only administrator if left out.",
        )

    def project_and_person(self, options) -> tuple[Project, User]:
        """The project and the person of the options. Raises CommandError if there is none."""
        project = Project.objects.filter(slug=options["project"]).first()
        if project is None:
            known = ", ".join(Project.objects.values_list("slug", flat=True)) or "none yet"
            raise CommandError(f"There is no project “{options['project']}”. Projects: {known}.")
        if options["by"]:
            person = User.objects.filter(username=options["by"], is_active=True).first()
        else:
            administrators = User.objects.filter(is_superuser=True, is_active=True)
            person = administrators.get() if administrators.count() == 1 else None
        if person is None:
            raise CommandError("Say with --by USERNAME who does it.")
        return project, person

    def tell(self, report) -> None:
        """Print a report: refused and altered rows with their lines, then the counts."""
        for problem in (*report.problems, *report.remarks):
            self.stderr.write(str(problem))
        told = len(report.problems) + len(report.remarks)
        if more := report.refused + report.remarked - told:
            self.stderr.write(f"… and {more} more, which are not told.")
        self.stdout.write(str(report))


class FileCommand(ProjectCommand):
    """A command that reads one text file into a project.

    The subclass's `read(by=, project=, text=)` calls the door and gives its report.
    """

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("file", type=Path)

    def handle(self, *args, **options):
        project, person = self.project_and_person(options)
        try:
            require_curator(person, project)
            text = decode(options["file"].read_bytes())
            report = self.read(by=person, project=project, text=text)
        except (OSError, UnreadableText, Forbidden, DoorError) as error:
            raise CommandError(str(error)) from error
        self.tell(report)
