"""Coded claims and mentions, anchored by their quotes: annotations.exchange.claims."""

import json

import pytest
from django.core.management import call_command

from annotations.exchange import claims
from annotations.models import Annotation
from corpus_app.actors import ActorValues, create
from corpus_app.models import Event, Role
from tests import factories

pytestmark = pytest.mark.django_db

TEXT = "The strait is calm.\n\nNobody in the harbour agrees that the strait is calm.\n"
ROW = {
    "file": "raw/strait.txt",
    "quote": "the strait is calm",
    "prefix": "agrees that ",
    "suffix": ".",
    "claimant": "Harbour Office",
    "targets": ["@outlet"],
    "claim_type": "fact",
    "propositions": {"calm": "oppose"},
    "frames": [],
    "attribution": "reported",
}


@pytest.fixture
def project():
    return factories.ProjectFactory(slug="strait")


@pytest.fixture
def curator(project):
    return factories.member(project, Role.CURATOR, user__username="cora")


@pytest.fixture
def article(project, curator):
    factories.small_codebook(project, by=curator)
    values = ActorValues("Harbour Office", aliases=(("the office", False), ("the quay", True)))
    create(by=curator, project=project, values=values)
    return factories.plain_article(project, TEXT, by=curator, name="strait.txt")


def read(curator, project, *rows):
    text = "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows)
    return claims.import_jsonl(by=curator, project=project, text=text)


def refusals(report):
    return [(problem.line, problem.reason) for problem in report.problems]


def test_a_claim_is_stored_where_its_quote_stands(project, curator, article):
    report = read(curator, project, ROW)
    assert str(report) == "1 stored, 0 there already, 0 refused"
    claim = Annotation.objects.get()
    span = claim.spans.get()
    assert (span.start, span.end, span.quote) == (55, 73, "the strait is calm")
    assert (claim.kind, claim.layer, claim.state) == ("claim", "analyst", "complete")
    assert (claim.origin, claim.author, claim.attribution) == ("import", curator, "reported")
    assert [str(part) for part in claim.participants.all()] == [
        "claimant: Harbour Office", "target: @outlet",
    ]  # fmt: skip
    assert [(c.tag.slug, c.stance) for c in claim.codings.all()] == [
        ("fact", ""),
        ("calm", "oppose"),
    ]


def test_a_row_imported_again_is_there_already(project, curator, article):
    read(curator, project, ROW)
    report = read(curator, project, ROW)
    assert str(report) == "0 stored, 1 there already, 0 refused"
    assert Annotation.objects.count() == 1
    assert Event.objects.filter(noun="annotation").count() == 1


def test_the_same_row_of_another_analyst_is_another_claim(project, curator, article):
    factories.member(project, user__username="ada")
    report = read(curator, project, ROW, {**ROW, "analyst": "ada"}, {**ROW, "analyst": "gold"})
    assert str(report) == "3 stored, 0 there already, 0 refused"
    made = Annotation.objects.values_list("author__username", "layer").order_by("created")
    assert list(made) == [("cora", "analyst"), ("ada", "analyst"), ("cora", "gold")]


def test_an_actor_is_found_by_alias_and_metonym_in_any_case(project, curator, article):
    report = read(curator, project, {**ROW, "claimant": "The Office", "targets": "THE QUAY"})
    assert report.problems == []
    names = [str(part) for part in Annotation.objects.get().participants.all()]
    assert names == ["claimant: Harbour Office", "target: Harbour Office"]


def test_a_mention_names_an_actor_and_can_mean_another(project, curator, article):
    factories.actor(project, "The strait", by=curator)
    mention = {"file": "strait.txt", "quote": "strait", "prefix": "The ", "suffix": " is",
               "named": "The strait", "meant": "Harbour Office"}  # fmt: skip
    assert str(read(curator, project, mention)) == "1 stored, 0 there already, 0 refused"
    stored = Annotation.objects.get()
    assert stored.kind == "mention"
    assert {p.role: p.actor.name for p in stored.participants.all()} == {
        "named": "The strait", "meant": "Harbour Office",
    }  # fmt: skip


def test_a_claim_tells_how_sure_it_is_and_how_its_voices_stand_to_it(project, curator, article):
    voice = ["@outlet", {"name": "the office", "endorsement": "distances"}]
    row = {**ROW, "voice": voice, "certainty": "low", "flagged": True}
    assert str(read(curator, project, row)) == "1 stored, 0 there already, 0 refused"
    claim = Annotation.objects.get()
    assert (claim.certainty, claim.flagged) == ("low", True)
    voices = claim.participants.filter(role="voice")
    assert [(str(part), part.endorsement) for part in voices] == [
        ("voice: @outlet", ""), ("voice: Harbour Office", "distances"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("{", "This is not JSON: Expecting property name enclosed in double quotes: "
              "line 1 column 2 (char 1)."),
        ("[]", "A row is an object: {…}."),
        ("[" * 100_000, None),
        ({**ROW, "colour": "red"}, "“colour” is no part of a claim or mention."),
        ({**ROW, "file": "other.txt"}, "No article is from a file “other.txt”."),
        ({**ROW, "quote": "the sea is calm"}, "“the sea is calm” is not in this text."),
        ({**ROW, "quote": " "}, "A quote needs more than white space to be found."),
        ({**ROW, "quote": 7}, "“quote” is not text: 7."),
        ({**ROW, "claimant": "Nobody"}, "No actor is called “Nobody”."),
        ({**ROW, "frames": ["doom"]}, "The codebook has no tag “doom”."),
        ({**ROW, "propositions": {"calm": "perhaps"}},
         "“The strait is calm” does not take the stance “perhaps”."),
        ({**ROW, "propositions": ["calm"]}, "“propositions” is an object of tags and stances."),
        ({**ROW, "analyst": "zoe"}, "“zoe” is not a member of this project."),
        ({**ROW, "note": "\ud800"}, "“note” holds a character that is no text."),
        ({**ROW, "flagged": "yes"}, "“flagged” is true or false, not 'yes'."),
        ({**ROW, "certainty": "very"}, "“very” is not one of high, medium, low."),
        ({**ROW, "voice": [{"name": "@outlet", "stance": "support"}]},
         "A voice is a name, or an object of “name” and “endorsement”."),
        ({**ROW, "note": "\0"}, "“note” holds a character that is no text."),
    ],
)  # fmt: skip
def test_a_row_that_does_not_fit_is_told_with_its_line_and_stops_nothing(
    project, curator, article, row, reason
):
    report = read(curator, project, "", row, ROW)
    assert str(report) == "1 stored, 0 there already, 1 refused"
    [(line, told)] = refusals(report)
    assert line == 2
    assert reason is None or told == reason


def test_a_claim_of_handed_in_work_is_refused(project, curator, article):
    ada = factories.member(project, user__username="ada")
    assignment = factories.assigned(article, ada)
    assignment.state = "handed_in"
    assignment.save()
    [(_, reason)] = refusals(read(curator, project, {**ROW, "analyst": "ada"}))
    assert reason.startswith("This article is handed in.")


def test_the_command_tells_what_it_refused(project, curator, article, tmp_path, capsys):
    file = tmp_path / "claims.jsonl"
    file.write_text(json.dumps(ROW) + "\n" + json.dumps({**ROW, "file": "x.txt"}) + "\n")
    call_command("import_claims", str(file), project="strait", by="cora")
    told = capsys.readouterr()
    assert told.out.strip() == "1 stored, 0 there already, 1 refused"
    assert "line 2: No article is from a file “x.txt”." in told.err


def test_only_curators_import(project, article, tmp_path):
    factories.member(project, user__username="ada")
    file = tmp_path / "claims.jsonl"
    file.write_text("")
    with pytest.raises(Exception, match="Only curators and managers"):
        call_command("import_claims", str(file), project="strait", by="ada")
