"""Several people at one article: what others do appears, or tells nothing of them."""

import json
import re
import time

import pytest
from playwright.sync_api import expect

from annotations import annotating, discussing
from annotations.content import Code, Content
from annotations.models import Annotation, Assignment, ClaimTag, Facet, Presence, ReadingPosition
from corpus_app.models import Role
from tests import factories
from tests.browser.bench import drag, go, marked, press, saved

HERE = "[data-part=here]"
SOON = 2_000  # milliseconds


@pytest.fixture
def together(article):
    """The article, in a project where everybody sees everybody's work."""
    article.project.blind = False
    article.project.save()
    return article


def colleague(article, first="Bram", last="Visser", role=Role.ANALYST):
    person = factories.member(
        article.project, role, user__username="bram-v", user__first_name=first,
        user__last_name=last,
    )  # fmt: skip
    factories.assigned(article, person)
    return person


def claim(article, author, words, **values) -> Annotation:
    """A claim of the author on these words, stored as from another device."""
    revision = article.revisions.get()
    start = revision.text.index(words)
    content = Content(kind="claim", spans=((start, start + len(words), None),), **values)
    return annotating.create(by=author, revision=revision, content=content)[0]


def test_anothers_work_appears_as_it_is_made_and_nothing_of_ones_own_moves(
    open_desk, together, analyst
):
    other = colleague(together)
    page, _ = open_desk(analyst)
    before = len(marked(page))
    made = claim(together, other, "the ferries sail again", note="First.")
    expect(page.locator("#text mark")).to_have_text("the ferries sail again", timeout=SOON)
    assert before == 0
    page.locator("#text mark").click()
    reading = page.get_by_role("region", name="The open annotation")
    expect(reading).to_contain_text("Bram Visser")
    expect(reading).to_contain_text("First.")
    # A tag that is newer than the page, while one is typing a note of one's own.
    drag(page, "Ada Quill", "Ada Quill")
    press(page, "e", "Enter")
    note = page.get_by_label("Note")
    note.click()
    page.keyboard.type("Half a thou")
    book = Facet.objects.get(slug="claim-type")
    peril = ClaimTag.objects.create(
        project=together.project, facet=book, slug="peril", label="Peril", definition_number=1
    )
    scrolled = page.evaluate("scrollY")
    content = Content(
        kind="claim", spans=((0, 11, None),), note="Second.", codes=(Code(str(peril.pk)),)
    )
    annotating.rewrite(by=other, annotation=made, seen=1, content=content)
    expect(page.locator("#text mark").first).to_have_text("The harbour", timeout=SOON)
    page.keyboard.type("ght")
    expect(note).to_be_focused()
    expect(note).to_have_value("Half a thought")
    assert page.evaluate("scrollY") == scrolled
    saved(page)
    page.locator("#text mark").first.click()
    expect(reading).to_contain_text("Second.")
    # A comment that is being typed stays as it is, also while its annotation is changed.
    talk = page.get_by_role("region", name="Comments").get_by_role("textbox")
    talk.press_sequentially("Is th")
    content = Content(kind="claim", spans=((0, 11, None),), note="Third.")
    annotating.rewrite(by=other, annotation=made, seen=2, content=content)
    expect(reading).to_contain_text("Third.", timeout=SOON)
    expect(talk).to_be_focused()
    page.keyboard.type("is so?")
    expect(talk).to_have_value("Is this so?")
    made.refresh_from_db()
    annotating.remove(by=other, annotation=made, seen=made.version)
    expect(page.locator("#text mark")).to_have_text(["Ada Quill"], timeout=SOON)
    expect(reading).to_have_count(0)


def test_who_is_here_is_shown_while_she_is(open_desk, together, analyst):
    other = colleague(together)
    page, _ = open_desk(analyst)
    expect(page.locator(HERE)).to_be_hidden()
    second, _ = open_desk(other)
    expect(page.locator(HERE)).to_contain_text("Also here: Bram Visser", timeout=SOON)
    expect(second.locator(HERE)).to_contain_text(f"Also here: {analyst.shown_name}", timeout=SOON)
    second.close()
    expect(page.locator(HERE)).to_be_hidden(timeout=SOON + 1_000)


def test_ones_own_work_on_another_device_appears_and_a_hidden_page_catches_up(
    open_desk, together, analyst
):
    page, _ = open_desk(analyst)
    claim(together, analyst, "a storm")
    expect(page.locator("#text mark")).to_have_text("a storm", timeout=SOON)
    asked = []
    page.on("request", lambda request: "/live/" in request.url and asked.append(request.url))
    page.evaluate(
        """() => {
          Object.defineProperty(document, "hidden", { value: true, configurable: true });
          document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )
    page.wait_for_timeout(200)
    asked.clear()
    claim(together, analyst, "a storm", codes=())
    page.wait_for_timeout(2_500)
    assert asked == []
    page.evaluate(
        """() => {
          delete document.hidden;
          document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )
    expect(page.locator("#panel .wb-card")).to_have_count(0)
    page.locator("#text mark").click()
    expect(page.locator("#panel .wb-card")).to_have_count(2, timeout=SOON)


def test_the_reader_comes_back_to_where_she_stopped(window_of, project):
    lines = [f"Passage {n} says that the strait is calm, again and again." for n in range(90)]
    article = factories.plain_article(project, "\n\n".join(lines))
    reader = factories.member(project)
    page = window_of(reader).new_page()
    page.goto(f"/articles/{article.pk}/")
    page.wait_for_selector("#workbench[data-ready]")
    assert page.evaluate("scrollY") == 0
    target = page.get_by_text("Passage 60 says")
    target.evaluate("(element) => scrollTo(0, element.getBoundingClientRect().top + scrollY - 80)")
    page.wait_for_timeout(100)
    page.goto("/")  # before the pause is over
    other = window_of(reader, viewport={"width": 700, "height": 600}).new_page()
    expect(other).to_have_url(re.compile("about:blank"))
    place = article.revisions.get().text.index("Passage 60")
    until(lambda: ReadingPosition.objects.filter(user=reader, place=place).exists())
    other.goto(f"/articles/{article.pk}/")
    other.wait_for_selector("#workbench[data-ready]")
    top = other.get_by_text("Passage 60 says").bounding_box()["y"]
    assert 50 < top < 100
    press(other, "ArrowRight")  # the cursor comes to the reader, not she to it
    assert 50 < other.get_by_text("Passage 60 says").bounding_box()["y"] < 200
    other.goto(f"/articles/{article.pk}/#passage-10")
    other.wait_for_selector("#workbench[data-ready]")
    assert other.get_by_text("Passage 9 says").bounding_box()["y"] > 0


# Blind


def overheard(page) -> list[tuple[str, str, str]]:
    """What the page receives from now on: method and address, headers, body."""
    heard = []

    def pass_on(route):
        answer = route.fetch(max_redirects=0)
        name = f"{route.request.method} {route.request.url}"
        heard.append((name, str(answer.headers_array), answer.text()))
        route.fulfill(response=answer)

    page.route(lambda address: "/static/" not in address, pass_on)
    return heard


def test_in_a_blind_project_no_byte_tells_of_another_analyst(
    window_of, open_desk, article, analyst
):
    other = colleague(article, "Xaverine", "Qvistgaard")
    curator = factories.member(article.project, Role.CURATOR)
    claim(article, analyst, "a storm", note="My own.")
    page = window_of(analyst).new_page()
    heard = overheard(page)
    go(page, article)
    second, _ = open_desk(other)
    drag(second, "Ada Quill", "Ada Quill")
    press(second, "f")
    saved(second)
    theirs = Annotation.objects.get(author=other)
    annotating.rewrite(
        by=other, annotation=theirs, seen=theirs.version,
        content=Content(kind="claim", spans=((4, 11, None),), note="A secret of hers."),
    )  # fmt: skip
    hers, _ = discussing.comment(by=other, annotation=theirs, text="Whispered here.")
    discussing.comment(by=curator, annotation=theirs, text="Whispered there.")
    for words in ("The Office of Tides", "right before", "so, but"):
        claim(article, other, words, note="One more of hers.")
    annotating.remove(by=other, annotation=Annotation.objects.latest("created"), seen=1)
    assert Presence.objects.count() == 0
    # She works on, looks everywhere, leaves and comes back.
    drag(page, "ferries", "ferries")
    press(page, "n")
    saved(page)
    for path in ("live/", "newest/", "live/?since=2000-01-01T00:00:00Z"):
        look(page, f"/api/v1/articles/{article.pk}/{path}")
    for path in ("annotations/?deleted=any", "comments/", "events/?page_size=500", "preferences/"):
        look(page, f"/api/v1/{path}")
    with page.expect_response(lambda answer: "/live/" in answer.url):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.reload()
    page.wait_for_selector("#workbench[data-ready]")
    page.goto("/")
    page.unroute_all(behavior="wait")
    secrets = [
        other.username, "Xaverine", "Qvistgaard", "A secret of hers.", "One more of hers.",
        "Whispered", str(hers.pk),
        *map(str, Annotation.objects.filter(author=other).values_list("pk", flat=True)),
        *map(str, Assignment.objects.filter(analyst=other).values_list("pk", flat=True)),
    ]  # fmt: skip
    told = [(one[0], secret) for one in heard for secret in secrets if secret in "".join(one)]
    assert told == []
    live = [json.loads(body) for name, _, body in heard if "/live/" in name and body]
    assert len(live) >= 3
    assert {tuple(one["here"]) for one in live} == {()}
    assert {made["author"] for one in live for made in one["annotations"]} == {analyst.username}
    address = f"/articles/{article.pk}/"
    pages = [body for name, _, body in heard if name.endswith(address) and "/api/" not in name]
    data = [json.loads(re.search(r'"page-data"[^>]*>(.*?)</script>', page)[1]) for page in pages]
    assert [len(one["annotations"]) for one in data] == [1, 2]  # her own


def look(page, path):
    """Ask for an address as the page would."""
    assert page.evaluate("(path) => fetch(path).then((answer) => answer.status)", path) == 200


def until(is_so, seconds=5):
    """Wait until it is so."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)
