"""Which network an address asks for, checked for shape."""

from typing import Any

from django import forms

from annotations import analysis, networks
from annotations.access import facets_for
from annotations.analysis import Scope
from annotations.models import Facet
from annotations.networks import Ask, Statement
from corpus_app.models import Project, User

QUALIFIERS = {
    "ignore": "count all statements",
    "binary": "only whether there is one",
    "combine": "name the kind: support, oppose, both",
    "congruence": "what both say alike",
    "conflict": "what they say against each other",
    "subtract": {"two": "support less opposition", "": "congruence less conflict"},
}
NORMALISATIONS = {
    "no": "as counted",
    "activity": "by all that the actor says",
    "prominence": "by all that is said of the tag",
    "average": "by the mean of what both say",
    "jaccard": "by what either says (Jaccard)",
    "cosine": "by the product of what both say (DNA’s cosine)",
}
DUPLICATES = {
    "include": "every time", "document": "once in an article", "week": "once a week",
    "month": "once a month", "year": "once a year", "acrossrange": "once in all",
}  # fmt: skip
DAY = {"type": "date"}


class Named(forms.MultipleChoiceField):
    """Names that are known only once the statements are read; unknown ones leave out nothing."""

    def valid_value(self, value: str) -> bool:
        return True


class NetworkForm(forms.Form):
    """Which network is wanted. What an address says wrongly is passed over."""

    mode = forms.ChoiceField(choices=list(networks.MODES.items()), required=False)
    qualifier = forms.ChoiceField(required=False, label="Stances")
    normalisation = forms.ChoiceField(required=False, label="Divided")
    duplicates = forms.ChoiceField(
        choices=list(DUPLICATES.items()), required=False, initial="document",
        label="The same said again counts",
    )  # fmt: skip
    role = forms.ChoiceField(
        choices=list(analysis.ROLES.items()), required=False, label="Actors are"
    )
    facet = forms.ModelChoiceField(
        Facet.objects.none(), to_field_name="slug", required=False, label="Tags of",
        empty_label="All facets",
    )  # fmt: skip
    layer = forms.ChoiceField(
        choices=list(analysis.LAYERS.items()), required=False, label="Of which work"
    )
    since = forms.DateField(required=False, label="From", widget=forms.DateInput(attrs=DAY))
    until = forms.DateField(required=False, label="until", widget=forms.DateInput(attrs=DAY))
    window = forms.IntegerField(
        min_value=1, max_value=networks.LONGEST_WINDOW, required=False, label="In windows of (days)"
    )
    step = forms.IntegerField(
        min_value=1, max_value=networks.LONGEST_WINDOW, required=False, label="one every (days)"
    )
    without_actors = Named(required=False, label="Leave out actors")
    without_tags = Named(required=False, label="Leave out tags")
    counted_once = forms.BooleanField(
        required=False, label="What several articles print counts once"
    )
    lifted = forms.BooleanField(required=False, label="The whole in place of its part")
    isolates = forms.BooleanField(required=False, label="Show those without statements, too")

    def __init__(self, data: Any, *, user: User, project: Project):
        super().__init__(data)
        known = networks.MODES
        self.mode = data.get("mode") if data.get("mode") in known else "two"
        self.fields["qualifier"].choices = [
            (name, self._words(QUALIFIERS[name])) for name in networks.QUALIFIERS[self.mode]
        ]
        self.fields["normalisation"].choices = [
            (name, NORMALISATIONS[name]) for name in networks.NORMALISATIONS[self.mode]
        ]
        facets = facets_for(user).filter(project=project, retired=None)
        self.fields["facet"].queryset = facets
        if "duplicates" not in data:
            self.data = data.copy()
            self.data["duplicates"] = "document"
        self.is_valid()

    def _words(self, words: str | dict[str, str]) -> str:
        return words if isinstance(words, str) else words.get(self.mode, words.get("", ""))

    @property
    def said(self) -> dict[str, Any]:
        """What is said, by name; what is empty is left out."""
        said = {name: value for name, value in self.cleaned_data.items() if value}
        if "facet" in said:
            said["facet"] = said["facet"].slug
        return said

    @property
    def asked(self) -> tuple[Scope, Ask]:
        """The scope and the network."""
        return analysis.asked(self.said)

    @property
    def query(self) -> list[tuple[str, str]]:
        """What is asked for, as an address says it."""
        return [
            (name, "true" if value is True else str(value))
            for name, values in self.said.items()
            for value in (values if isinstance(values, list) else [values])
        ]

    def name_things(self, statements: list[Statement]) -> None:
        """Offer the actors and tags of these statements to be left out."""
        for name, things in (
            ("without_actors", {one.actor for one in statements}),
            ("without_tags", {one.tag for one in statements}),
        ):
            ranked = sorted(things, key=lambda thing: (thing.label.casefold(), thing.name))
            self.fields[name].choices = [(thing.name, thing.label) for thing in ranked]
