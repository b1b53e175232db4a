"""The door for projects, memberships and tokens."""

import pytest

from corpus_app import people
from corpus_app.history import Stale
from corpus_app.models import Event, Membership, Project, Token
from corpus_app.people import PeopleError, ProjectValues
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def maker():
    return factories.UserFactory()


@pytest.fixture
def project(maker):
    return people.create_project(by=maker, slug="tunnel", name="The tunnel")


def roles(project):
    return {m.user.username: m.role for m in project.membership_set.select_related("user")}


def test_who_makes_a_project_manages_it(project, maker):
    assert roles(project) == {maker.username: "manager"}
    told = Event.objects.filter(project=project).order_by("at")
    assert [(event.verb, event.noun) for event in told] == [
        ("created", "project"),
        ("joined", "membership"),
    ]


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"slug": "tunnel"}, ["slug"]),
        ({"slug": ""}, ["slug"]),
        ({"slug": "with blank"}, ["slug"]),
        ({"slug": "x" * 81}, ["slug"]),
        ({"name": " "}, ["name"]),
        ({"name": "x" * 201}, ["name"]),
        ({"name": "hid\u200bden"}, ["name"]),
        ({"description": "\x00"}, ["name"]),
        ({"language": "english please"}, ["language"]),
        ({"slug": "", "language": ""}, ["slug", "language"]),
    ],
)
def test_an_unfit_project_is_refused(project, maker, values, fields):
    with pytest.raises(PeopleError) as refused:
        people.create_project(by=maker, **{"slug": "other", "name": "Other", **values})
    assert list(refused.value.messages) == fields
    assert Project.objects.count() == 1


def test_a_project_is_changed_under_its_version(project, maker):
    values = ProjectValues("tunnel", "The old tunnel", blind=False)
    people.change_project(by=maker, project=project, seen=1, values=values, reason="It is over.")
    with pytest.raises(Stale):
        people.change_project(by=maker, project=project, seen=1, values=values)
    event = Event.objects.get(noun="project", version=2)
    assert (event.before["blind"], event.after["blind"]) == (True, False)
    assert event.reason == "It is over."


def test_joining_again_changes_the_role(project, maker):
    user = factories.UserFactory(username="ada")
    people.join(by=maker, project=project, user=user, role="analyst")
    people.join(by=maker, project=project, user=user, role="analyst")
    people.join(by=maker, project=project, user=user, role="curator")
    assert roles(project)["ada"] == "curator"
    assert Membership.objects.get(user=user).version == 2
    with pytest.raises(PeopleError):
        people.join(by=maker, project=project, user=user, role="owner")


@pytest.mark.parametrize("username", ["ada", "ADA"])
def test_somebody_is_admitted_by_her_user_name(project, maker, username):
    factories.UserFactory(username="ada")
    people.admit(by=maker, project=project, username=username, role="analyst")
    assert roles(project)["ada"] == "analyst"


def test_nobody_is_admitted_who_is_not_there_or_is_in_already(project, maker):
    factories.UserFactory(username="gone", is_active=False)
    for username in ("nobody", "gone", maker.username):
        with pytest.raises(PeopleError) as refused:
            people.admit(by=maker, project=project, username=username, role="analyst")
        assert list(refused.value.messages) == ["user_name"]


def test_a_project_keeps_a_manager(project, maker):
    membership = Membership.objects.get(user=maker)
    with pytest.raises(PeopleError, match="at least one manager"):
        people.change_role(by=maker, membership=membership, seen=1, role="analyst")
    people.join(by=maker, project=project, user=factories.UserFactory(), role="manager")
    people.change_role(by=maker, membership=membership, seen=1, role="analyst")
    assert roles(project)[maker.username] == "analyst"


def test_a_role_that_is_none_is_refused(project, maker):
    membership = Membership.objects.get(user=maker)
    with pytest.raises(PeopleError, match="owner"):
        people.change_role(by=maker, membership=membership, seen=1, role="owner")


def test_a_token_is_told_once_and_revoked_by_its_owner_alone(project, maker):
    token, secret = people.create_token(by=maker, name="export", scope="read", project=project)
    assert secret not in str(vars(Token.objects.get()))
    with pytest.raises(PeopleError):
        people.revoke_token(by=factories.UserFactory(), token=token)
    people.revoke_token(by=maker, token=token)
    assert not Token.objects.exists()
    with pytest.raises(PeopleError):
        people.create_token(by=maker, name="export", scope="everything")
