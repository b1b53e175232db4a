"""The door for stored articles that are reviewed again: what their lines are and what is known.

Text, annotations and metadata change in one transaction, or not at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import transaction

from annotations import correcting
from annotations.correcting import CorrectingError, Correction, Preview
from corpus_app import describing, revising, rules, text
from corpus_app.describing import DescribingError
from corpus_app.history import DoorError, Stale
from corpus_app.ingest import Fields
from corpus_app.models import Article, User
from corpus_app.reading import Readers
from corpus_app.rules import Outcome
from corpus_app.text import draft
from corpus_app.text.learnt import Rule


class AmendingError(DoorError):
    """A review that cannot be stored; `messages` says why, field by field."""


@dataclass(frozen=True)
class Amended:
    """The article as it is now, and its new text if it has one."""

    article: Article
    correction: Correction | None


@dataclass(frozen=True)
class Forecast:
    """What rules would do to one article, and to its annotations if its text changes."""

    article: Article
    outcome: Outcome
    preview: Preview | None

    @property
    def kept(self) -> int:
        """How many annotations keep their place."""
        return self.preview.untouched + len(self.preview.mended) if self.preview else 0

    @property
    def stranded(self) -> int:
        """How many annotations would go to the tray."""
        return len(self.preview.stranded) if self.preview else 0


@transaction.atomic
def amend(
    *,
    by: User,
    article: Article,
    seen: int,
    fields: Fields,
    lines: Sequence[text.Line] | None = None,
    reason: str,
) -> Amended:
    """The article with these metadata and, where lines are given, the text that they make.

    Raises AmendingError; Stale if the article has moved on since version `seen`.
    """
    if article.version != seen:
        raise Stale(article)
    try:
        described = describing.describe(by=by, article=article, seen=seen, fields=fields)
        if lines is None or not _rewrites(article, lines):
            return Amended(described, None)
        correction = correcting.correct(
            by=by, article=described, seen=described.version, lines=lines, reason=reason
        )
    except (DescribingError, CorrectingError) as error:
        told = {name: " ".join(texts) for name, texts in error.messages.items()}
        raise AmendingError(**told) from error
    return Amended(described, correction)


def forecast(
    *, article: Article, lines: Sequence[text.Line] | None, said: Sequence[Rule]
) -> Forecast | None:
    """What the rules would do to the article of these lines; None if nothing, or if unknown."""
    outcome = rules.fit(said, article, lines) if lines else None
    if outcome is None:
        return None
    preview = None
    if outcome.rewritten and any(line.role in text.KINDS for line in outcome.lines):
        typed = draft.written(*text.compose(outcome.lines))
        preview = correcting.preview(article=article, text=typed)
    return Forecast(article, outcome, preview)


def follow(
    *, by: User, article: Article, seen: int, said: Sequence[Rule], readers: Readers
) -> Amended | None:
    """The article as these rules of its outlet have it; None if they change nothing.

    Raises AmendingError; Stale if the article has moved on since version `seen`.
    """
    lines = rules.stored_lines(article, revising.newest(article), readers)
    outcome = rules.fit(said, article, lines) if lines else None
    if outcome is None:
        return None
    fields = replace(fields_of(article), **outcome.found)
    reason = f"Rules of {article.outlet}: {'; '.join(map(str, said))}"
    return amend(
        by=by, article=article, seen=seen, fields=fields, lines=outcome.lines, reason=reason[:500]
    )


def fields_of(article: Article) -> Fields:
    """What is known of the article."""
    return Fields(
        title=article.title, authors=tuple(article.authors),
        translators=tuple(article.translators),
        outlet=article.outlet.name if article.outlet else "", published_on=article.published_on,
        language=article.language, url=article.url, rights=article.rights, story=article.story,
    )  # fmt: skip


def _rewrites(article: Article, lines: Sequence[text.Line]) -> bool:
    """Whether the lines make another text than the article has; raises CorrectingError if none."""
    wording = correcting.wording_of(lines=lines)
    was = revising.of_revision(revising.newest(article))
    return (wording.text, wording.slices) != (was.text, was.slices)
