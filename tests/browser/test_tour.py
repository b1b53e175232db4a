"""The tour: offered on the first visit, a claim really marked, kept or taken back."""

import pytest
from playwright.sync_api import expect

from annotations.models import Annotation, Preference
from tests.browser.bench import press, quotes, saved
from tests.browser.test_accessibility import NARROW, violations


@pytest.fixture
def tour(open_desk, analyst):
    """The page of an analyst who has not taken the tour, and its card."""

    def tour(**options):
        page, _ = open_desk(analyst, toured=False, **options)
        return page, page.get_by_role("region", name="Tour")

    return tour


def test_a_claim_is_marked_by_keys_alone_and_taken_back(tour, analyst):
    page, card = tour()
    expect(card).to_contain_text("Your first visit")
    expect(page.locator("#text")).to_be_focused()
    card.get_by_role("button", name="Show me").press("Enter")
    expect(card).to_contain_text("1 of 5")
    press(page, "ArrowDown", "Shift+ArrowDown")
    expect(card).to_contain_text("✓ Selected: “Nobody in the harbour says so")
    press(page, "f")
    expect(card).to_contain_text("✓ A claim: Fact")
    press(page, "@")
    expect(card).to_contain_text("✓ Says so: the author")
    expect(card).to_contain_text("4 of 5 About whom?")
    card.get_by_role("button", name="Skip this step").press("Enter")
    press(page, "/")
    page.keyboard.type("strait")
    press(page, "Enter", "2")
    expect(card).to_contain_text("✓ The strait is calm: oppose")
    expect(card).to_contain_text("That is a whole claim")
    card.get_by_role("button", name="Take it back").press("Enter")
    expect(card).to_be_hidden()
    expect(page.locator("#text mark")).to_have_count(0)
    expect(page.locator("#text")).to_be_focused()
    saved(page)
    assert [one.deleted is None for one in Annotation.objects.all()] == [False]
    expect(card).to_be_hidden()
    assert Preference.objects.get(user=analyst).toured is not None


def test_it_is_taken_by_finger_skipped_and_taken_again(tour, analyst):
    options = {**NARROW, "has_touch": True, "bypass_csp": True}
    page, card = tour(**options)
    expect(card).to_contain_text("Your first visit")
    assert violations(page) == []
    card.get_by_role("button", name="Not now").click()
    expect(card).to_be_hidden()
    page.reload()
    page.wait_for_selector("#workbench[data-ready]")
    press(page, "/")
    page.keyboard.type("tour")
    press(page, "Enter")
    expect(card).to_contain_text("1 of 5")
    assert violations(page) == []
    press(page, "f")  # whoever knows how goes ahead
    expect(card).to_contain_text("3 of 5 Who says so?")
    page.get_by_role("button", name="the author").first.click()
    expect(card).to_contain_text("✓ Says so")
    assert violations(page) == []
    for _ in range(2):
        card.get_by_role("button", name="Skip this step").click()
    card.get_by_role("button", name="Keep it").click()
    expect(card).to_be_hidden()
    saved(page)
    assert len(quotes()) == 1
