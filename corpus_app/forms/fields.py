"""Fields that keep what is typed, and what a door said beside them."""

from django import forms

from corpus_app.history import DoorError

# A browser's date field takes ISO dates only, whatever the language.
DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class NamesField(forms.CharField):
    """Names, one a line, as a tuple."""

    def __init__(self, **kwargs):
        widget = forms.Textarea(attrs={"rows": 2})
        super().__init__(required=False, widget=widget, **kwargs)

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, (tuple, list)) else value

    def clean(self, value):
        return tuple(line.strip() for line in super().clean(value).splitlines() if line.strip())


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


def show_refusal(form: forms.BaseForm, refusal: DoorError) -> None:
    """Put a door's messages beside the fields they are about."""
    for name, texts in refusal.messages.items():
        form.add_error(name if name in form.fields else None, texts)
