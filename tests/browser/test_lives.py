"""The lives of annotations in Chromium: their history, what was removed, and the ways back."""

from playwright.sync_api import expect

from annotations import annotating
from annotations.content import Content
from annotations.models import Annotation, Comment
from corpus_app.models import Role
from tests import factories
from tests.browser.bench import NETWORK, go, press, saved


def wrote(claim, by, note, seen):
    """The claim with another note, changed elsewhere."""
    spans = ((0, 11, None),)
    content = Content("claim", spans, note=note)
    return annotating.rewrite(by=by, annotation=claim, seen=seen, content=content)


def test_an_earlier_version_is_read_word_by_word_and_restored(open_desk, article, analyst):
    claim = factories.claim(article, analyst, 0, 11)
    for seen, note in enumerate(("a calm sea", "a rough sea", "a very rough sea"), 1):
        wrote(claim, analyst, note, seen)
    page, _ = open_desk(analyst)
    page.locator("#text mark").click()
    press(page, "Alt+h")
    drawer = page.get_by_role("dialog", name="History of this claim")
    versions = drawer.get_by_role("listitem")
    expect(versions).to_have_count(4)
    expect(versions.nth(0)).to_contain_text("the present one")
    expect(versions.nth(1).locator("del")).to_have_text("calm ")
    expect(versions.nth(1).locator("ins")).to_have_text("rough ")
    expect(versions.nth(3)).to_contain_text("You made it")
    versions.nth(2).get_by_role("button", name="Restore this version").click()
    expect(drawer).to_be_hidden()
    expect(page.get_by_label("Note")).to_have_value("a calm sea")
    saved(page)
    go(page, article)
    expect(page.locator("[data-command=undo]")).to_contain_text("note changed, “The harbour”")
    press(page, "Control+z")
    expect(page.locator("#told")).to_contain_text("Undone")
    saved(page)
    claim.refresh_from_db()
    assert (claim.note, claim.version) == ("a very rough sea", 6)


def test_undo_names_whatever_was_said_on_an_earlier_visit(open_desk, article, analyst):
    page, _ = open_desk(analyst)
    press(page, "f", "%", "$", "_")
    page.keyboard.type("Is it?")
    press(page, "Control+Enter")
    saved(page)
    go(page, article)
    undo = page.locator("[data-command=undo]")
    for name in ("comment added, “Is it?”", "flag changed", "certainty changed", "claim added"):
        expect(undo).to_contain_text(name)
        press(page, "Control+z")
    expect(undo).to_have_attribute("aria-disabled", "true")
    press(page, "Control+y", "Control+y", "Control+y")
    expect(undo).to_contain_text("flag changed")
    saved(page)
    claim = Annotation.objects.get()
    assert (claim.certainty, claim.flagged, claim.deleted) == ("high", True, None)
    assert Comment.objects.get().deleted is not None


def test_what_is_done_while_an_undo_waits_for_the_server_stays(open_desk, article, analyst):
    page, _ = open_desk(analyst)
    press(page, "f", "$")
    saved(page)
    held = []
    page.route("**/api/v1/events/**", lambda route: held.append(route))
    go(page, article)
    press(page, "Control+z", "]", "%")
    page.wait_for_timeout(100)
    for route in held:
        route.continue_()
    expect(page.locator("#told")).to_contain_text("Not undone: something was changed meanwhile.")
    saved(page)
    claim = Annotation.objects.get()
    assert (claim.certainty, claim.flagged) == ("high", True)


def test_a_long_life_is_read_page_by_page(open_desk, article, analyst):
    claim = factories.claim(article, analyst, 0, 11)
    for seen in range(1, 25):
        wrote(claim, analyst, f"note {seen}", seen)
    curator = factories.member(article.project, Role.CURATOR)
    page, _ = open_desk(curator)
    page.locator("#text mark").click()
    page.get_by_role("button", name="History").click()
    versions = page.get_by_role("dialog").get_by_role("listitem")
    expect(versions).to_have_count(20)
    page.get_by_role("button", name="Older versions").click()
    expect(versions).to_have_count(25)
    expect(versions.nth(20)).to_be_focused()
    expect(versions.nth(24)).to_contain_text(f"{analyst.shown_name} made it")
    expect(page.get_by_role("button", name="Restore this version")).to_have_count(0)
    press(page, "Escape")
    expect(page.get_by_role("button", name="History")).to_be_focused()


def test_what_was_removed_is_listed_and_comes_back(open_desk, article, analyst, console):
    console.expect(NETWORK)
    page, window = open_desk(analyst)
    press(page, "Alt+r")
    drawer = page.get_by_role("dialog", name="Removed")
    expect(drawer).to_contain_text("You have removed nothing in this article")
    press(page, "Escape", "f")
    expect(page.locator("#text mark")).to_have_count(1)
    saved(page)
    press(page, "Delete")
    saved(page)
    go(page, article)
    page.get_by_role("button", name="Removed", exact=True).click()
    removed = drawer.get_by_role("listitem")
    expect(removed).to_contain_text("The harbour is open.")
    expect(removed).to_contain_text("Removed 2")
    removed.get_by_role("button", name="Restore: The harbour is open.").click()
    expect(page.locator("#text mark")).to_have_count(1)
    saved(page)
    assert Annotation.objects.get().deleted is None
    window.set_offline(True)
    press(page, "Delete", "Alt+r")
    expect(drawer).to_contain_text("The server does not answer")
    expect(removed).to_contain_text("Removed just now, not saved yet")
    removed.get_by_role("button", name="Restore").click()
    window.set_offline(False)
    saved(page)
    assert Annotation.objects.get().deleted is None
