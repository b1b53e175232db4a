"""REFI-QDA projects and codebooks, ours and others', before the schemas and pyrefiqda."""

import io
import re
import tracemalloc
import zipfile
from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import islice
from pathlib import Path

import pytest
from lxml import etree
from pyrefiqda import RefiCodebook, RefiProject

from annotations.exchange.neutral import (
    ActorRecord,
    AnnotationRecord,
    ArticleRecord,
    CodebookRecord,
    CommentRecord,
    FacetRecord,
    LinkRecord,
    ReadError,
    Refusal,
    Remark,
    TagRecord,
)
from annotations.exchange.qda import codebook as qda_codebook
from annotations.exchange.qda import project as qda
from annotations.exchange.qda.reader import MOST_OF_TEXT
from tests import parcels

SAMPLES = Path(__file__).resolve().parents[2] / "shared" / "formats" / "refi-qda"
needs_samples = pytest.mark.skipif(
    not SAMPLES.exists(),
    reason="REFI-QDA's samples and schemas are not beside this repository",
)
NS = "{urn:QDA-XML:project:1.0}"


def _rows(data: bytes, reader=qda) -> list:
    return [row.what for row in reader.read(io.BytesIO(data))]


def _of(kind: type, rows: list) -> list:
    return [what for what in rows if isinstance(what, kind)]


def _by_id(rows: list) -> dict[str, AnnotationRecord]:
    return {one.id: one for one in _of(AnnotationRecord, rows)}


def _archive(project: bytes, files: dict[str, bytes]) -> bytes:
    return _zip_of({**files, "project.qde": project})


def _zip_of(files: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return written.getvalue()


@pytest.fixture(scope="module")
def ours() -> bytes:
    return parcels.written("qdpx")


@pytest.fixture(scope="module")
def files(ours) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(ours)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _only_codebook():
    """What a codebook can hold of the hard parcel."""
    nothing = {name: (lambda: iter(())) for name in ("actors", "articles", "comments")}
    return replace(parcels.hard(), annotated=lambda passages=False: iter(()), **nothing)


def test_what_was_written_comes_back_but_for_what_it_is_said_to_lose(ours):
    before, after = parcels.round_trip("qdpx")
    assert parcels.as_text(after) == parcels.as_text(before)
    assert parcels.written("qdpx") == ours


def test_a_part_of_a_project_has_no_links_that_lead_nowhere_and_yet_keeps_them():
    hard = parcels.hard()
    part = replace(hard, annotated=lambda passages=False: islice(hard.annotated(passages), 1))
    with zipfile.ZipFile(io.BytesIO(parcels.written("qdpx", part))) as archive:
        project = etree.fromstring(archive.read("project.qde"))
    links = [link.get("name") for link in project.iter(f"{NS}Link")]
    assert links == ["continued by", "continued by", "contradicts", "restates"]
    found, id = _by_id(_rows(parcels.written("qdpx", part))), parcels.annotation_id
    assert found[id(3)].links == [
        LinkRecord("contradicts", id(4)), LinkRecord("restates", id(8))
    ]  # fmt: skip


STRANGE = [
    "\x0b\ufffe\x00 what XML cannot hold \r\n\r",
    'Said:\n\ncrossread: {"kind": "x"}\n',
    "crossread: {}\n\n",
    "\n\n",
    "ends in blanks \t \n\n\n",
    "\x85 \u2028 ]]> <!-- -->",
]


@pytest.mark.parametrize("text", STRANGE)
def test_notes_comments_and_definitions_of_any_signs_come_back(text):
    hard = parcels.hard()
    tags = tuple(
        tag._replace(definitions=(*tag.definitions[:-1], tag.definitions[-1]._replace(text=text)))
        for tag in hard.tags
    )

    def annotated(passages: bool = False):
        for article, own in hard.annotated(passages):
            yield article, [one._replace(note=text) for one in own]

    comments = [one._replace(text=text) for one in hard.comments()]
    actors = [one._replace(notes=text) for one in hard.actors()]
    book = hard.codebook._replace(description=text)
    strange = replace(
        hard, tags=tags, annotated=annotated, comments=lambda: iter(comments),
        actors=lambda: iter(actors), codebook=book,
    )  # fmt: skip
    before, after = parcels.round_trip("qdpx", strange)
    assert parcels.as_text(after) == parcels.as_text(before)
    codebook = replace(_only_codebook(), tags=tags, codebook=book)
    before, after = parcels.round_trip("qdc", codebook)
    assert parcels.as_text(after) == parcels.as_text(before)


def test_the_whole_codebook_comes_back():
    before, after = parcels.round_trip("qdc", _only_codebook())
    assert parcels.as_text(after) == parcels.as_text(before)


@needs_samples
def test_projects_and_codebooks_are_what_the_schemas_say(files):
    project = etree.XMLSchema(etree.parse(SAMPLES / "Project.xsd"))
    project.assertValid(etree.fromstring(files["project.qde"]))
    codebook = etree.XMLSchema(etree.parse(SAMPLES / "Codebook.xsd"))
    codebook.assertValid(etree.fromstring(parcels.written("qdc")))
    nothing = replace(_only_codebook(), facets=(), tags=(), codebook=None)
    codebook.assertValid(etree.fromstring(parcels.written("qdc", nothing)))
    with zipfile.ZipFile(io.BytesIO(parcels.written("qdpx", nothing))) as archive:
        assert archive.namelist() == ["project.qde"]
        project.assertValid(etree.fromstring(archive.read("project.qde")))


def test_no_guid_stands_for_two_things(files):
    guids = re.findall(rb' guid="([^"]+)"', files["project.qde"])
    assert [guid for guid, times in Counter(guids).items() if times > 1] == []
    named = set(re.findall(rb'(?:targetGUID|originGUID|creatingUser)="([^"]+)"',
                           files["project.qde"]))  # fmt: skip
    assert named - set(guids) == set()


def test_pyrefiqda_finds_every_selection_with_its_words_and_codes(ours, tmp_path):
    path = tmp_path / "project.qdpx"
    path.write_bytes(ours)
    project = RefiProject.load(path, extract_dir=tmp_path / "out")
    names, line = {}, list(project.code_book.codes.code)
    while line:
        code = line.pop()
        names[code.guid] = code.name
        line += code.code
    users = {user.guid: user.name for user in project.users.user}
    found = []
    for source in project.sources.text_source:
        told = RefiProject.resolve_source_path(source.plain_text_path, tmp_path / "out")
        text = told.read_bytes().decode()
        for one in source.plain_text_selection:
            words = text[one.start_position : one.end_position]
            assert one.name == " ".join(words.split())
            codes = sorted(names[coding.code_ref.target_guid] for coding in one.coding)
            found.append((words, users[one.creating_user], codes))
    expected = []
    labels = {tag.slug: tag.label for tag in parcels.hard().tags}
    for document in parcels.hard().documents():
        for one in document.annotations:
            codes = [code.stance or labels[code.slug] for code in one.codings]
            marked = ["Le Quai" if p.standing else p.name for p in one.participants]
            gold = ["gold"] if one.layer == "gold" else []
            all_codes = sorted([*codes, *marked, *gold, one.kind])
            expected += [(span.quote, one.author, all_codes) for span in one.spans]
    assert sorted(found) == sorted(expected)
    links = Counter(link.name for link in project.links.link)
    assert links == {"continued by": 2, "contradicts": 1, "restates": 2, "supports": 1}
    assert len(project.notes.note) == 3


def test_pyrefiqda_finds_every_facet_and_tag_of_a_codebook(tmp_path):
    path = tmp_path / "codebook.qdc"
    path.write_bytes(parcels.written("qdc"))
    book = RefiCodebook.load(path)
    names, line = [], list(book.codes.code)
    while line:
        code = line.pop()
        names.append(code.name)
        line += code.code
    hard = parcels.hard()
    assert sorted(names) == sorted([f.name for f in hard.facets] + [t.label for t in hard.tags])


def _edited(project: bytes, *changes: tuple[str, str]) -> bytes:
    text = project.decode()
    for old, new in changes:
        assert len(re.findall(old, text)) >= 1, old
        text = re.sub(old, new, text, count=1)
    return text.encode()


def test_what_was_changed_in_another_tool_comes_back_as_it_is_now(files):
    """A tag renamed, recoloured and moved, codes taken and given, a note, user and text changed."""
    before, id = _by_id(_rows(_archive(files["project.qde"], files))), parcels.annotation_id
    root = etree.fromstring(files["project.qde"])
    codes = {code.get("name"): code for code in root.iter(f"{NS}Code")}
    codes["Fact"].set("name", "A fact")
    codes["Fact"].set("color", "#ABC")
    codes["Fact"].find(f"{NS}Description").text = (
        codes["Fact"].find(f"{NS}Description").text.replace("A <fact>.", "Found to be so.")
    )
    codes["Ebb"].append(etree.Element(
        f"{NS}Code", guid="{0000AAAA-0000-4000-8000-000000000001}", name="Spring tide",
        isCodable="true",
    ))  # fmt: skip
    codes["Fact"].getparent().append(codes["Ebb"])
    picked = {one.get("guid"): one for one in root.iter(f"{NS}PlainTextSelection")}
    users = {one.get("name"): one.get("guid") for one in root.iter(f"{NS}User")}
    fourth = picked[id(4)]
    fourth.set("endPosition", str(int(fourth.get("endPosition")) - 3))
    fourth.set("creatingUser", "{" + users["bo"].upper() + "}")
    fourth.find(f"{NS}Description").text = "Seen. \n\n" + fourth.find(f"{NS}Description").text
    fourth.remove(fourth.find(f"{NS}Coding"))
    added = etree.SubElement(fourth, f"{NS}Coding", guid="0000aaaa-0000-4000-8000-000000000002")
    etree.SubElement(added, f"{NS}CodeRef", targetGUID="0000AAAA-0000-4000-8000-000000000001")
    note = etree.SubElement(
        root.find(f"{NS}Notes"), f"{NS}Note", guid="0000AAAA-0000-4000-8000-000000000003",
        creatingUser=users["cora"], creationDateTime="2024-05-06T07:08:09Z",
    )  # fmt: skip
    etree.SubElement(note, f"{NS}PlainTextContent").text = "A memo."
    etree.SubElement(fourth, f"{NS}NoteRef", targetGUID="0000AAAA-0000-4000-8000-000000000003")
    link = next(one for one in root.iter(f"{NS}Link") if one.get("name") == "contradicts")
    link.set("name", "qualifies")
    source = root.find(f"{NS}Sources/{NS}TextSource")
    source.find(f"{NS}VariableValue/{NS}TextValue").text = "Another paper"
    rows = _rows(_archive(etree.tostring(root), files))
    assert _of(Refusal, rows) == []
    after = _by_id(rows)
    tags = {tag.slug: tag for tag in _of(TagRecord, rows)}
    assert tags["fact"].definitions[-1][1:3] == ("A fact", "Found to be so.")
    assert (tags["fact"].colour, tags["fact"].key) == ("#aabbcc", "f")
    assert (tags["ebb"].facet, tags["ebb"].parent) == ("type", "")
    assert (tags["spring-tide"].facet, tags["spring-tide"].parent) == ("type", "ebb")
    one = after[id(4)]
    assert (one.note, one.author, one.spans[0].quote) == ("Seen. ", "bo", "café-like")
    assert [code.slug for code in one.codings] == ["spring-tide"]
    assert (one.created, one.participants) == (before[id(4)].created, before[id(4)].participants)
    assert after[id(3)].links == [LinkRecord("restates", id(8)), LinkRecord("qualifies", id(4))]
    (memo,) = [one for one in _of(CommentRecord, rows) if one.annotation == id(4)]
    assert (memo.author, memo.text, memo.mentions) == ("cora", "A memo.", ())
    assert _of(ArticleRecord, rows)[0].outlet == "Another paper"
    assert [after[id(n)] for n in (1, 2, 5, 6, 7, 8, 9, 10, 11)] == [
        before[id(n)] for n in (1, 2, 5, 6, 7, 8, 9, 10, 11)
    ]


def test_of_a_tool_that_takes_no_descriptions_of_selections_the_codes_are_left(files):
    root = etree.fromstring(files["project.qde"])
    for selection in root.iter(f"{NS}PlainTextSelection"):
        selection.remove(selection.find(f"{NS}Description"))
    rows = _rows(_archive(etree.tostring(root), files))
    found, id = _by_id(rows), parcels.annotation_id
    assert [found[id(n)].kind for n in (1, 2, 3)] == ["mention", "mention", "claim"]
    meant = [(part.role, part.name) for part in found[id(2)].participants]
    assert meant == [("named", "=Office"), ("meant", "Union")]
    assert (found[id(7)].layer, found[id(7)].author) == ("gold", "cora")
    assert [(code.slug, code.stance) for code in found[id(8)].codings] == [
        ("fact", ""), ("calm", "unclear"),
    ]  # fmt: skip
    assert found[id(8)].links == [LinkRecord("supports", id(3))]


SOURCE = "<TextSource guid='00000000-0000-4000-8000-00000000000{}' name='{}' {}>{}</TextSource>"
PICK = (
    "<PlainTextSelection guid='{{0000AAAA-0000-4000-8000-0000000000{}}}' name='{}' "
    "startPosition='{}' endPosition='{}' creatingUser='{}'>{}</PlainTextSelection>"
)
CODED = (
    "<Coding guid='0000aaaa-0000-4000-8000-0000000001{}' creatingUser='{}'>"
    "<CodeRef targetGUID='{}'/></Coding>"
)
ANN, BEN = (f"00000000-0000-4000-8000-0000000000{nth}" for nth in ("A1", "B2"))
TAX, ART, GOOD = (f"00000000-0000-4000-8000-0000000000c{nth}" for nth in (1, 2, 3))
ONE, TWO = (f"0000aaaa-0000-4000-8000-00000000000{nth}" for nth in (1, 2))
FOREIGN = f"""<?xml version="1.0"?>
<Project xmlns="urn:QDA-XML:project:1.0" name="P" origin="Any tool">
<Users><User guid="{ANN}" name="Ann"/><User guid="{{{BEN.lower()}}}" id="ben"/></Users>
<CodeBook><Codes>
 <Code guid="{TAX}" name="Tax" isCodable="true" color="#F00082"><Description>Dues</Description>
  <Code guid="{GOOD}" name="good" isCodable="true"/></Code>
 <Code guid="00000000-0000-4000-8000-0000000000c9" name="Themes" isCodable="false">
  <Code guid="{ART}" name="Tax" isCodable="true"/></Code>
</Codes></CodeBook>
<Variables><Variable guid="00000000-0000-4000-8000-0000000000d1" name="Outlet"
 typeOfVariable="Text"/><Variable guid="00000000-0000-4000-8000-0000000000d2" name="Mood"
 typeOfVariable="Text"/></Variables>
<Cases><Case guid="00000000-0000-4000-8000-0000000000d3" name="A person"/></Cases>
<Sources>@@</Sources>
<Notes><Note guid="00000000-0000-4000-8000-0000000000e1" name="memo">
 <PlainTextContent>Look.</PlainTextContent></Note>
<Note guid="00000000-0000-4000-8000-0000000000e2" name="diary"/></Notes>
<Links><Link guid="00000000-0000-4000-8000-0000000000f1" name="Contradicts"
 originGUID="{ONE.upper()}" targetGUID="{TWO}"/>
<Link guid="00000000-0000-4000-8000-0000000000f2" name="explains"
 originGUID="{ONE.upper()}" targetGUID="{TWO}"/>
</Links>
<Sets><Set guid="00000000-0000-4000-8000-0000000000f3" name="S"/></Sets>
</Project>"""
TEXT = "The 👩‍🚒 said x̂.\r\nقال المتحدث."


def _foreign(*selections: str) -> list:
    inner = "".join(selections)
    text = SOURCE.format(1, "a.txt", "plainTextPath='internal://T.TXT'", inner)
    data = ("\ufeff" + TEXT).encode()
    return _rows(_archive(FOREIGN.replace("@@", text).encode(), {"Sources/t.txt": data}))


def test_what_other_tools_coded_is_a_claim_for_each_user():
    at = TEXT.index("said")
    end = TEXT.index("متحدث") + 5
    both = CODED.format("01", ANN, TAX) + CODED.format("02", BEN, ART) + CODED.format(
        "03", ANN, GOOD
    ) + "<NoteRef targetGUID='00000000-0000-4000-8000-0000000000E1'/>"  # fmt: skip
    values = "<VariableValue><VariableRef targetGUID='00000000-0000-4000-8000-0000000000{}'/>" \
        "<TextValue>{}</TextValue></VariableValue>"  # fmt: skip
    rows = _foreign(
        PICK.format("01", "said …", at, end, ANN, f"<Description>My note</Description>{both}"),
        PICK.format("02", "The", 0, 3, BEN.lower(), ""),
        values.format("D1", "Post"), values.format("d2", "Calm"),
    )  # fmt: skip
    assert [f.slug for f in _of(FacetRecord, rows)] == ["code", "themes"]
    assert [(t.slug, t.facet, t.parent, t.colour) for t in _of(TagRecord, rows)] == [
        ("tax", "code", "", "#f00082"), ("good", "code", "tax", ""),
        ("themes-tax", "themes", "", ""),
    ]  # fmt: skip
    (article,) = _of(ArticleRecord, rows)
    assert (article.title, article.outlet, article.newest.text) == ("a.txt", "Post", TEXT)
    first, second, third = _of(AnnotationRecord, rows)
    assert [first.author, second.author, third.author] == ["Ann", "ben", "ben"]
    assert first.spans[0] == second.spans[0] == (at, end, TEXT[at:end])
    assert [c.slug for c in first.codings] == ["tax", "good"]
    assert [c.slug for c in second.codings] == ["themes-tax"]
    assert first.note == "My note\n\nLook.\n\nexplains → The"
    assert first.links == [LinkRecord("contradicts", third.id)]
    assert third.codings == []
    assert [remark.reason for remark in _of(Remark, rows)] == [
        "1 case is not kept.", "Of source “a.txt” is not kept: mood.",
        "A link is kept as a line of the note: explains → The",
        "The note “diary” is not kept.", "1 set is not kept.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ((3, 3), "it is empty: its end must come after its start"),
        ((5, 2), "it is empty: its end must come after its start"),
        ((-1, 4), "it leaves the text, which ends at code point"),
        ((0, 9999), "it leaves the text, which ends at code point"),
        (("x", 4), "start and end must be whole numbers"),
        ((3, 4), "it holds only white space"),
    ],
)
def test_a_selection_that_does_not_fit_its_text_is_refused_and_the_next_read(place, reason):
    rows = _foreign(PICK.format("01", "", *place, ANN, ""), PICK.format("02", "", 0, 3, ANN, ""))
    (refusal,) = _of(Refusal, rows)
    assert reason in refusal.reason
    assert [one.spans[0].quote for one in _of(AnnotationRecord, rows)] == ["The"]


def test_a_source_that_is_coded_as_a_whole_is_a_claim_on_all_of_it():
    (claim,) = _of(AnnotationRecord, _foreign(CODED.format("01", ANN, TAX)))
    assert (claim.spans[0].quote, claim.author, claim.codings[0].slug) == (TEXT, "Ann", "tax")


COUNTS = {
    "Project.qde": {"FacetRecord": 1, "TagRecord": 14, "Refusal": 12, "Remark": 4},
    "TestProject.qdpx": {"FacetRecord": 1, "TagRecord": 14, "Refusal": 12, "Remark": 4},
    "samples/blank-atlas-project.qdpx": {},
    "samples/target-atlas-project.qdpx": {"FacetRecord": 1, "TagRecord": 3},
}


@needs_samples
@pytest.mark.parametrize("name", COUNTS)
def test_what_atlas_wrote_is_read_or_refused_with_the_reason(name):
    rows = _rows((SAMPLES / name).read_bytes())
    assert Counter(type(what).__name__ for what in rows) == COUNTS[name]
    reasons = Counter(
        re.sub("“.*” ", "", refusal.reason) for refusal in _of(Refusal, rows)
    )  # fmt: skip
    if reasons:
        assert reasons == {
            "cannot be read: its text is not in the file.": 6,
            "is a PDF: only texts can be read.": 2,
            "is a video: only texts can be read.": 2,
            "is a picture: only texts can be read.": 1,
            "is a sound recording: only texts can be read.": 1,
        }


@needs_samples
def test_where_the_texts_are_there_too_every_selection_of_atlas_is_a_claim_on_its_words():
    """ATLAS.ti's project came without its texts: made here, with its quotations in their places."""
    project = (SAMPLES / "Project.qde").read_bytes()
    texts, selections = {}, {}
    for source in etree.fromstring(project).iter(f"{NS}TextSource", f"{NS}Representation"):
        picked = source.findall(f"{NS}PlainTextSelection")
        places = [(int(p.get("startPosition")), int(p.get("endPosition"))) for p in picked]
        made = list("x" * (max((end for _, end in places), default=0) + 1))
        for one, (start, end) in zip(picked, places, strict=True):
            made[start:end] = one.get("name").rstrip("…")[: end - start].ljust(end - start, ".")
            selections[one.get("guid").lower()] = one
        if name := source.get("plainTextPath"):
            texts[f"Sources/{name.removeprefix('internal://')}"] = "".join(made).encode()
    rows = _rows(_archive(project, texts))
    claims = _by_id(rows)
    assert len(claims) == len(selections)
    coded = 0
    for guid, one in selections.items():
        claim = claims[guid]
        assert claim.spans[0].quote.rstrip(".") in one.get("name").rstrip(".")
        assert len(claim.codings) == len(one.findall(f"{NS}Coding"))
        assert claim.author == "Friedrich Markgraf"
        coded += len(claim.codings)
    assert (len(claims), coded) == (8, 9)
    assert len(_of(Refusal, rows)) == 4


@needs_samples
def test_the_codebook_of_the_specification_is_read():
    rows = _rows((SAMPLES / "spec-example-1.qdc").read_bytes(), qda_codebook)
    assert [facet.slug for facet in _of(FacetRecord, rows)] == ["code"]
    assert [(tag.label, tag.definition, tag.colour) for tag in _of(TagRecord, rows)] == [
        ("Topics", "", ""),
        ("Economy", "Anything about jobs or taxes or business", "#ffff00"),
        ("Health care", "Health care issues, doctor, patients, etc.", "#33cc33"),
        ("Values", "", ""),
        ("Conservatives", "Republicans or right-wing libertarians", "#ff0000"),
        ("Liberals", "Democrats, socialists, or progressive independents", "#0000ff"),
    ]


BOMB = b"""<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>
<Project xmlns="urn:QDA-XML:project:1.0" name="&b;"/>"""


@pytest.mark.parametrize("reader", [qda, qda_codebook])
@pytest.mark.parametrize(
    "data",
    [b"", b"no xml", b"<a/>", b"<CodeBook/>", b"<Project name='x'/>", BOMB, b"PK\x03\x04broken",
     b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', b"<a>" * 999],
)  # fmt: skip
def test_what_is_no_project_or_codebook_is_refused_as_a_whole(reader, data):
    with pytest.raises(ReadError):
        _rows(data, reader)


def test_an_archive_without_a_project_is_refused():
    with pytest.raises(ReadError, match=r"There is no project\.qde in it"):
        _rows(_zip_of({"a.txt": b"x"}))


def test_texts_are_unpacked_one_by_one():
    sources = "".join(
        f'<TextSource guid="00000000-0000-4000-8000-00000000000{n}" name="{n}" '
        f'plainTextPath="internal://{n}.txt"/>'
        for n in range(6)
    )
    project = f'<Project xmlns="{NS[1:-1]}" name="x"><Sources>{sources}</Sources></Project>'
    texts = {f"{n}.txt": b"Calm. " * 1_000_000 for n in range(6)}
    file = io.BytesIO(_zip_of({"project.qde": project.encode(), **texts}))
    tracemalloc.start()
    try:
        lengths = [len(row.what.newest.text) for row in qda.read(file)]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert lengths == [6_000_000] * 6
    assert peak < 30_000_000
    too_large = {"project.qde": b"", "a.txt": b"x" * (MOST_OF_TEXT + 1)}
    with pytest.raises(ReadError, match="One of the texts in it is too large"):
        _rows(_zip_of(too_large))


SPOILT = [
    (r'"is":"facet","slug":"type"', '"is":"facet","slug":7', "Code “Claim “type””: “slug”"),
    (r'"is":"actor","name":"Union"', '"is":"actor","name":[]', "Case “Union”: “name” cannot be"),
    (r'"kind":"mention","id"', '"kind":"rumour","id"', "“rumour” is no kind of annotation"),
    (r'"id":"00000000-0000-4000-8000-000000000101"', '"id":1', "“id” cannot be 1"),
    (r'"piece":2\}', '"piece":2} ', None),
]


@pytest.mark.parametrize(("old", "new", "reason"), SPOILT)
def test_what_is_wrong_in_a_project_is_refused_and_the_rest_read(files, old, new, reason):
    rows = _rows(_archive(_edited(files["project.qde"], (old, new)), files))
    refused = [one.reason for one in _of(Refusal, rows)]
    if reason:
        assert reason in refused[0]
    else:
        assert refused == []
    assert len(_of(ActorRecord, rows)) >= 4
    assert _of(CodebookRecord, rows) == [parcels.hard().codebook]


def test_a_text_that_was_changed_meanwhile_is_a_text_of_its_own(files):
    name = "sources/00000000-0000-4000-8000-000000000211.txt"
    rows = _rows(_archive(files["project.qde"], {**files, name: files[name] + b"!"}))
    remark = "The text of “The <sea> & “calm”” was changed meanwhile: it is a new article."
    assert _of(Remark, rows) == [Remark(remark)]
    assert _of(ArticleRecord, rows)[0].published_on == date(2024, 3, 14)
