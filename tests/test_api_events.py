"""/api/v1/events/: the history, oldest first."""

import pytest

from annotations import annotating
from annotations.content import Content
from corpus_app import people
from corpus_app.models import Event, User
from tests import api, factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return api.desk()


@pytest.fixture
def ada(desk):
    return api.Caller(desk.ada)


def test_an_event_says_who_did_what_before_and_after(desk, ada):
    claim = factories.claim(desk.article, desk.ada, 0, 3)
    annotating.remove(by=desk.ada, annotation=claim, seen=1)
    event = Event.objects.get(verb="removed")
    shown = ada.get(f"events/{event.pk}/").json()
    assert shown == {
        "id": str(event.pk),
        "project": "strait",
        "at": event.at.isoformat().replace("+00:00", "Z"),
        "by": "ada-strait",
        "by_name": "ada-strait",
        "verb": "removed",
        "noun": "annotation",
        "object": str(claim.pk),
        "version": 2,
        "article": str(desk.article.pk),
        "before": event.before,
        "after": event.after,
        "undoes": None,
    }
    assert (shown["before"]["deleted"], bool(shown["after"]["deleted"])) == (None, True)


def test_events_are_narrowed_and_in_order(desk, ada):
    claim = factories.claim(desk.article, desk.ada, 0, 3)
    annotating.remove(by=desk.ada, annotation=claim, seen=1)
    for query in (
        f"object={claim.pk}",
        f"article={desk.article.pk}&by=ada-strait&noun=annotation",
        "project=strait&noun=annotation",
    ):
        rows = ada.results(f"events/?{query}")
        assert [(row["verb"], row["version"]) for row in rows] == [("created", 1), ("removed", 2)]
    assert [row["verb"] for row in ada.results("events/?noun=annotation&verb=removed")] == [
        "removed"
    ]
    everything = ada.results("events/?page_size=500")
    assert everything == sorted(everything, key=lambda row: (row["at"], row["id"]))


@pytest.mark.parametrize(
    ("query", "versions"),
    [
        ("", [1, 2, 3, 4]),
        ("&version_from=3", [3, 4]),
        ("&version_until=2", [1, 2]),
        ("&version_from=2&version_until=3", [2, 3]),
        ("&version_from=5", []),
    ],
)
def test_a_life_is_read_in_stretches_of_versions(desk, ada, query, versions):
    claim = factories.claim(desk.article, desk.ada, 0, 3)
    for seen in (1, 2, 3):
        content = Content("claim", ((0, 3, None),), note=f"note {seen}")
        annotating.rewrite(by=desk.ada, annotation=claim, seen=seen, content=content)
    rows = ada.results(f"events/?noun=annotation&object={claim.pk}{query}")
    assert [row["version"] for row in rows] == versions


@pytest.mark.parametrize("version", ["-1", "x", "NaN", "1e400", "9" * 5000, "2147483648"])
def test_a_version_that_nothing_can_have_is_refused(ada, version):
    assert ada.get(f"events/?version_from={version}").status_code == 400


def test_anothers_work_is_hidden_until_ones_own_is_handed_in(desk, ada):
    claim = factories.claim(desk.article, desk.ben)
    [event] = Event.objects.filter(noun="annotation")
    assert ada.results(f"events/?object={claim.pk}") == []
    assert ada.get(f"events/{event.pk}/").status_code == 404
    assert ada.results("events/?by=ben-strait") == []
    api.hand_in(desk.article, desk.ada)
    assert [row["id"] for row in ada.results(f"events/?object={claim.pk}")] == [str(event.pk)]


def test_the_number_of_queries_does_not_grow_with_the_list(desk, ada):
    few = api.queries(lambda: ada.results("events/"))
    api.claims(desk, desk.ada, 20)
    assert api.queries(lambda: ada.results("events/")) == few


def test_who_joined_as_what_is_told_to_managers_and_to_oneself():
    mia = factories.UserFactory(username="mia")
    project = people.create_project(by=mia, slug="pier", name="The pier")
    for name in ("ada", "ben"):
        factories.UserFactory(username=name)
        people.admit(by=mia, project=project, username=name, role="analyst")
    told = {
        name: [
            row["after"]["user"]
            for row in api.Caller(User.objects.get(username=name)).results(
                "events/?noun=membership"
            )
        ]
        for name in ("mia", "ada")
    }
    assert told == {"mia": ["mia", "ada", "ben"], "ada": ["ada"]}
