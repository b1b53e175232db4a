"""spaCy's own classes find every annotation, and its words where they stand."""

import io
import zipfile
from dataclasses import replace

import orjson
import pytest
import spacy
from spacy.tokens import Doc, DocBin

from annotations.exchange import aside
from annotations.exchange.formats import FORMATS
from annotations.exchange.neutral import Row, text_of
from tests import parcels

SLUGS = ("facet", "tag")


def files_in(name: str = "spacy") -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(parcels.written(name))) as archive:
        return {file: archive.read(file) for file in archive.namelist()}


@pytest.fixture(scope="module")
def docs() -> list[Doc]:
    """As somebody loads them who knows of spaCy alone."""
    vocab = spacy.blank("xx").vocab
    return list(DocBin().from_bytes(files_in()["documents-0001.spacy"]).get_docs(vocab))


def rows_in(documents, beside: bytes):
    """What a reader would find in articles and annotations as they are kept, and beside them."""
    told = aside.read(beside)
    yield from told.before
    for text, about, annotations in documents:
        article = aside.article_of(about, text)
        yield Row(1, article)
        for values in annotations:
            one = aside.record_said(values)
            yield Row(1, one._replace(article=article.id, revision=article.newest.id))
    yield from told.after


def thawed(value):
    """Lists again, which come from DocBin as tuples."""
    if isinstance(value, dict):
        return {name: thawed(one) for name, one in value.items()}
    return [thawed(one) for one in value] if isinstance(value, tuple | list) else value


def test_there_is_a_document_for_each_text_with_its_very_characters(docs):
    texts = [document.revision.text for document in parcels.hard().documents()]
    assert [doc.text for doc in docs] == texts
    assert ["".join(token.text_with_ws for token in doc) for doc in docs] == texts


def test_every_span_on_the_borders_of_tokens_has_its_quote_and_all_others_are_named(docs):
    named = []
    for doc, document in zip(docs, parcels.hard().documents(), strict=True):
        quotes = {
            (one.id, span.quote) for one in document.annotations for span in one.spans
        }  # fmt: skip
        widened = set(doc.user_data["crossread"]["widened"])
        found = [span for group in doc.spans.values() for span in group]
        for span in found:
            assert doc.text[span.start_char : span.end_char] == span.text
            if span.id_ not in widened:
                assert (span.id_, span.text) in quotes
        assert {span.id_ for span in found} == {one.id for one in document.annotations}
        named += sorted(widened)
    assert named == [parcels.annotation_id(8), parcels.annotation_id(11)]


def test_layers_and_kinds_are_groups_and_tags_are_labels(docs):
    told = [
        {
            name: [(span.label_, span.id_[-2:], span.kb_id_) for span in group]
            for name, group in doc.spans.items()
        }
        for doc in docs
    ]  # fmt: skip
    three = [(tag, "03", "") for _ in range(3) for tag in ("norm", "calm", "ebb")]
    assert told == [
        {
            "mentions": [("government-body", "01", "=Office"), ("government-body", "02", "Union")],
            "claims": [
                *three, ("fact", "04", ""), ("norm", "05", ""), ("grave", "05", ""),
                ("fact", "06", ""), ("claim", "09", ""),
            ],
            "gold_claims": [("fact", "07", ""), ("calm", "07", "")],
        },
        {"claims": [("fact", "08", ""), ("calm", "08", "")]},
        {
            "claims": [("was", "10", "")],
            "mentions": [("international-organisation", "11", "Union")],
        },
        {},
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["spacy", "spacy-jsonl"])
def test_nothing_is_missing_but_what_the_format_loses(name, docs):
    if name == "spacy":
        kept = [(doc.text, thawed(doc.user_data["crossread"])) for doc in docs]
        units = [(text, own["article"], own["annotations"]) for text, own in kept]
        beside = files_in()["CROSSREAD.jsonl"]
    else:
        tasks = [orjson.loads(line) for line in parcels.written(name).splitlines()]
        units = [(task["text"], task["meta"], task["annotations"]) for task in tasks]
        slugs = [values for values in aside.told(parcels.hard()) if values["is"] in SLUGS]
        beside = b"\n".join(map(orjson.dumps, slugs))
    loses = FORMATS[name].loses
    after = parcels.forgotten(parcels.collected(rows_in(units, beside)), loses)
    before = parcels.forgotten(parcels.hard(), loses)
    assert after == before


@pytest.mark.parametrize(
    ("language", "text", "tokens"),
    [
        ("en", "It's calm.", ["It", "'s", "calm", "."]),
        ("en-GB", "It's calm.", ["It", "'s", "calm", "."]),
        ("zh", "海峡 很静。", ["海", "峡", "很", "静", "。"]),
        ("ja", "海峡は静か。", ["海峡は静か", "。"]),
        ("tlh", "Qapla'.", ["Qapla", "'", "."]),
        ("", "Calm.", ["Calm", "."]),
        ("os", "Calm.", ["Calm", "."]),
    ],
)
def test_a_language_that_spacy_cannot_split_is_split_as_any(language, text, tokens):
    article = text_of(text, language=language)
    parcel = replace(parcels.hard(), annotated=lambda passages=False: iter([(article, [])]))
    data = parcels.written("spacy", parcel)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        packed = DocBin().from_bytes(archive.read("documents-0001.spacy"))
    [doc] = packed.get_docs(spacy.blank("xx").vocab)
    assert doc.text == text
    assert [token.text for token in doc] == tokens


def test_each_line_of_jsonl_is_a_text_with_spans_that_spacy_can_find():
    nlp = spacy.blank("xx")
    tasks = [orjson.loads(line) for line in parcels.written("spacy-jsonl").splitlines()]
    documents = list(parcels.hard().documents())
    assert [task["text"] for task in tasks] == [one.revision.text for one in documents]
    for task, document in zip(tasks, documents, strict=True):
        doc = nlp.make_doc(task["text"])
        for span in task["spans"]:
            assert task["text"][span["start"] : span["end"]] == span["text"]
            found = doc.char_span(
                span["start"], span["end"], span["label"], alignment_mode="expand"
            )
            assert span["text"] in found.text
        pieces = {(span["id"], span["start"], span["end"]) for span in task["spans"]}
        assert pieces == {
            (one.id, start, end) for one in document.annotations for start, end, _ in one.spans
        }


def test_many_texts_are_parted_into_files_of_the_same_size():
    parcel = parcels.hard()
    article = text_of("Calm.", language="en")
    many = replace(parcel, annotated=lambda passages=False: ((article, []) for _ in range(201)))
    with zipfile.ZipFile(io.BytesIO(parcels.written("spacy", many))) as archive:
        packed = [name for name in archive.namelist() if name.endswith(".spacy")]
        sizes = [len(DocBin().from_bytes(archive.read(name))) for name in packed]
    assert (packed, sizes) == (["documents-0001.spacy", "documents-0002.spacy"], [200, 1])


def test_the_same_parcel_makes_the_same_bytes():
    assert parcels.written("spacy") == parcels.written("spacy")
