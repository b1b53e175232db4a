"""Undoing, two places at once, refusals and handing in, in Chromium."""

from playwright.sync_api import expect

from annotations import annotating
from annotations.content import Content
from annotations.models import Annotation, ClaimTag
from corpus_app.models import Event, Role
from tests import factories
from tests.browser.bench import go, marked, press, quotes, saved

STALE = r"status of 412"


def test_undo_and_redo_go_on_after_a_reload(open_desk, article, analyst):
    page, _ = open_desk(analyst)
    press(page, "f", "@")
    saved(page)
    press(page, "Delete")
    expect(page.locator("#text mark")).to_have_count(0)
    saved(page)
    go(page, article)
    undo = page.locator("[data-command=undo]")
    press(page, "Control+z")
    expect(page.locator("#text mark")).to_have_count(1)
    press(page, "Control+z")
    expect(undo).to_contain_text("claim added")
    press(page, "Control+z")
    expect(page.locator("#text mark")).to_have_count(0)
    expect(undo).to_have_attribute("aria-disabled", "true")
    press(page, "Control+Shift+z", "Control+y")
    expect(page.locator("#text mark")).to_have_count(1)
    saved(page)
    claim = Annotation.objects.get()
    assert list(claim.participants.values_list("stands_for", flat=True)) == ["author"]
    undone = Event.objects.filter(noun="annotation").exclude(undoes=None)
    assert undone.count() == 5


def test_an_empty_field_of_the_panel_leaves_undoing_to_the_page(open_desk, analyst):
    page, _ = open_desk(analyst)
    press(page, "Enter")
    expect(page.get_by_role("combobox", name="Claimant")).to_be_focused()
    press(page, "Control+z")
    expect(page.locator("#text mark")).to_have_count(0)
    expect(page.locator("#told")).to_contain_text("Undone: claim added")


def test_two_machines_that_change_one_claim_are_shown_both_versions(
    open_desk, analyst, article, console
):
    console.expect(STALE)
    factories.claim(article, analyst, 0, 11)
    here, _ = open_desk(analyst)
    there, _ = open_desk(analyst)
    for page, note in ((there, "from there"), (here, "from here")):
        page.locator("#text mark").click()
        page.get_by_label("Note").fill(note)
        page.get_by_label("Note").blur()
        if page is there:
            saved(page)
    expect(here.locator("#status")).to_contain_text("1 change needs you")
    both = here.get_by_role("alert", name="Two versions")
    expect(both.get_by_role("row", name="Note")).to_contain_text("from here")
    expect(both.get_by_role("row", name="Note")).to_contain_text("from there")
    assert Annotation.objects.get().note == "from there"
    both.get_by_role("button", name="Keep mine").click()
    saved(here)
    assert Annotation.objects.get().note == "from here"
    there.get_by_label("Note").fill("again from there")
    there.get_by_label("Note").blur()
    there.get_by_role("button", name="Take the stored one").click()
    saved(there)
    expect(there.get_by_label("Note")).to_have_value("from here")
    assert Annotation.objects.get().note == "from here"


def test_a_conflict_waits_until_she_has_done_what_she_is_at(open_desk, article, analyst, console):
    console.expect(STALE)
    claim = factories.claim(article, analyst, 0, 11)
    factories.claim(article, analyst, 21, 27)
    page, window = open_desk(analyst)
    window.set_offline(True)
    page.locator("#text mark").first.click()
    press(page, "@")
    page.locator("#text mark").last.click()
    page.get_by_label("Note").fill("half a th")
    annotating.rewrite(
        by=analyst, annotation=claim, seen=1, content=Content("claim", ((4, 11, None),))
    )
    window.set_offline(False)
    needs = page.get_by_role("button", name="1 change needs you")
    expect(needs).to_be_visible()
    expect(page.get_by_label("Note")).to_be_focused()
    press(page, "Alt+c")
    expect(page.get_by_role("alert", name="Two versions")).to_be_visible()


def test_what_the_server_refuses_is_kept_and_told_and_stops_nothing_else(
    open_desk, article, analyst, console
):
    console.expect(r"status of 400")
    page, _ = open_desk(analyst)
    ClaimTag.objects.filter(slug="fact").update(retired="2026-01-01T00:00:00Z")
    press(page, "f", "j", "m")
    expect(page.locator("#status")).to_have_text("1 change needs you")
    expect(page.locator("#text mark")).to_have_count(2)
    assert quotes() == ["Ada"]
    page.get_by_role("button", name="1 change needs you").click()
    page.locator("#text").focus()
    refused = page.get_by_role("alert").filter(has_text="retired")
    expect(refused).to_contain_text("It is kept here")
    press(page, "f")
    saved(page)
    assert quotes() == ["The harbour is open.", "Ada"]


def test_a_curator_reads_the_marks_of_each_analyst(open_desk, article, analyst):
    other = factories.member(article.project)
    factories.claim(article, analyst, 0, 11)
    factories.claim(article, other, 4, 19)
    curator = factories.member(article.project, Role.CURATOR)
    page, _ = open_desk(curator)
    assert marked(page) == ["The ", "harbour", " is open"]
    page.get_by_label("Whose annotations").select_option(other.username)
    expect(page.locator("#text mark")).to_have_text(["harbour is open"])
    press(page, "Shift+ArrowRight")
    expect(page.get_by_role("toolbar", name="Mark the selection")).to_be_hidden()
    press(page, "f")
    expect(page.locator("#told")).to_contain_text("To mark this article, take it")


def test_handing_in_is_asked_back_and_needs_complete_annotations(open_desk, article, analyst):
    page, _ = open_desk(analyst)
    press(page, "f")
    saved(page)
    hand_in = page.get_by_role("button", name="Hand in", exact=True)
    hand_in.click()
    expect(page.get_by_role("alert")).to_contain_text("1 annotation asks for something")
    page.get_by_role("button", name="Show the first").click()
    page.get_by_role("button", name="the author").first.click()
    saved(page)
    hand_in.click()
    page.get_by_role("button", name="Hand in now").click()
    expect(page.get_by_text("Handed in: “A plain text”.")).to_be_visible()
    assert analyst.assignments.get().state == "handed_in"


def test_undo_does_not_take_back_what_somebody_else_changed_since(open_desk, article, analyst):
    claim = factories.claim(article, analyst, 0, 11)
    page, _ = open_desk(analyst)
    page.locator("#text mark").click()
    press(page, "@")
    saved(page)
    claim.refresh_from_db()
    content = Content("claim", ((4, 11, None),))
    curator = factories.member(article.project, Role.CURATOR)
    annotating.rewrite(by=curator, annotation=claim, seen=2, content=content)
    go(page, article)
    press(page, "Control+z")
    expect(page.locator("#told")).to_contain_text("this annotation was changed elsewhere")
    claim.refresh_from_db()
    assert claim.version == 3
