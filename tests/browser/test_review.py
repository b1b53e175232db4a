"""The review of an article before it is stored, by keyboard."""

import pytest
from playwright.sync_api import expect

from corpus_app.models import Article, Role
from tests import factories
from tests.browser.bench import press

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def review(visit):
    """The page that shows what each line of a pasted text was taken for."""
    project = factories.ProjectFactory(slug="strait")
    page = visit("/projects/strait/import/", factories.member(project))
    page.get_by_label("Paste the text").fill(factories.PLAIN)
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_label("Title")).to_have_value("The strait is calm")
    # The keys are told as soon as they work.
    expect(page.get_by_text("On a line:")).to_be_visible()
    return page


def test_one_key_changes_a_role_and_the_next_line_follows(review):
    first, second = (review.get_by_label(f"Role of line {number}") for number in (1, 3))
    first.focus()
    review.keyboard.press("h")
    expect(first).to_have_value("heading")
    expect(second).to_be_focused()
    review.keyboard.press("ArrowUp")
    expect(first).to_be_focused()


def test_what_the_person_changed_is_what_is_stored(review):
    review.get_by_label("Role of line 1").focus()
    review.keyboard.press("x")
    review.get_by_label("Outlet").fill("The Lantern")
    review.get_by_role("button", name="Store the article").click()
    expect(review.get_by_text("Stored:")).to_be_visible()
    article = Article.objects.get()
    assert article.outlet.name == "The Lantern"
    assert list(article.revisions.get().passages.values_list("kind", flat=True)) == ["body"]


def test_a_changed_role_shows_in_the_preview_at_once_and_nothing_is_stored(review):
    review.get_by_label("Role of line 5").focus()
    review.keyboard.press("c")
    preview = review.get_by_role("region", name="As it will be stored")
    expect(preview.get_by_role("listitem")).to_have_count(2)
    expect(preview).to_contain_text("caption")
    assert Article.objects.count() == 0


LONGER = (
    "Home\n\nThe strait is calm again\n\nAda Quill\n\nPosted: 3 March 2024\n\n"
    "The Harbour Office says that the strait is calm. Nobody in the harbour agrees with it.\n\n"
    "Join our circle of readers.\n\nRead on with us.\n\nMore of the strait.\n\n"
    "The pier was full of those who had been waiting there since the early morning.\n"
)


@pytest.fixture
def longer(visit):
    """The same for a curator, with an outlet's furniture around the text."""
    project = factories.ProjectFactory(slug="strait")
    factories.article(project, outlet="The Quay")
    page = visit("/projects/strait/import/", factories.member(project, Role.CURATOR))
    page.get_by_label("Paste the text").fill(LONGER)
    page.get_by_role("button", name="Read it").click()
    expect(page.locator("form.review[data-ready]")).to_be_visible()
    return page


def role(page, number):
    return page.get_by_label(f"Role of line {number}", exact=True)


def roles(page):
    return page.locator(".review-lines select").evaluate_all("all => all.map((one) => one.value)")


def test_several_lines_are_chosen_with_shift_and_changed_by_one_key(longer):
    before = roles(longer)
    role(longer, 11).focus()
    press(longer, "Shift+ArrowDown", "Shift+ArrowDown", "x")
    after = [*before[:5], *["boilerplate"] * 3, before[8]]
    assert roles(longer) == after
    press(longer, "Control+z")
    assert roles(longer) == before
    press(longer, "Control+Shift+z")
    assert roles(longer) == after
    longer.get_by_role("button", name="Undo").click()
    assert roles(longer) == before
    expect(longer.get_by_role("button", name="Undo")).to_be_disabled()


def test_a_range_is_chosen_by_the_mouse_too(longer):
    lines = longer.locator(".review-lines")
    lines.get_by_text("Join our circle").click()
    lines.get_by_text("More of the strait.").click(modifiers=["Shift"])
    press(longer, "x")
    assert roles(longer)[5:8] == ["boilerplate"] * 3


def test_a_key_takes_the_line_for_the_title_the_author_and_the_date(longer):
    for number, key, field, value in (
        (3, "T", "Title", "The strait is calm again"),
        (5, "Y", "Authors", "Ada Quill"),
        (7, "L", "Published on", "2024-03-03"),
    ):
        longer.get_by_label(field).fill("")
        role(longer, number).focus()
        press(longer, f"Shift+{key}")
        expect(longer.get_by_label(field)).to_have_value(value)
        expect(longer.get_by_text(f"from line {number}")).to_be_visible()
    assert roles(longer)[1:4] == ["title", "byline", "dateline"]
    press(longer, "Control+z")
    expect(longer.get_by_label("Published on")).to_have_value("")


def test_a_key_goes_to_the_next_line_that_may_be_wrong(longer):
    doubts = longer.locator(".line[data-doubt]")
    count = doubts.count()
    assert count > 0
    role(longer, 1).focus()
    press(longer, "n")
    expect(doubts.first.get_by_role("combobox")).to_be_focused()
    press(longer, "x")
    expect(doubts).to_have_count(count - 1)
    expect(longer.get_by_text("your choice")).to_be_visible()


def test_what_is_kept_and_dropped_is_counted(longer):
    role(longer, 9).focus()
    kept = longer.get_by_text("lines kept").text_content()
    press(longer, "x")
    expect(longer.get_by_text("lines kept")).not_to_have_text(kept)


def test_a_line_that_was_taken_for_something_else_is_read_by_the_rule_the_next_time(longer):
    longer.get_by_label("Outlet").fill("The Quay")
    role(longer, 11).focus()
    press(longer, "c", "ArrowUp", "h", "ArrowUp", "i")
    rule = longer.get_by_label("Lines that read “Join our circle of readers.” are about the author")
    rule.check()
    expect(longer.get_by_text("would change 0 of 1 stored")).not_to_have_count(0)
    role(longer, 13).focus()
    press(longer, "h")
    expect(longer.get_by_label("“Read on with us.” are headings")).to_be_visible()
    expect(rule).to_be_checked()
    longer.get_by_role("button", name="Store the article").click()
    expect(longer.get_by_text("The Quay keeps this rule")).to_be_visible()
    longer.goto("/projects/strait/import/")
    longer.get_by_label("Paste the text").fill(LONGER.replace("calm", "wild"))
    longer.get_by_role("button", name="Read it").click()
    longer.get_by_label("Outlet").fill("The Quay")
    longer.get_by_role("button", name="Update the preview").click()
    expect(role(longer, 11)).to_have_value("bio")
    expect(longer.get_by_text("rule of The Quay")).to_be_visible()


def test_a_correction_of_a_stored_article_goes_on_to_the_others_of_its_outlet(visit):
    project = factories.ProjectFactory(slug="strait")
    curator = factories.member(project, Role.CURATOR)
    first, second, marked = (
        factories.plain_article(project, LONGER.replace("calm", f"calm {n}"), outlet="The Quay")
        for n in range(3)
    )
    start = marked.revisions.get().text.index("Join our")
    factories.claim(marked, curator, start, start + 8)
    page = visit(f"/articles/{first.pk}/review/", curator)
    expect(page.locator("form.review[data-ready]")).to_be_visible()
    role(page, 11).focus()
    press(page, "x")
    rule = page.get_by_label("Lines that read “Join our circle of readers.” are boilerplate")
    expect(page.get_by_text("would change 2 of 2 stored").first).to_be_visible()
    rule.focus()
    press(page, "Space")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("2 stored articles would change.")).to_be_visible()
    page.get_by_role("button", name="Apply to the ticked").click()
    expect(page.get_by_text("1 of 1 changed.")).to_be_visible()
    expect(page.get_by_text("1 annotation would go to the tray")).to_be_visible()
    assert [one.revisions.count() for one in (first, second, marked)] == [2, 2, 1]


def test_five_thousand_lines_are_reviewed_without_waiting(visit):
    project = factories.ProjectFactory(slug="strait")
    page = visit("/projects/strait/import/", factories.member(project, Role.CURATOR))
    lines = "\n".join(f"Line {number} of a very long account." for number in range(1, 5001))
    page.get_by_label("Paste the text").evaluate("(area, text) => { area.value = text }", lines)
    with page.expect_navigation() as shown:
        page.get_by_role("button", name="Read it").click()
    assert len(shown.value.body()) < 2_500_000
    expect(page.locator("form.review[data-ready]")).to_be_visible()
    role(page, 2500).focus()
    began = page.evaluate("performance.now()")
    press(page, *["x"] * 5)
    took = page.evaluate(
        "() => new Promise((done) => requestAnimationFrame(() => done(performance.now())))"
    )
    assert roles(page)[2499:2504] == ["boilerplate"] * 5
    assert took - began < 2500
    page.get_by_role("button", name="Store the article").click()
    expect(page.get_by_text("Stored:")).to_be_visible(timeout=60_000)


MENU = "".join(
    f"Share on {name}\n\n" for name in ["Facebook", "Twitter", "LinkedIn", "WhatsApp"] * 3
)


def test_a_long_run_of_dropped_lines_stands_folded_until_one_goes_there(visit):
    project = factories.ProjectFactory(slug="strait")
    page = visit("/projects/strait/import/", factories.member(project))
    page.get_by_label("Paste the text").fill(factories.PLAIN + "\n\n" + MENU)
    page.get_by_role("button", name="Read it").click()
    fold = page.get_by_role("button", name="12 dropped lines")
    expect(fold).to_have_attribute("aria-expanded", "false")
    shown = page.locator(".line:visible")
    expect(shown).to_have_count(3)
    fold.click()
    expect(shown).to_have_count(15)
    fold.click()
    shown.last.get_by_role("combobox").focus()
    press(page, "ArrowDown")
    expect(fold).to_have_attribute("aria-expanded", "true")
    expect(shown.nth(3).get_by_role("combobox")).to_be_focused()
