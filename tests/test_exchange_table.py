"""CSV: one row an annotation, offsets in code points, nothing a spreadsheet would run."""

import csv
import io

import pytest

from annotations.models import Annotation
from corpus_app.models import Role
from corpus_app.spreadsheet import unguarded
from tests import exchange, factories

pytestmark = pytest.mark.django_db


def table(user, project) -> list[dict]:
    return list(csv.DictReader(io.StringIO(exchange.exported(user, project, "csv"), newline="")))


def test_a_claim_is_one_row_with_everything_about_it():
    project, cora = exchange.hard_project()
    claim = Annotation.objects.get(project=project, note__contains="note")
    [row] = [row for row in table(cora, project) if row["id"] == str(claim.pk)]
    text = claim.revision.text
    assert row == {
        "id": str(claim.pk),
        "article": str(claim.article_id),
        "outlet": "Strait Post",
        "title": "A plain text",
        "published_on": "2024-03-14",
        "kind": "claim",
        "layer": "analyst",
        "state": "complete",
        "author": "ada-hard",
        "start": "0",
        "end": "30",
        "spans": "0-3|6-9|15-30",
        "quote": f"{text[0:3]} … {text[6:9]} … {text[15:30]}",
        "named": "",
        "meant": "",
        "claimants": "'=Office|@author",
        "targets": "Union",
        "voice": "'@outlet:distances",
        "facet.claim-type": "norm",
        "facet.proposition": "calm:oppose",
        "attribution": "quoted",
        "certainty": "low",
        "note": " =note\r\nwith 👩‍🚒 \t",
        "flagged": "yes",
        "links": f"contradicts:{claim.links.get().claim_id}",
        "origin": "suggestion",
        "version": "2",
        "created": claim.created.isoformat(),
        "updated": claim.updated.isoformat(),
    }


def test_offsets_are_code_points_of_the_revisions_text():
    project, cora = exchange.hard_project()
    text = Annotation.objects.first().revision.text
    for row in table(cora, project):
        pieces = [piece.split("-") for piece in row["spans"].split("|")]
        quotes = [text[int(start) : int(end)] for start, end in pieces]
        assert unguarded(row["quote"]) == " … ".join(quotes)
        assert (row["start"], row["end"]) == (pieces[0][0], pieces[-1][1])


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_no_cell_begins_a_formula(begin):
    project = factories.ProjectFactory()
    cora = factories.member(project, Role.CURATOR)
    article = factories.plain_article(project, factories.PLAIN, by=cora)
    factories.claim(article, cora, note=f"{begin}cmd|' /C calc'!A0")
    [row] = table(cora, project)
    assert row["note"] == f"'{begin}cmd|' /C calc'!A0"


def test_deleted_annotations_are_left_out():
    project, cora = exchange.hard_project()
    standing = Annotation.objects.standing().filter(project=project)
    assert {row["id"] for row in table(cora, project)} == {str(row.pk) for row in standing}
