"""What is claimed by whom: one query, and what it leaves out."""

from collections import Counter
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations import adjudication, analysis, annotating, cases
from annotations.analysis import Scope
from annotations.exchange.network.statements import statements
from annotations.exchange.source import narrowed, source_for
from annotations.models import Case
from corpus_app import merging
from corpus_app.models import Actor
from tests import factories
from tests.claimed import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World().filled()


def test_who_claims_what_of_the_work_that_was_handed_in(world):
    with CaptureQueriesContext(connection) as queries:
        found = world.found()
    assert found == (
        [
            "Ada Quill says fact", "Bo Lee says fact", "Guild says fact", "Guild support calm",
            "Office oppose calm", "Office says fact", "Office says fact", "Office support calm",
        ],
        "analyst",
    )  # fmt: skip
    assert len(queries) == 1
    dates = {one.on for one in analysis.statements(world.cora, world.project, Scope()).statements}
    assert dates == {date(2024, 3, 1), None}


CASES = [
    ({"facet": "proposition"}, ["Guild support calm", "Office oppose calm", "Office support calm"]),
    ({"role": "target"}, ["Guild says fact", "Guild support calm"]),
    ({"role": "voice"}, ["Post oppose calm", "Post says fact"]),
    ({"role": "outlet", "facet": "claim-type"}, ["Post says fact"] * 3),
    (
        {"lifted": True, "facet": "proposition"},
        ["Guild support calm", "Union oppose calm", "Union support calm"],
    ),
    ({"layer": "gold"}, []),
    # The second article prints what the first one printed.
    ({"counted_once": True, "role": "outlet", "facet": "claim-type"}, ["Post says fact"] * 2),
]


def test_of_which_claims_and_of_whom(world):
    for scope, said in CASES:
        assert world.found(**scope)[0] == said, scope


def test_gold_goes_before_what_was_handed_in_on_its_article_where_no_case_is_open(world):
    guild = factories.claimant(world.guild)
    world.claim(world.third, world.cora, 9, guild, calm="neutral")
    assert world.found(layer="gold") == (["Guild neutral calm"], "gold")
    handed_in, layer = world.found(layer="handed_in")
    assert (len(handed_in), layer) == (8, "analyst")
    assert world.found() == (sorted(["Guild neutral calm", *handed_in]), "both")
    world.claim(world.second, world.cora, 9, guild, fact="")
    world.claim(world.first, world.cora, 9, guild, calm="unclear")
    gold = ["Guild says fact", "Guild unclear calm"]
    # Nothing of it is in a case that is decided; to whom cases are hidden gold stands for all.
    assert world.found() == (sorted(["Guild neutral calm", *gold, *handed_in]), "both")
    assert world.found(world.ada) == (gold, "gold")


def test_what_was_handed_in_counts_until_it_is_decided(world):
    fourth = world.article("Four. ")
    office, guild = factories.claimant(world.office), factories.claimant(world.guild)
    for who in (world.ada, world.ben):
        for start, actor in ((5, office), (30, guild), (60, office)):
            world.claim(fourth, who, start, actor, calm="support", fact="")
        world.hand_in(fourth, who)
    cases.match_article(by=world.cora, article=fourth)
    first, second, _ = Case.objects.filter(article=fourth).order_by("start")
    before = world.found()[0]
    own = ["support calm", "says fact"]
    adjudication.decide(by=world.cora, case=first, seen=first.version, outcome="rejected")
    after = Counter(before) - Counter(f"Office {said}" for said in own * 2)
    assert world.found() == (sorted(after.elements()), "analyst")
    said = annotating.content_of(second.members.first().annotation)
    adjudication.decide(
        by=world.cora, case=second, seen=second.version, outcome="accepted", content=said
    )
    after -= Counter(f"Guild {said}" for said in own)  # two coders' became one of gold
    assert world.found() == (sorted(after.elements()), "both")
    # A file of the whole project has what is not handed in, too.
    source = source_for(world.cora, world.project)
    written = Counter(
        f"{one.actor.label} {one.stance or 'says'} {one.tag.name}"
        for one in statements(source.parcel())
    )
    assert written == after + Counter(["Guild says norm"])
    for layer, number in (("gold", 2), ("analyst", len(before) + 1)):
        assert len(statements(narrowed(source, layer=layer).parcel())) == number


def test_merged_actors_and_what_is_deleted(world):
    world.claim(world.second, world.cora, 9, factories.claimant(world.office), calm="support")
    gone = world.claim(world.second, world.cora, 9, factories.claimant(world.guild), fact="")
    annotating.remove(by=world.cora, annotation=gone, seen=1)
    office, guild = Actor.objects.get(pk=world.office.pk), Actor.objects.get(pk=world.guild.pk)
    merging.merge(by=world.cora, actor=office, into=guild, seen=office.version)
    assert world.found(layer="gold") == (["Guild support calm"], "gold")


def test_nobody_sees_in_it_what_is_hidden_from_her(world):
    eve = factories.member(world.project, user__username="eve")
    assert world.found(eve) == ([], "")
    assert world.found(factories.UserFactory()) == ([], "")
    assert len(world.found(world.ben)[0]) == 6
