"""Many requests at the same moment: one writer wins, and nothing is doubled or lost."""

import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from annotations.models import Annotation
from corpus_app.models import Event
from tests import api, factories

pytestmark = pytest.mark.django_db(transaction=True)

CALLERS = 8


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


def test_many_creations_at_once_are_all_made():
    desk = api.desk()

    def create(caller, number):
        return caller.post("annotations/", api.claim_body(desk, number, number + 4))

    assert statuses(at_once(desk.ada, create)) == {201: CALLERS}
    assert Annotation.objects.count() == CALLERS
