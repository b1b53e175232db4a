"""The door for cases: whose annotations are about the same stretch of an article.

The machine matches by the rule of `matching` whenever work is handed in or returned, and leaves
no events; what a curator splits and joins by hand is told in history and stays as she left it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from annotations import annotating, compared
from annotations.compared import Terms
from annotations.content import Content
from annotations.matching import Group, Item, continued, match
from annotations.models import Annotation, Assignment, Case, ClaimTag, Member
from corpus_app.history import DoorError, advance, record
from corpus_app.models import Actor, Article, User


class CasesError(DoorError):
    """Cases that cannot be split or joined; the message says why."""


@dataclass(frozen=True)
class Version:
    """An analyst's annotation, with what it says."""

    annotation: Annotation
    content: Content


def counted(article: Article) -> QuerySet[Annotation]:
    """The annotations that are matched: of everybody who handed the article in, save to learn."""
    return Annotation.objects.standing().filter(
        article=article, layer=Annotation.Layer.ANALYST, author__in=coders(article).values("pk")
    )


def coders(article: Article) -> QuerySet[User]:
    """Who handed the article in, save those who code it to learn."""
    handed_in = {"state": Assignment.State.HANDED_IN, "training": False}
    return User.objects.filter(assignments__in=article.assignments.filter(**handed_in))


def terms_of(project_id: UUID) -> Terms:
    """What the ids of the project's tags and actors stand for now."""
    tags = ClaimTag.objects.filter(project=project_id).order_by("facet__position", "facet__name")
    rows = list(tags.values_list("pk", "facet__slug", "merged_into"))
    into = {str(pk): str(merged) for pk, _, merged in rows if merged}
    merged_actors = Actor.objects.filter(project=project_id).exclude(standing=None)
    return Terms(
        facets={str(pk): slug for pk, slug, _ in rows},
        tags={pk: _end(into, pk) for pk in into},
        actors={str(pk): str(to) for pk, to in merged_actors.values_list("pk", "standing")},
    )


def _end(into: Mapping[str, str], tag: str) -> str:
    """Where the mergers of a tag end."""
    while tag in into:
        tag = into[tag]
    return tag


def is_current(article: Article) -> bool:
    """Whether every annotation that is matched is in a case as it is now, and nothing else is.

    Two queries, whatever the number of annotations.
    """
    own = counted(article)
    if own.exclude(member__version=F("version")).exists():
        return False
    loose = Q(case__by_hand=False) & ~Q(case__state=Case.State.DECIDED)
    away = ~Q(annotation__in=own.order_by().values("pk"))
    members = Member.objects.filter(case__article=article)
    return not members.filter(Q(annotation__deleted__isnull=False) | loose & away).exists()


def versions_of(case: Case) -> dict[User, Version | None]:
    """Of each who handed in the case's article, her version, or None where she marked nothing."""
    own = counted(case.article).filter(member__case=case).with_parts()
    found = {one.author_id: Version(one, annotating.content_of(one)) for one in own}
    return {who: found.get(who.pk) for who in coders(case.article).order_by("pk")}


@transaction.atomic
def match_article(*, by: User, article: Article) -> None:
    """Match what is handed in of the article into cases, as often as one likes.

    Cases that were decided keep their annotations and may get more; those made by hand stay as
    they are. Both lose only what was deleted. A case that is left without annotations is
    dissolved, if nothing was decided of it. What nobody changed is not written.
    """
    lock(article)
    _match(article)


@transaction.atomic
def split(
    *, by: User, case: Case, seen: int, annotations: Collection[Annotation], reason: str
) -> Case:
    """The new case that these annotations of the case make; the others stay in it.

    Raises CasesError if the case is decided or these are none or all of it; Stale.
    """
    lock(case.article)
    members = list(case.members.select_related("annotation"))
    chosen = {annotation.pk for annotation in annotations}
    moved = [member for member in members if member.annotation_id in chosen]
    if len(moved) != len(chosen) or not 0 < len(moved) < len(members):
        raise CasesError("Choose some of the case's versions, and leave at least one in it.")
    _require_open(case)
    before = as_values(case)
    made = Case.objects.create(
        project_id=case.project_id, article_id=case.article_id, kind=case.kind, by_hand=True,
        start=case.start, end=case.end,
    )  # fmt: skip
    Member.objects.filter(pk__in=[member.pk for member in moved]).update(case=made)
    advance(case, seen=seen, by_hand=True)
    _match(case.article)
    _read_anew(case, made)
    _record(by, "split", case, before, reason)
    _record(by, "split off", made, None, reason)
    return made


@transaction.atomic
def join(*, by: User, cases: Mapping[Case, int], reason: str) -> Case:
    """The first of the cases, with the versions of all; the others are dissolved.

    Each case comes with the version of it that was seen. Raises CasesError if they are not of
    one article and kind, one of them is decided, or somebody has a version in two; Stale.
    """
    first, *others = cases
    lock(first.article)
    _require_joinable(list(cases))
    told = {case: as_values(case) for case in cases}
    Member.objects.filter(case__in=others).update(case=first)
    advance(first, seen=cases[first], by_hand=True)
    for other in others:
        advance(other, seen=cases[other], dissolved=timezone.now(), held_by=None, held_until=None)
    _match(first.article)
    _read_anew(*cases)
    _record(by, "joined", first, told[first], reason)
    for other in others:
        _record(by, "dissolved", other, told[other], reason)
    return first


def as_values(case: Case) -> dict:
    """The case as JSON values, as history keeps it."""
    members = case.members.order_by("pk").values_list("annotation_id", flat=True)
    return {
        "kind": case.kind, "state": case.state, "by_hand": case.by_hand, "start": case.start,
        "end": case.end, "members": [str(pk) for pk in members],
        "dissolved": case.dissolved.isoformat() if case.dissolved else None,
    }  # fmt: skip


def _read_anew(*cases: Case) -> None:
    for case in cases:
        case.refresh_from_db()


def lock(article: Article) -> None:
    """Whoever changes cases of the article from now on waits for the end of the transaction.

    So that of two who hand in at once the second sees what the first did. All who lock several
    cases do so in the order of their ids: nobody waits for somebody who waits for her.
    """
    Article.objects.select_for_update(no_key=True).only("pk").get(pk=article.pk)
    own = Case.objects.filter(article=article).select_for_update().order_by("pk")
    list(own.values_list("pk", flat=True))


def _match(article: Article) -> None:
    own = Case.objects.filter(article=article, dissolved=None)
    cases = list(own.order_by("created", "pk"))
    members = list(Member.objects.filter(case__in=cases).select_related("annotation"))
    held: dict[UUID, set[UUID]] = {case.pk: set() for case in cases}
    for member in members:
        if not member.annotation.deleted:
            held[member.case_id].add(member.annotation_id)
    work = _work(article)
    _write(work, cases, members, _wanted(work, cases, held))


def _require_open(case: Case) -> None:
    if case.dissolved or case.state == Case.State.DECIDED:
        raise CasesError("This case is decided or dissolved. Reopen it before you change it.")


def _require_joinable(cases: Sequence[Case]) -> None:
    if len(cases) < 2:
        raise CasesError("Choose at least two cases.")
    for case in cases:
        _require_open(case)
    if len({(case.article_id, case.kind) for case in cases}) > 1:
        raise CasesError("Only cases of one article and one kind can be joined.")
    authors = Member.objects.filter(case__in=cases).values_list("annotation__author", flat=True)
    if len(set(authors)) < len(authors):
        raise CasesError("Somebody has a version in two of these cases: they stay apart.")


def _record(by: User, verb: str, case: Case, before: dict | None, reason: str) -> None:
    record(
        by=by, verb=verb, thing=case, before=before, after=as_values(case), reason=reason,
        article_id=case.article_id,
    )  # fmt: skip


@dataclass(frozen=True)
class _Work:
    """What is handed in of an article, read once."""

    coders: list[int]
    annotations: dict[UUID, Annotation]
    contents: dict[UUID, Content]
    terms: Terms


def _work(article: Article) -> _Work:
    rows = counted(article).annotate(revision_number=F("revision__number"))
    rows = rows.prefetch_related("spans", "participants", "codings", "links")
    rows = rows.order_by("created", "pk")
    annotations = {one.pk: one for one in rows}
    contents = {pk: annotating.content_of(one) for pk, one in annotations.items()}
    who = list(coders(article).order_by("pk").values_list("pk", flat=True))
    return _Work(who, annotations, contents, terms_of(article.project_id))


def _wanted(work: _Work, cases: Sequence[Case], held: Mapping[UUID, set[UUID]]) -> dict:
    """What each case should have, by the case; those that are missing are made, but not stored.

    `held` is what stands of what each case has.
    """
    decided = [c for c in cases if c.state == Case.State.DECIDED and not c.by_hand]
    by_hand = {case: held[case.pk] for case in cases if case.by_hand}
    set_aside = set().union(*by_hand.values())
    groups = _groups(work, set_aside, [held[case.pk] for case in decided])
    loose = [case for case in cases if not case.by_hand and case not in decided]
    going_on = continued(groups, {case: held[case.pk] for case in [*decided, *loose]})
    wanted = {case: held[case.pk] for case in decided} | by_hand
    for n, group in enumerate(groups):
        case = going_on.get(n) or _new(work.annotations[min(group)])
        wanted[case] = wanted.get(case, set()) | group
    return wanted


def _groups(work: _Work, set_aside: set[UUID], decided: list[set[UUID]]) -> list[set[UUID]]:
    """The annotations that belong together by the rule; what was decided stays together."""
    versions: dict[int, list[Item]] = {who: [] for who in work.coders}
    for pk, one in work.annotations.items():
        if pk not in set_aside:
            versions[one.author_id].append(_item(one, work.contents[pk], work.terms))
    lists = list(versions.values())
    place = {item.id: (n, row) for n, own in enumerate(lists) for row, item in enumerate(own)}
    begun = [_begun([place[pk] for pk in group if pk in place], len(lists)) for group in decided]
    return [
        {lists[n][row].id for n, row in enumerate(group) if row is not None}
        for group in match(lists, [group for group in begun if any(r is not None for r in group)])
    ]


def _begun(places: list[tuple[int, int]], coders: int) -> Group:
    rows = dict(places)
    return tuple(rows.get(n) for n in range(coders))


def _item(annotation: Annotation, content: Content, terms: Terms) -> Item:
    spans = tuple((start, end) for start, end, _ in content.spans)
    told = {(part.role, terms.actor(part)) for part in content.parts}
    told |= {(terms.tag(code), code.stance) for code in content.codes}
    kind = (content.kind, annotation.revision_id)  # offsets of two texts have nothing in common
    return Item(annotation.pk, kind, spans, frozenset(told))


def _new(annotation: Annotation) -> Case:
    return Case(
        project_id=annotation.project_id, article_id=annotation.article_id, kind=annotation.kind
    )


def _write(work: _Work, cases: Sequence[Case], members: Sequence[Member], wanted: dict) -> None:
    """Bring the rows to what is wanted: only those that differ are written."""
    known = {case.pk for case in cases}
    place = {pk: case for case, pks in wanted.items() for pk in pks}
    gone = [member for member in members if member.annotation_id not in place]
    touched = {member.case_id for member in gone}
    Member.objects.filter(pk__in=[member.pk for member in gone]).delete()
    measured = {case: _measures(work, pks, case) for case, pks in wanted.items()}
    new = [case for case in wanted if case.pk not in known]
    for case in new:
        _set(case, measured[case])
    Case.objects.bulk_create(new)
    touched |= _place_members(work, members, place)
    now = timezone.now()
    changed = [
        case for case in wanted
        if case.pk in known and (_set(case, measured[case]) or case.pk in touched)
    ]  # fmt: skip
    left = [case for case in cases if _is_left(case, wanted)]
    for case in left:
        case.dissolved, case.held_by, case.held_until = now, None, None
    for case in {*changed, *left}:
        case.version, case.updated = case.version + 1, now
    fields = ["start", "end", "disagreement", "dissolved", "held_by", "held_until", "version"]
    Case.objects.bulk_update({*changed, *left}, [*fields, "updated"], batch_size=100)


def _is_left(case: Case, wanted: dict) -> bool:
    """Whether nothing is in the case any more, and nothing was decided of it."""
    return not wanted.get(case) and case.state != Case.State.DECIDED


def _place_members(work: _Work, members: Sequence[Member], place: dict[UUID, Case]) -> set[UUID]:
    """Store where each annotation is now, and in which version; the cases that this changes."""
    known = {member.annotation_id for member in members}
    touched, moved = set(), []
    for member in members:
        case, now = place.get(member.annotation_id), work.annotations.get(member.annotation_id)
        version = now.version if now else member.version
        if case and (member.case_id, member.version) != (case.pk, version):
            touched |= {member.case_id, case.pk}
            member.case, member.version = case, version
            moved.append(member)
    Member.objects.bulk_update(moved, ["case", "version"], batch_size=200)
    new = {pk: case for pk, case in place.items() if pk not in known}
    Member.objects.bulk_create(
        Member(
            project_id=case.project_id, case=case, annotation_id=pk,
            version=work.annotations[pk].version,
        )
        for pk, case in new.items()
    )  # fmt: skip
    return touched | {case.pk for case in new.values()}


def _measures(work: _Work, pks: Collection[UUID], case: Case) -> dict:
    """Where the case lies and how far its versions disagree; as before if none is handed in."""
    by_author = {work.annotations[pk].author_id: pk for pk in pks if pk in work.annotations}
    if not by_author:
        return {"start": case.start, "end": case.end, "disagreement": case.disagreement}
    versions = [work.contents[by_author[who]] if who in by_author else None for who in work.coders]
    newest = max(work.annotations[pk].revision_number for pk in by_author.values())
    spans = [
        place
        for pk in by_author.values()
        if work.annotations[pk].revision_number == newest
        for start, end, _ in work.contents[pk].spans
        for place in (start, end)
    ]
    return {
        "start": min(spans), "end": max(spans),
        "disagreement": compared.disagreement(versions, work.terms),
    }  # fmt: skip


def _set(case: Case, measures: dict) -> bool:
    """Whether the case was changed by setting its measures."""
    changed = any(getattr(case, name) != value for name, value in measures.items())
    for name, value in measures.items():
        setattr(case, name, value)
    return changed
