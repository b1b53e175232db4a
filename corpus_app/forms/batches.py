"""What people say of batches: a name, how tables are read, and which items they want to see."""

from django import forms

from corpus_app import batches
from corpus_app.models import Batch, BatchItem
from corpus_app.reading.columns import FIELDS, columns_key
from corpus_app.reading.pieces import misfit

MOST_LAYOUTS = 20
LABELS = {"published_on": "Published on", "url": "Address"}


class BatchForm(forms.Form):
    """What a new batch is called."""

    name = forms.CharField(
        label="A name for it",
        required=False,
        max_length=200,
        help_text="Such as “Agency reports, March”. You may leave it empty.",
    )


class ItemsForm(forms.Form):
    """Which items of a batch are shown: those that became this, after this number."""

    became = forms.ChoiceField(choices=BatchItem.State.choices, required=False)
    after = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1)


class AfterForm(forms.Form):
    """The row of a list after which the page begins."""

    after = forms.UUIDField(required=False)


class LayoutForm(forms.Form):
    """Which column of a table holds what; one form for all tables with the same columns.

    `files` are those tables' names, `rows` a sample of one of them.
    """

    def __init__(self, *args, table: dict, layout: batches.Layout, **kwargs):
        self.columns, self.layout, self.files = table["columns"], layout, []
        self.key = columns_key(self.columns)
        self.rows = [[row.get(name, "") for name in self.columns] for row in table["sample"]]
        super().__init__(*args, prefix=self.key[:12], initial=dict(layout.fields), **kwargs)
        choices = [("", "–"), *((name, name or "(no name)") for name in self.columns)]
        for name in FIELDS:
            self.fields[name] = forms.ChoiceField(
                label=LABELS.get(name, name.capitalize()), choices=choices, required=False
            )

    def clean(self):
        given = super().clean()
        chosen = {name: column for name, column in given.items() if column}
        if not self.errors and (problem := misfit(chosen, self.columns)):
            raise forms.ValidationError(problem)
        return chosen

    @property
    def fits(self) -> bool:
        """Whether the layout says where the text is, so that nobody has to be asked."""
        return bool(self.layout.fields.get("text"))


def layout_forms(batch: Batch, data=None) -> list[LayoutForm]:
    """A form for each kind of table that waits in the batch; for a few kinds at the most."""
    tables: dict[str, list[BatchItem]] = {}
    for item in batches.tables_of(batch).order_by("number"):
        tables.setdefault(columns_key(item.table["columns"]), []).append(item)
    layouts = batches.layouts_for(
        batch.project, (items[0].table["columns"] for items in tables.values())
    )
    shown = []
    for key, items in list(tables.items())[:MOST_LAYOUTS]:
        form = LayoutForm(data, table=items[0].table, layout=layouts[key])
        form.files = [item.name for item in items]
        shown.append(form)
    return shown
