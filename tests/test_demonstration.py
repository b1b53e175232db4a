"""What the demo project shows of the product."""

import json
from collections import Counter

import pytest
from django.db import transaction

from annotations import demonstration
from annotations.models import (
    Annotation,
    Assignment,
    Case,
    Comment,
    Decision,
    Link,
    Message,
    Notice,
    Overruling,
    Participant,
    Span,
)
from corpus_app import ingest
from corpus_app.models import Article


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """The demo project, loaded once for the tests of this module; what was told on the way."""
    told = []
    with django_db_blocker.unblock(), transaction.atomic():
        demonstration.load(tell=told.append)
        with django_db_blocker.block():
            yield told
        transaction.set_rollback(True)


@pytest.fixture
def demo(loaded, db):
    """The demo project; what was told when it was loaded."""
    return loaded


def test_the_demo_shows_every_state_of_work(demo):
    states = Counter(Assignment.objects.values_list("analyst__username", "state"))
    assert {analyst for analyst, _ in states} == {"amina", "boris"}
    assert {state for _, state in states} == {"assigned", "started", "handed_in"}
    assert Article.objects.filter(assignments=None).count() == 1


def test_the_demo_has_work_of_two_analysts_and_a_gold_layer(demo):
    layers = Counter(Annotation.objects.values_list("layer", "author__username", "kind"))
    assert sorted(layers) == [
        ("analyst", "amina", "claim"), ("analyst", "amina", "mention"),
        ("analyst", "boris", "claim"), ("analyst", "boris", "mention"),
        ("gold", "clara", "claim"), ("gold", "clara", "mention"),
    ]  # fmt: skip
    assert {a.state for a in Annotation.objects.all()} == {"complete"}


def test_every_quote_of_the_demo_is_the_slice_of_its_text(demo):
    spans = Span.objects.select_related("annotation__revision")
    assert [s for s in spans if s.annotation.revision.text[s.start : s.end] != s.quote] == []


def test_the_cleaner_finds_the_facts_of_the_demo_articles(demo):
    described = json.loads((demonstration.DEMO / "articles.json").read_text())
    assert len(described) >= 6
    for facts in described:
        found = ingest.propose(data=(demonstration.DEMO / facts["file"]).read_bytes()).fields
        assert {
            "title": found.title, "authors": list(found.authors), "outlet": found.outlet,
            "translators": list(found.translators), "published_on": str(found.published_on),
        } == {name: facts[name] for name in facts if name not in ("file", "language")}  # fmt: skip


def test_the_demo_shows_endorsement_certainty_a_flag_and_a_link(demo):
    standing = Annotation.objects.standing()
    endorsed = Counter(Participant.objects.values_list("role", "endorsement"))
    assert {said for role, said in endorsed if role == "voice"} == {
        "endorses", "neutral", "distances",
    }  # fmt: skip
    chain = Participant.objects.filter(role="voice", position=1)
    assert [str(voice) for voice in chain] == ["voice: @outlet"]
    assert set(standing.values_list("certainty", flat=True)) == {"", "high", "medium", "low"}
    assert standing.filter(flagged=True).count() == 1
    link = Link.objects.get()
    assert (link.relation, link.annotation.article == link.claim.article) == ("contradicts", False)


def test_in_the_demo_a_curator_was_asked_and_has_answered(demo):
    said = Comment.objects.filter(annotation__flagged=True)
    assert [comment.author.username for comment in said] == ["amina", "clara"]
    unread = Notice.objects.filter(read=None, comment__in=said)
    assert [notice.person.username for notice in unread] == ["amina"]


def test_the_demo_shows_every_state_of_a_case_and_what_coders_are_told(demo):
    states = Counter(Case.objects.standing().values_list("state", flat=True))
    assert (states["asked"], states["open"] > states["decided"] > 4) == (1, True)
    outcomes = Counter(Decision.objects.values_list("outcome", flat=True))
    assert (set(outcomes), outcomes["accepted"]) == ({"unanimous", "accepted"}, 4)
    assert Overruling.objects.exclude(contested=None).count() == 1
    told = Counter(Message.objects.values_list("person__username", "kind"))
    assert told[("clara", "contested")] == 1
    assert {kind for _, kind in told} == {"assigned", "contested", "overruled"}
