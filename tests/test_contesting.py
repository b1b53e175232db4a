"""A decision contested once, with words, and answered: it stands, or its case is opened again."""

import pytest

from annotations import adjudication, contesting
from annotations.contesting import ContestingError
from annotations.models import Message, Overruling
from corpus_app.history import Stale
from corpus_app.models import Event, Role
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    project = factories.ProjectFactory()
    factories.small_codebook(project)
    return project


@pytest.fixture
def curator(project):
    return factories.member(project, Role.CURATOR)


@pytest.fixture
def overruling(project, curator):
    article = factories.article(project, by=curator)
    return factories.overruled(article, factories.member(project), by=curator)


def contested(overruling, words="The Office does claim it.", seen=None) -> Overruling:
    return contesting.contest(
        by=overruling.analyst, overruling=overruling, seen=seen or overruling.version,
        objection=words,
    )  # fmt: skip


def answered(overruling, by, upheld=True, words="Not in its own words.", seen=None) -> Overruling:
    return contesting.answer(
        by=by, overruling=overruling, seen=seen or overruling.version, answer=words, upheld=upheld
    )


def told(kind) -> list[tuple]:
    rows = Message.objects.filter(kind=kind)
    return list(rows.values_list("person", "by", "overruling"))


def reopened(overruling) -> None:
    case = overruling.decision.case
    case.refresh_from_db()
    adjudication.reopen(by=overruling.decision.by, case=case, seen=case.version, reason="Hm.")


def test_whoever_decided_is_told_why(overruling, curator):
    contested(overruling, "  The Office does claim it.\r\n")
    overruling.refresh_from_db()
    assert (overruling.objection, overruling.contested is None) == (
        "The Office does claim it.", False,
    )  # fmt: skip
    assert told("contested") == [(curator.pk, overruling.analyst_id, overruling.pk)]
    event = Event.objects.get(noun="overruling")
    assert (event.verb, event.by, event.author, event.reason) == (
        "contested", overruling.analyst, overruling.analyst, "The Office does claim it.",
    )  # fmt: skip


def test_the_same_words_sent_twice_are_one_objection(overruling):
    copy = Overruling.objects.get(pk=overruling.pk)
    contested(overruling)
    contested(copy)
    assert (Event.objects.filter(noun="overruling").count(), len(told("contested"))) == (1, 1)


def test_a_decision_is_contested_once(overruling):
    contested(overruling)
    with pytest.raises(ContestingError, match="contested this already"):
        contested(overruling, "And another thing.")


UNFIT = (
    (" \n", "Say why: whoever decided reads it."),
    ("\u200b", "Say why: whoever decided reads it."),
    ("a\0b", "The text contains the character U+0000."),
    ("x" * 2_001, "It has 2,001 characters; 2,000 is the most."),
)


def test_unfit_words_are_refused(overruling):
    for words, message in UNFIT:
        with pytest.raises(ContestingError) as refusal:
            contested(overruling, words)
        assert refusal.value.messages == {"objection": [message]}


def test_a_decision_that_does_not_stand_is_not_contested(overruling):
    reopened(overruling)
    with pytest.raises(ContestingError, match="its case was reopened"):
        contested(overruling)


def test_an_older_page_contests_nothing(overruling):
    with pytest.raises(Stale):
        contested(overruling, seen=7)


def test_upheld_it_stands_and_the_coder_is_told(overruling, curator):
    answered(contested(overruling), curator)
    overruling.refresh_from_db()
    assert (overruling.answer, overruling.upheld, overruling.answered_by) == (
        "Not in its own words.", True, curator,
    )  # fmt: skip
    assert told("answered") == [(overruling.analyst_id, curator.pk, overruling.pk)]
    assert overruling.decision.case.decisions.count() == 1
    event = Event.objects.get(noun="overruling", verb="answered")
    assert (event.by, event.reason) == (curator, "Not in its own words.")


def test_not_upheld_the_case_is_open_again_for_this_reason(overruling, curator):
    answered(contested(overruling), curator, upheld=False, words="You are right.")
    case = overruling.decision.case
    case.refresh_from_db()
    last = case.decisions.order_by("number").last()
    assert (case.state, last.outcome, last.reason, last.by) == (
        "open", "reopened", "You are right.", curator,
    )  # fmt: skip


def test_a_case_opened_meanwhile_is_not_opened_twice(overruling, curator):
    contested(overruling)
    reopened(overruling)
    answered(overruling, curator, upheld=False)
    assert overruling.decision.case.decisions.count() == 2
    assert overruling.upheld is False


def test_an_objection_is_answered_once(overruling, curator):
    answered(contested(overruling), curator)
    with pytest.raises(ContestingError, match="no objection here that waits"):
        answered(overruling, curator, upheld=False)


def test_what_nobody_contested_is_not_answered(overruling, curator):
    with pytest.raises(ContestingError, match="no objection here that waits"):
        answered(overruling, curator)


def test_an_answer_says_something(overruling, curator):
    with pytest.raises(ContestingError) as refusal:
        answered(contested(overruling), curator, words=" ")
    assert refusal.value.messages == {"answer": ["Say why: she reads it."]}


def test_of_two_answers_the_second_is_stale(overruling, curator):
    contested(overruling)
    copy = Overruling.objects.get(pk=overruling.pk)
    answered(overruling, curator)
    with pytest.raises(Stale):
        answered(copy, curator, upheld=False)
    assert overruling.decision.case.decisions.count() == 1
