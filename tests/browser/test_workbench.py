"""The workbench in Chromium: marking by mouse and by keyboard, and never losing anything."""

import pytest
from playwright.sync_api import expect

from annotations import annotating
from annotations.content import Content
from annotations.models import Annotation, ClaimTag, Coding, Span
from corpus_app.models import Event, Role
from tests import factories
from tests.browser.conftest import session_cookie

TEXT = (
    "The harbour is open. Nobody in the harbour says so, but the ferries sail again.\n\n"
    "Ada Quill expects a storm. The Office of Tides does not, and it has been right before.\n"
)
expect.set_options(timeout=15_000)  # other tests may keep the machine busy
NETWORK = r"Failed to load resource: net::ERR_INTERNET_DISCONNECTED"
STALE = r"status of 412"


@pytest.fixture
def project(transactional_db):
    return factories.ProjectFactory()


@pytest.fixture
def article(project):
    factories.small_codebook(project)
    factories.actor(project, "Ada Quill", kind="person")
    factories.actor(project, "Office of Tides", aliases=(("the Office", False),))
    return factories.plain_article(project, TEXT)


@pytest.fixture
def analyst(article):
    person = factories.member(article.project)
    factories.assigned(article, person)
    return person


@pytest.fixture
def open_desk(window_of, article):
    """Opens the article's workbench as a person, ready for keys: `(page, window)`."""

    def open_desk(person, window=None, **options):
        window = window or window_of(person, **options)
        page = window.new_page()
        go(page, article)
        return page, window

    return open_desk


def go(page, article):
    page.goto(f"/articles/{article.pk}/")
    page.wait_for_selector("#workbench[data-ready]")


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def saved(page):
    expect(page.locator("#status")).to_contain_text("Saved")
    expect(page.locator("#status")).to_have_attribute("data-state", "saved")


def quotes(**fields):
    """The quotes of the standing annotations, stretch by stretch."""
    spans = Span.objects.filter(annotation__deleted=None, **fields)
    return list(spans.order_by("start", "end").values_list("quote", flat=True))


def marked(page):
    return page.locator("#text mark").all_text_contents()


def drag(page, first, last):
    """Select with the mouse from the beginning of one text to the end of another."""
    box = page.evaluate(
        """([first, last]) => {
          const walk = (words, atEnd) => {
            const text = document.getElementById("text");
            const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
            for (let node = walker.nextNode(); node; node = walker.nextNode()) {
              const at = node.data.indexOf(words);
              if (at < 0) continue;
              const range = document.createRange();
              range.setStart(node, at);
              range.setEnd(node, at + words.length);
              const rects = range.getClientRects();
              const rect = rects[atEnd ? rects.length - 1 : 0];
              return { x: atEnd ? rect.right - 1 : rect.left + 1, y: rect.top + rect.height / 2 };
            }
          };
          return [walk(first, false), walk(last, true)];
        }""",
        [first, last],
    )
    page.mouse.move(**box[0])
    page.mouse.down()
    page.mouse.move(**box[1], steps=4)
    page.mouse.up()


def test_words_selected_with_the_mouse_become_a_claim(open_desk, analyst):
    page, _ = open_desk(analyst)
    drag(page, "arbour is op", "op")
    page.get_by_role("toolbar", name="Mark the selection").get_by_role(
        "button", name="Fact"
    ).click()
    saved(page)
    assert quotes() == ["harbour is open"]
    assert marked(page) == ["harbour is open"]
    assert list(Coding.objects.values_list("tag__slug", flat=True)) == ["fact"]


def test_a_claim_is_made_whole_by_keyboard_alone(open_desk, analyst):
    page, _ = open_desk(analyst)
    press(page, "j", "Shift+ArrowDown", "f", "/")
    page.keyboard.type("calm")
    press(page, "Enter", "2", "@", "Enter")
    press(page, "Escape", "/")
    page.keyboard.type("target")
    press(page, "Enter")
    page.keyboard.type("tides")
    press(page, "ArrowDown", "ArrowUp", "Enter", "Escape")
    saved(page)
    claim = Annotation.objects.get()
    assert claim.state == "complete"
    assert quotes() == ["Ada Quill expects a storm."]
    parts = claim.participants.values_list("role", "actor__name", "stands_for")
    assert sorted(parts) == [("claimant", None, "author"), ("target", "Office of Tides", "")]
    assert sorted(claim.codings.values_list("tag__slug", "stance")) == [
        ("calm", "oppose"),
        ("fact", ""),
    ]


def test_a_mention_names_the_actor_that_the_words_name(open_desk, analyst):
    page, _ = open_desk(analyst)
    press(page, "j", "Shift+ArrowRight", "Shift+ArrowRight", "m")
    saved(page)
    mention = Annotation.objects.get()
    assert (mention.kind, mention.state, quotes()) == ("mention", "complete", ["Ada Quill"])
    assert list(mention.participants.values_list("role", "actor__name")) == [("named", "Ada Quill")]


def test_the_keyboard_reaches_single_characters(open_desk, analyst):
    page, _ = open_desk(analyst)
    press(page, "ArrowRight", "Alt+ArrowRight", *["Shift+Alt+ArrowRight"] * 3, "f")
    saved(page)
    assert quotes() == ["arb"]


def test_overlapping_marks_are_all_there_and_all_within_reach(open_desk, analyst):
    page, _ = open_desk(analyst)
    drag(page, "harbour is", "is open")
    press(page, "f")
    drag(page, "The ", "The ")
    press(page, *["Shift+ArrowRight"] * 2, "n")
    saved(page)
    assert quotes() == ["The harbour is", "harbour is open"]
    assert marked(page) == ["The ", "harbour is", " open"]
    opened = page.get_by_role("region", name="The open claim").locator("q")
    both = page.locator("#text mark", has_text="harbour is")
    seen = set()
    for _ in range(2):
        both.click()
        seen.add(opened.text_content())
    assert seen == {"The harbour is", "harbour is open"}


def test_a_second_stretch_is_added_and_taken_away(open_desk, analyst):
    page, _ = open_desk(analyst)
    press(page, "Shift+ArrowRight", "Shift+ArrowRight", "f")
    press(page, "j", "Shift+ArrowRight", "Shift+ArrowRight", "+")
    saved(page)
    assert quotes() == ["The harbour", "Ada Quill"]
    assert Annotation.objects.count() == 1
    press(page, "-")
    expect(page.locator("#text mark")).to_have_count(1)
    saved(page)
    assert quotes() == ["The harbour"]


def test_the_ends_of_a_stretch_move_by_keys(open_desk, analyst):
    page, _ = open_desk(analyst)
    press(page, "ArrowRight", "Shift+ArrowRight", "f", ".", ".", "<", ",")
    saved(page)
    assert quotes() == ["The harbour is"]


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


def test_two_tabs_follow_each_other(open_desk, analyst):
    first, window = open_desk(analyst)
    second, _ = open_desk(analyst, window)
    press(first, "f")
    expect(second.locator("#text mark")).to_have_count(1)
    second.locator("#text mark").click()
    second.get_by_label("Note").fill("seen in both")
    second.get_by_label("Note").blur()
    saved(second)
    first.bring_to_front()
    first.locator("#text mark").click()
    expect(first.get_by_label("Note")).to_have_value("seen in both")
    assert Annotation.objects.get().version == 2


def test_marks_made_without_a_network_are_stored_once_each_when_it_is_back(
    open_desk, analyst, console
):
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
    assert Event.objects.filter(noun="annotation").count() == 5


def test_unsent_changes_are_there_after_a_reload_and_sent(open_desk, article, analyst, console):
    console.expect(NETWORK)
    page, _ = open_desk(analyst)
    page.route("**/api/v1/**", lambda route: route.abort("internetdisconnected"))
    press(page, "f", "@")
    expect(page.locator("#status")).to_contain_text("2 changes waiting")
    go(page, article)
    expect(page.locator("#text mark")).to_have_count(1)
    expect(page.locator("#status")).to_contain_text("2 changes waiting")
    page.unroute("**/api/v1/**")
    saved(page)
    assert quotes() == ["The harbour is open."]
    assert Annotation.objects.get().participants.get().stands_for == "author"


def test_a_change_whose_answer_was_lost_is_made_once(open_desk, analyst, console):
    console.expect(r"net::ERR_FAILED")
    page, _ = open_desk(analyst)

    def lose_the_answer(route):
        route.fetch()
        route.abort("failed")

    page.route("**/api/v1/annotations/", lose_the_answer, times=1)
    press(page, "f", "@")
    saved(page)
    assert Annotation.objects.get().version == 2
    assert Event.objects.filter(noun="annotation").count() == 2


def test_work_of_one_person_is_not_shown_or_sent_to_another_on_the_same_machine(
    open_desk, article, analyst, console
):
    console.expect(NETWORK)
    page, window = open_desk(analyst)
    page.route("**/api/v1/**", lambda route: route.abort("internetdisconnected"))
    press(page, "f")
    expect(page.locator("#status")).to_contain_text("1 change waiting")
    other = factories.member(article.project)
    factories.assigned(article, other)
    sign_in_as(window, other, page)
    go(page, article)
    page.unroute("**/api/v1/**")
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


def test_signed_out_the_changes_wait_and_go_on_after_sign_in(open_desk, article, analyst, console):
    console.expect(r"status of 401")
    page, window = open_desk(analyst)
    window.clear_cookies()
    press(page, "f")
    expect(page.locator("#status")).to_have_text("Signed out: 1 change waiting – sign in")
    sign_in_as(window, analyst, page)
    page.evaluate("dispatchEvent(new Event('focus'))")
    saved(page)
    assert Annotation.objects.count() == 1


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


@pytest.mark.parametrize(
    ("text", "exactly", "quote"),
    [
        ("So 👨‍👩‍👧‍👦 sailed 🇺🇸 on.", 3, "👨‍👩‍👧‍👦 "),
        ("At the cafe\u0301 𠮷野 waits.", 7, "cafe\u0301 𠮷野"[:7]),
        ("قالت موسكو إن البحر هادئ.", 6, "قالت م"),
        ("我爱北京的海。", 2, "我爱"),
    ],
    ids=["emoji", "combining", "Arabic", "Chinese"],
)
def test_a_stretch_has_the_same_quote_on_the_page_and_in_the_database(
    project, text, exactly, quote, window_of
):
    factories.small_codebook(project)
    article = factories.plain_article(project, text + " And then nothing more was heard of it.")
    analyst = factories.member(project)
    factories.assigned(article, analyst)
    page = window_of(analyst).new_page()
    go(page, article)
    forward = "ArrowLeft" if "قالت" in text else "ArrowRight"
    press(page, *[f"Shift+Alt+{forward}"] * exactly, "f")
    saved(page)
    span = Span.objects.get()
    revision = article.revisions.get()
    assert marked(page) == [span.quote]
    assert revision.text[span.start : span.end] == span.quote
    whole = page.locator("[data-passage]").all_text_contents()
    assert whole == [p.slice(revision.text) for p in revision.passages.all()]


def test_a_curator_reads_the_marks_of_each_analyst(open_desk, article, analyst):
    other = factories.member(article.project)
    factories.claim(article, analyst, 0, 11)
    factories.claim(article, other, 4, 19)
    curator = factories.member(article.project, Role.CURATOR)
    page, _ = open_desk(curator)
    assert marked(page) == ["The ", "harbour", " is open"]
    page.get_by_label("Whose annotations").select_option(other.username)
    expect(page.locator("#text mark")).to_have_text(["harbour is open"])
    press(page, "f")
    expect(page.locator("#told")).to_contain_text("To mark this article, take it")


def test_handing_in_waits_for_unsaved_changes(open_desk, analyst, console):
    console.expect(NETWORK)
    page, _ = open_desk(analyst)
    page.route("**/api/v1/**", lambda route: route.abort("internetdisconnected"))
    press(page, "m")
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("alert").first).to_contain_text("Not handed in yet: 1 change")
    assert analyst.assignments.get().state == "assigned"


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


def test_a_note_is_kept_while_it_is_typed(open_desk, article, analyst):
    factories.claim(article, analyst, 0, 11)
    page, _ = open_desk(analyst)
    page.locator("#text mark").click()
    page.get_by_label("Note").press_sequentially("a thought", delay=30)
    page.wait_for_timeout(600)
    go(page, article)
    page.locator("#text mark").click()
    expect(page.get_by_label("Note")).to_have_value("a thought")
    saved(page)
    assert Annotation.objects.get().note == "a thought"
    assert Annotation.objects.get().version == 2


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
    expect(page.locator("#told")).to_contain_text("somebody else has changed this annotation")
    claim.refresh_from_db()
    assert claim.version == 3


def test_a_drag_that_ends_outside_the_text_selects_too(open_desk, analyst):
    page, _ = open_desk(analyst)
    drag(page, "Nobody in", "sail again.")
    page.keyboard.press("Escape")
    box = page.locator("[data-passage='1']").bounding_box()
    page.mouse.move(box["x"] + 2, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] - 40, box["y"] + box["height"] + 200, steps=4)
    page.mouse.up()
    expect(page.get_by_role("toolbar", name="Mark the selection")).to_be_visible()


def test_a_selection_by_touch_gets_its_bar_at_thumb_height(open_desk, analyst):
    page, _ = open_desk(
        analyst, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True
    )
    page.evaluate(
        """() => {
          const node = document.querySelector("[data-passage]").firstChild;
          getSelection().setBaseAndExtent(node, 5, node, 13);
        }"""
    )
    bar = page.get_by_role("toolbar", name="Mark the selection")
    expect(bar).to_be_visible()
    assert bar.bounding_box()["y"] > 600
    bar.get_by_role("button", name="Claim").tap()
    saved(page)
    assert quotes() == ["harbour is"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def sign_in_as(window, person, page):
    """Another session in the same browser, as if signed in from another tab."""
    window.clear_cookies()
    window.add_cookies([session_cookie(person, page.evaluate("location.origin"))])
    window.request.get("/")
