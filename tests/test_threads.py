"""What the pages show of threads: the workbench's page, the queue and the desk."""

import json
import re

import pytest
from django.urls import reverse

from annotations import annotating, discussing
from tests import api, factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return api.desk()


@pytest.fixture
def claim(desk):
    return factories.claim(desk.article, desk.ada)


@pytest.fixture
def page_of(client):
    """A page's text for a person."""

    def page_of(person, path="/"):
        client.force_login(person)
        response = client.get(path)
        assert response.status_code == 200
        return response.content.decode()

    return page_of


@pytest.fixture
def data_of(page_of):
    """The data of the workbench's page for a person."""

    def data_of(person, article):
        page = page_of(person, f"/articles/{article.pk}/")
        return json.loads(re.search(r'id="page-data"[^>]*>(.*?)</script>', page, re.S)[1])

    return data_of


def say(by, annotation, text="Is this a norm?", mentions=()):
    return discussing.comment(by=by, annotation=annotation, text=text, mentions=mentions)[0]


def test_the_workbench_knows_how_much_is_said_where_and_what_one_said_oneself(desk, claim, data_of):
    say(desk.cora, claim, "@ada-strait?", ["ada-strait"])
    own = say(desk.ada, claim, "Yes, @cora-strait.", ["cora-strait"])
    gone = discussing.remove(by=desk.ada, comment=say(desk.ada, claim), seen=1)
    data = data_of(desk.ada, desk.article)
    assert data["comments"] == {str(claim.pk): 2}
    assert data["asked"] == [str(claim.pk)]
    assert [[*row[:5], bool(row[6])] for row in data["said"]] == [
        [str(own.pk), str(claim.pk), 1, "Yes, @cora-strait.", ["cora-strait"], False],
        [str(gone.pk), str(claim.pk), 2, "Is this a norm?", [], True],
    ]
    assert data["colleagues"] == [["cora-strait", "cora-strait"]]
    assert [verb for *_, verb, _, _ in data["log"]].count("created") == 3


def test_other_analysts_are_offered_by_name_once_their_work_may_be_seen(desk, data_of):
    everybody = [["ben-strait", "ben-strait"], ["cora-strait", "cora-strait"]]
    assert data_of(desk.ada, desk.article)["colleagues"] == everybody[1:]
    api.hand_in(desk.article, desk.ada)
    assert data_of(desk.ada, desk.article)["colleagues"] == everybody


def test_the_log_tells_of_ones_own_comments_on_anybodys_work(desk, claim, data_of):
    own = say(desk.cora, claim)
    say(desk.ada, claim)
    data = data_of(desk.cora, desk.article)
    assert data["logged"] == [str(own.pk)]


def test_what_others_say_changes_nothing_on_the_page_before_handing_in(desk, claim, data_of):
    def told():
        data = data_of(desk.ada, desk.article)
        return {name: value for name, value in data.items() if name != "moment"}

    before = told()
    theirs = factories.claim(desk.article, desk.ben)
    api.hand_in(desk.article, desk.ben)
    for person, annotation in ((desk.ben, theirs), (desk.cora, theirs), (desk.ben, claim)):
        say(person, annotation, "@ada-strait", ["ada-strait"])
    assert told() == before


def test_the_page_costs_the_same_however_much_is_said(desk, claim, client):
    client.force_login(desk.ada)
    path = f"/articles/{desk.article.pk}/"

    def more(number):
        for _ in range(number):
            say(desk.ada, claim, "@cora-strait", ["cora-strait"])
            say(desk.cora, claim, "@ada-strait", ["ada-strait"])

    more(1)
    few = [api.queries(lambda: client.get(path)), api.queries(lambda: client.get("/"))]
    more(15)
    many = [api.queries(lambda: client.get(path)), api.queries(lambda: client.get("/"))]
    assert many == few


def test_the_queue_shows_what_is_asked_of_one_until_the_thread_is_read(desk, claim, page_of):
    say(desk.ada, claim, "@cora-strait, a <b>norm</b>?", ["cora-strait"])
    page = page_of(desk.cora)
    assert f'href="/articles/{desk.article.pk}/#annotation-{claim.pk}"' in page
    assert "@cora-strait, a &lt;b&gt;norm&lt;/b&gt;?" in page
    assert "Asked of you" not in page_of(desk.ada)
    discussing.mark_read(by=desk.cora, annotation_id=claim.pk)
    assert "Asked of you" not in page_of(desk.cora)


def test_what_is_asked_of_one_waits_until_one_may_see_it(desk, claim, page_of):
    say(desk.ada, claim, "@ben-strait?", ["ben-strait"])
    assert "Asked of you" not in page_of(desk.ben)
    api.hand_in(desk.article, desk.ben)
    assert "Asked of you" in page_of(desk.ben)


def test_nothing_is_asked_about_what_was_removed(desk, claim, page_of):
    say(desk.ada, claim, "@cora-strait?", ["cora-strait"])
    annotating.remove(by=desk.ada, annotation=claim, seen=1)
    assert "Asked of you" not in page_of(desk.cora)


# The desk

LIST = reverse("admin:annotations_annotation_changelist")


def page_at_the_desk(annotation, name):
    return reverse(f"admin:annotations_annotation_{name}", args=[annotation.pk])


def test_a_curator_reads_the_thread_and_its_history_at_the_desk(desk, claim, page_of):
    comment = say(desk.ada, claim, "First.")
    discussing.rewrite(by=desk.ada, comment=comment, seen=1, text="Second.")
    page = page_of(desk.cora, page_at_the_desk(claim, "change"))
    assert "Second." in page
    assert "First." not in page
    history = page_of(desk.cora, page_at_the_desk(claim, "history"))
    assert "Changed comment by ada-strait" in history
    assert "First." in history


def test_the_words_of_what_was_taken_back_are_not_shown(desk, claim, page_of):
    discussing.remove(by=desk.ada, comment=say(desk.ada, claim, "Nonsense."), seen=1)
    page = page_of(desk.cora, page_at_the_desk(claim, "change"))
    assert "Nonsense." not in page
    assert "Taken back." in page


def test_at_the_desk_an_analyst_is_told_no_more_than_in_the_thread(desk, claim, page_of):
    say(desk.cora, claim, "From above.")
    pages = [page_at_the_desk(claim, name) for name in ("change", "history")]
    pages += [LIST, f"{LIST}?discussed=yes", f"{LIST}?discussed=no"]

    def told():
        return [re.sub(r'value="\w{64}"', "", page_of(desk.ada, page)) for page in pages]

    before = told()
    assert "From above." in before[0]
    api.hand_in(desk.article, desk.ben)
    say(desk.ben, claim, "From beside.")
    assert told() == before


def test_what_is_talked_about_can_be_found(desk, claim, page_of):
    other = factories.claim(desk.article, desk.ada, 4, 12)
    say(desk.ada, claim)
    listed = {
        asked: [
            annotation for annotation in (claim, other)
            if str(annotation.pk) in page_of(desk.cora, f"{LIST}?discussed={asked}")
        ]
        for asked in ("yes", "no")
    }  # fmt: skip
    assert listed == {"yes": [claim], "no": [other]}
