"""A curator decides an article's cases by keys alone: accept, combine, edit, reject, ask."""

import pytest
from playwright.sync_api import expect

from annotations.models import Case, Decision
from tests.browser.test_accessibility import violations
from tests.test_adjudication import Team, content

STARTS = (20, 30, 40, 50, 60)


@pytest.fixture
def team(transactional_db):
    team = Team()
    for start in STARTS:
        team.claim(team.ada, start, start + 8, note="Hers.")
        team.claim(team.bo, start, start + 8, tag="norm", actor=team.quay)
    team.cases = team.hand_in()
    return team


def decided(nth: int) -> Decision:
    return Decision.objects.get(case=Case.objects.order_by("start")[nth])


def comes(page, case: str) -> None:
    """Wait until this case is at hand and its keys are heard."""
    expect(page.locator("#case h2")).to_contain_text(case)
    page.wait_for_selector("#decide[data-ready]")


def test_five_cases_are_settled_by_keys_alone(visit, team):
    page = visit(f"/articles/{team.article.pk}/adjudicate/", team.curator)
    press = page.keyboard.press
    comes(page, "Case 1")
    assert violations(page) == []
    press("2")
    comes(page, "Case 2")
    assert content(decided(0).gold).codes == (team_code(team, "norm"),)

    page.locator("[name='take-claimant']").first.focus()
    press("ArrowRight")
    page.locator("[name='take-facet:claim-type']").first.focus()
    press("Space")
    press("r")
    page.keyboard.type("nx1 are letters here.")
    page.reload()
    comes(page, "Case 2")
    expect(page.get_by_label("Reason")).to_have_value("nx1 are letters here.")
    expect(page.locator("[name='take-claimant']").nth(1)).to_be_checked()
    press("Enter")
    comes(page, "Case 3")
    assert (decided(1).outcome, decided(1).reason) == ("combined", "nx1 are letters here.")

    page.locator("[name='take-spans']").first.focus()
    press("e")
    page.get_by_role("button", name="End a word later").focus()
    press("Enter")
    quote = page.locator("[data-quote]").inner_text()
    for field in ("claimant", "facet:claim-type"):
        page.locator(f"[name='take-{field}']").first.focus()
        press("Space")
    press("Enter")
    comes(page, "Case 4")
    assert (decided(2).outcome, decided(2).gold.spans.get().quote) == ("edited", quote)

    press("x")
    comes(page, "Case 5")
    assert decided(3).outcome == "rejected"
    press("p")
    comes(page, "Case 4")
    press("n")
    comes(page, "Case 5")
    press("a")
    page.keyboard.type("Who says so?")
    press("Tab")
    press("Enter")
    expect(page.get_by_text("The coders are asked.")).to_be_visible()
    dark = visit(
        f"/articles/{team.article.pk}/adjudicate/?case={team.cases[4].pk}", team.curator,
        viewport={"width": 390, "height": 844}, color_scheme="dark",
    )  # fmt: skip
    dark.locator("[value=typed]").first.check()
    assert violations(dark) == []
    assert dark.evaluate("document.documentElement.scrollWidth") == 390


def team_code(team, slug):
    return content(team.cases[0].members.get(annotation__author=team.bo).annotation).codes[0]
