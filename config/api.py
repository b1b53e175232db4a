"""Every endpoint of the API on one screen."""

from django.urls import path, re_path
from drf_spectacular.renderers import OpenApiJsonRenderer2 as JSONRenderer
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from annotations.api import Annotations, Events, Export, Facets, Newest, Rejections, Tags
from corpus_app.api import Actors, Articles, Nothing, Passages, Projects, Reuses

router = SimpleRouter()
router.register("projects", Projects)
router.register("articles", Articles)
router.register("passages", Passages)
router.register("reuses", Reuses)
router.register("actors", Actors)
router.register("facets", Facets)
router.register("tags", Tags)
router.register("annotations", Annotations)
router.register("rejections", Rejections)
router.register("events", Events)

urlpatterns = [
    *router.urls,
    path("projects/<str:slug>/export/<str:format>/", Export.as_view(), name="export"),
    path("articles/<str:pk>/newest/", Newest.as_view(), name="article-newest"),
    path("schema/", SpectacularAPIView.as_view(renderer_classes=[JSONRenderer]), name="schema"),
    re_path("", Nothing.as_view()),
]
