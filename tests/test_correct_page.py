"""The page on which a curator corrects a text, and the one with all texts of an article."""

import re

import pytest

from annotations import correcting
from annotations.models import Annotation
from corpus_app.models import Article, Event, Passage, Revision, Role
from corpus_app.text import draft
from tests import factories

pytestmark = pytest.mark.django_db

TEXT = "The strait is calm today. Nobody in the harbour agrees.\n\nAda Quill expects a stomr."


@pytest.fixture
def article():
    return factories.plain_article(factories.ProjectFactory(), TEXT)


@pytest.fixture
def curator(article, client):
    person = factories.member(article.project, Role.CURATOR)
    client.force_login(person)
    return person


@pytest.fixture
def address(article):
    return f"/articles/{article.pk}/correct/"


def sent(article, text, **fields):
    return {"text": text, "version": article.version, "reason": "Misread.", **fields}


def typed(response) -> str:
    """What stands in the text's field, as a browser would send it."""
    found = re.search(r'<textarea name="text"[^>]*>\r?\n(.*?)</textarea>', response.text, re.S)
    return found[1].replace("&#x27;", "'").replace("&quot;", '"').replace("&amp;", "&")


def test_the_text_stands_there_to_be_edited(client, article, curator, address):
    assert typed(client.get(address)) == TEXT


def test_a_text_sent_back_as_it_came_is_nothing_to_store(client, article, curator, address):
    text = typed(client.get(address)).replace("\n", "\r\n")
    answer = client.post(address, sent(article, text, save="1"))
    assert answer.status_code == 400
    assert "The text is the same as before" in answer.text
    assert Revision.objects.count() == 1


def test_a_look_tells_what_saving_would_do_and_stores_nothing(client, article, curator, address):
    analyst = factories.member(article.project, user__first_name="Bram", user__last_name="Visser")
    whole = article.revisions.get().text
    for quote in ("calm today", "a stomr", "Nobody in the harbour"):
        factories.claim(article, analyst, whole.index(quote), whole.index(quote) + len(quote))
    text = "Ada Quill expects a storm.\r\n\r\nThe strait is calm today."
    answer = client.post(address, sent(article, text, look="1"))
    assert answer.status_code == 200
    assert re.findall(r"<strong>(\d)</strong>", answer.text) == ["1", "1", "1"]
    assert '<q dir="auto">a <del>stomr</del><ins>storm</ins></q>' in answer.text
    assert "Nobody in the harbour" in answer.text
    assert "Bram Visser" in answer.text
    assert (Revision.objects.count(), Article.objects.get().version) == (1, 1)


def test_saving_stores_the_next_revision_and_opens_the_workbench(client, article, curator, address):
    text = f"[title] A calm day\r\n\r\n{TEXT}\r\n\r\n[caption]  Two ships.\r\n"
    answer = client.post(address, sent(article, text, save="1"), follow=True)
    assert answer.redirect_chain == [(f"/articles/{article.pk}/", 302)]
    revision = article.revisions.get(number=2)
    assert revision.text == f"A calm day\n\n{TEXT}\n\n Two ships."
    assert [p.kind for p in revision.passages.all()] == ["title", "body", "body", "caption"]
    assert "Revision 2 is stored." in answer.text
    assert f'href="/articles/{article.pk}/revisions/">revision 2</a>' in answer.text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "There is no text in it."),
        ("[caption]\r\n\r\nMore.", "Passage 1 is “[caption]” and has no words."),
    ],
)
def test_what_is_no_text_is_told_and_the_typing_kept(
    client, article, curator, address, text, message
):
    for button in ("look", "save"):
        answer = client.post(address, sent(article, text, **{button: "1"}))
        assert answer.status_code == 400
        assert message in answer.text
        assert typed(answer) == text


def test_without_a_reason_nothing_is_stored_and_the_look_stays(client, article, curator, address):
    answer = client.post(address, sent(article, "Another.", reason="", save="1"))
    assert answer.status_code == 400
    assert "Say why the text is corrected." in answer.text
    assert typed(answer) == "Another."


def test_who_was_overtaken_keeps_her_typing_and_sees_the_text_of_now(
    client, article, curator, address
):
    other = factories.member(article.project, Role.CURATOR, user__first_name="Ciro")
    correcting.correct(by=other, article=article, seen=1, text="Theirs now.", reason="Faster.")
    article.version = 1
    answer = client.post(address, sent(article, "Mine now.", save="1"))
    assert answer.status_code == 412
    assert "Not stored: Ciro stored revision 2" in answer.text
    assert "Faster." in answer.text
    assert typed(answer) == "Mine now."
    assert "<del>Theirs</del><ins>Mine</ins>" in answer.text
    assert 'name="version" value="2"' in answer.text
    assert Revision.objects.count() == 2


def test_only_curators_correct(client, article, address):
    client.force_login(factories.member(article.project))
    assert [client.get(address).status_code, client.post(address).status_code] == [403, 403]
    client.force_login(factories.member(factories.ProjectFactory(), Role.CURATOR))
    assert [client.get(address).status_code, client.post(address).status_code] == [404, 404]


def test_only_curators_are_offered_to_correct(client, article, curator):
    words = f'href="/articles/{article.pk}/correct/"'
    assert words in client.get(f"/articles/{article.pk}/").text
    client.force_login(factories.member(article.project))
    assert words not in client.get(f"/articles/{article.pk}/").text
    assert words not in client.get(f"/articles/{article.pk}/revisions/").text


def test_the_revisions_tell_who_made_them_why_and_what_differs(client, article, curator):
    correct(article, curator, TEXT.replace("stomr", "storm"))
    correct(article, curator, "Another.")
    page = f"/articles/{article.pk}/revisions/"
    latest = client.get(page).text
    assert latest.count("Misread.") == 2
    assert "As it came in." in latest
    assert "Revision 2 → 3" in latest
    answer = client.get(page, {"old": 1, "new": 2}).text
    assert "a <del>stomr</del><ins>storm</ins>." in answer
    assert client.get(page, {"old": "x", "new": 9}).status_code == 200


def test_a_text_corrected_never_has_nothing_to_compare(client, article, curator):
    answer = client.get(f"/articles/{article.pk}/revisions/")
    assert answer.status_code == 200
    assert "Compare" not in answer.text


def test_an_earlier_text_is_brought_back(client, article, curator):
    analyst = factories.member(article.project)
    claim = factories.claim(article, analyst, 26, 32)
    correct(article, curator, "The strait is calm today.")
    article.refresh_from_db()
    answer = client.post(
        f"/articles/{article.pk}/revisions/bring-back/", {"number": 1, "version": article.version}
    )
    assert answer.url == f"/articles/{article.pk}/"
    newest = article.revisions.get(number=3)
    assert newest.text == TEXT
    assert Annotation.objects.get(pk=claim.pk).revision == newest


def test_an_old_page_brings_nothing_back(client, article, curator):
    correct(article, curator, "Another.")
    answer = client.post(
        f"/articles/{article.pk}/revisions/bring-back/", {"number": 1, "version": 1}, follow=True
    )
    assert "Nothing was brought back" in answer.text
    assert article.revisions.count() == 2


def test_a_draft_of_any_stored_text_reads_as_that_text_again(article):
    pieces = ["[title] is what it says", "  two\n lines ", "é\u0301 👩‍🚀", "שלום (עולם)", "[sic]"]
    kinds = ["body", "caption", "title", "note", "body"]
    text, slices, at = "\n\n".join(pieces), [], 0
    for kind, piece in zip(kinds, pieces, strict=True):
        slices.append(Passage(kind=kind, start=at, end=at + len(piece)))
        at += len(piece) + 2
    read, found = draft.read(draft.written(text, slices))
    assert read == text
    assert [(s.kind, s.start, s.end) for s in found] == [(s.kind, s.start, s.end) for s in slices]


def correct(article, by, text):
    seen = Article.objects.get(pk=article.pk).version
    correcting.correct(by=by, article=article, seen=seen, text=text, reason="Misread.")


def test_the_desk_leads_to_the_texts_and_names_them_in_the_history(client, article, curator):
    claim = factories.claim(article, factories.member(article.project), 0, 10)
    correct(article, curator, TEXT.replace("stomr", "storm"))
    links = [f"/articles/{article.pk}/{page}/" for page in ("revisions", "correct")]
    desk = client.get(f"/desk/corpus_app/article/{article.pk}/change/").text
    assert [f'<a href="{link}">' in desk for link in links] == [True, True]
    event = Event.objects.get(verb="carried", object_id=claim.pk)
    told = client.get(f"/desk/corpus_app/event/{event.pk}/change/").text
    assert "<td>revision 1</td><td>revision 2</td>" in told
    client.force_login(factories.member(article.project))
    desk = client.get(f"/desk/corpus_app/article/{article.pk}/change/").text
    assert [f'<a href="{link}">' in desk for link in links] == [True, False]
