"""UIMA CAS in JSON, version 0.4, read into plain values."""

import json
from typing import Any

from annotations.exchange.cas.types import KINDS, Cas, Kind, Structure, placed
from annotations.exchange.neutral import ReadError

SOFA = "uima.cas.Sofa"


def of_json(data: bytes) -> tuple[Cas, dict[str, Kind]]:
    """The CAS of a JSON document, and its types. Raises ReadError."""
    try:
        values = json.loads(data.decode("utf-8-sig"))
        return _of(values)
    except RecursionError as error:
        raise ReadError("The JSON is nested too deeply.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        if isinstance(error, ReadError):
            raise
        raise ReadError(f"It is no JSON of a UIMA CAS that can be read: {error!r}.") from error


def _of(values: dict[str, Any]) -> tuple[Cas, dict[str, Kind]]:
    nodes = values["%FEATURE_STRUCTURES"]
    if isinstance(nodes, dict):
        nodes = [{"%ID": int(key), **node} for key, node in nodes.items()]
    if any(not isinstance(node["%TYPE"], str) for node in nodes):
        raise ReadError("The CAS has a structure whose type is no name.")
    by_id = {node["%ID"]: node for node in nodes}
    sofas = [node for node in nodes if node["%TYPE"] == SOFA]
    sofas.sort(key=lambda node: node.get("sofaID") != "_InitialView")
    own = next((sofa for sofa in sofas if sofa.get("sofaString")), None)
    if own is None:
        raise ReadError("The CAS has no text.")
    made = {
        node["%ID"]: Structure(node["%TYPE"]) for node in nodes
        if node["%TYPE"] != SOFA and "%ELEMENTS" not in node
    }  # fmt: skip
    cas = Cas(own["sofaString"], [])
    seen = [key for key in made if by_id[key].get("@sofa", own["%ID"]) == own["%ID"]]
    stretches = [(by_id[key].get("begin"), by_id[key].get("end")) for key in seen]
    for key, stretch, place in zip(seen, stretches, placed(cas.text, stretches), strict=True):
        one = made[key]
        one.values = _values(by_id[key], by_id, made)
        if place:
            one.begin, one.end = place
        elif stretch != (None, None):
            cas.faults.append(f"{one.kind} {stretch[0]}–{stretch[1]} does not lie on the text.")
            continue
        cas.structures.append(one)
    if len(seen) < len(made):
        cas.faults.append(f"{len(made) - len(seen)} structures belong to another view.")
    return cas, KINDS | _kinds(values.get("%TYPES") or {})


def _kinds(types: dict[str, Any]) -> dict[str, Kind]:
    return {
        name: Kind(
            str(told["%SUPER_TYPE"]),
            {key: str(one["%RANGE"]) for key, one in told.items() if not key.startswith("%")},
        )
        for name, told in types.items()
    }


def _values(node: dict[str, Any], by_id: dict, made: dict[int, Structure]) -> dict[str, Any]:
    values = {}
    for name, value in node.items():
        if name.startswith("%") or name in ("@sofa", "begin", "end"):
            continue
        if not name.startswith("@"):
            values[name.lstrip("#^")] = value
        elif isinstance(by_id.get(value), dict) and "%ELEMENTS" in by_id[value]:
            found = by_id[value]["%ELEMENTS"]
            listed = isinstance(found, list)
            values[name[1:]] = [made.get(one, one) for one in found] if listed else found
        elif value in made:
            values[name[1:]] = made[value]
    return values
