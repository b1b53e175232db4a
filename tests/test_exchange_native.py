"""Crossread's own JSONL: what is written is read again without loss."""

import dataclasses
import hashlib
import json

import pytest
from django.core.management import CommandError, call_command
from jsonschema import Draft202012Validator

from annotations import annotating, correcting, discussing
from annotations.exchange import native_schema
from annotations.exchange.neutral import ReadError
from annotations.models import Annotation, Comment, Link, Notice, Participant, Span
from corpus_app import actors, ingest, merging
from corpus_app.models import Actor, Article, Role
from tests import corpus, exchange, factories, parcels
from tests.reading import docx_of, html_of

pytestmark = pytest.mark.django_db

# What belongs to the stored row and not to what it says; the moment of retiring is one, too.
OF_THE_ROW = ("id", "created", "updated", "version")


def said(text: str) -> list[dict]:
    """The lines of a file without what belongs to the stored rows, header and trailer.

    Links lead to lines by their number instead of by an id; those to removed claims are left out.
    """
    read, lines = exchange.lines_of(text), []
    place = {line["id"]: n for n, line in enumerate(read) if line["is"] == "annotation"}
    for line in read:
        if line["is"] in ("header", "trailer"):
            continue
        links = [link for link in line.get("links", ()) if link["claim"] in place]
        line["links"] = [{**link, "claim": place[link["claim"]]} for link in links]
        line = {key: value for key, value in line.items() if key not in OF_THE_ROW}
        if "retired" in line:
            line["retired"] = bool(line["retired"])
        lines.append(line)
    return lines


def test_a_hard_project_read_into_an_empty_one_says_the_same():
    project, cora = exchange.hard_project()
    written = exchange.exported(cora, project)
    other, max_, report = exchange.copied(written, "copy")
    assert report.problems == []
    assert said(exchange.exported(max_, other)) == said(written)


def test_a_copy_of_a_copy_is_the_same_again():
    project, cora = exchange.hard_project()
    other, max_, _ = exchange.copied(exchange.exported(cora, project), "copy")
    written = exchange.exported(max_, other)
    third, mia, report = exchange.copied(written, "third")
    assert report.problems == []
    assert said(exchange.exported(mia, third)) == said(written)


@corpus.needs_corpus
def test_the_real_claims_are_equal_in_every_field_after_a_round_trip():
    project, cora = exchange.real_project()
    assert Annotation.objects.filter(project=project).count() == 28
    written = exchange.exported(cora, project)
    other, max_, report = exchange.copied(written, "copy")
    assert report.problems == []
    assert said(exchange.exported(max_, other)) == said(written)


def test_quotes_are_the_same_in_the_database_and_in_the_file():
    project, cora = exchange.hard_project()
    lines = exchange.lines_of(exchange.exported(cora, project))
    [article] = [line for line in lines if line["is"] == "article"]
    text = article["revisions"][0]["text"]
    spans = [s for line in lines if line["is"] == "annotation" for s in line["spans"]]
    assert {text[s["start"] : s["end"]] for s in spans} == {s["quote"] for s in spans}
    stored = Span.objects.filter(annotation__deleted=None)
    assert {s["quote"] for s in spans} == set(stored.values_list("quote", flat=True))
    assert set(exchange.QUOTES) <= {s["quote"] for s in spans}


def test_the_raw_input_is_the_same_byte_for_byte():
    project, cora = exchange.hard_project()
    other, *_ = exchange.copied(exchange.exported(cora, project), "copy")
    copy = Article.objects.get(project=other)
    assert bytes(copy.raw) == exchange.HARD.encode()
    assert copy.raw_sha256 == hashlib.sha256(exchange.HARD.encode()).hexdigest()


def test_the_trailer_counts_and_seals_the_lines_before_it():
    project, cora = exchange.hard_project()
    written = exchange.exported(cora, project)
    body, last = written.rstrip("\n").rsplit("\n", 1)
    assert json.loads(last) == {
        "is": "trailer", "facet": 2, "tag": 3, "actor": 2, "outlet": 1, "story": 1, "article": 1,
        "annotation": 8, "comment": 0,
        "sha256": hashlib.sha256(body.encode() + b"\n").hexdigest(),
    }  # fmt: skip


def test_what_is_said_is_read_again_where_it_was_said_and_asks_nobody_anew():
    project, cora = exchange.hard_project()
    ada = project.membership_set.get(role=Role.ANALYST).user
    first, *_ = Annotation.objects.standing().filter(project=project)
    for by, text, names in ((ada, "Why, @cora-hard?\n👩‍🚒", ["cora-hard"]), (cora, "So.", [])):
        discussing.comment(by=by, annotation=first, text=text, mentions=names)
    taken_back, _ = discussing.comment(by=ada, annotation=first, text="Nonsense.")
    discussing.remove(by=ada, comment=taken_back, seen=1)
    written = exchange.exported(cora, project)
    other, max_, report = exchange.copied(written, "copy")
    assert report.problems == []

    def told(text):
        return [
            (line["author"], line["text"], line["mentions"])
            for line in exchange.lines_of(text) if line["is"] == "comment"
        ]  # fmt: skip

    assert told(written) == [
        ("ada-hard", "Why, @cora-hard?\n👩‍🚒", ["cora-hard"]), ("cora-hard", "So.", []),
    ]  # fmt: skip
    assert told(exchange.exported(max_, other)) == told(written)
    quotes = {one.annotation.spans.all()[0].quote for one in Comment.objects.filter(project=other)}
    assert quotes == {first.spans.all()[0].quote}
    assert not Notice.objects.filter(project=other, read=None).exists()
    assert exchange.stored(other, max_, written.encode()).stored == 0


def test_an_id_is_kept_where_it_is_free_and_derived_where_it_is_not():
    project, cora = exchange.hard_project()
    written = exchange.exported(cora, project)
    ids = set(Annotation.objects.values_list("pk", flat=True))
    other, *_ = exchange.copied(written, "copy")
    assert not ids & set(Annotation.objects.filter(project=other).values_list("pk", flat=True))


def test_reading_again_doubles_nothing():
    project, cora = exchange.hard_project()
    written = exchange.exported(cora, project)
    other, max_, first = exchange.copied(written, "copy")
    again = exchange.stored(other, max_, written.encode())
    assert (again.stored, again.problems) == (0, [])
    assert again.unchanged == first.stored
    assert exchange.counts(other) == exchange.counts(project)


def test_work_of_people_who_are_no_members_is_given_to_somebody_which_is_told_once():
    project, cora = exchange.hard_project()
    written = exchange.exported(cora, project).encode()
    lonely = factories.ProjectFactory(slug="lonely")
    mia, ned = (factories.member(lonely, Role.MANAGER, user__username=n) for n in ("mia", "ned"))
    report = exchange.stored(lonely, mia, written, author=ned)
    assert report.problems == []
    assert [remark.reason for remark in report.remarks] == [
        "“ada-hard” is not a member of this project; the work goes to ned.",
        "“cora-hard” is not a member of this project; the work goes to ned.",
    ]
    authors = Annotation.objects.filter(project=lonely).values_list("author__username", flat=True)
    assert set(authors) == {"ned"}


def _broken(text: str, number: int) -> str:
    """The file with the last brace of this line, counted from 1, taken away."""
    lines = text.split("\n")
    lines[number - 1] = lines[number - 1][:-1]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda text: "", "The file was cut off: its last line is missing."),
        (lambda text: text[:-100], r"^Line \d+ is not JSON: Unterminated string starting at\.$"),
        (lambda text: _broken(text, 3), r"^Line 3 is not JSON: Expecting ',' delimiter\.$"),
        (lambda text: text.rsplit("\n", 2)[0] + "\n", "The file was cut off"),
        (lambda text: text.replace("Union", "Onion"), "The file was changed"),
        (lambda text: '{"is": "header"}\n' + text, "The first line is not the header"),
        (lambda text: "[]\n", "Line 1 does not say what it is."),
        (lambda text: '{"is":"header","format":"crossread","version":6}\n', "This is version 6"),
        (lambda text: "[" * 100_000, "^Line 1 is not JSON: "),
        (lambda text: "\udcff", "^Line 1 is not JSON: "),
    ],
)
def test_a_file_that_is_not_whole_is_refused_before_anything_is_stored(change, told):
    project, cora = exchange.hard_project()
    data = change(exchange.exported(cora, project)).encode(errors="surrogateescape")
    empty = factories.ProjectFactory()
    with pytest.raises(ReadError, match=told):
        exchange.stored(empty, cora, data)
    assert exchange.counts(empty) == (0, 0)


@pytest.mark.parametrize(
    "row",
    [
        {"is": "facet"},
        {"is": "tag", "slug": "x", "facet": "none"},
        {"is": "actor", "name": 7},
        {"is": "article", "raw_sha256": "", "revisions": 7},
        {"is": "annotation", "article": "", "revision": "one"},
        {"is": "annotation", "article": "", "revision": 1e400},
    ],
)
def test_a_row_that_lacks_something_is_told_and_stops_nothing(row):
    project, cora = exchange.hard_project()
    rows = [{"is": "header", "format": "crossread", "version": 1, "codebook": None}, row]
    body = "".join(json.dumps(each) + "\n" for each in rows)
    seal = {"is": "trailer", "sha256": hashlib.sha256(body.encode()).hexdigest()}
    data = (body + json.dumps(seal)).encode()
    report = exchange.stored(project, cora, data)
    [problem] = report.problems
    assert (problem.line, problem.reason.split(":")[0]) == (2, row["is"])


def test_the_commands_write_and_read_a_file(tmp_path, capsys):
    project, cora = exchange.hard_project()
    file = tmp_path / "hard.jsonl"
    call_command("export_annotations", project="hard", by=cora.username, output=file)
    assert file.read_bytes().decode() == exchange.exported(cora, project)
    call_command("export_annotations", project="hard", by=cora.username)
    assert capsys.readouterr().out == exchange.exported(cora, project)
    factories.member(factories.ProjectFactory(slug="new"), Role.MANAGER, user__username="mia")
    call_command("import_annotations", str(file), project="new", by="mia", author="mia")
    assert capsys.readouterr().out.strip() == "19 stored, 0 there already, 0 refused"


def test_a_trial_and_all_or_nothing_are_asked_for_by_command(tmp_path, capsys):
    exchange.hard_project()
    new = factories.ProjectFactory(slug="new")
    factories.member(new, Role.MANAGER, user__username="mia")
    file, options = tmp_path / "hard.csv", {"project": "new", "by": "mia", "format": "csv"}
    call_command("export_annotations", project="hard", by="cora-hard", format="csv", output=file)
    assert "Left out: the articles' texts (1 article)." in capsys.readouterr().err
    call_command("import_annotations", str(file), dry_run=True, **options)
    told = capsys.readouterr().out.splitlines()
    assert told[-1] == "Nothing was stored: this was a trial."
    with pytest.raises(CommandError, match="Nothing was stored, since a row was refused"):
        call_command("import_annotations", str(file), all_or_nothing=True, **options)
    assert exchange.counts(new) == (0, 0)
    with pytest.raises(CommandError, match="“zoe” is not a member"):
        call_command("import_annotations", str(file), author="zoe", **options)
    with pytest.raises(CommandError, match="“zoe” has nothing to do with this project"):
        call_command("export_annotations", project="hard", by="cora-hard", author="zoe")


def test_the_commands_refuse_strangers_and_analysts(tmp_path):
    exchange.hard_project()
    factories.UserFactory(username="zoe")
    with pytest.raises(CommandError, match="zoe is not a member"):
        call_command("export_annotations", project="hard", by="zoe")
    file = tmp_path / "empty.jsonl"
    file.write_text("")
    with pytest.raises(CommandError, match="Only curators and managers"):
        call_command("import_annotations", str(file), project="hard", by="ada-hard")


def test_every_line_is_as_the_published_schema_has_it_and_nothing_else_is():
    lines = exchange.lines_of(parcels.written("jsonl").decode())
    assert {line["is"] for line in lines} == set(native_schema.LINES)
    format_checker = Draft202012Validator.FORMAT_CHECKER
    for line in lines:
        own = Draft202012Validator(native_schema.LINES[line["is"]], format_checker=format_checker)
        assert [error.message for error in own.iter_errors(line)] == []
        for name in line:
            assert not own.is_valid({key: line[key] for key in line if key != name})
        assert not own.is_valid({**line, "more": 1})
    Draft202012Validator.check_schema(native_schema.SCHEMA)


def test_what_is_read_of_a_file_is_what_was_written():
    before, after = parcels.round_trip("jsonl")
    assert after == before


def test_links_lead_where_they_led_also_in_a_circle():
    project, cora = exchange.hard_project()
    other, *_ = exchange.copied(exchange.exported(cora, project), "copy")
    ties = Link.objects.filter(project=other).values_list(
        "annotation__note", "relation", "claim__links__relation", "claim__links__claim__note"
    )
    note = Annotation.objects.get(project=project, flagged=True).note
    assert set(ties) == {
        (note, "contradicts", "restates", note), ("", "restates", "contradicts", ""),
    }  # fmt: skip


def test_a_link_to_what_is_not_in_the_file_is_left_out_and_told():
    project, cora = exchange.hard_project()
    linked = Annotation.objects.get(project=project, flagged=True).links.get().claim
    annotating.remove(by=linked.author, annotation=linked, seen=linked.version)
    other, _, report = exchange.copied(exchange.exported(cora, project), "copy")
    [remark] = report.remarks
    assert remark.reason == "a link was left out: its claim is not in the project."
    assert Link.objects.filter(project=other).count() == 0
    assert report.problems == []


def test_a_file_of_the_fourth_version_names_outlets_and_stories_and_is_still_read():
    project, cora = exchange.hard_project()
    *lines, _ = exchange.lines_of(exchange.exported(cora, project))
    lines = [line for line in lines if line["is"] not in ("outlet", "story")]
    lines[0]["version"] = 4
    body = "".join(json.dumps(line) + "\n" for line in lines)
    seal = {"is": "trailer", "sha256": hashlib.sha256(body.encode()).hexdigest()}
    other, max_, report = exchange.copied(body + json.dumps(seal) + "\n", "copy")
    assert report.problems == []
    assert said(exchange.exported(max_, other)) == said(exchange.exported(cora, project))


def test_a_file_of_the_second_version_is_still_read():
    project, cora = exchange.hard_project()
    *lines, _ = exchange.lines_of(exchange.exported(cora, project))
    lines[0]["version"] = 2
    for line in lines:
        if line["is"] == "annotation":
            for name in ("certainty", "flagged", "links"):
                del line[name]
            for part in line["participants"]:
                del part["endorsement"]
    body = "".join(json.dumps(line) + "\n" for line in lines)
    seal = {"is": "trailer", "sha256": hashlib.sha256(body.encode()).hexdigest()}
    other, _, report = exchange.copied(body + json.dumps(seal) + "\n", "copy")
    assert report.problems == []
    assert exchange.counts(other) == exchange.counts(project)


def test_a_file_of_the_first_version_is_still_read():
    project, cora = exchange.hard_project()
    rows = [
        {"is": "header", "format": "crossread", "version": 1, "codebook": None},
        {
            "is": "actor", "name": "Pier", "kind": "place", "part_of": None, "notes": "",
            "aliases": ["Jetty"], "metonyms": [], "retired": None,
        },
        {
            "is": "actor", "name": "Pier Office", "kind": "other", "part_of": "Pier", "notes": "n",
            "aliases": [], "metonyms": ["Pier Street"], "retired": "2024-01-02T03:04:05+00:00",
        },
    ]  # fmt: skip
    body = "".join(json.dumps(each) + "\n" for each in rows)
    seal = {"is": "trailer", "sha256": hashlib.sha256(body.encode()).hexdigest()}
    data = (body + json.dumps(seal)).encode()
    report = exchange.stored(project, cora, data)
    assert (report.stored, report.problems) == (2, [])
    office = Actor.objects.get(project=project, name="Pier Office")
    assert actors.as_values(office) == {
        "name": "Pier Office", "kind": "other", "part_of": [{"name": "Pier"}], "notes": "n",
        "aliases": [{"name": "Pier Street", "metonym": True}], "external_ids": [],
        "retired": "2024-01-02T03:04:05+00:00", "merged_into": None,
    }  # fmt: skip


def test_a_merger_comes_along_and_can_be_taken_back_there():
    project, cora = exchange.hard_project()
    office, union = (Actor.objects.get(project=project, name=n) for n in ("=Office", "Union"))
    actors.change(
        by=cora, actor=office, seen=office.version,
        values=dataclasses.replace(actors.values_of(office), affiliations=()),
    )  # fmt: skip
    merging.merge(by=cora, actor=office, into=union, seen=office.version)
    empty = factories.ProjectFactory()
    factories.MembershipFactory(project=empty, user=cora, role=Role.CURATOR)
    data = exchange.exported(cora, project).encode()
    report = exchange.stored(empty, cora, data, author=cora)
    assert report.problems == []
    there = Actor.objects.get(project=empty, name="=Office")
    assert (there.standing.name, there.name_starts.count() > 0) == ("Union", True)
    marked = Participant.objects.filter(project=empty, actor=there).count()
    assert marked == Participant.objects.filter(project=project, actor=office).count() > 0


def test_an_article_that_was_corrected_is_read_with_all_its_texts_and_the_tray():
    project, cora = exchange.hard_project()
    article = project.article_set.exclude(annotations=None).first()
    whole = article.revisions.get().text
    gone = article.annotations.filter(deleted=None).first().spans.first().quote
    correcting.correct(
        by=cora, article=article, seen=article.version, reason="Misprinted.",
        text=whole.replace(gone, "…"),
    )  # fmt: skip
    numbers = set(
        article.annotations.filter(deleted=None).values_list("revision__number", flat=True)
    )
    assert 1 in numbers
    written = exchange.exported(cora, project)
    other, max_, report = exchange.copied(written, "copy")
    assert report.problems == []
    assert said(exchange.exported(max_, other)) == said(written)


@pytest.mark.parametrize("data", [html_of().encode(), docx_of()], ids=["a page", "a document"])
def test_an_article_of_another_kind_than_text_is_read_by_its_own_reader_again(data):
    project = factories.ProjectFactory()
    cora = factories.member(project, Role.CURATOR)
    ingest.store(by=cora, project=project, data=data, proposal=ingest.propose(data=data))
    written = exchange.exported(cora, project)
    other, max_, report = exchange.copied(written, "copy")
    assert report.problems == []
    assert said(exchange.exported(max_, other)) == said(written)
    first, second = Article.objects.order_by("created")
    assert (second.raw_type, bytes(second.raw)) == (first.raw_type, data)
