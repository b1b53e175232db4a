"""What Web Annotations are made of: values of their JSON, read one by one."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from annotations.exchange.neutral import (
    LONG_AGO,
    ActorRecord,
    CommentRecord,
    DefinitionRecord,
    FacetRecord,
    SpanRecord,
    TagRecord,
)

CONTEXT_OF_W3C = "http://www.w3.org/ns/anno.jsonld"
LABELLING = ("tagging", "classifying")
LONGEST_LABEL = 80


class UnfitAnnotation(ValueError):
    """An annotation that cannot be read; the message says why."""


def span_of(target: Mapping[str, Any]) -> SpanRecord:
    """The stretch of a target; its end is -1 if only its words are known."""
    selectors = [one for one in listed(target.get("selector")) if isinstance(one, dict)]
    position = next((one for one in selectors if one.get("type") == "TextPositionSelector"), None)
    quotes = [one for each in selectors for one in _refined(each)]
    quote = next((one["exact"] for one in quotes if isinstance(one.get("exact"), str)), "")
    if position:
        start, end = position.get("start"), position.get("end")
        if type(start) is not int or type(end) is not int or not 0 <= start < end:
            raise UnfitAnnotation("its TextPositionSelector is empty or no position.")
        return SpanRecord(start, end, quote)
    if not quote.strip():
        kinds = ", ".join(str(one.get("type")) for one in selectors) or "none in this file"
        raise UnfitAnnotation(
            f"it has neither a TextPositionSelector nor a TextQuoteSelector (it has {kinds})."
        )
    return SpanRecord(0, -1, quote)


def at_the_start(span: SpanRecord) -> SpanRecord:
    return span if span.end >= 0 else SpanRecord(0, len(span.quote), span.quote)


def _refined(selector: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The selector and those that refine it: their quotes are in the same text."""
    while isinstance(selector, dict):
        yield selector
        selector = selector.get("refinedBy")


def bodies_of(item: Mapping[str, Any]) -> Iterator[tuple[Any, str]]:
    """Each body with its purpose, which is the motivation if it says none itself.

    Of a choice that is the first.
    """
    if isinstance(item.get("bodyValue"), str):
        yield {"value": item["bodyValue"]}, "commenting"
    motivation = next(iter(listed(item.get("motivation"))), "")
    for body in listed(item.get("body")):
        while isinstance(body, dict) and "Choice" in listed(body.get("type")):
            body = next(iter(listed(body.get("items"))), {})
        purposes = listed(body.get("purpose")) if isinstance(body, dict) else []
        yield body, str(next(iter(purposes), motivation))


def label_of(body: Any) -> str:
    """What a body that labels is called: its text, or else its address."""
    if isinstance(body, dict):
        body = body.get("value") or body.get("source") or body.get("id") or ""
        body = body.get("id", "") if isinstance(body, dict) else body
    label = body.strip() if isinstance(body, str) else ""
    return label if len(label) <= LONGEST_LABEL else ""


def targets_of(item: Mapping[str, Any]) -> Iterator[Any]:
    for target in listed(item.get("target")):
        kinds = listed(target.get("type")) if isinstance(target, dict) else []
        if {"Composite", "List", "Independents"} & set(kinds):
            yield from listed(target.get("items"))
        else:
            yield target


def is_composite(item: Mapping[str, Any]) -> bool:
    target = item.get("target")
    return isinstance(target, dict) and "Composite" in listed(target.get("type"))


def is_reply(item: Mapping[str, Any], known: set[str]) -> bool:
    target = item.get("target")
    return isinstance(target, str) and target in known


def comment_of(item: Mapping[str, Any]) -> CommentRecord:
    texts = [body["value"] for body, _ in bodies_of(item) if isinstance(body, dict)]
    if len(texts) != 1 or not isinstance(texts[0], str):
        raise UnfitAnnotation("it replies to another, but without a text.")
    return CommentRecord(
        plain(item["id"]), plain(item["target"]), person(item.get("creator")), texts[0],
        tuple(listed(item.get("crossread:mentions"))), moment_of(item.get("created")) or LONG_AGO,
    )  # fmt: skip


def person(creator: Any) -> str:
    creator = next(iter(listed(creator)), "")
    if isinstance(creator, dict):
        creator = creator.get("nickname") or creator.get("name") or creator.get("id") or ""
    if not isinstance(creator, str):
        raise UnfitAnnotation("its creator is neither a person nor an address.")
    return creator


def facet_of(told: Mapping[str, Any]) -> FacetRecord:
    return FacetRecord(
        told["skos:notation"], told.get("skos:prefLabel", ""), told.get("crossread:position", 0),
        told.get("crossread:choose", "any"), told.get("crossread:required", False),
        told.get("crossread:takesStance", False), moment_of(told.get("crossread:retired")),
    )  # fmt: skip


def tag_in(told: Mapping[str, Any]) -> TagRecord:
    definitions = tuple(
        DefinitionRecord(one["number"], one["label"], one["text"], tuple(one.get("examples", ())))
        for one in told["crossread:wordings"]
    )
    return TagRecord(
        told["skos:notation"], _last(told["skos:inScheme"]), definitions,
        parent=_last(told.get("skos:broader", "")), key=told.get("crossread:key", ""),
        colour=told.get("crossread:colour", ""), position=told.get("crossread:position", 0),
        retired=moment_of(told.get("crossread:retired")),
        merged_into=_last(told.get("crossread:mergedInto", "")),
    )  # fmt: skip


def actor_of(told: Mapping[str, Any]) -> ActorRecord:
    lists = (told.get(f"crossread:{name}", ()) for name in ("partOf", "aliases", "externalIds"))
    return ActorRecord(
        told["name"], told.get("crossread:kind", ""), told.get("crossread:notes", ""),
        *map(tuple, lists), told.get("crossread:retired"), told.get("crossread:mergedWith"),
        plain(told["id"]),
    )  # fmt: skip


def listed(value: Any) -> list[Any]:
    """What JSON-LD lets stand alone or in a list, as a list."""
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def plain(address: str) -> str:
    return address.removeprefix("urn:uuid:")


def _last(address: str) -> str:
    return address.rpartition(":")[2]


def moment_of(told: Any) -> datetime | None:
    if told is None:
        return None
    try:
        moment = datetime.fromisoformat(told)
    except (TypeError, ValueError):
        raise UnfitAnnotation(f"“{told}” is no moment in time.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=LONG_AGO.tzinfo)


def day_of(told: Any) -> date | None:
    with suppress(TypeError, ValueError):
        return date.fromisoformat(told)
    return None
