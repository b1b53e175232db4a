"""The door for an article's text: a revision with its passages, written once and never changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from corpus_app import reuse, text
from corpus_app.history import DoorError, advance, record
from corpus_app.models import Article, Passage, Revision, User
from corpus_app.text import draft


class RevisingError(DoorError):
    """A text that cannot be stored; the message says why."""


@dataclass(frozen=True)
class Wording:
    """What a revision is written of: the text, its passages in order, the raw lines' roles.

    A text that was typed has no roles: the lines of the raw input do not say what it is.
    """

    text: str
    slices: tuple[text.Slice, ...]
    roles: Mapping[str, str] = field(default_factory=dict)


def of_lines(lines: Sequence[text.Line]) -> Wording:
    """The wording that the roles of the raw input's lines make. Raises RevisingError if none."""
    cleaned, slices = text.compose(lines)
    if not slices:
        raise RevisingError(roles="Every line would be dropped: give at least one of them a role.")
    roles = {str(line.number): line.role.value for line in lines}
    return Wording(cleaned, tuple(slices), roles)


def of_draft(typed: str) -> Wording:
    """The wording that a person typed, in the form of `text.draft`. Raises RevisingError."""
    try:
        cleaned, slices = draft.read(typed)
    except draft.DraftError as error:
        raise RevisingError(text=str(error)) from error
    return Wording(cleaned, tuple(slices))


def of_revision(revision: Revision) -> Wording:
    """The wording of a stored revision; reads its passages."""
    rows = Passage.objects.filter(revision=revision).order_by("number")
    slices = tuple(text.Slice(*row) for row in rows.values_list("kind", "start", "end"))
    return Wording(revision.text, slices, revision.roles)


def newest(article: Article) -> Revision:
    """The article's text as it is now."""
    return Revision.objects.filter(article=article).order_by("-number")[0]


def write(article: Article, lines: Sequence[text.Line], number: int) -> Revision:
    """The stored revision of this number, with passages, from the roles of the raw input's lines.

    Call it within the transaction of the write it is for. Raises RevisingError if no line would
    be kept.
    """
    return write_many([(article, lines)], number)[0]


def write_many(texts: Sequence[tuple[Article, Sequence[text.Line]]], number: int) -> list[Revision]:
    """The stored revisions of this number of several articles, in order; see `write`."""
    return _write([(article, of_lines(lines)) for article, lines in texts], number)


def begin(article: Article, wording: Wording) -> Revision:
    """The stored first revision, which is exactly this wording. Raises RevisingError.

    Call it within the transaction of the write it is for.
    """
    _check(wording)
    return _write([(article, wording)], 1)[0]


@transaction.atomic
def revise(*, by: User, article: Article, seen: int, wording: Wording, reason: str) -> Revision:
    """The next revision of the article's text, which is this wording.

    Raises Stale if the article has moved on since version `seen`; RevisingError without a reason,
    and if the wording is the one there is.
    """
    if not reason.strip():
        raise RevisingError(reason="Say why the text is corrected.")
    _check(wording)
    advance(article, seen=seen)
    before = newest(article)
    was = of_revision(before)
    if (was.text, was.slices) == (wording.text, wording.slices):
        raise RevisingError(text="The text is the same as before, so there is nothing to store.")
    revision = _write([(article, wording)], before.number + 1)[0]
    record(
        by=by, verb="corrected", thing=article, article_id=article.pk,
        before={"revision": before.number, "sha256": before.sha256},
        after={"revision": revision.number, "sha256": revision.sha256, "reason": reason.strip()},
    )  # fmt: skip
    return revision


def fault(wording: Wording) -> str:
    """Why a wording is no text in passages, from wherever it comes, or nothing."""
    if wording.text != text.normalise(wording.text):
        return "The text is not composed (NFC), or has other line ends than LF."
    between, at = [], 0
    for piece in wording.slices:
        between.append(wording.text[at : piece.start])
        if piece.kind not in draft.NAMES or not at <= piece.start < piece.end:
            return "A passage is of no known kind, empty, or runs into another."
        at = piece.end
    if at > len(wording.text) or "".join([*between, wording.text[at:]]).strip():
        return "There is text that is in no passage."
    return "" if wording.slices else "There is no text in it."


def _check(wording: Wording) -> None:
    if why := fault(wording):
        raise RevisingError(text=why)


def _write(texts: Sequence[tuple[Article, Wording]], number: int) -> list[Revision]:
    made = [_made(article, wording, number) for article, wording in texts]
    Revision.objects.bulk_create(revision for revision, _ in made)
    passages = [passage for _, own in made for passage in own]
    Passage.objects.bulk_create(passages, batch_size=2000)
    revisions = [revision for revision, _ in made]
    reuse.index(revisions, passages)
    return revisions


def _made(article: Article, wording: Wording, number: int) -> tuple[Revision, list[Passage]]:
    own = {"project_id": article.project_id}
    revision = Revision(
        **own, article=article, number=number, text=wording.text,
        sha256=text.sha256(wording.text), roles=dict(wording.roles),
    )  # fmt: skip
    return revision, [
        Passage(**own, revision=revision, number=n, kind=s.kind, start=s.start, end=s.end)
        for n, s in enumerate(wording.slices, start=1)
    ]
