"""The door for files: what a reader found, stored in a project.

Rows go through the doors that anybody's work goes through, annotations many at once. What is
there already is left as it is, so that the same file may be sent again.
"""

import uuid
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from annotations import annotating, assigning, discussing
from annotations.access import nameable_for
from annotations.anchors import find_quote
from annotations.checking import check_done
from annotations.content import Code, Content, Part, Tie
from annotations.exchange.neutral import (
    LONG_AGO,
    ActorRecord,
    AnnotationRecord,
    ArticleRecord,
    CodebookRecord,
    CommentRecord,
    FacetRecord,
    LinkRecord,
    OutletRecord,
    ReadError,
    Refusal,
    Remark,
    Row,
    StoryRecord,
    TagRecord,
)
from annotations.exchange.record import batches
from annotations.exchange.settling import Settled
from annotations.exchange.shelving import MOST_TEXTS, Shelf, as_uuid
from annotations.exchange.storable import (
    REFUSING,
    StoringError,
    require_choices,
    require_text,
    why,
)
from annotations.models import Annotation, Comment
from annotations.taking_in import Work, take_in
from corpus_app.access import require_open
from corpus_app.history import DoorError, Stale
from corpus_app.models import Article, Membership, Project, Revision, User
from corpus_app.report import Report
from corpus_app.text import normalise

AT_ONCE = 500  # rows in memory
TEXTS_AT_ONCE = MOST_TEXTS // 2  # whose annotations are in memory
ENOUGH = 100  # refusals, after which nothing is read that would not be stored anyway
NAMES = {
    CodebookRecord: "codebook", FacetRecord: "facet", TagRecord: "tag", ActorRecord: "actor",
    OutletRecord: "outlet", StoryRecord: "story", ArticleRecord: "article",
    AnnotationRecord: "annotation", CommentRecord: "comment",
}  # fmt: skip
Numbered = tuple[int, AnnotationRecord]


class Progress(NamedTuple):
    """How many rows were read so far, and the report, which goes on growing.

    Remarks are no rows of their own. At the end each row is either stored, unchanged or refused;
    of what is refused a part may be stored, which its reason says.
    """

    read: int
    report: Report


class _Undone(Exception):
    """Takes everything back, on purpose."""


def store(
    *,
    by: User,
    project: Project,
    rows: Iterable[Row],
    author: User | None = None,
    whole: bool = False,
    dry: bool = False,
    told: Callable[[Progress], None] | None = None,
) -> Report:
    """The report on these rows, stored in the project; `told` hears of every 500.

    A row that does not fit is refused and stops nothing else; if `whole`, then nothing is stored
    because of it. If `dry`, everything is tried and nothing stored. Work of nobody in particular,
    or of somebody who is no member, goes to `author`, or to `by`. Raises Archived, and what the
    reader raises: ReadError.
    """
    report = Report()
    for progress in steps(
        by=by, project=project, rows=rows, author=author, whole=whole, dry=dry
    ):  # fmt: skip
        report = progress.report
        if told:
            told(progress)
    return report


def steps(
    *,
    by: User,
    project: Project,
    rows: Iterable[Row],
    author: User | None = None,
    whole: bool = False,
    dry: bool = False,
) -> Iterator[Progress]:
    """The progress of `store`, as it is made. Whoever stops asking breaks it off."""
    require_open(project.pk)
    storing = _Storing(by, project, author)
    if not (whole or dry):
        yield from storing.steps(rows, enough=None)
        return
    try:
        with transaction.atomic():
            yield from storing.steps(rows, enough=ENOUGH if whole else None)
            if dry or storing.report.refused:
                raise _Undone
    except _Undone:
        if not dry:
            storing.report.stored = 0
    yield Progress(storing.read, storing.report)


class _Storing:
    """The rows of one file on their way into a project."""

    def __init__(self, by: User, project: Project, author: User | None):
        self.by, self.project, self.stranger = by, project, author or by
        self.report = Report()
        self.shelf = Shelf(by, project, self.report)
        self.read = 0
        memberships = Membership.objects.filter(project=project, ended=None)
        self.members = {one.user.username: one.user for one in memberships.select_related("user")}
        self.strangers: set[str] = set()
        self.refused: dict[tuple[uuid.UUID, int], str] = {}
        self.named: dict[str, uuid.UUID] = {}
        self.linked: list[tuple[int, uuid.UUID, Sequence[LinkRecord]]] = []

    def steps(self, rows: Iterable[Row], enough: int | None) -> Iterator[Progress]:
        """Ends early if enough is refused; where the file breaks off, what was read is stored."""
        waiting: list[Row] = []
        try:
            if (yield from self._until_enough(rows, waiting, enough)):
                return
        except ReadError:
            self._finish(waiting)
            yield Progress(self.read, self.report)
            raise
        self._finish(waiting)
        yield Progress(self.read, self.report)

    def _until_enough(
        self, rows: Iterable[Row], waiting: list[Row], enough: int | None
    ) -> Generator[Progress, None, bool]:
        """Whether enough was refused; what has to be stored together is left in `waiting`."""
        texts = 0
        for taken, row in enumerate(rows, 1):
            self.read += not isinstance(row.what, Remark)
            if isinstance(row.what, (AnnotationRecord, CommentRecord)):
                waiting.append(row)
            else:
                # An article may be large, so that it does not wait for others.
                self._row(row)
                texts += isinstance(row.what, ArticleRecord)
            if taken % AT_ONCE and texts < TEXTS_AT_ONCE:
                continue
            self._take(waiting)
            waiting.clear()
            texts = 0
            if taken % AT_ONCE == 0:
                yield Progress(self.read, self.report)
                if enough and self.report.refused >= enough:
                    return True
        return False

    def _finish(self, waiting: Sequence[Row]) -> None:
        self._take(waiting)
        with transaction.atomic():
            self.shelf.settle()
        for batch in batches(self.linked, AT_ONCE):
            with transaction.atomic():
                self._link(batch)

    def _take(self, waiting: Sequence[Row]) -> None:
        """Store annotations together, and then the comments that came with them."""
        if not waiting:
            return
        of_annotations = [(r.line, r.what) for r in waiting if isinstance(r.what, AnnotationRecord)]
        with transaction.atomic():
            self.shelf.settle()
            self._annotations(of_annotations)
            for row in waiting:
                if isinstance(row.what, CommentRecord):
                    self._row(row)

    def _row(self, row: Row) -> None:
        """Store one row of anything but annotations, or say why not."""
        if isinstance(row.what, Refusal):
            return self.report.refuse(row.line, row.what.reason)
        if isinstance(row.what, Remark):
            return self.report.remark(row.line, row.what.reason)
        name = NAMES[type(row.what)]
        if isinstance(row.what, ArticleRecord):
            # By itself: should the article be refused, then actors stay.
            with transaction.atomic():
                self.shelf.settle()
        try:
            with transaction.atomic():
                require_text(row.what)
                keep = self._comment if name == "comment" else getattr(self.shelf, name)
                made = keep(row.line, row.what)
        except REFUSING as error:
            return self.report.refuse(row.line, f"{name}: {why(error)}")
        self.report.stored += made is True
        self.report.unchanged += made is False
        return None

    def _annotations(self, batch: Sequence[Numbered]) -> None:
        works: list[tuple[Numbered, Work]] = []
        keyed = {self._key(record): (line, record) for line, record in reversed(batch)}
        there = self._there(keyed)
        for line, record in batch:
            key = self._key(record)
            if keyed[key][0] != line:
                self.report.refuse(line, f"annotation: its id is that of line {keyed[key][0]}.")
            elif there[key] is None:
                self.report.unchanged += 1
            else:
                try:
                    require_text(record)
                    works.append(((line, record), self._work(line, record, there[key])))
                except REFUSING as error:
                    self.report.refuse(line, f"annotation: {why(error)}")
        self._take_in(self._assigned(works))

    def _key(self, record: AnnotationRecord) -> uuid.UUID:
        """The id under which an annotation is known if it has none that is known everywhere."""
        if known := as_uuid(record.id):
            return known
        what = (record.article, record.revision, record.id, record.author, record.kind)
        said = (what, [tuple(span) for span in record.spans], [c.slug for c in record.codings])
        return uuid.uuid5(self.project.pk, repr(said))

    def _there(self, keys: Iterable[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID | None]:
        """The id that each is to be stored under; None for what is there already.

        Where another project has the id, it is made from it.
        """
        derived = {key: uuid.uuid5(self.project.pk, str(key)) for key in keys}
        known = dict(
            Annotation.objects.filter(pk__in=[*derived, *derived.values()])
            .order_by().values_list("pk", "project")
        )  # fmt: skip
        own = {pk for pk, project in known.items() if project == self.project.pk}
        return {
            key: None if own & {key, other} else other if key in known else key
            for key, other in derived.items()
        }

    def _work(self, line: int, record: AnnotationRecord, pk: uuid.UUID) -> Work:
        """The annotation, checked. Raises DoorError or AnchorError."""
        revision, settled = self.shelf.revision(record.article, record.revision)
        require_choices(record)
        parts = tuple(self._part(line, part) for part in record.participants)
        codes, definitions = self._codes(line, record)
        content = Content(
            record.kind, self._spans(line, record, revision, settled), parts, codes,
            attribution=record.attribution, note=record.note, certainty=record.certainty,
            flagged=record.flagged,
        )  # fmt: skip
        annotation = Annotation(
            id=pk, project=self.project, article_id=revision.article_id, revision=revision,
            author=self._person(line, record.author), kind=record.kind, layer=record.layer,
            origin=record.origin, tool=record.tool, tool_version=record.tool_version,
        )  # fmt: skip
        if LONG_AGO < record.created < annotation.created:
            annotation.created = record.created
        if not as_uuid(record.id):
            self.named[record.id] = pk
        return Work(annotation, check_done(revision.text, content, self.shelf.lists()), definitions)

    def _spans(
        self, line: int, record: AnnotationRecord, revision: Revision, settled: Settled | None
    ) -> tuple[tuple[int, int, str | None], ...]:
        """Where its stretches are in the stored text; if need be where their quotes are."""
        found = []
        for start, end, quote in record.spans:
            if settled:
                start, end = settled.stretch(start, end)
            there = revision.text[max(start, 0) : end]
            if quote and there not in (quote, normalise(quote)):
                place = find_quote(revision.text, normalise(quote), start_hint=start)
                self.report.remark(line, f"a stretch was found at {place.start}, not at {start}.")
                start, end = place.start, place.end
            found.append((start, end, None))
        return tuple(found)

    def _part(self, line: int, part: Any) -> Part:
        if part.stands_for:
            return Part(part.role, None, part.stands_for, part.endorsement)
        actor = self.shelf.actor_called(line, part.name)
        return Part(part.role, actor, "", part.endorsement)

    def _codes(
        self, line: int, record: AnnotationRecord
    ) -> tuple[tuple[Code, ...], dict[str, int]]:
        codes, definitions = [], {}
        for code in record.codings:
            tag = self.shelf.tag_called(code.slug)
            number = code.definition or tag.definition_number
            if not 0 < number <= tag.definition_number:
                words = f"there is no definition {number} of “{code.slug}”: the latest was taken."
                self.report.remark(line, words)
                number = tag.definition_number
            codes.append(Code(str(tag.pk), code.stance))
            definitions[str(tag.pk)] = number
        return tuple(codes), definitions

    def _person(self, line: int, name: str) -> User:
        if name and name not in self.members and name not in self.strangers:
            self.strangers.add(name)
            heir = self.stranger.username
            self.report.remark(
                line, f"“{name}” is not a member of this project; the work goes to {heir}."
            )
        return self.members.get(name, self.stranger)

    def _assigned(self, works: list[tuple[Numbered, Work]]) -> list[tuple[Numbered, Work]]:
        """Those whose authors have the article or can be given it; the others are refused."""
        kept = []
        for (line, record), work in works:
            if reason := self._why_not(work.annotation):
                self.report.refuse(line, f"annotation: {reason}")
            else:
                kept.append(((line, record), work))
        return kept

    def _why_not(self, one: Annotation) -> str:
        """Why its author may not have the article; nothing if she has it, maybe since now.

        Each is asked for once: should it be taken from her later, `take_in` refuses it.
        """
        key = (one.article_id, one.author_id)
        if one.layer == Annotation.Layer.GOLD:
            return ""
        if key not in self.refused:
            self.refused[key] = ""
            try:
                with transaction.atomic():
                    article = Article.objects.defer("raw").get(pk=one.article_id)
                    article.project = self.project
                    own = assigning.assign(by=self.by, article=article, analyst=one.author)
                    if not own.open:  # this says why
                        assigning.begin(by=self.by, article_id=article.pk, analyst=one.author)
            except assigning.AssigningError as error:
                self.refused[key] = str(error)
        return self.refused[key]

    def _take_in(self, works: list[tuple[Numbered, Work]]) -> None:
        """Store them together, or one by one if somebody was faster with one of them."""
        if not works:
            return None
        try:
            take_in(by=self.by, works=[work for _, work in works])
        except REFUSING as error:
            if len(works) == 1:
                return self.report.refuse(works[0][0][0], f"annotation: {why(error)}")
            for work in works:
                self._take_in([work])
            return None
        self.report.stored += len(works)
        for (line, record), work in works:
            if record.links:
                self.linked.append((line, work.annotation.pk, record.links))
        return None

    def _link(self, batch: Sequence[tuple[int, uuid.UUID, Sequence[LinkRecord]]]) -> None:
        """Link what was stored, now that all is there that a link may lead to."""
        wanted = {tie.claim: self._known_as(tie.claim) for _, _, ties in batch for tie in ties}
        ids = {pk for pks in wanted.values() for pk in pks} | {pk for _, pk, _ in batch}
        rows = Annotation.objects.standing().filter(project=self.project, pk__in=ids)
        found = {one.pk: one for one in rows.select_related("project", "author").order_by()}
        for line, pk, ties in batch:
            if pk not in found:
                self.report.remark(line, "its links were left out: it was removed meanwhile.")
                continue
            known = [(tie, [x for x in wanted[tie.claim] if x in found]) for tie in ties]
            links = [Tie(tie.relation, str(pks[0])) for tie, pks in known if pks]
            if len(links) < len(ties):
                self.report.remark(line, "a link was left out: its claim is not in the project.")
            try:
                if links:
                    annotating.link(by=self.by, annotation=found[pk], links=links)
            except (DoorError, Stale) as error:
                # Counted once, as what is told of it.
                self.report.stored -= 1
                self.report.refuse(line, f"links: {error} It is stored without them.")

    def _known_as(self, told: str) -> list[uuid.UUID]:
        """Under which ids the annotation of this id in the file may be stored."""
        if key := as_uuid(told):
            return [key, uuid.uuid5(self.project.pk, str(key))]
        return [self.named[told]] if told in self.named else []

    def _comment(self, line: int, told: CommentRecord) -> bool:
        """Asks nobody anew; who is no member is not named any more."""
        own = Annotation.objects.select_related("project", "author").filter(project=self.project)
        annotation = own.filter(pk__in=self._known_as(told.annotation)).first()
        if annotation is None:
            raise StoringError("What it is about is not in the project.")
        author = self._person(line, told.author)
        members = nameable_for(author, self.project).filter(username__in=told.mentions)
        wanted = as_uuid(told.id) or uuid.uuid5(self.project.pk, repr(told))
        elsewhere = Comment.objects.filter(pk=wanted).exclude(project=self.project)
        _, made = discussing.comment(
            by=self.by, author=author, annotation=annotation, text=told.text, asks=False,
            id=uuid.uuid5(self.project.pk, str(wanted)) if elsewhere.exists() else wanted,
            mentions=list(members.values_list("username", flat=True)),
            said=told.created if LONG_AGO < told.created < timezone.now() else None,
        )  # fmt: skip
        return made
