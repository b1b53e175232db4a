"""Access tokens: made, shown once, listed, revoked."""

import sqlite3
import time
from contextlib import closing
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from corpus_app import people
from corpus_app.models import Token
from tests import api, factories

pytestmark = pytest.mark.django_db

PAGE = reverse("tokens")


@pytest.fixture
def person(client):
    user = factories.MembershipFactory().user
    client.force_login(user)
    return user


@pytest.fixture
def project(person):
    return person.memberships.get().project


def asked(**changes):
    return {"name": "weekly export", "scope": "read", "project": "", "days": "30", **changes}


def token_of(user, name="weekly export"):
    return people.create_token(by=user, name=name, scope="read")[0]


def test_a_new_token_is_told_once_and_only_its_digest_is_kept(client, person):
    answer = client.post(PAGE, asked())
    secret = answer.context["secret"]
    assert (answer.status_code, secret in answer.content.decode()) == (201, True)
    assert answer.headers["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    assert secret not in client.get(PAGE).content.decode()
    assert secret not in str(Token.objects.values_list())


def test_a_token_is_as_narrow_as_was_asked(client, person, project):
    client.post(PAGE, asked(scope="write", project=project.pk))
    token = Token.objects.get()
    assert (token.user, token.name, token.scope, token.project) == (
        person, "weekly export", "write", project,
    )  # fmt: skip
    assert abs(token.expiry - timezone.now() - timedelta(days=30)) < timedelta(minutes=1)


def test_a_token_may_last_for_ever_if_that_is_asked(client, person):
    client.post(PAGE, asked(days="0"))
    assert Token.objects.get().expiry is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 81),
        ("name", "in\u200bvisible"),
        ("scope", "everything"),
        ("days", "9999"),
        ("days", ""),
        ("project", "not a project"),
    ],
)
def test_an_odd_wish_makes_no_token_and_is_told_at_its_field(client, person, field, value):
    answer = client.post(PAGE, asked(**{field: value}))
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, [field])
    assert (answer.context["secret"], Token.objects.count()) == ("", 0)


def test_a_token_cannot_be_made_for_a_project_that_one_may_not_open(client, person):
    answer = client.post(PAGE, asked(project=factories.ProjectFactory().pk))
    assert (answer.status_code, Token.objects.count()) == (400, 0)


def test_one_sees_ones_own_tokens_only(client, person):
    token_of(factories.UserFactory(), "somebody's")
    own = token_of(person)
    assert list(client.get(PAGE).context["tokens"]) == [own]


def test_a_revoked_token_is_gone_at_once(client, person):
    token = token_of(person)
    answer = client.post(reverse("revoke-token", args=[token.token_key]), follow=True)
    assert (list(answer.context["tokens"]), Token.objects.count()) == ([], 0)
    told = [str(message) for message in answer.context["messages"]]
    assert told == ["Revoked: “weekly export”. It opens nothing any more."]


def test_somebody_elses_token_is_not_found_and_stays(client, person):
    token = token_of(factories.UserFactory())
    for key in (token.token_key, "0" * 15):
        assert client.post(reverse("revoke-token", args=[key])).status_code == 404
    assert Token.objects.get() == token


def test_an_expired_token_is_marked(client, person):
    token = token_of(person)
    Token.objects.filter(pk=token.pk).update(expiry=timezone.now() - timedelta(days=1))
    assert "expired" in client.get(PAGE).content.decode()


def test_when_a_token_was_used_last_is_kept_once_a_minute_and_shown(client, person):
    token, secret = people.create_token(by=person, name="weekly export", scope="read")
    assert "never" in client.get(PAGE).content.decode()
    caller = api.Caller(token=secret)
    costs = [api.queries(lambda: caller.get("projects/")) for _ in range(2)]
    token.refresh_from_db()
    assert (timezone.now() - token.last_used < timedelta(minutes=1), costs[0] > costs[1]) == (
        True, True,
    )  # fmt: skip
    earlier = token.last_used - timedelta(minutes=2)
    Token.objects.update(last_used=earlier)
    caller.get("projects/")
    token.refresh_from_db()
    assert token.last_used > earlier
    assert token.last_used.strftime("%H:%M") in client.get(PAGE).content.decode()


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="elsewhere writers do not wait")
@pytest.mark.django_db(transaction=True)
def test_who_reads_by_token_waits_for_no_writer_and_is_refused_nothing():
    token, secret = people.create_token(by=factories.UserFactory(), name="x", scope="read")
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as writer:
        writer.execute("BEGIN IMMEDIATE")
        begun = time.monotonic()
        answer = api.Caller(token=secret).get("projects/")
        assert (answer.status_code, time.monotonic() - begun < 5) == (200, True)
    token.refresh_from_db()
    assert token.last_used is None
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA busy_timeout").fetchone() == (20_000,)
    api.Caller(token=secret).get("projects/")
    token.refresh_from_db()
    assert token.last_used


def test_a_name_is_shown_as_text(client, person):
    token_of(person, "<script>alert(1)</script>")
    assert "<script>alert" not in client.get(PAGE).content.decode()


def test_the_number_of_queries_is_the_same_for_one_token_and_for_ten(client, person, project):
    def queries():
        with CaptureQueriesContext(connection) as made:
            client.get(PAGE)
        return len(made)

    token_of(person)
    one = queries()
    for number in range(9):
        people.create_token(by=person, name=f"token {number}", scope="read", project=project)
    assert queries() == one


def test_nobody_is_signed_in_by_a_token_on_this_page(client):
    _, secret = people.create_token(by=factories.UserFactory(), name="x", scope="write")
    answer = client.get(PAGE, headers={"Authorization": f"Token {secret}"})
    assert answer.status_code == 302
