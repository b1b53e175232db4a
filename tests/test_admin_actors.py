"""The registry at the desk: merge, split, take back, likely doubles, copy and export."""

import json

import pytest
from django.urls import reverse

from annotations.models import Participant
from corpus_app import actors, people
from corpus_app.models import Actor, Event, Unlike
from tests import factories
from tests.test_merging import fresh, mention, merge

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return factories.ProjectFactory(slug="ours", name="Ours")


@pytest.fixture
def curator(project, client):
    """A curator, signed in."""
    user = factories.member(project, "curator")
    client.force_login(user)
    return user


def page(name, *args):
    return reverse(f"admin:corpus_app_actor_{name}", args=args)


def told(answer):
    return [str(message) for message in answer.context["messages"]]


def test_a_merger_is_shown_before_it_is_made(client, project, curator):
    one, other = (factories.actor(project, name) for name in ("Harbor", "Harbour"))
    mention(project, factories.member(project), one, "Harbour")
    address = page("merge", one.pk)
    shown = client.post(address, {"into": "harbour", "seen": 1})
    assert fresh(one).merged_into is None
    assert [side["uses"] for side in shown.context["sides"]] == [
        {"annotations": 1, "articles": 1},
        {"annotations": 0, "articles": 0},
    ]
    done = client.post(address, {"into": "harbour", "seen": 1, "go": "Merge"}, follow=True)
    assert fresh(one).standing == other
    history = f'<a href="{page("history", one.pk)}">The history of “Harbor”</a>'
    assert told(done) == [f"“Harbor” is merged into “Harbour”. {history} takes that back."]
    assert Participant.objects.get().actor == one
    again = client.get(page("merge", other.pk))
    assert [side["uses"]["annotations"] for side in again.context["sides"]] == [1]


def test_a_stale_or_impossible_merger_says_why_and_changes_nothing(client, project, curator):
    one, other, gone = (factories.actor(project, name) for name in ("A", "B", "C"))
    actors.retire(by=curator, actor=gone, seen=1)
    for into, seen, reason in (
        ("B", 9, "It was changed meanwhile"), ("A", 1, "into itself"), ("C", 1, "is retired"),
    ):  # fmt: skip
        answer = client.post(page("merge", one.pk), {"into": into, "seen": seen, "go": "Merge"})
        assert reason in answer.context["form"].non_field_errors()[0]
    answer = client.post(page("merge", one.pk), {"into": "Nobody", "seen": 1, "go": "Merge"})
    assert "There is no actor “Nobody”" in answer.content.decode()
    assert not Actor.objects.exclude(merged_into=None).exists()
    far = factories.actor(factories.ProjectFactory(), "Far")
    for wrong in (far.pk, "x", ""):
        assert client.get(f"{page('merge', other.pk)}?into={wrong}").status_code == 404


def test_two_chosen_in_the_list_are_led_to_their_merger(client, project, curator):
    one, other = (factories.actor(project, name) for name in ("A", "B"))
    sent = {"action": "merge_two", "_selected_action": [one.pk, other.pk]}
    answer = client.post(page("changelist"), sent)
    assert answer["Location"] == f"{page('merge', one.pk)}?into={other.pk}"
    sent["_selected_action"] = [one.pk]
    answer = client.post(page("changelist"), sent, follow=True)
    assert told(answer) == ["Choose two actors to merge."]


def test_an_actor_is_split_and_the_history_takes_it_back(client, project, curator):
    ada = factories.member(project)
    actor = factories.actor(project, "Harbour", aliases=(("Pier", False), ("Quay", False)))
    marked = mention(project, ada, actor, "Pier")
    sent = {"seen": 1, "name": "The Pier", "kind": "place", "mentions": "on"}
    answer = client.post(page("split", actor.pk), {**sent, "name": ""})
    assert sorted(answer.context["form"].errors) == ["aliases", "name"]
    answer = client.post(page("split", actor.pk), {**sent, "aliases": "Pier"}, follow=True)
    assert told(answer) == ["“Pier” moved from “Harbour” to “The Pier”; 1 mentions followed."]
    assert marked.participants.get().actor.name == "The Pier"
    history = client.get(page("history", actor.pk))
    [event] = history.context["undoable"]
    assert Event.objects.get(pk=event).verb == "split"
    sent = {"event": event, "seen": fresh(actor).version}
    client.post(page("undo", actor.pk), sent)
    assert marked.participants.get().actor == actor
    assert sorted(fresh(actor).aliases.values_list("name", flat=True)) == ["Pier", "Quay"]
    assert client.post(page("undo", actor.pk), sent).status_code == 400


def test_a_merger_is_taken_back_from_the_history(client, project, curator):
    one, other = (factories.actor(project, name) for name in ("A", "B"))
    merge(curator, one, other)
    history = client.get(page("history", one.pk))
    [event] = history.context["undoable"]
    stale = client.post(page("undo", one.pk), {"event": event, "seen": 1}, follow=True)
    assert "Nothing was taken back." in told(stale)[0]
    for odd in ("²", "9" * 5000, "a\0b"):
        refused = client.post(page("undo", one.pk), {"event": event, "seen": odd})
        assert refused.status_code == 400
    client.post(page("undo", one.pk), {"event": event, "seen": 2})
    assert fresh(one).merged_into is None


def test_likely_doubles_are_listed_with_uses_and_told_apart(client, project, curator):
    one, other = (factories.actor(project, name) for name in ("Harbour Office", "Harbor Office"))
    factories.actor(factories.ProjectFactory(), "Harbour Offices")
    shown = client.get(page("doubles"))
    [pair] = shown.context["pairs"]
    assert {side["actor"] for side in pair["sides"]} == {one, other}
    assert f"{page('merge', one.pk)}?into={other.pk}" in shown.content.decode()
    client.post(page("doubles"), {"one": one.pk, "other": other.pk})
    assert Unlike.objects.get().by == curator
    assert client.get(page("doubles")).context["pairs"] == []


def test_the_page_of_doubles_costs_the_same_however_many_there_are(
    client, project, curator, django_assert_max_num_queries
):
    for n in range(40):
        for name in ("Harbour Office", "Harbor Office"):
            factories.actor(
                project, f"{name} {n}", by=curator, aliases=((f"{name[:6]}{n}", False),)
            )
    with django_assert_max_num_queries(27):
        assert len(client.get(page("doubles")).context["pairs"]) == 40


def test_another_projects_actors_are_like_ones_that_never_were(client, project, curator):
    elsewhere = factories.ProjectFactory()
    own = factories.actor(project, "Own")
    far = factories.actor(elsewhere, "Far", aliases=(("Distant", False),))
    for name in ("merge", "split", "undo"):
        assert client.get(page(name, far.pk)).status_code == 404
        assert client.post(page(name, far.pk), {"seen": 1}).status_code == 404
    assert client.get(f"{page('doubles')}?project={elsewhere.pk}").status_code == 404
    assert client.get(f"{page('export', 'csv')}?project={elsewhere.pk}").status_code == 404
    sent = {"one": own.pk, "other": far.pk}
    assert client.post(page("doubles"), sent).status_code == 404
    answer = client.post(page("copy"), {"source": elsewhere.pk, "project": project.pk})
    assert list(answer.context["form"].errors) == ["source"]
    assert Actor.objects.filter(project=project).count() == 1


def test_a_registry_is_copied_by_a_curator_of_both(client, project, curator):
    elsewhere = factories.ProjectFactory()
    people.join(by=curator, project=elsewhere, user=curator, role="curator")
    town = factories.actor(elsewhere, "Town")
    factories.actor(elsewhere, "Office", part_of=town, aliases=(("Bureau", False),))
    factories.actor(project, "Office", aliases=(("Desk", False),))
    answer = client.post(page("copy"), {"source": elsewhere.pk, "project": project.pk})
    report = answer.context["report"]
    assert (report.stored, report.unchanged, report.problems) == (2, 0, [])
    office = Actor.objects.get(project=project, name="Office")
    assert [alias["name"] for alias in actors.as_values(office)["aliases"]] == ["Bureau", "Desk"]
    assert office.affiliations.get().whole.project == project
    same = client.post(page("copy"), {"source": project.pk, "project": project.pk})
    assert "Choose two projects" in same.content.decode()


def test_a_registry_is_exported_whole_as_csv_and_json(client, project, curator):
    factories.actor(project, "=Town", aliases=(("Bourg", False),))
    answer = client.get(page("export", "json"))
    [values] = json.loads(answer.getvalue())["actors"]
    assert values["aliases"] == [{"name": "Bourg"}]
    assert b"\r\n'=Town,other," in client.get(page("export", "csv")).getvalue()
    assert client.get(page("export", "xml")).status_code == 404


def test_the_list_is_narrowed_by_kind_whole_and_merger(client, project, curator):
    town = factories.actor(project, "Town", kind="place")
    office = factories.actor(project, "Office", part_of=town)
    bureau = factories.actor(project, "Bureau")
    merge(curator, bureau, office)
    for query, found in (
        ("", ["Office", "Town"]), ("kind__exact=place", ["Town"]),
        (f"part_of={town.pk}", ["Office"]), ("merged_into=yes", ["Bureau"]),
        ("merged_into=both&q=bur", ["Bureau"]),
    ):  # fmt: skip
        shown = client.get(f"{page('changelist')}?{query}")
        assert [actor.name for actor in shown.context["cl"].result_list] == found, query
    assert client.get(f"{page('changelist')}?part_of=x").status_code == 400
