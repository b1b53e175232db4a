"""Events get turns; whoever reads up to what is settled misses nothing, however many write."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event as Signal

import pytest
from django.db import connection, connections, transaction

from annotations import journal
from corpus_app import outlets
from corpus_app.models import Event, Project, Role, Turn, User
from corpus_app.outlets import OutletValues
from corpus_app.turns import settled
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

only_there = pytest.mark.skipif(
    "connection.vendor == 'sqlite'", reason="on SQLite one transaction writes at a time"
)
PATIENCE = 10


@pytest.fixture
def project():
    return factories.ProjectFactory()


@pytest.fixture
def curator(project):
    return factories.member(project, Role.CURATOR)


def make(curator: User, project: Project, name: str) -> Event:
    outlet = outlets.create_outlet(by=curator, project=project, values=OutletValues(name))
    return Event.objects.get(object_id=str(outlet.pk))


class Writer:
    """A transaction in a thread of its own, which goes on step by step as it is told to."""

    def __init__(self, *steps):
        self.steps, self.done = steps, [Signal() for _ in steps]
        self.go = [Signal() for _ in range(len(steps) + 1)]
        self.pool = ThreadPoolExecutor(1)
        self.end = self.pool.submit(self._run)

    def _run(self):
        try:
            with transaction.atomic():
                for step, go, done in zip(self.steps, self.go, self.done, strict=False):
                    assert go.wait(PATIENCE)
                    step()
                    done.set()
                assert self.go[-1].wait(PATIENCE)
        finally:
            connections.close_all()

    def step(self, number: int = 0) -> None:
        """The next step, made and not yet committed."""
        self.go[number].set()
        assert self.done[number].wait(PATIENCE)

    def commit(self) -> None:
        self.go[-1].set()
        self.end.result(PATIENCE)
        self.pool.shutdown()


class Reader:
    """A program that asks again and again from its last cursor on."""

    def __init__(self, user: User, project: Project):
        self.user, self.project, self.cursor, self.heard = user, project, None, []

    def ask(self) -> list[str]:
        """The names of the outlets that were told of since."""
        page = journal.page(self.user, self.project, self.cursor, 500)
        self.cursor = page.next
        self.heard += [entry["cursor"] for entry in page.entries]
        return [e["data"]["name"] for e in page.entries if e["noun"] == "outlet"]


def test_every_event_has_a_turn_in_the_order_of_writing(project, curator):
    events = [make(curator, project, name) for name in ("Quay", "Herald", "Islander")]
    turns = Turn.objects.filter(event__in=events)
    assert list(turns.values_list("event_id", "project_id")) == [
        (event.pk, project.pk) for event in events
    ]
    assert settled() == turns.last().number


@only_there
def test_who_took_an_earlier_turn_and_commits_later_is_not_passed_over(project, curator):
    reader = Reader(curator, project)
    reader.ask()
    slow = Writer(lambda: make(curator, project, "Slow"))
    slow.step()
    make(curator, project, "Fast")
    assert reader.ask() == []
    other = Writer(lambda: make(curator, project, "Other"))
    other.step()
    slow.commit()
    assert reader.ask() == ["Slow", "Fast"]
    other.commit()
    assert reader.ask() == ["Other"]
    turns = Turn.objects.filter(event__noun="outlet").values_list("event_id", flat=True)
    assert reader.heard[-3:] == list(turns)


@only_there
def test_a_long_transaction_that_writes_no_events_delays_nobody(project, curator):
    reader = Reader(curator, project)
    reader.ask()
    long = Writer(lambda: User.objects.filter(pk=curator.pk).update(first_name="Long"))
    long.step()
    make(curator, project, "Quay")
    assert reader.ask() == ["Quay"]
    long.commit()


@only_there
def test_a_writer_who_took_back_what_she_wrote_delays_nobody_and_may_write_again(project, curator):
    reader = Reader(curator, project)
    reader.ask()

    def change_ones_mind():
        with transaction.atomic():
            make(curator, project, "Never")
            transaction.set_rollback(True)

    doubting = Writer(change_ones_mind, lambda: make(curator, project, "Late"))
    doubting.step()
    make(curator, project, "Quay")
    assert reader.ask() == ["Quay"]
    doubting.step(1)
    make(curator, project, "Herald")
    assert reader.ask() == []
    doubting.commit()
    assert reader.ask() == ["Late", "Herald"]


def test_many_who_write_at_once_are_all_heard_once_and_in_turn(project, curator):
    reader, names = Reader(curator, project), [f"Outlet {n}" for n in range(12)]

    def write(name):
        try:
            make(curator, project, name)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        ends = [pool.submit(write, name) for name in names]
        heard = []
        while not all(end.done() for end in ends):
            heard += reader.ask()
        for end in ends:
            end.result()
    heard += reader.ask()
    assert sorted(heard) == sorted(names)
    turns = Turn.objects.filter(project=project).values_list("event_id", flat=True)
    assert reader.heard == list(turns)


def test_what_was_emptied_begins_anew():
    """The triggers stand although every test before has emptied the tables."""
    assert (Turn.objects.count(), Event.objects.count()) == (0, 0)
    with connection.cursor() as cursor:
        query = (
            "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name = %s"
            if connection.vendor == "sqlite"
            else "SELECT count(*) FROM pg_trigger WHERE tgname = %s"
        )
        cursor.execute(query, ["corpus_app_event_turn"])
        assert cursor.fetchone() == (1,)
