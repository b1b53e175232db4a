"""What the pages show of threads: how much is said where, and what is asked of a person."""

from typing import Any

from django.db.models import Count, Prefetch, QuerySet

from annotations.access import comments_for, notices_for, offered_for
from annotations.models import Comment, Notice, Span
from corpus_app.models import Article, User

ASKED_AT_ONCE = 20


def of_page(user: User, article: Article) -> dict:
    """What the workbench's page carries of threads, in a constant number of queries.

    `comments`: how many stand under each annotation; `asked`: the annotations under which the
    person is named and has not looked; `colleagues`: whom she is offered to name, as [user name,
    shown name]; `said`: her own comments as [id, annotation, version, text, user names it names,
    when made, when taken back]. Others' words are read when a thread is opened.
    """
    seen = comments_for(user).filter(article=article).order_by()
    counted = seen.filter(deleted=None).values_list("annotation").annotate(Count("pk"))
    unread = notices_for(user).filter(comment__article=article, read=None).order_by()
    members = offered_for(user, article).order_by("username")
    own = whole(seen.filter(author=user)).order_by("created", "id")
    return {
        "comments": {str(annotation): number for annotation, number in counted},
        "asked": list(unread.values_list("comment__annotation", flat=True).distinct()),
        "colleagues": [[person.username, person.shown_name] for person in members],
        "said": [
            [
                one.pk, one.annotation_id, one.version, one.text, names_of(one), one.created,
                one.deleted,
            ]
            for one in own
        ],
    }  # fmt: skip


def whole(comments: QuerySet[Comment]) -> QuerySet[Comment]:
    """The comments with all that is shown of them, in two queries."""
    notices = Notice.objects.select_related("person").order_by("person__username")
    named = comments.prefetch_related(Prefetch("notices", notices))
    return named.select_related("author", "project")


def names_of(comment: Comment) -> list[str]:
    """The user names of those the comment names, in order."""
    return [notice.person.username for notice in comment.notices.all()]


def comment_as_json(comment: Comment, reader: User) -> dict[str, Any]:
    """The comment as the API shows it; reads what `whole` fetches."""
    told = comment.deleted is None or comment.author_id == reader.pk
    return {
        "id": comment.pk, "project": comment.project.slug, "article": comment.article_id,
        "annotation": comment.annotation_id, "author": comment.author.username,
        "name": comment.author.shown_name, "text": comment.text if told else "",
        "mentions": names_of(comment) if told else [], "version": comment.version,
        "created": comment.created, "updated": comment.updated, "deleted": comment.deleted,
    }  # fmt: skip


def asked_of(user: User) -> list[Comment]:
    """The newest comments that name the person and that she has not read, with their quotes."""
    unread = notices_for(user).filter(read=None).order_by("-comment__created", "-pk")
    spans = Span.objects.order_by("start")
    found = unread.select_related(
        "comment__author", "comment__project", "comment__article", "comment__annotation"
    ).defer("comment__article__raw").prefetch_related(
        Prefetch("comment__annotation__spans", spans)
    )  # fmt: skip
    return [notice.comment for notice in found[:ASKED_AT_ONCE]]
