"""What is measured. Every case gives its name and its figures as text."""

import json
import statistics
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path

import psutil
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rich.console import Console

from corpus_app import people
from corpus_app.models import Membership, User
from tests.benchmarks.world import World, fill
from tests.serving import Desk, served

REPEATS = 100


def main() -> None:
    """Fill a fresh database, serve it, and print all figures as JSON."""
    console = Console(stderr=True)
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    with console.status(f"Filling {connection.vendor} …"):
        world = fill()
    figures = [("Import, articles of 5 kB", f"{world.articles_a_second:.0f}/s")]
    with served(Path(settings.DATA_DIR)) as desk:
        for case in (idle, writing, reading, lists, exports, pages):
            with console.status(f"{connection.vendor}: {case.__doc__}"):
                figures += case(desk, world)
    json.dump(figures, sys.stdout)


def idle(desk: Desk, world: World) -> Iterator[tuple[str, str]]:
    """Memory of the served desk before it has done anything."""
    yield "Memory when idle, all processes", f"{memory(desk):.0f} MB"


def writing(desk: Desk, world: World) -> Iterator[tuple[str, str]]:
    """Annotations made over the API, by one person and by four at once."""
    revision = str(world.small.revisions.get().pk)

    def create(client: int) -> tuple:
        body = {
            "id": str(uuid.uuid4()), "revision": revision,
            "kind": "claim", "spans": [{"start": 30, "end": 60}],
        }  # fmt: skip
        return "POST", "/api/v1/annotations/", json.dumps(body), token_of(world, client)

    drive(desk, create, clients=4, repeats=10)
    yield "Make one annotation", told(drive(desk, create)[0])
    times, took = drive(desk, create, clients=4)
    yield "Make annotations, four clients", f"{len(times) / took:.0f}/s; {told(times)}"


def reading(desk: Desk, world: World) -> Iterator[tuple[str, str]]:
    """An article with 500 annotations, read as JSON."""
    address = f"/api/v1/annotations/?revision={world.full.revisions.get().pk}&page_size=500"
    yield (
        "Read an article's 500 annotations",
        told(drive(desk, lambda client: ("GET", address, None, token_of(world, client)))[0]),
    )


def lists(desk: Desk, world: World) -> Iterator[tuple[str, str]]:
    """Pages of 50 rows of the large project."""
    key = {"Authorization": f"Token {curator_token(world)}"}
    addresses = {
        "List 50 articles": "/api/v1/articles/?project=large",
        "List 50 annotations": "/api/v1/annotations/?project=large",
        "List 50 annotations by actor": f"/api/v1/annotations/?actor={an_actor(world)}",
    }
    for name, address in addresses.items():
        yield name, told(drive(desk, lambda client, at=address: ("GET", at, None, key))[0])


def exports(desk: Desk, world: World) -> Iterator[tuple[str, str]]:
    """The large project in every format."""
    key = {"Authorization": f"Token {curator_token(world)}"}
    spans = world.large.annotation_set.count()
    for format in ("jsonl", "csv", "jsonld"):
        address = f"/api/v1/projects/large/export/{format}/"
        request = ("GET", address, None, key)
        _, took = drive(desk, lambda client, sent=request: sent, repeats=1)
        figures = f"{took:.1f} s, {spans / took:.0f}/s; memory {memory(desk, peak=True):.0f} MB"
        yield f"Export {spans} claims, {format}", figures


def pages(desk: Desk, world: World) -> Iterator[tuple[str, str]]:
    """The workbench with few and many annotations: time, size, and number of queries."""
    for name, article in (
        ("none on 5 kB", world.small), ("500 on 5 kB", world.full), ("1,000 on 100 kB", world.long)
    ):  # fmt: skip
        address = f"/articles/{article.pk}/"
        cookie = {"Cookie": f"sessionid={world.sessions[0]}", "Accept-Encoding": "gzip"}
        request = ("GET", address, None, cookie)
        times = drive(desk, lambda client, sent=request: sent, repeats=30)[0]
        client = Client(SERVER_NAME="localhost")
        client.cookies["sessionid"] = world.sessions[0]
        with CaptureQueriesContext(connection) as queries:
            size = len(client.get(address).content)
        figures = f"{told(times)}; {size / 1000:.0f} kB; {len(queries)} queries"
        yield f"Open the workbench, {name}", figures


def drive(
    desk: Desk, request: Callable[[int], tuple], clients: int = 1, repeats: int = REPEATS
) -> tuple[list[float], float]:
    """The seconds that each request took, and all of them together; an error ends the run."""
    times, faults = [], []

    def work(client: int) -> None:
        http = HTTPConnection("127.0.0.1", desk.port, timeout=120)
        for _ in range(repeats):
            method, path, body, headers = request(client)
            began = time.perf_counter()
            http.request(method, path, body, headers)
            response = http.getresponse()
            answer = response.read()
            times.append(time.perf_counter() - began)
            if response.status not in (200, 201):
                faults.append(f"{path}: {response.status} {answer[:200]!r}")
        http.close()

    threads = [threading.Thread(target=work, args=(client,)) for client in range(clients)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise SystemExit("\n".join(faults[:5]))
    return times, time.perf_counter() - began


def told(times: list[float]) -> str:
    """Median and 95th percentile in words."""
    p95 = statistics.quantiles(times, n=20)[-1]
    return f"{statistics.median(times) * 1000:.1f} ms, p95 {p95 * 1000:.1f} ms"


def memory(desk: Desk, peak: bool = False) -> float:
    """Megabytes that the server holds, or (of its worker) held at the most."""
    top = psutil.Process(desk.process.pid)
    family = [top, *top.children(recursive=True)]
    if not peak:
        return sum(process.memory_info().rss for process in family) / 1e6
    status = Path(f"/proc/{family[-1].pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1e3


def token_of(world: World, client: int) -> dict[str, str]:
    return {"Authorization": f"Token {world.tokens[client]}", "Content-Type": "application/json"}


def curator_token(world: World) -> str:
    curator = User.objects.get(pk=Membership.objects.filter(project=world.large).last().user_id)
    return people.create_token(by=curator, name="benchmark", scope="read")[1]


def an_actor(world: World):
    return world.large.actor_set.first().pk
