"""The door for articles: raw input in, cleaned and split text stored.

`propose` reads raw input and says what every line seems to be; a person may correct that;
`store` writes the article, its first revision and its passages.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from corpus_app import revising, text
from corpus_app.history import DoorError, record
from corpus_app.models import Article, Outlet, Project, Story, User
from corpus_app.names import UnfitName, clean_name, name_key
from corpus_app.outlets import web_address

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
    """Raw input with the role of every line and the metadata found in it; nothing is stored."""

    lines: tuple[text.Line, ...]
    fields: Fields

    @property
    def passages(self) -> list[tuple[str, str]]:
        """Kind and text of every passage that would be stored."""
        cleaned, slices = text.compose(self.lines)
        return [(piece.kind, cleaned[piece.start : piece.end]) for piece in slices]


def propose(*, data: bytes, roles: Mapping[int, str] | None = None) -> Proposal:
    """What the raw input seems to be, with the given roles (by line number) instead of found ones.

    Raises IngestError for input that is no text, and for a line number or role there is not.
    """
    try:
        cleaned = text.normalise(text.decode(data))
        if sum(map(bool, map(str.strip, cleaned.split("\n")))) > MOST_LINES:
            raise IngestError(file=f"It has more than {MOST_LINES} lines. Send it in parts.")
        lines = text.classify(cleaned)
    except text.UnreadableText as error:
        raise IngestError(file=str(error)) from error
    if not lines:
        raise IngestError(file="There is no text in it.")
    lines = _corrected(lines, roles or {})
    found = text.metadata(lines)
    fields = Fields(
        title=found.title or "", authors=found.authors, translators=found.translators,
        outlet=found.outlet or "", published_on=found.published_on,
    )  # fmt: skip
    return Proposal(tuple(lines), fields)


def store(
    *,
    by: User,
    project: Project,
    data: bytes,
    proposal: Proposal,
    name: str = "",
) -> Article:
    """The stored article with revision 1 and its passages.

    Raises IngestError if the same raw input is there already, no line would be kept, or the
    metadata do not fit.
    """
    _check(proposal.fields)
    try:
        return _store(by, project, data, proposal, name[-255:])
    except revising.RevisingError as error:
        raise IngestError(roles=str(error)) from error
    except IntegrityError:
        refuse_twice(project=project, data=data)
        raise


def refuse_twice(*, project: Project, data: bytes) -> None:
    """Raise IngestError, with the article, if the same raw input is in the project already."""
    earlier = Article.objects.filter(project=project, raw_sha256=digest(data)).first()
    if earlier:
        raise IngestError(
            f"The same text is here already: “{earlier.shown_title}”.", article=earlier
        )


def digest(data: bytes) -> str:
    """The SHA-256 by which raw input is known, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


@transaction.atomic
def _store(by: User, project: Project, data: bytes, proposal: Proposal, name: str) -> Article:
    fields = proposal.fields
    article = Article.objects.create(
        project=project, outlet=outlet_named(by, project, fields.outlet),
        story=fields.story, title=fields.title.strip(), authors=list(fields.authors),
        translators=list(fields.translators), published_on=fields.published_on,
        language=fields.language or project.language, url=fields.url, rights=fields.rights,
        raw=data, raw_sha256=digest(data), raw_name=name,
    )  # fmt: skip
    revision = revising.write(article, proposal.lines, number=1)
    record(
        by=by, verb="imported", thing=article, article_id=article.pk,
        after={**as_values(article), "revision": revision.number, "sha256": revision.sha256},
    )  # fmt: skip
    return article


def outlet_named(by: User, project: Project, name: str) -> Outlet | None:
    """The project's outlet of this name, made if it is new; nothing for an empty name."""
    if not name.strip():
        return None
    try:
        cleaned = clean_name(name)
    except UnfitName as error:
        raise IngestError(outlet=str(error)) from error
    if len(cleaned) > 200:
        raise IngestError(outlet="An outlet's name has 200 characters at the most.")
    outlet, made = Outlet.objects.get_or_create(
        project=project, name_key=name_key(cleaned), defaults={"name": cleaned}
    )
    if made:
        record(by=by, verb="created", thing=outlet, after={"name": outlet.name})
    return outlet


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


def _check(fields: Fields) -> None:
    """Raise IngestError for what no column or no page can take."""
    for name in ("title", "language", "url"):
        size, most = len(getattr(fields, name)), Article._meta.get_field(name).max_length
        if size > most:
            raise IngestError(**{name: f"The {name} has {size} characters; {most} is the most."})
    try:
        if fields.url:
            web_address(fields.url)
    except ValidationError:
        raise IngestError(url="An address begins with http:// or https://.") from None


def _corrected(lines: list[text.Line], roles: Mapping[int, str]) -> list[text.Line]:
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
