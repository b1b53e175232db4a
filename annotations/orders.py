"""What a curator can have done to many rows at once: what becomes of each row, and the doing.

An order is handed to `operating`, which looks at it and runs it. Rows are read or locked a batch
at a time, so that memory does not grow with their number.
"""

import uuid
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import Model
from django.utils import timezone

from annotations import adjudication, assigning, bulk, codebook
from annotations.bulk import AT_ONCE, Book, Rewrite, Snapshot, replaced
from annotations.content import STANCES
from annotations.models import Annotation, Assignment, Case, ClaimTag, Decision, Facet
from corpus_app.history import DoorError, Stale, part_of
from corpus_app.models import Operation, Project, User

DECIDED = "gold by a decision: reopen its case instead"
LACKING = "handed in, and would lack something that the codebook requires"


class OperatingError(DoorError):
    """An operation that cannot be; the message says why."""


class Stays(Exception):
    """A row that the order does not change; the message says why."""


@dataclass(frozen=True)
class Fate:
    """What becomes of a row: its state before and after, or `why` it stays as it is.

    `undoes` is the event that is taken back, if it is one.
    """

    row: Model
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    why: str = ""
    undoes: uuid.UUID | None = None


@dataclass(frozen=True)
class Order(ABC):
    """Something to be done to rows of one model. `what` and `words` are how it is recorded."""

    what: ClassVar[str]
    model: ClassVar[type[Model]]

    @property
    @abstractmethod
    def words(self) -> str:
        """What is done, without numbers: they could tell of hidden work."""

    def check(self, project: Project) -> None:  # noqa: B027 - many orders make sense anywhere
        """Raise OperatingError if the order makes no sense in the project."""

    @abstractmethod
    def fates(
        self, project: Project, ids: Iterable[uuid.UUID], *, lock: bool
    ) -> Iterator[list[Fate]]:
        """What becomes of the project's rows of these ids, a batch at a time."""

    @abstractmethod
    def write(self, *, by: User, fates: list[Fate], operation: Operation) -> Counter[str]:
        """Do it to these locked rows; gives why some were refused, and how many."""


class OnAnnotations(Order):
    """An order to annotations. A subclass says what each shall say.

    Those that are `bounded` leave alone what was decided, and keep complete what is handed in.
    """

    model = Annotation
    verb: ClassVar[str]
    bounded: ClassVar[bool] = True

    @abstractmethod
    def told(self, book: Book, before: Snapshot) -> Snapshot:
        """What an annotation shall say that says this now. Raises Stays."""

    def fates(self, project, ids, *, lock):
        book = Book.of(project)
        for batch in (bulk.locked if lock else bulk.read)(project, ids):
            decided, handed_in = self._bounds([annotation.pk for annotation, _ in batch])
            yield [
                self._fate(book, row, before, row.pk in decided, row.pk in handed_in)
                for row, before in batch
            ]

    def _bounds(self, ids: list[uuid.UUID]) -> tuple[set[uuid.UUID], set[uuid.UUID]]:
        """Which of the annotations are gold by a decision, and which are handed in."""
        if not self.bounded:
            return set(), set()
        handed_in = Annotation.objects.filter(pk__in=ids).handed_in().order_by()
        decided = Decision.objects.filter(gold__in=ids).order_by()
        return (
            set(decided.values_list("gold", flat=True)),
            set(handed_in.values_list("pk", flat=True)),
        )

    def _fate(self, book: Book, row: Annotation, before: Snapshot, decided, handed_in) -> Fate:
        try:
            if decided:
                raise Stays(DECIDED)
            after = self.told(book, before)
            if handed_in and after["state"] == "draft" != before["state"]:
                raise Stays(LACKING)
        except Stays as reason:
            return Fate(row, before, before, str(reason))
        return Fate(row, before, after)

    def write(self, *, by, fates, operation):
        rewrites = [Rewrite(fate.row, fate.before, fate.after) for fate in fates]
        bulk.write(by=by, verb=self.verb, rewrites=rewrites, operation=operation)
        return Counter()


@dataclass(frozen=True)
class Recode(OnAnnotations):
    """One tag (`away`) gives way to another (`to`); either may be none.

    With a `stance`, `to` gets that one; a tag that gives way to itself gets a stance only.
    """

    away: ClaimTag | None = None
    to: ClaimTag | None = None
    stance: str = ""

    what = "recode"
    verb = "recoded"

    @property
    def words(self):
        stance = f" with the stance {self.stance}" if self.stance else ""
        if self.away and self.away == self.to:
            return f"“{self.to}”{stance}"
        if self.to is None:
            return f"“{self.away}” taken away"
        return f"“{self.away}” → “{self.to}”{stance}" if self.away else f"“{self.to}” added{stance}"

    def check(self, project):
        given = [tag for tag in (self.away, self.to) if tag]
        if not given:
            raise OperatingError("Say which tag is taken away, added or put in another's place.")
        if any(tag.project_id != project.pk for tag in given):
            raise OperatingError("These tags belong to another project.")
        if self.to and (self.to.retired or self.to.merged_into_id or self.to.facet.retired):
            raise OperatingError(to=f"“{self.to}” is retired, so nothing is tagged with it.")
        takes_stance = self.to and self.to.facet.takes_stance
        if self.stance and (self.stance not in STANCES or not takes_stance):
            raise OperatingError(stance="This tag takes no such stance.")
        if self.away == self.to and not self.stance:
            raise OperatingError(to="A tag in its own place changes nothing. Say a stance.")

    def told(self, book, before):
        if before["kind"] == Annotation.Kind.MENTION:
            raise Stays("a mention, which takes no tags")
        if before["deleted"]:
            raise Stays("removed")
        if self.away and str(self.away.pk) not in {c["tag"] for c in before["codings"]}:
            raise Stays(f"not tagged “{self.away}”")
        codings = self._with_stance(replaced(before["codings"], self.away, self.to))
        if codings == before["codings"]:
            raise Stays("so already")
        if self.to and self.to.facet.choose == Facet.Choose.ONE:
            facets = [book.tags[c["tag"]].facet_id for c in codings]
            if facets.count(self.to.facet_id) > 1:
                raise Stays(f"has another tag of “{self.to.facet}”, which takes one")
        return book.recoded(before, codings)

    def _with_stance(self, codings: list[dict]) -> list[dict]:
        """Who gives another stance decides anew, under the present definition."""
        anew = {"stance": self.stance, "definition": self.to and self.to.definition_number}
        return [
            {**coding, **anew}
            if self.stance and coding["tag"] == str(self.to.pk) and coding["stance"] != self.stance
            else coding
            for coding in codings
        ]


@dataclass(frozen=True)
class Remove(OnAnnotations):
    """Annotations are removed, all at one moment; they can be restored."""

    at: datetime = field(default_factory=timezone.now)

    what = "remove"
    verb = "removed"
    words = "Annotations removed"

    def told(self, book, before):
        if before["deleted"]:
            raise Stays("removed already")
        return {**before, "deleted": self.at.isoformat()}


@dataclass(frozen=True)
class Restore(OnAnnotations):
    """Removed annotations stand again, as they were."""

    what = "restore"
    verb = "restored"
    words = "Annotations restored"

    def told(self, book, before):
        if not before["deleted"]:
            raise Stays("stands already")
        return {**before, "deleted": None}


class OneByOne(Order):
    """An order to rows that a door writes one after another. A subclass names the door."""

    @abstractmethod
    def fate(self, row: Model) -> Fate:
        """What becomes of one row."""

    @abstractmethod
    def do(self, by: User, row: Model, reason: str) -> None:
        """Call the door, which may raise DoorError and Stale."""

    def fates(self, project, ids, *, lock):
        rows = self.rows().filter(project=project).order_by("pk")
        rows = rows.select_for_update(of=("self",)) if lock else rows
        ids = sorted(ids, key=str)
        for first in range(0, len(ids), AT_ONCE):
            yield [self.fate(row) for row in rows.filter(pk__in=ids[first : first + AT_ONCE])]

    def rows(self):
        """The rows with all that `fate` reads of them."""
        return self.model._base_manager.all()

    def write(self, *, by, fates, operation):
        refused = Counter()
        with part_of(operation):
            for fate in fates:
                try:
                    self.do(by, fate.row, operation.reason)
                except (DoorError, Stale) as error:
                    refused[str(error)] += 1
        return refused


@dataclass(frozen=True)
class RetireTags(OneByOne):
    """Tags are offered no more; annotations that have them keep them."""

    what = "retire"
    model = ClaimTag
    words = "Tags retired"

    def fate(self, row):
        before = {"retired": row.retired and row.retired.isoformat()}
        if row.retired:
            return Fate(row, before, before, "retired already")
        return Fate(row, before, {"retired": timezone.now().isoformat()})

    def do(self, by, row, reason):
        codebook.retire(by=by, thing=row, seen=row.version)


@dataclass(frozen=True)
class RetireFacets(RetireTags):
    """Facets are asked no more."""

    model = Facet
    words = "Facets retired"


@dataclass(frozen=True)
class Withdraw(OneByOne):
    """Work that is open is taken from its analyst; what she marked is kept, and not counted."""

    what = "withdraw"
    model = Assignment
    words = "Assignments withdrawn"

    def fates(self, project, ids, *, lock):
        if lock:  # first, as whoever gives out work does
            assigning.lock(project.pk)
        yield from super().fates(project, ids, lock=lock)

    def rows(self):
        return Assignment.objects.select_related("analyst", "article", "project")

    def fate(self, row):
        before = {"analyst": row.analyst.username, "state": row.state}
        if not row.open:
            return Fate(row, before, before, row.get_state_display())
        return Fate(row, before, {**before, "state": Assignment.State.WITHDRAWN})

    def do(self, by, row, reason):
        assigning.withdraw(by=by, assignment=row, seen=row.version, sure=True)


@dataclass(frozen=True)
class Reassign(Withdraw):
    """Work that is open goes to another analyst."""

    analyst: User

    what = "reassign"

    @property
    def words(self):
        return f"Assignments given to {self.analyst.shown_name}"

    def fate(self, row):
        fate = super().fate(row)
        if not fate.why and row.analyst_id == self.analyst.pk:
            return replace(fate, after=fate.before, why="hers already")
        after = {"analyst": self.analyst.username, "state": Assignment.State.ASSIGNED}
        return fate if fate.why else replace(fate, after=after)

    def do(self, by, row, reason):
        assigning.reassign(by=by, assignment=row, seen=row.version, analyst=self.analyst)


@dataclass(frozen=True)
class Reopen(OneByOne):
    """Cases are to be decided again; the gold of their decisions is removed, softly."""

    what = "reopen"
    model = Case
    words = "Cases reopened"

    def rows(self):
        return Case.objects.select_related("article", "project")

    def fate(self, row):
        before = {"state": row.state}
        why = "taken apart" if row.dissolved else "open already"
        if row.dissolved or row.state == Case.State.OPEN:
            return Fate(row, before, before, why)
        return Fate(row, before, {"state": Case.State.OPEN})

    def do(self, by, row, reason):
        adjudication.reopen(by=by, case=row, seen=row.version, reason=reason)
