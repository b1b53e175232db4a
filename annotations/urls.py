"""Pages of the workbench."""

from django.urls import path

from annotations.views import queue, suggesting, workbench

urlpatterns = [
    path("", queue.home, name="home"),
    path("articles/<uuid:pk>/", workbench.workbench, name="workbench"),
    path("articles/<uuid:pk>/suggestions/", suggesting.suggestions, name="suggestions"),
    path("articles/<uuid:pk>/take/", queue.take, name="take"),
    path("articles/<uuid:pk>/hand-in/", workbench.hand_in, name="hand-in"),
]
