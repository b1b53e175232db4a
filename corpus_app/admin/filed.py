"""The saved filters beside every list of the desk: everybody's own, in her own words."""

import uuid
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, QueryDict
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from corpus_app import filing
from corpus_app.access import saved_filters_for
from corpus_app.history import DoorError

ALSO = ("q", "o")  # words that are searched for, and the order


class WithSavedFilters(admin.ModelAdmin):
    """A list whose questions can be named, asked again and forgotten."""

    def get_urls(self):
        pages = (("saved/", self.save_view, "save"), ("saved/<str:saved>/", self.drop_view, "drop"))
        own = [
            path(route, self.admin_site.admin_view(require_POST(view)), name=self._filed(name))
            for route, view, name in pages
        ]
        return [*own, *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        """The list, with the person's own filters."""
        extra = extra_context or {}
        extra["saving"] = {
            "saved": [(one, self._page("drop", one.pk)) for one in self._own(request)],
            "query": self._questions(request, request.GET),
            "address": self._page("save"),
        }
        return super().changelist_view(request, extra)

    def save_view(self, request):
        """Keeps what the list is asked now under a name."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        given = QueryDict(request.POST.get("query", ""))
        query = self._questions(request, given)
        if set(QueryDict(query)) != set(given):
            raise BadRequest("This list does not answer such questions.")
        name = request.POST.get("name", "")
        try:
            filing.save(by=request.user, model=self.opts.label_lower, name=name, query=query)
        except DoorError as refusal:
            self.message_user(request, f"Not saved. {refusal}", messages.ERROR)
        return redirect(f"{self._page('changelist')}?{query}")

    def drop_view(self, request, saved):
        """Forgets one of the person's own filters."""
        try:
            own = self._own(request).filter(pk=uuid.UUID(saved)).first()
        except ValueError:
            own = None
        if own is None:
            raise Http404
        filing.drop(saved=own)
        return redirect(self._page("changelist"))

    def _own(self, request):
        return saved_filters_for(request.user).filter(model=self.opts.label_lower)

    def _questions(self, request, given: QueryDict) -> str:
        """Of these questions those that the list answers, always in the same order."""
        pairs = [
            (key, value)
            for key, values in sorted(given.lists())
            for value in values
            if value and (key in ALSO or self.lookup_allowed(key, value, request))
        ]
        return urlencode(pairs)

    def _filed(self, name: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_filter_{name}"

    def _page(self, name: str, *args) -> str:
        own = name if name == "changelist" else f"filter_{name}"
        page = f"admin:{self.opts.app_label}_{self.opts.model_name}_{own}"
        return reverse(page, args=args)
