"""Pages of the corpus."""

from django.urls import path

from corpus_app.views import batches, intake, inviting, reviewing, tokens

urlpatterns = [
    path("projects/<slug:slug>/import/", intake.import_article, name="import"),
    path("projects/<slug:slug>/review/line/", reviewing.read_line, name="read-line"),
    path("projects/<slug:slug>/review/rules/", reviewing.offer_rules, name="offer-rules"),
    path("projects/<slug:slug>/batches/", batches.project_batches, name="batches"),
    path("batches/<uuid:pk>/", batches.batch, name="batch"),
    path("batches/<uuid:pk>/files/", batches.add_files, name="batch-files"),
    path("batches/<uuid:pk>/start/", batches.start, name="batch-start"),
    path("batches/<uuid:pk>/advance/", batches.advance, name="batch-advance"),
    path("batches/<uuid:pk>/discard/", batches.discard, name="batch-discard"),
    path("batches/<uuid:pk>/report.csv", batches.report, name="batch-report"),
    path("invitations/", inviting.join, name="join"),
    path("invitations/<str:secret>/", inviting.follow, name="invitation"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/<str:key>/revoke/", tokens.revoke_token, name="revoke-token"),
]
