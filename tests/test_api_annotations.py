"""/api/v1/annotations/: made, changed, removed and restored under versions."""

import uuid

import pytest

from annotations.models import Annotation
from corpus_app.models import Event
from tests import api, factories

pytestmark = pytest.mark.django_db

NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def desk():
    return api.desk()


@pytest.fixture
def ada(desk):
    return api.Caller(desk.ada)


@pytest.fixture
def claim(desk):
    return factories.claim(desk.article, desk.ada, 0, 10, note="first")


def test_a_claim_is_made_and_shown_whole(desk, ada):
    body = api.claim_body(
        desk, 4, 10, attribution="quoted", note=" two\r\nlines ",
        participants=[
            {"role": "target", "stands_for": "outlet"},
            {"role": "claimant", "actor": str(desk.office.pk)},
        ],
        codings=[{"tag": str(desk.calm.pk), "stance": "oppose"}, {"tag": str(desk.fact.pk)}],
    )  # fmt: skip
    answer = ada.post("annotations/", body)
    stored = Annotation.objects.get()
    assert (answer.status_code, answer["ETag"]) == (201, '"1"')
    assert answer.json() == {
        "id": body["id"],
        "project": "strait",
        "article": str(desk.article.pk),
        "revision": str(desk.revision.pk),
        "author": "ada-strait",
        "kind": "claim",
        "layer": "analyst",
        "state": "complete",
        "origin": "human",
        "tool": "",
        "tool_version": "",
        "version": 1,
        "created": stored.created.isoformat().replace("+00:00", "Z"),
        "updated": stored.updated.isoformat().replace("+00:00", "Z"),
        "deleted": None,
        "spans": [{"start": 4, "end": 10, "quote": "strait"}],
        "participants": [
            {
                "role": "claimant",
                "actor": str(desk.office.pk),
                "stands_for": "",
                "name": "Harbour Office",
                "standing": None,
                "endorsement": "",
            },
            {
                "role": "target",
                "actor": None,
                "stands_for": "outlet",
                "name": "@outlet",
                "standing": None,
                "endorsement": "",
            },
        ],
        "codings": [
            {"tag": str(desk.fact.pk), "slug": "fact", "stance": "", "definition": 1},
            {"tag": str(desk.calm.pk), "slug": "calm", "stance": "oppose", "definition": 1},
        ],
        "links": [],
        "attribution": "quoted",
        "certainty": "",
        "note": " two\r\nlines ",
        "flagged": False,
    }
    assert ada.get(f"annotations/{body['id']}/").json() == answer.json()


def test_a_creation_sent_twice_is_made_once_and_answered_alike(desk, ada):
    body = api.claim_body(desk)
    first = ada.post("annotations/", body)
    second = ada.post("annotations/", body)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert Annotation.objects.count() == 1


def test_the_id_of_a_change_becomes_its_events(desk, ada):
    made, changed = uuid.uuid4(), uuid.uuid4()
    body = api.claim_body(desk)
    ada.post("annotations/", body, Idempotency_Key=made)
    change = {"note": "more"}
    path = f"annotations/{body['id']}/"
    ada.ask("PATCH", path, change, If_Match='"1"', Idempotency_Key=changed)
    again = ada.ask("PATCH", path, change, If_Match='"1"', Idempotency_Key=changed)
    assert (again.status_code, again["ETag"]) == (200, '"2"')
    events = Event.objects.filter(noun="annotation").order_by("version")
    assert list(events.values_list("pk", "verb")) == [(made, "created"), (changed, "changed")]


def test_a_creation_without_an_id_is_known_by_the_id_of_its_change(desk, ada):
    body, change = api.claim_body(desk), uuid.uuid4()
    del body["id"]
    first = ada.post("annotations/", body, Idempotency_Key=change)
    second = ada.post("annotations/", body, Idempotency_Key=change)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()


def test_the_id_of_another_change_is_refused(desk, ada, claim):
    change = uuid.uuid4()
    ada.ask(
        "PATCH", f"annotations/{claim.pk}/", {"note": ""}, If_Match='"1"', Idempotency_Key=change
    )
    made = ada.post("annotations/", api.claim_body(desk), Idempotency_Key=change)
    assert (made.status_code, api.wrong(made)) == (400, ["Idempotency-Key"])
    other = factories.claim(desk.article, desk.ada)
    path = f"annotations/{other.pk}/"
    changed = ada.ask("PATCH", path, {"note": ""}, If_Match='"1"', Idempotency_Key=change)
    assert (changed.status_code, api.wrong(changed)) == (400, ["Idempotency-Key"])


@pytest.mark.parametrize(
    "other",
    [
        {"note": "other"}, {"flagged": True}, {"spans": [{"start": 4, "end": 7}]},
        {"codings": []}, {"participants": []}, {"certainty": "low"},
    ],
)  # fmt: skip
def test_an_id_that_is_used_for_another_content_is_refused_and_nothing_lost(desk, ada, other):
    [claim] = api.claims(desk, desk.ada, 1)
    path, key = f"annotations/{claim.pk}/", uuid.uuid4()
    codes = [{"tag": str(desk.calm.pk), "stance": "oppose"}, {"tag": str(desk.fact.pk)}]
    first = {"note": "more", "codings": codes, "spans": [{"start": 0, "end": 3}]}
    sent = {"If_Match": '"1"', "Idempotency_Key": key}
    stored = ada.ask("PATCH", path, first, **sent).json()
    assert ada.ask("PATCH", path, first, **sent).json() == stored
    whole = {name: stored[name] for name in ("kind", "note", "attribution", "certainty")}
    whole |= {"spans": first["spans"], "codings": codes}
    whole["participants"] = [
        {"role": one["role"], "actor": one["actor"]} for one in stored["participants"]
    ]
    assert ada.ask("PUT", path, whole, **sent).json() == stored
    refused = [ada.ask("PATCH", path, other, **sent), ada.ask("PUT", path, whole | other, **sent)]
    refused.append(ada.ask("DELETE", path, **sent))
    for answer in refused:
        assert (answer.status_code, answer.json()["errors"]) == (400, [
            {"header": "Idempotency-Key", "detail": "This id of a change is taken. Make a new one."}
        ])  # fmt: skip
    assert ada.get(path).json() == stored


def test_a_copy_that_comes_after_later_changes_is_answered_with_what_stands(desk, ada, claim):
    path, key = f"annotations/{claim.pk}/", uuid.uuid4()
    first = {"If_Match": '"1"', "Idempotency_Key": key}
    ada.ask("PATCH", path, {"note": "more"}, **first)
    stored = ada.ask("PATCH", path, {"note": "most"}, If_Match='"2"').json()
    again = ada.ask("PATCH", path, {"note": "more"}, **first)
    assert (again.status_code, again.json()) == (200, stored)


def test_the_id_of_a_change_is_a_uuid(desk, ada):
    answer = ada.post("annotations/", api.claim_body(desk), Idempotency_Key="first")
    assert (answer.status_code, api.wrong(answer)) == (400, [])
    assert answer.json()["detail"] == "Idempotency-Key takes a UUID."


def test_an_undoing_names_what_it_takes_back(desk, ada):
    made = uuid.uuid4()
    body = api.claim_body(desk)
    ada.post("annotations/", body, Idempotency_Key=made)
    path = f"annotations/{body['id']}/"
    answer = ada.ask("DELETE", path, If_Match='"1"', Crossread_Undoes=made)
    assert answer.status_code == 200
    assert Event.objects.get(verb="removed").undoes_id == made


def test_putting_replaces_everything_and_patching_what_is_sent(desk, ada, claim):
    path = f"annotations/{claim.pk}/"
    patched = ada.ask("PATCH", path, {"attribution": "reported"}, If_Match='"1"')
    assert (patched.status_code, patched["ETag"]) == (200, '"2"')
    assert (patched.json()["note"], patched.json()["attribution"]) == ("first", "reported")
    whole = {"kind": "claim", "spans": [{"start": 4, "end": 10}]}
    put = ada.ask("PUT", path, whole, If_Match='"2"')
    assert (put.json()["note"], put.json()["attribution"]) == ("", "")
    assert put.json()["spans"] == [{"start": 4, "end": 10, "quote": "strait"}]


def test_a_stale_change_is_answered_with_the_present_state(desk, ada, claim):
    path = f"annotations/{claim.pk}/"
    ada.ask("PATCH", path, {"note": "second"}, If_Match='"1"')
    for method, sent in (("PATCH", {"note": "third"}), ("DELETE", None)):
        answer = ada.ask(method, path, sent, If_Match='"1"')
        assert (answer.status_code, answer["ETag"]) == (412, '"2"')
        assert answer.json() == {
            "type": "/api/problems/stale",
            "title": "It was changed meanwhile",
            "status": 412,
            "detail": "It was changed meanwhile: it is at version 2 now.",
            "current": ada.get(path).json(),
        }


@pytest.mark.parametrize(
    ("header", "status"),
    [(None, 428), ("*", 400), ("1", 400), ('W/"1"', 400), ('"1", "2"', 400), ('"01"', 400),
     ('"99999999999"', 400), ('"9999999999"', 400), ('"١"', 400), ('"0"', 400)],
)  # fmt: skip
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "POST"])
def test_a_change_states_the_one_version_it_saw(ada, claim, method, header, status):
    path = f"annotations/{claim.pk}/" + ("restore/" if method == "POST" else "")
    body = {"version": 1} if method == "POST" else {"note": "x"}
    headers = {} if header is None else {"If_Match": header}
    assert ada.ask(method, path, body, **headers).status_code == status
    claim.refresh_from_db()
    assert claim.version == 1


def test_a_deleted_annotation_is_restored_as_it_was(ada, claim):
    path = f"annotations/{claim.pk}/"
    gone = ada.ask("DELETE", path, If_Match='"1"')
    assert (gone.status_code, gone.json()["version"]) == (200, 2)
    assert gone.json()["deleted"]
    back = ada.post(f"{path}restore/", {"version": 1}, If_Match='"2"')
    assert (back.status_code, back.json()["version"]) == (200, 3)
    assert (back.json()["deleted"], back.json()["note"]) == (None, "first")


def test_a_version_that_never_was_cannot_be_restored(ada, claim):
    answer = ada.post(f"annotations/{claim.pk}/restore/", {"version": 7}, If_Match='"1"')
    assert (answer.status_code, answer.json()["errors"]) == (
        400, [{"pointer": "/version", "detail": "This annotation has no version 7."}],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "opinion"}, "kind"),
        ({"kind": None}, "kind"),
        ({"spans": []}, "spans"),
        ({"spans": [{"start": 0}]}, "spans"),
        ({"spans": [{"start": "0", "end": 5}]}, "spans"),
        ({"spans": [{"start": 0.5, "end": 5}]}, "spans"),
        ({"spans": [{"start": True, "end": 5}]}, "spans"),
        ({"spans": [{"start": -1, "end": 5}]}, "spans"),
        ({"spans": [{"start": 5, "end": 5}]}, "spans"),
        ({"spans": [{"start": 0, "end": 10**9}]}, "spans"),
        ({"spans": [{"start": 0, "end": 2**31}]}, "spans"),
        ({"spans": [{"start": 0, "end": 3, "quote": "the"}]}, "spans"),
        ({"spans": [{"start": 0, "end": 3, "quote": 3}]}, "spans"),
        ({"spans": [{"start": 0, "end": 5}, {"start": 4, "end": 9}]}, "spans"),
        ({"spans": [{"start": n, "end": n + 1} for n in range(201)]}, "spans"),
        ({"spans": {"start": 0, "end": 5}}, "spans"),
        ({"participants": [{"role": "named", "stands_for": "author"}]}, "participants"),
        ({"participants": [{"role": "claimant"}]}, "participants"),
        ({"participants": [{"role": "claimant", "actor": NOBODY}]}, "participants"),
        ({"participants": [{"role": "claimant", "actor": "x"}]}, "participants"),
        ({"participants": [{"role": "claimant", "actor": 7}]}, "participants"),
        ({"participants": [{"role": "claimant", "name": "Harbour Office"}]}, "participants"),
        ({"participants": None}, "participants"),
        ({"codings": [{"tag": NOBODY}]}, "codings"),
        ({"codings": [{"tag": "fact"}]}, "codings"),
        ({"codings": [{"tag": NOBODY, "definition": 1}]}, "codings"),
        ({"attribution": "rumour"}, "attribution"),
        ({"note": 7}, "note"),
        ({"note": "x" * 20_001}, "note"),
        ({"author": "ben-strait"}, "author"),
        ({"layer": "gold"}, "layer"),
        ({"state": "complete"}, "state"),
        ({"version": 9}, "version"),
        ({"revision": NOBODY}, "revision"),
        ({"revision": "x"}, "revision"),
        ({"id": "x"}, "id"),
    ],
)  # fmt: skip
def test_bad_content_is_refused_field_by_field(desk, ada, wrong, field):
    answer = ada.post("annotations/", {**api.claim_body(desk), **wrong})
    assert (answer.status_code, api.wrong(answer)) == (400, [field])
    assert Annotation.objects.count() == 0


@pytest.mark.parametrize("body", [[], "text", 7, None, True])
def test_a_body_is_an_object(ada, claim, body):
    assert ada.post("annotations/", body if body is not None else "null").status_code == 400
    for method in ("PUT", "PATCH"):
        answer = ada.ask(method, f"annotations/{claim.pk}/", body or "null", If_Match='"1"')
        assert answer.status_code == 400


def test_a_span_of_any_script_is_stored_by_code_points():
    text = "The 👩‍🚒 said “café” twice.\n\nقال المتحدث إن المضيق هادئ.\n"
    desk = api.desk(text=text)
    stored = desk.revision.text
    for quote in ("👩‍🚒 said", "café", "المضيق هادئ"):
        start = stored.index(quote)
        span = {"start": start, "end": start + len(quote), "quote": quote}
        answer = api.Caller(desk.ada).post("annotations/", api.claim_body(desk, spans=[span]))
        assert answer.json()["spans"] == [span]


def test_somebody_elses_work_can_be_seen_once_handed_in_but_not_changed(desk, claim):
    ben = api.Caller(desk.ben)
    path = f"annotations/{claim.pk}/"
    assert ben.get(path).status_code == 404
    api.hand_in(desk.article, desk.ben)
    assert ben.get(path).status_code == 200
    for method in ("PUT", "PATCH", "DELETE"):
        answer = ben.ask(method, path, {"note": "mine"}, If_Match='"1"')
        assert (answer.status_code, api.wrong(answer)) == (403, [])
    answer = ben.post(f"{path}restore/", {"version": 1}, If_Match='"1"')
    assert answer.status_code == 403


def test_nothing_is_written_after_the_article_was_handed_in(desk, ada, claim):
    api.hand_in(desk.article, desk.ada)
    for method, path, body in (
        ("POST", "annotations/", api.claim_body(desk)),
        ("PATCH", f"annotations/{claim.pk}/", {"note": "late"}),
        ("DELETE", f"annotations/{claim.pk}/", None),
    ):
        answer = ada.ask(method, path, body, If_Match='"1"')
        assert (answer.status_code, api.wrong(answer)) == (400, [""])


def test_an_id_that_somebody_else_has_is_refused(desk, claim):
    answer = api.Caller(desk.ben).post(
        "annotations/", {**api.claim_body(desk), "id": str(claim.pk)}
    )
    assert (answer.status_code, api.wrong(answer)) == (400, ["id"])


def test_lists_are_narrowed_by_what_is_asked_for(desk, ada):
    body = api.claim_body(
        desk, participants=[{"role": "claimant", "actor": str(desk.office.pk)}],
        codings=[{"tag": str(desk.calm.pk), "stance": "oppose"}],
    )  # fmt: skip
    claim = ada.post("annotations/", body).json()["id"]
    mention = ada.post("annotations/", {**api.claim_body(desk), "kind": "mention"}).json()["id"]
    ada.ask("DELETE", f"annotations/{mention}/", If_Match='"1"')
    here = f"article={desk.article.pk}&revision={desk.revision.pk}&project=strait"
    for query, found in (
        (here, [claim]),
        (f"article={NOBODY}", []),
        ("project=elsewhere", []),
        ("author=ada-strait&kind=claim&layer=analyst&state=draft", [claim]),
        ("author=ben-strait", []),
        ("kind=mention", []),
        (f"actor={desk.office.pk}&role=claimant", [claim]),
        (f"actor={desk.office.pk}&role=target", []),
        (f"tag={desk.calm.pk}&stance=oppose", [claim]),
        (f"tag={desk.fact.pk}", []),
        ("stance=support", []),
        ("deleted=false", [claim]),
        ("deleted=true", [mention]),
        ("deleted=any", [claim, mention]),
    ):
        assert [row["id"] for row in ada.results(f"annotations/?{query}")] == found, query


def test_the_number_of_queries_does_not_grow_with_the_list(desk, ada):
    api.claims(desk, desk.ada, 3)
    few = api.queries(lambda: ada.results("annotations/"))
    api.claims(desk, desk.ada, 20)
    assert api.queries(lambda: ada.results("annotations/")) == few
    assert len(ada.results("annotations/")) == 23
