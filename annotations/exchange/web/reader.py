"""W3C Web Annotation in JSON-LD: the reader of `webannotation`, and of what other tools make.

Read as JSON in the compact form that the recommendation asks for; no context is fetched, and no
address. What other tools make must point to a text by position or quote, in code points.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO

from annotations.content import RELATIONS
from annotations.exchange.aside import fault_in
from annotations.exchange.neutral import (
    LONG_AGO,
    AnnotationRecord,
    ArticleRecord,
    CodebookRecord,
    CodeRecord,
    FacetRecord,
    LinkRecord,
    PartRecord,
    ReadError,
    Refusal,
    Remark,
    RevisionRecord,
    Row,
    SpanRecord,
    slug_of,
    tag_of,
)
from annotations.exchange.web.parts import (
    CONTEXT_OF_W3C,
    LABELLING,
    UnfitAnnotation,
    actor_of,
    at_the_start,
    bodies_of,
    comment_of,
    day_of,
    facet_of,
    is_composite,
    is_reply,
    label_of,
    listed,
    moment_of,
    person,
    plain,
    span_of,
    tag_in,
    targets_of,
)

KINDS = ("Annotation", "AnnotationCollection", "AnnotationPage")
FOREIGN = "label"  # the facet of what other tools call tags


def read(file: BinaryIO) -> Iterator[Row]:
    """The rows of an annotation, a page, or a collection whose pages are in the file.

    Raises ReadError for what is no Web Annotation in JSON-LD.
    """
    for row in _found(file):
        fault = fault_in(row.what)
        yield Row(row.line, Refusal(f"it is ill-formed: {fault}")) if fault else row


def _found(file: BinaryIO) -> Iterator[Row]:
    """The rows, whose values may be of any type."""
    document = _loaded(file)
    items, further = _items_of(document)
    try:
        book, named, articles = _codebook(document), _Named(document, items), _Articles(items)
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise ReadError(f"What it says of its codebook or texts is ill-formed: {error}.") from error
    yield from book
    yield from named.rows()
    replies = []
    known = {one["id"] for one in items if isinstance(one.get("id"), str)}
    for number, item in enumerate(items, 1):
        try:
            if is_reply(item, known):
                replies.append(Row(number, comment_of(item)))
                continue
            article, annotation, remarks = _Reading(item, articles, named).told()
        except (UnfitAnnotation, ValueError, TypeError, AttributeError, KeyError) as error:
            why = str(error) if isinstance(error, UnfitAnnotation) else f"it is ill-formed: {error}"
            yield Row(number, Refusal(why))
            continue
        if article:
            yield Row(number, article)
        yield Row(number, annotation)
        yield from (Row(number, Remark(words)) for words in remarks)
    yield from replies
    if further:
        yield Row(len(items), Remark("further pages are not in this file."))


def _loaded(file: BinaryIO) -> dict[str, Any]:
    try:
        document = json.load(file)
    except (ValueError, RecursionError) as error:
        raise ReadError(f"This is not JSON: {error}. A JSON-LD document is expected.") from error
    if not isinstance(document, dict):
        raise ReadError("A JSON-LD document begins with {, and says its @context.")
    if CONTEXT_OF_W3C not in listed(document.get("@context")):
        raise ReadError(f"Its @context is not that of Web Annotation ({CONTEXT_OF_W3C}).")
    if not any(kind in KINDS for kind in listed(document.get("type"))):
        raise ReadError(f"Its type is none of {', '.join(KINDS)}.")
    return document


def _items_of(document: dict[str, Any]) -> tuple[list[dict[str, Any]], bool]:
    """The annotations of the document, of its pages too; and whether there are further pages."""
    if "Annotation" in listed(document.get("type")):
        return [document], False
    page = document if "items" in document else document.get("first")
    if not isinstance(page, dict) and document.get("total") != 0:
        raise ReadError("Its pages are not in this file. Save them into one document.")
    items: list[dict[str, Any]] = []
    while isinstance(page, dict):
        items += listed(page.get("items"))
        page = page.get("next")
    if not all(isinstance(item, dict) for item in items):
        raise ReadError("A page of it only names annotations, and does not hold them.")
    return items, page is not None and bool(items)


def _codebook(document: Mapping[str, Any]) -> list[Row]:
    book = document.get("crossread:codebook")
    if not book:
        return []
    return [Row(1, CodebookRecord(book.get("dc:title", ""), book.get("dc:description", "")))]


class _Named:
    """The facets, tags and actors that the document describes or its annotations name."""

    def __init__(self, document: Mapping[str, Any], items: Iterable[Mapping[str, Any]]):
        self.facets = [facet_of(one) for one in document.get("crossread:facets", ())]
        self.tags = [tag_in(one) for one in document.get("crossread:tags", ())]
        self.actors = [actor_of(one) for one in document.get("crossread:actors", ())]
        self.name_of = {f"urn:uuid:{actor.id}": actor.name for actor in self.actors}
        known, facets = {tag.slug for tag in self.tags}, {facet.slug for facet in self.facets}
        for facet, label, slug in self._used(items):
            if facet not in facets:
                facets.add(facet)
                self.facets.append(FacetRecord(facet, facet.replace("-", " ").capitalize()))
            if slug not in known:
                known.add(slug)
                self.tags.append(tag_of(label, facet, slug))

    def _used(self, items: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str, str]]:
        for item in items:
            for body, purpose in bodies_of(item):
                if purpose in LABELLING and (label := label_of(body)):
                    own = isinstance(body, dict) and body.get("crossread:facet")
                    yield own or FOREIGN, label, label if own else slug_of(label)

    def rows(self) -> Iterator[Row]:
        for what in (*self.facets, *self.tags, *self.actors):
            yield Row(1, what)


class _Articles:
    """The texts that targets are on, as far as the document describes them."""

    def __init__(self, items: Iterable[Mapping[str, Any]]):
        self.sources: dict[str, dict[str, Any]] = {}
        self.about: dict[str, dict[str, Any]] = {}
        self.texts: dict[str, list[dict[str, Any]]] = {}
        self.given: set[str] = set()
        for item in items:
            for target in targets_of(item):
                source = target.get("source") if isinstance(target, dict) else None
                if isinstance(source, dict) and "crossread:article" in source:
                    self._note(source)

    def _note(self, source: dict[str, Any]) -> None:
        article = source["crossread:article"]
        if isinstance(article, dict):
            self.about.setdefault(article["id"], article)
            article = article["id"]
        if source["id"] not in self.sources:
            self.sources[source["id"]] = {**source, "crossread:article": article}
            self.texts.setdefault(article, []).append(self.sources[source["id"]])

    def placed(self, source: Any) -> tuple[str, str]:
        """The addresses of article and text of a source. Raises UnfitAnnotation."""
        own = source.get("id") if isinstance(source, dict) else source
        if not isinstance(own, str) or not own:
            raise UnfitAnnotation("it does not say which text it is on.")
        described = self.sources.get(own)
        return (described["crossread:article"] if described else own), own

    def first(self, article: str, own: str) -> ArticleRecord | None:
        """The article, if it is asked for now for the first time."""
        if article in self.given:
            return None
        self.given.add(article)
        return self._record(article) if own in self.sources else _page(own)

    def _record(self, article: str) -> ArticleRecord:
        told = self.about.get(article, {})
        revisions = [
            RevisionRecord(
                plain(one["id"]), one.get("crossread:revision", 1), "",
                one.get("crossread:sha256", ""), {}, (),
            )
            for one in self.texts[article]
        ]  # fmt: skip
        return ArticleRecord(
            id=plain(article), title=told.get("dc:title", ""),
            authors=listed(told.get("dc:creator")),
            translators=listed(told.get("schema:translator")),
            outlet=told.get("dc:publisher", ""), story=told.get("crossread:story", ""),
            published_on=day_of(told.get("dc:date")), language=told.get("dc:language", ""),
            url=told.get("schema:url", ""), rights=told.get("dc:rights", ""), raw=b"",
            raw_sha256=told.get("crossread:rawSha256", ""), raw_name="", raw_type="text/plain",
            revisions=tuple(sorted(revisions, key=lambda revision: revision.number)),
        )  # fmt: skip


def _page(address: str) -> ArticleRecord:
    """An article of which only the address is known."""
    return ArticleRecord(
        plain(address), "", [], [], "", "", None, "", address, "", b"", "", "", "text/plain",
        (RevisionRecord(plain(address), 1, "", "", {}, ()),),
    )  # fmt: skip


class _Reading:
    """One annotation, read piece by piece; what of it is not kept is remarked."""

    def __init__(self, item: Mapping[str, Any], articles: _Articles, named: _Named):
        self.item, self.articles, self.named = item, articles, named
        self.own = "crossread:kind" in item
        self.remarks: list[str] = []
        self.parts: list[PartRecord] = []
        self.codes: list[CodeRecord] = []
        self.links: list[LinkRecord] = []
        self.notes: list[str] = []

    def told(self) -> tuple[ArticleRecord | None, AnnotationRecord, list[str]]:
        """The article if it comes first here, the annotation, remarks. Raises UnfitAnnotation."""
        item = self.item
        if "Annotation" not in listed(item.get("type")):
            raise UnfitAnnotation("it is not of the type Annotation.")
        if not isinstance(item.get("id"), str):
            raise UnfitAnnotation("it has no id, or several.")
        if "body" in item and "bodyValue" in item:
            raise UnfitAnnotation("it has both body and bodyValue.")
        spans, source = self._spans()
        for body, purpose in bodies_of(item):
            self._take(body, purpose)
        article, own = self.articles.placed(source)
        annotation = self._annotation(plain(article), plain(own), spans)
        return self.articles.first(article, own), annotation, self.remarks

    def _annotation(
        self, article: str, revision: str, spans: list[SpanRecord]
    ) -> AnnotationRecord:  # fmt: skip
        item = self.item
        generator = item.get("generator") if isinstance(item.get("generator"), dict) else {}
        tool = generator.get("name", "")
        created = moment_of(item.get("created")) or LONG_AGO
        return AnnotationRecord(
            id=plain(item["id"]), project="", article=article, revision=revision,
            author=self._author(), kind=item.get("crossread:kind", "claim"),
            layer=item.get("crossread:layer", "analyst"),
            state=item.get("crossread:state", "draft"),
            origin=item.get("crossread:origin", "import"),
            tool="" if self.own and tool == "Crossread" else tool[:80],
            tool_version=generator.get("crossread:version", ""),
            version=item.get("crossread:version", 1), created=created,
            updated=moment_of(item.get("modified")) or created, deleted=None,
            attribution=item.get("crossread:attribution", ""),
            certainty=item.get("crossread:certainty", ""), note="\n".join(self.notes),
            flagged=bool(item.get("crossread:flagged")), spans=spans, participants=self.parts,
            codings=self.codes, links=self.links,
        )  # fmt: skip

    def _author(self) -> str:
        return person(self.item.get("creator"))

    def _spans(self) -> tuple[list[SpanRecord], Any]:
        targets = list(targets_of(self.item))
        if not targets:
            raise UnfitAnnotation("it has no target.")
        found, sources = [], {}
        for target in targets:
            if not isinstance(target, dict) or "source" not in target:
                raise UnfitAnnotation("it is about something as a whole, not about a stretch.")
            source = target["source"]
            sources[source.get("id") if isinstance(source, dict) else source] = source
            found.append(span_of(target))
        if len(sources) > 1:
            raise UnfitAnnotation("its targets are in several texts.")
        if len(found) > 1 and not (self.own or is_composite(self.item)):
            self.remarks.append("its targets became the pieces of one annotation.")
        if any(span.quote and span.end < 0 for span in found):
            found = [at_the_start(span) for span in found]
            self.remarks.append(
                "it has no position: it is put where its words stand first in the text."
            )
        return sorted(found), next(iter(sources.values()))

    def _take(self, body: Any, purpose: str) -> None:
        values = body if isinstance(body, dict) else {"source": body}
        if "crossread:role" in values:
            self._participate(values)
        elif values.get("crossread:relation") in RELATIONS and isinstance(values["source"], str):
            link = LinkRecord(values["crossread:relation"], plain(values["source"]))
            self.links.append(link)
        elif purpose in LABELLING and (label := label_of(body)):
            slug = label if "crossread:facet" in values else slug_of(label)
            stance = values.get("crossread:stance", "")
            self.codes.append(CodeRecord("", slug, stance, values.get("crossread:definition", 0)))
        elif isinstance(values.get("value"), str):
            self.notes.append(values["value"])
        else:
            self._mention(values)

    def _mention(self, values: Mapping[str, Any]) -> None:
        source = values.get("source", values.get("id"))
        address = source.get("id") if isinstance(source, dict) else source
        if not isinstance(address, str):
            raise UnfitAnnotation("one of its bodies has neither a text nor an address.")
        self.notes.append(address)
        self.remarks.append(f"of its body only the address is kept, in the note: {address}")

    def _participate(self, values: Mapping[str, Any]) -> None:
        own = values.get("crossread:markedAs") or values.get("crossread:actor")
        name = self.named.name_of.get(own, values["value"])
        stands_for = name[1:] if not own and name in ("@author", "@outlet") else ""
        endorsement = values.get("crossread:endorsement", "")
        part = PartRecord(values["crossread:role"], None, stands_for, name, None, endorsement)
        self.parts.append(part)
