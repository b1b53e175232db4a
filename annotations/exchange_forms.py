"""What people send to the page of exports and imports, checked for shape."""

from django import forms

from annotations.exchange.formats import FORMATS
from corpus_app.access import outlets_for, stories_for
from corpus_app.models import Outlet, Project, Story, User

# Which formats stand together, and for whom.
GROUPS = {
    "Everything, for another desk": ("jsonl",),
    "Tables": ("csv", "csv-codings", "xlsx", "parquet"),
    "Discourse networks and networks": ("dna", "dna-csv", "graphml", "gexf", "dl", "matrix"),
    "Qualitative analysis: NVivo, MAXQDA, ATLAS.ti": ("qdpx", "qdc"),
    "Annotation tools": ("label-studio", "doccano", "brat", "webanno", "xmi", "cas-json"),
    "Language technology": ("spacy", "spacy-jsonl", "conll", "huggingface", "mardy", "brat-events"),
    "The web and libraries": ("jsonld", "claimreview", "tei"),
}


def choices(reads: bool) -> list[tuple[str, list[tuple[str, str]]]]:
    """The formats that are read, or else written, in their groups; each with its label."""
    found = []
    for group, names in GROUPS.items():
        own = [(name, FORMATS[name]) for name in names if name in FORMATS]
        fit = [(name, one.label) for name, one in own if (one.reads if reads else one.writes)]
        found += [(group, fit)] if fit else []
    return found


class ExportForm(forms.Form):
    """Which part of a project in which format; what it may not name is no choice."""

    format = forms.ChoiceField(label="As")
    layer = forms.ChoiceField(
        label="Of", required=False,
        choices=[
            ("", "everything that I may see"), ("analyst", "what analysts marked"),
            ("gold", "the gold layer"),
        ],
    )  # fmt: skip
    story = forms.ModelChoiceField(Story.objects.none(), required=False, empty_label="All stories")
    outlet = forms.ModelChoiceField(
        Outlet.objects.none(), required=False, empty_label="All outlets"
    )

    def __init__(self, *args, user: User, project: Project, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["format"].choices = choices(reads=False)
        self.fields["story"].queryset = stories_for(user).filter(project=project)
        self.fields["outlet"].queryset = outlets_for(user).filter(project=project)

    @property
    def asked(self) -> dict[str, str]:
        """What narrows the export, by name. Call it on a valid form."""
        told = {name: self.cleaned_data[name] for name in ("layer", "story", "outlet")}
        return {name: str(getattr(one, "pk", one)) for name, one in told.items() if one}


class ImportForm(forms.Form):
    """A file of another tool, and what to make of it."""

    file = forms.FileField(label="File")
    format = forms.ChoiceField(label="Written by")
    dry = forms.BooleanField(label="Only try it: store nothing, tell everything", required=False)
    whole = forms.BooleanField(
        label="All or nothing: one refused row, and none is stored", required=False
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["format"].choices = choices(reads=True)
