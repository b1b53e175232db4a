"""The table of what could lose work, in Chromium: nothing is lost, and nothing is doubled.

The network is cut, the server killed, the session over, the tab closed in mid-typing, the browser
killed; there are two tabs and two devices, a clock that is wrong, and a device without room.
"""

import os
import signal
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Error, expect

from annotations import annotating, desk_keeping
from annotations.content import Content
from annotations.models import Annotation
from corpus_app.models import Event
from tests import factories
from tests.browser.bench import NETWORK, go, press, quotes, saved, sign_in_as
from tests.browser.conftest import SWITCHES, executable, session_cookie
from tests.serving import free_port, served

STALE = r"status of 412"
SIGNED_OUT = r"status of 401"
PASSWORD = "a long pass phrase"
DAY = 86_400_000
CLOCK = """
const passed = Date.now;
globalThis.wrong = %d;
Date.now = () => passed() + globalThis.wrong;
"""
# As Chromium fails when a disk is full: the write is taken, then the whole transaction given up.
NO_ROOM = """
globalThis.full = false;
for (const name of ["add", "put"]) {
  const write = IDBObjectStore.prototype[name];
  IDBObjectStore.prototype[name] = function (...given) {
    const request = write.apply(this, given);
    if (globalThis.full) {
      const value = new DOMException("No room", "QuotaExceededError");
      Object.defineProperty(this.transaction, "error", { value, configurable: true });
      request.addEventListener("success", () => this.transaction.abort(), { once: true });
    }
    return request;
  };
}
const commit = IDBTransaction.prototype.commit;
IDBTransaction.prototype.commit = function () { if (!globalThis.full) commit.call(this); };
"""
# The device is as slow as it may be: what is given to it from now on is given up with the page.
BUSY = """async () => {
  const { name } = (await indexedDB.databases()).find((one) => one.name.startsWith("crossread "));
  const store = await new Promise((resolve) => {
    indexedDB.open(name).onsuccess = ({ target }) => {
      resolve(target.result.transaction("changes", "readwrite").objectStore("changes"));
    };
  });
  const hold = () => { store.count().onsuccess = hold; };
  hold();
}"""
LEFT = "Object.keys(localStorage).filter((key) => key.startsWith('crossread left'))"
# As a page does that is closed before it hears that the device has all.
LEAVE = """async () => {
  const { name } = (await indexedDB.databases()).find((one) => one.name.startsWith("crossread "));
  const changes = await new Promise((resolve) => {
    indexedDB.open(name).onsuccess = ({ target }) => {
      const all = target.result.transaction("changes").objectStore("changes").getAll();
      all.onsuccess = () => resolve(all.result);
    };
  });
  const user = encodeURIComponent(name.slice("crossread ".length));
  localStorage.setItem(`crossread left ${user} x`, JSON.stringify({ at: Date.now(), changes }));
}"""
NO_STORE = "Object.defineProperty(globalThis, 'indexedDB', { value: undefined });"


def changes() -> list[tuple[str, int]]:
    """The verb and version of every change of an annotation that is stored."""
    return sorted(Event.objects.filter(noun="annotation").values_list("verb", "version"))


def cut(page):
    """The network is gone for the page's work until `page.unroute_all()`."""
    page.route("**/api/v1/**", lambda route: route.abort("internetdisconnected"))


def close(page):
    """As a hand closes a tab: the page hears of it, and is gone when this returns."""
    with page.expect_event("close"):
        page.close(run_before_unload=True)


def type_note(page, words):
    page.locator("#text mark").first.click()
    page.get_by_label("Note").press_sequentially(words, delay=15)


# The network is cut


@pytest.mark.engine
def test_a_cut_network_loses_nothing_and_doubles_nothing(open_desk, analyst, console):
    console.expect(NETWORK)
    page, window = open_desk(analyst)
    window.set_offline(True)
    for _ in range(5):
        press(page, "ArrowRight", "Shift+ArrowRight", "n")
    expect(page.locator("#status")).to_have_text("Offline: 5 changes waiting")
    assert Annotation.objects.count() == 0
    window.set_offline(False)
    saved(page)
    assert len(quotes()) == len(set(quotes())) == 5
    assert changes() == [("created", 1)] * 5


def test_without_a_network_a_reload_loses_nothing(open_desk, article, analyst, console):
    console.expect(NETWORK)
    page, _ = open_desk(analyst)
    cut(page)
    press(page, "f", "@")
    expect(page.locator("#status")).to_contain_text("2 changes waiting")
    go(page, article)
    expect(page.locator("#text mark")).to_have_count(1)
    expect(page.locator("#status")).to_contain_text("2 changes waiting")
    page.unroute_all()
    saved(page)
    assert quotes() == ["The harbour is open."]
    assert Annotation.objects.get().participants.get().stands_for == "author"


@pytest.mark.engine
def test_an_answer_that_got_lost_doubles_nothing(open_desk, analyst, console):
    console.expect(r"net::ERR_FAILED")
    page, _ = open_desk(analyst)

    def lose_the_answer(route):
        route.fetch()
        route.abort("failed")

    page.route("**/api/v1/annotations/", lose_the_answer, times=1)
    press(page, "f", "@")
    saved(page)
    assert changes() == [("changed", 2), ("created", 1)]


def test_what_waits_on_the_device_is_sent_from_the_queue_too(open_desk, analyst, console):
    console.expect(NETWORK)
    page, _ = open_desk(analyst)
    cut(page)
    press(page, "f", "@")
    expect(page.locator("#status")).to_contain_text("2 changes waiting")
    page.goto("/")
    expect(page.locator("#unsent")).to_contain_text("2 changes of yours are not saved yet")
    page.unroute_all()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#unsent")).to_contain_text("had kept are saved now")
    assert changes() == [("changed", 2), ("created", 1)]


# The server is killed


@pytest.mark.engine
def test_a_killed_server_loses_nothing_and_doubles_nothing(
    window_of, article, analyst, console, collected, tmp_path
):
    console.expect(r"net::ERR_(CONNECTION|EMPTY|SOCKET|INCOMPLETE)")
    (tmp_path / "static").symlink_to(collected)
    port = free_port()
    page = window_of(analyst).new_page()
    address = f"http://127.0.0.1:{port}"
    page.context.add_cookies([session_cookie(analyst, address)])
    with served(tmp_path, port, HTTPS="false", LOG_LEVEL="ERROR") as desk:
        page.goto(f"{address}/articles/{article.pk}/")
        page.wait_for_selector("#workbench[data-ready]")
        press(page, "f")
        saved(page)
        press(page, "@", "j", "f")
        desk.end(signal.SIGKILL)
        press(page, "Shift+ArrowRight", "n")
        expect(page.locator("#status")).to_contain_text("The server does not answer")
    with served(tmp_path, port, HTTPS="false", LOG_LEVEL="ERROR"):
        page.evaluate("dispatchEvent(new Event('focus'))")
        saved(page)
        page.close()
    assert len(quotes()) == len(set(quotes())) == 3
    assert changes() == [("changed", 2), *[("created", 1)] * 3]


# The session is over


def test_a_session_that_is_over_goes_on_in_place(open_desk, article, analyst, console):
    console.expect(SIGNED_OUT, NETWORK)
    page, window = open_desk(analyst)
    press(page, "f")
    saved(page)
    window.clear_cookies()
    page.get_by_label("Note").press_sequentially("half a thou")
    status = page.locator("#status")
    expect(status).to_have_text("Signed out: 1 change waiting – sign in")
    status.get_by_role("button", name="sign in").click()
    dialog = page.get_by_role("dialog", name="Sign in again")
    expect(dialog.get_by_label("User name")).to_have_value(analyst.username)
    expect(dialog.get_by_label("Password")).to_be_focused()
    for password, words in (("wrong", "does not open your desk"), (PASSWORD, "no network")):
        window.set_offline("network" in words)
        page.keyboard.type(password)
        press(page, "Enter")
        expect(dialog.get_by_role("alert")).to_contain_text(words)
    window.set_offline(False)
    press(page, "Enter")
    expect(dialog).to_be_hidden()
    saved(page)
    expect(page.get_by_label("Note")).to_be_focused()
    page.keyboard.type("ght")
    page.get_by_label("Note").blur()
    expect(status).to_have_attribute("data-state", "saved")
    expect(page.get_by_label("Note")).to_have_value("half a thought")
    assert PASSWORD not in page.content()
    page.get_by_role("button", name="the author").first.click()
    saved(page)
    page.get_by_role("button", name="Hand in", exact=True).click()
    page.get_by_role("button", name="Hand in now").click()
    expect(page.get_by_text("Handed in: “A plain text”.")).to_be_visible()
    assert Annotation.objects.get().note == "half a thought"


def test_signing_in_again_in_one_tab_is_enough_for_all(open_desk, analyst, console):
    console.expect(SIGNED_OUT)
    first, window = open_desk(analyst)
    second, _ = open_desk(analyst, window)
    window.clear_cookies()
    press(first, "f")
    expect(first.locator("#status")).to_contain_text("Signed out")
    first.get_by_role("button", name="sign in").click()
    first.get_by_label("Password").fill(PASSWORD)
    first.get_by_role("button", name="Sign in", exact=True).click()
    saved(first)
    secret = next(c["value"] for c in window.cookies() if c["name"] == "csrftoken")
    expect(second.locator("#hand-in [name=csrfmiddlewaretoken]")).to_have_value(secret)
    assert changes() == [("created", 1)]


def test_a_lost_secret_of_the_page_is_renewed_without_a_word(open_desk, analyst, console):
    console.expect("status of 403")
    page, window = open_desk(analyst)
    window.clear_cookies(name="csrftoken")
    press(page, "f")
    saved(page)
    assert changes() == [("created", 1)]


def test_too_many_passwords_are_told_and_nothing_is_lost(open_desk, analyst, console, settings):
    settings.AXES_FAILURE_LIMIT = 1
    console.expect(SIGNED_OUT, "status of 429")
    page, window = open_desk(analyst)
    window.clear_cookies()
    press(page, "f")
    page.get_by_role("button", name="sign in").click()
    page.get_by_label("Password").fill("wrong")
    press(page, "Enter")
    expect(page.get_by_role("alert").first).to_contain_text("too many attempts")
    press(page, "Escape")
    expect(page.locator("#status")).to_contain_text("1 change waiting")
    expect(page.locator("#text")).to_be_focused()


def test_work_of_one_person_is_not_shown_or_sent_to_another_on_the_same_machine(
    open_desk, article, analyst, console
):
    console.expect(NETWORK)
    page, window = open_desk(analyst)
    cut(page)
    press(page, "f")
    expect(page.locator("#status")).to_contain_text("1 change waiting")
    other = factories.member(article.project)
    factories.assigned(article, other)
    sign_in_as(window, other, page)
    go(page, article)
    page.unroute_all()
    expect(page.locator("#text mark")).to_have_count(0)
    expect(page.locator("#status")).to_have_text("All saved")
    assert Annotation.objects.count() == 0
    sign_in_as(window, analyst, page)
    go(page, article)
    saved(page)
    assert [claim.author for claim in Annotation.objects.all()] == [analyst]


def test_another_login_in_the_same_browser_stops_sending(open_desk, article, analyst, console):
    console.expect(r"status of 409")
    page, window = open_desk(analyst)
    other = factories.member(article.project)
    factories.assigned(article, other)
    sign_in_as(window, other, page)
    press(page, "f")
    expect(page.locator("#status")).to_contain_text(f"sign in as {analyst.username}")
    assert Annotation.objects.count() == 0
    page.get_by_role("button", name=f"sign in as {analyst.username}").click()
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Enter")
    saved(page)
    assert [claim.author for claim in Annotation.objects.all()] == [analyst]


# The tab is closed, the browser killed


def test_a_tab_closed_in_mid_typing_loses_no_letter(open_desk, article, analyst, console):
    console.expect(NETWORK)
    factories.claim(article, analyst, 0, 11)
    page, window = open_desk(analyst)
    cut(page)
    type_note(page, "a thought cut sho")
    close(page)
    page, _ = open_desk(analyst, window)
    page.locator("#text mark").first.click()
    expect(page.get_by_label("Note")).to_have_value("a thought cut sho")
    saved(page)
    claim = Annotation.objects.get()
    assert (claim.note, claim.codings.count()) == ("a thought cut sho", 0)


@pytest.mark.parametrize("letters", [4, 12, 40])
def test_a_tab_closed_while_the_device_is_slow_loses_no_letter(
    open_desk, article, analyst, console, letters
):
    console.expect(NETWORK)
    factories.claim(article, analyst, 0, 11)
    page, window = open_desk(analyst)
    cut(page)
    page.evaluate(BUSY)
    words = ("a thought that takes a long time to be told")[:letters]
    type_note(page, words)
    close(page)
    page, _ = open_desk(analyst, window)
    page.locator("#text mark").first.click()
    expect(page.get_by_label("Note")).to_have_value(words)
    saved(page)
    assert Annotation.objects.get().note == words
    assert page.evaluate(LEFT) == []


def test_a_tab_closed_between_two_letters_loses_none_of_them(open_desk, article, analyst, console):
    console.expect(NETWORK)
    factories.claim(article, analyst, 0, 11)
    page, window = open_desk(analyst)
    cut(page)
    type_note(page, "told")
    page.wait_for_timeout(400)
    page.evaluate(BUSY)
    page.keyboard.type(" in full")
    page.wait_for_timeout(400)
    close(page)
    page, _ = open_desk(analyst, window)
    page.locator("#text mark").first.click()
    expect(page.get_by_label("Note")).to_have_value("told in full")
    saved(page)
    assert Annotation.objects.get().note == "told in full"


def test_what_a_closed_tab_left_is_sent_by_the_tab_that_is_still_open(
    open_desk, article, analyst, console
):
    console.expect(NETWORK)
    factories.claim(article, analyst, 0, 11)
    page, window = open_desk(analyst)
    other, _ = open_desk(analyst, window)
    cut(page)
    page.evaluate(BUSY)
    type_note(page, "there and back")
    close(page)
    saved(other)
    other.locator("#text mark").first.click()
    expect(other.get_by_label("Note")).to_have_value("there and back")
    assert Annotation.objects.get().note == "there and back"
    assert other.evaluate(LEFT) == []


def test_what_a_tab_left_that_the_server_has_is_not_said_twice(
    open_desk, article, analyst, console
):
    console.expect(NETWORK)
    claim = factories.claim(article, analyst, 0, 11)
    page, window = open_desk(analyst)
    cut(page)
    type_note(page, "once")
    on_the_device(page, 1)
    page.evaluate(LEAVE)
    page.unroute_all()
    saved(page)
    told = changes()
    close(page)
    page, _ = open_desk(analyst, window)
    saved(page)
    claim.refresh_from_db()
    assert (claim.note, claim.version, changes()) == ("once", 2, told)
    assert page.evaluate(LEFT) == []


def test_marks_made_faster_than_the_device_writes_outlive_the_tab(open_desk, analyst, console):
    console.expect(NETWORK)
    page, window = open_desk(analyst)
    cut(page)
    page.evaluate(BUSY)
    for _ in range(5):
        press(page, "ArrowRight", "Shift+ArrowRight", "n")
    close(page)
    page, _ = open_desk(analyst, window)
    saved(page)
    assert len(quotes()) == len(set(quotes())) == 5
    assert changes() == [("created", 1)] * 5


@pytest.fixture
def profile(chromium, live_server, console, traffic, tmp_path):
    """Starts Chromium on one profile, again and again: `(window, kill)`."""
    opened = []

    def start(person):
        window = chromium.browser_type.launch_persistent_context(
            tmp_path, executable_path=executable(), args=SWITCHES, base_url=live_server.url
        )
        console.watch(window)
        desk_keeping.prefer(by=person, toured=True)
        window.add_cookies([session_cookie(person, live_server.url)])
        opened.append(window)
        return window

    yield start
    for window in opened:
        with suppress(Error):
            window.close()
    traffic.settle()


def kill_browser(folder: Path) -> None:
    """End the browser of a profile as a power cut would."""
    wanted = f"--user-data-dir={folder}".encode()
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            words = (process / "cmdline").read_bytes().split(b"\0")
            if wanted in words and not any(word.startswith(b"--type=") for word in words):
                os.kill(int(process.name), signal.SIGKILL)


KEPT = """async () => {
  const bases = await indexedDB.databases();
  const { name } = bases.find((one) => one.name.startsWith("crossread "));
  const done = (request) => new Promise((resolve) => {
    request.onsuccess = () => resolve(request.result);
  });
  const base = await done(indexedDB.open(name));
  const kept = await done(base.transaction("changes").objectStore("changes").count());
  base.close();
  return kept;
}"""


def on_the_device(page, number: int) -> None:
    """Wait until the device has written so many changes: the last one takes it a moment."""
    for _ in range(100):
        if page.evaluate(KEPT) == number:
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"The device has {page.evaluate(KEPT)} changes, not {number}.")


@pytest.mark.engine
def test_a_killed_browser_has_fifty_marks_when_it_is_started_again(
    profile, project, console, tmp_path
):
    console.expect(NETWORK)
    factories.small_codebook(project)
    words = " ".join(f"word{number}" for number in range(120))
    article = factories.plain_article(project, f"{words}.\n")
    analyst = factories.member(project)
    factories.assigned(article, analyst)
    window = profile(analyst)
    page = window.new_page()
    go(page, article)
    window.set_offline(True)
    for _ in range(50):
        press(page, "ArrowRight", "Shift+ArrowRight", "n")
    expect(page.locator("#status")).to_have_text("Offline: 50 changes waiting")
    on_the_device(page, 50)
    kill_browser(tmp_path)
    page = profile(analyst).new_page()
    go(page, article)
    expect(page.locator("#text mark")).to_have_count(50)
    saved(page)
    assert len(quotes()) == len(set(quotes())) == 50
    assert changes() == [("created", 1)] * 50


# Two tabs, two devices


def test_two_tabs_follow_each_other(open_desk, analyst):
    first, window = open_desk(analyst)
    second, _ = open_desk(analyst, window)
    press(first, "f")
    expect(second.locator("#text mark")).to_have_count(1)
    type_note(second, "seen in both")
    second.get_by_label("Note").blur()
    saved(second)
    first.bring_to_front()
    first.locator("#text mark").click()
    expect(first.get_by_label("Note")).to_have_value("seen in both")
    assert Annotation.objects.get().version == 2


@pytest.mark.engine
def test_two_devices_that_changed_one_claim_are_brought_together(
    open_desk, article, analyst, console
):
    console.expect(STALE)
    claim = factories.claim(article, analyst, 0, 11)
    here, _ = open_desk(analyst)
    there, _ = open_desk(analyst)
    type_note(there, "from there")
    there.get_by_role("radio", name="Fact").check()
    saved(there)
    type_note(here, "from here")
    here.get_by_role("button", name="the author").first.click()
    needs = here.locator("#status").get_by_role("button", name="need")
    expect(needs).to_be_visible()
    both = here.get_by_role("alert", name="Two versions")
    expect(both.get_by_role("row", name="Note")).to_contain_text("changed in both")
    merge = both.get_by_role("region", name="Both in one")
    expect(merge.get_by_role("group", name="Note")).to_contain_text("from there")
    expect(merge.get_by_label("Both, one after the other")).to_be_checked()
    merge.get_by_label("Stored: from there").check()
    expect(merge.get_by_role("definition").filter(has_text="from there")).to_have_count(1)
    merge.get_by_role("button", name="Save both in one").click()
    saved(here)
    claim.refresh_from_db()
    assert claim.note == "from there"
    assert claim.participants.get().stands_for == "author"
    assert claim.codings.get().tag.slug == "fact"
    press(here, "Control+z")
    expect(here.locator("#told")).to_contain_text("Undone")
    saved(here)
    assert (claim.participants.count(), claim.codings.count()) == (0, 1)


@pytest.mark.engine
def test_a_claim_removed_here_and_changed_there_waits_for_a_choice(
    open_desk, article, analyst, console
):
    console.expect(STALE)
    claim = factories.claim(article, analyst, 0, 11)
    page, _ = open_desk(analyst)
    content = Content("claim", ((0, 11, None),), note="from there")
    annotating.rewrite(by=analyst, annotation=claim, seen=1, content=content)
    page.locator("#text mark").click()
    press(page, "Delete")
    page.get_by_role("button", name="1 change needs you").click()
    both = page.get_by_role("alert", name="Two versions")
    expect(both).to_contain_text("You removed this annotation")
    expect(both.get_by_role("row", name="Note")).to_contain_text("from there")
    expect(both.get_by_role("region", name="Both in one")).to_have_count(0)
    both.get_by_role("button", name="Remove it").click()
    saved(page)
    press(page, "Control+z")
    expect(page.locator("#text mark")).to_have_count(1)
    saved(page)
    claim.refresh_from_db()
    assert (claim.note, claim.deleted) == ("from there", None)


# The clock is wrong


@pytest.mark.parametrize("days", [-1, 1])
def test_a_clock_that_is_wrong_by_a_day_delays_and_loses_nothing(
    open_desk, window_of, article, analyst, console, days
):
    console.expect(NETWORK)
    factories.claim(article, analyst, 0, 11)
    window = window_of(analyst)
    window.add_init_script(CLOCK % (days * DAY))
    page, _ = open_desk(analyst, window)
    type_note(page, "typed while the clock was wrong")
    page.evaluate("globalThis.wrong = 0")
    page.get_by_label("Note").press_sequentially(", and then right")
    saved(page)
    window.set_offline(True)
    page.evaluate(f"globalThis.wrong = {-days * DAY}")
    press(page, "Escape", "j", "f", "@")
    window.set_offline(False)
    saved(page)
    notes = Annotation.objects.order_by("created").values_list("note", flat=True)
    assert list(notes) == ["typed while the clock was wrong, and then right", ""]
    assert quotes() == ["The harbour", "Ada Quill expects a storm."]


# The device has no room


def test_a_full_device_says_so_and_the_work_is_stored_all_the_same(
    open_desk, window_of, analyst, console
):
    console.expect(NETWORK)
    window = window_of(analyst)
    window.add_init_script(NO_ROOM)
    page, _ = open_desk(analyst, window)
    window.set_offline(True)
    press(page, "f")
    expect(page.locator("#status")).to_have_text("Offline: 1 change waiting")
    page.evaluate("globalThis.full = true")
    press(page, "@", "j", "f")
    expect(page.locator("#status")).to_contain_text("This device has no room left")
    expect(page.locator("#text mark")).to_have_count(2)
    window.set_offline(False)
    expect(page.locator("#status")).to_have_attribute("data-state", "saved")
    page.evaluate("globalThis.full = false")
    press(page, "@")
    expect(page.locator("#status")).not_to_contain_text("room")
    saved(page)
    assert len(quotes()) == 2
    assert changes() == [("changed", 2), ("changed", 2), ("created", 1), ("created", 1)]


def test_a_device_that_keeps_nothing_says_so_and_the_work_is_stored(
    open_desk, window_of, analyst, console
):
    window = window_of(analyst)
    window.add_init_script(NO_STORE)
    page, _ = open_desk(analyst, window)
    expect(page.locator("#status")).to_contain_text("This device keeps no copy")
    press(page, "f", "@")
    saved(page)
    assert changes() == [("changed", 2), ("created", 1)]


def test_handing_in_waits_for_unsaved_changes(open_desk, analyst, console):
    console.expect(NETWORK)
    page, _ = open_desk(analyst)
    cut(page)
    press(page, "m")
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("alert").first).to_contain_text("Not handed in yet: 1 change")
    assert analyst.assignments.get().state == "assigned"
