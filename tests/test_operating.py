"""What a curator does to many rows at once: looked at, done once, told in history, taken back."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from annotations import adjudication, annotating, assigning, codebook, operating
from annotations.content import Content
from annotations.models import Annotation, Assignment, Case, ClaimTag, Facet
from annotations.orders import (
    OperatingError,
    Reassign,
    Recode,
    Remove,
    Reopen,
    Restore,
    RetireFacets,
    RetireTags,
    Withdraw,
)
from corpus_app.access import Forbidden
from corpus_app.models import Event, Operation, Project
from tests import factories
from tests.test_adjudication import Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return factories.ProjectFactory()


@pytest.fixture
def curator(project):
    return factories.member(project, "curator")


@pytest.fixture
def tags(project, curator):
    factories.small_codebook(project, by=curator)
    return {tag.slug: tag for tag in ClaimTag.objects.all()}


@pytest.fixture
def analyst(project):
    return factories.member(project)


@pytest.fixture
def article(project, curator, tags):
    return factories.article(project, by=curator)


@pytest.fixture
def claims(article, analyst, tags, project):
    """Three complete claims tagged fact, the second calm as well."""
    who = factories.claimant(factories.actor(project, "Office"))
    fact = factories.coded(tags["fact"])
    both = (fact, factories.coded(tags["calm"], "oppose"))
    return [
        factories.claim(article, analyst, n, n + 3, parts=(who,), codes=codes)
        for n, codes in ((0, (fact,)), (4, both), (8, (fact,)))
    ]


def codes(annotation) -> list[tuple[str, str]]:
    return list(annotation.codings.values_list("tag__slug", "stance"))


def look(project, order, rows=None):
    rows = Annotation.objects.all() if rows is None else rows
    return operating.preview(project=project, order=order, rows=rows)


def done(by, project, order, rows=None, reason="It was agreed."):
    seen = look(project, order, rows).seen
    return operating.run(by=by, project=project, order=order, seen=seen, reason=reason)


@pytest.mark.parametrize(
    ("away", "to", "stance", "expected"),
    [
        ("fact", "norm", "", [[("norm", "")], [("norm", ""), ("calm", "oppose")], [("norm", "")]]),
        (None, "calm", "support", [
            [("fact", ""), ("calm", "support")], [("fact", ""), ("calm", "support")],
            [("fact", ""), ("calm", "support")],
        ]),
        ("calm", None, "", [[("fact", "")], [("fact", "")], [("fact", "")]]),
        ("calm", "calm", "neutral", [
            [("fact", "")], [("fact", ""), ("calm", "neutral")], [("fact", "")],
        ]),
    ],
)  # fmt: skip
def test_annotations_are_recoded_and_come_back(
    project, curator, tags, claims, away, to, stance, expected
):
    before = [annotating.snapshot(claim) for claim in claims]
    order = Recode(away and tags[away], to and tags[to], stance)
    outcome = done(curator, project, order)
    assert [codes(claim) for claim in claims] == expected
    operating.undo(by=curator, operation=outcome.operation, reason="It was not.")
    rows = {claim.pk: claim for claim in Annotation.objects.all()}
    assert [annotating.snapshot(rows[claim.pk]) for claim in claims] == before


def test_a_preview_tells_what_changes_and_why_the_rest_stays(
    project, curator, tags, claims, article, analyst
):
    annotating.remove(by=analyst, annotation=claims[2], seen=1)
    content = Content("mention", ((0, 5, None),))
    annotating.create(by=analyst, revision=article.revisions.get(), content=content)
    found = look(project, Recode(tags["calm"], None))
    assert (found.number, found.seen) == (1, {claims[1].pk: 1})
    assert found.stays == {
        "not tagged “The strait is calm”": 1, "removed": 1, "a mention, which takes no tags": 1,
    }  # fmt: skip
    [fate] = found.examples
    assert [c["tag"] for c in fate.before["codings"]] == [str(tags["fact"].pk),
                                                         str(tags["calm"].pk)]  # fmt: skip
    assert [c["tag"] for c in fate.after["codings"]] == [str(tags["fact"].pk)]
    assert (Operation.objects.count(), Event.objects.filter(verb="recoded").count()) == (0, 0)


def test_every_row_has_its_event_with_who_and_why(project, curator, tags, claims, analyst):
    outcome = done(curator, project, Recode(tags["fact"], tags["norm"]), reason=" Agreed. ")
    operation = Operation.objects.get()
    assert (operation, operation.by, operation.reason) == (outcome.operation, curator, "Agreed.")
    assert (operation.what, operation.words, operation.number) == ("recode", "“Fact” → “Norm”", 3)
    told = Event.objects.filter(operation=operation)
    assert {(e.verb, e.by, e.author, e.reason, e.version) for e in told} == {
        ("recoded", curator, analyst, "Agreed.", 2)
    }
    assert {e.object_id for e in told} == {str(claim.pk) for claim in claims}
    first = told.get(object_id=str(claims[0].pk))
    assert first.after == annotating.snapshot(Annotation.objects.get(pk=claims[0].pk))


def test_what_was_changed_since_the_preview_is_passed_over(project, curator, tags, claims, analyst):
    order = Recode(tags["fact"], tags["norm"])
    seen = look(project, order).seen
    content = annotating.content_of(claims[0])
    annotating.rewrite(by=analyst, annotation=claims[0], seen=1, content=content)
    outcome = operating.run(by=curator, project=project, order=order, seen=seen, reason="So.")
    assert (outcome.operation.number, outcome.stays) == (2, {"changed since you looked": 1})
    assert codes(claims[0]) == [("fact", "")]


def test_an_undo_leaves_what_was_changed_since(project, curator, tags, claims, analyst):
    operation = done(curator, project, Recode(tags["fact"], tags["norm"])).operation
    changed = Annotation.objects.get(pk=claims[0].pk)
    content = Content("claim", ((0, 3, None),), codes=(), note="Mine.")
    annotating.rewrite(by=analyst, annotation=changed, seen=2, content=content)
    noted = Annotation.objects.get(pk=claims[1].pk)
    told = annotating.content_of(noted)
    told = Content(**{**vars(told), "note": "Only a note."})
    annotating.rewrite(by=analyst, annotation=noted, seen=2, content=told)
    assert operating.looked_back(operation=operation).stays == {"changed since then": 1}
    outcome = operating.undo(by=curator, operation=operation, reason="Sorry.")
    assert (outcome.operation.number, outcome.stays) == (2, {"changed since then": 1})
    assert [codes(claim) for claim in claims] == [
        [], [("fact", ""), ("calm", "oppose")], [("fact", "")],
    ]  # fmt: skip
    noted.refresh_from_db()
    assert (noted.note, noted.version) == ("Only a note.", 4)
    back = Event.objects.get(operation=outcome.operation, object_id=str(noted.pk))
    assert (back.verb, back.undoes.operation) == ("put back", operation)
    assert outcome.operation.undoes == operation


def test_an_operation_is_taken_back_once_and_an_undo_never(project, curator, tags, claims):
    operation = done(curator, project, Remove()).operation
    back = operating.undo(by=curator, operation=operation, reason="No.").operation
    with pytest.raises(OperatingError, match="taken back already"):
        operating.undo(by=curator, operation=operation, reason="No.")
    with pytest.raises(OperatingError, match="Do that one anew"):
        operating.undo(by=curator, operation=back, reason="Yes.")


def test_annotations_are_removed_and_restored(project, curator, tags, claims):
    operation = done(curator, project, Remove()).operation
    assert Annotation.objects.standing().count() == 0
    assert look(project, Remove()).stays == {"removed already": 3}
    done(curator, project, Restore(), Annotation.objects.filter(pk=claims[0].pk))
    assert operating.looked_back(operation=operation).stays == {"changed since then": 1}
    operating.undo(by=curator, operation=operation, reason="No.")
    assert Annotation.objects.standing().count() == 3


def test_handed_in_work_is_recoded_but_never_left_incomplete(
    project, curator, tags, claims, analyst
):
    own = Assignment.objects.get()
    assigning.hand_in(by=analyst, assignment=own, seen=own.version)
    done(curator, project, Recode(tags["fact"], tags["norm"]))
    assert codes(claims[0]) == [("norm", "")]
    found = look(project, Recode(tags["norm"], None))
    why = "handed in, and would lack something that the codebook requires"
    assert (found.number, found.stays) == (0, {why: 3})
    Assignment.objects.update(state="returned")
    done(curator, project, Recode(tags["norm"], None))
    assert set(Annotation.objects.values_list("state", flat=True)) == {"draft"}


def test_tags_and_facets_are_retired_and_come_back(project, curator, tags):
    rows = ClaimTag.objects.filter(slug__in=["fact", "norm"])
    codebook.retire(by=curator, thing=tags["norm"], seen=1)
    found = look(project, RetireTags(), rows)
    assert (found.number, found.stays) == (1, {"retired already": 1})
    operation = done(curator, project, RetireTags(), rows).operation
    told = Event.objects.get(operation=operation)
    assert (told.noun, told.verb, told.reason) == ("claimtag", "retired", "It was agreed.")
    operating.undo(by=curator, operation=operation, reason="No.")
    assert set(ClaimTag.objects.exclude(retired=None)) == {tags["norm"]}
    operation = done(curator, project, RetireFacets(), Facet.objects.all()).operation
    assert Facet.objects.filter(retired=None).count() == 0
    operating.undo(by=curator, operation=operation, reason="No.")
    assert Facet.objects.filter(retired=None).count() == 2


def test_a_tag_whose_key_is_taken_meanwhile_stays_retired(project, curator, tags):
    rows = ClaimTag.objects.filter(slug="fact")
    operation = done(curator, project, RetireTags(), rows).operation
    facet = tags["fact"].facet
    values = codebook.TagValues("Finding", key="f")
    codebook.create_tag(by=curator, facet=facet, values=values)
    with pytest.raises(OperatingError, match="The key f makes “Finding” already"):
        operating.undo(by=curator, operation=operation, reason="No.")


@pytest.mark.parametrize(
    ("order", "told"),
    [
        (lambda tags: Recode(), "Say which tag"),
        (lambda tags: Recode(tags["fact"], tags["fact"]), "changes nothing"),
        (lambda tags: Recode(None, tags["fact"], "support"), "takes no such stance"),
        (lambda tags: Recode(None, tags["calm"], "loud"), "takes no such stance"),
        (lambda tags: Recode(tags["other"], None), "another project"),
    ],
)
def test_an_order_that_makes_no_sense_is_refused(project, curator, tags, order, told):
    factories.small_codebook(factories.ProjectFactory())
    tags["other"] = ClaimTag.objects.exclude(project=project).first()
    with pytest.raises(OperatingError, match=told):
        look(project, order(tags))


def test_only_curators_with_a_reason_do_it_and_not_in_an_archived_project(
    project, curator, tags, claims, analyst
):
    order, seen = Remove(), {claim.pk: 1 for claim in claims}
    arguments = {"project": project, "order": order, "seen": seen}
    with pytest.raises(Forbidden):
        operating.run(by=analyst, reason="Mine.", **arguments)
    with pytest.raises(OperatingError, match="Say why"):
        operating.run(by=curator, reason="  ", **arguments)
    with pytest.raises(OperatingError, match="Nothing was changed: 3 stands already"):
        operating.run(by=curator, reason="So.", **{**arguments, "order": Restore()})
    Project.objects.update(archived=timezone.now())
    project.refresh_from_db()
    with pytest.raises(OperatingError, match="archived"):
        operating.run(by=curator, reason="So.", **arguments)
    assert Operation.objects.count() == 0
    assert Annotation.objects.standing().count() == 3


def test_rows_of_another_project_are_left_alone(project, curator, tags, claims):
    elsewhere = factories.ProjectFactory()
    factories.small_codebook(elsewhere)
    theirs = factories.claim(factories.article(elsewhere), factories.member(elsewhere))
    assert set(look(project, Remove()).seen) == {claim.pk for claim in claims}
    with pytest.raises(OperatingError, match="Nothing was changed"):
        operating.run(
            by=curator, project=project, order=Remove(), seen={theirs.pk: 1}, reason="So."
        )


def test_many_rows_are_written_in_as_few_questions_as_few(
    project, curator, tags, claims, article, analyst
):
    def questions():
        with CaptureQueriesContext(connection) as asked:
            operation = done(curator, project, Remove()).operation
            operating.undo(by=curator, operation=operation, reason="No.")
        return len(asked)

    factories.claim(article, analyst)  # incomplete, as those that follow
    few = questions()
    for n in range(20):
        factories.claim(article, analyst, 0, n + 1)
    assert questions() == few


# Work and cases


def test_work_is_given_to_another_analyst_and_comes_back(project, curator, claims, analyst):
    other = factories.member(project, user__username="bea")
    [own] = Assignment.objects.all()
    found = look(project, Reassign(other), Assignment.objects.all())
    assert (found.number, found.examples[0].after) == (
        1, {"analyst": "bea", "state": "assigned"},
    )  # fmt: skip
    operation = done(curator, project, Reassign(other), Assignment.objects.all()).operation
    states = Assignment.objects.order_by("created").values_list("analyst__username", "state")
    assert list(states) == [(analyst.username, "withdrawn"), ("bea", "assigned")]
    assert (operation.number, operation.words) == (2, "Assignments given to bea")
    assert set(operation.events.values_list("reason", flat=True)) == {"It was agreed."}
    operating.undo(by=curator, operation=operation, reason="No.")
    states = Assignment.objects.order_by("created").values_list("analyst__username", "state")
    assert list(states) == [(analyst.username, "started"), ("bea", "withdrawn")]
    own.refresh_from_db()
    assert found.seen == {own.pk: own.version - 2}


def test_what_another_has_begun_meanwhile_stays_hers(project, curator, claims, article):
    other = factories.member(project)
    operation = done(curator, project, Reassign(other), Assignment.objects.all()).operation
    factories.claim(article, other)
    with pytest.raises(OperatingError, match="begun by whoever has it now"):
        operating.undo(by=curator, operation=operation, reason="No.")
    assert Assignment.objects.get(analyst=other).state == "started"


def test_open_work_is_withdrawn_and_what_is_handed_in_stays(project, curator, claims, article):
    other = factories.member(project)
    own = factories.assigned(article, other)
    assigning.hand_in(by=other, assignment=own, seen=own.version)
    found = look(project, Withdraw(), Assignment.objects.all())
    assert (found.number, found.stays) == (1, {"handed in": 1})
    operation = done(curator, project, Withdraw(), Assignment.objects.all()).operation
    operating.undo(by=curator, operation=operation, reason="No.")
    assert set(Assignment.objects.values_list("state", flat=True)) == {"started", "handed_in"}


def test_decided_cases_are_reopened_and_decided_as_before():
    team = Team()
    one, _ = team.claim(team.ada), team.claim(team.bo, tag="norm")
    [case] = team.hand_in()
    team.decide(case, content=annotating.content_of(one), reason="A fact.", error_class="slip")
    gold = Annotation.objects.get(layer="gold")
    assert look(team.project, Remove(), Annotation.objects.filter(pk=gold.pk)).stays == {
        "gold by a decision: reopen its case instead": 1
    }
    rows = Case.objects.all()
    operation = done(team.curator, team.project, Reopen(), rows, reason="New rule.").operation
    case.refresh_from_db()
    gold.refresh_from_db()
    assert (case.state, bool(gold.deleted)) == ("open", True)
    assert case.decisions.last().reason == "New rule."
    assert look(team.project, Reopen(), rows).stays == {"open already": 1}
    operating.undo(by=team.curator, operation=operation, reason="No.")
    case.refresh_from_db()
    gold.refresh_from_db()
    assert (case.state, gold.deleted) == ("decided", None)
    last = case.decisions.last()
    assert (last.outcome, last.reason, last.error_class) == ("accepted", "A fact.", "slip")


def test_a_question_that_was_reopened_is_not_decided_by_taking_that_back():
    team = Team()
    one, _ = team.claim(team.ada), team.claim(team.bo, tag="norm")
    [case] = team.hand_in()
    team.decide(case, content=annotating.content_of(one), reason="A fact.")
    adjudication.reopen(by=team.curator, case=case, seen=case.version, reason="No.")
    adjudication.ask(by=team.curator, case=case, seen=case.version, text="Why?")
    operation = done(team.curator, team.project, Reopen(), Case.objects.all()).operation
    back = operating.looked_back(operation=operation)
    assert back.stays == {"waited for an answer, and was not decided": 1}
    with pytest.raises(OperatingError):
        operating.undo(by=team.curator, operation=operation, reason="No.")
    case.refresh_from_db()
    assert (case.state, case.decisions.count()) == ("open", 2)


def test_returned_work_comes_back_with_the_comment(project, curator, claims, analyst):
    own = Assignment.objects.get(analyst=analyst)
    assigning.hand_in(by=analyst, assignment=own, seen=own.version)
    own.refresh_from_db()
    assigning.give_back(by=curator, assignment=own, seen=own.version, comment="The quay?")
    operation = done(curator, project, Withdraw(), Assignment.objects.all()).operation
    operating.undo(by=curator, operation=operation, reason="No.")
    own.refresh_from_db()
    assert (own.state, own.comment) == ("returned", "The quay?")
