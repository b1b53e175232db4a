"""Every page is judged by axe-core: by day on a wide screen, at night on a narrow one.

What is left out belongs to Django's admin: empty heads of columns, and a field whose label is a
picture with a text.
"""

import io

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from annotations import annotating, desk_keeping, discussing, hooking, releasing
from annotations.content import Code, Content, Part, Tie
from annotations.exchange.importing import imported
from annotations.models import ClaimTag
from corpus_app.models import Actor, Role
from tests import factories
from tests.browser.bench import go, press

WIDE = {"viewport": {"width": 1440, "height": 900}, "color_scheme": "light"}
NARROW = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NOT_OURS = ("empty-table-header", "label-title-only")
OPTIONS = {
    "runOnly": RULES,
    "preload": False,  # reading style sheets anew, axe asks for addresses that are not there
    "rules": {rule: {"enabled": False} for rule in NOT_OURS},
}
both = pytest.mark.parametrize("look", [WIDE, NARROW], ids=["wide-light", "narrow-dark"])


STILL = """() => Promise.all(
  document.getAnimations()
    .filter((one) => one.effect.getComputedTiming().endTime < Infinity)
    .map((one) => one.finished.catch(() => null)))"""


def violations(page) -> list[str]:
    """What is wrong with the page as it stands, once no colour is on its way to another."""
    page.emulate_media(reduced_motion="reduce")
    page.evaluate(STILL)
    found = Axe().run(page, options=OPTIONS)
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in found.response["violations"]
        for node in violation["nodes"]
    ]


@pytest.fixture
def opened(window_of):
    """A page of a person, on which axe may run despite the content security policy."""
    return lambda person, look: window_of(person, bypass_csp=True, **look).new_page()


@both
def test_the_workbench_in_every_state(opened, look, article, analyst, console):
    console.expect("status of 412")
    claim = factories.claim(article, analyst, 0, 11)
    page = opened(analyst, look)
    go(page, article)
    assert violations(page) == []
    page.locator("#text mark").click()
    assert violations(page) == []
    press(page, "/")
    assert violations(page) == []
    press(page, "Escape", "?")
    assert violations(page) == []
    press(page, "Escape")
    elsewhere = Content("claim", ((4, 11, None),))
    annotating.rewrite(by=analyst, annotation=claim, seen=1, content=elsewhere)
    press(page, "@")
    page.get_by_role("alert", name="Two versions").wait_for()
    assert violations(page) == []
    page.get_by_role("button", name="Keep mine").click()
    press(page, "Escape", "j", "Shift+ArrowRight")
    assert violations(page) == []


@both
def test_the_panel_of_a_whole_claim(opened, look, article, analyst):
    ada, office = (str(pk) for pk in Actor.objects.order_by("name").values_list("pk", flat=True))
    stated = factories.claim(article, analyst, 0, 20)
    other = factories.plain_article(article.project, "The strait will be calm. Nobody doubts it.\n")
    elsewhere = factories.claim(other, analyst, 0, 24)
    tags = {tag.slug: tag for tag in ClaimTag.objects.all()}
    whole = factories.claim(
        article, analyst, 21, 51, certainty="low", flagged=True, note="Said twice.",
        parts=(
            Part("claimant", ada), Part("target", office),
            Part("voice", ada, "", "distances"), Part("voice", None, "outlet", "endorses"),
        ),
        codes=(Code(str(tags["fact"].pk)), Code(str(tags["calm"].pk), "oppose")),
        links=(Tie("contradicts", str(stated.pk)), Tie("restates", str(elsewhere.pk))),
    )  # fmt: skip
    tall = {"viewport": {**look["viewport"], "height": 2600}}  # the panel's edge cuts no button
    page = opened(analyst, {**look, **tall})
    page.goto(f"/articles/{article.pk}/#annotation-{whole.pk}")
    page.get_by_role("region", name="Links").wait_for()
    assert violations(page) == []
    press(page, "|", "[")
    assert violations(page) == []
    press(page, "/")
    page.keyboard.type("strait")
    page.get_by_role("option", name="The strait will be calm.").wait_for()
    assert violations(page) == []


@both
def test_the_workbench_where_work_is_at_stake(opened, look, article, analyst, console):
    console.expect("status of 412", "status of 401")
    claim = factories.claim(article, analyst, 0, 11)
    annotating.rewrite(
        by=analyst, annotation=claim, seen=1,
        content=Content("claim", ((0, 11, None),), note="from there"),
    )  # fmt: skip
    page = opened(analyst, look)
    go(page, article)
    press(page, "Alt+r")
    page.get_by_text("You have removed nothing").wait_for()
    assert violations(page) == []
    press(page, "Escape")
    page.locator("#text mark").click()
    press(page, "Alt+h")
    page.get_by_role("insertion").wait_for()
    assert violations(page) == []
    press(page, "Escape")
    elsewhere = Content("claim", ((4, 11, None),), note="from there again")
    annotating.rewrite(by=analyst, annotation=claim, seen=2, content=elsewhere)
    page.get_by_label("Note").fill("from here")
    page.get_by_label("Note").blur()
    page.get_by_role("region", name="Both in one").wait_for()
    assert violations(page) == []
    page.get_by_role("button", name="Save both in one").click()
    page.locator("#status", has_text="Saved").wait_for()
    press(page, "Delete")
    page.locator("#status", has_text="Saved").wait_for()
    press(page, "Alt+r")
    page.get_by_role("button", name="Restore: ").wait_for()
    assert violations(page) == []
    press(page, "Escape")
    page.context.clear_cookies()
    press(page, "Control+z")
    page.get_by_role("button", name="sign in").click()
    page.get_by_label("Password").fill("wrong")
    press(page, "Enter")
    page.get_by_role("alert").filter(has_text="does not open").wait_for()
    assert violations(page) == []


@both
def test_the_thread_of_an_annotation(opened, look, article, analyst):
    claim = factories.claim(article, analyst, 0, 11)
    curator = factories.member(article.project, Role.CURATOR, user__username="cora")
    for by in (curator, analyst, analyst):
        made, _ = discussing.comment(by=by, annotation=claim, text="Two\nlines, نعم.")
    discussing.remove(by=analyst, comment=made, seen=1)
    page = opened(analyst, look)
    go(page, article)
    page.locator("#text mark").click()
    page.locator(".wb-thread li").nth(2).wait_for()
    press(page, "_")
    page.keyboard.type("Ask @co")
    assert violations(page) == []
    press(page, "Enter")
    page.get_by_role("button", name="Change", exact=True).click()
    assert violations(page) == []


@both
def test_the_workbench_with_others_at_it(opened, look, article, analyst):
    article.project.blind = False
    article.project.save()
    for first, last in (("Bram", "Visser"), ("Ines", "Okoye")):
        other = factories.member(article.project, user__first_name=first, user__last_name=last)
        factories.claim(article, other, 0, 11)
        desk_keeping.arrive(by=other, article=article)
    page = opened(analyst, look)
    go(page, article)
    page.locator("[data-part=here] summary").click()
    page.get_by_text("Ines Okoye").first.wait_for()
    assert violations(page) == []


@both
def test_pages_of_an_analyst(opened, look, article, analyst, console):
    console.expect("status of 404")
    page = opened(analyst, look)
    for path in (reverse("home"), reverse("tokens"), "/nowhere/"):
        page.goto(path)
        assert violations(page) == []


@both
def test_pages_of_a_curator(opened, look, article, analyst, console):
    curator = factories.member(article.project, Role.CURATOR)
    factories.claim(article, analyst, 0, 11)
    page = opened(curator, look)
    page.goto(reverse("import", args=[article.project.slug]))
    assert violations(page) == []
    broken = {"name": "broken.docx", "mimeType": "", "buffer": b"PK\x03\x04 and no more"}
    page.get_by_label("or choose a file").set_input_files(broken)
    console.expect("status of 400")
    page.get_by_role("button", name="Read it").click()
    page.get_by_text("broken.docx: ").wait_for()
    assert violations(page) == []
    menu = "Share on Facebook\n\nShare on Twitter\n\n" * 5
    page.get_by_label("Paste the text").fill(
        f"A title\n\nBy Ada Quill\n\n{'A sentence of a body. ' * 40}\n\n{menu}"
    )
    page.get_by_role("button", name="Read it").click()
    page.get_by_role("heading", name="What is what?").wait_for()
    assert violations(page) == []
    page.get_by_role("button", name="10 dropped lines").click()
    assert violations(page) == []
    actor, tag = Actor.objects.first(), ClaimTag.objects.first()
    for path in (
        reverse("admin:index"),
        reverse("admin:corpus_app_actor_changelist"),
        reverse("admin:corpus_app_actor_change", args=[actor.pk]),
        reverse("admin:annotations_claimtag_change", args=[tag.pk]),
        reverse("admin:annotations_assignment_add"),
        reverse("admin:annotations_annotation_changelist"),
    ):
        page.goto(path)
        assert violations(page) == [], path


@both
def test_pages_of_what_goes_out_and_comes_in(opened, look, article, analyst):
    manager = factories.member(article.project, Role.MANAGER)
    factories.claim(article, analyst, 0, 11)
    made = [releasing.release(by=manager, project=article.project, name=n) for n in ("A", "B")]
    webhook = hooking.create(
        by=manager, project=article.project, name="Archive", url="https://example.org/"
    )
    hooking.ping(by=manager, webhook=webhook)
    [*_, sent] = imported(
        by=manager, project=article.project, format="doccano", name="labelled.jsonl",
        file=io.BytesIO(b'{"text": "A storm.", "label": [[0, 99, "STORM"]]}\n'),
    )  # fmt: skip
    page = opened(manager, look)
    slug = article.project.slug
    for path in (
        f"{reverse('exchange', args=[slug])}?format=conll",
        reverse("import-report", args=[sent.pk]),
        reverse("releases", args=[slug]),
        reverse("release", args=[made[0].pk]),
        reverse("release-difference", args=[made[1].pk, made[0].pk]),
        reverse("network", args=[slug]),
        reverse("hooks", args=[slug]),
        reverse("hook", args=[slug, webhook.pk]),
    ):
        page.goto(path)
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    page.get_by_text("Manage").click()
    page.get_by_role("link", name="Webhooks").last.wait_for()
    assert violations(page) == []


@both
@pytest.mark.parametrize("name", ["change", "merge", "split", "doubles", "copy"])
def test_pages_of_the_registry(opened, look, project, name):
    curator = factories.member(project, Role.CURATOR)
    town, other = (factories.actor(project, n) for n in ("Harbour Town", "Harbor Office"))
    one = factories.actor(project, "Harbour Office", part_of=town, aliases=(("Pier", False),))
    of_one = [] if name in ("doubles", "copy") else [one.pk]
    page = opened(curator, look)
    page.goto(f"{reverse(f'admin:corpus_app_actor_{name}', args=of_one)}")
    assert violations(page) == []
    if name == "merge":
        page.get_by_label("Merge into").fill(other.name)
        page.get_by_role("button", name="Look").click()
        page.get_by_text("stands for both").wait_for()
        assert violations(page) == []
        page.get_by_role("button", name="Merge into").click()
        page.get_by_role("link", name="The history of").wait_for()
        assert violations(page) == []
        page.goto(reverse("admin:corpus_app_actor_change", args=of_one))
        page.get_by_text("stands for it everywhere").wait_for()
        assert violations(page) == []


@both
def test_pages_before_and_beside(opened, look, db):
    page = opened(None, look)
    page.goto(reverse("sign-in"))
    assert violations(page) == []
