"""The desk: our own admin site, for the members of any project."""

from functools import wraps

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from config import checks  # noqa: F401 (importing registers them)

# The index of the desk: what is read, what it is coded with, who works on it, who may.
SECTIONS = {
    "Corpus": ("Article", "Outlet", "OutletRule", "Story", "Revision", "Passage", "Reuse"),
    "Actors and codebook": ("Actor", "Verdict", "Codebook", "Facet", "ClaimTag"),
    "Work": ("Assignment", "Annotation", "Case", "TagMerger", "Operation", "Event"),
    "People": ("Project", "Membership", "Invitation", "User", "Token"),
}


class Desk(admin.AdminSite):
    """Shows everybody what her roles allow, in the product's own look."""

    site_header = "Crossread"
    site_title = "Crossread"
    index_title = "Desk"
    site_url = "/"
    enable_nav_sidebar = False

    def has_permission(self, request):
        user = request.user
        return user.is_active and (
            user.is_superuser
            or (user.is_authenticated and user.memberships.filter(ended=None).exists())
        )

    def get_app_list(self, request, app_label=None):
        """The models that the person may see, by section instead of by app."""
        apps = super().get_app_list(request, app_label)
        models = {model["object_name"]: model for app in apps for model in app["models"]}
        sections = (
            {
                "name": section,
                "app_label": section.lower().replace(" ", "-"),
                "app_url": reverse("admin:index"),
                "has_module_perms": True,
                "models": [models[name] for name in names if name in models],
            }
            for section, names in SECTIONS.items()
        )
        return [section for section in sections if section["models"]]

    def admin_view(self, view, cacheable=False):
        """Pages are read and forms are sent; no other method means anything here.

        An id that is no UUID and a number that fits no column, where Django expects neither, are
        answered with 400.
        """

        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def page(request, *args, **kwargs):
            try:
                return view(request, *args, **kwargs)
            except (ValidationError, OverflowError) as error:
                raise BadRequest("This cannot be read.") from error

        return super().admin_view(page, cacheable)

    def get_urls(self):
        """Without the address that looks up a row of any model, whosesoever it is."""
        return [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]

    def login(self, request, extra_context=None):
        """One sign-in for the whole product; 403 for somebody who is signed in and has no desk."""
        if request.user.is_authenticated:
            raise PermissionDenied("The desk is for members of a project, and you are in none yet.")
        target = request.GET.get("next") or reverse("admin:index")
        return redirect(f"{reverse('sign-in')}?{urlencode({'next': target})}")


class DeskConfig(AdminConfig):
    default_site = "config.site.Desk"
