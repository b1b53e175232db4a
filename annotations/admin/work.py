"""Who works on what at the desk, and what came of it."""

from dataclasses import replace

from django.contrib import admin, messages
from django.db.models import Prefetch, Q
from django.http import StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator

from annotations import access, assigning, handing, retagging
from annotations.admin.history import names_of
from annotations.admin.operations import Operating
from annotations.admin.talk import Comments, Discussed
from annotations.exchange.claims import import_jsonl
from annotations.exchange.formats import FORMATS
from annotations.exchange.source import source_for
from annotations.forms import AnalystsForm, AssignmentForm, DayForm, ReturnForm
from annotations.models import (
    Annotation,
    Assignment,
    ClaimTag,
    Coding,
    Link,
    Participant,
    Span,
)
from annotations.operating import Outcome
from annotations.order_forms import PlainOrderForm, ReassignForm, RecodeForm, SplitTagForm
from annotations.orders import Remove, Restore, Withdraw
from corpus_app.access import CURATING, colleagues_for, members_of
from corpus_app.admin.corpus import ArticleAdmin
from corpus_app.admin.doors import ThroughADoor, WithImport
from corpus_app.admin.scoped import Parts, People, Retired, Scoped, Theirs
from corpus_app.models import Article


class Deleted(Retired):
    """Annotations that stand, deleted ones, or both."""

    title = parameter_name = "deleted"
    present = "Standing"


class Tagged(admin.SimpleListFilter):
    """Those with a tag; of a merged one, with the tag that stands for it."""

    title, parameter_name = "tag", "tag"

    def lookups(self, request, model_admin):
        tags = access.tags_for(request.user).filter(merged_into=None).select_related("facet")
        return [(str(tag.pk), f"{tag.facet}: {tag}") for tag in tags]

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        return queryset.filter(codings__tag__in=ClaimTag.objects.counted_with(self.value()))


class Asking(Scoped):
    """Actions that ask something on a page of their own before they do it."""

    def ask(self, request, queryset, form, *, action: str, title: str, button: str):
        """The page that asks; it comes back to the same action with `go`."""
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "action": action,
            "button": button,
            "rows": queryset,
            "form": form,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/ask.html", context)


@admin.register(Article)
class AssignableArticleAdmin(Asking, ArticleAdmin):
    """Articles, with the workbench behind each and the giving of them to analysts."""

    actions = ("assign",)
    readonly_fields = (*ArticleAdmin.readonly_fields, "texts")

    def get_fields(self, request, obj=None):
        return ("texts", *super().get_fields(request, obj))

    def get_object(self, request, object_id, from_field=None):
        article = super().get_object(request, object_id, from_field)
        if article:
            article.correctable = self.may_write(request, article.project_id)
        return article

    @admin.display(description="text")
    def texts(self, article):
        """Where its texts are, and where curators correct the newest."""
        pages = [("revisions", "All revisions, compared")]
        pages += [("correct", "Correct the text")] if article.correctable else []
        links = ((reverse(name, args=[article.pk]), words) for name, words in pages)
        return format_html_join(" · ", '<a href="{}">{}</a>', links)

    def view_on_site(self, article):
        return reverse("workbench", args=[article.pk])

    @admin.action(description="Assign to analysts…", permissions=["write"])
    def assign(self, request, queryset):
        """Asks who gets them; then assigns each to each."""
        projects = {article.project_id: article.project for article in queryset}
        if len(projects) != 1:
            return self.message_user(request, "Choose articles of one project.", messages.ERROR)
        (project,) = projects.values()
        if not self.may_write(request, project.pk):
            return self.message_user(request, f"You do not curate {project}.", messages.ERROR)
        given = request.POST if "go" in request.POST else None
        form = AnalystsForm(given, members=members_of(request.user, project))
        if given is None or not form.is_valid():
            words = {"title": "Assign to analysts", "button": "Assign"}
            return self.ask(request, queryset, form, action="assign", **words)
        due_on, made = form.cleaned_data["due_on"], 0
        for article in queryset:
            for analyst in form.cleaned_data["analysts"]:
                own = {"article": article, "analyst": analyst}
                had = access.assignments_for(request.user).filter(**own).given().exists()
                try:
                    assigning.assign(by=request.user, due_on=due_on, **own)
                except assigning.AssigningError as error:
                    self.message_user(request, f"“{article}”: {error}", messages.ERROR)
                else:
                    made += not had
        return self.message_user(request, f"{made} assignments made.", messages.SUCCESS)


@admin.register(Assignment)
class AssignmentAdmin(Asking, Operating, ThroughADoor):
    """Curators give articles and return work; analysts see their own."""

    visible = staticmethod(access.assignments_for)
    history = staticmethod(access.events_for)
    roles = CURATING
    form = AssignmentForm
    autocomplete_fields = ("article",)

    list_display = ("article", "analyst", "state", "due_on", "updated", "project")
    list_filter = ("state", "training", ("analyst", People), "due_on", ("project", Theirs))
    list_select_related = ("article", "analyst", "project")
    ordering = ("-updated", "-id")
    search_fields = ("article__title", "analyst__username")
    actions = ("give_back", "set_due", "reassign", "withdraw")

    def get_queryset(self, request):
        return super().get_queryset(request).defer("article__raw")

    def get_fields(self, request, obj=None):
        if obj is None:
            return ("article", "analyst", "due_on")
        return (
            "article", "person", "state", "training", "due_on", "comment", "created", "handed_in",
            "updated",
        )  # fmt: skip

    def has_change_permission(self, request, obj=None):
        return False

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "analyst":
            kwargs["queryset"] = colleagues_for(request.user).order_by("username")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description="analyst")
    def person(self, assignment):
        return assignment.analyst.shown_name

    def write(self, request, form, seen):
        return assigning.assign(by=request.user, **form.given("article", "analyst", "due_on"))

    @admin.action(description="Return to the analyst…", permissions=["write"])
    def give_back(self, request, queryset):
        """Asks why; then returns each."""
        form = ReturnForm(request.POST if "go" in request.POST else None)
        if not form.is_valid():
            words = {"title": "Return to the analyst", "button": "Return"}
            return self.ask(request, queryset, form, action="give_back", **words)
        comment = form.cleaned_data["comment"]

        def door(assignment):
            handing.give_back(
                by=request.user, assignment=assignment, seen=assignment.version, comment=comment
            )

        return self.each(request, queryset, door, "returned")

    @admin.action(description="Change the day on which they are due…", permissions=["write"])
    def set_due(self, request, queryset):
        """Asks for the day; then changes it for each."""
        form = DayForm(request.POST if "go" in request.POST else None)
        if not form.is_valid():
            words = {"title": "Change the day on which they are due", "button": "Change"}
            return self.ask(request, queryset, form, action="set_due", **words)
        due_on = form.cleaned_data["due_on"]

        def door(assignment):
            assigning.set_due(
                by=request.user, assignment=assignment, seen=assignment.version, due_on=due_on
            )

        return self.each(request, queryset, door, "changed")

    @admin.action(description="Give to another analyst…", permissions=["write"])
    def reassign(self, request, queryset):
        told = {"action": "reassign", "title": "Give to another analyst"}
        return self.operate(request, queryset, ReassignForm, **told)

    @admin.action(description="Withdraw…", permissions=["write"])
    def withdraw(self, request, queryset):
        told = {"action": "withdraw", "title": "Withdraw"}
        return self.operate(request, queryset, PlainOrderForm, order=Withdraw(), **told)


class Spans(Parts):
    model = Span
    fields = ("start", "end", "quote")


class Participants(Parts):
    model = Participant
    fields = ("role", "who", "stands_for", "endorses")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("actor__standing")

    @admin.display(description="actor")
    def who(self, part):
        """The actor, or who stands for it after a merger."""
        if part.actor and part.actor.standing:
            return f"{part.actor.standing} (marked as {part.actor})"
        return part.actor or "–"

    @admin.display(description="endorsement")
    def endorses(self, part):
        """How a voice stands to what it passes on; of others nothing is asked."""
        return part.get_endorsement_display() if part.endorsement else "–"


class Codings(Parts):
    model = Coding
    fields = ("tag", "stance", "definition_number")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("tag")


class Links(Parts):
    model = Link
    fk_name = "annotation"
    fields = ("relation", "words")

    def get_queryset(self, request):
        seen = access.annotations_for(request.user).prefetch_related("spans")
        rows = super().get_queryset(request)
        rows = rows.filter(pk__in=access.links_for(request.user).order_by().values("pk"))
        return rows.prefetch_related(Prefetch("claim", seen.select_related("article")))

    @admin.display(description="claim")
    def words(self, link):
        """The words of the claim, leading to it; one's own link stays when that is hidden."""
        # What the prefetch did not bring is there for nobody.
        claim = getattr(link, "claim", None)
        if claim is None:
            return "a claim that is hidden from you now"
        there = reverse("admin:annotations_annotation_change", args=[claim.pk])
        removed = " (deleted)" if claim.deleted else ""
        return format_html('<a href="{}">{}</a>{}', there, quote_of(claim), removed)


def quote_of(annotation: Annotation) -> str:
    """The beginning of the annotation's words, whose spans were fetched."""
    return Truncator(" … ".join(span.quote for span in annotation.spans.all())).chars(80)


@admin.register(Annotation)
class AnnotationAdmin(Operating, WithImport):
    """The annotations one may see, to read; the workbench is where they are made.

    Curators write to many of them at once.
    """

    visible = staticmethod(access.annotations_for)
    history = staticmethod(access.events_for)
    fields = (
        "reading", "article", "written_by", "kind", "state", "attribution", "certainty", "note",
        "asks", "layer", "origin", "tool", "tool_version", "version", "created", "updated",
        "deleted",
    )  # fmt: skip
    inlines = (Spans, Participants, Codings, Links, Comments)

    list_display = (
        "quote", "article", "author", "who", "coded", "sure", "asks", "state", "created",
        "project",
    )  # fmt: skip
    list_filter = (
        Deleted, "flagged", Discussed, "certainty", "kind", "state", "layer", "origin",
        ("author", People), ("project", Theirs), Tagged,
    )  # fmt: skip
    list_select_related = ("article", "author", "project")
    date_hierarchy = "created"
    ordering = ("-created", "-id")
    search_fields = ("spans__quote", "note", "article__title")
    search_help_text = "Quotes, notes, titles of articles"
    actions = (
        "as_jsonl", "as_csv", "as_jsonld", "recode", "split_tag", "remove", "put_back",
    )  # fmt: skip

    import_title = "Import coded claims"
    import_help = (
        "JSONL, one claim a line: file, quote, prefix, suffix, claimant, targets, claim_type, "
        "propositions, frames, attribution. Articles, actors and codebook must be there already; "
        "a claim whose quote is not found is reported and left out."
    )

    def get_queryset(self, request):
        return super().get_queryset(request).with_parts().defer("article__raw")

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def may_import(self, request):
        return access.curates(request.user)

    def import_text(self, *, by, project, text):
        return import_jsonl(by=by, project=project, text=text)

    def view_on_site(self, annotation):
        return reverse("workbench", args=[annotation.article_id])

    def history_of(self, request, obj):
        """What became of it and, for curators and whoever wrote it, of what was said of it."""
        own = access.comments_for(request.user).filter(annotation=obj)
        said = [str(pk) for pk in own.values_list("pk", flat=True)]
        found = Q(noun="annotation", object_id=str(obj.pk)) | Q(noun="comment", object_id__in=said)
        return self.history(request.user).filter(found).order_by("-at", "-version")

    def as_seen(self, request, events):
        return access.with_seen_links(request.user, events)

    def names_in(self, request, events):
        return names_of(request.user, events)

    def quote(self, annotation):
        return quote_of(annotation)

    @admin.display(description="quote")
    def reading(self, annotation):
        """The quotes in full, in the article's own language and direction."""
        quotes = ((span.quote,) for span in annotation.spans.all())
        lines = format_html_join("", '<p dir="auto">{}</p>', quotes)
        return format_html(
            '<div class="reading" lang="{}">{}</div>',
            annotation.article.language,
            lines,
        )

    @admin.display(description="author")
    def written_by(self, annotation):
        return annotation.author.shown_name

    @admin.display(description="participants")
    def who(self, annotation):
        return ", ".join(str(part) for part in annotation.participants.all())

    @admin.display(description="certainty", ordering="certainty")
    def sure(self, annotation):
        return annotation.get_certainty_display() if annotation.certainty else None

    @admin.display(description="flag", ordering="flagged")
    def asks(self, annotation):
        return "asks a curator to look" if annotation.flagged else None

    @admin.display(description="tags")
    def coded(self, annotation):
        return ", ".join(str(coding) for coding in annotation.codings.all())

    @admin.action(description="Recode…", permissions=["write"])
    def recode(self, request, queryset):
        return self.operate(request, queryset, RecodeForm, action="recode", title="Recode")

    @admin.action(description="Split off to another tag…", permissions=["write"])
    def split_tag(self, request, queryset):
        """Of a tag that is two, the chosen annotations get the other one."""

        def run(form):
            given = form.cleaned_data
            merger = retagging.split_tag(
                by=request.user, source=given["source"], target=given["target"],
                values=form.values, annotations=given["seen"], reason=given["reason"],
            )  # fmt: skip
            return Outcome(merger.operation, {})

        told = {"action": "split_tag", "title": "Split off to another tag", "run": run}
        return self.operate(request, queryset, SplitTagForm, **told)

    @admin.action(description="Remove…", permissions=["write"])
    def remove(self, request, queryset):
        told = {"action": "remove", "title": "Remove annotations"}
        return self.operate(request, queryset, PlainOrderForm, order=Remove(), **told)

    @admin.action(description="Restore…", permissions=["write"])
    def put_back(self, request, queryset):
        told = {"action": "put_back", "title": "Restore annotations"}
        return self.operate(request, queryset, PlainOrderForm, order=Restore(), **told)

    @admin.action(description="Export as JSONL", permissions=["view"])
    def as_jsonl(self, request, queryset):
        return self._export(request, queryset, "jsonl")

    @admin.action(description="Export as CSV", permissions=["view"])
    def as_csv(self, request, queryset):
        return self._export(request, queryset, "csv")

    @admin.action(description="Export as JSON-LD (W3C)", permissions=["view"])
    def as_jsonld(self, request, queryset):
        return self._export(request, queryset, "jsonld")

    def _export(self, request, queryset, name: str):
        """The chosen annotations of one project as a stream."""
        projects = queryset.order_by().values_list("project_id", flat=True).distinct()[:2]
        if len(projects) != 1:
            return self.message_user(request, "Choose annotations of one project.", messages.ERROR)
        source = source_for(request.user, queryset[0].project)
        chosen = source.annotations.filter(pk__in=queryset.order_by().values("pk"))
        chosen_format = FORMATS[name]
        filename = f"{source.project.slug}-{timezone.localdate():%Y-%m-%d}.{name}"
        return StreamingHttpResponse(
            chosen_format.write(replace(source, annotations=chosen)),
            content_type=chosen_format.content_type,
            headers={"Content-Disposition": f'attachment; filename="{filename}"'},
        )
