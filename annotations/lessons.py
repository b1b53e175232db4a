"""What decisions teach a coder: where she was overruled, in which words, why, and how often."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast, Coalesce

from annotations.access import events_for, judged_for, overrulings_for
from annotations.compared import FIELDS, MARKED
from annotations.content import Content, by_role
from annotations.excerpts import Piece, around
from annotations.models import Annotation, ClaimTag, Decision, Facet, Overruling, Participant
from corpus_app.access import curates, manages
from corpus_app.models import Actor, Project, User

PAGE = 25
UNSAID = "unsaid"  # in an address: no error class was said
LABELS = {
    MARKED: "Marked at all", "spans": "Stretch", "claimant": "Claimant", "target": "Target",
    "voice": "Voice chain", "named": "Named", "meant": "Meant", "attribution": "Attribution",
    "certainty": "Certainty",
}  # fmt: skip
STAND_INS = dict(Participant.StandsFor.choices)


@dataclass(frozen=True)
class Wish:
    """Whose lessons the person asked to see (None: everybody's), which, and after which one."""

    coder: User | None = None
    tag: ClaimTag | None = None
    error_class: str = ""
    field: str = ""
    after: UUID | None = None


@dataclass(frozen=True)
class Compared:
    """A field, what the coder said of it, and what was decided; nothing said is empty."""

    name: str
    hers: list[str]
    decided: list[str]


@dataclass(frozen=True)
class Lesson:
    """An overruling with the words it is about. `decider` is empty where names are hidden."""

    overruling: Overruling
    pieces: tuple[Piece, ...]
    fields: list[Compared]
    rejected: bool
    decider: str


@dataclass(frozen=True)
class Summary:
    """How many of a coder's annotations were decided, how many otherwise, and wherein."""

    decided: int
    overruled: int
    fields: list[tuple[str, int]]
    classes: list[tuple[str, int]]

    @property
    def share(self) -> int:
        """The share of those decided otherwise, in percent."""
        return round(100 * self.overruled / self.decided) if self.decided else 0


def fields(project: Project) -> dict[str, str]:
    """Every field in which versions can differ, in order, and what it is called. One query."""
    called = {name: LABELS[name] for name in (MARKED, *FIELDS)}
    for facet in Facet.objects.filter(project=project):
        called[f"facet:{facet.slug}"] = facet.name
        if facet.takes_stance:
            called[f"stance:{facet.slug}"] = f"{facet.name}: stance"
    return called


class Vocabulary:
    """What tags and actors in these contents are called. Two queries."""

    def __init__(self, project: Project, contents: Iterable[Content | None]):
        tags = ClaimTag.objects.filter(project=project).select_related("facet")
        self.tags = {str(tag.pk): tag for tag in tags}
        actors = {part.actor for said in contents if said for part in said.parts if part.actor}
        rows = Actor.objects.filter(project=project, pk__in=actors)
        names = rows.values_list("pk", Coalesce("standing__name", "name"))
        self.actors = {str(pk): name for pk, name in names}

    def said(self, field: str, content: Content | None) -> list[str]:
        """What the content says of a field, in words."""
        if content is None:
            return ["nothing"] if field == MARKED else []
        what, _, slug = field.partition(":")
        if what in ("facet", "stance"):
            return self._coded(content, slug, stance=what == "stance")
        if field == "spans":
            return [" … ".join(quote or "" for _, _, quote in content.spans)]
        if field == "attribution":
            return [Annotation.Attribution(content.attribution).label]
        if field == "certainty":
            return [Annotation.Certainty(content.certainty).label]
        if field == MARKED:
            return [f"a {content.kind}"]
        return [self._who(part) for part in by_role(content.parts).get(field, ())]

    def _coded(self, content: Content, slug: str, stance: bool) -> list[str]:
        codes = [(self.tags.get(code.tag), code.stance) for code in content.codes]
        own = [(tag, said) for tag, said in codes if tag and tag.facet.slug == slug]
        if stance:
            return [f"{tag.label}: {said or 'no stance'}" for tag, said in own]
        return sorted(tag.label for tag, _ in own)

    def _who(self, part) -> str:
        name = STAND_INS[part.stands_for] if part.actor is None else self.actors.get(part.actor)
        return f"{name or '?'} ({part.endorsement})" if part.endorsement else name or "?"


def chooses(user: User, project: Project) -> bool:
    """Whether the user may look at other coders' lessons: not a curator who is told no names."""
    return manages(user, project) or (curates(user, project) and not project.names_hidden)


def page(user: User, project: Project, wish: Wish) -> tuple[list[Lesson], UUID | None]:
    """The newest overrulings of those wished for, and the last one's id if there are more."""
    rows = standing(overrulings_for(user).filter(project=project))
    if wish.coder:
        rows = rows.filter(analyst=wish.coder)
    if wish.tag:
        given = Q(annotation__codings__tag=wish.tag) | Q(decision__gold__codings__tag=wish.tag)
        rows = rows.filter(pk__in=overrulings_for(user).filter(given).order_by().values("pk"))
    if wish.error_class:
        asked = "" if wish.error_class == UNSAID else wish.error_class
        rows = rows.filter(decision__error_class=asked)
    if wish.field:
        told = rows.annotate(told=Cast("fields", TextField()))
        rows = told.filter(told__contains=f'"{wish.field}"')
    last = rows.filter(pk=wish.after).first() if wish.after else None
    if last:
        rows = rows.filter(Q(created__lt=last.created) | Q(created=last.created, pk__lt=last.pk))
    found = list(rows.order_by("-created", "-pk")[: PAGE + 1])
    more = len(found) > PAGE
    return lessons(user, project, found[:PAGE]), found[PAGE - 1].pk if more else None


def contested(user: User, project: Project) -> tuple[list[Lesson], int]:
    """The objections that wait longest for an answer, and how many there are."""
    rows = overrulings_for(user).filter(project=project, answered=None)
    rows = standing(rows.exclude(contested=None))
    return lessons(user, project, list(rows.order_by("contested", "pk")[:PAGE])), rows.count()


def standing(overrulings: QuerySet[Overruling]) -> QuerySet[Overruling]:
    """Each with `stands`: whether its decision is the last of its case."""
    later = Decision.objects.filter(
        case=OuterRef("decision__case"), number__gt=OuterRef("decision__number")
    )
    parts = ("analyst", "answered_by", "decision__by", "annotation__article")
    rows = overrulings.annotate(stands=~Exists(later)).select_related(*parts)
    return rows.defer("annotation__article__raw")


def lessons(user: User, project: Project, rows: Sequence[Overruling]) -> list[Lesson]:
    """The overrulings with what was said and decided; the number of queries does not grow."""
    said = _said(user, rows)
    decided = {
        row.pk: Content.from_dict(row.decision.content) if row.decision.content else None
        for row in rows
    }
    words = Vocabulary(project, [*said.values(), *decided.values()])
    called = fields(project)
    pieces = around([row.annotation_id for row in rows])
    hidden = project.names_hidden and not curates(user, project)
    return [
        Lesson(
            row, pieces[row.annotation_id],
            [
                Compared(
                    called.get(field, field), words.said(field, said.get(row.pk)),
                    words.said(field, decided[row.pk]),
                )
                for field in row.fields or [MARKED]
            ],
            rejected=decided[row.pk] is None,
            decider="" if hidden else row.decision.by.shown_name,
        )
        for row in rows
    ]  # fmt: skip


def summary(user: User, project: Project, coder: User | None) -> Summary:
    """How often the coder was overruled, by the decisions that stand."""
    own = standing(overrulings_for(user).filter(project=project)).filter(stands=True)
    judged = judged_for(user).filter(project=project)
    if coder:
        own, judged = own.filter(analyst=coder), judged.filter(annotation__author=coder)
    rows = own.order_by().values_list("fields", "decision__error_class")
    differing, classes = Counter(), Counter()
    for names, error_class in rows:
        differing.update(names or [MARKED])
        classes[error_class] += 1
    called = fields(project)
    return Summary(
        judged.count(), classes.total(),
        [(called.get(name, name), count) for name, count in differing.most_common()],
        [(Decision.ErrorClass(name).label.lower(), count) for name, count in classes.most_common()],
    )  # fmt: skip


def _said(user: User, rows: Sequence[Overruling]) -> dict[UUID, Content]:
    """What the coder's version said when it was looked at, from its history."""
    versions = {
        row.pk: (str(row.annotation_id), row.decision.versions.get(str(row.annotation_id)))
        for row in rows
    }
    looked_at = Q()
    for pk, version in versions.values():
        looked_at |= Q(object_id=pk, version=version)
    if not versions:
        return {}
    told = events_for(user).filter(looked_at, noun="annotation").exclude(after=None)
    found = {(event.object_id, event.version): event.after for event in told}
    return {
        pk: Content.from_dict(found[version]) for pk, version in versions.items()
        if version in found
    }  # fmt: skip
