"""What is suggested in an article, as the workbench asks for it once it is painted."""

import uuid
from collections.abc import Iterable

from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from annotations import suggesting
from annotations.access import assignments_for
from annotations.mentions import Reading, Suggestion
from annotations.serializers import rejection_as_json
from corpus_app.access import actors_for, articles_for


@require_safe
@never_cache
@gzip_page
def suggestions(request: HttpRequest, pk: uuid.UUID) -> JsonResponse:
    """The suggestions in the article's newest text for somebody who has it open.

    Each is `[start, end, readings]`, the best reading first, each
    `[named, meant, name, sense, reason]`: actors are given by their place in `actors`, where
    they are `[id, name, kind]`.
    """
    article = get_object_or_404(articles_for(request.user), pk=pk)
    own = assignments_for(request.user).filter(article=article, analyst=request.user).first()
    if not (own and own.open):
        return JsonResponse({"detail": "You do not have this article open."}, status=403)
    revision = article.revisions.order_by("-number").first()
    found = suggesting.suggest(user=request.user, article=article, revision=revision)
    actors = _actors(request.user, found)
    place = {actor[0]: n for n, actor in enumerate(actors)}
    rejected = suggesting.rejections_of(request.user, article)
    return JsonResponse(
        {
            "revision": revision.pk,
            "actors": actors,
            "suggestions": [_packed(one, place) for one in found],
            "rejections": [rejection_as_json(one) for one in rejected],
        }
    )


def _actors(user, found: Iterable[Suggestion]) -> list[list[str]]:
    named = {
        actor
        for one in found
        for reading in one.readings()
        for actor in (reading.named, reading.meant)
        if actor
    }
    rows = actors_for(user).filter(pk__in=named).order_by("name")
    return [[str(pk), name, kind] for pk, name, kind in rows.values_list("pk", "name", "kind")]


def _packed(one: Suggestion, place: dict[str, int]) -> list:
    readings = (one.best(), *one.alternatives)
    return [one.start, one.end, [_packed_reading(reading, place) for reading in readings]]


def _packed_reading(reading: Reading, place: dict[str, int]) -> list:
    # An actor may be gone from the registry since its names were made ready.
    return [
        place.get(reading.named), place.get(reading.meant), reading.name, reading.sense,
        reading.reason,
    ]  # fmt: skip
