"""The review of an article before it is stored, by keyboard."""

import pytest
from playwright.sync_api import expect

from corpus_app.models import Article
from tests import factories

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


def test_a_changed_role_shows_in_the_preview_before_anything_is_stored(review):
    review.get_by_label("Role of line 5").focus()
    review.keyboard.press("c")
    review.get_by_role("button", name="Update the preview").click()
    preview = review.get_by_role("region", name="As it will be stored")
    expect(preview.get_by_role("listitem")).to_have_count(2)
    expect(preview).to_contain_text("caption")
    assert Article.objects.count() == 0
