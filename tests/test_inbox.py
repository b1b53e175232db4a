"""The inbox: everything that one is told, in one list, and nothing that one may not see."""

import re
import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from annotations import discussing, inbox, telling
from annotations.models import (
    Assignment,
    Case,
    Decision,
    Message,
    Overruling,
    Preference,
    Recoding,
)
from corpus_app.models import Membership
from tests import api, factories

pytestmark = pytest.mark.django_db
KINDS = Message.Kind


@pytest.fixture
def desk():
    return api.desk()


@pytest.fixture
def work(desk):
    return Assignment.objects.get(article=desk.article, analyst=desk.ada)


@pytest.fixture
def overruling(desk):
    """A decision that says otherwise than Ada."""
    claim = factories.claim(desk.article, desk.ada)
    own = {"project": desk.project}
    case = Case.objects.create(**own, article=desk.article, kind="claim", start=0, end=5)
    decision = Decision.objects.create(
        **own, case=case, number=1, by=desk.cora, outcome="rejected", reason="No claim."
    )
    return Overruling.objects.create(**own, decision=decision, annotation=claim, analyst=desk.ada)


@pytest.fixture
def page_of(client):
    def page_of(person, **asked):
        client.force_login(person)
        response = client.get("/inbox/", asked)
        assert response.status_code == 200
        return response.content.decode()

    return page_of


def sentences(page):
    """What the page says happened, and whether it is unread."""
    rows = re.findall(r'<li class="row told(.*?)">(.*?)</li>', page, re.S)
    texts = (re.search(r'<p class="sentence">(.*?)</p>', row, re.S)[1] for _, row in rows)
    plain = (re.sub("<[^>]+>", "", text) for text in texts)
    return [(text, "is-unread" in state) for (state, _), text in zip(rows, plain, strict=True)]


def test_there_is_a_place_for_nothing(desk, page_of):
    page = page_of(desk.ada)
    assert sentences(page) == []
    assert "Nothing has been said to you yet" in page
    assert "Mark all as read" not in page


def test_everything_is_said_in_one_sentence_newest_first(desk, work, overruling, page_of):
    api.hand_in(desk.article, desk.ada)
    recoding = Recoding.objects.create(
        project=desk.project, tag=desk.calm, by=desk.cora, definition_number=2
    )
    for kind, about in (
        (KINDS.ASSIGNED, {"assignment": work}),
        (KINDS.RETURNED, {"assignment": work}),
        (KINDS.OVERRULED, {"overruling": overruling}),
        (KINDS.ANSWERED, {"overruling": overruling}),
        (KINDS.RECODING, {"recoding": recoding}),
    ):
        telling.tell(by=desk.cora, person=desk.ada, kind=kind, **about)
    claim = overruling.annotation
    discussing.comment(by=desk.cora, annotation=claim, text="@ada-strait?", mentions=["ada-strait"])
    assert sentences(page_of(desk.ada)) == [
        ("cora-strait named you in a comment on A plain text.", True),
        ("cora-strait asks you to code again what you coded as The strait is calm.", True),
        ("cora-strait answered your objection to decisions on A plain text.", True),
        ("cora-strait decided otherwise than an annotation of yours in A plain text.", True),
        ("cora-strait returned A plain text to you.", True),
        ("cora-strait gave you A plain text to code.", True),
    ]
    assert [entry.href for entry in inbox.page(desk.ada)[0]] == [
        f"/articles/{desk.article.pk}/#annotation-{claim.pk}",
        f"/recodings/{recoding.pk}/",
        "/projects/strait/lessons/",
        "/projects/strait/lessons/",
        f"/articles/{desk.article.pk}/",
        f"/articles/{desk.article.pk}/",
    ]


def test_a_day_of_much_is_told_in_few_words(desk, work, overruling, page_of):
    work.due_on, work.training = date(2026, 5, 3), True
    telling.tell(by=desk.cora, person=desk.ada, kind=KINDS.ASSIGNED, assignment=work)
    said = "cora-strait gave you A plain text to code to learn, due on 3 May 2026."
    assert work.save() is None
    assert sentences(page_of(desk.ada)) == [(said, True)]
    Message.objects.update(number=40)
    [entry] = inbox.page(desk.ada)[0]
    assert sentences(page_of(desk.ada)) == [
        ("cora-strait gave you 40 articles to code in Strait.", True)
    ]
    assert entry.href == "/?project=strait"


def test_who_contests_is_named_unless_names_are_hidden(desk, overruling, page_of):
    telling.tell(by=desk.ada, person=desk.cora, kind=KINDS.CONTESTED, overruling=overruling)
    assert sentences(page_of(desk.cora)) == [
        ("ada-strait contests a decision on A plain text.", True)
    ]
    assert inbox.page(desk.cora)[0][0].href == "/projects/strait/proposals/"
    desk.project.names_hidden = True
    desk.project.save()
    page = page_of(desk.cora)
    assert sentences(page) == [("An analyst contests a decision on A plain text.", True)]
    assert "ada-strait" not in page


def test_opening_one_reads_it_and_leads_to_where_it_is_dealt_with(desk, work, client, page_of):
    telling.tell(by=desk.cora, person=desk.ada, kind=KINDS.RETURNED, assignment=work)
    claim = factories.claim(desk.article, desk.ada)
    discussing.comment(by=desk.cora, annotation=claim, text="@ada-strait?", mentions=["ada-strait"])
    assert 'Inbox<span class="count">&nbsp;2' in page_of(desk.ada)
    for entry in inbox.page(desk.ada)[0]:
        response = client.post(f"/inbox/{entry.key}/open/")
        assert (response.status_code, response["Location"]) == (302, entry.href)
    page = page_of(desk.ada)
    assert [unread for _, unread in sentences(page)] == [False, False]
    assert 'class="count"' not in page


@pytest.mark.parametrize(
    "key", ["message-5", "naming-x", "naming-²", f"naming-{10**30}", "message", "other-5"]
)
def test_what_is_not_there_cannot_be_opened(desk, client, key):
    client.force_login(desk.ada)
    assert client.post(f"/inbox/{key}/open/").status_code == 404
    asked = {"at": "2026-05-03T12:00:00Z", "last": key}
    assert client.get("/inbox/", asked).status_code == 404


def test_somebody_elses_cannot_be_opened(desk, work, client):
    told = telling.tell(by=desk.cora, person=desk.ada, kind=KINDS.RETURNED, assignment=work)
    client.force_login(desk.ben)
    assert client.post(f"/inbox/message-{told.pk}/open/").status_code == 404
    told.refresh_from_db()
    assert told.read is None


def test_all_is_read_at_once_but_not_what_is_hidden(desk, overruling, work, client):
    telling.tell(by=desk.cora, person=desk.ada, kind=KINDS.RETURNED, assignment=work)
    hidden = telling.tell(
        by=desk.cora, person=desk.ada, kind=KINDS.OVERRULED, overruling=overruling
    )
    client.force_login(desk.ada)
    assert client.post("/inbox/read/").status_code == 302
    assert [message.pk for message in Message.objects.filter(read=None)] == [hidden.pk]
    assert inbox.unread(desk.ada) == 0
    api.hand_in(desk.article, desk.ada)
    assert inbox.unread(desk.ada) == 1


def test_what_one_may_no_longer_see_disappears(desk, overruling, page_of):
    telling.tell(by=desk.cora, person=desk.ada, kind=KINDS.OVERRULED, overruling=overruling)
    api.hand_in(desk.article, desk.ada)
    assert len(sentences(page_of(desk.ada))) == 1
    Assignment.objects.filter(analyst=desk.ada).update(state=Assignment.State.RETURNED)
    assert sentences(page_of(desk.ada)) == []
    api.hand_in(desk.article, desk.ada)
    Membership.objects.filter(user=desk.ada).update(ended=timezone.now())
    assert sentences(page_of(desk.ada)) == []


def test_pages_follow_each_other_without_a_gap_at_one_moment_too(desk, work):
    now = timezone.now()
    for number in range(40):
        Message.objects.create(
            project=desk.project, person=desk.ada, by=desk.cora, kind=KINDS.RETURNED,
            assignment=work, created=now - timedelta(hours=number // 20),
        )  # fmt: skip
    claim = factories.claim(desk.article, desk.ada)
    for _ in range(15):
        said = discussing.comment(
            by=desk.cora, annotation=claim, text="@ada-strait?", mentions=["ada-strait"]
        )[0]
        said.created = now
        said.save()
    seen, after = [], None
    for length in (25, 25, 5):
        entries, after = inbox.page(desk.ada, after)
        assert len(entries) == length
        seen += [entry.key for entry in entries]
    assert (after, len(set(seen))) == (None, 55)
    assert [key.partition("-")[0] for key in seen] == (
        ["message"] * 20 + ["naming"] * 15 + ["message"] * 20
    )


def test_the_next_page_is_linked(desk, work, page_of):
    rows = [
        Message(
            project=desk.project, person=desk.ada, by=desk.cora, kind=KINDS.RETURNED,
            assignment=work,
        )
        for _ in range(26)
    ]  # fmt: skip
    Message.objects.bulk_create(rows)
    page = page_of(desk.ada)
    at, last = re.search(r'href="\?at=([^&]+)&amp;last=([^"]+)">Older', page).groups()
    second = page_of(desk.ada, at=at.replace("%3A", ":").replace("%2B", "+"), last=last)
    assert (len(sentences(page)), len(sentences(second))) == (25, 1)
    assert "Back to the newest" in second


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "now"])
def test_a_page_after_no_moment_is_not_there(desk, client, at):
    client.force_login(desk.ada)
    asked = {"at": at, "last": f"message-{uuid.uuid4()}"}
    assert client.get("/inbox/", asked).status_code == 404


def test_the_page_costs_the_same_however_much_there_is(desk, work, overruling, client):
    api.hand_in(desk.article, desk.ada)
    client.force_login(desk.ada)

    def more(number):
        for _ in range(number):
            for kind, about in (
                (KINDS.RETURNED, {"assignment": work}),
                (KINDS.OVERRULED, {"overruling": overruling}),
            ):  # fmt: skip
                telling.tell(by=desk.cora, person=desk.ada, kind=kind, **about)
                Message.objects.update(mailed=timezone.now())
            discussing.comment(
                by=desk.cora, annotation=overruling.annotation, text="@ada-strait?",
                mentions=["ada-strait"],
            )  # fmt: skip

    more(1)
    few = api.queries(lambda: client.get("/inbox/"))
    more(12)
    assert api.queries(lambda: client.get("/inbox/")) == few


def test_the_number_in_the_bar_is_one_query(desk, work):
    telling.tell(by=desk.cora, person=desk.ada, kind=KINDS.RETURNED, assignment=work)
    assert api.queries(lambda: inbox.unread(desk.ada)) == 1


def test_how_often_mail_comes_is_chosen_there(desk, client, page_of):
    client.force_login(desk.ada)
    assert '<option value="daily" selected>' in page_of(desk.ada)
    assert client.post("/inbox/digest/", {"digest": "weekly"}).status_code == 302
    assert Preference.objects.get(user=desk.ada).digest == "weekly"
    assert '<option value="weekly" selected>' in page_of(desk.ada)
    assert client.post("/inbox/digest/", {"digest": "hourly"}).status_code == 400


def test_the_page_says_where_mail_goes(desk, settings, page_of):
    assert "This desk sends no e-mail yet" in page_of(desk.ada)
    settings.SENDS_MAIL = True
    assert "Your account has no e-mail address" in page_of(desk.ada)
    desk.ada.email = "ada@example.org"
    desk.ada.save()
    assert "Sent to ada@example.org" in page_of(desk.ada)


def test_a_thread_that_is_read_in_the_workbench_is_read_here(desk):
    claim = factories.claim(desk.article, desk.ada)
    discussing.comment(by=desk.cora, annotation=claim, text="@ada-strait?", mentions=["ada-strait"])
    assert inbox.unread(desk.ada) == 1
    discussing.mark_read(by=desk.ada, annotation_id=claim.pk)
    assert inbox.unread(desk.ada) == 0


def test_words_of_others_are_text(desk, work, page_of):
    Assignment.objects.filter(pk=work.pk).update(comment="<b>Why</b>?")
    telling.tell(by=desk.cora, person=desk.ada, kind=KINDS.RETURNED, assignment=work)
    assert "&lt;b&gt;Why&lt;/b&gt;?" in page_of(desk.ada)


def test_the_signed_out_have_no_inbox(client):
    assert client.get("/inbox/").status_code == 302
    assert "Inbox" not in client.get(reverse("sign-in")).content.decode()
