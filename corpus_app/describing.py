"""The door to what is known of a stored article: who wrote it, where and when it appeared."""

from typing import Any

from django.db import transaction

from corpus_app import ingest, reuse
from corpus_app.history import DoorError, advance, record
from corpus_app.ingest import Fields, IngestError
from corpus_app.models import Article, User
from corpus_app.names import UnfitName, clean_prose


class DescribingError(DoorError):
    """Metadata that cannot be stored; `messages` says why, field by field."""


@transaction.atomic
def describe(*, by: User, article: Article, seen: int, fields: Fields) -> Article:
    """The article with these metadata; its text stays. Nothing is written if nothing is new.

    An outlet that the project does not have yet is made. Raises DescribingError; Stale if the
    article has moved on since version `seen`.
    """
    values = _checked(article, fields)
    stored = Article.objects.select_related("outlet", "story").defer("raw").get(pk=article.pk)
    before, day = ingest.as_values(stored), stored.published_on
    values["outlet"] = ingest.outlet_named(by, article.project, fields.outlet)
    if all(getattr(stored, name) == value for name, value in values.items()):
        return article
    advance(article, seen=seen, **values)
    record(
        by=by, verb="described", thing=article, article_id=article.pk, before=before,
        after=ingest.as_values(article),
    )  # fmt: skip
    if article.published_on != day:
        # What was taken over from the other is a matter of who was first.
        reuse.redirect(article=article)
    return article


def _checked(article: Article, fields: Fields) -> dict[str, Any]:
    if fields.story and fields.story.project_id != article.project_id:
        raise DescribingError(story="There is no such story in this project.")
    try:
        ingest.check(fields)
        names = {
            name: [clean_prose(one).strip() for one in getattr(fields, name)]
            for name in ("authors", "translators")
        }
        prose = {name: clean_prose(getattr(fields, name)) for name in ("title", "rights")}
    except IngestError as error:
        told = {name: " ".join(texts) for name, texts in error.messages.items()}
        raise DescribingError(**told) from error
    except UnfitName as error:
        raise DescribingError(str(error)) from error
    return {
        **names, "title": prose["title"].strip(), "rights": prose["rights"],
        "story": fields.story, "published_on": fields.published_on, "url": fields.url,
        "language": fields.language or article.project.language,
    }  # fmt: skip
