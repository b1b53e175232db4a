"""Many new annotations at once: what is plain is stored as it would be by itself."""

import uuid

import pytest

from annotations import annotating, codebook, correcting, making
from annotations.content import Content, Tie
from annotations.making import Draft
from annotations.models import Annotation, Assignment
from corpus_app import actors
from corpus_app.models import Event
from tests import api, factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return api.desk()


def claim(desk, start=0, **more) -> Content:
    values = {
        "parts": (factories.claimant(desk.office),),
        "codes": (factories.coded(desk.fact), factories.coded(desk.calm, "support")),
        "note": "Seen.",
    }
    return Content("claim", ((start, start + 4, None),), **values | more)


def made(desk, *contents, revision=None, ids=None) -> list[Annotation | None]:
    drafts = [
        Draft(revision or desk.revision, content, pk)
        for content, pk in zip(contents, ids or [None] * len(contents), strict=True)
    ]
    return making.create_plain(by=desk.ada, drafts=drafts)


def told(annotation) -> tuple:
    """What is stored of an annotation and of its making, but for ids and moments."""
    event = Event.objects.get(object_id=str(annotation.pk))
    return (
        annotating.snapshot(Annotation.objects.get(pk=annotation.pk)),
        (event.verb, event.version, event.before, event.after, event.by, event.author),
        (annotation.author, annotation.origin, annotation.state, annotation.version),
    )  # fmt: skip


def test_what_is_stored_together_is_as_if_each_was_stored_by_itself(desk):
    contents = [claim(desk), claim(desk, 8, codes=()), Content("mention", ((4, 8, None),))]
    alone = [
        annotating.create(by=desk.ada, revision=desk.revision, content=content)[0]
        for content in contents
    ]
    assert [told(one) for one in made(desk, *contents)] == [told(one) for one in alone]
    assert Assignment.objects.get(analyst=desk.ada).state == "started"


def test_what_is_not_plain_is_left(desk):
    first, known = made(desk, claim(desk), claim(desk, 8), ids=[None, uuid.uuid4()])
    actors.retire(by=desk.cora, actor=desk.office, seen=1)
    gone = factories.actor(desk.project, "Ferry Office", by=desk.cora)
    tag = codebook.TagValues("Retired", slug="retired")
    tag = codebook.create_tag(by=desk.cora, facet=desk.calm.facet, values=tag)
    codebook.retire(by=desk.cora, thing=tag, seen=1)
    fits = {"parts": (factories.claimant(gone),)}
    twice = uuid.uuid4()
    found = made(
        desk,
        claim(desk),  # of an actor who is retired
        claim(desk, **fits, codes=(factories.coded(tag),)),
        claim(desk, **fits, links=(Tie("supports", str(first.pk)),)),
        claim(desk, 99_999, **fits),
        claim(desk, **fits),
        claim(desk, **fits),
        claim(desk, **fits),
        ids=[None, None, None, None, known.pk, twice, twice],
    )
    assert [bool(one) for one in found] == [False] * 5 + [True, False]


def test_nothing_is_stored_together_in_an_article_that_is_handed_in(desk):
    Assignment.objects.filter(analyst=desk.ada).update(state="handed_in")
    assert (made(desk, claim(desk)), Annotation.objects.count()) == ([None], 0)


def test_what_was_counted_in_an_older_text_is_left(desk):
    text = factories.PLAIN.replace("calm", "still")
    seen = correcting.preview(article=desk.article, text=text)
    assert seen is not None
    correcting.correct(
        by=desk.cora, article=desk.article, seen=desk.article.version, text=text, reason="Misprint."
    )
    assert made(desk, claim(desk)) == [None]


def test_many_cost_as_many_queries_as_one(desk):
    made(desk, claim(desk))  # which begins her work on the article
    one, many = (api.queries(lambda n=n: made(desk, *[claim(desk)] * n)) for n in (1, 40))
    assert one == many
