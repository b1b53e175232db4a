"""What is measured of a large registry. Every case gives its name and its figures as text."""

import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator

from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client

from corpus_app import merging, people, registry
from corpus_app.models import Actor, Alias, Project, Role, User
from corpus_app.report import Report

ACTORS, ALIASES_EACH, SECOND = 10_000, 5, 1_000
WORDS = (
    "harbour strait tunnel office ministry council party union bank institute agency league north "
    "south east west upper lower royal free national people foreign trade coast river valley"
)
TYPED = ("h", "ha", "harbour", "harbour off", "ministry of", "nobody at all", "o", "name 77")


def main() -> None:
    """Fill a fresh database and print all figures as JSON."""
    call_command("migrate", verbosity=0)
    by = User.objects.create_superuser("root", password=None)
    project = people.create_project(by=by, slug="large", name="Large")
    figures = []
    began = time.perf_counter()
    entries = list(enumerate(crowd(), start=1))
    with transaction.atomic():
        report = registry.bring(by=by, project=project, entries=entries, report=Report())
    names = Actor.objects.count() + Alias.objects.count()
    took = time.perf_counter() - began
    figures.append((f"Import, {names:,} names of {report.stored:,} actors", f"{took:.0f} s"))
    connection.cursor().execute("ANALYZE")
    for case in (typing, doubles, exporting):
        figures += case(by, project)
    json.dump(figures, sys.stdout)


def crowd() -> Iterator[dict]:
    """Actors with invented names and aliases, as a file of actors has them."""
    choose = random.Random(11)
    words = WORDS.title().split()
    for n in range(ACTORS):
        name = " ".join((*choose.sample(words, 3), str(n)))
        aliases = [{"name": f"{choose.choice(words)} name {n} {k}"} for k in range(ALIASES_EACH)]
        yield {"name": name, "kind": "other", "aliases": aliases}


def typing(by: User, project: Project) -> Iterator[tuple[str, str]]:
    """Type-ahead over the API."""
    person = User.objects.create_user("ada")
    people.join(by=by, project=project, user=person, role=Role.ANALYST)
    client = Client(SERVER_NAME="localhost")
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    for words in TYPED:
        query = {"project": "large", "q": words}
        times = timed(lambda query=query: answered(client, query), 25)
        p95 = statistics.quantiles(times, n=20)[-1]
        yield f"Type-ahead “{words}”, median, p95", f"{statistics.median(times):.1f}, {p95:.1f} ms"


def answered(client: Client, query: dict[str, str]) -> None:
    """Ask for what was typed."""
    assert client.get("/api/v1/actors/suggest/", query).status_code == 200


def doubles(by: User, project: Project) -> Iterator[tuple[str, str]]:
    """Likely doubles."""
    [took] = timed(lambda: merging.doubles(project), 1)
    yield f"Likely doubles among {ACTORS:,}", f"{took / SECOND:.1f} s"


def exporting(by: User, project: Project) -> Iterator[tuple[str, str]]:
    """The registry as files."""
    rows = Actor.objects.filter(project=project).order_by("created", "id")
    for name, lines in (("CSV", registry.csv_lines), ("JSON", registry.json_lines)):
        [took] = timed(lambda lines=lines: sum(map(len, lines(rows))), 1)
        yield f"Export as {name}", f"{took / SECOND:.1f} s"


def timed(call: Callable[[], object], repeats: int) -> list[float]:
    """Milliseconds that each call took."""
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        call()
        times.append((time.perf_counter() - began) * SECOND)
    return times
