"""TEI P5: `tei_all` validates what we write, and every pointer leads to the quote or the thing."""

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from annotations.exchange.neutral import RevisionRecord
from tests import parcels

SCHEMA = Path(__file__).resolve().parents[2] / "shared/formats/tei/tei_all-4.12.0.rng"
NAMES = {"t": "http://www.tei-c.org/ns/1.0"}
ID = "{http://www.w3.org/XML/1998/namespace}id"
RANGE = re.compile(r"#string-range\((\w+),(\d+),(\d+)\)")


def files_of(parcel=None) -> dict[str, Any]:
    """The files of the archive, by name, each as its root."""
    data = parcels.written("tei", parcel)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: etree.fromstring(archive.read(name)) for name in archive.namelist()}


@pytest.fixture(scope="module")
def files() -> dict[str, Any]:
    return files_of()


def text_of(root: Any) -> str:
    """The characters of the element that ranges count in."""
    (division,) = root.xpath("//t:div[@xml:id='text']", namespaces=NAMES)
    return "".join(division.itertext())


def resolved(root: Any, target: str) -> list[str]:
    """What each range of a target points at."""
    found = [RANGE.fullmatch(one).groups() for one in target.split()]
    text = text_of(root)
    assert {name for name, *_ in found} == {"text"}
    return [text[int(at) : int(at) + int(length)] for _, at, length in found]


@pytest.mark.skipif(not SCHEMA.exists(), reason="the schema of TEI is not beside this repository")
def test_tei_all_validates_every_file(files):
    schema = etree.RelaxNG(etree.parse(SCHEMA))
    faults = {name: schema.validate(root) or str(schema.error_log) for name, root in files.items()}

    assert faults == dict.fromkeys(files, True)


def test_there_is_a_file_for_the_project_and_for_each_text(files):
    sea, strait, bare = (f"texts/00000000-0000-4000-8000-00000000010{n}" for n in (1, 2, 3))

    assert list(files) == [
        "project.xml", f"{sea}.xml", f"{strait}-1.xml", f"{strait}.xml", f"{bare}.xml",
    ]  # fmt: skip


def test_texts_are_the_same_to_the_character(files):
    parcel = parcels.hard()
    expected = {f"texts/{one.name}.xml": one.revision.text for one in parcel.documents()}

    found = {name: text_of(root) for name, root in files.items() if name != "project.xml"}
    assert found == expected


def test_passages_are_paragraphs_and_blocks_of_their_kind(files):
    parcel = parcels.hard()
    for document in parcel.documents(passages=True):
        root = files[f"texts/{document.name}.xml"]
        parts = root.xpath("//t:div[@xml:id='text']/*", namespaces=NAMES)
        assert [(part.get("type", "body"), part.text) for part in parts] == [
            (passage.kind, document.revision.text[passage.start : passage.end])
            for passage in document.revision.passages
        ]  # fmt: skip


def test_every_target_resolves_to_the_quotes_of_its_annotation(files):
    parcel = parcels.hard()
    expected = {
        f"a.{one.id}": [span.quote for span in one.spans]
        for document in parcel.documents() for one in document.annotations
    }  # fmt: skip
    found = {
        one.get(ID): resolved(root, one.get("target"))
        for name, root in files.items() if name != "project.xml"
        for one in root.iterfind(".//t:annotation", NAMES)
    }  # fmt: skip

    assert found == expected


def test_annotations_say_who_takes_part_and_what_is_coded(files):
    parcel = parcels.hard()
    for document in parcel.documents():
        root = files[f"texts/{document.name}.xml"]
        for one in document.annotations:
            (found,) = root.xpath(f"//t:annotation[@xml:id='a.{one.id}']", namespaces=NAMES)
            pointers = [
                (ptr.get("type"), ptr.get("target").rpartition("#")[2], ptr.get("subtype") or "")
                for ptr in found.iterfind("t:ptr", NAMES)
            ]
            links = [kind for kind, *_ in pointers].count("link")
            assert links == len(one.links)
            assert pointers[: len(pointers) - links] == [
                *((p.role, p.stands_for or f"actor.{p.actor}", p.endorsement)
                  for p in one.participants),
                *(("tag", f"tag.{code.slug}", code.stance) for code in one.codings),
            ]  # fmt: skip
            assert found.findtext("t:respStmt/t:name", None, NAMES) == one.author
            assert found.getparent().get("type") == one.layer
            assert (found.findtext("t:note[@type='note']", "", NAMES)) == one.note
            assert found.get("cert", "") == one.certainty


def test_every_pointer_leads_somewhere(files):
    known = {
        name.removeprefix("texts/"): {one.get(ID) for one in root.iter() if one.get(ID)}
        for name, root in files.items()
    }
    elsewhere = {one for ids in known.values() for one in ids}
    lost = []
    for name, root in files.items():
        for target in root.xpath("//@target | //@ana | //@active | //@passive | //@sameAs"):
            for one in target.split():
                place, _, own = one.removeprefix("../").partition("#")
                if one.startswith("urn:uuid:"):
                    found = f"a.{one[9:]}" in elsewhere
                elif own.startswith("string-range"):
                    found = True
                else:
                    found = own in known[place or name.removeprefix("texts/")]
                lost += [] if found else [(name, one)]

    assert lost == []


def test_the_codebook_is_a_taxonomy_with_the_narrower_in_the_broader(files):
    found = {
        tag.get(ID): (tag.getparent().get(ID), tag.findtext("t:catDesc/t:term", "", NAMES))
        for tag in files["project.xml"].iterfind(".//t:category", NAMES)
    }

    assert found == {
        f"tag.{tag.slug}": (f"tag.{tag.parent}" if tag.parent else f"facet.{tag.facet}", tag.label)
        for tag in parcels.hard().tags
    }


def test_actors_have_their_names_and_comments_their_words(files):
    root = files["project.xml"]
    orgs = root.iterfind(".//t:org", NAMES)
    comments = root.iterfind(".//t:note[@type='comment']", NAMES)

    assert [(one[0].text, one.get("type")) for one in orgs] == [
        ("Union", "international-organisation"), ("=Office", "government-body"),
        ("Le Quai", "place"), ("Old guard", "other"), ("Nobody", "other"),
    ]  # fmt: skip
    said = [comment.text for comment in parcels.hard().comments()]
    assert [one.findtext("t:p", "", NAMES) for one in comments] == said


def test_the_same_data_makes_the_same_bytes():
    assert parcels.written("tei") == parcels.written("tei")


def test_a_text_without_passages_and_with_what_xml_cannot_write_keeps_its_places():
    article = next(parcels.hard().articles())
    text = "a\ufffe😀\n"
    revision = RevisionRecord("r", 1, text, "", {}, ())
    bare = replace(article, language="klingon of the north", revisions=(revision,))
    parcel = replace(
        parcels.hard(), annotated=lambda passages=False: iter([(bare, [])]), tags=(), facets=(),
        actors=lambda: iter(()), comments=lambda: iter(()), codebook=None,
    )  # fmt: skip
    files = files_of(parcel)
    root = files[f"texts/{article.id}.xml"]
    (language,) = root.iterfind(".//t:language", NAMES)

    assert text_of(root) == "a\ufffd😀\n"
    assert (language.get("ident"), language.text) == ("und", "klingon of the north")
    assert [etree.QName(one).localname for one in files["project.xml"]] == ["teiHeader", "text"]
