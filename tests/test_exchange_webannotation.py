"""W3C Web Annotation: it loads in an RDF library, and every selector resolves to its quote."""

import json
from pathlib import Path

import pytest
from rdflib import Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.namespace import RDF

from annotations.models import Annotation
from corpus_app.models import Revision, Role
from tests import corpus, exchange, factories

pytestmark = [
    pytest.mark.django_db,
    # Of rdflib's own parser.
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning"),
]

FORMATS = Path(__file__).resolve().parents[2] / "shared" / "formats" / "web-annotation"
CONTEXT = FORMATS / "w3c-web-annotation" / "jsonld" / "anno.jsonld"
OA = Namespace("http://www.w3.org/ns/oa#")
AS = Namespace("http://www.w3.org/ns/activitystreams#")
OURS = Namespace("urn:crossread:")

needs_context = pytest.mark.skipif(
    not CONTEXT.exists(), reason="the W3C's context is not beside this repository"
)


def loaded(user, project) -> Graph:
    """The export as a graph, with the W3C's context from a file instead of the network."""
    document = json.loads(exchange.exported(user, project, "jsonld"))
    published = json.loads(CONTEXT.read_text())["@context"]
    assert document["@context"][0] == "http://www.w3.org/ns/anno.jsonld"
    document["@context"][0] = published
    return Graph().parse(data=json.dumps(document), format="json-ld")


def resolved(graph: Graph) -> list[tuple[str, str, str]]:
    """For each target: the id of its source, the words at its position, and its quote.

    Raises AssertionError where prefix and suffix do not stand around the quote.
    """
    found = []
    for annotation in graph.subjects(RDF.type, OA.Annotation):
        for target in graph.objects(annotation, OA.hasTarget):
            source = str(graph.value(target, OA.hasSource)).removeprefix("urn:uuid:")
            text = Revision.objects.get(pk=source).text
            selectors = list(graph.objects(target, OA.hasSelector))
            kinds = {graph.value(each, RDF.type): each for each in selectors}
            position, quote = kinds[OA.TextPositionSelector], kinds[OA.TextQuoteSelector]
            start = graph.value(position, OA.start).toPython()
            end = graph.value(position, OA.end).toPython()
            assert text[:start].endswith(str(graph.value(quote, OA.prefix)))
            assert text[end:].startswith(str(graph.value(quote, OA.suffix)))
            found.append((source, text[start:end], str(graph.value(quote, OA.exact))))
    return found


@needs_context
def test_every_selector_resolves_to_its_quote_in_a_hard_text():
    project, cora = exchange.hard_project()
    found = resolved(loaded(cora, project))
    assert all(words == quote for _, words, quote in found)
    assert set(exchange.QUOTES) <= {quote for _, _, quote in found}
    standing = Annotation.objects.standing().filter(project=project)
    spans = standing.values_list("spans__quote", flat=True)
    assert sorted(quote for _, _, quote in found) == sorted(spans)


@needs_context
@corpus.needs_corpus
def test_every_selector_resolves_to_its_quote_in_the_real_articles():
    project, cora = exchange.real_project()
    found = resolved(loaded(cora, project))
    coded = (corpus.CORPUS / "claims.jsonl").read_text()
    claims = [json.loads(line) for line in coded.splitlines()]
    assert sorted(quote for _, _, quote in found) == sorted(claim["quote"] for claim in claims)
    assert all(words == quote for _, words, quote in found)


@needs_context
def test_a_claim_carries_its_people_tags_and_note():
    project, cora = exchange.hard_project()
    graph = loaded(cora, project)
    claim = Annotation.objects.get(project=project, note__contains="note")
    node = URIRef(f"urn:uuid:{claim.pk}")
    assert graph.value(node, OA.motivatedBy) == OA.classifying
    bodies = {
        (
            graph.value(body, OA.hasPurpose),
            str(graph.value(body, RDF.value)),
            str(graph.value(body, OURS.role) or graph.value(body, OURS.stance) or ""),
        )
        for body in graph.objects(node, OA.hasBody)
        if graph.value(body, OA.hasPurpose) != OA.linking
    }
    assert bodies == {
        (OA.identifying, "=Office", "claimant"),
        (OA.identifying, "@author", "claimant"),
        (OA.identifying, "Union", "target"),
        (OA.identifying, "@outlet", "voice"),
        (OA.tagging, "norm", ""),
        (OA.tagging, "calm", "oppose"),
        (OA.commenting, claim.note, ""),
    }


@needs_context
def test_a_claim_carries_its_links_certainty_flag_and_endorsement():
    project, cora = exchange.hard_project()
    graph = loaded(cora, project)
    claim = Annotation.objects.get(project=project, flagged=True)
    node = URIRef(f"urn:uuid:{claim.pk}")
    assert str(graph.value(node, OURS.certainty)) == "low"
    assert graph.value(node, OURS.flagged).toPython() is True
    bodies = list(graph.objects(node, OA.hasBody))
    [link] = [body for body in bodies if graph.value(body, OA.hasPurpose) == OA.linking]
    there = URIRef(f"urn:uuid:{claim.links.get().claim_id}")
    assert (graph.value(link, OA.hasSource), str(graph.value(link, OURS.relation))) == (
        there, "contradicts",
    )  # fmt: skip
    endorsed = {str(graph.value(body, OURS.endorsement) or "") for body in bodies}
    assert endorsed == {"", "distances"}


@needs_context
def test_the_collection_counts_its_annotations():
    project, cora = exchange.hard_project()
    graph = loaded(cora, project)
    collection = URIRef(f"urn:uuid:{project.pk}")
    page = graph.value(collection, AS.first)
    items = Collection(graph, graph.value(page, AS.items))
    assert len(items) == graph.value(collection, AS.totalItems).toPython() == 8


def test_an_empty_project_is_a_whole_document():
    project = factories.ProjectFactory()
    cora = factories.member(project, Role.CURATOR)
    document = json.loads(exchange.exported(cora, project, "jsonld"))
    assert (document["total"], document["first"]["items"]) == (0, [])
