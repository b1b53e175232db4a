"""Outlets, stories, articles, actors, facets and tags are made once and changed under versions."""

import base64
import uuid

import pytest

from annotations.models import ClaimTag
from corpus_app.models import Actor, Article, Event, Outlet
from tests import api

pytestmark = pytest.mark.django_db

MOVING = ("version", "updated")
NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def desk():
    return api.desk()


@pytest.fixture
def cora(desk):
    return api.Caller(desk.cora)


def new(**fields) -> dict:
    return {"id": str(uuid.uuid4()), "project": "strait", **fields}


def test_an_article_is_its_text_and_what_is_said_of_it(desk):
    body = new(
        text="Late again\r\n\r\nThe ferry is late.\r\n\r\nNobody waited.", title="Late",
        authors=["Ada"], outlet="The Ferry", published_on="2024-03-14", language="en",
    )  # fmt: skip
    ada = api.Caller(desk.ada)
    answer = ada.post("articles/", body)
    assert (answer.status_code, answer["ETag"]) == (201, '"1"')
    shown = answer.json()
    assert (shown["id"], shown["title"], shown["outlet"]) == (body["id"], "Late", "The Ferry")
    assert (shown["authors"], shown["published_on"]) == (["Ada"], "2024-03-14")
    stored = Article.objects.get(pk=body["id"])
    assert bytes(stored.raw) == body["text"].encode()
    again = ada.post("articles/", body)
    assert (again.status_code, again.json()) == (200, shown)
    assert Event.objects.filter(object_id=body["id"]).count() == 1
    twice = ada.post("articles/", {**body, "id": str(uuid.uuid4())})
    assert (twice.status_code, api.wrong(twice)) == (400, [""])


def test_an_article_may_be_sent_as_a_file(desk):
    page = "<!doctype html><html><head><title>Late</title></head><body><article><p>"
    page += "The ferry to the strait is late again today, and nobody at the harbour waited for it. "
    page += "</p></article></body></html>"
    body = new(raw=base64.b64encode(page.encode()).decode(), raw_name="late.html")
    answer = api.Caller(desk.ada).post("articles/", body)
    assert answer.status_code == 201, answer.content
    assert Article.objects.get(pk=body["id"]).raw_type == "text/html"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"text": None}, "text"), ({"text": "  "}, "text"), ({"raw": "%"}, "raw"),
     ({"text": "x", "raw": "eA=="}, ""), ({}, ""), ({"text": "x", "story_id": NOBODY}, "story_id"),
     ({"text": "x", "url": "ftp://x"}, "url"), ({"text": "x", "author": "Ada"}, "author"),
     ({"text": "x", "project": "elsewhere"}, "project")],
)  # fmt: skip
def test_an_article_that_does_not_fit_is_refused_by_field(desk, wrong, field):
    before = Article.objects.count()
    answer = api.Caller(desk.ada).post("articles/", {**new(), **wrong})
    assert (answer.status_code, api.wrong(answer)) == (400, [field])
    assert Article.objects.count() == before


@pytest.mark.parametrize(
    "url", ["http://intranet/article/1", "https://example.org/a b", "ftp://example.org/", "x"]
)
def test_what_is_no_full_web_address_is_told_so(desk, cora, url):
    told = {
        "pointer": "/url",
        "detail": "This is not a full web address, such as https://example.org/page.",
    }
    article = f"articles/{desk.article.pk}/"
    for answer in (
        cora.post("outlets/", new(name="The Quay", url=url)),
        cora.post("articles/", new(text="Late.\n", url=url)),
        cora.ask("PATCH", article, {"url": url}, If_Match='"1"'),
    ):
        assert (answer.status_code, answer.json()["errors"]) == (400, [told])


def test_what_is_known_of_an_article_is_changed_by_curators_under_its_version(desk, cora):
    path = f"articles/{desk.article.pk}/"
    assert api.Caller(desk.ada).ask("PATCH", path, {}, If_Match='"1"').status_code == 403
    story = cora.post("stories/", new(title="Calm")).json()
    etag = cora.get(path)["ETag"]
    change = {"title": "Calmer", "story_id": story["id"], "outlet": "The Quay"}
    answer = cora.ask("PATCH", path, change, If_Match=etag)
    assert (answer.status_code, answer["ETag"]) == (200, '"2"')
    shown = answer.json()
    assert (shown["title"], shown["story"], shown["outlet"]) == ("Calmer", "Calm", "The Quay")
    stale = cora.ask("PATCH", path, {"title": "Other"}, If_Match=etag)
    assert (stale.status_code, stale.json()["current"]) == (412, shown)
    assert cora.ask("PATCH", path, {"title": "Other"}).status_code == 428


@pytest.mark.parametrize(
    ("noun", "first", "then"),
    [
        ("outlets", {"name": "The Ferry"}, {"country": "JP", "url": "https://ferry.example"}),
        ("stories", {"title": "Calm"}, {"happened_on": "2024-03-14", "summary": "Nothing."}),
        ("actors", {"name": "Ferry Office", "kind": "company"},
         {"notes": "Small.", "external_ids": [{"scheme": "wikidata", "value": "Q42"}]}),
        ("facets", {"name": "Frame"}, {"choose": "one", "required": True}),
    ],
)  # fmt: skip
def test_a_curator_makes_it_once_and_changes_what_she_sends(desk, cora, noun, first, then):
    body = new(**first)
    made = cora.post(f"{noun}/", body)
    assert (made.status_code, made["ETag"]) == (201, '"1"'), made.content
    path = f"{noun}/{body['id']}/"
    assert made["Location"] == api.V1 + path
    again = cora.post(f"{noun}/", body)
    assert (again.status_code, again.json()) == (200, made.json())
    assert "Location" not in again
    changed = cora.ask("PATCH", path, then, If_Match='"1"')
    assert (changed.status_code, changed["ETag"]) == (200, '"2"'), changed.content
    rest = {
        name: value for name, value in made.json().items() if name not in ("version", "updated")
    }
    shown = changed.json()
    assert {name: shown[name] for name in rest} == rest | then
    assert cora.get(path).json() == shown
    stale = cora.ask("PATCH", path, first, If_Match='"1"')
    assert (stale.status_code, stale.json()["current"]) == (412, shown)
    assert api.Caller(desk.ada).post(f"{noun}/", new(**first)).status_code == 403
    taken = cora.post(f"{noun}/", {**body, "id": str(uuid.uuid4())})
    assert taken.status_code == 400


def test_an_actors_aliases_and_what_it_is_part_of_are_replaced_whole(desk, cora):
    body = new(
        name="Ferry Office", aliases=[{"name": "the Ferries", "metonym": True}],
        part_of=[{"actor": str(desk.office.pk), "since": "2020-01-01"}],
    )  # fmt: skip
    made = cora.post("actors/", body).json()
    assert [(one["name"], one["metonym"]) for one in made["aliases"]] == [("the Ferries", True)]
    assert [one["actor"] for one in made["part_of"]] == [str(desk.office.pk)]
    path = f"actors/{body['id']}/"
    assert (
        cora.ask("PATCH", path, {"notes": "x"}, If_Match='"1"').json()["aliases"] == made["aliases"]
    )
    changed = cora.ask("PATCH", path, {"aliases": [], "part_of": []}, If_Match='"2"').json()
    assert (changed["aliases"], changed["part_of"]) == ([], [])
    wrong = cora.ask("PATCH", path, {"part_of": [{"actor": NOBODY}]}, If_Match='"3"').json()
    assert wrong["errors"][0]["pointer"] == "/part_of/0/actor"


def test_a_tag_stands_in_a_facet_and_keeps_its_wordings(desk, cora):
    body = new(facet=str(desk.calm.facet_id), label="Calm at night", parent=str(desk.calm.pk))
    made = cora.post("tags/", body)
    assert (made.status_code, made.json()["slug"]) == (201, "calm-at-night"), made.content
    changed = cora.ask("PATCH", f"tags/{body['id']}/", {"definition": "No wave."}, If_Match='"1"')
    assert [one["text"] for one in changed.json()["definitions"]] == ["", "No wave."]
    for wrong in ({"facet": NOBODY}, {"parent": NOBODY}):
        answer = cora.post("tags/", {**body, "id": str(uuid.uuid4()), "label": "x", **wrong})
        assert (answer.status_code, api.wrong(answer)) == (400, list(wrong))
    assert ClaimTag.objects.get(pk=body["id"]).parent_id == desk.calm.pk


def test_an_id_of_somebody_elses_or_of_another_project_is_refused(desk, cora):
    other = api.desk("elsewhere")
    theirs = api.Caller(other.cora).post("outlets/", new(project="elsewhere", name="Far")).json()
    answer = cora.post("outlets/", new(name="Near") | {"id": theirs["id"]})
    assert answer.status_code == 400
    assert cora.post("actors/", new(name="Near") | {"id": str(desk.office.pk)}).status_code == 200
    assert Outlet.objects.filter(project=desk.project).count() == 0
    assert Actor.objects.filter(project=desk.project).count() == 1
