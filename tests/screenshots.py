"""Takes the README's pictures anew: `uv run python -m tests.screenshots [SCENE …]`.

A desk with the demo project is made in a folder of its own, served, and looked at in Chromium at
two widths, by day and by night. A picture is `docs/pictures/NAME-WIDTH-SCHEME.png`.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.serving import ROOT, Desk, free_port

SIZES = ((1440, 1000), (390, 844))
SENTENCE = "The port of Alder says that ferry {} left an hour late. Nobody on board agrees."
SCHEMES = ("light", "dark")
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
MANAGE = [sys.executable, "manage.py"]
SIGN_IN = """
import json
from django.test import Client
from annotations import desk_keeping
from corpus_app.models import User
cookies = {}
for user in User.objects.all():
    desk_keeping.prefer(by=user, toured=user.username != "boris")
    client = Client()
    client.force_login(user)
    cookies[user.username] = client.cookies["sessionid"].value
print(json.dumps(cookies))
"""


@dataclass(frozen=True)
class Scene:
    """A page as one person sees it, once she has done something on it."""

    name: str
    path: str
    person: str = ""
    act: Callable[[Page], None] = lambda page: None


def review(page: Page) -> None:
    [demo] = (ROOT / "annotations" / "demo" / "articles").glob("03-*.txt")
    # The demo project has the very same text and would refuse it.
    page.get_by_label("Paste the text").fill(f"{demo.read_text()}\nCome and join our readers.\n")
    page.get_by_role("button", name="Read it").click()
    page.locator("form.review[data-ready]").wait_for()
    page.get_by_label("Outlet").fill("Vessen Herald")
    page.locator(".line", has_text="join our readers").get_by_role("combobox").focus()
    page.keyboard.press("x")
    page.get_by_label("Lines that read “Come and join our readers.”").check()
    page.evaluate("scrollTo(0, 0)")


def open_claim(page: Page) -> None:
    """A claim that she can still change, opened in the panel."""
    page.get_by_role("link", name="They Came, They Signed").first.click()
    page.locator("mark").nth(3).click()
    expect(page.get_by_label("Note")).to_be_visible()


def fill_claim(page: Page) -> None:
    """A claim with everything that can be said of it, opened in the panel."""
    page.get_by_role("link", name="They Came, They Signed").first.click()
    page.locator("mark").first.click()
    note = page.get_by_label("Note")
    if not note.input_value():
        for voice in ("the outlet", "the author"):
            chain = page.get_by_role("group", name="Voice chain")
            chain.get_by_role("button", name=voice, exact=True).click()
        page.get_by_role("button", name="fairly sure").click()
        page.get_by_role("button", name="Curator, look here").click()
        note.fill("Is this the harbour’s number, or the paper’s?")
        page.get_by_role("button", name="Link to another claim").click()
        page.keyboard.press("]")
        page.keyboard.press("Enter")
    note.scroll_into_view_if_needed()


def remember_claim(page: Page) -> None:
    """The life of that claim, version by version."""
    fill_claim(page)
    page.keyboard.press("Alt+h")
    page.get_by_role("dialog", name="History of this claim").wait_for()


def change_twice(page: Page) -> None:
    """A claim that was changed here and on another device, with both versions and a merge."""
    page.get_by_role("link", name="They Came, They Signed").first.click()
    page.wait_for_selector("#workbench[data-ready]")
    elsewhere = page.context.browser.new_context()
    elsewhere.add_cookies(page.context.cookies())
    other = elsewhere.new_page()
    other.goto(page.url)
    page.context.set_offline(True)
    for device, words in ((page, "A proverb, not a promise."), (other, "Ask what the word costs.")):
        device.locator("mark").last.click()
        note = device.get_by_label("Note")
        note.fill("Which cousins?" if note.input_value() == words else words)
        note.blur()
    expect(other.locator("#status")).to_contain_text("Saved")
    elsewhere.close()
    page.context.set_offline(False)
    page.get_by_role("button", name="1 change needs you").click()
    page.get_by_role("heading", name="Both in one").wait_for()


def find_words(page: Page) -> None:
    """Every place where a word stands, one of them at hand."""
    page.get_by_role("link", name="They Came, They Signed").first.click()
    page.wait_for_selector("#workbench[data-ready]")
    page.keyboard.press("Control+f")
    page.get_by_role("searchbox", name="Find in the text").fill("tunnel")
    page.keyboard.press("Enter")


def choose_marks(page: Page) -> None:
    """Which marks are shown: those of one tag, and the line that says so behind it."""
    page.get_by_role("link", name="They Came, They Signed").first.click()
    page.wait_for_selector("#workbench[data-ready]")
    page.keyboard.press("Alt+v")
    page.get_by_label("Those with one tag").check()


def look_at_suggestion(page: Page) -> None:
    """What is suggested in an article that she can still mark, one of it at hand."""
    page.get_by_role("link", name="They Came, They Signed").first.click()
    page.get_by_role("region", name="Suggestions").wait_for()
    page.keyboard.press("}")
    expect(page.get_by_role("toolbar", name="Suggestion", exact=True)).to_be_visible()


def read_both(page: Page) -> None:
    """An article in which the curator sees the marks of everybody."""
    page.get_by_role("link", name="Nine Hours in Port Alder").first.click()
    page.locator("mark").nth(2).click()


def open_actor(page: Page) -> None:
    """An actor that was part of two bodies, one after the other."""
    page.get_by_role("link", name="Joren Falk").click()


def merge_double(page: Page) -> None:
    """What a merger would change, before it is made."""
    page.locator("[data-key=ArrowRight]").first.click()


def edit_text(page: Page) -> None:
    """What a correction would do: a passage moved, a word mended, a sentence removed."""
    page.get_by_role("link", name="Nine Hours in Port Alder").first.click()
    page.get_by_role("link", name="correct the text").click()
    title, *passages = page.get_by_label("The text").input_value().split("\n\n")
    passages = [*passages[1:], passages[0]]
    first, _, rest = passages[1].partition(". ")
    passages[1] = f"{first.replace('the', 'this', 1)}. {rest.partition('. ')[2]}"
    page.get_by_label("The text").fill("\n\n".join([title, *passages]))
    page.get_by_role("button", name="Show what this does").click()
    page.get_by_role("heading", name="What saving does").wait_for()


def look_into_tray(page: Page) -> None:
    """The corrected text, with the marks whose words are gone."""
    page.get_by_role("link", name="Nine Hours in Port Alder").first.click()
    if not page.get_by_role("link", name="revision 2").count():
        page.go_back()
        edit_text(page)
        page.get_by_label("Why is it corrected?").fill("As it was printed on the next day.")
        page.get_by_role("button", name="Save the corrected text").click()
    page.wait_for_selector("#workbench[data-ready]")


def compare_texts(page: Page) -> None:
    """Both texts of an article that was corrected, once the tray has been looked into."""
    page.get_by_role("link", name="Nine Hours in Port Alder").first.click()
    page.get_by_role("link", name="revision 2").click()


def import_batch(page: Page) -> None:
    """A batch of a few files, of which one is a picture, after its import."""
    page.get_by_label("A name for it").fill("Agency reports, March")
    page.get_by_role("button", name="Open a batch").click()
    reports = [
        {
            "name": f"report-{number:02}.txt",
            "mimeType": "text/plain",
            "buffer": f"Ferry {number} leaves late\n\n{SENTENCE.format(number)}\n".encode(),
        }
        for number in range(1, 9)
    ]
    picture = {"name": "quay.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n"}
    page.get_by_label("Choose files").set_input_files([*reports, picture])
    page.get_by_role("button", name="Start the import").click()
    page.get_by_role("heading", name="Done").wait_for()


def read_beside(page: Page) -> None:
    """Two articles of a story, brought together by a tag that both have."""
    page.get_by_role("link", name="Nine Hours in Port Alder").first.click()
    page.get_by_role("link", name="Side by side with").click()
    page.wait_for_selector("#column-1-workbench[data-ready]")
    for _ in range(3):
        page.keyboard.press("Alt+n")
    page.wait_for_timeout(1000)


def take_tour(page: Page) -> None:
    """The tour after its first step, in the article that nobody has begun."""
    page.get_by_role("link", name="After Port Alder").first.click()
    page.get_by_role("button", name="Show me").click()
    for key in ("ArrowDown", "Shift+ArrowDown"):
        page.keyboard.press(key)
    page.get_by_text("2 of 5").wait_for()


def switch_blindness(page: Page) -> None:
    """What would be shown to whom if the project were open, before it is."""
    page.get_by_label("shown (open)").check()
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Nothing is saved yet").wait_for()


def invite(page: Page) -> None:
    """The link of an invitation, shown this once."""
    page.get_by_label("For whom it is").fill("Seminar on Tuesdays")
    page.get_by_role("button", name="Make the link").click()
    page.get_by_text("Send this link now").wait_for()


def follow(page: Page) -> None:
    """What somebody sees who has no account and follows that link."""
    invite(page)
    address = page.locator("#link").inner_text()
    page.context.clear_cookies()
    page.goto(address)


def compare(page: Page) -> None:
    """What an earlier article has too, with the difference word by word."""
    page.get_by_role("link", name="They Came, They Signed").first.click()
    toggle = page.get_by_role("button", name="Show the difference").first
    toggle.scroll_into_view_if_needed()
    toggle.click()


def plan_work(page: Page) -> None:
    """Who would get how many articles, and which two share how many."""
    page.get_by_label("Coders per article").fill("3")
    page.get_by_label("Clara Voss").check()
    page.get_by_role("button", name="Make a plan").click()
    page.get_by_role("heading", name="Articles that two share").scroll_into_view_if_needed()


def recode(page: Page) -> None:
    """What an operation on many annotations would do, before it is done."""
    page.locator("#action-toggle").check()
    page.locator("select[name=action]").first.select_option("recode")
    page.get_by_role("button", name="Go").first.click()
    page.get_by_label("Take away").select_option(index=1)
    page.get_by_label("Put in its place").select_option(index=2)
    page.get_by_label("Why").fill("Agreed at the meeting of 3 May.")
    page.get_by_role("button", name="Look what would change").click()


def settle_case(page: Page) -> None:
    """A case that its coders see differently, on which a curator begins to type."""
    page.get_by_label("Coders").select_option("several")
    page.get_by_role("button", name="Show").click()
    page.locator(".row", has_text="% differs").locator("h3 a").first.click()
    page.wait_for_selector("#decide[data-ready]")
    page.get_by_label("Reason").fill("Whoever is quoted last is the claimant.")


def try_file(page: Page) -> None:
    expect(page.locator("form[data-ready]")).to_be_visible()


def import_foreign(page: Page) -> None:
    """A file of doccano's with a label that leaves its text."""
    try_file(page)
    rows = [
        {"text": "Ada Quill denies it.", "label": [[0, 9, "PERSON"], [10, 99, "CLAIM"]]},
        {"text": "The strait is calm.", "label": [[0, 10, "PLACE"]]},
    ]
    data = "".join(json.dumps(row) + "\n" for row in rows).encode()
    file = {"name": "labelled.jsonl", "mimeType": "application/x-ndjson", "buffer": data}
    page.get_by_label("File").set_input_files(file)
    page.get_by_label("Written by").select_option("doccano")
    page.get_by_label("Only try it").check()
    page.get_by_role("button", name="Import", exact=True).click()
    page.wait_for_url("**/imports/**")


def open_release(page: Page) -> None:
    page.get_by_role("link", name="With the first decisions").click()


def compare_releases(page: Page) -> None:
    open_release(page)
    page.get_by_role("link", name="Compared with").click()


def make_webhook(page: Page) -> None:
    """Who is told: an archive, of two kinds of things."""
    if not page.get_by_role("link", name="newsroom archive").count():
        page.get_by_label("Name").fill("newsroom archive")
        page.get_by_label("Address").fill("https://archive.example.org/crossread")
        for noun in ("Annotations annotation", "Cases case"):
            page.get_by_label(noun, exact=True).check()
        page.get_by_role("button", name="Make it").click()
        page.goto(page.url.partition("webhooks/")[0] + "webhooks/")


def make_token(page: Page) -> None:
    """The tokens of somebody who has one that may only read."""
    if not page.get_by_role("button", name="Revoke").count():
        page.get_by_label("Name").fill("weekly export")
        page.get_by_label("Opens").select_option("The Lantern Tunnel")
        page.get_by_role("button", name="Make the token").click()
        page.goto(page.url)


SCENES = (
    Scene("sign-in", "/sign-in/"),
    Scene("queue", "/", "amina"),
    Scene("review", "/projects/lantern-tunnel/import/", "clara", review),
    Scene("batch", "/projects/lantern-tunnel/batches/", "clara", import_batch),
    Scene("workbench", "/", "amina", open_claim),
    Scene("claim", "/", "amina", fill_claim),
    Scene("history", "/", "amina", remember_claim),
    Scene("conflict", "/", "amina", change_twice),
    Scene("find", "/", "amina", find_words),
    Scene("suggestions", "/", "amina", look_at_suggestion),
    Scene("curator", "/", "clara", read_both),
    Scene("side-by-side", "/", "clara", read_beside),
    Scene("tour", "/", "boris", take_tour),
    Scene("correction", "/", "clara", edit_text),
    Scene("tray", "/", "clara", look_into_tray),
    Scene("revisions", "/", "clara", compare_texts),
    Scene("said-twice", "/", "amina", compare),
    Scene("board", "/projects/lantern-tunnel/board/", "clara"),
    Scene("spread", "/projects/lantern-tunnel/board/spread/", "clara", plan_work),
    Scene("reuses", "/desk/corpus_app/reuse/", "clara"),
    Scene("actors", "/desk/corpus_app/actor/", "clara"),
    Scene("actor", "/desk/corpus_app/actor/", "clara", open_actor),
    Scene("doubles", "/desk/corpus_app/actor/doubles/", "clara"),
    Scene("merge", "/desk/corpus_app/actor/doubles/", "clara", merge_double),
    Scene("tags", "/desk/annotations/claimtag/", "clara"),
    Scene("operation", "/desk/annotations/annotation/?layer=analyst&kind=claim", "clara", recode),
    Scene("adjudication", "/projects/lantern-tunnel/adjudication/", "clara"),
    Scene("case", "/projects/lantern-tunnel/adjudication/", "clara", settle_case),
    Scene("api", "/api/", "clara"),
    Scene("new-project", "/projects/new/", "admin"),
    Scene("settings", "/projects/lantern-tunnel/settings/", "admin", switch_blindness),
    Scene("people", "/projects/lantern-tunnel/people/", "admin", invite),
    Scene("invitation", "/projects/lantern-tunnel/people/", "admin", follow),
    Scene("lessons", "/projects/lantern-tunnel/lessons/", "boris"),
    Scene("proposals", "/projects/lantern-tunnel/proposals/", "clara"),
    Scene("recodings", "/projects/lantern-tunnel/recodings/", "clara"),
    Scene("inbox", "/inbox/", "boris"),
    Scene("agreement", "/projects/lantern-tunnel/agreement/", "clara"),
    Scene("network", "/projects/lantern-tunnel/network/?qualifier=subtract", "clara"),
    Scene("network-actors", "/projects/lantern-tunnel/network/?mode=actors", "clara"),
    Scene("behind", "/projects/lantern-tunnel/agreement/cases/?of=spans:claim", "clara"),
    Scene("exchange", "/projects/lantern-tunnel/exchange/?format=csv", "clara", try_file),
    Scene("import-report", "/projects/lantern-tunnel/exchange/", "clara", import_foreign),
    Scene("releases", "/projects/lantern-tunnel/releases/", "clara"),
    Scene("release", "/projects/lantern-tunnel/releases/", "clara", open_release),
    Scene("difference", "/projects/lantern-tunnel/releases/", "clara", compare_releases),
    Scene("webhooks", "/projects/lantern-tunnel/webhooks/", "admin", make_webhook),
    Scene("tokens", "/tokens/", "clara", make_token),
    Scene("density", "/", "amina", choose_marks),  # her choice is kept, so it comes last
)


def main(target: Path, names: list[str]) -> None:
    """Write the pictures of the scenes with these names, of all if there are none."""
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="crossread-pictures-") as folder:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": f"sqlite:///{folder}/desk.sqlite3",
            "DATA_DIR": folder,
            "SECRET_KEY": "pictures-0123456789-abcdefghijklmnopqrstuvwxyz",
            "HTTPS": "false",
            "LOG_LEVEL": "ERROR",
        }
        run = {"cwd": ROOT, "env": environment, "check": True}
        subprocess.run([*MANAGE, "quickstart", "--no-serve"], **run)
        told = subprocess.run(
            [*MANAGE, "shell", "-v0", "-c", SIGN_IN], **run, stdout=subprocess.PIPE
        )
        cookies = json.loads(told.stdout)
        desk = Desk(("serve",), environment, free_port())
        try:
            desk.wait()
            look(f"http://127.0.0.1:{desk.port}", target, names, cookies)
        finally:
            desk.end()


def look(address: str, target: Path, names: list[str], cookies: dict[str, str]) -> None:
    with sync_playwright() as player:
        chromium = player.chromium.launch(executable_path=shutil.which("chromium"), args=SWITCHES)
        for scene in (one for one in SCENES if not names or one.name in names):
            take(chromium, address, target, scene, cookies)


def take(
    chromium: Browser, address: str, target: Path, scene: Scene, cookies: dict[str, str]
) -> None:
    """The scene at every size, by day and by night."""
    for width, height in SIZES:
        for scheme in SCHEMES:
            viewport = {"width": width, "height": height}
            window = chromium.new_context(viewport=viewport, color_scheme=scheme)
            if scene.person:
                cookie = {"name": "sessionid", "value": cookies[scene.person], "url": address}
                window.add_cookies([cookie])
            page = window.new_page()
            page.goto(address + scene.path)
            scene.act(page)
            page.wait_for_load_state("networkidle")
            page.screenshot(path=target / f"{scene.name}-{width}-{scheme}.png")
            window.close()


if __name__ == "__main__":
    main(ROOT / "docs" / "pictures", sys.argv[1:])
