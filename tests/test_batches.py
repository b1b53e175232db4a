"""Many files come in together: the door."""

import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from corpus_app import batches, bulk, ingest
from corpus_app.batches import BatchError
from corpus_app.models import Article, Batch, BatchItem, Event, Passage, TableLayout
from corpus_app.reading import Readers
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def readers():
    with Readers() as readers:
        yield readers


@pytest.fixture
def project():
    return factories.ProjectFactory()


@pytest.fixture
def person(project):
    return factories.member(project)


@pytest.fixture
def batch(project, person):
    return batches.open_batch(by=person, project=project, name="The first")


@pytest.fixture
def send(batch, person, readers):
    """Adds files to the batch: `send(("a.txt", b"…"), …)`."""

    def send(*files):
        return batches.add(by=person, batch=batch, files=files, readers=readers)

    return send


@pytest.fixture
def run(batch, person, readers):
    """Starts the batch and goes on until nothing waits."""

    def run(**layouts):
        batches.start(by=person, batch=batch, layouts=layouts)
        return advance_to_the_end(batch, person, readers)

    return run


def advance_to_the_end(batch, person, readers):
    while True:
        progress = batches.advance(by=person, batch=batch, readers=readers, seconds=0)
        if progress.done == progress.total:
            return progress


def text(name) -> bytes:
    sentences = f"The Harbour Office says that the strait is calm on day {name}. " * 3
    return f"Calm for day {name}\n\nBy Ada Quill\n\n{sentences}\n".encode()


def texts(count: int) -> list[tuple[str, bytes]]:
    return [(f"{number}.txt", text(number)) for number in range(count)]


def zipped(*files) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return kept.getvalue()


def table(*rows) -> bytes:
    return "\r\n".join(rows).encode()


def known(project, columns) -> batches.Layout:
    """How a table with these columns is read."""
    [layout] = batches.layouts_for(project, [columns]).values()
    return layout


def became(batch) -> list[tuple[str, str]]:
    return list(batch.items.order_by("number").values_list("name", "state"))


def test_files_wait_until_the_batch_is_started_and_then_become_articles(batch, send, run):
    send(*texts(3))
    assert became(batch) == [(f"{n}.txt", "waiting") for n in range(3)]
    assert run().counts == {"waiting": 0, "stored": 3, "present": 0, "refused": 0}
    assert became(batch) == [(f"{n}.txt", "stored") for n in range(3)]
    assert [item.article.title for item in batch.items.all()] == [
        f"Calm for day {n}" for n in range(3)
    ]
    batch.refresh_from_db()
    assert batch.state == "done"


def test_bytes_are_kept_only_while_an_item_waits(batch, send, run):
    send(*texts(2), ("a.png", b"\x89PNG\r\n\x1a\n"))
    waiting = BatchItem.objects.filter(batch=batch).exclude(data=None)
    assert list(waiting.values_list("name", flat=True)) == ["0.txt", "1.txt"]
    run()
    assert waiting.count() == 0


def test_what_is_there_already_is_told_with_its_article_and_what_is_no_text_with_the_reason(
    batch, send, run, project
):
    earlier = factories.article(project, text("old").decode())
    send(("new.txt", text("new")), ("old.txt", text("old")), ("a.png", b"\x89PNG\r\n\x1a\n"))
    send(("empty.txt", b"  \n"), ("again.txt", text("new")))
    assert run().counts == {"waiting": 0, "stored": 1, "present": 2, "refused": 2}
    new, old, picture, empty, again = batch.items.order_by("number")
    assert (new.state, old.state, old.article) == ("stored", "present", earlier)
    assert (picture.state, "PNG" in picture.reason) == ("refused", True)
    assert (empty.state, empty.reason) == ("refused", "There is no text in it.")
    assert (again.state, again.article) == ("present", new.article)


def test_the_same_file_sent_twice_is_one_item(batch, send):
    once, again = send(*texts(1), *texts(1))
    assert once == again
    send(("0.txt", text("another")))
    assert became(batch) == [("0.txt", "waiting")] * 2


def test_a_started_batch_takes_no_more_files(batch, send, run):
    send(*texts(1))
    run()
    with pytest.raises(BatchError, match="takes no more files"):
        send(("late.txt", text("late")))


def test_a_batch_is_started_once_and_not_without_files(batch, person, send):
    with pytest.raises(BatchError, match="nothing in it"):
        batches.start(by=person, batch=batch, layouts={})
    send(*texts(1))
    for _ in range(2):
        assert batches.start(by=person, batch=batch, layouts={}).state == "running"
    assert Event.objects.filter(noun="batch", verb="started").count() == 1


def test_a_batch_that_was_not_started_does_not_advance(batch, person, send, readers):
    send(*texts(1))
    with pytest.raises(BatchError, match="not started"):
        batches.advance(by=person, batch=batch, readers=readers)


def test_what_happened_to_a_batch_is_in_the_history(batch, person, send, run):
    send(*texts(2))
    run()
    told = Event.objects.filter(noun="batch").order_by("version")
    assert list(told.values_list("verb", "by", "after__state")) == [
        ("opened", person.pk, "open"),
        ("started", person.pk, "running"),
        ("finished", person.pk, "done"),
    ]


def test_discarding_lets_go_of_what_waits_and_keeps_what_is_stored(
    batch, person, send, readers, monkeypatch
):
    monkeypatch.setattr(batches, "GROUP", 2)
    send(*texts(5))
    batches.start(by=person, batch=batch, layouts={})
    batches.advance(by=person, batch=batch, readers=readers, seconds=0)
    for _ in range(2):
        assert batches.discard(by=person, batch=batch).state == "done"
    assert [state for _, state in became(batch)] == ["stored"] * 2 + ["refused"] * 3
    assert BatchItem.objects.exclude(data=None).count() == 0
    assert Article.objects.count() == 2


def test_a_project_keeps_only_so_many_bytes_waiting(batch, send, monkeypatch):
    monkeypatch.setattr(batches, "MOST_WAITING", 2 * len(text("0")))
    send(*texts(2))
    with pytest.raises(BatchError, match="wait in this project"):
        send(("2.txt", text(2)))
    assert len(became(batch)) == 2


def test_a_batch_has_only_so_many_items(batch, send, monkeypatch):
    monkeypatch.setattr(batches, "MOST_ITEMS", 2)
    with pytest.raises(BatchError, match="articles at the most"):
        send(*texts(3))
    assert became(batch) == []


@pytest.mark.parametrize("name", ["", "\x00", "\ud800", "x" * 600, "../../etc/passwd", "a\nb.txt"])
def test_a_file_may_have_any_name(batch, send, run, name):
    send((name, text(1)))
    assert run().counts["stored"] == 1
    [(kept, _)] = became(batch)
    assert 0 < len(kept) <= 500
    assert kept.isprintable()


# Kills and two at once


class Killed(BaseException):
    """What ends a process in the middle."""


@pytest.mark.parametrize("after", [0, 1, 2])
def test_a_kill_loses_and_doubles_nothing(batch, person, send, readers, monkeypatch, after):
    monkeypatch.setattr(batches, "GROUP", 3)
    send(*texts(8))
    batches.start(by=person, batch=batch, layouts={})
    kept, calls = BatchItem.objects.bulk_update, []

    def killed(items, fields):
        calls.append(items)
        if len(calls) > after:
            raise Killed
        return kept(items, fields)

    with monkeypatch.context() as patch:
        patch.setattr(type(BatchItem.objects), "bulk_update", lambda _, *given: killed(*given))
        with pytest.raises(Killed):
            batches.advance(by=person, batch=batch, readers=readers)
    assert Article.objects.count() == 3 * after
    assert batch.items.filter(state="stored").count() == 3 * after
    progress = advance_to_the_end(batch, person, readers)
    assert progress.counts == {"waiting": 0, "stored": 8, "present": 0, "refused": 0}
    assert Article.objects.count() == 8
    assert Event.objects.filter(noun="article", verb="imported").count() == 8


@pytest.mark.django_db(transaction=True)
def test_two_who_advance_at_once_store_everything_once(batch, person, send, monkeypatch):
    monkeypatch.setattr(batches, "GROUP", 4)
    send(*texts(40), ("more.zip", zipped(*((f"{n}.txt", text(n)) for n in range(40, 60)))))
    batches.start(by=person, batch=batch, layouts={})
    together = Barrier(4)

    def drive():
        try:
            with Readers() as readers:
                together.wait(10)
                return advance_to_the_end(batch, person, readers)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        ended = [pool.submit(drive) for _ in range(4)]
    assert {one.result().done for one in ended} == {60}
    batch.refresh_from_db()
    assert (batch.state, Article.objects.count()) == ("done", 60)
    assert batches.progress_of(batch).counts["stored"] == 60
    assert Event.objects.filter(noun="article").count() == 60
    assert Event.objects.filter(noun="batch", verb="finished").count() == 1


def test_a_file_that_nobody_foresaw_stops_none_of_the_others(batch, send, run, monkeypatch, caplog):
    classify = ingest.text.classify

    def fails(cleaned, *given):
        if "day 1." in cleaned:
            raise RecursionError
        return classify(cleaned, *given)

    monkeypatch.setattr(ingest.text, "classify", fails)
    send(*texts(3))
    assert run().counts == {"waiting": 0, "stored": 2, "present": 0, "refused": 1}
    assert batch.items.get(state="refused").reason == bulk.FAULT
    assert "RecursionError" in caplog.text


# Archives


def test_an_archive_is_taken_apart_and_its_hostile_members_are_refused_by_name(batch, send, run):
    inner = zipped(("deep.txt", text("deep")))
    files = (
        ("a.txt", text("a")), ("folder/b.txt", text("b")), ("../../outside.txt", text("c")),
        ("inner.zip", inner), ("picture.png", b"\x89PNG\r\n\x1a\n"),
        ("bomb.txt", bytes(30_000_000)),
    )  # fmt: skip
    send(("all.zip", zipped(*files)))
    [whole] = batch.items.filter(part_of=None)
    assert (whole.state, whole.data) == ("unpacked", None)
    progress = run()
    assert (progress.total, progress.counts["stored"]) == (6, 2)
    assert sorted(Article.objects.values_list("raw_name", flat=True)) == ["a.txt", "folder/b.txt"]
    refused = dict(batch.items.filter(state="refused").values_list("name", "reason"))
    assert len(refused) == 4
    assert all(refused.values())


@pytest.mark.parametrize("data", [b"PK\x03\x04 and nothing else", zipped()])
def test_an_archive_that_is_none_is_refused(batch, send, run, data):
    [item] = send(("broken.zip", data))
    item.refresh_from_db()
    assert (item.state, bool(item.reason), item.data) == ("refused", True, None)
    assert run().counts == {"waiting": 0, "stored": 0, "present": 0, "refused": 1}


def test_an_archive_cut_off_while_it_was_taken_apart_goes_on_where_it_was(
    batch, person, send, run, monkeypatch
):
    monkeypatch.setattr(batches, "PARTS", 2)
    insert, calls = batches._insert, []

    def killed(batch, items):
        calls.append(items)
        if len(calls) > 2:
            raise Killed
        insert(batch, items)

    archive = zipped(*texts(7))
    with monkeypatch.context() as patch:
        patch.setattr(batches, "_insert", killed)
        with pytest.raises(Killed):
            send(("all.zip", archive))
    assert len(became(batch)) == 3
    send(("all.zip", archive))
    assert became(batch) == [
        ("all.zip", "unpacked"), *((f"{number}.txt", "waiting") for number in range(7))
    ]  # fmt: skip
    assert run().counts["stored"] == 7


def test_what_takes_long_to_take_apart_goes_on_with_the_next_request(batch, send, run, monkeypatch):
    monkeypatch.setattr(batches, "APART", 0)
    monkeypatch.setattr(batches, "LOOKING", 0)
    send(("all.zip", zipped(*texts(3), ("rows.csv", ROWS))))
    assert became(batch) == [("all.zip", "waiting"), ("0.txt", "waiting")]
    assert run().counts == {"waiting": 0, "stored": 5, "present": 0, "refused": 1}


def test_a_table_that_came_out_of_its_archive_after_the_start_is_read_as_proposed(
    batch, send, run, monkeypatch
):
    def killed(whole, readers):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(batches, "_take_apart", killed)
        with pytest.raises(Killed):
            send(("all.zip", zipped(("rows.csv", ROWS))))
    assert run().counts == {"waiting": 0, "stored": 2, "present": 0, "refused": 1}


# Tables

ROWS = table(
    "Headline,Body,Date,Author,Source,Link,Section",
    "The strait is calm,The Harbour Office says so. Nobody agrees.,5 March 2024,"
    "Ada Quill; Ben Okri,The Quay,https://quay.example/1,News",
    "Without a text,,6 March 2024,,The Quay,,News",
    "A storm,The ferries stay in the harbour today.,03/04/2024,,The Quay,no address,News",
)


def test_each_row_of_a_table_becomes_an_article_by_the_layout_its_columns_propose(batch, send, run):
    [item] = send(("news.csv", ROWS))
    assert item.table["columns"] == [
        "Headline", "Body", "Date", "Author", "Source", "Link", "Section"
    ]  # fmt: skip
    assert [row["Headline"] for row in item.table["sample"]] == [
        "The strait is calm", "Without a text", "A storm"
    ]  # fmt: skip
    assert run().counts == {"waiting": 0, "stored": 2, "present": 0, "refused": 1}
    first, storm = Article.objects.order_by("raw_name")
    assert (first.title, first.authors) == ("The strait is calm", ["Ada Quill", "Ben Okri"])
    assert (str(first.published_on), first.outlet.name) == ("2024-03-05", "The Quay")
    assert (first.url, first.raw_name) == ("https://quay.example/1", "news.csv, row 2")
    kinds = Passage.objects.filter(revision__article=first).values_list("kind", flat=True)
    assert list(kinds) == ["title", "body"]
    assert (storm.published_on, storm.url, storm.outlet) == (None, "", first.outlet)
    remark = batch.items.get(article=storm).reason
    assert ("03/04/2024" in remark, "no address" in remark) == (True, True)
    refused = batch.items.get(state="refused")
    assert refused.reason == "Row 3 has no text in the column “Body”."


def test_the_row_of_a_stored_article_can_be_read_again(batch, send, run):
    send(("news.csv", ROWS))
    run()
    article = Article.objects.get(title="A storm")
    again = ingest.propose(data=bytes(article.raw), kind=article.raw_type)
    revision = article.revisions.get()
    assert ingest.text.compose(again.lines)[0] == revision.text


def test_a_table_that_comes_again_doubles_nothing_whatever_its_layout(
    batch, person, send, run, project, readers
):
    send(("news.csv", ROWS))
    run()
    later = batches.open_batch(by=person, project=project)
    [item] = batches.add(by=person, batch=later, files=[("copy.csv", ROWS)], readers=readers)
    layout = {"text": "Body", "title": "Headline", "rights": "Section"}
    key = batches.columns_key(item.table["columns"])
    batches.start(by=person, batch=later, layouts={key: layout})
    progress = advance_to_the_end(later, person, readers)
    assert progress.counts == {"waiting": 0, "stored": 0, "present": 2, "refused": 1}


def test_a_layout_is_remembered_by_the_columns_and_its_changes_are_in_the_history(
    batch, person, send, run, project
):
    data = table("eins,zwei,drei", "Ruhig,Die Meerenge ist ruhig.,x")
    [item] = send(("a.csv", data))
    columns = item.table["columns"]
    assert known(project, columns) == batches.Layout({}, remembered=False)
    layout = {"text": "zwei", "title": "eins"}
    assert run(**{batches.columns_key(columns): layout}).counts["stored"] == 1
    assert known(project, ["drei", "zwei", "eins"]) == batches.Layout(layout, remembered=True)
    later = batches.open_batch(by=person, project=project)
    with Readers() as readers:
        files = [("b.csv", data + b"\r\n,B,y")]
        batches.add(by=person, batch=later, files=files, readers=readers)
        changed = {**layout, "rights": "drei"}
        batches.start(by=person, batch=later, layouts={batches.columns_key(columns): changed})
    assert TableLayout.objects.get().fields == changed
    assert list(
        Event.objects.filter(noun="tablelayout").order_by("version").values_list("verb", flat=True)
    ) == ["created", "changed"]


@pytest.mark.parametrize(
    ("layout", "message"),
    [({"title": "a"}, "which column holds the text"), ({"text": "elsewhere"}, "no column “elsew")],
)
def test_a_layout_that_does_not_fit_is_refused_and_nothing_starts(
    batch, person, send, layout, message
):
    [item] = send(("t.csv", table("a,b", "Title,Some text stands here.")))
    key = batches.columns_key(item.table["columns"])
    with pytest.raises(BatchError, match=message):
        batches.start(by=person, batch=batch, layouts={key: layout})
    assert Batch.objects.get().state == "open"


def test_a_table_whose_text_nobody_knows_is_refused_with_its_columns(batch, send, run):
    send(("t.csv", table("a,b", "Title,Some text stands here.")))
    assert run().counts == {"waiting": 0, "stored": 0, "present": 0, "refused": 1}
    reason = batch.items.get().reason
    assert reason == "Nothing says which column holds the text. Its columns: “a”, “b”."


def test_a_table_in_an_archive_is_one_as_well(batch, send, run):
    send(("all.zip", zipped(("news.csv", ROWS))))
    assert [item.name for item in batches.tables_of(batch)] == ["news.csv"]
    assert run().counts == {"waiting": 0, "stored": 2, "present": 0, "refused": 1}
