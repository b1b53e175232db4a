"""/api/v1/schema/ and /api/: the API described, truly and without the internet."""

import re

import pytest
from django.core.management import call_command
from openapi_spec_validator import validate

from config.api import router
from tests import api

pytestmark = pytest.mark.django_db


@pytest.fixture
def described():
    desk = api.desk()
    return api.Caller(desk.ada).get("schema/").json()


def test_the_description_is_valid_openapi_3(described):
    validate(described)
    assert described["openapi"].startswith("3.")


def test_describing_gives_no_warning(tmp_path):
    call_command("spectacular", "--validate", "--fail-on-warn", file=str(tmp_path / "schema.yaml"))


def test_every_address_is_described(described):
    expected = {f"/api/v1/{prefix}/" for prefix, *_ in router.registry}
    assert expected <= set(described["paths"])
    assert {path for path in described["paths"] if "export" in path} == {
        "/api/v1/projects/{slug}/export/{format}/"
    }


def test_a_body_that_may_not_be_left_out_is_said_to_be_needed(described):
    asked = {
        f"{method} {path}"
        for path, methods in described["paths"].items()
        for method, told in methods.items()
        if told.get("requestBody", {}).get("required")
    }
    needed = ("post /annotations/", "post /annotations/bulk/", "post /projects/{slug}/imports/")
    assert {told.replace(" ", " /api/v1") for told in needed} <= asked
    assert "patch /api/v1/annotations/{id}/" not in asked


def test_an_annotation_is_described_as_it_is_shown(described):
    desk = api.desk("another")
    body = api.claim_body(
        desk, participants=[{"role": "claimant", "actor": str(desk.office.pk)}],
        codings=[{"tag": str(desk.fact.pk)}],
    )  # fmt: skip
    shown = api.Caller(desk.ada).post("annotations/", body).json()
    schemas = described["components"]["schemas"]
    assert set(schemas["Annotation"]["properties"]) == set(shown)
    for name, part in (("Span", "spans"), ("Participant", "participants"), ("Coding", "codings")):
        assert set(schemas[name]["properties"]) == set(shown[part][0])


def test_the_page_loads_nothing_from_elsewhere_and_runs_nothing_inline():
    desk = api.desk()
    answer = api.Caller(desk.ada).client.get("/api/")
    page = answer.content.decode()
    assert answer.status_code == 200
    sources = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert all(source.startswith(("/", "#")) for source in sources)
    assert not re.search(r"<script(?![^>]+src=)|<style|\son\w+=|\sstyle=", page)


def test_the_page_needs_sign_in():
    answer = api.Caller().client.get("/api/")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=/api/")


def test_what_is_made_and_has_an_address_is_said_to_tell_it(described):
    posts = {path: one["post"] for path, one in described["paths"].items() if "post" in one}
    told = {
        path.removeprefix("/api/v1/")
        for path, post in posts.items()
        if "Location" in post["responses"].get("201", {}).get("headers", {})
    }
    nouns = (
        "actors", "annotations", "articles", "comments", "facets", "outlets", "releases", "stories",
        "tags", "webhooks",
    )  # fmt: skip
    assert told == {f"{noun}/" for noun in nouns}
