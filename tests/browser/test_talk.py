"""Comments in the workbench: said, answered, kept, undone, and never told to whom they are not."""

import pytest
from playwright.sync_api import expect

from annotations import codebook, discussing
from annotations.models import Annotation, Comment, Notice
from tests import api, factories
from tests.browser.bench import NETWORK, press, saved


@pytest.fixture
def desk(transactional_db):
    return api.desk()


@pytest.fixture
def claim(desk):
    return factories.claim(desk.article, desk.ada)


def thread(page):
    return page.locator(".wb-thread .said").all_text_contents()


def at(claim):
    return f"/articles/{claim.article_id}/#annotation-{claim.pk}"


def ready(page):
    page.wait_for_selector("#workbench[data-ready]")


def stored():
    return list(Comment.objects.filter(deleted=None).values_list("text", flat=True))


def test_a_comment_is_written_by_keys_alone_names_a_colleague_and_is_undone(visit, desk, claim):
    page = visit(f"/articles/{desk.article.pk}/", desk.ada)
    ready(page)
    press(page, "_")
    expect(page.locator("[data-part=told]")).to_contain_text("Open a mark first")
    press(page, "]", "_")
    page.keyboard.type("Is this a norm, @co")
    expect(page.get_by_role("option", name="cora-strait")).to_be_visible()
    press(page, "Enter")
    page.keyboard.type("?")
    expect(page.locator(".wb-talk-hint:not(:empty)")).to_contain_text("Names cora-strait")
    press(page, "Enter")
    page.keyboard.type("I think so.")
    press(page, "Control+Enter")
    expect(page.locator(".wb-thread .said")).to_have_count(1)
    assert thread(page) == ["Is this a norm, @cora-strait ?\nI think so."]
    saved(page)
    assert Notice.objects.get().person == desk.cora
    expect(page.locator(".wb-card .talk")).to_have_text("1 comment")
    press(page, "Escape", "Control+z")
    expect(page.locator(".wb-thread .gone")).to_have_text("Taken back.")
    saved(page)
    assert stored() == []
    press(page, "Control+Shift+z")
    expect(page.locator(".wb-thread .said")).to_have_count(1)
    saved(page)
    assert len(stored()) == 1


def test_what_is_typed_and_not_sent_is_there_after_a_reload(visit, desk, claim, console):
    console.expect("status of 412", NETWORK)
    page = visit(at(claim), desk.ada)
    ready(page)
    press(page, "_")
    page.keyboard.type("Half a thou")
    page.reload()
    ready(page)
    field = page.get_by_label("Comment on this annotation")
    expect(field).to_have_value("Half a thou")
    page.context.set_offline(True)
    press(page, "_", "End")
    page.keyboard.type("ght.")
    press(page, "Control+Enter")
    expect(page.locator(".wb-thread .state")).to_have_text("not saved yet")
    expect(field).to_have_value("")
    page.context.set_offline(False)
    saved(page)
    assert stored() == ["Half a thought."]
    page.context.set_offline(True)
    page.get_by_role("button", name="Change", exact=True).click()
    page.get_by_label("Change your comment").fill("A whole thought.")
    press(page, "Control+Enter")
    discussing.rewrite(by=desk.ada, comment=Comment.objects.get(), seen=1, text="Elsewhere.")
    page.context.set_offline(False)
    expect(page.get_by_role("alert")).to_contain_text("Stored: Elsewhere.")
    page.get_by_role("button", name="Keep mine").click()
    saved(page)
    assert stored() == ["A whole thought."]


def test_who_is_asked_comes_from_the_queue_answers_and_is_asked_no_more(visit, desk, claim):
    asked, _ = discussing.comment(
        by=desk.ada, annotation=claim, text="<b>Why</b>, @cora-strait?", mentions=["cora-strait"]
    )
    page = visit("/", desk.cora)
    page.get_by_role("link", name="<b>Why</b>, @cora-strait?").click()
    ready(page)
    expect(page.locator(".wb-thread .said")).to_have_text("<b>Why</b>, @cora-strait?")
    page.get_by_label("Comment on this annotation").fill("Because.")
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.locator(".wb-thread .said")).to_have_count(2)
    saved(page)
    own = page.locator(".wb-thread li").nth(1)
    own.get_by_role("button", name="Change").click()
    page.get_by_label("Change your comment").fill("Because it is.")
    press(page, "Control+Enter")
    expect(own.locator(".said")).to_have_text("Because it is.")
    saved(page)
    own.get_by_role("button", name="Take back").click()
    expect(own.locator(".gone")).to_be_visible()
    own.get_by_role("button", name="Bring back").click()
    expect(own.locator(".said")).to_have_text("Because it is.")
    saved(page)
    assert stored() == [asked.text, "Because it is."]
    page.goto("/")
    expect(page.get_by_text("Asked of you")).to_have_count(0)


def test_what_others_say_arrives_while_the_page_is_open(visit, desk, claim):
    desk.project.blind = False
    desk.project.save()
    other = factories.claim(desk.article, desk.ada, 8, 16)
    page = visit(at(claim), desk.ada)
    ready(page)
    for annotation in (claim, other):
        discussing.comment(
            by=desk.ben, annotation=annotation, text="@ada-strait!", mentions=["ada-strait"]
        )
    expect(page.locator(".wb-thread .said")).to_have_text("@ada-strait!")
    asks = page.locator(".wb-card", has_text="you are asked")
    expect(asks).to_have_count(1)
    expect(page.locator(f'.wb-card[data-id="{claim.pk}"] .talk')).to_have_text("1 comment")
    asks.click()
    expect(page.locator(".wb-card", has_text="you are asked")).to_have_count(0)
    assert not Notice.objects.filter(read=None).exists()


def test_what_was_said_of_an_annotation_that_is_never_made_goes_with_it(visit, desk, console):
    console.expect("status of 400", NETWORK)
    page = visit(f"/articles/{desk.article.pk}/", desk.ada)
    ready(page)
    page.context.set_offline(True)
    press(page, "Shift+ArrowRight", "f", "_")
    page.keyboard.type("Is it?")
    press(page, "Control+Enter")
    expect(page.locator(".wb-thread .state")).to_have_text("not saved yet")
    codebook.retire(by=desk.cora, thing=desk.fact, seen=desk.fact.version)
    page.context.set_offline(False)
    expect(page.locator("#status")).to_contain_text("1 change needs you")
    press(page, "Escape", "Delete")
    saved(page)
    assert (stored(), Annotation.objects.count()) == ([], 0)


def test_words_on_what_is_hidden_meanwhile_are_given_back(visit, desk, console):
    console.expect("status of 400", NETWORK)
    desk.project.blind = False
    desk.project.save()
    foreign = factories.claim(desk.article, desk.ben)
    page = visit(at(foreign), desk.ada)
    ready(page)
    page.context.set_offline(True)
    press(page, "_")
    page.keyboard.type("Why?")
    press(page, "Control+Enter")
    expect(page.locator(".wb-thread .state")).to_have_text("not saved yet")
    desk.project.blind = True
    desk.project.save()
    page.context.set_offline(False)
    expect(page.locator("#status")).to_contain_text("1 change needs you")
    page.reload()
    ready(page)
    page.get_by_role("button", name="1 change needs you").click()
    expect(page.locator("[data-part=told]")).to_contain_text("Your words stand below it")
    expect(page.locator("#status")).to_have_attribute("data-state", "saved")
    desk.project.blind = False
    desk.project.save()
    page.reload()
    ready(page)
    expect(page.get_by_label("Comment on this annotation")).to_have_value("Why?")
    assert stored() == []
