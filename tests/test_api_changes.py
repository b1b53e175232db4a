"""/api/v1/changes/: everything that was changed since a cursor, in order, deletions included."""

import uuid

import pytest

from annotations import annotating, codebook, discussing, handing
from annotations.content import Tie
from annotations.models import Assignment
from corpus_app import actors, merging, people
from corpus_app.models import Event, Project, Role
from tests import api, factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return api.desk()


class Copy:
    """A program that keeps what `changes` tell it and asks on from its cursor."""

    def __init__(self, caller, size=500):
        self.caller, self.size, self.cursor, self.things = caller, size, None, {}

    def ask(self) -> list[dict]:
        """The new entries, however many pages they take."""
        told, more = [], True
        while more:
            since = f"&since={self.cursor}" if self.cursor else ""
            page = self.caller.get(f"changes/?project=strait&page_size={self.size}{since}").json()
            assert len(page["results"]) <= self.size
            self.cursor, more = page["next"], page["more"]
            told += page["results"]
        for entry in told:
            key = (entry["noun"], entry["id"])
            self.things.pop(key, None)
            if entry["data"]:
                self.things[key] = entry["data"]
        return told

    def of(self, noun: str) -> dict[str, dict]:
        return {pk: data for (known, pk), data in self.things.items() if known == noun}


def said(entries) -> list[tuple[str, str]]:
    return [(entry["noun"], entry["verb"]) for entry in entries]


def test_a_change_is_told_with_the_thing_as_it_is_now(desk):
    copy = Copy(api.Caller(desk.ada))
    copy.ask()
    claim = factories.claim(desk.article, desk.ada, 0, 3)
    [begun, entry] = copy.ask()
    event = Event.objects.get(object_id=str(claim.pk))
    assert (begun["noun"], begun["verb"], begun["reread"]) == ("assignment", "started", None)
    shown = copy.caller.get(f"annotations/{claim.pk}/").json()
    assert entry == {
        "cursor": str(event.pk), "project": "strait", "at": shown["created"] and entry["at"],
        "verb": "created", "noun": "annotation", "id": str(claim.pk), "version": 1,
        "by": desk.ada.username, "deleted": False, "data": shown, "reread": None,
    }  # fmt: skip
    assert copy.ask() == []


def test_what_is_deleted_is_a_tombstone_and_comes_back(desk):
    copy = Copy(api.Caller(desk.ada))
    claim = factories.claim(desk.article, desk.ada, 0, 3)
    copy.ask()
    annotating.remove(by=desk.ada, annotation=claim, seen=1)
    [entry] = copy.ask()
    assert (entry["verb"], entry["deleted"], entry["data"]) == ("removed", True, None)
    assert copy.of("annotation") == {}
    annotating.restore(by=desk.ada, annotation=claim, seen=2, version=1)
    [entry] = copy.ask()
    assert (entry["verb"], entry["deleted"], entry["data"]["version"]) == ("restored", False, 3)


def test_a_comment_that_is_taken_back_stays_in_its_thread_without_its_words(desk):
    claim = factories.claim(desk.article, desk.ada, 0, 3)
    said, _ = discussing.comment(by=desk.ada, annotation=claim, text="Is it?")
    copy = Copy(api.Caller(desk.cora))
    copy.ask()
    discussing.remove(by=desk.ada, comment=said, seen=1)
    [entry] = copy.ask()
    assert (entry["verb"], entry["deleted"], entry["data"]["text"]) == ("removed", True, "")
    assert list(copy.of("comment").values()) == copy.caller.results("comments/?project=strait")


def test_who_stands_for_an_actor_is_told_when_that_one_is_merged_too(desk):
    copy = Copy(api.Caller(desk.cora))
    one, other, third = (factories.actor(desk.project, name) for name in ("A", "B", "C"))
    merging.merge(by=desk.cora, actor=one, into=other, seen=1)
    copy.ask()
    merging.merge(by=desk.cora, actor=other, into=third, seen=1)
    assert [(e["id"], e["verb"]) for e in copy.ask()] == [
        (str(other.pk), "merged"), (str(one.pk), "taken along"),
    ]  # fmt: skip
    there = {row["id"]: row for row in copy.caller.results("actors/?project=strait")}
    assert copy.of("actor") == there
    assert there[str(one.pk)]["standing"] == str(third.pk)


def test_a_copy_that_is_kept_in_small_pages_is_the_same_as_the_project(desk):
    curator = api.Caller(desk.cora)
    copies = [Copy(curator), Copy(curator, size=3)]
    claims = api.claims(desk, desk.ada, 4)
    discussing.comment(by=desk.ada, annotation=claims[0], text="Is it?")
    copies[1].ask()
    annotating.remove(by=desk.ada, annotation=claims[1], seen=1)
    values = actors.ActorValues("Port Office")
    actors.change(by=desk.cora, actor=desk.office, seen=1, values=values)
    values = codebook.TagValues("Calm", slug="calm", definition="Without waves.")
    codebook.change_tag(by=desk.cora, tag=desk.calm, seen=1, values=values)
    orders = [[entry["cursor"] for entry in copy.ask()] for copy in copies]
    assert orders[0][-len(orders[1]) :] == orders[1]
    for noun, path in (
        ("actor", "actors"), ("claimtag", "tags"), ("facet", "facets"), ("comment", "comments"),
        ("article", "articles"),
    ):  # fmt: skip
        there = {row["id"]: row for row in curator.results(f"{path}/?project=strait")}
        assert copies[0].of(noun) == copies[1].of(noun) == there
    there = {row["id"]: row for row in curator.results("annotations/?project=strait")}
    assert copies[0].of("annotation") == there
    assert copies[1].of("annotation").keys() == there.keys()


def test_a_page_costs_the_same_however_long_it_is(desk):
    api.claims(desk, desk.ada, 12)
    caller = api.Caller(desk.cora)
    since = caller.get("changes/?project=strait&page_size=500").json()["results"][-12]["cursor"]
    costs = [
        api.queries(lambda size=size: caller.get(f"changes/?project=strait&since={since}{size}"))
        for size in ("&page_size=2", "&page_size=10")
    ]
    assert costs[0] == costs[1] < 25


def test_nothing_of_others_is_told_until_it_is_shown_and_then_what_to_read_anew(desk):
    ada, ben = Copy(api.Caller(desk.ada)), Copy(api.Caller(desk.ben))
    ada.ask()
    hidden = factories.claim(desk.article, desk.ben, 0, 3, **factories.fact(desk.project))
    discussing.comment(by=desk.ben, annotation=hidden, text="Is it?")
    assert ada.ask() == []
    factories.claim(desk.article, desk.ada, 4, 7, **factories.fact(desk.project))
    ada.ask()
    own = Assignment.objects.get(analyst=desk.ada)
    own = handing.hand_in(by=desk.ada, assignment=own, seen=own.version)
    told = [entry for entry in ada.ask() if entry["reread"]]
    assert said(told) == [("assignment", "handed in")]
    assert told[0]["reread"] == {"article": str(desk.article.pk)}
    shown = ada.caller.results(f"annotations/?article={desk.article.pk}")
    assert str(hidden.pk) in {row["id"] for row in shown}
    discussing.comment(by=desk.ben, annotation=hidden, text="Or is it not?")
    assert ("comment", "created") in said(ada.ask())
    handing.give_back(by=desk.cora, assignment=own, seen=own.version, comment="Once more.")
    assert [entry["reread"] for entry in ada.ask() if entry["reread"]] == [
        {"article": str(desk.article.pk)}
    ]
    assert desk.ada.username not in {entry["by"] for entry in ben.ask()}


def test_a_link_into_an_article_is_shown_and_hidden_with_it_among_those_to_read_anew(desk):
    other = factories.plain_article(desk.project, "Another text altogether.\n", by=desk.cora)
    hidden = factories.claim(other, desk.ben)
    claim = factories.claim(desk.article, desk.ben, links=(Tie("supports", str(hidden.pk)),))
    for article in (desk.article, other):
        factories.assigned(article, desk.ada)
    api.hand_in(desk.article, desk.ada)
    ada, own = api.Caller(desk.ada), Assignment.objects.get(article=other, analyst=desk.ada)

    def linked() -> dict:
        return {row["id"]: row["links"] for row in ada.results("annotations/?linked=true")}

    assert linked() == {}
    own = handing.hand_in(by=desk.ada, assignment=own, seen=own.version)
    assert linked() == {str(claim.pk): [{"relation": "supports", "claim": str(hidden.pk)}]}
    handing.give_back(by=desk.cora, assignment=own, seen=own.version, comment="Once more.")
    assert linked() == {}


def test_who_is_asked_by_a_curator_hears_it_while_colleagues_stay_hidden(desk):
    ada = Copy(api.Caller(desk.ada))
    claim = factories.claim(desk.article, desk.ada, 0, 3)
    ada.ask()
    discussing.comment(by=desk.ben, annotation=claim, text="From beside.")
    assert ada.ask() == []
    discussing.comment(by=desk.cora, annotation=claim, text="Why?")
    assert [entry["data"]["text"] for entry in ada.ask()] == ["Why?"]


def test_a_project_that_is_opened_or_another_role_is_to_be_read_anew(desk):
    manager = factories.member(desk.project, Role.MANAGER)
    ada = Copy(api.Caller(desk.ada))
    ada.ask()
    names = people.ProjectValues.__dataclass_fields__
    project = Project.objects.get(pk=desk.project.pk)
    values = {name: getattr(project, name) for name in names} | {"blind": False}
    people.change_project(
        by=manager, project=project, seen=1, values=people.ProjectValues(**values), reason="Open."
    )
    own = desk.ada.memberships.get()
    people.change_membership(by=manager, membership=own, seen=1, role="curator", most_open=None)
    told = [entry for entry in ada.ask() if entry["reread"]]
    assert [entry["reread"] for entry in told] == [{"project": "strait"}] * 2
    assert [entry["noun"] for entry in told] == ["project", "membership"]


def test_a_cursor_stays_good_when_what_it_is_of_is_hidden_again(desk):
    claim = factories.claim(desk.article, desk.ben, 0, 3)
    cursor = Event.objects.get(object_id=str(claim.pk)).pk
    assert api.Caller(desk.ada).get(f"changes/?project=strait&since={cursor}").json() == {
        "next": str(cursor), "more": False, "results": [],
    }  # fmt: skip


def test_a_release_is_told_as_it_is_to_whom_is_told_of_it(desk):
    cora, ada = Copy(api.Caller(desk.cora)), Copy(api.Caller(desk.ada))
    ada.ask()
    made = cora.caller.post("releases/", {"project": "strait", "name": "First"}).json()
    assert cora.of("release") == {}
    assert said(cora.ask())[-1] == ("release", "released")
    assert cora.of("release") == {made["id"]: made}
    assert cora.caller.get(f"releases/{made['id']}/").json() == made
    assert ada.ask() == []


@pytest.mark.parametrize("blind", [True, False])
def test_of_others_assignments_only_curators_are_told(desk, blind):
    Project.objects.update(blind=blind)
    ada, cora = Copy(api.Caller(desk.ada)), Copy(api.Caller(desk.cora))
    cleo = factories.member(desk.project)
    for analyst in (desk.ben, desk.ada):
        own = Assignment.objects.get(analyst=analyst)
        handing.hand_in(by=analyst, assignment=own, seen=own.version, sure=True)
    factories.assigned(desk.article, cleo)
    for copy in (ada, cora):
        copy.ask()
    mine = Assignment.objects.get(analyst=desk.ada)
    assert set(ada.of("assignment")) == {str(mine.pk)}
    listed = {row["id"]: row for row in cora.caller.results("assignments/")}
    assert (len(listed), cora.of("assignment")) == (3, listed)
    for path in ("changes/?project=strait", "events/?noun=assignment"):
        told = ada.caller.results(f"{path}&page_size=500")
        ids = {row.get("object") or row["id"] for row in told if row["noun"] == "assignment"}
        assert ids == {str(mine.pk)}, path


def test_of_rejections_each_is_told_of_her_own(desk):
    Project.objects.update(blind=False)
    body = {
        "id": str(uuid.uuid4()), "revision": str(desk.revision.pk), "actor": str(desk.office.pk),
        "places": [{"start": 0, "end": 3, "name": "the Quay"}],
    }  # fmt: skip
    ada, ben = Copy(api.Caller(desk.ada)), Copy(api.Caller(desk.ben))
    answer = ada.caller.post("rejections/", body)
    assert answer.status_code == 201, answer.content
    for copy in (ada, ben):
        copy.ask()
    assert ada.of("rejection") == {body["id"]: answer.json()}
    for person in (desk.ben, desk.cora):
        told = api.Caller(person).results("changes/?project=strait&page_size=500")
        assert "rejection" not in {entry["noun"] for entry in told}


@pytest.mark.parametrize(
    ("query", "status", "parameter"),
    [
        ("", 400, "project"),
        ("project=nowhere", 404, None),
        ("project=strait&since=yesterday", 400, "since"),
        ("project=strait&since={random}", 400, "since"),
        ("project=strait&since={foreign}", 400, "since"),
        ("project=strait&page_size=0", 400, "page_size"),
        ("project=strait&page_size=501", 400, "page_size"),
        ("project=strait&until=now", 400, "until"),
    ],
)
def test_an_odd_question_is_refused(desk, query, status, parameter):
    foreign = api.desk("foreign")
    event = Event.objects.filter(project=foreign.project).first()
    query = query.format(random=uuid.uuid4(), foreign=event.pk)
    answer = api.Caller(desk.ada).get(f"changes/?{query}")
    assert answer.status_code == status
    assert [e.get("parameter") for e in answer.json().get("errors", [])] == [parameter] * bool(
        parameter
    )


def test_a_token_of_one_project_hears_of_that_one_only(desk):
    mia, other = factories.UserFactory(), api.desk("other")
    for project in (desk.project, other.project):
        factories.MembershipFactory(project=project, user=mia)
    token = api.by_token(mia, "read", project=other.project)
    assert token.get("changes/?project=other").status_code == 200
    assert token.get("changes/?project=strait").status_code == 404
