"""What another tool has no place for, as JSON values beside what it shows.

A writer keeps the codebook, the actors and the comments as lines of their own, the particulars
of an article beside its text, and with each annotation what the format cannot say of it. A reader
begins with what the tool shows, since it may have been changed there, and takes the rest from
here. A tag's `tag` is here the slug of its facet.
"""

import json
import types
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import is_dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple, get_args, get_origin, get_type_hints

import orjson

from annotations.content import ROLES
from annotations.exchange.neutral import (
    LONG_AGO,
    ActorRecord,
    AnnotationRecord,
    ArticleRecord,
    CodebookRecord,
    CommentRecord,
    Document,
    FacetRecord,
    LinkRecord,
    Parcel,
    PassageRecord,
    Refusal,
    Row,
    TagRecord,
    annotation_on,
    code_of,
    part_of,
    text_of,
)

FILE = "CROSSREAD.jsonl"
KINDS: dict[str, type] = {
    "codebook": CodebookRecord, "facet": FacetRecord, "tag": TagRecord, "actor": ActorRecord,
    "comment": CommentRecord,
}  # fmt: skip
NOTHING = AnnotationRecord(
    id="", project="", article="", revision="", author="", kind="claim", layer="analyst",
    state="draft", origin="import", tool="", tool_version="", version=1, created=LONG_AGO,
    updated=LONG_AGO, deleted=None, attribution="", certainty="", note="", flagged=False,
    spans=(), participants=(), codings=(), links=(),
)  # fmt: skip

USUAL = NOTHING._asdict()


class Misshapen(ValueError):
    """Values that are not as they were written; the message is meant for a person."""


class Particulars(NamedTuple):
    """What is known of an article besides its text; `id` is unique among documents."""

    id: str
    title: str = ""
    authors: tuple[str, ...] = ()
    translators: tuple[str, ...] = ()
    outlet: str = ""
    story: str = ""
    published_on: date | None = None
    language: str = ""
    url: str = ""
    rights: str = ""
    passages: tuple[PassageRecord, ...] = ()


class Beside(NamedTuple):
    """What `heard` finds: rows that come before the articles and after them, and facets of tags."""

    before: list[Row]
    after: list[Row]
    facets: dict[str, str]


def told(parcel: Parcel) -> Iterator[dict[str, Any]]:
    """The codebook, facets, tags, actors and comments as JSON values, saying what each `is`."""
    for kind, records in (
        ("codebook", [parcel.codebook] if parcel.codebook else []), ("facet", parcel.facets),
        ("tag", parcel.tags), ("actor", parcel.actors()), ("comment", parcel.comments()),
    ):  # fmt: skip
        for record in records:
            yield {"is": kind, **values_of(record)}


def lines(parcel: Parcel) -> Iterator[bytes]:
    """The same as lines of JSON."""
    for values in told(parcel):
        yield orjson.dumps(values, option=orjson.OPT_APPEND_NEWLINE)


def heard(found: Iterable[Any], line: int = 0) -> Beside:
    """What was `told`; what is not shaped so is a Refusal. All is of one line, or each of its own.

    An item may be JSON that is not read yet.
    """
    beside = Beside([], [], {})
    for number, item in enumerate(found, 1):
        try:
            values = dict(json_of(item) if isinstance(item, bytes) else item)
            record = record_of(KINDS[values.pop("is")], values)
        except (Misshapen, KeyError, TypeError, ValueError) as error:
            record = Refusal(f"What is kept of the project is not as it was written: {error}.")
        if isinstance(record, TagRecord):
            beside.facets[record.slug] = record.facet
        later = isinstance(record, CommentRecord)
        (beside.after if later else beside.before).append(Row(line or number, record))
    return beside


def read(data: bytes) -> Beside:
    """What was written as `lines`."""
    return heard(line for line in data.split(b"\n") if line.strip())


def marked_names(parcel: Parcel) -> dict[str, str]:
    """The name of each actor that was merged into another, by id: annotations keep whom they
    were marked with."""
    return {actor.id: actor.name for actor in parcel.actors() if actor.merged_into}


def names_of(annotation: AnnotationRecord, marked: Mapping[str, str]) -> list[tuple[str, str]]:
    """Who takes part, as (role, name), in the order of the roles and of each role."""
    order = ROLES[annotation.kind]
    parts = sorted(annotation.participants, key=lambda part: order.index(part.role))
    return [(part.role, marked.get(part.actor or "", part.name)) for part in parts]


def particulars(document: Document) -> dict[str, Any]:
    """What is known of a document's article, as JSON values."""
    article = document.article
    names = Particulars._fields[1:-1]
    known = {name: getattr(article, name) for name in names}
    known |= {"authors": tuple(article.authors), "translators": tuple(article.translators)}
    passages = tuple(document.revision.passages)
    return values_of(Particulars(document.name, **known, passages=passages))


def article_of(values: Any, text: str, name: str = "") -> ArticleRecord:
    """The article of such particulars with a text. Raises Misshapen.

    Passages that do not fit a text that was changed meanwhile are left out.
    """
    told = record_of(Particulars, values)
    known = told._asdict()
    passages = known.pop("passages")
    known |= {"authors": list(told.authors), "translators": list(told.translators)}
    article = text_of(text, name=name, **known)
    if any(not 0 <= passage.start < passage.end <= len(text) for passage in passages):
        return article
    return replace(article, revisions=(replace(article.newest, passages=passages),))


def said(
    annotation: AnnotationRecord,
    facets: Mapping[str, str],
    shown: Iterable[str] = (),
    links: Sequence[LinkRecord] | None = None,
    marked: Mapping[str, str] = types.MappingProxyType({}),
) -> dict[str, Any]:
    """An annotation as JSON values without the fields that are `shown` by the format itself.

    `links` are those that the format cannot show; participants are left out where the format
    shows them, but for the ones that endorse or not. What is usual is not said.
    """
    hidden = {"project", "article", "revision", *shown}
    order = ROLES[annotation.kind]
    kept = annotation._asdict() | {
        "codings": [code._replace(tag=facets.get(code.slug, "")) for code in annotation.codings],
        "participants": [
            part_of(part.role, marked.get(part.actor or "", part.name), part.endorsement)
            for part in sorted(annotation.participants, key=lambda part: order.index(part.role))
            if part.endorsement or "participants" not in hidden
        ],
        "links": annotation.links if links is None else links,
    }
    hidden.discard("participants")
    return {
        name: _plain(kept[name])
        for name, usual in USUAL.items()
        if name not in hidden and kept[name] != usual and (kept[name] or usual)
    }


def record_said(values: Any) -> AnnotationRecord:
    """An annotation from such values, with what is usual where they say nothing.

    Its spans are not checked, and it is on no article yet. Raises Misshapen.
    """
    if not isinstance(values, Mapping):
        raise Misshapen("An annotation is an object")
    return record_of(AnnotationRecord, values)


def retold(
    known: AnnotationRecord,
    article: ArticleRecord,
    *,
    names: Iterable[tuple[str, str]],
    tags: Iterable[tuple[str, str]],
    **shown: Any,
) -> AnnotationRecord:
    """What is `known` of an annotation, with what the other tool shows of it now.

    `names` are (role, name), `tags` (slug, stance), `shown` further fields; `spans` among them
    are (start, end). Raises AnchorError if they do not fit the article's text.
    """
    endorsed = {(part.role, part.name): part.endorsement for part in known.participants}
    definitions = {code.slug: code.definition for code in known.codings}
    stances = dict(tags)
    fields = known._asdict() | shown
    for name in ("article", "revision", "participants", "codings"):
        del fields[name]
    own = {name: fields.pop(name) for name in ("id", "kind", "spans", "links")}
    return annotation_on(
        article, **own, **fields,
        parts=[part_of(role, name, endorsed.get((role, name), "")) for role, name in names],
        codes=[code_of(slug, given, definitions.get(slug, 0)) for slug, given in stances.items()],
    )  # fmt: skip


def ascii_of(values: Any) -> str:
    """Such values as JSON on one line, whatever is taken for the end of one."""
    return json.dumps(values, separators=(",", ":"))


def json_of(data: bytes) -> Any:
    """The value of such JSON. Raises Misshapen for what is none, or holds no proper text."""
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise Misshapen(f"This is not JSON: {error}") from error


def values_of(record: Any) -> dict[str, Any]:
    """The fields of a named tuple as JSON values, without those that are as usual."""
    usual = record._field_defaults
    fields = record._asdict().items()
    return {n: _plain(value) for n, value in fields if n not in usual or value != usual[n]}


def record_of(kind: type, values: Any) -> Any:
    """The named tuple of this kind that has these values. Raises Misshapen, naming the field."""
    if not isinstance(values, Mapping):
        raise Misshapen("It is no object")
    hints = _hints(kind)
    given = {n: _typed(hints[n], values[n], n) for n in kind._fields if n in values}
    given = (USUAL if kind is AnnotationRecord else kind._field_defaults) | given
    if missing := [n for n in kind._fields if n not in given]:
        raise Misshapen(f"“{missing[0]}” is missing")
    if kind is TagRecord and not given["definitions"]:
        raise Misshapen("“definitions” is empty")
    return kind(**given)


def fault_in(record: Any) -> str:
    """The name of a field whose value is not of the field's type; empty if there is none.

    For readers that make records of what others wrote without looking at every value.
    """
    hints = _hints(type(record))
    return next((n for n, hint in hints.items() if not _fits(hint, getattr(record, n))), "")


def _fits(hint: Any, value: Any) -> bool:
    origin, args = get_origin(hint), get_args(hint)
    if origin is types.UnionType:
        return any(_fits(one, value) for one in args)
    if origin in (tuple, list, Sequence):
        return isinstance(value, list | tuple) and all(_fits(args[0], one) for one in value)
    if hasattr(hint, "_fields") or is_dataclass(hint):
        return isinstance(value, hint) and not fault_in(value)
    return type(value) is hint if hint is int else isinstance(value, origin or hint)


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _plain(value: Any) -> Any:
    if value is None or type(value) in (str, int, bool):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "_fields"):
        return values_of(value)
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return dict(value) if isinstance(value, Mapping) else value


def _typed(hint: Any, value: Any, name: str) -> Any:
    if type(value) is hint:
        return value
    origin, args = get_origin(hint), get_args(hint)
    if origin is types.UnionType:
        return None if value is None else _typed(args[0], value, name)
    if origin in (tuple, Sequence):
        if not isinstance(value, list):
            raise Misshapen(f"“{name}” is no list")
        return tuple(_typed(args[0], one, name) for one in value)
    if origin is Mapping:
        return _typed(dict, value, name)
    if hasattr(hint, "_fields"):
        return record_of(hint, value)
    if hint in (date, datetime):
        return _moment(hint, value, name)
    raise Misshapen(f"“{name}” cannot be {value!r:.60}")


def _moment(hint: type[date], value: Any, name: str) -> date:
    try:
        moment = hint.fromisoformat(value)
    except (ValueError, TypeError) as error:
        raise Misshapen(f"“{name}” is no moment: {value!r:.60}") from error
    if isinstance(moment, datetime) and moment.tzinfo is None:
        raise Misshapen(f"“{name}” does not say in which time zone it is")
    return moment
