"""Articles of one story in columns: marking in each, scrolled together, tabs where it is narrow."""

import pytest
from playwright.sync_api import expect

from annotations.models import ClaimTag
from tests import factories
from tests.browser.bench import NETWORK, press, quotes
from tests.browser.test_accessibility import NARROW, violations

PARAGRAPH = "The ferries sailed as they always do, and nobody on the quay counted them. " * 6
FILLING = [f"{PARAGRAPH}Line {n}." for n in range(12)]
STORM = "A storm will come."
RULES = "The rules must change."


@pytest.fixture
def articles(project):
    """Two articles of a story: both expect a storm, and one a change of rules before it."""
    factories.small_codebook(project)
    story = factories.story(project)
    texts = [
        [*FILLING[:3], STORM, *FILLING[3:], RULES],
        [*FILLING[:8], RULES, "On 3 March it rained.", *FILLING[8:], STORM],
    ]
    return [
        factories.plain_article(project, "\n\n".join(paragraphs), story=story)
        for paragraphs in texts
    ]


@pytest.fixture
def analyst(project, articles):
    person = factories.member(project)
    for article in articles:
        factories.assigned(article, person)
    return person


@pytest.fixture
def go_beside(articles):
    """Opens the articles in columns on this page."""

    def go_beside(page):
        asked = ",".join(str(article.pk) for article in articles)
        page.goto(f"/stories/{articles[0].story_id}/side-by-side/?articles={asked}")
        for number in (1, 2):
            page.wait_for_selector(f"#column-{number}-workbench[data-ready]", state="attached")

    return go_beside


def mark(article, person, quote, slug):
    start = article.revisions.get().text.index(quote)
    tag = ClaimTag.objects.get(slug=slug)
    factories.claim(article, person, start, start + len(quote), codes=(factories.coded(tag),))


def column(page, number):
    return page.locator(f"#column-{number}")


def height_of(page, number, quote):
    """How far below its column's top a quote's mark stands, in whole CSS pixels."""
    box = column(page, number).locator("mark", has_text=quote).first.bounding_box()
    return round(box["y"] - column(page, number).bounding_box()["y"])


def test_each_column_is_a_desk_of_its_own(window_of, analyst, articles, go_beside, console):
    console.expect(NETWORK)
    window = window_of(analyst)
    page = window.new_page()
    go_beside(page)
    press(page, "f")
    expect(column(page, 1).locator("mark")).to_have_count(1)
    expect(column(page, 1).locator(".wb-status")).to_contain_text("Saved")
    press(page, "F6")
    expect(column(page, 2)).to_have_class("bs-column is-active")
    expect(column(page, 1).locator(".wb-panel")).to_be_hidden()
    window.set_offline(True)
    press(page, "j", "n")
    press(page, "Shift+F6", "j", "j", "n")
    expect(column(page, 2).locator(".wb-status")).to_contain_text("1 change waiting")
    expect(column(page, 1).locator(".wb-status")).to_contain_text("1 change waiting")
    window.set_offline(False)
    for number in (1, 2):
        expect(column(page, number).locator(".wb-status")).to_contain_text("Saved")
        expect(column(page, number).locator(".wb-status")).to_have_attribute("data-state", "saved")
    stored = [quotes(annotation__article=article) for article in articles]
    assert [len(own) for own in stored] == [2, 1]
    press(page, "F6", "Control+z")
    expect(column(page, 2).locator("mark")).to_have_count(0)
    expect(column(page, 1).locator("mark")).to_have_count(2)
    expect(column(page, 2).locator(".wb-status")).to_have_attribute("data-state", "saved")
    stored = [quotes(annotation__article=article) for article in articles]
    assert [len(own) for own in stored] == [2, 0]


def test_columns_are_scrolled_together_by_what_they_share(window_of, analyst, articles, go_beside):
    for article in articles:
        mark(article, analyst, STORM, "fact")
        mark(article, analyst, RULES, "norm")
    page = window_of(analyst, reduced_motion="reduce").new_page()
    go_beside(page)
    shared = page.get_by_label("Go through").locator("option")
    expect(shared).to_have_text(["everything shared (2)", "Fact: 1 · 1", "Norm: 1 · 1"])
    # Next shared: the storm, early in the one and last in the other.
    press(page, "Alt+n")
    expect(column(page, 2).locator(".bs-name")).to_contain_text("Fact 1 of 1")
    assert height_of(page, 1, STORM) == pytest.approx(height_of(page, 2, STORM), abs=4)
    # The mouse over the other column leads there, and the first one follows, back to its end.
    column(page, 2).hover(position={"x": 200, "y": 300})
    for _ in range(40):
        if column(page, 2).locator("mark", has_text=RULES).first.bounding_box()["y"] > 300:
            break
        page.mouse.wheel(0, -150)
    expect(column(page, 1).locator(".bs-name")).to_contain_text("Norm 1 of 1")
    assert height_of(page, 1, RULES) == pytest.approx(height_of(page, 2, RULES), abs=4)
    # Nothing moves any further, and nothing moves at all once they are not together.
    before = [column(page, number).evaluate("it => it.scrollTop") for number in (1, 2)]
    page.wait_for_timeout(300)
    assert [column(page, n).evaluate("it => it.scrollTop") for n in (1, 2)] == before
    page.get_by_label("Scroll together by").select_option("not together")
    column(page, 2).hover(position={"x": 200, "y": 300})
    page.mouse.wheel(0, 900)
    page.wait_for_timeout(300)
    assert column(page, 1).evaluate("it => it.scrollTop") == before[0]
    page.get_by_label("Scroll together by").select_option("shared days")
    expect(page.locator("#together")).to_contain_text("These articles share no day yet.")
    page.get_by_label("Scroll together by").press("F6")
    expect(page.locator("#column-1-text")).to_be_focused()


def test_on_a_narrow_screen_tabs_keep_their_place(window_of, analyst, articles, go_beside):
    mark(articles[0], analyst, STORM, "fact")
    page = window_of(analyst, bypass_csp=True, **NARROW).new_page()
    go_beside(page)
    tabs = page.get_by_role("tab")
    expect(tabs.first).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("tabpanel")).to_have_count(1)
    column(page, 1).evaluate("it => it.scrollTo(0, 700)")
    tabs.nth(1).click()
    expect(column(page, 1)).to_be_hidden()
    press(page, "ArrowLeft")
    expect(column(page, 2)).to_be_hidden()
    assert column(page, 1).evaluate("it => it.scrollTop") == 700
    assert violations(page) == []
    page.set_viewport_size({"width": 1440, "height": 900})
    expect(page.get_by_role("region", name="Column 2 of 2")).to_be_visible()
    assert violations(page) == []
    page.set_viewport_size({"width": 1920, "height": 1080})
    press(page, "Alt+n")
    assert violations(page) == []
