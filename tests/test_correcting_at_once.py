"""A text is corrected while analysts mark it: nobody's mark is lost or left behind."""

import pytest

from annotations import annotating, correcting, handing
from annotations.content import Content
from annotations.models import Annotation
from corpus_app.history import Stale
from corpus_app.models import Article, Role
from tests import factories
from tests.test_doors_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)

TEXT = "The strait is calm today. Nobody in the harbour agrees.\n\nAda Quill expects a storm."
MENDED = "Ada Quill expects a storm.\n\nThe straits are calm today."


@pytest.fixture
def article():
    return factories.plain_article(factories.ProjectFactory(), TEXT)


def test_marks_made_at_the_moment_of_a_correction_are_all_in_the_new_text(article):
    curator = factories.member(article.project, Role.CURATOR)
    revision = article.revisions.get()
    start = TEXT.index("expects a storm")
    analysts = [factories.member(article.project) for _ in range(3)]
    for analyst in analysts:
        factories.assigned(article, analyst)

    def mark(analyst):
        def call():
            for _ in range(6):
                content = Content("claim", ((start, start + 15, "expects a storm"),))
                annotating.create(by=analyst, revision=revision, content=content)

        return call

    def correct():
        correcting.correct(by=curator, article=article, seen=1, text=MENDED, reason="Misprint.")

    assert at_once(*map(mark, analysts), correct) == {"done": 4}
    newest = article.revisions.get(number=2)
    made = Annotation.objects.prefetch_related("spans")
    assert [one.revision_id for one in made] == [newest.pk] * 18
    places = {(span.start, span.end, span.quote) for one in made for span in one.spans.all()}
    at = newest.text.index("expects a storm")
    assert places == {(at, at + 15, "expects a storm")}


def test_of_two_corrections_at_once_one_is_made(article):
    curator = factories.member(article.project, Role.CURATOR)
    told = []

    def correct(text):
        def call():
            try:
                correcting.correct(by=curator, article=article, seen=1, text=text, reason="Mine.")
            except Stale:
                told.append(text)

        return call

    assert at_once(correct("One."), correct("Two.")) == {"done": 2}
    assert len(told) == 1
    assert (article.revisions.count(), Article.objects.get().version) == (2, 2)


def test_work_is_handed_in_and_given_back_while_the_text_is_corrected(article):
    curator = factories.member(article.project, Role.CURATOR)
    own = factories.assigned(article, factories.member(article.project))

    def pass_to_and_fro():
        now = own
        for _ in range(6):
            now = handing.hand_in(by=own.analyst, assignment=now, seen=now.version)
            now = handing.give_back(by=curator, assignment=now, seen=now.version, comment="Again.")

    def correct():
        for number in range(1, 7):
            now = Article.objects.get(pk=article.pk)
            text = f"{TEXT} And {number} more."
            correcting.correct(by=curator, article=now, seen=number, text=text, reason="More.")

    assert at_once(pass_to_and_fro, correct) == {"done": 2}
