"""Import actors from a CSV with the columns name, kind, part_of, aliases, metonyms."""

from corpus_app import actors
from corpus_app.management.base import FileCommand


class Command(FileCommand):
    help = "Import actors from CSV. A row that cannot be stored is told and stops nothing else."
    read = staticmethod(actors.import_csv)
