"""What another article has too, beside the text: seen, opened, followed, by keys and narrow."""

from datetime import date

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.browser.bench import go, press
from tests.browser.test_accessibility import both, opened, violations  # noqa: F401

CALM = "The Harbour Office says that the strait is calm and that no ferry was lost since {}."
PILOTS = "It adds that the pilots will go on working through the night, as they did all winter."
SAID = "“We have counted every boat {}and there is none missing from the list,” said Ada Quill."


@pytest.fixture
def articles(project):
    """An article and, three days later, one that took over from it with changes."""
    first = factories.plain_article(
        project,
        f"A quiet morning in the harbour.\n\n{CALM.format('spring')} {PILOTS}\n\n"
        f"{SAID.format('in the harbour this morning ')}\n",
        published_on=date(2024, 3, 1), outlet="The Quay",
    )  # fmt: skip
    second = factories.plain_article(
        project,
        f"Ferries sail again, the owners say.\n\n{CALM.format('autumn')} {PILOTS}\n\n"
        f"{SAID.format('')} Nobody asked her why.\n",
        published_on=date(2024, 3, 4), outlet="The Herald",
    )  # fmt: skip
    return first, second


@pytest.fixture
def reader(project):
    return factories.member(project)


def notes(page):
    return [" ".join(text.split()) for text in page.locator(".wb-retold li").all_text_contents()]


def test_the_later_article_tells_where_it_was_said_before(window_of, articles, reader):
    page = window_of(reader).new_page()
    go(page, articles[1])
    assert notes(page) == [
        "also, with changes, in A plain text (The Quay), 3 days earlier",
        "quotation cut here; longer in A plain text (The Quay), 3 days earlier",
    ]


def test_the_earlier_article_tells_who_took_it_over(window_of, articles, reader):
    page = window_of(reader).new_page()
    go(page, articles[0])
    assert notes(page) == [
        "taken over, with changes, by A plain text (The Herald), 3 days later",
        "quotation cut in A plain text (The Herald), 3 days later",
    ]


def test_the_difference_opens_word_by_word_and_closes_again(window_of, articles, reader):
    page = window_of(reader).new_page()
    go(page, articles[1])
    toggle = page.get_by_role("button", name="Show the difference").first
    toggle.click()
    words = page.locator("#retold-2")
    expect(words).to_be_visible()
    assert words.locator(".words").locator("del").all_text_contents() == ["only there: spring."]
    assert words.locator(".words").locator("ins").all_text_contents() == ["only here: autumn."]
    page.get_by_role("button", name="Hide the difference").click()
    expect(words).to_be_hidden()


def test_the_passages_themselves_are_untouched(window_of, articles, reader):
    page = window_of(reader).new_page()
    go(page, articles[1])
    revision = articles[1].revisions.get()
    assert page.locator("[data-passage]").all_text_contents() == [
        passage.slice(revision.text) for passage in revision.passages.all()
    ]
    underlined = "[...CSS.highlights.get('workbench-cut-quotation')].map(String)"
    [quotation] = page.evaluate(underlined)
    assert quotation == SAID.format("").split("”")[0].strip("“,")


def test_a_key_goes_from_note_to_note_and_a_link_to_the_other_passage(window_of, articles, reader):
    page = window_of(reader).new_page()
    go(page, articles[1])
    press(page, '"', "Enter")
    expect(page.locator("#retold-2")).to_be_visible()
    press(page, '"', "Enter")
    expect(page.locator("#retold-3")).to_be_visible()
    page.get_by_role("link", name="A plain text").first.click()
    page.wait_for_url(f"**/articles/{articles[0].pk}/#passage-2")
    page.wait_for_selector("#workbench[data-ready]")
    expect(page.locator("#passage-2")).to_have_class("wb-passage body at-hand")


@pytest.mark.parametrize(("width", "is_beside"), [(1440, True), (390, False)])
def test_a_note_stands_beside_its_passage_or_below(window_of, articles, reader, width, is_beside):
    viewport = {"width": width, "height": 900}
    page = window_of(reader, viewport=viewport).new_page()
    go(page, articles[1])
    passage = page.locator("#passage-2").bounding_box()
    note = page.locator("[data-retold='2']").bounding_box()
    assert (note["x"] >= passage["x"] + passage["width"]) == is_beside
    assert (note["y"] >= passage["y"] + passage["height"]) != is_beside
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@both
def test_notes_and_differences_are_accessible(opened, look, articles, reader):  # noqa: F811
    page = opened(reader, look)
    go(page, articles[1])
    page.get_by_role("button", name="Show the difference").first.click()
    assert violations(page) == []
