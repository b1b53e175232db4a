"""/api/v1/comments/: threads, as far as one sees the annotations."""

import uuid

import pytest

from annotations import discussing
from annotations.models import Comment, Notice
from tests import api, factories

pytestmark = pytest.mark.django_db
NEVER = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def desk():
    return api.desk()


@pytest.fixture
def claim(desk):
    return factories.claim(desk.article, desk.ada)


@pytest.fixture
def ada(desk):
    return api.Caller(desk.ada)


@pytest.fixture
def cora(desk):
    return api.Caller(desk.cora)


def body(claim, text="Is this a norm?", **fields):
    return {"id": str(uuid.uuid4()), "annotation": str(claim.pk), "text": text, **fields}


def texts(caller, query=""):
    return [row["text"] for row in caller.results(f"comments/{query}")]


def test_a_comment_is_answered_as_it_is_stored(desk, claim, cora):
    sent = body(claim, "See §3, @ada-strait.", mentions=["ada-strait"])
    answer = cora.post("comments/", sent)
    stored = Comment.objects.get()
    assert (answer.status_code, answer["ETag"]) == (201, '"1"')
    moment = stored.created.isoformat().replace("+00:00", "Z")
    assert answer.json() == {
        "id": sent["id"], "project": "strait", "article": str(desk.article.pk),
        "annotation": str(claim.pk), "author": "cora-strait", "name": "cora-strait",
        "text": "See §3, @ada-strait.", "mentions": ["ada-strait"], "version": 1,
        "created": moment, "updated": stored.updated.isoformat().replace("+00:00", "Z"),
        "deleted": None,
    }  # fmt: skip
    assert cora.get(f"comments/{stored.pk}/").json() == answer.json()


def test_sent_twice_it_is_made_once(claim, ada):
    sent = body(claim)
    answers = [ada.post("comments/", sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[0].json() == answers[1].json()
    del sent["id"]
    key = uuid.uuid4()
    answers = [ada.post("comments/", sent, Idempotency_Key=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert Comment.objects.count() == 2


def test_it_is_changed_taken_back_and_said_again(claim, ada):
    path = f"comments/{ada.post('comments/', body(claim)).json()['id']}/"
    changed = ada.ask("PUT", path, {"text": "A norm."}, If_Match='"1"')
    assert (changed.status_code, changed["ETag"], changed.json()["text"]) == (200, '"2"', "A norm.")
    removed = ada.ask("DELETE", path, If_Match='"2"')
    assert (removed.status_code, bool(removed.json()["deleted"])) == (200, True)
    again = ada.ask("PUT", path, {"text": "A norm."}, If_Match='"3"')
    assert (again.json()["deleted"], again.json()["version"]) == (None, 4)


def test_an_id_that_is_used_for_other_words_is_refused_and_nothing_lost(claim, ada):
    path = f"comments/{ada.post('comments/', body(claim)).json()['id']}/"
    sent = {"If_Match": '"1"', "Idempotency_Key": uuid.uuid4()}
    stored = ada.ask("PUT", path, {"text": "A norm."}, **sent).json()
    assert ada.ask("PUT", path, {"text": "A norm. "}, **sent).json() == stored
    for method, words in (("PUT", {"text": "A fact."}), ("DELETE", None)):
        answer = ada.ask(method, path, words, **sent)
        assert (answer.status_code, api.wrong(answer)) == (400, ["Idempotency-Key"])
    assert ada.get(path).json() == stored
    later = ada.ask("PUT", path, {"text": "Neither."}, If_Match='"2"').json()
    assert ada.ask("PUT", path, {"text": "A norm."}, **sent).json() == later


def test_a_change_needs_the_version_it_saw(claim, ada):
    path = f"comments/{ada.post('comments/', body(claim)).json()['id']}/"
    assert ada.ask("PUT", path, {"text": "x"}).status_code == 428
    ada.ask("PUT", path, {"text": "First."}, If_Match='"1"')
    for method, sent in (("PUT", {"text": "Second."}), ("DELETE", None)):
        stale = ada.ask(method, path, sent, If_Match='"1"')
        assert (stale.status_code, stale["ETag"]) == (412, '"2"')
        assert stale.json()["current"] == ada.get(path).json()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"text": ""}, "text"), ({"text": " \n"}, "text"), ({"text": None}, "text"),
        ({"text": 7}, "text"), ({"text": "x" * 5001}, "text"),
        ({"mentions": ["nobody"]}, "mentions"), ({"mentions": "ben-strait"}, "mentions"),
        ({"mentions": ["x"] * 21}, "mentions"),
        ({"author": "ben-strait"}, "author"), ({"annotation": "x"}, "annotation"),
        ({"annotation": NEVER}, "annotation"), ({"id": 5}, "id"),
    ],
)  # fmt: skip
def test_what_cannot_be_stored_is_refused(claim, ada, fields, field):
    answer = ada.post("comments/", {**body(claim), **fields})
    assert (answer.status_code, api.wrong(answer)) == (400, [field])
    assert not Comment.objects.exists()


def test_nobody_changes_what_another_said(claim, ada, cora):
    path = f"comments/{ada.post('comments/', body(claim)).json()['id']}/"
    for method, sent in (("PUT", {"text": "x"}), ("DELETE", None)):
        assert cora.ask(method, path, sent, If_Match='"1"').status_code == 403


def test_what_was_taken_back_keeps_its_place_without_its_words(desk, claim, ada, cora):
    sent = body(claim, "Wrong, @cora-strait.", mentions=["cora-strait"])
    first = ada.post("comments/", sent).json()
    ada.post("comments/", body(claim, "Right."))
    ada.ask("DELETE", f"comments/{first['id']}/", If_Match='"1"')
    shown = cora.results(f"comments/?annotation={claim.pk}")
    assert [(row["text"], row["mentions"], bool(row["deleted"])) for row in shown] == [
        ("", [], True), ("Right.", [], False),
    ]  # fmt: skip
    assert texts(ada) == ["Wrong, @cora-strait.", "Right."]


def test_a_list_is_narrowed(desk, claim, ada, cora):
    other = factories.claim(desk.article, desk.ada)
    ada.post("comments/", body(claim, "One."))
    cora.post("comments/", body(other, "Two."))
    assert texts(ada, f"?annotation={claim.pk}") == ["One."]
    assert texts(ada, f"?article={desk.article.pk}&project=strait") == ["One.", "Two."]
    assert texts(ada, "?author=cora-strait") == ["Two."]
    assert ada.get("comments/?text=One").status_code == 400


def test_a_thread_that_was_read_asks_no_more(claim, ada, cora):
    ada.post("comments/", body(claim, "@cora-strait", mentions=["cora-strait"]))
    for sent in (str(claim.pk), NEVER):
        answer = ada.ask("PUT", "comments/read/", {"annotation": sent})
        assert (answer.status_code, answer.content) == (204, b"")
    assert Notice.objects.get().read is None
    cora.ask("PUT", "comments/read/", {"annotation": str(claim.pk)})
    assert Notice.objects.get().read


def test_the_number_of_queries_does_not_grow_with_the_thread(desk, claim, ada):
    def more(number):
        for n in range(number):
            discussing.comment(
                by=desk.cora, annotation=claim, text=f"Remark {n}", mentions=["ada-strait"]
            )

    more(2)
    few = api.queries(lambda: ada.results("comments/"))
    more(20)
    assert api.queries(lambda: ada.results("comments/")) == few
    assert few <= 6


# Blindness: two worlds


def seen_by(caller, desk, own) -> list[tuple]:
    paths = [
        "comments/", f"comments/?article={desk.article.pk}", f"comments/?annotation={own.pk}",
        "comments/?author=ben-strait", "comments/?project=strait", "comments/?page_size=1",
        f"annotations/{own.pk}/", "events/?page_size=500", "events/?noun=comment",
        "events/?by=ben-strait", "projects/strait/export/jsonl/",
    ]  # fmt: skip
    seen = []
    for path in paths:
        answer = caller.get(path)
        told = b"".join(answer.streaming_content) if answer.streaming else answer.content
        seen.append((path, answer.status_code, sorted(answer.headers.items()), told))
    return seen


def test_what_others_say_changes_nothing_that_one_receives_before_handing_in(desk, claim, ada):
    ada.post("comments/", body(claim, "Mine, @ben-strait.", mentions=["ben-strait"]))
    before = seen_by(ada, desk, claim)
    theirs = factories.claim(desk.article, desk.ben)
    api.hand_in(desk.article, desk.ben)
    for person, annotation in (
        (desk.ben, theirs), (desk.cora, theirs), (desk.ben, claim),
    ):  # fmt: skip
        made, _ = discussing.comment(
            by=person, annotation=annotation, text="@ada-strait", mentions=["ada-strait"]
        )
    discussing.rewrite(by=desk.ben, comment=made, seen=1, text="@ada-strait!")
    discussing.mark_read(by=desk.ben, annotation_id=claim.pk)
    for (path, *then), (_, *now) in zip(before, seen_by(ada, desk, claim), strict=True):
        assert then == now, path


def test_a_hidden_comment_is_answered_like_one_that_never_was(desk, ada):
    claim = factories.claim(desk.article, desk.ben)
    comment, _ = discussing.comment(by=desk.ben, annotation=claim, text="Hidden.")
    for method, sent in (("GET", None), ("PUT", {"text": "x"}), ("DELETE", None)):
        answers = [
            ada.ask(method, f"comments/{pk}/", sent, If_Match='"1"') for pk in (comment.pk, NEVER)
        ]
        assert answers[0].status_code == 404
        assert (answers[0].content, answers[0].headers) == (answers[1].content, answers[1].headers)
    answers = [
        ada.post("comments/", {"annotation": str(pk), "text": "x"}) for pk in (claim.pk, NEVER)
    ]
    assert (answers[0].status_code, answers[0].content) == (400, answers[1].content)
