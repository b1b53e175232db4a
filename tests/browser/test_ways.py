"""Ways through a long text: find, outline, the strip of marks, which marks are shown, paper."""

import re

import pytest
from playwright.sync_api import expect

from annotations.models import ClaimTag, Preference
from tests import factories
from tests.browser.bench import go, press, quotes, saved
from tests.browser.test_accessibility import both, opened, violations  # noqa: F401


@pytest.fixture
def long_article(project):
    factories.small_codebook(project)
    text = "\n\n".join(
        f"Here begins part {n}. The café by the quay is open, Café Nord is not." for n in range(40)
    )
    return factories.plain_article(project, text)


@pytest.fixture
def reader(long_article):
    person = factories.member(long_article.project)
    fact = ClaimTag.objects.get(slug="fact")
    factories.claim(long_article, person, 0, 20, codes=(factories.coded(fact),))
    factories.claim(long_article, person, 5, 11)
    return person


def selected(page):
    return page.evaluate("[...CSS.highlights.get('workbench-selection') ?? []].map(String)")


def test_words_are_found_and_the_hit_is_marked_at_once(window_of, long_article, reader):
    page = window_of(reader).new_page()
    go(page, long_article)
    press(page, "j", "Control+f")
    find = page.get_by_role("searchbox", name="Find in the text")
    page.keyboard.type("CAFE n")
    expect(page.locator(".wb-find output")).to_have_text("2 of 40")
    press(page, "Enter", "Enter", "Shift+Enter")
    expect(page.locator(".wb-find output")).to_have_text("3 of 40")
    assert selected(page) == ["Café N"]
    page.get_by_label("Whole words").check()
    expect(page.locator(".wb-find output")).to_have_text("No hits")
    find.fill("nord")
    expect(page.locator(".wb-find output")).to_have_text("2 of 40")
    press(page, "End", "Enter", "Control+Enter")
    expect(page.locator(".wb-find")).to_be_hidden()
    press(page, "n")
    saved(page)
    assert quotes(start__gt=20) == ["Nord"]
    press(page, "Control+f")
    find.fill("part 39")
    expect(page.locator("#passage-40")).to_be_in_viewport()
    press(page, "Escape")
    expect(page.locator("#passage-40")).not_to_be_in_viewport()
    expect(page.locator("#text")).to_be_focused()


def test_outline_and_strip_lead_through_the_text(window_of, long_article, reader):
    page = window_of(reader).new_page()
    go(page, long_article)
    press(page, "~")
    outline = page.get_by_role("dialog", name="Outline")
    first = outline.get_by_role("button", name=re.compile("^Here begins part 0.*2 marks of yours"))
    expect(first).to_be_focused()
    expect(first).to_have_attribute("aria-current", "location")
    press(page, "End", "ArrowUp", "Enter")
    expect(outline).to_be_hidden()
    expect(page.locator("#passage-39")).to_be_in_viewport()
    expect(page.locator("#passage-39")).to_have_class("wb-passage body at-hand")
    strip = page.get_by_role("slider", name="Place in the article")
    strip.focus()
    press(page, "Home")
    expect(strip).to_have_attribute("aria-valuetext", "Passage 1, 2 marks")
    press(page, "ArrowDown")
    expect(strip).to_have_attribute("aria-valuetext", "Passage 2, no marks")
    box = strip.bounding_box()
    page.mouse.click(box["x"] + 5, box["y"] + box["height"] * 0.99)
    expect(page.locator("#passage-40")).to_be_in_viewport()
    inked = (
        "document.querySelector('.wb-minimap canvas').getContext('2d').getImageData(0, 0, 14, 400)"
    )
    assert page.evaluate(f"{inked}.data.some((value) => value > 0)")


def test_marks_are_hidden_by_choice_but_never_what_is_made_now(window_of, long_article, reader):
    page = window_of(reader).new_page()
    go(page, long_article)
    mark = page.locator("#text mark")
    expect(mark).to_have_count(3)  # one lies within the other
    press(page, "Alt+v")
    choice = page.get_by_role("dialog", name="Which marks are shown")
    expect(choice.get_by_label("All (2)")).to_be_focused()
    choice.get_by_label("Tag", exact=True).select_option("Fact (1)")
    expect(mark).to_have_count(1)
    row = page.locator(".wb-showing")
    expect(row).to_contain_text("Showing: claims of Fact – 1 of 2")
    choice.get_by_label("None: the bare text").check()
    expect(mark).to_have_count(0)
    press(page, "Escape", "j", "n")
    expect(mark).to_have_count(1)
    expect(row).to_contain_text("Showing: no marks, with the one made since – 1 of 3")
    saved(page)
    assert Preference.objects.get(user=reader).density == "none"
    page.reload()
    page.wait_for_selector("#workbench[data-ready]")
    expect(row).to_contain_text("Showing: no marks – 0 of 3")
    page.get_by_role("button", name="Show all").click()
    expect(mark).to_have_count(4)
    expect(row).to_be_hidden()


def test_paper_has_the_text_its_marks_and_what_they_say(window_of, long_article, reader):
    page = window_of(reader).new_page()
    go(page, long_article)
    page.emulate_media(media="print")
    lines = page.locator(".wb-printed li")
    expect(lines).to_have_text([re.compile("Here begins part 0.*Fact"), re.compile("begins")])
    expect(page.locator(".wb-printed-legend")).to_contain_text("Fact")
    for name in (".wb-tools", ".wb-panel", ".wb-minimap", ".bar"):
        expect(page.locator(name).first).to_be_hidden()
    page.emulate_media(media="screen")
    expect(lines).to_have_count(0)
    revision = long_article.revisions.get()
    assert page.locator("[data-passage]").all_text_contents() == [
        passage.slice(revision.text) for passage in revision.passages.all()
    ]


def test_a_long_text_opens_far_below_with_its_marks(project, window_of):
    factories.small_codebook(project)
    text = "\n\n".join(f"Part {n} begins. {'The ferries wait. ' * 6}" for n in range(700))
    article = factories.plain_article(project, text)
    reader = factories.member(project)
    far = article.revisions.get().passages.get(number=600)
    for passage in (far, article.revisions.get().passages.get(number=2)):
        factories.claim(article, reader, passage.start, passage.start + 4)
    page = window_of(reader).new_page()
    page.goto(f"/articles/{article.pk}/#passage-600")
    page.wait_for_selector("#workbench[data-ready]")
    expect(page.locator("#text")).to_have_class("wb-text is-long")
    expect(page.locator("#passage-600 mark")).to_be_in_viewport()
    expect(page.locator(".wb-caret")).to_be_in_viewport()
    expect(page.locator("#text mark")).to_have_count(2)
    press(page, "j", "n")
    saved(page)
    expect(page.locator("#passage-601 mark")).to_have_text("Part 600 begins.")


@both
def test_find_outline_and_the_choice_of_marks_are_accessible(
    opened,  # noqa: F811
    look,
    long_article,
    reader,
):
    page = opened(reader, look)
    go(page, long_article)
    press(page, "Control+f")
    page.keyboard.type("quay")
    expect(page.locator(".wb-find output")).to_have_text("1 of 40")
    assert violations(page) == []
    press(page, "Escape", "~")
    page.get_by_role("dialog", name="Outline").wait_for()
    assert violations(page) == []
    press(page, "Escape", "Alt+v")
    page.get_by_label("Yours (2)").check()
    assert violations(page) == []
    press(page, "Escape")
    assert violations(page) == []
