"""What was done to many rows at once, and the pages that ask before it is done and taken back."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.text import Truncator

from annotations import access, operating, retagging
from annotations.admin.cases import Decisions, Members
from annotations.admin.history import names_of
from annotations.models import Case, TagMerger
from annotations.operating import Outcome, Preview
from annotations.order_forms import OrderForm, PlainOrderForm, ReasonForm
from annotations.orders import Fate, Reopen
from corpus_app.access import CURATING, curates, operations_for
from corpus_app.admin.scoped import People, Scoped, Theirs
from corpus_app.changes import changes
from corpus_app.history import DoorError
from corpus_app.models import Operation, User

OPERATIONS = {
    "recode": "Recoded",
    "remove": "Removed",
    "restore": "Restored",
    "retire": "Retired",
    "reassign": "Reassigned",
    "withdraw": "Withdrawn",
    "reopen": "Reopened",
    "merge": "Tag merged",
    "split": "Tag split",
    "undo": "Undone",
}


class Operating(Scoped):
    """Lists with actions that say what they would do before they do it."""

    roles = CURATING

    def operate(
        self,
        request: HttpRequest,
        queryset: QuerySet,
        kind: type[OrderForm],
        *,
        action: str,
        title: str,
        run: Callable[[OrderForm], Outcome] | None = None,
        **given: Any,
    ) -> HttpResponse | None:
        """The page that asks, tells what would happen, and does it; None once that is done."""
        projects = {row.project_id: row.project for row in queryset.select_related("project")[:200]}
        ids = queryset.order_by().values_list("project_id", flat=True).distinct()[:2]
        if len(ids) != 1:
            return self.message_user(request, "Choose rows of one project.", messages.ERROR)
        project = projects[ids[0]]
        if not self.may_write(request, project.pk):
            return self.message_user(request, f"You do not curate {project}.", messages.ERROR)
        sent = request.POST if "go" in request.POST else None
        form = kind(sent, user=request.user, project=project, **given)
        preview = None
        if sent and form.is_valid():
            try:
                if "do" in sent and form.cleaned_data["looked"] == form.order.words:
                    outcome = (run or self._run)(form)
                    return self.message_user(request, done(outcome), messages.SUCCESS)
                preview = operating.preview(project=project, order=form.order, rows=queryset)
                form = kind(_looked(request, form, preview), user=request.user, project=project,
                            **given)  # fmt: skip
            except DoorError as refusal:
                form.add_error(None, str(refusal))
        return answer(
            request, self, title=title, form=form, preview=preview, action=action,
            chosen=request.POST.getlist("_selected_action"),
            across=request.POST.get("select_across", "0"),
            back=f"{self._page('changelist')}?{request.GET.urlencode()}",
        )  # fmt: skip

    def _run(self, form: OrderForm) -> Outcome:
        given = form.cleaned_data
        return operating.run(
            by=form.user, project=form.project, order=form.order, seen=given["seen"],
            reason=given["reason"],
        )  # fmt: skip


def _looked(request: HttpRequest, form: OrderForm, preview: Preview):
    """What was sent, with what the person is about to see."""
    sent = request.POST.copy()
    sent["looked"] = form.order.words
    sent["seen"] = " ".join(f"{pk.hex}:{version}" for pk, version in preview.seen.items())
    return sent


def answer(
    request: HttpRequest, model_admin: Scoped, *, preview: Preview | None, **context: Any
) -> HttpResponse:
    """The page that asks, with what would change if that is known."""
    shown = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "preview": preview,
        "examples": preview and list(examples(request.user, preview)),
        "stays": preview and sorted(preview.stays.items()),
        **context,
    }
    return TemplateResponse(request, "admin/operation.html", shown)


def examples(user: User, preview: Preview) -> Iterable[dict[str, Any]]:
    """Some of what would change: which row, where it is, and its values before and after."""
    names = names_of(user, preview.examples)
    for fate in preview.examples:
        opts = fate.row._meta
        yield {
            "name": _name(fate),
            "address": reverse(
                f"admin:{opts.app_label}_{opts.model_name}_change", args=[fate.row.pk]
            ),
            "changes": changes(*_differing(fate), names),
        }


def _differing(fate: Fate) -> Iterator[dict[str, Any]]:
    """The row before and after, without the codings that stay as they are."""
    sides = (fate.before, fate.after)
    for side, other in (sides, reversed(sides)):
        codings = [one for one in side.get("codings", ()) if one not in other.get("codings", ())]
        yield {**side, "codings": codings}


def _name(fate: Fate) -> str:
    quotes = [span["quote"] for span in fate.before.get("spans", ())]
    return Truncator(" … ".join(quotes) or str(fate.row)).chars(80)


def done(outcome: Outcome) -> str:
    """What was done and what was not, in a sentence or two, with the way back."""
    operation = outcome.operation
    told = format_html(
        "{}: {} {} written. <a href=\"{}\">See it, or take it back</a>.",
        operation.words, operation.number, "row" if operation.number == 1 else "rows",
        reverse("admin:corpus_app_operation_change", args=[operation.pk]),
    )  # fmt: skip
    if not outcome.stays:
        return told
    kept = "; ".join(f"{number} {why}" for why, number in sorted(outcome.stays.items()))
    return format_html("{} Not written: {}.", told, kept)


class ForCurators(Scoped):
    """Lists that tell of analysts' work."""

    def has_view_permission(self, request, obj=None):
        return curates(request.user)


class Kinds(admin.SimpleListFilter):
    """What was done."""

    title, parameter_name = "what", "what"

    def lookups(self, request, model_admin):
        return list(OPERATIONS.items())

    def queryset(self, request, queryset):
        return queryset.filter(what=self.value()) if self.value() in OPERATIONS else queryset


@admin.register(Operation)
class OperationAdmin(ForCurators):
    """Everything that was done at once: who, when, why, to how many rows, and whether it stands."""

    visible = staticmethod(operations_for)
    has_history = False
    fields = ("done", "by", "created", "reason", "number", "standing", "rows")

    list_display = ("done", "by", "created", "why", "number", "standing", "project")
    list_filter = (Kinds, ("by", People), ("project", Theirs))
    list_select_related = ("by", "project", "undone_by")
    date_hierarchy = "created"
    search_fields = ("words", "reason")
    search_help_text = "What was done, and why"
    when_empty = (
        "What is done to many rows at once from the lists of annotations, assignments, tags and "
        "cases stands here, and can be taken back."
    )

    def get_urls(self):
        undo = self.admin_site.admin_view(self.undo_view)
        own = path("<path:object_id>/undo/", undo, name="corpus_app_operation_undo")
        return [own, *super().get_urls()]

    def render_change_form(self, request, context, *args, **kwargs):
        operation = context.get("original")
        if operation and _may_be_undone(operation):
            page = reverse("admin:corpus_app_operation_undo", args=[operation.pk])
            context["tools"] = [(page, "Take it back…")]
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description="what", ordering="words")
    def done(self, operation):
        if operation.undoes_id:
            return operation.words
        return f"{OPERATIONS.get(operation.what, operation.what)}: {operation.words}"

    @admin.display(description="why")
    def why(self, operation):
        return Truncator(operation.reason).chars(80)

    @admin.display(description="stands")
    def standing(self, operation):
        """Whether it was taken back, and where."""
        back = getattr(operation, "undone_by", None)
        if back is None:
            return "yes"
        page = reverse("admin:corpus_app_operation_change", args=[back.pk])
        return format_html('<a href="{}">taken back</a>', page)

    @admin.display(description="history")
    def rows(self, operation):
        page = f"{reverse('admin:corpus_app_event_changelist')}?operation={operation.pk}"
        return format_html('<a href="{}">Every row that was written</a>', page)

    def undo_view(self, request, object_id):
        """Says what would come back, asks why, and takes it back."""
        operation = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request):
            raise PermissionDenied
        if operation is None:
            raise Http404
        own = reverse("admin:corpus_app_operation_change", args=[operation.pk])
        form = ReasonForm(request.POST if request.method == "POST" else None)
        merger = getattr(operation, "tag_merger", None)
        try:
            preview = (
                retagging.looked_back(merger=merger)
                if merger
                else operating.looked_back(operation=operation)
            )
            if form.is_valid():
                told = {"by": request.user, "reason": form.cleaned_data["reason"]}
                outcome = (
                    retagging.undo(merger=merger, **told)
                    if merger
                    else operating.undo(operation=operation, **told)
                )
                self.message_user(request, done(outcome), messages.SUCCESS)
                return redirect(own)
        except DoorError as refusal:
            self.message_user(request, f"Nothing was taken back. {refusal}", messages.ERROR)
            return redirect(own)
        return answer(
            request, self, title=f"Take back: {operation.words}", form=form, preview=preview,
            back=own, button="Take it back", asks=True,
        )  # fmt: skip


def _may_be_undone(operation: Operation) -> bool:
    return operation.undoes_id is None and getattr(operation, "undone_by", None) is None


@admin.register(TagMerger)
class MergerAdmin(ForCurators):
    """Which tags became one, or were parted."""

    visible = staticmethod(access.mergers_for)
    has_history = False
    fields = ("source", "target", "whole", "by", "why", "created", "undone", "at_once")

    list_display = ("source", "target", "whole", "by", "why", "created", "undone", "project")
    list_filter = ("whole", ("project", Theirs))
    list_select_related = ("source", "target", "operation__by", "project")
    search_fields = ("source__label", "target__label")
    when_empty = "A tag's page merges it into another; the list of annotations splits one."

    def by(self, merger):
        return merger.operation.by.shown_name

    def why(self, merger):
        return merger.operation.reason

    @admin.display(description="operation")
    def at_once(self, merger):
        page = reverse("admin:corpus_app_operation_change", args=[merger.operation_id])
        return format_html('<a href="{}">See it, or take it back</a>', page)


@admin.register(Case)
class CaseAdmin(Operating, ForCurators):
    """The cases, to be looked through and reopened; they are decided where the text is."""

    visible = staticmethod(access.cases_for)
    history = staticmethod(access.events_for)
    fields = ("article", "kind", "state", "by_hand", "disagreement", "created", "dissolved")
    inlines = (Members, Decisions)

    list_display = ("article", "kind", "state", "disagreement", "by_hand", "updated", "project")
    list_filter = ("state", "kind", "by_hand", ("project", Theirs))
    list_select_related = ("article", "project")
    ordering = ("-updated", "-id")
    search_fields = ("article__title",)
    inlines = (Members, Decisions)
    actions = ("reopen",)

    def get_queryset(self, request):
        return super().get_queryset(request).defer("article__raw")

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    @admin.action(description="Reopen…", permissions=["write"])
    def reopen(self, request, queryset):
        told = {"action": "reopen", "title": "Reopen cases"}
        return self.operate(request, queryset, PlainOrderForm, order=Reopen(), **told)
