"""Import coded claims and mentions from JSONL, anchored by their quotes."""

from rich.console import Console
from rich.progress import track

from annotations.exchange import claims
from corpus_app.management.base import FileCommand


class Command(FileCommand):
    help = "Import coded claims from JSONL. A row that cannot be anchored or resolved is told."

    def read(self, *, by, project, text):
        console = Console(stderr=True)
        rows = track(claims.rows_of(text), "Importing", console=console, transient=True)
        return claims.import_rows(by=by, project=project, rows=rows)
