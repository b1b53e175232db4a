"""Forms of the corpus at the desk: what is known of an article, and the rules of an outlet."""

import dataclasses

from django import forms

from corpus_app.forms.desk import DoorForm
from corpus_app.forms.fields import DAY, LinesField, ProseField
from corpus_app.ingest import Fields
from corpus_app.models import Article, OutletRule
from corpus_app.text import Role
from corpus_app.text.learnt import Rule


class ArticleForm(DoorForm):
    """What is known of an article; its text is corrected elsewhere."""

    authors = LinesField(rows=2, help_text="One a line; empty if unsigned.")
    translators = LinesField(rows=2, help_text="One a line.")
    url = forms.URLField(label="Address", required=False, max_length=2000, assume_scheme="https")
    rights = ProseField(rows=3)

    class Meta:
        model = Article
        fields = (
            "title", "outlet", "story", "authors", "translators", "published_on", "language",
            "url", "rights",
        )  # fmt: skip
        widgets = {"published_on": DAY}

    @property
    def values(self) -> Fields:
        """What was typed, as the door takes it."""
        given = self.given(*(field.name for field in dataclasses.fields(Fields)))
        outlet = given["outlet"].name if given["outlet"] else ""
        names = {name: tuple(given[name]) for name in ("authors", "translators")}
        return Fields(**given | names | {"outlet": outlet})


class OutletRuleForm(DoorForm):
    """What certain lines of an outlet's pages are there for."""

    words = forms.CharField(
        required=False, max_length=500, help_text="Any case and any number; empty for a place."
    )
    place = forms.IntegerField(
        required=False, min_value=-30_000, max_value=30_000,
        help_text="Among the lines that are not blank: 1 is the first, -1 the last.",
    )  # fmt: skip
    role = forms.ChoiceField(label="Then it is", choices=[(r.value, r.value) for r in Role])

    class Meta:
        model = OutletRule
        fields = ("outlet", "how", "words", "place", "role")

    @property
    def rule(self) -> Rule:
        """What was typed, as the door takes it."""
        return Rule(**self.given("how", "words", "place", "role"))
