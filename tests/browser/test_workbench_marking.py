"""Marking in Chromium: by mouse, by keyboard and by touch; what is seen is what is stored."""

import pytest
from playwright.sync_api import expect

from annotations.models import Annotation, Coding, Span
from tests import factories
from tests.browser.bench import drag, go, marked, press, quotes, saved


def test_words_selected_with_the_mouse_become_a_claim(open_desk, analyst):
    page, _ = open_desk(analyst)
    drag(page, "arbour is op", "op")
    page.get_by_role("toolbar", name="Mark the selection").get_by_role(
        "button", name="Fact"
    ).click()
    saved(page)
    assert quotes() == ["harbour is open"]
    assert marked(page) == ["harbour is open"]
    assert list(Coding.objects.values_list("tag__slug", flat=True)) == ["fact"]


def test_a_claim_is_made_whole_by_keyboard_alone(open_desk, analyst):
    page, _ = open_desk(analyst)
    press(page, "j", "Shift+ArrowDown", "f", "/")
    page.keyboard.type("calm")
    press(page, "Enter", "2", "@", "Enter")
    press(page, "Escape", "/")
    page.keyboard.type("target")
    press(page, "Enter")
    page.keyboard.type("tides")
    press(page, "ArrowDown", "ArrowUp", "Enter", "Escape")
    saved(page)
    claim = Annotation.objects.get()
    assert claim.state == "complete"
    assert quotes() == ["Ada Quill expects a storm."]
    parts = claim.participants.values_list("role", "actor__name", "stands_for")
    assert sorted(parts) == [("claimant", None, "author"), ("target", "Office of Tides", "")]
    assert sorted(claim.codings.values_list("tag__slug", "stance")) == [
        ("calm", "oppose"),
        ("fact", ""),
    ]


def test_a_mention_names_the_actor_that_the_words_name(open_desk, analyst):
    page, _ = open_desk(analyst)
    press(page, "j", "Shift+ArrowRight", "Shift+ArrowRight", "m")
    saved(page)
    mention = Annotation.objects.get()
    assert (mention.kind, mention.state, quotes()) == ("mention", "complete", ["Ada Quill"])
    assert list(mention.participants.values_list("role", "actor__name")) == [("named", "Ada Quill")]


def test_the_keyboard_reaches_single_characters(open_desk, analyst):
    page, _ = open_desk(analyst)
    press(page, "ArrowRight", "Alt+ArrowRight", *["Shift+Alt+ArrowRight"] * 3, "f")
    saved(page)
    assert quotes() == ["arb"]


def test_overlapping_marks_are_all_there_and_all_within_reach(open_desk, analyst):
    page, _ = open_desk(analyst)
    drag(page, "harbour is", "is open")
    press(page, "f")
    drag(page, "The ", "The ")
    press(page, *["Shift+ArrowRight"] * 2, "n")
    saved(page)
    assert quotes() == ["The harbour is", "harbour is open"]
    assert marked(page) == ["The ", "harbour is", " open"]
    opened = page.get_by_role("region", name="The open claim").locator("q")
    both = page.locator("#text mark", has_text="harbour is")
    seen = set()
    for _ in range(2):
        both.click()
        seen.add(opened.text_content())
    assert seen == {"The harbour is", "harbour is open"}


def test_a_second_stretch_is_added_and_taken_away(open_desk, analyst):
    page, _ = open_desk(analyst)
    press(page, "Shift+ArrowRight", "Shift+ArrowRight", "f")
    press(page, "j", "Shift+ArrowRight", "Shift+ArrowRight", "+")
    saved(page)
    assert quotes() == ["The harbour", "Ada Quill"]
    assert Annotation.objects.count() == 1
    press(page, "-")
    expect(page.locator("#text mark")).to_have_count(1)
    saved(page)
    assert quotes() == ["The harbour"]


def test_the_ends_of_a_stretch_move_by_keys(open_desk, analyst):
    page, _ = open_desk(analyst)
    press(page, "ArrowRight", "Shift+ArrowRight", "f", ".", ".", "<", ",")
    saved(page)
    assert quotes() == ["The harbour is"]


@pytest.mark.parametrize(
    ("text", "exactly", "quote"),
    [
        ("So 👨‍👩‍👧‍👦 sailed 🇺🇸 on.", 3, "👨‍👩‍👧‍👦 "),
        ("At the cafe\u0301 𠮷野 waits.", 7, "cafe\u0301 𠮷野"[:7]),
        ("قالت موسكو إن البحر هادئ.", 6, "قالت م"),
        ("我爱北京的海。", 2, "我爱"),
    ],
    ids=["emoji", "combining", "Arabic", "Chinese"],
)
def test_a_stretch_has_the_same_quote_on_the_page_and_in_the_database(
    project, text, exactly, quote, window_of
):
    factories.small_codebook(project)
    article = factories.plain_article(project, text + " And then nothing more was heard of it.")
    analyst = factories.member(project)
    factories.assigned(article, analyst)
    page = window_of(analyst).new_page()
    go(page, article)
    forward = "ArrowLeft" if "قالت" in text else "ArrowRight"
    press(page, *[f"Shift+Alt+{forward}"] * exactly, "f")
    saved(page)
    span = Span.objects.get()
    revision = article.revisions.get()
    assert marked(page) == [span.quote]
    assert revision.text[span.start : span.end] == span.quote
    whole = page.locator("[data-passage]").all_text_contents()
    assert whole == [p.slice(revision.text) for p in revision.passages.all()]


def test_what_was_painted_stays_as_it_is_when_it_is_saved(open_desk, analyst):
    page, _ = open_desk(analyst)
    press(page, "f")
    mark = page.locator("#text mark").element_handle()
    saved(page)
    assert mark.evaluate("element => element.isConnected")


def test_a_drag_that_ends_outside_the_text_selects_too(open_desk, analyst):
    page, _ = open_desk(analyst)
    drag(page, "Nobody in", "sail again.")
    page.keyboard.press("Escape")
    box = page.locator("[data-passage='1']").bounding_box()
    page.mouse.move(box["x"] + 2, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] - 40, box["y"] + box["height"] + 200, steps=4)
    page.mouse.up()
    expect(page.get_by_role("toolbar", name="Mark the selection")).to_be_visible()


def test_a_selection_by_touch_gets_its_bar_at_thumb_height(open_desk, analyst):
    page, _ = open_desk(
        analyst, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True
    )
    page.evaluate(
        """() => {
          const node = document.querySelector("[data-passage]").firstChild;
          getSelection().setBaseAndExtent(node, 5, node, 13);
        }"""
    )
    bar = page.get_by_role("toolbar", name="Mark the selection")
    expect(bar).to_be_visible()
    assert bar.bounding_box()["y"] > 600
    bar.get_by_role("button", name="Claim").tap()
    saved(page)
    assert quotes() == ["harbour is"]
    sheet = page.get_by_role("complementary", name="Annotations").bounding_box()
    mark = page.locator("#text mark").bounding_box()
    assert mark["y"] + mark["height"] <= sheet["y"]
    page.get_by_role("button", name="Close").tap()
    expect(page.get_by_role("region", name="The open claim")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.fixture
def long_desk(project, window_of):
    """The workbench with a text of many windows' length."""
    factories.small_codebook(project)
    text = "\n\n".join(f"Here begins part {n}. It is short and it ends." for n in range(1, 81))
    article = factories.plain_article(project, text)
    analyst = factories.member(project)
    factories.assigned(article, analyst)
    page = window_of(analyst).new_page()
    go(page, article)
    return page


def test_who_scrolled_on_goes_on_from_where_she_reads(long_desk):
    long_desk.evaluate("scrollTo(0, 2000)")
    expect(long_desk.locator(".wb-caret")).not_to_be_in_viewport()
    press(long_desk, "ArrowRight")
    expect(long_desk.locator(".wb-caret")).to_be_in_viewport()
    assert abs(long_desk.evaluate("scrollY") - 2000) < 200


def test_nothing_is_marked_out_of_sight(long_desk):
    long_desk.evaluate("scrollTo(0, 2000)")
    expect(long_desk.locator(".wb-caret")).not_to_be_in_viewport()
    press(long_desk, "f")
    expect(long_desk.locator("#told")).to_contain_text("press again to mark")
    assert marked(long_desk) == []
    press(long_desk, "f")
    saved(long_desk)
    expect(long_desk.locator("#text mark")).to_be_in_viewport()
