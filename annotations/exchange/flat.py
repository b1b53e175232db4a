"""An annotation as plain values, each of which is always of the same type: for typed columns."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from annotations.exchange.neutral import AnnotationRecord

PLAIN = (
    "id", "kind", "layer", "state", "author", "origin", "tool", "tool_version", "version",
    "created", "updated", "attribution", "certainty", "note", "flagged",
)  # fmt: skip


def flat(
    annotation: AnnotationRecord,
    tags: Mapping[str, tuple[str, str]],
    marked: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, Any]:
    """PLAIN, `spans`, `participants`, `codings` and `links`, the last four lists of dicts.

    `tags` has the facet and label of each tag by slug, `marked` the own names of merged actors by
    id, where annotations are to name whom they were marked with.
    """
    return {
        **{name: getattr(annotation, name) for name in PLAIN},
        "spans": [span._asdict() for span in annotation.spans],
        "participants": [
            {
                "role": part.role,
                "name": marked.get(part.actor or "", part.name),
                "endorsement": part.endorsement,
            }
            for part in annotation.participants
        ],
        "codings": [
            {
                "facet": tags[code.slug][0],
                "tag": code.slug,
                "label": tags[code.slug][1],
                "stance": code.stance,
                "definition": code.definition,
            }
            for code in annotation.codings
        ],
        "links": [link._asdict() for link in annotation.links],
    }
