"""What people send to the pages of the workbench, checked for shape."""

from django import forms

from annotations.queue import ARTICLES, STATES, Wish
from corpus_app.access import projects_for
from corpus_app.models import Project


class WishForm(forms.Form):
    """What the queue's address asks for; a project that the person may not see is no choice."""

    project = forms.ModelChoiceField(
        Project.objects.none(), to_field_name="slug", required=False, empty_label="All my projects"
    )
    title = forms.CharField(
        required=False, max_length=200, widget=forms.SearchInput(attrs={"autocomplete": "off"})
    )
    section = forms.ChoiceField(
        choices=[("", ""), *((key, key) for key in (*STATES, ARTICLES))], required=False
    )
    after = forms.UUIDField(required=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["project"].queryset = projects_for(user)

    @property
    def wish(self) -> Wish:
        """The wish. Call it on a valid form."""
        return Wish(**self.cleaned_data)


class SeenForm(forms.Form):
    """The version that the person saw of what she changes."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1)
