"""/api/v1/webhooks/: for managers, other systems that are told what changes."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations import hooking, sending
from annotations.models import Delivery, Webhook
from corpus_app import people
from corpus_app.models import Event, Role
from tests import api, factories

pytestmark = pytest.mark.django_db

URL = "https://example.org/in"
NEW = {"project": "strait", "name": "Archive", "url": URL, "events": ["annotation"]}


@pytest.fixture
def desk():
    return api.desk()


@pytest.fixture
def manager(desk):
    return api.Caller(factories.member(desk.project, Role.MANAGER, user__username="mia"))


@pytest.fixture
def made(manager):
    return manager.post("webhooks/", NEW).json()


def test_the_secret_of_a_new_webhook_is_told_once(manager):
    answer = manager.post("webhooks/", NEW)
    made, stored = answer.json(), Webhook.objects.get()
    assert (answer.status_code, made.pop("secret")) == (201, hooking.secret_of(stored))
    assert {name: made[name] for name in (*NEW, "owner", "active", "told", "failing")} == {
        **NEW, "owner": "mia", "active": True, "told": True, "failing": None,
    }  # fmt: skip
    assert manager.get(f"webhooks/{stored.pk}/").json() == made
    assert manager.results("webhooks/?project=strait") == [made]
    assert manager.results("webhooks/?project=elsewhere") == []


def test_a_webhook_that_is_sent_twice_is_made_once(desk, manager):
    sent = {**NEW, "id": "0d6e38ae-5a4b-4c58-a3e3-8a2a2f3a9c11"}
    first, again = manager.post("webhooks/", sent), manager.post("webhooks/", sent)
    assert (first.status_code, again.status_code) == (201, 200)
    made = first.json()
    assert made.pop("secret") == hooking.secret_of(Webhook.objects.get())
    assert (made["id"], again.json()) == (sent["id"], made)
    assert Event.objects.filter(noun="webhook").count() == 1
    other = api.Caller(factories.member(desk.project, Role.MANAGER))
    elsewhere = factories.ProjectFactory(slug="far")
    foreign = api.Caller(factories.member(elsewhere, Role.MANAGER))
    for caller, project in ((other, "strait"), (foreign, "far")):
        taken = caller.post("webhooks/", {**sent, "project": project})
        assert (taken.status_code, taken.json()["errors"][0]["pointer"]) == (400, "/id")
    assert Webhook.objects.count() == 1


def test_a_change_states_the_version_and_leaves_what_is_not_sent(manager, made):
    path = f"webhooks/{made['id']}/"
    assert manager.ask("PATCH", path, {"active": False}).status_code == 428
    answer = manager.ask("PATCH", path, {"active": False}, If_Match='"1"')
    told = answer.json()
    assert (told["active"], told["told"], told["url"], told["version"]) == (False, False, URL, 2)
    stale = manager.ask("PATCH", path, {"active": True}, If_Match='"1"')
    assert (stale.status_code, stale.json()["current"]["version"]) == (412, 2)
    refused = manager.ask("PATCH", path, {"url": "http://10.0.0.1/"}, If_Match='"2"')
    told = [(one["pointer"], one["detail"]) for one in refused.json()["errors"]]
    assert told == [("/url", "The address has to begin with https://.")]
    assert manager.ask("DELETE", path, If_Match='"2"').json()["ended"]
    assert manager.ask("PATCH", path, {"active": True}, If_Match='"3"').status_code == 400


@pytest.mark.parametrize(
    ("fields", "status", "pointer"),
    [
        ({"project": "nowhere"}, 400, "/project"),
        ({"events": ["everything"]}, 400, "/events/0"),
        ({"url": "https://[::1]/"}, 400, "/url"),
        ({"owner": "ada"}, 400, "/owner"),
        ({"name": ""}, 400, "/name"),
    ],
)
def test_an_unfit_webhook_is_refused(manager, fields, status, pointer):
    answer = manager.post("webhooks/", NEW | fields)
    told = [error["pointer"] for error in answer.json().get("errors", [])]
    assert (answer.status_code, told) == (status, [pointer] if pointer else [])
    assert Webhook.objects.count() == 0


@pytest.mark.parametrize(
    ("event", "told"),
    [
        ("tag", "Choose among annotation, comment, assignment, article, actor, outlet, story, "
         "codebook, facet, claimtag, case, project, release, or one of their verbs, as in "
         "article.corrected."),
        ("outlet.deleted", "Of outlet there are: outlet.created, outlet.changed."),
    ],
)  # fmt: skip
def test_of_an_unknown_event_those_are_told_that_there_are(manager, event, told):
    answer = manager.post("webhooks/", NEW | {"events": ["annotation", event]})
    assert answer.json()["errors"] == [
        {"pointer": "/events/1", "detail": f"There is no event “{event}”. {told}"}
    ]


def test_a_release_is_told_as_it_is(desk, manager):
    manager.post("webhooks/", {"project": "strait", "name": "All", "url": URL})
    webhook = Webhook.objects.get()
    made = manager.post("releases/", {"project": "strait", "name": "First"}).json()
    assert hooking.enqueue(webhook) == 1
    body, headers = sending.message(webhook, Delivery.objects.get())
    assert (headers["Crossread-Event"], json.loads(body)["data"]) == ("release.released", made)


def test_only_managers_know_of_any(desk, made):
    for person, status in ((desk.ada, 403), (desk.cora, 403), (api.desk("other").cora, 400)):
        caller = api.Caller(person)
        assert caller.results("webhooks/") == []
        assert caller.post("webhooks/", NEW).status_code == status
        for method, path in (("GET", ""), ("PATCH", ""), ("POST", "ping/"), ("GET", "deliveries/")):
            answer = caller.ask(method, f"webhooks/{made['id']}/{path}", {}, If_Match='"1"')
            assert answer.status_code == 404
        assert "webhook" not in {event["noun"] for event in caller.results("events/?page_size=500")}


def test_a_test_message_is_sent_and_sent_again(manager, made):
    path = f"webhooks/{made['id']}/"
    answer = manager.post(f"{path}ping/")
    told = answer.json()
    assert (answer.status_code, told["noun"], told["verb"], told["state"]) == (
        202, "webhook", "pinged", "waiting",
    )  # fmt: skip
    Delivery.objects.update(state="given_up", tries=15)
    [given_up] = manager.results(f"{path}deliveries/")
    assert (given_up["state"], given_up["tries"], given_up["due"]) == ("given_up", 15, None)
    again = manager.post(f"{path}deliveries/{told['id']}/redeliver/")
    assert (again.status_code, again.json()["state"], again.json()["tries"]) == (202, "waiting", 0)
    verbs = Event.objects.filter(noun="webhook").order_by("version").values_list("verb", flat=True)
    assert list(verbs) == ["created", "pinged", "sent again"]
    for odd in ("x", made["id"]):
        assert manager.post(f"{path}deliveries/{odd}/redeliver/").status_code == 404


def test_a_token_that_may_read_changes_nothing_and_learns_no_secret(desk, made):
    manager = Webhook.objects.get().owner
    reader, path = api.by_token(manager, "read"), f"webhooks/{made['id']}/"
    asked = [
        ("POST", "webhooks/"), ("PATCH", path), ("DELETE", path), ("POST", f"{path}secret/"),
        ("POST", f"{path}ping/"),
    ]  # fmt: skip
    for method, where in asked:
        assert reader.ask(method, where, {}, If_Match='"1"').status_code == 403
    assert reader.get(path).status_code == 200
    assert made["secret"] not in reader.get(path).content.decode()
    writer = api.by_token(manager, "write")
    new = writer.post(f"{path}secret/", If_Match='"1"').json()["secret"]
    assert new == hooking.secret_of(Webhook.objects.get()) != made["secret"]


def test_ten_webhooks_cost_as_many_queries_as_one(desk, manager, made):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert all(one["told"] for one in manager.results("webhooks/"))
        return len(asked)

    one = queries()
    for number in range(9):
        owner = factories.member(desk.project, Role.MANAGER)
        hooking.create(by=owner, project=desk.project, name=f"Shelf {number}", url=URL)
    assert (queries(), Webhook.objects.count()) == (one, 10)


def test_what_is_told_of_one_whose_owner_manages_no_more(desk, manager, made):
    other = api.Caller(factories.member(desk.project, Role.MANAGER))
    own = Webhook.objects.get().owner.memberships.get()
    people.end(by=desk.cora, membership=own, seen=1)
    path = f"webhooks/{made['id']}/"
    assert [one["told"] for one in other.results("webhooks/")] == [False]
    changed = other.ask("PATCH", path, {"name": "Shelf"}, If_Match='"1"')
    assert (changed.status_code, changed.json()["told"]) == (200, False)
    stale = other.ask("PATCH", path, {"name": "Rack"}, If_Match='"1"')
    assert (stale.status_code, stale.json()["current"]["told"]) == (412, False)
