"""What every page of the desk keeps to: nobody sees or does more than `access` says."""

import uuid
from collections.abc import Callable, Collection
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet
from django.http import Http404
from django.template.response import TemplateResponse

from corpus_app import access
from corpus_app.admin.filed import WithSavedFilters
from corpus_app.changes import changes
from corpus_app.models import Event, User

LONGEST_SEARCH = 200  # code points: every word makes the query longer, which has an end

# What the filters beside a list may ask of a field.
ASKED = ("exact", "id__exact", "isnull", "isempty", "gte", "lt")


class Theirs(admin.RelatedFieldListFilter):
    """A filter that offers what the person may see in the related list, and nothing else."""

    def field_choices(self, field, request, model_admin):
        related = model_admin.admin_site.get_model_admin(field.related_model)
        return [(row.pk, str(row)) for row in related.get_queryset(request)]


class People(admin.RelatedFieldListFilter):
    """A filter by person that names only those whose work the user sees by her role."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.title = "person"

    def field_choices(self, field, request, model_admin):
        people = access.colleagues_for(request.user).order_by("username")
        return [(person.pk, person.username) for person in people]


class Retired(admin.SimpleListFilter):
    """Current rows, retired ones, or both; current ones if nothing is asked."""

    title = parameter_name = "retired"
    present = "Current"

    def lookups(self, request, model_admin):
        return [("yes", self.title.capitalize()), ("both", "Both")]

    def choices(self, changelist):
        first, *others = super().choices(changelist)
        return [{**first, "display": self.present}, *others]

    def queryset(self, request, queryset):
        if self.value() == "both":
            return queryset
        return queryset.filter(**{f"{self.parameter_name}__isnull": self.value() != "yes"})


class ProjectAutocomplete(AutocompleteSelect):
    """A choice by typing among the rows of one project."""

    project_id = None

    def get_url(self):
        return f"{super().get_url()}?project={self.project_id}"

    def optgroups(self, name, value, attr=None):
        """The choices to show again; what is no id was none, as the field says beside it."""
        return super().optgroups(name, [chosen for chosen in value if _is_id(chosen)], attr)


class Lists(ChangeList):
    """A list that answers an impossible date as it answers any other wrong question."""

    def get_filters(self, request):
        try:
            return super().get_filters(request)
        except OverflowError as error:
            raise IncorrectLookupParameters(error) from error


def _in_project(queryset: QuerySet, asked: str) -> QuerySet:
    return queryset.filter(project_id=asked) if _is_id(asked) else queryset.none()


def _is_id(text: str) -> bool:
    try:
        return bool(uuid.UUID(text))
    except ValueError:
        return False


class Scoped(WithSavedFilters):
    """A room for reading. `visible` gives what a person may see; nobody writes here.

    A subclass that lets people write names their `roles`.
    """

    visible: ClassVar[Callable[[User], QuerySet]]
    history = staticmethod(access.open_events_for)
    roles: ClassVar[Collection[str]] = ()
    # What an empty list says of where its rows come from.
    when_empty = ""

    list_per_page = 50
    list_max_show_all = 200
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    empty_value_display = "–"
    # Of a field's rows, only those that the autocomplete offers.
    offered: ClassVar[dict[str, Any]] = {}

    has_history = True

    def get_queryset(self, request):
        ordering = self.get_ordering(request)
        rows = self.visible(request.user)
        if self.list_select_related:
            rows = rows.select_related(*self.list_select_related)
        return rows.order_by(*ordering) if ordering else rows

    def get_object(self, request, object_id, from_field=None):
        """The row of this id; no row is addressed by another field."""
        return super().get_object(request, object_id)

    def get_search_results(self, request, queryset, search_term):
        if len(search_term) > LONGEST_SEARCH:
            return queryset.none(), False
        if request.resolver_match.url_name == "autocomplete":
            queryset = queryset.filter(**self.offered)
            if "project" in request.GET and hasattr(self.model, "project_id"):
                queryset = _in_project(queryset, request.GET["project"])
        return super().get_search_results(request, queryset, search_term)

    def get_changelist(self, request, **kwargs):
        return Lists

    def lookup_allowed(self, lookup, value, request=None):
        """Only what the filters beside the list ask; any other question is answered with 400."""
        allowed = {f"{self.date_hierarchy}__{part}" for part in ("year", "month", "day")}
        for spec in self.list_filter:
            if isinstance(spec, type):
                allowed.add(spec.parameter_name)
            else:
                path = spec if isinstance(spec, str) else spec[0]
                allowed |= {path, *(f"{path}__{question}" for question in ASKED)}
        return lookup in allowed

    # What may be done

    def may_write(self, request, project_id=None) -> bool:
        """Whether the person may write in this project (in any, if none is given).

        Nobody writes in one that is archived.
        """
        if not self.roles:
            return False
        known = request.__dict__.setdefault("desk_projects", {})
        if self.roles not in known:
            own = access.projects_for(request.user, self.roles).filter(archived=None)
            known[self.roles] = set(own.values_list("pk", flat=True))
        if project_id:
            return project_id in known[self.roles]
        return bool(known[self.roles]) or access.everywhere(request.user)

    def project_id_of(self, obj):
        return obj.project_id

    def has_view_permission(self, request, obj=None):
        return True

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_write_permission(self, request):
        """What an action that writes asks for."""
        return self.may_write(request)

    def has_add_permission(self, request):
        return self.may_write(request)

    def has_change_permission(self, request, obj=None):
        return self.may_write(request, self.project_id_of(obj) if obj else None)

    def has_delete_permission(self, request, obj=None):
        return False

    # What is shown

    def get_list_display(self, request):
        return self._without_project(request, super().get_list_display(request))

    def get_list_filter(self, request):
        return self._without_project(request, super().get_list_filter(request))

    def _without_project(self, request, columns):
        """Somebody with one project needs no column and no filter for it."""
        if "several_projects" not in request.__dict__:
            request.several_projects = access.projects_for(request.user)[:2].count() > 1
        own = {"project", ("project", Theirs)}
        return [c for c in columns if request.several_projects or c not in own]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        related = self.admin_site.get_model_admin(db_field.related_model)
        kwargs.setdefault("queryset", related.get_queryset(request))
        if db_field.name in self.autocomplete_fields:
            kwargs.setdefault("widget", ProjectAutocomplete(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """The field without the buttons that open a second window."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        for button in ("add", "change", "delete", "view"):
            if hasattr(field.widget, f"can_{button}_related"):
                setattr(field.widget, f"can_{button}_related", False)
        return field

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        """What one may not see and what there is not get the same answer."""
        raise Http404

    # History

    def render_change_form(self, request, context, *args, **kwargs):
        context["has_history"] = self.has_history
        return super().render_change_form(request, context, *args, **kwargs)

    def history_of(self, request, obj) -> QuerySet[Event]:
        """The events of the object that the person may see, newest first."""
        own = {"noun": self.opts.model_name, "object_id": str(obj.pk)}
        return self.history(request.user).filter(**own).order_by("-version", "-at")

    def as_seen(self, request, events) -> list[Event]:
        """These events, with as much of each as the person may see."""
        return list(events)

    def names_in(self, request, events) -> dict[str, str]:
        """What the ids in these events are called."""
        return {}

    def history_view(self, request, object_id, extra_context=None):
        """Who changed what when, with the values before and after."""
        obj = self.get_object(request, unquote(object_id))
        if obj is None or not self.has_view_permission(request, obj):
            raise Http404
        own = self.history_of(request, obj).select_related("operation")
        page = Paginator(own, 50).get_page(request.GET.get("p"))
        events = self.as_seen(request, page)
        names = self.names_in(request, events)
        context = {
            **self.admin_site.each_context(request),
            "title": f"History of {obj}",
            "object": obj,
            "opts": self.opts,
            "module_name": self.opts.verbose_name_plural,
            "page": page,
            "told": [(event, changes(event.before, event.after, names)) for event in events],
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/object_history.html", context)


class Unnumbered(BaseInlineFormSet):
    """Parts without their running numbers, which would tell how much others made meanwhile."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.fields[self.model._meta.pk.name].initial = None


class Parts(admin.TabularInline):
    """The parts of something that is only read."""

    formset = Unnumbered
    extra = 0
    can_delete = False

    def get_readonly_fields(self, request, obj=None):
        return self.fields

    def has_view_permission(self, request, obj=None):
        return True

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
