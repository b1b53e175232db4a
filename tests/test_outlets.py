"""The door to outlets and stories."""

from datetime import date

import pytest

from corpus_app import outlets
from corpus_app.history import Stale
from corpus_app.models import Event, Outlet, Story
from corpus_app.outlets import OutletError, OutletValues, StoryValues
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return factories.ProjectFactory()


@pytest.fixture
def curator(project):
    return factories.member(project, "curator")


@pytest.fixture
def courier(project, curator):
    return outlets.create_outlet(by=curator, project=project, values=OutletValues("The Courier"))


def test_an_outlet_is_made_and_changed_with_events(project, curator, courier):
    values = OutletValues("The  Courier", " jp ", "https://courier.example/", "Near the port.\r\n")
    outlets.change_outlet(by=curator, outlet=courier, seen=1, values=values)
    assert outlets.as_values(Outlet.objects.get()) == {
        "name": "The Courier",
        "country": "JP",
        "url": "https://courier.example/",
        "standpoint": "Near the port.\n",
    }
    told = Event.objects.filter(object_id=str(courier.pk)).order_by("version")
    assert [(event.verb, event.before and event.before["country"]) for event in told] == [
        ("created", None),
        ("changed", ""),
    ]


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        (OutletValues(""), ["name"]),
        (OutletValues("x" * 201), ["name"]),
        (OutletValues("the COURIER"), ["name"]),
        (OutletValues("Other", country="JPN"), ["country"]),
        (OutletValues("Other", country="ÄÖ"), ["country"]),
        (OutletValues("Other", url="javascript:alert(1)"), ["url"]),
        (OutletValues("Other", standpoint="\x00"), ["standpoint"]),
    ],
)
def test_an_unfit_outlet_is_refused(project, curator, courier, values, fields):
    with pytest.raises(OutletError) as refused:
        outlets.create_outlet(by=curator, project=project, values=values)
    assert list(refused.value.messages) == fields


def test_a_story_is_made_and_changed(project, curator):
    values = StoryValues("The lantern tunnel", date(2026, 5, 1))
    story = outlets.create_story(by=curator, project=project, values=values)
    with pytest.raises(OutletError):
        outlets.create_story(by=curator, project=project, values=values)
    outlets.change_story(by=curator, story=story, seen=1, values=StoryValues("The tunnel"))
    with pytest.raises(Stale):
        outlets.change_story(by=curator, story=story, seen=1, values=StoryValues("A tunnel"))
    assert outlets.as_values(Story.objects.get()) == {
        "title": "The tunnel",
        "happened_on": None,
        "summary": "",
    }
