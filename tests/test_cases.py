"""Cases: what is matched when work is handed in or returned, and what a curator makes of it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations import adjudication, annotating, assigning, cases, handing
from annotations.models import Case, ClaimTag, Member, Message
from corpus_app.history import Stale
from corpus_app.models import Event, Role
from tests import factories
from tests.test_adjudication import Team
from tests.test_doors_at_once import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return factories.ProjectFactory()


@pytest.fixture
def curator(project):
    return factories.member(project, Role.CURATOR)


@pytest.fixture
def team(project):
    return [factories.member(project) for _ in range(3)]


@pytest.fixture
def fact(project, curator):
    factories.small_codebook(project, by=curator)
    return factories.coded(ClaimTag.objects.get(project=project, slug="fact"))


@pytest.fixture
def article(project, curator):
    return factories.plain_article(project, "The strait is calm. Nobody agrees with that. " * 4)


@pytest.fixture
def harbour(project, curator):
    return factories.actor(project, "Harbour Office", by=curator)


@pytest.fixture
def mark(article, fact, harbour):
    """Marks a claim of an analyst on this stretch."""

    def mark(who, start, end, codes=None):
        codes = (fact,) if codes is None else codes
        parts = (factories.claimant(harbour),)
        return factories.claim(article, who, start, end, parts=parts, codes=codes)

    return mark


@pytest.fixture
def hand_in(article):
    def hand_in(*people):
        for who in people:
            own = factories.assigned(article, who)
            handing.hand_in(by=who, assignment=own, seen=own.version)

    return hand_in


def there(article):
    """The standing cases as sets of their annotations' ids, in the order of the text."""
    return [
        {member.annotation_id for member in case.members.all()}
        for case in Case.objects.standing().filter(article=article).order_by("start", "end")
    ]


def case_of(annotation):
    return Case.objects.get(members__annotation=annotation)


def decide(case):
    Case.objects.filter(pk=case.pk).update(state="decided")


def test_what_is_handed_in_is_matched_and_leaves_no_event(article, team, mark, hand_in):
    ada, ben, _ = team
    one, two, lonely = mark(ada, 0, 18), mark(ben, 4, 18), mark(ben, 50, 60)
    hand_in(ada)
    assert there(article) == [{one.pk}]
    assert case_of(one).disagreement == 0
    hand_in(ben)
    assert there(article) == [{one.pk, two.pk}, {lonely.pk}]
    shared, alone = case_of(one), case_of(lonely)
    assert (shared.start, shared.end, shared.disagreement) == (0, 18, 1 / 3)
    assert (alone.start, alone.end, alone.disagreement) == (50, 60, 1)
    assert not Event.objects.filter(noun="case").exists()


def test_matching_again_writes_nothing(article, team, mark, hand_in, curator):
    mark(team[0], 0, 18), mark(team[1], 0, 18)
    hand_in(*team[:2])
    before = list(Case.objects.values()), list(Member.objects.values())
    cases.match_article(by=curator, article=article)
    assert (list(Case.objects.values()), list(Member.objects.values())) == before


def test_whoever_codes_to_learn_is_not_matched(article, team, mark, hand_in):
    ada, ben, _ = team
    mark(ada, 0, 18)
    own = factories.assigned(article, ada)
    type(own).objects.filter(pk=own.pk).update(training=True)
    mine = mark(ben, 0, 18)
    hand_in(ada, ben)
    assert there(article) == [{mine.pk}]
    assert case_of(mine).disagreement == 0


def test_who_marked_nothing_overlooked_what_others_marked(article, team, mark, hand_in):
    one, two = mark(team[0], 0, 18), mark(team[1], 0, 18)
    hand_in(*team[:2])
    assert case_of(one).disagreement == 0
    hand_in(team[2])
    assert case_of(two).disagreement == 0.25


def test_returned_work_leaves_its_cases_and_comes_back(article, team, mark, hand_in, curator):
    ada, ben, _ = team
    one, two = mark(ada, 0, 18), mark(ben, 0, 18)
    hand_in(ada, ben)
    kept = case_of(one)
    own = factories.assigned(article, ben)
    handing.give_back(by=curator, assignment=own, seen=own.version, comment="Look again.")
    assert there(article) == [{one.pk}]
    told = Message.objects.get()
    assert (told.person, told.kind, told.assignment) == (ben, "returned", own)
    annotating.remove(by=ben, annotation=two, seen=two.version)
    three = mark(ben, 2, 18)
    hand_in(ben)
    assert there(article) == [{one.pk, three.pk}]
    assert case_of(three) == kept


def test_a_case_left_without_annotations_is_dissolved(article, team, mark, hand_in, curator):
    one = mark(team[0], 0, 18)
    hand_in(team[0])
    case, own = case_of(one), factories.assigned(article, team[0])
    handing.give_back(by=curator, assignment=own, seen=own.version, comment="Look again.")
    case.refresh_from_db()
    assert case.dissolved
    assert not case.members.exists()


def test_a_decided_case_keeps_its_versions_and_gets_more(article, team, mark, hand_in, curator):
    ada, ben, eve = team
    one, two, three = mark(ada, 0, 18), mark(ben, 0, 18), mark(eve, 0, 10)
    hand_in(ada, ben)
    case = case_of(one)
    decide(case)
    own = factories.assigned(article, ben)
    handing.give_back(by=curator, assignment=own, seen=own.version, comment="Look again.")
    hand_in(eve)
    assert there(article) == [{one.pk, two.pk, three.pk}]
    assert case_of(three) == case
    assert case_of(three).state == "decided"


def test_a_decided_case_stays_even_if_all_in_it_was_deleted(article, team, mark, hand_in, curator):
    one = mark(team[0], 0, 18)
    hand_in(team[0])
    case, own = case_of(one), factories.assigned(article, team[0])
    decide(case)
    handing.give_back(by=curator, assignment=own, seen=own.version, comment="Look again.")
    annotating.remove(by=team[0], annotation=one, seen=one.version)
    hand_in(team[0])
    assert there(article) == [set()]


def test_cases_are_current_until_something_changes(article, team, mark, hand_in, curator):
    ada, ben, _ = team
    assert cases.is_current(article)
    one = mark(ada, 0, 18)
    mark(ben, 0, 18)
    hand_in(ada)
    assert cases.is_current(article)
    own = factories.assigned(article, ben)
    assigning.hand_in(by=ben, assignment=own, seen=own.version)
    assert not cases.is_current(article)
    cases.match_article(by=curator, article=article)
    assert cases.is_current(article)
    own.refresh_from_db()
    assigning.give_back(by=curator, assignment=own, seen=own.version, comment="Look again.")
    assert not cases.is_current(article)
    cases.match_article(by=curator, article=article)
    assert cases.is_current(article)
    type(one).objects.filter(pk=one.pk).update(version=one.version + 1)
    assert not cases.is_current(article)


def test_a_split_stays_however_often_it_is_matched(article, team, mark, hand_in, curator):
    one, two = mark(team[0], 0, 18), mark(team[1], 0, 18)
    hand_in(*team[:2])
    case = case_of(one)
    arguments = {"by": curator, "case": case, "reason": "Two claims."}
    made = cases.split(**arguments, seen=case.version, annotations=[two])
    cases.match_article(by=curator, article=article)
    assert {frozenset(pks) for pks in there(article)} == {
        frozenset([pk]) for pk in (one.pk, two.pk)
    }
    assert (case_of(two), made.disagreement, case_of(one).disagreement) == (made, 1, 1)
    told = Event.objects.filter(noun="case").order_by("at")
    assert [(e.verb, e.reason, e.after["members"]) for e in told] == [
        ("split", "Two claims.", [str(one.pk)]),
        ("split off", "Two claims.", [str(two.pk)]),
    ]
    for nothing in ([], [one], [two]):
        with pytest.raises(cases.CasesError):
            cases.split(**arguments, seen=case.version, annotations=nothing)


def test_a_split_of_what_has_moved_on_is_refused(article, team, mark, hand_in, curator):
    one = mark(team[0], 0, 18)
    mark(team[1], 0, 18)
    hand_in(*team[:2])
    case = case_of(one)
    with pytest.raises(Stale):
        cases.split(by=curator, case=case, seen=case.version - 1, annotations=[one], reason="")
    decide(case)
    case.refresh_from_db()
    with pytest.raises(cases.CasesError):
        cases.split(by=curator, case=case, seen=case.version, annotations=[one], reason="")


@pytest.mark.django_db(transaction=True)
def test_those_who_split_match_and_take_over_at_once_never_wait_for_each_other():
    team = Team()
    for start in range(20, 60, 5):
        for who in (team.ada, team.bo):
            team.claim(who, start, start + 4)
    own = team.hand_in()
    made = team.article.annotations.filter(author=team.ada).order_by("spans__start")

    def split(case, annotation):
        return lambda: cases.split(
            by=team.curator, case=case, seen=case.version, annotations=[annotation], reason=""
        )

    others = Case.objects.exclude(pk__in=[case.pk for case in own[:3]])
    ended = at_once(
        *(split(*pair) for pair in zip(own[:3], made[:3], strict=True)),
        lambda: cases.match_article(by=team.curator, article=team.article),
        lambda: adjudication.take_over(by=team.curator, rows=others),
    )
    assert ended == {"done": 5}
    assert Case.objects.filter(by_hand=True).count() == 6


def test_what_does_not_touch_is_joined_by_hand_and_stays(article, team, mark, hand_in, curator):
    ada, ben, eve = team
    one, two, third = mark(ada, 0, 10), mark(ben, 11, 18), mark(eve, 0, 10)
    hand_in(ada, ben)
    first, second = case_of(one), case_of(two)
    seen = {first: first.version, second: second.version}
    joined = cases.join(by=curator, cases=seen, reason="One claim.")
    assert (joined, joined.start, joined.end) == (first, 0, 18)
    assert joined.disagreement == 1 / 3
    hand_in(eve)
    assert sorted(map(len, there(article))) == [1, 2]
    assert there(article) == [{third.pk}, {one.pk, two.pk}]
    second.refresh_from_db()
    assert second.dissolved
    told = Event.objects.filter(noun="case").order_by("at")
    assert [(e.verb, e.object_id) for e in told] == [
        ("joined", str(first.pk)), ("dissolved", str(second.pk))
    ]  # fmt: skip


def test_cases_that_hold_two_of_one_person_are_not_joined(article, team, mark, hand_in, curator):
    one, two = mark(team[0], 0, 10), mark(team[0], 20, 30)
    hand_in(team[0])
    seen = {case_of(one): 1, case_of(two): 1}
    with pytest.raises(cases.CasesError):
        cases.join(by=curator, cases=seen, reason="One claim.")
    with pytest.raises(cases.CasesError):
        cases.join(by=curator, cases={case_of(one): 1}, reason="One claim.")


def test_the_versions_of_a_case_tell_who_marked_nothing(article, team, mark, hand_in):
    ada, ben, _ = team
    one = mark(ada, 0, 18)
    hand_in(ada, ben)
    found = cases.versions_of(case_of(one))
    assert found[ada].annotation == one
    assert found[ada].content.spans == ((0, 18, "The strait is calm"),)
    assert found == {ada: found[ada], ben: None}


def test_matching_takes_as_many_queries_whatever_there_is(article, team, mark, hand_in, curator):
    def queries():
        with CaptureQueriesContext(connection) as taken:
            cases.match_article(by=curator, article=article)
        return len(taken)

    mark(team[0], 0, 18), mark(team[1], 0, 18)
    for who in team[:2]:
        own = factories.assigned(article, who)
        assigning.hand_in(by=who, assignment=own, seen=own.version)
    few = queries()
    for who in team[:2]:
        own = factories.assigned(article, who)
        assigning.give_back(by=curator, assignment=own, seen=own.version, comment="More.")
        for start in range(20, 100, 10):
            mark(who, start, start + 5)
        own.refresh_from_db()
        assigning.hand_in(by=who, assignment=own, seen=own.version)
    assert queries() == few + 1  # the first time no member was there to be read anew
