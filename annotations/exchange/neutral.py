"""The neutral record: what stands between the database and every format, as plain values.

A writer of a format is given a `Parcel` and gives the pieces of a file; a reader is given a file
and gives `Row`s. Neither knows the database. Offsets are code points, half-open, into the text of
a revision; a format that counts otherwise converts them by `anchors` as it reads and writes.
"""

import hashlib
import re
import unicodedata
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from annotations import anchors

LONGEST_SLUG = 80
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class ReadError(ValueError):
    """A file that is not of this format, or not whole; the message is meant for a person."""


class SpanRecord(NamedTuple):
    """A stretch in code points, half-open, with its quote."""

    start: int
    end: int
    quote: str


class PartRecord(NamedTuple):
    """Somebody's part: an actor with the name of who stands for it, or `@author` or `@outlet`.

    `standing` is the actor into which `actor`, who was marked, has been merged meanwhile. Of what
    a reader gives only role, stands_for, name and endorsement count.
    """

    role: str
    actor: str | None
    stands_for: str
    name: str
    standing: str | None
    endorsement: str


class CodeRecord(NamedTuple):
    """A tag by its slug, and the definition that it was given under, by number (0: the latest)."""

    tag: str
    slug: str
    stance: str
    definition: int


class LinkRecord(NamedTuple):
    """What a claim says of another claim, by that one's id."""

    relation: str
    claim: str


class AnnotationRecord(NamedTuple):
    """An annotation; participants in the order of the roles of its kind.

    `article` and `revision` are ids of the records it comes with, `author` is a user name.
    """

    id: str
    project: str
    article: str
    revision: str
    author: str
    kind: str
    layer: str
    state: str
    origin: str
    tool: str
    tool_version: str
    version: int
    created: datetime
    updated: datetime
    deleted: datetime | None
    attribution: str
    certainty: str
    note: str
    flagged: bool
    spans: Sequence[SpanRecord]
    participants: Sequence[PartRecord]
    codings: Sequence[CodeRecord]
    links: Sequence[LinkRecord]

    @property
    def start(self) -> int:
        """Where its first span begins."""
        return self.spans[0].start

    @property
    def end(self) -> int:
        """Where its last span ends."""
        return self.spans[-1].end

    def names(self, role: str) -> list[str]:
        """Who takes part in a role, by name; each once, also if two were merged."""
        return list(dict.fromkeys(part.name for part in self.participants if part.role == role))


class PassageRecord(NamedTuple):
    """A passage `[start, end)` of a revision, in code points."""

    number: int
    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class RevisionRecord:
    """A text with its passages, and the role that each line of the raw input was given."""

    id: str
    number: int
    text: str
    sha256: str
    roles: dict[str, str]
    passages: tuple[PassageRecord, ...]


@dataclass(frozen=True, slots=True)
class ArticleRecord:
    """An article with its raw input and texts; known in any project by `raw_sha256`.

    What a reader gives may lack the raw input (`raw` and `raw_sha256` empty): such an article is
    known by the SHA-256 of its text, and else is stored with its text as the raw input. A table
    has no texts: a revision with a `sha256` and an empty `text` is one that must be there already
    (by `raw_sha256`, or any article's text with this `sha256`), where quotes are checked as well.
    """

    id: str
    title: str
    authors: list[str]
    translators: list[str]
    outlet: str
    story: str
    published_on: date | None
    language: str
    url: str
    rights: str
    raw: bytes
    raw_sha256: str
    raw_name: str
    raw_type: str
    revisions: tuple[RevisionRecord, ...]

    @property
    def newest(self) -> RevisionRecord:
        """Its text as it is now."""
        return self.revisions[-1]


class FacetRecord(NamedTuple):
    """A question of the codebook."""

    slug: str
    name: str
    position: int = 0
    choose: str = "any"
    required: bool = False
    takes_stance: bool = False
    retired: datetime | None = None
    id: str = ""


class DefinitionRecord(NamedTuple):
    """What a tag meant from some moment on."""

    number: int
    label: str
    text: str
    examples: tuple[str, ...] = ()


class TagRecord(NamedTuple):
    """An answer to a facet's question, with all its definitions, the latest last.

    `parent` and `merged_into` are slugs, or empty.
    """

    slug: str
    facet: str
    definitions: tuple[DefinitionRecord, ...]
    parent: str = ""
    key: str = ""
    colour: str = ""
    position: int = 0
    retired: datetime | None = None
    merged_into: str = ""
    id: str = ""

    @property
    def label(self) -> str:
        return self.definitions[-1].label

    @property
    def definition(self) -> str:
        return self.definitions[-1].text


class ActorRecord(NamedTuple):
    """Somebody who can claim and be claimed about; parts are shaped as in `actors.as_values`."""

    name: str
    kind: str = ""
    notes: str = ""
    part_of: tuple[Mapping[str, Any], ...] = ()
    aliases: tuple[Mapping[str, Any], ...] = ()
    external_ids: tuple[Mapping[str, str], ...] = ()
    retired: str | None = None
    merged_into: str | None = None
    id: str = ""


class OutletRecord(NamedTuple):
    """Who publishes, and what is known of it; articles name it. `country` is of two letters."""

    name: str
    country: str = ""
    url: str = ""
    standpoint: str = ""


class StoryRecord(NamedTuple):
    """An event that articles report, and what is known of it; they name it by its title."""

    title: str
    happened_on: date | None = None
    summary: str = ""


class CommentRecord(NamedTuple):
    """A remark in the thread of an annotation; `mentions` are user names."""

    id: str
    annotation: str
    author: str
    text: str
    mentions: tuple[str, ...]
    created: datetime


class ProjectRecord(NamedTuple):
    """What a file says of the project that it comes from."""

    id: str
    slug: str
    name: str
    description: str
    language: str
    blind: bool


class CodebookRecord(NamedTuple):
    name: str
    description: str


class Document(NamedTuple):
    """One text with what is marked on it: what formats call a document that know no revisions."""

    article: ArticleRecord
    revision: RevisionRecord
    annotations: list[AnnotationRecord]

    @property
    def name(self) -> str:
        """Unique among documents, fit for a file: the article's id, with an older text's number."""
        if self.revision.id == self.article.newest.id:
            return self.article.id
        return f"{self.article.id}-{self.revision.number}"


@dataclass(frozen=True)
class Parcel:
    """A project, as far as one person sees it, for a writer. What may be large is read as asked.

    Iterables begin anew with each call. `annotated` gives each article without raw input, if
    `passages` with those; its annotations in the order they were made. `decided` says by the ids of
    those that are in a case whether it is decided. Outlets and stories that articles only name need
    not be in the lists of these.
    """

    project: ProjectRecord
    codebook: CodebookRecord | None
    facets: tuple[FacetRecord, ...]
    tags: tuple[TagRecord, ...]
    actors: Callable[[], Iterator[ActorRecord]]
    articles: Callable[[], Iterator[ArticleRecord]]
    annotated: Callable[..., Iterator[tuple[ArticleRecord, list[AnnotationRecord]]]]
    comments: Callable[[], Iterator[CommentRecord]]
    decided: Callable[[], Mapping[str, bool]] = dict
    outlets: Callable[[], Iterable[OutletRecord]] = tuple
    stories: Callable[[], Iterable[StoryRecord]] = tuple

    def documents(self, passages: bool = False) -> Iterator[Document]:
        """The newest text of each article with its annotations, and older texts that have some."""
        for article, annotations in self.annotated(passages=passages):
            own: dict[str, list[AnnotationRecord]] = {article.newest.id: []}
            for annotation in annotations:
                own.setdefault(annotation.revision, []).append(annotation)
            for revision in article.revisions:
                if revision.id in own:
                    yield Document(article, revision, own[revision.id])

    def facet_of_tags(self) -> dict[str, str]:
        """The slug of the facet of each tag, by the tag's slug."""
        return {tag.slug: tag.facet for tag in self.tags}


class Refusal(NamedTuple):
    """A row of a file that cannot be read, and why."""

    reason: str


class Remark(NamedTuple):
    """What of a row could not be kept, and why."""

    reason: str


Record = (
    CodebookRecord | FacetRecord | TagRecord | ActorRecord | OutletRecord | StoryRecord
    | ArticleRecord | AnnotationRecord | CommentRecord | Refusal | Remark
)  # fmt: skip


class Row(NamedTuple):
    """What a reader found at a line of a file, or at the n-th thing in it (from 1).

    In this order: codebook, facets, tags (the broader first), actors, outlets and stories; then
    each article before its annotations and these before their comments. Tags and actors that are
    named by annotations only need no row of their own if a facet for them is clear (`CodeRecord`
    slugs need one), outlets and stories that only articles name none at all.
    """

    line: int
    what: Record


def text_of(
    text: str, *, name: str = "", title: str = "", id: str = "", **fields: Any
) -> ArticleRecord:
    """An article of a format that has nothing but a text: with one revision and no raw input.

    `fields` are further fields of ArticleRecord. The ids are made from the name and the text.
    """
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    own = id or str(uuid.uuid5(uuid.NAMESPACE_OID, f"{name}\n{digest}"))
    revision = RevisionRecord(f"{own}/1", 1, text, digest, {}, ())
    usual: dict[str, Any] = {
        "authors": [], "translators": [], "outlet": "", "story": "", "published_on": None,
        "language": "", "url": "", "rights": "", "raw": b"", "raw_sha256": "", "raw_name": name,
        "raw_type": "text/plain",
    }  # fmt: skip
    return ArticleRecord(id=own, title=title, revisions=(revision,), **(usual | fields))


def annotation_on(
    article: ArticleRecord,
    *,
    id: str,
    kind: str,
    spans: Sequence[tuple[int, int]],
    parts: Sequence[PartRecord] = (),
    codes: Sequence[CodeRecord] = (),
    links: Sequence[LinkRecord] = (),
    revision: RevisionRecord | None = None,
    **fields: Any,
) -> AnnotationRecord:
    """An annotation that a reader found on the article's newest text, or on `revision`.

    `id` is a UUID or anything else that is unique in the file; `fields` are further fields of
    AnnotationRecord. An empty author is whoever imports. Raises AnchorError for spans (code
    points, half-open) that are empty, overlap or leave the text.
    """
    on = revision or article.newest
    checked = anchors.check(on.text, [(start, end, None) for start, end in spans])
    usual: dict[str, Any] = {
        "project": "", "author": "", "layer": "analyst", "state": "draft", "origin": "import",
        "tool": "", "tool_version": "", "version": 1, "created": LONG_AGO, "updated": LONG_AGO,
        "deleted": None, "attribution": "", "certainty": "", "note": "", "flagged": False,
    }  # fmt: skip
    return AnnotationRecord(
        id=id, article=article.id, revision=on.id, kind=kind,
        spans=[SpanRecord(*span) for span in checked], participants=list(parts),
        codings=list(codes), links=list(links), **(usual | fields),
    )  # fmt: skip


def part_of(role: str, name: str, endorsement: str = "") -> PartRecord:
    """Somebody's part as a reader found it, by name; `@author` and `@outlet` are stand-ins."""
    stands_for = name[1:] if name in ("@author", "@outlet") else ""
    return PartRecord(role, None, stands_for, name, None, endorsement)


def code_of(slug: str, stance: str = "", definition: int = 0) -> CodeRecord:
    """A tag as a reader found it."""
    return CodeRecord("", slug, stance, definition)


def tag_of(label: str, facet: str, slug: str = "", text: str = "", **fields: Any) -> TagRecord:
    """A tag with one definition, whose slug is made from its label unless it has one."""
    own = slug or slug_of(label)
    return TagRecord(own, facet, (DefinitionRecord(1, label, text),), **fields)


def slug_of(label: str) -> str:
    """A slug for a label of another tool: lower case, digits and hyphens.

    Labels share one if they differ only in case, blanks and punctuation; where letters had to be
    left out, a digest tells labels apart.
    """
    folded = unicodedata.normalize("NFKD", label.strip()).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^a-z0-9_]+", "-", folded.lower()).strip("-")
    if plain and len(plain) <= LONGEST_SLUG and re.sub(r"[\W_]", "", label).isascii():
        return plain
    digest = hashlib.sha256(label.strip().encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{plain[: LONGEST_SLUG - 9]}-{digest}".lstrip("-")
