"""A parcel of everything that is hard to carry, and what is left of one after a format's losses.

No database: `hard` is made of records, `collected` of what a reader gives, `forgotten` is plain
values that are equal if nothing else was lost.
"""

import hashlib
import io
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from operator import attrgetter
from typing import Any

from django.utils.module_loading import import_string

from annotations.exchange.formats import FORMATS
from annotations.exchange.holdings import Feature
from annotations.exchange.neutral import (
    ActorRecord,
    AnnotationRecord,
    ArticleRecord,
    CodebookRecord,
    CodeRecord,
    CommentRecord,
    DefinitionRecord,
    FacetRecord,
    LinkRecord,
    OutletRecord,
    Parcel,
    PartRecord,
    PassageRecord,
    ProjectRecord,
    Refusal,
    RevisionRecord,
    Row,
    SpanRecord,
    StoryRecord,
    TagRecord,
)
from tests.left import Left

PROJECT = ProjectRecord(
    "00000000-0000-4000-8000-000000000001", "hard", "Hard & “hardy” <projects>",
    "Two\nlines, and a | bar", "en", True,
)  # fmt: skip
BEGUN = datetime(2024, 3, 14, 9, 26, 53, 589793, UTC)
# Spreadsheets, shells, XML, standoff and TSV each have signs that end what they read. A line ends
# in six ways, and blanks at either end are easily lost.
NASTY = ' =cmd|\' /C "calc"!A1\t<b>&amp;]]> \\n\r\n# T1\u2028“é” {"a": [1]} 100 % ;,|_*'
# Emoji of five code points, an accent that has no letter of its own, a code point beyond the BMP.
SEA = (
    "The <sea> & “calm”\n\n"
    "The 👩‍🚒 said that x̂ is café-like, 𝔘 too; =1+1 is none.\n"
    "\tThe Quay, a|b, denies it: “it's rough”.\n\n"
    "A second paragraph, 🇩🇪🇫🇷, ends here"
)
STRAIT = "قال المتحدث إن المضيق هادئ.\n\n海峡は静かだ。政府は「嵐だ」と言う。"
MENDED = STRAIT.replace("嵐だ」と", "嵐だ。」と")
ACTORS = {"Union": 1, "=Office": 2, "Le Quai": 3, "Old guard": 4, "Nobody": 5}

# The first two and the first story have articles.
OUTLETS = (
    OutletRecord("Strait & Post", "JP", "https://example.org/?a=b&c=d", NASTY.replace("\r", "")),
    OutletRecord("海峡新聞"), OutletRecord("The Empty Gazette", standpoint="Owned by a <quay>"),
)  # fmt: skip
STORIES = (
    StoryRecord("The calm, “again”", date(2024, 3, 13), "It was calm.\n\n“Again”, they say."),
    StoryRecord("A storm that nobody reports"),
)


def hard() -> Parcel:
    """A parcel with every kind of annotation on hard texts; the same in each call."""
    sea, strait, bare = articles = _articles()
    found = {sea.id: _on_sea(sea), strait.id: _on_strait(strait), bare.id: []}
    return _parcel(
        CodebookRecord("Book of “hard” things", "Line\nline & <line>"),
        _facets(), _tags(), _actors(), articles, found, _comments(), OUTLETS, STORIES,
    )  # fmt: skip


def collected(rows: Iterable[Row]) -> Parcel:
    """A parcel of what a reader gives. An article that it only names is one without texts."""
    kept = defaultdict(list)
    for row in rows:
        kept[type(row.what)].append(row.what)
    articles = list({article.id: article for article in kept[ArticleRecord]}.values())
    found: dict[str, list[AnnotationRecord]] = {article.id: [] for article in articles}
    for annotation in kept[AnnotationRecord]:
        if annotation.article not in found:
            articles.append(_nameless(annotation.article))
        found.setdefault(annotation.article, []).append(annotation)
    book = kept[CodebookRecord][0] if kept[CodebookRecord] else None
    return _parcel(
        book, kept[FacetRecord], kept[TagRecord], kept[ActorRecord], articles, found,
        kept[CommentRecord], kept[OutletRecord], kept[StoryRecord],
    )  # fmt: skip


def forgotten(parcel: Parcel, features: Iterable[Feature]) -> dict[str, Any]:
    """What is left of a parcel without these features: plain values, in an order of their own.

    Never compared: ids of anything but annotations and comments, `state`, which follows from the
    rest, the moment at which something was retired, and the project, which is another one there.
    """
    return Left(parcel, frozenset(features)).plain()


def round_trip(name: str, parcel: Parcel | None = None) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is left of a parcel after the losses of this format, before and after the round trip.

    Fails if the reader refuses anything of what the writer wrote.
    """
    parcel, loses = parcel or hard(), FORMATS[name].loses
    rows = read(name, written(name, parcel))
    refused = [row for row in rows if isinstance(row.what, Refusal)]
    assert refused == []
    return forgotten(parcel, loses), forgotten(collected(rows), loses)


def written(name: str, parcel: Parcel | None = None) -> bytes:
    """The whole file of this format."""
    return b"".join(_of_module(name, "write")(parcel or hard()))


def read(name: str, data: bytes) -> list[Row]:
    """What the reader of this format gives for the file."""
    return list(_of_module(name, "read")(io.BytesIO(data)))


def _of_module(name: str, function: str) -> Callable[..., Iterator]:
    return import_string(f"annotations.exchange.{FORMATS[name].module}.{function}")


def _parcel(book, facets, tags, actors, articles, found, comments, outlets, stories) -> Parcel:
    def annotated(passages: bool = False) -> Iterator[tuple[ArticleRecord, list]]:
        for article in articles:
            own = sorted(found[article.id], key=attrgetter("created", "id"))
            yield _without_raw(article, passages), own

    return Parcel(
        PROJECT, book, tuple(facets), tuple(tags), lambda: iter(actors), lambda: iter(articles),
        annotated, lambda: iter(comments), outlets=lambda: iter(outlets),
        stories=lambda: iter(stories),
    )  # fmt: skip


def _without_raw(article: ArticleRecord, passages: bool) -> ArticleRecord:
    """As the database gives it to a writer that does not ask for the raw input."""
    names = [name for name in ArticleRecord.__slots__ if name not in ("raw", "revisions")]
    return ArticleRecord(
        **{name: getattr(article, name) for name in names}, raw=b"",
        revisions=tuple(
            RevisionRecord(r.id, r.number, r.text, r.sha256, {}, r.passages if passages else ())
            for r in article.revisions
        ),
    )  # fmt: skip


def _nameless(id: str) -> ArticleRecord:
    return ArticleRecord(id, "", [], [], "", "", None, "", "", "", b"", "", "", "", ())


def _articles() -> list[ArticleRecord]:
    raw = ("\ufeff" + SEA.replace("\n", "\r\n") + "\r\n\r\n© dropped\r\n").encode()
    sea = _article(
        1, raw, (SEA,), roles={"1": "title", "3": "body", "4": "body", "6": "body"},
        title="The <sea> & “calm”", authors=["Ada Quill", "Bo “B.” Lee"], translators=["Cy"],
        outlet="Strait & Post", story="The calm, “again”", published_on=date(2024, 3, 14),
        language="en-GB", url="https://example.org/1?a=b&c=d", rights="With\nleave | of all",
        raw_name="raw/hard.txt", kinds=("title", "body", "caption"),
    )  # fmt: skip
    strait = _article(
        2, STRAIT.encode(), (STRAIT, MENDED), roles={"1": "heading", "3": "body"},
        title="المضيق", language="ar", outlet="海峡新聞", kinds=("heading", "body"),
    )  # fmt: skip
    bare = _article(3, b"Nothing is marked here.", ("Nothing is marked here.",), kinds=("body",))
    return [sea, strait, bare]


def _article(number, raw: bytes, texts, roles=None, kinds=(), **values) -> ArticleRecord:
    own = f"00000000-0000-4000-8000-00000000010{number}"
    usual = {
        "title": "", "authors": [], "translators": [], "outlet": "", "story": "",
        "published_on": None, "language": "en", "url": "", "rights": "", "raw_name": "",
        "raw_type": "text/plain",
    }  # fmt: skip
    revisions = tuple(
        RevisionRecord(
            f"00000000-0000-4000-8000-0000000002{number}{nth}", nth, text,
            hashlib.sha256(text.encode()).hexdigest(), (roles or {}) if nth == 1 else {},
            _passages(text, kinds),
        )
        for nth, text in enumerate(texts, 1)
    )  # fmt: skip
    digest = hashlib.sha256(raw).hexdigest()
    return ArticleRecord(
        id=own, raw=raw, raw_sha256=digest, revisions=revisions, **(usual | values)
    )


def _passages(text: str, kinds) -> tuple[PassageRecord, ...]:
    found, at = [], 0
    for number, (piece, kind) in enumerate(zip(text.split("\n\n"), kinds, strict=True), 1):
        found.append(PassageRecord(number, kind, at, at + len(piece)))
        at += len(piece) + 2
    return tuple(found)


def _facets() -> list[FacetRecord]:
    gone = datetime(2024, 1, 1, tzinfo=UTC)
    return [
        FacetRecord("type", "Claim “type”", 1, "one", True, False, id="f1"),
        FacetRecord("proposition", "What <is> said", 2, "any", False, True, id="f2"),
        FacetRecord("tone", "Tone", 3, "any", False, False, gone, id="f3"),
    ]


def _tags() -> list[TagRecord]:
    gone = datetime(2024, 1, 2, tzinfo=UTC)
    first = DefinitionRecord(1, "Norm", "What ought to be.")
    second = DefinitionRecord(2, "A “norm”", "What ought to be;\n| <or not> & so.", ("Ex, 1", "é"))
    calm = DefinitionRecord(1, "The strait is calm", "")
    return [
        TagRecord("was", "type", (DefinitionRecord(1, "Was", ""),), retired=gone, id="t0"),
        TagRecord("fact", "type", (DefinitionRecord(1, "Fact", "A <fact>."),), key="f",
                  colour="#0a0b0c", position=1, id="t1"),
        TagRecord("norm", "type", (first, second), key="n", position=2, id="t2"),
        TagRecord("calm", "proposition", (calm,), position=3, id="t3"),
        TagRecord("grave", "tone", (DefinitionRecord(1, "Grave", ""),), id="t4"),
        TagRecord("still", "proposition", (DefinitionRecord(1, "Still", ""),), position=9,
                  retired=gone, merged_into="calm", id="t5"),
        TagRecord("low-tide", "proposition", (DefinitionRecord(1, "潮 Low tide", "d"),),
                  parent="calm", position=1, id="t6"),
        TagRecord("ebb", "proposition", (DefinitionRecord(1, "Ebb", ""),), parent="low-tide",
                  id="t7"),
    ]  # fmt: skip


def _actors() -> list[ActorRecord]:
    office = ActorRecord(
        "=Office", "government body", " as\nstored ",
        part_of=({"name": "Union", "since": "1999-01-02", "until": "2020-12-31"},),
        aliases=(
            {"name": "the office", "language": "en", "case": "exact", "since": "1999-01-02"},
            {"name": "Quay", "metonym": True},
        ),
        external_ids=({"scheme": "wikidata", "value": "Q42"},), id=_actor_id("=Office"),
    )  # fmt: skip
    return [
        ActorRecord("Union", "international organisation", id=_actor_id("Union")),
        office,
        ActorRecord("Le Quai", "place", merged_into="=Office", id=_actor_id("Le Quai")),
        ActorRecord(
            "Old guard", "other", retired="2023-05-06T07:08:09+00:00", id=_actor_id("Old guard")
        ),
        ActorRecord("Nobody", "other", id=_actor_id("Nobody")),
    ]


def _actor_id(name: str) -> str:
    return f"00000000-0000-4000-8000-00000000030{ACTORS[name]}"


def _part(role: str, name: str, endorsement: str = "") -> PartRecord:
    if name.startswith("@"):
        return PartRecord(role, None, name[1:], name, None, endorsement)
    if name == "Le Quai":
        return PartRecord(
            role, _actor_id(name), "", "=Office", _actor_id("=Office"), endorsement
        )  # fmt: skip
    return PartRecord(role, _actor_id(name), "", name, None, endorsement)


def annotation_id(number: int) -> str:
    """The id of the annotation of this number in `hard`, from 1."""
    return f"00000000-0000-4000-8000-0000000004{number:02}"


def _annotation(
    number: int, article: ArticleRecord, kind: str, *quotes: str, codes=(), parts=(), links=(),
    revision: int = -1, **values,
) -> AnnotationRecord:  # fmt: skip
    """On the first place of each quote."""
    on = article.revisions[revision]
    starts = [on.text.index(quote) for quote in quotes]
    made = BEGUN + timedelta(hours=number, microseconds=number)
    usual = {
        "author": "ada", "layer": "analyst", "state": "complete", "origin": "human", "tool": "",
        "tool_version": "", "version": 1, "created": made, "updated": made, "deleted": None,
        "attribution": "", "certainty": "", "note": "", "flagged": False,
    }  # fmt: skip
    return AnnotationRecord(
        id=annotation_id(number), project=PROJECT.slug, article=article.id, revision=on.id,
        kind=kind, **(usual | values),
        spans=[SpanRecord(s, s + len(q), q) for s, q in zip(starts, quotes, strict=True)],
        participants=list(parts), codings=list(codes),
        links=[LinkRecord(relation, annotation_id(claim)) for relation, claim in links],
    )  # fmt: skip


def _code(slug: str, stance: str = "", definition: int = 1) -> CodeRecord:
    return CodeRecord(f"t-{slug}", slug, stance, definition)


def _on_sea(sea: ArticleRecord) -> list[AnnotationRecord]:
    office, author = _part("claimant", "=Office"), _part("claimant", "@author")
    fact, norm = _code("fact"), _code("norm", definition=2)
    return [
        _annotation(1, sea, "mention", "👩‍🚒 said", parts=(_part("named", "Le Quai"),)),
        _annotation(2, sea, "mention", "The Quay", parts=(
            _part("named", "=Office"), _part("meant", "Union"),
        ), certainty="high", note="One line."),
        # Of three pieces, the last of which is in another passage.
        _annotation(3, sea, "claim", "The 👩‍🚒", "x̂ is café", "second paragraph, 🇩🇪",
            attribution="quoted", certainty="low", note=NASTY, flagged=True,
            origin="suggestion", tool="=tool", tool_version="1.0 <rc>", version=4,
            updated=BEGUN + timedelta(days=9), links=(("contradicts", 4), ("restates", 8)),
            codes=(_code("norm"), _code("calm", "oppose"), _code("ebb", "neutral")),
            parts=(
                office, author, _part("target", "Union"),
                _part("voice", "@outlet", "distances"), _part("voice", "Union"),
                _part("voice", "=Office", "endorses"),
            )),
        # Nested in the next, which crosses the third; the same stretch by two people.
        _annotation(4, sea, "claim", "café-like, 𝔘", codes=(fact,), parts=(author,),
                    links=(("restates", 3),)),
        _annotation(5, sea, "claim", "said that x̂ is café-like, 𝔘 too; =1+1", author="bo",
                    codes=(norm, _code("grave")), parts=(office, _part("claimant", "Old guard"))),
        _annotation(6, sea, "claim", "café-like, 𝔘", author="bo", codes=(fact,), parts=(author,)),
        _annotation(7, sea, "claim", "🇩🇪🇫🇷, ends here", author="cora", layer="gold",
                    codes=(fact, _code("calm")), note="Gold,\nof two lines"),
        # Across passages, without anything else: unfinished.
        _annotation(9, sea, "claim", "“it's rough”.\n\nA second", state="draft"),
    ]  # fmt: skip


def _on_strait(strait: ArticleRecord) -> list[AnnotationRecord]:
    return [
        _annotation(8, strait, "claim", "嵐だ", revision=0, author="bo", origin="import",
                    codes=(_code("fact"), _code("calm", "unclear")), parts=(
                        _part("claimant", "Union"),), links=(("supports", 3),)),
        _annotation(10, strait, "claim", "المضيق هادئ", codes=(_code("was"),)),
        _annotation(11, strait, "mention", "政府", author="bo", parts=(_part("named", "Union"),)),
    ]  # fmt: skip


def _comments() -> list[CommentRecord]:
    def comment(number: int, on: int, author: str, text: str, *names: str) -> CommentRecord:
        own = f"00000000-0000-4000-8000-00000000050{number}"
        at = BEGUN + timedelta(days=2, minutes=number)
        return CommentRecord(own, annotation_id(on), author, text, names, at)

    return [
        # In comments, unlike notes, lines end in LF only.
        comment(1, 3, "ada", f"Why, @cora?\n{NASTY}".replace("\r", ""), "bo", "cora"),
        comment(2, 3, "cora", "So."),
        comment(3, 11, "bo", "政府 who?"),
    ]


def as_text(value: Any) -> str:
    """Plain values as lines that a test can show."""
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, default=str)
