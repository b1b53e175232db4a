"""Filters of annotations combine, and cost the same however much there is."""

from datetime import date

import pytest

from annotations import codebook, filters
from annotations.content import Tie
from annotations.models import Annotation
from corpus_app.models import Article, Outlet, Story
from tests import api, factories

NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def desk(db):
    """Two articles of two outlets, a tree of tags, and three claims and a mention."""
    desk = api.desk()
    far = factories.plain_article(desk.project, "Far away.\n\nStorms.\n", by=desk.cora)
    factories.assigned(far, desk.ada)
    desk.outlet, desk.story = (
        Outlet.objects.create(project=desk.project, name="The Quay", name_key="the quay"),
        Story.objects.create(project=desk.project, title="Calm"),
    )
    Article.objects.filter(pk=far.pk).update(
        outlet=desk.outlet, story=desk.story, published_on=date(2024, 3, 14), language="pl"
    )
    values = codebook.TagValues("Calm at night", slug="night", parent=desk.calm)
    desk.night = codebook.create_tag(by=desk.cora, facet=desk.calm.facet, values=values)
    by = (factories.claimant(desk.office),)
    fact, calm = factories.coded(desk.fact), factories.coded(desk.calm, "oppose")
    night = factories.coded(desk.night, "support")
    desk.claims = {
        "calm": factories.claim(desk.article, desk.ada, 0, 10, parts=by, codes=(fact, calm)),
        "night": factories.claim(far, desk.ada, 0, 3, codes=(fact, night), note="Ächzend, still"),
        "bare": factories.claim(far, desk.ada, 11, 17),
    }
    Annotation.objects.filter(pk=desk.claims["bare"].pk).update(
        attribution="quoted", certainty="low", flagged=True, origin="import"
    )
    factories.annotating.link(
        by=desk.ada, annotation=desk.claims["night"],
        links=[Tie("supports", str(desk.claims["calm"].pk))],
    )  # fmt: skip
    return desk


def named(desk, query: str) -> list[str]:
    """Which of the claims are found."""
    rows = api.Caller(desk.ada).results(f"annotations/?{query}")
    names = {str(claim.pk): name for name, claim in desk.claims.items()}
    return [names[row["id"]] for row in rows]


def test_every_filter_finds_what_it_says_and_they_combine(desk):
    every = ["calm", "night", "bare"]
    calm, claim = desk.calm, desk.claims["calm"]
    made, moved = (
        moment.isoformat().replace("+00:00", "Z") for moment in (claim.created, claim.updated)
    )
    cases = {
        "project=strait": every,
        "project=elsewhere": [],
        "outlet=The+Quay": ["night", "bare"],
        f"outlet={desk.outlet.pk}": ["night", "bare"],
        f"outlet={NOBODY}": [],
        f"story={desk.story.pk}": ["night", "bare"],
        "story=Calm": ["night", "bare"],
        "language=pl": ["night", "bare"],
        "published_after=2024-03-14": ["night", "bare"],
        "published_after=2024-03-15": [],
        "published_before=2024-03-14": ["night", "bare"],
        "published_before=2024-03-13": [],
        f"created_before={made}": ["calm"],
        f"created_after={made}": every,
        f"updated_before={moved}": ["calm"],
        f"tag={calm.pk}": ["calm"],
        f"tag={calm.pk}&subtree=true": ["calm", "night"],
        f"tag={calm.pk}&subtree=true&stance=support": ["night"],
        f"tag={desk.fact.pk}&stance=support": [],
        f"tag={NOBODY}&subtree=true": [],
        f"facet={calm.facet_id}": ["calm", "night"],
        f"facet={calm.facet_id}&stance=oppose": ["calm"],
        f"facet={calm.facet_id}&tag={desk.fact.pk}": [],
        f"actor={desk.office.pk}&role=claimant": ["calm"],
        "attribution=quoted": ["bare"],
        "certainty=low": ["bare"],
        "origin=import": ["bare"],
        "flagged=true": ["bare"],
        "flagged=false": ["calm", "night"],
        f"linked_to={claim.pk}": ["night"],
        "text=ächzend": ["night"],
        "text=STILL+ächzend": ["night"],
        "text=storms": ["bare"],
        "text=far+storms": [],
        "text=%25": [],
        f"outlet=The+Quay&tag={calm.pk}&subtree=true&text=still&sort=-updated": ["night"],
        "sort=-created": every[::-1],
        "layer=gold": [],
    }
    assert {query: named(desk, query) for query in cases} == cases


@pytest.mark.parametrize("few", [filters.FEW, 1, 0])
def test_words_are_found_however_frequent_they_are(desk, monkeypatch, few):
    monkeypatch.setattr(filters, "FEW", few)
    cases = {
        "text=a": ["calm", "night"],
        "text=a+ÄCHZEND": ["night"],
        "text=ächzend+a": ["night"],
        "text=still+storms": [],
        "text=nowhere": [],
        "text=a&project=strait&sort=-created": ["night", "calm"],
        "text=a&project=elsewhere": [],
    }
    assert {query: named(desk, query) for query in cases} == cases


def test_filters_of_other_nouns_find_what_they_say(desk):
    ada = api.Caller(desk.ada)
    cases = {
        "articles/?outlet=The+Quay&language=pl": 1,
        f"articles/?story={desk.story.pk}&published_after=2024-03-15": 0,
        "articles/?search=PLAIN": 2,
        "actors/?starts=harb": 1,
        "actors/?starts=office": 0,
        "actors/?retired=true": 0,
        "actors/?retired=false": 1,
        "outlets/?name=the+quay": 1,
        "stories/?search=alm": 1,
        f"revisions/?article={desk.article.pk}&newest=true": 1,
        "revisions/?newest=false": 0,
        f"tags/?parent={desk.calm.pk}": 1,
        "tags/?slug=night&current=true": 1,
        "members/?role=analyst": 1,
        "assignments/?state=started&analyst=ada-strait": 2,
        "assignments/?analyst=ben-strait": 0,
    }
    assert {path: len(ada.results(path)) for path in cases} == cases


def test_a_filtered_list_costs_the_same_for_a_few_and_for_many(desk):
    ada = api.Caller(desk.ada)
    query = f"project=strait&tag={desk.calm.pk}&subtree=true&outlet=The+Quay&actor={desk.office.pk}"
    paths = [
        f"annotations/?{query}",
        f"annotations/?project=strait&text=a&facet={desk.fact.facet_id}",
    ]
    few = [api.queries(lambda path=path: ada.results(path)) for path in paths]
    api.claims(desk, desk.ada, 12)
    assert [api.queries(lambda path=path: ada.results(path)) for path in paths] == few
