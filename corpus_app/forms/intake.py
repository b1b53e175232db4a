"""What people put in: raw input, its review, and files of the desk's imports."""

import base64
import binascii
import re

from django import forms

from corpus_app.forms.fields import DAY, NamesField, show_refusal
from corpus_app.history import DoorError
from corpus_app.ingest import Fields, IngestError, propose
from corpus_app.models import Article, Project, Story
from corpus_app.text import Role

_EMPTY = vars(Fields())
ROLES = [role.value for role in Role]


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
