"""Many files come in through the browser: sent, started, driven to the end, reported."""

import csv
import io
import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from corpus_app import batches
from corpus_app.models import Article, Batch
from corpus_app.reading import Readers
from tests import factories
from tests.browser.test_accessibility import NARROW, WIDE, violations

pytestmark = pytest.mark.django_db(transaction=True)

SENTENCE = "The Harbour Office says that the strait is calm on day {}. Nobody agrees with it."


def text(number) -> bytes:
    return f"Calm on day {number}\n\n{SENTENCE.format(number)}\n".encode()


@pytest.fixture
def project(transactional_db):
    return factories.ProjectFactory(slug="strait")


@pytest.fixture
def person(project):
    return factories.member(project)


@pytest.fixture
def files(tmp_path):
    """Thirty files, of which one is a picture."""
    made = [tmp_path / f"{number:02}.txt" for number in range(29)]
    for number, file in enumerate(made):
        file.write_bytes(text(number))
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    return [*made, picture]


def opened(visit, person):
    """The page of a new batch."""
    page = visit("/projects/strait/import/", person)
    page.get_by_role("link", name="Import them as a batch").click()
    page.get_by_label("A name for it").fill("Reports of March")
    page.get_by_role("button", name="Open a batch").click()
    expect(page.get_by_role("heading", name="Reports of March")).to_be_visible()
    # Told as soon as the script listens.
    expect(page.get_by_text("or drop files and folders")).to_be_visible()
    return page


def test_thirty_files_are_sent_imported_and_reported(visit, person, files):
    page = opened(visit, person)
    expect(page.get_by_role("button", name="Start the import")).to_be_disabled()
    page.get_by_label("Choose files").set_input_files(files)
    expect(page.get_by_text("30 files are here, 1 of them cannot be read")).to_be_visible()
    page.get_by_role("button", name="Start the import").click()
    expect(page.get_by_role("heading", name="Done")).to_be_visible()
    bar = page.get_by_role("progressbar")
    assert (bar.get_attribute("value"), bar.get_attribute("max")) == ("30", "30")
    expect(page.get_by_text("29 stored")).to_be_visible()
    assert Article.objects.count() == 29
    page.get_by_role("link", name="Refused").click()
    expect(page.get_by_role("row")).to_have_count(2)
    expect(page.get_by_role("row", name="picture.png")).to_contain_text("PNG")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the report").click()
    told = download.value.path().read_text(encoding="utf-8-sig")
    assert len(list(csv.reader(io.StringIO(told)))) == 31


def test_a_folder_keeps_its_paths(visit, person, files):
    page = opened(visit, person)
    page.get_by_label("or a whole folder").set_input_files(files[0].parent)
    expect(page.get_by_text("30 files are here")).to_be_visible()
    names = set(Batch.objects.get().items.values_list("name", flat=True))
    assert names == {f"{file.parent.name}/{file.name}" for file in files}


def test_files_that_are_dropped_are_sent(visit, person):
    page = opened(visit, person)
    page.evaluate(
        """() => {
          const transfer = new DataTransfer();
          transfer.items.add(new File(["Calm\\n\\nThe strait is calm today."], "dropped.txt"));
          const drop = new DragEvent("drop", { dataTransfer: transfer, cancelable: true });
          document.querySelector("[data-drop]").dispatchEvent(drop);
        }"""
    )
    expect(page.get_by_text("1 file is here")).to_be_visible()
    assert [item.name for item in Batch.objects.get().items.all()] == ["dropped.txt"]


def test_sending_waits_out_a_broken_network_and_doubles_nothing(visit, person, files, console):
    console.expect("Failed to load resource")
    page = opened(visit, person)
    page.context.set_offline(True)
    page.get_by_label("Choose files").set_input_files(files)
    expect(page.get_by_text("The desk cannot be reached")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("30 files are here")).to_be_visible()
    assert Batch.objects.get().items.count() == 30


def test_a_file_that_is_too_large_is_told_and_the_others_are_sent(
    visit, person, files, settings, tmp_path
):
    settings.UPLOAD_LIMIT = 2**20 + 10_000
    (tmp_path / "large.txt").write_bytes(b"x" * 20_000)
    page = opened(visit, person)
    page.get_by_label("Choose files").set_input_files([*files[:3], tmp_path / "large.txt"])
    expect(page.get_by_text("large.txt is too large and was not sent")).to_be_visible()
    expect(page.get_by_text("3 of 4 files sent")).to_be_visible()
    assert Batch.objects.get().items.count() == 3


def test_closing_the_page_pauses_the_import_and_opening_it_goes_on(
    visit, window_of, person, project, monkeypatch
):
    monkeypatch.setattr(batches, "GROUP", 1)
    monkeypatch.setattr("corpus_app.views.batches.SHORT", 0)
    batch = batches.open_batch(by=person, project=project)
    with Readers() as readers:
        files = [(f"{number}.txt", text(number)) for number in range(60)]
        batches.add(by=person, batch=batch, files=files, readers=readers)
    batches.start(by=person, batch=batch, layouts={})
    page = visit(reverse("batch", args=[batch.pk]), person)
    expect(page.locator("[data-done]")).to_have_text(re.compile("^[1-9]"))
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Continue")).to_be_visible()
    expect(page.get_by_role("heading", name="Paused")).to_be_visible()
    stored = Article.objects.count()
    expect(page.locator(".report .badge.good")).to_have_count(min(stored, 50))
    page.close()
    assert 0 < Article.objects.count() < 60
    page = visit(reverse("batch", args=[batch.pk]), person)
    expect(page.get_by_role("heading", name="Done")).to_be_visible()
    assert Article.objects.count() == 60


def test_the_columns_of_a_table_are_confirmed_once(visit, person, tmp_path):
    table = tmp_path / "news.csv"
    table.write_text("Kopf,Rumpf,Date\nRuhig,Die Meerenge ist heute ruhig.,5 March 2024\n")
    page = opened(visit, person)
    page.get_by_label("Choose files").set_input_files(table)
    expect(page.get_by_text("please say which column holds the text")).to_be_visible()
    expect(page.get_by_label("Published on")).to_have_value("Date")
    page.get_by_label("Text").select_option("Rumpf")
    page.get_by_label("Title").select_option("Kopf")
    page.get_by_role("button", name="Start the import").click()
    expect(page.get_by_role("link", name="Ruhig")).to_be_visible()


@pytest.mark.parametrize("look", [WIDE, NARROW], ids=["wide-light", "narrow-dark"])
def test_the_pages_are_accessible_in_every_state(window_of, person, look, files, tmp_path):
    table = tmp_path / "news.csv"
    table.write_text("Kopf,Rumpf,Date\nRuhig,Die Meerenge ist heute ruhig.,5 March 2024\n")
    page = window_of(person, bypass_csp=True, **look).new_page()
    page.goto("/projects/strait/batches/")
    assert violations(page) == []
    page.get_by_role("button", name="Open a batch").click()
    page.get_by_label("Choose files").wait_for()
    assert violations(page) == []
    page.get_by_label("Choose files").set_input_files([*files, table])
    expect(page.get_by_text("31 files are here")).to_be_visible()
    assert violations(page) == []
    page.get_by_label("Text").select_option("Rumpf")
    page.get_by_role("button", name="Start the import").click()
    expect(page.get_by_role("heading", name="Done")).to_be_visible()
    assert violations(page) == []
    page.goto("/projects/strait/batches/")
    assert violations(page) == []
