"""Whatever is sent, the answer is a 4xx in JSON, and every list still answers afterwards."""

import json

import pytest
from django.conf import settings
from django.test import Client

from tests import api, factories

pytestmark = pytest.mark.django_db

NOUNS = (
    "projects", "articles", "passages", "actors", "facets", "tags", "annotations", "comments",
    "events",
)  # fmt: skip
FILTERS = {
    "articles": ("project", "outlet", "story", "language", "published_after", "published_before",
                 "search", "raw_sha256"),
    "passages": ("article", "revision", "kind"),
    "actors": ("project", "kind", "part_of", "transitive", "search", "current"),
    "facets": ("project",),
    "tags": ("project", "facet", "parent"),
    "annotations": ("article", "revision", "project", "author", "kind", "layer", "state", "actor",
                    "role", "tag", "stance", "deleted"),
    "comments": ("project", "article", "annotation", "author"),
    "events": ("project", "article", "by", "noun", "verb", "object"),
}  # fmt: skip


@pytest.fixture
def desk():
    return api.desk()


@pytest.fixture
def ada(desk):
    return api.Caller(desk.ada)


def everything_still_answers(desk) -> None:
    cora = api.Caller(desk.cora)
    for noun in NOUNS:
        cora.results(f"{noun}/")
    for format in ("jsonl", "csv", "jsonld"):
        answer = cora.get(f"projects/strait/export/{format}/")
        assert b"".join(answer.streaming_content)


BODIES = (
        b" ", b"{", b"\xff\xfe", b'{"note": "\xff"}', b"NaN", b'{"spans": NaN}', b"-Infinity",
        b'{"spans": [{"start": 1e999, "end": 5}]}', b"1" * 5000, b'{"spans": ' + b"1" * 5000 + b"}",
        b"[" * 2000 + b"]" * 2000, b"[" * 100_000, b'{"a":' * 50 + b"1" + b"}" * 50,
        b'{"note": "\\u0000"}', b'{"note": "\\ud800"}', b'{"\\ud800": 1}', b'{"\\u0000": 1}',
        b'{"kind": "claim", "kind": "mention"}', b'{"note": "x"} {"note": "y"}',
        b'{"spans": [{"start": 0, "end": 5, "quote": "\\udfff"}]}',
)  # fmt: skip


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_bodies_that_cannot_be_read_are_told_in_json(desk, ada, method):
    claim = factories.claim(desk.article, desk.ada)
    path = "annotations/" if method == "POST" else f"annotations/{claim.pk}/"
    for body in BODIES:
        answer = ada.ask(method, path, body, If_Match='"1"')
        assert (answer.status_code, type(answer.json())) == (400, dict), body[:60]
    everything_still_answers(desk)


def test_controls_other_than_nul_are_stored_as_they_are(desk, ada):
    note = "\x01\x1f\u0085\u2028\ufffe\u202e"
    answer = ada.post("annotations/", api.claim_body(desk, note=note))
    assert (answer.status_code, answer.json()["note"]) == (201, note)
    everything_still_answers(desk)


def test_a_body_above_the_limit_is_answered_413(desk, ada):
    body = json.dumps(api.claim_body(desk, note="x" * settings.API_BODY_LIMIT))
    answer = ada.post("annotations/", body)
    assert (answer.status_code, api.wrong(answer)) == (413, [])


@pytest.mark.parametrize("type", ["text/plain", "application/xml", "multipart/form-data", "x", ""])
def test_a_body_of_another_type_is_answered_415(desk, type):
    client = Client()
    client.force_login(desk.ada)
    answer = client.generic("POST", "/api/v1/annotations/", "{}", content_type=type)
    assert (answer.status_code, api.wrong(answer)) in ((415, []), (400, []))


@pytest.mark.parametrize(
    "value",
    ["%00", "%ED%A0%80", "%FF", "x", "1" * 5000, "-1", "[]", "' OR 1=1 --", "%F0%9F%91%A9",
     "2024-13-45", "0001-01-01", "(a%2B)%2B$", "%25_%5C", "00000000-0000-4000-8000-000000000000"],
)  # fmt: skip
def test_a_filter_takes_any_value_and_answers_200_or_400(desk, ada, value):
    for noun, names in FILTERS.items():
        for name in names:
            answer = ada.get(f"{noun}/?{name}={value}")
            assert answer.status_code in (200, 400), (noun, name)
            assert isinstance(answer.json(), dict)


@pytest.mark.parametrize("value", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00%2B14:00"])
def test_a_moment_that_is_none_in_utc_is_refused(ada, desk, value):
    for noun in ("articles", "outlets", "stories", "actors", "tags", "annotations"):
        for name in ("created_after", "created_before", "updated_after", "updated_before"):
            answer = ada.get(f"{noun}/?{name}={value}")
            assert (answer.status_code, answer.json()["errors"]) == (
                400, [{"parameter": name, "detail": "This moment is out of range."}],
            ), (noun, name)  # fmt: skip
    for noun in ("passages", "comments"):
        assert ada.get(f"{noun}/?created_after={value}").status_code == 400


@pytest.mark.parametrize("blank", ["", "%20", "%C2%85", "%E2%80%83%09"])
def test_a_filter_that_says_nothing_is_refused(ada, desk, blank):
    for noun, name in (("actors", "part_of"), ("annotations", "text"), ("tags", "current")):
        answer = ada.get(f"{noun}/?{name}={blank}")
        assert (answer.status_code, answer.json()["errors"]) == (
            400, [{"parameter": name, "detail": "Say what, or leave it out."}],
        )  # fmt: skip


@pytest.mark.parametrize(
    "query",
    ["x=1", "author__password__startswith=a", "_connector=OR", "order_by=note", "format=xml",
     "page=2", "limit=5", "author__username=ada", "text__regex=(a%2B)%2B$", "%00=1"],
)  # fmt: skip
def test_a_parameter_that_is_not_declared_is_refused(desk, ada, query):
    name = query.partition("=")[0].replace("%00", "\0")
    for noun in NOUNS:
        answer = ada.get(f"{noun}/?{query}")
        assert (answer.status_code, answer.json()["errors"]) == (
            400, [{"parameter": name, "detail": "There is no such parameter."}],
        )  # fmt: skip
    for path in (f"articles/{desk.article.pk}/", "projects/strait/", "projects/strait/export/csv/"):
        assert ada.get(f"{path}?{query}").status_code == 400


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "%00", "é", "W10=", "WyJhZnRlciJd", "bnVsbA==",
     "WyJhZnRlciIsICJ4IiwgIngiXQ==", "WyJhZnRlciIsICIyMDI0LTAxLTAxIiwgIngiXQ==", "A" * 9000],
)  # fmt: skip
def test_a_bad_cursor_is_refused(ada, desk, cursor):
    for noun in NOUNS:
        answer = ada.get(f"{noun}/?cursor={cursor}")
        assert (answer.status_code, api.wrong(answer)) == (400, ["cursor"])


@pytest.mark.parametrize("size", ["0", "501", "-1", "x", "1.5", "%D9%A1", "", "9" * 5000, "%00"])
def test_a_page_has_1_to_500_rows(ada, desk, size):
    answer = ada.get(f"annotations/?page_size={size}")
    assert (answer.status_code, api.wrong(answer)) == (400, ["page_size"])


@pytest.mark.parametrize("id", ["x", "%00", "7", "%ED%A0%80", "..", "a" * 3000, "{}", "é"])
def test_an_address_that_there_is_not_is_answered_404_in_json(ada, desk, id):
    nothing = {
        "type": "/api/problems/not-found", "title": "There is no such thing", "status": 404,
        "detail": "Not found.",
    }  # fmt: skip
    for noun in NOUNS:
        answer = ada.get(f"{noun}/{id}/")
        assert (answer.status_code, answer.json()) == (404, nothing), noun
    for path in (f"projects/{id}/export/jsonl/", id, f"{id}/{id}"):
        assert (ada.get(path).status_code, ada.get(path).json()) == (404, nothing)
    unknown = ada.get(f"projects/strait/export/{id}/")
    told = unknown.json()["detail"]
    assert (unknown.status_code, unknown.json()) == (404, {**nothing, "detail": told})


def test_a_method_that_is_not_meant_is_answered_405(ada, desk):
    for noun in NOUNS:
        for method in ("PUT", "PATCH", "DELETE", "OPTIONS"):
            assert ada.ask(method, f"{noun}/").status_code == 405
        if noun in ("projects", "passages", "events"):
            assert ada.post(f"{noun}/", {}).status_code == 405


@pytest.mark.parametrize("id", [True, False, 0, 1, 2**64, 1.5, [], {}, "", "x", "1" * 33])
def test_an_id_is_a_uuid_in_text(desk, ada, id):
    answer = ada.post("annotations/", api.claim_body(desk) | {"id": id})
    assert (answer.status_code, api.wrong(answer)) == (400, ["id"])
