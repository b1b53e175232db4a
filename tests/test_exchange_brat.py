"""brat: an independent loader reads what we write, and we read what brat's own corpora hold."""

import io
import json
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from bioc import brat as judge

from annotations.exchange.labelling import brat, event_frames
from annotations.exchange.labelling.standoff import flat, parsed
from annotations.exchange.neutral import AnnotationRecord, ArticleRecord, ReadError, Refusal, Remark
from tests.parcels import hard, round_trip, written

SAMPLES = Path(__file__).resolve().parents[2] / "shared" / "formats" / "brat" / "tutorials"
TEXT = "Ann 👩‍🚒 met Bo.\nShe said: “x̂ is calm”, they say."
AROUND = "“Yes, it is”, said Ann. No, said the man of the sea. Nobody said more."


def archive(**files: str | bytes) -> io.BytesIO:
    """A zip archive of these files; of a name the first `_` is the dot."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as opened:
        for name, data in files.items():
            opened.writestr(name.replace("__", "/").replace("_", ".", 1), data)
    packed.seek(0)
    return packed


def files() -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(written("brat"))) as opened:
        return {name: opened.read(name).decode() for name in opened.namelist()}


def rows_of(*lines: str, text: str = TEXT) -> list:
    ann = "\n".join(lines)
    return [row.what for row in brat.read(archive(a_txt=text, a_ann=ann))]


def annotations(rows) -> list[AnnotationRecord]:
    return [row for row in rows if isinstance(row, AnnotationRecord)]


def reasons(rows, kind) -> list[str]:
    return [row.reason for row in rows if isinstance(row, kind)]


def kinds(rows) -> dict[str, int]:
    return dict(Counter(type(row).__name__.removesuffix("Record") for row in rows))


def test_all_comes_back():
    before, after = round_trip("brat")
    assert after == before


def test_an_independent_loader_finds_the_same_stretches_and_words():
    found = files()
    shown, related, folders = [], 0, set()
    for name in found:
        if not name.endswith(".ann"):
            continue
        folders.add(name.partition("/")[0])
        text = found[name.replace(".ann", ".txt")]
        document = judge.loads(text, found[name], name)
        ids = {one.id for one in document.annotations}
        for one in document.entities:
            places = sorted((place.begin, place.end) for place in one.locations)
            shown.append((text, one.type, places))
            words = " ".join(flat(text[start:end]) for start, end in places)
            assert one.text == words.rstrip()
        for tie in document.relations:
            assert ids.issuperset(tie.arguments.values())
        assert ids.issuperset(one.refid for one in [*document.attributes, *document.notes])
        related += len(document.relations)
    expected = [
        (document.revision.text, one.kind.capitalize(), [(s.start, s.end) for s in one.spans])
        for document in hard().documents()
        for one in document.annotations
    ]
    assert sorted(shown) == sorted(expected)
    # Of four links one leads to somebody else's claim and two to another text.
    assert related == 2
    assert folders == {"analyst-ada", "analyst-bo", "gold", "open"}


def test_every_attribute_and_type_is_in_the_configuration():
    found = files()
    configured = {line.partition("\t")[0] for line in found["annotation.conf"].split("\n")}
    used = set()
    for name, ann in found.items():
        if name.endswith(".ann"):
            told = parsed(ann)
            assert told.faults == []
            used |= {one.type for one in [*told.attributes, *told.ties, *told.bounds.values()]}
    assert used <= configured


def test_a_line_changed_in_brat_counts():
    found = files()
    name = next(name for name in found if name.startswith("analyst-ada/") and "T3" in found[name])
    lines = [line for line in found[name].split("\n") if "AnnotatorNotes T3" not in line]
    lines = [line.replace("calm T3 oppose", "calm T3 support") for line in lines]
    lines += ["T90\tClaim 0 3\tThe", "A90\tfact T90", "#90\tAnnotatorNotes T90\tNew."]
    found[name] = "\n".join(lines)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as opened:
        for path, data in found.items():
            opened.writestr(path, data)
    rows = [row.what for row in brat.read(io.BytesIO(packed.getvalue()))]
    made = {one.id[-2:]: one for one in annotations(rows)}
    assert made["03"].note == ""
    assert {code.slug: code.stance for code in made["03"].codings}["calm"] == "support"
    new = made["90"]
    assert (new.author, new.note, [code.slug for code in new.codings]) == ("ada", "New.", ["fact"])


def test_entities_events_and_attributes_are_tags():
    rows = rows_of(
        "T1\tPerson 0 3\tAnn", "T2\tPerson 12 14\tBo", "T3\tMeet 8 11\tmet",
        "E1\tMeet:T3 Who:T1 Who2:T2", "A1\tNegation E1", "A2\tConfidence T1 High",
        "#1\tAnnotatorNotes E1\tSure?", "N1\tReference T2 Wikidata:Q1\tBo",
        "*\tAlias T1 T2", "R1\tsupports Arg1:T1 Arg2:T2", "#2\tOther A2\tWhy?",
    )  # fmt: skip
    ann, bo, met = annotations(rows)
    assert [code.slug for code in ann.codings] == ["person", "high"]
    assert [code.slug for code in met.codings] == ["meet", "negation"]
    assert met.note == "Sure?\nWho → Ann\nWho2 → Bo"
    assert ann.note == "Confidence: Why?\nAlias → Bo"
    assert bo.note == "Reference → Wikidata:Q1 Bo"
    assert [link.claim for link in ann.links] == [bo.id]
    assert len(reasons(rows, Remark)) == 4


def test_pieces_that_only_the_end_of_a_line_parts_are_one():
    split = rows_of("T1\tMove 12 15;16 19\tBo. She")
    apart = rows_of("T1\tMove 0 3;12 14\tAnn Bo")
    assert [tuple(s) for s in annotations(split)[0].spans] == [(12, 19, "Bo.\nShe")]
    assert [tuple(s) for s in annotations(apart)[0].spans] == [(0, 3, "Ann"), (12, 14, "Bo")]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("T2\tPerson 0 99\tAnn", "it leaves the text"), ("T2\tPerson 3 3\t", "it is empty"),
        ("T2\tPerson 0 3\tBo", "the text reads “Ann”"), ("T2\tPerson 0\tAnn", "is no annotation"),
        ("T1\tPerson 0 3\tAnn", "is no annotation"), ("Tom", "is no annotation"),
        ("E1\tMeet:T9", "its trigger “T9” is none"), ("E1\t", "is no annotation"),
        ("R1\tsupports Arg1:T1", "is no annotation"), ("R1\tsame Arg1:T1 Arg2:T9", "“T9”"),
        ("A1\tNegation T9", "is about “T9”"), ("#1\tAnnotatorNotes T9\tx", "is about “T9”"),
        ("N1\tReference T9 W:1\tx", "is about “T9”"), ("X1\tWhat T1", "is no annotation"),
        ("T2\tPerson 0 9999999999999\tAnn", "is no annotation"),
        ("T2\tPerson 0 3;0 3\tAnn Ann", "overlaps"),
    ],
)  # fmt: skip
def test_a_line_that_says_nothing_is_refused_and_the_others_stay(line, reason):
    rows = rows_of("T1\tPerson 0 3\tAnn", line)
    refused = reasons(rows, Refusal)
    assert len(refused) == 1
    assert reason in refused[0]
    assert [one.start for one in annotations(rows)] == [0]


@pytest.mark.parametrize("read", [brat.read, event_frames.read])
@pytest.mark.parametrize("data", [b"", b"T1\tA 0 1\ta", b"PK\x03\x04 broken"])
def test_what_is_no_archive_is_refused(read, data):
    with pytest.raises(ReadError):
        list(read(io.BytesIO(data)))


def test_files_that_are_no_pairs_are_refused_or_texts_without_annotations():
    rows = [row.what for row in brat.read(archive(a_txt="One", b_ann="", c_txt=b"\xff", d_doc=""))]
    assert kinds(rows) == {"Article": 1, "Refusal": 2}
    with pytest.raises(ReadError, match=r"no \.txt"):
        list(brat.read(archive(d_doc="")))
    with pytest.raises(ReadError, match=r"no \.txt"):
        list(event_frames.read(archive(d_ann="")))


def test_the_same_project_makes_the_same_bytes():
    assert written("brat") == written("brat")


@pytest.mark.skipif(not SAMPLES.exists(), reason="the samples are not beside this repository")
@pytest.mark.parametrize(
    ("folder", "counts"),
    [
        ("bio", {"Facet": 4, "Tag": 12, "Article": 13, "Annotation": 107, "Remark": 52}),
        ("news", {"Facet": 5, "Tag": 13, "Article": 13, "Annotation": 119, "Remark": 63}),
    ],
)
def test_its_own_tutorials_are_read_as_an_independent_loader_reads_them(folder, counts):
    paths = sorted((SAMPLES / folder).iterdir())
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as opened:
        for path in paths:
            opened.write(path, f"{folder}/{path.name}")
    rows = [row.what for row in brat.read(io.BytesIO(packed.getvalue()))]
    assert kinds(rows) == counts
    expected = Counter()
    for path in paths:
        if path.suffix == ".ann":
            document = judge.loads(path.with_suffix(".txt").read_text(), path.read_text())
            # An entity is an annotation unless it is a trigger, of which each event is one.
            triggers = {event.trigger_id for event in document.events}
            words = {one.id: one.text for one in document.entities}
            expected.update(words[id] for id in words if id not in triggers)
            expected.update(words[event.trigger_id] for event in document.events)
    assert Counter(one.spans[0].quote for one in annotations(rows)) == expected


FRAMES = """T1\tSource 19 22\tAnn
T2\tCue 14 18\tsaid
T3\tContent 0 12\t“Yes, it is”
T4\tAttribution 14 18\tsaid
E1\tAttribution:T4 Content:T3 Cue:T2 Source:T1
T5\tContent 24 26\tNo
T6\tSource 33 40\tthe man
T7\tSource 44 51\tthe sea
T8\tCue 28 32\tsaid
E2\tAttribution:T8 Content:T5 Source:T6 Source2:T7 Cue:T8
T9\tSource 53 59\tNobody
T10\tCue 60 64\tsaid
E3\tAttribution:T10 Source:T9 Cue:T10
E4\tAttribution:T10 Content:T99
T11\tDiscard 65 69\tmore
"""


def test_a_frame_is_a_claim_of_its_source():
    rows = [row.what for row in event_frames.read(
        archive(attributions__x_ann="", attributions__y_ann=FRAMES, text__y_txt=AROUND)
    )]  # fmt: skip
    yes, no = annotations(rows)
    assert [(one.spans[0].quote, one.attribution, one.names("claimant"), one.note)
            for one in (yes, no)] == [
        ("“Yes, it is”", "quoted", ["Ann"], "Cue: said"),
        ("No", "reported", ["the man", "the sea"], "Cue: said"),
    ]  # fmt: skip
    assert reasons(rows, Refusal) == [
        "attributions/y.ann, E3: it has no content.", "attributions/y.ann, E4: there is no 'T99'.",
        "attributions/x.ann: there is no .txt of its name.",
    ]  # fmt: skip
    assert reasons(rows, Remark) == [
        "attributions/y.ann, T11: “Discard” is in no event; it was not kept."
    ]


def test_an_ann_may_be_named_after_its_text_and_the_annotator():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as opened:
        opened.writestr("attributions/y_4b22.ann", FRAMES)
        opened.writestr("attributions/y_ef2d.ann", FRAMES)
        opened.writestr("text/y.txt", AROUND)
    rows = [row.what for row in event_frames.read(io.BytesIO(packed.getvalue()))]
    assert Counter(one.author for one in annotations(rows)) == {"4b22": 2, "ef2d": 2}
    assert sum(isinstance(row, ArticleRecord) for row in rows) == 1
    assert len({one.id for one in annotations(rows)}) == 4


def test_the_particulars_of_an_article_stand_beside():
    found = files()
    told = [json.loads(found[name]) for name in found if name.startswith("CROSSREAD/")]
    assert sorted(len(one.get("passages", [])) for one in told) == [1, 2, 2, 3]


def test_a_folder_that_was_packed_anew_is_still_ours():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as opened:
        for name, data in files().items():
            opened.writestr(f"my export/{name}", data)
            opened.writestr(f"__MACOSX/my export/._{name}", b"\0\5\x16\7")
    packed.seek(0)
    rows = list(brat.read(packed))
    assert [row.what for row in rows if isinstance(row.what, Refusal | Remark)] == []
    ids = {one.id for one in annotations(row.what for row in rows)}
    assert ids == {one.id for document in hard().documents() for one in document.annotations}
