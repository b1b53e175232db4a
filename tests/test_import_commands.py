"""The commands that bring articles, actors and codebooks in."""

import json

import pytest
from django.core.management import CommandError, call_command

from annotations.models import ClaimTag
from corpus_app.models import Actor, Article
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return factories.ProjectFactory(slug="strait")


@pytest.fixture
def options(project):
    return {"project": "strait", "by": factories.member(project, "curator").username}


def test_a_folder_of_articles_is_stored_and_once_only(tmp_path, options, capsys):
    (tmp_path / "a.txt").write_text(factories.PLAIN)
    (tmp_path / "b.txt").write_text(factories.PLAIN + "\nAnd one more line stands here.\n")
    call_command("import_articles", tmp_path, **options)
    assert capsys.readouterr().out.splitlines()[-1] == "2 stored, 0 there already, 0 refused"
    call_command("import_articles", tmp_path, **options)
    assert capsys.readouterr().out.splitlines()[-1] == "0 stored, 2 there already, 0 refused"
    assert sorted(Article.objects.values_list("raw_name", flat=True)) == ["a.txt", "b.txt"]


def test_a_file_that_cannot_be_read_stops_none_of_the_others(tmp_path, options, capsys):
    (tmp_path / "a.txt").write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / "b.txt").write_text(factories.PLAIN)
    with pytest.raises(CommandError, match="refused"):
        call_command("import_articles", tmp_path, **options)
    assert capsys.readouterr().out.splitlines()[-1] == "1 stored, 0 there already, 1 refused"


def test_actors_come_from_csv(tmp_path, options):
    file = tmp_path / "actors.csv"
    rows = (
        "name,kind,part_of,aliases,metonyms",
        "Office,government body,Port,HO,",
        "Port,state,,,",
    )
    file.write_text("\n".join(rows))
    call_command("import_actors", file, **options)
    assert Actor.objects.get(name="Office").affiliations.get().whole.name == "Port"


def test_a_codebook_comes_from_json(tmp_path, options):
    file = tmp_path / "codebook.json"
    tags = [{"slug": "fact", "label": "Fact", "key": "f"}]
    file.write_text(json.dumps({"name": "B", "dimensions": [{"name": "Type", "tags": tags}]}))
    call_command("import_codebook", file, **options)
    assert list(ClaimTag.objects.values_list("slug", "key")) == [("fact", "f")]


@pytest.mark.parametrize(
    ("change", "message"),
    [({"project": "nowhere"}, "no project"), ({"by": "nobody"}, "--by")],
)
def test_an_unknown_project_or_person_is_said(tmp_path, options, change, message):
    with pytest.raises(CommandError, match=message):
        call_command("import_articles", tmp_path, **{**options, **change})


def test_an_analyst_does_not_tend_the_registry_by_command_either(tmp_path, project):
    file = tmp_path / "actors.csv"
    file.write_text("name\nOffice\n")
    analyst = factories.member(project)
    with pytest.raises(CommandError, match="Only curators"):
        call_command("import_actors", file, project="strait", by=analyst.username)
    assert Actor.objects.count() == 0
