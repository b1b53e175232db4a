"""What annotations refer to, on its way from a file into a project: codebook, actors, outlets,
stories, articles.

What is there already, by slug, name, title or text, is left as it is: also what is empty of an
outlet or story that the desk has is not filled.
"""

import hashlib
import uuid
from collections import OrderedDict
from dataclasses import dataclass
from operator import attrgetter

from django.db.models import QuerySet

from annotations import codebook, retagging
from annotations.checking import Lists
from annotations.exchange.neutral import (
    ActorRecord,
    ArticleRecord,
    CodebookRecord,
    FacetRecord,
    OutletRecord,
    RevisionRecord,
    StoryRecord,
    TagRecord,
)
from annotations.exchange.settling import Settled, slices_of
from annotations.exchange.storable import StoringError
from annotations.models import ClaimTag, Codebook, Facet
from corpus_app import actors, ingest, outlets, registry, revising
from corpus_app.history import DoorError
from corpus_app.models import Actor, Article, Outlet, Project, Revision, Story, User
from corpus_app.names import clean_name, name_key
from corpus_app.report import Report
from corpus_app.text import Slice, sha256

MOST_TEXTS = 32  # in memory
FROM_FILE = "Read from a file."


@dataclass(frozen=True)
class Place:
    """A stored article, and the stored revision of each that a file names, by its id there."""

    article: uuid.UUID
    revisions: dict[str, uuid.UUID]


class Shelf:
    """A project's codebook, actors and articles, and those that a file brings."""

    def __init__(self, by: User, project: Project, report: Report):
        self.by, self.project, self.report = by, project, report
        self.own = {"by": by, "project": project}
        self._waiting: list[registry.Entry] = []
        self._mergers: list[tuple[int, str, str]] = []
        self._lists: Lists | None = None
        self._slugs: dict[str, ClaimTag] = {}
        self._names: dict[str, str] = {}
        self._places: dict[str, Place] = {}
        self._settled: OrderedDict[str, Settled] = OrderedDict()
        self._texts: OrderedDict[uuid.UUID, Revision] = OrderedDict()

    def codebook(self, line: int, told: CodebookRecord) -> bool:
        """Whether the project's codebook has got this name and description now.

        It does if it had neither from anybody; else the desk keeps its own, which is told.
        """
        own = Codebook.objects.filter(project=self.project).first()
        if own is None:
            codebook.codebook_of(**self.own, name=told.name, description=told.description)
            return True
        name = told.name or own.name
        if (own.name, own.description) == (name, told.description):
            return False
        if own.description or own.name != codebook.usual_name(self.project):
            words = f"the codebook keeps its own name and description, “{own.name}”."
            self.report.remark(line, words)
            return False
        codebook.change_codebook(
            by=self.by, codebook=own, seen=own.version, name=name, description=told.description
        )
        return True

    def facet(self, line: int, told: FacetRecord) -> bool:
        """Whether the facet was made now."""
        if Facet.objects.filter(project=self.project, slug=told.slug).exists():
            return False
        names = ("slug", "name", "position", "choose", "required", "takes_stance")
        facet = codebook.create_facet(
            by=self.by, codebook=codebook.codebook_of(**self.own),
            values=codebook.FacetValues(**{name: getattr(told, name) for name in names}),
        )  # fmt: skip
        if told.retired:
            codebook.retire(by=self.by, thing=facet, seen=facet.version)
        self._lists = None
        return True

    def tag(self, line: int, told: TagRecord) -> bool:
        """Whether the tag was made now, with all its definitions."""
        tags = ClaimTag.objects.filter(project=self.project)
        if tags.filter(slug=told.slug).exists():
            return False
        facet = Facet.objects.filter(project=self.project, slug=told.facet).first()
        parent = tags.filter(slug=told.parent).first() if told.parent else None
        if facet is None or (told.parent and parent is None):
            missing = f"tag “{told.parent}” above it" if facet else f"facet “{told.facet}”"
            raise StoringError(f"There is no {missing}.")
        tag = self._defined(told, facet, parent)
        if told.retired:
            codebook.retire(by=self.by, thing=tag, seen=tag.version)
        if told.merged_into:
            self._mergers.append((line, told.slug, told.merged_into))
        self._lists = None
        return True

    def _defined(self, told: TagRecord, facet: Facet, parent: ClaimTag | None) -> ClaimTag:
        tag = None
        for wording in sorted(told.definitions, key=attrgetter("number")):
            values = codebook.TagValues(
                label=wording.label, slug=told.slug, parent=parent, key=told.key,
                colour=told.colour, position=told.position, definition=wording.text,
                examples=tuple(wording.examples),
            )  # fmt: skip
            if tag is None:
                tag = codebook.create_tag(by=self.by, facet=facet, values=values)
            else:
                codebook.change_tag(by=self.by, tag=tag, seen=tag.version, values=values)
        if tag is None:
            raise StoringError("It has no definition.")
        return tag

    def actor(self, line: int, told: ActorRecord) -> None:
        """Keep the actor until all are read, since one may be part of a later one."""
        self._waiting.append((line, told._asdict()))

    def outlet(self, line: int, told: OutletRecord) -> bool:
        """Whether the outlet was made now. Raises OutletError."""
        own = Outlet.objects.filter(project=self.project, name_key=name_key(told.name))
        if own.exists():
            return False
        outlets.create_outlet(**self.own, values=outlets.OutletValues(**told._asdict()))
        return True

    def story(self, line: int, told: StoryRecord) -> bool:
        """Whether the story was made now. Raises OutletError."""
        title = clean_name(told.title)
        if Story.objects.filter(project=self.project, title=title).exists():
            return False
        outlets.create_story(**self.own, values=outlets.StoryValues(**told._asdict()))
        return True

    def settle(self) -> None:
        """Store what had to wait for the end of the codebook and of the actors."""
        waiting, self._waiting = self._waiting, []
        if waiting:
            told = registry.bring(**self.own, entries=waiting, report=Report(), only_new=True)
            self.report.stored += told.stored
            self.report.unchanged += told.unchanged
            for problem in told.problems:
                self.report.refuse(problem.line, f"actor: {problem.reason}")
            self.report.refused += told.refused - len(told.problems)
            for remark in told.remarks:
                self.report.remark(remark.line, f"actor: {remark.reason}")
            self.report.remarked += told.remarked - len(told.remarks)
            self._lists = None
        mergers, self._mergers = self._mergers, []
        while mergers:
            # Into a merged tag nothing is merged, so a chain begins with what nothing leads to.
            targets = {target for _, _, target in mergers}
            first = [one for one in mergers if one[1] not in targets] or mergers
            for line, source, target in first:
                self._merge(line, source, target)
            mergers = [one for one in mergers if one not in first]

    def _merge(self, line: int, source: str, target: str) -> None:
        tags = ClaimTag.objects.filter(project=self.project).select_related("project", "facet")
        pair = {tag.slug: tag for tag in tags.filter(slug__in=[source, target])}
        try:
            if target not in pair:
                raise StoringError(f"There is no tag “{target}”.")
            retagging.merge_tags(
                by=self.by, source=pair[source], target=pair[target], reason=FROM_FILE
            )
        except DoorError as error:
            self.report.remark(line, f"“{source}” is stored, but not merged: {error}")
        self._lists = None

    def lists(self) -> Lists:
        """What contents may name, as it is now."""
        if self._lists is None:
            tags = ClaimTag.objects.filter(project=self.project).select_related("facet")
            self._slugs = {tag.slug: tag for tag in tags.order_by()}
            rows = Actor.objects.filter(project=self.project).order_by()
            self._names = {key: str(pk) for key, pk in rows.values_list("name_key", "pk")}
            required = Facet.objects.filter(project=self.project, required=True, retired=None)
            self._lists = Lists(
                {str(tag.pk): tag for tag in self._slugs.values()},
                frozenset(self._names.values()), list(required),
            )  # fmt: skip
        return self._lists

    def tag_called(self, slug: str) -> ClaimTag:
        """The tag of this slug. Raises StoringError if there is none."""
        self.lists()
        if slug not in self._slugs:
            raise StoringError(f"There is no tag “{slug}” in the codebook.")
        return self._slugs[slug]

    def actor_called(self, line: int, name: str) -> str:
        """The id, as text, of the actor of this name; made and remarked if there is none."""
        self.lists()
        if name_key(name) not in self._names:
            made = actors.create(**self.own, values=actors.ActorValues(name))
            self.report.remark(line, f"the actor “{made.name}” was made, of the kind “other”.")
            self._lists = None
            self.lists()
        return self._names[name_key(name)]

    def article(self, line: int, told: ArticleRecord) -> bool:
        """Whether the article was made now. Raises DoorError."""
        settled = {r.id: Settled(r.text) for r in told.revisions if r.text}
        known = self._recognised(told, settled)
        if known is None:
            if not settled:
                raise StoringError("It has no text, and no article here is known by its values.")
            article = self._made(line, told, settled).pk
        else:
            article = known
        self._remember(told, settled, article)
        return known is None

    def _recognised(self, told: ArticleRecord, settled: dict[str, Settled]) -> uuid.UUID | None:
        """The article of this raw input, or else of one of these texts, or else of this id.

        One that has neither is known by its address or title, if only one has that.
        """
        rows = Article.objects.filter(project=self.project).order_by()
        raw = {told.raw_sha256} | {sha256(one.text) for one in settled.values()} - {""}
        if found := _one(rows.filter(raw_sha256__in=raw - {""})):
            return found
        texts = {sha256(one.text) for one in settled.values()}
        texts |= {revision.sha256 for revision in told.revisions if revision.sha256}
        if found := _one(rows.filter(revisions__sha256__in=texts).distinct()):
            return found
        if settled:
            return None
        if (pk := as_uuid(told.id)) and (found := _one(rows.filter(pk=pk))):
            return found
        named = {"url": told.url} if told.url else {"title": told.title}
        fits = rows.filter(**named).values_list("pk", flat=True)[:2] if any(named.values()) else ()
        return fits[0] if len(fits) == 1 else None

    def _made(self, line: int, told: ArticleRecord, settled: dict[str, Settled]) -> Article:
        if told.raw and hashlib.sha256(told.raw).hexdigest() != told.raw_sha256:
            raise StoringError("Its raw input does not have the SHA-256 that it says.")
        fields = ingest.Fields(
            title=told.title, authors=tuple(told.authors), translators=tuple(told.translators),
            outlet=told.outlet, published_on=told.published_on, language=told.language,
            url=told.url, rights=told.rights, story=self._story(told.story),
        )  # fmt: skip
        revisions = sorted(told.revisions, key=attrgetter("number"))
        wordings = [self._wording(line, told, r, settled[r.id]) for r in revisions if r.text]
        return ingest.store_as_is(
            **self.own, wordings=wordings, fields=fields, data=told.raw, name=told.raw_name,
            kind=(told.raw and told.raw_type) or "text/plain",
        )  # fmt: skip

    def _wording(
        self, line: int, told: ArticleRecord, revision: RevisionRecord, settled: Settled
    ) -> revising.Wording:
        slices = tuple(
            Slice(one.kind, *settled.stretch(one.start, one.end)) for one in revision.passages
        )
        wording = revising.Wording(settled.text, slices, revision.roles)
        if not slices or revising.fault(wording):
            if slices:
                self.report.remark(line, f"its passages do not fit: {revising.fault(wording)}")
            slices = slices_of(settled.text, told.title)
            wording = revising.Wording(settled.text, slices, revision.roles)
        return wording

    def _story(self, title: str) -> Story | None:
        if not title:
            return None
        return Story.objects.filter(project=self.project, title=title).first() or (
            outlets.create_story(**self.own, values=outlets.StoryValues(title=title))
        )

    def _remember(
        self, told: ArticleRecord, settled: dict[str, Settled], article: uuid.UUID
    ) -> None:
        rows = Revision.objects.filter(article=article).order_by("number")
        stored = list(rows.values_list("sha256", "number", "pk"))
        by_text = {digest: pk for digest, _, pk in stored}
        by_number = {number: pk for _, number, pk in stored}
        found = {}
        for revision in told.revisions:
            one = settled.get(revision.id)
            digest = sha256(one.text) if one else revision.sha256
            numbered = None if one else by_number.get(revision.number)
            found[revision.id] = by_text.get(digest) or numbered or stored[-1][2]
            if one and not one.same:
                _keep(self._settled, revision.id, one)
        self._places[told.id] = Place(article, found or {"": stored[-1][2]})

    def revision(self, article: str, revision: str) -> tuple[Revision, Settled | None]:
        """The stored revision of these ids in the file, and how a given text was settled.

        Where only the article is known, its newest text. Raises StoringError for an unknown one.
        """
        place = self._places.get(article) or self._placed(article)
        pk = place.revisions.get(revision) or list(place.revisions.values())[-1]
        stored = self._texts.get(pk)
        if stored is None:
            stored = Revision.objects.get(project=self.project, pk=pk)
            stored.project = self.project
        _keep(self._texts, pk, stored)
        return stored, self._settled.get(revision)

    def _placed(self, article: str) -> Place:
        """The place of an article that the file has no row for, by its id."""
        pk = as_uuid(article)
        rows = Revision.objects.filter(project=self.project, article=pk).order_by("number")
        found = {str(pk): pk for pk in rows.values_list("pk", flat=True)} if pk else {}
        if not found:
            raise StoringError(f"There is no article “{article}”.")
        self._places[article] = Place(pk, found)
        return self._places[article]


def as_uuid(told: str) -> uuid.UUID | None:
    """The id as a UUID, if it is one."""
    try:
        return uuid.UUID(told)
    except ValueError:
        return None


def _one(rows: QuerySet[Article]) -> uuid.UUID | None:
    return rows.values_list("pk", flat=True).first()


def _keep(kept: OrderedDict, key, value) -> None:
    kept[key] = value
    kept.move_to_end(key)
    if len(kept) > MOST_TEXTS:
        kept.popitem(last=False)
