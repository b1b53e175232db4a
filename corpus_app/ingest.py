"""The door for articles: raw input in, cleaned and split text stored.

`propose` reads raw input and says what every line seems to be; a person may correct that;
`store` writes the article, its first revision and its passages.
"""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from functools import cache, partial
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction

from corpus_app import revising, text
from corpus_app.history import DoorError, once, record, record_many
from corpus_app.models import Article, Outlet, Project, Story, User
from corpus_app.names import UnfitName, clean_name, name_key
from corpus_app.outlets import address_fault
from corpus_app.reading import MEDIA_TYPES, Document, Readers, Unreadable
from corpus_app.reading.documents import MAIL, NAMES, PAGE, TEXT, kind_named
from corpus_app.rules import rules_of
from corpus_app.text import learnt

# Of raw input. On the page of the review each line is a field, of which settings.py allows more.
MOST_LINES = 5000


class IngestError(DoorError):
    """Raw input that cannot be stored. `article` is the one that has it already, if that is why."""

    def __init__(self, message: str = "", article: Article | None = None, **fields: str):
        super().__init__(message, **fields)
        self.article = article


@dataclass(frozen=True)
class Fields:
    """The metadata of an article, as found or as corrected."""

    title: str = ""
    authors: tuple[str, ...] = ()
    translators: tuple[str, ...] = ()
    outlet: str = ""
    published_on: date | None = None
    language: str = ""
    url: str = ""
    rights: str = ""
    story: Story | None = None


@dataclass(frozen=True)
class Proposal:
    """Raw input with the role of every line and the metadata found in it; nothing is stored.

    `kind` is the raw input's media type, `told` what the input says of itself for programs,
    `outlet` the one whose rules were applied; `by_format` has the numbers of the lines whose role
    the format gave, `by_rule` the rule for those that a rule decided, `refused` the rules that
    would have left no body.
    """

    lines: tuple[text.Line, ...]
    fields: Fields
    kind: str = MEDIA_TYPES[TEXT]
    told: Mapping[str, object] = field(default_factory=dict)
    outlet: Outlet | None = None
    by_format: frozenset[int] = frozenset()
    by_rule: Mapping[int, learnt.Rule] = field(default_factory=dict)
    refused: tuple[learnt.Rule, ...] = ()

    @property
    def read_as(self) -> str:
        """What the raw input was read as, in words: "a web page"."""
        return NAMES[kind_named(self.kind)]

    @property
    def passages(self) -> list[tuple[str, str]]:
        """Kind and text of every passage that would be stored."""
        cleaned, slices = text.compose(self.lines)
        return [(piece.kind, cleaned[piece.start : piece.end]) for piece in slices]


@dataclass(frozen=True)
class Entry:
    """One article of many: its raw input, what is to be stored of it, and its file's name.

    `id` is the one that a client made for it.
    """

    data: bytes
    proposal: Proposal
    name: str = ""
    id: uuid.UUID | None = None


class Outlets:
    """The outlets of a project and their rules, each looked up once: for inputs read together."""

    def __init__(self, project: Project):
        self._known = cache(partial(_known_outlet, project))
        self.rules = cache(rules_of)

    def of(self, fields: Fields) -> Outlet | None:
        """The outlet of this name, or else the one whose site the address is on."""
        return self._known(name_key(fields.outlet), _host(fields.url))


def propose(
    *,
    data: bytes,
    roles: Mapping[int, str] | None = None,
    name: str = "",
    kind: str = "",
    outlet: Outlet | None = None,
    project: Project | None = None,
    outlets: Outlets | None = None,
    readers: Readers | None = None,
) -> Proposal:
    """What the raw input seems to be, with the given roles (by line number) instead of found ones.

    `kind` is the media type where it is known, else it is found out; `name` helps. The rules of
    the outlet, given or else known to the project by what the input says, go before the roles of
    the format, and those before what the lines look like. Several inputs are read faster with one
    `readers` and the project's `outlets`. Raises IngestError for input that cannot be read, and
    for a line number or role there is not.
    """
    document = _read(data, name, kind, readers)
    found = Proposal(
        tuple(_classified(document)), Fields(), document.kind, told=document.fields,
        by_format=frozenset(document.roles),
    )  # fmt: skip
    known = outlets or (project and Outlets(project))
    outlet = outlet or (known and known.of(_fields(found)))
    done = learnt.ruled(found.lines, known.rules(outlet) if known else rules_of(outlet))
    found = replace(found, lines=done.lines, outlet=outlet, by_rule=done.by, refused=done.refused)
    return corrected(found, roles or {})


def corrected(proposal: Proposal, roles: Mapping[int, str]) -> Proposal:
    """The proposal with these roles, by line number, and with the metadata that then are found.

    Raises IngestError for a line number or role there is not.
    """
    proposal = replace(proposal, lines=tuple(_corrected(proposal.lines, roles)))
    return replace(proposal, fields=_fields(proposal))


def _read(data: bytes, name: str, kind: str, readers: Readers | None) -> Document:
    try:
        if readers:
            return readers.read(name, data, kind)
        with Readers() as own:
            return own.read(name, data, kind)
    except Unreadable as error:
        raise IngestError(file=str(error)) from error


def _classified(document: Document) -> list[text.Line]:
    if sum(map(bool, map(str.strip, document.text.splitlines()))) > MOST_LINES:
        raise IngestError(file=f"It has more than {MOST_LINES} lines. Send it in parts.")
    lines = text.classify(document.text, document.roles)
    if not lines:
        raise IngestError(file="There is no text in it.")
    return lines


def _fields(found: Proposal) -> Fields:
    """Pages and mails say for programs what they are; what other files say of themselves is
    often left over from another one, so there the printed words go first."""
    printed = _fitting(asdict(text.metadata(found.lines)))
    told = _fitting(found.told)
    surely = found.kind in (MEDIA_TYPES[PAGE], MEDIA_TYPES[MAIL])
    fields = Fields(**(printed | told if surely else told | printed))
    return replace(fields, outlet=found.outlet.name) if found.outlet else fields


def _fitting(values: Mapping[str, object]) -> dict[str, object]:
    """The values that there are and that a column can take."""
    fitting = {}
    for name, value in values.items():
        with suppress(IngestError):
            if value:
                check(Fields(**{name: value}))
                fitting[name] = value
    return fitting


def _known_outlet(project: Project, own: str, host: str) -> Outlet | None:
    known = Outlet.objects.filter(project=project)
    if own:
        # A note of the source says "in the Post" of The Post.
        return known.filter(name_key__in=[own, f"the {own}"]).order_by("name_key").first()
    if not host:
        return None
    return next((one for one in known.exclude(url="") if _host(one.url) == host), None)


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def store(
    *,
    by: User,
    project: Project,
    data: bytes,
    proposal: Proposal,
    name: str = "",
    id: uuid.UUID | None = None,
) -> Article:
    """The stored article with revision 1 and its passages, and the id that the client made.

    Raises IngestError if the same raw input is there already, no line would be kept, or the
    metadata do not fit.
    """
    stored = store_many(by=by, project=project, entries=[Entry(data, proposal, name, id)])[0]
    if isinstance(stored, IngestError):
        raise stored
    return stored


def store_many(
    *, by: User, project: Project, entries: Sequence[Entry]
) -> list[Article | IngestError]:
    """For every entry, in order, the stored article or why it was refused; in one transaction.

    The first of several entries of the same raw input is stored, the others are refused.
    """
    refused = _refusals(project, entries)
    fit = [number for number in range(len(entries)) if number not in refused]
    try:
        stored = _store(by, project, [entries[number] for number in fit])
    except IntegrityError:
        # Somebody has just stored one of them, too: each for itself, so that the others come in.
        if len(fit) > 1:
            return [store_many(by=by, project=project, entries=[entry])[0] for entry in entries]
        refuse_twice(project=project, data=entries[fit[0]].data)
        if Article.objects.filter(pk=entries[fit[0]].id).exists():
            raise IngestError(id="This id is taken. Make a new one.") from None
        raise
    outcomes = refused | dict(zip(fit, stored, strict=True))
    return [outcomes[number] for number in range(len(entries))]


@transaction.atomic
def store_as_is(
    *,
    by: User,
    project: Project,
    wordings: Sequence[revising.Wording],
    fields: Fields,
    data: bytes = b"",
    name: str = "",
    kind: str = MEDIA_TYPES[TEXT],
) -> Article:
    """The stored article with exactly these texts, one or more: what was read elsewhere already.

    `data` is the raw input if there was one, else it is the first text. Raises IngestError as
    `store`, and RevisingError for a text that is not normal or has words in no passage.
    """
    entry = Entry(data or wordings[0].text.encode(), Proposal((), fields, kind), name)
    check(fields)
    refuse_twice(project=project, data=entry.data)
    outlets = {fields.outlet: outlet_named(by, project, fields.outlet)}
    article = _article(project, entry, outlets)
    with once(IngestError("Somebody has just stored the same text.")):
        article.save(force_insert=True)
    first = revising.begin(article, wordings[0])
    after = {**as_values(article), "revision": first.number, "sha256": first.sha256}
    record_many(by=by, verb="imported", things=[(article, after)])
    for wording in wordings[1:]:
        revising.revise(
            by=by, article=article, seen=article.version, wording=wording,
            reason="Read from a file.",
        )  # fmt: skip
    return article


def refuse_twice(*, project: Project, data: bytes) -> None:
    """Raise IngestError, with the article, if the same raw input is in the project already."""
    earlier = Article.objects.filter(project=project, raw_sha256=digest(data)).first()
    if earlier:
        raise _twice(earlier)


def digest(data: bytes) -> str:
    """The SHA-256 by which raw input is known, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def _twice(earlier: Article) -> IngestError:
    return IngestError(f"The same text is here already: “{earlier.shown_title}”.", article=earlier)


def _refusals(project: Project, entries: Sequence[Entry]) -> dict[int, IngestError]:
    """Number of an entry → why it cannot be stored."""
    digests = [digest(entry.data) for entry in entries]
    earlier = Article.objects.filter(project=project, raw_sha256__in=digests).defer("raw")
    present = {article.raw_sha256: article for article in earlier}
    refused: dict[int, IngestError] = {}
    seen: set[str] = set()
    for number, (entry, known_by) in enumerate(zip(entries, digests, strict=True)):
        try:
            if known_by in present:
                raise _twice(present[known_by])
            if known_by in seen:
                raise IngestError("The same text comes before it in the same batch.")
            check(entry.proposal.fields)
            if not any(line.role in text.KINDS for line in entry.proposal.lines):
                raise IngestError(
                    roles="Every line would be dropped: give at least one of them a role."
                )
            seen.add(known_by)
        except IngestError as error:
            refused[number] = error
    return refused


@transaction.atomic
def _store(by: User, project: Project, entries: Sequence[Entry]) -> list[Article]:
    names = {entry.proposal.fields.outlet for entry in entries}
    outlets = {name: outlet_named(by, project, name) for name in sorted(names)}
    articles = [_article(project, entry, outlets) for entry in entries]
    Article.objects.bulk_create(articles)
    texts = [(one, entry.proposal.lines) for one, entry in zip(articles, entries, strict=True)]
    revisions = revising.write_many(texts, number=1)
    record_many(
        by=by, verb="imported",
        things=[
            (article, {**as_values(article), "revision": made.number, "sha256": made.sha256})
            for article, made in zip(articles, revisions, strict=True)
        ],
    )  # fmt: skip
    return articles


def _article(project: Project, entry: Entry, outlets: Mapping[str, Outlet | None]) -> Article:
    fields = entry.proposal.fields
    return Article(
        id=entry.id or uuid.uuid4(), project=project, outlet=outlets[fields.outlet],
        story=fields.story, title=fields.title.strip(), authors=list(fields.authors),
        translators=list(fields.translators), published_on=fields.published_on,
        language=fields.language or project.language, url=fields.url, rights=fields.rights,
        raw=entry.data, raw_sha256=digest(entry.data), raw_name=entry.name[-255:],
        raw_type=entry.proposal.kind,
    )  # fmt: skip


def outlet_named(by: User, project: Project, name: str) -> Outlet | None:
    """The project's outlet of this name, made if it is new; nothing for an empty name."""
    cleaned = _outlet_name(name)
    if not cleaned:
        return None
    outlet, made = Outlet.objects.get_or_create(
        project=project, name_key=name_key(cleaned), defaults={"name": cleaned}
    )
    if made:
        record(by=by, verb="created", thing=outlet, after={"name": outlet.name})
    return outlet


def _outlet_name(name: str) -> str:
    if not name.strip():
        return ""
    try:
        cleaned = clean_name(name)
    except UnfitName as error:
        raise IngestError(outlet=str(error)) from error
    if len(cleaned) > 200:
        raise IngestError(outlet="An outlet's name has 200 characters at the most.")
    return cleaned


def as_values(article: Article) -> dict:
    """The article's metadata as JSON values, as history keeps it."""
    return {
        "title": article.title,
        "authors": article.authors,
        "translators": article.translators,
        "outlet": article.outlet.name if article.outlet else None,
        "story": article.story.title if article.story else None,
        "published_on": article.published_on.isoformat() if article.published_on else None,
        "language": article.language,
        "url": article.url,
        "rights": article.rights,
        "raw_sha256": article.raw_sha256,
        "raw_name": article.raw_name,
    }


def check(fields: Fields) -> None:
    """Raise IngestError for metadata that no column or no page can take."""
    _outlet_name(fields.outlet)
    for name in ("title", "language", "url"):
        size, most = len(getattr(fields, name)), Article._meta.get_field(name).max_length
        if size > most:
            raise IngestError(**{name: f"The {name} has {size} characters; {most} is the most."})
    if fault := address_fault(fields.url):
        raise IngestError(url=fault)


def _corrected(lines: Sequence[text.Line], roles: Mapping[int, str]) -> list[text.Line]:
    numbers = {line.number for line in lines}
    for number, role in roles.items():
        if number not in numbers:
            raise IngestError(roles=f"There is no line {number}.")
        if role not in {known.value for known in text.Role}:
            raise IngestError(roles=f"Line {number}: “{role}” is not a role.")
    return [
        replace(line, role=text.Role(roles[line.number])) if line.number in roles else line
        for line in lines
    ]
