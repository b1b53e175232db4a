"""Crossread's own JSONL as neutral records: the reader of what `native` writes."""

import base64
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import count
from typing import Any, BinaryIO

import orjson

from annotations.exchange.aside import Misshapen, record_of
from annotations.exchange.neutral import (
    LONG_AGO,
    ActorRecord,
    AnnotationRecord,
    ArticleRecord,
    CodebookRecord,
    CommentRecord,
    FacetRecord,
    OutletRecord,
    PassageRecord,
    ReadError,
    Record,
    Refusal,
    RevisionRecord,
    Row,
    StoryRecord,
    TagRecord,
)

# In the first, an actor was part of one at most, and its names were plain text; before the third
# there were neither links nor comments, endorsement, certainty and flags; before the fourth a tag
# did not say into which it was merged; before the fifth outlets and stories were only named.
VERSIONS = (1, 2, 3, 4, 5)
LONGEST_LINE = 1 << 28
OF_FILE = ("header", "trailer")
NOT_SAID_ONCE: dict[str, Any] = {"certainty": "", "flagged": False, "links": []}


def read(file: BinaryIO) -> Iterator[Row]:
    """The rows of such a file, by line; it can seek.

    Raises ReadError, before the first row, if the file is not ours or not whole.
    """
    _verify(file)
    file.seek(0)
    for number, line in enumerate(file, 1):
        values = _object(line, number)
        kind = values["is"]
        if kind == "header" and values.get("codebook"):
            yield Row(number, _told("codebook", values["codebook"]))
        elif kind not in OF_FILE:
            yield Row(number, _told(kind, values))


def _verify(file: BinaryIO) -> None:
    """Raise ReadError unless the file begins with our header and ends with its own digest."""
    digest, last, values = hashlib.sha256(), b"", {}
    for number in count(1):
        if not (line := file.readline(LONGEST_LINE)):
            break
        digest.update(last)
        values = _object(line, number)
        if not last and values.get("format") != "crossread":
            raise ReadError("The first line is not the header of a file of this kind.")
        last = line
        if values["is"] == "header" and values.get("version") not in VERSIONS:
            known = ", ".join(map(str, VERSIONS))
            raise ReadError(f"This is version {values.get('version')}; we read {known}.")
    if values.get("is") != "trailer":
        raise ReadError("The file was cut off: its last line is missing.")
    if values.get("sha256") != digest.hexdigest():
        raise ReadError("The file was changed: it does not have the SHA-256 that it says.")


def _object(line: bytes, number: int) -> dict[str, Any]:
    try:
        values = orjson.loads(line)
    except ValueError:
        values = _patiently(line, number)
    if not isinstance(values, dict) or not isinstance(values.get("is"), str):
        raise ReadError(f"Line {number} does not say what it is.")
    return values


def _patiently(line: bytes, number: int) -> Any:
    """The value of JSON that only Python's own reader takes, as older files may have it."""
    try:
        return json.loads(line)
    except json.JSONDecodeError as error:
        # Its own words would count lines within this one.
        raise ReadError(f"Line {number} is not JSON: {error.msg}.") from error
    except (ValueError, RecursionError) as error:
        raise ReadError(f"Line {number} is not JSON: {error}.") from error


def _told(kind: str, values: Mapping[str, Any]) -> Record:
    """The record of a line, or why there is none."""
    if kind not in KINDS:
        return Refusal(f"“{kind[:80]}” is nothing that we know.")
    try:
        return KINDS[kind](values)
    except Misshapen as error:
        return Refusal(f"{kind}: it is not whole: {error}.")
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        return Refusal(f"{kind}: it is not whole: {error!r}.")


def _codebook(values: Mapping[str, Any]) -> CodebookRecord:
    return record_of(CodebookRecord, values)


def _facet(values: Mapping[str, Any]) -> FacetRecord:
    return record_of(FacetRecord, values)


def _tag(values: Mapping[str, Any]) -> TagRecord:
    merged_into = values.get("merged_into") or ""
    parent = values["parent"] or ""
    return record_of(TagRecord, {**values, "parent": parent, "merged_into": merged_into})


def _actor(values: Mapping[str, Any]) -> ActorRecord:
    wholes = values.get("part_of") or []
    aliases = [_named(alias) for alias in values.get("aliases") or []]
    aliases += [{**_named(alias), "metonym": True} for alias in values.get("metonyms") or []]
    told = {
        **values, "aliases": aliases, "external_ids": values.get("external_ids") or [],
        "part_of": [_named(whole) for whole in ([wholes] if isinstance(wholes, str) else wholes)],
    }  # fmt: skip
    return record_of(ActorRecord, told)


def _outlet(values: Mapping[str, Any]) -> OutletRecord:
    return record_of(OutletRecord, values)


def _story(values: Mapping[str, Any]) -> StoryRecord:
    return record_of(StoryRecord, values)


def _named(told: str | Mapping[str, Any]) -> dict[str, Any]:
    return {"name": told} if isinstance(told, str) else dict(told)


def _article(values: Mapping[str, Any]) -> ArticleRecord:
    names = (
        "title", "outlet", "story", "language", "url", "rights", "raw_sha256", "raw_name",
    )  # fmt: skip
    plain = {name: _text(values[name], name) for name in names}
    people = {
        name: [_text(one, name) for one in values[name]] for name in ("authors", "translators")
    }
    day = values["published_on"]
    revisions = sorted(values["revisions"], key=lambda told: told["number"])
    if not revisions:
        raise Misshapen("It has no text")
    return ArticleRecord(
        # Before an article had a type, it was plain text.
        id=plain["raw_sha256"], raw_type=_text(values.get("raw_type", "text/plain"), "raw_type"),
        raw=base64.b64decode(values["raw"], validate=True), **plain, **people,
        published_on=date.fromisoformat(day) if day else None,
        revisions=tuple(_revision(plain["raw_sha256"], told) for told in revisions),
    )  # fmt: skip


def _revision(article: str, told: Mapping[str, Any]) -> RevisionRecord:
    text, digest = _text(told["text"], "text"), _text(told["sha256"], "sha256")
    if hashlib.sha256(text.encode()).hexdigest() != digest:
        raise Misshapen(f"Text {told['number']} does not have the SHA-256 that it says")
    return RevisionRecord(
        f"{article}/{told['number']}", int(told["number"]), text, digest,
        {str(line): _text(role, "roles") for line, role in told["roles"].items()},
        tuple(record_of(PassageRecord, passage) for passage in told["passages"]),
    )  # fmt: skip


def _annotation(values: Mapping[str, Any]) -> AnnotationRecord:
    article = _text(values["article"], "article")
    usual = {"project": "", "deleted": None, "created": LONG_AGO.isoformat()}
    told = {
        **usual, "updated": values.get("created", usual["created"]), "version": 1,
        **NOT_SAID_ONCE, **values, "revision": f"{article}/{int(values['revision'])}",
        "participants": [_part(part) for part in values["participants"]],
        "codings": [{**code, "tag": "", "slug": code["tag"]} for code in values["codings"]],
    }  # fmt: skip
    return record_of(AnnotationRecord, told)


def _part(told: Mapping[str, Any]) -> dict[str, Any]:
    name = f"@{told['stands_for']}" if told["stands_for"] else told["actor"]
    return {
        "role": told["role"], "actor": None, "stands_for": told["stands_for"], "name": name,
        "standing": None, "endorsement": told.get("endorsement", ""),
    }  # fmt: skip


def _comment(values: Mapping[str, Any]) -> CommentRecord:
    return record_of(CommentRecord, values)


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise Misshapen(f"“{name}” cannot be {value!r:.60}")
    return value


KINDS: dict[str, Callable[[Mapping[str, Any]], Record]] = {
    "codebook": _codebook, "facet": _facet, "tag": _tag, "actor": _actor, "outlet": _outlet,
    "story": _story, "article": _article, "annotation": _annotation, "comment": _comment,
}  # fmt: skip
