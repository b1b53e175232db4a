"""UIMA CAS in XMI and JSON: dkpro-cassis reads what we wrote, and we what others write."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import cassis
import pytest

from annotations.exchange.cas import xmi_reader as cas_reader
from annotations.exchange.cas.xmi import typesystem
from annotations.exchange.neutral import (
    AnnotationRecord,
    ArticleRecord,
    FacetRecord,
    ReadError,
    Refusal,
    Remark,
    TagRecord,
)
from annotations.exchange.packed import zipped
from tests import parcels

SAMPLES = Path(__file__).resolve().parents[2] / "shared" / "formats"
needs_samples = pytest.mark.skipif(
    not SAMPLES.exists(), reason="the files of other tools are not beside this repository"
)
ANNOTATED = ("webanno.custom.Claim", "webanno.custom.Mention")
FORMATS = ("xmi", "cas-json")
DKPRO = "http:///de/tudarmstadt/ukp/dkpro/core/api"


@pytest.fixture(scope="module")
def files() -> dict[str, dict[str, bytes]]:
    """The files of both archives, by their names without a suffix."""
    found = {}
    for name in FORMATS:
        with zipfile.ZipFile(io.BytesIO(parcels.written(name))) as archive:
            found[name] = {info: archive.read(info) for info in archive.namelist()}
    return found


def judged(name: str, files: dict[str, bytes]) -> dict[str, cassis.Cas]:
    """What cassis reads, by the path of each document and person."""
    if name == "cas-json":
        return {
            path.removesuffix(".json"): cassis.load_cas_from_json(io.BytesIO(data))
            for path, data in files.items() if path.startswith(("annotation/", "curation/"))
        }  # fmt: skip
    types = cassis.load_typesystem(io.BytesIO(files["TypeSystem.xml"]))
    return {
        path.removesuffix(".xmi"): cassis.load_cas_from_xmi(io.BytesIO(data), types)
        for path, data in files.items() if path.endswith(".xmi")
    }  # fmt: skip


def links_of(one, slot: str) -> list:
    """The links in a slot of an annotation that cassis read."""
    held = getattr(one, slot, None)
    return list(held.elements) if held is not None else []


def told(cas: cassis.Cas) -> dict[str, dict]:
    """What cassis says of each annotation: its quotes, who takes part, its tags and its links."""
    found: dict[str, dict] = {}
    pieces = [one for kind in ANNOTATED for one in cas.select(kind)]
    for one in sorted(pieces, key=lambda one: one.piece or 1):
        own = found.setdefault(one.identifier, {"spans": [], "parts": [], "tags": [], "links": []})
        own["spans"].append((one.begin, one.end, one.get_covered_text()))
        parts = links_of(one, "participants")
        own["parts"] += [(p.role, p.target.name, p.target.endorsement or "") for p in parts]
        own["tags"] += [(c.target.tag, c.target.stance or "") for c in links_of(one, "codings")]
        if one.type.name == ANNOTATED[0]:
            own["links"] += [(t.role, t.target.identifier) for t in links_of(one, "links")]
    return found


@pytest.mark.parametrize("name", FORMATS)
def test_all_comes_back_but_what_is_said_to_be_lost(name):
    before, after = parcels.round_trip(name)

    assert parcels.as_text(after) == parcels.as_text(before)


@pytest.mark.parametrize("name", FORMATS)
def test_cassis_reads_the_same_quotes_people_tags_and_links(name, files):
    parcel = parcels.hard()
    marked = {actor.id: actor.name for actor in parcel.actors()}
    read: dict[str, dict] = {}
    for cas in judged(name, files[name]).values():
        read |= told(cas)
    expected = {}
    for document in parcel.documents():
        for one in document.annotations:
            apart = {
                o.id for o in document.annotations if (o.author, o.layer) == (one.author, one.layer)
            }
            expected[one.id] = {
                "spans": [tuple(span) for span in one.spans],
                "parts": [
                    (p.role, marked.get(p.actor, p.name), p.endorsement) for p in one.participants
                ],
                "tags": [(code.slug, code.stance) for code in one.codings],
                "links": [tuple(tie) for tie in one.links if tie.claim in apart],
            }

    assert read == expected


def test_each_person_has_a_file_of_each_document_and_the_curator_the_gold_layer(files):
    sea, strait, bare = (f"00000000-0000-4000-8000-00000000010{number}" for number in (1, 2, 3))

    assert sorted(path for path in files["xmi"] if path.endswith(".xmi")) == [
        f"annotation/{sea}/ada.xmi", f"annotation/{sea}/bo.xmi",
        f"annotation/{strait}-1/bo.xmi", f"annotation/{strait}/ada.xmi",
        f"annotation/{strait}/bo.xmi", f"annotation/{bare}/INITIAL_CAS.xmi",
        f"curation/{sea}/CURATION_USER.xmi",
    ]  # fmt: skip


def test_tokens_and_sentences_lie_on_words(files):
    path = "annotation/00000000-0000-4000-8000-000000000101/bo"
    cas = judged("xmi", files["xmi"])[path]
    segmentation = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type."
    sentences = [one.get_covered_text() for one in cas.select(f"{segmentation}Sentence")]

    assert cas.sofa_string == parcels.SEA
    assert sentences == [
        "The <sea> & “calm”",
        "The 👩‍🚒 said that x̂ is café-like, 𝔘 too; =1+1 is none.",
        "The Quay, a|b, denies it: “it's rough”.",
        "A second paragraph, 🇩🇪🇫🇷, ends here",
    ]
    tokens = [one.get_covered_text() for one in cas.select(f"{segmentation}Token")]
    assert tokens[:13] == ["The", "<", "sea", ">", "&", "“", "calm", "”", "The", "👩", "\u200d",
                           "🚒", "said"]  # fmt: skip
    assert "".join(tokens) == "".join(parcels.SEA.split())


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_data_makes_the_same_bytes(name):
    assert parcels.written(name) == parcels.written(name)


def test_what_xml_cannot_write_comes_back():
    words = "a\ufffeb \uffff, 😀."
    article = next(parcels.hard().articles())
    changed = replace(article.newest, text=words, passages=())
    article = replace(article, revisions=(changed,))
    parcel = replace(
        parcels.hard(), articles=lambda: iter([article]),
        annotated=lambda passages=False: iter([(article, [])]),
    )  # fmt: skip
    rows = parcels.read("xmi", parcels.written("xmi", parcel))

    assert [row.what.newest.text for row in rows if isinstance(row.what, ArticleRecord)] == [words]


def test_work_done_in_inception_joins_what_we_wrote(files):
    """A mark made there has neither identifier nor author, and may name somebody new."""
    path = "annotation/00000000-0000-4000-8000-000000000103/"
    own = files["xmi"][f"{path}INITIAL_CAS.xmi"].decode()
    space = next(ns for ns in own.split() if 'ecore"' in ns and "webanno/custom" in ns)
    prefix = space.partition("=")[0].removeprefix("xmlns:")
    made = (
        f'<{prefix}:Participant xmi:id="901" sofa="1" begin="0" end="7" name="New one"/>'
        f'<{prefix}:ClaimParticipantsLink xmi:id="902" role="claimant" target="901"/>'
        f'<{prefix}:ClaimParticipantsLink xmi:id="903" role="owner" target="901"/>'
        f'<{prefix}:Coding xmi:id="904" sofa="1" begin="0" end="7" tag="fact"/>'
        f'<{prefix}:ClaimCodingsLink xmi:id="905" role="type" target="904"/>'
        f'<{prefix}:Claim xmi:id="906" sofa="1" begin="0" end="7" participants="902 903"'
        ' codings="905"/><cas:Sofa'
    )
    data = b"".join(zipped([
        *((name, [data]) for name, data in files["xmi"].items() if not name.endswith(".xmi")),
        (f"{path}dora.xmi", [own.replace("<cas:Sofa", made).encode()]),
    ]))  # fmt: skip
    rows = parcels.read("xmi", data)
    (claim,) = (row.what for row in rows if isinstance(row.what, AnnotationRecord))

    assert [row.what for row in rows if isinstance(row.what, Remark)] == [
        Remark("A participant “New one” in the role “owner” is not kept.")
    ]
    assert [tuple(span) for span in claim.spans] == [(0, 7, "Nothing")]
    assert (claim.author, claim.layer, claim.origin) == ("dora", "analyst", "import")
    assert [(part.role, part.name) for part in claim.participants] == [("claimant", "New one")]
    assert [code.slug for code in claim.codings] == ["fact"]


def foreign(body: str, text: str = "Ada 😀 met Bo.") -> bytes:
    """An XMI document of another tool."""
    return (
        '<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore" '
        f'xmlns:ner="{DKPRO}/ner/type.ecore" xmlns:my="http:///webanno/custom.ecore" '
        f'xmlns:tcas="http:///uima/tcas.ecore" xmi:version="2.0">{body}'
        f'<cas:Sofa xmi:id="1" sofaNum="1" sofaID="_InitialView" sofaString="{text}"/></xmi:XMI>'
    ).encode()


def test_another_tools_layers_become_facets_and_their_values_tags():
    body = (
        '<ner:NamedEntity xmi:id="2" sofa="1" begin="0" end="3" value="PER" '
        'identifier="http://example.org/ada"/>'
        '<ner:NamedEntity xmi:id="3" sofa="1" begin="11" end="13" value="PER"/>'
        '<my:Mood xmi:id="4" sofa="1" begin="4" end="6" degree="PER" sure="true" '
        'comment="So it seems"/>'
        '<my:Bare xmi:id="5" sofa="1" begin="7" end="10"/>'
        '<my:Relation xmi:id="6" sofa="1" begin="0" end="3" Governor="2" Dependent="3" '
        'value="knows"/>'
        '<my:Relation xmi:id="7" sofa="1" begin="0" end="3" Governor="4" Dependent="2" '
        'value="supports"/>'
    )
    found = [row.what for row in parcels.read("xmi", foreign(body))]
    tags = [(one.slug, one.facet, one.label) for one in found if isinstance(one, TagRecord)]
    marks = [one for one in found if isinstance(one, AnnotationRecord)]

    assert [one.slug for one in found if isinstance(one, FacetRecord)] == [
        "namedentity", "degree", "sure", "layer",
    ]  # fmt: skip
    assert tags == [
        ("per", "namedentity", "PER"), ("degree-per", "degree", "PER"), ("true", "sure", "true"),
        ("bare", "layer", "Bare"),
    ]  # fmt: skip
    read = [(one.spans[0].quote, [code.slug for code in one.codings], one.note) for one in marks]
    assert read == [
        ("Ada", ["per"], "identifier: http://example.org/ada\nknows → Bo"), ("Bo", ["per"], ""),
        ("😀", ["degree-per", "true"], "So it seems"), ("met", ["bare"], ""),
    ]  # fmt: skip
    assert [(tie.relation, tie.claim) for tie in marks[2].links] == [("supports", marks[0].id)]


HOSTILE = {
    "beyond the text": ('<my:Bare xmi:id="2" sofa="1" begin="4" end="400"/>', "does not lie on"),
    "in a character": ('<my:Bare xmi:id="2" sofa="1" begin="5" end="6"/>', "does not lie on"),
    "backwards": ('<my:Bare xmi:id="2" sofa="1" begin="6" end="4"/>', "does not lie on"),
    "no number": ('<my:Bare xmi:id="2" sofa="1" begin="x" end="1"/>', "does not lie on"),
    "no width": ('<my:Bare xmi:id="2" sofa="1" begin="3" end="3"/>', "no characters"),
    "a blank": ('<my:Bare xmi:id="2" sofa="1" begin="3" end="4"/>', "only white space"),
    "another view": ('<my:Bare xmi:id="2" sofa="9" begin="0" end="3"/>', "another view"),
    "pieces on one another": (
        '<my:Claim xmi:id="2" sofa="1" begin="0" end="3" identifier="a"/>'
        '<my:Claim xmi:id="3" sofa="1" begin="1" end="4" identifier="a" piece="2"/>', "overlaps",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
def test_what_does_not_fit_the_text_is_refused_with_the_reason(case):
    body, reason = HOSTILE[case]
    kept = '<my:Bare xmi:id="90" sofa="1" begin="0" end="3"/>'
    rows = parcels.read("xmi", foreign(body + kept))
    refused = [row.what.reason for row in rows if isinstance(row.what, Refusal)]

    assert [reason in told for told in refused] == [True]
    assert sum(isinstance(row.what, AnnotationRecord) for row in rows) == 1


ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x a="&b;">&b;</x>'
UNREADABLE = {
    "nothing": (b"", "no XML"),
    "text": (b"Ada met Bo.", "no XML"),
    "entities": (ENTITIES, "declares a document type"),
    "other XML": (b"<TEI/>", "not XMI"),
    "no text": (foreign("", ""), "no text"),
    "other JSON": (b'{"tasks": []}', "no JSON of a UIMA CAS"),
    "structures of the wrong shape": (b'{"%FEATURE_STRUCTURES": [1]}', "no JSON of a UIMA CAS"),
    "deep JSON": (b'{"a":' + b"[" * 100_000, "too deeply"),
    "an empty archive": (b"".join(zipped([("a.txt", [b"a"])])), "no UIMA CAS in it"),
    "a broken archive": (b"PK\x03\x04 and no more", "no zip archive"),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_a_file_that_is_none_is_refused_as_a_whole(case):
    data, reason = UNREADABLE[case]

    with pytest.raises(ReadError, match=reason):
        parcels.read("xmi", data)


def test_a_file_in_an_archive_that_cannot_be_read_does_not_stop_the_others():
    good = foreign('<my:Bare xmi:id="2" sofa="1" begin="0" end="3"/>')
    data = b"".join(zipped([("one/ada.xmi", [good]), ("one/bo.xmi", [b"<a>"]),
                            ("two/INITIAL_CAS.ser", [b"\xac\xed"])]))  # fmt: skip
    rows = parcels.read("xmi", data)
    told = [row.what.reason for row in rows if isinstance(row.what, Refusal | Remark)]

    assert [told[0][:12], told[1][:21]] == ["“one/bo.xmi”", "“two/INITIAL_CAS.ser”"]
    assert [row.what.author for row in rows if isinstance(row.what, AnnotationRecord)] == ["ada"]


def test_a_project_whose_people_have_an_archive_each_is_read():
    own = foreign('<my:Bare xmi:id="2" sofa="1" begin="0" end="3"/>')
    inner = b"".join(zipped([("CURATION_USER.xmi", [own]), ("TypeSystem.xml", [typesystem()])]))
    data = b"".join(zipped([("curation/one/CURATION_USER.zip", [inner])]))
    rows = [row.what for row in parcels.read("xmi", data)]

    assert [one.layer for one in rows if isinstance(one, AnnotationRecord)] == ["gold"]
    assert [one.title for one in rows if isinstance(one, ArticleRecord)] == ["one"]


def test_archives_in_an_archive_are_unpacked_no_further_than_one(monkeypatch):
    inner = b"".join(zipped([("ada.xmi", [foreign("")])]))
    data = b"".join(zipped((f"annotation/one/{name}.zip", [inner]) for name in ("ada", "bo")))
    monkeypatch.setattr(cas_reader, "MOST_BYTES", 2 * len(foreign("")) - 1)

    with pytest.raises(ReadError, match="archives in it would grow"):
        parcels.read("xmi", data)


# The annotations and refusals that each file has; a text says why a file has no CAS with a text.
CASES = "uima-cas/tests/test_files/"
JSON = f"{CASES}json/fs_as_array/"
NO_TEXT = "no text"
EXPECTED = {
    f"{CASES}json/child_type_before_parent.json": NO_TEXT,
    f"{JSON}one-way/casWithBadSofaFsOrder/data.json": (0, 0),
    f"{JSON}one-way/casWithBadSofaFsOrder/data-ref.json": (0, 0),
    f"{JSON}one-way/tsv3-testSimpleSlotFeature/data.json": (3, 0),
    f"{JSON}one-way/tsv3-testSimpleSlotFeature/data-ref.json": (3, 0),
    f"{JSON}one-way/tsv3-testSimpleSlotFeature/debug.xmi": (3, 0),
    f"{JSON}ser-ref/casExtendingDocumentAnnotation/data.json": (0, 0),
    f"{JSON}ser-ref/casWithEmojiUnicodeTextAndAnnotations/data.json": (9, 0),
    f"{JSON}ser-ref/casWithEmojiUnicodeTextAndAnnotations/debug.xmi": (9, 0),
    f"{JSON}ser-ref/casWithFloatingPointSpecialValues/data.json": NO_TEXT,
    f"{JSON}ser-ref/casWithFloatingPointSpecialValues/debug.xmi": NO_TEXT,
    f"{JSON}ser-ref/casWithLeftToRightTextAndAnnotations/data.json": (2, 0),
    f"{JSON}ser-ref/casWithLeftToRightTextAndAnnotations/debug.xmi": (2, 0),
    f"{JSON}ser-ref/casWithSofaDataArray/data.json": NO_TEXT,
    f"{JSON}ser-ref/casWithSofaDataArray/debug.xmi": NO_TEXT,
    f"{JSON}ser-ref/casWithSofaDataURI/data.json": NO_TEXT,
    f"{JSON}ser-ref/casWithSofaDataURI/debug.xmi": NO_TEXT,
    f"{JSON}ser-ref/casWithText/data.json": (0, 0),
    f"{JSON}ser-ref/casWithText/debug.xmi": (0, 0),
    f"{JSON}ser-ref/casWithTextAndAnnotations/data.json": (4, 0),
    f"{JSON}ser-ref/casWithTextAndAnnotations/debug.xmi": NO_TEXT,
    f"{JSON}ser-ref/casWithTraditionalChineseTextAndAnnotations/data.json": (4, 0),
    f"{JSON}ser-ref/casWithTraditionalChineseTextAndAnnotations/debug.xmi": (4, 0),
    f"{JSON}ser-ref/casWithoutTextButWithAnnotations/data.json": NO_TEXT,
    f"{JSON}ser-ref/casWithoutTextButWithAnnotations/debug.xmi": NO_TEXT,
    f"{JSON}ser-ref/emptyCas/data.json": "no JSON of a UIMA CAS",
    f"{JSON}ser-ref/emptyCas/debug.xmi": NO_TEXT,
    f"{CASES}xmi/cas_has_fs_with_no_namespace.xmi": (1, 0),
    f"{CASES}xmi/cas_with_array_features.xmi": NO_TEXT,
    f"{CASES}xmi/cas_with_collections.xmi": (0, 3),
    f"{CASES}xmi/cas_with_empty_array_reference.xmi": (0, 0),
    f"{CASES}xmi/cas_with_floating_point_special_values.xmi": (0, 0),
    f"{CASES}xmi/cas_with_inheritance.xmi": (5, 0),
    f"{CASES}xmi/cas_with_list_features.xmi": NO_TEXT,
    f"{CASES}xmi/cas_with_multiple_references_allowed_string_array.xmi": (0, 1),
    f"{CASES}xmi/cas_with_nonindexed_fs.xmi": (0, 0),
    f"{CASES}xmi/cas_with_references.xmi": (3, 0),
    f"{CASES}xmi/cas_with_reserved_names.xmi": (0, 1),
    f"{CASES}xmi/cas_with_smileys.xmi": (5, 0),
    f"{CASES}xmi/cas_with_two_sofas.xmi": (0, 1),
    f"{CASES}xmi/empty_cas.xmi": (0, 0),
    f"{CASES}xmi/lenient_cas.xmi": (14, 0),
    f"{CASES}xmi/small_cas.xmi": (13, 0),
    "inception/inception-app-webapp/test-project-with-recommenders.zip": "no UIMA CAS in it",
    "inception/inception-curation/mergecas/multivalspanrel/stackedmerge.xmi": (4, 0),
    "inception/inception-curation/mergecas/multivalspanrel/stackedrel1.xmi": (4, 0),
    "inception/inception-curation/mergecas/multivalspanrel/stackedrel2.xmi": (4, 0),
    "inception/inception-imls-stringmatch/relation/simple/relation_test.xmi": (4, 0),
    "inception/inception-io-html/html/test-document.xmi": (0, 0),
    "inception/inception-io-html/html/test-with-head-and-doctype.xmi": (0, 0),
    "inception/inception-io-html/html/test-with-head.xmi": (0, 0),
    # Not of a CAS, but a list of its annotations by type.
    "inception/inception-io-json/conll/2000/chunk2000_ref.json": "no JSON of a UIMA CAS",
}


@needs_samples
def test_every_sample_is_imported_or_refused_with_a_reason():
    found = {}
    for name, expected in EXPECTED.items():
        try:
            rows = [row.what for row in parcels.read("xmi", (SAMPLES / name).read_bytes())]
            kept = [one for one in rows if isinstance(one, AnnotationRecord)]
            found[name] = (len(kept), sum(isinstance(one, Refusal) for one in rows))
        except ReadError as error:
            told = isinstance(expected, str) and expected in str(error)
            found[name] = expected if told else str(error)

    assert found == EXPECTED


@needs_samples
def test_no_sample_is_forgotten():
    suite = "inception-io-webanno-tsv"  # whose XMI is compared with its TSV
    there = {
        str(path.relative_to(SAMPLES)) for folder in ("uima-cas", "inception")
        for path in (SAMPLES / folder).rglob("*")
        if path.suffix in (".xmi", ".json") and suite not in path.parts
    }  # fmt: skip

    assert there - set(EXPECTED) == set()


@needs_samples
def test_quotes_of_a_sample_with_emoji_are_those_that_cassis_reads():
    data = (SAMPLES / CASES / "xmi/cas_with_smileys.xmi").read_bytes()
    types = cassis.load_typesystem(
        io.BytesIO((SAMPLES / CASES / "typesystems/important_dkpro_types.xml").read_bytes())
    )
    entity = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
    cas = cassis.load_cas_from_xmi(io.BytesIO(data), types, lenient=True)
    rows = [row.what for row in parcels.read("xmi", data)]
    ours = [tuple(o.spans[0]) for o in rows if isinstance(o, AnnotationRecord)]

    assert sorted(ours) == sorted(
        (one.begin, one.end, one.get_covered_text()) for one in cas.select(entity)
    )
