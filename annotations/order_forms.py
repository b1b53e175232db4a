"""What a curator asks to be done to many rows at once, checked for shape."""

import uuid
from abc import abstractmethod
from typing import ClassVar

from django import forms

from annotations.access import tags_for
from annotations.codebook import TagValues
from annotations.models import ClaimTag, Coding
from annotations.orders import Order, Reassign, Recode
from annotations.retagging import Retag
from corpus_app.access import members_of
from corpus_app.forms.fields import ProseField
from corpus_app.models import Project, User


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = ProseField(rows=2, label="Why", help_text="It stands in the history of every row.")

    field_order: ClassVar[list[str] | None] = None

    def clean_reason(self):
        reason = self.cleaned_data["reason"].strip()
        if not reason:
            raise forms.ValidationError("Say why.")
        return reason


class OrderForm(ReasonForm):
    """An order to rows of one project.

    `seen` are the versions that the person looked at, `looked` the order that she looked at: it
    is done only if it still is the same.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    looked = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, user: User, project: Project, **kwargs):
        self.user, self.project = user, project
        super().__init__(*args, **kwargs)
        self.order_fields([name for name in self.fields if name != "reason"] + ["reason"])

    @property
    @abstractmethod
    def order(self) -> Order:
        """What is asked for. Call it on a valid form."""

    def clean_seen(self):
        """The versions by id."""
        try:
            pairs = (pair.split(":") for pair in self.cleaned_data["seen"].split())
            return {uuid.UUID(pk): int(version) for pk, version in pairs}
        except ValueError as error:
            raise forms.ValidationError("This cannot be read. Look again.") from error


class PlainOrderForm(OrderForm):
    """An order that needs no more to be said."""

    def __init__(self, *args, order: Order, **kwargs):
        self.given = order
        super().__init__(*args, **kwargs)

    @property
    def order(self):
        return self.given


class RecodeForm(OrderForm):
    """One tag away, one tag to, a stance: what is left empty is left as it is."""

    away = forms.ModelChoiceField(
        ClaimTag.objects.none(), required=False, label="Take away", empty_label="nothing",
        help_text="Only annotations that have this tag are changed.",
    )  # fmt: skip
    to = forms.ModelChoiceField(
        ClaimTag.objects.none(), required=False, label="Put in its place", empty_label="nothing",
        help_text="With nothing taken away it is added. The same tag twice: only its stance.",
    )  # fmt: skip
    stance = forms.ChoiceField(
        required=False, choices=[("", "as it is"), *Coding.Stance.choices[1:]],
        help_text="For tags whose facet takes one.",
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _offer(self.fields["away"], self.user, self.project)
        _offer(self.fields["to"], self.user, self.project, current=True)

    @property
    def order(self):
        given = self.cleaned_data
        return Recode(given["away"], given["to"], given["stance"])


class ReassignForm(OrderForm):
    """Who gets the work."""

    analyst = forms.ModelChoiceField(User.objects.none(), label="Goes to")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        own = members_of(self.user, self.project).filter(ended=None).values("user_id")
        people = User.objects.filter(pk__in=own, is_active=True).order_by("username")
        self.fields["analyst"].queryset = people
        self.fields["analyst"].label_from_instance = lambda user: (
            f"{user.shown_name} ({user.username})"
        )

    @property
    def order(self):
        return Reassign(self.cleaned_data["analyst"])


class MergeTagForm(ReasonForm):
    """The tag that another becomes. `looked` is the one whose consequences were shown."""

    target = forms.ModelChoiceField(ClaimTag.objects.none(), label="Becomes")
    looked = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, user: User, tag: ClaimTag, **kwargs):
        super().__init__(*args, **kwargs)
        self.order_fields(["target", "reason", "looked"])
        others = tags_for(user).current().filter(facet=tag.facet).exclude(pk=tag.pk)
        self.fields["target"].queryset = others
        self.fields["target"].help_text = f"A tag of “{tag.facet}”."


class SplitTagForm(OrderForm):
    """Of which tag the chosen annotations are parted, and what they get instead."""

    source = forms.ModelChoiceField(ClaimTag.objects.none(), label="Of the tag")
    target = forms.ModelChoiceField(
        ClaimTag.objects.none(), required=False, label="To the tag", empty_label="a new one"
    )
    label = forms.CharField(required=False, max_length=200, label="Name of the new one")
    definition = ProseField(rows=3, label="What the new one means")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("source", "target"):
            _offer(self.fields[name], self.user, self.project, current=True)

    def clean(self):
        given = super().clean()
        if not given.get("target") and not given.get("label"):
            self.add_error("label", "Choose a tag, or say what the new one is called.")
        return given

    @property
    def values(self) -> TagValues | None:
        """The new tag, if there is to be one. It has the place of the one it is split off."""
        given = self.cleaned_data
        if given["target"]:
            return None
        source = given["source"]
        return TagValues(
            label=given["label"], parent=source.parent, position=source.position,
            definition=given["definition"],
        )  # fmt: skip

    @property
    def order(self):
        given = self.cleaned_data
        new = ClaimTag(label=given["label"], facet=given["source"].facet)
        new.position = given["source"].position
        return Retag(given["source"], given["target"] or new)


def _offer(field, user: User, project: Project, *, current: bool = False) -> None:
    """Offer the project's tags, each with its facet; retired ones only if they may be named."""
    tags = tags_for(user).filter(project=project).select_related("facet")
    field.queryset = tags.current() if current else tags.filter(merged_into=None)
    field.label_from_instance = lambda tag: (
        f"{tag.facet}: {tag.label}{' (retired)' if tag.retired else ''}"
    )
