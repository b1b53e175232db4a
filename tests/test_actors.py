"""The door to the registry of actors."""

from datetime import date

import pytest

from corpus_app import actors
from corpus_app.actors import ActorError, ActorValues, AffiliationValues, AliasValues
from corpus_app.history import Stale
from corpus_app.identifiers import UnfitIdentifier, clean_identifier
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


# What it is part of, its names and ids


def test_a_time_in_a_body_has_a_beginning_and_an_end(project, curator):
    town = factories.actor(project, "Town")
    times = (
        AffiliationValues(town, until=date(2001, 1, 1)),
        AffiliationValues(town, date(2003, 1, 1), date(2004, 1, 1)),
    )
    office = factories.actor(project, "Office", by=curator, affiliations=times)
    assert actors.as_values(office)["part_of"] == [
        {"name": "Town", "until": "2001-01-01"},
        {"name": "Town", "since": "2003-01-01", "until": "2004-01-01"},
    ]
    for wrong in (
        (AffiliationValues(town, date(2003, 1, 1), date(2002, 1, 1)),),
        (AffiliationValues(town), AffiliationValues(town, until=date(2002, 1, 1))),
    ):
        values = ActorValues("Office", affiliations=wrong)
        with pytest.raises(ActorError) as refused:
            actors.change(by=curator, actor=office, seen=1, values=values)
        assert list(refused.value.messages) == ["part_of"]


def test_nothing_is_part_of_itself_through_others_at_whatever_time(project, curator):
    state = factories.actor(project, "State")
    body = factories.actor(project, "Body", part_of=state)
    person = factories.actor(project, "Person", part_of=body)
    values = ActorValues(
        "State", affiliations=(AffiliationValues(person, date(1900, 1, 1), date(1900, 1, 2)),)
    )
    with pytest.raises(ActorError, match="part of itself"):
        actors.change(by=curator, actor=state, seen=1, values=values)


def test_what_stays_keeps_its_row(project, curator):
    actor = factories.actor(
        project, "Office", aliases=(("A", False), ("B", False)), external_ids=(("viaf", "77"),)
    )
    rows = {alias.name: alias.pk for alias in actor.aliases.all()}
    ids = actor.external_ids.get().pk
    aliases = (AliasValues("A", True, "en", "any", date(2001, 1, 1)), AliasValues("C"))
    values = ActorValues("Office", aliases=aliases, external_ids=(("viaf", "77"),))
    actors.change(by=curator, actor=actor, seen=1, values=values)
    now = {alias.name: alias.pk for alias in actor.aliases.all()}
    assert (now["A"], sorted(now), actor.external_ids.get().pk) == (rows["A"], ["A", "C"], ids)
    assert actors.values_of(Actor.objects.get()).aliases == (aliases[1], aliases[0])


@pytest.mark.parametrize(
    ("scheme", "value", "stored"),
    [
        ("wikidata", "q159", "Q159"),
        ("wikidata", "https://www.wikidata.org/wiki/Q159", "Q159"),
        ("wikidata", "Q0159", None),
        ("wikidata", "159", None),
        ("viaf", "https://viaf.org/viaf/102333412/", "102333412"),
        ("viaf", "1 2 a", None),
        ("isni", "0000 0001 2281 955X", "000000012281955X"),
        ("isni", "https://isni.org/isni/0000000121032683", "0000000121032683"),
        ("isni", "0000 0001 2281 9551", None),
        ("isni", "0000 0001 2281 955", None),
        ("iso3166", "ru", "RU"),
        ("iso3166", "RUS", None),
        ("iso3166", "R٣", None),
        ("viaf", "١٢٣", None),
        ("gnd", "1", None),
    ],
)
def test_an_id_elsewhere_has_the_form_of_its_file(scheme, value, stored):
    try:
        found = clean_identifier(scheme, value)
    except UnfitIdentifier:
        found = None
    assert found == stored
