"""The door that gives out many articles at once."""

from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations import assigning, spreading
from annotations.balance import EVERYBODY_HAS_IT, NO_ROOM
from annotations.models import Assignment, Message
from corpus_app.models import Article, Event, Role
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return factories.ProjectFactory()


@pytest.fixture
def curator(project):
    return factories.member(project, Role.CURATOR)


@pytest.fixture
def coders(project):
    return [factories.member(project) for _ in range(4)]


def articles(project, number):
    """So many articles of the project without a text, and all that there are."""
    there = Article.objects.count()
    Article.objects.bulk_create(
        Article(project=project, title=f"Article {n}", raw=b"", raw_sha256=f"{n:064}")
        for n in range(there, there + number)
    )
    return Article.objects.filter(project=project)


def test_what_is_planned_is_what_is_done(project, curator, coders):
    those = articles(project, 6)
    planned = spreading.plan(project=project, articles=those, coders=coders, k=2)
    done = spreading.spread(
        by=curator, project=project, articles=those, coders=coders, k=2, seen=planned.digest
    )
    assert done.given == planned.given
    rows = Assignment.objects.values_list("article_id", "analyst_id")
    assert sorted(rows) == sorted(done.given)
    assert [share.gets for share in done.shares] == [3, 3, 3, 3]
    assert set(done.shared.values()) == {1}


def test_every_assignment_has_its_event_and_everybody_one_message(project, curator, coders):
    spreading.spread(by=curator, project=project, articles=articles(project, 4), coders=coders, k=2)
    events = Event.objects.filter(noun="assignment", verb="assigned")
    assert {(event.object_id, event.author) for event in events} == {
        (str(one.pk), one.analyst) for one in Assignment.objects.all()
    }
    told = Message.objects.filter(kind="assigned")
    assert {(one.person, one.number) for one in told} == {(coder, 2) for coder in coders}


def test_who_has_it_counts_and_who_had_it_or_learns_from_it_does_not(project, curator, coders):
    ana, ben, cem, dora = coders
    [article] = articles(project, 1)
    assigning.assign(by=curator, article=article, analyst=ana)
    gone = assigning.assign(by=curator, article=article, analyst=ben)
    assigning.withdraw(by=curator, assignment=gone, seen=1)
    learning = assigning.assign(by=curator, article=article, analyst=cem)
    Assignment.objects.filter(pk=learning.pk).update(training=True)
    those = Article.objects.filter(project=project)
    found = spreading.plan(project=project, articles=those, coders=coders, k=3)
    assert (found.given, found.short) == ([(article.pk, dora.pk)], {EVERYBODY_HAS_IT: (1, 1)})


def test_what_is_open_elsewhere_in_the_project_counts_against_the_limit(project, curator, coders):
    ana, ben = coders[:2]
    ana.memberships.update(most_open=2)
    first, *rest = articles(project, 5)
    assigning.assign(by=curator, article=first, analyst=ana)
    those = Article.objects.filter(pk__in=[one.pk for one in rest])
    found = spreading.plan(project=project, articles=those, coders=[ana, ben], k=2)
    assert [(one.has, one.gets, one.most) for one in found.shares] == [(1, 1, 2), (0, 4, None)]
    assert found.short == {NO_ROOM: (3, 3)}


def test_only_members_are_given_articles(project, curator, coders):
    stranger = factories.member(factories.ProjectFactory())
    found = spreading.plan(
        project=project, articles=articles(project, 2), coders=[stranger, coders[0]], k=1
    )
    assert Counter(person for _, person in found.given) == {coders[0].pk: 2}


def test_a_plan_that_is_overtaken_is_not_carried_out(project, curator, coders):
    those = articles(project, 6)
    seen = spreading.plan(project=project, articles=those, coders=coders, k=2).digest
    assigning.assign(by=curator, article=those.first(), analyst=coders[0])
    with pytest.raises(spreading.SpreadingError, match="Nothing was assigned"):
        spreading.spread(by=curator, project=project, articles=those, coders=coders, k=2, seen=seen)
    assert Assignment.objects.count() == 1


def test_many_articles_take_as_many_queries_as_few(project, curator, coders):
    def queries(number):
        articles(project, number)
        those = Article.objects.filter(assignments=None)
        with CaptureQueriesContext(connection) as asked:
            spreading.spread(by=curator, project=project, articles=those, coders=coders, k=2)
        return len(asked)

    few = queries(3)
    assert queries(30) == few
