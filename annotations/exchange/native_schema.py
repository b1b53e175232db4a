"""The JSON Schema (2020-12) of a line of Crossread's own JSONL, as the present version has it."""

from typing import Any

from annotations.content import ATTRIBUTIONS, CERTAINTIES, ENDORSEMENTS, RELATIONS, ROLES, STANCES
from annotations.exchange.native import VERSION

TEXT: dict[str, Any] = {"type": "string"}
NUMBER: dict[str, Any] = {"type": "integer", "minimum": 0}
TRUTH: dict[str, Any] = {"type": "boolean"}
MOMENT: dict[str, Any] = {"type": "string", "format": "date-time"}
DAY: dict[str, Any] = {"type": "string", "format": "date"}
ID: dict[str, Any] = {"type": "string", "format": "uuid"}
DIGEST: dict[str, Any] = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
ROLES_OF_ALL = [role for roles in ROLES.values() for role in roles]


def _or_none(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


def _list(of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": of}


def _one_of(*words: str) -> dict[str, Any]:
    return {"enum": list(words)}


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    """An object that has all of these properties and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _line(what: str, /, **properties: dict[str, Any]) -> dict[str, Any]:
    return _object(**{"is": {"const": what}, **properties})


def _named(**others: dict[str, Any]) -> dict[str, Any]:
    """An object with a name, and maybe the days from and until which it holds."""
    return {**_object(name=TEXT, since=DAY, until=DAY, **others), "required": ["name"]}


def _with_note(schema: dict[str, Any], note: str) -> dict[str, Any]:
    return {**schema, "description": note}


LINES = {
    "header": _line(
        "header", format={"const": "crossread"}, version={"const": VERSION},
        project=_object(slug=TEXT, name=TEXT, description=TEXT, language=TEXT, blind=TRUTH),
        codebook=_or_none(_object(name=TEXT, description=TEXT)),
    ),
    "facet": _line(
        "facet", slug=TEXT, name=TEXT, position=NUMBER, choose=_one_of("one", "any"),
        required=TRUTH, takes_stance=TRUTH, retired=_or_none(MOMENT),
    ),
    "tag": _line(
        "tag", slug=TEXT, facet=_with_note(TEXT, "A facet's slug."),
        parent=_with_note(_or_none(TEXT), "The slug of a tag in an earlier line."),
        key=TEXT, colour=TEXT, position=NUMBER,
        definitions=_list(_object(number=NUMBER, label=TEXT, text=TEXT, examples=_list(TEXT))),
        retired=_or_none(MOMENT), merged_into=_with_note(_or_none(TEXT), "A tag's slug."),
    ),
    "actor": _line(
        "actor", name=TEXT, kind=TEXT, part_of=_list(_named()), notes=TEXT,
        aliases=_list(_named(metonym=TRUTH, language=TEXT, case=_one_of("usual", "exact", "any"))),
        external_ids=_list(_object(scheme=TEXT, value=TEXT)), retired=_or_none(MOMENT),
        merged_into=_with_note(_or_none(TEXT), "An actor's name."),
    ),
    "outlet": _line(
        "outlet", name=TEXT, country=_with_note(TEXT, "ISO 3166, two letters, or empty."),
        url=TEXT, standpoint=TEXT,
    ),
    "story": _line("story", title=TEXT, happened_on=_or_none(DAY), summary=TEXT),
    "article": _line(
        "article", raw_sha256=DIGEST, raw_name=TEXT, raw_type=TEXT, title=TEXT,
        authors=_list(TEXT), translators=_list(TEXT),
        outlet=_with_note(TEXT, "An outlet's name."), story=_with_note(TEXT, "A story's title."),
        published_on=_or_none(DAY), language=TEXT, url=TEXT, rights=TEXT,
        revisions=_list(
            _object(
                number=NUMBER, sha256=DIGEST, text=TEXT,
                roles={"type": "object", "additionalProperties": TEXT},
                passages=_list(
                    _object(
                        number=NUMBER, start=NUMBER, end=NUMBER,
                        kind=_one_of("title", "heading", "body", "caption", "bio", "note"),
                    )
                ),
            )
        ),
        raw={"type": "string", "contentEncoding": "base64"},
    ),
    "annotation": _line(
        "annotation", id=ID, article=_with_note(DIGEST, "The SHA-256 of its article's raw input."),
        revision=_with_note(NUMBER, "The number of the text on which it was made."),
        author=_with_note(TEXT, "A user name."), kind=_one_of(*ROLES),
        layer=_one_of("analyst", "gold"), state=_one_of("draft", "complete"),
        origin=_one_of("human", "suggestion", "import"), tool=TEXT, tool_version=TEXT,
        version=NUMBER, created=MOMENT, updated=MOMENT,
        spans=_with_note(
            _list(_object(start=NUMBER, end=NUMBER, quote=TEXT)),
            "In code points, half-open; the quote is what stands there.",
        ),
        participants=_list(
            _object(
                role=_one_of(*ROLES_OF_ALL), actor=_with_note(_or_none(TEXT), "An actor's name."),
                stands_for=_one_of("", "author", "outlet"), endorsement=_one_of(*ENDORSEMENTS),
            )
        ),
        codings=_list(
            _object(
                tag=_with_note(TEXT, "A tag's slug."), stance=_one_of("", *STANCES),
                definition=_with_note(NUMBER, "The number of that which it was given under."),
            )
        ),
        attribution=_one_of(*ATTRIBUTIONS), certainty=_one_of(*CERTAINTIES), note=TEXT,
        flagged=TRUTH, links=_list(_object(relation=_one_of(*RELATIONS), claim=ID)),
    ),
    "comment": _line(
        "comment", id=ID, annotation=ID, author=TEXT, text=TEXT, mentions=_list(TEXT),
        created=MOMENT,
    ),
    "trailer": _line(
        "trailer", facet=NUMBER, tag=NUMBER, actor=NUMBER, outlet=NUMBER, story=NUMBER,
        article=NUMBER, annotation=NUMBER, comment=NUMBER,
        sha256=_with_note(DIGEST, "Of all lines before this one."),
    ),
}  # fmt: skip
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": f"A line of Crossread JSONL, version {VERSION}",
    "description": "A file is a header, then facets, tags, actors, outlets, stories, articles, "
    "annotations and comments in this order, and a trailer.",
    "oneOf": list(LINES.values()),
}
