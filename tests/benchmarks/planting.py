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
    clock.stop()
    recall, precision, missed = planted.judged(project, pieces)
    shares = Counter(piece.kind for piece in missed)
    figures = {
        "Articles, characters": f"{count:,}, {clock.characters:,}",
        "Planted": len(pieces),
        "Of these found (recall)": f"{recall:.1%}",
        "Of the found planted (precision)": f"{precision:.1%}",
        "Missed": ", ".join(f"{n} {kind}" for kind, n in shares.items()) or "none",
        "Import, all of it": f"{clock.importing:.1f} s, {count / clock.importing:.0f} a second",
        "Finding, an article of 5 kB": f"{clock.finding / clock.characters * 5e6:.2f} ms of work",
        "Finding's share of the import's work": f"{clock.finding / clock.worked:.0%}",
        "Fingerprints, reuses": f"{Fingerprint.objects.count():,}, {Reuse.objects.count():,}",
        "Memory at the most": f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:.0f} MB",
    }
    json.dump([[name, str(figure)] for name, figure in figures.items()], sys.stdout)


class Clock:
    """Tells finding from the import that it is a part of, and both from the writing of texts.

    Work is the processor's time of this process, which other programs disturb less.
    """

    def __init__(self):
        self.characters = 0
        self.finding = self.written = self.writing_work = 0.0
        self.began = time.perf_counter()
        self.work_began = time.process_time()
        self.find = reuse.index
        revising.reuse.index = self.timed

    def stop(self) -> None:
        self.importing = time.perf_counter() - self.began - self.written
        self.worked = time.process_time() - self.work_began - self.writing_work

    def writing(self, texts):
        """The texts, the time of whose making does not count."""
        while True:
            began, work_began = time.perf_counter(), time.process_time()
            text = next(texts, None)
            self.written += time.perf_counter() - began
            self.writing_work += time.process_time() - work_began
            if text is None:
                return
            self.characters += len(text)
            yield text

    def timed(self, *arguments):
        began = time.process_time()
        found = self.find(*arguments)
        self.finding += time.process_time() - began
        return found
