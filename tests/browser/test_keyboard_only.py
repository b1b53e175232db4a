"""A whole article by keyboard alone: what is marked, undone and handed in is what is stored."""

import pytest
from playwright.sync_api import expect

from annotations.models import Annotation, Assignment, ClaimTag
from tests.browser.bench import press, saved

COUNT_POINTERS = """
window.pointed = 0;
for (const type of ["pointermove", "pointerdown", "mousedown", "touchstart", "wheel"]) {
  addEventListener(type, () => { window.pointed += 1; }, { capture: true });
}
"""

# From the sentence at the cursor to a claim with its span, type, claimant, proposition with
# stance and target: nine presses. A bare label, a span and its type and nothing else, is here
# the first of them. In doccano and in Label Studio it takes a drag of the mouse besides the
# label's key, since neither has a key that selects text.
SPAN_AND_TYPE = ("f",)
CLAIMANT = ("@",)
PROPOSITION = ("c", "1")
TARGET = ("/", "t", "i", "d", "Shift+Enter")
FULL_CLAIM = SPAN_AND_TYPE + CLAIMANT + PROPOSITION + TARGET


@pytest.fixture
def keyboard(open_desk, analyst, article):
    """The article's workbench as it opens, where every tag has a key."""
    ClaimTag.objects.filter(slug="calm").update(key="c")
    page, _ = open_desk(analyst)
    page.evaluate(COUNT_POINTERS)
    yield page
    assert page.evaluate("window.pointed ?? 0") == 0


def stored():
    """Every standing annotation: kind, quotes, who takes part, tags with stance."""
    return [
        (
            each.kind,
            [span.quote for span in each.spans.order_by("start")],
            sorted((p.role, p.actor.name if p.actor else p.stands_for)
                   for p in each.participants.select_related("actor")),
            sorted(each.codings.values_list("tag__slug", "stance")),
        )
        for each in Annotation.objects.filter(deleted=None).order_by("created")
    ]  # fmt: skip


def test_a_full_claim_takes_nine_keys(keyboard):
    press(keyboard, *FULL_CLAIM)
    saved(keyboard)
    assert len(FULL_CLAIM) == 9
    assert stored() == [
        (
            "claim",
            ["The harbour is open."],
            [("claimant", "author"), ("target", "Office of Tides")],
            [("calm", "support"), ("fact", "")],
        )
    ]
    assert Annotation.objects.get().state == "complete"


def test_a_whole_article_without_the_mouse(keyboard):
    page = keyboard
    press(page, *FULL_CLAIM)
    press(page, "ArrowDown", "n", "@", "c", "2")
    press(page, "j", "Shift+ArrowRight", "Shift+ArrowRight", "m")
    press(page, "k", "j", "Shift+ArrowRight", "Shift+ArrowRight", "f", "@")
    press(page, "ArrowRight", "ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight", "+")
    press(page, ",", "<")
    whole = [
        ("claim", ["The harbour is open."],
         [("claimant", "author"), ("target", "Office of Tides")],
         [("calm", "support"), ("fact", "")]),
        ("claim", ["Nobody in the harbour says so, but the ferries sail again."],
         [("claimant", "author")], [("calm", "oppose"), ("norm", "")]),
        ("mention", ["Ada Quill"], [("named", "Ada Quill")], []),
        ("claim", ["Ada Quill", "expects a"], [("claimant", "author")], [("fact", "")]),
    ]  # fmt: skip
    saved(page)
    assert stored() == whole
    press(page, *["Control+z"] * 3)
    saved(page)
    assert stored()[-1][1] == ["Ada Quill"]
    press(page, *["Control+Shift+z"] * 3)
    saved(page)
    assert stored() == whole
    press(page, "k", "j", "`")
    expect(page.locator("[data-part=told]")).to_contain_text(" of 2: ")
    press(page, "/", *"hand", "Enter", "Enter")
    page.wait_for_url(lambda url: "/articles/" not in url)
    assert Assignment.objects.get().state == Assignment.State.HANDED_IN
