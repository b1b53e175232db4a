"""Two analysts and a curator on the same real article, each in a browser of her own."""

import re

import pytest

from corpus_app.models import Role
from tests import exchange, factories
from tests.browser.bench import drag, go, marked, press, saved
from tests.corpus import needs_corpus

SHORT = re.compile(r"(?<=[.] )[A-Z][^.\n]{15,45}[.](?= [A-Z])")


@pytest.fixture
def real_article(transactional_db):
    project, _ = exchange.real_project()
    return project.article_set.get(raw_name__contains="002_")


@needs_corpus
def test_neither_sees_the_others_marks_and_the_curator_sees_both(window_of, real_article):
    project = real_article.project
    pages = []
    quotes = SHORT.findall(real_article.revisions.get().text)[:2]
    for quote in quotes:
        analyst = factories.member(project)
        factories.assigned(real_article, analyst)
        page = window_of(analyst).new_page()
        go(page, real_article)
        page.get_by_text(quote).first.scroll_into_view_if_needed()
        drag(page, quote, quote)
        press(page, "e")
        saved(page)
        pages.append(page)
    for page, quote in zip(pages, quotes, strict=True):
        page.reload()
        page.wait_for_selector("#workbench[data-ready]")
        assert "".join(marked(page)) == quote
    curator = window_of(factories.member(project, Role.CURATOR)).new_page()
    go(curator, real_article)
    seen = "".join(marked(curator))
    assert [quote in seen for quote in quotes] == [True, True]
