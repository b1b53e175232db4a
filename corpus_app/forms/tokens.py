"""What a person says of a token she makes."""

from django import forms

from corpus_app.access import projects_for
from corpus_app.models import Token


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
