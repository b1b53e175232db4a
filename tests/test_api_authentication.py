"""Who the API lets in: sessions and tokens, and what each may do."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from annotations.models import Annotation
from corpus_app import people
from corpus_app.models import Token
from tests import api, factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return api.desk()


def test_a_token_that_may_write_writes(desk):
    caller = api.by_token(desk.ada)
    assert caller.post("annotations/", api.claim_body(desk)).status_code == 201


def test_a_token_that_may_read_reads_and_writes_nothing(desk):
    caller = api.by_token(desk.ada, scope="read")
    assert [row["slug"] for row in caller.results("projects/")] == ["strait"]
    answer = caller.post("annotations/", api.claim_body(desk))
    assert (answer.status_code, api.wrong(answer)) == (403, [])
    assert answer.json()["detail"] == "This token may read only. Make one that may write."
    assert Annotation.objects.count() == 0


def test_a_token_of_one_project_opens_that_one_only(desk):
    other = factories.ProjectFactory(slug="other")
    factories.MembershipFactory(project=other, user=desk.ada)
    caller = api.by_token(desk.ada, project=other)
    assert [row["slug"] for row in caller.results("projects/")] == ["other"]
    assert caller.get("projects/strait/").status_code == 404
    assert caller.get("projects/strait/export/jsonl/").status_code == 404
    assert caller.results("annotations/") == []


def test_a_superusers_token_of_one_project_opens_that_one_only(desk):
    root = factories.UserFactory(is_superuser=True)
    other = factories.ProjectFactory(slug="other")
    factories.MembershipFactory(project=other, user=root)
    caller = api.by_token(root, project=other)
    assert [row["slug"] for row in caller.results("projects/")] == ["other"]


@pytest.mark.parametrize(
    "header",
    ["Token", "Token x", "Token x y", "Token " + "a" * 5000, "Token \xff", "token " + "0" * 64,
     "Bearer x", "Basic eDp5", "\xff"],
)  # fmt: skip
def test_a_header_that_is_no_token_of_ours_is_answered_401(header):
    answer = Client().get("/api/v1/projects/", headers={"Authorization": header})
    assert (answer.status_code, api.wrong(answer)) == (401, [])
    assert answer["WWW-Authenticate"] == "Token"


def test_an_expired_a_revoked_and_a_sleeping_persons_token_open_nothing(desk):
    expired, revoked, sleeping = (api.by_token(user) for user in (desk.ada, desk.ben, desk.cora))
    yesterday = timezone.now() - timedelta(days=1)
    Token.objects.filter(user=desk.ada).update(expiry=yesterday)
    people.revoke_token(by=desk.ben, token=Token.objects.get(user=desk.ben))
    desk.cora.is_active = False
    desk.cora.save()
    for caller in (expired, revoked, sleeping):
        assert caller.get("projects/").status_code == 401
    assert Token.objects.filter(user=desk.ada).exists()


def test_nobody_is_answered_401_in_json_everywhere():
    for path in ("annotations/", "projects/x/export/csv/", "schema/", "nowhere/", "events/7/"):
        for method in ("GET", "POST"):
            answer = api.Caller().ask(method, path)
            assert (answer.status_code, answer["Content-Type"]) == (
                401,
                "application/problem+json",
            ), path
            assert answer["WWW-Authenticate"] == "Token"


def test_a_session_needs_protection_against_forged_requests(desk):
    client = Client(enforce_csrf_checks=True)
    client.force_login(desk.ada)
    sent = {"data": api.claim_body(desk), "content_type": "application/json"}
    answer = client.post("/api/v1/annotations/", **sent)
    assert (answer.status_code, Annotation.objects.count()) == (403, 0)
    client.get("/api/")
    token = client.cookies["csrftoken"].value
    answer = client.post("/api/v1/annotations/", headers={"X-CSRFToken": token}, **sent)
    assert answer.status_code == 201


def test_work_of_one_person_is_never_sent_as_anothers(desk):
    ben = api.Caller(desk.ben)
    for method, path in (("POST", "annotations/"), ("GET", "projects/")):
        answer = ben.ask(method, path, api.claim_body(desk), Crossread_User="ada-strait")
        assert (answer.status_code, api.wrong(answer)) == (409, [])
    assert Annotation.objects.count() == 0
    same = ben.post("annotations/", api.claim_body(desk), Crossread_User="ben-strait")
    assert same.status_code == 201


def test_a_name_in_any_script_is_sent_percent_encoded(desk):
    zoe = factories.member(desk.project, user__username="zoë")
    factories.assigned(desk.article, zoe)
    answer = api.Caller(zoe).post("annotations/", api.claim_body(desk), Crossread_User="zo%C3%AB")
    assert answer.status_code == 201


def test_a_token_opens_no_page_of_the_desk(desk):
    secret = people.create_token(by=desk.cora, name="A token", scope="write")[1]
    answer = Client().get("/desk/", headers={"Authorization": f"Token {secret}"})
    assert answer.status_code == 302
