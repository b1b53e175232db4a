"""Pages of the desk that write: each asks a door, and shows what the door says."""

import uuid

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path, reverse

from corpus_app import access
from corpus_app.admin.scoped import Scoped
from corpus_app.forms.intake import ImportForm
from corpus_app.history import DoorError, Stale
from corpus_app.models import Project


class ThroughADoor(Scoped):
    """A form whose values are written by a door.

    The subclass's `write(request, form, seen)` calls the door and gives the row that it wrote;
    `seen` is the version that was changed, None for a new row. It may raise DoorError and Stale.
    """

    save_on_top = False

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """The form; when the door refuses, the same form with what was typed and the reason."""
        if "_saveasnew" in request.POST:
            raise BadRequest("Nothing is saved as a copy.")
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (DoorError, Stale) as refusal:
            request.refusal = refusal
        response = super().changeform_view(request, object_id, form_url, extra_context)
        if isinstance(request.refusal, Stale):
            response.status_code = 412
        return response

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.project = self.project_for(request, obj)
        form.refusal = getattr(request, "refusal", None)
        if isinstance(form.refusal, Stale) and obj:
            form.meanwhile = self.history_of(request, obj).first()
        return form

    def get_fields(self, request, obj=None):
        """The fields, and the version that a change was begun from."""
        shown = super().get_fields(request, obj)
        return (*shown, "seen") if obj and self.has_change_permission(request, obj) else shown

    def project_for(self, request, obj) -> Project | None:
        """The project of the row, or the one that a new row is for."""
        if obj:
            return obj.project
        return self._project_asked(request) or self._only_project(request)

    def add_view(self, request, form_url="", extra_context=None):
        """The empty form, once it is clear for which project."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if self.project_for(request, None):
            return super().add_view(request, form_url, extra_context)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Add {self.opts.verbose_name}: in which project?",
            "opts": self.opts,
            "projects": self._projects(request),
        }
        return TemplateResponse(request, "admin/choose_project.html", context)

    def _project_asked(self, request) -> Project | None:
        if "project" not in request.GET:
            return None
        try:
            asked = uuid.UUID(request.GET["project"])
            return self._projects(request).get(pk=asked)
        except (ValueError, Project.DoesNotExist) as error:
            raise Http404 from error

    def _only_project(self, request) -> Project | None:
        projects = self._projects(request)[:2]
        return projects[0] if len(projects) == 1 else None

    def _projects(self, request):
        """Where the person may add a row."""
        return access.projects_for(request.user, self.roles).filter(archived=None)

    # The door writes the row, its parts and its history; Django's own steps are left out.

    def save_model(self, request, obj, form, change):
        if not change or form.has_changed():
            written = self.write(request, form, form.cleaned_data["seen"] if change else None)
            vars(obj).update(vars(written))

    def save_related(self, request, form, formsets, change):
        pass

    def construct_change_message(self, request, form, formsets, add=False):
        return []

    def log_addition(self, request, obj, message):
        pass

    def log_change(self, request, obj, message):
        pass

    # Actions

    def each(self, request, rows, door, done: str) -> None:
        """Call the door for every row that the person may write, and say what became of them."""
        written = 0
        for row in rows:
            if not self.may_write(request, self.project_id_of(row)):
                self.message_user(request, f"“{row}” is not yours to change.", messages.ERROR)
                continue
            try:
                door(row)
                written += 1
            except (DoorError, Stale) as error:
                self.message_user(request, f"“{row}” is as it was: {error}", messages.ERROR)
        if written:
            self.message_user(request, f"{written} {done}.", messages.SUCCESS)


class WithImport(Scoped):
    """A list with a page that reads a file.

    The subclass's `import_text(by=, project=, text=, **options)` calls the door and gives its
    report. It may raise DoorError.
    """

    import_title = ""
    import_help = ""
    import_counted = "Line"

    @property
    def import_url_name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_import"

    def get_urls(self):
        view = self.admin_site.admin_view(self.import_view)
        return [path("import/", view, name=self.import_url_name), *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        """The list, with a button to the import for those who may."""
        extra = extra_context or {}
        if self.may_import(request):
            extra["import_url"] = reverse(f"admin:{self.import_url_name}")
            extra["import_title"] = self.import_title
        return super().changelist_view(request, extra)

    def may_import(self, request) -> bool:
        return self.may_write(request)

    def import_view(self, request):
        """Takes a file or pasted text and reports what became of every row."""
        if not self.may_import(request):
            raise PermissionDenied
        projects = access.projects_for(request.user, access.CURATING).filter(archived=None)
        form = ImportForm(request.POST or None, request.FILES or None, projects=projects)
        report = None
        if request.method == "POST" and form.is_valid():
            given = {"project": form.cleaned_data["project"], "text": form.text_given}
            try:
                report = self.import_text(by=request.user, **given)
            except DoorError as refusal:
                form.refuse(refusal)
        context = {
            **self.admin_site.each_context(request),
            "title": self.import_title,
            "help": self.import_help,
            "counted": self.import_counted,
            "opts": self.opts,
            "form": form,
            "report": report,
        }
        return TemplateResponse(request, "admin/import.html", context)
