"""Invitations: the door, the page behind the link, and who gets nowhere with one."""

import re
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from corpus_app import inviting, people
from corpus_app.access import open_events_for
from corpus_app.inviting import InvitingError
from corpus_app.models import Event, Invitation, Membership, Role, User
from tests import factories
from tests.test_doors_at_once import at_once

pytestmark = pytest.mark.django_db

JOIN = reverse("join")
PASSWORD = "a long pass phrase"
NEW = {
    "do": "register", "username": "newcomer", "first_name": "Nia", "last_name": "Comer",
    "email": "", "password": PASSWORD, "again": PASSWORD,
}  # fmt: skip


@pytest.fixture
def project():
    return factories.ProjectFactory(name="The tunnel")


@pytest.fixture
def manager(project):
    return factories.member(project, Role.MANAGER)


@pytest.fixture
def make(project, manager):
    """Makes an invitation and gives it with its secret."""

    def invite(**values):
        given = {"role": Role.ANALYST, "days": 7, **values}
        return inviting.invite(by=manager, project=project, **given)

    return invite


def link(secret: str) -> str:
    return reverse("invitation", args=[secret])


def came(client, secret: str):
    """The page on which whoever follows the link ends up."""
    return client.get(link(secret), follow=True)


def roles(project) -> dict:
    rows = Membership.objects.filter(project=project, ended=None, role__in=["analyst", "curator"])
    return dict(rows.values_list("user__username", "role"))


def test_the_secret_is_told_once_and_kept_as_a_digest(make):
    invitation, secret = make(note="Tuesdays")
    assert len(secret) >= 32
    assert invitation.digest == inviting.digest_of(secret)
    stored = str(Invitation.objects.values()) + str(Event.objects.values())
    assert secret not in stored
    [event] = Event.objects.filter(noun="invitation")
    assert "digest" not in event.after


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"role": "owner"}, "role"),
        ({"days": 0}, "days"),
        ({"days": 91}, "days"),
        ({"most_uses": 0}, "most_uses"),
        ({"most_uses": 201}, "most_uses"),
        ({"note": "hid\u200bden"}, "note"),
        ({"note": "x" * 201}, "note"),
    ],
)
def test_an_odd_invitation_is_refused(make, values, field):
    with pytest.raises(InvitingError) as refused:
        make(**values)
    assert list(refused.value.messages) == [field]
    assert not Invitation.objects.exists()


def test_whoever_follows_it_joins_once_and_it_is_in_the_history(make, project):
    _, secret = make(role=Role.CURATOR, most_uses=2)
    user = factories.UserFactory(username="ada")
    for _ in range(2):
        inviting.accept(by=user, digest=inviting.digest_of(secret))
    assert roles(project) == {"ada": "curator"}
    assert Invitation.objects.get().used == 1
    told = Event.objects.filter(by=user).order_by("at").values_list("verb", "noun")
    assert list(told) == [("used", "invitation"), ("joined", "membership")]


def test_a_member_is_never_demoted_by_a_link(make, project, manager):
    _, secret = make(role=Role.ANALYST)
    own = inviting.accept(by=manager, digest=inviting.digest_of(secret))
    assert (own.role, own.version, Invitation.objects.get().used) == ("manager", 1, 0)


def test_who_comes_back_has_her_old_membership_again(make, project, manager):
    user = factories.member(project, Role.CURATOR, most_open=3)
    own = Membership.objects.get(user=user)
    people.end(by=manager, membership=own, seen=1)
    _, secret = make()
    again = inviting.accept(by=user, digest=inviting.digest_of(secret))
    assert (again.pk, again.role, again.most_open, again.ended) == (own.pk, "analyst", 3, None)


SPOILT = {
    "expired": lambda one: Invitation.objects.update(expires=timezone.now()),
    "used up": lambda one: Invitation.objects.update(used=1),
    "revoked": lambda one: inviting.revoke(by=one.by, invitation=one),
    "of an archived project": lambda one: people.archive(
        by=one.by, project=one.project, seen=one.project.version
    ),
    "of somebody who cannot sign in": lambda one: User.objects.update(is_active=False),
    "of a former manager": lambda one: Membership.objects.update(ended=timezone.now()),
    "of a manager who curates now": lambda one: Membership.objects.update(role=Role.CURATOR),
}


@pytest.mark.parametrize("how", SPOILT)
def test_a_link_that_is_not_good_any_more_is_like_one_that_never_was(make, how):
    invitation, secret = make()
    opened = Client()
    came(opened, secret)
    SPOILT[how](invitation)
    never = Client().get(link("never"))
    answers = [
        Client().get(link(secret)), Client().get(link("ä" * 300)), Client().get(JOIN),
        opened.get(JOIN), opened.post(JOIN, NEW),
    ]  # fmt: skip
    assert [answer.status_code for answer in answers] == [404] * 5
    assert {answer.content for answer in answers} == {never.content}
    assert not User.objects.filter(username="newcomer").exists()
    with pytest.raises(InvitingError):
        inviting.accept(by=factories.UserFactory(), digest=invitation.digest)


def test_guesses_are_limited_and_then_no_link_is_taken_from_there(make):
    _, secret = make()
    statuses = [Client().get(link(f"guess-{number}")).status_code for number in range(9)]
    assert statuses == [404] * 7 + [429] * 2
    assert came(Client(), secret).status_code == 429
    elsewhere = Client(REMOTE_ADDR="198.51.100.7")
    assert came(elsewhere, secret).status_code == 200


def test_a_spent_link_of_ours_is_no_guess(make):
    invitation, secret = make()
    inviting.revoke(by=invitation.by, invitation=invitation)
    assert [Client().get(link(secret)).status_code for _ in range(9)] == [404] * 9


def test_the_page_names_project_and_role_and_leaves_the_secret_behind(make):
    _, secret = make(role=Role.CURATOR, note="For Ada's group")
    client = Client()
    answer = came(client, secret)
    assert answer.redirect_chain == [(JOIN, 302)]
    text = answer.content.decode()
    assert "The tunnel" in text
    assert "<strong>Curator</strong>" in text
    assert "group" not in text
    assert secret not in text
    assert "no-store" in answer.headers["Cache-Control"]
    assert secret not in str(list(client.session.items()))


def test_an_account_is_made_and_joined_in_one_step(make, project):
    _, secret = make()
    client = Client()
    came(client, secret)
    answer = client.post(JOIN, NEW)
    assert answer.headers["Location"] == f"{reverse('home')}?project={project.slug}"
    user = User.objects.get(username="newcomer")
    assert (user.get_full_name(), user.check_password(PASSWORD)) == ("Nia Comer", True)
    assert (user.is_superuser, user.is_staff) == (False, False)
    assert client.session["_auth_user_id"] == str(user.pk)
    assert "invitation" not in client.session
    assert roles(project) == {"newcomer": "analyst"}
    told = Event.objects.filter(by=user).order_by("at").values_list("verb", "noun")
    assert list(told) == [("created", "user"), ("used", "invitation"), ("joined", "membership")]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"username": "ADA"}, "username"),
        ({"username": "with blank"}, "username"),
        ({"username": "nia\u200b"}, "username"),
        ({"username": ""}, "username"),
        ({"first_name": "Ni\u202ea"}, "first_name"),
        ({"email": "nobody"}, "email"),
        ({"password": "short", "again": "short"}, "password"),
        ({"password": "newcomer1", "again": "newcomer1"}, "password"),
        ({"password": "1234567890", "again": "1234567890"}, "password"),
        ({"again": "another pass phrase"}, "again"),
    ],
)
def test_unfit_accounts_are_refused_and_nothing_is_used(make, values, field):
    factories.UserFactory(username="ada")
    _, secret = make()
    client = Client()
    came(client, secret)
    answer = client.post(JOIN, {**NEW, **values})
    assert answer.status_code == 400
    assert list(answer.context["new"].errors) == [field]
    assert (User.objects.count(), Invitation.objects.get().used) == (2, 0)
    assert "_auth_user_id" not in client.session


def test_somebody_with_an_account_signs_in_and_joins_in_one_step(make, project):
    factories.UserFactory(username="ada")
    _, secret = make()
    client = Client()
    came(client, secret)
    asked = {"do": "sign-in", "own-username": "ada", "own-password": "wrong"}
    assert client.post(JOIN, asked).status_code == 400
    answer = client.post(f"{JOIN}?next=https://evil.example/", {**asked, "own-password": PASSWORD})
    assert answer.headers["Location"] == f"{reverse('home')}?project={project.slug}"
    assert roles(project) == {"ada": "analyst"}
    kept = str(AccessAttempt.objects.values())
    assert secret not in kept


def test_passwords_are_not_guessed_on_the_page_of_an_invitation(make):
    factories.UserFactory(username="ada")
    _, secret = make()
    client = Client()
    came(client, secret)
    asked = {"do": "sign-in", "own-username": "ada", "own-password": "wrong"}
    assert [client.post(JOIN, asked).status_code for _ in range(8)] == [400] * 7 + [429]
    assert client.post(JOIN, {**asked, "own-password": PASSWORD}).status_code == 429


def test_who_is_signed_in_joins_by_a_button_and_is_told_if_she_is_in(make, project):
    user = factories.UserFactory(username="ada")
    _, secret = make(most_uses=2)
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert b"Join as ada" in came(client, secret).content
    assert roles(project) == {}
    assert client.post(JOIN).status_code == 302
    assert roles(project) == {"ada": "analyst"}
    assert b"You are in already, as Analyst" in came(client, secret).content
    assert "member already" in client.post(JOIN, follow=True).content.decode()
    assert Invitation.objects.get().used == 1


def test_joining_takes_a_token_against_forged_requests(make, project):
    _, secret = make()
    client = Client(enforce_csrf_checks=True)
    page = came(client, secret).content.decode()
    assert client.post(JOIN, NEW).status_code == 403
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page)[1]
    assert client.post(JOIN, {**NEW, "csrfmiddlewaretoken": token}).status_code == 302


def test_only_managers_hear_of_invitations_in_the_history(make, project, manager):
    make()
    curator = factories.member(project, Role.CURATOR)
    assert open_events_for(manager).filter(noun="invitation").count() == 1
    assert open_events_for(curator).filter(noun="invitation").count() == 0


def test_revoking_twice_is_revoking_once(make):
    invitation, _ = make()
    for _ in range(2):
        inviting.revoke(by=invitation.by, invitation=invitation)
    assert Event.objects.filter(noun="invitation", verb="revoked").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_those_who_follow_the_last_use_at_once_one_joins(project):
    manager = factories.member(project, Role.MANAGER)
    _, secret = inviting.invite(by=manager, project=project, role="analyst", days=1)
    digest = inviting.digest_of(secret)
    users = factories.UserFactory.create_batch(4)
    calls = [lambda user=user: inviting.accept(by=user, digest=digest) for user in users]
    assert at_once(*calls) == {"done": 1, "InvitingError": 3}
    assert len(roles(project)) == Invitation.objects.get().used == 1


@pytest.mark.django_db(transaction=True)
def test_one_person_who_follows_a_link_twice_at_once_uses_it_once(project):
    manager = factories.member(project, Role.MANAGER)
    _, secret = inviting.invite(by=manager, project=project, role="analyst", days=1, most_uses=9)
    user, digest = factories.UserFactory(), inviting.digest_of(secret)
    assert at_once(*[lambda: inviting.accept(by=user, digest=digest)] * 3) == {"done": 3}
    assert (len(roles(project)), Invitation.objects.get().used) == (1, 1)


def test_an_invitation_ends_when_it_says(make):
    invitation, _ = make(days=3)
    assert abs(invitation.expires - timezone.now() - timedelta(days=3)) < timedelta(minutes=1)
