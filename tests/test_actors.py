"""The door to the registry of actors."""

import pytest

from corpus_app import actors
from corpus_app.actors import ActorError, ActorValues, AffiliationValues, AliasValues
from corpus_app.history import Stale
from corpus_app.models import Actor, Event
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return factories.ProjectFactory()


@pytest.fixture
def curator(project):
    return factories.member(project, "curator")


def names(actor):
    return [(alias.name, alias.metonym) for alias in actor.aliases.all()]


# One at a time


def test_an_actor_is_made_with_its_aliases_and_an_event(project, curator):
    aliases = (("The Office", False), ("Harbour Street", True))
    made = factories.actor(
        project, " Harbour  Office ", by=curator, kind="government body", aliases=aliases
    )
    assert (made.name, made.kind) == ("Harbour Office", "government body")
    assert names(made) == [("The Office", False), ("Harbour Street", True)]
    event = Event.objects.get(object_id=str(made.pk))
    assert (event.verb, event.by, event.before, event.after) == (
        "created",
        curator,
        None,
        actors.as_values(made),
    )


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"name": ""}, ["name"]),
        ({"name": "Harbour\u200bOffice"}, ["name"]),
        ({"name": "x" * 201}, ["name"]),
        ({"name": "TOWN hall"}, ["name"]),
        ({"name": "Other", "kind": "ship"}, ["kind"]),
        ({"name": "Other", "aliases": (("", False),)}, ["aliases"]),
        ({"name": "Other", "aliases": (AliasValues("a", language="x y"),)}, ["aliases"]),
        ({"name": "Other", "aliases": (AliasValues("a", case="loud"),)}, ["aliases"]),
        ({"name": "Other", "external_ids": (("wikidata", "159"),)}, ["external_ids"]),
        ({"name": "Other", "aliases": (("X", False), ("X", True))}, ["aliases"]),
        ({"name": "Other", "notes": "\x00"}, ["notes"]),
        ({"name": "", "kind": "ship"}, ["name", "kind"]),
    ],
)
def test_an_unfit_actor_is_refused_field_by_field(project, curator, values, fields):
    factories.actor(project, "Town Hall", by=curator)
    with pytest.raises(ActorError) as refused:
        actors.create(by=curator, project=project, values=ActorValues(**values))
    assert list(refused.value.messages) == fields
    assert Actor.objects.count() == 1


def test_the_same_name_is_free_in_another_project(project, curator):
    factories.actor(project, "Town Hall", by=curator)
    assert factories.actor(factories.ProjectFactory(), "Town Hall").name == "Town Hall"


def test_nobody_is_part_of_a_body_elsewhere_or_of_itself(project, curator):
    town = factories.actor(project, "Town")
    office = factories.actor(project, "Office", part_of=town)
    elsewhere = factories.actor(factories.ProjectFactory(), "Far town")
    for actor, whole in ((town, office), (town, town), (office, elsewhere)):
        values = ActorValues(actor.name, affiliations=(AffiliationValues(whole),))
        with pytest.raises(ActorError) as refused:
            actors.change(by=curator, actor=actor, seen=1, values=values)
        assert list(refused.value.messages) == ["part_of"]


def test_a_change_replaces_the_aliases_and_tells_before_and_after(project, curator):
    actor = factories.actor(project, "Office", aliases=(("Old", False),))
    values = ActorValues("Office", notes="closed", aliases=(("New", True),))
    actors.change(by=curator, actor=actor, seen=1, values=values)
    event = Event.objects.get(object_id=str(actor.pk), version=2)
    told = ("aliases", "notes")
    assert [event.before[name] for name in told] == [[{"name": "Old"}], ""]
    assert [event.after[name] for name in told] == [[{"name": "New", "metonym": True}], "closed"]


def test_a_stale_change_writes_nothing(project, curator):
    actor = factories.actor(project, "Office")
    actors.change(by=curator, actor=actor, seen=1, values=ActorValues("Bureau"))
    with pytest.raises(Stale) as refused:
        actors.change(by=curator, actor=actor, seen=1, values=ActorValues("Agency"))
    assert refused.value.current.name == "Bureau"
    assert Actor.objects.get().name == "Bureau"
    assert Event.objects.filter(object_id=str(actor.pk)).count() == 2


def test_a_retired_actor_is_revived(project, curator):
    actor = factories.actor(project, "Office")
    actors.retire(by=curator, actor=actor, seen=1)
    assert not Actor.objects.current().exists()
    actors.revive(by=curator, actor=actor, seen=2)
    assert Actor.objects.current().get().version == 3
