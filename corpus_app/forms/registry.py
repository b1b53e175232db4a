"""Forms of the registry of actors."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from corpus_app import actors
from corpus_app.actors import ActorValues, AffiliationValues, AliasValues
from corpus_app.forms.desk import DoorForm
from corpus_app.forms.fields import ProseField
from corpus_app.forms.rows import RowsField
from corpus_app.models import Actor, Alias, ExternalId, Project


def _day() -> forms.DateInput:
    # A browser's date field takes ISO dates only, whatever the language.
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def _words(label: str, length: int, size: int, **attrs: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"size": size, "autocomplete": "off", **attrs})
    return forms.CharField(label=label, max_length=length, widget=widget, required=False)


def _choice(label: str, choices: Any, usual: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, initial=usual, required=False)


def _days() -> dict[str, forms.DateField]:
    return {
        "since": forms.DateField(label="Since", required=False, widget=_day()),
        "until": forms.DateField(label="Until", required=False, widget=_day()),
    }


class ActorNameField(forms.CharField):
    """An actor by its name or only alias, with type-ahead where there is JavaScript."""

    def __init__(self, label: str, **kwargs: Any):
        attrs = {"size": 28, "autocomplete": "off", "dir": "auto", "data-actor": "name"}
        super().__init__(label=label, max_length=200, widget=forms.TextInput(attrs=attrs), **kwargs)


class ActorForm(DoorForm):
    """An actor with its other names, what it is part of, and its ids elsewhere."""

    part_of = RowsField(
        {"whole": ActorNameField("Part of"), **_days()},
        thing="Part of",
        key="whole",
        label="Part of",
        help_text="Days may be left open. To take a row out, empty it.",
    )
    aliases = RowsField(
        {
            "name": _words("Name", 200, 28, dir="auto"),
            "use": _choice("Is", (("name", "a name"), ("metonym", "a metonym")), "name"),
            "language": _words("Language", 35, 5),
            "case": _choice("Capitals", Alias.Case.choices, Alias.Case.USUAL),
            **_days(),
        },
        thing="Alias",
        key="name",
        help_text=(
            "A metonym is a place or building that stands for it, such as “the Kremlin”. Language "
            "as in en or pt-BR; empty: any. To take a row out, empty it."
        ),
    )
    external_ids = RowsField(
        {
            "scheme": _choice("Authority file", [("", "–"), *ExternalId.Scheme.choices], ""),
            "value": _words("Id", 100, 24),
        },
        thing="Id",
        key="value",
        label="Ids elsewhere",
    )
    notes = ProseField()

    class Meta:
        model = Actor
        fields = ("name", "kind", "notes")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            self.initial |= rows_of(actors.values_of(self.instance))
        if self.project:
            for name in ("part_of", "aliases", "external_ids"):
                self.fields[name].widget.attrs["data-project"] = self.project.slug

    def clean_part_of(self) -> list[dict[str, Any]]:
        """The rows with the actors that are meant."""
        rows = self.cleaned_data["part_of"]
        for row in rows:
            row["whole"] = named(self.project, row["whole"])
        return rows

    @property
    def values(self) -> ActorValues:
        """What was typed, for the door."""
        given = self.cleaned_data
        return ActorValues(
            **self.given("name", "kind", "notes"),
            aliases=tuple(
                AliasValues(
                    row["name"], row["use"] == "metonym", row["language"], row["case"],
                    row["since"], row["until"],
                )
                for row in given["aliases"]
            ),
            affiliations=tuple(AffiliationValues(**row) for row in given["part_of"]),
            external_ids=tuple((row["scheme"], row["value"]) for row in given["external_ids"]),
        )  # fmt: skip

    def saved_parts(self, current: Actor) -> dict[str, Any]:
        """The parts as the history tells them, beside the rows that were typed."""
        return actors.as_values(current)


class MergeForm(forms.Form):
    """Into which actor another is merged; `seen` is the version of the latter."""

    into = ActorNameField("Merge into")
    seen = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args, project: Project, **kwargs):
        super().__init__(*args, **kwargs)
        self.project = project
        self.fields["into"].widget.attrs["data-project"] = project.slug

    def clean_into(self) -> Actor:
        return named(self.project, self.cleaned_data["into"])


class SplitForm(forms.Form):
    """Which names of an actor another one gets, and who that is."""

    seen = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    aliases = forms.MultipleChoiceField(
        label="Names that move",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one name."},
    )
    name = forms.CharField(label="Name of the new actor", max_length=200)
    kind = forms.ChoiceField(choices=Actor.Kind.choices)
    mentions = forms.BooleanField(
        label="Mentions by these names follow",
        required=False,
        initial=True,
        help_text="Each stays its author's, and its history says who moved it.",
    )

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        names = [alias.name for alias in actor.aliases.all()]
        self.fields["aliases"].choices = [(name, name) for name in names]
        self.fields["kind"].initial = actor.kind

    @property
    def values(self) -> ActorValues:
        """The new actor, for the door."""
        return ActorValues(self.cleaned_data["name"], self.cleaned_data["kind"])


class CopyForm(forms.Form):
    """From which project a registry is copied into which."""

    source = forms.ModelChoiceField(Project.objects.none(), label="From", empty_label=None)
    project = forms.ModelChoiceField(Project.objects.none(), label="Into", empty_label=None)

    def __init__(self, *args, projects: QuerySet[Project], **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.queryset = projects

    def clean(self):
        given = super().clean()
        if given.get("source") and given.get("source") == given.get("project"):
            raise forms.ValidationError("Choose two projects: one to copy from, one to copy into.")
        return given


def rows_of(values: ActorValues) -> dict[str, list[dict[str, Any]]]:
    """An actor's parts as the rows of its form."""
    return {
        "part_of": [
            {"whole": each.whole.name, "since": each.since, "until": each.until}
            for each in values.affiliations
        ],
        "aliases": [
            {
                "name": each.name, "use": "metonym" if each.metonym else "name",
                "language": each.language, "case": each.case, "since": each.since,
                "until": each.until,
            }
            for each in values.aliases
        ],
        "external_ids": [{"scheme": s, "value": v} for s, v in values.external_ids],
    }  # fmt: skip


def named(project: Project, name: str) -> Actor:
    """The project's actor of this name or only alias. Raises ValidationError if there is none."""
    fits = actors.called(project, name)
    if len(fits) == 1:
        return fits[0]
    if not fits:
        raise forms.ValidationError(f"There is no actor “{name}” in this project.")
    several = ", ".join(f"“{actor}”" for actor in fits[:5])
    raise forms.ValidationError(f"“{name}” is an alias of {several}. Type the name itself.")


class UndoForm(forms.Form):
    """The event that is to be taken back, and the version of the actor that the person saw."""

    event = forms.UUIDField()
    seen = forms.IntegerField(min_value=1, max_value=2**31 - 1)
