"""What the pages of recoding show: what is out of date, the queues, and one item of a queue."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from annotations import difference
from annotations.access import recodes_for, recodings_for, tags_for
from annotations.excerpts import Piece, pieces
from annotations.models import Annotation, ClaimTag, Definition, Recode, Recoding, Span
from annotations.recoding import agreement_on, older
from corpus_app.models import Passage, Project, User

CLOSED_SHOWN = 25
INCOMPLETE_SHOWN = 200  # articles


@dataclass(frozen=True)
class Outdated:
    """A tag with codings under `older` definitions, of which so many are `ready` for a queue."""

    tag: ClaimTag
    older: int
    ready: int
    wording: tuple[difference.Piece, ...]


@dataclass(frozen=True)
class Queue:
    """A queue and its progress, in all and by coder as (name, done, all).

    `after` is the agreement on the tag now: told once everything is answered, since halfway it
    would mix two definitions. `incomplete` are articles, as (id, title, how many), where a claim
    lost a tag that the codebook requires.
    """

    recoding: Recoding
    done: int
    total: int
    coders: list[tuple[str, int, int]]
    after: dict[str, Any] | None
    incomplete: list[tuple[UUID, str, int]]

    @property
    def lost(self) -> int:
        """How many claims are incomplete."""
        return sum(number for _, _, number in self.incomplete)


@dataclass(frozen=True)
class Block:
    """A passage beside or around what is coded again."""

    kind: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Wording:
    """The definition to code under, and its words compared with those of before."""

    definition: Definition
    changed: tuple[difference.Piece, ...]
    new_examples: list[str]


def outdated(user: User, project: Project) -> list[Outdated]:
    """The tags that a queue can be opened for, in the order of the codebook."""
    counts: dict = defaultdict(lambda: [0, 0])
    rows = older().filter(project=project).values("tag", "ready").annotate(number=Count("pk"))
    for tag, ready, number in rows.order_by().values_list("tag", "ready", "number"):
        counts[tag][0] += number
        counts[tag][1] += number if ready else 0
    waiting = Recoding.objects.filter(tag=OuterRef("pk"), closed=None)
    tags = list(
        tags_for(user)
        .filter(~Exists(waiting), pk__in=counts, project=project)
        .select_related("facet")
    )
    wording = _wordings(tags)
    return [Outdated(tag, *counts[tag.pk], wording.get(tag.pk, ())) for tag in tags]


def queues(user: User, project: Project, *, closed: bool) -> list[Queue]:
    """The project's open queues, or the newest of those that are closed."""
    rows = recodings_for(user).filter(project=project, closed__isnull=not closed)
    rows = list(rows.select_related("tag__facet", "by")[:CLOSED_SHOWN])
    progress = _progress(rows)
    whole = [row for row in rows if all(done == n for _, done, n in progress[row.pk])]
    now = agreement_on(project.pk, [row.tag_id for row in whole]) if whole and not closed else {}
    incomplete = _incomplete(rows)
    return [
        Queue(
            row, sum(done for _, done, _ in progress[row.pk]),
            sum(number for _, _, number in progress[row.pk]), progress[row.pk],
            row.after if closed else now.get(row.tag_id) if row in whole else None,
            incomplete[row.pk],
        )
        for row in rows
    ]  # fmt: skip


def asked_of(user: User, project: Project) -> list[tuple[UUID, str, int]]:
    """The open queues that wait for the person: id, tag, and how much is left to answer."""
    left = recodes_for(user).filter(
        project=project, done=None, recoding__closed=None, annotation__deleted=None
    )
    counted = left.values("recoding", "recoding__tag__label").annotate(number=Count("pk"))
    rows = counted.order_by("recoding__tag__label", "recoding")
    return list(rows.values_list("recoding", "recoding__tag__label", "number"))


def waiting(user: User, recoding: Recoding) -> QuerySet[Recode]:
    """What the person still has to answer, in an order that says nothing and stays the same."""
    return standing(user, recoding).filter(done=None).order_by("pk")


def standing(user: User, recoding: Recoding) -> QuerySet[Recode]:
    """The person's own items whose annotations were not removed since."""
    own = recodes_for(user).filter(recoding=recoding, annotation__deleted=None)
    return own.select_related(
        "recoding__tag__facet", "annotation__author", "annotation__revision", "annotation__article"
    ).defer("annotation__article__raw", "annotation__revision__roles")


def blocks(recode: Recode) -> list[Block]:
    """The passages that the annotation lies in, with one before and one after. Two queries."""
    revision = recode.annotation.revision
    spans = list(
        Span.objects.filter(annotation=recode.annotation_id)
        .order_by("start").values_list("start", "end")
    )  # fmt: skip
    passages = list(
        Passage.objects.filter(revision=revision).order_by("number")
        .values_list("kind", "start", "end")
    )  # fmt: skip
    own = [
        n for n, (_, start, end) in enumerate(passages)
        if any(a < end and start < b for a, b in spans)
    ]  # fmt: skip
    around = passages[max(0, own[0] - 1) : own[-1] + 2] if own else passages
    return [
        Block(kind, pieces(revision.text[start:end], _within(spans, start, end)))
        for kind, start, end in around
    ]


def wording(recode: Recode) -> Wording:
    """What the tag means now, against the definition that the annotation was coded under."""
    numbers = (recode.number_before, recode.recoding.definition_number)
    rows = Definition.objects.filter(tag=recode.recoding.tag_id, number__in=numbers)
    found = {row.number: row for row in rows}
    old, new = found.get(numbers[0], found[numbers[1]]), found[numbers[1]]
    added = [example for example in new.examples if example not in old.examples]
    return Wording(new, difference.words(old.text, new.text), added)


def _within(spans: Sequence[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    """The stretches inside `[start, end)`, counted from its beginning."""
    return [(max(a, start) - start, min(b, end) - start) for a, b in spans if a < end and start < b]


def _wordings(tags: Sequence[ClaimTag]) -> dict[UUID, tuple[difference.Piece, ...]]:
    """The present words of each tag's definition against those of the one before it."""
    texts = {
        (tag, number): text
        for tag, number, text in Definition.objects.filter(
            tag__in=tags, number__gte=F("tag__definition_number") - 1
        ).values_list("tag", "number", "text")
    }
    return {
        tag.pk: difference.words(texts.get((tag.pk, tag.definition_number - 1), ""), tag.definition)
        for tag in tags
    }


def _progress(rows: Sequence[Recoding]) -> dict[UUID, list[tuple[str, int, int]]]:
    found: dict = defaultdict(list)
    own = Recode.objects.filter(recoding__in=rows, annotation__deleted=None)
    own = own.values("recoding", "analyst").annotate(
        all=Count("pk"), answered=Count("pk", filter=~Q(done=None))
    )
    told = list(own.order_by("recoding", "analyst__username"))
    people = User.objects.in_bulk({row["analyst"] for row in told})
    for row in told:
        name = people[row["analyst"]].shown_name
        found[row["recoding"]].append((name, row["answered"], row["all"]))
    return found


def _incomplete(rows: Sequence[Recoding]) -> dict[UUID, list[tuple[UUID, str, int]]]:
    found: dict = defaultdict(list)
    lost = Recode.objects.filter(
        recoding__in=rows, answer=Recode.Answer.DOES_NOT, annotation__deleted=None,
        annotation__state=Annotation.State.DRAFT,
    )  # fmt: skip
    counted = lost.values("recoding", "annotation__article", "annotation__article__title")
    counted = counted.annotate(number=Count("pk")).order_by("annotation__article__title")
    for row in counted[:INCOMPLETE_SHOWN]:
        title = row["annotation__article__title"] or "Untitled"
        found[row["recoding"]].append((row["annotation__article"], title, row["number"]))
    return found
