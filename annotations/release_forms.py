"""What people send to the pages of releases, checked for shape."""

from django import forms

from annotations.models import Release
from corpus_app.forms.fields import ProseField


class ReleaseForm(forms.ModelForm):
    """A new release; the door says what does not fit."""

    note = ProseField(help_text="What is in it, and how it was made. It stands in the archive.")

    class Meta:
        model = Release
        fields = ("name", "note", "with_texts")
        labels = {"with_texts": "With the articles’ texts"}
        help_texts = {
            "name": "Such as “As analysed in the report”.",
            "with_texts": "Only then can another desk read it back. The texts may belong to "
            "others: whoever gets the release gets them.",
        }


class AudienceForm(forms.Form):
    """Whom a release is shown to, and the version that was seen."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    audience = forms.ChoiceField(label="Shown to", choices=Release.Audience.choices)
