"""doccano takes any JSONL, so that we check strictly ourselves what is written and read."""

import io
import json
from collections import Counter
from pathlib import Path

import pytest

from annotations.exchange.labelling import doccano
from annotations.exchange.neutral import AnnotationRecord, ReadError, Refusal, Remark
from tests.parcels import hard, read, round_trip, written

SAMPLES = Path(__file__).resolve().parents[2] / "shared" / "formats" / "doccano" / "backend"
EXAMPLES = "data_import/pipeline/examples"
EXPORTED = "data_export/pipeline/examples"
DATA = "data_import/tests/data"
WHOLE = {"Article": 3, "Remark": 3}
NO_TEXT = {"Refusal": 3}
RELATIONS = {"Facet": 1, "Tag": 3, "Article": 1, "Annotation": 4, "Remark": 3}
INTENTS = {"Facet": 1, "Tag": 1, "Article": 2, "Annotation": 3, "Remark": 2}
READ = {
    f"{EXPORTED}/image_captioning/example.jsonl": NO_TEXT,
    f"{EXPORTED}/image_classification/example.jsonl": NO_TEXT,
    f"{EXPORTED}/intent_detection/example.jsonl": INTENTS,
    f"{EXPORTED}/relation_extraction/example.jsonl": RELATIONS,
    f"{EXPORTED}/sequence_labeling/example.jsonl": {
        "Facet": 1, "Tag": 3, "Article": 3, "Annotation": 4,
    },
    f"{EXPORTED}/sequence_to_sequence/example.json": WHOLE,
    f"{EXPORTED}/sequence_to_sequence/example.jsonl": WHOLE,
    f"{EXPORTED}/speech_to_text/example.jsonl": NO_TEXT,
    f"{EXPORTED}/text_classification/example.json": WHOLE,
    f"{EXPORTED}/text_classification/example.jsonl": WHOLE,
    f"{EXAMPLES}/intent_detection/example.jsonl": INTENTS,
    f"{EXAMPLES}/relation_extraction/example.jsonl": RELATIONS,
    f"{EXAMPLES}/sequence_labeling/example.jsonl": NO_TEXT,
    f"{EXAMPLES}/sequence_to_sequence/example.json": NO_TEXT,
    f"{EXAMPLES}/sequence_to_sequence/example.jsonl": NO_TEXT,
    f"{EXAMPLES}/text_classification/example.json": NO_TEXT,
    f"{EXAMPLES}/text_classification/example.jsonl": NO_TEXT,
    f"{DATA}/intent/example.jsonl": {
        "Facet": 1, "Tag": 1, "Article": 4, "Annotation": 2, "Remark": 2, "Refusal": 1,
    },
    f"{DATA}/relation_extraction/example.jsonl": RELATIONS,
    f"{DATA}/seq2seq/example.json": {"Article": 2, "Remark": 1, "Refusal": 2},
    f"{DATA}/seq2seq/example.jsonl": {"Article": 2, "Remark": 1, "Refusal": 2},
    f"{DATA}/sequence_labeling/example.jsonl": {
        "Facet": 1, "Tag": 1, "Article": 2, "Annotation": 1, "Remark": 2, "Refusal": 1,
    },
    f"{DATA}/sequence_labeling/example_overlapping.jsonl": {
        "Facet": 1, "Tag": 1, "Article": 1, "Annotation": 1, "Remark": 1, "Refusal": 1,
    },
    f"{DATA}/text_classification/example.json": {"Article": 3, "Remark": 3, "Refusal": 1},
    f"{DATA}/text_classification/example.jsonl": {"Article": 3, "Remark": 6},
    "label_types/tests/data/invalid_labels.json": {"Facet": 1, "Tag": 1, "Refusal": 1},
    "label_types/tests/data/valid_labels.json": {"Facet": 1, "Tag": 2},
}  # fmt: skip
REFUSED = [
    f"{EXPORTED}/bounding_box/example.jsonl", f"{EXPORTED}/segmentation/example.jsonl",
    f"{EXPORTED}/sequence_to_sequence/example.csv", f"{EXPORTED}/text_classification/example.csv",
    f"{EXPORTED}/text_classification/example.txt",
    f"{EXAMPLES}/image_classification/image_files.txt", f"{EXAMPLES}/sequence_labeling/example.txt",
    f"{EXAMPLES}/sequence_to_sequence/example.csv", f"{EXAMPLES}/speech_to_text/audio_files.txt",
    f"{EXAMPLES}/task_agnostic/text_files.txt", f"{EXAMPLES}/task_agnostic/text_lines.txt",
    f"{EXAMPLES}/text_classification/example.csv", f"{EXAMPLES}/text_classification/example.txt",
    f"{DATA}/example.txt", f"{DATA}/example.utf16.csv", f"{DATA}/seq2seq/example.csv",
    f"{DATA}/sequence_labeling/example.conll", f"{DATA}/sequence_labeling/labeling.invalid.conll",
    f"{DATA}/sequence_labeling/labeling.trailing.conll", f"{DATA}/text_classification/example.csv",
    f"{DATA}/text_classification/example.invalid.2.csv",
    f"{DATA}/text_classification/example.invalid.2.xlsx",
    f"{DATA}/text_classification/example.xlsx",
    f"{DATA}/text_classification/example_fasttext.txt",
    f"{DATA}/text_classification/example_one_column_no_header.xlsx",
    f"{DATA}/text_classification/example_out_of_order_columns.csv",
]  # fmt: skip
needs_samples = pytest.mark.skipif(
    not SAMPLES.exists(), reason="the samples are not beside this repository"
)
TEXT = "The 👩‍🚒 said: “x̂ is calm”."


def rows_of(*items) -> list:
    data = "".join(f"{json.dumps(item)}\n" for item in items).encode()
    return [row.what for row in doccano.read(io.BytesIO(data))]


def kinds(rows) -> dict[str, int]:
    return dict(Counter(type(row).__name__.removesuffix("Record") for row in rows))


def annotations(rows) -> list[AnnotationRecord]:
    return [row for row in rows if isinstance(row, AnnotationRecord)]


def lines() -> list[dict]:
    return [json.loads(line) for line in written("doccano").decode().split("\n") if line]


def test_all_comes_back():
    before, after = round_trip("doccano")
    assert after == before


def test_what_is_written_is_strictly_what_doccano_says():
    slugs = {tag.slug for tag in hard().tags} | {"@claim", "@mention"}
    found = lines()
    shown = Counter()
    for line in found:
        ids = [one["id"] for one in line["entities"]]
        assert ids == list(range(len(ids)))
        places = [
            (one["start_offset"], one["end_offset"], one["label"]) for one in line["entities"]
        ]
        assert len(set(places)) == len(places)
        for start, end, label in places:
            assert type(start) is type(end) is int
            assert 0 <= start < end <= len(line["text"])
            assert label in slugs
            shown[line["text"][start:end]] += 1
        for tie in line["relations"]:
            assert tie["from_id"] in ids
            assert tie["to_id"] in ids
    expected = Counter()
    for document in hard().documents():
        for one in document.annotations:
            bare = one.kind == "mention" or not one.codings
            expected.update({span.quote: len(one.codings) + bare for span in one.spans})
    assert shown == expected
    # Everybody's work and the gold on the first text, two people's on the others, and a bare one.
    assert len(found) == 3 + 3 + 1


def test_a_line_keeps_what_doccano_still_shows_and_takes_what_was_changed_there():
    found = lines()
    told = found[0]
    told["entities"][0]["label"] = "fact"  # the first mention is now a claim
    told["relations"] = [one for one in told["relations"] if one["type"] != "restates"]
    rows = rows_of(*found)
    assert [row for row in rows if isinstance(row, Refusal)] == []
    assert [row.reason for row in rows if isinstance(row, Remark)] == [
        "Line 1: mention 00000000-0000-4000-8000-000000000401 was changed in doccano."
    ]
    new = [one for one in annotations(rows) if "/" in one.id]
    assert [(one.kind, one.author, [c.slug for c in one.codings]) for one in new] == [
        ("claim", "ada", ["fact"])
    ]
    by_number = {one.id[-2:]: one for one in annotations(rows)}
    assert [link.relation for link in by_number["03"].links] == ["contradicts", "restates"]
    assert by_number["04"].links == []


def test_both_of_its_shapes_are_read():
    spans = [[0, 3, "Word"], [4, 7, "Who"]]
    entities = [{"id": 8, "start_offset": 0, "end_offset": 3, "label": "Word"},
                {"id": 9, "start_offset": 4, "end_offset": 7, "label": "Who"}]  # fmt: skip
    ties = [{"from_id": 8, "to_id": 9, "type": "supports"}]
    one = annotations(rows_of({"text": TEXT, "label": spans}))
    other = annotations(rows_of({"text": TEXT, "entities": entities, "relations": ties}))
    assert [(a.start, a.end, a.codings) for a in one] == [
        (a.start, a.end, a.codings) for a in other
    ]
    assert [link.claim for link in other[0].links] == [other[1].id]


@pytest.mark.parametrize(
    ("label", "reason"),
    [
        ([0, 99, "a"], "it leaves the text"), ([3, 3, "a"], "it is empty"),
        ([-1, 3, "a"], "it leaves the text"), ([0.0, 3, "a"], "whole numbers"),
        (["0", 3, "a"], "whole numbers"), ([True, 3, "a"], "whole numbers"),
        ([4, 7, "Who"], "it is there twice"), ([0, 3], "no stretch with a label"),
        ({"start_offset": 0, "label": "a"}, "it has no “end_offset”"), (5, "no stretch"),
    ],
)  # fmt: skip
def test_a_label_that_is_none_is_refused_and_the_others_stay(label, reason):
    rows = rows_of({"text": TEXT, "label": [[4, 7, "Who"], label]})
    (refused,) = [row.reason for row in rows if isinstance(row, Refusal)]
    assert reason in refused
    assert len(annotations(rows)) == 1


@pytest.mark.parametrize(
    "line",
    [
        b"[1]", b"{}", b"nothing", b'{"text": 5}', b'{"text": " "}', b'{"text": "\\ud800"}',
        b'{"text": "a", "crossread": {"article": 5}}', b'{"text": "a", "relations": [5]}',
        b'{"text": "a", "crossread": {"article": {"id": "b"}, "annotations": [5]}}',
        b'{"text": NaN}', b"[" * 3000, b"\xff",
    ],
)  # fmt: skip
def test_a_line_that_is_none_is_refused_and_the_others_stay(line):
    data = b'{"text": "before"}\n' + line + b'\n{"text": "after"}\n'
    rows = list(doccano.read(io.BytesIO(data)))
    assert [(row.line, type(row.what) is Refusal) for row in rows] == [
        (1, False), (2, True), (3, False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "data", [b"", b"text,label\n", b"{\n", "{}".encode("utf-16"), b"PK\x03\x04"]
)
def test_what_is_no_such_file_is_refused(data):
    with pytest.raises(ReadError, match="take JSONL"):
        list(doccano.read(io.BytesIO(data)))


def test_the_same_project_makes_the_same_bytes():
    assert written("doccano") == written("doccano")
    assert len(read("doccano", written("doccano"))) > 30


@needs_samples
@pytest.mark.parametrize("name", READ)
def test_its_own_files_are_read(name):
    rows = [row.what for row in doccano.read(io.BytesIO((SAMPLES / name).read_bytes()))]
    assert kinds(rows) == READ[name]


@needs_samples
@pytest.mark.parametrize("name", REFUSED)
def test_its_other_files_are_refused_with_the_one_to_take(name):
    with pytest.raises(ReadError, match="take JSONL"):
        list(doccano.read(io.BytesIO((SAMPLES / name).read_bytes())))


@needs_samples
def test_no_file_of_it_is_forgotten():
    files = {str(path.relative_to(SAMPLES)) for path in SAMPLES.rglob("*") if path.is_file()}
    assert files == {*READ, *REFUSED}
