"""The codebook at the desk."""

import json

from django.contrib import admin, messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils.html import format_html

from annotations import access, codebook
from annotations.forms import CodebookForm, FacetForm, TagForm
from annotations.models import ClaimTag, Codebook, Definition, Facet
from annotations.recoding import older
from corpus_app.access import CURATING
from corpus_app.admin.doors import ThroughADoor, WithImport
from corpus_app.admin.scoped import Parts, Retired, Theirs

# The policy forbids style attributes; a shape's fill is none.
SWATCH = (
    '<svg class="swatch" width="14" height="14" aria-hidden="true">'
    '<rect width="14" height="14" fill="{}"/></svg> {}'
)


class FacetsOfCodebook(Parts):
    model = Facet
    fields = ("name", "choose", "required", "takes_stance", "retired")
    show_change_link = True


@admin.register(Codebook)
class CodebookAdmin(WithImport, ThroughADoor):
    visible = staticmethod(access.codebooks_for)
    roles = CURATING
    form = CodebookForm
    fields = ("name", "description")
    inlines = (FacetsOfCodebook,)

    list_display = ("name", "facets", "tags", "updated", "project")
    list_filter = (("project", Theirs),)
    list_select_related = ("project",)
    search_fields = ("name", "description")
    actions = ("export",)

    import_title = "Import a codebook"
    import_counted = "Dimension"
    import_help = (
        "JSON with name, description and dimensions, each with its tags. Facets and tags that are "
        "there already, by slug, are left as they are."
    )

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .annotate(
                facet_count=Count("facets", distinct=True, filter=Q(facets__retired=None)),
                tag_count=Count(
                    "facets__tags", distinct=True, filter=Q(facets__tags__retired=None)
                ),
            )
        )

    def facets(self, book):
        return book.facet_count

    def tags(self, book):
        return book.tag_count

    def write(self, request, form, seen):
        values = form.given("name", "description")
        if seen is not None:
            return codebook.change_codebook(
                by=request.user, codebook=form.instance, seen=seen, **values
            )
        if Codebook.objects.filter(project=form.project).exists():
            raise codebook.CodebookError("This project has its codebook already. Change that one.")
        return codebook.codebook_of(by=request.user, project=form.project, **values)

    def import_text(self, *, by, project, text):
        return codebook.import_json(by=by, project=project, text=text)

    @admin.action(description="Export as JSON", permissions=["view"])
    def export(self, request, queryset):
        books = list(queryset[:2])
        if len(books) != 1:
            return self.message_user(request, "Choose one codebook.", messages.ERROR)
        return HttpResponse(
            json.dumps(codebook.as_json(books[0]), ensure_ascii=False, indent=1),
            content_type="application/json",
            headers={"Content-Disposition": 'attachment; filename="codebook.json"'},
        )


class Retiring(ThroughADoor):
    """Facets and tags are retired and revived, never deleted."""

    @admin.action(description="Retire: offer them no more", permissions=["write"])
    def retire(self, request, queryset):
        current = queryset.filter(retired=None)
        self.each(request, current, self._by(request, codebook.retire), "retired")

    @admin.action(description="Revive: offer them again", permissions=["write"])
    def revive(self, request, queryset):
        retired = queryset.exclude(retired=None)
        self.each(request, retired, self._by(request, codebook.revive), "revived")

    @staticmethod
    def _by(request, door):
        return lambda thing: door(by=request.user, thing=thing, seen=thing.version)


@admin.register(Facet)
class FacetAdmin(Retiring):
    visible = staticmethod(access.facets_for)
    roles = CURATING
    form = FacetForm
    fields = ("name", "slug", "position", "choose", "required", "takes_stance")

    list_display = (
        "name", "slug", "position", "choose", "required", "takes_stance", "tags", "retired",
        "project",
    )  # fmt: skip
    list_filter = (Retired, "choose", ("project", Theirs))
    list_select_related = ("project",)
    search_fields = ("name", "slug")
    offered = {"retired": None}
    actions = ("retire", "revive")

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows.annotate(tag_count=Count("tags", filter=Q(tags__retired=None)))

    @admin.display(ordering="tag_count")
    def tags(self, facet):
        return facet.tag_count

    def write(self, request, form, seen):
        values = codebook.FacetValues(
            **form.given("name", "slug", "position", "choose", "required", "takes_stance")
        )
        if seen is not None:
            return codebook.change_facet(
                by=request.user, facet=form.instance, seen=seen, values=values
            )
        book = codebook.codebook_of(by=request.user, project=form.project)
        return codebook.create_facet(by=request.user, codebook=book, values=values)


class DefinitionsOfTag(Parts):
    model = Definition
    fields = ("number", "label", "text", "said_with", "created")
    ordering = ("-number",)
    verbose_name_plural = "definitions, newest first"

    @admin.display(description="examples")
    def said_with(self, definition):
        return "\n".join(definition.examples)


@admin.register(ClaimTag)
class ClaimTagAdmin(Retiring):
    visible = staticmethod(access.tags_for)
    roles = CURATING
    form = TagForm
    fields = (
        "facet", "parent", "label", "slug", "key", "colour", "position", "definition", "examples",
    )  # fmt: skip
    autocomplete_fields = ("parent",)
    offered = {"retired": None, "merged_into": None}
    inlines = (DefinitionsOfTag,)

    list_display = ("label", "swatch", "facet", "parent", "key", "slug", "retired", "project")
    list_filter = (Retired, ("facet", Theirs), ("project", Theirs))
    list_select_related = ("facet", "parent", "project")
    search_fields = ("label", "slug", "definition")
    actions = ("retire", "revive")

    @admin.display(description="colour", ordering="colour")
    def swatch(self, tag):
        if not tag.colour:
            return None
        return format_html(SWATCH, tag.colour, tag.colour)

    def get_readonly_fields(self, request, obj=None):
        return ("facet",) if obj else ()

    def get_inlines(self, request, obj):
        return self.inlines if obj else ()

    def write(self, request, form, seen):
        values = codebook.TagValues(
            **form.given("label", "slug", "parent", "key", "colour", "position", "definition"),
            examples=tuple(form.cleaned_data["examples"]),
        )
        if seen is not None:
            number = form.instance.definition_number
            tag = codebook.change_tag(by=request.user, tag=form.instance, seen=seen, values=values)
            if tag.definition_number != number:
                self._offer_recoding(request, tag)
            return tag
        facet = form.cleaned_data["facet"]
        return codebook.create_tag(by=request.user, facet=facet, values=values)

    def _offer_recoding(self, request, tag) -> None:
        """Say how much was coded under the older wording, and where it can be coded again."""
        if number := older().filter(tag=tag).count():
            words = "1 annotation was" if number == 1 else f"{number} annotations were"
            where = f"{reverse('recodings', args=[tag.project.slug])}#tag-{tag.slug}"
            told = '{} coded under the older wording of “{}”. <a href="{}">Open a queue?</a>'
            self.message_user(request, format_html(told, words, tag.label, where), messages.WARNING)
