"""Deciding cases: every outcome, who is told, what is opened again, and two curators at once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from annotations import adjudication, annotating, assigning, cases
from annotations.adjudication import AdjudicationError
from annotations.content import Content, Tie
from annotations.models import (
    Annotation,
    Assignment,
    Case,
    ClaimTag,
    Comment,
    Decision,
    Message,
    Overruling,
)
from corpus_app.history import Stale
from corpus_app.models import Event, Membership
from tests import factories
from tests.test_doors_at_once import at_once

FIRST = "The Harbour Office says"
EVERY = ("fact", "norm")


class Team:
    """A project with a curator, two coders, and an article of which both handed in claims."""

    def __init__(self, **project):
        self.project = factories.ProjectFactory(**project)
        self.curator = factories.member(self.project, "curator", user__username="cora")
        self.ada, self.bo = (
            factories.member(self.project, user__username=name) for name in ("ada", "bo")
        )
        factories.small_codebook(self.project, by=self.curator)
        self.office = factories.actor(self.project, "Harbour Office", by=self.curator)
        self.quay = factories.actor(self.project, "The Quay", by=self.curator)
        self.article = factories.article(self.project, by=self.curator)
        self.revision = self.article.revisions.get()

    def tag(self, slug: str) -> ClaimTag:
        return ClaimTag.objects.get(project=self.project, slug=slug)

    def claim(self, who, start=20, end=40, tag="fact", actor=None, **values) -> Annotation:
        said = {
            "codes": (factories.coded(self.tag(tag)),),
            "parts": (factories.claimant(actor or self.office),),
        }
        return factories.claim(self.article, who, start, end, **{**said, **values})

    def hand_in(self) -> list[Case]:
        """Everybody hands in; the cases that the machine finds, in reading order."""
        for own in Assignment.objects.filter(article=self.article).select_related("analyst"):
            own.refresh_from_db()
            assigning.hand_in(by=own.analyst, assignment=own, seen=own.version)
        cases.match_article(by=self.curator, article=self.article)
        return list(Case.objects.filter(article=self.article).order_by("start"))

    def decide(self, case, outcome="accepted", **values) -> Decision:
        case.refresh_from_db()
        arguments = {"by": self.curator, "seen": case.version, **values}
        return adjudication.decide(case=case, outcome=outcome, **arguments)


@pytest.fixture
def team(db):
    return Team()


@pytest.fixture
def disputed(team):
    """A case of two versions that differ in the claim's type: Ada's is a fact, Bo's a norm."""
    team.one, team.other = team.claim(team.ada), team.claim(team.bo, tag="norm")
    [team.case] = team.hand_in()
    return team


def content(annotation) -> Content:
    return annotating.content_of(annotation)


def gold(team) -> list[Annotation]:
    return list(Annotation.objects.standing().filter(article=team.article, layer="gold"))


def overruled() -> list[tuple]:
    rows = Overruling.objects.order_by("analyst__username")
    return [(row.analyst.username, row.fields) for row in rows]


def test_an_accepted_version_is_gold_and_the_other_coder_is_told(disputed):
    decision = disputed.decide(
        disputed.case, content=content(disputed.one), error_class="slip", reason="It is a fact.",
        sources={"spans": str(disputed.one.pk)},
    )  # fmt: skip
    [made] = gold(disputed)
    assert (made.author, made.pk) == (disputed.curator, decision.gold_id)
    assert content(made) == content(disputed.one)
    assert (decision.number, decision.reason, decision.error_class) == (1, "It is a fact.", "slip")
    assert decision.versions == {str(disputed.one.pk): 1, str(disputed.other.pk): 1}
    assert overruled() == [("bo", ["facet:claim-type"])]
    told = Message.objects.values_list("person__username", "kind", "by__username")
    assert list(told) == [("bo", "overruled", "cora")]
    disputed.case.refresh_from_db()
    assert disputed.case.state == "decided"


def test_a_link_to_a_claim_that_was_removed_keeps_nobody_from_accepting(team):
    gone = team.claim(team.ada, 0, 8)
    one = team.claim(team.ada, links=(Tie("restates", str(gone.pk)),))
    annotating.remove(by=team.ada, annotation=gone, seen=1)
    [case] = team.hand_in()
    decision = team.decide(case, content=content(one))
    assert content(decision.gold) == Content(**{**vars(content(one)), "links": ()})


def test_a_rejection_is_a_decision_without_gold(disputed):
    decision = disputed.decide(disputed.case, "rejected", reason="It is no claim.")
    assert (decision.gold, decision.content, gold(disputed)) == (None, None, [])
    assert overruled() == [("ada", []), ("bo", [])]


def test_an_edited_decision_overrules_whoever_said_otherwise(disputed):
    edited = Content(
        "claim", ((24, 40, None),), (factories.claimant(disputed.quay),),
        (factories.coded(disputed.tag("fact")),),
    )  # fmt: skip
    disputed.decide(disputed.case, "edited", content=edited)
    [made] = gold(disputed)
    assert [(span.start, span.end) for span in made.spans.all()] == [(24, 40)]
    assert overruled() == [
        ("ada", ["spans", "claimant"]),
        ("bo", ["spans", "claimant", "facet:claim-type"]),
    ]


def test_a_decision_leaves_an_event_with_its_reason(disputed):
    decision = disputed.decide(disputed.case, "rejected", reason="It is no claim.")
    event = Event.objects.get(noun="case", verb="decided")
    assert (event.by, event.reason, event.article_id) == (
        disputed.curator, "It is no claim.", disputed.article.pk,
    )  # fmt: skip
    assert (event.before["state"], event.after["state"]) == ("open", "decided")
    assert event.after["decision"] == str(decision.pk)


@pytest.mark.parametrize(
    ("outcome", "values", "said"),
    [
        ("accepted", {}, "Gold is made of what is accepted"),
        ("reopened", {}, "no way to decide"),
        ("rejected", {"error_class": "weather"}, "no kind of error"),
        ("rejected", {"reason": "a\x00b"}, "NUL|character"),
        ("edited", {"content": Content("claim", ((20, 40, None),))}, "the codebook requires"),
        ("edited", {"content": Content("claim", ((20, 9000, None),))}, "end"),
    ],
)
def test_what_cannot_be_decided_is_refused_and_nothing_is_stored(disputed, outcome, values, said):
    with pytest.raises(AdjudicationError, match=said):
        disputed.decide(disputed.case, outcome, **values)
    disputed.case.refresh_from_db()
    assert (disputed.case.state, gold(disputed), Decision.objects.count()) == ("open", [], 0)


def test_a_decision_on_what_moved_on_is_stale_and_says_how_it_stands(disputed):
    disputed.decide(disputed.case, "rejected")
    with pytest.raises(Stale) as refusal:
        disputed.decide(disputed.case, seen=1, content=content(disputed.one))
    assert refusal.value.current.state == "decided"
    with pytest.raises(AdjudicationError, match="Reopen it"):
        disputed.decide(disputed.case, content=content(disputed.one))
    assert Decision.objects.count() == 1


def test_reopening_leaves_a_trace_and_the_next_gold_is_the_same_annotation(disputed):
    first = disputed.decide(disputed.case, content=content(disputed.one))
    case = disputed.case
    with pytest.raises(AdjudicationError, match="Say why"):
        adjudication.reopen(by=disputed.curator, case=case, seen=case.version, reason=" ")
    adjudication.reopen(by=disputed.curator, case=case, seen=case.version, reason="Bo objects.")
    assert (case.state, gold(disputed)) == ("open", [])
    second = disputed.decide(case, content=content(disputed.other))
    assert second.gold_id == first.gold_id
    assert [made.pk for made in gold(disputed)] == [first.gold_id]
    assert content(gold(disputed)[0]).codes == content(disputed.other).codes
    rows = Decision.objects.order_by("number").values_list("number", "outcome", "reason")
    assert list(rows) == [(1, "accepted", ""), (2, "reopened", "Bo objects."), (3, "accepted", "")]


def test_a_question_stands_under_each_version_and_an_answer_opens_the_case(disputed):
    case = disputed.case
    adjudication.ask(by=disputed.curator, case=case, seen=case.version, text="A norm?")
    assert case.state == "asked"
    asked = Comment.objects.order_by("annotation__author__username")
    assert [(c.annotation_id, c.text, c.notices.get().person.username) for c in asked] == [
        (disputed.one.pk, "A norm?", "ada"),
        (disputed.other.pk, "A norm?", "bo"),
    ]
    assert adjudication.hear(by=disputed.curator, annotation=disputed.one) is None
    assert adjudication.hear(by=disputed.bo, annotation=disputed.other) == case
    assert adjudication.hear(by=disputed.ada, annotation=disputed.one) is None
    case.refresh_from_db()
    assert case.state == "open"


def test_a_question_to_nobody_is_refused(disputed):
    Membership.objects.filter(user__in=[disputed.ada, disputed.bo]).delete()
    with pytest.raises(AdjudicationError, match="None of its coders"):
        adjudication.ask(by=disputed.curator, case=disputed.case, seen=1, text="A norm?")


def test_all_agreed_cases_are_taken_over_at_one_stroke(team):
    for start in range(20, 60, 10):
        for who in (team.ada, team.bo):
            team.claim(who, start, start + 8, note="Mine." if who == team.ada else "")
    team.claim(team.ada, 70, 78)
    found = team.hand_in()
    made = adjudication.take_over(by=team.curator, rows=Case.objects.filter(article=team.article))
    assert sorted(one.case_id for one in made) == sorted(case.pk for case in found[:4])
    assert {one.outcome for one in made} == {"unanimous"}
    own = {(one.spans.get().start, one.note, one.state, one.author_id) for one in gold(team)}
    assert own == {(start, "", "complete", team.curator.pk) for start in range(20, 60, 10)}
    first = gold(team)[0]
    one = Annotation.objects.get(author=team.ada, spans__start=first.spans.get().start)
    assert content(first) == Content(**{**vars(content(one)), "note": ""})
    assert Event.objects.filter(noun="case", verb="decided").count() == 4
    assert Event.objects.filter(noun="annotation", author=team.curator).count() == 4
    assert (Overruling.objects.count(), Message.objects.count()) == (0, 0)
    assert set(Case.objects.filter(state="decided").values_list("version", flat=True)) == {2}


def test_taking_over_costs_the_same_number_of_queries(team, django_assert_max_num_queries):
    for start in range(20, 80, 5):
        for who in (team.ada, team.bo):
            team.claim(who, start, start + 4)
    team.hand_in()
    with django_assert_max_num_queries(40):
        made = adjudication.take_over(by=team.curator, rows=Case.objects.all())
    assert len(made) == 12


def test_an_agreed_case_that_was_reopened_gets_its_old_gold_again(team):
    for who in (team.ada, team.bo):
        team.claim(who)
    [case] = team.hand_in()
    rows = Case.objects.filter(pk=case.pk)
    [first] = adjudication.take_over(by=team.curator, rows=rows)
    case.refresh_from_db()
    adjudication.reopen(by=team.curator, case=case, seen=case.version, reason="To look again.")
    [second] = adjudication.take_over(by=team.curator, rows=rows)
    assert (second.number, second.gold_id) == (3, first.gold_id)
    assert [made.pk for made in gold(team)] == [first.gold_id]


def test_a_case_at_which_somebody_is_says_so_and_can_be_taken_knowingly(disputed):
    second = factories.member(disputed.project, "curator")
    case = adjudication.hold(by=disputed.curator, case=disputed.case)
    assert adjudication.hold(by=second, case=case).held_by == disputed.curator
    assert adjudication.hold(by=second, case=case, take=True).held_by == second
    adjudication.release(by=disputed.curator, case=case)
    case.refresh_from_db()
    assert (case.held_by, case.version) == (second, 1)
    Case.objects.update(held_until=timezone.now() - timedelta(seconds=1))
    assert adjudication.hold(by=disputed.curator, case=case).held_by == disputed.curator
    disputed.decide(case, "rejected", by=second)
    case.refresh_from_db()
    assert (case.state, case.held_by) == ("decided", None)


@pytest.mark.django_db(transaction=True)
def test_of_two_curators_who_decide_at_once_one_decides_and_the_other_is_told():
    team = Team()
    team.claim(team.ada), team.claim(team.bo, tag="norm")
    [case] = team.hand_in()
    second = factories.member(team.project, "curator")
    refused = []

    def decide(by, annotation):
        def call():
            try:
                own = Case.objects.get(pk=case.pk)
                adjudication.decide(
                    by=by, case=own, seen=case.version, outcome="accepted",
                    content=content(annotation),
                )  # fmt: skip
            except Stale as error:
                refused.append((by, error.current.state))
                raise AdjudicationError("Stale.") from error

        return call

    one, other = Annotation.objects.order_by("author__username")
    ended = at_once(decide(team.curator, one), decide(second, other))
    assert ended == {"done": 1, "AdjudicationError": 1}
    [decision], [(loser, state)] = Decision.objects.all(), refused
    assert ({decision.by, loser}, state) == ({team.curator, second}, "decided")
    assert len(gold(team)) == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_over_at_once_every_case_is_decided_once():
    team = Team()
    for start in range(20, 60, 5):
        for who in (team.ada, team.bo):
            team.claim(who, start, start + 4)
    team.hand_in()
    second = factories.member(team.project, "curator")

    def take(by):
        return lambda: adjudication.take_over(by=by, rows=Case.objects.all())

    assert at_once(take(team.curator), take(second)) == {"done": 2}
    assert (Decision.objects.count(), len(gold(team))) == (8, 8)
