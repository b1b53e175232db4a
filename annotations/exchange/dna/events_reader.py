"""The reader of event lists of Discourse Network Analyzer, versions 2 and 3, and of our own.

A list has no texts. A row of DNA's is a claim on an article of this title, at the place of its
words: DNA writes `,` for `;` and `'` for `"`, so that words with these may not be found again.
Other columns than DNA's are facets, their short cells tags, longer ones lines of the note. A row
of ours gives back its claim, with person, organization, concept, agreement, stance and coder as
they stand now.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, BinaryIO

from annotations.content import STANCES
from annotations.exchange.aside import Misshapen, Particulars, record_of, record_said
from annotations.exchange.dna.claims import speakers
from annotations.exchange.dna.names import GOLD, agreement, coder
from annotations.exchange.foreign import LabelTree
from annotations.exchange.neutral import (
    LONG_AGO,
    ActorRecord,
    AnnotationRecord,
    ArticleRecord,
    CodeRecord,
    PartRecord,
    Refusal,
    RevisionRecord,
    Row,
    SpanRecord,
    code_of,
    part_of,
    slug_of,
)
from annotations.exchange.noted import parsed
from annotations.exchange.sheets import lines
from corpus_app.reading.columns import read_day

Cells = Mapping[str, str]
MISSHAPEN = (Misshapen, KeyError, TypeError, AttributeError)
NEEDED = frozenset({"text", "time"})
SHORT, LONGEST_LABEL = 80, 200
BETWEEN = " … "
YES, NO = ("1", "true", "yes"), ("0", "false", "no")
OF_DNA = frozenset(
    {
        "statement id", "time", "document id", "document title", "author", "source", "section",
        "type", "text", "person", "organization", "concept", "agreement", "coder", "stance",
        "crossread", "note",
    }
)  # fmt: skip


def read(file: BinaryIO) -> Iterator[Row]:
    """Facets, tags and actors that the rows name; then each article before its claims.

    Raises ReadError if it has no column for the text or the time.
    """
    again = partial(lines, file, NEEDED)
    reading = _Reading()
    for _, row in again():
        if not isinstance(row, str):
            # Whatever is wrong with it is told when the row is read again.
            with suppress(*MISSHAPEN, ValueError):
                reading.note(_named(row))
    reading.settle()
    yield from (Row(1, one) for one in [*reading.labels.facets(), *reading.labels.tags()])
    yield from (Row(1, one) for one in reading.actors())
    for number, row in again():
        if isinstance(row, str):
            yield Row(number, Refusal(row))
            continue
        try:
            yield from (Row(number, one) for one in reading.records(number, _named(row)))
        except MISSHAPEN as error:
            yield Row(number, Refusal(f"It cannot be read: {error}."))


class _Reading:
    """What a list tells in all of its rows, which are read twice."""

    def __init__(self):
        self.labels = LabelTree({}, {})
        self.wholes: dict[str, dict[str, None]] = {}
        self.groups: dict[str, None] = {}
        self.events: dict[str, list[Cells]] = {}
        self.texts: dict[str, dict[str, None]] = {}
        self.told: set[str] = set()
        self.scale = False
        self.slugs: dict[str, str] = {}

    def note(self, row: Cells) -> None:
        """Remember what is to be known before the first claim."""
        kept = _kept(row)
        if kept.get("id"):
            own = ("person", "organization", "concept", "agreement", "stance", "coder")
            event = {name: row[name] for name in own}
            self.events.setdefault(str(kept["id"]), []).append(event)
            self._tags_of(kept)
            if (key := _key(kept)) is not None:
                self.texts.setdefault(key, {})[str(kept.get("sha256", ""))] = None
        else:
            self.scale = self.scale or row["agreement"].strip().lower() not in (*YES, *NO, "")
            person, group = row["person"].strip(), row["organization"].strip()
            if group:
                self.groups[group] = None
            if person:
                self.wholes.setdefault(person, {})
                self.wholes[person] |= {group: None} if group and group != person else {}
            for name, cell in _topics(row):
                takes = name == "concept" and bool(row["agreement"])
                self.labels.tag(cell, self.labels.facet(name, takes))

    def _tags_of(self, kept: Mapping[str, Any]) -> None:
        """The tags of a claim of ours under the labels that they had."""
        shown = kept.get("tags")
        for code in kept.get("codings") or ():
            if isinstance(code, dict) and isinstance(shown, dict):
                slug, facet = str(code.get("slug")), str(code.get("tag"))
                concept, label = map(str, shown[slug])
                self.labels.define(slug, label, self.labels.facet(facet, bool(code.get("stance"))))
                self.slugs[concept] = slug

    def settle(self) -> None:
        """Make tags of what stands as a concept in rows of ours and is none of their tags."""
        for events in self.events.values():
            for event in events:
                concept = event["concept"].strip()[:LONGEST_LABEL]
                if concept and event["concept"] not in self.slugs:
                    facet = self.labels.facet("concept", True)
                    self.slugs[event["concept"]] = self.labels.tag(concept, facet)

    def actors(self) -> Iterator[ActorRecord]:
        """Organizations first: a person is part of those that she speaks for."""
        for name in self.groups:
            yield ActorRecord(name)
        for name, wholes in self.wholes.items():
            if name not in self.groups:
                parts = tuple({"name": whole} for whole in wholes)
                yield ActorRecord(name, "person", part_of=parts)

    def records(self, number: int, row: Cells) -> Iterator[ArticleRecord | AnnotationRecord]:
        """The claim of a row, after its article if that was not told yet. Raises Misshapen."""
        kept = _kept(row)
        if kept.get("kind"):
            article = record_of(Particulars, kept.get("on"))
            yield from self._article(article, self.texts[article.id])
            yield self._ours(record_said(kept), kept, article, row["text"])
        elif not kept.get("id"):
            yield from self._foreign(number, row)

    def _article(self, told: Particulars, texts: Mapping[str, None]) -> Iterator[ArticleRecord]:
        if told.id in self.told:
            return
        self.told.add(told.id)
        known = {**told._asdict(), "authors": list(told.authors)}
        known |= {"translators": list(told.translators)}
        del known["passages"]
        revisions = tuple(
            RevisionRecord(f"{told.id}/{sha256}", number, "", sha256, {}, ())
            for number, sha256 in enumerate(texts, 1)
        )
        yield ArticleRecord(
            raw=b"", raw_sha256="", raw_name="", raw_type="text/plain", revisions=revisions, **known
        )

    def _ours(
        self, known: AnnotationRecord, kept: Mapping[str, Any], article: Particulars, text: str
    ) -> AnnotationRecord:
        """A claim of ours, as it was changed in the list."""
        events = self.events[known.id]
        had = [part for part in known.participants if part.role == "claimant"]
        parts = self._claimants(events, had, kept)
        by = events[0]["coder"] or coder(known)
        if by != coder(known):
            known = known._replace(author=by, layer=GOLD if by == GOLD else "analyst")
        return known._replace(
            article=article.id, revision=f"{article.id}/{kept.get('sha256', '')}",
            spans=_spans(kept.get("places"), text), codings=self._codes(events, known),
            participants=parts + [part for part in known.participants if part.role != "claimant"],
        )  # fmt: skip

    def _claimants(
        self, events: list[Cells], had: list[PartRecord], kept: Mapping[str, Any]
    ) -> list[PartRecord]:
        """Those that rows still have, and those that are new in them."""
        there = dict.fromkeys((event["person"], event["organization"]) for event in events)
        shown = kept.get("speakers")
        pairs = {name: tuple(pair) for name, pair in shown.items()} if shown else {}
        new = [person or group for person, group in there if (person, group) not in pairs.values()]
        stay = [part for part in had if pairs.get(part.name) in there]
        return stay + [part_of("claimant", name) for name in new if name]

    def _codes(self, events: list[Cells], known: AnnotationRecord) -> list[CodeRecord]:
        """Those that rows still have, and those that are new in them."""
        there = {}
        for event in events:
            if event["concept"].strip():
                code = code_of(self.slugs[event["concept"]], self._stance(event))
                there[_as_said(code)] = code
        had = {_as_said(code): code._replace(tag="") for code in known.codings}
        stay = [code for key, code in had.items() if key in there]
        return stay + [code for key, code in there.items() if key not in had]

    def _stance(self, row: Cells) -> str:
        agrees = row["agreement"].strip().lower()
        if not agrees:
            return row["stance"] if row["stance"] in STANCES else ""
        if agrees in YES or (agrees in NO and not self.scale):
            return "support" if agrees in YES else "oppose"
        return "oppose" if agrees.startswith("-") else "neutral" if agrees == "0" else "support"

    def _foreign(self, number: int, row: Cells) -> Iterator[ArticleRecord | AnnotationRecord]:
        if not row["text"].strip():
            raise Misshapen("It has no text, so that nobody knows where in the article it is")
        key = f"document {row['document id'] or row['document title']}"
        authors = (row["author"],) if row["author"] else ()
        article = Particulars(
            key, row["document title"], authors, outlet=row["source"],
            published_on=read_day(row["time"][:10]),
        )  # fmt: skip
        yield from self._article(article, {"": None})
        codes = [
            code_of(
                self.labels.tag(cell, slug_of(name)), self._stance(row) * (name == "concept")
            )
            for name, cell in _topics(row)
        ]  # fmt: skip
        long = (f"{name}: {cell}" for name, cell in _others(row) if len(cell) > SHORT)
        yield AnnotationRecord(
            id=f"statement {row['statement id'] or number}", project="", article=key,
            revision=f"{key}/", author=row["coder"], kind="claim", layer="analyst", state="draft",
            origin="import", tool="Discourse Network Analyzer", tool_version="", version=1,
            created=LONG_AGO, updated=LONG_AGO, deleted=None, attribution="", certainty="",
            note="\n".join([*([row["note"]] * bool(row["note"])), *long]), flagged=False,
            spans=[SpanRecord(0, len(row["text"]), row["text"])],
            participants=speakers(row["person"], row["organization"]), codings=codes, links=[],
        )  # fmt: skip


def _named(row: Cells) -> Cells:
    """The cells by DNA's own names of columns; R writes an underline for a blank."""
    named = {name.replace("_", " "): cell for name, cell in row.items()}
    for name in ("author", "source", "section", "type"):
        if f"document {name}" in named:
            named[name] = named.pop(f"document {name}")
    return dict.fromkeys(OF_DNA, "") | named


def _kept(row: Cells) -> dict[str, Any]:
    """What Crossread left in a row, if it is one of ours. Raises Misshapen."""
    cell = row["crossread"].strip()
    kept = parsed(cell)
    if cell and not kept:
        raise Misshapen("Its last column is no JSON object")
    return kept


def _key(kept: Mapping[str, Any]) -> str | None:
    article = kept.get("on")
    return str(article.get("id")) if isinstance(article, dict) else None


def _others(row: Cells) -> Iterator[tuple[str, str]]:
    for name, cell in row.items():
        if name and name not in OF_DNA and cell.strip():
            yield name, cell.strip()


def _topics(row: Cells) -> Iterator[tuple[str, str]]:
    """The cells that are tags, each with the name of its facet."""
    if row["concept"].strip():
        yield "concept", row["concept"].strip()[:LONGEST_LABEL]
    yield from ((name, cell) for name, cell in _others(row) if len(cell) <= SHORT)


def _spans(ends: Any, text: str) -> list[SpanRecord]:
    """The stretches with their words, which their lengths tell apart. Raises Misshapen."""
    at, spans = 0, []
    try:
        for start, end in ends:
            piece = text[at : at + end - start]
            at += len(piece) + len(BETWEEN)
            spans.append(SpanRecord(int(start), int(end), piece))
    except (TypeError, ValueError) as error:
        raise Misshapen("Its stretches are no pairs of numbers") from error
    if not spans or BETWEEN.join(span.quote for span in spans) != text:
        raise Misshapen("Its text is not as long as its stretches are")
    return spans


def _as_said(code: CodeRecord) -> tuple[str, bool | None, str]:
    agrees = agreement(code)
    return code.slug, agrees, code.stance if agrees is None else ""
