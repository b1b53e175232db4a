"""The commands that bring articles, actors and codebooks in."""

import csv
import json
import zipfile

import pytest
from django.core.management import CommandError, call_command

from annotations.models import ClaimTag
from corpus_app import batches
from corpus_app.models import Actor, Article
from corpus_app.reading import Readers
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


def numbered(number) -> str:
    return f"Calm on day {number}\n\nThe Harbour Office says so on day {number}. Nobody agrees.\n"


TABLE = "Kopf,Rumpf,Date\r\nRuhig,Die Meerenge ist heute ruhig.,5 March 2024\r\nLeer,,\r\n"


def test_folders_archives_and_tables_are_read_to_their_last_article(tmp_path, options, capsys):
    (tmp_path / "deep" / ".hidden").mkdir(parents=True)
    (tmp_path / "deep" / "a.txt").write_text(numbered(1))
    (tmp_path / "deep" / ".hidden" / "b.txt").write_text(numbered(2))
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("inside/c.txt", numbered(3))
        archive.writestr("news.csv", TABLE.replace("Rumpf", "Text"))
    call_command_refusing("import_articles", tmp_path, **options)
    assert capsys.readouterr().out.splitlines()[-1] == "3 stored, 0 there already, 1 refused"
    assert sorted(Article.objects.values_list("raw_name", flat=True)) == [
        "a.txt", "all.zip/inside/c.txt", "all.zip/news.csv, row 2"
    ]  # fmt: skip


def test_the_layout_of_tables_can_be_given_and_a_wrong_one_is_told(tmp_path, options, capsys):
    (tmp_path / "news.csv").write_text(TABLE)
    call_command_refusing("import_articles", tmp_path, **options)
    assert "Nothing says which column holds the text" in capsys.readouterr().out
    layout = ["text=Rumpf", "title=Kopf"]
    call_command_refusing("import_articles", tmp_path, layout=layout, **options)
    article = Article.objects.get()
    assert (article.title, str(article.published_on)) == ("Ruhig", "2024-03-05")
    for wrong in ("body=Rumpf", "text", "text="):
        with pytest.raises(CommandError, match="FIELD=COLUMN"):
            call_command("import_articles", tmp_path, layout=[wrong], **options)


def test_the_report_lists_every_file_and_what_became_of_it(tmp_path, options):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "=a.txt").write_text(numbered(1))
    (folder / "b.txt").write_text(numbered(1))
    (folder / "c.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    report = tmp_path / "report.csv"
    call_command_refusing("import_articles", folder, report=report, **options)
    with report.open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    article = str(Article.objects.get().pk)
    assert head == ["file", "outcome", "reason", "article"]
    assert rows[:2] == [
        ["'=a.txt", "stored", "", article], ["b.txt", "there already", "", article]
    ]  # fmt: skip
    assert (rows[2][:2], "PNG" in rows[2][2]) == (["c.png", "refused"], True)
    with pytest.raises(CommandError, match="report cannot be written"):
        call_command("import_articles", folder, report=tmp_path / "no" / "r.csv", **options)


def test_a_batch_of_the_desk_goes_on_by_command(project, options, capsys):
    person = factories.member(project)
    batch = batches.open_batch(by=person, project=project)
    files = [(f"{number}.txt", numbered(number).encode()) for number in range(3)]
    with Readers() as readers:
        batches.add(by=person, batch=batch, files=files, readers=readers)
    with pytest.raises(CommandError, match="not started"):
        call_command("import_articles", resume=batch.pk, **options)
    batches.start(by=person, batch=batch, layouts={})
    call_command("import_articles", resume=batch.pk, **options)
    assert capsys.readouterr().out.splitlines()[-1] == "3 stored, 0 there already, 0 refused"
    batch.refresh_from_db()
    assert batch.state == "done"


def test_either_files_or_a_batch_are_named_and_the_batch_is_the_projects(tmp_path, options):
    for given in ([], [tmp_path]):
        resumed = {"resume": factories.ProjectFactory().pk} if given else {}
        with pytest.raises(CommandError, match="Say which files"):
            call_command("import_articles", *given, **resumed, **options)
    elsewhere = factories.ProjectFactory()
    batch = batches.open_batch(by=factories.member(elsewhere), project=elsewhere)
    with pytest.raises(CommandError, match="There is no batch"):
        call_command("import_articles", resume=batch.pk, **options)


def call_command_refusing(*arguments, **options) -> None:
    """Calls a command of which some files are refused."""
    with pytest.raises(CommandError, match="refused"):
        call_command(*arguments, **options)


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


def test_of_many_problems_the_first_are_told_and_the_others_counted(
    tmp_path, options, capsys, monkeypatch
):
    monkeypatch.setattr("corpus_app.report.MOST_KEPT", 1)
    file = tmp_path / "actors.csv"
    file.write_text("name,kind\nA,ship\nB,ship\nC,ship\n")
    call_command("import_actors", file, **options)
    told = capsys.readouterr()
    first, more = told.err.splitlines()
    assert first.startswith("line 2: “ship” is not a kind.")
    assert more == "… and 2 more, which are not told."
    assert "3 refused" in told.out


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
