"""The door for actors that are one, and for one that is two."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from annotations import annotating, recasting
from annotations.content import Content, Part
from annotations.exchange import record
from annotations.models import Annotation, Link
from corpus_app import actors, merging
from corpus_app.actors import ActorError, ActorValues, AliasValues
from corpus_app.history import Stale
from corpus_app.merging import MergingError
from corpus_app.models import Actor, Alias, Event
from tests import api, factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return factories.ProjectFactory(slug="strait")


@pytest.fixture
def curator(project):
    return factories.member(project, "curator")


def fresh(actor):
    return Actor.objects.get(pk=actor.pk)


def merge(by, actor, into):
    return merging.merge(by=by, actor=fresh(actor), into=into, seen=fresh(actor).version)


def mention(project, author, actor, quote, text="The Pier, a pier, the Old Pier and the Harbour."):
    """A mention of these words by this author."""
    article = project.article_set.first() or factories.plain_article(project, text)
    factories.assigned(article, author)
    revision = article.revisions.get()
    start = revision.text.index(quote)
    content = Content(
        "mention", ((start, start + len(quote), None),), (Part("named", str(actor.pk)),)
    )
    return annotating.create(by=author, revision=revision, content=content)[0]


def named(annotation):
    return annotation.participants.get().actor.name


# Merging


def test_mergers_are_followed_to_their_end_and_rewrite_nothing(project, curator):
    one, other, third = (factories.actor(project, name) for name in ("A", "B", "C"))
    marked = mention(project, curator, one, "Harbour")
    merge(curator, one, other)
    merge(curator, other, third)
    assert (fresh(one).merged_into, fresh(one).standing) == (other, third)
    assert fresh(other).standing == third
    assert named(marked) == "A"
    [part] = record.of([marked.pk], Link.objects.all())[0].participants
    assert (part.actor, part.standing, part.name) == (str(one.pk), str(third.pk), "C")
    assert list(Actor.objects.current()) == [third]


def test_a_merger_is_taken_back_exactly(project, curator):
    one, other, third = (factories.actor(project, name) for name in ("A", "B", "C"))
    before = actors.as_values(fresh(other))
    merge(curator, one, other)
    merge(curator, other, third)
    merging.unmerge(by=curator, actor=fresh(other), seen=2)
    assert actors.as_values(fresh(other)) == before
    assert [fresh(actor).standing for actor in (one, other, third)] == [other, None, None]
    told = Event.objects.filter(object_id=str(one.pk)).order_by("version")
    assert [(event.verb, event.version) for event in told] == [
        ("created", 1), ("merged", 2), ("taken along", 3), ("taken along", 4),
    ]  # fmt: skip
    stood = [(event.before["standing"], event.after["standing"]) for event in told[2:]]
    assert stood == [("B", "C"), ("C", "B")]
    events = Event.objects.filter(object_id=str(other.pk)).order_by("version")
    assert [event.verb for event in events] == ["created", "merged", "unmerged"]
    assert events[2].undoes == events[1]
    assert (events[1].by, events[1].after["merged_into"]) == (curator, "C")


def test_no_merger_goes_round_or_out_of_the_project(project, curator):
    one, other, third = (factories.actor(project, name) for name in ("A", "B", "C"))
    far = factories.actor(factories.ProjectFactory(), "Far")
    merge(curator, one, other)
    retired = actors.retire(by=curator, actor=fresh(third), seen=1)
    for actor, into in (
        (other, one), (other, other), (other, far), (other, retired), (one, far), (third, one),
    ):  # fmt: skip
        with pytest.raises(MergingError):
            merge(curator, actor, into)
    assert Actor.objects.exclude(merged_into=None).count() == 1
    with pytest.raises(MergingError, match="not merged"):
        merging.unmerge(by=curator, actor=fresh(other), seen=1)


def test_a_merger_of_what_has_moved_on_is_refused(project, curator):
    one, other = (factories.actor(project, name) for name in ("A", "B"))
    actors.change(by=curator, actor=fresh(one), seen=1, values=ActorValues("A2"))
    with pytest.raises(Stale):
        merging.merge(by=curator, actor=fresh(one), into=other, seen=1)
    assert fresh(one).merged_into is None


def test_the_database_itself_knows_who_stands_for_whom(project):
    one, other = (factories.actor(project, name) for name in ("A", "B"))
    for wrong in ({"merged_into": one}, {"merged_into": other}, {"standing": other}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Actor.objects.filter(pk=one.pk).update(**wrong)


def test_lists_by_actor_count_those_merged_into_it_and_what_is_part_of_it():
    desk = api.desk()
    ada, by = api.Caller(desk.ada), desk.cora
    bureau = factories.actor(desk.project, "Bureau")
    town = factories.actor(desk.project, "Town")
    values = ActorValues("Harbour Office", affiliations=(actors.AffiliationValues(town),))
    actors.change(by=by, actor=fresh(desk.office), seen=1, values=values)
    own = factories.claim(desk.article, desk.ada, 0, 4, parts=(factories.claimant(desk.office),))
    others = factories.claim(desk.article, desk.ada, 5, 9, parts=(factories.claimant(bureau),))
    merge(by, bureau, fresh(desk.office))
    for query, found in (
        (f"actor={desk.office.pk}", {own.pk, others.pk}),
        (f"actor={desk.office.pk}&role=target", set()),
        (f"actor={bureau.pk}", {others.pk}),
        (f"actor={town.pk}", set()),
        (f"actor={town.pk}&within=true", {own.pk, others.pk}),
    ):
        rows = ada.results(f"annotations/?{query}")
        assert {row["id"] for row in rows} == {str(pk) for pk in found}, query
    for query, found in (
        (f"part_of={town.pk}", ["Harbour Office", "Bureau"]),
        (f"part_of={town.pk}&transitive=true", ["Harbour Office", "Bureau"]),
    ):
        rows = [row["name"] for row in ada.results(f"actors/?{query}")]
        assert sorted(rows) == sorted(found), query


# Splitting


def harbour(project, curator):
    aliases = (
        AliasValues("Pier", language="en", until=date(2020, 1, 1)), AliasValues("Old Pier"),
        AliasValues("Quay", metonym=True),
    )  # fmt: skip
    return factories.actor(project, "Harbour", by=curator, aliases=aliases)


def test_a_split_moves_names_and_the_mentions_by_them_and_comes_back_exactly(project, curator):
    ada = factories.member(project)
    actor = harbour(project, curator)
    before, rows = actors.as_values(actor), set(actor.aliases.values_list("pk", "name"))
    follows = [mention(project, ada, actor, quote) for quote in ("Pier", "Old Pier")]
    stays = mention(project, ada, actor, "Harbour")
    new, number = recasting.split(
        by=curator, actor=actor, seen=1, values=ActorValues("The Piers"),
        aliases=["Pier", "Old Pier"], mentions=True,
    )  # fmt: skip
    assert (number, [named(m) for m in follows], named(stays)) == (2, ["The Piers"] * 2, "Harbour")
    assert list(actor.aliases.values_list("name", flat=True)) == ["Quay"]
    assert set(new.aliases.values_list("pk", "name")) < rows
    event = Event.objects.get(object_id=str(follows[0].pk), version=2)
    assert (event.verb, event.by, event.author) == ("recast", curator, ada)
    assert recasting.reunite(by=curator, actor=fresh(actor), seen=2) == 2
    assert [named(m) for m in (*follows, stays)] == ["Harbour"] * 3
    assert actors.as_values(fresh(actor)) == before
    assert set(actor.aliases.values_list("pk", "name")) == rows
    assert fresh(new).standing == actor
    back = Event.objects.get(object_id=str(follows[0].pk), version=3)
    assert (back.undoes, back.after["participants"]) == (event, event.before["participants"])
    assert Annotation.objects.get(pk=follows[0].pk).version == 3


def test_mentions_stay_where_they_are_unless_asked(project, curator):
    actor = harbour(project, curator)
    marked = mention(project, curator, actor, "Pier")
    split = {"by": curator, "actor": actor, "seen": 1, "values": ActorValues("The Piers")}
    assert recasting.split(**split, aliases=["Pier"], mentions=False)[1] == 0
    assert named(marked) == "Harbour"


def test_the_new_actor_may_be_called_by_the_alias_that_it_gets(project, curator):
    actor = harbour(project, curator)
    values = ActorValues("Pier", aliases=(("Pier", False),))
    new = merging.split(by=curator, actor=actor, seen=1, values=values, aliases=["Pier"])
    [alias] = new.aliases.all()
    assert (alias.name, alias.language, alias.until) == ("Pier", "en", date(2020, 1, 1))
    assert Alias.objects.filter(name="Pier").count() == 1


def test_an_unfit_split_is_refused_and_moves_nothing(project, curator):
    actor = harbour(project, curator)
    before = actors.as_values(actor)
    for values, aliases, refusal in (
        (ActorValues("X"), [], MergingError), (ActorValues("X"), ["Nobody"], MergingError),
        (ActorValues("harbour"), ["Pier"], ActorError),
    ):  # fmt: skip
        with pytest.raises(refusal):
            merging.split(by=curator, actor=actor, seen=1, values=values, aliases=aliases)
    with pytest.raises(Stale):
        merging.split(by=curator, actor=actor, seen=7, values=ActorValues("X"), aliases=["Pier"])
    with pytest.raises(MergingError):
        merging.reunite(by=curator, actor=actor, seen=1)
    assert actors.as_values(fresh(actor)) == before
    assert Actor.objects.count() == 1


# Told apart


def test_a_pair_told_apart_is_proposed_no_more(project, curator):
    one, other = (factories.actor(project, name) for name in ("Harbour Office", "Harbor Office"))
    [pair] = merging.doubles(project)
    assert {pair.one, pair.other} == {one.pk, other.pk}
    merging.tell_apart(by=curator, one=other, other=one)
    merging.tell_apart(by=curator, one=one, other=other)
    assert merging.doubles(project) == []
    with pytest.raises(MergingError):
        merging.tell_apart(by=curator, one=one, other=one)
