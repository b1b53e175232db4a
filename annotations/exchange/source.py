"""What one person may export of a project."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.db.models import QuerySet

from annotations.access import annotations_for, codebooks_for, facets_for, tags_for
from annotations.exchange import record
from annotations.exchange.record import AnnotationRecord, ArticleRecord
from annotations.models import Annotation, ClaimTag, Codebook, Facet
from corpus_app.access import actors_for, articles_for
from corpus_app.models import Actor, Article, Project, User


@dataclass(frozen=True)
class Source:
    """A project's rows as far as one person sees them; deleted annotations are left out."""

    project: Project
    codebook: Codebook | None
    facets: QuerySet[Facet]
    tags: QuerySet[ClaimTag]
    actors: QuerySet[Actor]
    articles: QuerySet[Article]
    annotations: QuerySet[Annotation]

    def annotated(self) -> Iterator[tuple[ArticleRecord, Iterator[AnnotationRecord]]]:
        """Each article without its raw input, and its annotations in the order they were made."""
        read = record.articles(self.articles, raw=False)
        for articles in record.batches(read, record.ARTICLES_AT_ONCE):
            ids = [article.id for article in articles]
            rows = self.annotations.filter(article__in=ids).order_by("article_id", "created", "id")
            found = {
                article: list(records)
                for article, records in groupby(record.annotations(rows), lambda r: r.article)
            }
            for article in articles:
                yield article, iter(found.get(article.id, ()))


def source_for(user: User, project: Project) -> Source:
    """What the user may export of the project."""
    return Source(
        project=project,
        codebook=codebooks_for(user).filter(project=project).first(),
        facets=facets_for(user).filter(project=project).order_by("position", "slug"),
        tags=tags_for(user).filter(project=project).order_by("facet__position", "position", "slug"),
        actors=actors_for(user).filter(project=project).order_by("created", "id"),
        articles=articles_for(user).filter(project=project).order_by("created", "id"),
        annotations=annotations_for(user).standing().filter(project=project),
    )
