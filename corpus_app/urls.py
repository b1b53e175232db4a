"""Pages of the corpus."""

from django.urls import path

from corpus_app.views import intake, tokens

urlpatterns = [
    path("projects/<slug:slug>/import/", intake.import_article, name="import"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/<str:key>/revoke/", tokens.revoke_token, name="revoke-token"),
]
