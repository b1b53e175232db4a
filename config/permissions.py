"""What the API allows when a view says nothing: nothing."""

from rest_framework.permissions import BasePermission


class Nobody(BasePermission):
    """Refuses everybody."""

    message = "This address declares no permission."

    def has_permission(self, request, view):
        return False
