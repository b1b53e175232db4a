"""Import plain-text articles: files, or folders with `.txt` files in them."""

from collections.abc import Iterator
from pathlib import Path

from django.core.management.base import CommandError
from rich.console import Console
from rich.progress import track

from corpus_app import ingest
from corpus_app.management.base import ProjectCommand


class Command(ProjectCommand):
    help = "Import plain-text articles. What is there already is left; what cannot be read is told."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")

    def handle(self, *args, **options):
        project, person = self.project_and_person(options)
        counts = {"stored": 0, "there already": 0, "refused": 0}
        files = list(found(options["paths"]))
        console = Console(stderr=True)
        for path in track(files, "Importing", console=console, disable=len(files) < 20):
            outcome, reason = self.import_one(project, person, path)
            counts[outcome] += 1
            self.stdout.write(f"{path.name}: {outcome}{reason}")
        self.stdout.write(", ".join(f"{count} {outcome}" for outcome, count in counts.items()))
        if counts["refused"]:
            raise CommandError("Some files were refused; the others are stored.")

    def import_one(self, project, person, path: Path) -> tuple[str, str]:
        """What became of one file, and why."""
        try:
            data = path.read_bytes()
            article = ingest.store(
                by=person, project=project, data=data, proposal=ingest.propose(data=data),
                name=path.name,
            )  # fmt: skip
        except OSError as error:
            return "refused", f" ({error.strerror})"
        except ingest.IngestError as error:
            earlier = error.article
            return ("there already", f" as {earlier.pk}") if earlier else ("refused", f" ({error})")
        return "stored", f" as “{article.shown_title}”"


def found(paths: list[Path]) -> Iterator[Path]:
    """The files, and the `.txt` files in the folders, in order of name."""
    for path in paths:
        if path.is_dir():
            yield from sorted(path.rglob("*.txt"))
        elif path.exists():
            yield path
        else:
            raise CommandError(f"There is no file “{path}”.")
