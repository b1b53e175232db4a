"""What managers send of webhooks, checked for shape."""

from collections.abc import Iterator

from django import forms

from annotations import hooking
from annotations.forms import SeenForm
from annotations.models import Webhook
from corpus_app.forms.projects import LARGEST

NOUNS = {
    "annotation": "Annotations", "comment": "Comments", "assignment": "Assignments",
    "article": "Articles", "actor": "Actors", "outlet": "Outlets", "story": "Stories",
    "codebook": "The codebook", "facet": "Facets", "claimtag": "Tags", "case": "Cases",
    "project": "The project’s settings", "release": "Releases",
}  # fmt: skip


class HookForm(forms.Form):
    """A webhook: its name, where it leads, and what it is told; nothing ticked means all."""

    name = forms.CharField(max_length=hooking.LONGEST_NAME, help_text="Such as “newsroom archive”.")
    url = forms.CharField(
        label="Address", max_length=500, widget=forms.URLInput,
        help_text="Where messages are sent, such as https://example.org/crossread.",
    )  # fmt: skip
    events = forms.MultipleChoiceField(
        required=False, choices=[(name, name) for name in hooking.EVENTS]
    )

    def groups(self) -> Iterator[dict]:
        """Each noun and its verbs, as they can be ticked."""
        ticked = set(self["events"].value() or ())
        for noun, verbs in hooking.VERBS.items():
            names = [(verb, f"{noun}.{verb}") for verb in verbs]
            yield {
                "label": NOUNS[noun], "name": noun, "ticked": noun in ticked,
                "verbs": [(verb, name, name in ticked) for verb, name in names],
                "some": any(name in ticked for _, name in names),
            }  # fmt: skip


class ChangedHookForm(HookForm, SeenForm):
    """The same of one that is there, and whether anything is sent to it."""

    version = forms.IntegerField(min_value=1, max_value=LARGEST, widget=forms.HiddenInput)
    active = forms.BooleanField(label="Send messages", required=False)

    @classmethod
    def of(cls, webhook: Webhook) -> "ChangedHookForm":
        """The form as the webhook is."""
        names = ("name", "url", "events", "active", "version")
        return cls(initial={name: getattr(webhook, name) for name in names})
