"""Static files under names that carry their content's hash, imports of ES modules included."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from django.contrib.staticfiles.apps import StaticFilesConfig
from django.core.files.base import ContentFile
from rcssmin import cssmin
from rjsmin import jsmin
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

SHORTER: dict[str, Callable[[str], str]] = {".js": jsmin, ".css": cssmin}
OURS = ("annotations/", "corpus_app/")
VALIDATORS = {"ETag", "Last-Modified"}
IMPORT = re.compile(r'^@import "([^"]+)";$', re.M)  # of a style sheet beside this one


class OwnStaticFilesConfig(StaticFilesConfig):
    """Static files without what nobody asks for: a second viewer of the API."""

    ignore_patterns = (*StaticFilesConfig.ignore_patterns, "redoc")


class HashedStaticFiles(WhiteNoiseMiddleware):
    """Serves the files; those that never change say nothing of their age: nobody asks again."""

    def get_static_file(self, path: str, url: str, stat_cache=None) -> StaticFile:
        file = super().get_static_file(path, url, stat_cache)
        if self.immutable_file_test(path, url):
            file.alternatives = [
                (encoding, name, [header for header in headers if header[0] not in VALIDATORS])
                for encoding, name, headers in file.alternatives
            ]
        return file


class Shortened:
    """A storage that gives a script or a style sheet without its comments and blanks.

    A style sheet has in it what it imports: one request instead of many.
    """

    def __init__(self, storage, shorter: Callable[[str], str]):
        self.storage, self.shorter = storage, shorter

    def open(self, path: str) -> ContentFile:
        text = self._read(path)
        if path.endswith(".css"):
            text = IMPORT.sub(lambda found: self._read(Path(path).with_name(found[1])), text)
        return ContentFile(self.shorter(text).encode(), path)

    def _read(self, path: str | Path) -> str:
        with self.storage.open(path) as file:
            return file.read().decode()


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Manifest storage that also rewrites `import … from` in our modules, and sends them short."""

    support_js_module_import_aggregation = True
    # Each pass settles the names of one step in a chain of imports, and ours have more than five.
    max_post_process_passes = 20

    def post_process(self, paths: dict, dry_run: bool = False, **options) -> Iterator:
        """What was done to each file, as in Django."""
        return super().post_process(
            {name: (_shortened(name, storage), path) for name, (storage, path) in paths.items()},
            dry_run, **options,
        )  # fmt: skip


def _shortened(name: str, storage):
    shorter = SHORTER.get(name[name.rfind(".") :])
    return Shortened(storage, shorter) if shorter and name.startswith(OURS) else storage
