"""Annotations that were made earlier and elsewhere, stored many at once.

The step beside `annotating` for files: what is checked and written is the same, but what all
rows need is looked up once, and whole batches are written in a constant number of queries.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from uuid import UUID

from django.db import transaction

from annotations import annotating, assigning
from annotations.checking import Checked
from annotations.content import by_role
from annotations.models import Annotation, Coding, Participant, Span
from corpus_app.history import moved
from corpus_app.models import User
from corpus_app.pouring import pour

COLUMNS = tuple(field.column for field in Annotation._meta.concrete_fields)
OF_PARTS = ("project_id", "annotation_id")
OF_SPANS = ("start", "end", "quote")
OF_PARTICIPANTS = ("role", "position", "actor_id", "stands_for", "endorsement")
OF_CODINGS = ("tag_id", "stance", "definition_number")


@dataclass(frozen=True)
class Work:
    """An annotation that is not stored yet, with what it says once that is checked.

    `definitions` are the numbers of the definitions under which its tags (UUIDs as text) were
    given. It has no links: what they lead to is stored after it (`annotating.link`).
    """

    annotation: Annotation
    checked: Checked
    definitions: Mapping[str, int]


@transaction.atomic
def take_in(*, by: User, works: Sequence[Work]) -> list[Annotation]:
    """The stored annotations, in order, each with its event.

    They stay with the text on which they were made, and keep the moment. Raises AnnotatingError
    if an article is not open to its analyst, and then stores none; IntegrityError for an id that
    is taken.
    """
    _require_open(by, works)
    for work in works:
        work.annotation.state = work.checked.state
        for name in annotating.PLAIN:
            setattr(work.annotation, name, getattr(work.checked.content, name))
    made = [work.annotation for work in works]
    pour(Annotation, COLUMNS, map(attrgetter(*COLUMNS), made))
    for model, columns, rows in (
        (Span, OF_SPANS, _spans), (Participant, OF_PARTICIPANTS, _participants),
        (Coding, OF_CODINGS, _codings),
    ):  # fmt: skip
        pour(model, (*OF_PARTS, *columns), (row for work in works for row in rows(work)))
    things = [
        (one, None, annotating.written(one, work.checked.content, work.definitions))
        for one, work in zip(made, works, strict=True)
    ]
    moved(by=by, verb="created", things=things)
    for one in made:
        one._state.adding = False
    return made


def _require_open(by: User, works: Iterable[Work]) -> None:
    of_analysts = (one.annotation for one in works)
    analysts = {
        (one.article_id, one.author_id): one.author
        for one in of_analysts
        if one.layer == Annotation.Layer.ANALYST
    }
    for (article, _), analyst in analysts.items():
        try:
            assigning.begin(by=by, article_id=article, analyst=analyst)
        except assigning.AssigningError as error:
            raise annotating.AnnotatingError(str(error)) from error


def _spans(work: Work) -> Iterator[tuple]:
    own = (work.annotation.project_id, work.annotation.pk)
    return ((*own, *span) for span in work.checked.content.spans)


def _participants(work: Work) -> Iterator[tuple]:
    own = (work.annotation.project_id, work.annotation.pk)
    for role, parts in by_role(work.checked.content.parts).items():
        for n, part in enumerate(parts):
            actor = UUID(part.actor) if part.actor else None
            yield (*own, role, n, actor, part.stands_for, part.endorsement)


def _codings(work: Work) -> Iterator[tuple]:
    own, numbers = (work.annotation.project_id, work.annotation.pk), work.definitions
    tags = work.checked.tags
    for code in work.checked.content.codes:
        yield (*own, tags[code.tag].pk, code.stance, numbers[code.tag])
