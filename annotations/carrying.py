"""What becomes of an annotation's stretches when its text was corrected: the step before a write.

Stretches counted in an older revision are brought forward to the newest one by `alignment`. If
they cannot be, the annotation stays with the text in which they were counted: that is the tray.
Either way a Carrying says so.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from annotations import anchors
from annotations.alignment import Alignment, Carried, Place, Stranded
from annotations.content import Content
from annotations.models import Annotation, Carrying
from corpus_app.models import Event, Revision

CARRIED, PLACED = "carried", "placed"
MOVES = (CARRIED, PLACED)  # verbs of events that change where an annotation is, and nothing else


@dataclass(frozen=True)
class Standing:
    """Where a content stands: the revision, the content with its stretches counted there.

    `outcome` is how it came there from `origin`, if its stretches were counted in that.
    """

    revision: Revision
    content: Content
    origin: Revision
    outcome: Carried | Stranded | None = None

    def note(self, annotation: Annotation) -> None:
        """Write what became of the annotation; call it once that is stored."""
        if self.outcome is None:
            return
        newest = self.revision if isinstance(self.outcome, Carried) else _newest(self.origin)
        made = carrying(annotation, self.origin, newest, self.outcome)
        own = {"annotation": annotation, "revision": newest}
        told = {name: getattr(made, name) for name in TOLD}
        Carrying.objects.update_or_create(**own, defaults=told)


TOLD = ("project_id", "origin", "carried", "score", "places", "version")


def bring_forward(content: Content, origin: Revision) -> Standing:
    """Where a content that was counted in this revision stands in the article's newest text."""
    newest = Revision.objects.filter(article_id=origin.article_id).order_by("-number")
    if newest.values_list("pk", flat=True)[0] == origin.pk:
        return Standing(origin, content, origin)
    try:
        anchors.check(origin.text, content.spans)
    except anchors.AnchorError:
        return Standing(origin, content, origin)  # to be refused as any other that does not fit
    newest = _newest(origin)
    outcome = Alignment(origin.text, newest.text).carry([(s, e) for s, e, _ in content.spans])
    if isinstance(outcome, Stranded):
        return Standing(origin, content, origin, outcome)
    return Standing(newest, at(content, outcome.places), origin, outcome)


def standing(annotation: Annotation, content: Content, counted_in: Revision) -> Standing:
    """Where a content for this annotation stands, whose stretches were counted in a revision.

    Stretches that the annotation had when it was moved are where it was moved to, also if a
    person put them there.
    """
    if counted_in.pk == annotation.revision_id:
        return bring_forward(content, counted_in)
    there, places = str(counted_in.pk), [(start, end) for start, end, _ in content.spans]
    moves = Event.objects.filter(
        noun="annotation", object_id=str(annotation.pk), verb__in=MOVES
    ).order_by("version")
    for before, after in moves.values_list("before", "after"):
        if (before["revision"], places_of(before)) == (there, places):
            there, places = after["revision"], places_of(after)
            content = at(content, places)
    if there != str(counted_in.pk):
        counted_in = Revision.objects.get(pk=there)
    return bring_forward(content, counted_in)


def seen_now(annotation: Annotation, seen: int, counted_in: Revision | None) -> int:
    """The version that a writer has seen, who says in which text she saw it.

    If the annotation was only moved since, into a text that she has not seen, nothing of what it
    says is news to her: then it is the present version.
    """
    if counted_in is None or counted_in.pk == annotation.revision_id:
        return seen
    since = Event.objects.filter(
        noun="annotation", object_id=str(annotation.pk), version__gt=seen
    ).values_list("verb", flat=True)
    verbs = list(since)
    only_moved = bool(verbs) and set(verbs) <= set(MOVES)
    return seen + len(verbs) if only_moved else seen


def revision_of(event: Event) -> Revision:
    """The text in which the stretches of an annotation's event are counted.

    Events of before texts could be corrected do not say: it was the first.
    """
    own = Revision.objects.filter(article_id=event.article_id)
    pk = event.after.get("revision")
    return own.get(pk=uuid.UUID(pk)) if pk else own.get(number=1)


def carrying(
    annotation: Annotation, origin: Revision, revision: Revision, outcome: Carried | Stranded
) -> Carrying:
    """The row that says what became of an annotation, not stored yet."""
    carried = isinstance(outcome, Carried)
    return Carrying(
        project_id=annotation.project_id, annotation=annotation, origin=origin,
        revision=revision, carried=carried, score=outcome.score, version=annotation.version,
        places=[] if carried else [list(place) for place in outcome.places],
    )  # fmt: skip


def at(content: Content, places: Sequence[Place]) -> Content:
    """The content on these stretches instead of its own."""
    return replace(content, spans=tuple((start, end, None) for start, end in places))


def places_of(snapshot: Mapping[str, Any]) -> list[Place]:
    """The stretches in a snapshot of an annotation."""
    return [(span["start"], span["end"]) for span in snapshot["spans"]]


def _newest(revision: Revision) -> Revision:
    return Revision.objects.filter(article_id=revision.article_id).order_by("-number")[0]
