"""The gold layer written many at a time: what cases say of which all coders said the same.

The step after `annotating` for whole sets. What was checked when it was coded is not judged
again: it stays with the revision, and its codings with the definition, under which it was made.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from annotations.annotating import PLAIN, snapshot
from annotations.content import Content, by_role
from annotations.models import Annotation, Coding, Link, Participant, Span
from corpus_app.history import moved
from corpus_app.models import User


@dataclass(frozen=True)
class Leaf:
    """What one gold annotation is to say, and the analyst's annotation that says it.

    That one has its parts at hand (`with_parts`).
    """

    source: Annotation
    content: Content


def gild(*, by: User, leaves: Sequence[Leaf]) -> list[Annotation]:
    """The stored gold annotations in the same order, each with its event. Call it in a write."""
    pairs = [(_annotation(by, leaf), leaf) for leaf in leaves]
    golds = Annotation.objects.bulk_create(gold for gold, _ in pairs)
    Span.objects.bulk_create(span for pair in pairs for span in _spans(*pair))
    Participant.objects.bulk_create(part for pair in pairs for part in _participants(*pair))
    Coding.objects.bulk_create(coding for pair in pairs for coding in _codings(*pair))
    Link.objects.bulk_create(link for pair in pairs for link in _links(*pair))
    stored = Annotation.objects.filter(pk__in=[gold.pk for gold in golds]).with_parts()
    moved(by=by, verb="created", things=[(gold, None, snapshot(gold)) for gold in stored])
    return golds


def _annotation(by: User, leaf: Leaf) -> Annotation:
    source = leaf.source
    return Annotation(
        project_id=source.project_id, article_id=source.article_id,
        revision_id=source.revision_id, author=by, kind=source.kind,
        layer=Annotation.Layer.GOLD, state=source.state,
        **{name: getattr(leaf.content, name) for name in PLAIN},
    )  # fmt: skip


def _own(gold: Annotation) -> dict:
    return {"project_id": gold.project_id, "annotation": gold}


def _spans(gold: Annotation, leaf: Leaf) -> list[Span]:
    return [Span(**_own(gold), start=s, end=e, quote=q) for s, e, q in leaf.content.spans]


def _participants(gold: Annotation, leaf: Leaf) -> list[Participant]:
    return [
        Participant(
            **_own(gold), role=role, position=n, actor_id=part.actor,
            stands_for=part.stands_for, endorsement=part.endorsement,
        )
        for role, parts in by_role(leaf.content.parts).items()
        for n, part in enumerate(parts)
    ]  # fmt: skip


def _codings(gold: Annotation, leaf: Leaf) -> list[Coding]:
    given = {str(own.tag_id): own.definition_number for own in leaf.source.codings.all()}
    return [
        Coding(
            **_own(gold), tag_id=code.tag, stance=code.stance,
            definition_number=given.get(code.tag, 1),
        )
        for code in leaf.content.codes
    ]  # fmt: skip


def _links(gold: Annotation, leaf: Leaf) -> list[Link]:
    return [
        Link(**_own(gold), relation=tie.relation, claim_id=tie.claim, position=n)
        for n, tie in enumerate(leaf.content.links)
    ]
