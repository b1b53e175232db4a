"""/api/v1/annotations/bulk/: many writes at once, all of them or each by itself."""

import uuid

import pytest

from annotations.models import Annotation, Assignment
from corpus_app import people
from corpus_app.models import Event
from tests import api, factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return api.desk()


@pytest.fixture
def ada(desk):
    return api.Caller(desk.ada)


def new(desk, start=0, **fields) -> dict:
    return {"op": "create", **api.claim_body(desk, start, start + 4, **fields)}


def send(caller, mode, *items):
    return caller.post("annotations/bulk/", {"mode": mode, "items": list(items)})


def rows(answer) -> list[tuple]:
    return [(row["status"], row["version"]) for row in answer.json()["results"]]


def counts(answer) -> tuple[int, int]:
    told = answer.json()
    return told["stored"], told["unchanged"]


def test_annotations_are_made_changed_deleted_and_restored_at_once(desk, ada):
    kept, changed, removed = (factories.claim(desk.article, desk.ada, n, n + 3) for n in (0, 4, 8))
    made = new(desk, 12, note="New.")
    answer = send(
        ada, "all", made,
        {"op": "update", "id": str(changed.pk), "version": 1, "note": "Changed."},
        {"op": "delete", "id": str(removed.pk), "version": 1},
        {"op": "restore", "id": str(removed.pk), "version": 2, "to": 1},
    )  # fmt: skip
    assert (answer.status_code, rows(answer)) == (200, [(201, 1), (200, 2), (200, 2), (200, 3)])
    ids = [made["id"], str(changed.pk), str(removed.pk), str(removed.pk)]
    assert [row["id"] for row in answer.json()["results"]] == ids
    stored = Annotation.objects.in_bulk()
    assert [(stored[one.pk].note, stored[one.pk].version) for one in (kept, changed, removed)] == [
        ("", 1), ("Changed.", 2), ("", 3),
    ]  # fmt: skip
    assert list(stored[changed.pk].spans.values_list("start", "end")) == [(4, 7)]
    assert stored[uuid.UUID(made["id"])].note == "New."


def test_all_or_nothing_says_what_is_wrong_with_which_and_stores_nothing(desk, ada):
    claim = factories.claim(desk.article, desk.ada, 0, 3)
    events = Event.objects.count()
    answer = send(
        ada, "all", new(desk), new(desk, spans=[{"start": 3, "end": "x"}]),
        {"op": "delete", "id": str(claim.pk), "version": 7}, new(desk, kind="guess"),
    )  # fmt: skip
    told = answer.json()
    assert (answer.status_code, answer.headers["Content-Type"], told["type"]) == (
        400, "application/problem+json", "/api/problems/bulk-refused",
    )  # fmt: skip
    pointers = [error["pointer"] for error in told["errors"]]
    assert pointers == ["/items/1/spans/0/end", "/items/2", "/items/3/kind"]
    stale = told["results"][1]
    assert (stale["index"], stale["status"], stale["problem"]["current"]["version"]) == (2, 412, 1)
    assert (Annotation.objects.count(), Event.objects.count()) == (1, events)


def test_each_by_itself_is_stored_or_refused(desk, ada):
    answer = send(
        ada, "each", new(desk), new(desk, 99_999), {"op": "explode"}, {"op": "delete"},
        {"op": "delete", "id": str(uuid.uuid4()), "version": 1}, new(desk, 4),
    )  # fmt: skip
    told = answer.json()
    assert (answer.status_code, told["stored"], Annotation.objects.count()) == (200, 2, 2)
    assert told["unchanged"] == 0
    assert [row["status"] for row in told["results"]] == [201, 400, 400, 400, 404, 201]
    pointers = [
        [error.get("pointer") for error in (row["problem"] or {}).get("errors", [])]
        for row in told["results"]
    ]
    assert pointers == [
        [], ["/items/1/spans"], ["/items/2/op"], ["/items/3/id", "/items/3/version"], [], [],
    ]  # fmt: skip


@pytest.mark.parametrize("mode", ["all", "each"])
def test_what_is_sent_again_is_made_once(desk, ada, mode):
    without_id = {k: v for k, v in new(desk, 8).items() if k != "id"}
    items = [new(desk), {**without_id, "change": str(uuid.uuid4())}]
    first, again = send(ada, mode, *items), send(ada, mode, *items)
    assert (rows(first), rows(again)) == ([(201, 1)] * 2, [(200, 1)] * 2)
    ids = [[row["id"] for row in one.json()["results"]] for one in (first, again)]
    assert (ids[0], Annotation.objects.count()) == (ids[1], 2)
    assert (counts(first), counts(again)) == ((2, 0), (0, 2))
    assert [row["unchanged"] for row in again.json()["results"]] == [True, True]
    change = {
        "op": "update",
        "id": ids[0][0],
        "version": 1,
        "note": "x",
        "change": str(uuid.uuid4()),
    }
    answers = [send(ada, mode, change) for _ in range(2)]
    assert [rows(answer) for answer in answers] == [[(200, 2)]] * 2
    assert [counts(answer) for answer in answers] == [(1, 0), (0, 1)]
    removal = {"op": "delete", "id": ids[0][0], "version": 2}
    back = {"op": "restore", "id": ids[0][0], "version": 3, "to": 2, "change": str(uuid.uuid4())}
    for item in (removal, back):
        answers = [send(ada, mode, item, new(desk, 20 + n)) for n in range(2)]
        assert [counts(answer) for answer in answers] == [(2, 0), (1, 1)]


@pytest.mark.parametrize(
    ("item", "told"),
    [
        ({}, "This field is required."),
        ({"op": None}, "This field may not be null."),
        ({"op": "explode"}, "“explode” is none of these: create, update, delete, restore."),
    ],
)
def test_what_is_to_be_done_has_to_be_said(desk, ada, item, told):
    [row] = send(ada, "each", item).json()["results"]
    fault = {"pointer": "/items/0/op", "detail": told}
    assert (row["status"], row["problem"]["errors"]) == (400, [fault])


def test_the_doors_are_as_narrow_as_for_one(desk, ada):
    """Others' work, articles handed in or never given: the same refusals as by itself."""
    hers, his = (factories.claim(desk.article, one, 0, 3) for one in (desk.ada, desk.ben))
    Assignment.objects.filter(analyst=desk.ben).update(state="handed_in")
    his = {"op": "delete", "id": str(his.pk), "version": 1}
    hers = {"op": "update", "id": str(hers.pk), "version": 1, "note": "x"}
    assert rows(send(ada, "each", his)) == [(404, None)]
    assert rows(send(api.Caller(desk.cora), "each", hers, new(desk))) == [(403, None), (400, None)]
    assert rows(send(api.Caller(desk.ben), "each", new(desk))) == [(400, None)]
    token = api.by_token(desk.ada, "read")
    assert send(token, "all", new(desk)).status_code == 403
    assert send(api.by_token(desk.ada, "write"), "all", new(desk)).status_code == 200


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"mode": "most", "items": [{}]}, "/mode"),
        ({"mode": "all", "items": []}, "/items"),
        ({"mode": "all", "items": [{}] * 1001}, "/items"),
        ({"mode": "all", "items": ["x"]}, "/items/0"),
        ({"mode": "all", "items": [{}], "more": 1}, "/more"),
    ],
)
def test_an_odd_body_is_refused_whole(ada, body, pointer):
    answer = ada.post("annotations/bulk/", body)
    told = [error["pointer"] for error in answer.json()["errors"]]
    assert (answer.status_code, told) == (400, [pointer])


@pytest.mark.parametrize("number", [1, 100])
def test_an_item_in_an_archived_project_stops_no_other(desk, ada, number):
    old = api.desk("old")
    factories.MembershipFactory(project=old.project, user=desk.ada)
    factories.assigned(old.article, desk.ada)
    mia = factories.member(old.project, "manager")
    people.archive(by=mia, project=old.project, seen=old.project.version)
    items = [*(new(desk) for _ in range(number)), new(old), new(desk)]
    answer = send(ada, "each", *items)
    assert rows(answer) == [(201, 1)] * number + [(403, None), (201, 1)]
    assert Annotation.objects.count() == number + 1
    refused = send(ada, "all", new(desk), new(old))
    assert [row["status"] for row in refused.json()["results"]] == [403]
    assert Annotation.objects.count() == number + 1


def test_the_body_may_be_larger_than_elsewhere_and_not_without_bound(desk, ada):
    items = [new(desk, note="x" * 19_000) for _ in range(60)]
    assert send(ada, "each", *items).json()["stored"] == 60
    answer = ada.post("annotations/bulk/", " " * (8 * 1024 * 1024 + 1))
    assert (answer.status_code, answer.json()["detail"]) == (
        413, "The body is larger than 8 MiB; nothing was stored.",
    )  # fmt: skip


def test_a_link_may_lead_to_what_is_made_in_the_same_go(desk, ada):
    first = new(desk)
    second = new(desk, 8, links=[{"relation": "supports", "claim": first["id"]}])
    assert rows(send(ada, "all", first, second)) == [(201, 1)] * 2
