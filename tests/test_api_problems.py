"""Whatever the API refuses, it says why as RFC 9457 problem details."""

import pytest
from django.http import Http404
from django.test import Client
from rest_framework import exceptions

from annotations.api import imports, networks
from corpus_app import problems
from corpus_app.history import DoorError
from tests import api, factories

NOBODY = "00000000-0000-4000-8000-000000000000"


def told(messages, **how) -> list[tuple[str, str]]:
    """The places and words of a refusal."""
    faults = problems.invalid(messages, **how)["errors"]
    return [tuple(fault.values()) for fault in faults]


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        ({"note": ["Too long."]}, [("/note", "Too long.")]),
        ({"non_field_errors": ["No."]}, [("", "No.")]),
        (["No."], [("", "No.")]),
        ({"spans": ["None."]}, [("/spans", "None.")]),
        ({"spans": [{}, {"end": ["No."]}]}, [("/spans/1/end", "No.")]),
        ({"spans": {"non_field_errors": ["Many."]}}, [("/spans", "Many.")]),
        ({"spans": {0: ["No."]}}, [("/spans/0", "No.")]),
        ({"a/b~c": ["No."]}, [("/a~1b~0c", "No.")]),
        ({"a": ["One.", "Two."], "b": {"c": ["Three."]}},
         [("/a", "One."), ("/a", "Two."), ("/b/c", "Three.")]),
    ],
)  # fmt: skip
def test_a_message_is_told_with_a_pointer_into_the_body(messages, expected):
    assert told(messages) == expected


def test_a_pointer_begins_where_the_thing_stands_in_the_body():
    assert told({"spans": ["No."]}, prefix="/items/7") == [("/items/7/spans", "No.")]


def test_of_a_query_the_parameter_is_told_and_of_a_header_the_header():
    assert problems.invalid({"tag": ["No."]}, asked=True)["errors"] == [
        {"parameter": "tag", "detail": "No."}
    ]
    assert problems.of(DoorError(change="Taken."))["errors"] == [
        {"header": "Idempotency-Key", "detail": "Taken."}
    ]


def test_the_detail_is_the_first_message_and_how_many_there_are_besides():
    assert problems.invalid({"a": ["One."], "b": ["Two."]})["detail"] == "One. And 1 more."


@pytest.mark.parametrize(
    ("error", "status", "type"),
    [
        (Http404(), 404, "/api/problems/not-found"),
        (exceptions.ParseError("No."), 400, "/api/problems/unreadable"),
        (exceptions.NotAuthenticated(), 401, "/api/problems/not-signed-in"),
        (exceptions.Throttled(7), 429, "/api/problems/throttled"),
        (exceptions.APIException("Broken."), 500, "about:blank"),
    ],
)
def test_an_error_of_the_framework_is_a_problem_of_its_kind(error, status, type):
    problem = problems.of(error)
    assert (problem["status"], problem["type"]) == (status, type)


def test_a_fault_is_no_problem():
    assert problems.of(ValueError("x")) is None


@pytest.mark.django_db
def test_every_refusal_over_http_is_a_problem():
    desk = api.desk()
    ada, ben = api.Caller(desk.ada), api.Caller(desk.ben)
    claim = factories.claim(desk.article, desk.ada)
    path = f"annotations/{claim.pk}/"
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(desk.ada)
    answers = {
        400: ada.get("annotations/?nonsense=1"),
        401: api.Caller().get("annotations/"),
        403: strict.post("/api/v1/annotations/", "{}", content_type="application/json"),
        404: ben.get(path),
        405: ada.ask("DELETE", "articles/"),
        406: ada.get("articles/", Accept="text/csv"),
        409: ada.get("articles/", Crossread_User="somebody"),
        412: ada.ask("PATCH", path, {"note": "x"}, If_Match='"7"'),
        415: ada.client.generic("POST", "/api/v1/annotations/", "x", content_type="text/csv"),
        428: ada.ask("PATCH", path, {"note": "x"}),
    }
    assert {status: answer.status_code for status, answer in answers.items()} == {
        status: status for status in answers
    }
    for status, answer in answers.items():
        assert answer["Content-Type"] == "application/problem+json"
        shown = answer.json()
        assert shown["status"] == status
        assert shown["type"].startswith("/api/problems/")
        assert {"title", "detail"} < shown.keys()
    assert answers[412].json()["current"] == ada.get(path).json()
    assert answers[401]["WWW-Authenticate"] == "Token"


@pytest.mark.django_db
def test_what_is_wrong_with_a_span_is_told_at_the_span():
    desk = api.desk()
    body = api.claim_body(desk, spans=[{"start": 0, "end": 5}, {"start": 6, "end": "x"}])
    shown = api.Caller(desk.ada).post("annotations/", body).json()
    assert [fault["pointer"] for fault in shown["errors"]] == ["/spans/1/end"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/api/v2/", "/api/nowhere/", f"/api/v1/{NOBODY}/x/"])
def test_an_address_under_the_api_that_there_is_not_is_a_problem(path):
    client = Client()
    client.force_login(factories.UserFactory())
    answer = client.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (404, problems.MEDIA_TYPE)
    elsewhere = client.get("/nowhere/")
    assert elsewhere["Content-Type"].startswith("text/html")


@pytest.mark.django_db
def test_a_fault_is_told_as_a_problem_too(monkeypatch):
    desk = api.desk()
    client = Client(raise_request_exception=False)
    client.force_login(desk.ada)
    monkeypatch.setattr("corpus_app.access.articles_for", None)
    answer = client.get("/api/v1/articles/")
    assert (answer.status_code, answer["Content-Type"]) == (500, problems.MEDIA_TYPE)


@pytest.mark.django_db
def test_every_type_leads_to_a_page_that_says_what_it_is():
    desk = api.desk()
    pages = api.Caller(desk.ada).client
    for name, (status, title) in problems.TYPES.items():
        page = pages.get(problems.problem(status, "", (name, title))["type"])
        assert page.status_code == 200
        assert f"<h1>{title}</h1>" in page.content.decode()
    assert pages.get("/api/problems/csv").status_code == 404


@pytest.fixture
def ada(db):
    return api.Caller(api.desk().ada)


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("stories?project=strait", "Addresses end with a slash."),
        ("projects/strait/export/csv", "Addresses end with a slash."),
        (f"stories/{NOBODY}", "Addresses end with a slash."),
        ("nowhere", "Not found."),
        ("nowhere/", "Not found."),
        (f"stories/{NOBODY}/", "Not found."),
    ],
)
def test_an_address_without_its_slash_is_told_apart_from_one_that_there_is_not(ada, path, told):
    for method in ("GET", "POST"):
        if method == "GET" or not path.endswith(f"{NOBODY}/"):
            answer = ada.ask(method, path)
            assert (answer.status_code, answer.json()["detail"]) == (404, told)


@pytest.mark.parametrize("path", ["export/word/", "losses/word/"])
def test_of_an_unknown_format_those_are_told_that_are_written(ada, path):
    formats = ada.results("formats/")
    known = ", ".join(one["name"] for one in formats if one["writes"] and one["there"])
    answer = ada.get(f"projects/strait/{path}")
    told = f"There is no such format to write. There are: {known}."
    assert (answer.status_code, answer.json()["detail"]) == (404, told)


@pytest.mark.parametrize(
    ("method", "path", "known"),
    [
        ("POST", "projects/strait/imports/?format=word", imports.READABLE),
        ("GET", "projects/strait/network/?format=word", ["json", *networks.FILES]),
        ("GET", "projects/strait/export/csv/?layer=word", ["analyst", "gold"]),
    ],
)
def test_of_an_unknown_choice_those_are_told_that_there_are(db, method, path, known):
    answer = api.Caller(api.desk().cora).ask(method, path)
    told = f"“word” is none of these: {', '.join(known)}."
    assert (answer.status_code, answer.json()["detail"]) == (400, told)


@pytest.mark.parametrize("header", ["Bearer x", "Basic eDp5", "x"])
def test_another_scheme_is_told_how_a_token_is_sent(ada, header):
    answer = api.Caller().get("projects/", Authorization=header)
    told = "Nobody is known by this. Send it as: Authorization: Token …"
    assert (answer.status_code, answer.json()["detail"]) == (401, told)
    # Whoever is signed in may be behind a proxy that asks for more.
    assert ada.get("projects/", Authorization=header).status_code == 200


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("stories/", "GET, POST, HEAD"),
        (f"stories/{NOBODY}/", "GET, PATCH, HEAD"),
        ("decisions/", "GET, HEAD"),
        ("annotations/bulk/", "POST"),
        ("changes/", "GET, HEAD"),
        ("formats/", "GET, HEAD"),
        ("preferences/", "GET, HEAD, PATCH"),
        ("schema/", "GET, HEAD"),
    ],
)
def test_the_methods_that_are_told_are_those_that_are_taken(ada, path, allowed):
    answer = ada.ask("OPTIONS", path)
    methods = sorted(answer["Allow"].split(", "))
    assert (answer.status_code, methods) == (405, sorted(allowed.split(", ")))
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        taken = ada.ask(method, path, {}).status_code != 405
        assert taken == (method in methods), method
