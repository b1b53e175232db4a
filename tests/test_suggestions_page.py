"""What the workbench and the desk are told of suggestions, and by whom it may be asked."""

import json
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations import suggesting
from annotations.content import Content, Part
from annotations.models import Rejection, Verdict
from annotations.suggesting import Place
from corpus_app.models import Event, Role
from tests import api, factories

pytestmark = pytest.mark.django_db

TEXT = "Russia is calm. They met in Moscow, says the Office of Tides.\n\nRussia will stay calm."
LIST = "/desk/annotations/verdict/"
# The same in every process of a test run, which parametrized tests are named by.
NOBODY = "6f1c1f0e-0f5b-4a57-9d5e-2b1f4c1c7a10"


@pytest.fixture
def project():
    return factories.ProjectFactory()


@pytest.fixture
def curator(project):
    return factories.member(project, Role.CURATOR)


@pytest.fixture
def russia(project, curator):
    return factories.actor(
        project, "Russia", by=curator, kind="state", aliases=(("Moscow", True),)
    )  # fmt: skip


@pytest.fixture
def article(project, curator, russia):
    factories.actor(project, "Office of Tides", by=curator)
    return factories.plain_article(project, TEXT, by=curator, language="en")


@pytest.fixture
def revision(article):
    return article.revisions.get()


@pytest.fixture
def analyst(article):
    person = factories.member(article.project)
    factories.assigned(article, person)
    return person


@pytest.fixture
def ask(client, article):
    """The answer about the article for a person."""

    def ask(person):
        client.force_login(person)
        return client.get(f"/articles/{article.pk}/suggestions/")

    return ask


@pytest.fixture
def send(client):
    """Send JSON to the API as a person."""

    def send(person, method, path, body=None, **headers):
        client.force_login(person)
        return client.generic(
            method, f"/api/v1/{path}", json.dumps(body or {}),
            content_type="application/json", headers=headers,
        )  # fmt: skip

    return send


def rejected(revision, actor, *places, **more):
    return {
        "revision": str(revision.pk), "actor": str(actor.pk),
        "places": [{"start": s, "end": e, "name": actor.name} for s, e in places], **more,
    }  # fmt: skip


def accepted(revision, actor, start, end, **more):
    return {
        "revision": str(revision.pk), "kind": "mention", "spans": [{"start": start, "end": end}],
        "participants": [{"role": "named", "actor": str(actor.pk)}],
        "suggestion": {"actor": str(actor.pk), "name": actor.name}, **more,
    }  # fmt: skip


def test_the_answer_is_packed(ask, analyst, revision, russia):
    answer = ask(analyst).json()
    place = {name: n for n, (_, name, _) in enumerate(answer["actors"])}
    assert answer["revision"] == str(revision.pk)
    assert [str(russia.pk), "Russia", "state"] in answer["actors"]
    assert answer["suggestions"][0] == [
        0, 6, [[place["Russia"], None, "Russia", "name", "the actor’s name"]],
    ]  # fmt: skip
    assert answer["suggestions"][1] == [
        28, 34, [
            [None, None, "Moscow", "place", "after “in”: the place"],
            [place["Russia"], None, "Moscow", "metonym", "after “in”: the place"],
        ],
    ]  # fmt: skip
    assert answer["rejections"] == []


def test_it_is_kept_by_nobody(ask, analyst):
    assert "no-store" in ask(analyst)["Cache-Control"]


def test_the_number_of_queries_is_the_same_for_much_and_little(
    ask, analyst, project, curator, revision, russia
):
    def queries():
        ask(analyst)
        with CaptureQueriesContext(connection) as captured:
            found = len(ask(analyst).json()["suggestions"])
        return len(captured), found

    suggesting.reject(
        by=analyst, revision=revision, actor=russia.pk, places=[Place(63, 69, "Russia")]
    )
    few = queries()
    for word in ("calm", "met", "says", "will", "stay"):
        factories.actor(project, word, by=curator)
    suggesting.reject(
        by=analyst, revision=revision, actor=russia.pk, places=[Place(28, 34, "Moscow")]
    )
    content = Content("mention", ((0, 6, None),), (Part("named", str(russia.pk)),))
    suggesting.accept(
        by=analyst, revision=revision, content=content, actor=russia.pk, name="Russia"
    )
    many = queries()
    assert few[0] == many[0]
    assert (few[1], many[1]) == (3, 7)


def test_an_accepted_suggestion_is_one_request(send, analyst, revision, russia):
    pk = str(uuid.uuid4())
    answers = [
        send(analyst, "POST", "annotations/", accepted(revision, russia, 0, 6, id=pk))
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert (answers[0].json()["origin"], answers[0].json()["tool"]) == (
        "suggestion", "crossread mentions",
    )  # fmt: skip
    assert Verdict.objects.get().annotation_id == uuid.UUID(pk)


def test_a_rejection_is_made_taken_back_and_made_again(send, ask, analyst, revision, russia):
    made = send(analyst, "POST", "rejections/", rejected(revision, russia, (0, 6), (63, 69)))
    assert (made.status_code, made["ETag"]) == (201, '"1"')
    path = f"rejections/{made.json()['id']}/"
    assert [one["id"] for one in ask(analyst).json()["rejections"]] == [made.json()["id"]]
    back = send(analyst, "DELETE", path, **{"If-Match": '"1"'})
    assert (back.status_code, bool(back.json()["deleted"])) == (200, True)
    again = send(analyst, "PUT", path, **{"If-Match": '"2"'})
    assert (again.status_code, again.json()["deleted"], again["ETag"]) == (200, None, '"3"')
    assert len(ask(analyst).json()["suggestions"]) == 2


def test_a_stale_or_blind_taking_back_is_refused(send, analyst, revision, russia):
    made = send(analyst, "POST", "rejections/", rejected(revision, russia, (0, 6))).json()
    path = f"rejections/{made['id']}/"
    assert send(analyst, "DELETE", path).status_code == 428
    stale = send(analyst, "DELETE", path, **{"If-Match": '"9"'})
    assert (stale.status_code, stale.json()["current"]["version"]) == (412, 1)


@pytest.mark.parametrize(
    "change",
    [
        {"places": []},
        {"places": [{"start": 0, "end": 6}]},
        {"places": [{"start": 0, "end": 6, "name": ""}]},
        {"places": [{"start": 0, "end": 6, "name": "x" * 201}]},
        {"places": [{"start": 0, "end": 6, "name": "a\u202eb"}]},
        {"places": [{"start": 0, "end": 60_000, "name": "Russia"}]},
        {"actor": "nobody"},
        {"actor": NOBODY},
        {"revision": NOBODY},
        {"extra": 1},
    ],
)
def test_odd_rejections_are_refused(send, analyst, revision, russia, change):
    answer = send(analyst, "POST", "rejections/", {**rejected(revision, russia, (0, 6)), **change})
    assert answer.status_code == 400
    assert Rejection.objects.count() == 0


def test_ids_of_other_changes_are_refused_whosever_they_are(send, analyst, revision, russia):
    elsewhere = factories.plain_article(factories.ProjectFactory(), "Another text.")
    made = send(analyst, "POST", "rejections/", rejected(revision, russia, (0, 6))).json()
    theirs = str(Event.objects.get(noun="article", article=elsewhere).pk)
    own = str(Event.objects.get(noun="rejection").pk)
    for taken in (theirs, own):
        body = rejected(revision, russia, (63, 69))
        again = send(analyst, "POST", "rejections/", body, **{"Idempotency-Key": taken})
        assert (again.status_code, api.wrong(again)) == (400, ["Idempotency-Key"])
    path, seen = f"rejections/{made['id']}/", {"If-Match": '"1"'}
    back = send(analyst, "DELETE", path, **seen, **{"Idempotency-Key": theirs})
    assert (back.status_code, api.wrong(back)) == (400, ["Idempotency-Key"])
    [told, never] = [
        send(analyst, "DELETE", path, **seen, **{"Crossread-Undoes": undone})
        for undone in (theirs, str(uuid.uuid4()))
    ]
    assert (told.status_code, told.content) == (400, never.content)
    assert api.wrong(told) == ["Crossread-Undoes"]
    assert send(analyst, "DELETE", path, **seen, **{"Crossread-Undoes": own}).status_code == 200


@pytest.mark.parametrize(
    "suggestion", [{"name": "Russia"}, {"actor": NOBODY, "name": "Russia"}, "yes", 1]
)
def test_odd_acceptances_are_refused(send, analyst, revision, russia, suggestion):
    body = accepted(revision, russia, 0, 6, suggestion=suggestion)
    assert send(analyst, "POST", "annotations/", body).status_code == 400
    assert Verdict.objects.count() == 0


# Blindness -------------------------------------------------------------------------------


def test_nothing_tells_an_analyst_of_anothers_verdicts(
    client, ask, send, article, revision, russia
):
    mine, other = (factories.member(article.project) for _ in range(2))
    for person in (mine, other):
        factories.assigned(article, person)
    paths = (
        f"/articles/{article.pk}/suggestions/", "/api/v1/events/", "/api/v1/annotations/",
        f"/api/v1/events/?article={article.pk}",
    )  # fmt: skip

    def seen():
        client.force_login(mine)
        return [client.get(path).content for path in paths]

    before = seen()
    send(other, "POST", "annotations/", accepted(revision, russia, 0, 6))
    made = send(other, "POST", "rejections/", rejected(revision, russia, (63, 69))).json()
    assert seen() == before
    hidden = send(mine, "DELETE", f"rejections/{made['id']}/", **{"If-Match": '"1"'})
    random = send(mine, "DELETE", f"rejections/{uuid.uuid4()}/", **{"If-Match": '"1"'})
    assert (hidden.status_code, hidden.content) == (random.status_code, random.content)
    assert hidden.status_code == 404


def test_the_event_of_a_rejection_stays_hidden_with_the_work(analyst, revision, russia):
    suggesting.reject(
        by=analyst, revision=revision, actor=russia.pk, places=[Place(0, 6, "Russia")]
    )
    event = Event.objects.get(noun="rejection")
    assert (event.author, event.by) == (analyst, analyst)


# How good --------------------------------------------------------------------------------


@pytest.fixture
def judged(article, revision, russia):
    """Three analysts' verdicts: Russia 3 of 3 accepted, Moscow 1 of 2, and one taken back."""
    people = [factories.member(article.project, user__first_name="Zenobia") for _ in range(3)]
    for n, person in enumerate(people):
        factories.assigned(article, person)
        for start, end, name in ((0, 6, "Russia"), (28, 34, "Moscow")):
            place = Place(start, end, name)
            if name == "Russia" or n == 0:
                content = Content(
                    "mention", ((start, end, None),), (Part("named", str(russia.pk)),)
                )
                suggesting.accept(
                    by=person, revision=revision, content=content, actor=russia.pk, name=name
                )
            else:
                rejection, _ = suggesting.reject(
                    by=person, revision=revision, actor=russia.pk, places=[place]
                )
    suggesting.take_back(by=person, rejection=rejection, seen=1)


def rows(response):
    return [
        (row["name"], row["yes"], row["no"], row["percent"], row["low"], row["high"])
        for row in response.context["rows"]
    ]


def test_the_list_says_how_good_each_name_is(client, judged, curator):
    client.force_login(curator)
    page = client.get(LIST)
    assert rows(page) == [("Russia", 3, 0, 100, 44, 100), ("Moscow", 1, 1, 50, 9, 91)]
    assert "Zenobia" not in page.text


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("?order=share", ["Moscow", "Russia"]),
        ("?order=-no", ["Moscow", "Russia"]),
        ("?order=-name", ["Russia", "Moscow"]),
        ("?order=password", ["Russia", "Moscow"]),
        ("?actor=x", ["Russia", "Moscow"]),
        (f"?actor={NOBODY}", []),
        ("?p=999", ["Russia", "Moscow"]),
    ],
)
def test_the_list_is_sorted_and_filtered(client, judged, curator, question, names):
    client.force_login(curator)
    assert [name for name, *_ in rows(client.get(LIST + question))] == names


def test_the_list_is_of_projects_that_one_curates(client, judged):
    elsewhere = factories.member(factories.ProjectFactory(), Role.CURATOR)
    client.force_login(elsewhere)
    assert rows(client.get(LIST)) == []


def test_the_actors_page_leads_to_how_good_its_names_are(client, judged, curator, russia):
    client.force_login(curator)
    page = client.get(f"/desk/corpus_app/actor/{russia.pk}/change/")
    assert f'href="{LIST}?actor={russia.pk}"' in page.text
