"""What is measured of finding reuses: recall, precision, time and memory."""

import json
import os
import resource
import sys
import time
from collections import Counter

from django.core.management import call_command

from corpus_app import reuse, revising
from corpus_app.models import Fingerprint, Reuse, Role
from tests import factories, planted


def main() -> None:
    """Print the figures as JSON: pairs of what was measured and its figure in words."""
    call_command("migrate", verbosity=0)
    project = factories.ProjectFactory(slug="planted")
    curator = factories.member(project, Role.CURATOR)
    count = int(os.environ["ARTICLES"])
    texts, pieces = planted.corpus(count, int(os.environ["PLANTED"]))
    clock = Clock()
    planted.store(project, curator, clock.writing(texts))
    recall, precision, missed = planted.judged(project, pieces)
    shares = Counter(piece.kind for piece in missed)
    json.dump(
        [
            ("Articles, characters", f"{count}, {clock.characters:,}"),
            ("Planted, found, of the found planted", f"{len(pieces)}, {recall:.1%}, {precision:.1%}"),
            ("Missed by kind", ", ".join(f"{n} {kind}" for kind, n in shares.items()) or "none"),
            ("Import, all of it", f"{clock.importing:.1f} s, {count / clock.importing:.0f} a second"),
            ("Finding, a 5 kB article", f"{clock.finding / clock.characters * 5e6:.2f} ms"),
            ("Finding's share of the import", f"{clock.finding / clock.importing:.0%}"),
            ("Fingerprints, reuses", f"{Fingerprint.objects.count():,}, {Reuse.objects.count():,}"),
            ("Memory at the most", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:.0f} MB"),
        ],
        sys.stdout,
    )  # fmt: skip


class Clock:
    """Tells the time of finding from that of the import, and both from that of writing texts."""

    def __init__(self):
        self.characters = 0
        self.finding = 0.0
        self.written = 0.0
        self.began = time.perf_counter()
        self.find = reuse.index
        revising.reuse.index = self.timed

    @property
    def importing(self) -> float:
        return time.perf_counter() - self.began - self.written

    def writing(self, texts):
        began = time.perf_counter()
        for text in texts:
            self.written += time.perf_counter() - began
            self.characters += len(text)
            yield text
            began = time.perf_counter()

    def timed(self, *arguments):
        began = time.perf_counter()
        found = self.find(*arguments)
        self.finding += time.perf_counter() - began
        return found
