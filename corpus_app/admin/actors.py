"""The registry of actors at the desk."""

from collections.abc import Iterable

from django.contrib import admin
from django.db.models import Count
from django.http import StreamingHttpResponse
from django.utils import timezone

from corpus_app import access, actors, registry
from corpus_app.admin.doors import ThroughADoor, WithImport
from corpus_app.admin.scoped import Retired, Theirs
from corpus_app.changes import in_words
from corpus_app.forms.registry import ActorForm


class Wholes(admin.SimpleListFilter):
    """A filter by what actors are part of; those with most parts are offered."""

    title, parameter_name = "part of", "part_of"
    most = 40

    def lookups(self, request, model_admin):
        rows = access.actors_for(request.user).alias(parts=Count("members"))
        return [
            (row.pk, row.name) for row in rows.filter(parts__gt=0).order_by("-parts")[: self.most]
        ]

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        return queryset.filter(affiliations__whole=self.value()).distinct()


class Merged(Retired):
    """Actors that stand for themselves, those merged into others, or both."""

    title, parameter_name, present = "merged", "merged_into", "Not merged"


class ActorAdmin(WithImport, ThroughADoor):
    """The registry of actors. `annotations` registers it, with merging and splitting."""

    visible = staticmethod(access.actors_for)
    roles = access.CURATING
    form = ActorForm
    fields = ("name", "kind", "part_of", "aliases", "external_ids", "notes")
    offered = {"retired": None, "merged_into": None}

    list_display = ("name", "kind", "wholes", "other_names", "retired", "project")
    list_filter = (Retired, Merged, "kind", Wholes, ("project", Theirs))
    list_select_related = ("project",)
    search_fields = ("name", "aliases__name")
    search_help_text = "Names and aliases"
    actions = ("export_csv", "export_json", "retire", "revive")

    import_title = "Import actors"
    import_help = (
        "CSV or JSON, UTF-8. The first line of a CSV names the columns: name, kind, part_of, "
        "aliases, metonyms, external_ids, notes, retired, merged_into; only name must be there. "
        "Several aliases are parted by |. Actors that are there already get what they lack."
    )

    def get_queryset(self, request):
        return super().get_queryset(request).with_parts()

    @admin.display(description="part of")
    def wholes(self, actor):
        return ", ".join(dict.fromkeys(a.whole.name for a in actor.affiliations.all())) or None

    @admin.display(description="other names")
    def other_names(self, actor):
        return ", ".join(alias.name for alias in actor.aliases.all()) or None

    # What those read who may not change it.

    def part_of(self, actor):
        return _told(actors.as_values(actor)["part_of"])

    def aliases(self, actor):
        return _told(actors.as_values(actor)["aliases"])

    @admin.display(description="ids elsewhere")
    def external_ids(self, actor):
        return _told(actors.as_values(actor)["external_ids"])

    def write(self, request, form, seen):
        if seen is None:
            return actors.create(by=request.user, project=form.project, values=form.values)
        return actors.change(by=request.user, actor=form.instance, seen=seen, values=form.values)

    def import_text(self, *, by, project, text):
        return registry.import_text(by=by, project=project, text=text)

    @admin.action(description="Retire: offer them no more", permissions=["write"])
    def retire(self, request, queryset):
        current = queryset.filter(retired=None)
        self.each(request, current, self._by(request, actors.retire), "retired")

    @admin.action(description="Revive: offer them again", permissions=["write"])
    def revive(self, request, queryset):
        retired = queryset.exclude(retired=None)
        self.each(request, retired, self._by(request, actors.revive), "revived")

    @staticmethod
    def _by(request, door):
        return lambda actor: door(by=request.user, actor=actor, seen=actor.version)

    @admin.action(description="Export as CSV", permissions=["view"])
    def export_csv(self, request, queryset):
        return download(registry.csv_lines(queryset), "csv", "text/csv; charset=utf-8")

    @admin.action(description="Export as JSON", permissions=["view"])
    def export_json(self, request, queryset):
        return download(registry.json_lines(queryset), "json", "application/json")


def _told(parts: list[dict]) -> str | None:
    return "\n".join(in_words(part) for part in parts) or None


def download(lines: Iterable[str], ending: str, content_type: str) -> StreamingHttpResponse:
    """The lines as a file of actors to be kept."""
    name = f"actors-{timezone.localdate():%Y-%m-%d}.{ending}"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(lines, content_type=content_type, headers=disposition)
