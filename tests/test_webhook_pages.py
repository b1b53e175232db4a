"""The pages of webhooks: made, tried, told its secret, changed and ended by managers."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from annotations import hooking
from annotations.delivering import Answer
from annotations.models import Delivery, Webhook
from corpus_app import people
from corpus_app.models import Event, Role
from tests import factories

pytestmark = pytest.mark.django_db

URL = "https://example.org/in"
NEW = {"name": "Archive", "url": URL, "events": ["annotation", "story.created"]}


@pytest.fixture
def project():
    return factories.ProjectFactory(name="The tunnel", slug="tunnel")


@pytest.fixture
def manager(project):
    return factories.member(project, Role.MANAGER)


@pytest.fixture
def managing(client, manager):
    client.force_login(manager)
    return client


@pytest.fixture
def webhook(project, manager):
    return hooking.create(by=manager, project=project, name="Archive", url=URL)


def page(name: str, *args) -> str:
    return reverse(name, args=["tunnel", *args])


def told(answer) -> str:
    """What was said last."""
    return [str(message) for message in answer.context["messages"]][-1]


def test_a_manager_makes_a_webhook_and_sees_its_secret(managing):
    assert "Nobody yet" in managing.get(page("hooks")).content.decode()
    answer = managing.post(page("hooks"), NEW)
    webhook = Webhook.objects.get()
    secret = hooking.secret_of(webhook)
    assert (answer.status_code, webhook.events) == (201, ["annotation", "story.created"])
    assert secret in answer.content.decode()
    for path in (page("hooks"), page("hook", webhook.pk)):
        answer = managing.get(path)
        assert answer.headers["Cache-Control"].startswith("max-age=0, no-cache, no-store")
        assert secret not in answer.content.decode()
        assert URL in answer.content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("url", "http://example.org/"), ("url", "https://10.0.0.1/"), ("events", ["x"])],
)
def test_what_cannot_be_is_told_at_its_field_and_what_was_typed_stays(managing, field, value):
    answer = managing.post(page("hooks"), NEW | {field: value})
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, [field])
    assert (Webhook.objects.count(), "Archive" in answer.content.decode()) == (0, field != "name")


def test_a_webhook_is_changed_by_who_saw_it_as_it_is(managing, webhook):
    path, sent = page("hook", webhook.pk), {**NEW, "name": "Library", "version": 1}
    assert told(managing.post(path, sent, follow=True)) == "Saved: “Library”."
    changed = Webhook.objects.get()
    assert (changed.name, changed.active, changed.version) == ("Library", False, 2)
    stale = managing.post(path, {**sent, "name": "Shelf"})
    assert (stale.status_code, Webhook.objects.get().name) == (412, "Library")
    refused = managing.post(path, {**sent, "version": 2, "url": "https://[::1]/"})
    assert (refused.status_code, list(refused.context["form"].errors)) == (400, ["url"])


def test_the_secret_is_shown_when_asked_and_made_anew(managing, webhook):
    path = page("hook-secret", webhook.pk)
    old = hooking.secret_of(webhook)
    assert old in managing.post(path).content.decode()
    new = managing.post(path, {"new": "1", "version": 1}).context["secret"]
    assert old != new == hooking.secret_of(Webhook.objects.get())
    stale = managing.post(path, {"new": "1", "version": 1}, follow=True)
    assert told(stale).startswith("The secret is as before.")


def test_the_log_tells_how_each_message_fares(managing, webhook, manager):
    for button in ("hook-ping", "hook-ping"):
        managing.post(page(button, webhook.pk))
    [held] = hooking.due()
    hooking.take(held)
    for answer in (Answer(200, "thank you", 0.1), Answer(500, "<b>no</b>", 0.2)):
        delivery = hooking.begin_try(held)
        hooking.conclude(webhook=held, delivery=delivery, answer=answer)
    shown = managing.get(page("hook", webhook.pk)).content.decode()
    for part in ("thank you", "&lt;b&gt;no&lt;/b&gt;", "delivered", "waiting", "failing"):
        assert part in shown
    delivered = Delivery.objects.get(state="delivered")
    again = managing.post(page("hook-send-again", webhook.pk, delivered.pk), follow=True)
    assert told(again) == "The message is on its way once more."
    assert Delivery.objects.filter(state="waiting").count() == 2
    foreign = factories.member(factories.ProjectFactory(), Role.MANAGER)
    other = hooking.create(by=foreign, project=foreign.memberships.get().project, name="x", url=URL)
    path = page("hook-send-again", other.pk, delivered.pk)
    assert managing.post(path).status_code == 404
    assert managing.get(page("hook", other.pk)).status_code == 404


def test_an_ended_webhook_keeps_its_log_and_takes_nothing(managing, webhook):
    managing.post(page("hook-ping", webhook.pk))
    ended = managing.post(page("hook-end", webhook.pk), {"version": 2}, follow=True)
    assert told(ended).startswith("Ended:")
    assert "given up" in ended.content.decode()
    refused = managing.post(page("hook-ping", webhook.pk), follow=True)
    assert told(refused) == "Nothing was done. This webhook has ended. Make a new one."
    assert "Ended" in managing.get(page("hooks")).content.decode()


def test_the_page_says_that_nothing_is_sent_for_who_manages_no_more(managing, project, manager):
    other = factories.member(project, Role.MANAGER)
    hers = hooking.create(by=other, project=project, name="Hers", url=URL)
    own = other.memberships.get()
    people.change_membership(by=manager, membership=own, seen=1, role="analyst", most_open=None)
    for path in (page("hooks"), page("hook", hers.pk)):
        assert "manages this project no more" in managing.get(path).content.decode()


def test_the_log_costs_as_many_queries_for_ten_messages_as_for_one(managing, webhook, manager):
    def queries():
        with CaptureQueriesContext(connection) as made:
            managing.get(page("hook", webhook.pk))
        return len(made)

    hooking.ping(by=manager, webhook=webhook)
    one = queries()
    for _ in range(9):
        hooking.ping(by=manager, webhook=webhook)
    assert (queries(), Event.objects.filter(verb="pinged").count()) == (one, 10)


def test_ten_webhooks_cost_as_many_queries_as_one(managing, webhook, manager, project):
    def queries():
        with CaptureQueriesContext(connection) as made:
            managing.get(page("hooks"))
        return len(made)

    one = queries()
    for number in range(9):
        owner = factories.member(project, Role.MANAGER)
        hooking.create(by=owner, project=project, name=f"Shelf {number}", url=URL)
    assert (queries(), Webhook.objects.count()) == (one, 10)
