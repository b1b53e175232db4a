"""The pages around a correction, judged by axe-core."""

import pytest
from playwright.sync_api import expect

from annotations import correcting
from corpus_app.models import Role
from tests import factories
from tests.browser.bench import go
from tests.browser.test_accessibility import both, opened, violations

__all__ = ["opened"]

TEXT = "Ada Quill expects a heavy storm.\n\n[caption] The harbour is open."


@pytest.fixture
def curator(article):
    return factories.member(article.project, Role.CURATOR)


@both
def test_the_editor_with_and_without_a_look(opened, look, article, analyst, curator):
    whole = article.revisions.get().text
    for quote in ("expects a storm", "Nobody in the harbour"):
        factories.claim(article, analyst, whole.index(quote), whole.index(quote) + len(quote))
    page = opened(curator, look)
    page.goto(f"/articles/{article.pk}/correct/")
    assert violations(page) == []
    page.get_by_label("The text").fill(TEXT)
    page.get_by_role("button", name="Show what this does").click()
    expect(page.get_by_role("heading", name="What saving does")).to_be_visible()
    assert violations(page) == []


@both
def test_revisions_tray_and_the_word_of_a_newer_text(opened, look, article, analyst, curator):
    start = article.revisions.get().text.index("Nobody")
    factories.claim(article, analyst, start, start + 21)
    done = correcting.correct(by=curator, article=article, seen=1, text=TEXT, reason="Misprint.")
    page = opened(analyst, look)
    page.goto(f"/articles/{article.pk}/revisions/")
    assert violations(page) == []
    go(page, article)
    page.locator(".wb-tray").evaluate("tray => { tray.open = true; }")
    assert done.in_tray == 1
    correcting.correct(by=curator, article=article, seen=2, text="Else.", reason="Again.")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_role("button", name="Reload")).to_be_visible()
    assert violations(page) == []
