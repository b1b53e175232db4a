"""Live updates: what was changed since one looked, and who else is there."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event as Signal
from urllib.parse import urlencode

import pytest
from django.db import connections, transaction
from django.utils import timezone

from annotations import annotating, correcting, desk_keeping, discussing, live
from annotations.content import Content
from annotations.models import Annotation, Comment, Presence
from tests import api, factories

LONG_AGO = "2000-01-01T00:00:00Z"


@pytest.fixture
def desk(db):
    """A desk whose project is open: everybody sees everybody's work."""
    desk = api.desk()
    desk.project.blind = False
    desk.project.save()
    return desk


@pytest.fixture
def blind(db):
    return api.desk()


def ask(person, desk, since=None, after=None, etag=None):
    """The answer to the question what is new."""
    asked = {"since": since, "after": after}
    query = urlencode({name: str(value) for name, value in asked.items() if value})
    headers = {"If_None_Match": etag} if etag else {}
    return api.Caller(person).get(f"articles/{desk.article.pk}/live/?{query}", **headers)


def told(person, desk, **asked) -> list[str]:
    return [one["id"] for one in ask(person, desk, **asked).json()["annotations"]]


def aged(annotation, **ago):
    """The annotation, last changed so long ago."""
    moment = timezone.now() - timedelta(**ago)
    Annotation.objects.filter(pk=annotation.pk).update(updated=moment)
    return annotation


def test_what_was_changed_since_is_told_as_the_api_shows_it(desk):
    aged(factories.claim(desk.article, desk.ben), hours=2)
    claim = factories.claim(desk.article, desk.ben, note="new")
    answer = ask(desk.ada, desk, since=timezone.now() - timedelta(hours=1))
    shown = api.Caller(desk.ada).get(f"annotations/{claim.pk}/").json()
    assert answer.json() == {
        "at": shown["updated"], "after": None, "annotations": [shown], "comments": [],
        "newest": {
            "revision": str(desk.revision.pk), "number": 1, "by": "", "at": None, "reason": "",
        },
        "people": [["ben-strait", "ben-strait"]], "here": [],
    }  # fmt: skip


def test_what_was_removed_is_told_as_removed(desk):
    claim = factories.claim(desk.article, desk.ben)
    annotating.remove(by=desk.ben, annotation=claim, seen=1)
    (one,) = ask(desk.ada, desk).json()["annotations"]
    assert (one["id"], one["version"], bool(one["deleted"])) == (str(claim.pk), 2, True)


def test_comments_are_told_too(desk):
    claim = factories.claim(desk.article, desk.ben)
    said, _ = discussing.comment(by=desk.cora, annotation=claim, text="Is it?")
    answer = ask(desk.ada, desk, since=said.updated).json()
    shown = api.Caller(desk.ada).get(f"comments/{said.pk}/").json()
    assert (answer["comments"], answer["at"]) == ([shown], shown["updated"])


def test_other_articles_are_not_told(desk):
    other = factories.plain_article(desk.project, "Another text.\n", by=desk.cora)
    factories.claim(other, desk.ben)
    assert ask(desk.ada, desk).json()["annotations"] == []


def test_the_moment_does_not_go_back(desk):
    aged(factories.claim(desk.article, desk.ben), seconds=20)
    now = timezone.now()
    answer = ask(desk.ada, desk, since=now).json()
    assert [len(answer["annotations"]), answer["at"]] == [1, now.isoformat().replace("+00:00", "Z")]


def test_nothing_new_is_304_and_costs_five_queries_at_any_size(desk):
    desk_keeping.arrive(by=desk.ben, article=desk.article)
    costs = []
    for number in (1, 40):
        for claim in api.claims(desk, desk.ben, number):
            aged(claim, hours=1)
        since = timezone.now()
        etag = ask(desk.ada, desk, since=since)["ETag"]
        caller = api.Caller(desk.ada)
        path = f"articles/{desk.article.pk}/live/?{urlencode({'since': since})}"

        def again(caller=caller, path=path, etag=etag):
            answer = caller.get(path, If_None_Match=etag)
            assert (answer.status_code, answer.content) == (304, b"")

        costs.append(api.queries(again))
    assert costs == [5, 5]


def test_a_change_costs_the_same_number_of_queries_at_any_size(desk):
    costs = []
    for number in (1, 40):
        api.claims(desk, desk.ben, number)
        caller = api.Caller(desk.ada)
        path = f"articles/{desk.article.pk}/live/"
        costs.append(api.queries(lambda caller=caller, path=path: caller.get(path)))
    assert costs[0] == costs[1]


def test_the_etag_is_another_one_after_every_change(desk):
    claim = factories.claim(desk.article, desk.ben)
    since = timezone.now()
    seen = [ask(desk.ada, desk, since=since)["ETag"]]

    def look():
        seen.append(ask(desk.ada, desk, since=since)["ETag"])

    content = Content(kind="claim", spans=((0, 5, None),), note="other")
    annotating.rewrite(by=desk.ben, annotation=claim, seen=1, content=content)
    look()
    annotating.remove(by=desk.ben, annotation=claim, seen=2)
    look()
    discussing.comment(by=desk.cora, annotation=claim, text="Why?")
    look()
    desk_keeping.arrive(by=desk.ben, article=desk.article)
    look()
    desk_keeping.leave(by=desk.ben, article=desk.article)
    look()
    assert len(set(seen)) == 5
    assert seen[5] == seen[3]


def test_more_than_a_page_is_told_in_pages_each_row_once(desk, monkeypatch):
    monkeypatch.setattr(live, "MOST", 4)
    made = {str(claim.pk) for claim in api.claims(desk, desk.ben, 11)}
    same = timezone.now()
    Annotation.objects.update(updated=same)  # as a correction of the text leaves them
    found, asked = [], {"since": same}
    for _ in range(3):
        page = ask(desk.ada, desk, **asked).json()
        found += [one["id"] for one in page["annotations"]]
        asked = {"since": page["at"], "after": page["after"]}
    assert (page["after"], len(found), set(found)) == (None, 11, made)


def test_a_full_page_does_not_hide_what_is_changed_behind_it(desk, monkeypatch):
    monkeypatch.setattr(live, "MOST", 4)
    made = api.claims(desk, desk.ben, 11)
    since = timezone.now()
    etag = ask(desk.ada, desk, since=since)["ETag"]
    assert ask(desk.ada, desk, since=since, etag=etag).status_code == 304
    annotating.remove(by=desk.ben, annotation=made[9], seen=1)
    assert ask(desk.ada, desk, since=since, etag=etag).status_code == 200


def test_the_correction_of_the_text_is_told(desk):
    text = desk.revision.text.replace("calm", "quiet")
    correcting.correct(by=desk.cora, article=desk.article, seen=1, text=text, reason="It is quiet.")
    newest = ask(desk.ada, desk, since=timezone.now()).json()["newest"]
    assert (newest["number"], newest["by"], newest["reason"]) == (
        2, "cora-strait", "It is quiet.",
    )  # fmt: skip
    assert newest == api.Caller(desk.ada).get(f"articles/{desk.article.pk}/newest/").json()


@pytest.mark.django_db(transaction=True)
def test_what_was_made_before_one_looked_and_stored_after_is_not_missed():
    desk = api.desk()
    desk.project.blind = False
    desk.project.save()
    factories.assigned(desk.article, desk.ben)
    written, looked = Signal(), Signal()

    def write():
        try:
            with transaction.atomic():
                factories.claim(desk.article, desk.ben)
                written.set()
                assert looked.wait(10)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        storing = pool.submit(write)
        assert written.wait(10)
        since = timezone.now()
        before = live.changed(desk.ada, desk.article.pk, since)
        looked.set()
        storing.result(10)
    assert before.annotations == []
    assert before.at == since
    after = live.changed(desk.ada, desk.article.pk, since)
    assert after.annotations == [Annotation.objects.get().pk]
    assert after.sign != before.sign


# Who is there


def test_who_is_there_is_told_to_the_others_while_she_is(desk):
    path = f"articles/{desk.article.pk}/presence/"
    for _ in range(2):
        assert api.Caller(desk.ben).ask("PUT", path).status_code == 204
    seen = [ask(person, desk).json()["here"] for person in (desk.ada, desk.ben)]
    assert seen == [[["ben-strait", "ben-strait"]], []]
    assert api.Caller(desk.ben).ask("DELETE", path).status_code == 204
    assert ask(desk.ada, desk).json()["here"] == []


def test_who_gives_no_sign_of_life_is_not_there_any_more(desk):
    desk_keeping.arrive(by=desk.ben, article=desk.article)
    Presence.objects.update(seen=timezone.now() - live.PRESENT_FOR)
    assert ask(desk.ada, desk).json()["here"] == []
    desk_keeping.arrive(by=desk.ben, article=desk.article)
    assert len(ask(desk.ada, desk).json()["here"]) == 1


def test_in_a_blind_project_nobody_is_there_and_nothing_is_kept(blind):
    desk = blind
    for person in (desk.ben, desk.cora):
        path = f"articles/{desk.article.pk}/presence/"
        assert api.Caller(person).ask("PUT", path).status_code == 204
    assert Presence.objects.count() == 0
    assert ask(desk.cora, desk).json()["here"] == []


def test_who_was_there_before_the_project_became_blind_is_not_told(desk):
    desk_keeping.arrive(by=desk.ben, article=desk.article)
    desk.project.blind = True
    desk.project.save()
    assert ask(desk.ada, desk).json()["here"] == []


# Blindness


def received(caller: api.Caller, desk, since) -> list[tuple]:
    """Status, headers and body of everything that could tell of others while one works."""
    article = f"articles/{desk.article.pk}"
    answers = [
        ("GET", f"{article}/live/", None), ("GET", f"{article}/live/?{urlencode(since)}", None),
        ("GET", f"{article}/newest/", None), ("PUT", f"{article}/presence/", None),
        ("DELETE", f"{article}/presence/", None), ("GET", "preferences/", None),
        ("PATCH", "preferences/", {"density": "mine"}),
        ("PUT", f"{article}/reading-position/", {"revision": str(desk.revision.pk), "place": 3}),
        ("GET", f"comments/?article={desk.article.pk}", None),
    ]  # fmt: skip
    seen = []
    for method, path, body in answers:
        answer = caller.ask(method, path, body)
        seen.append((path, answer.status_code, sorted(answer.headers.items()), answer.content))
    page = caller.client.get(f"/{article}/")
    body = re.sub(rb'"moment": "[^"]+"|value="\w{64}"', b"", page.content)
    headers = [one for one in sorted(page.headers.items()) if one[0] != "Expires"]
    return [*seen, (article, page.status_code, headers, body)]


def test_an_analyst_receives_the_same_bytes_whatever_others_do(blind):
    desk, ada = blind, api.Caller(blind.ada)
    own = factories.claim(desk.article, desk.ada, note="mine")
    discussing.comment(by=desk.ada, annotation=own, text="Mine too.")
    since = {"since": timezone.now()}
    received(ada, desk, since)  # her own preferences and place are kept from here on
    before = received(ada, desk, since)
    made = api.claims(desk, desk.ben, 50)
    annotating.remove(by=desk.ben, annotation=made[0], seen=1)
    for claim in made[1:20]:
        discussing.comment(by=desk.ben, annotation=claim, text="A secret.")
        discussing.comment(by=desk.cora, annotation=claim, text="Another.", mentions=[])
    for person in (desk.ben, desk.cora):
        caller = api.Caller(person)
        caller.ask("PUT", f"articles/{desk.article.pk}/presence/")
        desk_keeping.keep_place(by=person, revision=desk.revision, place=7)
        desk_keeping.prefer(by=person, density="none", keys={"undo": "u"})
    assert (Annotation.objects.count(), Comment.objects.count()) == (51, 39)
    for (path, *then), (_, *now) in zip(before, received(ada, desk, since), strict=True):
        assert then == now, path


def test_after_handing_in_the_others_are_told(blind):
    claim = factories.claim(blind.article, blind.ben)
    assert told(blind.ada, blind) == []
    assert told(blind.cora, blind) == [str(claim.pk)]
    api.hand_in(blind.article, blind.ada)
    assert told(blind.ada, blind) == [str(claim.pk)]


def test_the_page_says_whether_others_are_shown(desk):
    def sighted(person) -> bool:
        page = api.Caller(person).client.get(f"/articles/{desk.article.pk}/").content.decode()
        data = re.search(r'<script id="page-data"[^>]*>(.*?)</script>', page)[1]
        return json.loads(data)["sighted"]

    assert [sighted(person) for person in (desk.ada, desk.cora)] == [True, True]
    desk.project.blind = True
    desk.project.save()
    assert [sighted(person) for person in (desk.ada, desk.cora)] == [False, True]
    api.hand_in(desk.article, desk.ada)
    assert [sighted(person) for person in (desk.ada, desk.ben)] == [True, False]


# Odd questions


@pytest.mark.parametrize(
    "query",
    ["since=", "since=x", "since=%00", "since=2024-13-45", "since=1", "since=now",
     "since=%ED%A0%80", "after=x", "after=7", "after=%00", "x=1",
     f"since={LONG_AGO}&since={LONG_AGO}"],
)  # fmt: skip
def test_an_odd_question_is_told_what_is_odd(desk, query):
    answer = api.Caller(desk.ada).get(f"articles/{desk.article.pk}/live/?{query}")
    assert (answer.status_code, api.wrong(answer)) == (400, [query.partition("=")[0]])


@pytest.mark.parametrize(
    "since",
    ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", LONG_AGO, "2024-01-01T00:00:00%2B14:00",
     "2024-01-01T00:00", "2024-01-01"],
)  # fmt: skip
def test_any_moment_can_be_asked_for(desk, since):
    answer = api.Caller(desk.ada).get(f"articles/{desk.article.pk}/live/?since={since}")
    assert answer.status_code == 200


@pytest.mark.parametrize("id", ["x", "%00", "7", "..", "é", "00000000-0000-4000-8000-000000000000"])
def test_an_article_that_there_is_not_is_404_in_json(desk, id):
    ada = api.Caller(desk.ada)
    for method, name, body in (
        ("GET", "live", None), ("PUT", "presence", None), ("DELETE", "presence", None),
        ("PUT", "reading-position", {"revision": id, "place": 1}), ("GET", "newest", None),
    ):  # fmt: skip
        answer = ada.ask(method, f"articles/{id}/{name}/", body)
        assert (answer.status_code, answer.json()["detail"]) == (404, "Not found."), name
