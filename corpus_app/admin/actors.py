"""The registry of actors at the desk."""

import csv
from collections.abc import Iterable, Iterator

from django.contrib import admin
from django.http import StreamingHttpResponse
from django.utils import timezone

from corpus_app import access, actors
from corpus_app.actors import ActorValues
from corpus_app.admin.doors import ThroughADoor, WithImport
from corpus_app.admin.scoped import Retired, Theirs
from corpus_app.forms.registry import ActorForm
from corpus_app.models import Actor


@admin.register(Actor)
class ActorAdmin(WithImport, ThroughADoor):
    visible = staticmethod(access.actors_for)
    roles = access.CURATING
    form = ActorForm
    fields = ("name", "kind", "part_of", "aliases", "metonyms", "notes")
    autocomplete_fields = ("part_of",)
    offered = {"retired": None, "merged_into": None}

    list_display = ("name", "kind", "part_of", "other_names", "retired", "project")
    list_filter = (Retired, "kind", ("project", Theirs))
    list_select_related = ("part_of", "project")
    search_fields = ("name", "aliases__name")
    search_help_text = "Names and aliases"
    actions = ("export", "retire", "revive")

    import_title = "Import actors"
    import_help = (
        "CSV, UTF-8. The first line names the columns: name, kind, part_of, aliases, metonyms, "
        "notes; only name must be there. Several aliases are parted by |. Actors that are there "
        "already get the aliases they lack."
    )

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("aliases")

    @admin.display(description="other names")
    def other_names(self, actor):
        return ", ".join(alias.name for alias in actor.aliases.all()) or None

    def aliases(self, actor):
        return self._names(actor, metonym=False)

    def metonyms(self, actor):
        return self._names(actor, metonym=True)

    def _names(self, actor, metonym: bool) -> str | None:
        return "\n".join(a.name for a in actor.aliases.all() if a.metonym == metonym) or None

    def write(self, request, form, seen):
        values = ActorValues(
            **form.given("name", "kind", "part_of", "notes"), aliases=form.other_names
        )
        if seen is None:
            return actors.create(by=request.user, project=form.project, values=values)
        return actors.change(by=request.user, actor=form.instance, seen=seen, values=values)

    def import_text(self, *, by, project, text):
        return actors.import_csv(by=by, project=project, text=text)

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
    def export(self, request, queryset):
        rows = queryset.select_related("part_of").prefetch_related("aliases")
        name = f"actors-{timezone.localdate():%Y-%m-%d}.csv"
        return StreamingHttpResponse(
            csv_lines(actors.COLUMNS, actors.rows_for_csv(rows.iterator(chunk_size=500))),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


class _Echo:
    """A file whose `write` gives back what was written."""

    def write(self, line: str) -> str:
        return line


def csv_lines(columns: Iterable[str], rows: Iterable[dict[str, str]]) -> Iterator[str]:
    """The lines of a CSV file, one at a time."""
    writer = csv.DictWriter(_Echo(), columns)
    yield writer.writeheader()
    for row in rows:
        yield writer.writerow(row)
