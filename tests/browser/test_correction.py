"""A curator corrects the text while an analyst has it open, in Chromium."""

from playwright.sync_api import expect

from annotations import correcting
from annotations.models import Annotation
from corpus_app.models import Article, Role
from tests import factories
from tests.browser.bench import NETWORK, drag, go, marked, press, quotes, saved
from tests.browser.conftest import TEXT

STORM, OFFICE = "Ada Quill expects a storm.", "The Office of Tides does not"
SAYS = "Nobody in the harbour says so, but the ferries sail again."
# The second paragraph comes first, a typo is put in to be mended, a sentence is removed.
MENDED = (
    "Ada Quill expects a heavy storm. The Office of Tides does not, and it has been right before."
    "\n\nThe harbour is open."
)


def correct(article, text=MENDED, by=None):
    article = Article.objects.get(pk=article.pk)
    by = by or factories.member(article.project, Role.CURATOR, user__first_name="Cora")
    return correcting.correct(
        by=by, article=article, seen=article.version, text=text, reason="As printed."
    )


def claim_on(article, author, quote):
    start = article.revisions.get(number=1).text.index(quote)
    return factories.claim(article, author, start, start + len(quote))


def told(page):
    return page.get_by_role("status").filter(has_text="The text was corrected by Cora")


def test_a_mark_waiting_when_the_text_is_corrected_is_in_the_new_text(
    window_of, visit, article, analyst, console
):
    console.expect(NETWORK)
    curator = factories.member(article.project, Role.CURATOR, user__first_name="Cora")
    window = window_of(analyst)
    page = window.new_page()
    go(page, article)
    window.set_offline(True)
    drag(page, OFFICE, OFFICE)
    press(page, "f")
    expect(page.locator("#status")).to_contain_text("1 change waiting")
    desk = visit(f"/articles/{article.pk}/correct/", curator)
    desk.get_by_label("The text").fill(MENDED)
    desk.get_by_role("button", name="Show what this does").click()
    desk.get_by_label("Why is it corrected?").fill("As printed.")
    desk.get_by_role("button", name="Save the corrected text").click()
    expect(desk.get_by_text("Revision 2 is stored.")).to_be_visible()
    window.set_offline(False)
    saved(page)
    expect(told(page)).to_contain_text("(As printed)")
    assert "".join(marked(page)) == OFFICE
    page.get_by_role("button", name="Reload").click()
    page.wait_for_load_state()
    page.wait_for_selector("#workbench[data-ready]")
    expect(page.locator("#text")).to_contain_text("heavy storm")
    expect(page.locator("#text mark")).to_have_text([OFFICE])
    assert quotes() == [OFFICE]
    assert Annotation.objects.get().revision.number == 2


def test_changes_on_the_old_page_go_on_and_can_be_undone(open_desk, article, analyst):
    page, _ = open_desk(analyst)
    drag(page, "expects a storm", "expects a storm")
    press(page, "f")
    saved(page)
    correct(article)
    press(page, "@")
    saved(page)
    expect(told(page)).to_be_visible()
    press(page, "n")
    saved(page)
    assert quotes() == ["expects a heavy storm"]
    assert "".join(marked(page)) == "expects a storm"
    claim = Annotation.objects.get()
    assert [part.stands_for for part in claim.participants.all()] == ["author"]
    assert [coding.tag.slug for coding in claim.codings.all()] == ["norm"]
    press(page, "Control+z")
    saved(page)
    assert [coding.tag.slug for coding in claim.codings.all()] == ["fact"]
    go(page, article)
    assert "".join(marked(page)) == "expects a heavy storm"
    press(page, "Control+z")
    expect(page.locator("#told")).to_contain_text("Undone")
    saved(page)
    assert not claim.participants.exists()
    assert quotes() == ["expects a heavy storm"]


def test_who_has_only_looked_is_told_too(open_desk, article, analyst):
    page, _ = open_desk(analyst)
    correct(article)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(told(page)).to_be_visible()


def test_a_mark_waiting_on_the_device_is_not_shown_in_the_wrong_place_after_a_reload(
    open_desk, article, analyst, console
):
    console.expect(NETWORK, "503")
    page, window = open_desk(analyst)
    window.route("**/api/v1/annotations/**", lambda route: route.fulfill(status=503))
    drag(page, OFFICE, OFFICE)
    press(page, "f")
    expect(page.locator("#status")).to_contain_text("1 change waiting")
    correct(article)
    go(page, article)
    expect(page.locator("#status")).to_contain_text("1 change waiting")
    assert marked(page) == []
    window.unroute("**/api/v1/annotations/**")
    page.reload()
    page.wait_for_selector("#workbench[data-ready]")
    expect(page.locator("#text mark")).to_have_text([OFFICE])


def test_what_lost_its_place_gets_it_back_by_key_and_undoing_returns_it(
    open_desk, article, analyst
):
    claim_on(article, analyst, SAYS)
    correct(article)
    page, _ = open_desk(analyst)
    tray = page.locator(".wb-tray")
    expect(tray).to_contain_text("1 mark without a place")
    expect(tray).to_contain_text(SAYS)
    tray.get_by_role("button", name="Remove").focus()
    drag(page, "The harbour is open.", "The harbour is open.")
    press(page, "=")
    expect(page.locator("#text mark")).to_have_text(["The harbour is open."])
    expect(tray).to_be_hidden()
    saved(page)
    assert quotes() == ["The harbour is open."]
    press(page, "Control+z")
    expect(tray).to_be_visible()
    expect(page.locator("#text mark")).to_have_count(0)
    saved(page)
    assert quotes() == [SAYS]


def test_the_proposed_place_is_shown_and_taken_by_one_key(open_desk, article, analyst):
    claim_on(article, analyst, "Ada Quill")
    correct(article, TEXT.replace("Ada Quill", "Bea Quint").strip())
    page, _ = open_desk(analyst)
    tray = page.locator(".wb-tray")
    expect(tray).to_contain_text("Perhaps Bea Quint")
    tray.get_by_role("button", name="Show").press("Enter")
    expect(page.locator("#told")).to_contain_text("Bea Quint")
    tray.get_by_role("button", name="Put it there").press("=")
    expect(page.locator("#text mark")).to_have_text(["Bea Quint"])
    saved(page)
    assert quotes() == ["Bea Quint"]


def test_what_lost_its_place_can_be_removed_and_brought_back(open_desk, article, analyst):
    claim_on(article, analyst, SAYS)
    correct(article)
    page, _ = open_desk(analyst)
    tray = page.locator(".wb-tray")
    tray.get_by_role("button", name="Remove").focus()
    press(page, "Delete")
    expect(tray).to_be_hidden()
    saved(page)
    assert Annotation.objects.get().deleted is not None
    press(page, "Control+z")
    expect(tray).to_contain_text(SAYS)
    saved(page)
    assert Annotation.objects.get().deleted is None


def test_a_curator_gives_somebodys_mark_a_place(open_desk, article, analyst):
    claim_on(article, analyst, SAYS)
    curator = factories.member(article.project, Role.CURATOR)
    correct(article, by=curator)
    page, _ = open_desk(curator)
    tray = page.locator(".wb-tray")
    expect(tray.get_by_role("button", name="Remove")).to_have_count(0)
    tray.get_by_role("button", name="Put it").focus()
    drag(page, "The harbour is open.", "The harbour is open.")
    press(page, "=")
    expect(page.locator("#text mark")).to_have_text(["The harbour is open."])
    expect(tray).to_be_hidden()
    assert quotes() == ["The harbour is open."]
