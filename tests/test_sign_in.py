"""Signing in and out, and the pages that say what went wrong."""

import pytest
from axes.models import AccessAttempt
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory
from django.urls import reverse
from django.views import defaults
from django.views.csrf import csrf_failure

from tests import factories

pytestmark = pytest.mark.django_db

SIGN_IN, HOME = reverse("sign-in"), reverse("home")
PASSWORD = "a long pass phrase"


@pytest.fixture
def person():
    return factories.UserFactory(username="ada")


def attempt(client, username="ada", password="wrong"):
    return client.post(SIGN_IN, {"username": username, "password": password})


def without_names(answer):
    """The page's bytes without what differs by chance or repeats what was typed."""
    page = answer.content.decode()
    token = answer.context["csrf_token"] if answer.context else ""
    return page.replace(str(token), "").replace("nobody", "ada")


def test_a_person_comes_to_the_queue_or_to_where_she_wanted(client, person):
    assert attempt(client, password=PASSWORD).headers["Location"] == HOME
    client.post(reverse("sign-out"))
    asked = {"username": "ada", "password": PASSWORD, "next": "/tokens/"}
    assert client.post(SIGN_IN, asked).headers["Location"] == "/tokens/"


def test_nobody_is_sent_to_another_site(client, person):
    asked = {"username": "ada", "password": PASSWORD, "next": "https://evil.example/"}
    assert client.post(SIGN_IN, asked).headers["Location"] == HOME


def test_a_failed_attempt_does_not_say_who_exists(client, person):
    factories.UserFactory(username="gone", is_active=False)
    wrong = attempt(client)
    unknown = attempt(client, "nobody")
    inactive = attempt(client, "gone", PASSWORD)
    pages = {without_names(answer).replace("gone", "ada") for answer in (wrong, unknown, inactive)}
    assert (len(pages), {a.status_code for a in (wrong, unknown, inactive)}) == (1, {200})
    assert "do not open anything" in pages.pop()


@pytest.mark.parametrize("username", ["ada", "nobody"])
def test_after_eight_failures_even_the_right_password_has_to_wait(client, person, username):
    answers = [attempt(client, username) for _ in range(8)]
    assert [answer.status_code for answer in answers] == [200] * 7 + [429]
    answer = attempt(client, username, PASSWORD)
    assert (answer.status_code, "_auth_user_id" in client.session) == (429, False)
    assert "15\n  minutes" in answer.content.decode()


def test_another_person_at_the_same_address_is_not_locked_out(client, person):
    for _ in range(8):
        attempt(client, "nobody")
    assert attempt(client, password=PASSWORD).status_code == 302


def test_signing_out_takes_a_post(client, person):
    client.force_login(person)
    assert client.get(reverse("sign-out")).status_code == 405
    assert client.post(reverse("sign-out")).headers["Location"] == SIGN_IN
    assert client.get(HOME).status_code == 302


def test_the_desk_sends_the_signed_out_to_sign_in_and_tells_a_stranger_why(client, person):
    desk = reverse("admin:index")
    assert client.get(desk, follow=True).request["PATH_INFO"] == SIGN_IN
    client.force_login(person)
    answer = client.get(desk, follow=True)
    assert (answer.status_code, "you are in none yet" in answer.content.decode()) == (403, True)


def test_the_bar_offers_what_the_person_may_do(client, person):
    links = {}
    analyst = factories.member(factories.ProjectFactory(slug="strait"))
    for name, somebody in (("stranger", person), ("analyst", analyst)):
        client.force_login(somebody)
        page = client.get(HOME).content.decode()
        links[name] = ["/projects/strait/import/" in page, 'href="/desk/"' in page]
    assert links == {"stranger": [False, False], "analyst": [True, True]}


def test_a_page_without_the_secret_of_its_form_changes_nothing(person):
    strict = Client(enforce_csrf_checks=True)
    answer = attempt(strict, password=PASSWORD)
    assert (answer.status_code, "_auth_user_id" in strict.session) == (403, False)
    assert "The page was too old" in answer.content.decode()


@pytest.mark.parametrize(
    ("answer_to", "status", "words"),
    [
        (lambda r: defaults.page_not_found(r, Exception("x")), 404, "Nothing to read here"),
        (lambda r: defaults.permission_denied(r, PermissionDenied("Ask.")), 403, "Ask."),
        (lambda r: defaults.permission_denied(r, PermissionDenied()), 403, "You may see this"),
        (lambda r: defaults.bad_request(r, Exception("x")), 400, "could not be read"),
        (lambda r: defaults.server_error(r), 500, "broke on our side"),
        (lambda r: csrf_failure(r), 403, "too old"),
    ],
)
def test_a_mishap_has_a_page_even_before_anybody_is_known(answer_to, status, words):
    answer = answer_to(RequestFactory().get("/elsewhere/"))
    assert (answer.status_code, words in answer.content.decode()) == (status, True)


@pytest.mark.parametrize("page", [HOME, reverse("tokens"), reverse("admin:index"), "/nowhere/"])
def test_no_page_has_inline_scripts_styles_or_handlers(client, page):
    client.force_login(factories.UserFactory(is_superuser=True, is_staff=True))
    html = client.get(page).content.decode()
    assert [part for part in ("<style", " style=", "<script>", " onclick=", "javascript:") if
            part in html] == []  # fmt: skip


@pytest.mark.parametrize("username", ["x" * 151, "x" * 100_000, "\0", "e\u0301" * 300])
def test_a_name_that_nobody_can_have_is_refused_like_any_other(client, person, username):
    answers = [attempt(client, name) for name in ("nobody", username)]
    pages = [without_names(answer).replace(username, "ada") for answer in answers]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert "do not open anything" in pages[1]
    assert set(AccessAttempt.objects.values_list("username", flat=True)) <= {"nobody"}
