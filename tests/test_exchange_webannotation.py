"""W3C Web Annotation: valid, read by RDF libraries, every selector resolves, and back again."""

import io
import json
from contextlib import suppress
from pathlib import Path

import jsonschema
import pytest
from pyld import jsonld
from rdflib import Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.compare import isomorphic
from rdflib.namespace import RDF, SKOS
from referencing import Registry
from referencing.jsonschema import DRAFT4

from annotations.exchange import storing
from annotations.exchange.neutral import (
    AnnotationRecord,
    ArticleRecord,
    CommentRecord,
    FacetRecord,
    ReadError,
    Refusal,
    Remark,
    TagRecord,
)
from annotations.exchange.web import annotations as webannotation
from corpus_app.models import Role
from tests import factories, parcels

FORMATS = Path(__file__).resolve().parents[2] / "shared" / "formats" / "web-annotation"
CONTEXT = FORMATS / "w3c-web-annotation" / "jsonld" / "anno.jsonld"
SAMPLES = FORMATS / "tools" / "samples"
OA = Namespace("http://www.w3.org/ns/oa#")
AS = Namespace("http://www.w3.org/ns/activitystreams#")
OURS = Namespace("urn:crossread:")
W3C = "http://www.w3.org/ns/anno.jsonld"

needs_w3c = pytest.mark.skipif(
    not CONTEXT.exists(), reason="the W3C's files are not beside this repository"
)
pytestmark = [
    # Of rdflib's own parser.
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning"),
]


@pytest.fixture(scope="module")
def document():
    return json.loads(parcels.written("jsonld"))


@pytest.fixture(scope="module")
def graph(document):
    """The document as a graph, with the W3C's context from a file instead of the network."""
    published = json.loads(CONTEXT.read_text())["@context"]
    local = {**document, "@context": [published, *document["@context"][1:]]}
    return Graph().parse(data=json.dumps(local), format="json-ld")


def test_what_is_written_comes_back():
    before, after = parcels.round_trip("jsonld")
    assert parcels.as_text(after) == parcels.as_text(before)


def test_the_same_is_written_each_time():
    assert parcels.written("jsonld") == parcels.written("jsonld")


def test_an_empty_project_is_a_whole_document():
    data = b"".join(webannotation.write(parcels.collected([])))
    told = json.loads(data)
    assert (told["total"], told["first"]["items"]) == (0, [])
    assert list(webannotation.read(io.BytesIO(data))) == []


def assertions(name):
    """The schemas of a test of the W3C, by name, with what each expects."""
    for path in json.loads((FORMATS / name).read_text())["assertions"]:
        yield path, json.loads((FORMATS / path).read_text())


def faults(name, instances):
    """The assertions of a test of the W3C that do not hold, each with the instance's id."""
    definitions = {
        path.name: DRAFT4.create_resource(json.loads(path.read_text()))
        for path in (FORMATS / "definitions").glob("*.json")
    }
    registry = Registry().with_resources(definitions.items())
    found = []
    for path, schema in assertions(name):
        checker = jsonschema.Draft4Validator(
            {key: value for key, value in schema.items() if key != "id"}, registry=registry,
            format_checker=jsonschema.FormatChecker(),
        )  # fmt: skip
        wanted = schema.get("expectedResult", "valid") == "valid"
        found += [(path, one["id"]) for one in instances if checker.is_valid(one) != wanted]
    return found


@needs_w3c
def test_the_w3c_finds_no_fault(document):
    items = [{"@context": document["@context"], **one} for one in document["first"]["items"]]
    assert len(items) == document["total"] == 14
    assert faults("annotations/annotationMusts.test", items) == []
    assert faults("collections/collectionMusts.test", [document]) == []
    whole = {"id": document["id"], "total": document["total"]}
    page = {"@context": W3C, "partOf": whole, **document["first"]}
    assert faults("collections/pages/pageMusts.test", [page]) == []
    # It would find one.
    bad = {**items[0], "target": {"items": []}}
    assert ("annotations/3.2-targetObjectsRecognized.json", bad["id"]) in faults(
        "annotations/annotationMusts.test", [bad]
    )


@needs_w3c
def test_two_libraries_read_the_same_graph(document, graph):
    published = json.loads(CONTEXT.read_text())

    def load(url, _options):
        assert url == W3C
        return {"contextUrl": None, "documentUrl": url, "document": published}

    nquads = jsonld.to_rdf(document, {"format": "application/n-quads", "documentLoader": load})
    other = Graph().parse(data=nquads, format="nt")
    json_values = URIRef("http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON")
    for each in (graph, other):  # written by each in its own way
        for triple in list(each):
            if getattr(triple[2], "datatype", None) == json_values:
                each.remove(triple)
    assert len(graph) > 400
    assert isomorphic(graph, other)


@needs_w3c
def test_every_selector_resolves_to_its_quote(graph):
    texts = {
        revision.id: revision.text
        for article in parcels.hard().articles()
        for revision in article.revisions
    }
    found = []
    for annotation in graph.subjects(RDF.type, OA.Annotation):
        for target in graph.objects(annotation, OA.hasTarget):
            if graph.value(annotation, OA.motivatedBy) == OA.replying:
                continue
            text = texts[str(graph.value(target, OA.hasSource)).removeprefix("urn:uuid:")]
            selectors = graph.objects(target, OA.hasSelector)
            kinds = {graph.value(each, RDF.type): each for each in selectors}
            position, quote = kinds[OA.TextPositionSelector], kinds[OA.TextQuoteSelector]
            start = graph.value(position, OA.start).toPython()
            end = graph.value(position, OA.end).toPython()
            assert text[start:end] == str(graph.value(quote, OA.exact))
            assert text[:start].endswith(str(graph.value(quote, OA.prefix)))
            assert text[end:].startswith(str(graph.value(quote, OA.suffix)))
            found.append(text[start:end])
    spans = [
        span.quote
        for _, annotations in parcels.hard().annotated()
        for annotation in annotations
        for span in annotation.spans
    ]
    assert sorted(found) == sorted(spans)


@needs_w3c
def test_a_claim_carries_its_people_tags_links_and_note(graph):
    node = URIRef(f"urn:uuid:{parcels.annotation_id(3)}")
    assert graph.value(node, OA.motivatedBy) == OA.classifying
    assert graph.value(node, OURS.targetsAre) == OA.Composite
    assert str(graph.value(node, OURS.certainty)) == "low"
    assert graph.value(node, OURS.flagged).toPython() is True
    told = set()
    for body in graph.objects(node, OA.hasBody):
        purpose = graph.value(body, OA.hasPurpose).removeprefix(str(OA))
        value = graph.value(body, RDF.value) or graph.value(body, OA.hasSource)
        more = [graph.value(body, OURS[name]) for name in ("role", "stance", "relation")]
        told.add((purpose, str(value), next((str(one) for one in more if one), "")))
    assert told == {
        ("identifying", "=Office", "claimant"), ("identifying", "@author", "claimant"),
        ("identifying", "Union", "target"), ("identifying", "@outlet", "voice"),
        ("identifying", "Union", "voice"), ("identifying", "=Office", "voice"),
        ("tagging", "norm", ""), ("tagging", "calm", "oppose"), ("tagging", "ebb", "neutral"),
        ("commenting", parcels.NASTY, ""),
        ("linking", f"urn:uuid:{parcels.annotation_id(4)}", "contradicts"),
        ("linking", f"urn:uuid:{parcels.annotation_id(8)}", "restates"),
    }  # fmt: skip


@needs_w3c
def test_collection_and_codebook_are_those_of_their_vocabularies(graph):
    collection = URIRef(f"urn:uuid:{parcels.PROJECT.id}")
    items = Collection(graph, graph.value(graph.value(collection, AS.first), AS["items"]))
    assert len(items) == graph.value(collection, AS.totalItems).toPython() == 14
    ebb = graph.value(predicate=SKOS.notation, object=next(graph.objects(
        URIRef("urn:crossread:tag:ebb"), SKOS.notation)))  # fmt: skip
    assert graph.value(ebb, SKOS.broader) == URIRef("urn:crossread:tag:low-tide")
    assert graph.value(ebb, SKOS.inScheme) == URIRef("urn:crossread:facet:proposition")
    assert len(set(graph.subjects(RDF.type, SKOS.Concept))) == 8


# Of the W3C's correct samples those that point to a stretch of a text that can be found.
IMPORTED = {"anno26": ("anotation", 0), "anno27": ("", 412), "anno32": ("Selected Text", 0)}
WHOLE = "about something as a whole"
NEITHER = "neither a TextPositionSelector nor a TextQuoteSelector"


@needs_w3c
def test_every_correct_sample_is_imported_or_refused_with_the_reason():
    samples = sorted((SAMPLES / "correct").glob("*.json"))
    assert len(samples) == 45
    found, reasons = {}, []
    for path in samples:
        if path.stem == "example41":
            with pytest.raises(ReadError, match="pages are not in this file"):
                read(path.read_bytes())
            continue
        rows = read(path.read_bytes())
        made = [row.what for row in rows if isinstance(row.what, AnnotationRecord)]
        refused = [row.what.reason for row in rows if isinstance(row.what, Refusal)]
        several = {"collection1": (3, 38), "example42": (0, 2), "example43": (0, 2)}
        assert (len(made), len(refused)) == several.get(
            path.stem, (1, 0) if path.stem in IMPORTED else (0, 1)
        ), path.stem
        reasons += refused
        if made and path.stem != "collection1":
            found[path.stem] = made[0].spans[0]
    assert {name: (span.quote, span.start) for name, span in found.items()} == IMPORTED
    assert all(WHOLE in why or NEITHER in why for why in reasons), reasons


@needs_w3c
def test_no_incorrect_sample_is_imported():
    samples = sorted((SAMPLES / "incorrect").glob("*.json"))
    assert len(samples) == 39
    for path in samples:
        rows = []
        with suppress(ReadError):
            rows = read(path.read_bytes())
        assert [type(row.what) for row in rows] in ([], [Refusal]), path.stem


def read(data):
    return list(webannotation.read(io.BytesIO(data)))


def foreign(**values):
    """What is read of an annotation that another tool made."""
    quote = {"type": "TextQuoteSelector", "exact": "the strait", "prefix": "in "}
    target = {"source": "https://example.org/1", "selector": quote}
    item = {
        "@context": W3C, "id": "https://example.net/a1", "type": "Annotation", "target": target,
        **values,
    }  # fmt: skip
    return [row.what for row in read(json.dumps(item).encode())]


def test_what_another_tool_made_is_a_claim_on_the_article_of_its_address():
    kinds = {"type": "TextualBody", "purpose": "tagging", "value": "Calm Sea"}
    rows = foreign(
        body=[kinds, {"type": "TextualBody", "value": "Why?"}, "https://example.org/post"],
        creator={"id": "https://example.net/u", "nickname": "ada"}, motivation="commenting",
        created="2024-01-02T03:04:05Z",
    )  # fmt: skip
    facet, tag, article, claim, *remarks = rows
    assert (facet.slug, facet.name, facet.choose) == ("label", "Label", "any")
    assert (tag.slug, tag.label, tag.facet) == ("calm-sea", "Calm Sea", "label")
    assert (article.url, article.newest.text) == ("https://example.org/1", "")
    assert (claim.kind, claim.author, claim.created.year) == ("claim", "ada", 2024)
    assert claim.note == "Why?\nhttps://example.org/post"
    assert [code.slug for code in claim.codings] == ["calm-sea"]
    assert [tuple(span) for span in claim.spans] == [(0, 10, "the strait")]
    assert [type(one) for one in remarks] == [Remark, Remark]


def test_a_reply_of_another_tool_is_a_comment():
    whole = json.loads(parcels.written("jsonld"))
    reply = {
        "id": "https://example.net/r", "type": "Annotation", "motivation": "replying",
        "bodyValue": "So it is.", "target": f"urn:uuid:{parcels.annotation_id(1)}",
    }  # fmt: skip
    whole["first"]["items"].append(reply)
    last = read(json.dumps(whole).encode())[-1].what
    assert isinstance(last, CommentRecord)
    assert (last.annotation, last.text) == (parcels.annotation_id(1), "So it is.")


POSITION = {"type": "TextPositionSelector", "start": 4, "end": 9}


@pytest.mark.parametrize(
    ("selector", "span"),
    [
        (POSITION, (4, 9, "")),
        ([{"type": "TextQuoteSelector", "exact": "calm"}, POSITION], (4, 9, "calm")),
        ({**POSITION, "refinedBy": {"type": "TextQuoteSelector", "exact": "calm"}}, (4, 9, "calm")),
        (
            {"type": "CssSelector", "value": "p",
             "refinedBy": {"type": "TextQuoteSelector", "exact": "calm"}},
            (0, 4, "calm"),
        ),
    ],
)  # fmt: skip
def test_selectors_that_lead_to_a_stretch(selector, span):
    [claim] = [
        row
        for row in foreign(target={"source": "https://example.org/1", "selector": selector})
        if isinstance(row, AnnotationRecord)
    ]
    assert tuple(claim.spans[0]) == span


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"type": "Annotation", "id": 5}, "no id"),
        ({"target": []}, "no target"),
        ({"target": 9}, "as a whole"),
        ({"target": {"source": 3, "selector": POSITION}}, "which text"),
        ({"target": {"source": "u", "selector": {**POSITION, "end": 4}}}, "empty"),
        ({"target": {"source": "u", "selector": {**POSITION, "start": True}}}, "no position"),
        ({"target": {"source": "u", "selector": {**POSITION, "start": -1}}}, "no position"),
        ({"target": {"source": "u", "selector": {"type": "RangeSelector"}}}, "RangeSelector"),
        (
            # A position within a fragment, whose own place nobody knows.
            {"target": {"source": "u", "selector": {"type": "X", "refinedBy": POSITION}}},
            "neither",
        ),
        (
            {"target": [{"source": name, "selector": POSITION} for name in "uv"]},
            "in several texts",
        ),
        ({"created": "yesterday"}, "no moment"),
        ({"creator": 6}, "creator"),
        ({"body": "x", "bodyValue": "y"}, "both"),
        ({"body": {"type": "TextualBody"}}, "neither a text nor an address"),
        ({"body": [[1]]}, "neither a text nor an address"),
        ({"crossread:kind": "claim", "body": {"crossread:role": "claimant"}}, "ill-formed"),
    ],
)
def test_what_is_refused_says_why(values, why):
    [refusal] = [row for row in foreign(**values) if not isinstance(row, FacetRecord | TagRecord)]
    assert isinstance(refusal, Refusal)
    assert why in refusal.reason


@pytest.mark.parametrize(
    "values",
    [
        {"crossread:kind": {}},
        {"crossread:layer": None},
        {"crossread:version": "2"},
        {"crossread:version": 1e400},
        {"generator": {"name": "x", "crossread:version": 3}},
        {"body": {"purpose": "tagging", "value": "x", "crossread:stance": 0}},
        {"body": {"crossread:role": "claimant", "value": None}},
    ],
)
def test_a_value_that_is_not_of_its_kind_refuses_the_annotation(values):
    found = [row for row in foreign(**values) if isinstance(row, AnnotationRecord | Refusal)]
    [refusal] = found
    assert refusal.reason.startswith("it is ill-formed: ")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"\xff\xfe\x00", "not JSON"),
        (b"[]", "begins with {"),
        (b"{}", "@context"),
        (b'{"@context": "fish", "type": "Annotation"}', "@context"),
        (f'{{"@context": "{W3C}"}}'.encode(), "type"),
        (f'{{"@context": "{W3C}", "type": "AnnotationCollection"}}'.encode(), "pages"),
        (
            f'{{"@context": "{W3C}", "type": "AnnotationPage", "items": ["x"]}}'.encode(),
            "only names",
        ),
        (
            f'{{"@context": "{W3C}", "type": "AnnotationPage", "items": [],'
            '"crossread:tags": [{"skos:notation": "x"}]}'.encode(),
            "ill-formed",
        ),
    ],
)
def test_what_is_no_web_annotation_is_said_to_be_none(data, why):
    with pytest.raises(ReadError, match=why):
        read(data)


def test_two_targets_of_another_tool_become_pieces_and_that_is_said():
    targets = [{"source": "u", "selector": {**POSITION, "start": n, "end": n + 1}} for n in (7, 2)]
    article, claim, remark = foreign(target=targets)
    assert isinstance(article, ArticleRecord)
    assert [span.start for span in claim.spans] == [2, 7]
    assert "pieces of one" in remark.reason
    whole = foreign(target={"type": "Composite", "items": targets})
    assert [type(one) for one in whole] == [ArticleRecord, AnnotationRecord]


@pytest.mark.django_db
def test_a_quote_of_another_tool_is_found_in_the_article_of_its_address():
    project = factories.ProjectFactory()
    cora = factories.member(project, Role.CURATOR)
    address = "https://example.org/1"
    article = factories.plain_article(
        project, "Today the strait is calm, says the office.", by=cora, url=address
    )
    quote = {"type": "TextQuoteSelector", "exact": "the strait"}
    items = [
        {"id": f"https://example.net/{n}", "type": "Annotation", "bodyValue": "Is it?",
         "target": {"source": source, "selector": quote}}
        for n, source in enumerate((address, "https://example.org/2"))
    ]  # fmt: skip
    page = {"@context": W3C, "type": "AnnotationPage", "items": items}
    report = storing.store(by=cora, project=project, rows=read(json.dumps(page).encode()))
    [claim] = article.annotations.all()
    assert (claim.note, claim.origin, claim.author) == ("Is it?", "import", cora)
    assert [(span.start, span.quote) for span in claim.spans.all()] == [(6, "the strait")]
    assert [problem.line for problem in report.problems] == [2, 2]
