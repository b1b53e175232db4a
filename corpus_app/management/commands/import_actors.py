"""Import actors from CSV or JSON, as `export_actors` writes them."""

from corpus_app import registry
from corpus_app.management.base import FileCommand


class Command(FileCommand):
    help = "Import actors from CSV or JSON. A row that cannot be stored is told and stops nothing."
    read = staticmethod(registry.import_text)
