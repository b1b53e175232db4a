"""The door for cases: be at one, decide it, ask its coders, open it again.

What counts is the case's version: who decides, asks or reopens states the one she saw, and is
refused when somebody was faster. That a person is at a case, for some minutes, is told to others
and keeps nobody from deciding.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

from django.db import transaction
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from annotations import annotating, carrying, cases, compared, discussing, telling
from annotations.access import nameable_for
from annotations.checking import AnnotatingError
from annotations.combining import common
from annotations.content import Content
from annotations.gilding import Leaf, gild
from annotations.models import (
    Annotation,
    Assignment,
    Case,
    ClaimTag,
    Coding,
    Decision,
    Member,
    Message,
    Overruling,
)
from corpus_app import revising
from corpus_app.history import DoorError, Stale, advance, moved, record
from corpus_app.models import Revision, User
from corpus_app.names import UnfitName, clean_prose

LEASE = timedelta(minutes=10)  # that a person is at a case, since she was last heard of there
Outcome, State = Decision.Outcome, Case.State
NOTHING_TYPED = (Outcome.UNANIMOUS, Outcome.ACCEPTED)
AT_ONCE = 500  # cases that are taken over in one transaction
ALONE = {"held_by": None, "held_until": None}


class AdjudicationError(DoorError):
    """A case that cannot be decided, asked of or reopened; `messages` says why."""


def hold(*, by: User, case: Case, take: bool = False) -> Case:
    """The case, with whoever is at it: the person, unless somebody else is.

    Asked to `take` it she is at it all the same. Leaves no event and no new version.
    """
    now = timezone.now()
    if case.held_by_id == by.pk and case.held_until > now + LEASE / 2:
        return case
    free = Q(held_by=None) | Q(held_by=by) | Q(held_until__lte=now)
    rows = Case.objects.filter(Q() if take else free, pk=case.pk)
    rows.update(held_by=by, held_until=now + LEASE)
    case.refresh_from_db(fields=["held_by", "held_until"])
    return case


def release(*, by: User, case: Case) -> None:
    """Nothing; the person is not at the case any more."""
    Case.objects.filter(pk=case.pk, held_by=by).update(**ALONE)


@transaction.atomic
def decide(
    *,
    by: User,
    case: Case,
    seen: int,
    outcome: str,
    content: Content | None = None,
    counted_in: Revision | None = None,
    sources: Mapping[str, str] | None = None,
    error_class: str = "",
    reason: str = "",
    over: bool = False,
) -> Decision:
    """The stored decision, with its gold annotation unless none of the versions stands.

    `content` is what is true, its stretches counted in a revision (the newest if none is given);
    `sources` says of its fields from which annotation (its id as text) they were taken. The gold
    of an earlier decision is written anew. Each coder who said otherwise is overruled, and told.

    Raises Stale if the case has moved on; AdjudicationError if it is decided already (asked to
    decide `over` what is, it is reopened first), or for a content that cannot be gold.
    """
    _lock(case, seen)
    if over and case.state == State.DECIDED:
        seen = reopen(by=by, case=case, seen=seen, reason=reason).version
    if case.state == State.DECIDED:
        raise AdjudicationError("This case is decided. Reopen it to decide otherwise.")
    reason = _checked(outcome, content, error_class, reason)
    before, members = cases.as_values(case), members_of(case)
    terms = cases.terms_of(case.project_id)
    gold = content and _gild(by, case, _with_standing(content, terms), counted_in, outcome, members)
    decision = Decision.objects.create(
        project_id=case.project_id, case=case, number=case.decisions.count() + 1, by=by,
        outcome=outcome, error_class=error_class, reason=reason, gold=gold,
        content=gold and annotating.content_of(gold).as_dict(), sources=dict(sources or {}),
        versions={str(one.annotation_id): one.annotation.version for one in members},
    )  # fmt: skip
    advance(case, seen=seen, state=State.DECIDED, **ALONE)
    _overrule(by, decision, members, content, terms)
    _record(by, "decided", case, before, decision)
    return decision


def agreed(rows: QuerySet[Case], by: User) -> QuerySet[Case]:
    """Those of the cases that can be taken over: open, of two coders or more who say the same.

    None at which somebody else is just now.
    """
    members = Member.objects.filter(case=OuterRef("pk")).order_by().values("case")
    coders = members.annotate(number=Count("pk")).values("number")
    free = Q(held_by=None) | Q(held_by=by) | Q(held_until__lte=timezone.now())
    return rows.standing().alias(coders=Subquery(coders)).filter(
        free, state=State.OPEN, disagreement=0, coders__gte=2
    )  # fmt: skip


def take_over(*, by: User, rows: QuerySet[Case]) -> list[Decision]:
    """The decisions on those of the cases that are agreed: their gold says what all coders said.

    Some hundreds at a time, each lot whole or not at all; what somebody else decides meanwhile is
    left to her.
    """
    ids = list(agreed(rows, by).order_by("article", "start", "id").values_list("pk", flat=True))
    return [
        decision
        for first in range(0, len(ids), AT_ONCE)
        for decision in _take_over(by, ids[first : first + AT_ONCE])
    ]


@transaction.atomic
def ask(*, by: User, case: Case, seen: int, text: str) -> Case:
    """The case, waiting for an answer: the question stands under each coder's annotation.

    Raises Stale; AdjudicationError if it is decided, says nothing, or no coder is left to ask.
    """
    _lock(case, seen)
    if case.state == State.DECIDED:
        raise AdjudicationError("This case is decided. Reopen it before you ask about it.")
    before, members = cases.as_values(case), members_of(case)
    known = nameable_for(by, case.project).filter(pk__in=[m.annotation.author_id for m in members])
    named = dict(known.values_list("pk", "username"))
    if not named:
        raise AdjudicationError(question="None of its coders is there to be asked.")
    for author, annotation in ((m.annotation.author_id, m.annotation) for m in members):
        if author not in named:
            continue
        try:
            discussing.comment(by=by, annotation=annotation, text=text, mentions=[named[author]])
        except discussing.DiscussingError as error:
            raise AdjudicationError(question=str(error)) from error
    advance(case, seen=seen, state=State.ASKED, **ALONE)
    _record(by, "asked", case, before, reason=text)
    return case


@transaction.atomic
def hear(*, by: User, annotation: Annotation) -> Case | None:
    """The case that waited for this coder's answer, open again; None if none did.

    Call it when she has said something about her annotation.
    """
    waiting = Case.objects.standing().filter(
        members__annotation=annotation, members__annotation__author=by, state=State.ASKED
    )
    case = waiting.select_for_update(of=("self",)).first()
    if case is None:
        return None
    before = cases.as_values(case)
    advance(case, seen=case.version, state=State.OPEN)
    _record(by, "answered", case, before)
    return case


@transaction.atomic
def reopen(*, by: User, case: Case, seen: int, reason: str) -> Case:
    """The case, to be decided again; the gold of its decision is removed, softly.

    That it was reopened, and why, is a decision too. One whose coders are asked is open again
    without. Raises Stale; AdjudicationError if it is open, or for a decision without a reason.
    """
    _lock(case, seen)
    if case.state == State.OPEN:
        raise AdjudicationError("This case is open already.")
    before, decision = cases.as_values(case), None
    if case.state == State.DECIDED:
        reason = _prose(reason)
        if not reason:
            raise AdjudicationError(reason="Say why it is to be decided again.")
        gold = gold_of(case)
        if gold and not gold.deleted:
            annotating.remove(by=by, annotation=gold, seen=gold.version)
        decision = Decision.objects.create(
            project_id=case.project_id, case=case, number=case.decisions.count() + 1, by=by,
            outcome=Outcome.REOPENED, reason=reason,
        )  # fmt: skip
    advance(case, seen=seen, state=State.OPEN, **ALONE)
    _record(by, "reopened", case, before, decision, reason)
    return case


def members_of(case: Case) -> list[Member]:
    """The members with their annotations whole, in a constant number of queries."""
    own = list(case.members.order_by("pk"))
    annotations = Annotation.objects.filter(pk__in=[one.annotation_id for one in own])
    whole = {one.pk: one for one in annotations.with_parts().select_related("revision")}
    for member in own:
        member.annotation = whole[member.annotation_id]
    return own


def gold_of(case: Case) -> Annotation | None:
    """The gold annotation of the latest decision that made one, removed or not."""
    made = case.decisions.exclude(gold=None).order_by("-number").select_related("gold")
    latest = made.first()
    return latest and latest.gold


@transaction.atomic
def _take_over(by: User, ids: list) -> list[Decision]:
    locked = agreed(Case.objects.filter(pk__in=ids), by).select_for_update(of=("self",))
    chosen = list(locked.order_by("pk"))
    earlier = Decision.objects.filter(case__in=chosen).order_by()
    known = set(earlier.values_list("case", flat=True))
    new = list(_agreeing([case for case in chosen if case.pk not in known]))
    golds = gild(by=by, leaves=[leaf for _, leaf, _ in new])
    made = Decision.objects.bulk_create(
        Decision(
            project_id=case.project_id, case=case, number=1, by=by, outcome=Outcome.UNANIMOUS,
            gold=gold, content=leaf.content.as_dict(), versions=versions,
        )
        for (case, leaf, versions), gold in zip(new, golds, strict=True)
    )  # fmt: skip
    _close(by, made)
    return made + [_decide_again(by, case) for case in chosen if case.pk in known]


def _agreeing(chosen: list[Case]) -> Iterator[tuple[Case, Leaf, dict[str, int]]]:
    """Each case whose versions do say the same, its gold, and the versions looked at."""
    own_of = defaultdict(list)
    whole = Annotation.objects.filter(member__case__in=chosen).with_parts()
    for one in whole.select_related("author", "member").order_by("member"):
        own_of[one.member.case_id].append(one)
    terms = cases.terms_of(chosen[0].project_id) if chosen else None
    for case in chosen:
        own = own_of[case.pk]
        contents = [_with_standing(annotating.content_of(one), terms) for one in own]
        if not compared.differing(contents, terms):
            seen = {str(one.pk): one.version for one in own}
            yield case, Leaf(own[0], common(contents)), seen


def _close(by: User, made: list[Decision]) -> None:
    """The cases of these new decisions are decided, and history tells it."""
    before, now = {"state": State.OPEN}, timezone.now()
    for decision in made:
        decision.case.version += 1
    Case.objects.filter(pk__in=[one.case_id for one in made]).update(
        version=F("version") + 1, state=State.DECIDED, updated=now, **ALONE
    )
    things = [(one.case, before, {"state": State.DECIDED, **_told(one)}) for one in made]
    moved(by=by, verb="decided", things=things)


def _decide_again(by: User, case: Case) -> Decision:
    """The decision on an agreed case that was decided before: its gold is written anew."""
    own = [member.annotation for member in members_of(case)]
    return decide(
        by=by, case=case, seen=case.version, outcome=Outcome.UNANIMOUS,
        content=common([annotating.content_of(one) for one in own]), counted_in=own[0].revision,
    )  # fmt: skip


def _lock(case: Case, seen: int) -> None:
    """Read the case anew and keep others from it. Raises Stale; AdjudicationError if it is gone."""
    case.refresh_from_db(from_queryset=Case.objects.select_for_update(of=("self",)))
    if case.dissolved:
        raise AdjudicationError(
            "This case is no more: its annotations were returned, or stand in other cases now."
        )
    if case.version != seen:
        raise Stale(case)


def _checked(outcome: str, content: Content | None, error_class: str, reason: str) -> str:
    """The reason as it is stored."""
    if outcome not in Outcome.values or outcome == Outcome.REOPENED:
        raise AdjudicationError(f"“{outcome}” is no way to decide a case.")
    if (content is None) != (outcome == Outcome.REJECTED):
        raise AdjudicationError("Gold is made of what is accepted, and of nothing that is not.")
    if error_class not in Decision.ErrorClass.values:
        raise AdjudicationError(error_class=f"“{error_class}” is no kind of error.")
    return _prose(reason)


def _prose(reason: str) -> str:
    try:
        return clean_prose(reason).strip()
    except UnfitName as error:
        raise AdjudicationError(reason=str(error)) from error


def _with_standing(content: Content, terms: compared.Terms) -> Content:
    """The content with those who stand now for actors and tags that were merged.

    Without links to claims that were removed since.
    """
    linked = [tie.claim for tie in content.links]
    there = Annotation.objects.standing().filter(pk__in=linked).values_list("pk", flat=True)
    standing = {str(pk) for pk in there} if linked else set()
    return replace(
        content,
        flagged=False,
        links=tuple(tie for tie in content.links if tie.claim in standing),
        parts=tuple(
            replace(part, actor=terms.actors.get(part.actor, part.actor)) for part in content.parts
        ),
        codes=tuple(replace(code, tag=terms.tag(code)) for code in content.codes),
    )


def _gild(by, case, content, counted_in, outcome, members) -> Annotation:
    """The gold annotation that says this; that of an earlier decision if there is one."""
    origin = counted_in or revising.newest(case.article)
    try:
        if earlier := gold_of(case):
            gold = annotating.rewrite(
                by=by, annotation=earlier, seen=earlier.version, content=content, counted_in=origin
            )
        else:
            there = carrying.bring_forward(content, origin)
            gold, _ = annotating.create(
                by=by, revision=there.revision, content=there.content,
                layer=Annotation.Layer.GOLD, definitions=_definitions(content, members),
            )  # fmt: skip
    except AnnotatingError as error:
        raise AdjudicationError(str(error)) from error
    if gold.state == Annotation.State.DRAFT and outcome not in NOTHING_TYPED:
        raise AdjudicationError(
            "Something is missing that the codebook requires: a claimant, a tag or a stance."
        )
    return gold


def _definitions(content: Content, members: list[Member]) -> dict[str, int]:
    """The definition that each tag was given under: by a coder, or else just now."""
    given: dict[str, int] = {}
    for coding in Coding.objects.filter(annotation__in=[one.annotation_id for one in members]):
        tag = str(coding.tag_id)
        given[tag] = max(coding.definition_number, given.get(tag, 0))
    wanted = {code.tag for code in content.codes} - given.keys()
    current = ClaimTag.objects.current().filter(pk__in=wanted)
    given |= {str(pk): number for pk, number in current.values_list("pk", "definition_number")}
    if not wanted <= given.keys():
        raise AdjudicationError("A tag is not in this project's codebook, or is retired.")
    return given


def _overrule(by, decision, members, content: Content | None, terms: compared.Terms) -> None:
    """Note whose version says something else than the decision, and tell those who handed in."""
    overrulings = []
    for annotation in (one.annotation for one in members):
        version = annotating.content_of(annotation)
        fields = compared.differing([content, version], terms) if content else []
        if fields or content is None:
            overrulings.append(
                Overruling(
                    project_id=decision.project_id, decision=decision, annotation=annotation,
                    analyst=annotation.author, fields=fields,
                )
            )  # fmt: skip
    Overruling.objects.bulk_create(overrulings)
    handed_in = Assignment.objects.filter(
        article=decision.case.article_id, state=Assignment.State.HANDED_IN,
        analyst__in=[one.analyst_id for one in overrulings],
    )  # fmt: skip
    finished = set(handed_in.values_list("analyst_id", flat=True))
    told = [(one.analyst, one) for one in overrulings if one.analyst_id in finished]
    telling.tell_many(by=by, kind=Message.Kind.OVERRULED, told=told)


def _record(by, verb, case, before, decision=None, reason="") -> None:
    after = cases.as_values(case)
    if decision:
        after |= _told(decision)
        reason = decision.reason
    record(
        by=by, verb=verb, thing=case, before=before, after=after, article_id=case.article_id,
        reason=reason,
    )  # fmt: skip


def _told(decision: Decision) -> dict[str, str | None]:
    return {
        "decision": str(decision.pk), "outcome": decision.outcome,
        "error_class": decision.error_class, "gold": decision.gold_id and str(decision.gold_id),
    }  # fmt: skip
