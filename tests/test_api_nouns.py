"""Every noun of the glossary has an address: whole, to whom it is shown, and at a constant cost."""

import pytest

from annotations.models import Assignment
from corpus_app.models import Role
from tests import api, factories, universe

NOUNS = (
    "projects", "members", "outlets", "stories", "articles", "revisions", "passages", "reuses",
    "actors", "codebooks", "facets", "tags", "annotations", "assignments", "cases", "decisions",
    "comments", "events",
)  # fmt: skip
PLAIN = {"created", "id", "project"}


@pytest.fixture
def desk(db):
    return api.desk()


def test_every_noun_is_listed_shown_and_filtered_by_its_project(db):
    world = universe.make()
    client = world.clients["manager"]
    for noun in NOUNS:
        rows = client.get(f"/api/v1/{noun}/").json()["results"]
        if noun == "reuses":
            continue
        assert rows, noun
        if noun != "projects":
            of_project = client.get(f"/api/v1/{noun}/?project=strait").json()["results"]
            assert [row["id"] for row in of_project] == [row["id"] for row in rows], noun
            assert client.get(f"/api/v1/{noun}/?project=nowhere").json()["results"] == []
        key = "slug" if noun == "projects" else "id"
        alone = client.get(f"/api/v1/{noun}/{rows[0][key]}/")
        shown = alone.json()
        shown.pop("text", None) if noun == "articles" else None
        assert shown == rows[0], noun
        version = f"{rows[0]['version']}-" if "updated" in rows[0] else ""
        assert alone["ETag"].startswith(f'"{version}'), noun


def test_a_revision_is_its_text_which_may_be_left_out(desk):
    ada = api.Caller(desk.ada)
    [revision] = ada.results("revisions/")
    assert revision["text"] == desk.revision.text
    assert set(revision) == {*PLAIN, "article", "number", "sha256", "text"}
    assert set(ada.results("revisions/?fields=id,number")[0]) == {"id", "number"}


def test_an_analyst_sees_her_own_part_and_her_own_work_and_managers_everybodys(desk):
    ada = api.Caller(desk.ada)
    manager = api.Caller(factories.member(desk.project, Role.MANAGER))
    assert [row["user"] for row in ada.results("members/")] == ["ada-strait"]
    assert len(manager.results("members/")) == 4
    assert [row["analyst"] for row in ada.results("assignments/")] == ["ada-strait"]
    assert len(manager.results("assignments/")) == 2
    theirs = Assignment.objects.get(analyst=desk.ben)
    assert ada.get(f"assignments/{theirs.pk}/").status_code == 404


def test_cases_and_decisions_are_for_curators(db):
    world = universe.make()
    curator, analyst = world.clients["curator"], world.clients["analyst"]
    [case] = curator.get("/api/v1/cases/?state=decided").json()["results"]
    assert {one["annotation"] for one in case["members"]}
    [decision] = curator.get(f"/api/v1/decisions/?case={case['id']}").json()["results"]
    assert (decision["case"], decision["number"]) == (case["id"], 1)
    whole = curator.get(f"/api/v1/decisions/{decision['id']}/?expand=case").json()["case"]
    assert whole == case
    for noun in ("cases", "decisions"):
        assert analyst.get(f"/api/v1/{noun}/").json()["results"] == []


def test_a_list_of_any_noun_costs_the_same_for_a_few_and_for_many(desk):
    manager = api.Caller(factories.member(desk.project, Role.MANAGER))
    empty = ("annotations", "cases", "decisions", "reuses", "comments", "stories", "outlets")
    nouns = [noun for noun in NOUNS if noun not in empty]
    cost = {noun: api.queries(lambda noun=noun: manager.results(f"{noun}/")) for noun in nouns}
    for number in range(3):
        article = factories.plain_article(desk.project, f"Text {number}.\n\nMore.\n", by=desk.cora)
        factories.assigned(article, factories.member(desk.project))
        factories.actor(desk.project, f"Actor {number}", by=desk.cora)
    again = {noun: api.queries(lambda noun=noun: manager.results(f"{noun}/")) for noun in nouns}
    assert again == cost
