"""What is claimed by whom: one query, and what it leaves out."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations import analysis, annotating
from annotations.analysis import Scope
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


def test_gold_goes_before_what_was_handed_in_in_the_same_article(world):
    guild = factories.claimant(world.guild)
    world.claim(world.third, world.cora, 9, guild, calm="neutral")
    assert world.found(layer="gold") == (["Guild neutral calm"], "gold")
    handed_in, layer = world.found(layer="handed_in")
    assert (len(handed_in), layer) == (8, "analyst")
    assert world.found() == (sorted(["Guild neutral calm", *handed_in]), "both")
    world.claim(world.first, world.cora, 9, guild, calm="unclear")
    world.claim(world.second, world.cora, 9, guild, fact="")
    said = ["Guild neutral calm", "Guild says fact", "Guild unclear calm"]
    assert world.found() == (said, "gold")


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
