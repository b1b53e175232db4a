"""/api/v1/projects/<slug>/imports/ and /api/v1/imports/: files that are sent in."""

import json
from dataclasses import replace
from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.utils import timezone

from annotations.exchange.importing import imported
from annotations.exchange.neutral import ActorRecord, ReadError, Refusal, Remark, Row
from annotations.models import Annotation, Import
from corpus_app.access import Archived
from corpus_app.models import Project, Role
from corpus_app.report import MOST_KEPT
from tests import api, factories, parcels

pytestmark = pytest.mark.django_db
ADDRESS = "projects/in/imports/"


@pytest.fixture
def max_():
    """The manager of an empty project."""
    project = factories.ProjectFactory(slug="in")
    for name in ("ada", "bo"):
        factories.member(project, user__username=name)
    return factories.member(project, Role.MANAGER, user__username="max")


def lines(answer) -> list[dict]:
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"] == "application/x-ndjson"
    return [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]


def test_a_file_is_stored_while_it_is_told_how_far(max_):
    caller = api.Caller(max_)
    *progress, report = lines(caller.post(ADDRESS + "?format=jsonl", parcels.written("jsonl")))
    assert {line["is"] for line in progress} == {"progress"}
    assert progress[-1] == {
        "is": "progress", "id": report["id"], "read": 39, "stored": 39, "unchanged": 0,
        "refused": 0,
    }  # fmt: skip
    assert (report["is"], report["state"], report["stored"]) == ("report", "done", 39)
    assert report["report"]["problems"] == []
    [remark] = report["report"]["remarks"]
    assert "“cora” is not a member" in remark["reason"]
    [listed] = caller.results("imports/?project=in&state=done")
    assert {"is": "report", **listed} == report
    assert caller.get(f"imports/{report['id']}/").json() == listed
    assert Annotation.objects.count() == 11


@pytest.mark.parametrize("at", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"])
def test_a_moment_that_is_none_in_utc_is_refused_and_every_list_answers(max_, at):
    caller = api.Caller(max_)
    said = [one._replace(created=datetime.fromisoformat(at)) for one in parcels.hard().comments()]
    poison = ActorRecord("Poison", "other", retired=at)
    parcel = replace(parcels.hard(), actors=lambda: iter([poison]), comments=lambda: iter(said))
    sent = parcels.written("jsonl", parcel)
    [line] = [n for n, told in enumerate(sent.splitlines(), 1) if b'"Poison"' in told]
    report = lines(caller.post(ADDRESS + "?format=jsonl", sent))[-1]
    assert [told["line"] for told in report["report"]["problems"]] == [line]
    assert "Poison" in {actor["name"] for actor in caller.results("actors/?project=in")}
    assert caller.results("changes/?project=in")
    for format in ("jsonl", "csv", "jsonld"):
        assert b"".join(caller.get(f"projects/in/export/{format}/").streaming_content)


def test_a_file_may_be_sent_as_a_form_and_has_a_name(max_):
    client = api.Caller(max_).client
    file = SimpleUploadedFile("hard.jsonl", parcels.written("jsonl"))
    answer = client.post(f"{api.V1}{ADDRESS}?format=jsonl&dry=true", {"file": file})
    report = lines(answer)[-1]
    told = {name: report[name] for name in ("name", "dry", "whole", "state", "stored")}
    assert told == {
        "name": "hard.jsonl", "dry": True, "whole": False, "state": "done", "stored": 39
    }  # fmt: skip
    assert Annotation.objects.count() == 0
    assert client.post(f"{api.V1}{ADDRESS}?format=jsonl", {"other": "x"}).status_code == 400


def test_all_or_nothing_is_refused_with_the_reasons(max_):
    bad = parcels.written("csv").replace(b",claim,", b",hearsay,")
    report = lines(api.Caller(max_).post(ADDRESS + "?format=csv&whole=1", bad))[-1]
    assert (report["state"], report["stored"]) == ("refused", 0)
    assert report["report"]["refused"] == len(report["report"]["problems"]) > 0
    assert Annotation.objects.count() == 0


@pytest.mark.parametrize("options", ["", "&whole=true", "&dry=true"])
def test_a_file_that_is_none_of_the_format_is_refused_with_what_is_wrong(max_, options):
    sent = b'{"is":"header"}\n'
    report = lines(api.Caller(max_).post(f"{ADDRESS}?format=jsonl{options}", sent))[-1]
    assert (report["state"], report["report"]["error"]) == (
        "refused", "The first line is not the header of a file of this kind."
    )  # fmt: skip


def test_what_is_told_of_a_file_can_be_stored_and_shown_whatever_it_says(max_):
    header = {"is": "header", "format": "crossread", "version": "\ud800\0" + "x" * 5_000}
    sent = json.dumps(header).encode()
    report = lines(api.Caller(max_).post(f"{ADDRESS}?format=jsonl&name=a", sent))[-1]
    told = report["report"]["error"]
    assert (told[:19], len(told)) == ("This is version ?\ufffdx", 1_000)
    assert api.Caller(max_).results("imports/")[0]["report"]["error"] == told


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("", ["format"]), ("?format=none", ["format"]), ("?format=graphml", ["format"]),
        ("?format=jsonl&dry=perhaps", ["dry"]), ("?format=jsonl&author=zoe", ["author"]),
        ("?format=jsonl&speed=9", ["speed"]), ("?format=jsonl&name=%00", ["name"]),
    ],
)  # fmt: skip
def test_what_is_asked_wrongly_is_told(max_, query, wrong):
    answer = api.Caller(max_).post(ADDRESS + query, b"x")
    assert (answer.status_code, api.wrong(answer)) == (400, wrong)


@override_settings(UPLOAD_LIMIT=10)
def test_a_file_above_the_limit_is_not_read(max_):
    assert api.Caller(max_).post(ADDRESS + "?format=jsonl", b"x" * 11).status_code == 413
    assert Import.objects.count() == 0


def test_imports_are_for_curators_of_the_project(max_):
    ada = max_.memberships.get().project.membership_set.get(user__username="ada").user
    stranger = factories.member(factories.ProjectFactory(), Role.MANAGER)
    list(imported(by=max_, project=max_.memberships.get().project, format="jsonl", file=_empty()))
    for user, status in ((ada, 403), (stranger, 404)):
        caller = api.Caller(user)
        assert caller.post(ADDRESS + "?format=jsonl", b"x").status_code == status
        assert caller.results("imports/") == []
    assert len(api.Caller(max_).results("imports/")) == 1


def test_into_an_archived_project_nothing_is_imported(max_):
    Project.objects.update(archived=timezone.now())
    for options in ("", "&dry=true"):
        answer = api.Caller(max_).post(ADDRESS + "?format=jsonl" + options, b"x")
        assert (answer.status_code, "archived" in answer.json()["detail"]) == (403, True)
    assert Import.objects.count() == 0


@pytest.mark.parametrize(
    ("options", "stored"), [({}, 11), ({"whole": True}, 0), ({"dry": True}, 0)]
)
def test_a_project_that_is_archived_meanwhile_breaks_the_import_off_with_a_report(
    max_, monkeypatch, options, stored
):
    monkeypatch.setattr("annotations.exchange.storing.AT_ONCE", 11)
    project = max_.memberships.get().project
    file = SimpleUploadedFile("hard", parcels.written("jsonl"))
    steps = imported(by=max_, project=project, format="jsonl", file=file, **options)
    assert next(steps).read == 11
    Project.objects.update(archived=timezone.now())
    *_, row = steps
    row.refresh_from_db()
    assert (row.state, row.finished is not None, row.stored) == ("broken", True, stored)
    assert row.report["error"] == str(Archived())


def _empty():
    return SimpleUploadedFile("empty", b"")


@pytest.mark.parametrize(
    ("options", "kept", "stored"), [({}, 11, 39), ({"whole": True}, 0, 0), ({"dry": True}, 0, 0)]
)
def test_whoever_hangs_up_breaks_the_import_off(max_, options, kept, stored):
    project = max_.memberships.get().project
    file = SimpleUploadedFile("hard", parcels.written("jsonl"))
    steps = imported(by=max_, project=project, format="jsonl", file=file, **options)
    next(steps)
    steps.close()
    row = Import.objects.get()
    assert (row.state, row.finished is not None, row.stored) == ("broken", True, stored)
    assert Annotation.objects.count() == kept


@pytest.mark.parametrize(
    ("options", "state", "stored"),
    [({}, "broken", 39), ({"whole": True}, "refused", 0), ({"dry": True}, "refused", 0)],
)
def test_a_file_that_ends_in_what_cannot_be_read_keeps_what_was_stored(
    max_, monkeypatch, options, state, stored
):
    rows = parcels.read("jsonl", parcels.written("jsonl"))

    def read(file):
        yield from rows
        raise ReadError("The rest is gone.")

    monkeypatch.setattr("annotations.exchange.native.read", read)
    project = max_.memberships.get().project
    *_, row = imported(by=max_, project=project, format="jsonl", file=_empty(), **options)
    row.refresh_from_db()
    assert (row.state, row.stored, row.report["error"]) == (state, stored, "The rest is gone.")
    assert Annotation.objects.count() == 11 * (not options)


def test_of_many_refused_rows_the_first_are_kept_and_all_counted(max_, monkeypatch):
    def read(file):
        for line in range(1, 5_001):
            yield Row(line, Refusal(f"It is the {line}th."))
            yield Row(line, Remark("It is odd."))

    monkeypatch.setattr("annotations.exchange.native.read", read)
    saved = []
    save = Import.save
    monkeypatch.setattr(
        Import, "save", lambda *a, **kw: saved.append(kw.get("update_fields")) or save(*a, **kw)
    )
    project = max_.memberships.get().project
    steps = imported(by=max_, project=project, format="jsonl", file=_empty())
    seen = [row.report["refused"] for row in steps]
    row = Import.objects.get()
    assert seen[:3] == [250, 500, 750]
    assert seen[-1] == row.report["refused"] == row.report["remarked"] == 5_000
    assert len(row.report["problems"]) == len(row.report["remarks"]) == MOST_KEPT
    assert row.report["problems"][-1] == {"line": MOST_KEPT, "reason": f"It is the {MOST_KEPT}th."}
    assert sum("report" in (fields or ()) for fields in saved) == MOST_KEPT // 250
