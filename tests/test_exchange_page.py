"""The page of exports and imports: what a file would lack, and what became of one."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.html import escape

from annotations.exchange.formats import FORMATS
from annotations.exchange.holdings import IN_NO_FILE
from annotations.exchange_forms import GROUPS, choices
from annotations.models import Annotation, Import
from corpus_app import outlets
from corpus_app.models import Article
from tests import exchange, factories

pytestmark = pytest.mark.django_db

DOCCANO = [
    {"text": "Ada Quill denies it.", "label": [[0, 9, "PERSON"], [10, 99, "CLAIM"]]},
    {"text": "The strait is calm.", "label": [[4, 10, "PLACE"]]},
]


@pytest.fixture
def hard():
    return exchange.hard_project()


def file_of(rows: list, name: str = "labelled.jsonl") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, "".join(json.dumps(row) + "\n" for row in rows).encode())


def test_every_format_stands_in_one_group():
    named = [name for names in GROUPS.values() for name in names]
    assert sorted(named) == sorted(FORMATS)
    for reads in (False, True):
        offered = {name for _, own in choices(reads) for name, _ in own}
        fits = {name for name, one in FORMATS.items() if (one.reads if reads else one.writes)}
        assert offered == fits


def test_an_outlet_or_story_without_articles_is_told_beside_the_choice(hard, client):
    project, cora = hard
    values = outlets.OutletValues("The Empty Gazette")
    outlet = outlets.create_outlet(by=cora, project=project, values=values)
    client.force_login(cora)
    answer = client.get(reverse("exchange", args=[project.slug]), {"outlet": str(outlet.pk)})
    assert answer.status_code == 200
    assert "No article here is of this outlet." in answer.content.decode()


def test_the_page_says_what_the_chosen_format_would_lack(hard, client):
    project, cora = hard
    client.force_login(cora)
    address = reverse("exchange", args=[project.slug])
    whole = client.get(address).content.decode()
    assert "Everything that any file holds is in this one." in whole
    assert all(escape(one) in whole for one in IN_NO_FILE)
    lacking = client.get(address, {"format": "csv", "layer": "gold"}).content.decode()
    assert "the articles&#x27; texts (1 article)." in lacking
    assert f'href="{reverse("export", args=[project.slug, "csv"])}?layer=gold"' in lacking
    assert "is not one of the available choices" in (
        client.get(address, {"format": "nothing"}).content.decode()
    )


def test_a_file_is_tried_and_then_stored_without_a_script(hard, client):
    project, cora = hard
    client.force_login(cora)
    address, before = reverse("import-file", args=[project.slug]), Article.objects.count()
    sent = {"format": "doccano", "dry": "on"}
    tried = client.post(address, {**sent, "file": file_of(DOCCANO)}, follow=True)
    assert "Only tried: nothing was stored." in tried.content.decode()
    assert Article.objects.count() == before
    stored = client.post(
        address, {"format": "doccano", "file": file_of(DOCCANO)}, follow=True
    ).content.decode()
    assert "Refused: 1" in stored
    own = Annotation.objects.filter(project=project, origin="import")
    assert sorted(own.values_list("spans__quote", flat=True)) == ["Ada Quill", "strait"]
    states = Import.objects.order_by("created").values_list("dry", "state", "name")
    assert list(states) == [(True, "done", "labelled.jsonl"), (False, "done", "labelled.jsonl")]


def test_what_cannot_be_read_is_told_and_nothing_is_lost(hard, client):
    project, cora = hard
    client.force_login(cora)
    address = reverse("import-file", args=[project.slug])
    assert client.post(address, {"format": "doccano"}).status_code == 400
    sent = {"format": "qdpx", "file": SimpleUploadedFile("x.qdpx", b"no archive")}
    told = client.post(address, sent, follow=True).content.decode()
    assert "The file cannot be read: " in told


def test_analysts_export_what_they_see_and_import_nothing(hard, client):
    project, cora = hard
    ada = factories.member(project)
    client.force_login(ada)
    page = client.get(reverse("exchange", args=[project.slug]))
    assert (page.status_code, "Bring something in" in page.content.decode()) == (200, False)
    sent = {"format": "doccano", "file": file_of(DOCCANO)}
    assert client.post(reverse("import-file", args=[project.slug]), sent).status_code == 403
    made = Import.objects.create(project=project, by=cora, format="doccano")
    assert client.get(reverse("import-report", args=[made.pk])).status_code == 404
