"""The attack on blindness: an analyst asks everything there is, in two worlds.

What she receives must be the same in both: status, headers and body of every answer, and how many
queries it cost.
"""

import difflib
import logging
import re
from dataclasses import dataclass, field, replace

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from annotations import inbox
from tests import two_worlds
from tests.two_worlds import Answer, Request, World

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(400)]

# What a curator sees there differs, or the two worlds would be one.
TOLD_TO_CURATORS = (
    "/projects/strait/board/", "/projects/strait/agreement/", "/projects/strait/adjudication/",
    "/projects/strait/proposals/", "/projects/strait/recodings/", "/api/v1/annotations/",
    "/api/v1/comments/", "/api/v1/projects/strait/export/csv/", "/inbox/",
    "/api/v1/changes/?project=strait",
    "/desk/annotations/annotation/", "/desk/corpus_app/event/",
)  # fmt: skip
SWEPT = (
    "/", "/inbox/", "/projects/strait/lessons/",
    "/projects/strait/agreement/", "/api/v1/tags/", "/api/v1/facets/", "/api/v1/annotations/",
    "/api/v1/events/?page_size=500", "/desk/corpus_app/event/", "/desk/annotations/claimtag/",
)  # fmt: skip


@dataclass
class Heard:
    """What is answered in one world."""

    analyst: dict[Request, Answer] = field(default_factory=dict)
    curator: dict[Request, Answer] = field(default_factory=dict)
    mail: list[inbox.Entry] = field(default_factory=list)

    def ask(self, world: World, asked: list[Request]) -> None:
        for request in asked:
            client = world.universe.clients["analyst"]
            self.analyst[request] = two_worlds.ask(client, request, world)


@pytest.fixture(scope="module")
def worlds(django_db_setup, django_db_blocker):
    """What is heard in the loud world and in the quiet one, by the same questions."""
    loud, quiet = Heard(), Heard()
    logging.disable(logging.CRITICAL)  # thousands of refusals are of no interest
    with django_db_blocker.unblock(), transaction.atomic():
        world = two_worlds.quiet()
        warm_up(world)
        with transaction.atomic():
            two_worlds.make_loud(world)
            asked = requests(world)
            hear(world, loud, asked)
            more = {Request("GET", path) for path in two_worlds.links(loud.analyst)}
            asked += sorted(more - loud.analyst.keys(), key=lambda request: request.path)
            hear(world, loud, asked)
            transaction.set_rollback(True)
        hear(world, quiet, asked)
        transaction.set_rollback(True)
    logging.disable(logging.NOTSET)
    return loud, quiet


def warm_up(world: World) -> None:
    """What a process keeps for itself is kept before anything is counted."""
    ContentType.objects.get_for_models(*apps.get_models())
    for article in world.articles.values():
        world.universe.clients["analyst"].get(f"/articles/{article.pk}/suggestions/")


def requests(world: World) -> list[Request]:
    """All that she reads, and all that she tries to write to what others made or work on."""
    reads = two_worlds.addresses(world, "GET")
    reads = [*reads, *two_worlds.questions(world, reads)]
    hidden = [pk for pks in two_worlds.rows_of(world).values() for pk in pks[1:]]
    writes = [
        Request(method, path)
        for method in ("POST", "PUT", "PATCH", "DELETE")
        for path in two_worlds.addresses(world, method)
        if not path.startswith("/desk/") and any(pk in path for pk in hidden)
    ]
    return [Request("GET", path) for path in dict.fromkeys(reads)] + writes


def hear(world: World, heard: Heard, asked: list[Request]) -> None:
    """Ask as a curator first, so that what is kept for her could be told to the analyst."""
    for path in TOLD_TO_CURATORS:
        request = Request("GET", path)
        heard.curator[request] = two_worlds.ask(world.universe.clients["curator"], request, world)
    heard.mail = inbox.to_mail(world.ada)
    heard.ask(world, [request for request in asked if request not in heard.analyst])


# Made anew in each world, so that it differs although it tells nothing.
OWN_NAMES = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|cursor=[\w%-]+|\d\d:\d\d(:\d\d)?(\.\d+)?|W/.*")


def swept(world: World, *, loud: bool) -> dict[str, tuple]:
    """What the analyst reads after a curator changed everybody's work at one stroke."""
    with transaction.atomic():
        if loud:
            two_worlds.make_loud(world)
        two_worlds.sweep(world)
        client, found = world.universe.clients["analyst"], {}
        for path in SWEPT:
            answer = two_worlds.ask(client, Request("GET", path), world)
            # What happened at one moment stands in the order of names drawn at random.
            lines = re.split(r"\n|\},\{", OWN_NAMES.sub("", answer.body))
            found[path] = (answer.status, sorted(lines))
        transaction.set_rollback(True)
    return found


def test_what_is_done_to_everybodys_work_tells_no_number_of_it():
    world = two_worlds.quiet()
    loud, quiet = swept(world, loud=True), swept(world, loud=False)
    assert [loud[path][0] for path in SWEPT] == [200] * len(SWEPT)
    assert {path: told for path, told in loud.items() if told != quiet[path]} == {}


def differing(one: dict[Request, Answer], other: dict[Request, Answer]) -> dict[str, str]:
    """How the answers to the same requests differ, by request."""
    found = {}
    for request, answer in one.items():
        if answer != (same := other[request]):
            lines = difflib.unified_diff(
                answer.body.splitlines(), same.body.splitlines(), n=0, lineterm=""
            )
            plain = [replace(told, body="") for told in (answer, same)]
            found[f"{request.method} {request.path}"] = "\n".join([*map(str, plain), *lines])[:2000]
    return found


def test_an_analyst_reads_the_same_in_both_worlds(worlds):
    loud, quiet = ({r: a for r, a in one.analyst.items() if r.reads} for one in worlds)
    assert len(loud) > 300
    assert differing(loud, quiet) == {}


def test_what_she_tries_to_write_is_answered_the_same(worlds):
    # What is her own to write may cost more where there is more to match it with.
    loud, quiet = (
        {r: replace(a, queries=0) for r, a in one.analyst.items() if not r.reads} for one in worlds
    )
    assert differing(loud, quiet) == {}


def test_nothing_that_she_asks_is_an_error(worlds):
    broken = [request for request, answer in worlds[0].analyst.items() if answer.status >= 500]
    assert broken == []


@pytest.mark.parametrize("page", ["agreement", "agreement/cases", "lessons"])
def test_what_she_may_read_of_the_teams_work_is_among_it(worlds, page):
    answers = (
        answer.status
        for request, answer in worlds[0].analyst.items()
        if request.path.partition("?")[0] == f"/projects/strait/{page}/"
    )
    assert 200 in answers


def test_her_mail_is_the_same(worlds):
    loud, quiet = worlds
    assert {entry.before.split()[0] for entry in quiet.mail} == {
        "asks", "decided", "named", "returned",
    }  # fmt: skip
    assert loud.mail == quiet.mail


@pytest.mark.parametrize("path", TOLD_TO_CURATORS)
def test_the_attack_would_find_what_curators_are_told(worlds, path):
    loud, quiet = (one.curator[Request("GET", path)] for one in worlds)
    assert (loud.status, quiet.status) == (200, 200)
    assert loud.body != quiet.body
