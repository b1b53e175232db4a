"""A small desk to ask the API about, and ways to ask."""

import json
import re
import uuid
from dataclasses import dataclass

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from annotations.models import Annotation, Assignment, ClaimTag
from corpus_app import people
from corpus_app.models import Actor, Article, Project, Revision, Role, User
from tests import factories

V1 = "/api/v1/"


@dataclass
class Desk:
    """One project with two analysts, a curator, an article, an actor and a codebook."""

    project: Project
    article: Article
    revision: Revision
    ada: User
    ben: User
    cora: User
    office: Actor
    fact: ClaimTag
    calm: ClaimTag


def desk(slug: str = "strait", text: str = factories.PLAIN) -> Desk:
    project = factories.ProjectFactory(slug=slug, name=slug.title())
    cora = factories.member(project, Role.CURATOR, user__username=f"cora-{slug}")
    ada = factories.member(project, user__username=f"ada-{slug}")
    ben = factories.member(project, user__username=f"ben-{slug}")
    article = factories.plain_article(project, text, by=cora, name=f"{slug}.txt")
    factories.small_codebook(project, by=cora)
    office = factories.actor(project, "Harbour Office", by=cora, aliases=(("the Quay", True),))
    for analyst in (ada, ben):
        factories.assigned(article, analyst)
    tags = {tag.slug: tag for tag in ClaimTag.objects.filter(project=project)}
    return Desk(
        project, article, article.revisions.get(), ada, ben, cora, office, tags["fact"],
        tags["calm"],
    )  # fmt: skip


def hand_in(article: Article, analyst: User) -> None:
    """The analyst's work on the article as it is once she has handed it in."""
    own = Assignment.objects.filter(article=article, analyst=analyst)
    own.update(state=Assignment.State.HANDED_IN)


class Caller:
    """Somebody who asks the API, signed in or by token."""

    def __init__(self, user: User | None = None, token: str = ""):
        self.client = Client(raise_request_exception=True)
        self.headers = {"Authorization": f"Token {token}"} if token else {}
        if user:
            self.client.force_login(user)

    def ask(self, method: str, path: str, body=None, **headers):
        """The answer to a request to a path under /api/v1/; a body is sent as JSON."""
        sent = {"content_type": "application/json"}
        if body is not None:
            sent["data"] = body if isinstance(body, (bytes, str)) else json.dumps(body)
        named = {name.replace("_", "-"): str(value) for name, value in headers.items()}
        return self.client.generic(method, V1 + path, headers={**self.headers, **named}, **sent)

    def get(self, path: str, **headers):
        return self.ask("GET", path, **headers)

    def post(self, path: str, body=None, **headers):
        return self.ask("POST", path, body, **headers)

    def results(self, path: str) -> list[dict]:
        """The rows of a list's first page."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.content
        return answer.json()["results"]


def by_token(user: User, scope: str = "write", **fields) -> Caller:
    return Caller(token=people.create_token(by=user, name="A token", scope=scope, **fields)[1])


def claim_body(desk: Desk, start: int = 0, end: int = 5, **fields) -> dict:
    """What a client sends to make a claim."""
    return {
        "id": str(uuid.uuid4()),
        "revision": str(desk.revision.pk),
        "kind": "claim",
        "spans": [{"start": start, "end": end}],
        **fields,
    }


def claims(desk: Desk, author: User, number: int) -> list[Annotation]:
    """Claims of the author with two people and two tags each."""
    parts = (factories.claimant(desk.office),)
    codes = (factories.coded(desk.fact), factories.coded(desk.calm, "support"))
    return [
        factories.claim(desk.article, author, n % 30, n % 30 + 4, parts=parts, codes=codes)
        for n in range(number)
    ]


def without_keys(page: bytes) -> bytes:
    """The page without what is drawn anew for every request."""
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"|"moment": "[^"]+"', b"", page)


def queries(ask) -> int:
    """How many queries a call costs."""
    with CaptureQueriesContext(connection) as captured:
        ask()
    return len(captured)


def wrong(answer) -> list[str]:
    """What a problem says is wrong: the fields, parameters and headers, each once."""
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status_code
    named = [
        fault.get("parameter") or fault.get("header") or fault["pointer"].split("/")[1:2]
        for fault in problem.get("errors", [])
    ]
    return list(dict.fromkeys(name if isinstance(name, str) else "".join(name) for name in named))
