"""Forms of the registry of actors."""

from corpus_app.forms.desk import DoorForm
from corpus_app.forms.fields import LinesField, ProseField
from corpus_app.models import Actor


class ActorForm(DoorForm):
    """An actor with its other names."""

    aliases = LinesField(help_text="Other names, one a line.")
    metonyms = LinesField(
        rows=2,
        help_text="Places or buildings that stand for it, such as “the Kremlin”; one a line.",
    )
    notes = ProseField()

    class Meta:
        model = Actor
        fields = ("name", "kind", "part_of", "notes")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            names = list(self.instance.aliases.all())
            self.initial["aliases"] = [alias.name for alias in names if not alias.metonym]
            self.initial["metonyms"] = [alias.name for alias in names if alias.metonym]

    @property
    def other_names(self) -> tuple[tuple[str, bool], ...]:
        """Every alias with whether it is a metonym."""
        return (
            *((name, False) for name in self.cleaned_data["aliases"]),
            *((name, True) for name in self.cleaned_data["metonyms"]),
        )
