"""Every endpoint of the API on one screen."""

from django.urls import path, re_path
from drf_spectacular.renderers import OpenApiJsonRenderer2 as JSONRenderer
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from annotations.api.annotations import Annotations
from annotations.api.bulk import Bulk
from annotations.api.changes import Changes
from annotations.api.codebook import Codebooks, Facets, Tags
from annotations.api.export import Export, Formats, Losses, Schema
from annotations.api.history import Events
from annotations.api.imports import Imports, TakeIn
from annotations.api.live import Live, Newest, Presence
from annotations.api.networks import Networks
from annotations.api.preferences import Preferences, ReadingPosition
from annotations.api.rejections import Rejections
from annotations.api.releases import Releases
from annotations.api.talk import Comments
from annotations.api.team import Assignments, Cases, Decisions
from annotations.api.webhooks import Webhooks
from config.schema import Kept
from corpus_app.api import Nothing
from corpus_app.api.corpus import (
    Articles,
    Outlets,
    Passages,
    Projects,
    Reuses,
    Revisions,
    Stories,
)
from corpus_app.api.endpoint import METHODS
from corpus_app.api.people import Actors, Members

router = SimpleRouter()
router.register("projects", Projects)
router.register("members", Members)
router.register("outlets", Outlets)
router.register("stories", Stories)
router.register("articles", Articles)
router.register("revisions", Revisions)
router.register("passages", Passages)
router.register("reuses", Reuses)
router.register("actors", Actors)
router.register("codebooks", Codebooks)
router.register("facets", Facets)
router.register("tags", Tags)
router.register("annotations", Annotations)
router.register("assignments", Assignments)
router.register("cases", Cases)
router.register("decisions", Decisions)
router.register("rejections", Rejections)
router.register("comments", Comments)
router.register("events", Events)
router.register("imports", Imports)
router.register("webhooks", Webhooks)
router.register("releases", Releases)

urlpatterns = [
    path("annotations/bulk/", Bulk.as_view(), name="annotation-bulk"),  # not an annotation's id
    *router.urls,
    path("changes/", Changes.as_view(), name="changes"),
    path("projects/<str:slug>/export/<str:format>/", Export.as_view(), name="export"),
    path("projects/<str:slug>/network/", Networks.as_view(), name="api-network"),
    path("projects/<str:slug>/losses/<str:name>/", Losses.as_view(), name="losses"),
    path("projects/<str:slug>/imports/", TakeIn.as_view(), name="take-in"),
    path("formats/", Formats.as_view(), name="formats"),
    path("formats/jsonl/schema/", Schema.as_view(), name="native-schema"),
    path("articles/<str:pk>/newest/", Newest.as_view(), name="article-newest"),
    path("articles/<str:pk>/live/", Live.as_view(), name="article-live"),
    path("articles/<str:pk>/presence/", Presence.as_view(), name="article-presence"),
    path("articles/<str:pk>/reading-position/", ReadingPosition.as_view(), name="reading-position"),
    path("preferences/", Preferences.as_view(), name="preferences"),
    path(
        "schema/",
        SpectacularAPIView.as_view(
            renderer_classes=[JSONRenderer], generator_class=Kept, http_method_names=METHODS
        ),
        name="schema",
    ),
    re_path("", Nothing.as_view()),
]
