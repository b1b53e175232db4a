"""Imports generated articles of 5 kB by the command, and prints how fast and with what memory.

`python -m tests.benchmarks.bulk [--articles N] [--kill] [--postgres]`. With `--kill` the same is
done once more with a SIGKILL in the middle and the command given again; then what is stored is
counted. Times differ from machine to machine: compare figures of one run only.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from tests import postgres
from tests.benchmarks.__main__ import ROOT

SETUP = "import django; django.setup(); from tests import factories; "
PREPARE = SETUP + (
    "from django.core.management import call_command; call_command('migrate', verbosity=0); "
    "project = factories.ProjectFactory(slug='{slug}'); "
    "factories.MembershipFactory(project=project, user__username='{slug}')"
)
COUNT = SETUP + (
    "import json; from corpus_app.models import Article, Event, Revision; "
    "own = Article.objects.filter(project__slug='{slug}'); "
    "print(json.dumps([own.count(), own.values('raw_sha256').distinct().count(), "
    "Revision.objects.filter(article__in=own).count(), "
    "Event.objects.filter(verb='imported', article__in=own).count()]))"
)
WRITE = SETUP + (
    "import sys; from tests.benchmarks.bulk import write; write({folder!r}, {articles})"
)


@dataclass(frozen=True)
class Run:
    """What one call of the command took."""

    seconds: float
    of_processor: float
    megabytes: float
    code: int


def main() -> None:
    """Print one column of figures for each engine."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.bulk", description=__doc__)
    parser.add_argument("--postgres", action="store_true", help="also on PostgreSQL")
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--kill", action="store_true", help="also with a SIGKILL in the middle")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="crossread-bulk-") as folder:
        articles = Path(folder) / "articles"
        with desk("") as variables:
            python(WRITE.format(folder=str(articles), articles=options.articles), variables)
        results = {"SQLite": figures("", articles, options)}
        if options.postgres:
            results["PostgreSQL"] = figures(postgres.start(), articles, options)
    table = Table("Measured", *results)
    for row in zip(*results.values(), strict=True):
        table.add_row(row[0][0], *(figure for _, figure in row))
    Console(width=110).print(table)


def write(folder: str, articles: int) -> None:
    """So many files of about 5 kB, with a title, an author, a date and paragraphs."""
    from tests.planted import Writer  # noqa: PLC0415 (it needs Django, which main does without)

    writer = Writer(seed=11)
    Path(folder).mkdir()
    for number in track(range(articles), "Writing articles"):
        title = writer.sentence(7).rstrip(".")
        text, size = [f"{title} {number}", "By Ada Quill", f"{1 + number % 28} March 2024"], 0
        while size < 5_000:
            text.append(" ".join(writer.paragraph()))
            size += len(text[-1])
        Path(folder, f"{number:06}.txt").write_text("\n\n".join(text))


def figures(database_url: str, articles: Path, options) -> Iterator[tuple[str, str]]:
    """What was measured on this database, or on a SQLite file of its own, and the figures."""
    count = options.articles
    with desk(database_url) as variables:
        python(PREPARE.format(slug="whole"), variables)
        run = command("whole", articles, variables).finish()
        rows = [
            ("Articles of 5 kB a second", f"{count / run.seconds:.0f} ({run.seconds:.0f} s)"),
            ("Of the processor's time alone", f"{count / run.of_processor:.0f} a second"),
            ("Memory at the most", f"{run.megabytes:.0f} MB"),
            ("Stored, different, revisions, events", counted("whole", variables)),
        ]
        if not options.kill:
            return rows
        python(PREPARE.format(slug="killed"), variables)
        first = command("killed", articles, variables)
        first.kill_after(count // 2)
        left = counted("killed", variables)
        again = command("killed", articles, variables).finish()
        return [
            *rows,
            ("Stored when it was killed", left),
            ("The same command again", f"{again.seconds:.0f} s, {again.megabytes:.0f} MB"),
            ("Stored, different, revisions, events", counted("killed", variables)),
        ]


class Call:
    """A call of the command that is under way."""

    def __init__(self, arguments: list[str], variables: dict[str, str]):
        self.began = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=variables,
            stdout=subprocess.PIPE,
        )

    def kill_after(self, articles: int) -> None:
        """Kill it when it has told of so many articles."""
        for _ in islice(self.process.stdout, articles):
            pass
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.communicate()

    def finish(self) -> Run:
        """What it took, its readers included; wait until it ends."""
        self.process.stdout.read()
        _, status, usage = os.wait4(self.process.pid, 0)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - self.began
        of_processor = usage.ru_utime + usage.ru_stime
        return Run(seconds, of_processor, usage.ru_maxrss / 1e3, self.process.returncode)


def command(slug: str, articles: Path, variables: dict[str, str]) -> Call:
    return Call(["import_articles", str(articles), f"--project={slug}", f"--by={slug}"], variables)


def counted(slug: str, variables: dict[str, str]) -> str:
    return ", ".join(map(str, json.loads(python(COUNT.format(slug=slug), variables))))


def python(code: str, variables: dict[str, str]) -> bytes:
    called = [sys.executable, "-W", "ignore", "-c", code]
    return subprocess.run(
        called, cwd=ROOT, env=variables, check=True, stdout=subprocess.PIPE
    ).stdout


@contextmanager
def desk(database_url: str) -> Iterator[dict[str, str]]:
    """The environment of a desk with a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="crossread-benchmarks-") as folder:
        variables = {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATA_DIR": folder,
            "SECRET_KEY": "benchmarks-0123456789-abcdefghijklmnopqrstuvwxyz",
            "HTTPS": "false",
            "LOG_LEVEL": "ERROR",
        }
        if database_url:
            variables["DATABASE_URL"] = database_url
        yield os.environ | variables


if __name__ == "__main__":
    main()
