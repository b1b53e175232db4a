"""Many requests at the same moment: one writer wins, and nothing is doubled or lost."""

import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from annotations import discussing
from annotations.models import Annotation, Link, Preference, ReadingPosition
from corpus_app.api import writing
from corpus_app.models import Event, Outlet, Role
from tests import api, factories

pytestmark = pytest.mark.django_db(transaction=True)

CALLERS = 8
# What is sent to make one of each noun that is made through `made_once`.
MADE = {
    "articles": {"text": "The ferry is late again.\nNobody says why.\n", "outlet": "The Quay"},
    "outlets": {"name": "The Quay"},
    "stories": {"title": "A calm strait"},
    "actors": {"name": "Pilot Board", "aliases": [{"name": "the Board"}]},
    "facets": {"name": "Frame"},
    "tags": {"label": "Peril"},
    "webhooks": {"name": "Archive", "url": "https://example.org/in"},
    "releases": {"name": "First"},
}


def at_once(user, ask) -> list:
    """The answers to the same question of several callers, `ask(caller, number)`."""
    callers = [api.Caller(user) for _ in range(CALLERS)]

    def one(number: int):
        try:
            return ask(callers[number], number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(CALLERS) as pool:
        return list(pool.map(one, range(CALLERS)))


def statuses(answers) -> Counter:
    return Counter(answer.status_code for answer in answers)


@pytest.fixture
def several_look_first(monkeypatch):
    """Nobody makes anything before the first four have looked whether it is there.

    Not all: whoever waits has a connection of the pool, which has fewer than there are callers.
    """
    look, looked, first = writing.made_already, Barrier(4), iter(range(4))

    def look_and_wait(*args, **kwargs):
        known = look(*args, **kwargs)
        if next(first, None) is not None:
            looked.wait(10)
        return known

    monkeypatch.setattr(writing, "made_already", look_and_wait)


def test_of_many_changes_to_one_version_exactly_one_is_made():
    desk = api.desk()
    claim = factories.claim(desk.article, desk.ada)

    def change(caller, number):
        body = {"note": f"note {number}"}
        return caller.ask("PATCH", f"annotations/{claim.pk}/", body, If_Match='"1"')

    answers = at_once(desk.ada, change)
    assert statuses(answers) == {200: 1, 412: CALLERS - 1}
    [made] = [answer.json() for answer in answers if answer.status_code == 200]
    claim.refresh_from_db()
    assert (claim.version, claim.note) == (2, made["note"])
    assert Event.objects.filter(object_id=str(claim.pk)).count() == 2


def test_one_change_sent_many_times_at_once_is_made_once_and_answered_alike():
    desk = api.desk()
    claim = factories.claim(desk.article, desk.ada)
    name = uuid.uuid4()

    def change(caller, number):
        path = f"annotations/{claim.pk}/"
        return caller.ask("PATCH", path, {"note": "same"}, If_Match='"1"', Idempotency_Key=name)

    answers = at_once(desk.ada, change)
    assert statuses(answers) == {200: CALLERS}
    assert len({answer.content for answer in answers}) == 1
    assert Event.objects.filter(object_id=str(claim.pk)).count() == 2


def test_one_creation_sent_many_times_at_once_is_made_once():
    desk = api.desk()
    body = api.claim_body(desk)
    answers = at_once(desk.ada, lambda caller, number: caller.post("annotations/", body))
    assert statuses(answers) == {201: 1, 200: CALLERS - 1}
    assert len({answer.content for answer in answers}) == 1
    assert Annotation.objects.count() == 1
    assert Event.objects.filter(noun="annotation").count() == 1


@pytest.mark.usefixtures("several_look_first")
@pytest.mark.parametrize("noun", MADE)
def test_whatever_is_sent_many_times_at_once_is_made_once_and_answered_alike(noun):
    desk = api.desk()
    manager = factories.member(desk.project, Role.MANAGER)
    body = {"id": str(uuid.uuid4()), "project": "strait", **MADE[noun]}
    if noun == "tags":
        body["facet"] = str(desk.fact.facet_id)
    answers = at_once(manager, lambda caller, number: caller.post(f"{noun}/", body))
    assert statuses(answers) == {201: 1, 200: CALLERS - 1}
    told = [answer.json() for answer in answers]
    # Only who made it is told the secret.
    assert sum(bool(one.pop("secret", None)) for one in told) == (noun == "webhooks")
    assert told == [told[0]] * CALLERS
    assert Event.objects.filter(object_id=body["id"]).count() == 1


@pytest.mark.usefixtures("several_look_first")
@pytest.mark.parametrize("noun", ["outlets", "webhooks"])
def test_of_many_who_take_one_id_at_once_one_has_it(noun):
    desk = api.desk()
    people = [factories.member(desk.project, Role.MANAGER) for _ in range(CALLERS)]
    callers = [api.Caller(person) for person in people]
    body = {"id": str(uuid.uuid4()), "project": "strait", **MADE[noun]}
    answers = at_once(desk.ada, lambda _, number: callers[number].post(f"{noun}/", body))
    assert statuses(answers) == {201: 1, 400: CALLERS - 1}
    refused = [answer for answer in answers if answer.status_code == 400]
    assert [api.wrong(answer) for answer in refused] == [["id"]] * (CALLERS - 1)


@pytest.mark.usefixtures("several_look_first")
def test_of_many_that_take_one_name_at_once_one_has_it():
    desk = api.desk()

    def create(caller, number):
        return caller.post("outlets/", {"id": str(uuid.uuid4()), "project": "strait", "name": "Q"})

    answers = at_once(desk.cora, create)
    assert statuses(answers) == {201: 1, 400: CALLERS - 1}
    assert {tuple(api.wrong(one)) for one in answers if one.status_code == 400} == {("name",)}
    assert Outlet.objects.filter(name="Q").count() == 1


def test_many_creations_at_once_are_all_made():
    desk = api.desk()

    def create(caller, number):
        return caller.post("annotations/", api.claim_body(desk, number, number + 4))

    assert statuses(at_once(desk.ada, create)) == {201: CALLERS}
    assert Annotation.objects.count() == CALLERS


def test_one_comment_sent_many_times_at_once_is_made_once():
    desk = api.desk()
    claim = factories.claim(desk.article, desk.ada)
    body = {"id": str(uuid.uuid4()), "annotation": str(claim.pk), "text": "Once."}
    answers = at_once(desk.ada, lambda caller, number: caller.post("comments/", body))
    assert statuses(answers) == {201: 1, 200: CALLERS - 1}
    assert len({answer.content for answer in answers}) == 1
    assert Event.objects.filter(noun="comment").count() == 1


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_one_change_of_a_comment_sent_many_times_at_once_is_made_once(method):
    desk = api.desk()
    claim = factories.claim(desk.article, desk.ada)
    comment, _ = discussing.comment(by=desk.ada, annotation=claim, text="First.")
    name, body = uuid.uuid4(), {"text": "Otherwise."} if method == "PUT" else None

    def change(caller, number):
        path = f"comments/{comment.pk}/"
        return caller.ask(method, path, body, If_Match='"1"', Idempotency_Key=name)

    answers = at_once(desk.ada, change)
    assert statuses(answers) == {200: CALLERS}
    assert len({answer.content for answer in answers}) == 1
    assert Event.objects.filter(noun="comment").count() == 2


def test_of_many_changes_to_one_comment_exactly_one_is_made():
    desk = api.desk()
    claim = factories.claim(desk.article, desk.ada)
    comment, _ = discussing.comment(by=desk.ada, annotation=claim, text="First.")

    def change(caller, number):
        body = {"text": f"Words {number}.", "mentions": ["cora-strait"] if number % 2 else []}
        return caller.ask("PUT", f"comments/{comment.pk}/", body, If_Match='"1"')

    answers = at_once(desk.ada, change)
    assert statuses(answers) == {200: 1, 412: CALLERS - 1}
    [made] = [answer.json() for answer in answers if answer.status_code == 200]
    [stored] = api.Caller(desk.ada).results("comments/")
    assert stored == made


def test_claims_linked_to_each_other_at_once_are_all_linked():
    desk = api.desk()
    claims = api.claims(desk, desk.ada, CALLERS)

    def link(caller, number):
        others = [claim for nth, claim in enumerate(claims) if nth != number]
        links = [{"relation": "supports", "claim": str(other.pk)} for other in others]
        path = f"annotations/{claims[number].pk}/"
        return caller.ask("PATCH", path, {"links": links}, If_Match='"1"')

    assert statuses(at_once(desk.ada, link)) == {200: CALLERS}
    assert Link.objects.count() == CALLERS * (CALLERS - 1)


def test_what_leaves_no_history_is_kept_at_once_by_many():
    desk = api.desk()
    desk.project.blind = False
    desk.project.save()
    here = f"articles/{desk.article.pk}"

    def keep(caller, number):
        place = {"revision": str(desk.revision.pk), "place": number}
        return [
            caller.ask("PATCH", "preferences/", {"keys": {"undo": f"Alt+{number}"}}).status_code,
            caller.ask("PUT", f"{here}/reading-position/", place).status_code,
            caller.ask("PUT", f"{here}/presence/").status_code,
            caller.ask("DELETE", f"{here}/presence/").status_code,
        ]

    assert at_once(desk.ada, keep) == [[200, 204, 204, 204]] * CALLERS
    assert (Preference.objects.count(), ReadingPosition.objects.count()) == (1, 1)


def test_a_rejection_taken_back_many_times_at_once_is_taken_back_once():
    desk = api.desk()
    place = {"start": 0, "end": 3, "name": "the Quay"}
    body = {"revision": str(desk.revision.pk), "actor": str(desk.office.pk), "places": [place]}
    made = api.Caller(desk.ada).post("rejections/", body).json()
    name = uuid.uuid4()

    def take_back(caller, number):
        path = f"rejections/{made['id']}/"
        return caller.ask("DELETE", path, If_Match='"1"', Idempotency_Key=name)

    answers = at_once(desk.ada, take_back)
    assert statuses(answers) == {200: CALLERS}
    assert len({answer.content for answer in answers}) == 1
    assert Event.objects.filter(noun="rejection").count() == 2
