"""What is measured of exchange: a project of a million annotations, and one of ten thousand."""

import itertools
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from annotations import codebook
from annotations.exchange import storing
from annotations.exchange.formats import FORMATS
from annotations.exchange.source import source_for
from annotations.models import Annotation, Assignment, ClaimTag, Coding, Participant, Span
from corpus_app.models import Actor, Outlet, Project, Role, User
from corpus_app.pouring import pour
from tests import factories, planted
from tests.benchmarks.large_team import Marker

OF_ONE_ARTICLE = 200
SMALL = int(os.environ.get("SMALL", "10000"))
ASKED, DEEP = 40, 1000
TABLES = ("annotation", "span", "participant", "coding", "link")
COLUMNS = {
    Annotation: (
        "id", "project_id", "created", "version", "updated", "article_id", "revision_id",
        "author_id", "kind", "layer", "state", "attribution", "certainty", "note", "flagged",
        "origin", "tool", "tool_version",
    ),
    Span: ("project_id", "annotation_id", "start", "end", "quote"),
    Participant: (
        "project_id", "annotation_id", "role", "position", "actor_id", "stands_for", "endorsement",
    ),
    Coding: ("project_id", "annotation_id", "tag_id", "definition_number", "stance"),
}  # fmt: skip
CHILD = (
    "import django; django.setup(); from tests.benchmarks import large_exchange as cases; "
    "cases.{call}"
)

Figures = Iterator[tuple[str, str]]


def main() -> None:
    """Fill a fresh database and print all figures as JSON."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    large, small = (int(os.environ["ANNOTATIONS"]), SMALL)
    began = time.perf_counter()
    for slug, number in (("small", small), ("large", large)):
        fill(slug, number)
    figures = [
        (f"Filled with {large + small:,} annotations", f"{time.perf_counter() - began:.0f} s")
    ]
    for format in ("jsonl", "csv", "csv-codings", "jsonld"):
        figures += apart(f"export('large', {format!r})")
    if connection.vendor == "postgresql":
        figures += copied_out("large")
    for slug in ("small", "large"):
        figures += lists(slug)
    figures += import_again(int(os.environ["IMPORTED"]))
    json.dump(figures, sys.stdout)


def fill(slug: str, number: int) -> None:
    """A project with so many annotations, two hundred on each article, by ten analysts."""
    project = factories.ProjectFactory(slug=slug)
    manager = factories.member(project, Role.MANAGER, user__username=f"manager-{slug}")
    factories.small_codebook(project, manager)
    facet = ClaimTag.objects.get(project=project, slug="calm").facet
    for n in range(30):
        values = codebook.TagValues(f"Proposition {n}", slug=f"proposition-{n}")
        codebook.create_tag(by=manager, facet=facet, values=values)
    for n in range(100):
        factories.actor(project, f"Office {n}", manager)
    coders = [factories.member(project) for _ in range(10)]
    texts, _ = planted.corpus(max(number // OF_ONE_ARTICLE, 1), planted=0)
    planted.store(project, manager, texts)
    mark(project, coders, number)
    outlets = [
        Outlet.objects.create(project=project, name=f"O{n}", name_key=f"o{n}") for n in range(5)
    ]
    for n, outlet in enumerate(outlets):
        chosen = project.article_set.order_by("pk").values_list("pk", flat=True)[n::5]
        project.article_set.filter(pk__in=list(chosen)).update(outlet=outlet)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def mark(project: Project, coders: list[User], number: int) -> None:
    """So many claims, two hundred on each article, poured into the tables."""
    choose = random.Random(7)
    marker = Marker(project, choose)
    marker.kinds = list(ClaimTag.objects.filter(project=project, facet__slug="claim-type"))
    marker.propositions = list(ClaimTag.objects.filter(project=project, facet__slug="proposition"))
    marker.actors = list(Actor.objects.filter(project=project))
    turns = itertools.cycle(coders)
    rows: dict[type, list] = {model: [] for model in COLUMNS}
    for article in project.article_set.prefetch_related("revisions").defer("raw").iterator(100):
        revision, coder = article.revisions.all()[0], next(turns)
        Assignment.objects.create(project=project, article=article, analyst=coder, state="started")
        for _ in range(min(OF_ONE_ARTICLE, number)):
            claim(rows, article, revision, coder, marker.truth(len(revision.text)))
        if len(rows[Annotation]) > 20_000:
            poured(rows)
    poured(rows)


def claim(rows: dict[type, list], article, revision, coder: User, truth: tuple) -> None:
    start, end, kind, proposition, stance, actor = truth
    pk, project, now = uuid.uuid4(), article.project_id, timezone.now()
    quote = revision.text[start:end]
    rows[Annotation].append(
        (pk, project, now, 1, now, article.pk, revision.pk, coder.pk, "claim", "analyst",
         "complete", "", "", "", False, "human", "", "")
    )  # fmt: skip
    rows[Span].append((project, pk, start, start + len(quote), quote))
    rows[Participant].append((project, pk, "claimant", 0, actor.pk, "", ""))
    rows[Coding] += [(project, pk, kind.pk, 1, ""), (project, pk, proposition.pk, 1, stance)]


@transaction.atomic
def poured(rows: dict[type, list]) -> None:
    for model, columns in COLUMNS.items():
        pour(model, columns, rows[model])
        rows[model].clear()


def apart(call: str) -> list[tuple[str, str]]:
    """The figures of a call in a process of its own, so that its memory is its own."""
    command = [sys.executable, "-W", "ignore", "-c", CHILD.format(call=call)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return [tuple(row) for row in json.loads(done.stdout)]


def export(slug: str, format: str) -> None:
    """Print how fast a format is written, and what memory that took beyond an idle process."""
    project = Project.objects.get(slug=slug)
    source = source_for(User.objects.get(username=f"manager-{slug}"), project)
    rows = source.annotations.filter(project=project).count()
    idle = peak()
    began = time.perf_counter()
    first, size = 0.0, 0
    for piece in FORMATS[format].write(source):
        first = first or time.perf_counter() - began
        size += len(piece)
    took = time.perf_counter() - began
    told = (
        f"{took:.1f} s, {rows / took:,.0f} rows/s, {size / took / 1e6:.1f} MB/s, "
        f"+{peak() - idle:.0f} MB, first byte {first * 1000:.0f} ms"
    )
    json.dump([[f"Export {format}, {rows:,} annotations", told]], sys.stdout)


def copied_out(slug: str) -> Figures:
    """`COPY` of the same rows, table by table."""
    project = Project.objects.get(slug=slug).pk
    began, size = time.perf_counter(), 0
    with connection.cursor() as cursor:
        for table in TABLES:
            query = f"COPY (SELECT * FROM annotations_{table} WHERE project_id = %s) TO STDOUT"
            with cursor.cursor.copy(query, [project]) as copy:
                size += sum(len(data) for data in copy)
    took = time.perf_counter() - began
    rows = Annotation.objects.filter(project=project).count()
    yield (
        "COPY of the same rows",
        f"{took:.1f} s, {rows / took:,.0f} rows/s, {size / took / 1e6:.1f} MB/s",
    )


def lists(slug: str) -> Figures:
    """Filtered lists of the API: of each the first page, and the first filter's thousandth."""
    project = Project.objects.get(slug=slug)
    client = Client(SERVER_NAME="localhost")
    client.force_login(
        User.objects.get(username=f"manager-{slug}"),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    own = {"project": slug}
    tag = ClaimTag.objects.get(project=project, slug="proposition-3")
    asked = {
        "project": own,
        "tag and stance": {**own, "tag": tag.pk, "stance": "oppose"},
        "actor as claimant": {
            **own,
            "actor": Actor.objects.filter(project=project).first().pk,
            "role": "claimant",
        },
        "outlet": {**own, "outlet": Outlet.objects.filter(project=project).first().pk},
        "newest first": {**own, "sort": "-created"},
        "words of a quote": {**own, "text": "harbour"},
    }
    number = Annotation.objects.filter(project=project).count()
    for name, query in asked.items():
        yield f"List of {number:,}, {name}", told([ask(client, query)[0] for _ in range(ASKED)])
    cursor = None
    for _ in range(DEEP - 1):
        _, following = ask(client, {**own, **cursor} if cursor else own)
        if not following:
            break
        cursor = {"cursor": following}
    deep = [ask(client, {**own, **(cursor or {})})[0] for _ in range(ASKED)]
    yield f"List of {number:,}, project, page {min(DEEP, -(-number // 50)):,}", told(deep)


def ask(client: Client, query: dict) -> tuple[float, str | None]:
    """How long a page took, and the cursor of the next."""
    began = time.perf_counter()
    answer = client.get("/api/v1/annotations/", query)
    took = time.perf_counter() - began
    assert answer.status_code == 200, (query, answer.content[:300])
    following = json.loads(answer.content)["next"]
    return took, following and following.split("cursor=")[1].split("&")[0].replace("%3D", "=")


def told(times: list[float]) -> str:
    times = sorted(times)
    p95 = times[int(len(times) * 0.95) - 1]
    return f"median {statistics.median(times) * 1000:.1f} ms, p95 {p95 * 1000:.1f} ms"


def import_again(number: int) -> Figures:
    """As many annotations read into an empty project, beside `COPY` into copies of the tables."""
    fill("again", number)
    with tempfile.TemporaryDirectory(prefix="crossread-") as folder:
        path = Path(folder) / "again.jsonl"
        source = source_for(
            User.objects.get(username="manager-again"), Project.objects.get(slug="again")
        )
        with path.open("wb") as file:
            file.writelines(FORMATS["jsonl"].write(source))
        yield from apart(f"read_in({str(path)!r}, {number})")
    if connection.vendor == "postgresql":
        yield from copied_in(number)


def read_in(path: str, number: int) -> None:
    """Print how fast our own format is stored."""
    project = factories.ProjectFactory(slug="copy")
    manager = factories.member(project, Role.MANAGER, user__username="manager-copy")
    idle = peak()
    began = time.perf_counter()
    with Path(path).open("rb") as file:
        rows = FORMATS["jsonl"].read(file)
        report = storing.store(by=manager, project=project, rows=rows, author=manager)
    took = time.perf_counter() - began
    assert report.problems == [], report.problems[:3]
    told = f"{took:.1f} s, {number / took:,.0f} rows/s, +{peak() - idle:.0f} MB"
    json.dump([[f"Import jsonl, {number:,} annotations", told]], sys.stdout)


def copied_in(number: int) -> Figures:
    """The same rows by `COPY` into tables of the same shape with the same indexes."""
    project = Project.objects.get(slug="again").pk
    took = 0.0
    with connection.cursor() as cursor:
        for table in TABLES:
            name = f"annotations_{table}"
            out = f"COPY (SELECT * FROM {name} WHERE project_id = %s) TO STDOUT"
            with cursor.cursor.copy(out, [project]) as copy:
                data = b"".join(bytes(piece) for piece in copy)
            cursor.execute(f"CREATE TABLE copy_{table} (LIKE {name} INCLUDING ALL)")
            began = time.perf_counter()
            with cursor.cursor.copy(f"COPY copy_{table} FROM STDIN") as copy:
                copy.write(data)
            took += time.perf_counter() - began
    yield "COPY of the same rows into the same tables", f"{took:.1f} s, {number / took:,.0f} rows/s"


def peak() -> float:
    """The most memory that this process has had, in megabytes; not what made it."""
    told = Path("/proc/self/status").read_text()
    return int(told.split("VmHWM:")[1].split()[0]) / 1e3
