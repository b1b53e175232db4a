"""The door for who works on which article."""

from datetime import date

import pytest

from annotations import assigning
from annotations.assigning import AssigningError
from annotations.models import Assignment
from corpus_app.history import Stale
from corpus_app.models import Event
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return factories.ProjectFactory()


@pytest.fixture
def article(project):
    return factories.article(project)


@pytest.fixture
def curator(project):
    return factories.member(project, "curator")


@pytest.fixture
def analyst(project):
    return factories.member(project)


@pytest.fixture
def given(article, analyst, curator):
    return assigning.assign(by=curator, article=article, analyst=analyst, due_on=date(2026, 12, 1))


def test_an_article_is_given_once(given, article, analyst, curator):
    again = assigning.assign(by=curator, article=article, analyst=analyst)
    assert (again, again.due_on) == (given, date(2026, 12, 1))
    event = Event.objects.get(noun="assignment")
    assert (event.verb, event.by, event.author, event.article) == (
        "assigned",
        curator,
        analyst,
        article,
    )


def test_only_members_are_given_articles(article, curator):
    stranger = factories.member(factories.ProjectFactory())
    with pytest.raises(AssigningError) as refused:
        assigning.assign(by=curator, article=article, analyst=stranger)
    assert list(refused.value.messages) == ["analyst"]


def test_work_begins_once(given, article, analyst):
    assigning.begin(by=analyst, article_id=article.pk, analyst=analyst)
    assigning.begin(by=analyst, article_id=article.pk, analyst=analyst)
    given.refresh_from_db()
    assert (given.state, given.version) == ("started", 2)


def test_nobody_begins_what_is_not_hers(article, analyst):
    with pytest.raises(AssigningError, match="not assigned"):
        assigning.begin(by=analyst, article_id=article.pk, analyst=analyst)


def test_work_is_handed_in_and_returned_with_a_comment(given, article, analyst, curator):
    done = assigning.hand_in(by=analyst, assignment=given, seen=1)
    assert (done.state, done.version) == ("handed_in", 2)
    with pytest.raises(AssigningError, match="handed in"):
        assigning.begin(by=analyst, article_id=article.pk, analyst=analyst)
    with pytest.raises(AssigningError) as refused:
        assigning.give_back(by=curator, assignment=done, seen=2, comment=" ")
    assert list(refused.value.messages) == ["comment"]
    with pytest.raises(Stale):
        assigning.give_back(by=curator, assignment=done, seen=1, comment="Line 4 is missing.")
    assigning.give_back(by=curator, assignment=done, seen=2, comment="Line 4 is missing.")
    given.refresh_from_db()
    assert (given.state, given.comment, given.open) == ("returned", "Line 4 is missing.", True)


def test_handing_in_twice_is_handing_in_once(given, analyst):
    assigning.hand_in(by=analyst, assignment=given, seen=1)
    assigning.hand_in(by=analyst, assignment=given, seen=1)
    assert Assignment.objects.get().version == 2


def test_unfinished_work_is_not_handed_in(given, article, analyst):
    factories.claim(article, analyst)
    with pytest.raises(AssigningError, match="1 of your annotations still lacks"):
        assigning.hand_in(by=analyst, assignment=given, seen=2)


def test_open_work_is_not_returned(given, curator):
    with pytest.raises(AssigningError, match="Only work that is handed in"):
        assigning.give_back(by=curator, assignment=given, seen=1, comment="Why?")
