"""Suggested mentions in Chromium: proposed once the page is painted, taken or refused by key."""

import pytest
from playwright.sync_api import expect

from annotations.models import Annotation, Rejection, Verdict
from corpus_app.models import Role
from tests import factories
from tests.browser.bench import NETWORK, go, marked, press, quotes, saved
from tests.browser.test_accessibility import both, violations

TEXT = (
    "The minister flew to Moscow on Sunday. Moscow believes that the strait is calm.\n\n"
    "Ada Quill told the Washington Post that Russia and the Office of Tides agree. "
    "Quill expects that Russia will stay.\n\n"
    "Nobody in Russia said so to the Office of Tides."
)


@pytest.fixture
def article(project):
    curator = factories.member(project, Role.CURATOR)
    factories.small_codebook(project, by=curator)
    factories.actor(
        project, "Russia", by=curator, kind="state", aliases=(("Moscow", True), ("Russian", False))
    )
    factories.actor(
        project, "United States", by=curator, kind="state", aliases=(("Washington", True),)
    )
    factories.actor(project, "Ada Quill", by=curator, kind="person")
    factories.actor(project, "Office of Tides", by=curator)
    return factories.plain_article(project, TEXT, by=curator, language="en")


@pytest.fixture
def desk(open_desk, analyst):
    """The workbench of the analyst, once the suggestions are there."""
    page, window = open_desk(analyst)
    listed(page, 9)
    return page, window


def listed(page, number):
    heading = page.get_by_role("region", name="Suggestions", exact=True).get_by_role("heading")
    expect(heading).to_have_text(f"Suggestions {number}")


def told(page, words):
    expect(page.locator("#told")).to_contain_text(words)


def test_the_whole_round_by_keyboard_alone(desk, article):
    page, _ = desk
    press(page, "}")
    told(page, "Suggestion 1 of 9: Moscow, the place, not Russia")
    press(page, "'")
    told(page, "Rejected “Moscow”; undo with Ctrl + Z. Suggestion 1 of 8: Moscow, Russia")
    press(page, ";")
    told(page, "Accepted “Moscow”; undo with Ctrl + Z. Suggestion 1 of 7: Ada Quill")
    press(page, ";")
    told(page, "Suggestion 1 of 6: Russia")
    press(page, ":")
    told(page, "Accepted 3 mentions of Russia; undo with Ctrl + Z.")
    press(page, "!")
    told(page, "Rejected 2 mentions of Office of Tides; undo with Ctrl + Z.")
    listed(page, 1)
    saved(page)
    assert quotes() == ["Moscow", "Ada Quill", "Russia", "Russia", "Russia"]
    assert set(Annotation.objects.values_list("origin", "tool", "state")) == {
        ("suggestion", "crossread mentions", "complete")
    }
    assert sorted(Verdict.objects.values_list("name", "accepted")) == [
        ("Ada Quill", True), ("Moscow", False), ("Moscow", True),
        *[("Office of Tides", False)] * 2, *[("Russia", True)] * 3,
    ]  # fmt: skip
    go(page, article)
    listed(page, 1)
    whole = page.locator("[data-passage]").all_text_contents()
    revision = article.revisions.get()
    assert whole == [p.slice(revision.text) for p in revision.passages.all()]


def test_what_was_accepted_at_once_is_undone_at_once(desk):
    page, _ = desk
    page.get_by_role("button", name="Accept all of Russia").click()
    listed(page, 5)
    saved(page)
    press(page, "Control+z")
    listed(page, 9)
    told(page, "Undone: 4 changes that were made at once.")
    saved(page)
    assert quotes() == []
    press(page, "Control+Shift+z")
    listed(page, 5)
    saved(page)
    assert quotes() == ["Moscow", "Russia", "Russia", "Russia"]
    assert Verdict.objects.standing().count() == 4


def test_a_rejection_is_undone_also_after_a_reload(desk, article):
    page, _ = desk
    press(page, "}", "!")
    listed(page, 4)
    saved(page)
    go(page, article)
    listed(page, 4)
    press(page, "Control+z")
    listed(page, 9)
    saved(page)
    assert Verdict.objects.standing().count() == 0
    go(page, article)
    listed(page, 9)


def test_an_accepted_suggestion_says_so_for_ever(desk, article):
    page, _ = desk
    press(page, "}", "}", ";")
    saved(page)
    go(page, article)
    page.locator("#text mark").click()
    expect(page.get_by_role("region", name="The open mention")).to_contain_text(
        "Suggested, then accepted by a person."
    )
    page.get_by_label("Note").fill("It is the government.")
    press(page, "Escape")
    saved(page)
    assert (Annotation.objects.get().note, Annotation.objects.get().origin) == (
        "It is the government.",
        "suggestion",
    )


def test_a_place_becomes_who_governs_there_by_one_key(desk):
    page, _ = desk
    press(page, "}", ";")
    told(page, "Not accepted: the place, not Russia. # takes it otherwise.")
    press(page, "#")
    told(page, "Moscow, Russia")
    press(page, ";")
    saved(page)
    mention = Annotation.objects.get()
    assert list(mention.participants.values_list("role", "actor__name")) == [("named", "Russia")]


def test_suggestions_are_hidden_and_shown(desk):
    page, _ = desk
    press(page, "}")
    bar = page.get_by_role("toolbar", name="Suggestion", exact=True)
    expect(bar).to_be_visible()
    press(page, "*")
    expect(bar).to_be_hidden()
    expect(page.get_by_role("button", name="Accept all of Russia")).to_have_count(0)
    press(page, "*")
    expect(page.get_by_role("button", name="Accept all of Russia")).to_have_count(1)


def test_nothing_is_lost_or_doubled_without_a_network(desk, article, console):
    console.expect(NETWORK)
    page, window = desk
    window.set_offline(True)
    press(page, "}", "}", ";", "'", ":")
    expect(page.locator("#status")).to_contain_text("Offline")
    listed(page, 4)
    assert Verdict.objects.count() == 0
    window.set_offline(False)
    saved(page)
    assert quotes() == ["Moscow", "Russia", "Russia", "Russia"]
    assert Verdict.objects.filter(accepted=True).count() == 4
    assert [r.actor.name for r in Rejection.objects.all()] == ["Ada Quill"]
    go(page, article)
    listed(page, 4)


def test_by_touch_the_bar_is_at_thumb_height(open_desk, analyst):
    page, _ = open_desk(
        analyst, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True
    )
    listed(page, 9)
    box = page.evaluate(
        """() => {
          const node = document.querySelector("[data-passage='2']").firstChild;
          const range = document.createRange();
          range.setStart(node, 2);
          range.setEnd(node, 5);
          const { x, y, width, height } = range.getBoundingClientRect();
          return { x: x + width / 2, y: y + height / 2 };
        }"""
    )
    page.touchscreen.tap(box["x"], box["y"])
    bar = page.get_by_role("toolbar", name="Suggestion", exact=True)
    expect(bar).to_be_visible()
    assert bar.bounding_box()["y"] > 500
    bar.get_by_role("button", name="Accept", exact=True).tap()
    saved(page)
    assert quotes() == ["Ada Quill"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_by_touch_the_first_tap_on_a_button_of_the_sheet_counts(open_desk, analyst):
    page, _ = open_desk(
        analyst, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True
    )
    listed(page, 9)
    page.get_by_role("button", name="Accept all of Ada Quill").tap()
    saved(page)
    assert quotes() == ["Ada Quill", "Quill"]


def test_another_analyst_is_asked_everything_still(desk, article, window_of):
    page, _ = desk
    page.get_by_role("button", name="Accept all of Russia").click()
    press(page, "!")
    saved(page)
    other = factories.member(article.project)
    factories.assigned(article, other)
    second = window_of(other).new_page()
    go(second, article)
    listed(second, 9)
    assert marked(second) == []


@both
def test_suggestions_and_how_good_they_are_are_for_everybody(window_of, analyst, article, look):
    page = window_of(analyst, bypass_csp=True, **look).new_page()
    go(page, article)
    listed(page, 9)
    assert violations(page) == []
    press(page, "}", "}")
    assert violations(page) == []
    here = page.locator("[data-passage='1']").bounding_box()
    bar = page.get_by_role("toolbar", name="Suggestion", exact=True).bounding_box()
    assert 0 < here["y"] < bar["y"]
    press(page, ":")
    saved(page)
    curator = factories.member(article.project, Role.CURATOR)
    page = window_of(curator, bypass_csp=True, **look).new_page()
    page.goto("/desk/annotations/verdict/?order=-yes")
    assert violations(page) == []
