"""Every endpoint of the API on one screen."""

from rest_framework.routers import SimpleRouter

from annotations.api import Annotations, Events, Facets, Tags
from corpus_app.api import Actors, Articles, Passages, Projects

router = SimpleRouter()
router.register("projects", Projects)
router.register("articles", Articles)
router.register("passages", Passages)
router.register("actors", Actors)
router.register("facets", Facets)
router.register("tags", Tags)
router.register("annotations", Annotations)
router.register("events", Events)

urlpatterns = [*router.urls]
