"""The desk where it writes: forms, actions and imports, each through a door."""

import csv
import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from annotations import assigning
from annotations.models import Annotation, Assignment, ClaimTag, Codebook, Facet
from corpus_app import actors, people
from corpus_app.models import Actor, Event, Membership, Outlet, Project, Story, User
from tests import factories
from tests.test_admin_operations import do

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return factories.ProjectFactory(name="Ours")


@pytest.fixture
def elsewhere():
    return factories.ProjectFactory(name="Theirs")


@pytest.fixture
def curator(project, client):
    """A curator, signed in."""
    user = factories.member(project, "curator")
    client.force_login(user)
    return user


@pytest.fixture
def root(client):
    """A superuser, signed in."""
    user = factories.UserFactory(is_superuser=True)
    client.force_login(user)
    return user


def page_of(row):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def list_of(model, page="changelist"):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}")


def typed(client, address, **values):
    """What the form at this address would send, with these values typed into it."""
    context = client.get(address).context
    form = context["adminform"].form
    sent = {name: form[name].value() for name in form.fields} | values
    for inline in context["inline_admin_formsets"]:
        form = inline.formset.management_form
        sent |= {form.add_prefix(name): form[name].value() for name in form.fields}
    for name in ("part_of", "aliases", "external_ids"):
        if isinstance(sent.get(name), list):
            sent |= rows(name, *sent.pop(name))
    return {
        name: "\n".join(value) if isinstance(value, list) else value
        for name, value in sent.items()
        if value is not None and value is not False
    }


def rows(field, *values):
    """What a field of rows would send."""
    return {
        f"{field}-{nth}-{column}": cell
        for nth, row in enumerate(values)
        for column, cell in row.items()
        if cell is not None
    }


def save(client, address, **values):
    return client.post(address, typed(client, address, **values))


def errors(answer):
    return answer.context["adminform"].form.errors


# Forms


def test_an_actor_is_made_with_its_names(client, project, curator):
    town = factories.actor(project, "Town")
    answer = save(
        client, list_of(Actor, "add"), name="Harbour  Office", kind="government body",
        part_of=[{"whole": "TOWN", "since": "2001-02-03"}],
        aliases=[
            {"name": "The Office"}, {"name": ""}, {"name": "Old office", "until": "1999-12-31"},
            {"name": "Harbour Street", "use": "metonym", "language": "en", "case": "exact"},
        ],
        external_ids=[{"scheme": "wikidata", "value": "https://www.wikidata.org/wiki/Q42"}],
        notes=" By the\r\nsea ",
    )  # fmt: skip
    assert answer.status_code == 302
    made = Actor.objects.get(name="Harbour Office")
    assert (made.project, made.notes) == (project, " By the\nsea ")
    assert actors.as_values(made) == {
        "name": "Harbour Office",
        "kind": "government body",
        "part_of": [{"name": town.name, "since": "2001-02-03"}],
        "notes": " By the\nsea ",
        "aliases": [
            {"name": "Old office", "until": "1999-12-31"},
            {"name": "The Office"},
            {"name": "Harbour Street", "metonym": True, "language": "en", "case": "exact"},
        ],
        "external_ids": [{"scheme": "wikidata", "value": "Q42"}],
        "retired": None,
        "merged_into": None,
    }
    event = Event.objects.get(object_id=str(made.pk))
    assert (event.verb, event.by) == ("created", curator)


def test_what_a_door_refuses_comes_back_as_it_was_typed(client, project, curator):
    factories.actor(project, "Town")
    answer = save(
        client, list_of(Actor, "add"), name="TOWN", aliases=[{"name": "One"}], notes="kept"
    )
    assert answer.status_code == 200
    assert errors(answer) == {"name": ["There is an actor “TOWN” in this project already."]}
    assert "kept" in answer.content.decode()
    assert 'value="One"' in answer.content.decode()
    assert Actor.objects.count() == 1


def test_a_form_saved_unchanged_changes_nothing(client, project, curator):
    actor = factories.actor(
        project, "Office", notes=" one\ntwo ", kind="media", aliases=(("B", False), ("A", True))
    )
    factories.small_codebook(project, by=curator)
    book, facet, tag = Codebook.objects.get(), Facet.objects.first(), ClaimTag.objects.first()
    for row in (actor, book, facet, tag):
        version = row.version
        assert save(client, page_of(row)).status_code == 302
        row.refresh_from_db()
        assert row.version == version
        assert Event.objects.filter(object_id=str(row.pk)).count() == 1


def test_a_stale_form_shows_both_and_writes_nothing(client, project, curator):
    actor = factories.actor(project, "Office", kind="state")
    stale = typed(client, page_of(actor), name="Mine", aliases=[{"name": "My alias"}])
    save(client, page_of(actor), name="Hers", kind="media", aliases=[{"name": "Her alias"}])
    answer = client.post(page_of(actor), stale)
    assert answer.status_code == 412
    found = errors(answer)
    assert found["name"] == ["Now saved: Hers"]
    assert found["kind"] == ["Now saved: media"]
    assert found["aliases"] == ["Now saved: name: Her alias"]
    assert curator.username in found["__all__"][0]
    text = answer.content.decode()
    assert 'value="Mine"' in text
    assert "My alias" in text
    actor.refresh_from_db()
    assert (actor.name, actor.version) == ("Hers", 2)
    again = {**stale, "seen": answer.context["adminform"].form["seen"].value()}
    assert client.post(page_of(actor), again).status_code == 302
    actor.refresh_from_db()
    assert (actor.name, actor.kind, actor.version) == ("Mine", "state", 3)


@pytest.mark.parametrize("seen", ["", "x", "0", "-1", "9" * 30])
def test_a_form_that_does_not_say_what_it_saw_is_refused(client, project, curator, seen):
    actor = factories.actor(project, "Office")
    answer = client.post(page_of(actor), {**typed(client, page_of(actor), name="X"), "seen": seen})
    assert answer.status_code == 200
    assert list(errors(answer)) == ["seen"]
    assert Actor.objects.get().name == "Office"


def test_outlets_and_stories_are_made_and_changed(client, project, curator):
    save(client, list_of(Outlet, "add"), name="The Courier", country="jp", url="courier.example")
    outlet = Outlet.objects.get()
    assert (outlet.country, outlet.url) == ("JP", "https://courier.example")
    answer = save(client, page_of(outlet), country="JPN")
    assert list(errors(answer)) == ["country"]
    save(client, list_of(Story, "add"), title="The tunnel", happened_on="2026-05-01")
    save(client, page_of(Story.objects.get()), summary="It opened.")
    assert (Story.objects.get().summary, Story.objects.get().version) == ("It opened.", 2)


def test_the_codebook_is_tended(client, project, curator):
    save(client, list_of(Codebook, "add"), name="Claims")
    answer = save(client, list_of(Codebook, "add"), name="Second")
    assert list(errors(answer)) == ["__all__"]
    save(client, list_of(Facet, "add"), name="Frame", position=3, choose="any")
    facet = Facet.objects.get()
    assert (facet.slug, facet.codebook.name) == ("frame", "Claims")
    save(
        client, list_of(ClaimTag, "add"), facet=facet.pk, label="Conflict", position=1, key="c",
        definition="Two sides.", examples="They fight.\r\nHard.\r\n\r\nThey quarrel.",
    )  # fmt: skip
    tag = ClaimTag.objects.get()
    assert tag.examples == ["They fight.\nHard.", "They quarrel."]
    answer = save(client, page_of(tag), key="m")
    assert list(errors(answer)) == ["key"]
    save(client, page_of(tag), definition="Two sides or more.")
    assert [d.text for d in tag.definitions.order_by("number")] == [
        "Two sides.",
        "Two sides or more.",
    ]


def test_a_choice_of_another_project_is_none(client, project, elsewhere, curator):
    people.join(by=curator, project=elsewhere, user=curator, role="curator")
    factories.small_codebook(elsewhere)
    far = factories.actor(elsewhere, "Far town")
    actor = factories.actor(project, "Office")
    answer = save(client, page_of(actor), part_of=[{"whole": "Far town"}])
    assert errors(answer) == {"part_of": ["There is no actor “Far town” in this project."]}
    assert not far.members.exists()
    address = f"{list_of(ClaimTag, 'add')}?project={project.pk}"
    answer = save(client, address, facet=Facet.objects.first().pk, label="X", position=1)
    assert list(errors(answer)) == ["facet"]
    assert ClaimTag.objects.filter(project=project).count() == 0


def test_who_curates_several_projects_says_for_which(client, project, elsewhere, curator):
    people.join(by=curator, project=elsewhere, user=curator, role="curator")
    read_only = factories.ProjectFactory(name="Only read")
    people.join(by=curator, project=read_only, user=curator, role="analyst")
    page = client.get(list_of(Actor, "add"))
    assert set(page.context["projects"]) == {project, elsewhere}
    save(client, f"{list_of(Actor, 'add')}?project={elsewhere.pk}", name="Office", kind="other")
    assert Actor.objects.get().project == elsewhere
    hidden = factories.ProjectFactory()
    for asked in (read_only.pk, hidden.pk, "x", ""):
        assert client.get(f"{list_of(Actor, 'add')}?project={asked}").status_code == 404


def test_a_curator_there_is_an_analyst_here(client, project, elsewhere):
    user = factories.member(project, "analyst")
    people.join(by=user, project=elsewhere, user=user, role="curator")
    client.force_login(user)
    actor, far = factories.actor(project, "Office"), factories.actor(elsewhere, "Far office")
    assert client.post(page_of(actor), {"name": "Mine", "seen": 1}).status_code == 403
    assert save(client, page_of(far), name="Far bureau").status_code == 302
    sent = {"action": "retire", "_selected_action": [actor.pk, far.pk]}
    client.post(list_of(Actor), sent)
    assert list(Actor.objects.exclude(retired=None)) == [far]


# Projects, members, users


def test_a_manager_changes_her_project_and_admits_people(client, project):
    manager = factories.member(project, "manager")
    newcomer = factories.UserFactory(username="ada")
    client.force_login(manager)
    save(client, page_of(project), name="Ours still", blind="", reason="It is over.")
    project.refresh_from_db()
    assert (project.name, project.blind, project.version) == ("Ours still", False, 2)
    add = list_of(Membership, "add")
    assert list(errors(save(client, add, user_name="nobody", role="analyst"))) == ["user_name"]
    assert save(client, add, user_name="ada", role="analyst").status_code == 302
    membership = Membership.objects.get(user=newcomer)
    assert membership.project == project
    save(client, page_of(membership), role="curator")
    own = Membership.objects.get(user=manager)
    answer = save(client, page_of(own), role="analyst")
    assert "at least one manager" in errors(answer)["role"][0]
    assert dict(Membership.objects.values_list("user__username", "role"))["ada"] == "curator"


def test_a_superuser_makes_projects_and_people(client, root):
    save(client, list_of(Project, "add"), name="Tunnel", slug="tunnel", language="en", blind="on")
    assert Membership.objects.get(project__slug="tunnel").user == root
    sent = {"username": "ada", "usable_password": "true", "password1": "a long pass phrase"}
    answer = client.post(list_of(User, "add"), {**sent, "password2": "a long pass phrase"})
    assert answer.status_code == 302
    assert User.objects.get(username="ada").check_password("a long pass phrase")
    client.post(list_of(User, "add"), {"username": "bea", "usable_password": "false"})
    assert not User.objects.get(username="bea").has_usable_password()


def test_what_is_done_to_an_account_is_in_its_history(client, root):
    user = factories.UserFactory(username="ada")
    client.post(page_of(user), {"username": "ada", "first_name": "Ada", "is_active": "on"})
    passwords = {"password1": "another long phrase", "password2": "another long phrase"}
    address = reverse("admin:auth_user_password_change", args=[user.pk])
    client.post(address, {**passwords, "usable_password": "true"})
    told = client.get(reverse("admin:corpus_app_user_history", args=[user.pk])).context["told"]
    assert [(event.verb, event.version) for event, _ in told] == [
        ("set a password of", 2),
        ("changed", 1),
    ]
    assert told[1][1] == [("first name", "–", "Ada")]
    assert "another" not in str([event.after for event, _ in told])


def test_nobody_takes_her_own_rights_away_or_gives_groups(client, root):
    sent = {"username": root.username, "first_name": "Ada", "email": "", "last_name": ""}
    assert client.post(page_of(root), sent).status_code == 302
    root.refresh_from_db()
    assert (root.first_name, root.is_superuser, root.is_active) == ("Ada", True, True)
    assert client.get("/desk/auth/group/").status_code == 404


# Actions


def test_actors_and_tags_are_retired_and_revived(client, project, curator):
    actor = factories.actor(project, "Office")
    factories.small_codebook(project, by=curator)
    tag, facet = ClaimTag.objects.get(slug="fact"), Facet.objects.get(slug="proposition")
    for row in (actor, tag, facet):
        for action, query, verb in (
            ("retire", "", "retired"),
            ("revive", "?retired=yes", "revived"),
        ):
            sent = {"action": action, "_selected_action": [row.pk]}
            if action == "retire" and row != actor:
                do(client, list_of(type(row)), action, [row])
            else:
                client.post(list_of(type(row)) + query, sent)
            assert Event.objects.filter(object_id=str(row.pk)).first().verb == verb


def test_a_revival_that_is_refused_says_why(client, project, curator):
    factories.small_codebook(project, by=curator)
    tag = ClaimTag.objects.get(slug="fact")
    do(client, list_of(ClaimTag), "retire", [tag])
    save(client, page_of(ClaimTag.objects.get(slug="norm")), key="f")
    sent = {"action": "revive", "_selected_action": [tag.pk]}
    answer = client.post(f"{list_of(ClaimTag)}?retired=yes", sent, follow=True)
    assert "The key f makes “Norm” already." in answer.content.decode()


def test_actors_are_exported_as_csv_that_no_spreadsheet_runs(client, project, curator):
    factories.actor(project, "=Office", aliases=(("@x", False),))
    sent = {"action": "export_csv", "_selected_action": [Actor.objects.get().pk]}
    answer = client.post(list_of(Actor), sent)
    text = answer.getvalue().decode()
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="actors-')
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["name"], row["aliases"]) == ("'=Office", "'@x")


def test_the_codebook_is_exported_as_json(client, project, curator):
    book = factories.small_codebook(project, by=curator)
    answer = client.post(list_of(Codebook), {"action": "export", "_selected_action": [book.pk]})
    assert [d["name"] for d in json.loads(answer.content)["dimensions"]] == [
        "Claim type",
        "Proposition",
    ]


@pytest.mark.parametrize("action", ["as_jsonl", "as_csv", "as_jsonld"])
def test_chosen_annotations_are_exported_and_hidden_ones_not(client, project, action):
    article = factories.article(project)
    analyst, other = factories.member(project), factories.member(project)
    chosen = factories.claim(article, analyst, 0, 5, note="chosen")
    left = factories.claim(article, analyst, 6, 9, note="left out")
    hidden = factories.claim(article, other, 0, 9, note="hidden")
    client.force_login(analyst)
    ids = [chosen.pk, hidden.pk]
    answer = client.post(list_of(Annotation), {"action": action, "_selected_action": ids})
    text = answer.getvalue().decode()
    assert (str(chosen.pk) in text, str(left.pk) in text) == (True, False)
    assert str(hidden.pk) not in text


def test_articles_are_assigned_to_analysts(client, project, elsewhere, curator):
    article = factories.article(project)
    analyst = factories.member(project)
    stranger = factories.member(elsewhere)
    sent = {"action": "assign", "_selected_action": [article.pk]}
    page = client.post(list_of(type(article)), sent)
    offered = set(page.context["form"].fields["analysts"].queryset)
    assert analyst in offered
    assert stranger not in offered
    answer = client.post(list_of(type(article)), {**sent, "go": "yes", "analysts": [stranger.pk]})
    assert list(answer.context["form"].errors) == ["analysts"]
    given = {**sent, "go": "yes", "analysts": [analyst.pk], "due_on": "2026-12-24"}
    client.post(list_of(type(article)), given)
    made = Assignment.objects.get()
    assert (made.article, made.analyst, made.due_on.isoformat()) == (article, analyst, "2026-12-24")
    client.post(list_of(type(article)), given)
    assert Assignment.objects.count() == 1


def test_an_assignment_is_made_in_its_own_form(client, project, elsewhere, curator):
    article, far = factories.article(project), factories.article(elsewhere)
    analyst, stranger = factories.member(project), factories.member(elsewhere)
    add = list_of(Assignment, "add")
    answer = save(client, add, article=far.pk, analyst=stranger.pk)
    assert set(errors(answer)) == {"article", "analyst"}
    assert save(client, add, article=article.pk, analyst=analyst.pk).status_code == 302
    assert Assignment.objects.get().analyst == analyst


def test_work_is_returned_with_a_comment(client, project, curator):
    article, analyst = factories.article(project), factories.member(project)
    own = factories.assigned(article, analyst)
    assigning.hand_in(by=analyst, assignment=own, seen=1)
    sent = {"action": "give_back", "_selected_action": [own.pk]}
    assert client.post(list_of(Assignment), sent).context["form"].errors == {}
    answer = client.post(list_of(Assignment), {**sent, "go": "yes", "comment": " "})
    assert list(answer.context["form"].errors) == ["comment"]
    client.post(list_of(Assignment), {**sent, "go": "yes", "comment": "See line 4."})
    own.refresh_from_db()
    assert (own.state, own.comment) == ("returned", "See line 4.")


def test_the_day_on_which_work_is_due_is_changed(client, project, curator):
    own = factories.assigned(factories.article(project), factories.member(project))
    sent = {"action": "set_due", "_selected_action": [own.pk]}
    assert client.post(list_of(Assignment), sent).context["form"].errors == {}
    client.post(list_of(Assignment), {**sent, "go": "yes", "due_on": "2027-01-09"})
    assert Assignment.objects.get().due_on.isoformat() == "2027-01-09"


def test_whoever_has_as_many_open_as_she_may_is_given_no_more(client, project, curator):
    one, two = (factories.article(project, f"{factories.PLAIN}{n}.\n") for n in "ab")
    analyst = factories.member(project)
    analyst.memberships.update(most_open=1)
    sent = {"action": "assign", "_selected_action": [one.pk, two.pk], "go": "yes"}
    answer = client.post(list_of(type(one)), {**sent, "analysts": [analyst.pk]}, follow=True)
    assert "1 assignments made." in answer.text
    assert "she may have 1 at once" in answer.text
    assert Assignment.objects.count() == 1


@pytest.mark.parametrize("action", ["retire", "revive", "assign", "give_back", "set_due"])
def test_an_analyst_has_no_action_that_writes(client, project, action):
    article, analyst = factories.article(project), factories.member(project)
    own, actor = factories.assigned(article, analyst), factories.actor(project, "Office")
    client.force_login(analyst)
    events = Event.objects.count()
    for row in (actor, article, own):
        sent = {"action": action, "_selected_action": [row.pk], "go": "yes", "comment": "x",
                "analysts": [analyst.pk]}  # fmt: skip
        assert client.post(list_of(type(row)), sent).status_code in (200, 302)
    assert Event.objects.count() == events


# Imports

IMPORTS = {
    Actor: ("name,kind\nOffice,state\nTown,ship\n", 1, [3]),
    Codebook: ('{"dimensions": [{"name": "Type", "tags": [{"label": "A"}, 5]}]}', 2, [1]),
    Annotation: ('{"file": "nowhere.txt", "quote": "x"}\n', 0, [1]),
}


@pytest.mark.parametrize("model", IMPORTS)
@pytest.mark.parametrize("way", ["pasted", "file"])
def test_a_file_is_imported_and_every_refused_row_reported(client, project, curator, model, way):
    text, stored, lines = IMPORTS[model]
    address = list_of(model, "import")
    assert address in client.get(list_of(model)).content.decode()
    given = {"text": text} if way == "pasted" else {"file": SimpleUploadedFile("f", text.encode())}
    page = client.post(address, {"project": project.pk, **given})
    report = page.context["report"]
    assert (report.stored, [problem.line for problem in report.problems]) == (stored, lines)
    for problem in report.problems:
        assert f'<th scope="row">{problem.line}</th>' in page.content.decode()


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"text": "name\nA\n", "file": SimpleUploadedFile("f", b"name\nA\n")},
        {"file": SimpleUploadedFile("f", b"")},
        {"file": SimpleUploadedFile("f", b"name\n\xff\xfe\n")},
        {"text": "name\n\x00\n"},
        {"text": "colour\nred\n"},
    ],
)
def test_what_cannot_be_imported_is_refused_with_a_reason(client, project, curator, given):
    page = client.post(list_of(Actor, "import"), {"project": project.pk, **given})
    assert page.status_code == 200
    assert page.context["report"] is None
    assert page.context["form"].errors
    assert not Actor.objects.exists()


def test_nobody_imports_where_she_does_not_curate(client, project, elsewhere, curator):
    text = IMPORTS[Actor][0]
    page = client.post(list_of(Actor, "import"), {"project": elsewhere.pk, "text": text})
    assert list(page.context["form"].errors) == ["project"]
    client.force_login(factories.member(project))
    for model in IMPORTS:
        address = list_of(model, "import")
        assert address not in client.get(list_of(model)).content.decode()
        assert client.get(address).status_code == 403
        sent = {"project": project.pk, "text": text}
        assert client.post(address, sent).status_code == 403
    assert not Actor.objects.exists()
