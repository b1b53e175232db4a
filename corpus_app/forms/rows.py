"""Several things of one shape in a form: rows of small fields, which work without JavaScript."""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, ClassVar

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

SPARE = 2  # empty rows after the last
MOST = 400
Row = dict[str, Any]


class RowsWidget(forms.Widget):
    """A row of inputs for each thing, and some spare ones; one without its key is no row."""

    template_name = "widgets/rows.html"

    class Media:
        css: ClassVar = {"all": ["corpus_app/rows.css"]}
        js = (forms.Script("corpus_app/rows.js", type="module"),)

    def __init__(self, columns: Mapping[str, forms.Field], thing: str, key: str, **kwargs):
        super().__init__(**kwargs)
        self.columns, self.thing, self.key = columns, thing, key

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return f"{id_}-0-{next(iter(self.columns))}" if id_ else ""

    def use_required_attribute(self, initial: Any) -> bool:
        return False

    def value_from_datadict(self, data, files, name: str) -> list[Row]:
        """The rows whose key is filled in, as typed."""
        return [
            {
                c: data.get(f"{name}-{nth}-{c}", field.initial or "")
                for c, field in self.columns.items()
            }
            for nth in range(MOST)
            if data.get(f"{name}-{nth}-{self.key}", "").strip()
        ]

    def value_omitted_from_data(self, data, files, name: str) -> bool:
        return False

    def get_context(self, name: str, value: Any, attrs: Mapping | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        spare = [{} for _ in range(SPARE)]
        id_ = context["widget"]["attrs"].get("id", f"id_{name}")
        context["rows"] = [
            [self._cell(name, id_, nth, column, row) for column in self.columns]
            for nth, row in enumerate([*(value or []), *spare])
        ]
        context["thing"], context["project"] = self.thing, self.attrs.get("data-project")
        return context

    def _render(self, template_name: str, context: dict, renderer: Any = None) -> SafeString:
        # A form's own renderer does not look into the project's templates.
        return render_to_string(template_name, context)

    def _cell(self, name: str, id_: str, nth: int, column: str, row: Mapping) -> dict[str, Any]:
        field = self.columns[column]
        value = row.get(column, field.initial)
        title = f"{self.thing} {nth + 1}: {field.label}"
        attrs = {**field.widget.attrs, "id": f"{id_}-{nth}-{column}", "aria-label": title}
        shown = field.widget.render(f"{name}-{nth}-{column}", field.prepare_value(value), attrs)
        return {"column": column, "label": field.label, "shown": shown}


class RowsField(forms.Field):
    """A list of dicts, one for each row whose column `key` is filled in."""

    def __init__(self, columns: Mapping[str, forms.Field], *, thing: str, key: str, **kwargs):
        self.columns, self.thing = columns, thing
        super().__init__(required=False, widget=RowsWidget(columns, thing, key), **kwargs)

    def clean(self, value: Iterable[Row]) -> list[Row]:
        """The rows with Python's values. Raises ValidationError that names each faulty row."""
        rows, faults = [], []
        for nth, typed in enumerate(islice(value or (), MOST), start=1):
            row = {}
            for column, field in self.columns.items():
                try:
                    row[column] = field.clean(typed[column])
                except forms.ValidationError as error:
                    told = " ".join(error.messages)
                    faults.append(f"{self.thing} {nth}, {field.label.lower()}: {told}")
            rows.append(row)
        if faults:
            raise forms.ValidationError(faults)
        return rows

    def has_changed(self, initial: Iterable[Row] | None, data: Iterable[Row] | None) -> bool:
        """Whether anything stands there that did not, the order of rows aside."""
        return self._plain(initial) != self._plain(data)

    def _plain(self, rows: Iterable[Row] | None) -> list[tuple[str, ...]]:
        return sorted(
            tuple(str(field.prepare_value(row.get(c)) or "") for c, field in self.columns.items())
            for row in rows or ()
        )
