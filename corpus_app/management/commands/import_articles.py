"""Import articles: files of any kind that can be read, archives, tables, folders of these."""

import csv
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from itertools import chain
from pathlib import Path

from django.core.management.base import CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from corpus_app import batches, bulk
from corpus_app.management.base import ProjectCommand
from corpus_app.models import Batch, BatchItem, Project, User
from corpus_app.reading import MOST_PACKED, Readers
from corpus_app.reading.columns import FIELDS, columns_key
from corpus_app.reading.pieces import Piece, Refused, pieces_of
from corpus_app.spreadsheet import guarded

GROUP, GROUP_BYTES = batches.GROUP, batches.GROUP_BYTES
OUTCOMES = ("stored", "there already", "refused")
SHORT = 20  # so few files need no bar


class Command(ProjectCommand):
    help = (
        "Import articles: texts, web pages, documents, mails, tables with one article a row, "
        "archives, and folders of these. What is there already is left, so a command that was "
        "cut off is simply given again; what cannot be read is told."
    )

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("paths", nargs="*", type=Path, metavar="PATH")
        parser.add_argument(
            "--layout", action="append", default=[], metavar="FIELD=COLUMN",
            help=f"Which column of tables holds a field ({', '.join(FIELDS)}). May be repeated.",
        )  # fmt: skip
        parser.add_argument("--report", type=Path, metavar="FILE.csv", help="Where to list them.")
        parser.add_argument(
            "--resume", type=uuid.UUID, metavar="BATCH",
            help="Go on with a batch that was started on the desk, instead of importing files.",
        )  # fmt: skip

    def handle(self, *args, **options):
        project, person = self.project_and_person(options)
        if bool(options["paths"]) == bool(options["resume"]):
            raise CommandError("Say which files to import, or with --resume which batch.")
        with written(options["report"]) as report, Readers() as readers:
            if options["resume"]:
                told = self.resume(project, person, options["resume"], readers)
            else:
                layout = layout_given(options["layout"])
                files = list(found(options["paths"]))
                told = self.import_files(project, person, files, layout, readers)
            counts = Counter()
            for name, outcome in told:
                counts[said(outcome)] += 1
                self.tell_one(name, outcome)
                if report:
                    report.writerow(map(guarded, (name, said(outcome), *why(outcome))))
        self.stdout.write(", ".join(f"{counts[outcome]} {outcome}" for outcome in OUTCOMES))
        if counts["refused"]:
            raise CommandError("Some files were refused; the others are stored.")

    def import_files(
        self,
        project: Project,
        person: User,
        files: list[Path],
        layout: Mapping[str, str],
        readers: Readers,
    ) -> Iterator[tuple[str, bulk.Outcome]]:
        """Import the files in groups; what became of each piece, as soon as it is stored."""

        def layout_of(columns: Sequence[str]) -> dict[str, str]:
            known = batches.layouts_for(project, [columns])[columns_key(columns)]
            return {**known.fields, **layout}

        with bar(len(files), shown=len(files) >= SHORT) as step:
            every = chain.from_iterable(read(path, readers, layout_of, step) for path in files)
            for group in groups(every):
                yield from zip(
                    (piece.name for piece in group),
                    bulk.import_pieces(by=person, project=project, pieces=group, readers=readers),
                    strict=True,
                )

    def resume(
        self, project: Project, person: User, pk: uuid.UUID, readers: Readers
    ) -> Iterator[tuple[str, bulk.Outcome]]:
        """Go on with the batch to its end; then what became of each of its items."""
        batch = Batch.objects.filter(project=project, pk=pk).first()
        if batch is None:
            raise CommandError(f"There is no batch {pk} in “{project.slug}”.")
        done, total = 0, 1
        with bar(batches.progress_of(batch).total, shown=True) as step:
            while done < total:
                try:
                    progress = batches.advance(by=person, batch=batch, readers=readers)
                except batches.BatchError as error:
                    raise CommandError(str(error)) from error
                step(progress.done - done, progress.total)
                done, total = progress.done, progress.total
        for item in batch.items.defer("data", "table").order_by("number").iterator(500):
            if item.state != BatchItem.State.UNPACKED or item.reason:
                yield item.name, bulk.Outcome(item.state, item.reason, item.article_id)

    def tell_one(self, name: str, outcome: bulk.Outcome) -> None:
        reason, article = why(outcome)
        as_article = f" as {article}" if article else ""
        self.stdout.write(f"{name}: {said(outcome)}{as_article}{f' ({reason})' if reason else ''}")


def said(outcome: bulk.Outcome) -> str:
    """The outcome in the words of the report."""
    return BatchItem.State(outcome.state).label.lower()


def why(outcome: bulk.Outcome) -> tuple[str, str]:
    """The reason or remark, and the article's id."""
    return outcome.reason, str(outcome.article_id or "")


def layout_given(pairs: Iterable[str]) -> dict[str, str]:
    """Field → column, from `field=column`. Raises CommandError for a field there is not."""
    layout = dict(pair.partition("=")[::2] for pair in pairs)
    for field, column in layout.items():
        if field not in FIELDS or not column:
            raise CommandError(f"--layout takes FIELD=COLUMN; fields: {', '.join(FIELDS)}.")
    return layout


def found(paths: list[Path]) -> Iterator[Path]:
    """The files, and all files in the folders but hidden ones, in order of name."""
    for path in paths:
        if path.is_dir():
            inside = (one for one in path.rglob("*") if one.is_file())
            yield from sorted(one for one in inside if not hidden(one.relative_to(path)))
        elif path.exists():
            yield path
        else:
            raise CommandError(f"There is no file “{path}”.")


def hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def read(path: Path, readers: Readers, layout_of, step) -> Iterator[Piece | Refused]:
    """The articles in one file, and then a step of the bar."""
    try:
        if path.stat().st_size > MOST_PACKED:
            limit = MOST_PACKED // 2**20
            yield Refused(path.name, f"It is larger than {limit} MB. Import it in parts.")
        else:
            yield from pieces_of(path.name, path.read_bytes(), readers, layout_of)
    except OSError as error:
        yield Refused(path.name, error.strerror or str(error))
    step(1)


def groups(pieces: Iterable[Piece | Refused]) -> Iterator[list[Piece | Refused]]:
    """The pieces in groups that are stored in one go: so many of them, or so many bytes."""
    group, size = [], 0
    for piece in pieces:
        group.append(piece)
        size += len(getattr(piece, "data", b""))
        if len(group) == GROUP or size > GROUP_BYTES:
            yield group
            group, size = [], 0
    if group:
        yield group


@contextmanager
def bar(total: int, *, shown: bool):
    """A bar on standard error; gives `step(count, total=None)`."""
    columns = (
        TextColumn("Importing"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), disable=not shown) as progress:
        task = progress.add_task("Importing", total=total)

        def step(count: int, total: int | None = None) -> None:
            progress.update(task, advance=count, total=total)

        yield step


@contextmanager
def written(path: Path | None):
    """A CSV writer into the file, or nothing without one. Raises CommandError."""
    try:
        file = path.open("w", newline="", encoding="utf-8-sig") if path else None
    except OSError as error:
        raise CommandError(f"The report cannot be written: {error.strerror}.") from error
    with file or nullcontext():
        writer = csv.writer(file) if file else None
        if writer:
            writer.writerow(["file", "outcome", "reason", "article"])
        yield writer
