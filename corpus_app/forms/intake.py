"""What people put in: raw input, and files of the desk's imports."""

from django import forms

from corpus_app.forms.fields import show_refusal
from corpus_app.history import DoorError
from corpus_app.models import Project
from corpus_app.reading import ARTICLE_ENDINGS, MEGABYTE, MOST_BYTES


class IntakeForm(forms.Form):
    """Raw input: pasted, or one uploaded file."""

    MOST_MEGABYTES = MOST_BYTES // MEGABYTE

    text = forms.CharField(
        label="Paste the text",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14, "autofocus": True, "dir": "auto"}),
    )
    file = forms.FileField(
        label="or choose a file",
        required=False,
        help_text=(
            "A text in any encoding, a saved web page, a Word or OpenDocument text, "
            f"a PDF with text, or a mail. Up to {MOST_MEGABYTES} MB."
        ),
        widget=forms.FileInput(attrs={"accept": ",".join(ARTICLE_ENDINGS)}),
    )

    def clean(self):
        given = super().clean()
        has_text, file = bool((given.get("text") or "").strip()), given.get("file")
        if not self.errors and has_text == bool(file):
            raise forms.ValidationError("Paste a text or choose a file: one of the two.")
        size = file.size if file else len((given.get("text") or "").encode())
        if size > self.MOST_MEGABYTES * MEGABYTE:
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


class ImportForm(IntakeForm):
    """A file for an import, or the same pasted, and the project it goes to."""

    MOST_MEGABYTES = 16
    MOST_LINES = 50_000

    project = forms.ModelChoiceField(Project.objects.none(), empty_label=None)
    field_order = ("project", "file", "text")

    def __init__(self, *args, projects, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["project"].queryset = projects
        self.fields["file"].label, self.fields["file"].help_text = "Choose a file", ""
        self.fields["file"].widget.attrs.pop("accept")
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
