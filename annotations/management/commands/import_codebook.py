"""Import a codebook from JSON."""

from annotations import codebook
from corpus_app.management.base import FileCommand


class Command(FileCommand):
    help = "Import a codebook from JSON. Facets and tags that are there already are left alone."
    read = staticmethod(codebook.import_json)
