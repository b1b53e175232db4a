"""Find what was said twice in a project: in the articles of which nothing is known, or in all."""

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import Progress

from corpus_app import reuse
from corpus_app.models import Project, Revision

AT_ONCE = 50  # articles that are kept in memory, and in one transaction


class Command(BaseCommand):
    help = (
        "Find passages and quotations that several articles of a project have. Articles that were "
        "read are left, so a run that was broken off goes on where it was; --again forgets all."
    )

    def add_arguments(self, parser):
        parser.add_argument("--project", required=True, metavar="SLUG")
        parser.add_argument("--again", action="store_true", help="Forget what was found before.")

    def handle(self, *args, **options):
        project = Project.objects.filter(slug=options["project"]).first()
        if project is None:
            raise CommandError(f"There is no project “{options['project']}”.")
        if options["again"]:
            reuse.clear(project_id=project.pk)
        waiting = list(reuse.not_indexed(project.pk).values_list("pk", flat=True))
        found = 0
        with Progress(console=Console(stderr=True), disable=len(waiting) < AT_ONCE) as progress:
            task = progress.add_task("Comparing", total=len(waiting))
            for first in range(0, len(waiting), AT_ONCE):
                some = waiting[first : first + AT_ONCE]
                revisions = Revision.objects.filter(pk__in=some).select_related("article")
                found += len(reuse.reindex(revisions=list(revisions.defer("article__raw"))))
                progress.advance(task, len(some))
        self.stdout.write(f"{len(waiting)} articles read, {found} reuses found.")
