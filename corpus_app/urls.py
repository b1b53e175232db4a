"""Pages of the corpus."""

from django.urls import path

from corpus_app import views

urlpatterns = [
    path("projects/<slug:slug>/import/", views.import_article, name="import"),
    path("tokens/", views.tokens, name="tokens"),
    path("tokens/<str:key>/revoke/", views.revoke_token, name="revoke-token"),
]
