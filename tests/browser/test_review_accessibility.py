"""The review pages and the rules of outlets, judged by axe-core."""

import pytest
from django.urls import reverse

from corpus_app import outlets, rules
from corpus_app.models import Role
from corpus_app.outlets import OutletValues
from corpus_app.text.learnt import Rule
from tests import factories
from tests.browser.bench import press
from tests.browser.test_accessibility import both, violations

pytestmark = pytest.mark.django_db(transaction=True)

TEXT = (
    "The strait is calm\n\nThe Harbour Office says that it is calm, and nobody doubts it.\n\n"
    "Join our circle of readers.\n\nRead on with us.\n"
)


@both
def test_the_review_of_a_stored_article_and_the_rules_of_its_outlet(window_of, look):
    project = factories.ProjectFactory()
    curator = factories.member(project, Role.CURATOR)
    values = OutletValues("The Quay")
    quay = outlets.create_outlet(by=curator, project=project, values=values)
    join = Rule("words", "Join our circle of readers.", None, "boilerplate")
    [row] = rules.adopt(by=curator, outlet=quay, rules=[join])
    articles = [
        factories.plain_article(project, TEXT.replace("calm", word), outlet="The Quay")
        for word in ("calm", "wild")
    ]
    start = articles[0].revisions.get().text.index("Join our")
    factories.claim(articles[0], curator, start, start + 8)
    page = window_of(curator, bypass_csp=True, **look).new_page()
    page.goto(reverse("review-article", args=[articles[0].pk]))
    page.locator("form.review[data-ready]").wait_for()
    page.get_by_label("Role of line 5").focus()
    press(page, "Shift+ArrowDown", "x")
    page.locator("[data-offers] input").first.wait_for()
    assert violations(page) == []
    page.goto(reverse("apply-rules", args=[quay.pk]))
    assert violations(page) == []
    page.get_by_role("button", name="Apply to the ticked").click()
    page.get_by_text("1 of 1 changed.").wait_for()
    assert violations(page) == []
    for thing in (quay, row, articles[0]):
        name = thing._meta.model_name
        page.goto(reverse(f"admin:corpus_app_{name}_change", args=[thing.pk]))
        assert violations(page) == [], name
