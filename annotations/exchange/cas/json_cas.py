"""UIMA CAS in JSON, version 0.4: the writer; the reader is `json_reader`.

The same CASes in the same layout as in XMI, each with its types. Offsets count UTF-16 units.
"""

import json
from collections.abc import Iterator
from itertools import chain
from typing import Any

from annotations.exchange.cas.layers import beside, cases
from annotations.exchange.cas.types import KINDS, Cas, Structure, counted, on_text
from annotations.exchange.cas.xmi_reader import read
from annotations.exchange.neutral import Parcel
from annotations.exchange.packed import zipped

__all__ = ["read", "write", "written"]

SOFA = 1
TYPES = {
    name: {"%NAME": name, "%SUPER_TYPE": kind.base}
    | {key: {"%NAME": key, "%RANGE": value} for key, value in kind.features.items()}
    for name, kind in KINDS.items()
}


def write(parcel: Parcel) -> Iterator[bytes]:
    """The pieces of the zip file."""
    files = ((f"{path}.json", [written(cas)]) for path, cas in cases(parcel))
    return zipped(chain(beside(parcel), files))


def written(cas: Cas) -> bytes:
    """The CAS as one JSON document."""
    structures = cas.whole()
    ids = {id(one): number for number, one in enumerate(structures, SOFA + 1)}
    units = counted(cas)
    sofa = {"%ID": SOFA, "%TYPE": "uima.cas.Sofa", "sofaNum": 1, "sofaID": "_InitialView"}
    found: list[dict[str, Any]] = [{**sofa, "mimeType": "text", "sofaString": cas.text}]
    spare = len(structures) + SOFA + 1
    for one in structures:
        node: dict[str, Any] = {"%ID": ids[id(one)], "%TYPE": one.kind}
        if on_text(one.kind):
            node["@sofa"] = SOFA
        if one.begin is not None:
            node |= {"begin": units[one.begin], "end": units[one.end]}
        for name, value in one.values.items():
            if isinstance(value, Structure):
                node[f"@{name}"] = ids[id(value)]
            elif isinstance(value, list):
                kind, own = KINDS[one.kind].features[name], [ids[id(part)] for part in value]
                found.append({"%ID": spare, "%TYPE": kind, "%ELEMENTS": own})
                node[f"@{name}"], spare = spare, spare + 1
            else:
                node[name] = value
        found.append(node)
    members = list(ids.values())
    whole = {
        "%TYPES": TYPES, "%FEATURE_STRUCTURES": found,
        "%VIEWS": {"_InitialView": {"%SOFA": SOFA, "%MEMBERS": members}},
    }  # fmt: skip
    return json.dumps(whole, ensure_ascii=False).encode("utf-8", "surrogatepass")
