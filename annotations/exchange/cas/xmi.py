"""UIMA CAS in XMI, as INCEpTION exports and imports it: the writer; the reader is `xmi_reader`.

A zip file in INCEpTION's layout of a project: `annotation/<document>/<person>.xmi`,
`curation/<document>/CURATION_USER.xmi` with the gold layer, `TypeSystem.xml`, whose layers can be
imported there, and tagsets. Offsets count UTF-16 units. XML has no way to write a few characters:
U+FFFD stands for them, and `replaced` says where and for which.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain
from types import MappingProxyType
from typing import Any

from lxml import etree

from annotations.exchange.cas.layers import beside, cases
from annotations.exchange.cas.types import ARTICLE, KINDS, Cas, Kind, Structure, counted, on_text
from annotations.exchange.cas.xmi_reader import read
from annotations.exchange.markup import ILLEGAL, legal
from annotations.exchange.neutral import Parcel
from annotations.exchange.packed import zipped

__all__ = ["read", "typesystem", "write", "xmi"]

XMI, CAS = "http://www.omg.org/XMI", "http:///uima/cas.ecore"
DESCRIBES = "http://uima.apache.org/resourceSpecifier"
# The ids that every such file gives the null and the view of the text.
NULL, SOFA = 0, 1


def write(parcel: Parcel) -> Iterator[bytes]:
    """The pieces of the zip file."""
    files = ((f"{path}.xmi", [xmi(cas)]) for path, cas in cases(parcel))
    return zipped(chain([("TypeSystem.xml", [typesystem()])], beside(parcel), files))


def xmi(cas: Cas) -> bytes:
    """The CAS as one XMI document."""
    structures = cas.whole()
    ids = {id(one): number for number, one in enumerate(structures, SOFA + 1)}
    units = counted(cas)
    spaces = {_space(one.kind) for one in structures} - {CAS}
    names = {f"ns{number}": space for number, space in enumerate(sorted(spaces), 1)}
    root = etree.Element(etree.QName(XMI, "XMI"), nsmap={"xmi": XMI, "cas": CAS} | names)
    root.set(etree.QName(XMI, "version"), "2.0")
    _element(root, CAS, "NULL", NULL)
    for one in structures:
        element = _element(root, _space(one.kind), one.kind.rpartition(".")[2], ids[id(one)])
        if on_text(one.kind):
            element.set("sofa", str(SOFA))
        if one.begin is not None:
            element.set("begin", str(units[one.begin]))
            element.set("end", str(units[one.end]))
        for name, value in one.values.items():
            element.set(name, _written(value, ids))
        if one.kind == ARTICLE and (replaced := _replaced(cas.text)):
            element.set("replaced", replaced)
    sofa = _element(root, CAS, "Sofa", SOFA)
    for name, value in (("sofaNum", "1"), ("sofaID", "_InitialView"), ("mimeType", "text")):
        sofa.set(name, value)
    sofa.set("sofaString", legal(cas.text))
    members = " ".join(map(str, ids.values()))
    etree.SubElement(root, etree.QName(CAS, "View"), sofa=str(SOFA), members=members)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def typesystem(kinds: Mapping[str, Kind] = MappingProxyType(KINDS)) -> bytes:
    """The description of all types that our files use."""
    root = etree.Element("typeSystemDescription", nsmap={None: DESCRIBES})
    _leaf(root, "name", "Crossread")
    _leaf(root, "version", "1.0")
    types = etree.SubElement(root, "types")
    for name, kind in kinds.items():
        _describe(types, name, kind)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _describe(types: Any, name: str, kind: Kind) -> None:
    described = etree.SubElement(types, "typeDescription")
    _leaf(described, "name", name)
    _leaf(described, "supertypeName", kind.base)
    features = etree.SubElement(described, "features")
    for feature, range_ in kind.features.items():
        one = etree.SubElement(features, "featureDescription")
        _leaf(one, "name", feature)
        _leaf(one, "rangeTypeName", "uima.cas.FSArray" if range_.endswith("[]") else range_)
        if range_.endswith("[]"):
            _leaf(one, "elementType", range_.removesuffix("[]"))


def _leaf(parent: Any, name: str, text: str) -> None:
    etree.SubElement(parent, name).text = text


def _element(root: Any, space: str, name: str, number: int) -> Any:
    element = etree.SubElement(root, etree.QName(space, name))
    element.set(etree.QName(XMI, "id"), str(number))
    return element


@cache
def _space(kind: str) -> str:
    return f"http:///{kind.rpartition('.')[0].replace('.', '/')}.ecore"


def _written(value: Any, ids: dict[int, int]) -> str:
    if isinstance(value, Structure):
        return str(ids[id(value)])
    if isinstance(value, list):
        return " ".join(_written(part, ids) for part in value)
    return str(value).lower() if isinstance(value, bool) else legal(str(value))


def _replaced(text: str) -> str:
    """Where the text has what XML cannot write, in code points, and which character it is."""
    return " ".join(f"{found.start()}:{ord(found[0])}" for found in ILLEGAL.finditer(text))
