"""The panel of one claim in Chromium: what is chosen there is what is stored."""

from playwright.sync_api import expect

from annotations.models import Annotation, Link
from tests import factories
from tests.browser.bench import press, saved

OTHER = "The strait will be calm. Every skipper in the harbour of Vessen says the same of it.\n"


def parts(claim):
    rows = claim.participants.order_by("role", "position")
    return list(rows.values_list("role", "actor__name", "stands_for", "endorsement"))


def codings(claim):
    return sorted(claim.codings.values_list("tag__slug", "stance"))


def links():
    return list(Link.objects.values_list("annotation", "relation", "claim"))


def test_a_whole_claim_is_made_in_the_panel_by_keys(open_desk, analyst):
    page, _ = open_desk(analyst)
    press(page, "j", "Enter")
    panel = page.get_by_role("region", name="The open claim")
    expect(panel.get_by_role("combobox", name="Claimant")).to_be_focused()
    page.keyboard.type("ada")
    press(page, "Enter", "Control+Enter")
    expect(panel.get_by_role("radio", name="Fact")).to_be_focused()
    press(page, "Space", "Escape", "/")
    page.keyboard.type("voice")
    press(page, "Enter")
    voice = panel.get_by_role("combobox", name="Next voice in the chain")
    expect(voice).to_be_focused()
    page.keyboard.type("ada")
    press(page, "Enter", *["ArrowRight"] * 3)
    page.keyboard.type("tides")
    press(page, "Enter")
    panel.get_by_role("button", name="the outlet").click()
    panel.get_by_role("button", name="Earlier: the outlet").press("Alt+ArrowUp")
    expect(panel.get_by_text("Ada Quill, keeping a distance → the outlet → Office")).to_be_visible()
    press(page, "Escape", "%", "%", "$")
    saved(page)
    claim = Annotation.objects.get()
    assert (claim.state, claim.certainty, claim.flagged) == ("complete", "medium", True)
    assert codings(claim) == [("fact", "")]
    assert parts(claim) == [
        ("claimant", "Ada Quill", "", ""),
        ("voice", "Ada Quill", "", "distances"),
        ("voice", None, "outlet", ""),
        ("voice", "Office of Tides", "", ""),
    ]
    assert page.locator("#text mark").get_attribute("data-keys") == "f?"


def test_a_claim_is_like_the_last_one_and_copied_to_other_stretches(open_desk, analyst):
    page, _ = open_desk(analyst)
    press(page, "f", "@", "j", "n", "&")
    expect(page.locator("#told")).to_have_text("Like “The harbour is open.”. Claimant: the author.")
    press(page, "%", "k", "Shift+ArrowRight", "\\", "ArrowRight", "Shift+ArrowRight", "\\")
    saved(page)
    author = [("claimant", None, "author", "")]
    rows = [
        (claim.spans.get().quote, parts(claim), codings(claim), claim.certainty)
        for claim in Annotation.objects.order_by("created")
    ]
    assert rows == [
        ("The harbour is open.", author, [("fact", "")], ""),
        ("Ada Quill expects a storm.", author, [("norm", "")], "high"),
        ("Ada", author, [("norm", "")], "high"),
        ("Quill", author, [("norm", "")], "high"),
    ]
    press(page, "Control+z", "Control+z")
    saved(page)
    assert Annotation.objects.standing().count() == 2


def test_a_claim_is_linked_to_another_of_its_article(open_desk, analyst, article):
    stated = factories.claim(article, analyst, 0, 20)
    page, _ = open_desk(analyst)
    press(page, "j", "f", "|", "3", "]")
    chooser = page.get_by_role("region", name="Link to another claim")
    expect(chooser.locator("q").last).to_have_text("The harbour is open.")
    press(page, "Enter")
    saved(page)
    claim = Annotation.objects.exclude(pk=stated.pk).get()
    assert links() == [(claim.pk, "contradicts", stated.pk)]
    listed = page.get_by_role("region", name="Links")
    listed.get_by_role("combobox").select_option("qualifies")
    saved(page)
    assert links() == [(claim.pk, "qualifies", stated.pk)]
    listed.get_by_role("button", name="The harbour is open.", exact=True).click()
    expect(listed.get_by_role("listitem")).to_contain_text("qualified by")
    listed.get_by_role("button", name="Ada Quill expects a storm.").click()
    listed.get_by_role("button", name="Take away the link").click()
    saved(page)
    assert links() == []
    press(page, "|", "Escape")
    expect(chooser).to_be_hidden()
    expect(page.locator("#text")).to_be_focused()


def test_a_claim_is_linked_to_one_of_another_article_by_search(open_desk, analyst, project):
    other = factories.plain_article(project, OTHER)
    elsewhere = factories.claim(other, analyst, 0, 24)
    page, _ = open_desk(analyst)
    press(page, "f", "|", "/")
    page.keyboard.type("strait calm")
    option = page.get_by_role("option", name="The strait will be calm.")
    expect(option).to_be_visible()
    press(page, "Enter")
    saved(page)
    claim = Annotation.objects.exclude(pk=elsewhere.pk).get()
    assert links() == [(claim.pk, "restates", elsewhere.pk)]
    page.goto(f"/articles/{claim.article_id}/#annotation-{claim.pk}")
    page.reload()
    page.get_by_role("link", name="The strait will be calm.").click()
    page.wait_for_url(f"**/articles/{other.pk}/#annotation-{elsewhere.pk}")
    expect(page.get_by_role("region", name="The open claim").locator("q").first).to_have_text(
        "The strait will be calm."
    )
