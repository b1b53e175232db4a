"""MARDY's JSON, as the corpus of ACL 2019 is published: a reader.

A document a file: its `text`, and `claims` with `quote`, `begin`, `end`, `cdate`, `actorvalues`
(`per_…`, `org_…`, and codes of the codebook), `claims` (its categories, by number) and `cpos`,
the polarity. Categories are tags of a facet, with the polarity as their stance. Offsets count
code points; the published texts are scrambled, so that a quote may only have their shape.
"""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from annotations.anchors import AnchorError, find_quote, quote_of
from annotations.exchange import aside
from annotations.exchange.aside import Misshapen
from annotations.exchange.neutral import (
    ActorRecord,
    AnnotationRecord,
    ArticleRecord,
    FacetRecord,
    ReadError,
    Record,
    Refusal,
    Remark,
    Row,
    annotation_on,
    code_of,
    part_of,
    slug_of,
    tag_of,
    text_of,
)
from annotations.exchange.packed import unzipped

FACET = "mardy-category"
STANCES = {"1": "support", "-1": "oppose", "0": "neutral"}
KINDS = {"per_": "person", "org_": "other"}
EXPECTED = "Expected a document of MARDY in JSON, with “text” and “claims”, or a zip file of such."


def read(file: BinaryIO) -> Iterator[Row]:
    """The rows of a document, or of all in a zip archive. Raises ReadError for anything else."""
    zipped = file.read(4) == b"PK\x03\x04"
    file.seek(0)
    files = unzipped(file) if zipped else iter([("", file.read())])
    corpus = _Corpus()
    number = 0
    for name, data in files:
        if zipped and not name.lower().endswith(".json"):
            continue
        number += 1
        try:
            document = aside.json_of(data.removeprefix(b"\xef\xbb\xbf"))
            if not isinstance(document, dict) or not isinstance(document.get("text"), str):
                raise Misshapen("It has no “text”")
            if not isinstance(document.get("claims"), list):
                raise Misshapen("It has no list “claims”")
        except Misshapen as error:
            if not zipped:
                raise ReadError(f"{error}. {EXPECTED}") from error
            yield Row(number, Refusal(f"{name}: {error}."))
            continue
        yield from (Row(number, record) for record in corpus.document(name, document))
    if not number:
        raise ReadError(f"There is no .json file in it. {EXPECTED}")


class _Corpus:
    """One document after the other; facet, tags and actors are told before they are named."""

    def __init__(self):
        self._told: set[str] = set()

    def document(self, name: str, document: dict[str, Any]) -> Iterator[Record]:
        article = text_of(document["text"], name=name)
        before: dict[str, Record] = {}
        after: list[Record] = []
        for nth, values in enumerate(document["claims"], 1):
            place = f"{name or 'The document'}, claim {nth}"
            try:
                claim = _Claim(place, values, article)
                after += [*claim.remarks, claim.record(f"mardy/{article.id}/{nth}")]
                before |= claim.named()
            except (AnchorError, Misshapen) as error:
                after.append(Refusal(f"{place}: {error}"))
        for key, record in before.items():
            if key not in self._told:
                self._told.add(key)
                yield record
        yield article
        yield from after


class _Claim:
    """A claim as it is published. Raises Misshapen if a field is not what it is there."""

    def __init__(self, place: str, values: Any, article: ArticleRecord):
        if not isinstance(values, dict):
            raise Misshapen("it is no object.")
        self.article, self.place = article, place
        self.remarks: list[Remark] = []
        self.notes: list[str] = []
        self.categories = _texts(values, "claims")
        actors = _texts(values, "actorvalues")
        self.actors = {one[4:].strip(): KINDS[one[:4]] for one in actors if one[:4] in KINDS}
        self.actors.pop("", None)
        self.stance = STANCES.get(str(values.get("cpos", "")), "")
        codes = [one for one in actors if one[:4] not in KINDS]
        told = {"Kind of actor": ", ".join(codes), "Date": str(values.get("cdate") or "")}
        self.notes += [f"{name}: {value}" for name, value in told.items() if value]
        self.span = self._place(values)

    def record(self, id: str) -> AnnotationRecord:
        return annotation_on(
            self.article, id=id, kind="claim", spans=[self.span], note="\n".join(self.notes),
            parts=[part_of("claimant", name) for name in self.actors],
            codes=[code_of(_slug(one), self.stance) for one in dict.fromkeys(self.categories)],
        )  # fmt: skip

    def named(self) -> dict[str, Record]:
        """The rows that it needs, each under a key of its own."""
        facet = FacetRecord(FACET, "MARDY category", choose="any", takes_stance=True)
        tags = {_slug(one): tag_of(one, FACET, _slug(one)) for one in self.categories}
        actors = {f"@{n}": ActorRecord(n, kind) for n, kind in self.actors.items()}
        return {"": facet, **tags, **actors}

    def _place(self, values: dict[str, Any]) -> tuple[int, int]:
        """Where it stands: as it says, if the text reads so or has the shape of the quote."""
        text, quote = self.article.newest.text, values.get("quote")
        start, end = values.get("begin"), values.get("end")
        if not isinstance(quote, str):
            raise Misshapen("it has no quote.")
        if quote_of(text, start, end) == quote:
            return start, end
        if _shape(text[start:end]) == _shape(quote):
            self.notes.append(f"Quote: {quote}")
            self.remarks.append(
                Remark(f"{self.place}: the text is scrambled there; the note has the quote.")
            )
            return start, end
        found = find_quote(text, quote, start_hint=start)
        self.remarks.append(Remark(f"{self.place}: it was found by its quote, at {found.start}."))
        return found.start, found.end


def _texts(values: dict[str, Any], name: str) -> list[str]:
    found = values.get(name) or []
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise Misshapen(f"“{name}” is no list of texts.")
    return [one for one in found if one.strip()]


def _slug(category: str) -> str:
    return slug_of(f"mardy {category}")


def _shape(words: str) -> str:
    """Words with every letter and digit made alike: what scrambling leaves of them."""
    return re.sub(r"[^\W\d_]", "x", re.sub(r"\d", "0", words))
