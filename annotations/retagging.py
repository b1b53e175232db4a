"""The door for two tags that are one, and for one that is two: codings move, and come back.

A merged tag's codings become the other's, whoever made them and in whatever layer, deleted ones
too. Where an annotation has both, one coding stays: with the stance of the tag that stays, or of
the merged one if that has none. What was there before is in the event of each annotation, so
taking it back is exact.
"""

import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from annotations import codebook, operating
from annotations.bulk import Book, Snapshot, replaced
from annotations.codebook import TagValues, tag_as_values
from annotations.models import ClaimTag, Coding, Recoding, TagMerger
from annotations.operating import Outcome, Preview
from annotations.orders import OnAnnotations, OperatingError, Stays
from annotations.taking_back import SINCE
from corpus_app.history import advance, once, part_of, record
from corpus_app.models import Event, Operation, User


class RetaggingError(OperatingError):
    """A merger or split that cannot be; the message says why."""


@dataclass(frozen=True)
class Retag(OnAnnotations):
    """Codings with one tag become codings with another of its facet, whatever they are on."""

    away: ClaimTag
    to: ClaimTag

    what = "retag"
    verb = "recoded"
    bounded = False

    @property
    def words(self):
        return f"“{self.away}” → “{self.to}”"

    def told(self, book: Book, before: Snapshot) -> Snapshot:
        if str(self.away.pk) not in {coding["tag"] for coding in before["codings"]}:
            raise Stays(f"not tagged “{self.away}”")
        if str(self.to.pk) not in book.tags:  # one that is to be made
            book = replace(book, tags={**book.tags, str(self.to.pk): self.to})
        return book.recoded(before, replaced(before["codings"], self.away, self.to))


@dataclass(frozen=True)
class Forecast:
    """What a merger would do: annotations that change, how many of these have both tags, how many
    of those with different stances, how many are gold and removed; tags that come to stand under
    the target."""

    preview: Preview
    both: int
    differing: int
    gold: int
    removed: int
    children: int


def forecast(*, source: ClaimTag, target: ClaimTag) -> Forecast:
    """What merging the source into the target would do. Nothing is written; RetaggingError."""
    _check(source, target)
    order, found, counts = Retag(source, target), Preview(), Counter()
    for fates in order.fates(source.project, _tagged(source), lock=False):
        for fate in fates:
            found.add(fate)
            stances = {c["tag"]: c["stance"] for c in fate.before["codings"]}
            own, others = stances[str(source.pk)], stances.get(str(target.pk))
            counts["both"] += others is not None
            counts["differing"] += bool(others) and own not in ("", others)
            counts["gold"] += fate.before["layer"] == "gold"
            counts["removed"] += fate.before["deleted"] is not None
    told = {name: counts[name] for name in ("both", "differing", "gold", "removed")}
    return Forecast(found, **told, children=source.children.count())


@transaction.atomic
def merge_tags(
    *, by: User, source: ClaimTag, target: ClaimTag, reason: str, chained: bool = False
) -> TagMerger:
    """The merger: the source is retired, and the target stands for it and has its codings.

    Codings get the target's present definition; where both were, the target's stays. Tags under
    the source come to stand under the target. If `chained` and the source has no codings, the
    target may be retired or merged itself, as where mergers come from a file. Raises
    RetaggingError, OperatingError, Forbidden.
    """
    operating.require(by, source.project, reason)
    source, target = _locked(source, target)
    _check(source, target, chained=chained and not _tagged(source).exists())
    order = Retag(source, target)
    operation = operating.begin(
        by=by, project=source.project, what="merge", words=f"{source.facet}: {order.words}"[:300],
        reason=reason,
    )  # fmt: skip
    _move(by, order, _tagged(source), operation)
    with part_of(operation):
        for child in source.children.select_related("facet"):
            _put_under(by, child, target)
        before = tag_as_values(source)
        retired = source.retired or timezone.now()
        advance(source, seen=source.version, retired=retired, merged_into=target)
        record(by=by, verb="merged", thing=source, before=before, after=tag_as_values(source))
    return _finish(source, target, operation, whole=True)


@transaction.atomic
def split_tag(
    *,
    by: User,
    source: ClaimTag,
    annotations: Iterable[uuid.UUID],
    reason: str,
    values: TagValues | None = None,
    target: ClaimTag | None = None,
) -> TagMerger:
    """The split: of these annotations the source's codings became those of another tag.

    That is the `target`, of the same facet, or a new one with these `values`. Annotations that
    are not tagged with the source are passed over. Raises RetaggingError, OperatingError,
    CodebookError for unfit values, Forbidden.
    """
    operating.require(by, source.project, reason)
    source, *_ = _locked(source)
    operation = operating.begin(
        by=by, project=source.project, what="split", words="", reason=reason
    )
    if target is None:
        with part_of(operation):
            target = codebook.create_tag(by=by, facet=source.facet, values=values)
    _check(source, target, whole=False)
    operation.words = f"{source.facet}: “{target}” split off “{source}”"[:300]
    operation.save(update_fields=["words"])
    own = _tagged(source).filter(annotation__in=list(annotations))
    if not own.exists():
        raise RetaggingError(f"None of these annotations is tagged “{source}”.")
    _move(by, Retag(source, target), own, operation)
    return _finish(source, target, operation, whole=False)


def looked_back(*, merger: TagMerger) -> Preview:
    """What taking the merger or split back would do. Nothing is written; RetaggingError."""
    _check_standing(merger)
    return operating.would_be_back(merger.operation, ("annotation",))


@transaction.atomic
def undo(*, by: User, merger: TagMerger, reason: str) -> Outcome:
    """The operation by which the codings came back, and the merged tag is offered again.

    Annotations whose tags were changed since stay as they are; the outcome counts them. A tag
    made by a split is retired if nothing has it any more. Raises RetaggingError, Forbidden.
    """
    operating.require(by, merger.project, reason)
    merger = TagMerger.objects.select_for_update().get(pk=merger.pk)
    source, _ = _locked(merger.source, merger.target)
    _check_standing(merger)
    back, stays = operating.put_back(
        by=by, operation=merger.operation, reason=reason, nouns=("annotation",)
    )
    with part_of(back):
        for event in merger.operation.events.filter(noun="claimtag").order_by("at", "object_id"):
            if event.object_id == str(source.pk):
                _part(by, source, event)
            elif event.verb == "created":
                _retire_unused(by, event)
            else:
                stays[SINCE] += not _put_back_under(by, source, event)
    merger.undone = timezone.now()
    merger.save(update_fields=["undone"])
    return operating.finish(back, +stays)


def _check(
    source: ClaimTag, target: ClaimTag, *, whole: bool = True, chained: bool = False
) -> None:
    """Raise RetaggingError unless the source's codings may become the target's."""
    if source.pk == target.pk:
        raise RetaggingError("A tag cannot be merged into itself.")
    if source.facet_id != target.facet_id:
        raise RetaggingError(
            f"“{source}” belongs to “{source.facet}”, “{target}” to “{target.facet}”. "
            "Codings move within one facet only."
        )
    if source.pk in _ends(target):
        raise RetaggingError(f"“{target}” was merged into “{source}”. Take that back first.")
    if (target.retired or target.merged_into_id) and not chained:
        state = "merged into another tag" if target.merged_into_id else "retired"
        raise RetaggingError(f"“{target}” is {state}, so it takes no codings.")
    if source.merged_into_id:
        raise RetaggingError(f"“{source}” is merged already. Take that back first.")
    if whole and _is_above(source, target):
        raise RetaggingError(f"“{target}” stands under “{source}”. Put it elsewhere first.")
    if whole and Recoding.objects.filter(tag=source, closed=None).exists():
        raise RetaggingError(f"“{source}” is just being coded again. Close that queue first.")


def _check_standing(merger: TagMerger) -> None:
    """Raise RetaggingError unless the merger or split can be taken back."""
    if merger.undone:
        raise RetaggingError("This is taken back already.")
    if merger.target.merged_into_id:
        raise RetaggingError(
            f"“{merger.target}” was merged into “{merger.target.merged_into}” since. "
            "Take that back first."
        )
    fault = codebook.fault_in_key(merger.source, merger.source.key) if merger.whole else ""
    if fault:
        raise RetaggingError(f"{fault} Give that one another key first.")


def _ends(tag: ClaimTag) -> list[uuid.UUID]:
    """What the tag was merged into, one after the other."""
    found: list[uuid.UUID] = []
    while tag.merged_into_id:
        tag = tag.merged_into
        found.append(tag.pk)
    return found


def _is_above(tag: ClaimTag, other: ClaimTag) -> bool:
    parents = dict(ClaimTag.objects.filter(facet=tag.facet_id).values_list("pk", "parent"))
    place = other.pk
    while place and place != tag.pk:
        place = parents.get(place)
    return place == tag.pk


def _locked(*tags: ClaimTag) -> list[ClaimTag]:
    """The tags as they are now; nobody else merges or changes them meanwhile.

    They can be given meanwhile: whoever writes an annotation does not wait for who waits for it.
    """
    rows = ClaimTag.objects.select_for_update(of=("self",), no_key=True)
    rows = rows.select_related("facet", "project")
    found = {tag.pk: tag for tag in rows.filter(pk__in=[t.pk for t in tags]).order_by("pk")}
    return [found[tag.pk] for tag in tags]


def _tagged(tag: ClaimTag):
    return Coding.objects.filter(tag=tag).order_by().values_list("annotation_id", flat=True)


def _move(by: User, order: Retag, ids: Iterable[uuid.UUID], operation: Operation) -> None:
    for fates in order.fates(order.away.project, list(ids), lock=True):
        ready = [fate for fate in fates if not fate.why]
        order.write(by=by, fates=ready, operation=operation)


def _finish(source: ClaimTag, target: ClaimTag, operation: Operation, *, whole: bool) -> TagMerger:
    operating.finish(operation, {})
    return TagMerger.objects.create(
        project_id=source.project_id, source=source, target=target, operation=operation,
        whole=whole,
    )  # fmt: skip


def _put_under(by: User, tag: ClaimTag, parent: ClaimTag) -> None:
    before = tag_as_values(tag)
    advance(tag, seen=tag.version, parent=parent)
    record(by=by, verb="changed", thing=tag, before=before, after=tag_as_values(tag))


def _put_back_under(by: User, source: ClaimTag, event: Event) -> bool:
    """Whether the tag stands under the source again: not if it was changed since."""
    tag = ClaimTag.objects.select_for_update(of=("self",)).get(pk=uuid.UUID(event.object_id))
    if tag.version != event.version:
        return False
    _put_under(by, tag, source)
    return True


def _part(by: User, source: ClaimTag, event: Event) -> None:
    """The merged tag stands for itself again, retired only if it was so before."""
    before = tag_as_values(source)
    retired = event.before["retired"]
    with once(RetaggingError(f"Somebody has just taken the key of “{source}”. Look again.")):
        advance(
            source, seen=source.version, merged_into=None,
            retired=datetime.fromisoformat(retired) if retired else None,
        )  # fmt: skip
    record(
        by=by, verb="unmerged", thing=source, before=before, after=tag_as_values(source),
        undoes=event.pk,
    )  # fmt: skip


def _retire_unused(by: User, event: Event) -> None:
    tag = ClaimTag.objects.get(pk=uuid.UUID(event.object_id))
    if not tag.retired and not tag.codings.exists():
        codebook.retire(by=by, thing=tag, seen=tag.version)
