"""The pages of a manager: making a project, its settings, its people."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from annotations import assigning
from annotations.models import Codebook
from corpus_app import inviting, people
from corpus_app.models import Event, Invitation, Membership, Project, Role, User
from tests import factories

pytestmark = pytest.mark.django_db

NEW = reverse("project-new")
VALUES = {
    "name": "The tunnel", "description": "", "language": "en", "coders_per_article": "2",
    "blind": "True", "figures_for": "curators", "reason": "",
}  # fmt: skip


@pytest.fixture
def project():
    return factories.ProjectFactory(name="The tunnel", slug="tunnel")


@pytest.fixture
def manager(project):
    return factories.member(project, Role.MANAGER)


@pytest.fixture
def managing(client, manager):
    client.force_login(manager)
    return client


def page(name: str, *args) -> str:
    return reverse(name, args=["tunnel", *args])


def told(answer) -> str:
    """What was said last."""
    return [str(message) for message in answer.context["messages"]][-1]


def own(user: User) -> Membership:
    return Membership.objects.get(user=user)


# Making a project


def test_a_manager_makes_a_project_from_a_template(managing, manager):
    sent = {"name": "Weirs & Dams", "language": "en", "beginning": "actors-and-claims"}
    answer = managing.post(NEW, sent)
    assert answer.headers["Location"] == reverse("people", args=["weirs-dams"])
    made = Project.objects.get(slug="weirs-dams")
    assert Membership.objects.get(project=made).user == manager
    assert Codebook.objects.get(project=made).facets.count() == 3


def test_a_project_begins_like_one_that_she_curates_and_no_other(managing, manager, project):
    factories.small_codebook(project, by=manager)
    foreign = factories.ProjectFactory()
    sent = {"name": "Again", "language": "en", "beginning": "like"}
    refused = managing.post(NEW, {**sent, "source": foreign.pk})
    assert (refused.status_code, list(refused.context["form"].errors)) == (400, ["source"])
    assert list(managing.post(NEW, sent).context["form"].errors) == ["source"]
    assert managing.post(NEW, {**sent, "source": project.pk}).status_code == 302
    assert Codebook.objects.get(project__slug="again").facets.count() == 2


def test_what_stands_in_the_way_is_told_and_nothing_is_made(managing):
    sent = {"name": "海峡", "language": "en", "beginning": "empty"}
    assert list(managing.post(NEW, sent).context["form"].errors) == ["slug"]
    taken = managing.post(NEW, {**sent, "slug": "tunnel"})
    assert (taken.status_code, list(taken.context["form"].errors)) == (400, ["slug"])
    assert managing.post(NEW, {"name": "海峡", "slug": "strait"}).status_code == 400
    assert Project.objects.count() == 1


@pytest.mark.parametrize("role", [Role.ANALYST, Role.CURATOR])
def test_who_manages_nothing_makes_no_project(client, project, role):
    client.force_login(factories.member(project, role))
    assert client.get(NEW).status_code == 403
    assert NEW not in client.get(reverse("home")).content.decode()


# Settings


def test_settings_are_saved_under_their_version(managing, project, manager):
    sent = {
        **VALUES, "seen": 1, "name": "The old tunnel", "coders_per_article": 3,
        "names_hidden": "on", "figures_for": "members", "description": "Why\r\nnot?",
    }  # fmt: skip
    assert managing.post(page("project-settings"), sent).status_code == 302
    project.refresh_from_db()
    assert (project.name, project.coders_per_article, project.names_hidden) == (
        "The old tunnel", 3, True,
    )  # fmt: skip
    assert (project.figures_for, project.description, project.slug) == (
        "members", "Why\nnot?", "tunnel",
    )  # fmt: skip


def test_two_who_save_at_once_both_see_what_the_other_wrote(managing, manager, project):
    values = people.ProjectValues("tunnel", "Named by Ada")
    people.change_project(by=manager, project=project, seen=1, values=values)
    sent = {**VALUES, "seen": 1, "name": "Named by me"}
    answer = managing.post(page("project-settings"), sent)
    text = answer.content.decode()
    assert answer.status_code == 412
    assert "Now saved: Named by Ada" in text
    assert 'value="Named by me"' in text
    assert managing.post(page("project-settings"), {**sent, "seen": 2}).status_code == 302
    project.refresh_from_db()
    assert project.name == "Named by me"


@pytest.mark.parametrize(("before", "after"), [(True, "False"), (False, "True")])
def test_who_sees_whose_work_changes_only_with_a_word_and_a_reason(
    managing, project, before, after
):
    Project.objects.update(blind=before)
    analysts = [factories.member(project) for _ in range(3)]
    article = factories.article(project)
    factories.claim(article, analysts[0])
    sent = {**VALUES, "seen": 1, "blind": after}
    asked = managing.post(page("project-settings"), sent)
    assert asked.status_code == 400
    assert {name: asked.context[name] for name in ("analysts", "articles", "marks")} == {
        "analysts": 3, "articles": 1, "marks": 1,
    }  # fmt: skip
    assert "Nothing is saved yet" in asked.content.decode()
    silent = managing.post(page("project-settings"), {**sent, "confirmed": "on"})
    assert (silent.status_code, list(silent.context["form"].errors)) == (400, ["reason"])
    assert Project.objects.get().blind is before
    sent |= {"confirmed": "on", "reason": "The pilot is over."}
    assert managing.post(page("project-settings"), sent).status_code == 302
    event = Event.objects.get(noun="project")
    assert (event.before["blind"], event.after["blind"], event.reason) == (
        before, not before, "The pilot is over.",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": " "}, "name"),
        ({"coders_per_article": 0}, "coders_per_article"),
        ({"coders_per_article": 21}, "coders_per_article"),
        ({"language": "plain english"}, "language"),
        ({"figures_for": "everybody"}, "figures_for"),
        ({"blind": "perhaps"}, "blind"),
        ({"seen": ""}, "seen"),
    ],
)
def test_odd_settings_are_refused(managing, project, values, field):
    answer = managing.post(page("project-settings"), {**VALUES, "seen": 1, **values})
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, [field])
    assert Project.objects.get().version == 1


def test_archiving_asks_for_a_word_and_is_taken_back(managing, project):
    managing.post(page("project-archive"), {"version": 1})
    assert Project.objects.get().archived is None
    managing.post(page("project-archive"), {"version": 1, "confirmed": "on", "reason": "Done."})
    assert Project.objects.get().archived is not None
    stale = {"version": 1, "confirmed": "on"}
    answer = managing.post(page("project-unarchive"), {**stale, "reason": "On."}, follow=True)
    assert "changed meanwhile" in told(answer)
    assert "You had typed: “On.”" in told(answer)
    managing.post(page("project-unarchive"), {**stale, "version": 2})
    assert Project.objects.get().archived is None
    verbs = Event.objects.filter(noun="project").order_by("version")
    assert [(event.verb, event.reason) for event in verbs] == [
        ("archived", "Done."), ("unarchived", ""),
    ]  # fmt: skip


# People


def test_the_link_of_an_invitation_is_shown_once(managing):
    sent = {"role": "curator", "days": "30", "most_uses": "4", "note": "Tuesdays"}
    answer = managing.post(page("people"), sent)
    made = Invitation.objects.get()
    assert answer.status_code == 201
    link = answer.context["link"]
    assert link.startswith("http://testserver/invitations/")
    assert inviting.digest_of(link.rstrip("/").rsplit("/", 1)[1]) == made.digest
    assert (made.role, made.most_uses, made.note) == ("curator", 4, "Tuesdays")
    later = managing.get(page("people"))
    assert link not in later.content.decode()
    assert [(one.note, one.good) for one in later.context["invitations"]] == [("Tuesdays", True)]
    odd = managing.post(page("people"), {**sent, "days": "3", "most_uses": "0"})
    assert list(odd.context["invite"].errors) == ["days", "most_uses"]
    managing.post(page("invitation-revoke", made.pk))
    assert [one.state for one in managing.get(page("people")).context["invitations"]] == ["revoked"]


def test_an_invitation_of_another_project_is_not_there(managing, project):
    foreign = factories.ProjectFactory()
    boss = factories.member(foreign, Role.MANAGER)
    other, _ = inviting.invite(by=boss, project=foreign, role="analyst", days=1)
    assert managing.post(page("invitation-revoke", other.pk)).status_code == 404
    theirs = Membership.objects.get(user=boss)
    assert managing.get(page("member-end", theirs.pk)).status_code == 404
    assert managing.post(page("member", theirs.pk), {"version": 1}).status_code == 404


def test_roles_and_limits_are_changed_and_the_other_manager_is_told(managing, project, manager):
    ada = factories.member(project, user__username="ada")
    sent = {"version": 1, "role": "curator", "most_open": "5"}
    managing.post(page("member", own(ada).pk), sent)
    assert (own(ada).role, own(ada).most_open) == ("curator", 5)
    answer = managing.post(page("member", own(ada).pk), {**sent, "role": "manager"}, follow=True)
    assert told(answer) == (
        "Nothing was changed: somebody changed it meanwhile, to Curator. You chose manager for "
        "ada. Look again, then decide."
    )
    for values in ({"role": "owner"}, {"most_open": "0"}, {"most_open": "1001"}, {"version": ""}):
        managing.post(page("member", own(ada).pk), {**sent, "version": 2, **values})
    assert own(ada).version == 2
    managing.post(page("member", own(manager).pk), {"version": 1, "role": "analyst"})
    assert own(manager).role == "manager"


def test_somebody_with_an_account_is_added_by_her_user_name(managing, project):
    factories.UserFactory(username="ada")
    managing.post(page("member-add"), {"user_name": "ada", "role": "curator"})
    assert Membership.objects.get(user__username="ada").role == "curator"
    again = managing.post(page("member-add"), {"user_name": "ada", "role": "analyst"})
    assert (again.status_code, list(again.context["add"].errors)) == (400, ["user_name"])


def test_whose_membership_ends_opens_nothing_and_her_work_stays(client, project, manager):
    ada = factories.member(project, user__username="ada")
    article = factories.article(project, by=manager)
    claim = factories.claim(article, ada)
    client.force_login(ada)
    workbench = reverse("workbench", args=[article.pk])
    assert client.get(workbench).status_code == 200
    people.end(by=manager, membership=own(ada), seen=1)
    addresses = [workbench, reverse("export", args=["tunnel", "csv"]), page("import")]
    assert [client.get(address).status_code for address in addresses] == [404] * 3
    assert client.get(reverse("admin:index")).status_code == 302
    assert client.get(reverse("article-list")).json()["results"] == []
    client.force_login(manager)
    assert str(claim.pk) in client.get(workbench).content.decode()
    listed = client.get(page("people")).context
    assert [(one.user, one.open) for one in listed["former"]] == [(ada, 1)]
    assert [one.user for one in listed["members"]] == [manager]
    people.admit(by=manager, project=project, username="ada", role="analyst")
    client.force_login(ada)
    assert client.get(workbench).status_code == 200
    assert Membership.objects.filter(user=ada).count() == 1


def test_ending_shows_what_is_left_open_and_leaves_a_manager(managing, project, manager):
    ada = factories.member(project, user__username="ada")
    article = factories.article(project, title="A calm strait")
    assigning.assign(by=manager, article=article, analyst=ada)
    answer = managing.get(page("member-end", own(ada).pk))
    assert [work.article for work in answer.context["works"]] == [article]
    managing.post(page("member-end", own(ada).pk), {"version": 1})
    assert own(ada).ended is not None
    assert managing.post(page("member-end", own(ada).pk)).status_code == 400
    refused = managing.post(page("member-end", own(manager).pk), {"version": 1}, follow=True)
    assert "at least one manager" in told(refused)
    factories.member(project, Role.MANAGER)
    gone = managing.post(page("member-end", own(manager).pk), {"version": 1})
    assert gone.headers["Location"] == reverse("home")


def test_the_people_are_asked_for_as_often_for_few_as_for_many(managing, project, manager):
    article = factories.article(project, by=manager)

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert managing.get(page("people")).status_code == 200
        return len(captured)

    def grow(number: int) -> None:
        for _ in range(number):
            factories.claim(article, factories.member(project))
            inviting.invite(by=manager, project=project, role="analyst", days=1)

    grow(1)
    few = asked()
    grow(6)
    assert asked() == few


# From the queue


def test_the_queue_leads_to_what_one_may_open(client, project, manager):
    home = f"{reverse('home')}?project=tunnel"
    seen = {}
    for role in Role.values:
        user = manager if role == "manager" else factories.member(project, role)
        client.force_login(user)
        text = client.get(home).content.decode()
        seen[role] = [f'href="{page(name)}"' in text for name in ("people", "project-settings")]
        seen[role].append(f'href="{NEW}"' in text)
    assert seen == {"analyst": [False] * 3, "curator": [False] * 3, "manager": [True] * 3}


def test_who_runs_the_site_and_has_no_project_yet_is_led_to_make_one(client):
    client.force_login(User.objects.create_superuser("root", password="a long pass phrase"))
    assert f'href="{NEW}"' in client.get(reverse("home")).content.decode()


def test_archived_projects_stand_apart_at_the_end(client, project, manager):
    old = factories.ProjectFactory(name="The weir", slug="weir")
    factories.MembershipFactory(user=manager, project=old, role=Role.MANAGER)
    article = factories.article(old, by=manager)
    assigning.assign(by=manager, article=article, analyst=manager)
    people.archive(by=manager, project=old, seen=1)
    client.force_login(manager)
    answer = client.get(reverse("home"))
    assert [pair[0].slug for pair in answer.context["projects"]] == ["tunnel"]
    assert [pair[0].slug for pair in answer.context["archived"]] == ["weir"]
    assert answer.context["sections"] == []
    theirs = client.get(f"{reverse('home')}?project=weir")
    assert [len(section.rows) for section in theirs.context["sections"]] == [1]
    assert "Take<" not in theirs.content.decode()
