"""The registry of actors at the desk, with all that touches what was marked with them."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html

from annotations import recasting
from annotations.access import annotations_for
from annotations.models import Participant
from corpus_app import access, actors, merging, registry
from corpus_app.admin.actors import ActorAdmin, download
from corpus_app.forms.fields import show_refusal
from corpus_app.forms.registry import CopyForm, MergeForm, SplitForm, UndoForm
from corpus_app.history import DoorError, Stale
from corpus_app.models import Actor, Project

MOST_DOUBLES = 100
FILES = {"csv": (registry.csv_lines, "text/csv; charset=utf-8"),
         "json": (registry.json_lines, "application/json")}  # fmt: skip


@admin.register(Actor)
class Registry(ActorAdmin):
    """The actors, with pages to merge, split, compare and copy them."""

    actions = (*ActorAdmin.actions, "merge_two")

    def get_urls(self):
        pages = (
            ("doubles/", self.doubles_view, "doubles"), ("copy/", self.copy_view, "copy"),
            ("export/<str:format>/", self.export_view, "export"),
            ("<path:object_id>/merge/", self.merge_view, "merge"),
            ("<path:object_id>/split/", self.split_view, "split"),
            ("<path:object_id>/undo/", self.undo_view, "undo"),
        )  # fmt: skip
        own = [
            path(route, self.admin_site.admin_view(view), name=f"corpus_app_actor_{name}")
            for route, view, name in pages
        ]
        return [*own, *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        extra = extra_context or {}
        if self.may_write(request):
            extra["tools"] = [
                (_page("doubles"), "Likely doubles"),
                (_page("export", "csv"), "Export as CSV"),
                (_page("export", "json"), "Export as JSON"),
            ]
            if access.projects_for(request.user, self.roles)[:2].count() > 1:
                extra["tools"].append((_page("copy"), "Copy from a project"))
        return super().changelist_view(request, extra)

    def render_change_form(self, request, context, *args, **kwargs):
        actor = context.get("original")
        if actor and self.has_change_permission(request, actor) and not actor.merged_into_id:
            context["tools"] = [(_page("merge", actor.pk), "Merge into another")]
            judged = f"{reverse('admin:annotations_verdict_changelist')}?actor={actor.pk}"
            context["tools"].append((judged, "Suggestions: how good"))
            if actor.aliases.exists():
                context["tools"].append((_page("split", actor.pk), "Split"))
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.action(description="Merge the two chosen", permissions=["write"])
    def merge_two(self, request, queryset):
        chosen = list(queryset[:3])
        if len(chosen) != 2:
            self.message_user(request, "Choose two actors to merge.", messages.WARNING)
            return None
        return redirect(f"{_page('merge', chosen[0].pk)}?into={chosen[1].pk}")

    # One into another

    def merge_view(self, request, object_id):
        """Says what a merger would change, and does it."""
        actor = self._to_change(request, object_id)
        into = self._asked(request, actor)
        given = request.POST or None
        form = MergeForm(
            given, project=actor.project,
            initial={"into": into.name if into else "", "seen": actor.version},
        )  # fmt: skip
        if given and form.is_valid():
            into = form.cleaned_data["into"]
            if "go" in given and self._merge(request, form, actor, into):
                return redirect(self._back(request, _page("change", into.pk)))
        context = {
            "title": f"Merge “{actor}” into another", "actor": actor, "into": into, "form": form,
            "sides": [self._told(request, one) for one in (actor, into) if one],
            "swapped": into and f"{_page('merge', into.pk)}?into={actor.pk}",
        }  # fmt: skip
        return self._answer(request, "admin/merge.html", context)

    def _merge(self, request, form: MergeForm, actor: Actor, into: Actor) -> bool:
        seen = form.cleaned_data["seen"]
        try:
            merging.merge(by=request.user, actor=actor, into=into, seen=seen)
        except (DoorError, Stale) as refusal:
            form.add_error(None, f"Nothing was merged. {refusal}")
            return False
        told = format_html(
            "“{}” is merged into “{}”. <a href=\"{}\">The history of “{}”</a> takes that back.",
            actor, into, _page("history", actor.pk), actor,
        )  # fmt: skip
        self.message_user(request, told, messages.SUCCESS)
        return True

    def _asked(self, request, actor: Actor) -> Actor | None:
        """The actor of `?into=`, of the same project."""
        if "into" not in request.GET:
            return None
        try:
            wanted = uuid.UUID(request.GET["into"])
        except ValueError:
            raise Http404 from None
        found = access.actors_for(request.user).filter(pk=wanted, project=actor.project_id).first()
        if found is None:
            raise Http404
        return found

    def _told(self, request, actor: Actor) -> dict[str, Any]:
        """What is known of an actor, and how much was marked with it."""
        return {"actor": actor, "values": actors.as_values(actor), "uses": self._uses(
            request, [actor.pk])[actor.pk]}  # fmt: skip

    def _uses(self, request, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, dict[str, int]]:
        """How many standing annotations have each actor, those merged into it as well."""
        ids = list(ids)
        stands = dict(Actor.objects.filter(standing__in=ids).values_list("pk", "standing"))
        stands |= {pk: pk for pk in ids}
        seen = annotations_for(request.user).standing().order_by().values("pk")
        parts = Participant.objects.filter(actor__in=list(stands), annotation__in=seen)
        counted = parts.order_by().values("actor").annotate(
            annotations=Count("annotation", distinct=True),
            articles=Count("annotation__article", distinct=True),
        )  # fmt: skip
        uses = {pk: {"annotations": 0, "articles": 0} for pk in ids}
        for row in counted:
            for what in ("annotations", "articles"):
                uses[stands[row["actor"]]][what] += row[what]
        return uses

    # One as two

    def split_view(self, request, object_id):
        """Moves some of an actor's names to a new actor, and the mentions by them if wanted."""
        actor = self._to_change(request, object_id)
        form = SplitForm(request.POST or None, actor=actor, initial={"seen": actor.version})
        if (
            request.method == "POST"
            and form.is_valid()
            and (new := self._split(request, form, actor))
        ):
            return redirect(_page("change", new.pk))
        context = {"title": f"Split “{actor}”", "actor": actor, "form": form}
        return self._answer(request, "admin/split.html", context)

    def _split(self, request, form: SplitForm, actor: Actor) -> Actor | None:
        given = form.cleaned_data
        try:
            new, followed = recasting.split(
                by=request.user, actor=actor, seen=given["seen"], values=form.values,
                aliases=given["aliases"], mentions=given["mentions"],
            )  # fmt: skip
        except DoorError as refusal:
            show_refusal(form, refusal)
            return None
        except Stale as stale:
            form.add_error(None, f"Nothing was split. {stale} Open the page anew.")
            return None
        names = ", ".join(f"“{name}”" for name in given["aliases"])
        told = f"{names} moved from “{actor}” to “{new}”; {followed} mentions followed."
        self.message_user(request, told, messages.SUCCESS)
        return new

    # Taking back

    def history_view(self, request, object_id, extra_context=None):
        actor = self.get_object(request, unquote(object_id))
        extra = extra_context or {}
        if actor and self.has_change_permission(request, actor):
            extra["undoable"] = merging.may_be_undone(actor)
            extra["undo_url"] = _page("undo", actor.pk)
        return super().history_view(request, object_id, extra)

    def undo_view(self, request, object_id):
        """Takes back the merger or the split that an event tells of."""
        actor = self._to_change(request, object_id)
        if request.method != "POST":
            return redirect(_page("history", actor.pk))
        form = UndoForm(request.POST)
        if not form.is_valid() or form.cleaned_data["event"] not in merging.may_be_undone(actor):
            raise BadRequest("That cannot be taken back any more.")
        undo = merging.unmerge if actor.merged_into_id else recasting.reunite
        try:
            undo(by=request.user, actor=actor, seen=form.cleaned_data["seen"])
        except (DoorError, Stale) as refusal:
            self.message_user(request, f"Nothing was taken back. {refusal}", messages.ERROR)
        else:
            self.message_user(request, "Taken back.", messages.SUCCESS)
        return redirect(_page("history", actor.pk))

    # Likely doubles

    def doubles_view(self, request):
        """Pairs that may be one actor: to merge either way, or to tell apart."""
        project = self._project(request, "Likely doubles")
        if isinstance(project, HttpResponse):
            return project
        if request.method == "POST":
            self._tell_apart(request, project)
            return redirect(f"{_page('doubles')}?project={project.pk}")
        found = merging.doubles(project)
        shown = found[:MOST_DOUBLES]
        ids = {pk for pair in shown for pk in (pair.one, pair.other)}
        rows = access.actors_for(request.user).filter(pk__in=ids).prefetch_related("aliases")
        present = {actor.pk: actor for actor in rows}
        uses = self._uses(request, ids)
        context = {
            "title": "Likely doubles", "project": project, "number": len(found),
            "pairs": [
                {"double": pair, "sides": [
                    {"actor": present[pk], "uses": uses[pk]} for pk in (pair.one, pair.other)
                ]}
                for pair in shown
            ],
        }  # fmt: skip
        return self._answer(request, "admin/doubles.html", context)

    def _tell_apart(self, request, project: Project) -> None:
        own = access.actors_for(request.user).filter(project=project)
        try:
            wanted = [uuid.UUID(request.POST.get(name, "")) for name in ("one", "other")]
            one, other = (own.get(pk=pk) for pk in wanted)
        except (ValueError, Actor.DoesNotExist):
            raise Http404 from None
        try:
            merging.tell_apart(by=request.user, one=one, other=other)
        except DoorError as refusal:
            raise BadRequest(str(refusal)) from refusal
        told = f"“{one}” and “{other}” are kept apart and not proposed again."
        self.message_user(request, told, messages.SUCCESS)

    # Whole registries

    def copy_view(self, request):
        """Copies the actors of one project into another; a curator of both may."""
        if not self.may_write(request):
            raise PermissionDenied
        projects = access.projects_for(request.user, self.roles)
        form = CopyForm(request.POST or None, projects=projects)
        report = None
        if request.method == "POST" and form.is_valid():
            report = registry.copy(by=request.user, **form.cleaned_data)
        context = {
            "title": "Copy actors from a project", "form": form, "report": report,
            "counted": "Actor",
            "help": "Actors of the same name get what they lack; the others are made anew. "
            "Mergers and retirements come along.",
            "button": "Copy", "again": "Copy another registry", "first": "Choose two projects",
        }  # fmt: skip
        return self._answer(request, "admin/copy.html", context)

    def export_view(self, request, format):
        """All actors of a project, as a file that can be imported again."""
        if format not in FILES:
            raise Http404
        project = self._project(request, f"Export as {format.upper()}")
        if isinstance(project, HttpResponse):
            return project
        lines, content_type = FILES[format]
        rows = access.actors_for(request.user).filter(project=project).order_by("created", "id")
        return download(lines(rows), format, content_type)

    # What they share

    def _to_change(self, request, object_id: str) -> Actor:
        """The actor, for somebody who may change it."""
        actor = self.get_object(request, unquote(object_id))
        if actor is None:
            raise Http404
        if not self.has_change_permission(request, actor):
            raise PermissionDenied
        return actor

    def _project(self, request, title: str) -> Project | HttpResponse:
        """The project that is asked for or the only one, or a page to choose one."""
        if not self.may_write(request):
            raise PermissionDenied
        if project := self.project_for(request, None):
            return project
        projects = access.projects_for(request.user, self.roles)
        context = {"title": f"{title}: of which project?", "projects": projects}
        return self._answer(request, "admin/choose_project.html", context)

    def _answer(self, request, template: str, context: dict[str, Any]) -> HttpResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts}
        return TemplateResponse(request, template, {**shared, **context})

    def _back(self, request: HttpRequest, otherwise: str) -> str:
        """Where the person came from, if that is the page of doubles."""
        project = request.GET.get("doubles", "")
        return f"{_page('doubles')}?project={project}" if project else otherwise


def _page(name: str, *args: Any) -> str:
    return reverse(f"admin:corpus_app_actor_{name}", args=args)
