"""Two analysts and a curator, from invitation to gold, on a real article: each in her browser."""

import re
from collections import Counter

import pytest
from playwright.sync_api import expect

from annotations.models import Annotation, Assignment, Case, Decision, Overruling
from corpus_app.models import User
from tests.browser.bench import press, saved
from tests.corpus import needs_corpus, raw

pytestmark = pytest.mark.engine

ARTICLE = "raw/002_2b389845b29a7cc8.txt"
PROJECT = "/projects/two-powers"
QUEUE = re.compile(r"://[^/]+/$")
PASSWORD = "seven quiet harbours"
# What each marks, from the article's first sentence on: a claim's type, the author as claimant,
# a concept and the stance towards it.
FIRST, SECOND, THIRD = ("f", "@", "n", "1"), ("d", "@", "t", "1"), ("p", "@", "w", "1")
OTHER_FIRST = ("f", "@", "n", "2")


def found_project(page) -> None:
    page.get_by_label("Name").fill("Two powers")
    page.get_by_label("Actors and claims").check()
    page.get_by_role("button", name="Make the project").click()
    expect(page.get_by_role("navigation", name="Two powers")).to_be_visible()


def invitation(page, role: str, uses: int) -> str:
    """The link that somebody is sent."""
    page.goto(f"{PROJECT}/people/")
    page.get_by_label("They join as").select_option(label=role)
    page.get_by_label("How many").fill(str(uses))
    page.get_by_role("button", name="Make the link").click()
    return page.locator("#link").inner_text()


def join(page, link: str, name: str) -> None:
    """Follow the link, make an account, and be in."""
    page.goto(link)
    new = page.get_by_role("region", name="I am new here")
    new.get_by_label("User name").fill(name)
    new.get_by_label("Password", exact=True).fill(PASSWORD)
    new.get_by_label("The same password again").fill(PASSWORD)
    new.get_by_role("button", name="Make my account and join").click()
    expect(page.get_by_role("link", name="Inbox")).to_be_visible()


def bring_in(page) -> None:
    page.goto(f"{PROJECT}/import/")
    page.get_by_label("Paste the text").fill(raw(ARTICLE).decode())
    page.get_by_role("button", name="Read it").click()
    page.get_by_role("button", name="Store the article").click()
    expect(page.get_by_text("Stored:")).to_be_visible()


def spread(page) -> None:
    """Give the article to both analysts."""
    page.goto(f"{PROJECT}/board/spread/")
    page.get_by_role("button", name="Make a plan").click()
    page.get_by_role("button", name="Assign as planned").click()
    expect(page.get_by_role("heading", name="Board")).to_be_visible()


def code(page, *marks) -> None:
    """Open the article from the queue, mark it by keys and hand it in."""
    page.goto("/")
    page.locator(".row h3 a").first.click()
    page.wait_for_selector("#workbench[data-ready]")
    for mark in marks:
        press(page, *mark, "ArrowDown")
    saved(page)
    page.get_by_role("button", name="Hand in", exact=True).click()
    page.get_by_role("button", name="Hand in now").click()
    expect(page).to_have_url(QUEUE)


def decide(page) -> None:
    """Take over what is agreed; then take Ada's version of one case and reject the other."""
    page.goto(f"{PROJECT}/adjudication/")
    page.get_by_role("link", name="Take over").click()
    page.get_by_role("button", name="Take over").click()
    page.goto(f"{PROJECT}/adjudication/")
    page.locator(".row h3 a").first.click()
    for told in (2, 3):
        expect(page.get_by_text(f"{told - 1} of 3 decided")).to_be_visible()
        page.wait_for_load_state()
        two = page.get_by_role("button", name="Accept").count() > 1
        press(page, *(("r", *"The measure is called needed.", "Escape", "1") if two else ("x",)))
    expect(page.get_by_text("3 of 3 decided")).to_be_visible()


@needs_corpus
def test_from_invitation_to_gold(window_of, transactional_db):
    root = User.objects.create_superuser("root", password=PASSWORD)
    manager = window_of(root).new_page()
    manager.goto("/projects/new/")
    found_project(manager)
    analysts, curators = invitation(manager, "Analyst", 2), invitation(manager, "Curator", 1)
    pages = {name: window_of().new_page() for name in ("ada", "ben", "cora")}
    for name, link in (("ada", analysts), ("ben", analysts), ("cora", curators)):
        join(pages[name], link, name)
    bring_in(manager)
    spread(manager)
    code(pages["ada"], FIRST, SECOND, THIRD)
    code(pages["ben"], OTHER_FIRST, SECOND)
    assert set(Assignment.objects.values_list("state", flat=True)) == {"handed_in"}
    assert Counter(Case.objects.values_list("disagreement", flat=True))[0] == 1

    decide(pages["cora"])
    assert Counter(Decision.objects.values_list("outcome", flat=True)) == {
        "unanimous": 1, "accepted": 1, "rejected": 1,
    }  # fmt: skip
    assert set(Case.objects.values_list("state", flat=True)) == {"decided"}
    gold = Annotation.objects.standing().filter(layer="gold")
    assert sorted(gold.values_list("codings__tag__label", "codings__stance")) == sorted([
        ("Factual assertion", ""), ("The measure is needed", "support"),
        ("Demand", ""), ("The measure should be taken", "support"),
    ])  # fmt: skip
    assert {one.author.username for one in gold} == {"cora"}
    overruled = Overruling.objects.values_list("analyst__username", "decision__outcome")
    assert sorted(overruled) == [("ada", "rejected"), ("ben", "accepted")]
    pages["ben"].goto("/inbox/")
    expect(pages["ben"].get_by_role("main")).to_contain_text("cora")
