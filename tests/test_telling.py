"""What people are told of their work: once, together, and never what they did themselves."""

import pytest

from annotations import telling
from annotations.models import Message
from tests import api, factories
from tests.test_doors_at_once import at_once

pytestmark = pytest.mark.django_db
KINDS = Message.Kind


@pytest.fixture
def desk():
    return api.desk()


@pytest.fixture
def work(desk):
    """Ada's assignments on three articles."""
    texts = ["The ferry is late.\n", "The ferry is early.\n"]
    more = [factories.plain_article(desk.project, text, by=desk.cora) for text in texts]
    return [factories.assigned(article, desk.ada) for article in (desk.article, *more)]


def inbox(person):
    rows = Message.objects.filter(person=person)
    return [(row.kind, row.by.username, row.number, bool(row.read)) for row in rows]


def test_a_message_waits_for_the_person_it_is_for(desk, work):
    told = telling.tell(by=desk.cora, person=desk.ada, kind=KINDS.RETURNED, assignment=work[0])
    assert Message.objects.get() == told
    assert (told.project, told.person, told.by) == (desk.project, desk.ada, desk.cora)
    assert (told.assignment, told.number, told.read, told.mailed) == (work[0], 1, None, None)


@pytest.mark.django_db(transaction=True)
def test_what_is_told_at_once_is_counted_whole():
    desk = api.desk()
    own = factories.assigned(desk.article, desk.ada)
    told = {"by": desk.cora, "person": desk.ada, "kind": KINDS.ASSIGNED, "assignment": own}
    telling.tell(**told)
    assert at_once(*[lambda: telling.tell(**told)] * 4) == {"done": 4}
    assert inbox(desk.ada) == [("assigned", "cora-strait", 5, False)]


def test_nobody_is_told_what_she_did_herself(desk, work):
    told = telling.tell(by=desk.ada, person=desk.ada, kind=KINDS.ASSIGNED, assignment=work[0])
    assert (told, Message.objects.count()) == (None, 0)
    pairs = [(desk.ada, work[0]), (desk.ben, factories.assigned(desk.article, desk.ben))]
    telling.tell_many(by=desk.ada, kind=KINDS.ASSIGNED, told=pairs)
    assert (inbox(desk.ada), len(inbox(desk.ben))) == ([], 1)


def test_new_work_of_a_project_is_one_message_while_it_waits(desk, work):
    first = telling.tell(by=desk.cora, person=desk.ada, kind=KINDS.ASSIGNED, assignment=work[0])
    telling.tell_many(by=desk.cora, kind=KINDS.ASSIGNED, told=[(desk.ada, one) for one in work[1:]])
    assert inbox(desk.ada) == [("assigned", "cora-strait", 3, False)]
    now = Message.objects.get()
    assert (now.pk, now.assignment, now.created > first.created) == (first.pk, work[2], True)


@pytest.mark.parametrize("field", ["read", "mailed"])
def test_what_was_read_or_mailed_is_left_and_a_new_message_made(desk, work, field):
    first = telling.tell(by=desk.cora, person=desk.ada, kind=KINDS.RETURNED, assignment=work[0])
    Message.objects.update(**{field: first.created})
    telling.tell(by=desk.cora, person=desk.ada, kind=KINDS.RETURNED, assignment=work[0])
    assert [number for *_, number, _ in inbox(desk.ada)] == [1, 1]


def test_what_somebody_else_did_or_of_another_kind_or_thing_stands_by_itself(desk, work):
    manager = factories.member(desk.project, "manager", user__username="mia-strait")
    for by, kind, about in (
        (desk.cora, KINDS.RETURNED, work[0]),
        (manager, KINDS.RETURNED, work[0]),
        (desk.cora, KINDS.RETURNED, work[1]),
        (desk.cora, KINDS.ASSIGNED, work[0]),
    ):
        telling.tell(by=by, person=desk.ada, kind=kind, assignment=about)
    assert inbox(desk.ada) == [
        ("assigned", "cora-strait", 1, False),
        ("returned", "cora-strait", 1, False),
        ("returned", "mia-strait", 1, False),
        ("returned", "cora-strait", 1, False),
    ]


def test_telling_many_costs_the_same_however_many_they_are(desk, work):
    def cost(told):
        return api.queries(lambda: telling.tell_many(by=desk.cora, kind=KINDS.RETURNED, told=told))

    cost([(desk.ada, work[0])])
    few = cost([(desk.ada, work[0]), (desk.ada, work[1])])
    assert cost([(desk.ada, one) for one in work] + [(desk.ben, work[0])]) == few


def test_one_reads_ones_own_messages_only(desk, work):
    own = telling.tell(by=desk.cora, person=desk.ada, kind=KINDS.RETURNED, assignment=work[0])
    telling.read(by=desk.ben, messages=[own.pk])
    assert inbox(desk.ada) == [("returned", "cora-strait", 1, False)]
    telling.read(by=desk.ada, messages=[own.pk])
    assert inbox(desk.ada) == [("returned", "cora-strait", 1, True)]
