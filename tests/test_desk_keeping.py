"""A person's own desk: her keys and choices, and where she reads."""

import json
import re

import pytest

from annotations import correcting, desk_keeping
from annotations.desk_keeping import DeskError
from annotations.models import Preference, ReadingPosition
from corpus_app.models import Event
from tests import api, factories

pytestmark = pytest.mark.django_db

UNSAID = {"keys": {}, "density": "all", "toured": False}


@pytest.fixture
def desk():
    return api.desk()


@pytest.fixture
def ada(desk):
    return api.Caller(desk.ada)


def on_page(person, article) -> dict:
    """What the workbench's page carries."""
    page = api.Caller(person).client.get(f"/articles/{article.pk}/").content.decode()
    return json.loads(re.search(r'<script id="page-data"[^>]*>(.*?)</script>', page)[1])


# Preferences


def test_whoever_chose_nothing_has_the_usual(desk, ada):
    assert ada.get("preferences/").json() == UNSAID
    assert on_page(desk.ada, desk.article)["preference"] == UNSAID
    assert Preference.objects.count() == 0


def test_what_is_sent_is_changed_and_the_rest_stays(desk, ada):
    keys = {"undo": "Ctrl+U", "like-last": "&", "tour": ""}
    assert ada.ask("PATCH", "preferences/", {"keys": keys}).json() == {**UNSAID, "keys": keys}
    chosen = {"keys": keys, "density": "mine", "toured": True}
    answer = ada.ask("PATCH", "preferences/", {"density": "mine", "toured": True})
    assert answer.json() == ada.get("preferences/").json() == chosen
    assert on_page(desk.ada, desk.article)["preference"] == chosen
    assert ada.ask("PATCH", "preferences/", {"keys": {}, "toured": False}).json() == {
        "keys": {}, "density": "mine", "toured": False,
    }  # fmt: skip


def test_preferences_are_each_persons_own_and_leave_no_history(desk, ada):
    before = Event.objects.count()
    ada.ask("PATCH", "preferences/", {"density": "none"})
    assert api.Caller(desk.ben).get("preferences/").json() == UNSAID
    assert Event.objects.count() == before


@pytest.mark.parametrize(
    "body",
    [
        {"density": "some"}, {"density": ""}, {"density": None}, {"density": 1}, {"toured": 1},
        {"toured": "true"}, {"toured": None}, {"keys": None}, {"keys": []}, {"keys": "u"},
        {"keys": {"undo": 1}}, {"keys": {"undo": None}}, {"keys": {"undo": ["u"]}},
        {"keys": {"Undo": "u"}}, {"keys": {"": "u"}}, {"keys": {"un do": "u"}},
        {"keys": {"undo": " "}}, {"keys": {"undo": "a\n"}}, {"keys": {"undo": "\x07"}},
        {"keys": {"undo": "u" * 41}}, {"keys": {"u" * 41: "u"}}, {"keys": {"\u0131": "u"}},
        {"keys": {f"command-{n}": "u" for n in range(201)}}, {"user": 1}, {"id": 1},
    ],
)  # fmt: skip
def test_a_preference_that_there_cannot_be_is_refused(ada, body):
    answer = ada.ask("PATCH", "preferences/", body)
    assert (answer.status_code, api.wrong(answer)) == (400, list(body))
    assert ada.get("preferences/").json() == UNSAID


@pytest.mark.parametrize("body", [b"[]", b"null", b"{", b'{"keys": {"undo": "\\ud800"}}'])
def test_a_body_that_cannot_be_read_is_told(ada, body):
    assert ada.ask("PATCH", "preferences/", body).status_code == 400


def test_two_hundred_commands_can_have_keys(ada):
    keys = {f"command-{n}": "u" for n in range(200)}
    assert ada.ask("PATCH", "preferences/", {"keys": keys}).json()["keys"] == keys


# Where one reads


def keep(caller, desk, place, revision=None):
    body = {"revision": str((revision or desk.revision).pk), "place": place}
    return caller.ask("PUT", f"articles/{desk.article.pk}/reading-position/", body)


def test_the_page_carries_where_one_stopped_the_last_time(desk, ada):
    assert on_page(desk.ada, desk.article)["position"] is None
    for place in (40, 12):
        assert keep(ada, desk, place).status_code == 204
    assert on_page(desk.ada, desk.article)["position"] == 12
    assert on_page(desk.ben, desk.article)["position"] is None
    assert ReadingPosition.objects.count() == 1


def test_the_end_of_the_text_is_the_last_place(desk, ada):
    length = len(desk.revision.text)
    assert [keep(ada, desk, place).status_code for place in (length, length + 1)] == [204, 400]


@pytest.mark.parametrize("place", [-1, 1.5, "3", True, None, 2**40, [], {}])
def test_a_place_is_a_number_of_code_points(desk, ada, place):
    answer = keep(ada, desk, place)
    assert (answer.status_code, api.wrong(answer)) == (400, ["place"])


def test_a_place_is_in_a_text_of_this_article(desk, ada):
    other = factories.plain_article(desk.project, "Another text.\n", by=desk.cora)
    answer = keep(ada, desk, 1, other.revisions.get())
    assert (answer.status_code, api.wrong(answer)) == (400, ["revision"])


def test_a_text_that_became_shorter_ends_the_place(desk):
    length = len(desk.revision.text)
    desk_keeping.keep_place(by=desk.ada, revision=desk.revision, place=length)
    correcting.correct(
        by=desk.cora, article=desk.article, seen=1, text="The strait.", reason="Cut."
    )
    assert on_page(desk.ada, desk.article)["position"] == len("The strait.")


def test_the_door_refuses_a_place_outside_the_text(desk):
    for place in (-1, len(desk.revision.text) + 1):
        with pytest.raises(DeskError):
            desk_keeping.keep_place(by=desk.ada, revision=desk.revision, place=place)
