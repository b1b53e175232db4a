"""Releases: frozen archives that can be cited and compared."""

import csv
import dataclasses
import hashlib
import io
import json
import zipfile

import frictionless
import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from annotations import annotating, contents, frozen, releasing
from annotations.access import releases_for
from annotations.content import Content
from annotations.models import Annotation, Assignment, Release, ReleasePiece
from corpus_app.access import Archived
from corpus_app.history import Stale
from corpus_app.models import Event, Project, Role, User
from tests import api, exchange, factories

pytestmark = pytest.mark.django_db

TELLING = ["README.md", "CITATION.cff", "datapackage.json", "SHA256SUMS"]


@pytest.fixture
def hard():
    return exchange.hard_project()


def archive(release: Release) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(frozen.pieces(release))))


def rows_of(release: Release, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(archive(release).read(name).decode(), newline="")))


def test_the_archive_is_whole_and_sealed(hard, tmp_path):
    project, cora = hard
    made = releasing.release(
        by=cora, project=project, name="First", note="By two.", with_texts=True
    )
    data = b"".join(frozen.pieces(made))
    assert (len(data), hashlib.sha256(data).hexdigest()) == (made.size, made.sha256)
    files = archive(made)
    names = [
        "annotations.csv", "annotations.jsonld", *contents.TABLES.values(), "agreement.csv",
        "project.jsonl",
    ]  # fmt: skip
    assert files.namelist() == [*names, *TELLING]
    assert [file["name"] for file in made.manifest["files"]] == names
    for file in made.manifest["files"]:
        own = files.read(file["name"])
        assert (len(own), hashlib.sha256(own).hexdigest()) == (file["bytes"], file["sha256"])
    sums = dict(line.split("  ")[::-1] for line in files.read("SHA256SUMS").decode().splitlines())
    assert sums == {
        name: hashlib.sha256(files.read(name)).hexdigest() for name in files.namelist()[:-1]
    }
    files.extractall(tmp_path)
    report = frictionless.validate(str(tmp_path / "datapackage.json"))
    assert (report.valid, report.flatten(["message"])) == (True, [])


@pytest.mark.parametrize("figures_for", ["managers", "curators", "members"])
def test_figures_that_managers_alone_see_are_in_no_release(hard, figures_for):
    project, _ = hard
    Project.objects.filter(pk=project.pk).update(figures_for=figures_for)
    project.refresh_from_db()
    manager = factories.member(project, Role.MANAGER)
    made = releasing.release(by=manager, project=project, name="First")
    told = [contents.FIGURES] if figures_for != "managers" else []
    names = ["annotations.csv", "annotations.jsonld", *contents.TABLES.values(), *told]
    assert archive(made).namelist() == [*names, *TELLING]


def test_a_release_with_texts_is_read_back_by_another_desk(hard):
    project, cora = hard
    made = releasing.release(by=cora, project=project, name="First", with_texts=True)
    other = factories.ProjectFactory(slug="other")
    max_ = factories.member(other, Role.MANAGER)
    report = exchange.stored(other, max_, archive(made).read("project.jsonl"), author=max_)
    assert report.problems == []
    assert exchange.counts(other) == exchange.counts(project)


def test_without_texts_nothing_tells_more_of_them_than_what_is_quoted(hard):
    project, cora = hard
    made = releasing.release(by=cora, project=project, name="First")
    files = archive(made)
    assert "project.jsonl" not in files.namelist()
    text = project.article_set.get().revisions.get().text
    whole = b"".join(files.read(name) for name in files.namelist()).decode()
    assert text not in whole
    assert max(text.split("\n\n"), key=len) not in whole


def test_a_release_stays_as_it_was_made(hard):
    project, cora = hard
    made = releasing.release(by=cora, project=project, name="First")
    before = b"".join(frozen.pieces(made))
    own = Annotation.objects.standing().filter(kind="claim", layer="gold").get()
    annotating.remove(by=cora, annotation=own, seen=own.version)
    assert b"".join(frozen.pieces(made)) == before


def test_the_difference_tells_what_was_added_removed_and_changed(hard):
    project, cora = hard
    first = releasing.release(by=cora, project=project, name="First")
    gold = Annotation.objects.standing().get(layer="gold")
    content = annotating.content_of(gold)
    annotating.rewrite(
        by=cora, annotation=gold, seen=gold.version,
        content=dataclasses.replace(content, note="Seen again."),
    )  # fmt: skip
    article = gold.article
    said = Content("claim", ((0, 3, None),))
    own = {"by": cora, "revision": article.revisions.get(), "content": said}
    added, _ = annotating.create(**own, layer="gold")
    removed = Annotation.objects.standing().filter(kind="mention").order_by("pk").first()
    annotating.remove(by=removed.author, annotation=removed, seen=removed.version)
    second = releasing.release(by=cora, project=project, name="Second")
    told = {one.table: one for one in frozen.difference(first, second)}
    annotations = told["annotations"]
    assert [line["id"] for line in annotations.added_lines] == [str(added.pk)]
    assert [line["id"] for line in annotations.removed_lines] == [str(removed.pk)]
    [change] = annotations.changes
    assert (change.key, change.columns) == (str(gold.pk), {"note": ("", "Seen again.")})
    assert (annotations.added, annotations.removed, annotations.changed) == (1, 1, 1)
    assert [told[name].differs for name in ("tags", "actors", "articles")] == [False] * 3


def test_the_difference_is_read_once_however_often_it_is_asked_for(hard, django_assert_num_queries):
    project, cora = hard
    pair = [releasing.release(by=cora, project=project, name=name) for name in ("First", "Second")]
    told = frozen.difference(*pair)
    fresh = [Release.objects.get(pk=release.pk) for release in pair]
    with django_assert_num_queries(0):
        assert frozen.difference(*fresh) is told


def line(key: str, **columns: str) -> dict[str, str]:
    return {"key": key, **columns}


@pytest.mark.parametrize(
    ("before", "after", "numbers"),
    [
        ([], [], (0, 0, 0, 0)),
        ([], [line("a")], (0, 1, 0, 0)),
        ([line("a")], [], (0, 0, 1, 0)),
        ([line("a", x="1")], [line("a", x="1")], (1, 0, 0, 0)),
        ([line("a", x="1")], [line("a", x="2")], (0, 0, 0, 1)),
        ([line("a"), line("c")], [line("b"), line("d")], (0, 2, 2, 0)),
        ([line("a"), line("b")], [line("b"), line("c")], (1, 1, 1, 0)),
        ([line("a", x="1")], [line("a", x="1", y="new column")], (0, 0, 0, 1)),
    ],
)
def test_tables_are_compared_in_one_pass(before, after, numbers):
    found = frozen.compared("things", iter(before), iter(after))
    assert (found.same, found.added, found.removed, found.changed) == numbers


def test_a_cell_may_be_as_long_as_an_article(hard):
    project, cora = hard
    note = "x" * 200_000
    Annotation.objects.filter(layer="gold").update(note=note)
    made = releasing.release(by=cora, project=project, name="First")
    Annotation.objects.filter(layer="gold").update(note="")
    after = releasing.release(by=cora, project=project, name="Second")
    [told] = [one for one in frozen.difference(made, after) if one.differs]
    assert told.changes[0].columns == {"note": (note, "")}


def test_what_is_told_one_by_one_has_an_end():
    found = frozen.compared("things", iter([]), iter([line(f"{n:03}") for n in range(150)]), 100)
    assert (found.added, len(found.added_lines)) == (150, 100)


def test_a_large_archive_is_read_piece_by_piece(hard, monkeypatch):
    project, cora = hard
    monkeypatch.setattr(releasing, "PIECE", 1000)
    monkeypatch.setattr(frozen, "PIECE", 1000)
    made = releasing.release(by=cora, project=project, name="First")
    assert ReleasePiece.objects.filter(release=made).count() == -(-made.size // 1000)
    with frozen.opened(made) as opened:
        assert opened.testzip() is None


@pytest.mark.parametrize("name", ["", "  ", "x" * 201, "a\u202eb"])
def test_a_name_that_does_not_fit_is_refused_and_nothing_is_stored(hard, name):
    project, cora = hard
    with pytest.raises(releasing.ReleasingError):
        releasing.release(by=cora, project=project, name=name)
    assert Release.objects.count() == 0


def test_of_an_archived_project_no_release_is_made(hard):
    project, cora = hard
    Project.objects.filter(pk=project.pk).update(archived="2026-01-01T00:00:00Z")
    with pytest.raises(Archived):
        releasing.release(by=cora, project=project, name="First")
    assert Release.objects.count() == 0


def test_numbers_rise_and_no_two_are_the_same(hard):
    project, cora = hard
    made = [releasing.release(by=cora, project=project, name=name) for name in ("One", "Two")]
    assert [release.number for release in made] == [1, 2]
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.create(project=project, by=cora, name="x", number=2, sha256="")


def test_making_and_showing_are_in_the_history(hard):
    project, cora = hard
    made = releasing.release(by=cora, project=project, name="First")
    Assignment.objects.update(state="handed_in", handed_in="2026-01-01T00:00:00Z")
    releasing.show_to(by=cora, release=made, seen=1, audience="members")
    own = Event.objects.filter(noun="release").order_by("version")
    assert list(own.values_list("verb", "version")) == [("released", 1), ("shown", 2)]
    with pytest.raises(Stale):
        releasing.show_to(by=cora, release=made, seen=1, audience="anybody")


def test_while_an_analyst_works_blind_a_release_stays_with_curators(hard):
    project, cora = hard
    made = releasing.release(by=cora, project=project, name="First")
    Assignment.objects.update(state="started")
    for audience in ("members", "anybody"):
        with pytest.raises(releasing.ReleasingError, match="work on 1 article without"):
            releasing.show_to(by=cora, release=made, seen=1, audience=audience)
    Project.objects.filter(pk=project.pk).update(blind=False)
    made.refresh_from_db()
    releasing.show_to(by=cora, release=made, seen=1, audience="members")


def test_whoever_learns_in_an_open_project_is_not_shown_the_gold_by_a_release(hard):
    project, cora = hard
    Project.objects.filter(pk=project.pk).update(blind=False)
    project.refresh_from_db()
    made = releasing.release(by=cora, project=project, name="First")
    Assignment.objects.update(state="started", training=True)
    with pytest.raises(releasing.ReleasingError, match="work on 1 article without"):
        releasing.show_to(by=cora, release=made, seen=1, audience="members")


def test_a_release_is_seen_by_those_whom_it_is_shown_to(hard, client):
    project, cora = hard
    made = releasing.release(by=cora, project=project, name="First")
    ada = factories.member(project, Role.ANALYST)
    stranger = factories.UserFactory()
    page, file = reverse("release", args=[made.pk]), reverse("release-zip", args=[made.pk])

    def statuses() -> list[int]:
        found = []
        for person in (cora, ada, stranger, None):
            client.logout() if person is None else client.force_login(person)
            found += [client.get(page).status_code, client.get(file).status_code]
        return found

    assert statuses() == [200, 200, 404, 404, 404, 404, 302, 302]
    Release.objects.filter(pk=made.pk).update(audience="members")
    assert statuses() == [200, 200, 200, 200, 404, 404, 302, 302]
    Release.objects.filter(pk=made.pk).update(audience="anybody")
    assert statuses() == [200] * 8
    assert list(releases_for(stranger)) == [made]


@pytest.mark.parametrize(
    ("blind", "training", "state", "seen"),
    [
        (True, False, "assigned", 0),
        (True, False, "started", 0),
        (True, False, "handed_in", 1),
        (True, False, "withdrawn", 1),
        (False, False, "started", 1),
        (False, True, "started", 0),
    ],
)
def test_who_works_blind_finds_no_release_for_members_meanwhile(hard, blind, training, state, seen):
    project, cora = hard
    made = releasing.release(by=cora, project=project, name="First")
    Release.objects.filter(pk=made.pk).update(audience="members")
    Project.objects.filter(pk=project.pk).update(blind=blind)
    ada, bela = factories.member(project), factories.member(project)
    handed_in = "2026-01-01T00:00:00Z" if state == "handed_in" else None
    work = factories.assigned(factories.article(project), ada)
    Assignment.objects.filter(pk=work.pk).update(
        state=state, training=training, handed_in=handed_in
    )
    assert releases_for(ada).count() == seen
    assert list(releases_for(bela)) == list(releases_for(cora)) == [made]
    assert api.Caller(ada).get(f"releases/{made.pk}/").status_code == (200 if seen else 404)


def test_the_list_of_releases_has_pages_and_costs_the_same_for_ten_as_for_two(hard, client):
    project, cora = hard
    client.force_login(cora)
    address = reverse("releases", args=[project.slug])

    def make(number: int) -> None:
        Release.objects.create(
            project=project, by=factories.UserFactory(), name=f"R{number}", number=number,
            sha256="",
        )  # fmt: skip

    for number in (1, 2):
        make(number)
    few = api.queries(lambda: client.get(address))
    for number in range(3, 11):
        make(number)
    assert api.queries(lambda: client.get(address)) == few
    for number in range(11, 31):
        make(number)
    numbers = [
        [release.number for release in client.get(f"{address}?p={page}").context["releases"]]
        for page in (1, 2)
    ]
    assert numbers == [list(range(30, 5, -1)), list(range(5, 0, -1))]
    assert "Page 2 of 2" in client.get(f"{address}?p=2").content.decode()


def test_the_pages_of_releases_show_and_make_them(hard, client):
    project, cora = hard
    client.force_login(cora)
    address = reverse("releases", args=[project.slug])
    assert "There is no release yet" in client.get(address).content.decode()
    refused = client.post(
        reverse("release-make", args=[project.slug]), {"name": "", "note": "Typed."}
    )
    assert (refused.status_code, "Typed." in refused.content.decode()) == (400, True)
    sent = {"name": "First", "note": "=note", "with_texts": "on"}
    made = client.post(reverse("release-make", args=[project.slug]), sent, follow=True)
    assert "project.jsonl" in made.content.decode()
    client.post(reverse("release-make", args=[project.slug]), {"name": "Second"})
    second, first = Release.objects.order_by("-number")
    for one, other in ((first, second), (second, first)):
        told = client.get(reverse("release-difference", args=[one.pk, other.pk])).content.decode()
        assert "From release 1 to release 2" in told
    same = client.get(reverse("release-difference", args=[first.pk, first.pk]))
    assert same.status_code == 404
    analyst = factories.member(project, Role.ANALYST)
    client.force_login(analyst)
    assert client.post(reverse("release-make", args=[project.slug]), sent).status_code == 403
    assert client.post(reverse("release-show", args=[first.pk]), {}).status_code == 404


def test_a_cell_that_looks_like_a_formula_is_guarded_and_the_order_kept(hard):
    project, cora = hard
    made = releasing.release(by=cora, project=project, name="First")
    names = [row["actor"] for row in rows_of(made, "actors.csv")]
    assert names == sorted(names) == ["'=Office", "Union"]
    ids = [row["id"] for row in rows_of(made, "by-id.csv")]
    assert ids == sorted(ids)
    assert json.loads(archive(made).read("datapackage.json"))["name"] == "hard-release-1"


def test_the_api_makes_shows_and_compares_releases(hard):
    project, cora = hard
    curator = api.Caller(cora)
    sent = {"project": project.slug, "name": "First", "note": "By two."}
    made = curator.post("releases/", sent)
    first = made.json()
    assert (made.status_code, first["number"], first["audience"]) == (201, 1, "curators")
    assert [
        row["id"] for row in curator.get(f"releases/?project={project.slug}").json()["results"]
    ] == [first["id"]]
    factories.member(project, Role.MANAGER, user__username="mia")
    manager = api.Caller(User.objects.get(username="mia"))
    shown = {"audience": "anybody"}
    there = f"releases/{first['id']}/"
    assert curator.ask("PATCH", there, shown, If_Match='"1"').status_code == 403
    assert manager.ask("PATCH", there, shown).status_code == 428
    assert manager.ask("PATCH", there, shown, If_Match='"1"').status_code == 400
    Assignment.objects.update(state="handed_in", handed_in="2026-01-01T00:00:00Z")
    outside = api.Caller()
    assert outside.get(there).status_code == 404
    assert manager.ask("PATCH", there, shown, If_Match='"1"').json()["audience"] == "anybody"
    assert outside.get(there).json()["sha256"] == first["sha256"]
    answer = outside.get(f"{there}archive/")
    archive = b"".join(answer.streaming_content)
    assert hashlib.sha256(archive).hexdigest() == first["sha256"]
    assert answer["ETag"] == f'"{first["sha256"]}"'
    for known in (answer["ETag"], f'"x", {answer["ETag"]}', "*"):
        again = outside.get(f"{there}archive/", If_None_Match=known)
        assert (again.status_code, again["ETag"]) == (304, answer["ETag"])
        assert again["Cache-Control"] == answer["Cache-Control"]
    assert outside.get(f"{there}archive/", If_None_Match='"x"').status_code == 200
    assert outside.get("releases/").status_code == 401
    second = curator.post("releases/", {**sent, "name": "Second"}).json()
    for one, other in ((first, second), (second, first)):
        told = curator.get(f"releases/{one['id']}/since/{other['id']}/").json()
        assert [(table["table"], table["changed"]) for table in told] == [
            (name, 0) for name in contents.TABLES
        ]
    assert curator.get(f"{there}since/{first['id']}/").status_code == 400
    assert outside.get(f"{there}since/{second['id']}/").status_code == 404


def test_a_release_that_is_asked_for_twice_is_made_once(hard):
    project, cora = hard
    curator = api.Caller(cora)
    sent = {"project": project.slug, "name": "First", "id": "0d6e38ae-5a4b-4c58-a3e3-8a2a2f3a9c11"}
    first, again = curator.post("releases/", sent), curator.post("releases/", sent)
    assert (first.status_code, again.status_code) == (201, 200)
    assert (first.json(), first.json()["id"]) == (again.json(), sent["id"])
    assert (Release.objects.count(), Event.objects.filter(noun="release").count()) == (1, 1)
    other = api.Caller(factories.member(project, Role.CURATOR))
    taken = other.post("releases/", sent)
    assert (taken.status_code, taken.json()["errors"][0]["pointer"]) == (400, "/id")
    elsewhere = factories.ProjectFactory()
    foreign = api.Caller(factories.member(elsewhere, Role.CURATOR))
    taken = foreign.post("releases/", {**sent, "project": elsewhere.slug})
    assert (taken.status_code, taken.json()["errors"][0]["pointer"]) == (400, "/id")
    assert Release.objects.count() == 1


def test_analysts_make_no_releases(hard):
    project, _ = hard
    analyst = api.Caller(factories.member(project, Role.ANALYST))
    assert analyst.post("releases/", {"project": project.slug, "name": "x"}).status_code == 403
    assert Release.objects.count() == 0
