"""What annotations refer to, on its way from a file into a project: codebook, actors, outlets,
stories, articles.

What is there already, by slug, name, title or text, is left as it is. Only an outlet or story of
which no more is known than its name gets what the file knows of it.
"""

import hashlib
import uuid
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any

from django.db.models import Q, QuerySet

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
from annotations.models import ClaimTag, Facet
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
        self._taken: dict[uuid.UUID, str] = {}
        self._settled: OrderedDict[str, Settled] = OrderedDict()
        self._texts: OrderedDict[uuid.UUID, Revision] = OrderedDict()

    def codebook(self, line: int, told: CodebookRecord) -> bool:
        """Whether the project's codebook has got words of these now; what it keeps is told."""
        words = {"name": told.name, "description": told.description}
        is_written, kept = codebook.take_words(**self.own, **words)
        if kept:
            self.report.remark(line, f"the codebook keeps its own {' and '.join(kept)}.")
        return is_written

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
        """Whether the outlet was made, or got what is known of it. Raises OutletError."""
        rows = Outlet.objects.filter(project=self.project)
        own = rows.filter(name_key=name_key(told.name)).first()
        values = outlets.OutletValues(**told._asdict())
        if own is None:
            outlets.create_outlet(**self.own, values=values)
            return True
        known = ("country", "url", "standpoint")
        if not self._lacks(line, own, outlets.checked(own, values), known):
            return False
        values = replace(values, name=own.name)
        outlets.change_outlet(by=self.by, outlet=own, seen=own.version, values=values)
        return True

    def story(self, line: int, told: StoryRecord) -> bool:
        """Whether the story was made, or got what is known of it. Raises OutletError."""
        own = self._story_called(told.title)
        values = outlets.StoryValues(**told._asdict())
        if own is None:
            outlets.create_story(**self.own, values=values)
            return True
        if not self._lacks(line, own, outlets.checked(own, values), ("happened_on", "summary")):
            return False
        outlets.change_story(by=self.by, story=own, seen=own.version, values=values)
        return True

    def _lacks(
        self, line: int, own: Outlet | Story, told: Mapping[str, Any], known: Iterable[str]
    ) -> bool:
        """Whether the desk knows nothing of it that the file knows; else what it keeps is told."""
        differing = [name for name in known if told[name] and told[name] != getattr(own, name)]
        if differing and not any(getattr(own, name) for name in known):
            return True
        if differing:
            noun = "outlet" if isinstance(own, Outlet) else "story"
            self.report.remark(line, f"the {noun} “{own}” is here and stays as it is.")
        return False

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
            # A chain begins with what nothing leads to, so that nothing has to be moved twice.
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
                by=self.by, source=pair[source], target=pair[target], reason=FROM_FILE,
                chained=True,
            )  # fmt: skip
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
        known = self._recognised(line, told, settled)
        if known is None:
            if not settled:
                raise StoringError("It has no text, and no article here is known by its values.")
            article = self._made(line, told, settled).pk
        else:
            article = known
        lacking = self._remember(told, settled, article)
        if lacking:
            self.report.remark(line, f"{lacking} of its texts are not here, and were not brought.")
        return known is None

    def _recognised(
        self, line: int, told: ArticleRecord, settled: dict[str, Settled]
    ) -> uuid.UUID | None:
        """The article of this raw input, or else of one of these texts, or else of this id.

        One that has neither is known by its address or title, if only one has that.
        """
        rows = Article.objects.filter(project=self.project).defer("raw").order_by("created", "pk")
        if told.raw_sha256 and (found := rows.filter(raw_sha256=told.raw_sha256).first()):
            return found.pk
        if found := self._of_same_text(line, told, settled, rows):
            return found.pk
        if settled:
            return None
        if (pk := as_uuid(told.id)) and rows.filter(pk=pk).exists():
            return pk
        named = {"url": told.url} if told.url else {"title": told.title}
        fits = rows.filter(**named).values_list("pk", flat=True)[:2] if any(named.values()) else ()
        return fits[0] if len(fits) == 1 else None

    def _of_same_text(
        self, line: int, told: ArticleRecord, settled: dict[str, Settled], rows: QuerySet[Article]
    ) -> Article | None:
        """Of the articles with one of these texts the likeliest, as outlets print the same text.

        It is none that another article of the file is, nor, where the file brings raw input, one
        that was made of other raw input.
        """
        own = {sha256(one.text) for one in settled.values()}
        sums = own | {revision.sha256 for revision in told.revisions if revision.sha256}
        texts = Revision.objects.filter(project=self.project, sha256__in=sums)
        same = rows.filter(Q(raw_sha256__in=own) | Q(pk__in=texts.values("article")))
        if told.raw and told.raw_sha256 not in own:
            same = same.filter(raw_sha256__in=own)
        free = [
            one for one in same.select_related("outlet")
            if self._taken.get(one.pk, told.id) == told.id
        ]  # fmt: skip
        if not free:
            return None
        found = max(free, key=lambda one: _likeness(told, one))
        if told.outlet and found.outlet and not _is_of(told.outlet, found):
            other = f"“{found.shown_title}” of “{found.outlet}”"
            self.report.remark(line, f"it is taken for {other}, since the text is the same.")
        return found

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
        data = told.raw or self._raw_of(told, wordings[0].text)
        return ingest.store_as_is(
            **self.own, wordings=wordings, fields=fields, data=data, name=told.raw_name,
            kind=(told.raw and told.raw_type) or "text/plain",
        )  # fmt: skip

    def _raw_of(self, told: ArticleRecord, text: str) -> bytes:
        """What stands for raw input that the file does not have: the text.

        No two articles have the same, so of a second one with this text the particulars before it.
        """
        rows = Article.objects.filter(project=self.project, raw_sha256=sha256(text))
        head = (told.outlet, told.title, told.url, "") if rows.exists() else ()
        return "\n".join([*head, text]).encode()

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
        return self._story_called(title) or (
            outlets.create_story(**self.own, values=outlets.StoryValues(title=title))
        )

    def _story_called(self, title: str) -> Story | None:
        return Story.objects.filter(project=self.project, title=clean_name(title)).first()

    def _remember(
        self, told: ArticleRecord, settled: dict[str, Settled], article: uuid.UUID
    ) -> int:
        """How many of its texts the file has and the desk has not."""
        rows = Revision.objects.filter(article=article).order_by("number")
        stored = list(rows.values_list("sha256", "number", "pk"))
        by_text = {digest: pk for digest, _, pk in stored}
        by_number = {number: (digest, pk) for digest, number, pk in stored}
        found, lacking = {}, 0
        for revision in told.revisions:
            one = settled.get(revision.id)
            digest = sha256(one.text) if one else revision.sha256
            numbered, pk = by_number.get(revision.number, ("", None))
            # An earlier text may have come back later: each is told by its number, if that fits.
            same = pk if numbered == digest else by_text.get(digest)
            found[revision.id] = same or (None if one else pk) or stored[-1][2]
            lacking += bool(one and not same)
            if one and not one.same:
                _keep(self._settled, revision.id, one)
        self._place(told.id, Place(article, found or {"": stored[-1][2]}))
        return lacking

    def _place(self, known_as: str, place: Place) -> Place:
        self._taken[place.article] = known_as
        self._places[known_as] = place
        return place

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
        return self._place(article, Place(pk, found))


def as_uuid(told: str) -> uuid.UUID | None:
    """The id as a UUID, if it is one."""
    try:
        return uuid.UUID(told)
    except ValueError:
        return None


def _likeness(told: ArticleRecord, one: Article) -> tuple[bool, ...]:
    """By what else than its text an article is known, the surest first."""
    return (
        str(one.pk) == told.id, bool(told.url) and one.url == told.url, _is_of(told.outlet, one),
        one.title == told.title,
    )  # fmt: skip


def _is_of(outlet: str, one: Article) -> bool:
    return name_key(outlet) == (one.outlet.name_key if one.outlet else "")


def _keep(kept: OrderedDict, key, value) -> None:
    kept[key] = value
    kept.move_to_end(key)
    if len(kept) > MOST_TEXTS:
        kept.popitem(last=False)
