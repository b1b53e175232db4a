"""The desk: our own admin site, for the members of any project."""

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from config import checks  # noqa: F401 (importing registers them)


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
            user.is_superuser or (user.is_authenticated and user.memberships.exists())
        )

    def login(self, request, extra_context=None):
        """One sign-in for the whole product."""
        target = request.GET.get("next") or reverse("admin:index")
        return redirect(f"{reverse('sign-in')}?{urlencode({'next': target})}")


class DeskConfig(AdminConfig):
    default_site = "config.site.Desk"
