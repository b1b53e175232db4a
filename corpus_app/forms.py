"""What people type into the pages of the corpus, checked for shape."""

import base64
import binascii

from django import forms

from corpus_app.access import projects_for
from corpus_app.ingest import Fields
from corpus_app.models import Article, Story, Token
from corpus_app.text import Role


class IntakeForm(forms.Form):
    """Raw input: pasted, or one uploaded file."""

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
    published_on = forms.DateField(
        label="Published on", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
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
            return base64.b64decode(self.cleaned_data["raw"], validate=True)
        except (binascii.Error, ValueError) as error:
            raise forms.ValidationError("The raw input was damaged on the way.") from error

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
            if name.startswith("role-") and name[5:].isascii() and name[5:].isdigit()
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
