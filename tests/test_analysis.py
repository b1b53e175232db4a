"""What is claimed by whom: one query, and what it leaves out."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations import analysis, annotating, handing
from annotations.analysis import Scope
from annotations.content import Content, Part
from annotations.models import ClaimTag
from corpus_app import merging
from corpus_app.models import Actor, Role
from tests import factories

pytestmark = pytest.mark.django_db
TEXT = "The strait is calm today, says the office. Nobody in the harbour agrees with that. " * 3


class World:
    """Ada has handed in two articles and Ben one; one more of Ada's is open."""

    def __init__(self):
        self.project = factories.ProjectFactory(slug="strait")
        self.cora = factories.member(self.project, Role.CURATOR)
        self.ada, self.ben = (
            factories.member(self.project, user__username=name) for name in ("ada", "ben")
        )
        factories.small_codebook(self.project, by=self.cora)
        self.tags = {tag.slug: tag for tag in ClaimTag.objects.filter(project=self.project)}
        own = {"by": self.cora}
        self.union = factories.actor(self.project, "Union", kind="party", **own)
        self.office = factories.actor(self.project, "Office", part_of=self.union, **own)
        self.guild = factories.actor(self.project, "Guild", kind="company", **own)
        self.first = self.article("One. ", published_on=date(2024, 3, 1), outlet="Post")
        self.second = self.article("Two. ", authors=("Ada Quill", "Bo Lee"), outlet="Post")
        self.third = self.article("Three. ", outlet="Herald")

    def article(self, start, **fields):
        return factories.plain_article(self.project, start + TEXT, by=self.cora, **fields)

    def claim(self, article, who, start, *parts, **stances):
        codes = tuple(factories.coded(self.tags[tag], stance) for tag, stance in stances.items())
        if who == self.cora:
            content = Content("claim", ((start, start + 5, None),), tuple(parts), codes)
            revision = article.revisions.get()
            return annotating.create(by=who, revision=revision, content=content, layer="gold")[0]
        return factories.claim(article, who, start, start + 5, parts=tuple(parts), codes=codes)

    def hand_in(self, article, who):
        own = factories.assigned(article, who)
        handing.hand_in(by=who, assignment=own, seen=own.version)

    def found(self, user=None, **scope):
        """The statements as words, and the layer."""
        found = analysis.statements(user or self.cora, self.project, Scope(**scope))
        return sorted(
            f"{one.actor.label} {one.stance or 'says'} {one.tag.name}" for one in found.statements
        ), found.layer


@pytest.fixture
def world():
    world = World()
    office, guild = factories.claimant(world.office), factories.claimant(world.guild)
    target, voice = Part("target", str(world.guild.pk)), Part("voice", stands_for="outlet")
    world.claim(world.first, world.ada, 5, office, guild, target, fact="", calm="support")
    world.claim(world.first, world.ben, 5, office, voice, fact="", calm="oppose")
    author = Part("claimant", stands_for="author")
    world.claim(world.second, world.ada, 5, author, fact="")
    world.claim(world.third, world.ada, 5, guild, norm="")
    for article, who in ((world.first, world.ada), (world.second, world.ada)):
        world.hand_in(article, who)
    world.hand_in(world.first, world.ben)
    return world


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


def test_gold_goes_before_what_was_handed_in(world):
    world.claim(world.third, world.cora, 9, factories.claimant(world.guild), calm="neutral")
    assert world.found() == (["Guild neutral calm"], "gold")
    assert len(world.found(layer="handed_in")[0]) == 8


def test_merged_actors_and_what_is_deleted(world):
    world.claim(world.second, world.cora, 9, factories.claimant(world.office), calm="support")
    gone = world.claim(world.second, world.cora, 9, factories.claimant(world.guild), fact="")
    annotating.remove(by=world.cora, annotation=gone, seen=1)
    office, guild = Actor.objects.get(pk=world.office.pk), Actor.objects.get(pk=world.guild.pk)
    merging.merge(by=world.cora, actor=office, into=guild, seen=office.version)
    assert world.found() == (["Guild support calm"], "gold")


def test_nobody_sees_in_it_what_is_hidden_from_her(world):
    eve = factories.member(world.project, user__username="eve")
    assert world.found(eve) == ([], "")
    assert world.found(factories.UserFactory()) == ([], "")
    assert len(world.found(world.ben)[0]) == 6
