"""What people are called and what they write is text to every page, whatever is in it."""

import pytest
from playwright.sync_api import expect

from annotations import annotating, desk_keeping, discussing
from annotations.content import Tie
from annotations.models import Annotation, ClaimTag
from corpus_app.models import Article, Story, User
from tests import api, factories
from tests.browser.bench import press, saved

EVIL = '<img src=x onerror="alert(1)"><script>alert(1)</script>'


@pytest.fixture
def desk(transactional_db):
    desk = api.desk()
    desk.project.blind = False
    desk.project.save()
    return desk


def test_a_name_in_any_script_can_save_and_sign_in_again(visit, desk):
    lena = factories.member(desk.project, user__username="лена.ł")
    factories.assigned(desk.article, lena)
    page = visit(f"/articles/{desk.article.pk}/", lena)
    page.wait_for_selector("#workbench[data-ready]")
    press(page, "Shift+ArrowRight", "f")
    saved(page)
    assert Annotation.objects.get().author == lena


def test_markup_in_what_others_wrote_is_shown_as_it_is(visit, desk):
    User.objects.filter(pk=desk.ben.pk).update(first_name=EVIL)
    ClaimTag.objects.all().update(definition=EVIL, label=EVIL, examples=[EVIL])
    story = Story.objects.create(project=desk.project, title=EVIL)
    other = factories.plain_article(desk.project, "Another text.\n", by=desk.cora)
    Article.objects.all().update(title=EVIL, story=story)
    there = factories.claim(other, desk.ben, note=EVIL)
    claim = factories.claim(desk.article, desk.ben, note=EVIL)
    annotating.link(by=desk.ben, annotation=claim, links=[Tie("supports", str(there.pk))])
    said = {"text": f"{EVIL} @ada-strait", "mentions": ["ada-strait"]}
    discussing.comment(by=desk.ben, annotation=claim, **said)
    page = visit("/", desk.ada)
    expect(page.get_by_text(EVIL).first).to_be_visible()
    desk_keeping.arrive(by=desk.ben, article=desk.article)
    page.goto(f"/articles/{desk.article.pk}/#annotation-{claim.pk}")
    expect(page.locator(".wb-thread .said")).to_contain_text(EVIL)
    expect(page.locator(".wb-thread .by")).to_contain_text(EVIL)
    expect(page.locator("[data-part=here]")).to_contain_text(EVIL)
    expect(page.locator(".wb-links")).to_contain_text(EVIL)
    press(page, "Alt+h")
    expect(page.locator(".wb-versions:not(.waiting)")).to_contain_text(EVIL)
    press(page, "Escape", "/")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.type("img src")
    expect(page.get_by_role("option").first).to_contain_text(EVIL)
    page.goto(f"/stories/{story.pk}/side-by-side/")
    expect(page.locator("#workbench[data-ready], .workbench[data-ready]")).to_have_count(2)
    expect(page.locator("h1").first).to_contain_text(EVIL)
    assert page.locator("main img, dialog img, script:not([src]):not([type])").count() == 0
