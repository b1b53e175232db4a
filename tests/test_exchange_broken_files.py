"""Files that were damaged: a reader tells what is wrong, by ReadError or by a Refusal of a row."""

import csv
import hashlib
import io
import json
import random
import sqlite3
import zipfile
from contextlib import closing, suppress
from typing import Any

import pytest

from annotations.exchange import aside
from annotations.exchange.formats import FORMATS
from annotations.exchange.neutral import AnnotationRecord, ReadError, Refusal
from tests import parcels
from tests.reading import zipped

TIMES = 250
READ = sorted(name for name, format in FORMATS.items() if format.reads)
TEXT = "Ada says: “the 👩‍🚒 is calm”. Bo does not."
# What Crossread reads and does not write.
MADE = {
    "mardy": json.dumps({
        "text": TEXT, "entities": [], "sentences": [], "tokens": [],
        "claims": [{
            "quote": "is calm", "begin": 16, "end": 23, "cdate": "20190401", "cpos": "1",
            "actorvalues": ["30", "per_Ada", "org_Office"], "claims": ["100", "101"],
        }],
    }).encode(),
    "brat-events": zipped(("attributions/y.ann", (
        b"T1\tSource 0 3\tAda\nT2\tCue 4 8\tsays\nT3\tContent 10 15;16 18\t\xe2\x80\x9cthe 3\n"
        b"E1\tAttribution:T1 Source:T1 Cue:T2 Content:T3\nA1\tNested E1\n#1\tNote E1\tx\n"
    )), ("text/y.txt", TEXT.encode())),
}  # fmt: skip
# What stands where something else should: of every type of JSON, and what text formats part by.
VALUES = (
    None, True, 0, -1, 2**70, 1.5, "", "x", "\ud800", [], [[]], [1], ["x", None], {}, {"x": []},
    {"id": {}},
)  # fmt: skip
PIECES = (
    b"", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xe9", b'"', b"'", b"<", b">", b"&", b"{", b"}",
    b"[", b"]", b",", b";", b":", b"\t", b"\n", b"-1", b"0", b"99999999999999999999", b"null",
    b"#", b"|", b"/", b"\xed\xa0\x80", b"1e999", b"\xf0\x9f\x91\xa9",
)  # fmt: skip


def changed_value(value: Any, by: random.Random) -> Any:
    """The JSON value with one thing in it replaced, left out or doubled."""
    if not isinstance(value, (dict, list)) or not value or by.random() < 0.1:
        return by.choice(VALUES)
    keys = list(value) if isinstance(value, dict) else range(len(value))
    key = by.choice(keys)
    made = value.copy()
    if by.random() < 0.1:
        del made[key]
    else:
        made[key] = changed_value(value[key], by)
    return made


def changed_bytes(data: bytes, by: random.Random) -> bytes:
    """The bytes with a piece replaced, or cut off."""
    at = by.randrange(len(data) + 1)
    kind = by.randrange(8)
    if kind == 0:
        return data[:at]
    if kind == 1:
        return (
            by.choice((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")) + data[:at] + b"\xe9" + data[at:]
        )
    end = min(len(data), at + by.choice((0, 1, 1, 2, 8, 64)))
    return data[:at] + by.choice(PIECES) + data[end:]


def changed(data: bytes, by: random.Random) -> bytes:
    """The file with one thing in it changed: in an archive in a file of it, in JSON a value."""
    if by.random() < 0.1:
        return changed_bytes(data, by)
    if data.startswith(b"PK"):
        return changed_archive(data, by)
    if data.startswith(b"SQLite"):
        return changed_database(data, by)
    if b'"is": "trailer"' in data:
        return sealed(changed_json(data, by))
    if data[:1] in (b"{", b"["):
        return changed_json(data, by)
    is_sheet = data.startswith((b"id,article,", b'"statement ID";'))
    return changed_sheet(data, by) if is_sheet else changed_bytes(data, by)


def changed_archive(data: bytes, by: random.Random) -> bytes:
    """The archive with a change in one of its files."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    files = {name: archive.read(name) for name in archive.namelist()}
    name = by.choice(list(files))
    files[name] = changed(files[name], by)
    return zipped(*files.items())


def changed_sheet(data: bytes, by: random.Random) -> bytes:
    """The CSV with a change in one of its cells."""
    delimiter = ";" if b";" in data[:20] else ","
    rows = list(csv.reader(io.StringIO(data.decode(), newline=""), delimiter=delimiter))
    row = by.choice(rows)
    # The last of an event is JSON of ours.
    at = by.choice((by.randrange(len(row)), -1))
    row[at] = changed(row[at].encode(), by).decode("utf-8", "replace")
    made = io.StringIO(newline="")
    csv.writer(made, delimiter=delimiter).writerows(rows)
    return made.getvalue().encode("utf-8", "replace")


def changed_database(data: bytes, by: random.Random) -> bytes:
    """The SQLite database with a change in one cell of it."""
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(data)
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        table = by.choice([name for (name,) in tables])
        rows = database.execute(f'SELECT rowid, * FROM "{table}"')
        names, found = [one[0] for one in rows.description][1:], rows.fetchall()
        if not found:
            return changed_bytes(data, by)
        number, *cells = by.choice(found)
        at = by.randrange(len(cells))
        cell = changed(str(cells[at]).encode(), by).decode("utf-8", "replace")
        value = by.choice((cell, None, -1, 2**40, 1.5, "", "x", b"\xff"))
        with suppress(sqlite3.Error):
            change = f'UPDATE "{table}" SET "{names[at]}" = ? WHERE rowid = ?'
            database.execute(change, (value, number))
        database.commit()
        return database.serialize()


def sealed(data: bytes) -> bytes:
    """Our own JSONL with the digest of what it says now."""
    lines = data.splitlines(keepends=True)
    digest = hashlib.sha256(b"".join(lines[:-1])).hexdigest()
    return b"".join(lines[:-1]) + json.dumps({"is": "trailer", "sha256": digest}).encode()


def changed_json(data: bytes, by: random.Random) -> bytes:
    """The JSON, or one line of it, with a value changed; if it is none, then its bytes."""
    lines = [data] if _is_json(data) else data.splitlines(keepends=True)
    at = by.randrange(len(lines))
    if not _is_json(lines[at]):
        return changed_bytes(data, by)
    value = changed_value(json.loads(lines[at]), by)
    return b"".join([*lines[:at], json.dumps(value).encode(), b"\n", *lines[at + 1 :]])


def _is_json(data: bytes) -> bool:
    try:
        json.loads(data)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("name", READ)
def test_whatever_is_wrong_in_a_file_the_reader_tells(name):
    data = MADE.get(name) or parcels.written(name)
    assert parcels.read(name, data)
    # A workbook is read in a process of its own, which takes a while.
    for seed in range(30 if name == "xlsx" else TIMES):
        rows = []
        with suppress(ReadError):
            rows = parcels.read(name, changed(data, random.Random(seed)))
        faults = [fault for row in rows if (fault := aside.fault_in(row.what))]
        assert (seed, faults) == (seed, [])


@pytest.mark.parametrize("name", ["csv", "csv-codings", "dna-csv"])
@pytest.mark.parametrize(
    ("start", "end", "said"),
    [(b"\xef\xbb\xbf", b"caf\xe9", "UTF-8"), (b"\xff\xfe", b"\x00\xdc\x00\xdc", "UTF-16")],
)
def test_a_sheet_that_is_not_encoded_as_its_mark_says_is_told(name, start, end, said):
    sheet = parcels.written(name).removeprefix(b"\xef\xbb\xbf")
    if said == "UTF-16":
        sheet = sheet.decode().encode("utf-16-le")
    with pytest.raises(ReadError, match=f"Its mark says that it is {said}, but not all of it is"):
        parcels.read(name, start + sheet + end)


def test_a_structure_whose_type_is_no_name_is_told():
    cas = {"%FEATURE_STRUCTURES": [
        {"%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaID": "_InitialView", "sofaString": TEXT},
        {"%ID": 2, "%TYPE": {}, "@sofa": 1, "begin": 0, "end": 3},
    ]}  # fmt: skip
    rows = parcels.read("cas-json", zipped(("a.json", json.dumps(cas).encode())))
    assert ["whose type is no name" in row.what.reason for row in rows] == [True]


@pytest.mark.parametrize("places", [b"[[1]]", b"[1]", b"[[1,null]]", b"[[0,1,2]]", b"{}"])
def test_an_event_whose_stretches_are_none_is_refused(places):
    sheet = io.StringIO(parcels.written("dna-csv").decode(), newline="")
    rows = list(csv.DictReader(sheet, delimiter=";"))
    for row in rows:
        if row["crossread"] and "places" in (kept := json.loads(row["crossread"])):
            row["crossread"] = json.dumps({**kept, "places": json.loads(places)})
    made = io.StringIO(newline="")
    writer = csv.DictWriter(made, list(rows[0]), delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    read = parcels.read("dna-csv", made.getvalue().encode())
    assert any(isinstance(row.what, Refusal) for row in read)
    assert not any(isinstance(row.what, AnnotationRecord) for row in read)
