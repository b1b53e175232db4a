"""What stands in a case, and what was decided of it, to be read at the desk."""

from django.contrib import admin
from django.utils.text import Truncator

from annotations import access
from annotations.models import Decision, Member
from corpus_app.admin.scoped import Parts


class Members(Parts):
    model = Member
    fields = ("words", "analyst", "version")

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related("annotation__author", "project")
        return rows.prefetch_related("annotation__spans")

    @admin.display(description="analyst")
    def analyst(self, member):
        """Whose it is, unless the project hides that from whoever decides."""
        hidden = member.project.names_hidden
        return "hidden" if hidden else member.annotation.author.shown_name

    @admin.display(description="words")
    def words(self, member):
        said = " … ".join(span.quote for span in member.annotation.spans.all())
        return Truncator(said).chars(120)


class Decisions(Parts):
    """Never changed: the one after it counts."""

    model = Decision
    fields = ("number", "outcome", "error_class", "reason", "decided_by", "created")
    ordering = ("number",)

    def get_queryset(self, request):
        return access.decisions_for(request.user).select_related("by").order_by("number")

    @admin.display(description="by")
    def decided_by(self, decision):
        return decision.by.shown_name
