"""The page that shows the API, in Chromium: it runs under our policy and can be tried out."""

import pytest
from playwright.sync_api import expect

from tests import api

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_reference_is_shown_and_tried_out_in_ones_own_name(visit):
    desk = api.desk()
    page = visit("/api/", desk.ada)
    listing = page.locator("#operations-projects-projects_list")
    listing.locator(".opblock-summary-control").click()
    listing.get_by_role("button", name="Try it out").click()
    listing.get_by_role("button", name="Execute").click()
    expect(listing.locator(".live-responses-table .response-col_status").last).to_contain_text(
        "200"
    )
    expect(listing.locator(".live-responses-table")).to_contain_text("strait")


def test_it_follows_the_theme(visit):
    page = visit("/api/", api.desk().ada, color_scheme="dark")
    root = page.locator("html")
    expect(root).to_have_class("dark-mode")
    page.evaluate("document.documentElement.dataset.theme = 'light'")
    expect(root).not_to_have_class("dark-mode")
