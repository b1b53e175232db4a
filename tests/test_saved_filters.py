"""Filters of the desk's lists that somebody keeps under a name: her own, and only what is asked."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from corpus_app import filing
from corpus_app.models import Event, SavedFilter
from tests import factories

pytestmark = pytest.mark.django_db

ARTICLES = reverse("admin:corpus_app_article_changelist")
SAVE = reverse("admin:corpus_app_article_filter_save")


@pytest.fixture
def curator(client):
    user = factories.member(factories.ProjectFactory(), "curator")
    client.force_login(user)
    return user


def saving(client, address):
    return client.get(address).context["saving"]


def save(client, query, name="Mine"):
    return client.post(SAVE, {"query": query, "name": name})


def test_what_the_list_is_asked_is_saved_opened_and_deleted(client, curator):
    asked = f"{ARTICLES}?q=strait&language=en&p=2"
    assert saving(client, asked)["query"] == "language=en&q=strait"
    answer = save(client, "language=en&q=strait", "  English  straits ")
    assert answer["Location"] == f"{ARTICLES}?language=en&q=strait"
    [(saved, drop)] = saving(client, ARTICLES)["saved"]
    assert (saved.name, saved.query) == ("English straits", "language=en&q=strait")
    assert client.get(f"{ARTICLES}?{saved.query}").status_code == 200
    page = client.get(answer["Location"]).content.decode()
    assert 'aria-current="true"><bdi>English straits</bdi>' in page
    client.post(drop)
    assert saving(client, ARTICLES)["saved"] == []
    assert Event.objects.filter(noun="savedfilter").count() == 0


def test_a_name_that_is_taken_is_given_to_the_new_filter(client, curator):
    save(client, "q=one")
    save(client, "q=two")
    assert SavedFilter.objects.get().query == "q=two"


@pytest.mark.parametrize(
    "query",
    ["raw__contains=a", "outlet__name__regex=(a%2B)%2B", "_connector=OR", "q=x&_negated=1", "p=2"],
)
def test_only_what_the_list_answers_is_saved(client, curator, query):
    assert save(client, query).status_code == 400
    assert SavedFilter.objects.count() == 0


@pytest.mark.parametrize("name", ["", " ", "a\u202eb", "x" * 81])
def test_an_unfit_name_is_refused_and_the_list_stays(client, curator, name):
    answer = save(client, "q=strait", name)
    assert answer["Location"] == f"{ARTICLES}?q=strait"
    [told] = [str(message) for message in client.get(answer["Location"]).context["messages"]]
    assert told.startswith("Not saved.")


@pytest.mark.parametrize("query", ["", "q=" + "x" * 2000])
def test_nothing_and_too_much_are_no_filter(client, curator, query):
    save(client, query)
    assert SavedFilter.objects.count() == 0


def test_nobody_sees_or_deletes_anothers(client, curator):
    own = filing.save(by=curator, model="corpus_app.article", name="Mine", query="q=x")
    client.force_login(factories.member(curator.memberships.get().project, "manager"))
    assert saving(client, ARTICLES)["saved"] == []
    for key in (own.pk, "x", factories.UserFactory().pk):
        drop = reverse("admin:corpus_app_article_filter_drop", args=[key])
        assert client.post(drop).status_code == 404
    assert SavedFilter.objects.get() == own


def test_a_filter_belongs_to_its_list(client, curator):
    own = filing.save(by=curator, model="corpus_app.article", name="Mine", query="q=x")
    actors = reverse("admin:corpus_app_actor_changelist")
    assert saving(client, actors)["saved"] == []
    drop = reverse("admin:corpus_app_actor_filter_drop", args=[own.pk])
    assert client.post(drop).status_code == 404


def test_one_person_keeps_some_not_any_number(curator):
    for n in range(filing.MOST):
        filing.save(by=curator, model="corpus_app.article", name=f"Mine {n}", query="q=x")
    with pytest.raises(filing.FilingError, match="Delete one first"):
        filing.save(by=curator, model="corpus_app.article", name="One more", query="q=x")
    filing.save(by=curator, model="corpus_app.article", name="Mine 0", query="q=y")


def test_saved_filters_cost_one_question_however_many(client, curator):
    def questions():
        with CaptureQueriesContext(connection) as asked:
            client.get(ARTICLES)
        return len(asked)

    client.get(ARTICLES)
    few = questions()
    for n in range(5):
        filing.save(by=curator, model="corpus_app.article", name=f"Mine {n}", query="q=x")
    assert questions() == few
