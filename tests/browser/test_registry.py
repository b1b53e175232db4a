"""The registry of actors in Chromium: doubles by keys, and actors asked of the server."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from annotations.models import Participant
from corpus_app import actors
from corpus_app.models import Actor, Alias, Unlike
from tests import factories
from tests.browser.bench import press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def large(article):
    """The article, in a project with too many names for its page."""
    made = Actor.objects.bulk_create(
        Actor(project=article.project, name=f"Ministry {n}", name_key=f"ministry {n}")
        for n in range(1600)
    )
    erdogan = made[-1]
    Alias.objects.create(
        project=article.project, actor=erdogan, name="Doğan Ünlü", name_key="doğan ünlü"
    )
    actors.write_name_starts(actor.pk for actor in made)
    return article


def test_likely_doubles_are_gone_through_by_keys(visit, project):
    curator = factories.member(project, "curator")
    for name in ("Harbour Office", "Harbor Office", "D. Quill", "Dora Quill"):
        factories.actor(project, name, by=curator)
    page = visit(reverse("admin:corpus_app_actor_doubles"), curator)
    press(page, "j", "j")
    expect(page.locator("#doubles > li").nth(1)).to_be_focused()
    press(page, "n")
    expect(page.locator("#doubles > li")).to_have_count(1)
    assert Unlike.objects.count() == 1
    press(page, "j", "ArrowRight")
    page.get_by_role("button", name="Merge into “Harbour Office”").click()
    expect(page.get_by_text("is merged into")).to_be_visible()
    expect(page.get_by_text("No two actors")).to_be_visible()
    assert Actor.objects.get(merged_into__isnull=False).standing.name == "Harbour Office"


def test_an_actor_that_the_page_does_not_carry_is_found_as_one_types(
    large, analyst, open_desk, console
):
    console.expect("ERR_INTERNET_DISCONNECTED")
    page, window = open_desk(analyst)
    assert "Ministry 7" not in page.locator("#page-data").text_content()
    page.locator("#text").focus()
    press(page, "j", "Shift+ArrowRight", "m")
    field = page.get_by_role("combobox", name="Named")
    field.press_sequentially("dogan")
    option = page.get_by_role("option", name="Ministry 1599")
    expect(option).to_be_visible()
    field.press("Enter")
    expect(page.locator(".wb-chosen").get_by_text("Ministry 1599")).to_be_visible()
    expect(page.locator("#status")).to_contain_text("Saved")
    assert Participant.objects.get().actor.name == "Ministry 1599"
    window.set_offline(True)
    press(page, "Escape", "/")
    page.get_by_role("combobox", name="Tags, actors and commands").press_sequentially("ministry 12")
    expect(page.get_by_text("Offline: only actors already used")).to_be_visible()
    window.set_offline(False)


def test_with_few_names_the_page_carries_all_and_asks_nothing(article, analyst, open_desk):
    page, _ = open_desk(analyst)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    press(page, "/")
    page.get_by_role("combobox", name="Tags, actors and commands").press_sequentially("tides")
    expect(page.get_by_role("option", name="Office of Tides")).to_be_visible()
    page.wait_for_timeout(300)
    assert [url for url in asked if "suggest" in url and "actors" in url] == []
