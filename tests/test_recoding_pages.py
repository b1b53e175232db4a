"""Queues on their pages: opened, answered by their coders alone, closed."""

from collections import defaultdict

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from annotations.models import Coding, Recode, Recoding
from corpus_app.models import Role
from tests import factories
from tests.test_recoding import Class, codings

EARLIER = "2026-01-01T00:00Z"


@pytest.fixture
def group(db):
    return Class()


@pytest.fixture
def browse():
    """What a person is answered, each in a browser of her own."""
    clients = defaultdict(Client)

    def browse(who, path, sent=None):
        client = clients[who.pk]
        client.force_login(who)
        return client.get(path) if sent is None else client.post(path, sent)

    return browse


@pytest.fixture
def reply(group, browse):
    """Answer the coder's item of a queue on its page."""

    def reply(who, queue, **sent):
        item = queue.recodes.filter(analyst=who).first()
        sent = {"item": item.pk, "version": item.version, **sent}
        return browse(who, place(queue), sent)

    return reply


def listed(group) -> str:
    return f"/projects/{group.project.slug}/recodings/"


def place(queue: Recoding) -> str:
    return f"/recodings/{queue.pk}/"


def test_a_curator_opens_a_queue_of_what_is_out_of_date(group, browse):
    tag = group.reword("fact", "What can be checked.")
    page = browse(group.curator, listed(group))
    [one] = page.context["outdated"]
    assert (one.tag, one.older, one.ready) == (tag, 2, 2)
    old = "".join(piece.words for piece in one.wording if piece.what != "new")
    new = "".join(piece.words for piece in one.wording if piece.what != "gone")
    assert (old, new) == ("A fact.", "What can be checked.")
    sent = {"tag": "fact", "definition": 2, "reason": "It was too wide."}
    assert browse(group.curator, listed(group), sent).status_code == 302
    page = browse(group.curator, listed(group))
    [queue] = page.context["open"]
    assert (page.context["outdated"], queue.done, queue.total, queue.after) == ([], 0, 2, None)
    assert queue.coders == [("ada", 0, 1), ("bo", 0, 1)]


def test_a_queue_asked_for_under_an_older_wording_is_not_opened(group, browse):
    group.reword("fact", "What can be checked.")
    group.reword("fact", "What can be found out.")
    sent = {"tag": "fact", "definition": 2, "reason": "It was <too> wide."}
    answer = browse(group.curator, listed(group), sent)
    assert (answer.status_code, Recoding.objects.count()) == (412, 0)
    assert 'value="It was &lt;too&gt; wide."' in answer.text
    assert "defined anew after you opened this page" in answer.text


def test_what_cannot_be_opened_says_why(group, browse):
    answer = browse(group.curator, listed(group), {"tag": "norm", "definition": 1})
    assert (answer.status_code, "Nothing that is handed in" in answer.text) == (400, True)


def change(group, browse, **values):
    """What the admin answers when the tag is saved with these values."""
    path = f"/desk/annotations/claimtag/{group.tag('fact').pk}/change/"
    form = browse(group.curator, path).context["adminform"].form
    sent = {name: form[name].value() or "" for name in form.fields}
    inlines = {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0}
    sent |= {f"definitions-{name}": number for name, number in inlines.items()}
    return browse(group.curator, path, {**sent, "position": 1, **values})


def test_the_admin_offers_a_queue_when_a_definition_changes(group, browse):
    assert change(group, browse, definition="What can be checked.").status_code == 302
    text = browse(group.curator, "/desk/annotations/claimtag/").text
    assert "2 annotations were coded under the older wording of “Fact”." in text
    assert f'<a href="{listed(group)}#tag-fact">Open a queue?</a>' in text


def test_a_change_of_colour_offers_nothing(group, browse):
    assert change(group, browse, colour="#aabbcc").status_code == 302
    assert "older wording" not in browse(group.curator, "/desk/annotations/claimtag/").text


def test_the_item_shows_text_definition_and_what_is_new_but_no_earlier_answer(group, browse):
    queue = group.open("calm", reason="It was too wide.")
    answer = browse(group.ada, place(queue))
    text = answer.text
    marked = group.revision.text[20:40]
    assert (f"<mark>{marked}</mark>" in text, "Said anew." in text, "<ins>Said anew" in text) == (
        True, True, True,
    )  # fmt: skip
    assert ("It was too wide." in text, "0 of 1 answered" in text) == (True, True)
    assert "checked" not in text.replace("autocomplete", "")
    before = text
    Recode.objects.update(stance_before="oppose")
    Coding.objects.filter(tag__slug="calm").update(stance="oppose")
    after = browse(group.ada, place(queue)).text
    assert without_tokens(after) == without_tokens(before)


def without_tokens(page: str) -> list[str]:
    return [line for line in page.splitlines() if "csrfmiddlewaretoken" not in line]


def test_a_coder_sees_nobody_elses_items(group, browse, reply):
    queue = group.open("fact")
    before = without_tokens(browse(group.ada, place(queue)).text)
    assert reply(group.bo, queue, answer="does not").status_code == 302
    assert without_tokens(browse(group.ada, place(queue)).text) == before
    item = queue.recodes.get(analyst=group.bo)
    sent = {"item": item.pk, "version": item.version, "answer": "applies"}
    assert browse(group.ada, place(queue), sent).status_code == 404
    for other in (group.curator, factories.member(group.project)):
        assert browse(other, place(queue)).status_code == 404
    stranger = factories.member(factories.ProjectFactory(), Role.MANAGER)
    assert browse(stranger, place(queue)).status_code == 404
    assert browse(stranger, listed(group)).status_code == 404
    assert browse(group.ada, listed(group)).status_code == 403


def test_she_answers_and_takes_the_last_answer_back(group, browse, reply):
    queue = group.open("calm")
    answer = reply(group.ada, queue, answer="applies", stance="oppose", note="Clear now.")
    assert answer["Location"] == place(queue)
    page = browse(group.ada, place(queue))
    assert ("All done" in page.text, codings(group.one)[0]) == (True, ("calm", "oppose", 2))
    reply(group.ada, queue, undo="1")
    page = browse(group.ada, place(queue))
    assert ("0 of 1 answered" in page.text, codings(group.one)[0]) == (
        True, ("calm", "support", 1),
    )  # fmt: skip


def test_what_waits_for_her_is_told_beside_her_lessons(group, browse, reply):
    queue = group.open("calm")
    path = f"/projects/{group.project.slug}/lessons/"
    asked = [browse(who, path).context["asked"] for who in (group.ada, group.bo)]
    assert asked == [[(queue.pk, "The strait is calm", 1)], []]
    assert f'<a href="{place(queue)}">1 annotation of yours' in browse(group.ada, path).text
    reply(group.ada, queue, answer="does not")
    assert browse(group.ada, path).context["asked"] == []


def test_half_an_answer_keeps_what_was_typed(group, reply):
    queue = group.open("calm")
    answer = reply(group.ada, queue, answer="applies", note="Hm <b>.")
    assert answer.status_code == 400
    assert "Say which stance the passage takes." in answer.text
    assert ("Hm &lt;b&gt;." in answer.text, 'value="applies" required' in answer.text) == (
        True, True,
    )  # fmt: skip


def test_an_answer_from_an_older_page_is_not_saved_in_silence(group, reply):
    queue = group.open("calm")
    reply(group.ada, queue, answer="applies", stance="oppose")
    answer = reply(group.ada, queue, answer="does not", note="No.", version=1)
    assert (answer.status_code, "answered this one already" in answer.text) == (412, True)
    assert ("No.</textarea>" in answer.text, codings(group.one)[0]) == (
        True, ("calm", "oppose", 2),
    )  # fmt: skip
    again = answer.context["form"]["version"].value()
    assert reply(group.ada, queue, answer="does not", version=again).status_code == 302
    assert codings(group.one) == [("fact", "", 1)]


def test_what_the_codebook_then_misses_is_told_to_both(group, browse, reply):
    queue = group.open("fact")
    answer = reply(group.bo, queue, answer="does not")
    assert answer.status_code == 302
    assert "no “Claim type” any more" in browse(group.bo, place(queue)).text
    [shown] = browse(group.curator, listed(group)).context["open"]
    assert shown.incomplete == [(group.article.pk, group.article.title, 1)]


def test_agreement_after_is_told_once_all_is_answered(group, browse, reply):
    queue = group.open("fact")
    reply(group.ada, queue, answer="applies")
    [half] = browse(group.curator, listed(group)).context["open"]
    reply(group.bo, queue, answer="applies")
    [whole] = browse(group.curator, listed(group)).context["open"]
    assert (half.done, half.after, whole.done, whole.after["units"]) == (1, None, 2, 1)


def test_figures_that_are_for_managers_stand_nowhere_else(group, browse):
    group.open("fact")
    assert "Agreement before" in browse(group.curator, listed(group)).text
    group.project.figures_for = "managers"
    group.project.save()
    assert "Agreement" not in browse(group.curator, listed(group)).text.partition("<main")[2]


def test_a_curator_closes_it(group, browse):
    queue = group.open("fact")
    path = f"{place(queue)}close/"
    assert browse(group.ada, path, {"version": 1}).status_code == 403
    assert browse(group.curator, path).status_code == 405
    browse(group.curator, path, {"version": 7})
    queue.refresh_from_db()
    assert queue.closed is None
    browse(group.curator, path, {"version": 1})
    page = browse(group.curator, listed(group))
    assert (page.context["open"], len(page.context["closed"])) == ([], 1)
    assert "This queue is closed" in browse(group.ada, place(queue)).text


def test_what_is_gone_is_not_asked(group, browse):
    queue = group.open("calm")
    type(group.one).objects.filter(pk=group.one.pk).update(deleted=EARLIER)
    assert browse(group.ada, place(queue)).status_code == 404


def test_the_number_of_queries_does_not_grow(group, browse):
    def queries(who, path):
        browse(who, path)
        with CaptureQueriesContext(connection) as counted:
            assert browse(who, path).status_code == 200
        return len(counted)

    def close_and_open():
        Recoding.objects.update(closed=EARLIER)
        queue = group.open("fact")
        group.reword("calm")
        return queue

    group.open("fact")
    queue = close_and_open()
    few = queries(group.curator, listed(group)), queries(group.ada, place(queue))
    for number in range(2):
        article = factories.article(
            group.project, f"{factories.PLAIN}\n{number} ships.", by=group.curator
        )
        people = [group.ada, *(factories.member(group.project) for _ in range(2))]
        for who in people:
            codes = (factories.coded(group.tag("calm"), "support"),)
            values = factories.fact(group.project)
            factories.claim(article, who, **{**values, "codes": values["codes"] + codes})
        factories.handed_in(article, *people)
    queue = close_and_open()
    assert (queries(group.curator, listed(group)), queries(group.ada, place(queue))) == few
