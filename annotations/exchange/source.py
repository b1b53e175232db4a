"""What one person may export of a project."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from annotations.access import (
    annotations_for,
    codebooks_for,
    comments_for,
    facets_for,
    links_for,
    tags_for,
)
from annotations.exchange import record
from annotations.exchange.record import AnnotationRecord, ArticleRecord
from annotations.models import Annotation, ClaimTag, Codebook, Comment, Facet, Link, Notice
from corpus_app.access import actors_for, articles_for
from corpus_app.models import Actor, Article, Project, User

COMMENTS_AT_ONCE = 500


@dataclass(frozen=True)
class Source:
    """A project's rows as far as one person sees them; what is deleted is left out."""

    project: Project
    codebook: Codebook | None
    facets: QuerySet[Facet]
    tags: QuerySet[ClaimTag]
    actors: QuerySet[Actor]
    articles: QuerySet[Article]
    annotations: QuerySet[Annotation]
    links: QuerySet[Link]
    comments: QuerySet[Comment]

    def facet_of_tags(self) -> dict[str, str]:
        """The slug of the facet of each tag."""
        return {str(tag): facet for tag, facet in self.tags.values_list("pk", "facet__slug")}

    def discussed(self) -> Iterator[Comment]:
        """The comments on these annotations with whom they name, in the order they were made."""
        own = Exists(self.annotations.filter(pk=OuterRef("annotation")))
        named = Prefetch("notices", Notice.objects.select_related("person"))
        rows = self.comments.filter(own).select_related("author").prefetch_related(named)
        return rows.order_by("created", "id").iterator(COMMENTS_AT_ONCE)

    def annotated(self) -> Iterator[tuple[ArticleRecord, list[AnnotationRecord]]]:
        """Each article without its raw input, and its annotations in the order they were made."""
        read = record.articles(self.articles, whole=False)
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
        articles=articles_for(user).filter(project=project).order_by("created", "id"),
        # Neither sorted nor of the project: SQLite would go through all of it for each batch.
        annotations=annotations_for(user).standing().order_by(),
        links=links_for(user),
        comments=comments_for(user).filter(project=project, deleted=None),
    )
