"""The crowd at work: a project, its people, rounds of work, and what is looked at after each."""

import itertools
import json
import os
import statistics
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from annotations.models import Annotation, ClaimTag
from corpus_app import people
from corpus_app.models import Actor, Article, Event, Project, Role, Turn, User
from tests import factories
from tests.benchmarks import crowd_truth
from tests.benchmarks.crowd_analysts import Analyst
from tests.benchmarks.crowd_asking import MOST_TOLD, Caller, Tally
from tests.benchmarks.crowd_copy import Copy
from tests.benchmarks.crowd_people import PROJECT, Client, Curator, Known, Manager, Reader
from tests.benchmarks.world import session
from tests.serving import served

ARTICLES, ANALYSTS, ROUND = 10, 5, 60
SENTENCES = (
    "The harbour office of {} says that the strait is calm, and nobody agrees with it.",
    "Nobody 👩‍👩‍👧 was told why 🏳️‍🌈 the ferry had stopped.",
    "אמש נסגר המצר בפני ספינות, אמר השר.",
    "Ame\u0323lie n\u0303o\u0327 longer sails e\u0301very day.",
    "港口當局關閉了海峽。",
)


def main() -> None:
    """Fill a fresh database, let the crowd at it, and print figures and faults as JSON."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    known, persons = fill()
    threads = f"--threads={os.environ['SERVER_THREADS']}"
    tally = Tally()
    with served(Path(settings.DATA_DIR), options=(threads,)) as desk:
        crowd = Crowd(known, persons, tally, desk.port)
        for seconds in rounds(int(os.environ["SECONDS"])):
            crowd.work(seconds)
            crowd.compare()
    for words in crowd_truth.faults(PROJECT, known.made):
        tally.complain(words)
    told = [*tally.wrong[:MOST_TOLD], *([f"{len(tally.wrong)} in all"] if tally.wrong else [])]
    json.dump([list(figures(tally, crowd)), told], sys.stdout)


def rounds(seconds: int) -> list[int]:
    """How long each round takes; after each, everybody rests and the copies are compared."""
    number = max(1, round(seconds / ROUND))
    return [seconds // number] * number


def fill() -> tuple[Known, dict[str, list[dict[str, str]]]]:
    """A blind project of a few articles that every analyst codes; its people, by role."""
    head = factories.UserFactory()
    project = people.create_project(by=head, slug=PROJECT, name="The strait", blind=True)
    people.create_project(by=head, slug="beside", name="Beside")
    team = {Role.MANAGER: [head]}
    for role, number in ((Role.ANALYST, ANALYSTS), (Role.CURATOR, 2)):
        team[role] = [factories.UserFactory() for _ in range(number)]
        for user in team[role]:
            people.join(by=head, project=project, user=user, role=role)
    by = team[Role.CURATOR][0]
    factories.small_codebook(project, by=by)
    actors = [factories.actor(project, f"Office {number}", by=by) for number in range(12)]
    texts = {}
    for number in range(ARTICLES):
        body = "\n\n".join(sentence.format(number) for sentence in SENTENCES * 6)
        article = factories.plain_article(project, f"Strait {number}\n\n{body}\n", by=by)
        for analyst in team[Role.ANALYST]:
            factories.assigned(article, analyst)
        revision = article.revisions.get()
        texts[str(revision.pk)] = (str(article.pk), revision.text)
    tags = {tag.slug: str(tag.pk) for tag in ClaimTag.objects.filter(project=project)}
    tags["of calm"] = str(ClaimTag.objects.get(pk=tags["calm"]).facet_id)
    persons = {role: [person(user) for user in users] for role, users in team.items()}
    persons["reader"] = [person(by, project)]
    return Known(texts, [str(actor.pk) for actor in actors], tags), persons


def person(user: User, only: Project | None = None) -> dict[str, str]:
    """How somebody is let in; with a project, by a token that may only read it."""
    scope = "read" if only else "write"
    name = f"{scope}s"
    _, token = people.create_token(by=user, name=name, scope=scope, project=only)
    return {"name": user.username, "token": token, "session": session(user)}


class Crowd:
    """All clients, and the two programs that follow them."""

    def __init__(self, known: Known, persons: dict, tally: Tally, port: int):
        self.tally, self.equal = tally, []
        kinds = {
            "analyst": Analyst, "curator": Curator, "manager": Manager, "reader": Reader,
        }  # fmt: skip
        # Of sixteen: ten analysts at five desks, four curators, a manager and a reader.
        order = ["analyst"] * 4 + ["curator", "analyst", "reader", "manager"]
        order += ["analyst"] * 5 + ["curator"] * 3
        desks = {role: itertools.cycle(known_persons) for role, known_persons in persons.items()}
        seed = int(os.environ["SEED"]) * 1000
        self.clients: list[Client] = [
            kinds[role](known, tally, port, next(desks[role]), seed + number)
            for number, role in zip(
                range(int(os.environ["CLIENTS"])), itertools.cycle(order), strict=False
            )
        ]
        self.copies = [
            Copy(Caller(port, tally, token=persons[role][0]["token"]), PROJECT, size=size)
            for role, size in (("curator", 500), ("analyst", 100), ("analyst", 7))
        ]
        self.seconds = 0.0

    def work(self, seconds: int) -> None:
        """Everybody works for so long, and two programs follow meanwhile."""
        began = time.monotonic()
        end = threading.Event()
        threads = [threading.Thread(target=self._work, args=(one, end)) for one in self.clients]
        threads += [
            threading.Thread(target=self._follow, args=(one, end)) for one in self.copies[:2]
        ]
        for thread in threads:
            thread.start()
        end.wait(seconds)
        end.set()
        for thread in threads:
            thread.join()
        self.seconds += time.monotonic() - began

    def _work(self, client: Client, end: threading.Event) -> None:
        while not end.is_set():
            try:
                client.step()
            except Exception:
                self.tally.complain(f"the client itself failed:\n{traceback.format_exc()}")

    def _follow(self, copy: Copy, end: threading.Event) -> None:
        while not end.wait(0.5):
            copy.follow()

    def compare(self) -> None:
        """Bring the copies up to date, while nobody writes, and compare them with the lists."""
        for copy in self.copies[:2]:
            copy.follow()
            self._judge(copy)

    def _judge(self, copy: Copy) -> None:
        differences = list(copy.differences())
        self.equal.append(not differences)
        for words in differences:
            self.tally.complain(words)


def figures(tally: Tally, crowd: Crowd) -> Iterator[list[str]]:
    """A row for each kind of request, and what there is in the end."""
    for kind, times in sorted(tally.times.items()):
        ordered = sorted(times)
        p95 = ordered[int(len(ordered) * 0.95)]
        answers = ", ".join(f"{s}: {n}" for s, n in sorted(tally.statuses[kind].items()))
        yield [
            kind, f"{len(times)}", f"{len(times) / crowd.seconds:.1f}",
            f"{statistics.median(times) * 1000:.0f} ms", f"{p95 * 1000:.0f} ms", answers,
        ]  # fmt: skip
    times = sorted(itertools.chain.from_iterable(tally.times.values()))
    faults = sum(n for counts in tally.statuses.values() for s, n in counts.items() if s >= 500)
    none = sum(counts[0] for counts in tally.statuses.values())
    yield [
        "all", f"{len(times)}", f"{len(times) / crowd.seconds:.1f}",
        f"{statistics.median(times) * 1000:.0f} ms",
        f"{times[int(len(times) * 0.95)] * 1000:.0f} ms",
        f"5xx: {faults}, none: {none}, wrong: {len(tally.wrong)}",
    ]  # fmt: skip
    counted = (("events", Event), ("turns", Turn), ("annotations", Annotation),
               ("articles", Article), ("actors", Actor))  # fmt: skip
    for name, model in counted:
        yield [f"{name} stored", str(model.objects.count()), "", "", "", connection.vendor]
    for copy, name in zip(crowd.copies, ("a curator's", "an analyst's"), strict=False):
        told = f"{len(copy.heard)} entries, {copy.reread} read anew"
        yield [f"copy of {name}", str(len(copy.things)), "", "", "", told]
    equal = "yes" if all(crowd.equal) else "no"
    yield ["copies equal", equal, "", "", "", f"{len(crowd.equal)} comparisons"]
