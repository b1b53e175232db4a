"""Rules of outlets, and what is known of articles, at the desk."""

from datetime import date

import pytest
from django.urls import reverse

from corpus_app import outlets, rules
from corpus_app.models import Article, Event, OutletRule
from corpus_app.outlets import OutletValues
from corpus_app.text.learnt import Rule
from tests import factories
from tests.test_admin_writing import errors, list_of, page_of, save, typed

pytestmark = pytest.mark.django_db

JOIN = Rule("words", "Join us", None, "boilerplate")


@pytest.fixture
def project():
    return factories.ProjectFactory()


@pytest.fixture
def curator(project, client):
    """A curator, signed in."""
    user = factories.member(project, "curator")
    client.force_login(user)
    return user


@pytest.fixture
def quay(project, curator):
    return outlets.create_outlet(by=curator, project=project, values=OutletValues("The Quay"))


@pytest.fixture
def row(curator, quay):
    return rules.add(by=curator, outlet=quay, rule=JOIN)


def test_a_rule_is_made_and_changed(client, curator, quay):
    values = {"outlet": quay.pk, "how": "place", "place": "-1", "role": "bio"}
    assert save(client, list_of(OutletRule, "add"), **values).status_code == 302
    row = OutletRule.objects.get()
    changes = {"how": "words", "words": "Join  us", "place": "", "role": "boilerplate"}
    assert save(client, page_of(row), **changes).status_code == 302
    assert rules.rules_of(quay) == [JOIN]
    told = Event.objects.filter(noun="outletrule").order_by("version")
    assert [(event.verb, event.by) for event in told] == [
        ("created", curator), ("changed", curator),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"how": "words", "words": ""}, "words"),
        ({"how": "place", "place": "0", "words": ""}, "place"),
        ({"how": "begins", "words": "Join", "place": "2"}, "place"),
        ({"how": "magic"}, "how"),
        ({"role": "poem"}, "role"),
    ],
)
def test_a_rule_that_means_nothing_comes_back_as_it_was_typed(client, row, values, field):
    answer = save(client, page_of(row), **values)
    assert (answer.status_code, list(errors(answer))) == (200, [field])
    assert rules.rules_of(row.outlet) == [JOIN]


def test_a_rule_that_somebody_else_changed_is_told(client, curator, row):
    sent = typed(client, page_of(row), role="bio")
    rules.change(by=curator, row=row, seen=1, rule=Rule("words", "Join us", None, "caption"))
    assert client.post(page_of(row), sent).status_code == 412
    assert OutletRule.objects.get().role == "caption"


def test_a_rule_is_retired_and_revived(client, row):
    for action, current in (("retire", []), ("revive", [JOIN])):
        sent = {"action": action, "_selected_action": [row.pk]}
        address = list_of(OutletRule) + "?retired=both"
        assert client.post(address, sent).status_code == 302
        assert rules.rules_of(row.outlet) == current


def test_the_page_of_a_rule_tells_how_many_articles_it_would_change(client, project, row):
    factories.plain_article(project, "The strait is calm.\n\nJoin us\n", outlet="The Quay")
    factories.plain_article(project, "The strait is wild.\n", outlet="The Quay")
    page = client.get(page_of(row)).text
    assert "It would change 1 of 2." in page
    assert f"{reverse('apply-rules', args=[row.outlet_id])}?rule={row.pk}" in page


def test_the_page_of_an_outlet_shows_its_rules(client, row):
    assert "Lines that read “Join us” are boilerplate" in client.get(page_of(row.outlet)).text


def test_the_rules_of_another_project_are_not_there(client, project, row):
    client.force_login(factories.member(factories.ProjectFactory(), "curator"))
    assert client.get(page_of(row)).status_code == 404
    assert "Join us" not in client.get(list_of(OutletRule) + "?retired=both").text


def test_what_is_known_of_an_article_is_changed(client, curator, project, quay):
    article = factories.article(project)
    answer = save(
        client, page_of(article), title="Calm at last", outlet=quay.pk, authors="Ada\r\nBen\r\n",
        published_on="2024-03-05", rights="Ask.\r\nTwice.",
    )  # fmt: skip
    assert answer.status_code == 302
    stored = Article.objects.get()
    assert (stored.title, stored.outlet, stored.authors, stored.published_on, stored.rights) == (
        "Calm at last", quay, ["Ada", "Ben"], date(2024, 3, 5), "Ask.\nTwice.",
    )  # fmt: skip
    event = Event.objects.get(verb="described")
    assert (event.by, event.article_id) == (curator, article.pk)


def test_an_article_saved_unchanged_is_unchanged(client, curator, project):
    article = factories.article(
        project, outlet="The Quay", translators=("Cy Moss",), published_on=date(2024, 3, 5)
    )
    assert save(client, page_of(article)).status_code == 302
    assert Article.objects.get().version == 1


def test_an_article_that_somebody_else_changed_is_told(client, curator, project):
    article = factories.article(project)
    sent = typed(client, page_of(article), title="Second")
    save(client, page_of(article), title="First")
    answer = client.post(page_of(article), sent)
    assert (answer.status_code, errors(answer)["title"]) == (412, ["Now saved: First"])
    assert Article.objects.get().title == "First"


def test_an_empty_list_says_where_rules_come_from(client, curator):
    assert "There is none yet. Rules are learnt" in client.get(list_of(OutletRule)).text
    assert "There is none yet." not in client.get(list_of(OutletRule), {"q": "join"}).text
