"""What addresses of figures ask for, checked for shape."""

from django import forms

from annotations import agreement, behind, reckoning
from annotations.access import facets_for
from annotations.models import Facet
from corpus_app.access import stories_for
from corpus_app.models import Project, Story, User


class AgreementForm(forms.Form):
    """Of what agreement figures are told. What an address says wrongly is passed over."""

    by = forms.ChoiceField(choices=list(agreement.BY.items()), required=False)
    kind = forms.ChoiceField(
        choices=[("", "Claims and mentions"), *reckoning.KINDS.items()], required=False
    )
    facet = forms.ModelChoiceField(
        Facet.objects.none(), to_field_name="slug", required=False, empty_label="All facets"
    )
    story = forms.ModelChoiceField(
        Story.objects.none(), required=False, empty_label="All stories"
    )  # fmt: skip
    since = forms.DateField(
        required=False, label="Handed in from", widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        required=False, label="until", widget=forms.DateInput(attrs={"type": "date"})
    )
    counted_once = forms.BooleanField(
        required=False, label="What several articles print counts once"
    )

    def __init__(self, *args, user: User, project: Project, **kwargs):
        super().__init__(*args, **kwargs)
        facets = facets_for(user).filter(project=project, retired=None)
        self.fields["facet"].queryset = facets
        self.fields["story"].queryset = stories_for(user).filter(project=project)
        self.is_valid()

    @property
    def asked(self) -> dict[str, str]:
        """What is asked for, as an address says it."""
        return {name: self.data[name] for name, value in self.cleaned_data.items() if value}

    @property
    def ask(self) -> agreement.Ask:
        """The same, for the reader of figures."""
        said = {name: value for name, value in self.cleaned_data.items() if value}
        named = {"facet": said["facet"].slug} if "facet" in said else {}
        named |= {"story": said["story"].pk} if "story" in said else {}
        return agreement.Ask(**(said | named))


class BehindForm(forms.Form):
    """Of which figure the passages are wanted, and after which of them."""

    of = forms.RegexField(r"^(claimant|target|named|meant|(spans|facet|stance|tag):[\w-]{1,80})$")
    pair = forms.RegexField(r"^[0-9]{1,18}-[0-9]{1,18}$", required=False)
    article = forms.UUIDField(required=False)
    month = forms.RegexField(r"^([0-9]{4}-[0-9]{2}|not known)$", required=False)
    all = forms.BooleanField(required=False)
    after = forms.UUIDField(required=False)

    @property
    def cell(self) -> behind.Cell:
        """The figure. Call it on a valid form."""
        said = self.cleaned_data
        pair = tuple(map(int, said["pair"].split("-"))) if said["pair"] else None
        return behind.Cell(said["of"], pair, said["article"], said["month"], not said["all"])
