"""What people type into the pages of the corpus, checked for shape."""

import base64
import binascii
import re

from django import forms

from corpus_app.access import projects_for
from corpus_app.changes import changes, in_words
from corpus_app.history import DoorError, Stale
from corpus_app.ingest import Fields, IngestError, propose
from corpus_app.models import (
    Actor,
    Article,
    Event,
    Membership,
    Outlet,
    Project,
    Story,
    Token,
    User,
)
from corpus_app.text import Role

# A browser's date field takes ISO dates only, whatever the language.
DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class IntakeForm(forms.Form):
    """Raw input: pasted, or one uploaded file."""

    MOST_MEGABYTES = 2

    text = forms.CharField(
        label="Paste the text",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14, "autofocus": True, "dir": "auto"}),
    )
    file = forms.FileField(label="or choose a text file", required=False)

    def clean(self):
        given = super().clean()
        has_text, file = bool((given.get("text") or "").strip()), given.get("file")
        if not self.errors and has_text == bool(file):
            raise forms.ValidationError("Paste a text or choose a file: one of the two.")
        size = file.size if file else len((given.get("text") or "").encode())
        if size > self.MOST_MEGABYTES * 1024 * 1024:
            raise forms.ValidationError(
                f"This is larger than {self.MOST_MEGABYTES} MB. Send it in parts."
            )
        return given

    @property
    def raw(self) -> tuple[bytes, str]:
        """The raw input, byte for byte as it was, and its file name (empty if pasted)."""
        if file := self.cleaned_data.get("file"):
            return file.read(), file.name
        # Browsers send every line end of a text area as CRLF, whatever was pasted.
        return self.cleaned_data["text"].replace("\r\n", "\n").encode(), ""


class NamesField(forms.CharField):
    """Names, one a line, as a tuple."""

    def __init__(self, **kwargs):
        widget = forms.Textarea(attrs={"rows": 2})
        super().__init__(required=False, widget=widget, **kwargs)

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, (tuple, list)) else value

    def clean(self, value):
        return tuple(line.strip() for line in super().clean(value).splitlines() if line.strip())


class ReviewForm(forms.Form):
    """Raw input, with the role of every line and the metadata as the person wants them."""

    raw = forms.CharField(widget=forms.HiddenInput)
    name = forms.CharField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(required=False, max_length=Article._meta.get_field("title").max_length)
    authors = NamesField(help_text="One a line; empty if unsigned.")
    translators = NamesField(help_text="One a line.")
    outlet = forms.CharField(required=False, max_length=200)
    published_on = forms.DateField(label="Published on", required=False, widget=DAY)
    language = forms.CharField(required=False, max_length=35, help_text="Such as en or ar.")
    story = forms.ModelChoiceField(Story.objects.none(), required=False)
    url = forms.URLField(label="Address", required=False, max_length=2000, assume_scheme="https")
    rights = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}))

    METADATA = (
        "title", "authors", "translators", "outlet", "published_on", "language", "story", "url",
        "rights",
    )  # fmt: skip

    def __init__(self, *args, stories, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["story"].queryset = stories

    def clean_raw(self) -> bytes:
        try:
            raw = base64.b64decode(self.cleaned_data["raw"], validate=True)
            propose(data=raw)
        except (binascii.Error, ValueError, IngestError) as error:
            raise forms.ValidationError("The raw input was damaged on the way.") from error
        return raw

    @property
    def metadata(self) -> Fields:
        """The metadata as the person left it."""
        return Fields(**{name: self.cleaned_data[name] or _EMPTY[name] for name in self.METADATA})

    @property
    def roles(self) -> dict[int, str]:
        """Line number → role, for every line the page showed; odd entries are passed over."""
        return {
            int(name[5:]): role
            for name, role in self.data.items()
            if re.fullmatch("role-[0-9]{1,9}", name)
        }

    def metadata_fields(self):
        return [self[name] for name in self.METADATA]


_EMPTY = vars(Fields())
ROLES = [role.value for role in Role]


class TokenForm(forms.ModelForm):
    """What a new token is called, opens and may do, and for how long."""

    days = forms.TypedChoiceField(
        label="Expires",
        choices=[(30, "in 30 days"), (90, "in 90 days"), (365, "in a year"), (0, "never")],
        initial=365,
        coerce=int,
    )

    class Meta:
        model = Token
        fields = ("name", "scope", "project", "days")
        labels = {"scope": "May", "project": "Opens"}
        help_texts = {"name": "What uses it, such as “weekly export”.", "project": ""}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["scope"].choices = Token.Scope.choices
        self.fields["project"].queryset = projects_for(user)
        self.fields["project"].empty_label = "All my projects"


class ImportForm(IntakeForm):
    """A file for an import, or the same pasted, and the project it goes to."""

    MOST_MEGABYTES = 16
    MOST_LINES = 50_000

    project = forms.ModelChoiceField(Project.objects.none(), empty_label=None)
    field_order = ("project", "file", "text")

    def __init__(self, *args, projects, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["project"].queryset = projects
        self.fields["file"].label = "Choose a file"
        self.fields["text"].label = "or paste it"
        self.fields["text"].widget = forms.Textarea(attrs={"rows": 10, "dir": "auto"})

    def clean(self):
        given = super().clean()
        if not self.errors:
            try:
                self.text_given = self.raw[0].decode("utf-8-sig")
            except UnicodeDecodeError as error:
                raise forms.ValidationError(
                    f"The file is not UTF-8 text (byte {error.start}). Save it as UTF-8."
                ) from error
            if self.text_given.count("\n") > self.MOST_LINES:
                raise forms.ValidationError(
                    f"This has more than {self.MOST_LINES} lines. Send it in parts."
                )
        return given

    def refuse(self, refusal: DoorError) -> None:
        """Show why a door refused."""
        show_refusal(self, refusal)


def show_refusal(form: forms.BaseForm, refusal: DoorError) -> None:
    """Put a door's messages beside the fields they are about."""
    for name, texts in refusal.messages.items():
        form.add_error(name if name in form.fields else None, texts)


class ProseField(forms.CharField):
    """Several lines, kept as they are typed but for the line ends, which browsers change."""

    def __init__(self, rows: int = 4, **kwargs):
        widget = forms.Textarea(attrs={"rows": rows, "dir": "auto"})
        super().__init__(required=False, strip=False, widget=widget, **kwargs)

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")


class LinesField(ProseField):
    """Several values, parted by line ends or by what is given, as a list."""

    def __init__(self, *, parted_by: str = "\n", **kwargs):
        super().__init__(**kwargs)
        self.parted_by = parted_by

    def prepare_value(self, value):
        return self.parted_by.join(value) if isinstance(value, list) else value

    def to_python(self, value):
        if isinstance(value, list):
            return value
        parts = super().to_python(value).split(self.parted_by)
        return [part.strip() for part in parts if part.strip()]

    def has_changed(self, initial, data):
        return (initial or []) != self.to_python(data)


class DoorForm(forms.ModelForm):
    """A form of the desk: it keeps what is typed; a door checks and writes it.

    `seen` is the version that the person saw, `project` the row's project, `refusal` what the
    door said, `meanwhile` the event by which somebody else was faster.
    """

    seen = forms.IntegerField(
        required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput
    )
    project: Project | None = None
    refusal: DoorError | Stale | None = None
    meanwhile: Event | None = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["seen"] = self.instance.version
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField) and self.project:
                of_project = "memberships__project" if field.queryset.model is User else "project"
                field.queryset = field.queryset.filter(**{of_project: self.project})
                # The admin wraps the widget of a foreign key.
                getattr(field.widget, "widget", field.widget).project_id = self.project.pk

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
        for name in set(self.changed_data) - {"seen"}:
            saved = getattr(current, name) if name in own else self.initial.get(name)
            self.add_error(name, f"Now saved: {in_words(saved)}")
        self.add_error(None, self._told())
        self.data = self.data.copy()
        self.data["seen"] = current.version

    def _told(self) -> list[str]:
        told = ["Nothing was saved: somebody else changed this while you were typing."]
        if event := self.meanwhile:
            told[0] = f"Nothing was saved: {event.by_name} changed this while you were typing."
            told += [
                f"{change.name}: {change.before} → {change.after}"
                for change in changes(event.before, event.after)
            ]
        return [*told, "What you typed is still here. Save again to put it in the other's place."]


class ActorForm(DoorForm):
    """An actor with its other names."""

    aliases = LinesField(help_text="Other names, one a line.")
    metonyms = LinesField(
        rows=2,
        help_text="Places or buildings that stand for it, such as “the Kremlin”; one a line.",
    )
    notes = ProseField()

    class Meta:
        model = Actor
        fields = ("name", "kind", "part_of", "notes")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            names = list(self.instance.aliases.all())
            self.initial["aliases"] = [alias.name for alias in names if not alias.metonym]
            self.initial["metonyms"] = [alias.name for alias in names if alias.metonym]

    @property
    def other_names(self) -> tuple[tuple[str, bool], ...]:
        """Every alias with whether it is a metonym."""
        return (
            *((name, False) for name in self.cleaned_data["aliases"]),
            *((name, True) for name in self.cleaned_data["metonyms"]),
        )


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

    class Meta:
        model = Project
        fields = ("name", "slug", "description", "language", "blind")


class MembershipForm(DoorForm):
    """Who joins as what. People are named by user name, so that nobody is listed."""

    user_name = forms.CharField(max_length=150, help_text="Exactly as she signs in with it.")

    class Meta:
        model = Membership
        fields = ("role",)


class RoleForm(DoorForm):
    """Another role for a member."""

    class Meta:
        model = Membership
        fields = ("role",)
