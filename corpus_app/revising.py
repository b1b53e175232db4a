"""The door for an article's text: a revision with its passages, written once and never changed."""

from collections.abc import Sequence

from corpus_app import text
from corpus_app.history import DoorError
from corpus_app.models import Article, Passage, Revision


class RevisingError(DoorError):
    """A text that cannot be stored; the message says why."""


def write(article: Article, lines: Sequence[text.Line], number: int) -> Revision:
    """The stored revision of this number, with passages, from the roles of the raw input's lines.

    Call it within the transaction of the write it is for. Raises RevisingError if no line would
    be kept.
    """
    return write_many([(article, lines)], number)[0]


def write_many(texts: Sequence[tuple[Article, Sequence[text.Line]]], number: int) -> list[Revision]:
    """The stored revisions of this number of several articles, in order; see `write`."""
    made = [_made(article, lines, number) for article, lines in texts]
    Revision.objects.bulk_create(revision for revision, _ in made)
    Passage.objects.bulk_create(
        (passage for _, passages in made for passage in passages), batch_size=2000
    )
    return [revision for revision, _ in made]


def _made(
    article: Article, lines: Sequence[text.Line], number: int
) -> tuple[Revision, list[Passage]]:
    cleaned, slices = text.compose(lines)
    if not slices:
        raise RevisingError(roles="Every line would be dropped: give at least one of them a role.")
    own = {"project_id": article.project_id}
    revision = Revision(
        **own, article=article, number=number, text=cleaned, sha256=text.sha256(cleaned),
        roles={str(line.number): line.role.value for line in lines},
    )  # fmt: skip
    return revision, [
        Passage(**own, revision=revision, number=n, kind=s.kind, start=s.start, end=s.end)
        for n, s in enumerate(slices, start=1)
    ]
