"""Annotations that were made earlier and elsewhere, stored many at once.

The step beside `annotating` for files: what is checked and written is the same, but what all
rows need is looked up once, and whole batches are written in a constant number of queries.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from annotations import annotating, assigning
from annotations.checking import Checked
from annotations.content import by_role
from annotations.models import Annotation, Coding, Participant, Span
from corpus_app.history import moved
from corpus_app.models import User

LARGEST = 5_000  # rows of parts in one statement


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
    made = Annotation.objects.bulk_create(work.annotation for work in works)
    parts = [(_spans(work), _participants(work), _codings(work)) for work in works]
    for model, own in zip((Span, Participant, Coding), zip(*parts, strict=True), strict=True):
        rows = (row for rows in own for row in rows)
        model.objects.bulk_create(rows, batch_size=LARGEST)
    things = [
        (one, None, annotating.as_values(one, *own, ()))
        for one, own in zip(made, parts, strict=True)
    ]
    moved(by=by, verb="created", things=things)
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


def _spans(work: Work) -> list[Span]:
    own = {"project_id": work.annotation.project_id, "annotation": work.annotation}
    return [Span(**own, start=s, end=e, quote=q) for s, e, q in work.checked.content.spans]


def _participants(work: Work) -> list[Participant]:
    own = {"project_id": work.annotation.project_id, "annotation": work.annotation}
    return [
        Participant(
            **own, role=role, position=n, actor_id=part.actor, stands_for=part.stands_for,
            endorsement=part.endorsement,
        )
        for role, parts in by_role(work.checked.content.parts).items()
        for n, part in enumerate(parts)
    ]  # fmt: skip


def _codings(work: Work) -> list[Coding]:
    own = {"project_id": work.annotation.project_id, "annotation": work.annotation}
    return [
        Coding(
            **own, tag_id=code.tag, stance=code.stance,
            definition_number=work.definitions[code.tag],
        )
        for code in work.checked.content.codes
    ]  # fmt: skip
