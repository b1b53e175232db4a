"""What one person may export of a project."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from operator import attrgetter
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from annotations.access import (
    annotations_for,
    codebooks_for,
    comments_for,
    facets_for,
    judged_for,
    links_for,
    tags_for,
    undecided_for,
)
from annotations.exchange import record
from annotations.exchange.neutral import (
    ActorRecord,
    AnnotationRecord,
    ArticleRecord,
    CodebookRecord,
    CommentRecord,
    DefinitionRecord,
    FacetRecord,
    OutletRecord,
    Parcel,
    ProjectRecord,
    StoryRecord,
    TagRecord,
)
from annotations.models import (
    Annotation,
    ClaimTag,
    Codebook,
    Comment,
    Facet,
    Link,
    Member,
    Notice,
)
from corpus_app import actors
from corpus_app.access import actors_for, articles_for, curates, outlets_for, stories_for
from corpus_app.history import DoorError
from corpus_app.models import Actor, Article, Membership, Outlet, Project, Story, User

COMMENTS_AT_ONCE = 500


class NarrowingError(DoorError):
    """Something by which an export cannot be narrowed; `messages` says what, by its name."""


@dataclass(frozen=True)
class Source:
    """A project's rows as far as one person sees them; what is deleted is left out."""

    project: Project
    codebook: Codebook | None
    facets: QuerySet[Facet]
    tags: QuerySet[ClaimTag]
    actors: QuerySet[Actor]
    outlets: QuerySet[Outlet]
    stories: QuerySet[Story]
    articles: QuerySet[Article]
    annotations: QuerySet[Annotation]
    links: QuerySet[Link]
    comments: QuerySet[Comment]
    judged: QuerySet[Member]
    undecided: QuerySet[Member]
    curated: bool = False  # whether she may know who else is a member

    def parcel(self) -> Parcel:
        """The same as neutral records, for a writer."""
        project, codebook = self.project, self.codebook
        return Parcel(
            project=ProjectRecord(
                str(project.pk), project.slug, project.name, project.description,
                project.language, project.blind,
            ),
            codebook=CodebookRecord(codebook.name, codebook.description) if codebook else None,
            facets=tuple(_facet(facet) for facet in self.facets),
            tags=tuple(self._tags()),
            actors=self._actors,
            articles=lambda: record.articles(self.articles),
            annotated=self._annotated,
            comments=self._discussed,
            decided=self._decided,
            outlets=lambda: map(_outlet, self.outlets.iterator()),
            stories=lambda: map(_story, self.stories.iterator()),
        )  # fmt: skip

    def _tags(self) -> Iterator[TagRecord]:
        """The tags with the broader before the narrower, and retired ones before others.

        So a reader finds the broader, and a retired tag's key is free again for its successor.
        """
        rows = self.tags.select_related("facet", "parent", "merged_into")
        parts = defaultdict(list)
        for row in sorted(rows.prefetch_related("definitions"), key=lambda row: not row.retired):
            parts[row.parent_id].append(row)
        level = parts.pop(None, [])
        while level:
            yield from map(_tag, level)
            level = [part for row in level for part in parts.pop(row.pk, [])]

    def _actors(self) -> Iterator[ActorRecord]:
        for actor in self.actors.with_parts():
            told = actors.as_values(actor)
            lists = {name: tuple(told[name]) for name in ("part_of", "aliases", "external_ids")}
            yield ActorRecord(**{**told, **lists, "id": str(actor.pk)})

    def _discussed(self) -> Iterator[CommentRecord]:
        """The comments on these annotations with whom they name, in the order they were made."""
        own = Exists(self.annotations.filter(pk=OuterRef("annotation")))
        named = Prefetch("notices", Notice.objects.select_related("person"))
        rows = self.comments.filter(own).select_related("author").prefetch_related(named)
        for comment in rows.order_by("created", "id").iterator(COMMENTS_AT_ONCE):
            mentions = sorted(notice.person.username for notice in comment.notices.all())
            yield CommentRecord(
                str(comment.pk), str(comment.annotation_id), comment.author.username,
                comment.text, tuple(mentions), comment.created,
            )  # fmt: skip

    def _decided(self) -> dict[str, bool]:
        return {
            str(pk): decided
            for decided, members in ((True, self.judged), (False, self.undecided))
            for pk in members.values_list("annotation", flat=True)
        }

    def _annotated(
        self, passages: bool = False
    ) -> Iterator[tuple[ArticleRecord, list[AnnotationRecord]]]:
        """Each article without its raw input, and its annotations in the order they were made."""
        read = record.articles(self.articles, raw=False, passages=passages)
        for articles in record.batches(read, record.ARTICLES_AT_ONCE):
            ids = [article.id for article in articles]
            found = defaultdict(list)
            for annotation in record.of_articles(self.annotations, self.links, ids):
                found[annotation.article].append(annotation)
            for article in articles:
                yield article, sorted(found[article.id], key=attrgetter("created", "id"))


def source_for(user: User, project: Project) -> Source:
    """What the user may export of the project."""
    return Source(
        project=project,
        codebook=codebooks_for(user).filter(project=project).first(),
        facets=facets_for(user).filter(project=project).order_by("position", "slug"),
        tags=tags_for(user).filter(project=project).order_by("facet__position", "position", "slug"),
        actors=actors_for(user).filter(project=project).order_by("created", "id"),
        outlets=outlets_for(user).filter(project=project).order_by("created", "id"),
        stories=stories_for(user).filter(project=project).order_by("created", "id"),
        articles=articles_for(user).filter(project=project).order_by("created", "id"),
        # Neither sorted nor of the project: SQLite would go through all of it for each batch.
        annotations=annotations_for(user).standing().order_by(),
        links=links_for(user),
        comments=comments_for(user).filter(project=project, deleted=None),
        judged=judged_for(user).filter(project=project),
        undecided=undecided_for(user).filter(project=project),
        curated=curates(user, project),
    )


def narrowed(
    source: Source,
    *,
    layer: str = "",
    author: str = "",
    article: str = "",
    story: str = "",
    outlet: str = "",
) -> Source:
    """Those of the source's annotations that are of this layer, by this person (a user name), on
    this article or those of a story or outlet (each by its id), and then only these articles.

    What is empty does not narrow. Raises NarrowingError for what is not in the source; but who
    does not curate is not told who has to do with the project, and gets nothing of nobody.
    """
    annotations, articles = source.annotations, source.articles
    if layer and layer not in Annotation.Layer.values:
        raise NarrowingError(layer=f"“{layer}” is neither of the layers analyst and gold.")
    for name, told in (("pk", article), ("story", story), ("outlet", outlet)):
        if told:
            articles = articles.filter(**{name: _id(told, name)})
            if not articles.exists():
                if name == "pk":
                    raise NarrowingError(article="There is no such article here.")
                raise NarrowingError(**{name: f"No article here is of this {name}."})
    if author:
        members = Membership.objects.filter(project=source.project, user__username=author)
        annotations = annotations.filter(author__username=author)
        own = annotations.filter(project=source.project)
        if source.curated and not (members.exists() or own.exists()):
            raise NarrowingError(author=f"“{author}” has nothing to do with this project.")
    if layer:  # nothing of the other one stands for it
        annotations = annotations.filter(layer=layer)
        source = replace(source, judged=source.judged.none(), undecided=source.undecided.none())
    if article or story or outlet:
        annotations = annotations.filter(article__in=articles.order_by().values("pk"))
    links = source.links.filter(claim__in=annotations.values("pk"))
    return replace(source, annotations=annotations, articles=articles, links=links)


def _id(told: str, name: str) -> UUID:
    try:
        return UUID(told)
    except ValueError:
        called = "article" if name == "pk" else name
        raise NarrowingError(**{called: f"“{told}” is no id."}) from None


def _outlet(outlet: Outlet) -> OutletRecord:
    return OutletRecord(outlet.name, outlet.country, outlet.url, outlet.standpoint)


def _story(story: Story) -> StoryRecord:
    return StoryRecord(story.title, story.happened_on, story.summary)


def _facet(facet: Facet) -> FacetRecord:
    names = ("slug", "name", "position", "choose", "required", "takes_stance", "retired")
    return FacetRecord(*(getattr(facet, name) for name in names), id=str(facet.pk))


def _tag(tag: ClaimTag) -> TagRecord:
    definitions = sorted(tag.definitions.all(), key=attrgetter("number"))
    return TagRecord(
        tag.slug, tag.facet.slug,
        tuple(DefinitionRecord(d.number, d.label, d.text, tuple(d.examples)) for d in definitions),
        parent=tag.parent.slug if tag.parent else "", key=tag.key, colour=tag.colour,
        position=tag.position, retired=tag.retired,
        merged_into=tag.merged_into.slug if tag.merged_into else "", id=str(tag.pk),
    )  # fmt: skip
