"""Databases and event lists of Discourse Network Analyzer, ours and those that it made itself."""

import base64
import csv
import hashlib
import io
import json
import re
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from annotations.exchange.dna import database as dna
from annotations.exchange.dna import events as dna_events
from annotations.exchange.dna import schema as dna_schema
from annotations.exchange.neutral import (
    ActorRecord,
    AnnotationRecord,
    ArticleRecord,
    FacetRecord,
    ReadError,
    Refusal,
    Remark,
    TagRecord,
    code_of,
    part_of,
    tag_of,
)
from tests import parcels

SAMPLES = Path(__file__).resolve().parents[2] / "shared" / "formats" / "dna"
needs_samples = pytest.mark.skipif(
    not SAMPLES.exists(), reason="DNA's sample databases are not beside this repository"
)
MADE = {"ArticleRecord": 7, "AnnotationRecord": 41, "ActorRecord": 14, "TagRecord": 6,
        "FacetRecord": 1, "Remark": 7}  # fmt: skip


@pytest.fixture
def ours(tmp_path):
    """A database that we wrote, open, and what its reader makes of what it is changed to."""
    path = tmp_path / "ours.dna"
    path.write_bytes(parcels.written("dna"))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection, lambda: _read(path)


def _read(path: Path) -> list:
    with path.open("rb") as file:
        return [row.what for row in dna.read(file)]


def _of(kind: type, rows: list) -> list:
    return [what for what in rows if isinstance(what, kind)]


def _by_id(rows: list) -> dict[str, AnnotationRecord]:
    return {one.id: one for one in _of(AnnotationRecord, rows)}


def _utf16(text: str, start: int, stop: int) -> str:
    return text.encode("utf-16-le")[2 * start : 2 * stop].decode("utf-16-le")


@pytest.mark.parametrize("name", ["dna", "dna-csv"])
def test_what_was_written_comes_back_but_for_what_it_is_said_to_lose(name):
    before, after = parcels.round_trip(name)
    assert parcels.as_text(after) == parcels.as_text(before)


@pytest.mark.parametrize("name", ["dna", "dna-csv"])
def test_the_same_project_makes_the_same_bytes(name):
    assert parcels.written(name) == parcels.written(name)


def _harder():
    """The hard parcel with names that are longer than DNA takes, and equal ones."""
    hard = parcels.hard()
    long = "Long " * 50
    twins = [
        tag_of("Fact", "tone", "fact-2"), tag_of("Fact (fact-2)", "tone", "fact-3"),
        tag_of(long, "tone", "long-1"), tag_of(f"{long}er", "tone", "long-2"),
    ]  # fmt: skip
    person = ActorRecord(
        f"Ann {long}", "person", part_of=(
            {"name": "Union", "until": "2020-01-01"}, {"name": "=Office", "since": "2024-01-01"},
        ), id="00000000-0000-4000-8000-000000000399",
    )  # fmt: skip
    who = part_of("claimant", person.name)
    codes = [code_of(tag.slug, "oppose", 1) for tag in twins]
    given = {f"{parcels.annotation_id(9)}": {"participants": [who], "codings": codes}}

    def annotated(passages: bool = False):
        for article, own in hard.annotated(passages):
            yield article, [one._replace(**given.get(one.id, {})) for one in own]

    actors = [*hard.actors(), person]
    return replace(
        hard, tags=(*hard.tags, *twins), actors=lambda: iter(actors), annotated=annotated
    )  # fmt: skip


@pytest.mark.parametrize("name", ["dna", "dna-csv"])
def test_names_that_are_too_long_for_dna_or_equal_are_told_apart_and_come_back(name):
    before, after = parcels.round_trip(name, _harder())
    assert parcels.as_text(after) == parcels.as_text(before)


def test_a_person_speaks_for_what_she_was_part_of_at_the_time(tmp_path):
    path = tmp_path / "harder.dna"
    path.write_bytes(parcels.written("dna", _harder()))
    with closing(sqlite3.connect(path)) as connection:
        seen = connection.execute(
            "SELECT Variable, Value FROM DATASHORTTEXT d JOIN ENTITIES e ON e.ID = Entity "
            "JOIN VARIABLES v ON v.ID = d.VariableId JOIN STATEMENTS s ON s.ID = StatementId "
            "WHERE v.StatementTypeId = 1 AND StatementId IN (SELECT StatementId FROM DATASHORTTEXT "
            "JOIN ENTITIES e ON e.ID = Entity WHERE e.Value LIKE 'Ann Long%') ORDER BY d.ID"
        ).fetchall()
    who = [("person", f"Ann {'Long ' * 50}"[:190]), ("organization", "=Office")]
    long = ("Long " * 50)[:190]
    concepts = ["Fact (fact-2)", "Fact (fact-2)*", *(f"{long[:181]} (long-{n})" for n in (1, 2))]
    assert seen == [pair for concept in concepts for pair in (*who, ("concept", concept))]


def _shape(connection: sqlite3.Connection) -> dict[str, tuple]:
    """Of each table: columns with type, default and key, references, what is unique, checks."""
    shapes = {}
    tables = "SELECT name, sql FROM sqlite_master WHERE type = 'table'"
    for name, order in connection.execute(tables).fetchall():
        unique = connection.execute(f"PRAGMA index_list({name})").fetchall()
        checks = re.findall(r"CHECK\s*\(((?:[^()]|\([^()]*\))*)\)", order)
        shapes[name] = (
            connection.execute(f"PRAGMA table_xinfo({name})").fetchall(),
            sorted(row[2:] for row in connection.execute(f"PRAGMA foreign_key_list({name})")),
            sorted(connection.execute(f"PRAGMA index_info({row[1]})").fetchall() for row in unique),
            sorted("".join(check.split()) for check in checks),
        )
    return shapes


@needs_samples
def test_the_tables_are_those_that_dna_makes_itself(ours):
    address = f"{(SAMPLES / 'sample-3.dna').as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as sample:
        made, wanted = _shape(ours[0]), _shape(sample)
        assert list(made) == list(wanted)
        for table, shape in wanted.items():
            assert (table, made[table]) == (table, shape)
        standard = (
            "SELECT Variable, DataType FROM VARIABLES v JOIN STATEMENTTYPES t ON t.ID = "
            "v.StatementTypeId WHERE Label = 'DNA Statement' AND Variable <> 'crossread' "
            "ORDER BY v.ID"
        )
        assert ours[0].execute(standard).fetchall() == sample.execute(standard).fetchall()
        attributes = (
            "SELECT Variable, AttributeVariable FROM ATTRIBUTEVARIABLES a JOIN VARIABLES v "
            "ON v.ID = a.VariableId WHERE StatementTypeId = 1 AND AttributeVariable <> 'Slug' "
            "ORDER BY 1, 2"
        )
        assert ours[0].execute(attributes).fetchall() == sample.execute(attributes).fetchall()


def test_dna_finds_a_whole_database_with_a_value_for_each_variable(ours):
    run = ours[0].execute
    assert run("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert run("PRAGMA foreign_key_check").fetchall() == []
    missing = (
        "SELECT s.ID, Variable FROM STATEMENTS s JOIN VARIABLES v USING (StatementTypeId) "
        "WHERE NOT EXISTS (SELECT 1 FROM DATASHORTTEXT d WHERE StatementId = s.ID "
        "AND VariableId = v.ID UNION SELECT 1 FROM DATALONGTEXT d WHERE StatementId = s.ID "
        "AND VariableId = v.ID UNION SELECT 1 FROM DATABOOLEAN d WHERE StatementId = s.ID "
        "AND VariableId = v.ID)"
    )
    assert run(missing).fetchall() == []
    coders = run("SELECT Name FROM CODERS ORDER BY ID").fetchall()
    assert coders == [("Admin",), ("ada",), ("bo",), ("gold",), ("cora",)]
    assert run("SELECT COUNT(*) FROM CODERRELATIONS").fetchone() == (20,)
    (password,) = run("SELECT DISTINCT Password FROM CODERS").fetchone()
    salted = base64.b64decode(password)
    digest = hashlib.sha256(salted[:16] + dna_schema.PASSWORD.encode()).digest()
    for _ in range(99_999):
        digest = hashlib.sha256(digest).digest()
    assert salted[16:] == digest


def test_dna_sees_who_said_what_and_whether_they_agree_at_its_own_offsets(ours):
    seen = ours[0].execute(
        "SELECT Text, Start, Stop, c.Name, "
        "MAX(CASE Variable WHEN 'person' THEN e.Value END), "
        "MAX(CASE Variable WHEN 'organization' THEN e.Value END), "
        "MAX(CASE Variable WHEN 'concept' THEN e.Value END), "
        "(SELECT Value FROM DATABOOLEAN b WHERE b.StatementId = s.ID) "
        "FROM STATEMENTS s JOIN DOCUMENTS d ON d.ID = DocumentId JOIN CODERS c ON c.ID = s.Coder "
        "JOIN DATASHORTTEXT x ON x.StatementId = s.ID JOIN ENTITIES e ON e.ID = Entity "
        "JOIN VARIABLES v ON v.ID = x.VariableId WHERE s.StatementTypeId = 1 GROUP BY s.ID"
    )
    author = ("Ada Quill; Bo “B.” Lee", "Strait & Post")
    calm, norm = "The strait is calm", "A “norm”"
    said, like = "said that x̂ is café-like, 𝔘 too; =1+1", "café-like, 𝔘"
    assert [(_utf16(text, start, stop), *rest) for text, start, stop, *rest in seen] == [
        ("The 👩‍🚒", "ada", "", "=Office", norm, 1),
        ("The 👩‍🚒", "ada", "", "=Office", calm, 0),
        ("The 👩‍🚒", "ada", *author, norm, 1),
        ("The 👩‍🚒", "ada", *author, calm, 0),
        (like, "ada", *author, "Fact", 1),
        (said, "bo", "", "=Office", norm, 1),
        (said, "bo", "", "=Office", "Grave", 1),
        (said, "bo", "", "Old guard", norm, 1),
        (said, "bo", "", "Old guard", "Grave", 1),
        (like, "bo", *author, "Fact", 1),
        ("🇩🇪🇫🇷, ends here", "gold", "", "", "Fact", 1),
        ("🇩🇪🇫🇷, ends here", "gold", "", "", calm, 1),
        ("嵐だ", "bo", "", "Union", "Fact", 1),
        ("المضيق هادئ", "ada", "", "", "Was", 1),
    ]


@needs_samples
@pytest.mark.parametrize("name", ["sample-2.dna", "sample-3.dna"])
def test_every_statement_of_dnas_own_databases_is_a_claim_at_its_words(name):
    rows = _read(SAMPLES / name)
    assert Counter(type(what).__name__ for what in rows) == MADE
    (facet,) = _of(FacetRecord, rows)
    assert facet == FacetRecord("concept", "concept", takes_stance=True)
    articles = {article.id: article for article in _of(ArticleRecord, rows)}
    assert articles["document-1"].published_on == date(2005, 1, 26)
    assert articles["document-1"].authors == ["Bluestein, Joel"]
    labels = {tag.slug: tag.label for tag in _of(TagRecord, rows)}
    address = f"{(SAMPLES / name).as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as sample:
        told = sample.execute(
            "SELECT s.ID, Text, Start, Stop, c.Name, b.Value FROM STATEMENTS s "
            "JOIN DOCUMENTS d ON d.ID = DocumentId JOIN CODERS c ON c.ID = s.Coder "
            "LEFT JOIN DATABOOLEAN b ON b.StatementId = s.ID"
        ).fetchall()
    found = _by_id(rows)
    assert len(found) == len(told) == 41
    for id, text, start, stop, coder, agrees in told:
        claim = found[f"statement-{id}"]
        (span,) = claim.spans
        assert articles[claim.article].newest.text == text
        assert span.quote == text[span.start : span.end] == _utf16(text, start, stop)
        assert claim.author == coder
        stances = {None: [], 0: ["oppose"], 1: ["support"]}[agrees]
        assert [code.stance for code in claim.codings] == stances
    first = found["statement-1"]
    roles = [(part.role, part.name) for part in first.participants]
    group = "Energy and Environmental Analysis, Inc."
    assert roles == [("claimant", group), ("voice", "Joel Bluestein")]
    assert labels[first.codings[0].slug] == "CO2 legislation will not hurt the economy."
    person = next(actor for actor in _of(ActorRecord, rows) if actor.name == "Joel Bluestein")
    assert (person.kind, person.part_of) == ("person", ({"name": group},))
    sections = ["876", "867", "867", "1", "1", "1", "1"]
    assert [remark.reason for remark in _of(Remark, rows)] == [
        f"Of document {nth} is not kept: section “{section}”."
        for nth, section in enumerate(sections, 1)
    ]


CHANGES = """
UPDATE DATASHORTTEXT SET Entity = (SELECT ID FROM ENTITIES WHERE VariableId = 2 AND Value = 'Union')
  WHERE StatementId IN (14, 15) AND VariableId = 2;
UPDATE DATABOOLEAN SET Value = 1 WHERE StatementId IN (4, 7);
DELETE FROM STATEMENTS WHERE ID IN (12, 15, 17);
UPDATE ENTITIES SET Value = 'Flat calm' WHERE Value = 'The strait is calm';
UPDATE STATEMENTS SET Stop = Stop - 5 WHERE ID = 11;
UPDATE STATEMENTS SET Coder = (SELECT ID FROM CODERS WHERE Name = 'cora') WHERE ID = 28 OR ID = 29;
UPDATE DATALONGTEXT SET Value = 'Said in DNA' WHERE StatementId = 2
  AND VariableId = (SELECT ID FROM VARIABLES WHERE Variable = 'note' AND StatementTypeId = 3);
UPDATE DATALONGTEXT SET Value = 'So it is.' WHERE StatementId = 32
  AND VariableId = (SELECT ID FROM VARIABLES WHERE Variable = 'note' AND StatementTypeId = 4);
UPDATE DOCUMENTS SET Source = 'Another paper', Date = 1700000000 WHERE ID = 1;
INSERT INTO ENTITIES (ID, VariableId, Value) VALUES (900, 3, 'A new idea');
INSERT INTO STATEMENTS (ID, StatementTypeId, DocumentId, Start, Stop, Coder) VALUES
  (901, 1, 1, 4, 7, 2);
INSERT INTO DATASHORTTEXT (ID, StatementId, VariableId, Entity) VALUES (902, 901, 3, 900);
INSERT INTO DATABOOLEAN (ID, StatementId, VariableId, Value) VALUES (903, 901, 4, 0);
"""


def test_what_was_changed_in_dna_comes_back_as_it_is_now(ours):
    connection, read = ours
    before = _by_id(read())
    connection.execute("PRAGMA foreign_keys = ON")
    connection.executescript(CHANGES)
    rows = read()
    assert _of(Refusal, rows) == []
    after, id = _by_id(rows), parcels.annotation_id
    names = [part.name for part in after[id(5)].participants]
    assert names == ["Old guard", "Union"]  # who had a statement left, and who was new in one
    assert [code[1:] for code in after[id(5)].codings] == [("norm", "", 2)]
    assert [code[1:] for code in after[id(3)].codings] == [
        ("norm", "", 1), ("ebb", "neutral", 1), ("calm", "support", 1),
    ]  # fmt: skip
    assert (after[id(4)].participants, after[id(4)].codings) == ([], [])
    assert [span.quote for span in after[id(3)].spans][-1] == "second paragraph, "[:-1]
    assert (after[id(10)].author, before[id(10)].author) == ("cora", "ada")
    assert after[id(2)].note == "Said in DNA"
    assert (after[id(2)].certainty, after[id(2)].updated) == ("high", before[id(2)].updated)
    articles = {article.title: article for article in _of(ArticleRecord, rows)}
    sea = articles["The <sea> & “calm”"]
    assert (sea.outlet, sea.published_on) == ("Another paper", date(2023, 11, 14))
    assert sea.authors == ["Ada Quill", "Bo “B.” Lee"]
    tags = {tag.slug: tag for tag in _of(TagRecord, rows)}
    assert (tags["calm"].label, tags["calm"].facet) == ("Flat calm", "proposition")
    assert (tags["a-new-idea"].label, tags["a-new-idea"].facet) == ("A new idea", "concept")
    new = after["statement-901"]
    assert (new.kind, new.author, new.spans[0].quote) == ("claim", "ada", "<se")
    assert [(code.slug, code.stance) for code in new.codings] == [("a-new-idea", "oppose")]
    unchanged = [n for n in range(1, 12) if n not in (2, 3, 4, 5, 6, 10)]
    assert [after[id(n)] for n in unchanged] == [before[id(n)] for n in unchanged]


def test_a_text_that_was_changed_in_dna_is_a_text_of_its_own(ours):
    connection, read = ours
    connection.execute("UPDATE DOCUMENTS SET Text = Text || '.', Notes = Notes || ' ' WHERE ID = 1")
    rows = read()
    remark = "The text of document 1 was changed in DNA: it is a new article."
    assert _of(Remark, rows) == [Remark(remark)]
    assert _of(ArticleRecord, rows)[0].newest.text.endswith("ends here.")


SPOILT = {
    "UPDATE STATEMENTS SET Stop = 9999 WHERE ID = 1":
        "Statement 1 in “The <sea> & “calm””: An offset is not a whole number within the text.",
    "UPDATE STATEMENTS SET Start = 25 WHERE ID = 1":
        "Statement 1 in “The <sea> & “calm””: An offset points into the middle of a character.",
    "UPDATE STATEMENTS SET Start = 'x' WHERE ID = 1":
        "Statement 1 in “The <sea> & “calm””: An offset is not a whole number within the text.",
    "UPDATE STATEMENTS SET DocumentId = 77 WHERE ID = 1":
        "Statement 1 is in no document of this file.",
    "UPDATE DATALONGTEXT SET Value = '{\"kind\": \"x\", \"id\": \"7\"}' WHERE StatementId = 1":
        "Statement 1 in “The <sea> & “calm””: “x” is no kind of annotation.",
    "UPDATE DATALONGTEXT SET Value = '{\"kind\": 1, \"id\": \"7\"}' WHERE StatementId = 1":
        "Statement 1 in “The <sea> & “calm””: “kind” cannot be 1",
    "UPDATE SETTINGS SET Value = '[' WHERE Property = 'crossread facet 000000'":
        "The setting “crossread facet 000000” cannot be read: “slug” is missing",
    "UPDATE DOCUMENTS SET Notes = 'crossread: {\"id\": 3}' WHERE ID = 4":
        "Document 4 cannot be read: “id” cannot be 3",
    "DELETE FROM STATEMENTS WHERE ID = 9":
        "Statement 10 is a piece of an annotation that is gone.",
}  # fmt: skip


@pytest.mark.parametrize("order", SPOILT)
def test_what_is_wrong_in_a_database_is_refused_and_the_rest_read(ours, order):
    connection, read = ours
    connection.execute("PRAGMA ignore_check_constraints = ON")
    connection.execute(order)
    rows = read()
    assert _of(Refusal, rows)[0] == Refusal(SPOILT[order])
    assert len(_of(AnnotationRecord, rows)) >= 10


SLOW = "CREATE TABLE d AS SELECT * FROM DATALONGTEXT; DROP TABLE DATALONGTEXT; " \
    "ALTER TABLE d RENAME TO DATALONGTEXT"  # fmt: skip
VIEW = "ALTER TABLE DOCUMENTS RENAME TO d; CREATE VIEW DOCUMENTS AS SELECT * FROM d"


@pytest.mark.parametrize(
    "order", ["DROP TABLE STATEMENTS", VIEW, SLOW, "DROP TABLE ENTITIES",
              "ALTER TABLE DATASHORTTEXT RENAME COLUMN Entity TO Value"],
)  # fmt: skip
def test_a_database_of_other_tables_is_none_of_dna(ours, order):
    connection, read = ours
    connection.executescript(order)
    with pytest.raises(ReadError, match="no database of Discourse Network Analyzer 2"):
        read()


@pytest.mark.parametrize(
    "data", [b"", b"x", b"SQLite format 3\x00" + b"\x00" * 100, b"SQLite format 3\x00" * 400]
)
def test_what_is_no_database_is_refused_as_a_whole(data):
    with pytest.raises(ReadError, match=r"This is no (SQLite )?database"):
        list(dna.read(io.BytesIO(data)))


def test_a_tag_that_was_left_without_definitions_is_refused(ours):
    connection, read = ours
    told = json.dumps({"slug": "odd", "facet": "type", "definitions": []})
    connection.execute("INSERT INTO SETTINGS VALUES ('crossread tag 999', ?)", [told])
    reason = "The setting “crossread tag 999” cannot be read: “definitions” is empty"
    assert _of(Refusal, read()) == [Refusal(reason)]


def test_other_variables_and_scales_and_links_of_version_2_are_kept(tmp_path):
    path = tmp_path / "two.dna"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript(TWO)
    rows = _read(path)
    assert [(facet.slug, facet.takes_stance) for facet in _of(FacetRecord, rows)] == [
        ("concept", True), ("hero", False), ("blunt", False), ("times", False),
    ]  # fmt: skip
    assert [(tag.slug, tag.facet, tag.label) for tag in _of(TagRecord, rows)] == [
        ("tax", "concept", "Tax"), ("hero-tax", "hero", "Tax"), ("yes", "blunt", "yes"),
        ("3", "times", "3"),
    ]  # fmt: skip
    first, second = _of(AnnotationRecord, rows)
    assert [(code.slug, code.stance) for code in first.codings] == [
        ("yes", ""), ("3", ""), ("tax", "oppose"), ("hero-tax", "")
    ]  # fmt: skip
    assert first.note == "why: Since.\nlinked → is 𝔘."
    assert [part[:1] + part[3:4] for part in first.participants] == [("claimant", "Ann")]
    assert (second.spans[0].start, second.spans[0].quote) == (4, "is 𝔘.")
    assert _of(Remark, rows) == [Remark("A link of statement 1 is a line in its note.")]


TWO = """
CREATE TABLE CODERS(ID INTEGER PRIMARY KEY, Name TEXT);
CREATE TABLE DOCUMENTS(ID INTEGER PRIMARY KEY, Title, Text, Coder, Author, Source, Section, Notes,
  Type, Date);
CREATE TABLE STATEMENTTYPES(ID INTEGER PRIMARY KEY, Label TEXT);
CREATE TABLE VARIABLES(ID INTEGER PRIMARY KEY, Variable, DataType, StatementTypeId);
CREATE TABLE STATEMENTS(ID INTEGER PRIMARY KEY, StatementTypeId, DocumentId, Start, Stop, Coder);
CREATE TABLE STATEMENTLINKS(ID INTEGER PRIMARY KEY, SourceId, TargetId);
CREATE TABLE DATABOOLEAN(StatementId, VariableId, Value, UNIQUE (StatementId, VariableId));
CREATE TABLE DATAINTEGER(StatementId, VariableId, Value, UNIQUE (StatementId, VariableId));
CREATE TABLE DATASHORTTEXT(StatementId, VariableId, Value, UNIQUE (StatementId, VariableId));
CREATE TABLE DATALONGTEXT(StatementId, VariableId, Value, UNIQUE (StatementId, VariableId));
CREATE TABLE ATTRIBUTES(ID INTEGER PRIMARY KEY, VariableId, Value, Red, Green, Blue, Type, Alias,
  Notes, ChildOf);
INSERT INTO DOCUMENTS VALUES (1, 'A', '𝔘 x is 𝔘.', 1, NULL, '', '', '', '', 1e300);
INSERT INTO STATEMENTTYPES VALUES (1, 'Any');
INSERT INTO VARIABLES VALUES (1, 'Person', 'short text', 1), (2, 'concept', 'short text', 1),
  (3, 'agreement', 'integer', 1), (4, 'hero', 'short text', 1), (5, 'blunt', 'boolean', 1),
  (6, 'times', 'integer', 1), (7, 'why', 'long text', 1);
INSERT INTO STATEMENTS VALUES (1, 1, 1, 0, 2, 9), (2, 1, 1, 5, 11, 9);
INSERT INTO STATEMENTLINKS VALUES (1, 1, 2);
INSERT INTO DATAINTEGER VALUES (1, 3, -2), (1, 6, 3);
INSERT INTO DATABOOLEAN VALUES (1, 5, 1);
INSERT INTO DATASHORTTEXT VALUES (1, 1, 'Ann'), (1, 2, 'Tax'), (1, 4, 'Tax');
INSERT INTO DATALONGTEXT VALUES (1, 7, 'Since.');
"""


@needs_samples
def test_an_event_list_of_dna_is_read_as_claims_by_their_words():
    """A list as DNA writes it: semicolons, and `,` and `'` for what would part and quote."""
    address = f"{(SAMPLES / 'sample-3.dna').as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as sample:
        events = sample.execute(
            "SELECT s.ID, datetime(Date, 'unixepoch'), d.ID, Title, Author, Source, Section, Type, "
            "SUBSTR(Text, Start + 1, Stop - Start), "
            "MAX(CASE VariableId WHEN 1 THEN e END), MAX(CASE VariableId WHEN 2 THEN e END), "
            "MAX(CASE VariableId WHEN 3 THEN e END), "
            "(SELECT Value FROM DATABOOLEAN b WHERE b.StatementId = s.ID) "
            "FROM STATEMENTS s JOIN DOCUMENTS d ON d.ID = DocumentId JOIN (SELECT StatementId, "
            "x.VariableId, Value AS e FROM DATASHORTTEXT x JOIN ENTITIES t ON t.ID = Entity) "
            "ON StatementId = s.ID GROUP BY s.ID"
        ).fetchall()
    head = (
        '"statement ID";"time";"document ID";"document title";"author";"source";"section";"type";'
        '"text";"person";"organization";"concept";"agreement"'
    )
    lines = [head]
    for event in events:
        cells = (str(cell).replace(";", ",").replace('"', "'") for cell in event)
        lines.append(";".join(f'"{cell}"' for cell in cells))
    data = "\n".join(lines).encode()
    rows = [row.what for row in dna_events.read(io.BytesIO(data))]
    made = {**MADE, "AnnotationRecord": 40}
    del made["Remark"]
    assert Counter(type(what).__name__ for what in rows) == made
    expected = {one.id: one for one in _of(AnnotationRecord, _read(SAMPLES / "sample-3.dna"))}
    for claim in _of(AnnotationRecord, rows):
        same = expected[claim.id.replace(" ", "-")]
        assert (claim.codings, claim.participants) == (same.codings, same.participants)
        quote = same.spans[0].quote.replace(";", ",").replace('"', "'")
        assert claim.spans[0].quote == quote


HEAD = (
    "statement_id,time,document_id,document_title,text,organization,concept,agreement,tone,note\n"
)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("1,2020-01-02,1,T,words,Union,Tax,1,loud,", [("support", ["tax", "loud"], "")]),
        ("1,2020-01-02,1,T,words,Union,Tax,0,,n", [("oppose", ["tax"], "n")]),
        ("1,,1,T,words,,Tax,-1,,", [("oppose", ["tax"], "")]),
        ("1,,1,T,words,,Tax,,,", [("", ["tax"], "")]),
        (f"1,,1,T,words,,,,{'long ' * 20},n", [("", [], f"n\ntone: {'long ' * 19}long")]),
        ("1,,1,T,,Union,Tax,1,,", [Refusal]),
        ('1,,1,T,words,Union,Tax,1,,,"spare"', [Refusal]),
    ],
)
def test_rows_of_an_event_list_as_r_writes_it(row, expected):
    rows = [one.what for one in dna_events.read(io.BytesIO((HEAD + row).encode()))]
    found = [
        type(what)
        if isinstance(what, Refusal)
        else (
            "".join(code.stance for code in what.codings),
            [code.slug for code in what.codings],
            what.note,
        )
        for what in rows
        if isinstance(what, Refusal | AnnotationRecord)
    ]
    assert found == expected


def test_what_was_changed_in_an_event_list_comes_back_as_it_is_now():
    rows = list(csv.reader(io.StringIO(parcels.written("dna-csv").decode()), delimiter=";"))
    column = {name: nth for nth, name in enumerate(rows[0])}
    kept = [rows[0]]
    for row in rows[1:]:
        if "0405" in row[column["crossread"]]:
            row[column["coder"]], row[column["organization"]] = "cora", "Union"
        if row[column["concept"]] == "Ebb":
            row[column["agreement"]] = "0"
        if row[column["concept"]] == "Was":
            row[column["concept"]], row[column["agreement"]] = "A new idea", "0"
        if row[column["concept"]] != "Grave":
            kept.append(row)
    written = io.StringIO()
    csv.writer(written).writerows(kept)
    rows = [row.what for row in dna_events.read(io.BytesIO(written.getvalue().encode()))]
    after, id = _by_id(rows), parcels.annotation_id
    assert after[id(5)].author == "cora"
    assert [part.name for part in after[id(5)].participants] == ["Union"]
    assert [code.slug for code in after[id(5)].codings] == ["norm"]
    assert [(code.slug, code.stance) for code in after[id(3)].codings] == [
        ("norm", ""), ("calm", "oppose"), ("ebb", "oppose"),
    ]  # fmt: skip
    assert [code[1:3] for code in after[id(10)].codings] == [("a-new-idea", "oppose")]
    (new,) = [tag for tag in _of(TagRecord, rows) if tag.facet == "concept"]
    assert (new.slug, new.label) == ("a-new-idea", "A new idea")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('""tags"":{', '""tags"":[{'), ('""places"":[[', '""places"":[{'),
        ('""on"":{', '""on"":[{'),
        ('""places"":[[20', '""places"":[[""x""'), ('""places"":[[20', '""places"":[[21'),
        ('""sha256"":""', '""sha256"":[""'), ('""codings"":[{', '""codings"":[[{'),
        ('""speakers"":{', '""speakers"":{""x"":3,'),
    ],
)  # fmt: skip
def test_a_row_of_ours_that_is_spoilt_is_refused_and_the_rest_read(old, new):
    data = parcels.written("dna-csv").decode()
    assert old in data
    rows = [row.what for row in dna_events.read(io.BytesIO(data.replace(old, new, 1).encode()))]
    assert len(_of(AnnotationRecord, rows)) >= 7
    assert len(_of(Refusal, rows)) == 1


@pytest.mark.parametrize(
    ("data", "message"),
    [(b"a,b\n1,2", "lacks text, time"), (b"", "nothing in it"), (b"\x00\xff", "No known encoding")],
)
def test_what_is_no_event_list_is_refused_as_a_whole(data, message):
    with pytest.raises(ReadError, match=message):
        list(dna_events.read(io.BytesIO(data)))
