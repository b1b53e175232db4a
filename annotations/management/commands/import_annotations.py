"""Import a project that `export_annotations --format jsonl` wrote."""

from pathlib import Path

from django.core.management.base import CommandError
from rich.console import Console
from rich.progress import open as open_with_progress

from annotations.exchange import native_reader
from corpus_app.access import Forbidden, require_curator
from corpus_app.management.base import ProjectCommand
from corpus_app.models import Membership


class Command(ProjectCommand):
    help = "Import codebook, actors, articles and annotations from Crossread's own JSONL."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--author", metavar="USERNAME", help="Who gets the work of people who are no members."
        )

    def handle(self, *args, **options):
        project, person = self.project_and_person(options)
        members = Membership.objects.filter(project=project, user__username=options["author"])
        member = members.select_related("user").first()
        if options["author"] and member is None:
            raise CommandError(f"“{options['author']}” is not a member of this project.")
        author = member.user if member else None
        console = Console(stderr=True)
        try:
            require_curator(person, project)
            shown = open_with_progress(
                options["file"], "rb", description="Importing", console=console, transient=True
            )
            with shown as file:
                report = native_reader.import_file(
                    by=person, project=project, file=file, author=author
                )
        except (OSError, native_reader.NativeError, Forbidden) as error:
            raise CommandError(str(error)) from error
        self.tell(report)
