"""The door for many new annotations at once: what is plain is stored together.

What all of them need is looked up once, and what is checked is the same as for one. Whatever is
not plain (on an older text, of what was merged or retired, with links, sent before, or wrong) is
left to `annotating`, which says what becomes of it.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from annotations.checking import AnnotatingError, Lists, check_done
from annotations.content import Content
from annotations.models import Annotation, ClaimTag, Facet
from annotations.taking_in import Work, take_in
from corpus_app.access import Archived
from corpus_app.models import Actor, Revision, User


@dataclass(frozen=True)
class Draft:
    """What is to become an annotation of whoever makes it, on a text, under an id if it has one."""

    revision: Revision
    content: Content
    id: uuid.UUID | None = None


def create_plain(*, by: User, drafts: Sequence[Draft]) -> list[Annotation | None]:
    """The stored annotation of each draft that is plain, None for the others.

    None for all if others' writes, a closed article or an archived project are in the way.
    """
    works = _plain(by, drafts)
    plain = [work for work in works if work]
    try:
        with transaction.atomic():
            made = iter(take_in(by=by, works=plain) if plain else ())
    except (AnnotatingError, IntegrityError, Archived):
        return [None] * len(drafts)
    return [next(made) if work else None for work in works]


def _plain(by: User, drafts: Sequence[Draft]) -> list[Work | None]:
    lists = {one.revision.project_id: None for one in drafts}
    lists = {project: _lists(project, drafts) for project in lists}
    articles = {one.revision.article_id for one in drafts}
    newest = Revision.objects.filter(article__in=articles).order_by("article", "number")
    newest = dict(newest.values_list("article", "pk"))
    wanted = [one.id for one in drafts if one.id]
    taken = set(Annotation.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    works = []
    for draft in drafts:
        there = newest[draft.revision.article_id] == draft.revision.pk and draft.id not in taken
        fits = there and not draft.content.links
        works.append(_work(by, draft, lists[draft.revision.project_id]) if fits else None)
        taken |= {draft.id} - {None}
    return works


def _work(by: User, draft: Draft, lists: Lists) -> Work | None:
    text = draft.revision
    try:
        checked = check_done(text.text, draft.content, lists)
    except AnnotatingError:
        return None
    annotation = Annotation(
        id=draft.id or uuid.uuid4(), project=text.project, article_id=text.article_id,
        revision=text, author=by, kind=draft.content.kind,
    )  # fmt: skip
    numbers = {key: tag.definition_number for key, tag in checked.tags.items()}
    return Work(annotation, checked, numbers)


def _lists(project: uuid.UUID, drafts: Sequence[Draft]) -> Lists:
    """What the drafts may name in the project: only what is neither retired nor merged."""
    contents = [one.content for one in drafts if one.revision.project_id == project]
    current = {"project_id": project, "retired": None, "merged_into": None}
    tags = _named(code.tag for content in contents for code in content.codes)
    tags = ClaimTag.objects.filter(**current, pk__in=tags, facet__retired=None)
    actors = _named(part.actor for content in contents for part in content.parts if part.actor)
    actors = Actor.objects.filter(**current, pk__in=actors).values_list("pk", flat=True)
    required = Facet.objects.filter(project_id=project, required=True, retired=None)
    return Lists(
        {str(tag.pk): tag for tag in tags.select_related("facet").order_by()},
        frozenset(map(str, actors)), list(required),
    )  # fmt: skip


def _named(texts) -> set[uuid.UUID]:
    return {uuid.UUID(text) for text in texts}
