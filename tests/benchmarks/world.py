"""The rows that are measured: one article to write into, two to open, and a large project."""

import itertools
import os
import time
import uuid
from dataclasses import dataclass

from django.test import Client

from annotations.models import Annotation, ClaimTag, Coding, Participant, Span
from corpus_app import people
from corpus_app.models import Project, Role, User
from tests import factories

SENTENCE = "The Harbour Office of {} says that the strait is calm, and nobody agrees with it. "
CLAIMS_OF_AN_ARTICLE = 50


@dataclass
class World:
    """A filled database, and who may open it: tokens that may write, and sessions."""

    small: object
    full: object
    long: object
    large: Project
    tokens: list[str]
    sessions: list[str]
    articles_a_second: float


def text(name: str, length: int) -> str:
    """An article's raw text of about this many characters."""
    paragraph = SENTENCE.format(name) * 5
    bodies = [f"{number}. {paragraph}" for number in range(max(1, length // len(paragraph)))]
    return "\n\n".join([f"The strait of {name}", "By Ada Quill", *bodies]) + "\n"


def fill() -> World:
    """The world; the large project has as many articles as ARTICLES says."""
    project = factories.ProjectFactory(slug="desk")
    factories.small_codebook(project)
    names = [factories.actor(project, f"Office {number}") for number in range(20)]
    analysts = [factories.member(project) for _ in range(4)]
    small, full, long = (
        factories.plain_article(project, text(name, length))
        for name, length in (("small", 5_000), ("full", 5_000), ("long", 100_000))
    )
    for article, analyst in itertools.product((small, full, long), analysts):
        factories.assigned(article, analyst)
    annotate(full, analysts[0], names, 500)
    annotate(long, analysts[0], names, 1_000)
    large, speed = large_project()
    return World(
        small, full, long, large,
        tokens=[token(analyst) for analyst in analysts],
        sessions=[session(analyst) for analyst in analysts],
        articles_a_second=speed,
    )  # fmt: skip


def large_project() -> tuple[Project, float]:
    """A project of many articles with 50 claims each, and how many were imported a second."""
    project = factories.ProjectFactory(slug="large")
    factories.small_codebook(project)
    curator = factories.member(project, Role.CURATOR)
    names = [factories.actor(project, f"Office {number}", by=curator) for number in range(20)]
    count = int(os.environ["ARTICLES"])
    began = time.perf_counter()
    articles = [
        factories.article(project, text(str(number), 5_000), by=curator) for number in range(count)
    ]
    speed = count / (time.perf_counter() - began)
    for article in articles:
        annotate(article, curator, names, CLAIMS_OF_AN_ARTICLE)
    return project, speed


def annotate(article, author: User, names: list, count: int) -> None:
    """That many complete claims of one author, spread over the article's newest text."""
    revision = article.revisions.get()
    step = max(1, (len(revision.text) - 60) // count)
    tag = ClaimTag.objects.get(project_id=article.project_id, slug="fact")
    own = {"project_id": article.project_id}
    made = [
        Annotation(
            **own, id=uuid.uuid4(), article=article, revision=revision, author=author,
            kind="claim", state="complete",
        )
        for _ in range(count)
    ]  # fmt: skip
    Annotation.objects.bulk_create(made)
    Span.objects.bulk_create(
        Span(**own, annotation=one, start=at, end=at + 50, quote=revision.text[at : at + 50])
        for one, at in zip(made, itertools.count(0, step), strict=False)
    )
    Participant.objects.bulk_create(
        Participant(**own, annotation=one, role="claimant", position=0, actor=actor)
        for one, actor in zip(made, itertools.cycle(names), strict=False)
    )
    Coding.objects.bulk_create(
        Coding(**own, annotation=one, tag=tag, definition_number=1) for one in made
    )


def token(user: User) -> str:
    return people.create_token(by=user, name="benchmark", scope="write")[1]


def session(user: User) -> str:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.cookies["sessionid"].value
