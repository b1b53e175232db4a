"""A text is written anew, and only if it is one."""

import pytest

from corpus_app import revising, text
from corpus_app.history import Stale
from corpus_app.models import Article, Event, Fingerprint, Passage, Revision
from corpus_app.text import Slice, draft
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def article():
    return factories.plain_article(factories.ProjectFactory(), "One text.\n\nAnother text.")


def revise(article, wording, **values):
    by = factories.UserFactory()
    values = {"seen": article.version, "reason": "Misprinted.", **values}
    return revising.revise(by=by, article=article, wording=wording, **values)


def test_the_next_revision_has_passages_and_leaves_the_last_as_it_was(article):
    first = article.revisions.get()
    second = revise(article, revising.of_draft("[title] A title\n\nOne text."))
    assert (second.number, second.text) == (2, "A title\n\nOne text.")
    assert second.sha256 == text.sha256(second.text)
    assert [(p.number, p.kind, p.slice(second.text)) for p in second.passages.all()] == [
        (1, "title", "A title"), (2, "body", "One text."),
    ]  # fmt: skip
    assert Revision.objects.get(number=1).text == first.text
    assert revising.newest(article) == second
    assert Article.objects.get().version == 2


def test_history_keeps_both_numbers_and_the_reason(article):
    revise(article, revising.of_draft("One text."), reason=" Misprinted. ")
    event = Event.objects.get(verb="corrected")
    assert (event.noun, event.object_id, event.version) == ("article", str(article.pk), 2)
    assert (event.before["revision"], event.after["revision"]) == (1, 2)
    assert event.after["reason"] == "Misprinted."


def test_what_was_said_twice_is_looked_for_in_the_new_text(article):
    long = "Nobody in the harbour says so, but the ferries sail again at nine every morning. "
    revise(article, revising.of_draft(long * 3))
    newest = Passage.objects.filter(revision__number=2)
    assert Fingerprint.objects.filter(passage__in=newest).exists()


def test_who_saw_an_older_version_is_refused(article):
    revise(article, revising.of_draft("One text."), seen=1)
    with pytest.raises(Stale):
        revise(article, revising.of_draft("Else."), seen=1)


def test_a_kind_alone_is_a_correction(article):
    revise(article, revising.of_draft("[caption] One text.\n\nAnother text."))
    assert [p.kind for p in Passage.objects.filter(revision__number=2)] == ["caption", "body"]


def test_the_same_text_is_none(article):
    with pytest.raises(revising.RevisingError, match="same as before"):
        revise(article, revising.of_revision(article.revisions.get()))


@pytest.mark.parametrize(
    ("words", "slices"),
    [
        ("One\r\ntext", [("body", 0, 9)]),
        ("e\u0301", [("body", 0, 2)]),
        ("One text", [("body", 0, 3)]),
        ("One text", [("body", 0, 9)]),
        ("One text", [("body", 0, 5), ("body", 4, 8)]),
        ("One text", [("body", 4, 8), ("body", 0, 4)]),
        ("One text", [("body", 3, 3), ("body", 0, 8)]),
        ("One text", [("menu", 0, 8)]),
        ("One text", []),
    ],
)
def test_what_is_no_text_in_passages_is_refused(article, words, slices):
    wording = revising.Wording(words, tuple(Slice(*piece) for piece in slices))
    with pytest.raises(revising.RevisingError):
        revise(article, wording)
    assert Revision.objects.count() == 1


DRAFTS = {
    "plain": ("One.\n\nTwo.", "One.\n\nTwo.", ["body", "body"]),
    "kinds": ("[title] One.\n\n[NOTE] Two.", "One.\n\nTwo.", ["title", "note"]),
    "many blank lines": ("One.\n \n\t\n\nTwo.\n\n", "One.\n\nTwo.", ["body", "body"]),
    "a line end inside": ("One\ntwo.", "One\ntwo.", ["body"]),
    "Windows": ("One.\r\n\r\nTwo.\r\n", "One.\n\nTwo.", ["body", "body"]),
    "blanks at the ends": ("  One. \n\n Two.", "  One. \n\n Two.", ["body", "body"]),
    "decomposed": ("Cafe\u0301.", "Café.", ["body"]),
    "brackets of its own": ("[sic] One.\n\n[body] [title] Two.", "[sic] One.\n\n[title] Two.",
                            ["body", "body"]),
    "a kind and a line end": ("[caption]\nOne.", "One.", ["caption"]),
}  # fmt: skip


@pytest.mark.parametrize("case", DRAFTS)
def test_a_draft_is_read(case):
    typed, words, kinds = DRAFTS[case]
    found, slices = draft.read(typed)
    assert (found, [piece.kind for piece in slices]) == (words, kinds)
    assert draft.read(draft.written(found, slices)) == (found, slices)
