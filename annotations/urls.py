"""Pages of the workbench."""

from django.urls import path

from annotations import views

urlpatterns = [
    path("", views.home, name="home"),
    path("articles/<uuid:pk>/", views.workbench, name="workbench"),
    path("articles/<uuid:pk>/take/", views.take, name="take"),
    path("articles/<uuid:pk>/hand-in/", views.hand_in, name="hand-in"),
]
