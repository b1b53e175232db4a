"""ClaimReview: what rdflib reads of it is what the project says, and no verdict of ours."""

import json
from collections import Counter

import pytest
from rdflib import Graph, Namespace, URIRef
from rdflib.namespace import RDF

from annotations.exchange.web import claimreview
from tests import parcels

pytestmark = [
    # Of rdflib's own parser.
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning"),
]
SCHEMA = Namespace("https://schema.org/")


@pytest.fixture(scope="module")
def document():
    return json.loads(parcels.written("claimreview"))


@pytest.fixture(scope="module")
def graph(document):
    """The document as a graph, with the vocabulary in place of the context of the network."""
    assert document["@context"] == "https://schema.org"
    local = {**document, "@context": {"@vocab": str(SCHEMA)}}
    return Graph().parse(data=json.dumps(local), format="json-ld")


@pytest.fixture(scope="module")
def claims():
    return {
        annotation.id: (article, annotation)
        for article, annotations in parcels.hard().annotated()
        for annotation in annotations
        if annotation.kind == "claim"
    }


def named(graph, node, name):
    """The names of what a thing has under this name."""
    return sorted(str(graph.value(one, SCHEMA.name)) for one in graph.objects(node, SCHEMA[name]))


def test_every_claim_is_there_with_its_words_and_its_article(graph, claims):
    found = {}
    for node in graph.subjects(RDF.type, SCHEMA.Claim):
        if str(node).startswith("urn:uuid:") and (node, SCHEMA.text, None) in graph:
            article = graph.value(node, SCHEMA.appearance)
            assert graph.value(article, RDF.type) == SCHEMA.NewsArticle
            found[str(node)[9:]] = (str(graph.value(node, SCHEMA.text)), str(article)[9:])
    assert found == {
        pk: (" … ".join(span.quote for span in annotation.spans), article.id)
        for pk, (article, annotation) in claims.items()
    }


def test_a_claim_says_who_about_whom_and_where(graph):
    node = URIRef(f"urn:uuid:{parcels.annotation_id(3)}")
    assert named(graph, node, "author") == ["=Office", "Ada Quill", "Bo “B.” Lee"]
    assert named(graph, node, "about") == ["Union"]
    assert named(graph, node, "keywords") == ["A “norm”", "Ebb", "The strait is calm"]
    article = graph.value(node, SCHEMA.appearance)
    told = [
        str(graph.value(article, SCHEMA[name])) for name in ("headline", "url", "datePublished")
    ]
    assert told == ["The <sea> & “calm”", "https://example.org/1?a=b&c=d", "2024-03-14"]
    assert named(graph, article, "publisher") == ["Strait & Post"]
    office = next(
        one for one in graph.objects(node, SCHEMA.author)
        if str(graph.value(one, SCHEMA.name)) == "=Office"
    )  # fmt: skip
    assert str(graph.value(office, SCHEMA.identifier)) == "urn:wikidata:Q42"
    assert graph.value(office, RDF.type) == SCHEMA.Organization


def test_a_review_is_there_where_a_stand_is_taken_and_nowhere_else(graph, claims):
    expected = Counter()
    for _, annotation in claims.values():
        expected.update(code.stance for code in annotation.codings if code.stance)
        expected.update(link.relation for link in annotation.links if link.relation != "restates")
    words = {stand: stance for stance, stand in claimreview.STANDS.items()}
    found = Counter()
    for review in graph.subjects(RDF.type, SCHEMA.ClaimReview):
        rating = graph.value(review, SCHEMA.reviewRating)
        stand = str(graph.value(rating, SCHEMA.alternateName))
        reviewed = graph.value(review, SCHEMA.itemReviewed)
        of_claim = str(reviewed).startswith("urn:uuid:")
        found[stand if of_claim else words[stand]] += 1
        assert graph.value(rating, SCHEMA.ratingValue) is None
        assert (reviewed, RDF.type, SCHEMA.Claim) in graph
        assert (graph.value(review, SCHEMA.isBasedOn), RDF.type, SCHEMA.Claim) in graph
    assert found == expected == {
        "oppose": 1, "neutral": 1, "unclear": 1, "contradicts": 1, "supports": 1
    }  # fmt: skip


def test_a_review_is_by_the_claimants_and_in_their_words(graph):
    review = URIRef(f"urn:uuid:{parcels.annotation_id(3)}#calm")
    assert named(graph, review, "author") == ["=Office", "Ada Quill", "Bo “B.” Lee"]
    assert str(graph.value(review, SCHEMA.claimReviewed)) == "The strait is calm"
    assert str(graph.value(review, SCHEMA.reviewBody)).startswith("The 👩‍🚒 … x̂ is café")


def test_nothing_of_a_project_without_claims():
    empty = b"".join(claimreview.write(parcels.collected([])))
    assert json.loads(empty)["@graph"] == []
    assert parcels.written("claimreview") == parcels.written("claimreview")
