"""Label Studio: its own SDK takes what we write, and we take what it writes."""

import dataclasses
import io
import json
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from label_studio_sdk.label_interface import LabelInterface

from annotations.exchange.aside import FILE
from annotations.exchange.labelling import label_studio
from annotations.exchange.neutral import AnnotationRecord, ReadError, Refusal, Remark
from tests.parcels import hard, read, round_trip, written

SAMPLES = Path(__file__).resolve().parents[2] / "shared" / "formats" / "label-studio"
TEXT = "The 👩‍🚒 said: “x̂ is calm”."


def files() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(written("label-studio"))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rows_of(items) -> list:
    return [row.what for row in label_studio.read(io.BytesIO(json.dumps(items).encode()))]


def kinds(rows) -> dict[str, int]:
    return dict(Counter(type(row).__name__.removesuffix("Record") for row in rows))


def region(start: int, end: int, id: str = "r", **value) -> dict:
    value = value or {"labels": ["Person"]}
    kind = next(iter(value))
    told = {"start": start, "end": end, "text": TEXT[start:end], **value}
    return {"id": id, "from_name": "label", "to_name": "text", "type": kind, "value": told}


def task(*result, text: str = TEXT, **values) -> dict:
    work = {"id": 7, "completed_by": 2, "result": list(result), **values}
    return {"id": 1, "data": {"text": text, "title": "T"}, "annotations": [work]}


def test_all_comes_back_from_a_zip():
    before, after = round_trip("label-studio")
    assert after == before


def test_what_xml_cannot_write_stands_beside_the_configuration_and_comes_back():
    parcel = hard()
    worded = [
        tag._replace(
            definitions=tuple(
                one._replace(label=f"{one.label}\ufffe", text=f"\uffff{one.text}\x0b")
                for one in tag.definitions
            )
        )
        for tag in parcel.tags
    ]
    before, after = round_trip("label-studio", dataclasses.replace(parcel, tags=worded))
    assert after == before


def test_tasks_alone_bring_all_but_the_codebook():
    tasks = files()["tasks.json"]
    whole = read("label-studio", written("label-studio"))
    alone = list(label_studio.read(io.BytesIO(tasks)))
    assert [r.what for r in alone if isinstance(r.what, AnnotationRecord)] == [
        r.what for r in whole if isinstance(r.what, AnnotationRecord)
    ]
    assert kinds(row.what for row in alone) == {
        "Facet": 3, "Tag": 6, "Article": 4, "Annotation": 11,
    }  # fmt: skip


def test_its_own_sdk_validates_every_annotation():
    found = files()
    interface = LabelInterface(found["label-config.xml"].decode())
    interface.validate()
    spans = [span for document in hard().documents() for one in document.annotations
             for span in one.spans]  # fmt: skip
    shown = []
    for told in json.loads(found["tasks.json"]):
        assert interface.validate_task({"data": told["data"]})
        for work in [*told["annotations"], *told["predictions"]]:
            assert interface.validate_prediction(work, return_errors=True) == []
        values = [one["value"] for work in told["annotations"] for one in work["result"]
                  if one["type"] == "labels"]  # fmt: skip
        shown += [(v["start"], v["end"], v["text"]) for v in values]
        assert all(told["data"]["text"][v["start"] : v["end"]] == v["text"] for v in values)
    assert sorted(shown) == sorted(tuple(span) for span in spans)


def test_the_sdk_refuses_what_is_not_in_the_configuration():
    interface = LabelInterface(files()["label-config.xml"].decode())
    wrong = region(0, 3, labels=["nowhere"])
    assert interface.validate_prediction({"result": [wrong]}, return_errors=True) != []


def test_gold_is_the_ground_truth_and_suggestions_are_predictions_too():
    told = json.loads(files()["tasks.json"])
    truths = [work["ground_truth"] for one in told for work in one["annotations"]]
    assert Counter(truths) == {False: 5, True: 1}
    assert [len(one["predictions"]) for one in told] == [1, 0, 0, 0]


def test_what_was_changed_there_counts():
    found = files()
    tasks = json.loads(found["tasks.json"])
    for work in tasks[0]["annotations"]:
        for one in work["result"]:
            if one.get("from_name") == "note":
                one["value"]["text"] = ["Another."]
            if one.get("from_name") == "stance":
                one["value"]["choices"] = ["calm: support"]
    found["tasks.json"] = json.dumps(tasks).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in found.items():
            archive.writestr(name, data)
    rows = {row.what.id[-2:]: row.what for row in label_studio.read(io.BytesIO(packed.getvalue()))
            if isinstance(row.what, AnnotationRecord)}  # fmt: skip
    assert {id: row.note for id, row in rows.items() if row.note} == dict.fromkeys(
        ("02", "03", "07"), "Another."
    )
    stances = {code.slug: (code.stance, code.definition) for code in rows["03"].codings}
    assert stances == {"norm": ("", 1), "calm": ("support", 1), "ebb": ("", 1)}


@pytest.mark.skipif(not SAMPLES.exists(), reason="the samples are not beside this repository")
@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("export.json", {"Facet": 2, "Tag": 10, "Article": 12, "Annotation": 164, "Remark": 116}),
        ("export.min.json", {"Facet": 1, "Tag": 5, "Article": 12, "Annotation": 164, "Remark": 7}),
    ],
)
def test_its_own_exports_are_read(name, counts):
    rows = [row.what for row in label_studio.read(io.BytesIO((SAMPLES / name).read_bytes()))]
    assert kinds(rows) == counts
    people = {row.author for row in rows if isinstance(row, AnnotationRecord)}
    assert people == {"annotator 2", "annotator 3", "annotator 4"}


@pytest.mark.skipif(not SAMPLES.exists(), reason="the samples are not beside this repository")
@pytest.mark.parametrize("name", ["export.csv", "export.tsv", "export.conll", "label_config.xml"])
def test_its_other_exports_are_refused_with_the_one_to_take(name):
    with pytest.raises(ReadError, match="export as JSON"):
        list(label_studio.read(io.BytesIO((SAMPLES / name).read_bytes())))


def test_regions_of_one_id_are_one_claim():
    choice = region(4, 7, choices=["Woman"]) | {"from_name": "who"}
    area = region(4, 7) | {"type": "textarea", "from_name": "why"}
    area["value"] = {"start": 4, "end": 7, "text": ["she", "said"]}
    (claim,) = [row for row in rows_of([task(region(4, 7), choice, area)])
                if isinstance(row, AnnotationRecord)]  # fmt: skip
    assert [code.slug for code in claim.codings] == ["person", "woman"]
    assert (claim.note, claim.author, claim.layer) == (
        "why: she\nwhy: said",
        "annotator 2",
        "analyst",
    )
    assert [tuple(span) for span in claim.spans] == [(4, 7, TEXT[4:7])]


def test_relations_are_links_if_we_know_them_and_else_lines_of_the_note():
    def tie(label, direction="right"):
        return {"type": "relation", "from_id": "r", "to_id": "s", "labels": [label],
                "direction": direction}  # fmt: skip

    rows = rows_of([task(region(0, 3), region(8, 12, "s"), tie("supports", "left"), tie("cue"))])
    first, other = [row for row in rows if isinstance(row, AnnotationRecord)]
    assert [tuple(link) for link in other.links] == [("supports", first.id)]
    assert first.note == f"cue → {TEXT[8:12]}"


def test_a_prediction_that_nobody_took_over_is_a_suggestion():
    told = task(region(0, 3, "taken"))
    told["predictions"] = [
        {"model_version": "m 1", "result": [region(0, 3, "taken"), region(8, 12, "new")]}
    ]
    made = [row for row in rows_of([told]) if isinstance(row, AnnotationRecord)]
    assert [(one.origin, one.tool, one.start) for one in made] == [
        ("import", "", 0), ("suggestion", "m 1", 8),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (region(0, 99), "it leaves the text"),
        (region(5, 5), "it is empty"),
        (region(0, 3) | {"value": {"start": "0", "end": 3, "labels": ["a"]}}, "whole numbers"),
        (region(0, 3) | {"value": {"start": 0, "end": 3, "labels": ["a"], "text": "no"}}, "reads"),
        (region(0, 3) | {"value": {"start": 0, "end": 3, "labels": ["a"], "text": 5}}, "not “5”"),
        (region(0, 3) | {"type": "rectanglelabels"}, "no stretch of a plain text"),
        (region(0, 3) | {"value": {"start": 0, "end": 3}}, "it has no 'labels'"),
        ({"type": "relation", "from_id": "r", "to_id": "gone"}, "there is no region “gone”"),
        ("odd", "not as Label Studio writes it"),
        ({"id": "r"}, "it has no 'type'"),
    ],
)
def test_a_region_that_is_none_is_refused_and_the_others_stay(wrong, reason):
    rows = rows_of([task(region(0, 3, "r0"), region(4, 7, "r"), wrong)])
    if isinstance(wrong, dict) and wrong.get("id") == "r" and "value" in wrong:
        rows = rows_of([task(region(4, 7, "r0"), wrong)])
    refused = [row.reason for row in rows if isinstance(row, Refusal)]
    assert len(refused) == 1
    assert reason in refused[0]
    assert any(isinstance(row, AnnotationRecord) for row in rows)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"[", b"{}", b"[1]", b'[{"id": 1}]', b"\xff\xfe[\x00]", b"[" * 5000, b"PK\x03\x04",
        b'{"data": NaN}', b'[{"data": {"text": "\\ud800"}}]', b"annotation_id,text\n1,a",
    ],
)  # fmt: skip
def test_what_is_no_such_file_is_refused(data):
    with pytest.raises(ReadError):
        list(label_studio.read(io.BytesIO(data)))


@pytest.mark.parametrize(
    "item",
    [
        {"data": {}, "annotations": []},
        {"data": {"text": 1}, "annotations": []},
        {"data": None, "annotations": []},
        {"annotations": []},
        "text",
        None,
        {"data": {"text": "a", "crossread": {"id": 5}}, "annotations": []},
    ],
)
def test_a_task_without_a_text_is_refused_and_the_others_stay(item):
    rows = rows_of([item, task(region(0, 3))])
    assert kinds(rows) == {"Refusal": 1, "Facet": 1, "Tag": 1, "Article": 1, "Annotation": 1}


def test_the_same_project_makes_the_same_bytes():
    assert written("label-studio") == written("label-studio")
    assert FILE in files()


def test_what_is_said_of_a_whole_text_is_remarked():
    told = {"from_name": "topic", "to_name": "text", "type": "choices", "value": {"choices": ["a"]}}
    (remark,) = [row for row in rows_of([task(told)]) if isinstance(row, Remark)]
    assert "“topic” says something of the whole text" in remark.reason


@pytest.mark.parametrize(
    "ties",
    [[("a", "b"), ("b", "c")], [("a", "b"), ("b", "a")], [("a", "a")], [("a", "c"), ("b", "c")]],
)
def test_a_piece_is_of_one_annotation_and_has_no_pieces_itself(ties):
    regions = [region(0, 3, "a"), region(4, 7, "b"), region(8, 12, "c")]
    told = [{"type": "relation", "from_id": one, "to_id": other, "labels": ["piece"]}
            for one, other in ties]  # fmt: skip
    rows = rows_of([task(*regions, *told)])
    assert kinds(rows)["Refusal"] == 1
    pieces = sum(len(row.spans) for row in rows if isinstance(row, AnnotationRecord))
    assert pieces == 3


def test_nobody_is_named_by_a_number_that_is_somebody_elses_there():
    works = [work for one in json.loads(files()["tasks.json"]) for work in one["annotations"]]
    assert not any("completed_by" in work for work in works)
    said = [[one["meta"]["crossread"]["author"] for one in work["result"] if "meta" in one]
            for work in works]  # fmt: skip
    assert [set(authors) for authors in said] == [
        {"ada"}, {"bo"}, {"cora"}, {"bo"}, {"ada"}, {"bo"},
    ]  # fmt: skip
