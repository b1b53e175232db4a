"""What is measured of a team: a thousand articles, coded by three analysts each."""

import itertools
import json
import os
import random
import resource
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from annotations import cases, codebook, retagging
from annotations.matching import Item, match
from annotations.models import (
    Annotation,
    Assignment,
    Case,
    ClaimTag,
    Coding,
    Participant,
    Span,
)
from corpus_app.models import Actor, Article, Project, Role, User
from tests import exchange, factories, planted

CODERS, OF_ONE_ARTICLE, MARKS = 30, 3, 20
TAGS, ACTORS = 12, 40
STANCES = ("support", "oppose", "neutral")


@dataclass
class World:
    project: Project
    manager: User
    coders: list[User]


def main() -> None:
    """Fill a fresh database and print all figures as JSON."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    began = time.perf_counter()
    world = fill(int(os.environ["ARTICLES"]))
    filled = time.perf_counter() - began
    number = Annotation.objects.count()
    figures = [(f"Filled with {number:,} annotations", f"{filled:.0f} s")]
    for case in (matching, one_large_article, pages, merging):
        figures += case(world)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    figures.append(("Memory at the most", f"{memory:.0f} MB"))
    json.dump(figures, sys.stdout)


def fill(count: int) -> World:
    """The project with its people, articles and annotations, all handed in."""
    project = factories.ProjectFactory(slug="large", coders_per_article=OF_ONE_ARTICLE)
    manager = factories.member(project, Role.MANAGER)
    factories.small_codebook(project, manager)
    facet = ClaimTag.objects.get(slug="calm").facet
    for number in range(TAGS):
        values = codebook.TagValues(f"Proposition {number}", slug=f"proposition-{number}")
        codebook.create_tag(by=manager, facet=facet, values=values)
    for number in range(ACTORS):
        factories.actor(project, f"Office {number}", manager)
    coders = [factories.member(project) for _ in range(CODERS)]
    texts, _ = planted.corpus(count, planted=count // 50)
    planted.store(project, manager, texts)
    mark(project, coders)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return World(project, manager, coders)


def mark(project: Project, coders: list[User]) -> None:
    """What three coders say of each article: much alike, and each now and then otherwise."""
    choose = random.Random(5)
    trios = itertools.cycle(itertools.combinations(coders[:10], OF_ONE_ARTICLE))
    marker = Marker(project, choose)
    for article in project.article_set.prefetch_related("revisions").defer("raw"):
        revision = article.revisions.all()[0]
        truths = [marker.truth(len(revision.text)) for _ in range(MARKS + 1)]
        for coder in next(trios):
            Assignment.objects.create(
                project=project, article=article, analyst=coder, state="handed_in",
                handed_in=timezone.now(),
            )  # fmt: skip
            for truth in choose.sample(truths, MARKS):
                marker.mark(article, revision, coder, truth)
        marker.flush(least=2_000)
    marker.flush()


class Marker:
    """Writes annotations in bulk."""

    def __init__(self, project: Project, choose: random.Random):
        self.project, self.choose = project, choose
        self.kinds = list(ClaimTag.objects.filter(facet__slug="claim-type"))
        self.propositions = list(ClaimTag.objects.filter(facet__slug="proposition"))
        self.actors = list(Actor.objects.filter(project=project))
        self.rows: dict[type, list] = {Annotation: [], Span: [], Participant: [], Coding: []}

    def truth(self, length: int) -> tuple:
        start = self.choose.randrange(length - 200)
        return (
            start, start + self.choose.randint(30, 150), self.choose.choice(self.kinds),
            self.choose.choice(self.propositions), self.choose.choice(STANCES),
            self.choose.choice(self.actors),
        )  # fmt: skip

    def mark(self, article: Article, revision, coder: User, truth: tuple) -> None:
        """One coder's version of a claim: in one of five something is otherwise."""
        start, end, kind, proposition, stance, actor = truth
        choose = self.choose
        if choose.random() < 0.3:
            end -= choose.randint(1, 20)
        kind = kind if choose.random() < 0.85 else choose.choice(self.kinds)
        stance = stance if choose.random() < 0.9 else choose.choice(STANCES)
        actor = actor if choose.random() < 0.9 else choose.choice(self.actors)
        own = {"project": self.project}
        one = Annotation(
            article=article, revision=revision, author=coder, kind="claim", state="complete", **own
        )
        self.rows[Annotation].append(one)
        quote = revision.text[start:end]
        span = Span(annotation=one, start=start, end=start + len(quote), quote=quote, **own)
        self.rows[Span].append(span)
        part = Participant(annotation=one, role="claimant", actor=actor, **own)
        self.rows[Participant].append(part)
        for tag, said in ((kind, ""), (proposition, stance)):
            coding = Coding(annotation=one, tag=tag, definition_number=1, stance=said, **own)
            self.rows[Coding].append(coding)

    def flush(self, least: int = 0) -> None:
        if len(self.rows[Annotation]) < least:
            return
        for model, rows in self.rows.items():
            model.objects.bulk_create(rows, batch_size=2_000)
            rows.clear()


def matching(world: World) -> Iterator[tuple[str, str]]:
    """Cases of all articles, as they are made at each hand-in."""
    articles = list(world.project.article_set.defer("raw"))
    began = time.perf_counter()
    for article in articles:
        cases.match_article(by=world.manager, article=article)
    took = (time.perf_counter() - began) / len(articles)
    yield f"Cases of an article, {Case.objects.count():,} in all", f"{took * 1000:.1f} ms"


def one_large_article(world: World) -> Iterator[tuple[str, str]]:
    """Three coders with three hundred annotations each on one article."""
    writer = planted.Writer(3)
    text = "\n\n".join(writer.sentence() for _ in range(900))
    article = factories.plain_article(world.project, text, world.manager)
    revision = article.revisions.get()
    marker = Marker(world.project, random.Random(9))
    truths = [marker.truth(len(revision.text)) for _ in range(300)]
    for coder in world.coders[-3:]:
        own = {"project": world.project, "article": article, "analyst": coder}
        Assignment.objects.create(state="handed_in", handed_in=timezone.now(), **own)
        for truth in truths:
            marker.mark(article, revision, coder, truth)
    marker.flush()
    versions = versions_of(article)
    began = time.perf_counter()
    found = match(versions)
    took = time.perf_counter() - began
    yield f"Matching 3 × 300 annotations into {len(found)} cases", f"{took * 1000:.0f} ms"
    began = time.perf_counter()
    cases.match_article(by=world.manager, article=article)
    yield "Cases of 3 × 300 annotations, stored", f"{time.perf_counter() - began:.3f} s"
    client = signed_in(world.manager)
    yield timed("Adjudication of that article opens", client, f"/articles/{article.pk}/adjudicate/")


def versions_of(article: Article) -> list[list[Item]]:
    """Of each coder what she marked, as it is matched."""
    versions: dict[int, list[Item]] = {}
    for one in Annotation.objects.filter(article=article).with_parts():
        spans = tuple((span.start, span.end) for span in one.spans.all())
        told = frozenset((code.tag_id, code.stance) for code in one.codings.all())
        versions.setdefault(one.author_id, []).append(Item(one.pk, one.kind, spans, told))
    return list(versions.values())


def pages(world: World) -> Iterator[tuple[str, str]]:
    """Pages of the project, asked by a manager."""
    client = signed_in(world.manager)
    there = f"/projects/{world.project.slug}"
    yield timed("Agreement, first computed", client, f"{there}/agreement/")
    yield timed("Agreement, afterwards", client, f"{there}/agreement/")
    yield timed("Board", client, f"{there}/board/")
    yield timed("Board, afterwards", client, f"{there}/board/")
    yield timed("Cases in order of disagreement", client, f"{there}/adjudication/")


def merging(world: World) -> Iterator[tuple[str, str]]:
    """Two tags become one and are two again."""
    by = Coding.objects.filter(tag__slug="norm").count()
    source, target = (ClaimTag.objects.get(slug=slug) for slug in ("norm", "fact"))
    merge = {"by": world.manager, "reason": "They mean the same."}
    before = exchange.lasting(world.manager, world.project)
    began = time.perf_counter()
    merger = retagging.merge_tags(source=source, target=target, **merge)
    yield f"Merging two tags, {by:,} codings", f"{time.perf_counter() - began:.1f} s"
    began = time.perf_counter()
    retagging.undo(merger=merger, **merge)
    yield "Taking that back", f"{time.perf_counter() - began:.1f} s"
    is_equal = exchange.lasting(world.manager, world.project) == before
    yield "The export is as it was before", "yes" if is_equal else "NO"


def signed_in(user: User) -> Client:
    client = Client(SERVER_NAME="localhost")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def timed(name: str, client: Client, path: str, ask: Callable | None = None) -> tuple[str, str]:
    """How long a page took, and how many questions it asked of the database."""
    with CaptureQueriesContext(connection) as asked:
        began = time.perf_counter()
        answer = (ask or client.get)(path)
        body = len(answer.content)
        took = time.perf_counter() - began
    assert answer.status_code == 200, (path, answer.status_code)
    return name, f"{took:.2f} s, {len(asked)} queries, {body // 1000} kB"
