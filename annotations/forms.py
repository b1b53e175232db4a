"""What people send to the pages of the workbench and the desk, checked for shape."""

from datetime import UTC

from django import forms

from annotations import inbox, lessons
from annotations.access import tags_for
from annotations.models import (
    Assignment,
    ClaimTag,
    Codebook,
    Coding,
    Decision,
    Facet,
    Preference,
    Recode,
)
from annotations.queue import ARTICLES, STATES, Wish
from corpus_app.access import members_of, projects_for
from corpus_app.forms.desk import DoorForm
from corpus_app.forms.fields import LinesField, ProseField
from corpus_app.models import Project, User


def day_input() -> forms.DateInput:
    """The browser's own field for a day, which is told days in ISO 8601."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PrecisionForm(forms.Form):
    """Of which project and actor the suggestions are judged, and in what order."""

    ORDERS = ("actor__name", "name", "yes", "no", "judged", "share")

    project = forms.ModelChoiceField(
        Project.objects.none(), to_field_name="slug", required=False, empty_label="All my projects"
    )
    actor = forms.UUIDField(required=False)
    order = forms.ChoiceField(
        choices=[(way + name, name) for name in ORDERS for way in ("", "-")], required=False
    )

    def __init__(self, *args, projects, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["project"].queryset = projects.order_by("name")


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


class PlaceForm(forms.Form):
    """Where a page of the inbox begins: after the entry called `last`, which is of moment `at`."""

    at = forms.DateTimeField(required=False)
    last = forms.CharField(required=False, max_length=60)

    def clean_at(self):
        """The moment, if it is one everywhere on earth: databases keep it in UTC."""
        try:
            return self.cleaned_data["at"] and self.cleaned_data["at"].astimezone(UTC)
        except OverflowError as error:
            raise forms.ValidationError("There is no such moment.") from error

    def clean_last(self):
        """The kind and id of the entry."""
        last = self.cleaned_data["last"]
        if last and inbox.called(last) is None:
            raise forms.ValidationError("There is no such entry.")
        return inbox.called(last)

    @property
    def place(self) -> inbox.Place | None:
        """The place; None for the beginning. Call it on a valid form."""
        at, last = self.cleaned_data["at"], self.cleaned_data["last"]
        return inbox.Place(at, *last) if at and last else None


class DigestForm(forms.ModelForm):
    """How often a person gets the inbox by mail."""

    class Meta:
        model = Preference
        fields = ("digest",)
        labels = {"digest": "A digest of what is unread"}
        help_texts = {"digest": ""}


class HandInForm(SeenForm):
    """The version, and whether it is meant so where nothing is marked."""

    sure = forms.BooleanField(required=False)


class CodebookForm(DoorForm):
    description = ProseField(rows=6)

    class Meta:
        model = Codebook
        fields = ("name", "description")


class FacetForm(DoorForm):
    slug = forms.SlugField(required=False, max_length=80, help_text="Empty: made from the name.")

    class Meta:
        model = Facet
        fields = ("name", "slug", "position", "choose", "required", "takes_stance")


class TagForm(DoorForm):
    """A tag; another wording of label, definition or examples makes another definition."""

    slug = forms.SlugField(required=False, max_length=80, help_text="Empty: made from the label.")
    definition = ProseField(rows=6)
    examples = LinesField(
        rows=6, parted_by="\n\n", help_text="Parted by an empty line.", label="Examples"
    )

    class Meta:
        model = ClaimTag
        fields = (
            "facet", "parent", "label", "slug", "key", "colour", "position", "definition",
            "examples",
        )  # fmt: skip


class AssignmentForm(DoorForm):
    class Meta:
        model = Assignment
        fields = ("article", "analyst", "due_on")


class ReturnForm(forms.Form):
    """Why work is returned."""

    comment = ProseField(rows=4, label="What is to be changed", help_text="The analyst reads it.")

    def clean_comment(self):
        comment = self.cleaned_data["comment"]
        if not comment.strip():
            raise forms.ValidationError("Say why it is returned.")
        return comment


class AnalystsForm(forms.Form):
    """Who gets the articles, and until when."""

    analysts = forms.ModelMultipleChoiceField(
        User.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    due_on = forms.DateField(label="Due on", required=False, widget=day_input())

    def __init__(self, *args, members, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["analysts"].queryset = User.objects.filter(
            pk__in=members.values("user_id"), is_active=True
        ).order_by("username")
        self.fields["analysts"].label_from_instance = lambda user: (
            f"{user.shown_name} ({user.username})"
        )


class CorrectionForm(forms.Form):
    """The text as a curator typed it, and the version of the article that she saw."""

    text = ProseField(rows=24, label="The text")
    reason = forms.CharField(
        required=False, max_length=300, label="Why is it corrected?",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput())


class ComparisonForm(forms.Form):
    """Two revisions of an article, by number; of an earlier text and the newest if none is said."""

    old = forms.IntegerField(min_value=1, max_value=2**31 - 1, required=False)
    new = forms.IntegerField(min_value=1, max_value=2**31 - 1, required=False)


class BackForm(SeenForm):
    """The revision that is to be the text again."""

    number = forms.IntegerField(min_value=1, max_value=2**31 - 1)


class LessonsForm(forms.Form):
    """Whose lessons the address asks for, and which; what it may not name is no choice."""

    coder = forms.ModelChoiceField(
        User.objects.none(), to_field_name="username", required=False, empty_label="Every coder"
    )
    tag = forms.ModelChoiceField(
        ClaimTag.objects.none(), to_field_name="slug", required=False, empty_label="Any tag"
    )
    error_class = forms.ChoiceField(required=False, label="Kind of error")
    field = forms.ChoiceField(required=False, label="What differed")
    after = forms.UUIDField(required=False)

    def __init__(self, *args, user, project, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["tag"].queryset = tags_for(user).filter(project=project)
        kinds = [(key or lessons.UNSAID, words) for key, words in Decision.ErrorClass.choices]
        self.fields["error_class"].choices = [("", "Any kind"), *kinds]
        self.fields["field"].choices = [("", "Anything"), *lessons.fields(project).items()]
        if lessons.chooses(user, project):
            members = members_of(user, project).values("user_id")
            self.fields["coder"].queryset = User.objects.filter(pk__in=members).order_by("username")
            self.fields["coder"].label_from_instance = lambda coder: coder.shown_name
        else:
            del self.fields["coder"]

    @property
    def wish(self) -> lessons.Wish:
        """The wish. Call it on a valid form."""
        asked = {"coder": self.user, **self.cleaned_data}
        return lessons.Wish(**asked)


class ObjectionForm(SeenForm):
    """Why a coder contests a decision."""

    objection = ProseField(
        rows=4, label="Why do you see it otherwise?",
        help_text="You can contest a decision once. Whoever decided reads this and answers.",
    )  # fmt: skip


class AnswerForm(SeenForm):
    """What a curator answers to it."""

    answer = ProseField(rows=4, label="Your answer", help_text="The coder reads it.")
    upheld = forms.TypedChoiceField(
        choices=[("yes", "It stands"), ("no", "Reopen")], coerce=lambda chosen: chosen == "yes"
    )


class RecodingForm(forms.Form):
    """For which tag a queue is opened, under which definition, and why."""

    tag = forms.ModelChoiceField(ClaimTag.objects.none(), to_field_name="slug")
    definition = forms.IntegerField(min_value=1, max_value=2**31 - 1)
    reason = ProseField(rows=2, label="Why?", help_text="Coders read it. You may leave it empty.")

    def __init__(self, *args, tags, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["tag"].queryset = tags


class RecodeForm(SeenForm):
    """A coder's answer to one item of a queue."""

    item = forms.UUIDField()
    answer = forms.ChoiceField(choices=Recode.Answer.choices, required=False)
    stance = forms.ChoiceField(choices=Coding.Stance.choices, required=False)
    note = ProseField(rows=2, label="Note")


class DayForm(forms.Form):
    """The day on which work is due; none if it is empty."""

    due_on = forms.DateField(label="Due on", required=False, widget=day_input())
