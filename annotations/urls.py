"""Pages of the workbench."""

from django.urls import path

from annotations.views import (
    beside,
    correcting,
    inbox,
    lessons,
    queue,
    recoding,
    reviewing,
    suggesting,
    workbench,
)

urlpatterns = [
    path("", queue.home, name="home"),
    path("articles/<uuid:pk>/", workbench.workbench, name="workbench"),
    path("articles/<uuid:pk>/suggestions/", suggesting.suggestions, name="suggestions"),
    path("articles/<uuid:pk>/review/", reviewing.review_article, name="review-article"),
    path("articles/<uuid:pk>/correct/", correcting.correct, name="correct"),
    path("articles/<uuid:pk>/revisions/", correcting.revisions, name="revisions"),
    path("articles/<uuid:pk>/revisions/bring-back/", correcting.bring_back, name="bring-back"),
    path("articles/<uuid:pk>/take/", queue.take, name="take"),
    path("articles/<uuid:pk>/hand-in/", workbench.hand_in, name="hand-in"),
    path("stories/<uuid:pk>/side-by-side/", beside.side_by_side, name="side-by-side"),
    path("inbox/", inbox.inbox_page, name="inbox"),
    path("inbox/read/", inbox.read_all, name="inbox-read"),
    path("inbox/digest/", inbox.choose_digest, name="inbox-digest"),
    path("inbox/<str:key>/open/", inbox.open_entry, name="inbox-open"),
    path("outlets/<uuid:pk>/rules/apply/", reviewing.apply_rules, name="apply-rules"),
    path("projects/<slug:slug>/lessons/", lessons.lessons_page, name="lessons"),
    path("overrulings/<uuid:pk>/contest/", lessons.contest, name="contest"),
    path("overrulings/<uuid:pk>/answer/", lessons.answer_objection, name="answer-objection"),
    path("projects/<slug:slug>/proposals/", lessons.proposals_page, name="proposals"),
    path("projects/<slug:slug>/recodings/", recoding.recodings_page, name="recodings"),
    path("recodings/<uuid:pk>/", recoding.recode, name="recode"),
    path("recodings/<uuid:pk>/close/", recoding.close_recoding, name="close-recoding"),
]
