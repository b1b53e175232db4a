"""Texts in other scripts: marked by mouse and by keyboard, set right, exported as they stand."""

import csv
import io

import pytest
from playwright.sync_api import expect

from corpus_app.models import Role
from tests import exchange, factories
from tests.browser.bench import drag, go, press, quotes, saved

# language, the text, where a drag begins and ends, what it marks; keys, what they mark
SCRIPTS = {
    "Arabic": (
        "ar", "قال مكتب المدّ إن البحر هادئ. ولم يقل أحد في الميناء شيئًا غير ذلك.",
        ("البحر", "هادئ"), "البحر هادئ",
        ["Shift+ArrowLeft"] * 2, "قال مكتب",
    ),
    "Chinese": (
        "zh", "潮汐局说海面平静，渡船将在黎明启航。港口里没有人这样说。",
        ("海面", "平静"), "海面平静",
        ["Shift+Alt+ArrowRight"] * 3, "潮汐局",
    ),
    "Japanese": (
        "ja", "潮汐局は海が穏やかだと言う。港では誰もそう言わない。",
        ("港では", "誰も"), "港では誰も",
        ["Shift+Alt+ArrowRight"] * 4, "潮汐局は",
    ),
    "emoji and combining marks": (
        "", "So 👨‍👩‍👧‍👦 took the 🇺🇸 ferry to q\u0304uay 𠮷野. Nobody waved 👋🏽 back.",
        ("q\u0304uay", "𠮷野"), "q\u0304uay 𠮷野",
        ["Shift+Alt+ArrowRight"] * 4, "So 👨‍👩‍👧‍👦",
    ),
}  # fmt: skip


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_stretch_is_the_same_on_the_page_in_the_database_and_in_every_export(
    project, window_of, script
):
    language, text, ends, dragged, keys, keyed = SCRIPTS[script]
    factories.small_codebook(project)
    article = factories.plain_article(project, text, language=language)
    analyst = factories.member(project)
    factories.assigned(article, analyst)
    page = window_of(analyst).new_page()
    go(page, article)
    press(page, *keys, "f")
    saved(page)
    drag(page, *ends)
    press(page, "n")
    expect(page.locator("#text mark")).to_have_count(2)
    saved(page)
    revision = article.revisions.get()
    assert sorted(quotes()) == sorted([keyed, dragged])
    assert sorted(page.locator("#text mark").all_text_contents()) == sorted([keyed, dragged])
    assert page.locator("[data-passage]").all_text_contents() == [revision.text.rstrip("\n")]
    assert exported(project, factories.member(project, Role.CURATOR)) == {
        format: sorted([keyed, dragged]) for format in ("jsonl", "csv")
    }


def exported(project, curator):
    """The quotes that the whole project's exports give, by format."""
    lines = exchange.lines_of(exchange.exported(curator, project))
    table = csv.DictReader(io.StringIO(exchange.exported(curator, project, "csv")))
    spans = [span for line in lines for span in line.get("spans", ())]
    return {
        "jsonl": sorted(span["quote"] for span in spans),
        "csv": sorted(row["quote"] for row in table),
    }


def test_an_arabic_article_has_its_numbers_on_the_right(project, window_of):
    article = factories.plain_article(project, SCRIPTS["Arabic"][1])  # its language is not known
    page = window_of(factories.member(project)).new_page()
    go(page, article)
    passage = page.locator("[data-passage]")
    number = "element => getComputedStyle(element, '::before').right"
    paddings = (
        "element => [getComputedStyle(element).paddingLeft, getComputedStyle(element).direction]"
    )
    assert passage.evaluate(number) == "0px"
    assert passage.evaluate(paddings) == ["0px", "rtl"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
