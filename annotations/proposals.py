"""Where the codebook could be sharper: reasons that come again with the same tag."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, Subquery

from annotations.access import annotations_for, overrulings_for, tags_for
from annotations.excerpts import Piece, around
from annotations.lessons import standing
from annotations.models import ClaimTag, Coding, Decision, Definition, Facet
from annotations.recoding import older
from corpus_app.models import Project, User

MOST_READ = 5_000  # overrulings, the newest
MOST_SHOWN = 20  # proposals
EXAMPLES = 4
REPEATED = 2
# Of the others no wording would be the cure.
OF_THE_WORDING = (
    Decision.ErrorClass.CODEBOOK, Decision.ErrorClass.AMBIGUOUS, Decision.ErrorClass.TAG,
    Decision.ErrorClass.STANCE,
)  # fmt: skip


@dataclass(frozen=True)
class Example:
    """A passage where the tag was decided otherwise, and the reason that was given."""

    annotation: UUID
    article: UUID
    error_class: str
    reason: str
    pieces: tuple[Piece, ...] = ()


@dataclass
class Proposal:
    """A tag whose definition could be sharper; `older` codings were made under another one."""

    tag: ClaimTag
    classes: Counter = field(default_factory=Counter)
    confusions: Counter = field(default_factory=Counter)
    examples: list[Example] = field(default_factory=list)
    older: int = 0
    decisions: set[UUID] = field(default_factory=set)

    @property
    def weight(self) -> tuple[int, int]:
        return self.classes[Decision.ErrorClass.CODEBOOK], sum(self.confusions.values())

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """What went wrong and how often, the most frequent first."""
        return [
            (Decision.ErrorClass(key).label.lower(), n) for key, n in self.classes.most_common()
        ]

    @property
    def pairs(self) -> list[tuple[str, int]]:
        """What was taken for what, where it came again."""
        return [(words, n) for words, n in self.confusions.most_common() if n >= REPEATED]

    @property
    def repeated(self) -> bool:
        return bool(self.pairs) or any(self.classes[key] >= REPEATED for key in OF_THE_WORDING)


@dataclass(frozen=True)
class Overruled:
    """One overruling: the codings of either side as {tag's id: stance}, and what differs."""

    example: Example
    decision: UUID
    at: datetime
    fields: tuple[str, ...]
    hers: Mapping[str, str]
    decided: Mapping[str, str]


def proposals(user: User, project: Project) -> list[Proposal]:
    """The tags about which reasons came again since they were worded as they are, worst first.

    The number of queries does not grow with anything.
    """
    tags = _tags(user, project)
    found: dict[str, Proposal] = {}
    for one in _overruled(user, project):
        for tag, words in _concerned(one, tags):
            if one.at < tag.worded:
                continue
            proposal = found.setdefault(str(tag.pk), Proposal(tag))
            proposal.confusions.update([words] if words else [])
            if one.decision not in proposal.decisions:
                proposal.decisions.add(one.decision)
                proposal.classes[one.example.error_class] += 1
                proposal.examples.append(one.example)
    chosen = [proposal for proposal in found.values() if proposal.repeated]
    chosen.sort(key=lambda proposal: (proposal.weight, proposal.tag.label), reverse=True)
    return _with_words(user, chosen[:MOST_SHOWN])


def _with_words(user: User, chosen: list[Proposal]) -> list[Proposal]:
    """The proposals with a few passages each, those with a reason first."""
    for proposal in chosen:
        proposal.examples.sort(key=lambda one: not one.reason)
        del proposal.examples[EXAMPLES:]
    wanted = {one.annotation for proposal in chosen for one in proposal.examples}
    seen = annotations_for(user).filter(pk__in=wanted).order_by().values_list("pk", flat=True)
    pieces = around(list(seen))
    codings = older().filter(tag__in=[proposal.tag.pk for proposal in chosen])
    counts = Counter(codings.order_by().values_list("tag_id", flat=True))
    for proposal in chosen:
        proposal.older = counts[proposal.tag.pk]
        proposal.examples = [
            replace(one, pieces=pieces[one.annotation])
            for one in proposal.examples
            if one.annotation in pieces
        ]
    return chosen


def _tags(user: User, project: Project) -> dict[str, ClaimTag]:
    """The tags that may be chosen, each with `worded`: since when it has its present wording."""
    present = Definition.objects.filter(tag=OuterRef("pk"), number=OuterRef("definition_number"))
    tags = tags_for(user).current().filter(project=project).select_related("facet")
    worded = tags.annotate(worded=Subquery(present.values("created")[:1]))
    return {str(tag.pk): tag for tag in worded.exclude(worded=None)}


def _overruled(user: User, project: Project) -> Iterator[Overruled]:
    """The newest overrulings by decisions that stand, newest first."""
    rows = standing(overrulings_for(user).filter(project=project)).filter(stands=True)
    hers = defaultdict(dict)
    codings = Coding.objects.filter(annotation__in=rows.order_by().values("annotation"))
    for annotation, tag, stance in codings.order_by().values_list(
        "annotation_id", "tag_id", "stance"
    ):
        hers[annotation][str(tag)] = stance
    newest = rows.order_by("-created", "-pk").values_list(
        "annotation_id", "annotation__article_id", "decision__error_class", "decision__reason",
        "decision_id", "decision__created", "fields", "decision__content__codings",
    )  # fmt: skip
    for annotation, article, error_class, reason, decision, at, fields, codes in newest[:MOST_READ]:
        decided = {code["tag"]: code.get("stance") or "" for code in codes or ()}
        example = Example(annotation, article, error_class, reason)
        yield Overruled(example, decision, at, tuple(fields), hers[annotation], decided)


def _concerned(one: Overruled, tags: Mapping[str, ClaimTag]) -> Iterator[tuple[ClaimTag, str]]:
    """The tags that the overruling is about, each with what was taken for what, if anything.

    Where no tag differs, but the codebook was unclear, it is about all that were given.
    """
    about = False
    for name in one.fields:
        what, _, slug = name.partition(":")
        own = {pk for pk, tag in tags.items() if tag.facet.slug == slug} if slug else set()
        hers, decided = own & one.hers.keys(), own & one.decided.keys()
        if what == "facet" and hers != decided:
            about = True
            yield from _confused(hers - decided, decided - hers, tags)
        elif what == "stance":
            about = True
            for pk in sorted(hers & decided):
                if one.hers[pk] != one.decided[pk]:
                    said = one.hers[pk] or "no stance", one.decided[pk] or "no stance"
                    yield tags[pk], f"stance “{said[0]}” where the decision says “{said[1]}”"
    if not about and one.example.error_class == Decision.ErrorClass.CODEBOOK:
        for pk in sorted((one.hers.keys() | one.decided.keys()) & tags.keys()):
            yield tags[pk], ""


def _confused(
    extra: set[str], missed: set[str], tags: Mapping[str, ClaimTag]
) -> Iterator[tuple[ClaimTag, str]]:
    facets = {tags[pk].facet.choose for pk in extra | missed}
    if facets == {Facet.Choose.ONE} and len(extra) == len(missed) == 1:
        given, right = tags[min(extra)], tags[min(missed)]
        words = f"“{given.label}” where the decision says “{right.label}”"
        yield given, words
        yield right, words
        return
    for pk in sorted(extra):
        yield tags[pk], "given where the decision leaves it out"
    for pk in sorted(missed):
        yield tags[pk], "left out where the decision gives it"
