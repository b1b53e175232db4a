"""The door to coding again what was coded under an older definition of a tag.

A queue holds exactly those annotations; their analysts answer one after another whether the tag
applies as it is defined now, and are not shown what they said before. Whether that helped is
told by the agreement on the tag, before and after.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from annotations import annotating, cases, telling
from annotations.checking import AnnotatingError
from annotations.coefficients.estimates import estimate
from annotations.models import (
    Annotation,
    Assignment,
    ClaimTag,
    Coding,
    Member,
    Message,
    Recode,
    Recoding,
)
from corpus_app.history import DoorError, Stale, advance, once, record
from corpus_app.models import Event, User
from corpus_app.names import UnfitName, clean_prose

LONGEST = 2_000  # code points of a reason or a note


class RecodingError(DoorError):
    """A queue that cannot be opened, or an answer that cannot be taken; it says why."""


def older() -> QuerySet[Coding]:
    """The standing codings by analysts that were made under an older definition of their tag.

    Each has `ready`, whether it can be put into a queue: its article is handed in, not to learn,
    by somebody who still is a member.
    """
    handed_in = Assignment.objects.filter(
        article=OuterRef("annotation__article"), analyst=OuterRef("annotation__author"),
        state=Assignment.State.HANDED_IN, training=False, analyst__is_active=True,
        analyst__memberships__project=OuterRef("project"), analyst__memberships__ended=None,
    )  # fmt: skip
    return Coding.objects.filter(
        definition_number__lt=F("tag__definition_number"),
        annotation__deleted=None, annotation__layer=Annotation.Layer.ANALYST,
        tag__retired=None, tag__merged_into=None, tag__facet__retired=None,
    ).annotate(ready=Exists(handed_in))  # fmt: skip


@transaction.atomic
def open_recoding(*, by: User, tag: ClaimTag, seen: int, reason: str = "") -> Recoding:
    """The new queue of the tag's older codings, whose analysts are told of it.

    `seen` is the number of the definition to code under, as the person saw it: Stale if there is
    a newer one. Raises RecodingError if a queue of the tag is open, or nothing would be in it.
    """
    tag = ClaimTag.objects.select_for_update(no_key=True).get(pk=tag.pk)
    if tag.definition_number != seen:
        raise Stale(tag)
    reason = _prose("reason", reason)
    queued = older().filter(tag=tag, ready=True).select_related("annotation")
    codings = list(queued.order_by("annotation"))
    if not codings:
        raise RecodingError(
            f"Nothing that is handed in was coded under an older definition of “{tag.label}”."
        )
    recoding = Recoding(
        project_id=tag.project_id, tag=tag, by=by, definition_number=seen, reason=reason,
        before=agreement_on(tag.project_id, [tag.pk])[tag.pk],
    )  # fmt: skip
    with once(RecodingError(f"A queue of “{tag.label}” is open already. Close that one first.")):
        recoding.save(force_insert=True)
    Recode.objects.bulk_create(
        Recode(
            project_id=tag.project_id, recoding=recoding, annotation_id=coding.annotation_id,
            analyst_id=coding.annotation.author_id, stance_before=coding.stance,
            number_before=coding.definition_number,
        )
        for coding in codings
    )  # fmt: skip
    after = {**_values(recoding), "annotations": len(codings)}
    record(by=by, verb="opened", thing=recoding, after=after, reason=reason)
    analysts = User.objects.filter(pk__in={coding.annotation.author_id for coding in codings})
    told = [(analyst, recoding) for analyst in analysts]
    telling.tell_many(by=by, kind=Message.Kind.RECODING, told=told)
    return recoding


@transaction.atomic
def answer(
    *, by: User, recode: Recode, seen: int, answer: str, stance: str = "", note: str = ""
) -> Recode:
    """The item answered, and its annotation with it: the coding kept, changed or gone.

    What is sent twice is done once. Raises RecodingError for an answer that is missing or does
    not fit, an annotation that is gone, and a queue that is closed; Stale.
    """
    given = {"answer": answer, "stance": stance, "note": _prose("note", note)}
    _require_answer(recode, answer, stance)
    stored = Recode.objects.get(pk=recode.pk)
    if stored.done and _answered(stored) == given:
        return stored
    _require_open(recode)
    applies = answer == Recode.Answer.APPLIES
    before = _answered(recode)
    advance(recode, seen=seen, done=timezone.now(), **given)
    _write(by, recode, recode.recoding.definition_number, stance if applies else None)
    _record(by, "answered", recode, before)
    return recode


@transaction.atomic
def take_back(*, by: User, recode: Recode, seen: int) -> Recode:
    """The item unanswered, and its annotation with the coding that it had before.

    Raises RecodingError if the annotation was changed since or the queue is closed; Stale.
    """
    _require_open(recode)
    if not recode.done:
        return recode
    last = Event.objects.filter(noun="annotation", object_id=str(recode.annotation_id))
    last = last.order_by("-version").first()
    if last is None or last.verb != "recoded" or last.operation_id:
        raise RecodingError("The annotation was changed since; the answer stays as it is.")
    before = _answered(recode)
    advance(recode, seen=seen, answer="", stance="", done=None)
    _write(by, recode, recode.number_before, recode.stance_before, undoes=last.pk)
    _record(by, "took back", recode, before)
    return recode


@transaction.atomic
def close(*, by: User, recoding: Recoding, seen: int) -> Recoding:
    """The queue closed, with the agreement as it is then; what is unanswered stays as it was.

    Raises Stale.
    """
    if recoding.closed:
        return recoding
    before = _values(recoding)
    after = agreement_on(recoding.project_id, [recoding.tag_id])[recoding.tag_id]
    advance(recoding, seen=seen, closed=timezone.now(), after=after)
    record(by=by, verb="closed", thing=recoding, before=before, after=_values(recoding))
    return recoding


def agreement_on(project_id: UUID, tags: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
    """Krippendorff's α (nominal) of whether each tag is given, as an `Estimate` in JSON values.

    Over the claims that at least two analysts have matched in a case: text that nobody marked
    does not count. Two queries.
    """
    given = defaultdict(set)
    codings = Coding.objects.filter(tag__in=tags, annotation__deleted=None).order_by()
    for tag, annotation in codings.values_list("tag_id", "annotation_id"):
        given[tag].add(annotation)
    articles = _matched(project_id)
    coders = sorted({coder for units in articles for unit in units for coder in unit})
    return {
        tag: asdict(
            estimate("alpha_nominal", [
                [
                    tuple(_presence(unit.get(coder), given[tag]) for coder in coders)
                    for unit in units
                ]
                for units in articles
            ])
        )
        for tag in tags
    }  # fmt: skip


def _matched(project_id: UUID) -> list[list[dict[int, UUID]]]:
    """For each article its claims in cases of at least two: by coder, the annotation."""
    members = Member.objects.filter(
        project=project_id, case__dissolved=None, case__kind=Annotation.Kind.CLAIM,
        annotation__deleted=None,
    )  # fmt: skip
    found: dict = defaultdict(lambda: defaultdict(dict))
    rows = members.order_by("case__article", "case", "id")
    for article, case, coder, pk in rows.values_list(
        "case__article_id", "case_id", "annotation__author_id", "annotation_id"
    ):
        found[article][case][coder] = pk
    return [
        units for units in ([unit for unit in by_case.values() if len(unit) > 1]
        for by_case in found.values()) if units
    ]  # fmt: skip


def _presence(annotation: UUID | None, given: set[UUID]) -> str | None:
    if annotation is None:
        return None
    return "given" if annotation in given else "not given"


def _write(by: User, recode: Recode, number: int, stance: str | None, undoes=None) -> None:
    """Write the coding, and match the article's cases anew."""
    recoding, annotation = recode.recoding, recode.annotation
    reason = f"Definition {number} of “{recoding.tag.label}”."
    # The article before its annotation, as whoever corrects its text does: nobody waits for
    # somebody who waits for her.
    cases.lock(annotation.article)
    try:
        annotating.recode(
            by=by, annotation=annotation, tag=recoding.tag, number=number, stance=stance,
            reason=reason, undoes=undoes,
        )  # fmt: skip
    except AnnotatingError as error:
        raise RecodingError(str(error)) from error
    cases.match_article(by=by, article=annotation.article)


def _require_open(recode: Recode) -> None:
    rows = Recoding.objects.filter(pk=recode.recoding_id, closed=None)
    if rows.filter(tag__merged_into=None).exists():
        return
    raise RecodingError(
        "This queue was closed meanwhile, or its tag merged into another. Your earlier answers "
        "are kept."
    )


def _require_answer(recode: Recode, answer: str, stance: str) -> None:
    takes = recode.recoding.tag.facet.takes_stance
    if answer not in (Recode.Answer.APPLIES, Recode.Answer.DOES_NOT):
        raise RecodingError(answer="Say whether the tag applies.")
    if answer == Recode.Answer.DOES_NOT and stance:
        raise RecodingError(stance="What does not apply has no stance.")
    if answer == Recode.Answer.APPLIES and takes and not stance:
        raise RecodingError(stance="Say which stance the passage takes.")


def _prose(field: str, text: str) -> str:
    try:
        text = clean_prose(text).strip()
    except UnfitName as error:
        raise RecodingError(**{field: str(error)}) from error
    if len(text) > LONGEST:
        raise RecodingError(**{field: f"It has {len(text):,} characters; {LONGEST:,} is the most."})
    return text


def _answered(recode: Recode) -> dict[str, str]:
    return {"answer": recode.answer, "stance": recode.stance, "note": recode.note}


def _values(recoding: Recoding) -> dict[str, Any]:
    return {
        "tag": recoding.tag.label,
        "definition_number": recoding.definition_number,
        "reason": recoding.reason,
        "closed": recoding.closed.isoformat() if recoding.closed else None,
    }


def _record(by: User, verb: str, recode: Recode, before: dict[str, str]) -> None:
    record(
        by=by, verb=verb, thing=recode, before=before, after=_answered(recode),
        article_id=recode.annotation.article_id, author=recode.analyst,
    )  # fmt: skip
