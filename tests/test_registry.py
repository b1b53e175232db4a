"""Whole registries: in and out as CSV and JSON, and from another project."""

import json
from datetime import UTC, date, datetime

import pytest
from django.core.management import call_command

from corpus_app import actors, merging, registry
from corpus_app.actors import ActorError, ActorValues, AffiliationValues, AliasValues
from corpus_app.models import Actor, Event
from corpus_app.notation import UnfitCell, read_names, write_names
from corpus_app.spreadsheet import LONGEST_CELL
from tests import factories
from tests.corpus import CORPUS, needs_corpus

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return factories.ProjectFactory()


@pytest.fixture
def curator(project):
    return factories.member(project, "curator")


@pytest.fixture
def bring(project, curator):
    """Imports a CSV; gives what was stored, what was there, and each problem with its line."""

    def bring(text):
        report = registry.import_csv(by=curator, project=project, text=text)
        return report.stored, report.unchanged, [(p.line, p.reason) for p in report.problems]

    return bring


def names(actor):
    return [(alias.name, alias.metonym) for alias in actor.aliases.all()]


def wholes(actor):
    return [affiliation.whole.name for affiliation in actor.affiliations.all()]


def told(project):
    return [actors.as_values(actor) for actor in project.actor_set.all()]


def exported(project, lines=registry.csv_lines):
    return "".join(lines(project.actor_set.order_by("created", "id")))


# From CSV


@pytest.mark.parametrize(
    ("text", "stored", "unchanged", "problems"),
    [
        ("name\nOffice\nTown\n", 2, 0, []),
        ("\ufeffname,kind\r\nOffice,state\r\n", 1, 0, []),
        (" Name ,KIND\nOffice,\n", 1, 0, []),
        ("name\n\nOffice\n\n\n", 1, 0, []),
        ("kind,name\nstate\n", 0, 0, [(2, "The name is empty.")]),
        ("name,kind\nOffice,ship\nTown,state\n", 1, 0, [(2, "“ship” is not a kind. Kinds: ")]),
        (
            'name,notes\nOffice,"one\ntwo\nthree"\n,x\n',
            1,
            0,
            [(5, "The name is empty.")],
        ),
        ('name,notes\n\n\n"",\n"a\nb",\n"\u200b",x\n', 1, 0, [(7, "hidden")]),
        ("name,kind\nOffice,state,extra\n", 0, 0, [(2, "has 3 cells, the first line 2")]),
        ("name\nOffice\noffice\n", 1, 0, [(3, "stands in line 2 already")]),
        ("name,part_of\nDesk,Office\nOffice,Town\nTown,\n", 3, 0, []),
        ("name,part_of\nA,B\nB,A\n", 2, 0, [(3, "part of itself")]),
        ("name,part_of\nA,A\n", 1, 0, [(2, "part of itself")]),
        ("name,part_of\nA,Nobody\n", 1, 0, [(2, "There is no actor “Nobody”")]),
        ("name,aliases,metonyms\nA,X|Y,X\n", 0, 0, [(2, "both as a metonym")]),
        ("name,aliases\nA,\u200b\n", 0, 0, [(2, "hidden character")]),
        ("name,aliases\nA, X || Y |\n", 1, 0, []),
    ],
)
def test_every_row_is_stored_or_reported_with_its_line(bring, text, stored, unchanged, problems):
    got = bring(text)
    assert got[:2] == (stored, unchanged)
    assert [line for line, _ in got[2]] == [line for line, _ in problems]
    for (_, reason), (_, expected) in zip(got[2], problems, strict=True):
        assert expected in reason


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "Name of actor\nOffice\n",
        "name,name\nA,B\n",
        "name,colour\nA,red\n",
        "kind\nx\n",
    ],
)
def test_a_file_without_these_columns_is_refused(bring, text):
    with pytest.raises(ActorError):
        bring(text)


def test_all_problems_are_counted_and_the_first_kept(project, curator, monkeypatch):
    monkeypatch.setattr("corpus_app.report.MOST_KEPT", 1)
    text = "name,kind,retired\nA,ship,\nB,ship,\nC,state,soon\nD,state,soon\nE,state,\n"
    reports = [registry.import_csv(by=curator, project=project, text=text) for _ in range(2)]
    told = [(r.stored, r.unchanged, r.refused, len(r.problems)) for r in reports]
    assert told == [(3, 0, 4, 1), (0, 1, 4, 1)]


def test_a_file_that_is_no_csv_is_refused_with_its_line(bring):
    with pytest.raises(ActorError, match="Line 2"):
        bring(f"name\n{'x' * (LONGEST_CELL + 1)}\n")


def test_an_actor_that_is_there_gets_what_it_lacks_and_keeps_what_it_has(project, bring):
    town = factories.actor(project, "Town")
    office = factories.actor(
        project, "Office", kind="state", part_of=town, aliases=(("Old", False),)
    )
    factories.actor(project, "Desk")
    text = "name,kind,part_of,aliases\nOFFICE,place,Desk,Old|New\nDesk,,Office,\nTown,,,\n"
    assert bring(text) == (2, 1, [])
    office.refresh_from_db()
    assert (office.name, office.kind, wholes(office)) == ("Office", "state", ["Town"])
    assert names(office) == [("New", False), ("Old", False)]
    assert wholes(Actor.objects.get(name="Desk")) == ["Office"]


def test_what_is_exported_is_imported_without_loss(project, curator, bring):
    town = factories.actor(project, "=Town", by=curator, notes='=1+1\n, "so" it says')
    factories.actor(
        project, "'@Office", by=curator, kind="media", part_of=town,
        aliases=(("-minus", False), ("+plus", False), ("'tis", True)), notes=" kept\n",
    )  # fmt: skip
    text = exported(project)
    assert not any(line.startswith(("=", "+", "-", "@")) for line in text.splitlines())
    other = factories.ProjectFactory()
    report = registry.import_csv(by=curator, project=other, text=text)
    assert (report.stored, report.problems) == (2, [])
    assert exported(other) == text
    assert told(other) == told(project)


@needs_corpus
def test_the_real_list_is_imported_whole_and_once(project, bring):
    text = (CORPUS / "actors.csv").read_text()
    assert bring(text) == (64, 0, [])
    assert bring(text) == (0, 64, [])
    assert project.actor_set.count() == 64


@pytest.mark.parametrize("row", ["Off\0ice,", "Office,To\0wn"])
def test_a_row_with_nul_is_told_by_its_line(bring, row):
    stored, there, problems = bring(f"name,part_of\n{row}\nTown,\n")
    assert (stored, there) == (1, 0)
    assert problems == [(2, "The row holds the character U+0000.")]


# Without loss

NASTY = (
    "=1+1", "'@x", "a|b", "a\\|b", "{brace}", "back\\slash", "x {en 2001-01-01/..}", "case:exact",
    "قال المتحدث", "cafe\u0301", "Straße", "a, \"b\"", "—", "2001-01-01/2002-01-01", "a; b",
)  # fmt: skip


@pytest.fixture
def nasty(project, curator):
    """A project whose actors have everything that a file could lose."""
    wholes = [factories.actor(project, name, by=curator) for name in NASTY]
    aliases = tuple(
        AliasValues(f"{name} of old", n % 2 == 0, ("", "pt-BR")[n % 3 == 0], case, since, until)
        for n, (name, case, since, until) in enumerate(
            zip(
                NASTY, ("usual", "exact", "any") * 5, (None, date(1, 2, 3), None) * 5,
                (None, date(9999, 12, 31), date(2024, 2, 29)) * 5, strict=True,
            )
        )
    )  # fmt: skip
    affiliations = (
        *(AffiliationValues(whole) for whole in wholes[:3]),
        AffiliationValues(wholes[0], date(2001, 1, 1), date(2002, 1, 1)),
        AffiliationValues(wholes[4], until=date(2002, 1, 1)),
    )
    ids = (("isni", "0000 0001 2281 955X"), ("wikidata", "Q42"), ("iso3166", "ru"))
    values = ActorValues(
        "'=Office", "media", "\n kept, \"as\" it is\n", aliases, affiliations, ids
    )  # fmt: skip
    actors.create(by=curator, project=project, values=values)
    one, other, third, fourth = wholes[-4:]
    merging.merge(by=curator, actor=one, into=other, seen=1)
    merging.merge(by=curator, actor=other, into=third, seen=1)
    actors.retire(by=curator, actor=fourth, seen=1)
    actors.retire(by=curator, actor=Actor.objects.get(pk=third.pk), seen=1)
    return project


@pytest.mark.parametrize("lines", [registry.csv_lines, registry.json_lines])
def test_whatever_is_exported_comes_back_equal(nasty, curator, lines):
    other = factories.ProjectFactory()
    report = registry.import_text(by=curator, project=other, text=exported(nasty, lines))
    assert (report.problems, report.stored) == ([], len(NASTY) + 1)
    assert told(other) == told(nasty)
    assert exported(other, lines) == exported(nasty, lines)
    again = registry.import_text(by=curator, project=other, text=exported(nasty, lines))
    assert (again.stored, again.unchanged) == (0, len(NASTY) + 1)


def test_a_copy_is_equal_and_is_made_once(nasty, curator):
    other = factories.ProjectFactory()
    report = registry.copy(by=curator, project=other, source=nasty)
    assert (report.problems, report.stored) == ([], len(NASTY) + 1)
    assert told(other) == told(nasty)
    events = Event.objects.filter(project=other).count()
    assert registry.copy(by=curator, project=other, source=nasty).stored == 0
    assert Event.objects.filter(project=other).count() == events


def test_the_commands_write_and_read_a_file(nasty, curator, tmp_path, capsys):
    other = factories.ProjectFactory(slug="other")
    factories.MembershipFactory(project=other, user=curator, role="curator")
    for format in ("csv", "json"):
        file = tmp_path / f"actors.{format}"
        call_command("export_actors", file, project=nasty.slug, format=format)
        call_command("import_actors", file, project="other", by=curator.username)
    assert told(other) == told(nasty)
    call_command("export_actors", project="other")
    assert capsys.readouterr().out.endswith(exported(other))


@pytest.mark.parametrize(
    ("cell", "entries"),
    [
        ("", []),
        (" A | B ||", [{"name": "A"}, {"name": "B"}]),
        ("A {en}", [{"name": "A", "language": "en"}]),
        ("A { case:any  ../2001-01-01 }", [{"name": "A", "case": "any", "until": "2001-01-01"}]),
        ("A {2001-01-01/}|B", [{"name": "A", "since": "2001-01-01"}, {"name": "B"}]),
        (r"a\|b|c\{d}\\", [{"name": "a|b"}, {"name": "c{d}\\"}]),
        (r"C:\path", [{"name": r"C:\path"}]),
    ],
)
def test_a_cell_is_read_as_it_is_written(cell, entries):
    assert read_names(cell) == entries
    assert read_names(write_names(entries)) == entries


def test_a_brace_that_is_not_closed_is_told_with_its_row(bring):
    with pytest.raises(UnfitCell):
        read_names("A {en|B")
    assert bring("name,aliases\nTown,A {en\nOffice,\n") == (
        1, 0, [(2, "After “A” a brace is opened and not closed.")]
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["{", "{}", "{\"format\": \"crossread actors\", \"version\": 2, \"actors\": []}",
     "{\"format\": \"crossread actors\", \"version\": 1}", "{" * 100_000],
)  # fmt: skip
def test_a_json_that_is_no_list_of_actors_is_refused(project, curator, text):
    with pytest.raises(ActorError):
        registry.import_text(by=curator, project=project, text=text)


@pytest.mark.parametrize(
    "actor",
    [7, {}, {"name": 7}, {"name": "A", "aliases": 7}, {"name": "A", "aliases": [{"name": None}]},
     {"name": "A", "external_ids": [{"scheme": "x", "value": "1"}]}, {"name": "\0"}],
)  # fmt: skip
def test_an_actor_that_is_not_whole_is_told_and_stops_nothing(project, curator, actor):
    file = {"format": "crossread actors", "version": 1, "actors": [actor, {"name": "Office"}]}
    report = registry.import_json(by=curator, project=project, text=json.dumps(file))
    assert ([problem.line for problem in report.problems], report.stored) == ([1], 1)


@pytest.mark.parametrize(
    "at",
    ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z",
     "1970-01-01T00:00:00+00:00", "0001-01-01", "soon", 7],
)  # fmt: skip
def test_a_moment_that_no_actor_was_retired_at_is_told_and_not_stored(project, curator, at):
    actor = {"name": "Poison", "retired": at}
    file = {"format": "crossread actors", "version": 1, "actors": [actor, {"name": "Office"}]}
    report = registry.import_json(by=curator, project=project, text=json.dumps(file))
    assert ([problem.line for problem in report.problems], report.stored) == ([1], 2)
    assert Actor.objects.get(name="Poison").retired is None


@pytest.mark.parametrize("at", ["2024-03-14T12:00:00", "2024-03-14T14:00:00+02:00"])
def test_a_moment_is_read_in_utc_also_where_it_names_no_zone(project, bring, at):
    assert bring(f"name,retired\nOffice,{at}\n")[2] == []
    assert Actor.objects.get().retired == datetime(2024, 3, 14, 12, tzinfo=UTC)
