"""The codebook at the desk."""

import json
from typing import ClassVar

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.html import format_html

from annotations import access, codebook, retagging
from annotations.admin.operations import Operating, answer, done
from annotations.forms import CodebookForm, FacetForm, TagForm
from annotations.models import ClaimTag, Codebook, Definition, Facet
from annotations.operating import Outcome
from annotations.order_forms import MergeTagForm, PlainOrderForm
from annotations.orders import Order, RetireFacets, RetireTags
from annotations.recoding import older
from corpus_app.access import CURATING
from corpus_app.admin.doors import ThroughADoor, WithImport
from corpus_app.admin.scoped import Parts, Retired, Theirs
from corpus_app.history import DoorError

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


class Retiring(Operating, ThroughADoor):
    """Facets and tags are retired and revived, never deleted."""

    retirement: ClassVar[type[Order]]

    @admin.action(description="Retire: offer them no more…", permissions=["write"])
    def retire(self, request, queryset):
        told = {"action": "retire", "title": "Retire"}
        return self.operate(request, queryset, PlainOrderForm, order=self.retirement(), **told)

    @admin.action(description="Revive: offer them again", permissions=["write"])
    def revive(self, request, queryset):
        def door(thing):
            codebook.revive(by=request.user, thing=thing, seen=thing.version)

        self.each(request, queryset.exclude(retired=None), door, "revived")


@admin.register(Facet)
class FacetAdmin(Retiring):
    visible = staticmethod(access.facets_for)
    roles = CURATING
    form = FacetForm
    retirement = RetireFacets
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
    retirement = RetireTags
    fields = (
        "facet", "parent", "label", "slug", "key", "colour", "position", "definition", "examples",
    )  # fmt: skip
    autocomplete_fields = ("parent",)
    offered = {"retired": None, "merged_into": None}
    inlines = (DefinitionsOfTag,)

    list_display = (
        "label", "swatch", "facet", "parent", "key", "slug", "retired", "merged_into", "project",
    )  # fmt: skip
    list_filter = (Retired, ("facet", Theirs), ("project", Theirs))
    list_select_related = ("facet", "parent", "merged_into", "project")
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

    def get_urls(self):
        merge = self.admin_site.admin_view(self.merge_view)
        own = path("<path:object_id>/merge/", merge, name="annotations_claimtag_merge")
        return [own, *super().get_urls()]

    def render_change_form(self, request, context, *args, **kwargs):
        tag = context.get("original")
        if tag and self.has_change_permission(request, tag):
            context["tools"] = self._tools(tag)
        return super().render_change_form(request, context, *args, **kwargs)

    def _tools(self, tag: ClaimTag) -> list[tuple[str, str]]:
        """What can be done with a tag: a merger is taken back where its operation is."""
        if tag.merged_into_id:
            merger = tag.mergers.filter(whole=True, undone=None).first()
            pages = [("admin:corpus_app_operation_undo", merger.operation_id)] if merger else []
            return [(reverse(name, args=[pk]), "Undo the merger…") for name, pk in pages]
        tagged = f"{reverse('admin:annotations_annotation_changelist')}?tag={tag.pk}&deleted=both"
        return [
            (reverse("admin:annotations_claimtag_merge", args=[tag.pk]), "Merge into…"),
            (tagged, "Split: choose annotations…"),
        ]

    def merge_view(self, request, object_id):
        """Says what a merger would change, asks why, and does it."""
        tag = self.get_object(request, unquote(object_id))
        if tag is None:
            raise Http404
        if not self.has_change_permission(request, tag):
            raise PermissionDenied
        sent = request.POST.copy() if request.method == "POST" else None
        form = MergeTagForm(sent, user=request.user, tag=tag)
        forecast = None
        if sent and form.is_valid():
            target = form.cleaned_data["target"]
            try:
                if "do" in sent and form.cleaned_data["looked"] == str(target.pk):
                    return self._merge(request, tag, target, form.cleaned_data["reason"])
                forecast = retagging.forecast(source=tag, target=target)
                sent["looked"] = str(target.pk)
            except DoorError as refusal:
                form.add_error(None, str(refusal))
        return answer(
            request, self, title=f"Merge “{tag}” into another tag", form=form,
            preview=forecast and forecast.preview, facts=forecast and _facts(forecast, tag),
            back=reverse("admin:annotations_claimtag_change", args=[tag.pk]), button="Merge",
        )  # fmt: skip

    def _merge(self, request, tag: ClaimTag, target: ClaimTag, reason: str):
        merger = retagging.merge_tags(by=request.user, source=tag, target=target, reason=reason)
        self.message_user(request, done(Outcome(merger.operation, {})), messages.SUCCESS)
        return redirect("admin:annotations_claimtag_change", target.pk)

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


def _facts(forecast: retagging.Forecast, tag: ClaimTag) -> list[str]:
    """What a merger comes to, beside the rows that change."""
    told = [f"“{tag}” is retired, and whoever asks for it gets the other tag."]
    counts = (
        (forecast.both, "with both tags: the coding of the tag that stays is kept"),
        (forecast.differing, "of these with two stances: that of the tag that stays is kept"),
        (forecast.gold, "gold"),
        (forecast.removed, "removed, to follow all the same"),
        (forecast.children, "under it, to stand under the other"),
    )
    told += [f"{number} {words}." for number, words in counts if number]
    return [*told, "It can be taken back: every annotation’s history keeps what it said."]
