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
    cleaned, slices = text.compose(lines)
    if not slices:
        raise RevisingError(roles="Every line would be dropped: give at least one of them a role.")
    own = {"project_id": article.project_id}
    revision = Revision.objects.create(
        **own, article=article, number=number, text=cleaned, sha256=text.sha256(cleaned),
        roles={str(line.number): line.role.value for line in lines},
    )  # fmt: skip
    Passage.objects.bulk_create(
        Passage(**own, revision=revision, number=n, kind=s.kind, start=s.start, end=s.end)
        for n, s in enumerate(slices, start=1)
    )
    return revision
