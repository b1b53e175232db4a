"""Pages of the workbench."""

from django.urls import path

from annotations.views import queue, reviewing, suggesting, workbench

urlpatterns = [
    path("", queue.home, name="home"),
    path("articles/<uuid:pk>/", workbench.workbench, name="workbench"),
    path("articles/<uuid:pk>/suggestions/", suggesting.suggestions, name="suggestions"),
    path("articles/<uuid:pk>/review/", reviewing.review_article, name="review-article"),
    path("articles/<uuid:pk>/take/", queue.take, name="take"),
    path("articles/<uuid:pk>/hand-in/", workbench.hand_in, name="hand-in"),
    path("outlets/<uuid:pk>/rules/apply/", reviewing.apply_rules, name="apply-rules"),
]
