"""List every format of files, and what it cannot hold."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from annotations.exchange.formats import FORMATS, Format
from annotations.exchange.holdings import Feature

BEGIN, END = "<!-- formats: begin -->\n", "<!-- formats: end -->\n"
HEAD = (
    "| format | name | file | out | in | counts | cannot hold |\n"
    "|---|---|---|:-:|:-:|---|---|\n"
)  # fmt: skip


class Command(BaseCommand):
    help = "List every format of files, and what it cannot hold, as a table in Markdown."

    def add_arguments(self, parser):
        parser.add_argument(
            "--into", type=Path, help="A file in which the table is put between its two marks."
        )

    def handle(self, *args, **options):
        if not options["into"]:
            self.stdout.write(table(), ending="")
            return
        try:
            text = options["into"].read_text(encoding="utf-8")
            options["into"].write_text(renewed(text), encoding="utf-8")
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error


def table() -> str:
    """The table in Markdown, a row per format."""
    return HEAD + "".join(_row(name, known) for name, known in FORMATS.items())


def renewed(text: str) -> str:
    """The text with the table as it is now. Raises ValueError if the marks are not in it."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"There is no place for the table: {BEGIN.strip()} … {END.strip()}.")
    return f"{before}{BEGIN}{table()}{END}{after}"


def _row(name: str, known: Format) -> str:
    marks = ["✓" if able else "–" for able in (known.writes, known.reads)]
    cells = [known.label, f"`{name}`", f".{known.suffix}", *marks, known.units, _lost(known)]
    return f"| {' | '.join(cells)} |\n"


def _lost(known: Format) -> str:
    if not known.writes:
        return "– (only read)"
    if not known.loses:
        return "– (has all that any file has)"
    if len(known.loses) <= len(Feature) / 2:
        return ", ".join(str(one) for one in Feature if one in known.loses)
    held = ", ".join(str(one) for one in Feature if one not in known.loses)
    return f"anything but {held}"
