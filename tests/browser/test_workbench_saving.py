"""Nothing that was made in Chromium is lost: networks, sessions and answers go missing."""

import pytest
from playwright.sync_api import expect

from annotations.models import Annotation
from corpus_app.models import Event
from tests import factories
from tests.browser.bench import NETWORK, go, press, quotes, saved, sign_in_as

pytestmark = pytest.mark.engine


def test_marks_made_without_a_network_are_stored_once_each_when_it_is_back(
    open_desk, analyst, console
):
    console.expect(NETWORK)
    page, window = open_desk(analyst)
    window.set_offline(True)
    for _ in range(5):
        press(page, "ArrowRight", "Shift+ArrowRight", "n")
    expect(page.locator("#status")).to_have_text("Offline: 5 changes waiting")
    assert Annotation.objects.count() == 0
    window.set_offline(False)
    saved(page)
    assert len(quotes()) == len(set(quotes())) == 5
    assert Event.objects.filter(noun="annotation").count() == 5


def test_unsent_changes_are_there_after_a_reload_and_sent(open_desk, article, analyst, console):
    console.expect(NETWORK)
    page, _ = open_desk(analyst)
    page.route("**/api/v1/**", lambda route: route.abort("internetdisconnected"))
    press(page, "f", "@")
    expect(page.locator("#status")).to_contain_text("2 changes waiting")
    go(page, article)
    expect(page.locator("#text mark")).to_have_count(1)
    expect(page.locator("#status")).to_contain_text("2 changes waiting")
    page.unroute("**/api/v1/**")
    saved(page)
    assert quotes() == ["The harbour is open."]
    assert Annotation.objects.get().participants.get().stands_for == "author"


def test_a_change_whose_answer_was_lost_is_made_once(open_desk, analyst, console):
    console.expect(r"net::ERR_FAILED")
    page, _ = open_desk(analyst)

    def lose_the_answer(route):
        route.fetch()
        route.abort("failed")

    page.route("**/api/v1/annotations/", lose_the_answer, times=1)
    press(page, "f", "@")
    saved(page)
    assert Annotation.objects.get().version == 2
    assert Event.objects.filter(noun="annotation").count() == 2


def test_work_of_one_person_is_not_shown_or_sent_to_another_on_the_same_machine(
    open_desk, article, analyst, console
):
    console.expect(NETWORK)
    page, window = open_desk(analyst)
    page.route("**/api/v1/**", lambda route: route.abort("internetdisconnected"))
    press(page, "f")
    expect(page.locator("#status")).to_contain_text("1 change waiting")
    other = factories.member(article.project)
    factories.assigned(article, other)
    sign_in_as(window, other, page)
    go(page, article)
    page.unroute("**/api/v1/**")
    expect(page.locator("#text mark")).to_have_count(0)
    expect(page.locator("#status")).to_have_text("All saved")
    assert Annotation.objects.count() == 0
    sign_in_as(window, analyst, page)
    go(page, article)
    saved(page)
    assert [claim.author for claim in Annotation.objects.all()] == [analyst]


def test_another_login_in_the_same_browser_stops_sending(open_desk, article, analyst, console):
    console.expect(r"status of 409")
    page, window = open_desk(analyst)
    other = factories.member(article.project)
    factories.assigned(article, other)
    sign_in_as(window, other, page)
    press(page, "f")
    expect(page.locator("#status")).to_contain_text(f"sign in as {analyst.username}")
    assert Annotation.objects.count() == 0
    with window.expect_page() as opened:
        page.get_by_role("link", name=f"sign in as {analyst.username}").click()
    expect(opened.value.get_by_label("User name")).to_have_value(analyst.username)


def test_signed_out_the_changes_wait_and_go_on_after_sign_in(open_desk, article, analyst, console):
    console.expect(r"status of 401")
    page, window = open_desk(analyst)
    window.clear_cookies()
    press(page, "f")
    expect(page.locator("#status")).to_have_text("Signed out: 1 change waiting – sign in")
    sign_in_as(window, analyst, page)
    page.evaluate("dispatchEvent(new Event('focus'))")
    saved(page)
    assert Annotation.objects.count() == 1


def test_handing_in_waits_for_unsaved_changes(open_desk, analyst, console):
    console.expect(NETWORK)
    page, _ = open_desk(analyst)
    page.route("**/api/v1/**", lambda route: route.abort("internetdisconnected"))
    press(page, "m")
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("alert").first).to_contain_text("Not handed in yet: 1 change")
    assert analyst.assignments.get().state == "assigned"


def test_a_note_is_kept_while_it_is_typed(open_desk, article, analyst):
    factories.claim(article, analyst, 0, 11)
    page, _ = open_desk(analyst)
    page.locator("#text mark").click()
    page.get_by_label("Note").press_sequentially("a thought", delay=30)
    page.wait_for_timeout(600)
    go(page, article)
    page.locator("#text mark").click()
    expect(page.get_by_label("Note")).to_have_value("a thought")
    saved(page)
    assert Annotation.objects.get().note == "a thought"
    assert Annotation.objects.get().version == 2
