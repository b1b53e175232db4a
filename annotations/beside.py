"""Which articles of one story stand side by side."""

import uuid
from collections.abc import Sequence

from django.db.models import Exists, F, OuterRef, QuerySet
from django.urls import reverse

from annotations.access import assignments_for
from corpus_app.access import articles_for
from corpus_app.models import Article, Story, User

FEWEST, MOST = 2, 4
AT_FIRST = 3  # columns, where the person did not choose


class Choice(Exception):
    """The articles asked for cannot stand side by side; the message says why."""


def story_of(user: User, article: Article) -> dict | None:
    """The article's story as its page tells of it: how many `others` report it, how many of them
    stand beside it `first`, and at which address.

    None where there is nothing to read beside the article.
    """
    if not article.story_id:
        return None
    others = articles_for(user).filter(story=article.story_id).exclude(pk=article.pk).count()
    if not others:
        return None
    address = f"{reverse('side-by-side', args=[article.story_id])}?articles={article.pk}"
    return {
        "id": article.story_id, "title": article.story.title, "others": others,
        "first": min(others, AT_FIRST - 1), "beside": address,
    }  # fmt: skip


def of_story(user: User, story: Story) -> QuerySet[Article]:
    """The story's articles as they are offered: the person's own first, then by date.

    Each has `mine`, whether it is assigned to her.
    """
    own = assignments_for(user).filter(article=OuterRef("pk"), analyst=user)
    offered = articles_for(user).filter(story=story).annotate(mine=Exists(own))
    return offered.select_related("outlet").order_by(
        "-mine", F("published_on").asc(nulls_last=True), "created", "id"
    )


def chosen(offered: Sequence[Article], asked: str) -> list[Article]:
    """The articles to show, of those `offered`: those asked for, as ids between commas.

    Asked for one, it comes with the first of the others; asked for none, the first are shown.
    Raises `Choice` for ids that are none or too many, `Article.DoesNotExist` for unknown ones.
    """
    ids = _ids(asked)
    by_id = {article.pk: article for article in offered}
    if not by_id.keys() >= set(ids):
        raise Article.DoesNotExist
    if len(ids) >= FEWEST:
        return [by_id[pk] for pk in ids]
    others = [article for article in offered if article.pk not in ids]
    return [*(by_id[pk] for pk in ids), *others][:AT_FIRST]


def _ids(asked: str) -> list[uuid.UUID]:
    try:
        ids = list(dict.fromkeys(uuid.UUID(one.strip()) for one in asked.split(",") if asked))
    except ValueError:
        raise Choice("An address names the articles by their ids, with commas between.") from None
    if len(ids) > MOST:
        raise Choice(f"At most {MOST} articles stand side by side; {len(ids)} were asked for.")
    return ids
