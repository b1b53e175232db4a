"""Webhooks: who may be told of what, in which order, and what becomes of each message."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO
from pathlib import Path
from time import sleep

import orjson
import pytest
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from annotations import delivering, hook_forms, hooking, journal, sending
from annotations.access import with_owners
from annotations.delivering import Answer
from annotations.models import Delivery, Webhook
from corpus_app import outlets, people
from corpus_app.history import Stale
from corpus_app.models import Event, Role
from corpus_app.outlets import OutletValues
from tests import factories
from tests.test_delivering import receiver  # noqa: F401 (a fixture)

pytestmark = pytest.mark.django_db

URL = "https://example.org/in"
ARRIVED = Answer(200, "thank you", 0.1)
MISSED = Answer(500, "no", 0.1)


@pytest.fixture
def project():
    return factories.ProjectFactory()


@pytest.fixture
def manager(project):
    return factories.member(project, Role.MANAGER)


@pytest.fixture
def webhook(project, manager):
    return hooking.create(by=manager, project=project, name="Archive", url=URL)


def outlet(webhook, name="The Quay") -> Event:
    """The event of a new outlet in the webhook's project."""
    values = OutletValues(name)
    made = outlets.create_outlet(by=webhook.owner, project=webhook.project, values=values)
    return Event.objects.get(object_id=str(made.pk))


def taken(webhook) -> Webhook:
    """The webhook as a sender has it that took it, with what is due made into messages."""
    [fresh] = hooking.due().filter(pk=webhook.pk)
    assert hooking.take(fresh)
    hooking.enqueue(fresh)
    return fresh


def tried(webhook, *answers: Answer) -> list[Event]:
    """The events of the messages that got these answers, one after the other."""
    told = []
    for answer in answers:
        delivery = hooking.begin_try(webhook)
        hooking.conclude(webhook=webhook, delivery=delivery, answer=answer)
        told.append(delivery.event)
    return told


# Making and changing


def test_a_webhook_is_kept_with_an_event_that_opens_nothing(webhook, manager):
    event = Event.objects.get(noun="webhook")
    assert (event.verb, event.by, event.after) == (
        "created", manager,
        {"name": "Archive", "url": URL, "events": [], "owner": manager.username, "active": True,
         "ended": None},
    )  # fmt: skip
    assert hooking.secret_of(webhook) not in str(Event.objects.values_list())
    assert hooking.secret_of(webhook) not in str(Webhook.objects.values_list())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 81),
        ("name", "in\u200bvisible"),
        ("url", "http://example.org/"),
        ("url", "https://127.0.0.1/"),
        ("events", ["annotation.exploded"]),
        ("events", ["webhook"]),
    ],
)
def test_an_unfit_webhook_is_not_made(project, manager, field, value):
    values = {"name": "Archive", "url": URL, "events": [], field: value}
    with pytest.raises(hooking.HookingError) as refusal:
        hooking.create(by=manager, project=project, **values)
    assert list(refusal.value.messages) == [field]


def test_a_change_states_the_version_it_saw(webhook, manager):
    values = {"name": "Library", "url": URL, "events": ["story", "article"], "active": False}
    changed = hooking.change(by=manager, webhook=webhook, seen=1, **values)
    assert (changed.version, changed.events, changed.active) == (2, ["article", "story"], False)
    with pytest.raises(Stale):
        hooking.change(by=manager, webhook=webhook, seen=1, **values)


def test_a_new_secret_makes_the_old_one_worth_nothing(webhook, manager):
    old = hooking.secret_of(webhook)
    new = hooking.rotate(by=manager, webhook=webhook, seen=1)
    assert old != new == hooking.secret_of(Webhook.objects.get())


def test_one_that_has_ended_stays_so_and_its_messages_are_given_up(webhook, manager):
    hooking.ping(by=manager, webhook=webhook)
    webhook.refresh_from_db()
    hooking.end(by=manager, webhook=webhook, seen=2)
    assert Delivery.objects.get().state == "given_up"
    assert list(hooking.due()) == []
    with pytest.raises(hooking.HookingError):
        hooking.ping(by=manager, webhook=webhook)


def test_what_can_be_chosen_is_what_changes_tell_of():
    assert set(hooking.VERBS) <= set(journal.SHAPES)
    assert len(set(hooking.EVENTS)) == len(hooking.EVENTS)


def test_the_guide_names_what_can_be_chosen():
    guide = (Path(__file__).resolve().parents[1] / "docs" / "guides" / "webhooks.md").read_text()
    rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", guide, re.MULTILINE)
    assert {noun: tuple(verbs.split(", ")) for noun, verbs in rows} == hooking.VERBS
    assert set(hook_forms.NOUNS) == set(hooking.VERBS)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_make_one_at_once_nobody_goes_beyond_the_most(project, manager, monkeypatch):
    settled = hooking.settled

    def slowly():
        sleep(0.2)
        return settled()

    def make(number: int) -> bool:
        try:
            return bool(hooking.create(by=manager, project=project, name=str(number), url=URL))
        except hooking.HookingError:
            return False
        finally:
            connections.close_all()

    monkeypatch.setattr(hooking, "settled", slowly)
    monkeypatch.setattr(hooking, "MOST_WEBHOOKS", 2)
    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(make, range(4))) == [False, False, True, True]


# What it is told


def test_it_is_told_what_happened_since_it_was_made_and_in_that_order(webhook):
    events = [outlet(webhook, name) for name in ("Quay", "Herald", "Islander")]
    held = taken(webhook)
    assert tried(held, ARRIVED, ARRIVED, ARRIVED) == events
    assert hooking.begin_try(held) is None
    assert hooking.enqueue(held) == 0


@pytest.mark.parametrize(
    ("chosen", "number"),
    [([], 1), (["outlet"], 1), (["outlet.created"], 1), (["outlet.changed"], 0), (["story"], 0)],
)
def test_it_is_told_of_what_it_chose(project, manager, chosen, number):
    webhook = hooking.create(by=manager, project=project, name="x", url=URL, events=chosen)
    outlet(webhook)
    held = taken(webhook)
    assert (webhook.deliveries.count(), held.told > webhook.told) == (number, True)


def test_nothing_is_sent_for_who_manages_the_project_no_more_and_all_of_it_once_she_does(
    webhook, manager, project
):
    other = factories.member(project, Role.MANAGER)
    own = manager.memberships.get()
    people.change_membership(by=other, membership=own, seen=1, role="curator", most_open=None)
    outlet(webhook)
    assert not hooking.may_be_told(Webhook.objects.get())
    assert (sending.send_due().total(), Delivery.objects.count()) == (0, 0)
    people.change_membership(by=other, membership=own, seen=2, role="manager", most_open=None)
    assert hooking.enqueue(taken(webhook)) == 0
    assert Delivery.objects.get().event.noun == "outlet"


def test_an_owner_who_loses_her_role_after_her_messages_were_made_is_sent_none_of_them(
    webhook, manager, project
):
    other = factories.member(project, Role.MANAGER)
    outlet(webhook, "Quay")
    held = taken(webhook)
    people.end(by=other, membership=manager.memberships.get(), seen=1)
    outlet(webhook, "Herald")
    assert (hooking.begin_try(held), hooking.enqueue(held)) == (None, 0)
    told = Delivery.objects.get()
    assert (told.state, told.tries, told.tried) == ("waiting", 0, None)


def test_nothing_more_is_sent_once_the_role_ends_and_the_rest_when_she_has_it_again(
    webhook, manager, project, monkeypatch
):
    other, own = factories.member(project, Role.MANAGER), manager.memberships.get()
    sent = []

    def post(url, body, headers, *, private):
        sent.append(orjson.loads(body)["data"]["name"])
        if len(sent) == 1:
            people.change_role(by=other, membership=own, seen=1, role="analyst")
        return ARRIVED

    monkeypatch.setattr(delivering, "post", post)
    for name in ("Quay", "Herald"):
        outlet(webhook, name)
    assert (sending.send_due(), sending.send_due()) == ({True: 1}, {})
    assert Delivery.objects.filter(state="waiting", tries=0).count() == 1
    people.change_role(by=other, membership=own, seen=2, role="manager")
    assert (sending.send_due(), sent) == ({True: 1}, ["Quay", "Herald"])


@pytest.mark.parametrize("field", ["is_superuser", "is_active"])
def test_who_runs_the_site_no_more_is_told_nothing_though_the_webhook_is_taken(project, field):
    owner = factories.UserFactory(is_superuser=True)
    webhook = hooking.create(by=owner, project=project, name="Site", url=URL)
    outlet(webhook)
    held = taken(webhook)
    type(owner).objects.filter(pk=owner.pk).update(**{field: False})
    assert (hooking.begin_try(held), list(hooking.due())) == (None, [])


def test_what_the_owner_is_not_told_of_is_given_up_unsent_and_the_next_one_sent(
    webhook, project, monkeypatch
):
    foreign = factories.member(factories.ProjectFactory(), Role.MANAGER)
    elsewhere = foreign.memberships.get().project
    hidden = outlet(hooking.create(by=foreign, project=elsewhere, name="x", url=URL), "Secret")
    Webhook.objects.filter(project=elsewhere).update(active=False)
    Delivery.objects.create(webhook=webhook, event=hidden)
    outlet(webhook)
    sent = []
    monkeypatch.setattr(
        delivering, "post", lambda url, body, headers, **_: sent.append(body) or ARRIVED
    )
    assert sending.send_due() == {True: 1}
    assert [orjson.loads(body)["data"]["name"] for body in sent] == ["The Quay"]
    told = Delivery.objects.get(event=hidden)
    assert (told.state, told.note) == (
        "given_up",
        "Not sent: the owner is not told of this any more.",
    )


def test_a_role_that_ends_while_a_message_is_written_leaves_it_waiting(webhook, manager, project):
    other = factories.member(project, Role.MANAGER)
    outlet(webhook)
    held = taken(webhook)
    delivery = hooking.begin_try(held)
    people.end(by=other, membership=manager.memberships.get(), seen=1)
    assert sending.message(held, delivery) is None
    hooking.forgo(webhook=held, delivery=delivery)
    told = Delivery.objects.get()
    assert (told.state, told.tries, told.due <= timezone.now()) == ("waiting", 0, True)


def test_of_a_webhook_that_ends_once_it_is_taken_no_message_is_made(webhook, manager):
    outlet(webhook)
    [held] = hooking.due()
    hooking.take(held)
    hooking.end(by=manager, webhook=webhook, seen=1)
    assert (hooking.enqueue(held), Delivery.objects.count()) == (0, 0)


def test_with_owners_says_what_the_door_says(project):
    people_of = [
        factories.member(project, Role.MANAGER),
        factories.member(project, Role.CURATOR),
        factories.member(project, Role.MANAGER, ended=timezone.now()),
        factories.member(project, Role.MANAGER, user__is_active=False),
        factories.member(factories.ProjectFactory(), Role.MANAGER),
        factories.UserFactory(is_superuser=True),
        factories.UserFactory(is_superuser=True, is_active=False),
    ]
    for owner in people_of:
        Webhook.objects.create(project=project, owner=owner, name=owner.username, url=URL)
    rows = {one.owner_id: one for one in with_owners(Webhook.objects.all())}
    told = [rows[owner.pk].owner_manages for owner in people_of]
    assert told == [True, False, False, False, False, True, False]
    assert told == [hooking.may_be_told(rows[owner.pk]) for owner in people_of]


# Tries


def test_a_message_that_did_not_arrive_is_tried_later_and_others_pass_it(webhook):
    first, second = outlet(webhook, "Quay"), outlet(webhook, "Herald")
    held = taken(webhook)
    assert tried(held, MISSED, ARRIVED) == [first, second]
    missed = Delivery.objects.get(event=first)
    assert (missed.state, missed.tries, missed.status, missed.note) == ("waiting", 1, 500, "no")
    assert timedelta(seconds=40) < missed.due - timezone.now() < timedelta(seconds=80)
    assert hooking.begin_try(held) is None


def test_a_message_is_given_up_after_its_last_try(webhook):
    outlet(webhook)
    held = taken(webhook)
    Delivery.objects.update(tries=delivering.MOST_TRIES - 1)
    tried(held, MISSED)
    assert Delivery.objects.get().state == "given_up"


def test_an_address_that_fails_is_left_alone_for_longer_and_longer(webhook):
    outlet(webhook)
    held = taken(webhook)
    tried(held, MISSED)
    hooking.leave(held)
    assert list(hooking.due()) == []
    rests = []
    for minutes in (0, 5, 300):
        held.failing = timezone.now() - timedelta(minutes=minutes)
        hooking.leave(held)
        rests.append(round((held.rests - timezone.now()).total_seconds() / 60))
    assert rests == [1, 5, 60]
    Delivery.objects.update(due=timezone.now())
    tried(held, ARRIVED)
    hooking.leave(held)
    assert [(one.failing, one.rests) for one in hooking.due()] == [(None, None)]


def test_two_senders_never_have_the_same_webhook_or_try(webhook):
    outlet(webhook)
    [mine], [theirs] = hooking.due(), hooking.due()
    assert (hooking.take(mine), hooking.take(theirs)) == (True, False)
    hooking.enqueue(mine)
    assert hooking.begin_try(theirs) is None
    delivery = hooking.begin_try(mine)
    assert (delivery.tries, hooking.begin_try(mine)) == (1, None)


def test_a_sender_that_fell_silent_is_overtaken_and_changes_nothing_any_more(webhook):
    outlet(webhook)
    silent = taken(webhook)
    delivery = hooking.begin_try(silent)
    Webhook.objects.update(rests=timezone.now())
    Delivery.objects.update(due=timezone.now())
    tried(taken(webhook), ARRIVED)
    hooking.conclude(webhook=silent, delivery=delivery, answer=MISSED)
    hooking.leave(silent)
    told = Delivery.objects.get()
    assert (told.state, told.tries, told.status) == ("delivered", 2, 200)
    assert Webhook.objects.get().failing is None


def test_what_was_given_up_is_sent_again_if_that_is_asked(webhook, manager):
    event = outlet(webhook)
    Delivery.objects.create(webhook=webhook, event=event, state="given_up", tries=15)
    again = hooking.redeliver(by=manager, delivery=Delivery.objects.get())
    assert (again.state, again.tries) == ("waiting", 0)
    held = taken(webhook)
    assert tried(held, ARRIVED) == [event]


# All of it, to a server on this machine


def test_a_message_is_the_entry_of_changes_and_signed(webhook, manager, settings, receiver):  # noqa: F811
    settings.WEBHOOKS_MAY_REACH_PRIVATE = True
    values = {"name": "Archive", "events": [], "active": True}
    hooking.change(by=manager, webhook=webhook, seen=1, url=receiver.url, **values)
    event = outlet(webhook)
    hooking.ping(by=manager, webhook=webhook)
    said = StringIO()
    call_command("deliver_webhooks", stdout=said)
    assert said.getvalue() == "2 delivered, 0 to be tried again later.\n"
    (_, headers, body), (_, pinged, _) = receiver.heard
    told = journal.entry(manager, event.pk)
    assert orjson.loads(body) == orjson.loads(
        orjson.dumps(told, default=str, option=orjson.OPT_UTC_Z)
    )
    assert (told["noun"], told["data"]["name"]) == ("outlet", "The Quay")
    moment = int(headers["Crossread-Signature"][2:].partition(",")[0])
    secret = hooking.secret_of(webhook)
    assert headers["Crossread-Signature"] == delivering.signature(secret, moment, body)
    assert abs(moment - timezone.now().timestamp()) < 60
    assert headers["Crossread-Delivery"] == str(Delivery.objects.get(event=event).pk)
    names = [one["Crossread-Event"] for one in (headers, pinged)]
    assert names == ["outlet.created", "webhook.pinged"]
    assert set(Delivery.objects.values_list("state", "status", "note")) == {
        ("delivered", 200, "thank you")
    }
    assert sending.send_due() == {}
