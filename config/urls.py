"""Every address of the product."""

from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import include, path
from django.views.generic import TemplateView

from config.views import Problem, SignIn

handler400, handler403 = "config.views.bad_request", "config.views.forbidden"
handler404, handler500 = "config.views.not_found", "config.views.broken"

urlpatterns = [
    path("sign-in/", SignIn.as_view(), name="sign-in"),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
    path("desk/", admin.site.urls),
    path("api/", TemplateView.as_view(template_name="api.html"), name="api-docs"),
    path("api/problems/<str:kind>", Problem.as_view(), name="problem"),
    path("api/v1/", include("config.api")),
    path("", include("corpus_app.urls")),
    path("", include("annotations.urls")),
]
