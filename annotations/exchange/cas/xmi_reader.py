"""UIMA CAS, read: XMI and JSON, alone or in a zip file as INCEpTION exports them.

A CAS that stands in folders is taken for `…/<document>/<person>`; `CURATION_USER`, and whatever
stands in a folder `curation`, is the gold layer. A zip file is gone through
twice, since a CAS may stand in it before its type system.
"""

import io
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, BinaryIO

from lxml import etree

from annotations.exchange import aside
from annotations.exchange.cas.json_reader import of_json
from annotations.exchange.cas.rows import Found, rows_of
from annotations.exchange.cas.types import KINDS, Cas, Kind, Structure, placed, range_of
from annotations.exchange.markup import parsed
from annotations.exchange.neutral import ReadError, Refusal, Remark, Row
from annotations.exchange.packed import MOST_BYTES, unzipped

XMI = "{http://www.omg.org/XMI}"
DESCRIBES = "{http://uima.apache.org/resourceSpecifier}"
PACKAGES = ("http:///", ".ecore")
NUMBERS = {"uima.cas.Integer", "uima.cas.Long", "uima.cas.Short", "uima.cas.Byte"}
PLAIN = {"uima.cas.String", "uima.cas.Double", "uima.cas.Float"}
# Features that refer to other structures, should no type system say so.
REFERRING = frozenset({
    "Governor", "Dependent", "next", "first", "target", "pos", "lemma", "stem", "morph", "parent",
})  # fmt: skip
MARK = b'"%FEATURE_STRUCTURES"'
EXPECTED = "Expected XMI (.xmi) or JSON of a UIMA CAS, or a zip file with such."


def read(file: BinaryIO) -> Iterator[Row]:
    """The rows of what the CASes hold. Raises ReadError if there is no CAS that can be read."""
    start = file.read(4)
    file.seek(0)
    if start.startswith(b"PK"):
        yield from _of_zip(file)
    else:
        cas, kinds = _opened(file.read(), {})
        found = Found(1, "", "", cas, kinds)
        yield from rows_of([found])


def files_of(file: BinaryIO) -> Iterator[tuple[str, bytes]]:
    """The files of a zip archive, and of those that INCEpTION has put in it, one for a person.

    Raises ReadError if it is none, or all of it together would be too large unpacked.
    """
    unpacked = 0
    for path, data in unzipped(file):
        if not path.endswith(".zip"):
            yield path, data
            continue
        own = path.removesuffix(".zip")
        for name, inner in unzipped(io.BytesIO(data)):
            unpacked += len(inner)
            if unpacked > MOST_BYTES:
                raise ReadError("The archives in it would grow too much when they are unpacked.")
            end = name.rpartition(".")[2]
            yield f"{own}.{end}" if end in ("xmi", "json", "tsv") else f"{own}/{name}", inner


def named(path: str) -> tuple[str, str]:
    """The document and the person of a CAS at this path of an archive."""
    *folders, name = path.split("/")
    stem = name.rpartition(".")[0] or name
    if not folders:
        return stem, ""
    gold = "curation" in folders[:-1] or stem.lower() in ("curation_user", "curator")
    return folders[-1], "CURATION_USER" if gold else "" if stem == "INITIAL_CAS" else stem


def _of_zip(file: BinaryIO) -> Iterator[Row]:
    kinds: dict[str, Kind] = {}
    known, cases = b"", 0
    for path, data in files_of(file):
        if path.lower().endswith("typesystem.xml"):
            kinds |= kinds_of(data)
        elif path == aside.FILE:
            known = data
        cases += _looks(path, data)
    if not cases:
        raise ReadError(
            f"There is no UIMA CAS in it. {EXPECTED} INCEpTION's own `.ser` files are none: "
            "export the project there in the format UIMA CAS XMI."
        )
    file.seek(0)
    yield from rows_of(_found(file, kinds), known)


def _found(file: BinaryIO, kinds: dict[str, Kind]) -> Iterator[Found | Row]:
    for number, (path, data) in enumerate(files_of(file), 1):
        if path.endswith(".ser"):
            told = f"“{path}” is Java's own form of a CAS; export the project as XMI."
            yield Row(number, Remark(told))
        elif _looks(path, data):
            try:
                yield Found(number, *named(path), *_opened(data, kinds))
            except ReadError as error:
                yield Row(number, Refusal(f"“{path}”: {error}"))


def _looks(path: str, data: bytes) -> bool:
    return path.endswith(".xmi") or (path.endswith(".json") and MARK in data)


def _opened(data: bytes, kinds: dict[str, Kind]) -> tuple[Cas, dict[str, Kind]]:
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return of_json(data)
    return of_xmi(data, kinds)


def kinds_of(data: bytes) -> dict[str, Kind]:
    """The types of a type system description; lists have a range that ends in `[]`."""
    found = {}
    for described in parsed(data, EXPECTED).iter(f"{DESCRIBES}typeDescription"):
        features = {}
        for one in described.iter(f"{DESCRIBES}featureDescription"):
            range_ = _text(one, "rangeTypeName")
            element = _text(one, "elementType")
            many = range_ in ("uima.cas.FSArray", "uima.cas.FSList")
            features[_text(one, "name")] = f"{element}[]" if many else range_
        found[_text(described, "name")] = Kind(_text(described, "supertypeName"), features)
    return found


def _text(element: Any, name: str) -> str:
    return (element.findtext(f"{DESCRIBES}{name}") or "").strip()


def of_xmi(data: bytes, kinds: dict[str, Kind]) -> tuple[Cas, dict[str, Kind]]:
    """The CAS of an XMI document, and the types that are known. Raises ReadError."""
    root = parsed(data, EXPECTED)
    if root.tag != f"{XMI}XMI":
        raise ReadError(f"It is XML, but not XMI. {EXPECTED}")
    known = KINDS | kinds
    nodes = {node.get(f"{XMI}id", ""): node for node in root}
    sofas = [node for node in root if _kind(node) == "uima.cas.Sofa"]
    sofas.sort(key=lambda node: node.get("sofaID") != "_InitialView")
    own = next((sofa for sofa in sofas if sofa.get("sofaString")), None)
    if own is None:
        raise ReadError("The CAS has no text.")
    made = {
        key: Structure(_kind(node)) for key, node in nodes.items()
        if not _kind(node).startswith("uima.cas.") or node.get("begin")
    }  # fmt: skip
    cas = Cas(own.get("sofaString"), [])
    seen = [key for key in made if nodes[key].get("sofa", own.get(f"{XMI}id")) == _id(own)]
    stretches = [(_number(nodes[key], "begin"), _number(nodes[key], "end")) for key in seen]
    for key, stretch, place in zip(seen, stretches, placed(cas.text, stretches), strict=True):
        one = made[key]
        one.values = _values(nodes[key], known, nodes, made)
        if place:
            one.begin, one.end = place
        elif stretch != (None, None):
            cas.faults.append(f"{one.kind} {stretch[0]}–{stretch[1]} does not lie on the text.")
            continue
        cas.structures.append(one)
    if len(seen) < len(made):
        cas.faults.append(f"{len(made) - len(seen)} structures belong to another view.")
    return cas, known


def _id(node: Any) -> str | None:
    return node.get(f"{XMI}id")


def _kind(node: Any) -> str:
    """The name of the type: its package stands in the namespace."""
    return _kind_of(node.tag)


@lru_cache(1000)
def _kind_of(tag: str) -> str:
    name = etree.QName(tag)
    package = (name.namespace or "").removeprefix(PACKAGES[0]).removesuffix(PACKAGES[1])
    package = package.replace("/", ".")
    return name.localname if package in ("", "uima.noNamespace") else f"{package}.{name.localname}"


def _number(node: Any, name: str) -> int | None:
    try:
        return int(node.get(name))
    except (TypeError, ValueError):
        return None


def _values(node: Any, kinds: dict[str, Kind], nodes: dict, made: dict) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, raw in node.attrib.items():
        if name not in ("sofa", "begin", "end", f"{XMI}id"):
            range_ = range_of(kinds, _kind(node), name)
            values[name] = _value(name, raw, range_, nodes, made)
    for child in node:
        if isinstance(child.tag, str):
            values.setdefault(etree.QName(child).localname, []).append(child.text or "")
    return values


def _value(name: str, raw: str, range_: str, nodes: dict, made: dict) -> Any:
    if range_ == "uima.cas.Boolean":
        return raw == "true"
    if range_ in NUMBERS:
        return int(raw) if raw.lstrip("-").isdecimal() and len(raw) < 20 else raw
    ids = raw.split()
    if range_.endswith("[]") and not ids:
        return []
    if range_ in PLAIN or not ids or not all(one in nodes for one in ids):
        return raw
    if not range_ and name not in REFERRING and not all(_is_link(nodes[one]) for one in ids):
        return raw
    if len(ids) == 1 and "elements" in nodes[ids[0]].attrib:
        ids, range_ = nodes[ids[0]].get("elements").split(), "[]"
    found = [made[one] for one in ids if one in made]
    listed = range_.endswith("[]") or len(found) != 1 or not (range_ or name in REFERRING)
    return found if listed else found[0]


def _is_link(node: Any) -> bool:
    return node.get("target") is not None and node.get("begin") is None
