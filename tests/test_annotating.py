"""The door to annotations."""

import uuid

import pytest

from annotations import annotating, assigning
from annotations.content import Content, Part
from annotations.models import Annotation, ClaimTag
from corpus_app.history import Stale
from corpus_app.models import Event
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return factories.ProjectFactory()


@pytest.fixture
def article(project):
    return factories.article(project)


@pytest.fixture
def analyst(project):
    return factories.member(project)


@pytest.fixture
def text(article):
    return article.revisions.get().text


def test_a_claim_is_stored_with_the_quote_cut_from_the_text(article, analyst, text):
    claim = factories.claim(article, analyst, 0, 10)
    assert [(s.start, s.end, s.quote) for s in claim.spans.all()] == [(0, 10, text[:10])]


def test_a_creation_sent_twice_is_made_once(article, analyst):
    factories.assigned(article, analyst)
    sent = {
        "by": analyst,
        "revision": article.revisions.get(),
        "content": Content("claim", ((0, 5, None),)),
        "id": uuid.uuid4(),
    }
    first, made_first = annotating.create(**sent)
    second, made_second = annotating.create(**sent)
    assert (first.pk, made_first, made_second) == (second.pk, True, False)
    assert Annotation.objects.count() == 1
    assert Event.objects.filter(noun="annotation").count() == 1


def test_a_stale_change_is_refused_with_the_present_state(article, analyst):
    claim = factories.claim(article, analyst)
    stale = Annotation.objects.get(pk=claim.pk)
    content = Content("claim", ((4, 10, None),), note="first")
    annotating.rewrite(by=analyst, annotation=claim, seen=1, content=content)
    with pytest.raises(Stale) as refused:
        annotating.rewrite(by=analyst, annotation=stale, seen=1, content=content)
    assert (refused.value.current.version, refused.value.current.note) == (2, "first")


def test_a_removed_annotation_is_restored_as_it_was(article, analyst):
    claim = factories.claim(article, analyst, note="mind the gap")
    annotating.remove(by=analyst, annotation=claim, seen=1)
    assert claim.deleted
    restored = annotating.restore(by=analyst, annotation=claim, seen=2, version=1)
    assert (restored.deleted, restored.version, restored.note) == (None, 3, "mind the gap")


def test_nothing_is_written_after_the_article_was_handed_in(article, analyst):
    mention = factories.actor(article.project, "Harbour Office")
    factories.assigned(article, analyst)
    annotation, _ = annotating.create(
        by=analyst,
        revision=article.revisions.get(),
        content=Content("mention", ((0, 5, None),), (Part("named", str(mention.pk)),)),
    )
    assignment = analyst.assignments.get()
    assigning.hand_in(by=analyst, assignment=assignment, seen=assignment.version)
    with pytest.raises(annotating.AnnotatingError, match="handed in"):
        annotating.remove(by=analyst, annotation=annotation, seen=1)


def test_what_the_codebook_requires_makes_a_claim_complete(article, analyst):
    factories.small_codebook(article.project)
    fact = ClaimTag.objects.get(slug="fact")
    claim = factories.claim(article, analyst)
    assert claim.state == "draft"
    content = Content(
        "claim",
        ((0, 5, None),),
        (Part("claimant", stands_for="author"),),
        (factories.coded(fact),),
    )
    annotating.rewrite(by=analyst, annotation=claim, seen=1, content=content)
    assert claim.state == "complete"
