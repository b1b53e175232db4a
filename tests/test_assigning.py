"""The door for who works on which article."""

from datetime import date

import pytest
from django.utils import timezone

from annotations import assigning
from annotations.access import annotations_for, sees_others
from annotations.assigning import AlreadyMarked, AssigningError, NothingMarked
from annotations.models import Annotation, Assignment, Message
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


def test_what_is_assigned_is_told_to_whoever_gets_it_and_not_to_whoever_took_it(
    project, curator, analyst
):
    for number in range(3):
        one = factories.article(project, f"{factories.PLAIN}{number}.\n", by=curator)
        assigning.assign(by=curator, article=one, analyst=analyst)
    assigning.assign(by=curator, article=one, analyst=curator)
    [told] = Message.objects.all()
    assert (told.person, told.by, told.kind, told.number) == (analyst, curator, "assigned", 3)


def test_work_without_a_mark_is_withdrawn_silently_and_given_again(given, curator, analyst):
    assigning.withdraw(by=curator, assignment=given, seen=1)
    given.refresh_from_db()
    assert (given.state, given.open, given.version) == ("withdrawn", False, 2)
    again = assigning.assign(by=curator, article=given.article, analyst=analyst)
    assert (again, again.state, again.due_on, again.version) == (given, "assigned", None, 3)
    assert [event.verb for event in events(given)] == ["assigned", "withdrawn", "assigned"]


def test_whoever_withdraws_what_has_marks_is_asked_and_the_marks_are_kept_uncounted(
    given, article, analyst, curator
):
    factories.claim(article, analyst, 0, 4)
    with pytest.raises(AlreadyMarked, match=r"has marked something here \(1\)"):
        assigning.withdraw(by=curator, assignment=given, seen=2)
    assigning.withdraw(by=curator, assignment=given, seen=2, sure=True)
    assert Annotation.objects.standing().count() == 1
    with pytest.raises(AssigningError, match="was withdrawn"):
        assigning.begin(by=analyst, article_id=article.pk, analyst=analyst)
    with pytest.raises(AssigningError, match="was withdrawn"):
        assigning.hand_in(by=analyst, assignment=given, seen=3)
    assert assigning.assign(by=curator, article=article, analyst=analyst).state == "started"


def test_handed_in_work_that_is_withdrawn_counts_no_more(given, curator, analyst):
    factories.claim(given.article, analyst, 0, 4)
    Annotation.objects.update(state="complete")
    assigning.hand_in(by=analyst, assignment=given, seen=2)
    assert Annotation.objects.handed_in().count() == 1
    assigning.withdraw(by=curator, assignment=given, seen=3, sure=True)
    assert Annotation.objects.handed_in().count() == 0
    with pytest.raises(AssigningError, match="Only work that is handed in"):
        assigning.give_back(by=curator, assignment=given, seen=3, comment="Again, please.")


def test_nobody_withdraws_what_has_changed_meanwhile(given, article, analyst, curator):
    assigning.begin(by=analyst, article_id=article.pk, analyst=analyst)
    with pytest.raises(Stale):
        assigning.withdraw(by=curator, assignment=given, seen=1)


def test_what_was_withdrawn_from_her_nobody_takes_again_herself(given, article, analyst, curator):
    assigning.withdraw(by=curator, assignment=given, seen=1)
    with pytest.raises(AssigningError, match="A curator can assign it to you again"):
        assigning.assign(by=analyst, article=article, analyst=analyst)


def test_nobody_has_more_open_than_she_may(project, given, analyst, curator):
    analyst.memberships.update(most_open=1)
    other = factories.article(project, f"{factories.PLAIN}Again.\n", by=curator)
    with pytest.raises(AssigningError, match="has 1 articles open; she may have 1 at once"):
        assigning.assign(by=curator, article=other, analyst=analyst)
    with pytest.raises(AssigningError, match="You have 1 articles open; you may have 1 at once"):
        assigning.assign(by=analyst, article=other, analyst=analyst)
    assigning.hand_in(by=analyst, assignment=given, seen=1)
    assert assigning.assign(by=curator, article=other, analyst=analyst).open


def test_whoever_left_the_project_is_given_nothing(article, analyst, curator):
    analyst.memberships.update(ended=timezone.now())
    with pytest.raises(AssigningError, match="is not a member"):
        assigning.assign(by=curator, article=article, analyst=analyst)


def test_the_day_on_which_it_is_due_is_changed_while_it_is_open(given, curator, analyst):
    assigning.set_due(by=curator, assignment=given, seen=1, due_on=date(2026, 12, 1))
    assigning.set_due(by=curator, assignment=given, seen=1, due_on=date(2027, 1, 9))
    last = events(given)[-1]
    assert (last.verb, last.before["due_on"], last.after["due_on"], last.author) == (
        "rescheduled", "2026-12-01", "2027-01-09", analyst,
    )  # fmt: skip
    with pytest.raises(Stale):
        assigning.set_due(by=curator, assignment=given, seen=1, due_on=None)
    done = assigning.hand_in(by=analyst, assignment=given, seen=2)
    with pytest.raises(AssigningError, match="Only work that is open"):
        assigning.set_due(by=curator, assignment=done, seen=3, due_on=None)


def test_open_work_is_given_to_somebody_else(given, project, article, curator, analyst):
    factories.claim(article, analyst, 0, 4)
    other = factories.member(project)
    given.refresh_from_db()
    new = assigning.reassign(by=curator, assignment=given, seen=2, analyst=other)
    given.refresh_from_db()
    assert (given.state, new.analyst, new.state, new.due_on) == (
        "withdrawn", other, "assigned", date(2026, 12, 1),
    )  # fmt: skip
    with pytest.raises(AssigningError, match="Only work that is open"):
        assigning.reassign(by=curator, assignment=given, seen=3, analyst=other)
    with pytest.raises(AssigningError, match="has this article already"):
        assigning.reassign(by=curator, assignment=new, seen=1, analyst=other)


def test_of_two_who_pass_it_on_at_once_one_does(given, project, curator):
    own, other = Assignment.objects.get(), Assignment.objects.get()
    first, second = factories.member(project), factories.member(project)
    assigning.reassign(by=curator, assignment=own, seen=1, analyst=first)
    with pytest.raises(AssigningError):
        assigning.reassign(by=curator, assignment=other, seen=1, analyst=second)
    assert list(Assignment.objects.given().values_list("analyst", flat=True)) == [first.pk]


def test_an_empty_article_is_handed_in_by_whoever_is_sure(given, analyst):
    with pytest.raises(NothingMarked):
        assigning.hand_in(by=analyst, assignment=given, seen=1, sure=False)
    assert assigning.hand_in(by=analyst, assignment=given, seen=1).state == "handed_in"


def test_one_trains_on_articles_that_have_a_gold_layer(article, analyst, curator):
    with pytest.raises(AssigningError, match="no gold layer"):
        assigning.assign(by=curator, article=article, analyst=analyst, training=True)
    gold(article, curator)
    own = assigning.assign(by=curator, article=article, analyst=analyst, training=True)
    assert (own.training, events(own)[0].after["training"]) == (True, True)


@pytest.mark.parametrize("blind", [True, False])
def test_gold_is_seen_by_whoever_trains_after_handing_in(project, article, analyst, curator, blind):
    project.blind = blind
    project.save()
    made = gold(article, curator)
    own = assigning.assign(by=curator, article=article, analyst=analyst, training=True)
    assert list(annotations_for(analyst)) == []
    assert not sees_others(analyst, own.article)
    assigning.hand_in(by=analyst, assignment=own, seen=1)
    assert list(annotations_for(analyst)) == [made]
    assert sees_others(analyst, own.article)


def gold(article, curator):
    """An annotation of the article's gold layer."""
    made = factories.claim(article, curator, 0, 4)
    Annotation.objects.filter(pk=made.pk).update(layer="gold")
    return made


def events(assignment):
    """The history of the assignment, oldest first."""
    rows = Event.objects.filter(noun="assignment", object_id=str(assignment.pk))
    return list(rows.order_by("version"))
