"""The pages on which many files come in, with and without scripts."""

import csv
import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from corpus_app import batches
from corpus_app.models import Article, Batch, BatchItem, TableLayout
from corpus_app.reading import Readers
from corpus_app.views import batches as pages
from tests import factories

pytestmark = pytest.mark.django_db

JSON = {"accept": "application/json"}
SENTENCE = "The Harbour Office says that the strait is calm on day {}. Nobody agrees with it."


@pytest.fixture
def project():
    return factories.ProjectFactory(slug="strait")


@pytest.fixture
def person(client, project):
    person = factories.member(project)
    client.force_login(person)
    return person


@pytest.fixture
def batch(project, person):
    return batches.open_batch(by=person, project=project, name="Reports of March")


def text(name) -> bytes:
    return f"Calm on day {name}\n\n{SENTENCE.format(name)}\n".encode()


def file(name: str, data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text(name) if data is None else data)


def address(name: str, batch: Batch) -> str:
    return reverse(name, args=[batch.pk])


def fill(batch, person, count: int, kind: str = "txt") -> None:
    """That many files in the batch, waiting."""
    files = [(f"{count}-{number}.{kind}", text(f"{count}.{number}")) for number in range(count)]
    with Readers() as readers:
        batches.add(by=person, batch=batch, files=files, readers=readers)


def finish(batch, person) -> None:
    batches.start(by=person, batch=batch, layouts={})
    with Readers() as readers:
        batches.advance(by=person, batch=batch, readers=readers, seconds=60)


def queries(client, page: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(page).status_code == 200
    return len(asked)


def test_the_whole_way_by_plain_forms(client, project, person):
    opened = client.post(reverse("batches", args=["strait"]), {"name": "Reports"})
    batch = Batch.objects.get()
    assert (opened.url, batch.name, batch.by) == (address("batch", batch), "Reports", person)
    sent = [file("a.txt"), file("b.txt"), file("c.png", b"\x89PNG\r\n\x1a\n")]
    answer = client.post(address("batch-files", batch), {"files": sent}, follow=True)
    assert "3 files are here, 1 of them cannot be read" in answer.text
    answer = client.post(address("batch-start", batch), follow=True)
    assert answer.context["batch"].state == "running"
    assert "Continue</button>" in answer.text
    answer = client.post(address("batch-advance", batch), follow=True)
    assert answer.context["batch"].state == "done"
    assert answer.context["progress"].counts == {
        "waiting": 0, "stored": 2, "present": 0, "refused": 1
    }  # fmt: skip
    articles = Article.objects.order_by("raw_name")
    assert [article.title for article in articles] == ["Calm on day a.txt", "Calm on day b.txt"]
    for article in articles:
        assert f'<a href="{reverse("workbench", args=[article.pk])}">{article.title}' in answer.text


def test_the_whole_way_by_script(client, batch):
    sent = {"files": [file("x"), file("y")], "names": ["march/a.txt", "april/a.txt"]}
    answer = client.post(address("batch-files", batch), sent, headers=JSON)
    assert answer.json() == {
        "state": "open", "total": 2, "done": 0,
        "counts": {"waiting": 2, "stored": 0, "present": 0, "refused": 0},
    }  # fmt: skip
    assert [item.name for item in batch.items.all()] == ["march/a.txt", "april/a.txt"]
    client.post(address("batch-start", batch))
    answer = client.post(address("batch-advance", batch), headers=JSON)
    assert answer.json() == {
        "state": "done", "total": 2, "done": 2,
        "counts": {"waiting": 0, "stored": 2, "present": 0, "refused": 0},
    }  # fmt: skip


def test_a_bundle_that_is_sent_again_is_there_once(client, batch):
    for _ in range(2):
        client.post(address("batch-files", batch), {"files": [file("a.txt")]}, headers=JSON)
    assert batch.items.count() == 1


def test_what_a_batch_cannot_do_is_told_to_scripts_and_to_people(client, batch, person):
    nothing = client.post(address("batch-files", batch), follow=True)
    assert "No file was chosen" in nothing.text
    empty = client.post(address("batch-start", batch), follow=True)
    assert "There is nothing in it yet" in empty.text
    early = client.post(address("batch-advance", batch), headers=JSON)
    assert (early.status_code, "not started" in early.json()["detail"]) == (409, True)
    fill(batch, person, 1)
    finish(batch, person)
    late = client.post(address("batch-files", batch), {"files": [file("a.txt")]}, headers=JSON)
    assert (late.status_code, "takes no more files" in late.json()["detail"]) == (409, True)


def test_what_is_too_large_is_answered_413_before_anything_is_kept(client, batch, settings):
    settings.UPLOAD_LIMIT = 2000
    sent = {"files": [file("a.txt", b"x" * 2001)]}
    by_script = client.post(address("batch-files", batch), sent, headers=JSON)
    assert by_script.status_code == 413
    assert by_script.json() == {"detail": "At most 2.0\xa0KB can be sent at a time."}
    sent = {"files": [file("a.txt", b"x" * 2001)]}
    by_form = client.post(address("batch-files", batch), sent)
    assert (by_form.status_code, "nothing of it was kept" in by_form.text) == (413, True)
    assert batch.items.count() == 0


ROWS = b"Ueber,Text der Meldung,Tag\r\nRuhig,Die Meerenge ist heute ruhig.,3.5.2024\r\n"


def test_a_table_is_shown_with_its_rows_and_asked_about_once(client, project, person, batch):
    client.post(address("batch-files", batch), {"files": [file("news.csv", ROWS)]})
    page = client.get(address("batch", batch))
    [form] = page.context["layouts"]
    assert (form.files, form.fits, form.columns[0]) == (["news.csv"], False, "Ueber")
    assert "Die Meerenge ist heute ruhig." in page.text
    refused = client.post(address("batch-start", batch), {f"{form.prefix}-text": ""})
    assert (refused.status_code, "Nothing says which column" in refused.text) == (400, True)
    chosen = {"text": "Text der Meldung", "title": "Ueber", "published_on": "Tag"}
    sent = {f"{form.prefix}-{name}": column for name, column in chosen.items()}
    client.post(address("batch-start", batch), sent)
    client.post(address("batch-advance", batch))
    article = Article.objects.get()
    assert (article.title, str(article.published_on)) == ("Ruhig", "2024-05-03")
    assert TableLayout.objects.get().fields == chosen
    later = batches.open_batch(by=person, project=project)
    client.post(address("batch-files", later), {"files": [file("new.csv", ROWS + b"A,B c d,\r\n")]})
    page = client.get(address("batch", later))
    assert page.context["layouts"][0].initial == chosen
    assert "columns as last time" in page.text


@pytest.mark.parametrize("column", ["Elsewhere", "<script>"])
def test_a_column_that_there_is_not_cannot_be_chosen(client, batch, column):
    client.post(address("batch-files", batch), {"files": [file("news.csv", ROWS)]})
    [form] = client.get(address("batch", batch)).context["layouts"]
    answer = client.post(address("batch-start", batch), {f"{form.prefix}-text": column})
    assert answer.status_code == 400
    batch.refresh_from_db()
    assert batch.state == "open"


# Who sees what

ALL = ("batch", "batch-files", "batch-start", "batch-advance", "batch-discard", "batch-report")


@pytest.mark.parametrize("name", ALL)
def test_a_stranger_finds_no_batch_of_another_project(client, batch, name):
    client.force_login(factories.member(factories.ProjectFactory(), "manager"))
    method = client.get if name in ("batch", "batch-report") else client.post
    assert method(address(name, batch)).status_code == 404
    assert client.get(reverse("batches", args=["strait"])).status_code == 404
    assert client.post(reverse("batches", args=["strait"]), {"name": "x"}).status_code == 404
    assert Batch.objects.count() == 1


@pytest.mark.parametrize("name", [name for name in ALL if name not in ("batch", "batch-report")])
def test_another_member_sees_a_batch_but_only_curators_go_on_with_it(
    client, project, person, batch, name
):
    fill(batch, person, 1)
    client.force_login(factories.member(project))
    page = client.get(address("batch", batch))
    assert (page.status_code, '<form method="post" action="/batches/' in page.text) == (200, False)
    refused = client.post(address(name, batch), {"files": [file("a.txt")]})
    assert (refused.status_code, "Only the person who opened" in refused.text) == (403, True)
    client.force_login(factories.member(project, "curator"))
    assert client.post(address(name, batch), {"files": [file("a.txt")]}).status_code == 302


# Lists


def test_items_come_in_pages_and_by_what_they_became(client, person, batch, monkeypatch):
    monkeypatch.setattr(pages, "ITEMS", 2)
    fill(batch, person, 3)
    fill(batch, person, 2, kind="png")
    with Readers() as readers:
        files = [("last.png", b"\x89PNG\r\n\x1a\n")]
        batches.add(by=person, batch=batch, files=files, readers=readers)
    finish(batch, person)

    def shown(asked):
        found, page = [], address("batch", batch)
        while True:
            answer = client.get(page, asked).context
            found += [item.name for item in answer["items"]]
            if not answer["next"]:
                return found
            asked = {**asked, "after": answer["next"]}

    texts = ["3-0.txt", "3-1.txt", "3-2.txt", "2-0.png", "2-1.png"]
    assert shown({}) == [*texts, "last.png"]
    assert shown({"became": "stored"}) == texts
    assert shown({"became": "refused"}) == ["last.png"]
    assert shown({"became": "present"}) == []


@pytest.mark.parametrize("asked", [{"became": "lost"}, {"after": "x"}, {"after": "9" * 5000}])
def test_an_address_that_makes_no_sense_is_not_found(client, batch, asked):
    assert client.get(address("batch", batch), asked).status_code == 404
    assert client.get(reverse("batches", args=["strait"]), {"after": "x"}).status_code == 404


def test_batches_come_in_pages_newest_first(client, project, person, monkeypatch):
    monkeypatch.setattr(pages, "LISTED", 2)
    for number in range(5):
        batches.open_batch(by=person, project=project, name=str(number))
    found, asked = [], {}
    while True:
        shown = client.get(reverse("batches", args=["strait"]), asked).context
        found += [batch.name for batch in shown["batches"]]
        if not shown["next"]:
            break
        asked = {"after": shown["next"]}
    assert found == ["4", "3", "2", "1", "0"]


def test_the_number_of_queries_is_the_same_for_few_and_for_many(client, project, person):
    listed = reverse("batches", args=["strait"])
    counts = []
    for size in (2, 9):
        for number in range(size):
            one = batches.open_batch(by=person, project=project, name=f"{size}.{number}")
            fill(one, person, size, kind=f"{number}.txt")
        waiting = batches.open_batch(by=person, project=project)
        with Readers() as readers:
            files = [(f"{n}.csv", f"a{n},b{n}\r\n1,Text number {n}.".encode()) for n in range(size)]
            batches.add(by=person, batch=waiting, files=files, readers=readers)
        asked = [queries(client, listed), queries(client, address("batch", waiting))]
        finish(one, person)
        asked += [queries(client, address(name, one)) for name in ("batch", "batch-report")]
        counts.append(asked)
    assert counts[0] == counts[1]


# The report


def test_the_report_tells_every_file_and_no_spreadsheet_takes_it_for_formulas(
    client, person, batch, monkeypatch
):
    monkeypatch.setattr(pages, "CHUNK", 2)
    fill(batch, person, 3)
    with Readers() as readers:
        files = [("=cmd|' /C calc'!A0.png", b"\x89PNG\r\n\x1a\n"), ("again.txt", text("3.0"))]
        batches.add(by=person, batch=batch, files=files, readers=readers)
    finish(batch, person)
    answer = client.get(address("batch-report", batch))
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="import-')
    told = b"".join(answer.streaming_content).decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(told))
    assert head == ["file", "outcome", "reason", "title", "article"]
    assert [row[:2] for row in rows] == [
        ["3-0.txt", "stored"],
        ["3-1.txt", "stored"],
        ["3-2.txt", "stored"],
        ["'=cmd|' /C calc'!A0.png", "refused"],
        ["again.txt", "there already"],
    ]
    first = Article.objects.get(raw_name="3-0.txt")
    assert rows[0][3:] == [first.title, f"http://testserver{reverse('workbench', args=[first.pk])}"]
    assert rows[4][4] == rows[0][4]
    assert "PNG" in rows[3][2]


def test_letting_go_of_what_waits_ends_the_batch(client, person, batch):
    fill(batch, person, 3)
    answer = client.post(address("batch-discard", batch), follow=True)
    assert answer.context["batch"].state == "done"
    assert "Discarded by" in answer.text
    assert BatchItem.objects.exclude(data=None).count() == 0


def test_the_import_of_one_article_and_the_queue_lead_to_that_of_many(client, person, project):
    factories.article(project)
    link = f'href="{reverse("batches", args=["strait"])}"'
    assert link in client.get(reverse("import", args=["strait"])).text
    assert link in client.get(reverse("home")).text


def test_names_of_files_and_reasons_are_shown_as_they_are(client, person, batch):
    name = "<script>alert(1)</script>.txt"
    sent = {"files": [file("x.txt")], "names": [name]}
    client.post(address("batch-files", batch), sent)
    page = client.get(address("batch", batch)).text
    assert ("<script>alert(1)" in page, "&lt;script&gt;alert(1)" in page) == (False, True)
    assert json.dumps(name) not in page
