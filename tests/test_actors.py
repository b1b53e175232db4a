"""The door to the registry of actors."""

import csv
import io

import pytest

from corpus_app import actors
from corpus_app.actors import ActorError, ActorValues
from corpus_app.history import Stale
from corpus_app.models import Actor, Event
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
        report = actors.import_csv(by=curator, project=project, text=text)
        return report.stored, report.unchanged, [(p.line, p.reason) for p in report.problems]

    return bring


def names(actor):
    return [(alias.name, alias.metonym) for alias in actor.aliases.all()]


def exported(project):
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, actors.COLUMNS)
    writer.writeheader()
    rows = project.actor_set.order_by("created", "id").prefetch_related("aliases")
    writer.writerows(actors.rows_for_csv(rows))
    return out.getvalue()


# One at a time


def test_an_actor_is_made_with_its_aliases_and_an_event(project, curator):
    aliases = (("The Office", False), ("Harbour Street", True))
    made = factories.actor(
        project, " Harbour  Office ", by=curator, kind="government body", aliases=aliases
    )
    assert (made.name, made.kind) == ("Harbour Office", "government body")
    assert names(made) == [("The Office", False), ("Harbour Street", True)]
    event = Event.objects.get(object_id=str(made.pk))
    assert (event.verb, event.by, event.before, event.after) == (
        "created",
        curator,
        None,
        actors.as_values(made),
    )


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"name": ""}, ["name"]),
        ({"name": "Harbour\u200bOffice"}, ["name"]),
        ({"name": "x" * 201}, ["name"]),
        ({"name": "TOWN hall"}, ["name"]),
        ({"name": "Other", "kind": "ship"}, ["kind"]),
        ({"name": "Other", "aliases": (("", False),)}, ["aliases"]),
        ({"name": "Other", "aliases": (("a|b", False),)}, ["aliases"]),
        ({"name": "Other", "aliases": (("X", False), ("X", True))}, ["aliases"]),
        ({"name": "Other", "notes": "\x00"}, ["notes"]),
        ({"name": "", "kind": "ship"}, ["name", "kind"]),
    ],
)
def test_an_unfit_actor_is_refused_field_by_field(project, curator, values, fields):
    factories.actor(project, "Town Hall", by=curator)
    with pytest.raises(ActorError) as refused:
        actors.create(by=curator, project=project, values=ActorValues(**values))
    assert list(refused.value.messages) == fields
    assert Actor.objects.count() == 1


def test_the_same_name_is_free_in_another_project(project, curator):
    factories.actor(project, "Town Hall", by=curator)
    assert factories.actor(factories.ProjectFactory(), "Town Hall").name == "Town Hall"


def test_nobody_is_part_of_a_body_elsewhere_or_of_itself(project, curator):
    town = factories.actor(project, "Town")
    office = factories.actor(project, "Office", part_of=town)
    elsewhere = factories.actor(factories.ProjectFactory(), "Far town")
    for actor, whole in ((town, office), (town, town), (office, elsewhere)):
        values = ActorValues(actor.name, part_of=whole)
        with pytest.raises(ActorError) as refused:
            actors.change(by=curator, actor=actor, seen=1, values=values)
        assert list(refused.value.messages) == ["part_of"]


def test_a_change_replaces_the_aliases_and_tells_before_and_after(project, curator):
    actor = factories.actor(project, "Office", aliases=(("Old", False),))
    values = ActorValues("Office", notes="closed", aliases=(("New", True),))
    actors.change(by=curator, actor=actor, seen=1, values=values)
    event = Event.objects.get(object_id=str(actor.pk), version=2)
    told = ("aliases", "metonyms", "notes")
    assert [event.before[name] for name in told] == [["Old"], [], ""]
    assert [event.after[name] for name in told] == [[], ["New"], "closed"]


def test_a_stale_change_writes_nothing(project, curator):
    actor = factories.actor(project, "Office")
    actors.change(by=curator, actor=actor, seen=1, values=ActorValues("Bureau"))
    with pytest.raises(Stale) as refused:
        actors.change(by=curator, actor=actor, seen=1, values=ActorValues("Agency"))
    assert refused.value.current.name == "Bureau"
    assert Actor.objects.get().name == "Bureau"
    assert Event.objects.filter(object_id=str(actor.pk)).count() == 2


def test_a_retired_actor_is_revived(project, curator):
    actor = factories.actor(project, "Office")
    actors.retire(by=curator, actor=actor, seen=1)
    assert not Actor.objects.current().exists()
    actors.revive(by=curator, actor=actor, seen=2)
    assert Actor.objects.current().get().version == 3


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


def test_a_file_that_is_no_csv_is_refused_with_its_line(bring):
    with pytest.raises(ActorError, match="Line 2"):
        bring(f"name\n{'x' * 200_000}\n")


def test_an_actor_that_is_there_gets_what_it_lacks_and_keeps_what_it_has(project, bring):
    town = factories.actor(project, "Town")
    office = factories.actor(
        project, "Office", kind="state", part_of=town, aliases=(("Old", False),)
    )
    factories.actor(project, "Desk")
    text = "name,kind,part_of,aliases\nOFFICE,place,Desk,Old|New\nDesk,,Office,\nTown,,,\n"
    assert bring(text) == (2, 1, [])
    office.refresh_from_db()
    assert (office.name, office.kind, office.part_of) == ("Office", "state", town)
    assert names(office) == [("New", False), ("Old", False)]
    assert Actor.objects.get(name="Desk").part_of == office


def test_what_is_exported_is_imported_without_loss(project, curator, bring):
    town = factories.actor(project, "=Town", by=curator, notes='=1+1\n, "so" it says')
    factories.actor(
        project, "'@Office", by=curator, kind="media", part_of=town,
        aliases=(("-minus", False), ("+plus", False), ("'tis", True)), notes=" kept\n",
    )  # fmt: skip
    text = exported(project)
    assert not any(line.startswith(("=", "+", "-", "@")) for line in text.splitlines())
    other = factories.ProjectFactory()
    report = actors.import_csv(by=curator, project=other, text=text)
    assert (report.stored, report.problems) == (2, [])
    assert exported(other) == text
    assert [actors.as_values(a) for a in other.actor_set.all()] == [
        actors.as_values(a) for a in project.actor_set.all()
    ]


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
