"""The API around a correction: what counts in an older text, the tray, and who is told."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations import correcting
from annotations.models import Annotation
from corpus_app.models import Event
from tests import api, factories

pytestmark = pytest.mark.django_db

TEXT = "The strait is calm today. Nobody in the harbour agrees.\n\nAda Quill expects a storm."
MENDED = "Ada Quill expects a storm.\n\nThe straits are calm today."


@pytest.fixture
def desk():
    desk = api.desk(text=TEXT)
    factories.assigned(desk.article, desk.ada)
    return desk


@pytest.fixture
def ada(desk):
    return api.Caller(desk.ada)


def place(text: str, quote: str) -> dict:
    return {"start": text.index(quote), "end": text.index(quote) + len(quote)}


def marked(desk, quote: str) -> Annotation:
    return factories.claim(desk.article, desk.ada, *place(desk.revision.text, quote).values())


def correct(desk, typed=MENDED):
    desk.article.refresh_from_db()
    return correcting.correct(
        by=desk.cora, article=desk.article, seen=desk.article.version, text=typed, reason="Misread."
    ).revision


def test_a_mark_made_on_the_old_text_is_answered_with_where_it_is_now(desk, ada):
    newest = correct(desk)
    spans = [{**place(desk.revision.text, "expects a storm"), "quote": "expects a storm"}]
    body = api.claim_body(desk, 0, 1, spans=spans)
    answer = ada.post("annotations/", body)
    assert (answer.status_code, answer.json()["version"]) == (201, 1)
    assert answer.json()["revision"] == str(newest.pk)
    assert answer.json()["spans"] == [
        {**place(newest.text, "expects a storm"), "quote": "expects a storm"}
    ]
    again = ada.post("annotations/", body)
    assert (again.status_code, again.json()) == (200, answer.json())


def test_a_mark_made_on_removed_words_is_answered_with_its_old_text(desk, ada):
    correct(desk)
    spans = [place(desk.revision.text, "Nobody in the harbour")]
    answer = ada.post("annotations/", api.claim_body(desk, 0, 1, spans=spans))
    assert (answer.status_code, answer.json()["revision"]) == (201, str(desk.revision.pk))


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_a_change_says_in_which_text_it_was_counted_or_is_stale(desk, ada, method):
    claim = marked(desk, "expects a storm")
    newest = correct(desk)
    body = {"kind": "claim", "spans": [place(desk.revision.text, "a storm")]}
    body = None if method == "DELETE" else body
    arguments = [method, f"annotations/{claim.pk}/", body]
    stale = ada.ask(*arguments, **{"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["current"]["revision"]) == (412, str(newest.pk))
    made = ada.ask(*arguments, **{"If-Match": '"1"', "Crossread-Revision": str(desk.revision.pk)})
    assert (made.status_code, made.json()["version"]) == (200, 3)
    assert made.json()["revision"] == str(newest.pk)
    wanted = "expects a storm" if method == "DELETE" else "a storm"
    assert [span["quote"] for span in made.json()["spans"]] == [wanted]


@pytest.mark.parametrize("revision", ["other", "random", "nonsense"])
def test_a_revision_of_another_article_is_none(desk, ada, revision):
    claim = marked(desk, "a storm")
    other = factories.plain_article(desk.project, "Another text.").revisions.get()
    named = {"other": str(other.pk), "random": str(uuid.uuid4()), "nonsense": "1"}[revision]
    answer = ada.ask(
        "PUT",
        f"annotations/{claim.pk}/", {"kind": "claim", "spans": [{"start": 0, "end": 3}]},
        **{"If-Match": '"1"', "Crossread-Revision": named},
    )  # fmt: skip
    assert answer.status_code == 400
    assert Annotation.objects.get().version == 1


def test_a_quote_that_is_not_in_the_text_named_is_refused(desk, ada):
    claim = marked(desk, "a storm")
    correct(desk)
    spans = [{"start": 0, "end": 3, "quote": "Ada"}]
    answer = ada.ask(
        "PUT",
        f"annotations/{claim.pk}/", {"kind": "claim", "spans": spans},
        **{"If-Match": '"1"', "Crossread-Revision": str(desk.revision.pk)},
    )  # fmt: skip
    assert (answer.status_code, api.wrong(answer)) == (400, ["spans"])
    assert Annotation.objects.get().spans.get().quote == "a storm"


def test_an_annotation_in_the_tray_is_placed_by_its_author_and_by_curators_only(desk, ada):
    claim = marked(desk, "Nobody in the harbour")
    newest = correct(desk)
    body = {"spans": [place(newest.text, "calm today")]}
    address, seen = f"annotations/{claim.pk}/place/", {"If-Match": '"1"'}
    assert ada.post(address, body).status_code == 428
    assert api.Caller(desk.ben).post(address, body, **seen).status_code == 404
    placed = api.Caller(desk.cora).post(address, body, **seen)
    assert (placed.status_code, placed.json()["version"]) == (200, 2)
    assert placed.json()["spans"] == [{**place(newest.text, "calm today"), "quote": "calm today"}]
    assert ada.post(address, body, **seen).status_code == 400
    assert Event.objects.get(verb="placed").by == desk.cora


def test_a_put_in_the_newest_text_takes_it_out_of_the_tray_and_undoing_puts_it_back(desk, ada):
    claim = marked(desk, "Nobody in the harbour")
    newest = correct(desk)
    content = {"kind": "claim", "spans": [place(newest.text, "calm today")]}
    out = ada.ask(
        "PUT",
        f"annotations/{claim.pk}/", content,
        **{"If-Match": '"1"', "Crossread-Revision": str(newest.pk)},
    )  # fmt: skip
    assert (out.status_code, out.json()["revision"]) == (200, str(newest.pk))
    event = Event.objects.get(noun="annotation", version=2)
    back = ada.ask(
        "PUT",
        f"annotations/{claim.pk}/", {"kind": "claim", "spans": event.before["spans"]},
        **{
            "If-Match": '"2"', "Crossread-Revision": event.before["revision"],
            "Crossread-Undoes": str(event.pk),
        },
    )  # fmt: skip
    assert (back.status_code, back.json()["revision"]) == (200, str(desk.revision.pk))
    assert [span["quote"] for span in back.json()["spans"]] == ["Nobody in the harbour"]


def test_who_asks_for_the_newest_text_is_told_who_corrected_it_and_why(desk, ada):
    address = f"articles/{desk.article.pk}/newest/"
    first = ada.get(address)
    assert first.json() == {
        "revision": str(desk.revision.pk), "number": 1, "by": "", "at": None, "reason": "",
    }  # fmt: skip
    assert ada.get(address, **{"If-None-Match": first["ETag"]}).status_code == 304
    newest = correct(desk)
    told = ada.get(address, **{"If-None-Match": first["ETag"]})
    event = Event.objects.get(verb="corrected")
    assert told.json() == {
        "revision": str(newest.pk), "number": 2, "by": desk.cora.shown_name,
        "at": event.at.isoformat().replace("+00:00", "Z"), "reason": "Misread.",
    }  # fmt: skip
    assert told["ETag"] == f'"{newest.pk}"'


def test_asking_for_the_newest_text_is_cheap(desk, ada):
    address = f"articles/{desk.article.pk}/newest/"
    etag = ada.get(address)["ETag"]
    for n in range(20):
        factories.claim(desk.article, desk.ada, n, n + 5)
    with CaptureQueriesContext(connection) as captured:
        ada.get(address, **{"If-None-Match": etag})
    assert len([q for q in captured.captured_queries if "revision" in q["sql"]]) == 1
    assert len(captured) <= 3


def test_a_stranger_is_answered_as_for_a_random_article(desk):
    stranger = api.Caller(factories.member(factories.ProjectFactory()))
    answers = [
        stranger.get(f"articles/{pk}/newest/") for pk in (desk.article.pk, uuid.uuid4(), "nonsense")
    ]
    assert {(answer.status_code, answer.content) for answer in answers} == {
        (404, answers[1].content)
    }
