"""Keys in Chromium: all of them shown and found, and changed by the person for herself."""

from playwright.sync_api import expect

from annotations.models import Annotation, ClaimTag, Preference
from tests import factories
from tests.browser.bench import NETWORK, go, press, quotes, saved
from tests.browser.test_accessibility import both, opened, violations

__all__ = ["opened"]


def change_key(page, row, key):
    page.get_by_label("Search the keys").fill(row)
    page.get_by_role("button", name=row).first.click()
    press(page, key)


def told(page):
    return page.get_by_role("dialog", name="All keys").get_by_role("status")


def test_a_person_changes_keys_and_finds_them_on_her_next_visit(open_desk, analyst, article):
    page, _ = open_desk(analyst)
    press(page, "?")
    change_key(page, "Mention of the selection", "]")
    clash = page.get_by_role("alert").filter(has_text="]")
    expect(clash).to_have_text("] is the key of “Next mark”.")
    page.get_by_role("button", name="Take it from there").click()
    expect(told(page)).to_contain_text("no longer for “Next mark”. Saved.")
    change_key(page, "Previous mark", "f")
    expect(page.get_by_role("alert").filter(has_text="f is")).to_have_text(
        "f is the key of the tag “Fact”."
    )
    press(page, "Escape", "Escape")
    assert Preference.objects.get(user=analyst).keys == {"mention": "]"}
    press(page, "j", "Shift+ArrowRight", "Shift+ArrowRight")
    toolbar = page.get_by_role("toolbar", name="Mark the selection")
    expect(toolbar.get_by_role("button", name="Mention")).to_contain_text("]")
    go(page, article)
    press(page, "m", "j", "Shift+ArrowRight", "Shift+ArrowRight", "]")
    saved(page)
    assert (quotes(), Annotation.objects.get().kind) == (["Ada Quill"], "mention")
    press(page, "?")
    page.get_by_role("button", name="As shipped", exact=True).click()
    expect(told(page)).to_have_text("All keys are as shipped. Saved.")
    assert Preference.objects.get(user=analyst).keys == {}


def test_keys_changed_offline_count_and_are_sent_later(open_desk, analyst, console):
    console.expect(NETWORK)
    page, window = open_desk(analyst)
    press(page, "?")
    window.set_offline(True)
    change_key(page, "Mention of the selection", "Alt+x")
    expect(told(page)).to_contain_text("Kept on this device")
    press(page, "Escape")
    assert not Preference.objects.exclude(keys={}).exists()
    window.set_offline(False)
    press(page, "Alt+x")
    saved(page)
    for _ in range(50):
        if Preference.objects.filter(keys={"mention": "Alt+X"}).exists():
            break
        page.wait_for_timeout(100)
    assert Preference.objects.get().keys == {"mention": "Alt+X"}


@both
def test_keys_meanings_and_handles_are_accessible(opened, look, article, analyst):
    fact = factories.coded(ClaimTag.objects.get(slug="fact"))
    factories.claim(article, analyst, 4, 19, codes=(fact,))
    page = opened(analyst, look)
    go(page, article)
    press(page, "ArrowRight", "`", "Alt+i")
    note = page.get_by_role("note", name="What the tags mean")
    expect(note).to_contain_text("A fact.")
    assert violations(page) == []
    press(page, "Escape")
    expect(note).to_be_hidden()
    expect(page.get_by_role("region", name="The open claim")).to_be_visible()
    press(page, "?")
    change_key(page, "Mention of the selection", "]")
    expect(page.get_by_role("alert").filter(has_text="]")).to_be_visible()
    assert violations(page) == []
