"""Forms of the desk: they keep what is typed; a door checks and writes it."""

from django import forms

from corpus_app.changes import changes, in_words
from corpus_app.forms.fields import ProseField, show_refusal
from corpus_app.history import DoorError, Stale
from corpus_app.models import Event, Membership, Outlet, Project, Story, User


class DoorForm(forms.ModelForm):
    """A form of the desk: it keeps what is typed; a door checks and writes it.

    `seen` is the version that the person saw, `project` the row's project, `refusal` what the
    door said, `meanwhile` the event by which somebody else was faster.
    """

    seen = forms.IntegerField(
        required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput
    )
    # Of what is sent, what is no value of the row.
    unsaved: frozenset[str] = frozenset({"seen"})
    project: Project | None = None
    refusal: DoorError | Stale | None = None
    meanwhile: Event | None = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["seen"] = self.instance.version
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField) and self.project:
                field.queryset = field.queryset.filter(**self._of_project(field.queryset.model))
                # The admin wraps the widget of a foreign key.
                getattr(field.widget, "widget", field.widget).project_id = self.project.pk

    def _of_project(self, model) -> dict:
        """What rows of the model are asked for to be of the form's project; of people, members."""
        if model is User:
            return {"memberships__project": self.project, "memberships__ended": None}
        return {"project": self.project}

    def clean_seen(self):
        seen = self.cleaned_data["seen"]
        if seen is None and not self.instance._state.adding:
            raise forms.ValidationError("The form does not say what it changes. Open it anew.")
        return seen

    def given(self, *names: str) -> dict:
        """What was typed in these fields."""
        return {name: self.cleaned_data[name] for name in names}

    def _post_clean(self):
        """The door builds and checks the row, so the form does not."""
        if isinstance(self.refusal, Stale):
            self._show_both(self.refusal.current)
        elif self.refusal:
            show_refusal(self, self.refusal)

    def _show_both(self, current) -> None:
        """Beside what was typed, what somebody else saved; saving again is then a decision."""
        own = {field.name for field in current._meta.fields}
        for name in set(self.changed_data) - self.unsaved:
            saved = getattr(current, name) if name in own else self.saved_parts(current).get(name)
            self.add_error(name, f"Now saved: {in_words(saved)}")
        self.add_error(None, self._told())
        self.data = self.data.copy()
        self.data["seen"] = current.version

    def saved_parts(self, current) -> dict:
        """What is stored now of fields that are no columns of the row."""
        return self.initial

    def _told(self) -> list[str]:
        told = ["Nothing was saved: somebody else changed this while you were typing."]
        if event := self.meanwhile:
            told[0] = f"Nothing was saved: {event.by_name} changed this while you were typing."
            told += [
                f"{change.name}: {change.before} → {change.after}"
                for change in changes(event.before, event.after)
            ]
        return [*told, "What you typed is still here. Save again to put it in the other's place."]


class OutletForm(DoorForm):
    url = forms.URLField(label="Address", required=False, max_length=500, assume_scheme="https")
    standpoint = ProseField(help_text="Owner, leaning, national vantage point.")

    class Meta:
        model = Outlet
        fields = ("name", "country", "url", "standpoint")


class StoryForm(DoorForm):
    summary = ProseField()

    class Meta:
        model = Story
        fields = ("title", "happened_on", "summary")


class ProjectForm(DoorForm):
    description = ProseField()
    reason = ProseField(rows=2, help_text="Stands in the history. Needed where blindness changes.")
    unsaved = frozenset({"seen", "reason"})

    class Meta:
        model = Project
        fields = (
            "name", "slug", "description", "language", "blind", "coders_per_article",
            "names_hidden", "figures_for",
        )  # fmt: skip


class MembershipForm(DoorForm):
    """Who joins as what. People are named by user name, so that nobody is listed."""

    user_name = forms.CharField(max_length=150, help_text="Exactly as she signs in with it.")

    class Meta:
        model = Membership
        fields = ("role",)


class RoleForm(DoorForm):
    """Another role for a member, and how much she has open at once."""

    class Meta:
        model = Membership
        fields = ("role", "most_open")
