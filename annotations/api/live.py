"""The API's live updates: what is new in an article, its newest text, and who else is there."""

import hashlib
import uuid
from collections.abc import Sequence
from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from annotations import desk_keeping, live, threads
from annotations.access import comments_for, links_for
from annotations.api.asked import article_called, checked
from annotations.api.desk_shapes import LiveSerializer, SinceSerializer
from annotations.exchange import record
from annotations.serializers import NewestSerializer, annotation_as_json
from corpus_app.access import articles_for
from corpus_app.api import Address, refuse_unknown
from corpus_app.api.answering import is_known
from corpus_app.models import Article, User


class Newest(Address):
    """Which text of an article is the newest.

    One query if the text is the one known by its ETag, one more if it is not.
    """

    @extend_schema(responses={200: NewestSerializer, 304: None})
    def get(self, request: Request, pk: str) -> Response:
        refuse_unknown(request)
        article, newest = _newest(request, pk)
        headers = _headers(f'"{newest.revision}"')
        if is_known(request, headers["ETag"]):
            return Response(status=304, headers=headers)
        return Response(_as_json(request.user, article, newest), headers=headers)


class Live(Address):
    """What was changed in an article since a moment: asked again and again by open pages.

    The answer is bounded, and its ETag is of what it tells: 304 as long as nothing more was
    changed. Changes that one was told already may be told again; pass over known versions.
    Without `since` everything is told from the beginning.

    At most three queries after the sign-in's two if nothing is new.
    """

    @extend_schema(parameters=[SinceSerializer], responses={200: LiveSerializer, 304: None})
    def get(self, request: Request, pk: str) -> Response:
        refuse_unknown(request, SinceSerializer().fields)
        asked = checked(SinceSerializer, request.query_params.dict())
        article, newest = _newest(request, pk)
        since, after = asked.get("since"), asked.get("after")
        changed = live.changed(request.user, article, since, after, blind=newest.blind)
        here = [] if newest.blind else live.here(request.user, article)
        told = repr((newest.revision, changed.sign, here))
        headers = _headers(f'"{hashlib.sha256(told.encode()).hexdigest()[:32]}"')
        if is_known(request, headers["ETag"]):
            return Response(status=304, headers=headers)
        body = {
            "at": changed.at, "after": changed.after,
            "newest": _as_json(request.user, article, newest),
            **_annotations(request.user, changed.annotations),
            "comments": _comments(request.user, changed.comments),
            "here": here,
        }  # fmt: skip
        return Response(body, headers=headers)


class Presence(Address):
    """That one has an article open: said again and again while it is, kept for a short time.

    In a blind project nothing is kept, and nobody is told.
    """

    @extend_schema(request=None, responses={204: None})
    def put(self, request: Request, pk: str) -> Response:
        """Say that one is there."""
        refuse_unknown(request)
        desk_keeping.arrive(by=request.user, article=_article(request, pk))
        return Response(status=204)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: str) -> Response:
        """Say that one is not there any more."""
        refuse_unknown(request)
        desk_keeping.leave(by=request.user, article=_article(request, pk))
        return Response(status=204)


def _article(request: Request, pk: str) -> Article:
    rows = articles_for(request.user).select_related("project").only("project__blind", "project_id")
    article = rows.filter(pk=article_called(pk)).first()
    if article is None:
        raise Http404
    return article


def _newest(request: Request, pk: str) -> tuple[uuid.UUID, live.Newest]:
    article = article_called(pk)
    newest = live.newest(request.user, article)
    if newest is None:
        raise Http404
    return article, newest


def _headers(etag: str) -> dict[str, str]:
    return {"ETag": etag, "Cache-Control": "private, no-cache"}


def _as_json(user: User, article: uuid.UUID, newest: live.Newest) -> dict[str, Any]:
    event = live.correction(user, article) if newest.number > 1 else None
    return {
        "revision": newest.revision, "number": newest.number,
        "by": event.by_name if event else "", "at": event and event.at,
        "reason": event.after["reason"] if event else "",
    }  # fmt: skip


def _annotations(user: User, ids: Sequence[uuid.UUID]) -> dict[str, Any]:
    found = record.of(ids, links_for(user))
    authors = User.objects.filter(username__in={one.author for one in found}).order_by("username")
    return {
        "annotations": [annotation_as_json(one) for one in found],
        "people": [[author.username, author.shown_name] for author in authors],
    }


def _comments(user: User, ids: Sequence[uuid.UUID]) -> list[dict[str, Any]]:
    found = threads.whole(comments_for(user).filter(pk__in=ids)).order_by("created", "id")
    return [threads.comment_as_json(one, user) for one in found]
