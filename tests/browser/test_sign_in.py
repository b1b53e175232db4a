"""Signing in, in the browser."""

from playwright.sync_api import expect

from tests import factories


def test_a_person_signs_in_with_her_name_and_password(visit, live_server):
    factories.UserFactory(username="amina", password="a long pass phrase")
    page = visit("/sign-in/")
    page.get_by_label("User name").fill("amina")
    page.get_by_label("Password").fill("a long pass phrase")
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{live_server.url}/")


def test_a_session_opens_what_needs_sign_in(visit):
    page = visit("/", factories.UserFactory())
    expect(page).to_have_url("/")
