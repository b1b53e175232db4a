"""Training: how the marks of a newcomer compare with the gold layer, and who sees it when."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from annotations import annotating, assigning, handing, scoring
from annotations.content import Code, Content
from annotations.models import Annotation, Case, Member
from tests import factories
from tests.api import desk as make_desk

pytestmark = pytest.mark.django_db

# PLAIN: "The strait is calm" stands at 0 to 18, "By Ada Quill" after it.
TITLE, STRAIT, LATER = (0, 18), (4, 10), (34, 60)


@pytest.fixture
def desk():
    """A desk whose curator has decided nothing yet; cat is a newcomer."""
    desk = make_desk()
    desk.cat = factories.member(desk.project, user__username="cat")
    return desk


def mark(desk, author, span, *, tags=(), parts=(), kind="claim", layer="analyst"):
    """A stored annotation of the desk's article."""
    codes = tuple(Code(str(tag.pk), stance) for tag, stance in tags)
    content = Content(kind, ((*span, None),), tuple(parts), codes)
    made = annotating.create(by=author, revision=desk.revision, content=content, layer=layer)[0]
    Annotation.objects.filter(pk=made.pk).update(state="complete")
    return made


def gold(desk, span, **values):
    return mark(desk, desk.cora, span, layer="gold", **values)


def train(desk, newcomer):
    return assigning.assign(by=desk.cora, article=desk.article, analyst=newcomer, training=True)


def hand_in(own):
    own.refresh_from_db()
    return handing.hand_in(by=own.analyst, assignment=own, seen=own.version)


def told(tally):
    return tally.name, tally.right, tally.missed, tally.extra


@pytest.mark.parametrize(
    ("counts", "shares"),
    [
        ((0, 0, 0), (None, None, None)),
        ((2, 0, 0), (1, 1, 1)),
        ((0, 2, 0), (None, 0, 0)),
        ((0, 0, 2), (0, None, 0)),
        ((1, 1, 0), (1, 0.5, 2 / 3)),
        ((3, 1, 2), (0.6, 0.75, 6 / 9)),
    ],
)
def test_precision_recall_and_their_mean(counts, shares):
    tally = scoring.Tally("all", *counts)
    assert (tally.precision, tally.recall, tally.f1) == pytest.approx(shares, nan_ok=True)


def test_marks_and_tags_are_right_missed_or_extra(desk):
    fact, calm = (desk.fact, ""), (desk.calm, "support")
    gold(desk, TITLE, tags=[fact, calm])
    gold(desk, LATER, tags=[fact])
    own = train(desk, desk.cat)
    mark(desk, desk.cat, STRAIT, tags=[fact])
    mark(desk, desk.cat, (70, 80), tags=[calm])
    score = scoring.score(desk.cat, hand_in(own))
    assert [told(one) for one in score.marks] == [("claims", 1, 1, 1)]
    assert {name: [told(one) for one in tallies] for name, tallies in score.tags.items()} == {
        "Claim type": [("Fact", 1, 1, 0)], "Proposition": [("The strait is calm", 0, 1, 1)],
    }  # fmt: skip
    assert [row.what for row in score.rows] == ["differs", "missed", "extra"]


def test_what_differs_is_said_field_by_field_in_words(desk):
    parts = [factories.claimant(desk.office)]
    gold(desk, TITLE, tags=[(desk.fact, ""), (desk.calm, "support")], parts=parts)
    own = train(desk, desk.cat)
    mark(desk, desk.cat, TITLE, tags=[(desk.fact, ""), (desk.calm, "oppose")])
    [row] = scoring.score(desk.cat, hand_in(own)).rows
    assert [(said.name, said.hers, said.gold) for said in row.fields] == [
        ("Claimant", [], ["Harbour Office"]),
        ("Proposition: stance", ["The strait is calm: oppose"], ["The strait is calm: support"]),
    ]
    assert "".join(piece.words for piece in row.pieces if piece.marked) == "The strait is calm"


def test_fields_are_counted_where_both_marked_the_stretch(desk):
    claimant = [factories.claimant(desk.office)]
    gold(desk, TITLE, tags=[(desk.fact, "")], parts=claimant)
    gold(desk, LATER, tags=[(desk.fact, "")], parts=claimant)
    own = train(desk, desk.cat)
    mark(desk, desk.cat, TITLE, tags=[(desk.fact, "")], parts=claimant)
    mark(desk, desk.cat, (34, 50), tags=[(desk.fact, "")])
    fields = scoring.score(desk.cat, hand_in(own)).fields
    assert [(one.name, one.same, one.of) for one in fields] == [
        ("Stretch", 1, 2), ("Claimant", 1, 2), ("Claim type", 2, 2),
    ]  # fmt: skip


def test_the_same_marks_are_a_full_score_and_no_marks_none(desk):
    gold(desk, TITLE, tags=[(desk.fact, "")])
    full, empty = train(desk, desk.cat), train(desk, factories.member(desk.project))
    mark(desk, desk.cat, TITLE, tags=[(desk.fact, "")])
    done = [hand_in(full), hand_in(empty)]
    found = scoring.overview(desk.cora, done)
    assert [[one.f1 for one in found[own.pk]] for own in done] == [[1, 1], [0, 0]]


def test_what_was_deleted_and_what_lost_its_place_is_not_compared(desk):
    removed = gold(desk, TITLE)
    gold(desk, LATER)
    annotating.remove(by=desk.cora, annotation=removed, seen=removed.version)
    score = scoring.score(desk.cora, hand_in(train(desk, desk.cat)))
    assert [row.what for row in score.rows] == ["missed"]


def test_many_are_scored_in_as_many_queries_as_few(desk):
    gold(desk, TITLE)
    people = [factories.member(desk.project) for _ in range(6)]
    for person in people:
        own = train(desk, person)
        mark(desk, person, TITLE)
        hand_in(own)
    rows = list(scoring.scored_for(desk.cora))

    def queries(some):
        with CaptureQueriesContext(connection) as asked:
            scoring.overview(desk.cora, some)
        return len(asked)

    assert queries(rows) == queries(rows[:1])


def test_training_makes_no_cases(desk):
    gold(desk, TITLE)
    own = train(desk, desk.cat)
    mark(desk, desk.cat, TITLE)
    hand_in(own)
    assert (Case.objects.count(), Member.objects.count()) == (0, 0)


def page(desk, **asked):
    return reverse("score", args=[desk.article.pk], query=asked or None)


def test_she_sees_her_score_and_the_gold_layer_only_after_handing_in(desk, client):
    gold(desk, TITLE, tags=[(desk.calm, "support")])
    own = train(desk, desk.cat)
    mark(desk, desk.cat, STRAIT)
    client.force_login(desk.cat)
    there = reverse("workbench", args=[desk.article.pk])
    assert client.get(page(desk)).status_code == 404
    assert str(Annotation.objects.get(layer="gold").pk) not in client.get(there).text
    hand_in(own)
    answer = client.get(page(desk))
    assert (answer.status_code, "The strait is calm" in answer.text) == (200, True)
    assert str(Annotation.objects.get(layer="gold").pk) in client.get(there).text
    done = client.get(reverse("home"))
    assert page(desk) in done.text


def test_returned_training_hides_gold_and_score_again(desk, client):
    gold(desk, TITLE)
    done = hand_in(train(desk, desk.cat))
    handing.give_back(by=desk.cora, assignment=done, seen=done.version, comment="Read on.")
    client.force_login(desk.cat)
    assert client.get(page(desk)).status_code == 404


def test_nobody_sees_another_newcomers_score_but_curators(desk, client):
    gold(desk, TITLE)
    dan = factories.member(desk.project, user__username="dan")
    for newcomer in (desk.cat, dan):
        hand_in(train(desk, newcomer))
    seen = {}
    for user in (desk.cat, desk.ada, desk.cora):
        client.force_login(user)
        answers = [client.get(page(desk, analyst=name)) for name in ("cat", "dan", "eve")]
        seen[user] = [answer.status_code for answer in answers]
    assert seen == {
        desk.cat: [200, 404, 404], desk.ada: [404] * 3, desk.cora: [200, 200, 404],
    }  # fmt: skip
    client.force_login(desk.cora)
    answer = client.get(page(desk))
    assert [one.analyst for one in answer.context["others"]] == [dan]


def test_the_board_tells_curators_how_newcomers_did(desk, client):
    gold(desk, TITLE)
    own = train(desk, desk.cat)
    waiting = train(desk, factories.member(desk.project, user__username="dan"))
    mark(desk, desk.cat, TITLE)
    hand_in(own)
    client.force_login(desk.cora)
    rows = client.get(reverse("board-training", args=[desk.project.slug])).context["rows"]
    assert [(row, tallies and tallies[0].f1) for row, tallies in rows] == [
        (waiting, None), (own, 1),
    ]  # fmt: skip


def test_nobody_is_trained_on_an_article_without_a_gold_layer(desk, client):
    client.force_login(desk.cora)
    sent = {"article": desk.article.pk, "coders": "cat", "training": "on"}
    answer = client.post(reverse("board-assign", args=[desk.project.slug]), sent, follow=True)
    assert "no gold layer yet" in answer.text
    assert not desk.cat.assignments.exists()
