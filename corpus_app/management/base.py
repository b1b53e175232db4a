"""What commands that write into a project have in common."""

from django.core.management.base import BaseCommand, CommandError

from corpus_app.models import Project, User


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
        self.stdout.write(str(report))
