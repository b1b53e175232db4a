"""WebAnno TSV 3.3: the format's own suite says the same as its XMI, and so does what we write."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from annotations.exchange.cas.layers import cases
from annotations.exchange.cas.tsv import tsv
from annotations.exchange.cas.tsv_reader import cas_of
from annotations.exchange.cas.types import (
    ARTICLE,
    CLAIM,
    METADATA,
    PASSAGE,
    SENTENCE,
    TOKEN,
    Cas,
    Structure,
)
from annotations.exchange.cas.xmi_reader import kinds_of, of_xmi
from annotations.exchange.neutral import (
    AnnotationRecord,
    ArticleRecord,
    ReadError,
    Refusal,
    Remark,
    SpanRecord,
)
from annotations.exchange.packed import zipped
from tests import parcels

SAMPLES = Path(__file__).resolve().parents[2] / "shared" / "formats" / "inception"
SUITE = SAMPLES / "inception-io-webanno-tsv"
needs_samples = pytest.mark.skipif(
    not SAMPLES.exists(), reason="the files of other tools are not beside this repository"
)


def where(one: Structure | None) -> tuple | None:
    """A structure by its layer and place; the suite's TSV calls named entities spans."""
    return one and (one.kind.replace("NamedEntity", "Span").rpartition(".")[2], one.begin, one.end)


def shown(value: Any) -> Any:
    """A value as both forms of the file can say it."""
    if isinstance(value, Structure):
        return where(value)
    if isinstance(value, list):
        return [(link.values.get("role"), where(link.values.get("target"))) for link in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


def plain(cas: Cas, without: tuple[str, ...] = (METADATA,)) -> tuple[str, list]:
    """A CAS as its text and everything on it, in an order of their own."""
    passed = {"order", "pos", "lemma", "stem", "morph", "margins"}
    found = [
        (*where(one), sorted(
            (name.replace("integerValue", "intValue"), shown(value))
            for name, value in one.values.items() if name not in passed and value != []
        ))
        for one in cas.structures if one.begin is not None and one.kind not in without
    ]  # fmt: skip
    return cas.text, sorted(found, key=repr)


def test_all_comes_back_but_what_is_said_to_be_lost():
    before, after = parcels.round_trip("webanno")

    assert parcels.as_text(after) == parcels.as_text(before)


def test_what_we_write_as_tsv_reads_like_what_we_write_as_xmi():
    for path, cas in cases(parcels.hard()):
        # Sentences are told with the blanks after them, and what is about the whole text stands
        # on its first word: TSV has no other place.
        without = (METADATA, SENTENCE, ARTICLE)
        assert plain(cas_of(tsv(cas)), without) == plain(cas, without), path


def test_the_same_data_makes_the_same_bytes():
    assert parcels.written("webanno") == parcels.written("webanno")


def test_a_document_reads_as_the_format_describes_it():
    text = "Ada's 😀 hat.\n\nSo|so."
    cas = Cas(text, [
        Structure(SENTENCE, {}, 0, 12), Structure(SENTENCE, {}, 14, 20),
        *(Structure(TOKEN, {}, start, end) for start, end in (
            (0, 3), (3, 5), (6, 7), (8, 11), (11, 12), (14, 16), (16, 17), (17, 19), (19, 20),
        )),
        Structure(PASSAGE, {"kind": "a_b|c"}, 1, 7), Structure(PASSAGE, {}, 14, 16),
    ])  # fmt: skip

    assert tsv(cas).decode() == (
        "#FORMAT=WebAnno TSV 3.3\n#T_SP=webanno.custom.Passage|kind|margins\n\n\n"
        "#Text=Ada's 😀 hat.\n#Text=\n#Text=\n"
        "1-1\t0-3\tAda\t_\t_\t\n1-1.1\t1-3\tda\ta\\_b\\|c[1]\t*[1]\t\n"
        "1-2\t3-5\t's\ta\\_b\\|c[1]\t*[1]\t\n1-3\t6-8\t😀\ta\\_b\\|c[1]\t*[1]\t\n"
        "1-4\t9-12\that\t_\t_\t\n1-5\t12-13\t.\t_\t_\t\n\n"
        "#Text=So|so.\n2-1\t15-17\tSo\t*[2]\t*[2]\t\n2-2\t17-18\t|\t_\t_\t\n"
        "2-3\t18-20\tso\t_\t_\t\n2-4\t20-21\t.\t_\t_\t\n"
    )


def test_blanks_at_the_ends_of_a_stretch_come_back():
    article, found = next(parcels.hard().annotated(passages=True))
    start = parcels.SEA.index("\tThe Quay")
    span = SpanRecord(start - 1, start + 5, parcels.SEA[start - 1 : start + 5])
    parcel = replace(
        parcels.hard(),
        annotated=lambda passages=False: iter([(article, [found[0]._replace(spans=[span])])]),
    )
    rows = parcels.read("webanno", parcels.written("webanno", parcel))
    read = [row.what.spans for row in rows if isinstance(row.what, AnnotationRecord)]

    assert span.quote == "\n\tThe "
    assert read == [[span]]


NASTY = ("a|b", "a\\|b", "[1]", "\\[1]", "x[7]", "a;b", "*", "_", "->1-2", "a->b", "\\", "\\\\",
         "\ttab\n", "\r\n", "#Text=", "true", "é😀", "n\\n", "a\\->")  # fmt: skip


@pytest.mark.parametrize("value", NASTY)
def test_values_with_signs_of_the_format_come_back(value):
    cas = Cas("Ada met", [
        Structure(SENTENCE, {}, 0, 7), Structure(TOKEN, {}, 0, 3), Structure(TOKEN, {}, 4, 7),
        Structure(CLAIM, {"note": value}, 0, 7), Structure(PASSAGE, {"kind": value}, 4, 7),
    ])  # fmt: skip

    read = cas_of(tsv(cas))
    assert [one.values for one in read.of(CLAIM, PASSAGE)] == [{"note": value}, {"kind": value}]


# What TSV moves, since it marks tokens only, and a type that it calls by another's name.
MOVED = {
    "testAnnotationWithLeadingWhitespace", "testAnnotationWithLeadingWhitespaceAtStart",
    "testAnnotationWithTrailingWhitespace", "testAnnotationWithTrailingWhitespaceAtEnd",
    "testZeroWidthAnnotationBeforeFirstTokenIsMovedToBeginOfFirstToken",
    "testZeroWidthAnnotationBetweenTokenIsMovedToEndOfPreviousToken",
    "testZeroWidthAnnotationBeyondLastTokenIsMovedToEndOfLastToken",
}  # fmt: skip
RENAMED = {"testElevatedType"}  # a noun is a part of speech
WITHOUT_XMI = {"sampleSlotAnnotation1", "sampleSlotAnnotation2"}


@needs_samples
def test_each_reference_in_tsv_says_what_its_xmi_says():
    types = kinds_of((SUITE / "desc/type/webannoTestTypes.xml").read_bytes())
    differing, same = set(), 0
    for folder in sorted((SUITE / "tsv3-suite").iterdir()):
        if folder.name in WITHOUT_XMI:
            continue
        read = cas_of((folder / "reference.tsv").read_bytes())
        expected, _ = of_xmi((folder / "reference.xmi").read_bytes(), types)
        assert (read.faults, expected.faults) == ([], [])
        if plain(read) == plain(expected):
            same += 1
        else:
            differing.add(folder.name)

    assert (same, differing) == (65, MOVED | RENAMED)


@needs_samples
@pytest.mark.parametrize(("name", "slots"), [
    ("sampleSlotAnnotation1", [[("pr2", ("Span", 8, 9)), ("pr1", ("Span", 5, 7))]]),
    ("sampleSlotAnnotation2", [[], [("pr1", ("Host", 0, 4))]]),
])  # fmt: skip
def test_slots_lead_to_the_annotation_of_their_number(name, slots):
    cas = cas_of((SUITE / "tsv3-suite" / name / "reference.tsv").read_bytes())
    hosts = [one for one in cas.structures if one.kind.endswith("SlotHost")]
    found = [
        [(role, (place[0].removeprefix("Simple").removeprefix("Slot"), *place[1:]))
         for role, place in shown(one.values.get("links", []))]
        for one in hosts
    ]  # fmt: skip

    assert found == slots


# By text: how many claims user1, user2 and the curator made, where they marked more than grammar.
TRIPLES = {
    "multipleStackedAnnotationsAreNotMergedTest": (2, 3, 0),
    "relStackedTest": (4, 4, 1),
    "simpleRelGovStackedTest": (4, 4, 2),
    "simpleSpanDiffMultiFeatureTest": (1, 1, 0),
    "simpleSpanDiffWithLabelStacking2Test": (2, 2, 0),
    "simpleSpanDiffWithLabelStackingTest": (2, 2, 0),
    "simpleSpanNoDiffMultiFeatureTest": (1, 1, 1),
}


@needs_samples
def test_the_two_people_and_the_curator_are_told_apart():
    paths = {"user1": "annotation/{}/user1", "user2": "annotation/{}/user2",
             "curator": "curation/{}/CURATION_USER"}  # fmt: skip
    people = [("user1", "analyst"), ("user2", "analyst"), ("", "gold")]
    found = {}
    for folder in sorted((SAMPLES / "inception-curation/testsuite").iterdir()):
        data = b"".join(zipped(
            (f"{path.format(folder.name)}.tsv", [(folder / f"{name}.tsv").read_bytes()])
            for name, path in paths.items()
        ))  # fmt: skip
        rows = [row.what for row in parcels.read("webanno", data)]
        marks = [(o.author, o.layer) for o in rows if isinstance(o, AnnotationRecord)]
        assert [one for one in rows if isinstance(one, Refusal)] == []
        assert sum(isinstance(one, ArticleRecord) for one in rows) == 1
        assert set(marks) <= set(people)
        found[folder.name] = tuple(marks.count(who) for who in people)

    assert {name: counts for name, counts in found.items() if any(counts)} == TRIPLES


@needs_samples
def test_every_sample_is_imported_or_refused_with_a_reason():
    read, refused = {}, set()
    for path in sorted(SAMPLES.rglob("*.tsv")):
        if "testsuite" in path.parts or "tsv3-suite" in path.parts:
            continue
        data = path.read_bytes()
        if not data.startswith(b"#FORMAT=WebAnno TSV 3"):
            with pytest.raises(ReadError, match="names another format or version"):
                parcels.read("webanno", data)
            refused.add(path.relative_to(SAMPLES).parts[:2])
            continue
        rows = [row.what for row in parcels.read("webanno", data)]
        assert [one for one in rows if isinstance(one, Refusal)] == []
        count = sum(isinstance(one, AnnotationRecord) for one in rows)
        read[str(path.relative_to(SAMPLES))] = count

    # The third is WebAnno TSV 2, the others have no header at all.
    assert refused == {
        *(("inception-agreement", name) for name in (
            "kappaarcdiff.tsv", "kappaspanarcdiff.tsv", "kappaspandiff.tsv", "kappatest.tsv",
        )),
        ("inception-curation", "mergecas"), ("inception-io-webanno-tsv", "tsv2"),
    }  # fmt: skip
    assert read == {
        "inception-io-webanno-tsv/tsv3/coref.tsv": 725,
        "inception-io-webanno-tsv/tsv3/example2.tsv": 9,
    }


@needs_samples
def test_an_exported_project_is_read_as_far_as_it_is_in_tsv():
    name = "inception-curation/exports/Export+Test+-+Curated+annotation+project_3_6_1.zip"
    rows = [row.what for row in parcels.read("webanno", (SAMPLES / name).read_bytes())]

    assert [type(one) for one in rows] == [ArticleRecord, Remark]
    assert rows[1].reason == "Parts of speech, lemmas and other grammar are not kept."


HEAD = "#FORMAT=WebAnno TSV 3.3\n#T_SP=webanno.custom.Span|value\n\n\n"
SENTENCE_ONE = "#Text=Ada met\n1-1\t0-3\tAda\t_\t\n1-2\t4-7\tmet\tA\t\n"
UNREADABLE = {
    "nothing": ("", "another format"),
    "the version before": (HEAD.replace("3.3", "2"), "another format"),
    "no tokens": (HEAD, "no tokens"),
    "cells that are missing": (HEAD + "#Text=Ada\n1-1\t0-3\tAda\n", "Line 6 has 0 cells for 1"),
    "a line of something else": (HEAD + "#Text=Ada\nAda\n", "Line 6 is neither"),
    "a token before any text": (HEAD + "1-1\t0-3\tAda\t_\t\n", "no text was given"),
    "sentences that overlap": (HEAD + SENTENCE_ONE + "\n#Text=So\n2-1\t3-5\tSo\t_\t\n", "within"),
    "a sentence far away": (
        HEAD + SENTENCE_ONE + "\n#Text=So\n2-1\t999999999-999999999\tSo\t_\t\n", "too far",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", UNREADABLE)
def test_a_file_that_is_none_is_refused_with_the_line(case):
    data, reason = UNREADABLE[case]

    with pytest.raises(ReadError, match=reason):
        parcels.read("webanno", data.encode())


def test_what_does_not_fit_the_text_is_refused_with_the_reason():
    data = HEAD + SENTENCE_ONE + "1-3\t90-99\tfar\tB\t\n1-3.1\t7-7\t\tC\t\n1-4\t3-4\t \tD\t\n"
    rows = [row.what for row in parcels.read("webanno", data.encode())]

    assert [one.reason for one in rows if isinstance(one, Refusal)] == [
        "webanno.custom.Span at 7 marks no characters at all.",
        "webanno.custom.Span at 3: Span 1: it holds only white space.",
        "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token 90–99 is not on the text.",
        "webanno.custom.Span 90–99 is not on the text.",
    ]
    assert [one.spans[0].quote for one in rows if isinstance(one, AnnotationRecord)] == ["met"]


def test_the_archive_brings_the_layers_that_it_uses():
    with zipfile.ZipFile(io.BytesIO(parcels.written("webanno"))) as archive:
        declared = kinds_of(archive.read("TypeSystem.xml"))
        used = {
            line[6:].partition("|")[0] for name in archive.namelist() if name.endswith(".tsv")
            for line in archive.read(name).decode().splitlines() if line.startswith("#T_SP=")
        }  # fmt: skip

    assert used == {
        f"webanno.custom.{name}"
        for name in ("Article", "Passage", "Claim", "Mention", "Participant", "Coding")
    }
    assert {declared[kind].base for kind in used} == {"uima.tcas.Annotation"}
