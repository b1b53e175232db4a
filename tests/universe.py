"""One project with everything in it, one person in every role, and every address of the desk."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from django.test import Client
from django.urls import URLPattern, get_resolver

from annotations import discussing, hooking, releasing, suggesting
from annotations.exchange import importing
from annotations.models import (
    Annotation,
    Assignment,
    ClaimTag,
    Codebook,
    Comment,
    Delivery,
    Facet,
    Rejection,
)
from corpus_app import batches, inviting, outlets, people, rules
from corpus_app.models import (
    Actor,
    Article,
    Batch,
    Event,
    Membership,
    Outlet,
    OutletRule,
    Passage,
    Project,
    Reuse,
    Revision,
    Role,
    Story,
    User,
)
from corpus_app.text.learnt import Rule
from tests import factories

ROLES = ("anonymous", "stranger", "analyst", "curator", "manager", "superuser", "token")
OBJECTS = (
    Actor, Article, Batch, Event, Membership, Outlet, OutletRule, Passage, Project, Reuse,
    Revision, Story, User, Annotation, Assignment, ClaimTag, Codebook, Facet,
    Rejection, Comment,
)  # fmt: skip


@dataclass
class Universe:
    """The project, what is in it by model name, the analyst's token, and a client for each role.

    `secret` opens the invitation; `delivery` is the message on its way to the webhook.

    The stranger manages another project; the token may read what the manager may read.
    """

    project: Project
    objects: dict[str, object]
    key: str
    secret: str
    clients: dict[str, Client]
    delivery: str


def make() -> Universe:
    """A new universe in the database."""
    manager = factories.UserFactory(username="manager")
    project = people.create_project(by=manager, slug="strait", name="The strait")
    team = {
        "stranger": factories.member(factories.ProjectFactory(), Role.MANAGER),
        "analyst": factories.member(project),
        "curator": factories.member(project, Role.CURATOR),
        "manager": manager,
        "superuser": User.objects.create_superuser("root", password="a long pass phrase"),
    }
    invitation, link = inviting.invite(by=manager, project=project, role=Role.ANALYST, days=7)
    factories.small_codebook(project, by=team["curator"])
    factories.actor(project, "Harbour Office", by=team["curator"])
    story = outlets.StoryValues("A calm strait")
    outlets.create_story(by=team["curator"], project=project, values=story)
    article = factories.article(project, by=team["curator"], outlet="The Quay")
    share = Rule("words", "Share this article", None, "boilerplate")
    rules.add(by=team["curator"], outlet=article.outlet, rule=share)
    claim = factories.claim(article, team["analyst"])
    discussing.comment(by=team["analyst"], annotation=claim, text="Is this one claim?")
    suggesting.reject(
        by=team["analyst"], revision=article.revisions.get(),
        actor=Actor.objects.get(project=project).pk, places=[suggesting.Place(4, 10, "Strait")],
    )  # fmt: skip
    factories.article(project, factories.PLAIN + "\nAgain.", by=team["curator"])
    batches.open_batch(by=team["analyst"], project=project, name="Reports")
    judged = factories.article(project, factories.PLAIN + "\nOnce more.", by=team["curator"])
    overruling = factories.overruled(judged, team["analyst"], by=team["curator"])
    recoding = factories.reworded(project, by=team["curator"])
    merger = factories.merged(project, by=team["curator"])
    objects = {
        model._meta.model_name: model.objects.filter(**own(model, project)).first()
        for model in OBJECTS
    }
    objects |= {
        "invitation": invitation,
        "user": team["analyst"],
        "membership": team["analyst"].memberships.get(),
        "event": Event.objects.get(project=project, noun="story"),
    }
    objects |= {"article": article, "revision": article.revisions.get()}
    objects |= {"tagmerger": merger, "operation": merger.operation}
    objects |= {"decision": overruling.decision}
    objects |= {"case": overruling.decision.case, "overruling": overruling, "recoding": recoding}
    url = "https://example.org/in"
    webhook = hooking.create(by=manager, project=project, name="Archive", url=url)
    released = releasing.release(by=manager, project=project, name="First")
    sent = {"format": "jsonl", "file": BytesIO(b"{}"), "name": "empty.jsonl"}
    *_, imported = importing.imported(by=team["curator"], project=project, **sent)
    objects |= {"webhook": webhook, "release": released, "import": imported}
    delivery = Delivery.objects.create(webhook=webhook, event=objects["event"])
    token, _ = people.create_token(by=team["analyst"], name="mine", scope="write")
    secret = people.create_token(by=manager, name="reader", scope="read")[1]
    clients = {role: signed_in(user) for role, user in team.items()}
    clients["anonymous"] = Client(raise_request_exception=False)
    clients["token"] = Client(
        raise_request_exception=False, headers={"Authorization": f"Token {secret}"}
    )
    return Universe(project, objects, token.token_key, link, clients, str(delivery.pk))


def own(model, project: Project) -> dict:
    if model in (Project, User):
        return {"pk": project.pk} if model is Project else {}
    return {"project": project}


def signed_in(user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def routes(resolver=None, prefix: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    """Every route of the desk, and its name."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route, space + (pattern.name or "")
        else:
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from routes(pattern, route, space + inner)
