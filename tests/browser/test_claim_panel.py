"""The panel of one claim in Chromium: what is chosen there is what is stored."""

from playwright.sync_api import expect

from annotations.models import Annotation, Link
from tests.browser.bench import press, quotes, saved


def parts(claim):
    rows = claim.participants.order_by("role", "position")
    return list(rows.values_list("role", "actor__name", "stands_for", "endorsement"))


def test_a_whole_claim_is_made_in_the_panel(open_desk, analyst):
    page, _ = open_desk(analyst)
    press(page, "j", "Enter")
    panel = page.get_by_role("region", name="The open claim")
    expect(panel.get_by_label("Claimant", exact=True).get_by_role("combobox")).to_be_focused()
    page.keyboard.type("ada")
    press(page, "Enter", "Control+Enter", "Space")
    saved(page)
    assert parts(Annotation.objects.get()) == [("claimant", "Ada Quill", "", "")]
