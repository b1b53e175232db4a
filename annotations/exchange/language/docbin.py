"""spaCy: documents with groups of spans in DocBin files of a zip archive.

A span of spaCy ends where tokens do. One that does not is widened to whole tokens, and its
annotation is named in `doc.user_data["crossread"]["widened"]`; where it really is stands, as all
that is known of an annotation, in `doc.user_data["crossread"]["annotations"]`.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin, Span

from annotations.exchange import aside
from annotations.exchange.language.marks import Mark, Marks
from annotations.exchange.neutral import Document, Parcel
from annotations.exchange.packed import zipped

AT_ONCE = 200
OWN = "crossread"


def write(parcel: Parcel) -> Iterator[bytes]:
    """The pieces of the archive: `documents-0001.spacy` and so on, each to be read by `DocBin`.

    `doc.spans` has the groups `claims` and `mentions`, and of the gold layer `gold_claims` and
    `gold_mentions`; a claim has a span for each piece and tag, all with its id. `kb_id_` is who is
    meant by a mention. The codebook, actors and comments are beside them as lines of JSON.
    """
    yield from zipped(_files(parcel))


def _files(parcel: Parcel) -> Iterator[tuple[str, Iterable[bytes]]]:
    yield aside.FILE, aside.lines(parcel)
    marks, names = Marks(parcel), aside.marked_names(parcel)
    documents = parcel.documents(passages=True)
    number = 0
    while some := list(islice(documents, AT_ONCE)):
        number += 1
        yield f"documents-{number:04}.spacy", [_packed(some, marks, names)]


def _packed(documents: list[Document], marks: Marks, names: dict[str, str]) -> bytes:
    """The bytes of a DocBin; its words are known to no later one, so that memory stays the same."""
    languages = _Languages()
    packed = DocBin(attrs=[], store_user_data=True)
    for document in documents:
        doc = languages.split(document.revision.text, document.article.language)
        found = [mark for annotation in document.annotations for mark in marks.of(annotation)]
        widened = _mark(doc, found)
        doc.user_data[OWN] = {
            "article": aside.particulars(document),
            "annotations": [
                aside.said(annotation, marks.facet_of, marked=names)
                for annotation in document.annotations
            ],
            "widened": widened,
        }
        packed.add(doc)
    return packed.to_bytes()


def _mark(doc: Doc, found: Iterable[Mark]) -> list[str]:
    """Put the marks into their groups; the ids of annotations that had to be widened."""
    groups: dict[str, list[Span]] = {}
    widened: dict[str, None] = {}
    for mark in found:
        told: dict[str, Any] = {"label": mark.label, "span_id": mark.id}
        told["kb_id"] = mark.meant if mark.kind == "mention" else ""
        span = doc.char_span(mark.start, mark.end, **told)
        if span is None:
            widened[mark.id] = None
            span = doc.char_span(mark.start, mark.end, alignment_mode="expand", **told)
        groups.setdefault(mark.group, []).append(span)
    for name, spans in groups.items():
        doc.spans[name] = spans
    return list(widened)


class _Languages:
    """Rules for splitting texts of each language into tokens, loaded when they are needed."""

    def __init__(self):
        self._known: dict[str, Language] = {}

    def split(self, text: str, language: str) -> Doc:
        """The text as tokens by the rules of its language, or by those for any."""
        doc = self._of(language.partition("-")[0].lower()).tokenizer(text)
        return doc if doc.text == text else self._of("xx").tokenizer(text)

    def _of(self, language: str) -> Language:
        if language not in self._known:
            self._known[language] = self._loaded(language)
        return self._known[language]

    def _loaded(self, language: str) -> Language:
        try:
            return spacy.blank(language if re.fullmatch("[a-z]{2,3}", language) else "xx")
        except ImportError:
            # Unknown to spaCy, or its words are told apart by a library that is not there.
            return spacy.blank("xx")
