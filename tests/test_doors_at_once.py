"""Two people at the same door at the same moment: one is served, the other is told why not."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from annotations import annotating, assigning, codebook
from annotations.codebook import FacetValues, TagValues
from annotations.content import Content
from annotations.models import Annotation, ClaimTag, Facet
from corpus_app import actors, outlets, people
from corpus_app.actors import ActorValues, AffiliationValues
from corpus_app.history import DoorError
from corpus_app.models import Actor, Membership, Project
from corpus_app.outlets import OutletValues, StoryValues
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

CALLERS = 4


@pytest.fixture
def project():
    return factories.ProjectFactory()


@pytest.fixture
def curator(project):
    return factories.member(project, "curator")


def at_once(*calls) -> Counter:
    """How the calls ended, which begin together: `done`, or the name of the error."""
    start = Barrier(len(calls))

    def one(call) -> str:
        try:
            start.wait(10)
            call()
        except DoorError as error:
            return type(error).__name__
        else:
            return "done"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return Counter(pool.map(one, calls))


def test_one_name_is_given_to_one_actor(project, curator):
    def make():
        actors.create(by=curator, project=project, values=ActorValues("Harbour Office"))

    assert at_once(*[make] * CALLERS) == {"done": 1, "ActorError": CALLERS - 1}
    assert Actor.objects.filter(project=project).count() == 1


def test_one_name_is_taken_by_one_of_two_actors(project, curator):
    one, other = (factories.actor(project, name, by=curator) for name in ("Quay", "Pier"))

    def name(actor):
        values = ActorValues("Harbour Office")
        return lambda: actors.change(by=curator, actor=actor, seen=1, values=values)

    assert at_once(name(one), name(other)) == {"done": 1, "ActorError": 1}


def test_two_actors_do_not_become_part_of_each_other(project, curator):
    one, other = (factories.actor(project, name, by=curator) for name in ("Quay", "Pier"))

    def put(actor, whole):
        values = ActorValues(
            actor.name, affiliations=(AffiliationValues(Actor.objects.get(pk=whole.pk)),)
        )
        return lambda: actors.change(by=curator, actor=actor, seen=1, values=values)

    assert at_once(put(one, other), put(other, one)) == {"done": 1, "ActorError": 1}


@pytest.mark.parametrize("noun", ["outlet", "story"])
def test_one_name_is_given_to_one_outlet_and_one_story(project, curator, noun):
    values = {"outlet": OutletValues("The Quay"), "story": StoryValues("A calm strait")}[noun]
    door = {"outlet": outlets.create_outlet, "story": outlets.create_story}[noun]

    def make():
        door(by=curator, project=project, values=values)

    assert at_once(*[make] * CALLERS) == {"done": 1, "OutletError": CALLERS - 1}


def test_one_slug_is_given_to_one_project_facet_and_tag(project, curator):
    book = factories.small_codebook(project, by=curator)
    facet = Facet.objects.filter(project=project).first()
    doors = [
        lambda: people.create_project(by=curator, slug="strait", name="The strait"),
        lambda: codebook.create_facet(by=curator, codebook=book, values=FacetValues("Frame")),
        lambda: codebook.create_tag(by=curator, facet=facet, values=TagValues("Peril")),
    ]
    refused = ("PeopleError", "CodebookError", "CodebookError")
    for door, error in zip(doors, refused, strict=True):
        assert at_once(*[door] * CALLERS) == {"done": 1, error: CALLERS - 1}


def test_two_tags_do_not_come_under_each_other(project, curator):
    factories.small_codebook(project, by=curator)
    one, other = ClaimTag.objects.filter(project=project, facet__slug="claim-type")

    def put(tag, parent):
        stored = ClaimTag.objects.get(pk=parent.pk)
        values = TagValues(tag.label, slug=tag.slug, parent=stored)
        return lambda: codebook.change_tag(by=curator, tag=tag, seen=1, values=values)

    assert at_once(put(one, other), put(other, one)) == {"done": 1, "CodebookError": 1}


def test_one_person_joins_once(project, curator):
    guest = factories.UserFactory(username="guest")

    def admit():
        people.admit(by=curator, project=project, username="guest", role="analyst")

    assert at_once(*[admit] * CALLERS) == {"done": 1, "PeopleError": CALLERS - 1}
    assert Membership.objects.filter(user=guest).count() == 1


def test_of_two_managers_who_step_down_at_once_one_stays():
    maker = factories.UserFactory()
    project = people.create_project(by=maker, slug="pier", name="The pier")
    second = factories.member(project, "manager")
    memberships = Membership.objects.filter(project=project)

    def step_down(membership):
        return lambda: people.change_role(
            by=second, membership=membership, seen=membership.version, role="analyst"
        )

    assert at_once(*map(step_down, memberships)) == {"done": 1, "PeopleError": 1}
    assert memberships.filter(role="manager").count() == 1
    assert Project.objects.filter(slug="pier").count() == 1


def test_nothing_unfinished_is_written_into_work_while_it_is_handed_in(project, curator):
    analyst = factories.member(project)
    for number in range(4):
        text = f"The strait is calm, says article {number}.\n"
        article = factories.plain_article(project, text, by=curator)
        own = factories.assigned(article, analyst)
        revision = article.revisions.get()
        calls = [
            lambda own=own: assigning.hand_in(by=analyst, assignment=own, seen=1),
            *(
                lambda revision=revision, at=at: annotating.create(
                    by=analyst, revision=revision, content=Content("mention", ((at, at + 3, None),))
                )
                for at in (0, 4)
            ),
        ]
        ended = at_once(*calls)
        own.refresh_from_db()
        drafts = Annotation.objects.filter(article=article).count()
        assert (own.state == "handed_in", drafts > 0) in ((True, False), (False, True))
        assert ended["done"] == drafts + (own.state == "handed_in")
